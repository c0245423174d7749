package pricing

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// scenario is a random hour: usages, commitments and quantities.
type scenario struct {
	usages      []EligibleUsage
	quantities  []float64
	commitments Commitments
}

// randomScenario draws from few rates, families and regions, so that ties,
// shared families and exhausted plans are common.
func randomScenario(rng *rand.Rand) scenario {
	var s scenario
	offers := []Offer{
		{ComputePlan, "1yr", "No Upfront"}, {ComputePlan, "3yr", "All Upfront"},
		{EC2InstancePlan, "1yr", "No Upfront"}, {EC2InstancePlan, "3yr", "All Upfront"},
	}
	families, regions := []string{"m5", "r5"}, []string{"us-east-1", "eu-west-2"}
	sizes, systems := []string{"large", "xlarge", "4xlarge"}, []string{"Linux", "Windows"}
	kinds := []UsageKind{KindEC2, KindEC2, KindFargate, KindLambda, KindOther}
	for i := range 1 + rng.IntN(8) {
		u := EligibleUsage{
			ID: fmt.Sprintf("u%d", i), Kind: pick(rng, kinds),
			OnDemandRate: pick(rng, []float64{0.004, 0.04, 0.096, 1}),
			PlanRates:    map[Offer]float64{},
		}
		if u.Kind == KindEC2 {
			u.InstanceType = pick(rng, families) + "." + pick(rng, sizes)
			u.Region, u.OS, u.Zone = pick(rng, regions), pick(rng, systems), pick(rng, []string{"", "a", "b"})
		}
		for _, o := range offers {
			u.PlanRates[o] = u.OnDemandRate * pick(rng, []float64{0.5, 0.75, 0.8, 1})
		}
		s.usages = append(s.usages, u)
		s.quantities = append(s.quantities, pick(rng, []float64{0, 1, 3, 40 * rng.Float64()}))
	}
	for i := range rng.IntN(4) {
		p := SavingsPlan{ID: fmt.Sprintf("p%d", i), Offer: pick(rng, offers), Commitment: pick(rng, []float64{0, 0.5, 5 * rng.Float64(), 100})}
		if p.Offer.Type == EC2InstancePlan {
			p.Family, p.Region = pick(rng, families), pick(rng, regions)
		}
		s.commitments.Plans = append(s.commitments.Plans, p)
	}
	for i := range rng.IntN(3) {
		s.commitments.Reservations = append(s.commitments.Reservations, Reservation{
			ID: fmt.Sprintf("r%d", i), InstanceType: pick(rng, families) + "." + pick(rng, sizes),
			Region: pick(rng, regions), OS: pick(rng, systems), Zone: pick(rng, []string{"", "", "a"}),
			Count: rng.IntN(5), Rate: 0.05,
		})
	}
	return s
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// hour applies the commitments to the scenario's one hour.
func (s scenario) hour(t *testing.T) *Tally {
	t.Helper()
	applier, err := NewApplier(s.usages, s.commitments)
	if err != nil {
		t.Fatal(err)
	}
	tally := applier.NewTally()
	if err := tally.Add(s.quantities, 1); err != nil {
		t.Fatal(err)
	}
	return tally
}

// near allows for the rounding of a few hundred additions; money here is below
// 1e4 USD, so it is far below a cent.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b)) }

func TestTallyConserves(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 3000 {
		s := randomScenario(rng)
		tally := s.hour(t)
		for i, u := range tally.Usages {
			covered := 0.0
			for j := range tally.Reservations {
				covered += tally.CoveredByReservation(i, j)
			}
			for j := range tally.Plans {
				covered += tally.CoveredByPlan(i, j)
			}
			if !near(covered+u.OnDemandQuantity, s.quantities[i]) || u.OnDemandQuantity < 0 {
				t.Fatalf("%s: covered %v + on demand %v, want %v", s.usages[i].ID, covered, u.OnDemandQuantity, s.quantities[i])
			}
		}
		for j, p := range tally.Plans {
			if !near(p.Used+p.Unused, s.commitments.Plans[j].Commitment) || p.Used < 0 || p.Unused < 0 {
				t.Fatalf("plan %d: used %v + unused %v, want %v", j, p.Used, p.Unused, s.commitments.Plans[j].Commitment)
			}
		}
		for j, r := range tally.Reservations {
			want := float64(s.commitments.Reservations[j].Count) * s.commitments.Reservations[j].Rate
			if !near(r.Used+r.Unused, want) || !near(r.Cost, want) || r.Used < 0 || r.Unused < 0 {
				t.Fatalf("reservation %d: used %v + unused %v, want %v", j, r.Used, r.Unused, want)
			}
		}
		if c := tally.Total(); !near(c.Cost(), c.EffectiveCost+c.UnusedCost) {
			t.Fatalf("cost %v, want effective %v + unused %v", c.Cost(), c.EffectiveCost, c.UnusedCost)
		}
	}
}

func TestPlansCostNoMoreThanTheirUnusedPart(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 3000 {
		s := randomScenario(rng)
		s.commitments.Reservations = nil // a reservation's rate may be above on-demand
		if c := s.hour(t).Total(); c.Cost() > c.ListCost+c.UnusedCost+1e-9 || c.EffectiveCost > c.ListCost+1e-9 {
			t.Fatalf("cost %v, effective %v; want at most list %v + unused %v", c.Cost(), c.EffectiveCost, c.ListCost, c.UnusedCost)
		}
	}
}

// TestMoreCommitmentLeavesLessOnDemand: raising any one commitment leaves no
// usage with more on demand, and uses none of the other plans more.
func TestMoreCommitmentLeavesLessOnDemand(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 3000 {
		s := randomScenario(rng)
		if len(s.commitments.Plans) == 0 {
			continue
		}
		before := s.hour(t)
		raised := rng.IntN(len(s.commitments.Plans))
		s.commitments.Plans[raised].Commitment += 3 * rng.Float64()
		after := s.hour(t)
		for i := range s.usages {
			if was, is := before.Usages[i].OnDemandQuantity, after.Usages[i].OnDemandQuantity; is > was+1e-9 {
				t.Fatalf("%s: %v on demand, was %v before plan %d was raised", s.usages[i].ID, is, was, raised)
			}
		}
		for j := range s.commitments.Plans {
			if was, is := before.Plans[j].Used, after.Plans[j].Used; j != raised && is > was+1e-9 {
				t.Fatalf("plan %d: used %v, was %v before plan %d was raised", j, is, was, raised)
			}
		}
	}
}

// TestInputOrderDoesNotMatter asks for the very same bits.
func TestInputOrderDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for range 2000 {
		s := randomScenario(rng)
		want := s.hour(t)
		usageAt, planAt := rng.Perm(len(s.usages)), rng.Perm(len(s.commitments.Plans))
		reservationAt := rng.Perm(len(s.commitments.Reservations))
		var shuffled scenario
		for _, i := range usageAt {
			shuffled.usages = append(shuffled.usages, s.usages[i])
			shuffled.quantities = append(shuffled.quantities, s.quantities[i])
		}
		for _, j := range planAt {
			shuffled.commitments.Plans = append(shuffled.commitments.Plans, s.commitments.Plans[j])
		}
		for _, j := range reservationAt {
			shuffled.commitments.Reservations = append(shuffled.commitments.Reservations, s.commitments.Reservations[j])
		}
		got := shuffled.hour(t)
		if got.Total() != want.Total() {
			t.Fatalf("shuffled: %+v\nwant      %+v", got.Total(), want.Total())
		}
		for to, from := range usageAt {
			if got.Usages[to] != want.Usages[from] {
				t.Fatalf("%s shuffled: %+v, want %+v", s.usages[from].ID, got.Usages[to], want.Usages[from])
			}
		}
		for to, from := range planAt {
			if got.Plans[to] != want.Plans[from] {
				t.Fatalf("plan %d shuffled: %+v, want %+v", from, got.Plans[to], want.Plans[from])
			}
		}
	}
}

// TestOnePlanIsAnOptimalKnapsack: with one plan AWS's rule covers the most
// on-demand cost that the commitment can. The optimum of a fractional knapsack
// is greedy in some order, so all orders are tried.
func TestOnePlanIsAnOptimalKnapsack(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	offer := Offer{ComputePlan, "1yr", "No Upfront"}
	for range 300 {
		var s scenario
		total := 0.0
		for i := range 1 + rng.IntN(5) {
			onDemand := 0.01 + rng.Float64()
			u := EligibleUsage{
				ID: fmt.Sprintf("u%d", i), Kind: KindFargate, OnDemandRate: onDemand,
				PlanRates: map[Offer]float64{offer: onDemand * (0.3 + 0.7*rng.Float64())},
			}
			s.usages, s.quantities = append(s.usages, u), append(s.quantities, 10*rng.Float64())
			total += s.quantities[i] * u.PlanRates[offer]
		}
		commitment := 1.2 * total * rng.Float64()
		s.commitments.Plans = []SavingsPlan{{ID: "p", Offer: offer, Commitment: commitment}}
		got := s.hour(t).Total().OnDemandCost
		best := math.Inf(1)
		permute(len(s.usages), func(order []int) {
			funds, cost := commitment, 0.0
			for _, i := range order {
				u := s.usages[i]
				covered := min(s.quantities[i], funds/u.PlanRates[offer])
				funds -= covered * u.PlanRates[offer]
				cost += (s.quantities[i] - covered) * u.OnDemandRate
			}
			best = min(best, cost)
		})
		if !near(got, best) {
			t.Fatalf("on-demand cost %v, the best of all orders is %v", got, best)
		}
	}
}

// permute calls visit with every order of 0 … n−1.
func permute(n int, visit func([]int)) {
	order := make([]int, 0, n)
	used := make([]bool, n)
	var extend func()
	extend = func() {
		if len(order) == n {
			visit(order)
			return
		}
		for i := range n {
			if !used[i] {
				used[i] = true
				order = append(order, i)
				extend()
				order = order[:len(order)-1]
				used[i] = false
			}
		}
	}
	extend()
}

// TestBestCommitmentIsAQuantile: where every usage has the same discount d, the
// cheapest commitment is (1−d) times the d-quantile of hourly on-demand spend
// (shared/algorithms.md 5.3: P(D > C/r) = r). It also is how an optimiser uses
// the Applier: one order of application, many commitments.
func TestBestCommitmentIsAQuantile(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	offer := Offer{ComputePlan, "1yr", "No Upfront"}
	for _, discount := range []float64{0.15, 0.2, 0.27, 0.5, 0.52} {
		paid := 1 - discount
		usages := []EligibleUsage{
			{ID: "gb", Kind: KindFargate, OnDemandRate: 0.004, PlanRates: map[Offer]float64{offer: 0.004 * paid}},
			{ID: "vcpu", Kind: KindFargate, OnDemandRate: 0.04, PlanRates: map[Offer]float64{offer: 0.04 * paid}},
		}
		applier, err := NewApplier(usages, Commitments{Plans: []SavingsPlan{{ID: "p", Offer: offer}}})
		if err != nil {
			t.Fatal(err)
		}
		hours := make([][]float64, 100)
		for h := range hours {
			hours[h] = []float64{100 * rng.Float64(), 20 * rng.Float64()}
		}
		best, at, spend := math.Inf(1), 0.0, make([]float64, len(hours))
		for h, q := range hours {
			spend[h] = q[0]*0.004 + q[1]*0.04
			if cost := costOfYear(t, applier, hours, paid*spend[h]); cost < best {
				best, at = cost, spend[h]
			}
		}
		below := 0
		for _, d := range spend {
			if d < at {
				below++
			}
		}
		// at is the k-th smallest of 100: hours strictly below it are k−1.
		if want := discount * float64(len(hours)); math.Abs(float64(below)+0.5-want) > 1 {
			t.Errorf("discount %v: the best commitment covers the spend of %d of 100 hours, want the %v-quantile", discount, below+1, discount)
		}
	}
}

func costOfYear(t *testing.T, a *Applier, hours [][]float64, commitment float64) float64 {
	t.Helper()
	a, err := a.WithCommitments([]float64{commitment})
	if err != nil {
		t.Fatal(err)
	}
	tally := a.NewTally()
	for _, q := range hours {
		if err := tally.Add(q, 1); err != nil {
			t.Fatal(err)
		}
	}
	return tally.Total().Cost()
}
