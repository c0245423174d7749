package main

import (
	"embed"
	"errors"
	"io/fs"
	"math"
)

// worldwideTable holds rates that AWS states once for all regions and that no
// regional table has; it lies beside the generator, since it is ours.
//
//go:embed worldwide.csv
var worldwideTable embed.FS

// readWorldwide adds worldwide.csv, each row in every region.
func (b *ratebook) readWorldwide(fs.FS) error {
	t, err := readTable(worldwideTable, "worldwide.csv", "service", "usagetype", "attributes", "unit", "usd", "as_of", "source")
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range t.rows {
		if err := r.require(r.columns...); err != nil {
			errs = append(errs, err)
			continue
		}
		named, err := readAttributes(r, r.cell("attributes")+";usagetype=inferred")
		if err != nil {
			errs = append(errs, err)
			continue
		}
		for _, code := range b.regions.codes() {
			k := rateKey{code, r.cell("service"), r.cell("usagetype"), named.identity}
			errs = append(errs, b.add(k, tier{row: r, attributes: named, unit: r.cell("unit"), from: "0", to: "Inf", toNumber: math.Inf(1), source: b.sources.id(r.cell("source"))}))
		}
	}
	return errors.Join(errs...)
}
