package commitment

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"ecsavvy/pricing"
)

var (
	compute1 = pricing.Offer{Type: pricing.ComputePlan, Term: "1yr", Payment: "No Upfront"}
	compute3 = pricing.Offer{Type: pricing.ComputePlan, Term: "3yr", Payment: "All Upfront"}
	ec2      = pricing.Offer{Type: pricing.EC2InstancePlan, Term: "1yr", Payment: "No Upfront"}
)

func monday() time.Time { return time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC) }

// fargate is a line of 1 USD on demand.
func fargate(id string, paid float64) Line {
	return Line{EligibleUsage: pricing.EligibleUsage{ID: id, Kind: pricing.KindFargate, OnDemandRate: 1,
		PlanRates: map[pricing.Offer]float64{compute1: paid}}}
}

// quantile is the smallest value that at least share of the values do not
// exceed.
func quantile(values []float64, share float64) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return sorted[max(0, int(math.Ceil(share*float64(len(sorted))-1e-9))-1)]
}

// TestSingleDiscountIsTheQuantile: with one discount d, the best commitment is
// (1−d) × the d-quantile of hourly on-demand cost, whatever the hours.
func TestSingleDiscountIsTheQuantile(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for trial := range 400 {
		d := []float64{0.15, 0.20, 0.27, 0.50, 0.52, 0.01 + 0.9*rng.Float64()}[rng.IntN(6)]
		h := &Hours{Start: monday(), Lines: []Line{fargate("a", 1-d)}}
		for range 1 + rng.IntN(300) {
			q := math.Round(100*rng.ExpFloat64()) / 8 // ties are common
			if rng.IntN(5) == 0 {
				q = 0
			}
			h.Quantities = append(h.Quantities, q)
		}
		r, err := Optimise(h, Options{Offers: []pricing.Offer{compute1}})
		if err != nil {
			t.Fatal(err)
		}
		want := (1 - d) * quantile(h.Quantities, d)
		cost := func(c float64) float64 {
			usd := 0.0
			for _, q := range h.Quantities {
				usd += c + max(0, q-c/(1-d))
			}
			return usd * HoursPerMonth / float64(h.Len())
		}
		got := 0.0
		for _, p := range r.Best.Purchases {
			got += p.Plan.Commitment
		}
		// Where the quantile falls between two hours, all amounts between
		// them cost the same.
		flat := math.Abs(cost(got)-cost(want)) <= 1e-9*cost(0)
		if math.Abs(got-want) > 1e-9*(1+want) && !flat {
			t.Fatalf("trial %d: d=%v: committed %v, want %v", trial, d, got, want)
		}
		if math.Abs(r.Best.Cost()-cost(want)) > 1e-9*(1+cost(0)) || r.Gap > 1e-9*(1+cost(0)) {
			t.Fatalf("trial %d: cost %v gap %v, want %v and 0", trial, r.Best.Cost(), r.Gap, cost(want))
		}
	}
}

// smallCase draws few hours of few lines with their rates under three offers.
func smallCase(rng *rand.Rand) *Hours {
	h := &Hours{Start: monday()}
	for i := range 1 + rng.IntN(4) {
		l := Line{EligibleUsage: pricing.EligibleUsage{ID: fmt.Sprint("u", i), Kind: pricing.KindFargate, OnDemandRate: []float64{0.04, 0.4, 1}[rng.IntN(3)]}}
		c := 0.6 + 0.3*rng.Float64()
		l.PlanRates = map[pricing.Offer]float64{compute1: l.OnDemandRate * c}
		if rng.IntN(2) == 0 {
			l.Kind, l.InstanceType, l.Region, l.OS = pricing.KindEC2, []string{"m5.large", "m5.xlarge", "c5.large"}[rng.IntN(3)], "us-east-1", "Linux"
			l.PlanRates[ec2] = l.PlanRates[compute1] * (0.8 + 0.15*rng.Float64())
		}
		h.Lines = append(h.Lines, l)
	}
	for range (3 + rng.IntN(8)) * len(h.Lines) {
		h.Quantities = append(h.Quantities, float64(rng.IntN(6)))
	}
	return h
}

// bruteForce is the least cost a month over a grid of amounts of the plans,
// refined around its best point, by pricing's own rule.
func bruteForce(t *testing.T, h *Hours, plans []pricing.SavingsPlan) float64 {
	t.Helper()
	applier, err := pricing.NewApplier(h.usages(), pricing.Commitments{Plans: plans})
	if err != nil {
		t.Fatal(err)
	}
	cost := func(amounts []float64) float64 {
		a, err := applier.WithCommitments(amounts)
		if err != nil {
			t.Fatal(err)
		}
		tally := a.NewTally()
		for hour := range h.Len() {
			if err := tally.Add(h.Row(hour), 1); err != nil {
				t.Fatal(err)
			}
		}
		return tally.Total().Cost() * HoursPerMonth / float64(h.Len())
	}
	most := 0.0
	for hour := range h.Len() {
		usd := 0.0
		for i, q := range h.Row(hour) {
			usd += q * h.Lines[i].OnDemandRate
		}
		most = max(most, usd)
	}
	const steps = 12
	best, at := math.Inf(1), make([]float64, len(plans))
	lo, width := make([]float64, len(plans)), most/steps
	for range 14 {
		index := make([]int, len(plans))
		for {
			amounts := make([]float64, len(plans))
			for j := range amounts {
				amounts[j] = max(0, lo[j]+width*float64(index[j]))
			}
			if c := cost(amounts); c < best {
				best, at = c, amounts
			}
			j := 0
			for ; j < len(index); j++ {
				if index[j]++; index[j] <= steps {
					break
				}
				index[j] = 0
			}
			if j == len(index) {
				break
			}
		}
		width /= 2.5
		for j := range lo {
			lo[j] = at[j] - width*steps/2
		}
	}
	return best
}

func TestMixEqualsBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	tight, trials := 0, 60
	if testing.Short() {
		trials = 15
	}
	for trial := range trials {
		h := smallCase(rng)
		r, err := Optimise(h, Options{Offers: []pricing.Offer{compute1, ec2}})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Considered) > 3 {
			continue
		}
		want := bruteForce(t, h, r.Considered)
		if math.IsInf(want, 0) {
			want = r.Before.Cost()
		}
		if got := r.Best.Cost(); got > want*(1+1e-6)+1e-9 {
			t.Errorf("trial %d: cost %v, brute force %v (bound %v), plans %v", trial, got, want, r.LowerBound, r.Considered)
		}
		if r.LowerBound > want*(1+1e-9)+1e-9 {
			t.Errorf("trial %d: lower bound %v above brute force %v", trial, r.LowerBound, want)
		}
		if r.Gap <= 1e-6*r.Best.Cost() {
			tight++
		}
	}
	if tight < trials*3/4 {
		t.Errorf("bound met in %d of %d cases", tight, trials)
	}
}

// TestLargeMixMeetsItsBound: with many lines, several families and merged rates,
// the mix is within 0.1 % of a bound that no amounts can beat, its bill is
// pricing's own, and no single plan is better.
func TestLargeMixMeetsItsBound(t *testing.T) {
	h := year(300, 3)
	h.Quantities = h.Quantities[:300*24*20]
	r, err := Optimise(h, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Approximate {
		t.Error("want a case with more rates than classes")
	}
	if r.Gap < 0 || r.Gap > 0.001*r.Best.Cost() {
		t.Errorf("cost %v, lower bound %v: gap %.4f %%", r.Best.Cost(), r.LowerBound, 100*r.Gap/r.Best.Cost())
	}
	if len(r.Best.Purchases) < 2 {
		t.Errorf("bought %v, want a mix", r.Best.Purchases)
	}
	var plans []pricing.SavingsPlan
	for _, p := range r.Best.Purchases {
		plans = append(plans, p.Plan)
	}
	applier, err := pricing.NewApplier(h.usages(), pricing.Commitments{Plans: plans})
	if err != nil {
		t.Fatal(err)
	}
	tally := applier.NewTally()
	for hour := range h.Len() {
		if err := tally.Add(h.Row(hour), HoursPerMonth/float64(h.Len())); err != nil {
			t.Fatal(err)
		}
	}
	if want := tally.Total().Cost(); math.Abs(r.Best.Cost()-want) > 1e-9*want {
		t.Errorf("bill %v, pricing's %v", r.Best.Cost(), want)
	}
	// No amounts around, billed line by line, are below the bound.
	rng := rand.New(rand.NewPCG(11, 11))
	for range 12 {
		amounts := make([]float64, len(plans))
		for j, p := range plans {
			amounts[j] = p.Commitment * (0.97 + 0.06*rng.Float64())
		}
		changed, err := applier.WithCommitments(amounts)
		if err != nil {
			t.Fatal(err)
		}
		tally := changed.NewTally()
		for hour := range h.Len() {
			if err := tally.Add(h.Row(hour), HoursPerMonth/float64(h.Len())); err != nil {
				t.Fatal(err)
			}
		}
		if c := tally.Total().Cost(); c < r.LowerBound {
			t.Errorf("amounts %v cost %v, below the bound %v", amounts, c, r.LowerBound)
		}
	}
	for _, s := range r.Singles {
		if s.Cost() < r.Best.Cost()*(1-1e-4) {
			t.Errorf("%v alone costs %v, the mix %v", s.Purchases, s.Cost(), r.Best.Cost())
		}
		if s.Cost() < r.LowerBound*(1-1e-3) {
			t.Errorf("%v alone costs %v, below the bound %v", s.Purchases, s.Cost(), r.LowerBound)
		}
	}
	again, err := Optimise(h, Options{})
	if err != nil || fmt.Sprintf("%#v", again) != fmt.Sprintf("%#v", r) {
		t.Errorf("a second run differs (%v)", err)
	}
}
