package render

import (
	"bufio"
	"io"
	"strings"
)

// writeMarkdown prints a document as GitHub-flavoured markdown: headings, pipe
// tables, lists, and no HTML, so that chats and wikis that know less show it too.
func writeMarkdown(w io.Writer, doc Document) error {
	out := bufio.NewWriter(w)
	m := markdown{out: out}
	m.line("## " + mdText(doc.Title))
	for _, t := range doc.Tables {
		m.table(doc.Columns, t, len(doc.Tables) > 1)
	}
	if doc.Total != nil {
		m.line("")
		m.total(*doc.Total)
	}
	for _, s := range doc.Sections {
		m.section(s)
	}
	for _, f := range doc.Footer {
		m.line("")
		m.line("*" + mdText(f) + "*")
	}
	return out.Flush()
}

type markdown struct{ out *bufio.Writer }

func (m markdown) line(text string) { m.out.WriteString(text + "\n") }

func (m markdown) table(columns []Column, t Table, titled bool) {
	m.line("")
	if titled {
		m.line("### " + mdText(t.Title))
		m.line("")
	}
	if t.About != "" {
		m.line(mdText(t.About))
		m.line("")
	}
	if len(t.Rows) > 0 {
		m.head(columns)
		for _, row := range t.Rows {
			m.row(columns, row)
		}
	}
	if t.Total != nil {
		m.line("")
		m.total(*t.Total)
	}
}

func (m markdown) head(columns []Column) {
	heads, rules := "|", "|"
	for _, c := range columns {
		heads += " " + mdText(c.Title) + " |"
		if c.Right {
			rules += "---:|"
		} else {
			rules += "---|"
		}
	}
	m.line(heads)
	m.line(rules)
}

func (m markdown) row(columns []Column, row Row) {
	text := "|"
	for i := range columns {
		cell := ""
		if i < len(row.Cells) {
			cell = mdText(row.Cells[i])
		}
		if row.Tone == Strong && cell != "" {
			cell = "**" + cell + "**"
		}
		if i == 0 {
			cell = strings.Repeat("– ", row.Level) + cell
			if row.About != "" {
				cell += ": " + mdText(row.About)
			}
		}
		text += " " + cell + " |"
	}
	m.line(text)
}

func (m markdown) total(t Total) {
	m.line("**" + mdText(t.Label) + ": " + mdText(t.Amount) + "**")
	for _, r := range t.Remarks {
		m.line("")
		m.line(mdText(r))
	}
}

func (m markdown) section(s Section) {
	m.line("")
	m.line("### " + mdText(s.Title))
	m.line("")
	for _, item := range s.Items {
		text := mdText(item.Text)
		if item.Place != "" {
			text = "**" + mdText(item.Place) + "**: " + text
		}
		m.line("- " + text)
	}
}

// mdText is a text as markdown shows it, letter by letter: no formatting, no
// HTML, no table cell, link, image, @mention or #reference can come out of it.
// A mention, a reference and a bare link are found in the finished text, where
// a backslash is gone again; a zero-width space breaks them.
func mdText(s string) string {
	s = clean(s)
	var b strings.Builder
	for i, r := range s {
		switch r {
		case '\\', '`', '*', '_', '[', ']', '|', '~', '!', '$', '{', '}':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '@', '#':
			b.WriteByte('\\')
			b.WriteRune(r)
			b.WriteString("&#8203;")
		case ':':
			b.WriteByte(':')
			if strings.HasPrefix(s[i+1:], "//") {
				b.WriteString("&#8203;")
			}
		case '-', '+', '=':
			// At the start of a line these make lists and headings.
			if i == 0 {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		case '.', ')':
			// "1. " and "1) " start lists; "www." starts a link.
			if endsNumber(s, i) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
			if r == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www") {
				b.WriteString("&#8203;")
			}
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// endsNumber reports whether the text up to i is a number and a blank or
// nothing follows.
func endsNumber(s string, i int) bool {
	return i > 0 && strings.Trim(s[:i], "0123456789") == "" && (i+1 == len(s) || s[i+1] == ' ')
}
