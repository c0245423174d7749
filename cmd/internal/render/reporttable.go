package render

import (
	"math"
	"strconv"
	"time"
)

// cellKind is what a cell of a report holds, so that each writer prints it in its
// own way.
type cellKind uint8

const (
	ofText    cellKind = iota
	ofMoney            // USD
	ofChange           // USD with a sign
	ofPercent          // a share
	ofNumber
	ofDate
	ofTrend // a small chart; texts leave it out
)

// reportColumn is a column of a reportTable.
type reportColumn struct {
	title string
	kind  cellKind
	// adds says that its amounts add up, so that rows can be folded into one.
	adds bool
}

// reportCell is one value. Amounts carry their printed cents, which add up, beside
// the exact value, which programs get.
type reportCell struct {
	text  string
	exact float64
	cents int64
	date  time.Time
	trend []float64
	// none says that there is no value; blank that there could not be one.
	none, blank bool
}

// reportTable is a section's table with typed cells; all writers are fed by it.
type reportTable struct {
	// id is the section's name in addresses and sheets, short and fixed.
	id, title, about string
	columns          []reportColumn
	rows             [][]reportCell
	total            []reportCell // nil for none
	// empty is what is said where there are no rows; "" leaves the table out.
	empty string
	// alert draws attention to it.
	alert bool
}

func textOf(s string) reportCell { return reportCell{text: clean(s)} }
func noCell() reportCell         { return reportCell{none: true} }
func blankCell() reportCell      { return reportCell{none: true, blank: true} }

// usd is an amount with its printed cents.
func usd(cents int64, exact float64) reportCell {
	if !isKnown(exact) {
		return noCell()
	}
	return reportCell{cents: cents, exact: exact}
}

// exactUSD is an amount that stands for itself.
func exactUSD(v float64) reportCell {
	if !isKnown(v) {
		return noCell()
	}
	return usd(toCents(v), v)
}

func numberOf(v float64) reportCell {
	if !isKnown(v) {
		return noCell()
	}
	return reportCell{exact: v}
}

func dayOf(t time.Time) reportCell { return reportCell{date: t.UTC()} }

func isKnown(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// noValue is what stands for an unknown value.
const noValue = "–"

// print is a cell as readers see it.
func (c *reportCell) print(kind cellKind) string {
	switch {
	case kind == ofTrend, c.blank, c.none && kind == ofText:
		return ""
	case c.none:
		return noValue
	case kind == ofMoney:
		return printedCost(c.cents, c.exact)
	case kind == ofChange:
		return signedMoney(c.cents)
	case kind == ofPercent:
		return shareText(c.exact)
	case kind == ofNumber:
		return quantity(math.Round(c.exact*100) / 100)
	case kind == ofDate:
		return c.date.Format(time.DateOnly)
	default:
		return c.text
	}
}

// right reports whether a column is aligned to the right.
func (k cellKind) right() bool { return k != ofText && k != ofDate && k != ofTrend }

// signedMoney prints cents with their sign, so that a rise is told from a fall
// without colour.
func signedMoney(cents int64) string {
	if cents > 0 {
		return "+" + money(cents)
	}
	return money(cents)
}

// shareText is a share with a digit where it is small.
func shareText(share float64) string {
	if !isKnown(share) {
		return noValue
	}
	digits := 0
	if v := math.Abs(share * 100); v < 10 && v != math.Trunc(v) {
		digits = 1
	}
	return strconv.FormatFloat(share*100+0, 'f', digits, 64) + " %"
}

func signedShare(share float64) string {
	text := shareText(share)
	if share > 0 {
		return "+" + text
	}
	return text
}

// document is the table as a Document: top rows, and one for the others.
func (t *reportTable) document(top int) Document {
	doc := Document{Title: t.title}
	shown := t.folded(top)
	var at []int
	for i, c := range shown.columns {
		if c.kind != ofTrend {
			at = append(at, i)
			doc.Columns = append(doc.Columns, Column{Title: c.title, Right: c.kind.right()})
		}
	}
	cells := func(row []reportCell) []string {
		out := make([]string, len(at))
		for i, c := range at {
			out[i] = row[c].print(shown.columns[c].kind)
		}
		return out
	}
	table := Table{Title: t.title, About: t.about}
	for _, row := range shown.rows {
		table.Rows = append(table.Rows, Row{Cells: cells(row)})
	}
	if len(shown.rows) == 0 {
		table.About = t.empty
	} else if shown.total != nil {
		table.Rows = append(table.Rows, Row{Cells: cells(shown.total), Tone: Strong})
	}
	doc.Tables = []Table{table}
	return doc
}

// folded is the table with its first rows and one that adds the others up.
func (t *reportTable) folded(top int) reportTable {
	out := *t
	if top <= 0 || len(t.rows) <= top+1 {
		return out
	}
	out.rows = append([][]reportCell(nil), t.rows[:top]...)
	rest := make([]reportCell, len(t.columns))
	for i, c := range t.columns {
		rest[i] = blankCell()
		if !c.adds {
			continue
		}
		rest[i] = reportCell{}
		for _, row := range t.rows[top:] {
			rest[i].cents += row[i].cents
			rest[i].exact += row[i].exact
		}
	}
	rest[0] = textOf(countedNoun(len(t.rows)-top, "other"))
	out.rows = append(out.rows, rest)
	return out
}

// addUp is the total row: the first cell says so, and columns that add up have their
// sums, which are those of the printed cents.
func (t *reportTable) addUp(label string) {
	t.total = make([]reportCell, len(t.columns))
	for i, c := range t.columns {
		t.total[i] = blankCell()
		if !c.adds {
			continue
		}
		t.total[i] = reportCell{}
		for _, row := range t.rows {
			t.total[i].cents += row[i].cents
			t.total[i].exact += row[i].exact
		}
	}
	t.total[0] = textOf(label)
}

// apportioned hands the cents of a total out to amounts; unknown ones get none.
func apportioned(total float64, parts []float64) []int64 {
	known := make([]float64, len(parts))
	for i, p := range parts {
		if isKnown(p) {
			known[i] = p
		}
	}
	if !isKnown(total) {
		return make([]int64, len(parts))
	}
	return apportion(toCents(total), known)
}
