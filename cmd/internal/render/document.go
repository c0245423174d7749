package render

import (
	"fmt"
	"io"
	"strings"
)

// Document is a result that is ready for printing in any format.
type Document struct {
	Title string
	// Columns are those of every table; the first one holds the tree.
	Columns  []Column
	Tables   []Table
	Total    *Total // over all tables; nil where one table has it
	Sections []Section
	Footer   []string
	// Records and Data are made only when their format is asked for.
	Records func() Records
	Data    func() any
}

// Column is a column of a Document's tables.
type Column struct {
	Title string
	Right bool // aligned to the right: numbers
}

// Table is one tree of rows.
type Table struct {
	// Title and About stand above it: "shop", "eu-west-2, 730 h a month".
	Title, About string
	Rows         []Row
	Total        *Total
}

// Row is one line of a table.
type Row struct {
	Level int
	// Cells are texts, one a column.
	Cells []string
	// About is a remark under a row that others stand below.
	About string
	// Tone says how much the row wants to be seen.
	Tone Tone
}

// Tone is the weight of a row in print.
type Tone uint8

// Tones.
const (
	Plain  Tone = iota
	Strong      // a subtotal
	Quiet       // free of charge
	Alert       // unpriced
)

// Total is the sum below a table.
type Total struct {
	Label, Amount string
	// Remarks say what the amount leaves out.
	Remarks []string
}

// Section is a list of notes under a title.
type Section struct {
	Title string
	Items []Item
	// Alert says that the reader of a total has to know it.
	Alert bool
}

// Item is a note and the place it is about.
type Item struct {
	Place, Text string
}

// Records are a result as a flat table of exact values.
type Records struct {
	Header []string
	Rows   [][]string
	// Numeric marks the columns that hold numbers of ours and no text from
	// outside.
	Numeric []bool
}

// Format is an output format.
type Format string

// Formats.
const (
	FormatTable    Format = "table"
	FormatMarkdown Format = "markdown"
	FormatCSV      Format = "csv"
	FormatJSON     Format = "json"
)

// Formats lists every format, the default first.
func Formats() []Format {
	return []Format{FormatTable, FormatMarkdown, FormatCSV, FormatJSON}
}

// ParseFormat returns the format of a name.
func ParseFormat(name string) (Format, error) {
	var known []string
	for _, f := range Formats() {
		if string(f) == name {
			return f, nil
		}
		known = append(known, string(f))
	}
	return "", fmt.Errorf("unknown format %q: want %s", name, strings.Join(known, ", "))
}

// Options are what a writer takes beside the Document.
type Options struct {
	// Color allows colours and bold face in tables.
	Color bool
	// Width is the widest line of a table, in columns of the terminal;
	// 0 means 80.
	Width int
}

// Write prints a document in a format.
func Write(w io.Writer, doc Document, format Format, opts Options) error {
	switch format {
	case FormatTable:
		return writeTable(w, doc, opts)
	case FormatMarkdown:
		return writeMarkdown(w, doc)
	case FormatCSV:
		return writeCSV(w, doc.Records())
	case FormatJSON:
		return writeJSON(w, doc.Data())
	default:
		return fmt.Errorf("unknown format %q", format)
	}
}
