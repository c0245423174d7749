package render

import (
	"fmt"
	"strings"

	"ecsavvy/advisor"
)

// wasteTable is what of the plan takes waste away, and what was found beside it.
func wasteTable(r *advisor.Report) reportTable {
	t := reportTable{
		id: "waste", title: "Waste", empty: "The plan finds nothing idle, oversized, orphaned or kept for ever.",
		about: "steps of the plan that take away what nobody uses, each on what the steps before it left",
		columns: []reportColumn{
			{title: "name", kind: ofText}, {title: "saves, USD a month", kind: ofMoney, adds: true}, {title: "waste", kind: ofText}, {title: "what to do", kind: ofText}, {title: "where", kind: ofText},
		},
	}
	if r.Plan == nil {
		return reportTable{id: t.id, title: t.title}
	}
	parts := make([]float64, len(r.Waste.Items))
	for i, item := range r.Waste.Items {
		parts[i] = item.Step.Incremental
	}
	cents := apportioned(r.Waste.Total, parts)
	for i, item := range r.Waste.Items {
		rec := item.Step.Recommendation
		t.rows = append(t.rows, []reportCell{textOf(subjectName(rec.Subject)), usd(cents[i], parts[i]), textOf(string(item.Class)), textOf(rec.Title), textOf(subjectPlace(r, rec.Subject))})
	}
	t.addUp("All")
	if n := len(r.Waste.Found); n > 0 {
		t.about += "; " + countedNoun(n, "finding") + " of waste that the plan does not take stand below under what is not known"
	}
	return t
}

func subjectName(s advisor.Subject) string {
	if s.Kind != "service" && s.Kind != "" {
		return s.Kind + " " + s.Name
	}
	return s.Name
}

func subjectPlace(r *advisor.Report, s advisor.Subject) string {
	return placeOf(advisor.ResourceKey{Account: s.Account, Region: s.Region, Cluster: s.Cluster}, len(r.Scopes) > 1)
}

// planTableOf is the plan step by step. Steps add up to stages and stages to what
// the plan saves, in printed cents.
func planTableOf(r *advisor.Report) reportTable {
	t := reportTable{
		id: "plan", title: "The plan", empty: "No change saves anything within the constraints.",
		about: "in the order in which to carry it out; each step is priced on what the steps before it left",
		columns: []reportColumn{
			{title: "stage", kind: ofText}, {title: "name", kind: ofText}, {title: "P10", kind: ofMoney}, {title: "saves, USD a month", kind: ofMoney, adds: true},
			{title: "P90", kind: ofMoney}, {title: "change", kind: ofText}, {title: "risk", kind: ofText}, {title: "takes", kind: ofText},
			{title: "month", kind: ofNumber}, {title: "reports", kind: ofNumber}, {title: "where", kind: ofText},
		},
	}
	if r.Plan == nil {
		return reportTable{id: t.id, title: t.title}
	}
	left := toCents(r.Plan.Before)
	n := 0
	for i := range r.Plan.Stages {
		stage := &r.Plan.Stages[i]
		after := toCents(stage.After)
		exact := make([]float64, len(stage.Steps))
		for j := range stage.Steps {
			exact[j] = stage.Steps[j].Incremental
		}
		for j, cents := range apportion(left-after, exact) {
			step := &stage.Steps[j]
			rec := step.Recommendation
			stood := 1
			if n < len(r.Open) {
				stood = r.Open[n].Reports
			}
			n++
			t.rows = append(t.rows, []reportCell{
				textOf(fmt.Sprintf("%d. %s", i+1, stage.Lever)), textOf(subjectName(rec.Subject)),
				usd(cents+toCents(step.Saving.P10-step.Saving.P50), step.Saving.P10), usd(cents, exact[j]), usd(cents+toCents(step.Saving.P90-step.Saving.P50), step.Saving.P90),
				textOf(stepRemark(step, cents)), textOf(rec.Risk.String()), textOf(effortText(rec.Effort)), numberOf(float64(step.Month)), numberOf(float64(stood)),
				textOf(subjectPlace(r, rec.Subject)),
			})
		}
		left = after
	}
	if len(t.rows) > 0 {
		t.addUp("All")
		t.total[2], t.total[4] = exactUSD(r.Plan.Saving.P10), exactUSD(r.Plan.Saving.P90)
	}
	return t
}

// commitmentTable is how owned commitments are used.
func commitmentTable(r *advisor.Report) reportTable {
	c := &r.Commitments
	t := reportTable{
		id: "commitments", title: "Commitments",
		columns: []reportColumn{
			{title: "commitment", kind: ofText}, {title: "account", kind: ofText}, {title: "committed, USD a month", kind: ofMoney, adds: true},
			{title: "used", kind: ofMoney, adds: true}, {title: "utilisation", kind: ofPercent},
		},
	}
	if c.Eligible > 0 {
		t.about = fmt.Sprintf("coverage: %s of the %s USD a month (On-Demand prices) that commitments could pay for", shareText(c.Coverage()), money(toCents(c.Eligible)))
		t.empty = "No Savings Plan or Reserved Instance is owned; " + money(toCents(c.Eligible)) + " USD a month (On-Demand prices) could be covered."
	}
	committed, used := make([]float64, len(c.Plans)), make([]float64, len(c.Plans))
	for i, p := range c.Plans {
		committed[i], used[i] = p.Committed, p.Used
	}
	all, taken := apportioned(c.Committed, committed), apportioned(c.Used, used)
	for i, p := range c.Plans {
		t.rows = append(t.rows, []reportCell{textOf(p.Name), textOf(p.Scope.Account), usd(all[i], p.Committed), usd(taken[i], p.Used), numberOf(ratio(p.Used, p.Committed))})
	}
	if len(t.rows) > 0 {
		t.addUp("All")
		t.total[4] = numberOf(c.Utilisation())
	}
	return t
}

// expiryTable is which commitments run out soon.
func expiryTable(r *advisor.Report) reportTable {
	t := reportTable{
		id: "expiring", title: "Commitments that run out within 90 days", alert: true,
		columns: []reportColumn{{title: "commitment", kind: ofText}, {title: "account", kind: ofText}, {title: "ends", kind: ofDate}, {title: "USD an hour", kind: ofMoney}},
	}
	for _, e := range r.Commitments.Expiring {
		t.rows = append(t.rows, []reportCell{textOf(e.Name), textOf(e.Scope.Account), dayOf(e.End), exactUSD(e.Hourly)})
	}
	return t
}

// realisedTable is what earlier advice brought.
func realisedTable(r *advisor.Report) reportTable {
	t := reportTable{
		id: "realised", title: "Did earlier advice come true?",
		columns: []reportColumn{
			{title: "name", kind: ofText}, {title: "where", kind: ofText}, {title: "applied", kind: ofText}, {title: "seen in report of", kind: ofDate},
			{title: "P10", kind: ofMoney}, {title: "predicted, USD a month", kind: ofMoney}, {title: "P90", kind: ofMoney}, {title: "saved", kind: ofMoney}, {title: "verdict", kind: ofText},
		},
	}
	if len(r.Trend) > 1 {
		t.empty = "No recommendation of an earlier report was applied."
	}
	x := &r.Realised
	if x.Measured > 0 {
		t.about = fmt.Sprintf("of %s that are measured, %d came out within P10 to P90 (8 of 10 should), %d below, %d above; saved %s of %s USD a month predicted",
			countedNoun(x.Measured, "change"), x.Within, x.Below, x.Above, money(toCents(x.Saved)), money(toCents(x.Predicted)))
	}
	for i := range x.Services {
		s := &x.Services[i]
		var levers []string
		for _, l := range s.Levers {
			levers = append(levers, string(l))
		}
		t.rows = append(t.rows, []reportCell{
			textOf(subjectName(advisor.Subject{Kind: s.Kind, Name: s.Name})), textOf(placeOf(s.ResourceKey, len(r.Scopes) > 1)), textOf(strings.Join(levers, ", ")), dayOf(s.Applied),
			exactUSD(s.Predicted.P10), exactUSD(s.Predicted.P50), exactUSD(s.Predicted.P90), exactUSD(s.Saved), textOf(realisedVerdict(s)),
		})
	}
	return t
}

func realisedVerdict(s *advisor.RealisedSaving) string {
	switch {
	case !s.Measured:
		return "measured in the next report"
	case toCents(s.Saved) < toCents(s.Predicted.P10):
		return "less than P10"
	case toCents(s.Saved) > toCents(s.Predicted.P90):
		return "more than P90"
	default:
		return "as predicted"
	}
}

// reportGaps are what the report does not know, as lists.
func reportGaps(r *advisor.Report) []Section {
	g := &r.Gaps
	var failed, unpriced, noModel, missing, left []Item
	for _, f := range g.Failures {
		failed = append(failed, Item{Place: strings.TrimSpace(f.Account + " " + f.Region + " " + f.Call + " " + f.Resource), Text: f.Why})
	}
	for _, u := range g.Unpriced {
		unpriced = append(unpriced, Item{Place: u.Name + ", " + u.Line, Text: u.Why})
	}
	for _, name := range sortedNames(g.NotPriced) {
		noModel = append(noModel, Item{Place: name, Text: quantity(float64(g.NotPriced[name]))})
	}
	for _, x := range g.Abstentions {
		missing = append(missing, Item{Place: subjectLabel(x.Subject), Text: string(x.Lever) + ": " + x.Missing})
	}
	if r.Plan != nil {
		for _, l := range r.Plan.Left {
			left = append(left, Item{Place: subjectLabel(l.Recommendation.Subject), Text: string(l.Recommendation.Lever) + ": " + l.Why})
		}
	}
	if g.Reports > 0 && g.Short > 0 {
		missing = append(missing, Item{Place: countedNoun(g.Short, "resource"), Text: "the history is too short to judge the cost: an anomaly needs 6 reports before it"})
	}
	var sections []Section
	for _, s := range []Section{
		{Title: "Partial: AWS did not answer everything", Alert: true, Items: failed},
		{Title: "Unpriced", Alert: true, Items: grouped(unpriced)},
		{Title: "Not priced: no model for these types", Alert: true, Items: noModel},
		{Title: "Not judged", Items: grouped(missing)},
		{Title: "Not in the plan", Items: grouped(left)},
	} {
		if len(s.Items) > 0 {
			sections = append(sections, s)
		}
	}
	return sections
}
