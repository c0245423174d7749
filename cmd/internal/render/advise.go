package render

import (
	"fmt"
	"io"
	"slices"
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
	// Depth says everything of each finding: reasons, what would be next, patches.
	Depth bool
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
		Tables:   adviseTables(a, plan, info),
		Sections: adviseSections(a, plan),
		Footer:   adviseFooter(a, info),
		Records:  func() Records { return adviseRecords(a, plan) },
		Data:     func() any { return adviseData(a, plan, info) },
	}
}

// adviseTables are the plan, the findings, and what costs more and takes a risk away.
func adviseTables(a *advisor.Advice, plan *advisor.Plan, info AdviseInfo) []Table {
	tables := []Table{planTable(a, plan, info), findingsTable(a, info)}
	if len(a.Fixes) == 0 {
		return tables
	}
	fixes := Table{Title: "Fixes: cost more, take a risk away", About: "in no saving"}
	for i := range a.Fixes {
		row := findingRow(&a.Fixes[i], info)
		row.About += "; " + a.Fixes[i].Reasons[0]
		fixes.Rows = append(fixes.Rows, row)
	}
	return append(tables, fixes)
}

// WriteAdvise prints advice; between the tables of the plan and of the findings
// stands the plan as a waterfall, at the end the load and the patches of a service in
// depth.
func WriteAdvise(w io.Writer, a *advisor.Advice, plan *advisor.Plan, format Format, info AdviseInfo, opts Options) error {
	doc := Advise(a, plan, info)
	if format != FormatTable && format != FormatMarkdown {
		return Write(w, doc, format, opts)
	}
	first, rest := doc, doc
	first.Tables, first.Sections, first.Footer = slices.Clone(doc.Tables[:1]), nil, nil
	first.Tables[0].Title = doc.Title + ": the plan" // one table has no title above it
	rest.Title, rest.Tables = "Findings", doc.Tables[1:]
	if err := Write(w, first, format, opts); err != nil {
		return err
	}
	fence := func(lines []string) error {
		text := "\n" + strings.Join(lines, "\n") + "\n"
		if format == FormatMarkdown {
			text = "\n```text" + text + "```\n"
		}
		_, err := io.WriteString(w, text)
		return err
	}
	if len(plan.Stages) > 0 {
		if err := fence(waterfallText(plan)); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return err
	}
	if err := Write(w, rest, format, opts); err != nil {
		return err
	}
	if !info.Depth {
		return nil
	}
	for i := range a.Loads {
		if err := fence(loadText(&a.Loads[i])); err != nil {
			return err
		}
	}
	for _, list := range [][]advisor.Recommendation{a.Recommendations, a.Fixes} {
		for i := range list {
			r := &list[i]
			lines := append([]string{"# " + string(r.Lever) + ": " + comment(r.Title)}, strings.Split(strings.TrimSpace(patchesText(r.Patches, "", "# ")), "\n")...)
			if err := fence(lines); err != nil {
				return err
			}
		}
	}
	return nil
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
		t.Rows = append(t.Rows, findingRow(&a.Recommendations[i], info))
	}
	return t
}

// findingRow is a recommendation by itself.
func findingRow(r *advisor.Recommendation, info AdviseInfo) Row {
	row := Row{
		Tone: Strong,
		Cells: []string{
			subjectLabel(r.Subject) + ": " + string(r.Lever), money(toCents(r.Before)), money(toCents(r.After)),
			money(toCents(r.Saving.P10)), money(toCents(r.Saving.P50)), money(toCents(r.Saving.P90)),
		},
		About: findingRemark(r),
	}
	if info.Depth {
		parts := append([]string{row.About}, r.Reasons...)
		if len(r.RiskReasons) > 1 {
			parts = append(parts, r.RiskReasons[1:]...)
		}
		if e := r.Evidence; e.Points > 0 {
			parts = append(parts, fmt.Sprintf("%s points of %s, %s of the steps", quantity(float64(e.Points)), e.Source, percentOf(e.Coverage)))
		}
		if r.Evidence.Next != "" {
			parts = append(parts, "next: "+r.Evidence.Next)
		}
		row.About = strings.Join(parts, "; ")
	}
	return row
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
	var bought []Item
	for i := range plan.Stages {
		for j := range plan.Stages[i].Steps {
			if r := plan.Stages[i].Steps[j].Recommendation; r.Lever == advisor.LeverCommitment {
				for _, text := range r.Reasons {
					bought = append(bought, Item{Place: subjectLabel(r.Subject), Text: text})
				}
			}
		}
	}
	for _, l := range plan.Left {
		left = append(left, Item{Place: subjectLabel(l.Recommendation.Subject), Text: string(l.Recommendation.Lever) + ": " + l.Why})
	}
	var sections []Section
	for _, s := range []Section{
		{Title: "Partial: AWS did not answer everything", Alert: true, Items: failed},
		{Title: "The commitment", Items: bought},
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
