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
	book := &ratebook{regions: regions, sources: sources, assumptions: newNotes(), log: log, tiers: map[rateKey][]tier{}}
	for _, read := range []func(fs.FS) error{book.readRates, book.readDerived, book.readInterregion} {
		if err := read(tables); err != nil {
			return nil, err
		}
	}
	if err := book.check(); err != nil {
		return nil, err
	}
	ec2 := &instanceTable{regions: regions, sources: sources, types: map[string]row{}, prices: map[[2]string]row{}, fees: map[[2]string]row{}}
	for _, read := range []func(fs.FS) error{ec2.readTypes, ec2.readPrices, ec2.readFees} {
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
	fmt.Fprintf(log, "snapshot of %s: %d regions, %d rates, %s\n", newest, len(regions), len(book.tiers), ec2.describe())
	return files, nil
}
