package advisor

import (
	"context"
	"math"
	"testing"

	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// TestPlanCommitsLast: the commitment is the last stage, priced on what the others
// leave, and what is owned already is not bought again.
func TestPlanCommitsLast(t *testing.T) {
	advise := func(owned float64) Plan {
		site := generatedSite(t, 8)
		site.Workload.Commitments = design.Commitments{}
		if owned > 0 {
			site.Workload.Commitments.SavingsPlans = []design.SavingsPlan{{Name: "owned", Kind: "Compute", Term: "1yr", Payment: "No Upfront", Hourly: owned}}
		}
		a, err := Advise(context.Background(), []Site{site}, pricing.Embedded(), AdviseOptions{Penalty: demand.Balanced(), Draws: 20, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		plan, err := a.MakePlan(PlanOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return plan
	}
	plan := advise(0)
	if len(plan.Commitments) != 1 || len(plan.Commitments[0].After.Purchases) == 0 {
		t.Fatalf("%d commitments for an account with nothing committed", len(plan.Commitments))
	}
	last := plan.Stages[len(plan.Stages)-1]
	bought := plan.Commitments[0]
	if last.Lever != LeverCommitment || math.Abs(last.Saving()-(bought.Before.Cost()-bought.After.Cost())) > 1e-9 {
		t.Errorf("the last stage %s saves %v, the bills differ by %v", last.Lever, last.Saving(), bought.Before.Cost()-bought.After.Cost())
	}
	if bought.Regret.Cost < -1e-6 {
		t.Errorf("committing first costs %v less than committing last", -bought.Regret.Cost)
	}
	step := last.Steps[0]
	if !(step.Saving.P10 <= step.Saving.P50 && step.Saving.P50 <= step.Saving.P90) || len(step.Recommendation.Patches) == 0 {
		t.Errorf("a purchase without an interval or a way to make it: %+v", step.Saving)
	}
	hourly := 0.0
	for _, p := range bought.After.Purchases {
		hourly += p.Plan.Commitment
	}
	for _, c := range advise(hourly).Commitments {
		more := 0.0
		for _, p := range c.After.Purchases {
			more += p.Plan.Commitment
		}
		if more > hourly/4 {
			t.Errorf("beside %v USD an hour that is owned it buys %v more", hourly, more)
		}
	}
}

// TestWeekOfSchedule: a schedule's hours leave nothing to commit to at night, and
// the mean as it is.
func TestWeekOfSchedule(t *testing.T) {
	on := make([]bool, hoursPerWeek)
	for h := range on {
		on[h] = h < 120 && h%24 >= 8 && h%24 < 18
	}
	var week [hoursPerWeek]float64
	for h := range week {
		week[h] = 1 + float64(h%24)/24
	}
	for _, shape := range []*[hoursPerWeek]float64{nil, &week} {
		got, sum := within(shape, on), 0.0
		for h, v := range got {
			if sum += v; v > 0 != on[h] {
				t.Fatalf("hour %d has %v", h, v)
			}
		}
		if math.Abs(sum-hoursPerWeek) > 1e-9 {
			t.Errorf("the mean is %v", sum/hoursPerWeek)
		}
	}
}
