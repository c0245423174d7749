package render

import (
	"encoding/csv"
	"io"
	"strings"
)

// writeCSV prints records as RFC 4180 with a header row.
func writeCSV(w io.Writer, r Records) error {
	out := csv.NewWriter(w)
	if err := out.Write(r.Header); err != nil {
		return err
	}
	cells := make([]string, len(r.Header))
	for _, row := range r.Rows {
		for i, cell := range row {
			if !r.Numeric[i] {
				cell = inertCell(cell)
			}
			cells[i] = cell
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// inertCell keeps a spreadsheet from executing a text: what starts like a
// formula gets an apostrophe before it, after leading blanks too, because some
// spreadsheets trim them. Control characters are cleaned first, which takes
// care of tab and carriage return.
// Source: OWASP, CSV Injection; the full-width signs count because East Asian
// editions of spreadsheets take them for the plain ones.
func inertCell(s string) string {
	s = clean(s)
	first := strings.TrimLeft(s, " \u00a0\u3000")
	if first == "" {
		return s
	}
	for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(first, sign) {
			return "'" + s
		}
	}
	return s
}
