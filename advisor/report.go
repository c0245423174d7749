package advisor

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"ecsavvy/advisor/account"
)

// ReportInput is what a report is made of, beside the reports before it.
type ReportInput struct {
	// Advice holds the estimates at the measured demand, Plan the plan made of
	// it; nil where there is none (a report of infrastructure code).
	Advice *Advice
	Plan   *Plan
	// From and To are the period that the report is about, half open.
	From, To time.Time
	// TeamTag and EnvironmentTag are the keys of the tags by which costs are
	// shared out. Tag keys are case-sensitive, as in AWS.
	TeamTag, EnvironmentTag string
	// Budgets are USD a calendar month by team.
	Budgets map[string]float64
}

// Report is what a period's services cost, why that changed, what is wasted, what
// to do, and whether earlier advice came true. Amounts are USD a month of
// HoursPerMonth hours, effective (after discounts and commitments), unless a
// field says otherwise. docs/report.md.
type Report struct {
	From, To      time.Time
	HoursPerMonth float64
	Scopes        []account.Scope
	// TeamTag and EnvironmentTag are the input's.
	TeamTag, EnvironmentTag string

	Headline Headline
	// Teams, Environments, Groups and Resources each add up to Headline.Cost.
	Teams, Environments []TagCost
	Groups              []LineGroup
	Resources           []ResourceCost
	// Change is since the report before; nil where there is none.
	Change      *CostChange
	Waste       Waste
	Plan        *Plan
	Open        []OpenStep
	Commitments CommitmentReport
	Anomalies   []Anomaly
	Realised    Realised
	Budgets     []BudgetState
	// Trend is the cost in every report, the oldest first, this one last.
	Trend []TrendPoint
	Gaps  Gaps

	kept Kept
}

// Headline is the report in a line.
type Headline struct {
	// Cost is USD a month, PeriodCost USD of the period at that rate.
	Cost, PeriodCost float64
	// Previous is the cost in the report before, NaN where there is none.
	Previous float64
	// LowerBound says that something could not be priced or read.
	LowerBound bool
	// AfterPlan is USD a month once the plan is carried out, Saving what it
	// saves.
	AfterPlan float64
	Saving    Saving
	// Services counts services, Untagged the share of the cost without a team.
	Services int
	Untagged float64
}

// TrendPoint is the cost in one report.
type TrendPoint struct {
	To   time.Time
	Cost float64
}

// Kept is what of the report the history keeps for those after it.
func (r *Report) Kept() Kept { return r.kept }

// MakeReport makes the report of a period. history are the reports kept before, in
// any order; those of a period that ends with or after this one take no part, so
// that a report made again comes out the same. An error means that the input is
// no period, or a kept report is of a version that this code does not know.
func MakeReport(in ReportInput, history []Kept) (Report, error) {
	if !in.From.Before(in.To) {
		return Report{}, fmt.Errorf("report: period from %s to %s: want an end after the beginning", in.From.Format(time.RFC3339), in.To.Format(time.RFC3339))
	}
	if in.Advice == nil || len(in.Advice.Sites) == 0 {
		return Report{}, errors.New("report: no region of any account to report on")
	}
	past, err := earlier(history, in.To)
	if err != nil {
		return Report{}, err
	}
	r := Report{From: in.From, To: in.To, TeamTag: in.TeamTag, EnvironmentTag: in.EnvironmentTag, Plan: in.Plan}
	r.kept = keep(&in)
	r.HoursPerMonth = r.kept.HoursPerMonth
	for i := range in.Advice.Sites {
		r.Scopes = append(r.Scopes, in.Advice.Sites[i].Scope)
	}
	var previous *Kept
	if len(past) > 0 {
		previous = &past[len(past)-1]
	}
	r.Resources = resourceCosts(&r.kept, past)
	if previous != nil {
		r.Change = changeOf(previous, &r.kept)
		effectsOf(r.Resources, r.Change)
	}
	r.Groups = lineGroups(&r.kept, previous)
	saves := savingByResource(in.Plan)
	r.Teams = tagCosts(&r.kept, previous, in.TeamTag, saves)
	r.Environments = tagCosts(&r.kept, previous, in.EnvironmentTag, saves)
	r.Waste = wasteOf(in.Plan)
	r.Commitments = commitmentReport(&in)
	r.Realised, r.Open = realisedOf(past, &r.kept)
	r.Anomalies = anomalies(past, &r.kept, r.Change)
	r.Budgets = budgetStates(&in, past, &r.kept)
	for i := range past {
		r.Trend = append(r.Trend, TrendPoint{To: past[i].To, Cost: past[i].Cost})
	}
	r.Trend = append(r.Trend, TrendPoint{To: r.To, Cost: r.kept.Cost})
	r.Gaps = gapsOf(&in, past, &r.kept)
	r.Headline = headline(&r, previous)
	return r, nil
}

// earlier are the reports of periods that end before to, in order of time. Where
// two end together the one that comes last in the history holds.
func earlier(history []Kept, to time.Time) ([]Kept, error) {
	var past []Kept
	for i := range history {
		k := &history[i]
		switch {
		case k.Version != KeptVersion:
			return nil, fmt.Errorf("report: the kept report of %s has version %d: this program reads version %d", k.To.Format(time.DateOnly), k.Version, KeptVersion)
		case !k.From.Before(k.To) || !(k.HoursPerMonth > 0):
			return nil, fmt.Errorf("report: the kept report from %s to %s with %v hours a month is damaged", k.From.Format(time.RFC3339), k.To.Format(time.RFC3339), k.HoursPerMonth)
		case k.To.Before(to):
			past = append(past, *k)
		}
	}
	slices.SortStableFunc(past, func(a, b Kept) int { return a.To.Compare(b.To) })
	out := past[:0]
	for i := range past {
		if i+1 == len(past) || !past[i+1].To.Equal(past[i].To) {
			out = append(out, past[i])
		}
	}
	return out, nil
}

// headline sums the report up.
func headline(r *Report, previous *Kept) Headline {
	h := Headline{
		Cost: r.kept.Cost, PeriodCost: r.kept.Cost * r.To.Sub(r.From).Hours() / r.HoursPerMonth,
		Previous: math.NaN(), AfterPlan: r.kept.Cost,
		LowerBound: r.kept.Unpriced > 0 || len(r.kept.Unread) > 0,
	}
	if previous != nil {
		h.Previous = previous.Cost
	}
	if r.Plan != nil {
		h.AfterPlan, h.Saving = r.Plan.After, r.Plan.Saving
	}
	for i := range r.kept.Resources {
		if r.kept.Resources[i].Kind == "service" {
			h.Services++
		}
	}
	for _, t := range r.Teams {
		if t.Untagged && h.Cost > 0 {
			h.Untagged += t.Cost / h.Cost
		}
	}
	return h
}
