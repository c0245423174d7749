package placement_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ecsavvy/advisor/placement"
)

func solve(t testing.TB, p placement.Problem) placement.Plan {
	t.Helper()
	plan, err := placement.Solve(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, p, plan)
	return plan
}

// tiny is a problem of at most seven tasks on at most four types, with every
// kind of constraint, that brute force can solve.
func tiny(random *rand.Rand) placement.Problem {
	p := placement.Problem{}
	for i := range 1 + random.IntN(4) {
		p.Offers = append(p.Offers, placement.Offer{
			Node: placement.Node{
				Type: "t" + string(rune('a'+i)), VCPU: float64(2 + 2*random.IntN(4)), GB: 2 + float64(random.IntN(16)),
				Slots: random.IntN(6) - 1, Architectures: [][]string{{"x86_64"}, {"arm64"}, {"x86_64", "arm64"}, nil}[random.IntN(4)],
			},
			USDPerHour: 0.05 + random.Float64(),
		})
	}
	if random.IntN(3) == 0 {
		p.Options.Daemons = []placement.Shape{{Name: "agent", VCPU: 0.1, GB: 0.25, Ports: []int{9100}}}
	}
	tasks := 1 + random.IntN(6)
	for tasks > 0 {
		n := 1 + random.IntN(min(3, tasks))
		tasks -= n
		s := placement.Shape{Name: string(rune('a' + len(p.Demands))), VCPU: 0.1 + 1.8*random.Float64(), GB: 0.2 + 2*random.Float64(), ENI: random.IntN(2) == 0}
		switch random.IntN(6) {
		case 0:
			s.Ports = []int{80 + random.IntN(2)}
		case 1:
			s.Distinct = true
		case 2:
			s.Architecture = "x86_64"
		}
		p.Demands = append(p.Demands, placement.Demand{Shape: s, Tasks: n})
	}
	return p
}

// bruteForce is the least cost over all partitions of the tasks, or +Inf.
func bruteForce(p placement.Problem) float64 {
	var tasks []int
	for d := range p.Demands {
		for range p.Demands[d].Tasks {
			tasks = append(tasks, d)
		}
	}
	holds := func(f placement.Offer, block []int) bool {
		var vcpu, gb float64
		enis := 0
		seen, ports := map[int]bool{}, map[int]bool{}
		shapes := slices.Clone(p.Options.Daemons)
		for _, d := range block {
			s := p.Demands[d].Shape
			if s.Distinct && seen[d] {
				return false
			}
			seen[d] = true
			shapes = append(shapes, s)
		}
		for _, s := range shapes {
			vcpu, gb = vcpu+s.VCPU, gb+s.GB
			if s.ENI {
				enis++
			}
			if s.Architecture != "" && f.Node.Architectures != nil && !slices.Contains(f.Node.Architectures, s.Architecture) {
				return false
			}
			for _, port := range s.Ports {
				if ports[port] {
					return false
				}
				ports[port] = true
			}
		}
		return vcpu <= f.Node.VCPU+1e-6 && gb <= f.Node.GB+1e-6 && (f.Node.Slots < 0 || enis <= f.Node.Slots)
	}
	least := func(offers []placement.Offer) float64 {
		best := math.Inf(1)
		var blocks [][]int
		var place func(i int)
		place = func(i int) {
			if i == len(tasks) {
				usd := 0.0
				for _, b := range blocks {
					price := math.Inf(1)
					for _, f := range offers {
						if holds(f, b) {
							price = math.Min(price, f.USDPerHour)
						}
					}
					usd += price
				}
				best = math.Min(best, usd)
				return
			}
			for b := range blocks {
				blocks[b] = append(blocks[b], tasks[i])
				place(i + 1)
				blocks[b] = blocks[b][:len(blocks[b])-1]
			}
			blocks = append(blocks, []int{tasks[i]})
			place(i + 1)
			blocks = blocks[:len(blocks)-1]
		}
		place(0)
		return best
	}
	if !p.Options.Homogeneous {
		return least(p.Offers)
	}
	best := math.Inf(1)
	for i := range p.Offers {
		best = math.Min(best, least(p.Offers[i:i+1]))
	}
	return best
}

// On small problems the plan is the optimum, and known to be; an error means
// that there is no plan at all.
func TestEqualsBruteForce(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4)) // fixed seed: same cases every run
	solved := 0
	for range 1500 {
		p := tiny(random)
		p.Options.Homogeneous = random.IntN(2) == 0
		want := bruteForce(p)
		plan, err := placement.Solve(context.Background(), p)
		if err != nil {
			if !math.IsInf(want, 1) {
				t.Fatalf("%+v: %v, brute force finds %g", p, err, want)
			}
			continue
		}
		solved++
		checkPlan(t, p, plan)
		if math.Abs(plan.USDPerHour-want) > 1e-9 || plan.Status != placement.Optimal {
			t.Fatalf("%+v: %g, %v; brute force finds %g", p, plan.USDPerHour, plan, want)
		}
	}
	if solved < 500 {
		t.Errorf("only %d of 1500 cases had a plan", solved)
	}
}

// The same on ladders of types, each twice the one below and no dearer: there
// one large instance stands for two small ones, but not where network
// interfaces, host ports or distinctInstance forbid it.
func TestEqualsBruteForceOnLadders(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8)) // fixed seed: same cases every run
	for range 400 {
		p := tiny(random)
		p.Offers, p.Options.Daemons = nil, nil
		for f := range 1 + random.IntN(2) {
			vcpu, gb, usd, slots := 2.0, 2+float64(random.IntN(4)), 0.05+0.1*random.Float64(), random.IntN(4)-1
			for size := range 3 {
				p.Offers = append(p.Offers, placement.Offer{
					Node:       placement.Node{Type: string(rune('a'+f)) + string(rune('0'+size)), VCPU: vcpu, GB: gb, Slots: slots},
					USDPerHour: usd,
				})
				vcpu, gb, usd = 2*vcpu, 2*gb+0.25, 2*usd
				if slots > 0 {
					slots += 1 + random.IntN(slots+1)
				}
			}
		}
		want := bruteForce(p)
		plan, err := placement.Solve(context.Background(), p)
		if err != nil {
			if !math.IsInf(want, 1) {
				t.Fatalf("%+v: %v, brute force finds %g", p, err, want)
			}
			continue
		}
		checkPlan(t, p, plan)
		if math.Abs(plan.USDPerHour-want) > 1e-9 || plan.Status != placement.Optimal {
			t.Fatalf("%+v: %g, %v; brute force finds %g", p, plan.USDPerHour, plan, want)
		}
	}
}

// Hundreds of shapes are placed by their dimensions alone.
func TestManyShapes(t *testing.T) {
	p := generated(4000, 400, 1, catalogueOffers(t))
	for _, homogeneous := range []bool{false, true} {
		for i := range p.Demands {
			p.Demands[i].Shape.Architecture = "arm64"
		}
		p.Options.Homogeneous = homogeneous
		if plan := solve(t, p); plan.Gap > map[bool]float64{true: 0.01, false: 0.2}[homogeneous] {
			t.Errorf("one type %v: gap %g", homogeneous, plan.Gap)
		}
	}
}

// No plan costs more than plain first-fit decreasing on the cheapest type.
func TestNeverAboveFirstFit(t *testing.T) {
	offers := catalogueOffers(t)
	for seed := range uint64(12) {
		p := generated(5+int(seed)*17, 1+int(seed)%7, seed, offers)
		for _, homogeneous := range []bool{false, true} {
			p.Options.Homogeneous, p.Options.Effort = homogeneous, 2_000_000
			best := math.Inf(1)
			for _, f := range offers {
				if packing, err := placement.FirstFit(p.Demands, f.Node); err == nil {
					best = math.Min(best, float64(packing.Instances)*f.USDPerHour)
				}
			}
			plan, err := placement.Solve(context.Background(), p)
			if err != nil {
				continue // both architectures in a group of one type
			}
			checkPlan(t, p, plan)
			if plan.USDPerHour > best*(1+1e-9) {
				t.Errorf("seed %d: %g, first fit %g", seed, plan.USDPerHour, best)
			}
		}
	}
}

// One task more never costs less: exactly where optima are known, else never
// less than the bound without it.
func TestMoreTasksCostNoLess(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6)) // fixed seed
	for range 200 {
		p := tiny(random)
		plan, err := placement.Solve(context.Background(), p)
		if err != nil {
			continue
		}
		p.Demands[random.IntN(len(p.Demands))].Tasks++
		if more := solve(t, p); more.USDPerHour < plan.USDPerHour-1e-9 {
			t.Fatalf("%+v: one task more costs %g instead of %g", p, more.USDPerHour, plan.USDPerHour)
		}
	}
	offers := catalogueOffers(t)
	for seed := range uint64(5) {
		p := generated(15, 6, seed, offers)
		plan := solve(t, p)
		for i := range 8 {
			p.Demands[i%6].Tasks++
			more := solve(t, p)
			if more.Status != placement.Optimal || more.USDPerHour < plan.USDPerHour-1e-9 {
				t.Errorf("seed %d: %v, one task more costs %g instead of %g", seed, more.Status, more.USDPerHour, plan.USDPerHour)
			}
			plan = more
		}
	}
	for seed := range uint64(4) {
		p := generated(60, 4, seed, offers)
		plan := solve(t, p)
		p.Demands[0].Tasks++
		if more := solve(t, p); more.USDPerHour < plan.Bound {
			t.Errorf("seed %d: %g with a task more, bound %g without", seed, more.USDPerHour, plan.Bound)
		}
	}
}

func TestOrderOfInputDoesNotMatter(t *testing.T) {
	offers := catalogueOffers(t)
	for seed := range uint64(4) {
		p := generated(80, 6, seed, offers)
		p.Options.Zones, p.Options.SpreadZones = 1+int(seed%3), true
		p.Options.Effort = 3_000_000
		want := solve(t, p)
		random := rand.New(rand.NewPCG(seed, 1))
		p.Demands, p.Offers = slices.Clone(p.Demands), slices.Clone(p.Offers)
		random.Shuffle(len(p.Demands), func(i, j int) { p.Demands[i], p.Demands[j] = p.Demands[j], p.Demands[i] })
		random.Shuffle(len(p.Offers), func(i, j int) { p.Offers[i], p.Offers[j] = p.Offers[j], p.Offers[i] })
		got := solve(t, p)
		if got.USDPerHour != want.USDPerHour || got.Bound != want.Bound || len(got.Instances) != len(want.Instances) {
			t.Fatalf("seed %d: %g, bound %g; reordered %g, bound %g", seed, want.USDPerHour, want.Bound, got.USDPerHour, got.Bound)
		}
		for i := range got.Instances {
			if a, b := got.Instances[i], want.Instances[i]; a.Type != b.Type || a.Count != b.Count {
				t.Fatalf("seed %d: instance %d is %+v, reordered %+v", seed, i, b, a)
			}
		}
	}
}

// The packing example of algorithms.md 9 by the optimiser.
func TestSolveAwsvpcTasksOnM5Large(t *testing.T) {
	for slots, want := range map[int]int{2: 6, 10: 2} {
		plan := solve(t, placement.Problem{
			Demands: []placement.Demand{{Shape: placement.Shape{Name: "web", VCPU: 0.25, GB: 0.5, ENI: true}, Tasks: 12}},
			Offers:  []placement.Offer{{Node: placement.Node{Type: "m5.large", VCPU: 2, GB: 7.5, Slots: slots}, USDPerHour: 0.096}},
			Options: placement.Options{Homogeneous: true},
		})
		if plan.Count() != want || plan.Status != placement.Optimal {
			t.Errorf("%d interfaces: %d instances, %v, want %d", slots, plan.Count(), plan.Status, want)
		}
	}
}

// Spare capacity, worked by hand: 12 tasks of half an instance are 6
// instances.
func TestSpareCapacity(t *testing.T) {
	for _, c := range []struct {
		name    string
		options placement.Options
		want    int
	}{
		{"none", placement.Options{}, 6},
		{"three zones", placement.Options{Zones: 3, SpreadZones: true}, 6},
		{"four tasks of five zones: 3, 3, 2, 2, 2", placement.Options{Zones: 5, SpreadZones: true}, 7},
		{"a zone may be lost: 6 tasks in each of 3", placement.Options{Zones: 3, SpareZone: true}, 9},
		{"N+1 in each of 3 zones", placement.Options{Zones: 3, SpreadZones: true, SpareInstances: 1}, 9},
		{"room for one task more", placement.Options{HeadroomLargest: true}, 7},
		{"room for half as many more", placement.Options{HeadroomPercent: 50}, 9},
		{"target capacity 80 %: 6 of 8", placement.Options{TargetCapacity: 80}, 8},
		{"a daemon leaves room for one", placement.Options{Daemons: []placement.Shape{{VCPU: 0.1, GB: 0.1}}}, 12},
	} {
		for _, homogeneous := range []bool{true, false} {
			c.options.Homogeneous = homogeneous
			plan := solve(t, placement.Problem{
				Demands: []placement.Demand{{Shape: placement.Shape{Name: "web", VCPU: 1, GB: 1}, Tasks: 12}},
				Offers:  []placement.Offer{{Node: placement.Node{Type: "t", VCPU: 2, GB: 8, Slots: -1}, USDPerHour: 0.1}},
				Options: c.options,
			})
			if plan.Count() != c.want {
				t.Errorf("%s: %d instances, want %d", c.name, plan.Count(), c.want)
			}
			if homogeneous && plan.Status != placement.Optimal {
				t.Errorf("%s: %v", c.name, plan.Status)
			}
		}
	}
}

func TestNoRoom(t *testing.T) {
	node := func(name string, vcpu, gb float64) placement.Offer {
		return placement.Offer{Node: placement.Node{Type: name, VCPU: vcpu, GB: gb, Slots: -1, Architectures: []string{"arm64"}}, USDPerHour: vcpu / 20}
	}
	_, err := placement.Solve(context.Background(), placement.Problem{
		Demands: []placement.Demand{{Shape: placement.Shape{VCPU: 4, GB: 300, Architecture: "arm64"}, Tasks: 1}},
		Offers:  []placement.Offer{node("c7g.16xlarge", 64, 124), node("m7g.16xlarge", 64, 249)},
		Region:  "eu-west-2", Limits: "families c7g,m7g",
		Elsewhere: []placement.Offer{node("x2gd.16xlarge", 64, 998), node("r7g.16xlarge", 63, 499)},
	})
	want := "placement: no instance type in eu-west-2 holds 4 vCPU + 300 GB on arm64 under families c7g,m7g; smallest that would: r7g.16xlarge"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestBadInput(t *testing.T) {
	offer := []placement.Offer{{Node: placement.Node{Type: "t", VCPU: 2, GB: 8}, USDPerHour: 0.1}}
	for _, c := range []struct {
		p    placement.Problem
		want string
	}{
		{placement.Problem{}, "no instance type is on offer"},
		{placement.Problem{Offers: []placement.Offer{{}}}, "has no price"},
		{placement.Problem{Offers: offer, Demands: []placement.Demand{{Tasks: -1}}}, "negative"},
		{placement.Problem{Offers: offer, Demands: []placement.Demand{{Shape: placement.Shape{VCPU: math.NaN()}, Tasks: 1}}}, "no number"},
		{placement.Problem{Offers: offer, Options: placement.Options{SpareZone: true}}, "two zones"},
		{placement.Problem{Offers: offer, Options: placement.Options{TargetCapacity: 120}}, "1 to 100"},
	} {
		if _, err := placement.Solve(context.Background(), c.p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// A cancelled context still gives a plan and a bound.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := generated(500, 20, 1, catalogueOffers(t))
	plan, err := placement.Solve(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, p, plan)
	if plan.Status == placement.WithinGap || !(plan.Bound > 0) {
		t.Errorf("%v, bound %g", plan.Status, plan.Bound)
	}
}
