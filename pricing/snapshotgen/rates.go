package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"sort"
)

// rateKey names a rate within the snapshot.
type rateKey struct{ region, service, usageType, attributes string }

func (k rateKey) less(o rateKey) bool {
	switch {
	case k.region != o.region:
		return k.region < o.region
	case k.service != o.service:
		return k.service < o.service
	case k.usageType != o.usageType:
		return k.usageType < o.usageType
	default:
		return k.attributes < o.attributes
	}
}

func (k rateKey) String() string {
	return fmt.Sprintf("%s %s in %s (%s)", k.service, k.usageType, k.region, k.attributes)
}

// tier is one row of a rate.
type tier struct {
	row        row
	attributes attributes
	unit       string
	from, to   string // decimal text; to may be Inf
	usd        string // decimal text as in the source
	asOf       string
	source     string // id
	assumed    string // id, or empty
	open       bool   // the source gives no boundaries

	fromNumber, toNumber float64 // of from and to
}

// ratebook are the rates of the snapshot in the making.
type ratebook struct {
	regions     regionSet
	sources     *notes
	assumptions *notes
	log         *changes
	tiers       map[rateKey][]tier
}

// Texts of assumptions that the generator itself makes.
const (
	assumeEndless = "the source prices no quantity above its last tier's end; that tier's price is taken to go on"
	sourceDerived = "computed from other rates of this snapshot (derived_rates.csv); not published by AWS"
)

// readRates adds rates.csv.
func (b *ratebook) readRates(fsys fs.FS) error {
	t, err := readTable(fsys, "rates.csv", "service", "usagetype", "region", "attributes", "unit", "tier_from", "tier_to", "usd", "as_of", "source")
	if err != nil {
		return err
	}
	return b.addAll(t, "", func(r row) (tier, error) {
		if err := r.require("service", "usagetype", "region", "usd", "as_of", "source"); err != nil {
			return tier{}, err
		}
		tr := tier{row: r, unit: r.cell("unit"), from: r.cell("tier_from"), to: r.cell("tier_to"), source: b.sources.id(r.cell("source"))}
		if tr.unit == "" {
			// What is free has no unit on AWS's page either; a rate
			// needs one, and at no price any will do.
			if price, err := r.number("usd"); err != nil || price != 0 {
				return tier{}, r.refuse("unit is empty")
			}
			tr.unit = "hours"
			b.log.note(r, "free and without a unit: given \"hours\"")
		}
		return tr, tr.bounds()
	})
}

// bounds reads the tier's boundaries.
func (tr *tier) bounds() error {
	if tr.from == "" && tr.to == "" {
		tr.open, tr.from, tr.to = true, "0", "Inf"
	}
	if tr.to == "" {
		tr.to = "?"
		tr.toNumber = math.NaN()
	}
	var err error
	if !tr.open {
		if tr.fromNumber, err = tr.row.number("tier_from"); err != nil {
			return err
		}
	}
	switch tr.to {
	case "?":
	case "Inf":
		tr.toNumber = math.Inf(1)
	default:
		if tr.toNumber, err = tr.row.number("tier_to"); err != nil {
			return err
		}
	}
	if tr.toNumber <= tr.fromNumber {
		return tr.row.refuse("tier ends at %s, not above its start %s", tr.to, tr.from)
	}
	return nil
}

// readDerived adds derived_rates.csv. A published rate of the same key wins.
func (b *ratebook) readDerived(fsys fs.FS) error {
	t, err := readTable(fsys, "derived_rates.csv", "service", "usagetype", "region", "attributes", "unit", "usd", "as_of", "derivation")
	if err != nil {
		return err
	}
	published := map[rateKey]bool{}
	for k := range b.tiers {
		published[k] = true
	}
	// The derived rows are all of Linux and leave it out; the published ones
	// of the same keys say it.
	if err := b.addAll(t, ";os=Linux", func(r row) (tier, error) {
		if err := r.require(r.columns...); err != nil {
			return tier{}, err
		}
		return tier{row: r, unit: r.cell("unit"), from: "0", to: "Inf", toNumber: math.Inf(1),
			source: b.sources.name("derived", sourceDerived), assumed: b.assumptions.id(r.cell("derivation"))}, nil
	}); err != nil {
		return err
	}
	for _, k := range b.keys() {
		if !published[k] {
			continue
		}
		kept := b.tiers[k][:0:0]
		for _, tr := range b.tiers[k] {
			if tr.row.file != t.name {
				kept = append(kept, tr)
				continue
			}
			b.log.note(tr.row, "derived, but also published: dropped")
		}
		b.tiers[k] = kept
	}
	return nil
}

// readInterregion adds interregion.csv under the region that the bytes leave.
func (b *ratebook) readInterregion(fsys fs.FS) error {
	t, err := readTable(fsys, "interregion.csv", "service", "usagetype", "from_region", "to_region", "unit", "usd", "as_of", "source")
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range t.rows {
		errs = append(errs, b.addInterregion(r))
	}
	return errors.Join(errs...)
}

func (b *ratebook) addInterregion(r row) error {
	if err := r.require(r.columns...); err != nil {
		return err
	}
	from, err := b.regions.of(r, "from_region")
	if err != nil {
		return err
	}
	to, err := b.regions.of(r, "to_region")
	if err != nil {
		return err
	}
	want := b.regions[from].prefix + "-" + b.regions[to].prefix + "-AWS-Out-Bytes"
	if got := r.cell("usagetype"); got != want {
		return r.refuse("usagetype is %q, want %q for %s to %s", got, want, from, to)
	}
	k := rateKey{from, r.cell("service"), "AWS-Out-Bytes", "toRegion=" + to}
	return b.add(k, tier{row: r, unit: r.cell("unit"), from: "0", to: "Inf", toNumber: math.Inf(1), source: b.sources.id(r.cell("source"))})
}

// addAll adds the rows of a table that has the columns of rates.csv, as read
// by a function, with attributes that the table leaves out.
func (b *ratebook) addAll(t table, implied string, read func(row) (tier, error)) error {
	var errs []error
	for _, r := range t.rows {
		tr, err := read(r)
		if err == nil {
			err = b.addRow(r, implied, tr)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (b *ratebook) addRow(r row, implied string, tr tier) error {
	code, err := b.regions.of(r, "region")
	if err != nil {
		return err
	}
	stem, err := b.regions.stem(r, r.cell("usagetype"), code)
	if err != nil {
		return err
	}
	if tr.attributes, err = readAttributes(r, r.cell("attributes")+implied); err != nil {
		return err
	}
	return b.add(rateKey{code, r.cell("service"), stem, tr.attributes.identity}, tr)
}

// add takes one tier of the rate k.
func (b *ratebook) add(k rateKey, tr tier) error {
	if _, err := tr.row.number("usd"); err != nil {
		return err
	}
	var err error
	if tr.asOf, err = tr.row.date("as_of"); err != nil {
		return err
	}
	tr.usd = tr.row.cell("usd")
	b.tiers[k] = append(b.tiers[k], tr)
	return nil
}

func (b *ratebook) keys() []rateKey {
	keys := make([]rateKey, 0, len(b.tiers))
	for k := range b.tiers {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i].less(keys[j]) })
	return keys
}
