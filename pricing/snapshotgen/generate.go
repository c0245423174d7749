package main

import (
	"fmt"
	"io"
	"io/fs"
)

// generate reads the price tables and returns the snapshot's files by name.
func generate(tables fs.FS, log io.Writer) (map[string][]byte, error) {
	regions, err := readRegions(tables)
	if err != nil {
		return nil, err
	}
	sources := newNotes()
	changed := &changes{places: map[string][]string{}}
	book := &ratebook{regions: regions, sources: sources, assumptions: newNotes(), log: changed, tiers: map[rateKey][]tier{}}
	ec2 := &instanceTable{regions: regions, sources: sources, log: changed, types: map[string]row{}, prices: map[[2]string]row{}, fees: map[[2]string]row{}}
	for _, read := range []func(fs.FS) error{
		book.readRates, book.readDerived, book.readInterregion, book.readWorldwide, book.check, ec2.readTypes, ec2.readPrices, ec2.readFees,
	} {
		if err := read(tables); err != nil {
			return nil, err
		}
	}
	files := map[string][]byte{}
	newest := ec2.newest
	for _, code := range append(regions.codes(), global) {
		data, asOf := book.file(code)
		newest = max(newest, asOf)
		files["rates/"+code+".tsv"] = data
		if data := ec2.pricesFile(code); data != nil {
			files["ec2/"+code+".tsv"] = data
		}
	}
	files["regions.tsv"] = regions.file(newest)
	files["instance_types.tsv"] = ec2.typesFile()
	files["sources.tsv"] = sources.file("sources")
	files["assumptions.tsv"] = book.assumptions.file("assumptions")
	changed.print(log)
	fmt.Fprintf(log, "snapshot of %s: %d regions, %d rates, %d instance types, %d prices, %d fees\n",
		newest, len(regions), len(book.tiers), len(ec2.types), len(ec2.prices), len(ec2.fees))
	return files, nil
}

// changes are what the generator did to rows, by rule.
type changes struct{ places map[string][]string }

func (c *changes) note(r row, rule string) { c.places[rule] = append(c.places[rule], r.place()) }

// print lists each rule with how many rows it met and the first of them.
func (c *changes) print(w io.Writer) {
	for _, rule := range sortedKeys(c.places) {
		fmt.Fprintf(w, "%s: %d rows, first %s\n", rule, len(c.places[rule]), c.places[rule][0])
	}
}
