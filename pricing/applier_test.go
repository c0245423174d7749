package pricing

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// plainHour applies the rule as AWS's page tells it, with no order worked out
// beforehand: look for the best combination, spend on it, look again.
// Percentages are compared with a tolerance and not rounded; ties go by IDs.
func plainHour(s scenario) (onDemand []float64) {
	left := append([]float64(nil), s.quantities...)
	instances := map[string]float64{}
	for _, r := range s.commitments.Reservations {
		instances[r.ID] = float64(r.Count)
	}
	for _, zonal := range []bool{true, false} {
		for _, size := range []float64{4, 8, 32} {
			for i, u := range s.usages {
				for _, r := range s.commitments.Reservations {
					factor, _ := normalizationFactor(u.InstanceType)
					n, ok := r.instancesFor(u)
					if !ok || factor != size || (r.Zone != "") != zonal {
						continue
					}
					covered := math.Min(left[i], instances[r.ID]/n)
					left[i] -= covered
					instances[r.ID] -= covered * n
				}
			}
		}
	}
	funds := make([]float64, len(s.commitments.Plans))
	for j, p := range s.commitments.Plans {
		funds[j] = p.Commitment
	}
	for _, planType := range []PlanType{EC2InstancePlan, ComputePlan} {
		for {
			bestUsage, bestPlan := -1, -1
			var bestSaving, bestRate float64
			for i, u := range s.usages {
				for j, p := range s.commitments.Plans {
					if p.Offer.Type != planType || !p.reaches(u) || left[i] <= 1e-12 || funds[j] <= 1e-12 {
						continue
					}
					rate := u.PlanRates[p.Offer]
					saving := (u.OnDemandRate - rate) / u.OnDemandRate
					if bestUsage < 0 || saving > bestSaving+1e-7 || (math.Abs(saving-bestSaving) <= 1e-7 && rate < bestRate) {
						bestUsage, bestPlan, bestSaving, bestRate = i, j, saving, rate
					}
				}
			}
			if bestUsage < 0 {
				break
			}
			covered := math.Min(left[bestUsage], funds[bestPlan]/bestRate)
			left[bestUsage] -= covered
			funds[bestPlan] -= covered * bestRate
		}
	}
	return left
}

func TestApplierAgreesWithThePlainRule(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for n := range 5000 {
		s := randomScenario(rng)
		got, want := s.hour(t), plainHour(s)
		for i := range want {
			if math.Abs(got.Usages[i].OnDemandQuantity-want[i]) > 1e-6 {
				t.Fatalf("scenario %d, %s: %v on demand, want %v\n%+v", n, s.usages[i].ID, got.Usages[i].OnDemandQuantity, want[i], s)
			}
		}
	}
}

func TestTallyAddsHoursByWeight(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	s := randomScenario(rng)
	one := s.hour(t)
	for len(one.Plans) == 0 || one.Plans[0].Used == 0 || len(one.Reservations) == 0 || one.Reservations[0].Used == 0 {
		s = randomScenario(rng)
		one = s.hour(t)
	}
	applier, err := NewApplier(s.usages, s.commitments)
	if err != nil {
		t.Fatal(err)
	}
	tally := applier.NewTally()
	for _, hours := range []float64{730.0 / 168, 0, 2} {
		if err := tally.Add(s.quantities, hours); err != nil {
			t.Fatal(err)
		}
	}
	weight := 730.0/168 + 2
	want := one.Total()
	for _, field := range []*float64{&want.ListCost, &want.OnDemandCost, &want.CommitmentCost, &want.UnusedCost, &want.EffectiveCost} {
		*field *= weight
	}
	approx := cmp.Comparer(near)
	if diff := cmp.Diff(weight, tally.Hours, approx) + cmp.Diff(want, tally.Total(), approx); diff != "" {
		t.Errorf("%v hours (-want +got):\n%s", weight, diff)
	}
	for i := range s.usages {
		if !near(tally.Usages[i].Quantity, weight*s.quantities[i]) ||
			!near(tally.Usages[i].OnDemandQuantity, weight*one.Usages[i].OnDemandQuantity) ||
			!near(tally.CoveredByPlan(i, 0), weight*one.CoveredByPlan(i, 0)) ||
			!near(tally.CoveredByReservation(i, 0), weight*one.CoveredByReservation(i, 0)) {
			t.Errorf("usage %d: %+v, want %v times %+v", i, tally.Usages[i], weight, one.Usages[i])
		}
	}
	tally.Reset()
	if err := tally.Add(s.quantities, 1); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one.Usages, tally.Usages) + cmp.Diff(one.Plans, tally.Plans) + cmp.Diff(one.Reservations, tally.Reservations); diff != "" {
		t.Errorf("after Reset (-first +again):\n%s", diff)
	}
}

// validScenario is what the error tests spoil.
func validScenario() ([]EligibleUsage, Commitments) {
	compute := Offer{ComputePlan, "1yr", "No Upfront"}
	family := Offer{EC2InstancePlan, "1yr", "No Upfront"}
	return []EligibleUsage{
			{ID: "web", Kind: KindEC2, InstanceType: "m5.large", Region: "us-east-1", OS: "Linux",
				OnDemandRate: 0.096, PlanRates: map[Offer]float64{compute: 0.07, family: 0.06}},
			{ID: "vcpu", Kind: KindFargate, OnDemandRate: 0.04048, PlanRates: map[Offer]float64{compute: 0.032384}},
		}, Commitments{
			Reservations: []Reservation{{ID: "ri", InstanceType: "m5.large", Region: "us-east-1", OS: "Linux", Count: 1, Rate: 0.06}},
			Plans: []SavingsPlan{
				{ID: "csp", Offer: compute, Commitment: 1},
				{ID: "esp", Offer: family, Family: "m5", Region: "us-east-1", Commitment: 1},
			},
		}
}

func TestNewApplierErrors(t *testing.T) {
	tests := []struct {
		name  string
		spoil func([]EligibleUsage, *Commitments)
		want  string
	}{
		{"valid", func([]EligibleUsage, *Commitments) {}, ""},
		{"no usage ID", func(u []EligibleUsage, _ *Commitments) { u[0].ID = "" }, `pricing: usage ID "": want one that is unique and not empty`},
		{"usage ID twice", func(u []EligibleUsage, _ *Commitments) { u[0].ID = "vcpu" }, `pricing: usage ID "vcpu": want one that is unique and not empty`},
		{"no kind", func(u []EligibleUsage, _ *Commitments) { u[1].Kind = "" }, `pricing: usage "vcpu": kind "": want EC2, FARGATE, LAMBDA or OTHER`},
		{"on-demand rate", func(u []EligibleUsage, _ *Commitments) { u[1].OnDemandRate = math.NaN() }, `pricing: usage "vcpu": on-demand rate NaN: want 0 or more`},
		{"instance type", func(u []EligibleUsage, _ *Commitments) { u[0].InstanceType = "m5" }, `pricing: usage "web": instance type "m5": want one such as m5.large`},
		{"no OS", func(u []EligibleUsage, _ *Commitments) { u[0].OS = "" }, `pricing: usage "web": want a region and an OS for EC2`},
		{"tenancy", func(u []EligibleUsage, _ *Commitments) { u[0].Tenancy = "default" }, `pricing: usage "web": tenancy "default": want Shared, Dedicated or Host`},
		{"missing plan rate", func(u []EligibleUsage, c *Commitments) { delete(u[1].PlanRates, c.Plans[0].Offer) }, `pricing: usage "vcpu" has no Compute 1yr No Upfront Savings Plans rate`},
		{"two missing", func(_ []EligibleUsage, c *Commitments) { c.Plans[0].Offer.Term = "3yr" }, "pricing: usage \"web\" has no Compute 3yr No Upfront Savings Plans rate\npricing: usage \"vcpu\" has no Compute 3yr No Upfront Savings Plans rate"},
		{"plan rate above on-demand", func(u []EligibleUsage, c *Commitments) { u[1].PlanRates[c.Plans[0].Offer] = 0.05 }, `pricing: usage "vcpu": Compute 1yr No Upfront rate 0.05 USD: want one above 0 and up to the on-demand rate, 0.04048 USD`},
		{"plan rate zero", func(u []EligibleUsage, c *Commitments) { u[1].PlanRates[c.Plans[0].Offer] = 0 }, `pricing: usage "vcpu": Compute 1yr No Upfront rate 0 USD: want one above 0 and up to the on-demand rate, 0.04048 USD`},
		{"ID of plan and reservation", func(_ []EligibleUsage, c *Commitments) { c.Plans[0].ID = "ri" }, `pricing: savings plan ID "ri": want one that is unique and not empty`},
		{"plan type", func(_ []EligibleUsage, c *Commitments) { c.Plans[0].Offer.Type = "SageMaker" }, `pricing: savings plan "csp": type "SageMaker": want Compute or EC2Instance`},
		{"no family", func(_ []EligibleUsage, c *Commitments) { c.Plans[1].Family = "" }, `pricing: savings plan "esp": want the family and region of an EC2Instance plan`},
		{"compute plan in a region", func(_ []EligibleUsage, c *Commitments) { c.Plans[0].Region = "us-east-1" }, `pricing: savings plan "csp": a Compute plan has no family and no region`},
		{"commitment", func(_ []EligibleUsage, c *Commitments) { c.Plans[0].Commitment = math.Inf(1) }, `pricing: savings plan "csp": commitment +Inf: want 0 or more`},
		{"count", func(_ []EligibleUsage, c *Commitments) { c.Reservations[0].Count = -1 }, `pricing: reservation "ri": count -1: want 0 or more`},
		{"reservation rate", func(_ []EligibleUsage, c *Commitments) { c.Reservations[0].Rate = -1 }, `pricing: reservation "ri": rate -1: want 0 or more`},
		{"reservation type", func(_ []EligibleUsage, c *Commitments) { c.Reservations[0].InstanceType = ".large" }, `pricing: reservation "ri": instance type ".large": want one such as m5.large`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			usages, commitments := validScenario()
			tt.spoil(usages, &commitments)
			_, err := NewApplier(usages, commitments)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMissingPlanRateIsTyped(t *testing.T) {
	usages, commitments := validScenario()
	delete(usages[1].PlanRates, commitments.Plans[0].Offer)
	_, err := NewApplier(usages, commitments)
	var missing *MissingPlanRateError
	if !errors.As(err, &missing) || missing.UsageID != "vcpu" || missing.Offer != commitments.Plans[0].Offer {
		t.Errorf("got %#v, want a *MissingPlanRateError of vcpu", err)
	}
}

func TestAddErrorsLeaveTheTallyAlone(t *testing.T) {
	usages, commitments := validScenario()
	applier, err := NewApplier(usages, commitments)
	if err != nil {
		t.Fatal(err)
	}
	tally := applier.NewTally()
	tests := []struct {
		quantities []float64
		hours      float64
		want       string
	}{
		{[]float64{1}, 1, "pricing: got 1 quantities for 2 usages"},
		{[]float64{1, -1}, 1, "pricing: usage 1: quantity -1: want 0 or more"},
		{[]float64{1, math.NaN()}, 1, "pricing: usage 1: quantity NaN: want 0 or more"},
		{[]float64{1, 1}, -1, "pricing: hours -1: want 0 or more"},
	}
	for _, tt := range tests {
		if err := tally.Add(tt.quantities, tt.hours); err == nil || err.Error() != tt.want {
			t.Errorf("Add(%v, %v): %v, want %s", tt.quantities, tt.hours, err, tt.want)
		}
	}
	if tally.Hours != 0 || tally.Total() != (CostTotal{}) {
		t.Errorf("after errors: %v hours, %+v; want none", tally.Hours, tally.Total())
	}
	if _, err := applier.WithCommitments([]float64{1}); err == nil || err.Error() != "pricing: got 1 commitments for 2 savings plans" {
		t.Errorf("WithCommitments of one: %v", err)
	}
	if _, err := applier.WithCommitments([]float64{1, -2}); err == nil || err.Error() != "pricing: savings plan 1: commitment -2: want 0 or more" {
		t.Errorf("WithCommitments of -2: %v", err)
	}
}

func TestWithCommitmentsLeavesTheFirstAlone(t *testing.T) {
	usages, commitments := validScenario()
	applier, err := NewApplier(usages, commitments)
	if err != nil {
		t.Fatal(err)
	}
	other, err := applier.WithCommitments([]float64{7, 0})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		applier *Applier
		want    float64
	}{{applier, 2 + 0.06}, {other, 7 + 0.06}} {
		tally := tt.applier.NewTally()
		if err := tally.Add([]float64{1, 1}, 1); err != nil {
			t.Fatal(err)
		}
		if got := tally.Total().CommitmentCost; !near(got, tt.want) {
			t.Errorf("commitment cost %v, want %v", got, tt.want)
		}
	}
}

// manyUsages makes n lines as an organisation has them: two thirds Fargate,
// one third EC2, with an EC2 Instance plan, two Compute plans and a
// reservation.
func manyUsages(n int) ([]EligibleUsage, Commitments) {
	compute, long := Offer{ComputePlan, "1yr", "No Upfront"}, Offer{ComputePlan, "3yr", "All Upfront"}
	family := Offer{EC2InstancePlan, "1yr", "No Upfront"}
	rng := rand.New(rand.NewPCG(9, 9))
	usages := make([]EligibleUsage, n)
	for i := range usages {
		rate := 0.01 + rng.Float64()
		usages[i] = EligibleUsage{ID: fmt.Sprintf("u%04d", i), Kind: KindFargate, OnDemandRate: rate, PlanRates: map[Offer]float64{
			compute: rate * (0.7 + 0.2*rng.Float64()), long: rate * (0.45 + 0.2*rng.Float64()), family: rate * 0.6,
		}}
		if i%3 == 0 {
			usages[i].Kind, usages[i].InstanceType = KindEC2, pick(rng, []string{"m5.large", "r5.xlarge", "c6i.2xlarge"})
			usages[i].Region, usages[i].OS = "us-east-1", "Linux"
		}
	}
	perHour := float64(n) // about a fifth of n × 10 units × 0.5 USD each
	return usages, Commitments{
		Reservations: []Reservation{{ID: "ri", InstanceType: "c6i.large", Region: "us-east-1", OS: "Linux", Count: n / 4, Rate: 0.05}},
		Plans: []SavingsPlan{
			{ID: "esp", Offer: family, Family: "m5", Region: "us-east-1", Commitment: 0.05 * perHour},
			{ID: "csp", Offer: compute, Commitment: 0.6 * perHour},
			{ID: "csp-3yr", Offer: long, Commitment: 0.3 * perHour},
		},
	}
}

// manyHours gives each usage a daily and weekly shape with noise.
func manyHours(hours, usages int) [][]float64 {
	rng := rand.New(rand.NewPCG(10, 10))
	all := make([][]float64, hours)
	for h := range all {
		shape := 1 + 0.5*math.Sin(2*math.Pi*float64(h)/24) + 0.2*math.Sin(2*math.Pi*float64(h)/168)
		all[h] = make([]float64, usages)
		for i := range all[h] {
			all[h][i] = 10 * shape * rng.Float64()
		}
	}
	return all
}

func TestAddDoesNotAllocate(t *testing.T) {
	usages, commitments := manyUsages(100)
	applier, err := NewApplier(usages, commitments)
	if err != nil {
		t.Fatal(err)
	}
	tally, quantities := applier.NewTally(), manyHours(1, 100)[0]
	if n := testing.AllocsPerRun(100, func() {
		if err := tally.Add(quantities, 1); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("Add allocates %v times, want never", n)
	}
}

// BenchmarkApplier is a year of 1,000 usages under one reservation and three
// plans; the week is the estimate's 168 hours of 20 usages, with NewApplier.
func BenchmarkApplier(b *testing.B) {
	b.Run("year-of-1000", func(b *testing.B) {
		usages, commitments := manyUsages(1000)
		applier, err := NewApplier(usages, commitments)
		if err != nil {
			b.Fatal(err)
		}
		tally, hours := applier.NewTally(), manyHours(8760, 1000)
		b.ReportAllocs()
		for b.Loop() {
			tally.Reset()
			for _, q := range hours {
				if err := tally.Add(q, 1); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("week-of-20", func(b *testing.B) {
		usages, commitments := manyUsages(20)
		hours := manyHours(168, 20)
		b.ReportAllocs()
		for b.Loop() {
			applier, err := NewApplier(usages, commitments)
			if err != nil {
				b.Fatal(err)
			}
			tally := applier.NewTally()
			for _, q := range hours {
				if err := tally.Add(q, 730.0/168); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("new-of-1000", func(b *testing.B) {
		usages, commitments := manyUsages(1000)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := NewApplier(usages, commitments); err != nil {
				b.Fatal(err)
			}
		}
	})
}
