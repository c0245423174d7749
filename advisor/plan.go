package advisor

import (
	"cmp"
	"fmt"
	"slices"

	"ecsavvy/advisor/account"
)

// Plan is a consistent set of recommendations in the order in which they are to be
// made. Each step is priced on what the steps before it left, so that the steps
// add up to the plan.
type Plan struct {
	// Before and After are USD a month of all sites.
	Before, After float64
	// Saving are quantiles of Before less After, of joint draws.
	Saving Saving
	Stages []Stage
	// Commitments are what the last stage buys, an account each.
	Commitments []AccountCommitment
	// Left are recommendations that the plan does not take, with the reason.
	Left []LeftOut
}

// Stage is the steps of one lever.
type Stage struct {
	Lever Lever
	// Before and After are USD a month of all sites around the stage.
	Before, After float64
	Steps         []Step
}

// Saving is what a stage saves, USD a month.
func (s Stage) Saving() float64 { return s.Before - s.After }

// Step is one recommendation in a plan.
type Step struct {
	Recommendation *Recommendation
	// Incremental is what it saves on what the steps before it left, USD a month;
	// Standalone what it would save alone.
	Incremental, Standalone float64
	// Saving are the quantiles of Incremental.
	Saving Saving
	// After are the levers of earlier steps that changed what it saves, and
	// Committed says that owned commitments pay for a part of what it frees.
	After     []Lever
	Committed bool
	// Month is the month in which to make it, 1 for the first.
	Month int

	// free is Incremental if nothing were committed.
	free float64
	// drawn are draws of Incremental itself; nil means those of the
	// recommendation, as far as they are left.
	drawn []float64
}

// LeftOut is a recommendation that a plan does not take.
type LeftOut struct {
	Recommendation *Recommendation
	Why            string
}

// PlanOptions are the constraints of a plan.
type PlanOptions struct {
	// MaxRisk leaves out what is riskier; RiskUnknown means no limit.
	MaxRisk RiskClass
	// NoSpot leaves out everything that may be interrupted.
	NoSpot bool
	// Keep are levers that must not change anything.
	Keep []Lever
	// ChangesPerMonth is how many steps a month can be made; 0 means no limit.
	ChangesPerMonth int
}

// refuses says why the options leave a recommendation out, "" where they do not.
func (o *PlanOptions) refuses(r *Recommendation) string {
	switch {
	case slices.Contains(o.Keep, r.Lever):
		return "kept as it is: " + string(r.Lever)
	case o.NoSpot && r.Lever == LeverSpot:
		return "no Spot"
	case o.MaxRisk != RiskUnknown && r.Risk > o.MaxRisk:
		return fmt.Sprintf("its risk is %s, the limit %s", r.Risk, o.MaxRisk)
	}
	return ""
}

// leverOrder is the order of a plan's stages: sizes first, since everything after
// them is priced by size, commitments last, since they bind what is left.
func leverOrder() []Lever {
	return []Lever{
		LeverIdle, LeverOrphan, LeverSidecar, LeverRightSize, LeverReservation, LeverConsolidate, LeverSchedule, LeverGraviton,
		LeverLogs, LeverImageStorage, LeverInsights, LeverNAT, LeverLoadBalancer, LeverLaunchType, LeverSpot, LeverCommitment,
	}
}

// stageOf is a lever's place in leverOrder.
func stageOf(l Lever) int { return slices.Index(leverOrder(), l) }

// planner makes a plan of one set of sites.
type planner struct {
	options PlanOptions
	plan    Plan
}

// MakePlan chooses and orders recommendations. What is chosen costs less as a whole
// than with any one of them dropped, or with one more; each step is priced on the
// whole site as the steps before left it, so that allowances and owned commitments
// count for what a step frees and no more. docs/plan.md.
func (a *Advice) MakePlan(options PlanOptions) (Plan, error) {
	p := planner{options: options}
	allowed := map[account.Scope][]*Recommendation{}
	for i := range a.Recommendations {
		r := &a.Recommendations[i]
		if why := options.refuses(r); why != "" {
			p.leave(r, why)
			continue
		}
		allowed[r.Subject.scope()] = append(allowed[r.Subject.scope()], r)
	}
	runs := make([]*siteRun, 0, len(a.sites))
	for _, s := range a.sites {
		all := allowed[s.scope]
		slices.SortStableFunc(all, inPlanOrder)
		chosen, err := p.choose(s, all)
		if err != nil {
			return Plan{}, err
		}
		runs = append(runs, newSiteRun(s, chosen))
		p.plan.Before += s.result.Total.Effective
	}
	if err := p.stages(runs); err != nil {
		return Plan{}, err
	}
	for _, run := range runs {
		if err := run.explain(); err != nil {
			return Plan{}, err
		}
	}
	if err := p.commit(a, runs); err != nil {
		return Plan{}, err
	}
	p.plan.Saving = p.plan.interval()
	p.plan.months(options.ChangesPerMonth)
	slices.SortStableFunc(p.plan.Left, func(x, y LeftOut) int {
		return cmp.Or(x.Recommendation.Subject.compare(y.Recommendation.Subject), inPlanOrder(x.Recommendation, y.Recommendation))
	})
	return p.plan, nil
}

// inPlanOrder is the order in which a plan makes changes: by lever, of one lever
// what saves most alone first. It is total, so that the order in which
// recommendations were found does not show.
func inPlanOrder(a, b *Recommendation) int {
	return cmp.Or(cmp.Compare(stageOf(a.Lever), stageOf(b.Lever)), cmp.Compare(b.Before-b.After, a.Before-a.After),
		a.Subject.compare(b.Subject), cmp.Compare(a.Title, b.Title))
}

func (p *planner) leave(r *Recommendation, why string) {
	p.plan.Left = append(p.plan.Left, LeftOut{Recommendation: r, Why: why})
}
