package render

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// CompareInfo is what a comparison's document says beside it.
type CompareInfo struct {
	// Snapshot is the date of the price catalogue, AsOf the date that the
	// output carries, "" for none.
	Snapshot, AsOf string
	// All lists every alternative, not only the frontier.
	All bool
}

// maxColumns is how many designs stand side by side in 80 columns, and
// amountWidth what an amount below 100,000 takes; what does not fit is printed
// one design a row.
const (
	maxColumns  = 4
	amountWidth = 11
)

// fitsColumns reports whether the designs fit beside each other.
func fitsColumns(c *advisor.Comparison) bool {
	full := minTreeWidth
	for i := range c.Designs {
		full += columnGap + max(amountWidth, width(clean(c.Designs[i].Name)))
	}
	return len(c.Designs) <= maxColumns && full <= defaultWidth
}

// Compare makes the document of designs side by side.
func Compare(c *advisor.Comparison, info CompareInfo) Document {
	printed := make([]compareCents, len(c.Designs))
	for i := range c.Designs {
		printed[i] = centsOfDesign(&c.Designs[i], c.Groups)
	}
	doc := Document{
		Title:    fmt.Sprintf("%d designs, USD a month", len(c.Designs)),
		Sections: compareSections(c),
		Footer:   compareFooter(c.Designs, info),
		Records:  func() Records { return compareRecords(c) },
		Data:     func() any { return compareData(c, info) },
	}
	if !fitsColumns(c) {
		doc.Columns, doc.Tables = designRows(c, printed)
	} else {
		doc.Columns, doc.Tables = designColumns(c, printed)
	}
	return doc
}

// compareCents are a design's printed amounts: groups add up to the total.
type compareCents struct {
	total  int64
	groups []int64
}

func centsOfDesign(d *advisor.Design, groups []estimate.Group) compareCents {
	if d.Err != nil {
		return compareCents{groups: make([]int64, len(groups))}
	}
	exact := make([]float64, len(groups))
	for i, g := range groups {
		exact[i] = d.Groups[g].USD
	}
	total := toCents(d.Result.Total.Effective)
	return compareCents{total: total, groups: apportion(total, exact)}
}

// infeasible is the cell of a design that has no cost.
const infeasible = "infeasible"

// designColumns sets the designs side by side.
func designColumns(c *advisor.Comparison, printed []compareCents) ([]Column, []Table) {
	columns := []Column{{Title: "Cost group"}}
	for i := range c.Designs {
		columns = append(columns, Column{Title: clean(c.Designs[i].Name), Right: true})
	}
	var t Table
	add := func(tone Tone, label string, cell func(i int) string) {
		row := Row{Tone: tone, Cells: []string{label}}
		for i := range c.Designs {
			row.Cells = append(row.Cells, cell(i))
		}
		t.Rows = append(t.Rows, row)
	}
	for n, g := range c.Groups {
		add(Plain, string(g), func(i int) string { return groupCell(&c.Designs[i], g, printed[i].groups[n]) })
	}
	add(Strong, "Total", func(i int) string { return totalCell(&c.Designs[i], printed[i].total) })
	add(Plain, "difference", func(i int) string { return differenceCell(c, printed, i) })
	add(Plain, "difference, %", func(i int) string { return percentCell(c, i) })
	add(Quiet, "risk points", func(i int) string { return riskCell(&c.Designs[i]) })
	return columns, []Table{t}
}

// designRows prints one design a row, where columns would not fit.
func designRows(c *advisor.Comparison, printed []compareCents) ([]Column, []Table) {
	columns := []Column{
		{Title: "Design"}, {Title: "USD/month", Right: true}, {Title: "difference", Right: true},
		{Title: "%", Right: true}, {Title: "risk", Right: true},
	}
	var t Table
	for i := range c.Designs {
		d := &c.Designs[i]
		row := Row{Tone: Strong, Cells: []string{d.Name, totalCell(d, printed[i].total), differenceCell(c, printed, i), percentCell(c, i), riskCell(d)}}
		if d.Err == nil {
			row.About = groupList(d, c.Groups, printed[i])
		}
		t.Rows = append(t.Rows, row)
	}
	return columns, []Table{t}
}

// groupList is a design's cost by group in one sentence.
func groupList(d *advisor.Design, groups []estimate.Group, printed compareCents) string {
	var parts []string
	for n, g := range groups {
		if _, has := d.Groups[g]; has {
			parts = append(parts, string(g)+" "+groupCell(d, g, printed.groups[n]))
		}
	}
	return strings.Join(parts, ", ")
}

func groupCell(d *advisor.Design, g estimate.Group, cents int64) string {
	cost, has := d.Groups[g]
	switch {
	case d.Err != nil || !has:
		return nothing
	case cost.Unpriced > 0 && cost.USD == 0:
		return nothingPriced
	case cost.Unpriced > 0:
		return "≥ " + printedCost(cents, cost.USD)
	default:
		return printedCost(cents, cost.USD)
	}
}

// nothing is the cell of a cost that a design does not have.
const nothing = "·"

func totalCell(d *advisor.Design, cents int64) string {
	switch {
	case d.Err != nil:
		return infeasible
	case d.Result.LowerBound():
		return "≥ " + money(cents)
	default:
		return money(cents)
	}
}

// differenceCell is the difference of the printed totals, so that a reader who
// subtracts finds the same.
func differenceCell(c *advisor.Comparison, printed []compareCents, i int) string {
	if i == 0 || c.Designs[i].Err != nil || c.Designs[0].Err != nil {
		return nothing
	}
	cents := printed[i].total - printed[0].total
	sign := ""
	if cents > 0 {
		sign = "+"
	}
	return certaintyMark(c.Designs[i].Certainty) + sign + money(cents)
}

// certaintyMark says which way an incomplete difference is open.
func certaintyMark(certainty advisor.Certainty) string {
	switch certainty {
	case advisor.Complete:
		return ""
	case advisor.AtLeast:
		return "≥ "
	case advisor.AtMost:
		return "≤ "
	default:
		return "? "
	}
}

func percentCell(c *advisor.Comparison, i int) string {
	d := &c.Designs[i]
	if i == 0 || !d.HasShare || d.Err != nil {
		return nothing
	}
	return certaintyMark(d.Certainty) + signedPercent(d.Share)
}

// signedPercent is a share as a percentage with one decimal.
func signedPercent(share float64) string {
	tenths := math.Round(share * 1000)
	if tenths == 0 {
		return "0.0"
	}
	return fmt.Sprintf("%+.1f", tenths/10)
}

func riskCell(d *advisor.Design) string {
	if d.Err != nil {
		return nothing
	}
	return fmt.Sprintf("%.1f", d.Risk)
}

// compareSections are the reasons, then what money does not show by topic.
func compareSections(c *advisor.Comparison) []Section {
	var why, unpriced []Item
	for i := range c.Designs {
		d := &c.Designs[i]
		if d.Err != nil {
			why = append(why, Item{Place: d.Name, Text: d.Err.Error()})
			continue
		}
		for _, item := range append(unpricedItems(d.Result), notPricedItems(d.Result)...) {
			item.Place = d.Name + " › " + item.Place
			unpriced = append(unpriced, item)
		}
	}
	sections := []Section{
		{Title: "Infeasible", Alert: true, Items: why},
		{Title: "Unpriced", Alert: true, Items: grouped(unpriced)},
	}
	for _, topic := range advisor.Topics() {
		sections = append(sections, Section{Title: capital(string(topic)), Items: remarkItems(c.Designs, topic)})
	}
	return slices.DeleteFunc(sections, func(s Section) bool { return len(s.Items) == 0 })
}

// capital is a text with a capital first letter.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// remarkItems are the remarks on one topic: one an item, with the designs that
// it holds for.
func remarkItems(designs []advisor.Design, topic advisor.Topic) []Item {
	var texts []string
	whose := map[string][]string{}
	feasible := 0
	for i := range designs {
		if designs[i].Err == nil {
			feasible++
		}
		for _, r := range designs[i].Remarks {
			if r.Topic != topic {
				continue
			}
			if whose[r.Text] == nil {
				texts = append(texts, r.Text)
			}
			whose[r.Text] = append(whose[r.Text], designs[i].Name)
		}
	}
	var out []Item
	for _, text := range texts {
		place := strings.Join(whose[text], ", ")
		if feasible > 1 && len(whose[text]) == feasible {
			place = "all"
		}
		out = append(out, Item{Place: place, Text: text})
	}
	return out
}

func compareFooter(designs []advisor.Design, info CompareInfo) []string {
	var projects []Priced
	for i := range designs {
		if designs[i].Err == nil {
			projects = append(projects, Priced{Result: designs[i].Result})
		}
	}
	return estimateFooter(projects, EstimateInfo{Snapshot: info.Snapshot, AsOf: info.AsOf})
}
