package commitment

import (
	"math"
	"math/rand/v2"
	"testing"

	"ecsavvy/pricing"
)

// weeks are hours of one line with a day and a week in them.
func weeks(n int, paid float64) *Hours {
	rng := rand.New(rand.NewPCG(5, 5))
	h := &Hours{Start: monday(), Lines: []Line{fargate("a", paid)}}
	for hour := range n * 168 {
		q := 10 + 6*math.Sin(2*math.Pi*float64(hour%24)/24) + rng.Float64()
		if hour/24%7 >= 5 {
			q *= 0.6
		}
		h.Quantities = append(h.Quantities, q)
	}
	return h
}

func bought(e *Expected) float64 {
	usd := 0.0
	for _, p := range e.Purchases {
		usd += p.Plan.Commitment
	}
	return usd
}

func forecastOf(t *testing.T, h *Hours, f Forecast, risk Risk) *Expected {
	t.Helper()
	e, err := OptimiseForecast(h, Options{Offers: []pricing.Offer{compute1}}, f, risk)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestForecastOfSteadyUsage: without growth the forecast's optimum is that of
// the hours, up to the days that were drawn.
func TestForecastOfSteadyUsage(t *testing.T) {
	h := weeks(8, 0.75)
	r, err := Optimise(h, Options{Offers: []pricing.Offer{compute1}})
	if err != nil {
		t.Fatal(err)
	}
	e := forecastOf(t, h, Forecast{Draws: 20, Seed: 1}, Risk{})
	want := r.Best.Purchases[0].Plan.Commitment
	if got := bought(e); math.Abs(got-want) > 0.03*want {
		t.Errorf("bought %v, want about %v", got, want)
	}
	if math.Abs(e.Cost-r.Best.Cost()) > 0.02*r.Best.Cost() || e.Gap > 1e-6*e.Cost {
		t.Errorf("expected cost %v gap %v, want about %v and 0", e.Cost, e.Gap, r.Best.Cost())
	}
	if m := e.Purchases[0].Marginal; math.Abs(m-0.75) > 0.01 {
		t.Errorf("the last USD is used with chance %v, want 0.75", m)
	}
}

// TestForecastMinimisesItsObjective compares with a grid of amounts, with CVaR
// worked out by Rockafellar and Uryasev's formula: min over η of
// η + E[(cost − η)+] ÷ tail, which lies at one of the costs.
func TestForecastMinimisesItsObjective(t *testing.T) {
	h := weeks(4, 0.7)
	f := Forecast{Draws: 15, Seed: 2, Growth: 0.1, Spread: 0.3, Migrations: []Migration{
		{Name: "Spot", Lines: []string{"a"}, Probability: 0.5, From: 2, Until: 8, Share: 0.6, Factor: 0.35}}}
	for _, risk := range []Risk{{}, {Lambda: 1, Tail: 0.25}, {Lambda: 3, Tail: 0.15, OfLoss: true}} {
		p, _, err := newForecastProgram(h, Options{Offers: []pricing.Offer{compute1}}, f, risk)
		if err != nil {
			t.Fatal(err)
		}
		objective := func(amount float64) float64 {
			_, _, costs := p.objective([]float64{amount}, false)
			mean, bad := 0.0, make([]float64, len(costs))
			for d, c := range costs {
				mean += c / float64(len(costs))
				if bad[d] = c; risk.OfLoss {
					bad[d] -= p.draws[d].list
				}
			}
			cvar := math.Inf(1)
			for _, eta := range bad {
				over := 0.0
				for _, b := range bad {
					over += max(0, b-eta) / float64(len(bad))
				}
				cvar = min(cvar, eta+over/risk.tail())
			}
			return mean + risk.Lambda*cvar
		}
		best := p.search()
		if got := objective(best.amounts[0]); math.Abs(got-best.cost) > 1e-9*math.Abs(got) {
			t.Errorf("%+v: objective %v, by the formula %v", risk, best.cost, got)
		}
		for a := 0.0; a < 12; a += 0.05 {
			if c := objective(a); c < best.cost*(1-1e-9) && c < best.cost-1e-6 {
				t.Errorf("%+v: %v at %v is below %v at %v", risk, c, a, best.cost, best.amounts[0])
			}
		}
		if best.cost-best.bound > 1e-6*math.Abs(best.cost) {
			t.Errorf("%+v: bound %v below cost %v", risk, best.bound, best.cost)
		}
	}
}

// TestRiskMovesTheAmount: weighing losses buys less, weighing cost buys more.
func TestRiskMovesTheAmount(t *testing.T) {
	h, f := weeks(4, 0.7), Forecast{Draws: 30, Seed: 3, Spread: 0.4}
	neutral := bought(forecastOf(t, h, f, Risk{}))
	loss := forecastOf(t, h, f, Risk{Lambda: 2, OfLoss: true})
	cost := bought(forecastOf(t, h, f, Risk{Lambda: 2}))
	if !(bought(loss) < neutral && neutral < cost) {
		t.Errorf("bought %v weighing losses, %v neutral, %v weighing cost; want them to rise", bought(loss), neutral, cost)
	}
	if n := forecastOf(t, h, f, Risk{}); loss.LosesIn > n.LosesIn || loss.Saving.P10 < n.Saving.P10 {
		t.Errorf("weighing losses loses in %v (P10 %v), neutral in %v (P10 %v)", loss.LosesIn, loss.Saving.P10, n.LosesIn, n.Saving.P10)
	}
}

func TestMigrationBuysLess(t *testing.T) {
	h := weeks(4, 0.7)
	stay := bought(forecastOf(t, h, Forecast{Draws: 10}, Risk{}))
	half := bought(forecastOf(t, h, Forecast{Draws: 10, Migrations: []Migration{
		{Name: "Spot", Lines: []string{"a"}, Probability: 1, Share: 0.5, Factor: 0.35}}}, Risk{}))
	if math.Abs(half-stay/2) > 1e-9*stay {
		t.Errorf("bought %v with half of the usage gone, want half of %v", half, stay)
	}
	arm := *h
	arm.Lines = append(arm.Lines, fargate("arm", 0.7))
	arm.Quantities = nil
	for _, q := range h.Quantities {
		arm.Quantities = append(arm.Quantities, q, 0)
	}
	moved := bought(forecastOf(t, &arm, Forecast{Draws: 10, Migrations: []Migration{
		{Name: "ARM", Lines: []string{"a"}, To: "arm", Probability: 1, Share: 1, Factor: 0.8}}}, Risk{}))
	if math.Abs(moved-0.8*stay) > 1e-9*stay {
		t.Errorf("bought %v after a move to ARM, want 0.8 × %v", moved, stay)
	}
}

func TestForecastRefusals(t *testing.T) {
	h := weeks(2, 0.7)
	for _, tc := range []struct {
		name string
		h    *Hours
		f    Forecast
		r    Risk
		want string
	}{
		{"too few days", h.Last(100), Forecast{}, Risk{}, "commitment: a forecast needs 2 whole weekdays and 1 of a weekend (UTC), has 2 and 2"},
		{"unknown line", h, Forecast{Migrations: []Migration{{Name: "m", Lines: []string{"b"}}}}, Risk{}, `commitment: migration "m": no line "b"`},
		{"share", h, Forecast{Migrations: []Migration{{Name: "m", Lines: []string{"a"}, Share: 2}}}, Risk{}, `commitment: migration "m": want probability and share in 0 to 1, a factor of 0 or more, months 0 ≤ From ≤ Until`},
		{"risk", h, Forecast{}, Risk{Lambda: -1}, "commitment: risk with λ -1 and tail 0: want λ of 0 or more and a tail above 0, up to 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := OptimiseForecast(tc.h, Options{Offers: []pricing.Offer{compute1}}, tc.f, tc.r)
			if tc.name == "too few days" {
				if err != nil {
					t.Errorf("100 hours with two days of each: %v", err)
				}
				_, err = OptimiseForecast(h.Last(40), Options{Offers: []pricing.Offer{compute1}}, tc.f, tc.r)
				tc.want = "commitment: a forecast needs 2 whole weekdays and 1 of a weekend (UTC), has 0 and 1"
			}
			if err == nil || err.Error() != tc.want {
				t.Errorf("error %v, want %s", err, tc.want)
			}
		})
	}
}

// TestLadder: at steady usage every tranche of the optimum is bought, and a
// tranche above it is not.
func TestLadder(t *testing.T) {
	h := weeks(6, 0.75)
	r, err := Optimise(h, Options{Offers: []pricing.Offer{compute1}})
	if err != nil {
		t.Fatal(err)
	}
	plan := r.Best.Purchases[0].Plan
	best := plan.Commitment
	plan.Commitment = 0.95 * best // the days drawn are not all
	ladder, err := Ladder(h, Options{}, Forecast{Draws: 10}, plan, 4)
	if err != nil {
		t.Fatal(err)
	}
	for i, tr := range ladder {
		if !tr.Buy || tr.Month != 3*i || math.Abs(tr.Cumulative-plan.Commitment*float64(i+1)/4) > 1e-9 || math.Abs(tr.Needed-0.75) > 1e-9 {
			t.Errorf("tranche %d: %+v", i, tr)
		}
	}
	plan.Commitment = 1.3 * best
	if ladder, err = Ladder(h, Options{}, Forecast{Draws: 10}, plan, 4); err != nil {
		t.Fatal(err)
	}
	if last := ladder[3]; last.Buy || last.Marginal >= last.Needed || !ladder[0].Buy {
		t.Errorf("tranches above the optimum: %+v", ladder)
	}
}

// TestRegret: halving usage after committing strands half of the commitment.
func TestRegret(t *testing.T) {
	before := weeks(4, 0.75)
	after := *before
	after.Quantities = nil
	for _, q := range before.Quantities {
		after.Quantities = append(after.Quantities, q/2)
	}
	o := Options{Offers: []pricing.Offer{compute1}}
	r, err := RegretOf(before, &after, o)
	if err != nil {
		t.Fatal(err)
	}
	first, _ := Optimise(before, o)
	c := first.Best.Purchases[0].Plan.Commitment
	if math.Abs(r.Stranded-c/2) > 1e-9 || math.Abs(r.StrandedCost-r.Stranded*8760) > 1e-6 {
		t.Errorf("stranded %v (%v), want %v over 8,760 h", r.Stranded, r.StrandedCost, c/2)
	}
	if !(r.Cost > 0 && r.Cost < r.StrandedCost/12) || math.Abs(r.Cost-(r.First.Cost()-r.Later.Cost())) > 1e-9 {
		t.Errorf("regret %v a month, want above 0 and below the stranded %v", r.Cost, r.StrandedCost/12)
	}
}

// TestCurve: the curve is convex and lowest at the optimum.
func TestCurve(t *testing.T) {
	h := weeks(4, 0.75)
	curves, err := Curves(h, Options{Offers: []pricing.Offer{compute1}}, 200)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := Optimise(h, Options{Offers: []pricing.Offer{compute1}})
	points := curves[0].Points
	if math.Abs(points[0].Cost-r.Before.Cost()) > 1e-6 || points[200].Marginal > 0.01 {
		t.Errorf("curve from %+v to %+v", points[0], points[200])
	}
	for i := 1; i < 200; i++ {
		if points[i].Cost < r.Best.Cost()-1e-6 {
			t.Errorf("%+v is below the optimum %v", points[i], r.Best.Cost())
		}
		if points[i-1].Cost+points[i+1].Cost < 2*points[i].Cost-1e-6 {
			t.Errorf("not convex at %+v", points[i])
		}
	}
}
