package render

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"ecsavvy/advisor"
)

// effect is one part of a change, with what it means.
type effect struct {
	name, about string
	of          func(*advisor.Effects) float64
}

// effects are the parts of a change in printing order.
func effects() []effect {
	return []effect{
		{"price", "other unit prices: AWS's, tiers, allowances, discounts, commitments", func(e *advisor.Effects) float64 { return e.Price }},
		{"volume", "more or fewer tasks, requests, gigabytes", func(e *advisor.Effects) float64 { return e.Volume }},
		{"configuration", "other sizes, architectures, launch types for the same work", func(e *advisor.Effects) float64 { return e.Configuration }},
		{"new", "what was not there", func(e *advisor.Effects) float64 { return e.New }},
		{"gone", "what is no longer there", func(e *advisor.Effects) float64 { return e.Gone }},
		{"data", "what only one of the two reports could price or read", func(e *advisor.Effects) float64 { return e.Data }},
	}
}

// changeTable is what the change since the last report is made of.
func changeTable(r *advisor.Report) reportTable {
	t := reportTable{
		id: "change", title: "What changed since the last report", empty: "This is the first report: there is nothing to compare with.",
		columns: []reportColumn{{title: "effect", kind: ofText}, {title: "USD a month", kind: ofChange, adds: true}, {title: "what it is", kind: ofText}},
	}
	if r.Change == nil {
		return t
	}
	c := r.Change
	t.about = fmt.Sprintf("from %s to %s USD a month; the split favours neither the old nor the new prices and quantities", money(toCents(c.Before)), money(toCents(c.After)))
	cents := effectCents(c)
	for i, e := range effects() {
		t.rows = append(t.rows, []reportCell{textOf(e.name), usd(cents[i], e.of(&c.Effects)), textOf(e.about)})
	}
	t.addUp("All")
	return t
}

// effectCents are the effects in cents that add up to the printed change.
func effectCents(c *advisor.CostChange) []int64 {
	var parts []float64
	for _, e := range effects() {
		parts = append(parts, e.of(&c.Effects))
	}
	return apportion(toCents(c.After)-toCents(c.Before), parts)
}

// changedRows is how many changed resources are listed; the others are one row.
const changedRows = 50

// changedTable is which resources changed most.
func changedTable(r *advisor.Report) reportTable {
	t := reportTable{
		id: "changed", title: "Where it changed", about: "the largest changes first",
		columns: []reportColumn{{title: "name", kind: ofText}, {title: "before", kind: ofMoney, adds: true}, {title: "after", kind: ofMoney, adds: true}, {title: "change", kind: ofChange, adds: true}},
	}
	if r.Change == nil {
		return reportTable{id: t.id, title: t.title}
	}
	for _, e := range effects() {
		t.columns = append(t.columns, reportColumn{title: e.name, kind: ofChange, adds: true})
	}
	t.columns = append(t.columns, reportColumn{title: "where", kind: ofText})
	rows := slices.Clone(r.Change.Resources)
	slices.SortStableFunc(rows, func(a, b advisor.ResourceChange) int {
		return cmp.Compare(math.Abs(b.Effects.Sum()), math.Abs(a.Effects.Sum()))
	})
	before, after := make([]float64, len(rows)), make([]float64, len(rows))
	for i := range rows {
		before[i], after[i] = rows[i].Before, rows[i].After
	}
	was, is := apportioned(r.Change.Before, before), apportioned(r.Change.After, after)
	many := len(r.Scopes) > 1
	for i := range rows {
		x := &rows[i]
		row := []reportCell{textOf(x.Name), usd(was[i], x.Before), usd(is[i], x.After), usd(is[i]-was[i], x.Effects.Sum())}
		var parts []float64
		for _, e := range effects() {
			parts = append(parts, e.of(&x.Effects))
		}
		for j, cents := range apportion(is[i]-was[i], parts) {
			row = append(row, usd(cents, parts[j]))
		}
		t.rows = append(t.rows, append(row, textOf(placeOf(x.ResourceKey, many))))
	}
	t.addUp("All")
	return t.folded(changedRows)
}

// budgetTable is how teams stand against their budgets.
func budgetTable(r *advisor.Report) reportTable {
	t := reportTable{
		id: "budgets", title: "Budgets", about: "of the calendar month in which the report ends; the margin holds in 8 of 10 months that vary as those before",
		columns: []reportColumn{
			{title: "team", kind: ofText}, {title: "budget", kind: ofMoney}, {title: "spent", kind: ofMoney}, {title: "of it", kind: ofPercent},
			{title: "by day", kind: ofNumber}, {title: "forecast", kind: ofMoney}, {title: "±", kind: ofMoney}, {title: "verdict", kind: ofText}, {title: "in reports", kind: ofPercent},
		},
	}
	for i := range r.Budgets {
		b := &r.Budgets[i]
		t.alert = t.alert || b.Verdict() != "within"
		t.rows = append(t.rows, []reportCell{
			textOf(b.Team), exactUSD(b.Budget), exactUSD(b.Spent), numberOf(ratio(b.Spent, b.Budget)), numberOf(float64(b.Day)), exactUSD(b.Forecast), exactUSD(b.Margin),
			textOf(b.Verdict()), numberOf(b.Covered),
		})
	}
	return t
}

// anomalyTable is what never was so.
func anomalyTable(r *advisor.Report) reportTable {
	t := reportTable{
		id: "anomalies", title: "Anomalies", empty: "Nothing is off its own history.", alert: len(r.Anomalies) > 0,
		about: "a cost is one from a modified z-score of 3.5, tasks from twice as many as ever, and a size, launch type or instance type that never ran before is one whatever it costs from 10 USD a month",
		columns: []reportColumn{
			{title: "name", kind: ofText}, {title: "excess, USD a month", kind: ofChange}, {title: "likely cause", kind: ofText}, {title: "what", kind: ofText},
			{title: "now", kind: ofNumber}, {title: "usual", kind: ofNumber}, {title: "score", kind: ofNumber}, {title: "where", kind: ofText},
		},
	}
	if len(r.Trend) < 2 {
		t.empty = "This is the first report: there is no history to be off."
	}
	for i := range r.Anomalies {
		a := &r.Anomalies[i]
		t.rows = append(t.rows, []reportCell{
			textOf(a.Name), exactUSD(a.Excess), textOf(a.Cause), textOf(string(a.Kind)), numberOf(a.Value), numberOf(a.Usual), numberOf(a.Score),
			textOf(placeOf(a.ResourceKey, len(r.Scopes) > 1)),
		})
	}
	return t
}
