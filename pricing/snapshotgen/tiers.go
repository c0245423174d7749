package main

import (
	"errors"
	"io/fs"
	"math"
	"sort"
	"strings"
)

// check puts each rate's tiers in order and refuses gaps, overlaps and mixed
// units.
func (b *ratebook) check(fs.FS) error {
	var errs []error
	for _, k := range b.keys() {
		errs = append(errs, b.checkTiers(k))
	}
	return errors.Join(errs...)
}

func (b *ratebook) checkTiers(k rateKey) error {
	tiers := b.tiers[k]
	sort.SliceStable(tiers, func(i, j int) bool { return tiers[i].fromNumber < tiers[j].fromNumber })
	first := &tiers[0]
	if first.fromNumber > 0 {
		if !first.attributes.freeEach || len(tiers) > 1 {
			return first.row.refuse("%s: the first tier starts at %s, nothing prices what lies below", k, first.from)
		}
		// Free to each volume or service. A rate sees the sum over all of
		// them, so whoever meters takes the free part off; the rate
		// prices what is left.
		b.log.note(first.row, "free below the first tier to each resource, not to the account: tier starts at 0")
		first.from, first.fromNumber = "0", 0
	}
	for i := range tiers[1:] {
		below, above := tiers[i], tiers[i+1]
		switch {
		case below.fromNumber == above.fromNumber && below.toNumber == above.toNumber || below.open || above.open:
			return above.row.refuse("%s: duplicate of line %d", k, below.row.line)
		case !(below.toNumber <= above.fromNumber):
			return above.row.refuse("%s: tier %s to %s overlaps tier %s to %s of line %d",
				k, above.from, above.to, below.from, below.to, below.row.line)
		case below.toNumber < above.fromNumber:
			return above.row.refuse("%s: gap between %s and %s, tier of line %d ends below it",
				k, below.to, above.from, below.row.line)
		case below.unit != above.unit:
			return above.row.refuse("%s: unit %q, but %q at line %d", k, above.unit, below.unit, below.row.line)
		}
	}
	last := &tiers[len(tiers)-1]
	if !math.IsInf(last.toNumber, 1) {
		b.log.note(last.row, "the last tier has an end: taken as endless and marked assumed")
		last.to, last.toNumber = "Inf", math.Inf(1)
		last.assumed = b.assumptions.name("endless-tier", assumeEndless)
	}
	return nil
}

// file writes the rates of one region and returns its newest date.
func (b *ratebook) file(code string) (data []byte, newest string) {
	for k, tiers := range b.tiers {
		for _, tr := range tiers {
			if k.region == code {
				newest = max(newest, tr.asOf)
			}
		}
	}
	f := newTSVFile("rates", []string{"region " + code, "as of " + newest},
		"service", "usage_type", "attributes", "unit", "from", "to", "usd", "as_of", "source", "status", "assumed")
	for _, k := range b.keys() {
		if k.region != code {
			continue
		}
		for _, tr := range b.tiers[k] {
			f.row(k.service, k.usageType, k.attributes, tr.unit, tr.from, tr.to, tr.usd, tr.asOf, tr.source, tr.status(), tr.assumed)
		}
	}
	return f.Bytes(), newest
}

// status tells what a reader of the price should know, as words joined by ','.
func (tr tier) status() string {
	status := "confirmed"
	if tr.attributes.inferred || tr.assumed != "" && tr.source == "derived" {
		status = "inferred"
	}
	if strings.Contains(tr.attributes.identity, "capacity=FARGATE_SPOT") {
		status += ",floats"
	}
	if tr.open {
		status += ",open"
	}
	return status
}
