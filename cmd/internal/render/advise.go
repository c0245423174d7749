package render

import (
	"fmt"
	"strings"
	"time"

	"ecsavvy/advisor"
)

// AdviseInfo is what the document of advice says beside it.
type AdviseInfo struct {
	// Snapshot is the date of the price catalogue, AsOf the date that the
	// output carries, "" for none.
	Snapshot, AsOf string
	// Preset names the weights of risk against money.
	Preset string
	// Top is how many findings are listed; 0 means all.
	Top int
}

// Advise makes the document of advice: the plan first, since only it adds up, then
// every finding by itself.
func Advise(a *advisor.Advice, plan *advisor.Plan, info AdviseInfo) Document {
	return Document{
		Title: "Advice, USD a month",
		Columns: []Column{
			{Title: "Change"}, {Title: "before", Right: true}, {Title: "after", Right: true},
			{Title: "saves: P10", Right: true}, {Title: "P50", Right: true}, {Title: "P90", Right: true},
		},
		Tables:   []Table{planTable(a, plan, info), findingsTable(a, info)},
		Sections: adviseSections(a, plan),
		Footer:   adviseFooter(a, info),
		Records:  func() Records { return adviseRecords(a, plan) },
		Data:     func() any { return adviseData(a, plan, info) },
	}
}

// planTable is the plan: a row a stage, below it its steps. Stages add up to the
// plan in printed cents.
func planTable(a *advisor.Advice, plan *advisor.Plan, info AdviseInfo) Table {
	t := Table{Title: "The plan", About: adviceSpan(a) + "; " + info.Preset}
	left := toCents(plan.Before)
	for i := range plan.Stages {
		stage := &plan.Stages[i]
		after := toCents(stage.After)
		t.Rows = append(t.Rows, Row{
			Tone:  Strong,
			Cells: []string{fmt.Sprintf("%d. %s (%s)", i+1, stage.Lever, countedNoun(len(stage.Steps), "change")), money(left), money(after), "", money(left - after), ""},
		})
		exact := make([]float64, len(stage.Steps))
		for j := range stage.Steps {
			exact[j] = stage.Steps[j].Incremental
		}
		cents := apportion(left-after, exact)
		for j := range stage.Steps {
			step := &stage.Steps[j]
			t.Rows = append(t.Rows, Row{
				Level: 1,
				Cells: []string{subjectLabel(step.Recommendation.Subject), "", "", around(cents[j], step.Saving, step.Saving.P10), money(cents[j]), around(cents[j], step.Saving, step.Saving.P90)},
				About: stepRemark(step, cents[j]),
			})
		}
		left = after
	}
	before := toCents(plan.Before)
	t.Total = &Total{
		Label: "After the plan", Amount: fmt.Sprintf("%s of %s", money(left), money(before)),
		Remarks: []string{fmt.Sprintf("saves %s (P10 %s, P90 %s)", money(before-left), money(toCents(plan.Saving.P10)), money(toCents(plan.Saving.P90)))},
	}
	if len(plan.Stages) == 0 {
		t.Total.Remarks = []string{"no change saves anything within the constraints"}
	}
	return t
}

// around is a quantile as far from the printed median as it is from the median, so
// that what is certain prints three times alike.
func around(cents int64, s advisor.Saving, quantile float64) string {
	return money(cents + toCents(quantile-s.P50))
}

// stepRemark is what a step does, and why it saves less than alone.
func stepRemark(step *advisor.Step, cents int64) string {
	r := step.Recommendation
	parts := []string{r.Title}
	if step.Month > 1 {
		parts = append(parts, fmt.Sprintf("in month %d", step.Month))
	}
	alone, now := money(toCents(step.Standalone)), money(cents)
	if len(step.After) > 0 {
		var levers []string
		for _, l := range step.After {
			levers = append(levers, string(l))
		}
		parts = append(parts, fmt.Sprintf("saves %s, not %s: %s came before", now, alone, strings.Join(levers, ", ")))
	}
	if step.Committed {
		parts = append(parts, "owned commitments pay for a part of what it frees")
	}
	return strings.Join(parts, "; ")
}

// findingsTable lists every recommendation as if it were the only one.
func findingsTable(a *advisor.Advice, info AdviseInfo) Table {
	t := Table{Title: "Findings, each by itself", About: "they interact: do not add them up"}
	for i := range a.Recommendations {
		if info.Top > 0 && i == info.Top {
			t.About += fmt.Sprintf("; the first %d of %d", info.Top, len(a.Recommendations))
			break
		}
		r := &a.Recommendations[i]
		t.Rows = append(t.Rows, Row{
			Tone: Strong,
			Cells: []string{
				subjectLabel(r.Subject) + ": " + string(r.Lever), money(toCents(r.Before)), money(toCents(r.After)),
				money(toCents(r.Saving.P10)), money(toCents(r.Saving.P50)), money(toCents(r.Saving.P90)),
			},
			About: findingRemark(r),
		})
	}
	return t
}

// findingRemark is what a recommendation says in a few lines.
func findingRemark(r *advisor.Recommendation) string {
	parts := []string{r.Title, fmt.Sprintf("%s risk, %s", r.Risk, effortText(r.Effort))}
	if len(r.RiskReasons) > 0 {
		parts = append(parts, r.RiskReasons[0])
	}
	if r.Evidence.Bound != "" {
		parts = append(parts, "bound by "+r.Evidence.Bound)
	}
	return strings.Join(parts, "; ")
}

// effortText is what a change takes, in words.
func effortText(e advisor.Effort) string {
	switch e {
	case advisor.EffortSetting:
		return "a setting"
	case advisor.EffortDeploy:
		return "a deployment"
	case advisor.EffortBuild:
		return "a new image"
	default:
		return "a migration"
	}
}

// subjectLabel names what advice is about: the cluster where names need it.
func subjectLabel(s advisor.Subject) string {
	name := s.Name
	if s.Kind != "service" && s.Kind != "" {
		name = s.Kind + " " + name
	}
	if s.Cluster != "" && s.Cluster != "default" {
		name += " (" + s.Cluster + ")"
	}
	return name
}

// adviceSpan is what was measured when.
func adviceSpan(a *advisor.Advice) string {
	m := a.Manifest
	return fmt.Sprintf("measured %s to %s at %s", m.From.UTC().Format(time.DateOnly), m.To.UTC().Format(time.DateOnly), stepText(m.Period))
}

// stepText is a period as CloudWatch's console says it.
func stepText(d time.Duration) string {
	if d >= time.Hour {
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}

// adviseSections are what failed, what could not be judged, and what the plan
// leaves out.
func adviseSections(a *advisor.Advice, plan *advisor.Plan) []Section {
	var failed, missing, left []Item
	for _, f := range a.Manifest.Failures {
		place := f.Account + " " + f.Region + " " + f.Call
		if f.Resource != "" {
			place += " " + f.Resource
		}
		failed = append(failed, Item{Place: strings.TrimSpace(place), Text: f.Why})
	}
	for _, x := range a.Abstentions {
		missing = append(missing, Item{Place: subjectLabel(x.Subject), Text: string(x.Lever) + ": " + x.Missing})
	}
	for _, l := range plan.Left {
		left = append(left, Item{Place: subjectLabel(l.Recommendation.Subject), Text: string(l.Recommendation.Lever) + ": " + l.Why})
	}
	var sections []Section
	for _, s := range []Section{
		{Title: "Partial: AWS did not answer everything", Alert: true, Items: failed},
		{Title: "Not judged", Items: grouped(missing)},
		{Title: "Not in the plan", Items: grouped(left)},
	} {
		if len(s.Items) > 0 {
			sections = append(sections, s)
		}
	}
	return sections
}

// adviseFooter says what prices and measurements it rests on.
func adviseFooter(a *advisor.Advice, info AdviseInfo) []string {
	var projects []Priced
	for i := range a.Sites {
		projects = append(projects, Priced{Result: a.Sites[i].Result})
	}
	footer := estimateFooter(projects, EstimateInfo{Snapshot: info.Snapshot, AsOf: info.AsOf})
	cost := a.Manifest.Cost
	if cost.Metrics > 0 {
		footer = append(footer, fmt.Sprintf("Reading the measurements took %s calls of GetMetricData for %s metrics: %s USD.",
			quantity(float64(cost.Calls)), quantity(float64(cost.Metrics)), printedCost(toCents(cost.USD), cost.USD)))
	}
	if a.Dropped > 0 {
		footer = append(footer, fmt.Sprintf("%s below --min-saving.", countedNoun(a.Dropped, "finding")))
	}
	return footer
}

// countedNoun is a number with its noun.
func countedNoun(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return quantity(float64(n)) + " " + noun + "s"
}
