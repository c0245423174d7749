package pricing

import (
	"math"
	"strconv"
	"strings"
)

const rateColumns = "service\tusage_type\tattributes\tunit\tfrom\tto\tusd\tas_of\tsource\tstatus\tassumed"

// rateRow is one line of a rates file: one tier.
type rateRow struct {
	sku    SKU
	unit   string
	tier   Tier
	asOf   string
	source string // text
	status string
	note   string // text of the assumption
}

// rateReader reads a rates file.
type rateReader struct {
	file        snapshotFile
	region      string
	sources     map[string]string // text by id
	assumptions map[string]string
	line        int
	cells       [11]string
	tiers       []Tier
}

// parseRates returns the rates of a region's file, in the order of their keys.
// Tiers that do not follow on one another, rows out of order and ids without a
// text are errors that name the line.
func parseRates(f snapshotFile, region string, sources, assumptions map[string]string) ([]Rate, error) {
	n := strings.Count(f.body, "\n") + 1
	r := rateReader{file: f, region: region, sources: sources, assumptions: assumptions, line: f.line - 1, tiers: make([]Tier, 0, n)}
	rates := make([]Rate, 0, n)
	for text := range strings.Lines(f.body) {
		r.line++
		row, err := r.row(strings.TrimSuffix(text, "\n"))
		if err != nil {
			return nil, err
		}
		if n := len(rates); n > 0 {
			last := &rates[n-1]
			if last.SKU == row.sku {
				if err := r.extend(last, row); err != nil {
					return nil, err
				}
				continue
			}
			if err := r.closed(last); err != nil {
				return nil, err
			}
			if !last.SKU.less(row.sku) {
				return nil, f.fail(r.line, "%s is out of order after %s", row.sku, last.SKU)
			}
		}
		rates = append(rates, r.start(row))
	}
	if n := len(rates); n > 0 {
		if err := r.closed(&rates[n-1]); err != nil {
			return nil, err
		}
	}
	return rates, nil
}

// row reads one line.
func (r *rateReader) row(text string) (rateRow, error) {
	c := r.cells[:]
	if err := r.file.cut(r.line, text, c); err != nil {
		return rateRow{}, err
	}
	row := rateRow{
		sku:  SKU{Service: c[0], UsageType: c[1], Region: r.region, Attributes: c[2]},
		unit: c[3], asOf: c[7], source: r.sources[c[8]], status: c[9],
	}
	if c[0] == "" || c[1] == "" || c[3] == "" || c[7] == "" {
		return rateRow{}, r.file.fail(r.line, "service, usage_type, unit and as_of must be given")
	}
	if row.source == "" {
		return rateRow{}, r.file.fail(r.line, "source %q has no text", c[8])
	}
	if c[10] != "" {
		if row.note = r.assumptions[c[10]]; row.note == "" {
			return rateRow{}, r.file.fail(r.line, "assumption %q has no text", c[10])
		}
	}
	var ok [3]bool
	row.tier.From, ok[0] = quantity(c[4])
	row.tier.USD, ok[2] = quantity(c[6])
	if row.tier.To, ok[1] = math.Inf(1), true; c[5] != "Inf" {
		row.tier.To, ok[1] = quantity(c[5])
	}
	for i, name := range [...]string{"from", "to", "usd"} {
		if !ok[i] {
			return rateRow{}, r.file.fail(r.line, "%s is %q, want a number of zero or more", name, c[4+i])
		}
	}
	if row.tier.To <= row.tier.From {
		return rateRow{}, r.file.fail(r.line, "tier ends at %s, not above its start", c[5])
	}
	return row, nil
}

// quantity reads a finite number of zero or more.
func quantity(s string) (float64, bool) {
	if s == "0" {
		return 0, true
	}
	if s == "" || s[0] < '0' || s[0] > '9' { // no signs, Inf or NaN
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// start begins a rate with its first tier.
func (r *rateReader) start(row rateRow) Rate {
	n := len(r.tiers)
	r.tiers = append(r.tiers, row.tier)
	return Rate{
		SKU: row.sku, Unit: row.unit, Tiers: r.tiers[n : n+1 : n+1],
		AsOf: row.asOf, Source: row.source, Assumed: row.note,
		Inferred: strings.HasPrefix(row.status, "inferred"),
		Floats:   strings.Contains(row.status, ",floats"),
		Open:     strings.Contains(row.status, ",open"),
	}
}

// extend adds the next tier to a rate.
func (r *rateReader) extend(rate *Rate, row rateRow) error {
	below := rate.Tiers[len(rate.Tiers)-1]
	if row.tier.From != below.To {
		return r.file.fail(r.line, "%s: tier starts at %v where the one below ends at %v", row.sku, row.tier.From, below.To)
	}
	if row.unit != rate.Unit {
		return r.file.fail(r.line, "%s: unit %q, but %q in the tier below", row.sku, row.unit, rate.Unit)
	}
	// The tiers of a rate lie side by side in r.tiers, which has room for
	// every line.
	start := len(r.tiers) - len(rate.Tiers)
	r.tiers = append(r.tiers, row.tier)
	rate.Tiers = r.tiers[start:len(r.tiers):len(r.tiers)]
	if row.asOf < rate.AsOf {
		rate.AsOf = row.asOf
	}
	if !strings.Contains(rate.Source, row.source) {
		rate.Source += "; " + row.source
	}
	if rate.Assumed == "" {
		rate.Assumed = row.note
	}
	return nil
}

// closed refuses a rate whose last tier ends.
func (r *rateReader) closed(rate *Rate) error {
	if last := rate.Tiers[len(rate.Tiers)-1]; !math.IsInf(last.To, 1) {
		return r.file.fail(r.line, "%s: nothing prices what lies above %v", rate.SKU, last.To)
	}
	return nil
}
