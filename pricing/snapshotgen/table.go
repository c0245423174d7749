package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// table is one CSV file, read whole.
type table struct {
	name string
	rows []row
}

// row is one record with its place, for messages.
type row struct {
	file    string
	line    int
	columns []string
	cells   []string
}

// readTable reads a CSV file whose header must be exactly columns.
func readTable(fsys fs.FS, name string, columns ...string) (table, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return table{}, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	header, err := r.Read()
	if err != nil {
		return table{}, fmt.Errorf("%s: reading the header: %w", name, err)
	}
	if !slices.Equal(header, columns) {
		return table{}, fmt.Errorf("%s:1: columns are %s, want %s", name, strings.Join(header, ","), strings.Join(columns, ","))
	}
	t := table{name: name}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return table{}, fmt.Errorf("%s: %w", name, err)
		}
		line, _ := r.FieldPos(0)
		t.rows = append(t.rows, row{file: name, line: line, columns: columns, cells: cells})
	}
}

// cell returns the cell of a column, which the table is known to have.
func (r row) cell(column string) string { return r.cells[slices.Index(r.columns, column)] }

// place is where the row stands: "rates.csv:17".
func (r row) place() string { return fmt.Sprintf("%s:%d", r.file, r.line) }

// refuse is the error for a row that cannot be taken.
func (r row) refuse(format string, args ...any) error {
	return fmt.Errorf("%s: %s", r.place(), fmt.Sprintf(format, args...))
}

// require refuses a row that lacks one of the columns, or whose cells would
// break the snapshot's form of one line a row and one tab between cells.
func (r row) require(columns ...string) error {
	for i, c := range r.cells {
		if strings.ContainsAny(c, "\t\n\r") || c != strings.TrimSpace(c) || c == "-" {
			return r.refuse("%s is %q: tabs, line ends, outer blanks and a bare \"-\" cannot be kept", r.columns[i], c)
		}
	}
	for _, c := range columns {
		if r.cell(c) == "" {
			return r.refuse("%s is empty", c)
		}
	}
	return nil
}
