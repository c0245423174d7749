package commitment

import (
	"math"
	"strings"
	"testing"
	"time"

	"ecsavvy/pricing"
)

// awsHour is the usage of the scenarios on
// https://docs.aws.amazon.com/savingsplans/latest/userguide/sp-applying.html,
// as an hour of lines.
func awsHour() *Hours {
	line := func(id string, kind pricing.UsageKind, instance, os string, onDemand, compute, instancePlan float64) Line {
		l := Line{EligibleUsage: pricing.EligibleUsage{ID: id, Kind: kind, OnDemandRate: onDemand, PlanRates: map[pricing.Offer]float64{compute1: compute}}}
		if kind == pricing.KindEC2 {
			l.InstanceType, l.OS, l.Region = instance, os, "us-east-1"
			l.PlanRates[ec2] = instancePlan
		}
		return l
	}
	return &Hours{Start: monday(), Lines: []Line{
		line("r5", pricing.KindEC2, "r5.4xlarge", "Linux", 1, 0.7, 0.6),
		line("vcpu", pricing.KindFargate, "", "", 0.04, 0.03, 0),
		line("gb", pricing.KindFargate, "", "", 0.004, 0.003, 0),
		line("m5", pricing.KindEC2, "m5.24xlarge", "Windows", 10, 8.2, 7.8),
		line("lambda-gbs", pricing.KindLambda, "", "", 0.000015, 0.00001275, 0),
		line("lambda-req", pricing.KindLambda, "", "", 0.2, 0.2, 0),
	}, Quantities: []float64{4, 400, 1600, 1, 1.5e6, 1}}
}

// TestAWSScenarios settles AWS's five worked scenarios both ways: on classes, as
// the search does, and on lines.
func TestAWSScenarios(t *testing.T) {
	plan := func(offer pricing.Offer, family string, usd float64) OwnedPlan {
		p := OwnedPlan{SavingsPlan: pricing.SavingsPlan{ID: offer.String() + family, Offer: offer, Commitment: usd}}
		if family != "" {
			p.Family, p.Region = family, "us-east-1"
		}
		return p
	}
	reserved := OwnedReservation{Reservation: pricing.Reservation{ID: "ri", InstanceType: "r5.4xlarge", Region: "us-east-1", OS: "Linux", Count: 2, Rate: 0.5}}
	for _, tc := range []struct {
		name             string
		owned            Owned
		onDemand, unused float64
	}{
		{"none", Owned{}, 59.10, 0},
		{"S1", Owned{Plans: []OwnedPlan{plan(compute1, "", 50)}}, 0, 50 - 47.125},
		{"S2", Owned{Plans: []OwnedPlan{plan(compute1, "", 2)}}, 59.10 - 2/0.7, 0},
		{"S3", Owned{Plans: []OwnedPlan{plan(compute1, "", 19.60)}}, 32.70, 0},
		{"S4", Owned{Plans: []OwnedPlan{plan(compute1, "", 18.20)}, Reservations: []OwnedReservation{reserved}}, 32.70, 0},
		{"S5", Owned{Plans: []OwnedPlan{plan(ec2, "r5", 3), plan(compute1, "", 16.80)}}, 32.70, 0.60},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := Optimise(awsHour(), Options{Owned: tc.owned, Offers: []pricing.Offer{compute1, ec2}, Months: 1})
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Before.OnDemandCost / HoursPerMonth; math.Abs(got-tc.onDemand) > 1e-9 {
				t.Errorf("on demand %v USD an hour, want %v", got, tc.onDemand)
			}
			if got := r.Before.UnusedCost / HoursPerMonth; math.Abs(got-tc.unused) > 1e-9 {
				t.Errorf("unused %v USD an hour, want %v", got, tc.unused)
			}
			for _, s := range r.Singles {
				if len(s.Purchases) == 0 && math.Abs(s.Cost()-r.Before.Cost()) > 1e-6 {
					t.Errorf("classes say %v USD a month, lines %v", s.Cost(), r.Before.Cost())
				}
			}
			if r.Best.Cost() > r.Before.Cost()+1e-9 || r.Gap < 0 {
				t.Errorf("best %v USD a month, before %v, gap %v", r.Best.Cost(), r.Before.Cost(), r.Gap)
			}
		})
	}
}

// TestOwnedIsNotBoughtTwice: what is owned is taken off the amount, until it
// ends.
func TestOwnedIsNotBoughtTwice(t *testing.T) {
	h := &Hours{Start: monday(), Lines: []Line{fargate("a", 0.75)}}
	for range 100 {
		h.Quantities = append(h.Quantities, 10)
	}
	owned := func(usd float64, months int) Owned {
		end := h.Start.Add(time.Duration(h.Len()+months*HoursPerMonth) * time.Hour)
		return Owned{Plans: []OwnedPlan{{SavingsPlan: pricing.SavingsPlan{ID: "old", Offer: compute1, Commitment: usd}, End: end}}}
	}
	queued := func(month int) Owned {
		o := owned(7.5, month)
		o.Plans[0].Start, o.Plans[0].End = o.Plans[0].End, time.Time{}
		return o
	}
	for _, tc := range []struct {
		name  string
		owned Owned
		want  float64
	}{
		{"nothing", Owned{}, 7.5},
		{"half of it, all year", owned(3.75, 12), 3.75},
		{"all of it, all year", owned(7.5, 12), 0},
		// Of use in 2 of 12 months: cheaper on demand.
		{"all of it, ten months", owned(7.5, 10), 0},
		// Used in 10 of 12 months, more than the 75 % that it needs.
		{"all of it, two months", owned(7.5, 2), 7.5},
		{"all of it, two months, renewed", owned(7.5, 2), 0},
		// Queued: of use in 6 of 12 months until then, or in 10.
		{"all of it, from month 6 on", queued(6), 0},
		{"all of it, from month 10 on", queued(10), 7.5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := Optimise(h, Options{Offers: []pricing.Offer{compute1}, Owned: tc.owned, RenewOwned: strings.HasSuffix(tc.name, "renewed")})
			if err != nil {
				t.Fatal(err)
			}
			got := 0.0
			for _, p := range r.Best.Purchases {
				got += p.Plan.Commitment
			}
			if math.Abs(got-tc.want) > 1e-9 {
				t.Errorf("bought %v, want %v", got, tc.want)
			}
		})
	}
}

func TestChoiceFigures(t *testing.T) {
	h := &Hours{Start: monday(), Lines: []Line{fargate("a", 0.5)}, Quantities: []float64{4, 4, 4, 4}}
	h.Lines[0].PlanRates = map[pricing.Offer]float64{compute3: 0.5}
	h.Lines[0].Assumed = map[pricing.Offer]string{compute3: "half of on-demand"}
	r, err := Optimise(h, Options{Offers: []pricing.Offer{compute3}, CostOfCapital: 0.08})
	if err != nil {
		t.Fatal(err)
	}
	p := r.Best.Purchases[0]
	for _, f := range []struct {
		name      string
		got, want float64
	}{
		{"commitment", p.Plan.Commitment, 2},
		{"upfront", p.Upfront(), 2 * 730 * 36},
		{"monthly", p.Monthly(), 0},
		{"utilisation", p.Utilisation(), 1},
		{"break-even month", p.BreakEvenMonth(), 18},
		{"payback month", p.PaybackMonth(), 18},
		{"coverage", r.Best.Coverage(), 1},
		{"effective discount", r.Best.EffectiveDiscount(), 0.5},
		{"financing", r.Best.Financing, 2 * 730 * 0.08 * 1.5},
		{"saved after the term", r.Best.CashFlow(r.Before, 36)[35].Saved, 2 * 730 * 36},
		{"saved after the first month", r.Best.CashFlow(r.Before, 36)[0].Saved, 4*730 - 2*730*36},
	} {
		if math.Abs(f.got-f.want) > 1e-6 {
			t.Errorf("%s %v, want %v", f.name, f.got, f.want)
		}
	}
	if len(p.Assumed) != 1 || p.Assumed[0] != "half of on-demand" {
		t.Errorf("assumed %q", p.Assumed)
	}
}

func TestMissingRatesSkipAnOptionAndSayWhy(t *testing.T) {
	h := awsHour()
	delete(h.Lines[1].PlanRates, compute1)
	h.Lines[1].PlanRates[compute3] = 0.02
	r, err := Optimise(h, Options{Offers: []pricing.Offer{compute1, compute3, ec2}})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Skipped) != 2 || r.Skipped[0].MissingRates[0] != "vcpu" || len(r.Skipped[1].MissingRates) != 5 {
		t.Errorf("skipped %+v", r.Skipped)
	}
	delete(h.Lines[1].PlanRates, compute3)
	if r, err = Optimise(h, Options{Offers: []pricing.Offer{compute1}}); err != nil {
		t.Fatal(err)
	}
	if len(r.Uncovered) != 1 || r.Uncovered[0] != "vcpu" || len(r.Singles) != 1 {
		t.Errorf("uncovered %q, singles %d", r.Uncovered, len(r.Singles))
	}
}

func TestRefusals(t *testing.T) {
	good := func() *Hours {
		return &Hours{Start: monday(), Lines: []Line{fargate("a", 0.5)}, Quantities: []float64{1, 2}}
	}
	for _, tc := range []struct {
		name string
		h    func(*Hours)
		o    Options
		want string
	}{
		{"no hours", func(h *Hours) { h.Quantities = nil }, Options{}, "commitment: want at least one hour of one line of usage"},
		{"negative", func(h *Hours) { h.Quantities[1] = -1 }, Options{}, `commitment: line "a" has a quantity of -1 in the hour 2026-01-05T01:00:00Z: want 0 up to 1e12`},
		{"unknown offer", nil, Options{Offers: []pricing.Offer{{Type: "SageMaker", Term: "1yr", Payment: "No Upfront"}}},
			`commitment: offer "SageMaker 1yr No Upfront": want Compute or EC2Instance, 1yr or 3yr, No, Partial or All Upfront`},
		{"owned twice", nil, Options{Owned: Owned{Plans: []OwnedPlan{{SavingsPlan: pricing.SavingsPlan{ID: "x"}}, {SavingsPlan: pricing.SavingsPlan{ID: "x"}}}}},
			`commitment: owned plan "x" is given twice`},
		{"interest in percent", nil, Options{CostOfCapital: 8}, "commitment: cost of capital 8 a year: want 0 up to 1, 0.08 for 8 %"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := good()
			if tc.h != nil {
				tc.h(h)
			}
			if _, err := Optimise(h, tc.o); err == nil || err.Error() != tc.want {
				t.Errorf("error %v, want %s", err, tc.want)
			}
		})
	}
}

// TestNothingToCover: no usage, or none that a plan reaches, is no error and
// buys nothing.
func TestNothingToCover(t *testing.T) {
	spot := fargate("spot", 0.5)
	spot.Kind = pricing.KindOther
	for name, h := range map[string]*Hours{
		"no usage": {Start: monday(), Lines: []Line{fargate("a", 0.5)}, Quantities: []float64{0, 0}},
		"no reach": {Start: monday(), Lines: []Line{spot}, Quantities: []float64{3, 4}},
	} {
		r, err := Optimise(h, Options{})
		if err != nil || len(r.Best.Purchases) != 0 || math.Abs(r.Gap) > 1e-9 || r.Best.Cost() != r.Before.Cost() {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// TestOrderOfLinesDoesNotMatter, up to the rounding of sums.
func TestOrderOfLinesDoesNotMatter(t *testing.T) {
	h := year(40, 3)
	h.Quantities = h.Quantities[:40*24*14]
	turned := &Hours{Start: h.Start}
	for i := len(h.Lines) - 1; i >= 0; i-- {
		turned.Lines = append(turned.Lines, h.Lines[i])
	}
	for hour := range h.Len() {
		for i := len(h.Lines) - 1; i >= 0; i-- {
			turned.Quantities = append(turned.Quantities, h.Row(hour)[i])
		}
	}
	a, err := Optimise(h, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Optimise(turned, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(a.Best.Cost()-b.Best.Cost()) > 1e-6*a.Best.Cost() || len(a.Best.Purchases) != len(b.Best.Purchases) {
		t.Errorf("cost %v with %v, turned %v with %v", a.Best.Cost(), a.Best.Purchases, b.Best.Cost(), b.Best.Purchases)
	}
}
