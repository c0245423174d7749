package render

import (
	"bufio"
	"io"
	"strings"
)

const (
	defaultWidth = 80
	// minTreeWidth is the least width of the tree's column, and columnGap
	// what stands between columns.
	minTreeWidth = 26
	columnGap    = 2
)

// writeTable prints a document for a terminal: trees in aligned columns
// without frames, so that it reads the same in a pipe, a mail and a log.
func writeTable(w io.Writer, doc Document, opts Options) error {
	out := bufio.NewWriter(w)
	p := tablePrinter{out: out, paint: painter{on: opts.Color}, limit: opts.Width}
	if p.limit == 0 {
		p.limit = defaultWidth
	}
	p.columnWidths(doc)
	if len(doc.Tables) > 1 {
		p.line(p.paint.strong(truncate(clean(doc.Title), p.limit)))
	}
	for i, t := range doc.Tables {
		if i > 0 || len(doc.Tables) > 1 {
			p.line("")
		}
		if err := p.table(doc.Columns, t); err != nil {
			return err
		}
	}
	if doc.Total != nil {
		p.line("")
		p.total(*doc.Total, "═")
	}
	for _, s := range doc.Sections {
		p.section(s)
	}
	for i, f := range doc.Footer {
		if i == 0 {
			p.line("")
		}
		for _, text := range wrap(clean(f), p.limit) {
			p.line(p.paint.quiet(text))
		}
	}
	return out.Flush()
}

// tablePrinter prints the parts of a document. Write errors stay in out and
// come out of its Flush.
type tablePrinter struct {
	out    *bufio.Writer
	paint  painter
	limit  int   // the widest line
	widths []int // of the columns, the tree's first
	full   int   // width of a table
}

func (p *tablePrinter) line(text string) {
	p.out.WriteString(strings.TrimRight(text, " "))
	p.out.WriteByte('\n')
}

// columnWidths gives every column after the tree's what its cells need, over
// all tables, and the tree what is left.
func (p *tablePrinter) columnWidths(doc Document) {
	p.widths = make([]int, len(doc.Columns))
	measure := func(column, n int) { p.widths[column] = max(p.widths[column], n) }
	for i, c := range doc.Columns {
		measure(i, width(c.Title))
	}
	amounts := 0
	for _, t := range doc.Tables {
		for _, row := range t.Rows {
			for i, cell := range row.Cells {
				indent := 0
				if i == 0 {
					indent = 3 * row.Level
				}
				measure(i, indent+width(clean(cell)))
			}
		}
		if t.Total != nil {
			amounts = max(amounts, width(t.Total.Amount))
		}
	}
	rest := 0
	for _, n := range p.widths[min(1, len(p.widths)):] {
		rest += columnGap + n
	}
	if len(p.widths) > 0 {
		p.widths[0] = max(minTreeWidth, min(p.widths[0], p.limit-rest))
		p.full = p.widths[0] + rest
	}
	p.full = max(p.full, min(p.limit, len("Total a month")+columnGap+amounts))
}

// tableLine is one printed line: cells in columns, or a text across them.
type tableLine struct {
	cells  []string
	across string
}

func (p *tablePrinter) table(columns []Column, t Table) error {
	p.heading(t)
	lines := p.layout(columns, t.Rows)
	if len(lines) > 0 {
		titles := make([]string, len(columns))
		for i, c := range columns {
			titles[i] = p.paint.quiet(c.Title)
		}
		rows := make([][]string, 0, len(lines))
		for _, l := range lines {
			if l.cells != nil {
				rows = append(rows, l.cells)
			}
		}
		aligned, err := alignColumns(columns, p.widths, titles, rows)
		if err != nil {
			return err
		}
		p.line(aligned[0])
		next := 1
		for _, l := range lines {
			if l.cells == nil {
				p.line(l.across)
				continue
			}
			p.line(aligned[next])
			next++
		}
	}
	if t.Total != nil {
		p.line("")
		p.total(*t.Total, "─")
	}
	return nil
}

// heading is a table's title, with what is to be known about it to the right.
func (p *tablePrinter) heading(t Table) {
	title, about := clean(t.Title), clean(t.About)
	if title == "" && about == "" {
		return
	}
	title = truncate(title, p.limit)
	if gap := p.full - width(title) - width(about); gap >= columnGap {
		p.line(p.paint.strong(title) + strings.Repeat(" ", gap) + p.paint.quiet(about))
	} else {
		p.line(p.paint.strong(title))
		for _, text := range wrap(about, p.limit) {
			p.line(p.paint.quiet(text))
		}
	}
	p.line("")
}

// layout breaks rows into printed lines and draws the tree.
func (p *tablePrinter) layout(columns []Column, rows []Row) []tableLine {
	var lines []tableLine
	var more []bool // at each level above the row's: whether siblings follow
	for i, row := range rows {
		last := isLast(rows, i)
		if row.Level == 0 && i > 0 && (rows[i-1].Level > 0 || rows[i-1].About != "" || i+1 < len(rows) && rows[i+1].Level > 0) {
			lines = append(lines, tableLine{})
		}
		more = append(more[:min(row.Level, len(more))], !last)
		lines = append(lines, p.rowLines(columns, row, more)...)
	}
	return lines
}

// isLast reports whether no row of the same level follows below the same one.
func isLast(rows []Row, i int) bool {
	for _, next := range rows[i+1:] {
		if next.Level <= rows[i].Level {
			return next.Level < rows[i].Level
		}
	}
	return true
}

// branches are what stands before a row's first line and before those below
// it. Level 0 is the ground that the trees stand on.
func branches(level int, more []bool) (first, below string) {
	if level == 0 {
		return "", ""
	}
	indent := ""
	for _, m := range more[1:level] {
		if m {
			indent += "│  "
		} else {
			indent += "   "
		}
	}
	if more[level] {
		return indent + "├─ ", indent + "│  "
	}
	return indent + "└─ ", indent + "   "
}

// rowLines prints one row: the tree's cell wraps below itself, and the remark
// follows across the columns.
func (p *tablePrinter) rowLines(columns []Column, row Row, more []bool) []tableLine {
	first, below := branches(row.Level, more)
	var lines []tableLine
	for i, text := range wrapName(clean(row.Cells[0]), p.widths[0]-width(first)) {
		cells := make([]string, len(columns))
		prefix := below
		if i == 0 {
			prefix = first
			for c := 1; c < len(row.Cells); c++ {
				cells[c] = p.tone(row.Tone, clean(row.Cells[c]))
			}
		}
		if row.Tone == Strong {
			text = p.paint.strong(text)
		}
		cells[0] = p.paint.quiet(prefix) + text
		lines = append(lines, tableLine{cells: cells})
	}
	if row.About != "" {
		for _, text := range wrap(clean(row.About), p.full-width(below)-2) {
			lines = append(lines, tableLine{across: p.paint.quiet(below + "  " + text)})
		}
	}
	return lines
}

func (p *tablePrinter) tone(t Tone, text string) string {
	switch {
	case text == "":
		return ""
	case t == Strong:
		return p.paint.strong(text)
	case t == Alert:
		return p.paint.alert(text)
	case t == Quiet:
		return p.paint.quiet(text)
	default:
		return text
	}
}

// total prints a sum below a rule, its amount at the right edge.
func (p *tablePrinter) total(t Total, rule string) {
	p.line(p.paint.quiet(strings.Repeat(rule, p.full)))
	label, amount := clean(t.Label), clean(t.Amount)
	gap := max(columnGap, p.full-width(label)-width(amount))
	p.line(p.paint.strong(label + strings.Repeat(" ", gap) + amount))
	for _, r := range t.Remarks {
		for _, text := range wrap(clean(r), p.limit-2) {
			p.line("  " + p.paint.alert(text))
		}
	}
}

// section prints notes as a list with hanging indents.
func (p *tablePrinter) section(s Section) {
	p.line("")
	title := clean(s.Title)
	if s.Alert {
		p.line(p.paint.alert(title))
	} else {
		p.line(p.paint.strong(title))
	}
	for _, item := range s.Items {
		text := clean(item.Text)
		if item.Place != "" {
			text = clean(item.Place) + ": " + text
		}
		for i, part := range wrap(text, p.limit-4) {
			if i == 0 {
				p.line("  - " + part)
			} else {
				p.line("    " + part)
			}
		}
	}
}
