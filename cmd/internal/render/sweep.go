package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"ecsavvy/advisor"
	"ecsavvy/pricing"
)

// SweepInfo is what a sweep's document says beside it.
type SweepInfo struct {
	// Snapshot is the date of the price catalogue, AsOf the date that the
	// output carries, "" for none.
	Snapshot, AsOf string
	// Discounts are those that the costs were priced with.
	Discounts []pricing.Discount
	// Groups are the cost groups that count; none means all.
	Groups []string
}

// Sweep makes the document of a sweep: its points, its break-even points in
// sentences, its steps.
func Sweep(r *advisor.SweepResult, info SweepInfo) Document {
	doc := Document{
		Title:    sweepTitle(r),
		Columns:  sweepColumns(r),
		Sections: sweepSections(r),
		Footer:   sweepFooter(r, info),
		Records:  func() Records { return sweepRecords(r) },
		Data:     func() any { return sweepData(r, info) },
	}
	for i := range r.Rows {
		t := Table{Title: axisName(&r.X), About: "USD a month"}
		if r.Y != nil {
			t.Title = axisValue(r.Y, r.Rows[i].Y)
		}
		t.Rows = sweepRows(&r.Rows[i])
		doc.Tables = append(doc.Tables, t)
	}
	return doc
}

// WriteSweep prints a sweep in a format; below tables of one parameter stands
// a chart of characters.
func WriteSweep(w io.Writer, r *advisor.SweepResult, format Format, info SweepInfo, opts Options) error {
	if err := Write(w, Sweep(r, info), format, opts); err != nil {
		return err
	}
	if r.Y != nil || format != FormatTable && format != FormatMarkdown {
		return nil
	}
	chart := strings.Join(brailleChart(r, chartColumns, chartLines), "\n")
	if format == FormatMarkdown {
		chart = "```text\n" + chart + "\n```"
	}
	_, err := fmt.Fprintf(w, "\n%s\n", chart)
	return err
}

// Size of the chart of characters within 80 columns.
const (
	chartColumns = 48
	chartLines   = 13
)

func sweepTitle(r *advisor.SweepResult) string {
	return "USD a month over " + axisName(&r.X) // tables name the second parameter
}

// axisName is a parameter with its unit, as an axis says it.
func axisName(p *advisor.Parameter) string {
	if p.Unit == "" {
		return p.Name()
	}
	return p.Name() + ", " + p.Unit
}

func axisValue(p *advisor.Parameter, v float64) string {
	return p.Name() + " = " + withUnit(v, p.Unit)
}

// withUnit is a value with its unit, where it has one.
func withUnit(v float64, unit string) string {
	text := quantity(v)
	return strings.TrimSpace(text + " " + advisor.UnitOf(unit, text == "1"))
}

func sweepColumns(r *advisor.SweepResult) []Column {
	title := r.X.Unit
	if title == "" {
		title = "value"
	}
	columns := []Column{{Title: capital(clean(title))}}
	for _, name := range r.Designs {
		columns = append(columns, Column{Title: clean(name), Right: true})
	}
	return columns
}

func sweepRows(row *advisor.SweepRow) []Row {
	var rows []Row
	for _, p := range row.Points {
		cells := []string{quantity(p.X)}
		for i := range p.Costs {
			cells = append(cells, sweepCell(&p.Costs[i]))
		}
		rows = append(rows, Row{Cells: cells})
	}
	return rows
}

func sweepCell(c *advisor.PointCost) string {
	switch {
	case c.Err != nil:
		return infeasible
	case c.Unpriced > 0:
		return "≥ " + money(toCents(c.USD))
	default:
		return money(toCents(c.USD))
	}
}

// sweepSections are the break-even points where the best choice changes, those
// between other designs, the jumps, and what has no price.
func sweepSections(r *advisor.SweepResult) []Section {
	var best, others, jumps, problems []Item
	for i := range r.Rows {
		row := &r.Rows[i]
		place := ""
		if r.Y != nil {
			place = axisValue(r.Y, row.Y)
		}
		if text := manyChanges(r, row); text != "" {
			best = append(best, Item{Place: place, Text: text})
		}
		for _, b := range row.BreakEvens {
			item := Item{Place: place, Text: r.Sentence(b)}
			if b.Cheapest {
				best = append(best, item)
			} else {
				others = append(others, item)
			}
		}
		for _, j := range row.Jumps {
			jumps = append(jumps, Item{Place: place, Text: fmt.Sprintf("%s steps from %s to %s USD at %s", r.Designs[j.Design],
				money(toCents(j.Before)), money(toCents(j.After)), withUnit(j.X, r.X.Unit))})
		}
		if row.MoreJumps > 0 {
			jumps = append(jumps, Item{Place: place, Text: fmt.Sprintf("%d more steps", row.MoreJumps)})
		}
		for _, p := range row.Problems {
			span := "at " + quantity(p.From)
			if p.To > p.From {
				span = "from " + quantity(p.From) + " to " + quantity(p.To)
			}
			reason := strings.ReplaceAll(strings.TrimSpace(p.Text), "\n", "; ")
			problems = append(problems, Item{Place: strings.TrimPrefix(place+" › "+r.Designs[p.Design], " › "),
				Text: strings.TrimSpace(span+" "+r.X.Unit) + ": " + reason})
		}
	}
	if len(best) == 0 && len(r.Designs) > 1 {
		best = []Item{{Text: noBreakEven(r)}}
	}
	sections := []Section{
		{Title: "Infeasible or unpriced", Alert: true, Items: problems},
		{Title: "Break-even points", Items: best},
		{Title: "Break-even points below which another design costs less still", Items: others},
		{Title: "Steps", Items: jumps},
	}
	return slices.DeleteFunc(sections, func(s Section) bool { return len(s.Items) == 0 })
}

// decisive are the points of a row at which the best choice of all changes.
func decisive(row *advisor.SweepRow) []advisor.BreakEven {
	var points []advisor.BreakEven
	for _, b := range row.BreakEvens {
		if b.Cheapest && b.Kind != advisor.Tied {
			points = append(points, b)
		}
	}
	return points
}

// manyChanges sums up a row whose best choice changes often, as it does where
// instances come in steps; "" where the points speak for themselves.
func manyChanges(r *advisor.SweepResult, row *advisor.SweepRow) string {
	points := decisive(row)
	if len(points) <= maxMarked {
		return ""
	}
	first, last := points[0], points[len(points)-1]
	return fmt.Sprintf("The best choice changes %d times: below %s it is always %s, from %s on always %s.", len(points),
		withUnit(first.X, r.X.Unit), r.Designs[first.Below], withUnit(last.X, r.X.Unit), r.Designs[last.Above])
}

// noBreakEven says which design is cheapest over the whole range, or that
// nobody can say.
func noBreakEven(r *advisor.SweepResult) string {
	text := strings.TrimSpace(fmt.Sprintf("none from %s to %s %s", quantity(r.X.From), quantity(r.X.To), r.X.Unit))
	best := -1
	for i := range r.Rows {
		for _, p := range r.Rows[i].Samples {
			least := 0
			for n, c := range p.Costs {
				if c.Err != nil || c.Unpriced > 0 {
					return text + " where the costs are known"
				}
				if c.USD < p.Costs[least].USD {
					least = n
				}
			}
			if best >= 0 && p.Costs[best].USD > p.Costs[least].USD {
				return text
			}
			if best < 0 {
				best = least
			}
		}
	}
	return text + ": " + r.Designs[best] + " costs least in all of it"
}

func sweepFooter(r *advisor.SweepResult, info SweepInfo) []string {
	text := "Prices: AWS list prices, USD without tax"
	if info.Snapshot != "" {
		text += "; snapshot " + info.Snapshot
	}
	if r.OldestPrice != "" {
		text += ", the oldest used here of " + r.OldestPrice
	}
	footer := []string{text + "."}
	if paid := PaidText(info.Discounts, 0); paid != "" {
		footer = append(footer, paid)
	}
	if len(info.Groups) > 0 {
		footer = append(footer, "Counted: "+strings.Join(info.Groups, ", ")+" only.")
	}
	if info.AsOf != "" {
		footer = append(footer, "As of "+info.AsOf+".")
	}
	return footer
}
