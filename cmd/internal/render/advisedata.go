package render

import (
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
)

// adviseVersion is the version of the advice's JSON.
const adviseVersion = "1"

// adviseJSON is advice for programs. Amounts are decimal strings, USD a month.
type adviseJSON struct {
	FormatVersion string            `json:"format_version"`
	Kind          string            `json:"kind"`
	Currency      string            `json:"currency"`
	Snapshot      string            `json:"price_snapshot"`
	AsOf          string            `json:"as_of,omitempty"`
	From          time.Time         `json:"measured_from"`
	To            time.Time         `json:"measured_to"`
	PeriodSeconds int               `json:"period_seconds"`
	Partial       bool              `json:"partial"`
	Failures      []account.Failure `json:"failures,omitempty"`
	Plan          planJSON          `json:"plan"`
	Findings      []findingJSON     `json:"findings"`
	Fixes         []findingJSON     `json:"fixes,omitempty"`
	NotJudged     []abstentionJSON  `json:"not_judged,omitempty"`
	BelowMinimum  int               `json:"below_min_saving"`
}

type planJSON struct {
	Before string        `json:"before"`
	After  string        `json:"after"`
	Saving savingJSON    `json:"saving"`
	Stages []stageJSON   `json:"stages"`
	Left   []leftOutJSON `json:"left_out,omitempty"`
	// Commitments are what the last stage buys, an account each.
	Commitments []accountCommitmentJSON `json:"commitments,omitempty"`
}

type accountCommitmentJSON struct {
	Account     string         `json:"account"`
	Before      string         `json:"before"`
	After       string         `json:"after"`
	Coverage    string         `json:"coverage,omitempty"`
	Utilisation string         `json:"utilisation,omitempty"`
	LosesIn     string         `json:"loses_in"`
	Purchases   []purchaseJSON `json:"purchases"`
	Regret      regretJSON     `json:"regret"`
}

type stageJSON struct {
	Lever  string     `json:"lever"`
	Before string     `json:"before"`
	After  string     `json:"after"`
	Steps  []stepJSON `json:"steps"`
}

type stepJSON struct {
	Subject     subjectJSON `json:"subject"`
	Title       string      `json:"title"`
	Incremental string      `json:"incremental"`
	Standalone  string      `json:"standalone"`
	Saving      savingJSON  `json:"saving"`
	AfterLevers []string    `json:"after_levers,omitempty"`
	Committed   bool        `json:"partly_committed,omitempty"`
	Month       int         `json:"month"`
	Patches     []patchJSON `json:"patches"`
}

type leftOutJSON struct {
	Subject subjectJSON `json:"subject"`
	Lever   string      `json:"lever"`
	Title   string      `json:"title"`
	Why     string      `json:"why"`
}

type savingJSON struct {
	P10 string `json:"p10"`
	P50 string `json:"p50"`
	P90 string `json:"p90"`
}

type subjectJSON struct {
	Account string            `json:"account,omitempty"`
	Region  string            `json:"region"`
	Cluster string            `json:"cluster,omitempty"`
	Kind    string            `json:"kind"`
	Name    string            `json:"name"`
	Tags    map[string]string `json:"tags,omitempty"`
}

type findingJSON struct {
	Lever       string       `json:"lever"`
	Subject     subjectJSON  `json:"subject"`
	Title       string       `json:"title"`
	Before      string       `json:"before"`
	After       string       `json:"after"`
	Saving      savingJSON   `json:"saving"`
	Risk        string       `json:"risk"`
	RiskReasons []string     `json:"risk_reasons,omitempty"`
	Effort      string       `json:"effort"`
	Reasons     []string     `json:"reasons,omitempty"`
	Evidence    evidenceJSON `json:"evidence"`
	Patches     []patchJSON  `json:"patches"`
}

type evidenceJSON struct {
	From        time.Time `json:"from"`
	To          time.Time `json:"to"`
	StepSeconds int       `json:"step_seconds,omitempty"`
	Points      int       `json:"points,omitempty"`
	Coverage    string    `json:"coverage,omitempty"`
	Source      string    `json:"source,omitempty"`
	Bound       string    `json:"bound_by,omitempty"`
	Next        string    `json:"next,omitempty"`
}

type patchJSON struct {
	Form string `json:"form"`
	Text string `json:"text"`
}

type abstentionJSON struct {
	Lever   string      `json:"lever"`
	Subject subjectJSON `json:"subject"`
	Missing string      `json:"missing"`
}

func adviseData(a *advisor.Advice, plan *advisor.Plan, info AdviseInfo) adviseJSON {
	data := adviseJSON{
		FormatVersion: adviseVersion, Kind: "advice", Currency: "USD", Snapshot: info.Snapshot, AsOf: info.AsOf,
		From: a.Manifest.From.UTC(), To: a.Manifest.To.UTC(), PeriodSeconds: int(a.Manifest.Period / time.Second),
		Partial: a.Manifest.Partial(), Failures: a.Manifest.Failures, Plan: planData(plan), BelowMinimum: a.Dropped,
		Findings: []findingJSON{},
	}
	for i := range a.Recommendations {
		data.Findings = append(data.Findings, findingData(&a.Recommendations[i]))
	}
	for i := range a.Fixes {
		data.Fixes = append(data.Fixes, findingData(&a.Fixes[i]))
	}
	for _, x := range a.Abstentions {
		data.NotJudged = append(data.NotJudged, abstentionJSON{Lever: string(x.Lever), Subject: subjectData(x.Subject), Missing: x.Missing})
	}
	return data
}

func planData(plan *advisor.Plan) planJSON {
	data := planJSON{Before: decimal(plan.Before), After: decimal(plan.After), Saving: savingData(plan.Saving), Stages: []stageJSON{}}
	for i := range plan.Stages {
		stage := &plan.Stages[i]
		s := stageJSON{Lever: string(stage.Lever), Before: decimal(stage.Before), After: decimal(stage.After)}
		for j := range stage.Steps {
			step := &stage.Steps[j]
			out := stepJSON{
				Subject: subjectData(step.Recommendation.Subject), Title: step.Recommendation.Title,
				Incremental: decimal(step.Incremental), Standalone: decimal(step.Standalone), Saving: savingData(step.Saving),
				Committed: step.Committed, Month: step.Month, Patches: patchData(step.Recommendation.Patches),
			}
			for _, l := range step.After {
				out.AfterLevers = append(out.AfterLevers, string(l))
			}
			s.Steps = append(s.Steps, out)
		}
		data.Stages = append(data.Stages, s)
	}
	for i := range plan.Commitments {
		c := &plan.Commitments[i]
		if len(c.After.Purchases) == 0 {
			continue
		}
		out := accountCommitmentJSON{
			Account: c.Account, Before: decimal(c.Before.Cost()), After: decimal(c.After.Cost()), Coverage: share(c.After.Coverage()),
			Utilisation: share(c.After.Utilisation()), LosesIn: decimal(c.LosesIn), Regret: regretJSON{decimal(c.Regret.Stranded), decimal(c.Regret.Cost)},
		}
		for j := range c.After.Purchases {
			out.Purchases = append(out.Purchases, purchaseData(&c.After.Purchases[j]))
		}
		data.Commitments = append(data.Commitments, out)
	}
	for _, l := range plan.Left {
		data.Left = append(data.Left, leftOutJSON{
			Subject: subjectData(l.Recommendation.Subject), Lever: string(l.Recommendation.Lever), Title: l.Recommendation.Title, Why: l.Why,
		})
	}
	return data
}

func findingData(r *advisor.Recommendation) findingJSON {
	e := r.Evidence
	return findingJSON{
		Lever: string(r.Lever), Subject: subjectData(r.Subject), Title: r.Title, Before: decimal(r.Before), After: decimal(r.After),
		Saving: savingData(r.Saving), Risk: r.Risk.String(), RiskReasons: r.RiskReasons, Effort: string(r.Effort), Reasons: r.Reasons,
		Evidence: evidenceJSON{
			From: e.From.UTC(), To: e.To.UTC(), StepSeconds: int(e.Step / time.Second), Points: e.Points,
			Coverage: coverageText(e), Source: e.Source, Bound: e.Bound, Next: e.Next,
		},
		Patches: patchData(r.Patches),
	}
}

// coverageText is the share of points that were measured; "" where advice rests on
// no points, as on replies alone.
func coverageText(e advisor.Evidence) string {
	if e.Points == 0 {
		return ""
	}
	return decimal(e.Coverage)
}

func savingData(s advisor.Saving) savingJSON {
	return savingJSON{P10: decimal(s.P10), P50: decimal(s.P50), P90: decimal(s.P90)}
}

func subjectData(s advisor.Subject) subjectJSON {
	return subjectJSON{Account: s.Account, Region: s.Region, Cluster: s.Cluster, Kind: s.Kind, Name: s.Name, Tags: s.Tags}
}

func patchData(patches []advisor.Patch) []patchJSON {
	out := make([]patchJSON, 0, len(patches))
	for _, p := range patches {
		out = append(out, patchJSON{Form: p.Form, Text: p.Text})
	}
	return out
}

// adviseRecords are the findings as a flat table, with the place of each in the
// plan; below them what only the plan has: the commitment to what it leaves. The
// column plan_incremental adds up to the plan's saving.
func adviseRecords(a *advisor.Advice, plan *advisor.Plan) Records {
	inPlan := map[*advisor.Recommendation]*advisor.Step{}
	for i := range plan.Stages {
		for j := range plan.Stages[i].Steps {
			step := &plan.Stages[i].Steps[j]
			inPlan[step.Recommendation] = step
		}
	}
	records := Records{
		Header: []string{
			"account", "region", "cluster", "kind", "name", "lever", "title", "before", "after", "saving_p10", "saving_p50", "saving_p90",
			"risk", "effort", "in_plan", "plan_incremental", "plan_month", "coverage", "bound_by",
		},
		Numeric: make([]bool, 19),
	}
	for _, i := range []int{7, 8, 9, 10, 11, 15, 16, 17} {
		records.Numeric[i] = true
	}
	add := func(r *advisor.Recommendation, taken string) {
		incremental, month := "", ""
		if step := inPlan[r]; step != nil {
			taken, incremental, month = "yes", decimal(step.Incremental), decimal(float64(step.Month))
			delete(inPlan, r)
		}
		s := r.Subject
		records.Rows = append(records.Rows, []string{
			s.Account, s.Region, s.Cluster, s.Kind, s.Name, string(r.Lever), r.Title, decimal(r.Before), decimal(r.After),
			decimal(r.Saving.P10), decimal(r.Saving.P50), decimal(r.Saving.P90), r.Risk.String(), string(r.Effort),
			taken, incremental, month, coverageText(r.Evidence), r.Evidence.Bound,
		})
	}
	for i := range len(a.Recommendations) + len(a.Fixes) {
		if i < len(a.Recommendations) {
			add(fixOrSaving(a, i), "no")
		} else {
			add(fixOrSaving(a, i), "fix")
		}
	}
	for i := range plan.Stages {
		for j := range plan.Stages[i].Steps {
			if r := plan.Stages[i].Steps[j].Recommendation; inPlan[r] != nil {
				add(r, "yes")
			}
		}
	}
	return records
}

// fixOrSaving is one of the findings, or, after them, of the fixes.
func fixOrSaving(a *advisor.Advice, i int) *advisor.Recommendation {
	if n := len(a.Recommendations); i >= n {
		return &a.Fixes[i-n]
	}
	return &a.Recommendations[i]
}
