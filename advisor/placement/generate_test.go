package placement_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"ecsavvy/advisor/placement"
	"ecsavvy/pricing"
)

// catalogueOffers are all current virtual types without GPU of us-east-1 at
// their On-Demand price, trunking on.
func catalogueOffers(t testing.TB) []placement.Offer {
	t.Helper()
	cat := pricing.Embedded()
	var offers []placement.Offer
	for _, kind := range cat.InstanceTypes() {
		if kind.PreviousGeneration || kind.GPUs > 0 || strings.Contains(kind.Name, ".metal") || !math.IsNaN(kind.BurstBaseline) {
			continue
		}
		rate, err := cat.Lookup(pricing.NewSKU("AmazonEC2", "BoxUsage:"+kind.Name, "us-east-1", "operatingSystem=Linux"))
		if err != nil {
			continue // not sold there
		}
		offers = append(offers, placement.Offer{Node: placement.NodeOf(kind, true, false), USDPerHour: rate.Tiers[0].USD})
	}
	return offers
}

// generated is a problem of so many tasks and shapes. Half of the shapes are
// sizes of Fargate, half are any size; 70 % use awsvpc, one in ten of the
// shapes is x86 only, one in ten arm64 only.
func generated(tasks, shapes int, seed uint64, offers []placement.Offer) placement.Problem {
	random := rand.New(rand.NewPCG(seed, uint64(tasks*1000+shapes)))
	p := placement.Problem{Offers: offers, Options: placement.Options{Seed: seed}}
	for i := range shapes {
		s := placement.Shape{Name: fmt.Sprintf("s%02d", i), ENI: random.IntN(10) < 7}
		if random.IntN(2) == 0 {
			s.VCPU = []float64{0.25, 0.25, 0.5, 0.5, 1, 2, 4}[random.IntN(7)]
			s.GB = s.VCPU * float64([]int{2, 2, 3, 4, 4, 8}[random.IntN(6)])
		} else {
			s.VCPU = float64(1+random.IntN(2048)) / 1024
			s.GB = float64(64+random.IntN(8192)) / 1024
		}
		switch random.IntN(10) {
		case 0:
			s.Architecture = "x86_64"
		case 1:
			s.Architecture = "arm64"
		}
		p.Demands = append(p.Demands, placement.Demand{Shape: s, Tasks: 1})
	}
	for range tasks - shapes {
		p.Demands[random.IntN(shapes)].Tasks++
	}
	return p
}

// checkPlan is an independent check of a plan: it shares no code with Solve.
func checkPlan(t testing.TB, p placement.Problem, plan placement.Plan) {
	t.Helper()
	placed := make([]int, len(p.Demands))
	inZone := make([]map[int]int, len(p.Demands))
	usd, spare := 0.0, 0
	inUse := 0
	for _, inst := range plan.Instances {
		offer := p.Offers[inst.Offer]
		if offer.Node.Type != inst.Type || offer.USDPerHour != inst.USDPerHour || inst.Count < 1 {
			t.Fatalf("%+v is not offer %+v", inst, offer)
		}
		usd += float64(inst.Count) * inst.USDPerHour
		if len(inst.Tasks) == 0 {
			spare += inst.Count
			continue
		}
		inUse += inst.Count
		var vcpu, gb float64
		enis, gpus := 0, 0
		ports, byDemand := map[int]bool{}, map[int]int{}
		load := func(s placement.Shape, n int) {
			vcpu += s.VCPU * float64(n)
			gb += s.GB * float64(n)
			gpus += s.GPUs * n
			if s.ENI {
				enis += n
			}
			for _, port := range s.Ports {
				if ports[port] || n > 1 {
					t.Fatalf("host port %d twice on %+v", port, inst)
				}
				ports[port] = true
			}
			if s.Architecture != "" && !strings.Contains(strings.Join(offer.Node.Architectures, " "), s.Architecture) && offer.Node.Architectures != nil {
				t.Fatalf("%s on %v", s.Architecture, offer.Node)
			}
		}
		for _, d := range p.Options.Daemons {
			load(d, 1)
		}
		for _, task := range inst.Tasks {
			if task.Tasks < 1 {
				t.Fatalf("no tasks in %+v", inst)
			}
			load(p.Demands[task.Demand].Shape, task.Tasks)
			if task.Headroom {
				continue
			}
			byDemand[task.Demand] += task.Tasks
			placed[task.Demand] += task.Tasks * inst.Count
			if inZone[task.Demand] == nil {
				inZone[task.Demand] = map[int]int{}
			}
			inZone[task.Demand][inst.Zone] += task.Tasks * inst.Count
		}
		for d, n := range byDemand {
			if n > 1 && p.Demands[d].Shape.Distinct {
				t.Fatalf("%d tasks of %s on one instance", n, p.Demands[d].Shape.Name)
			}
		}
		if vcpu > offer.Node.VCPU+1e-5 || gb > offer.Node.GB+1e-5 || gpus > offer.Node.GPUs || offer.Node.Slots >= 0 && enis > offer.Node.Slots {
			t.Fatalf("%+v does not fit: %g vCPU, %g GB, %d interfaces", inst, vcpu, gb, enis)
		}
	}
	for d, n := range placed {
		want := p.Demands[d].Tasks
		if p.Options.SpareZone {
			each := (want + p.Options.Zones - 2) / (p.Options.Zones - 1)
			want = each * p.Options.Zones
		}
		if n != want {
			t.Fatalf("%d of %d tasks of demand %d placed", n, want, d)
		}
		if p.Options.SpreadZones && !p.Options.SpareZone && p.Options.Zones > 1 {
			for z := 1; z <= p.Options.Zones; z++ {
				if k := inZone[d][z]; k < want/p.Options.Zones || k > (want+p.Options.Zones-1)/p.Options.Zones {
					t.Fatalf("%d of %d tasks in zone %d", k, want, z)
				}
			}
		}
	}
	if c := p.Options.TargetCapacity; c > 0 && float64(inUse)*100 > c*float64(inUse+spare)+1e-6 {
		t.Fatalf("%d of %d instances in use, target %g %%", inUse, inUse+spare, c)
	}
	if math.Abs(usd-plan.USDPerHour) > 1e-9*usd || plan.Bound > usd*(1+1e-12) {
		t.Fatalf("costs %g, says %g, bound %g", usd, plan.USDPerHour, plan.Bound)
	}
}
