package main

import (
	"io/fs"
	"sort"
	"strings"
)

// global is the region of rates charged alike everywhere.
const global = "global"

// region is one row of regions.csv.
type region struct {
	code, prefix, location, partition, note string
}

// regionSet are the known regions by code.
type regionSet map[string]region

func readRegions(fsys fs.FS) (regionSet, error) {
	t, err := readTable(fsys, "regions.csv", "region", "billing_prefix", "location", "partition", "note")
	if err != nil {
		return nil, err
	}
	set := regionSet{}
	prefixes := map[string]string{}
	for _, r := range t.rows {
		if err := r.require("region", "billing_prefix", "location", "partition"); err != nil {
			return nil, err
		}
		reg := region{r.cell("region"), r.cell("billing_prefix"), r.cell("location"), r.cell("partition"), r.cell("note")}
		if _, twice := set[reg.code]; twice || reg.code == global {
			return nil, r.refuse("region %q is listed twice or reserved", reg.code)
		}
		if other, twice := prefixes[reg.prefix]; twice {
			return nil, r.refuse("billing prefix %q is also that of %s", reg.prefix, other)
		}
		set[reg.code], prefixes[reg.prefix] = reg, reg.code
	}
	return set, nil
}

func (s regionSet) codes() []string { return sortedKeys(s) }

// of returns the region of a row, or refuses it.
func (s regionSet) of(r row, column string) (string, error) {
	code := r.cell(column)
	if _, ok := s[code]; !ok && code != global {
		return "", r.refuse("%s is %q, which regions.csv does not list", column, code)
	}
	return code, nil
}

// stem is a usage type without the region's billing prefix. KMS puts the
// region's code in its place. A usage type with another region's prefix is
// refused.
func (s regionSet) stem(r row, usageType, code string) (string, error) {
	reg := s[code]
	for _, own := range []string{reg.prefix, code} {
		if rest, ok := strings.CutPrefix(usageType, own+"-"); ok && own != "" {
			return rest, nil
		}
	}
	for _, other := range s.codes() {
		if strings.HasPrefix(usageType, s[other].prefix+"-") || strings.HasPrefix(usageType, other+"-") {
			return "", r.refuse("usage type %q has the billing prefix of %s, but the row is of %s", usageType, other, code)
		}
	}
	return usageType, nil
}

// file writes regions.tsv, whose header also dates the whole snapshot.
func (s regionSet) file(snapshotDate string) []byte {
	f := newTSVFile("regions", []string{"as of " + snapshotDate}, "region", "billing_prefix", "location", "partition", "note")
	codes := s.codes()
	sort.Strings(codes)
	for _, code := range codes {
		reg := s[code]
		f.row(reg.code, reg.prefix, reg.location, reg.partition, reg.note)
	}
	return f.Bytes()
}
