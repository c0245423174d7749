package render

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ecsavvy/advisor"
)

// reportTables are all tables of a report, in printing order.
func reportTables(r *advisor.Report) []reportTable {
	tables := []reportTable{
		tagTable(r, "teams", "Cost by team", r.TeamTag, r.Teams),
		tagTable(r, "environments", "Cost by environment", r.EnvironmentTag, r.Environments),
		groupTable(r), changeTable(r), changedTable(r), budgetTable(r), anomalyTable(r),
		wasteTable(r), planTableOf(r), commitmentTable(r), expiryTable(r), realisedTable(r), servicesTable(r),
	}
	return tables
}

// tagTable is the cost by one tag. It adds up to the headline, and its savings to
// the plan's.
func tagTable(r *advisor.Report, id, title, key string, rows []advisor.TagCost) reportTable {
	t := reportTable{
		id: id, title: title, about: fmt.Sprintf("by the tag %q; what does not have it is the last row", clean(key)),
		columns: []reportColumn{
			{title: strings.TrimPrefix(title, "Cost by "), kind: ofText}, {title: "resources", kind: ofNumber, adds: true},
			{title: "USD a month", kind: ofMoney, adds: true}, {title: "share", kind: ofPercent}, {title: "change", kind: ofChange, adds: true},
			{title: "the plan saves", kind: ofMoney, adds: true},
		},
	}
	if key == "" {
		return reportTable{id: id, title: title}
	}
	costs, before, saves := make([]float64, len(rows)), make([]float64, len(rows)), make([]float64, len(rows))
	for i, x := range rows {
		costs[i], before[i], saves[i] = x.Cost, x.Previous, x.Saving
	}
	h := &r.Headline
	now, was := apportioned(h.Cost, costs), apportioned(h.Previous, before)
	saving := make([]int64, len(rows))
	if r.Plan != nil {
		saving = apportion(toCents(r.Plan.Before)-toCents(r.Plan.After), saves)
	}
	for i, x := range rows {
		name := x.Value
		if x.Untagged {
			name = "(untagged)"
		}
		t.rows = append(t.rows, []reportCell{
			textOf(name), numberOf(float64(x.Resources)), usd(now[i], x.Cost), numberOf(ratio(x.Cost, h.Cost)), usd(now[i]-was[i], x.Cost-x.Previous), usd(saving[i], x.Saving),
		})
	}
	t.addUp("All")
	if r.Plan == nil { // not 0: nothing was looked for
		t = t.without(5)
	}
	return t.withoutChange(r, 4)
}

// withoutChange leaves the column of changes out where there is no report before.
func (t *reportTable) withoutChange(r *advisor.Report, column int) reportTable {
	if isKnown(r.Headline.Previous) {
		return *t
	}
	return t.without(column)
}

// without leaves a column out.
func (t *reportTable) without(column int) reportTable {
	out := *t
	out.columns = slices.Delete(slices.Clone(t.columns), column, column+1)
	out.rows = nil
	for _, row := range t.rows {
		out.rows = append(out.rows, slices.Delete(row, column, column+1))
	}
	out.total = slices.Delete(t.total, column, column+1)
	return out
}

func ratio(part, whole float64) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return part / whole
}

// groupTable is the cost by what is paid for.
func groupTable(r *advisor.Report) reportTable {
	t := reportTable{
		id: "groups", title: "Cost by kind",
		columns: []reportColumn{
			{title: "kind", kind: ofText}, {title: "USD a month", kind: ofMoney, adds: true}, {title: "share", kind: ofPercent}, {title: "change", kind: ofChange, adds: true},
		},
	}
	costs, before := make([]float64, len(r.Groups)), make([]float64, len(r.Groups))
	for i, x := range r.Groups {
		costs[i], before[i] = x.Cost, x.Previous
	}
	now, was := apportioned(r.Headline.Cost, costs), apportioned(r.Headline.Previous, before)
	for i, x := range r.Groups {
		t.rows = append(t.rows, []reportCell{textOf(x.Group), usd(now[i], x.Cost), numberOf(ratio(x.Cost, r.Headline.Cost)), usd(now[i]-was[i], x.Cost-x.Previous)})
	}
	t.addUp("All")
	return t.withoutChange(r, 3)
}

// servicesTable is every service and shared resource. What only the report before
// had is one row, so that the changes add up too.
func servicesTable(r *advisor.Report) reportTable {
	t := reportTable{
		id: "services", title: "Every service and shared resource", about: "the dearest first",
		columns: []reportColumn{
			{title: "name", kind: ofText}, {title: "USD a month", kind: ofMoney, adds: true}, {title: "change", kind: ofChange, adds: true}, {title: "trend", kind: ofTrend},
			{title: "tasks", kind: ofNumber}, {title: "task size", kind: ofText}, {title: "team", kind: ofText}, {title: "environment", kind: ofText},
			{title: "kind", kind: ofText}, {title: "where", kind: ofText},
		},
	}
	costs, before := make([]float64, len(r.Resources)+1), make([]float64, len(r.Resources)+1)
	gone, lost := 0, 0.0
	if r.Change != nil {
		for i := range r.Change.Resources {
			if c := &r.Change.Resources[i]; !isKnown(c.After) {
				gone++
				lost += c.Before
			}
		}
	}
	for i := range r.Resources {
		costs[i], before[i] = r.Resources[i].Cost, r.Resources[i].Previous
	}
	before[len(r.Resources)] = lost
	now, was := apportioned(r.Headline.Cost, costs), apportioned(r.Headline.Previous, before)
	many := len(r.Scopes) > 1
	for i := range r.Resources {
		x := &r.Resources[i]
		change := noCell()
		if isKnown(r.Headline.Previous) {
			change = usd(now[i]-was[i], x.Effects.Sum())
		}
		t.rows = append(t.rows, []reportCell{
			textOf(x.Name), usd(now[i], x.Cost), change, {trend: x.Trend}, numberOf(float64(x.Tasks)), textOf(sizeText(x.Config)),
			textOf(x.Tags[r.TeamTag]), textOf(x.Tags[r.EnvironmentTag]), textOf(x.Kind), textOf(placeOf(x.ResourceKey, many)),
		})
	}
	if gone > 0 {
		last := len(r.Resources)
		t.rows = append(t.rows, []reportCell{
			textOf("(" + countedNoun(gone, "resource") + " no longer there)"), usd(now[last], 0), usd(now[last]-was[last], -lost),
			blankCell(), blankCell(), blankCell(), blankCell(), blankCell(), blankCell(), blankCell(),
		})
	}
	t.addUp("All")
	return t.withoutChange(r, 2)
}

// placeOf is where a resource is: its cluster, and its region and account where
// there are several.
func placeOf(k advisor.ResourceKey, many bool) string {
	parts := []string{}
	if k.Cluster != "" {
		parts = append(parts, k.Cluster)
	}
	if many {
		parts = append(parts, k.Region, k.Account)
	}
	return strings.Join(parts, ", ")
}

// sizeText is the size of a service's task.
func sizeText(c *advisor.Config) string {
	if c == nil || c.VCPU == 0 && c.GB == 0 {
		return ""
	}
	return quantity(c.VCPU) + " vCPU, " + quantity(c.GB) + " GB"
}
