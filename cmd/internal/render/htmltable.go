package render

import (
	"math"
	"strconv"
	"strings"
)

// table writes a table that reads well without the script: it has a caption, heads
// of columns and rows, and scrolls in a region that the keyboard reaches.
func (p htmlPage) table(t *reportTable) {
	p.raw("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"" + t.id + "\">\n<table id=\"table-" + t.id + "\"><caption>")
	p.text(t.title)
	p.raw("</caption>\n<thead><tr>")
	for _, c := range t.columns {
		switch {
		case c.kind == ofTrend:
			p.raw("<th scope=\"col\" data-k=\"c\">")
		case c.kind.right():
			p.raw("<th scope=\"col\" class=\"n\">")
		default:
			p.raw("<th scope=\"col\">")
		}
		p.text(c.title)
		p.raw("</th>")
	}
	p.raw("</tr></thead>\n<tbody>\n")
	for _, row := range t.rows {
		p.row(t, row)
	}
	p.raw("</tbody>\n")
	if t.total != nil {
		p.raw("<tfoot>")
		p.row(t, t.total)
		p.raw("</tfoot>\n")
	}
	p.raw("</table></div>\n")
}

// wrapsAt is the length from which a text may go over several lines.
const wrapsAt = 20

// row writes a row. Its first cell is its head. End tags that HTML lets out are left
// out: a thousand rows are many.
// Source: html.spec.whatwg.org/multipage/syntax.html#optional-tags.
func (p htmlPage) row(t *reportTable, cells []reportCell) {
	p.raw("<tr>")
	for i := range cells {
		c, kind := &cells[i], t.columns[i].kind
		switch {
		case i == 0:
			p.raw("<th scope=row>")
		case kind == ofTrend:
			p.raw("<td>")
			p.raw(sparkline(c.trend))
			continue
		case kind == ofChange && c.cents > 0:
			p.raw("<td class=\"n up\">")
		case kind == ofChange && c.cents < 0:
			p.raw("<td class=\"n down\">")
		case kind == ofChange && !c.none:
			p.raw("<td class=\"n zero\">")
		case kind.right():
			p.raw("<td class=n>")
		case kind == ofText && len(c.text) > wrapsAt:
			p.raw("<td class=t>")
		default:
			p.raw("<td>")
		}
		p.text(c.print(kind))
	}
	p.raw("\n")
}

// Size of a sparkline, in units of its own.
const (
	sparkWidth  = 60
	sparkHeight = 14
)

// sparkline draws the costs of one resource over the reports, from zero up. It is
// decoration: the change stands beside it.
func sparkline(costs []float64) string {
	highest, known := 0.0, 0
	for _, v := range costs {
		if isKnown(v) {
			highest = math.Max(highest, v)
			known++
		}
	}
	if known < 2 || highest == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<svg aria-hidden="true" viewBox="0 -1 60 16" preserveAspectRatio="none"><polyline class=k points="`)
	sep := ""
	for i, v := range costs {
		if !isKnown(v) {
			continue
		}
		b.WriteString(sep)
		b.WriteString(strconv.Itoa(i * sparkWidth / (len(costs) - 1)))
		b.WriteByte(' ')
		b.WriteString(strconv.FormatFloat(math.Round(10*(sparkHeight-sparkHeight*v/highest))/10, 'f', -1, 64))
		sep = " "
	}
	b.WriteString(`"/></svg>`)
	return b.String()
}
