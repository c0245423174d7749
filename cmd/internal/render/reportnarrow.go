package render

import (
	"slices"
	"strings"
)

// narrow moves the widest columns of text under their rows until the tables of a
// document fit a terminal's line: numbers stay in columns, where they can be
// compared. The first column stays.
func narrow(doc Document, limit int) Document {
	doc.Columns = slices.Clone(doc.Columns)
	doc.Tables = slices.Clone(doc.Tables)
	for i := range doc.Tables {
		doc.Tables[i].Rows = slices.Clone(doc.Tables[i].Rows)
	}
	for {
		widest, full := widestText(&doc)
		if full <= limit || widest == 0 {
			return doc
		}
		title := doc.Columns[widest].Title
		doc.Columns = slices.Delete(doc.Columns, widest, widest+1)
		for i := range doc.Tables {
			for j := range doc.Tables[i].Rows {
				row := &doc.Tables[i].Rows[j]
				if widest >= len(row.Cells) {
					continue
				}
				if text := row.Cells[widest]; text != "" {
					row.About = strings.TrimPrefix(row.About+"; "+title+": "+text, "; ")
				}
				row.Cells = slices.Delete(slices.Clone(row.Cells), widest, widest+1)
			}
		}
	}
}

// widestText is the column of text that takes most, 0 for none, and the width of
// all columns.
func widestText(doc *Document) (widest, full int) {
	most := 0
	for i, c := range doc.Columns {
		w := width(c.Title)
		for _, t := range doc.Tables {
			for _, row := range t.Rows {
				if i < len(row.Cells) {
					w = max(w, width(clean(row.Cells[i])))
				}
			}
		}
		if i == 0 {
			full += min(max(w, minTreeWidth), 40)
			continue
		}
		full += w + columnGap
		if !c.Right && w > most {
			widest, most = i, w
		}
	}
	return widest, full
}
