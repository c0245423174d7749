package placement

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// Solve places the tasks of a problem. The plan has a proven bound; equal
// problems have equal plans, in whatever order they name demands and offers.
// Where the context ends first, the best plan so far is returned with Status
// Interrupted. A *NoRoomError names a task that fits no offer.
func Solve(ctx context.Context, p Problem) (Plan, error) {
	if err := p.check(); err != nil {
		return Plan{}, err
	}
	effort := p.Options.Effort
	if effort == 0 {
		effort = DefaultEffort
		if tasks := p.tasks(); tasks < ExactTasks {
			effort = ExactEffort
		}
	}
	zones := p.zones()
	plan := Plan{Status: Optimal}
	var solved []zoneResult
	for z, wanted := range zones {
		result := reuse(solved, wanted)
		if result == nil {
			var err error
			result, err = p.solveZone(ctx, wanted, effort/len(zones))
			if err != nil {
				return Plan{}, err
			}
			solved = append(solved, *result)
		}
		zone := z + 1
		if len(zones) == 1 {
			zone = 0
		}
		plan.Instances = append(plan.Instances, result.instances(&p, zone, wanted)...)
		plan.USDPerHour += result.usd
		plan.Bound += math.Min(result.bound, result.usd)
	}
	if plan.Bound >= plan.USDPerHour*(1-1e-7) {
		plan.Bound = plan.USDPerHour
	} else {
		plan.Status = WithinGap
		if ctx.Err() != nil {
			plan.Status = Interrupted
		}
	}
	if plan.Bound > 0 {
		plan.Gap = plan.USDPerHour/plan.Bound - 1
	}
	plan.Binding = p.binding(plan)
	return plan, nil
}

func (p *Problem) tasks() int {
	n := 0
	for _, d := range p.Demands {
		n += d.Tasks
	}
	return n
}

// zones splits the demands over zones and adds the room to keep.
func (p *Problem) zones() [][]want {
	o := p.Options
	count := 1
	if o.SpreadZones || o.SpareZone {
		count = max(1, o.Zones)
	}
	zones := make([][]want, count)
	var big Demand
	bigSize, bigIndex := -1.0, 0
	// The order that decides which zone takes a remainder is not the input's.
	order := make([]int, len(p.Demands))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := p.Demands[a], p.Demands[b]
		return cmp.Or(compareShapes(x.Shape, y.Shape), cmp.Compare(x.Shape.Name, y.Shape.Name), cmp.Compare(x.Tasks, y.Tasks))
	})
	at := 0
	for _, i := range order {
		d := p.Demands[i]
		if d.Tasks == 0 {
			continue
		}
		if size := sizeOf(d.Shape); size > bigSize {
			big, bigSize, bigIndex = d, size, i
		}
		for z := range count {
			tasks := d.Tasks / count
			if (z-at%count+count)%count < d.Tasks%count {
				tasks++
			}
			if o.SpareZone {
				tasks = (d.Tasks + count - 2) / (count - 1)
			}
			zones[z] = append(zones[z], want{Demand: Demand{d.Shape, tasks}, index: i})
			if extra := int(math.Ceil(float64(tasks)*o.HeadroomPercent/100 - 1e-9)); extra > 0 {
				zones[z] = append(zones[z], want{Demand: Demand{d.Shape, extra}, index: i, headroom: true})
			}
		}
		at += d.Tasks % count
	}
	if o.HeadroomLargest && bigSize >= 0 {
		for z := range zones {
			zones[z] = append(zones[z], want{Demand: Demand{big.Shape, 1}, index: bigIndex, headroom: true})
		}
	}
	return zones
}

// sizeOf weighs a task as AWS's split cost allocation does: a vCPU as 9 GB.
// Source: docs.aws.amazon.com/cur/latest/userguide/example-split-cost-allocation-data.html.
func sizeOf(s Shape) float64 { return 9*s.VCPU + s.GB }

// zoneResult is the placement of one zone.
type zoneResult struct {
	wanted     []want
	m          *model
	lots       []lot
	spare      lot // instances that stand empty
	usd, bound float64
}

// reuse finds a zone with the same demands that is solved.
func reuse(solved []zoneResult, wanted []want) *zoneResult {
	for i := range solved {
		if slices.EqualFunc(solved[i].wanted, wanted, func(a, b want) bool {
			return a.Tasks == b.Tasks && a.index == b.index && a.headroom == b.headroom
		}) {
			return &solved[i]
		}
	}
	return nil
}

func (p *Problem) solveZone(ctx context.Context, wanted []want, effort int) (*zoneResult, error) {
	m, err := newModel(p, wanted)
	if err != nil {
		return nil, err
	}
	r := &zoneResult{wanted: wanted, m: m}
	if len(m.items) == 0 {
		return r, nil
	}
	done := func() bool { return ctx.Err() != nil }
	random := rand.New(rand.NewPCG(p.Options.Seed, 1))
	if p.Options.Homogeneous {
		return r, r.oneKind(p, effort, done, random)
	}
	s := newSearch(m, effort, done)
	l, bound := s.mixed(random)
	r.lots, r.usd, r.bound = l.lots, l.usd, bound
	r.addSpares(p)
	return r, nil
}

// spares is how many instances run beside n in use.
func (o Options) spares(n int) int {
	extra := o.SpareInstances
	if o.TargetCapacity > 0 {
		extra = max(extra, int(math.Ceil(float64(n)*100/o.TargetCapacity-1e-9))-n)
	}
	return extra
}

// addSpares adds the empty instances of a mixed placement, of the largest kind
// in use, so that any one of them can be lost. Of the bound it is known only
// that each spare costs at least the cheapest kind that holds some task.
func (r *zoneResult) addSpares(p *Problem) {
	n, big := 0, 0
	for _, a := range r.lots {
		n += a.count
		big = max(big, a.kind)
	}
	if extra := p.Options.spares(n); extra > 0 {
		r.spare = lot{kind: big, count: extra}
		r.usd += float64(extra) * r.m.kinds[big].usd
		r.bound += float64(p.Options.spares(1)) * r.m.kinds[0].usd
	}
}

// mixed is the cheapest mix of kinds that the search finds, and its bound.
func (s *search) mixed(random *rand.Rand) (layout, float64) {
	r := s.relax()
	best := layout{usd: math.Inf(1)}
	keep := func(l layout, ok bool) {
		if ok && l.usd < best.usd/roundUp {
			best = l
		}
	}
	for _, l := range s.m.firstFits(len(s.m.items) > masterRows) {
		keep(l, true)
		keep(s.shrink(l), true)
	}
	if len(s.m.items) > masterRows {
		l := s.proportional()
		keep(l, true)
		keep(s.shrink(l), true)
		return best, min(r.bound, best.usd)
	}
	kinds := s.shortlist(&r, 0.12)
	for _, up := range []float64{1, 0.9, 0.7, 0.5} {
		l, ok := s.rounded(&r, kinds, up)
		keep(l, ok)
	}
	lots, ok := s.construct(r.y, s.m.demand(), kinds)
	keep(s.m.layout(lots), ok)
	l, ok := s.dive(&r, kinds)
	keep(l, ok)
	best = s.shrink(best)
	near := s.shortlist(&r, 0.03)
	best = s.improve(best, r.y, near, r.bound, 60, random)
	bound := r.bound
	if best.usd <= bound*roundUp || s.stopped() {
		return best, min(bound, best.usd)
	}
	c := s.newCover(&r, best.usd, random)
	for round := 0; round < 12 && best.usd > bound*roundUp && !s.stopped(); round++ {
		// Search and repair in turns: each has what the other needs.
		s.within(3, func() { bound, best = c.tighten(bound, best) })
		best = s.improve(best, r.y, []([]int){near, kinds}[round%2], bound, 150, random)
	}
	return best, min(bound, best.usd)
}

// shortlist are the kinds whose best pattern wastes at most a share of its
// price, and for each item the kind that holds it for least.
func (s *search) shortlist(r *relaxation, waste float64) []int {
	keep := make([]bool, len(s.m.kinds))
	demand := s.m.demand()
	for _, c := range s.firstBasis(demand) {
		keep[c.kind] = true
	}
	for t := range s.m.kinds {
		keep[t] = keep[t] || s.worth(r.y, t, demand) >= (1-waste)*s.m.kinds[t].usd
	}
	var kinds []int
	for t, k := range keep {
		if k {
			kinds = append(kinds, t)
		}
	}
	return kinds
}

// instances words a zone's placement, telling the tasks of merged demands
// apart again.
func (r *zoneResult) instances(p *Problem, zone int, wanted []want) []InstanceCount {
	left := make([][]source, len(r.m.items))
	for i := range left {
		left[i] = slices.Clone(r.m.items[i].from)
	}
	var out []InstanceCount
	for _, a := range r.lots {
		for a.count > 0 {
			tasks, times := draw(p, left, a)
			out = append(out, r.row(p, a.kind, times, zone, tasks))
			a.count -= times
		}
	}
	if r.spare.count > 0 {
		out = append(out, r.row(p, r.spare.kind, r.spare.count, zone, nil))
	}
	return out
}

func (r *zoneResult) row(p *Problem, kind, count, zone int, tasks []TaskCount) InstanceCount {
	k := r.m.kinds[kind]
	return InstanceCount{Type: p.Offers[k.offer].Node.Type, Offer: k.offer, USDPerHour: k.usd, Count: count, Zone: zone, Tasks: tasks}
}

// draw takes the tasks of one instance from the sources, and as many equal
// instances as they give.
func draw(p *Problem, left [][]source, a lot) (tasks []TaskCount, times int) {
	times = a.count
	type part struct{ item, tasks int }
	var parts []part
	for i, n := range a.take {
		if n == 0 {
			continue
		}
		if first := left[i][0]; first.tasks >= n {
			times = min(times, first.tasks/n)
			parts = append(parts, part{i, n})
			continue
		}
		times = 1
		parts = append(parts, part{i, n})
	}
	for _, q := range parts {
		need := q.tasks
		for need > 0 {
			first := &left[q.item][0]
			n := min(need, first.tasks)
			tasks = append(tasks, TaskCount{Demand: first.demand, Name: p.Demands[first.demand].Shape.Name, Tasks: n, Headroom: first.headroom})
			need -= n
			if n == q.tasks {
				first.tasks -= n * times
			} else {
				first.tasks -= n
			}
			if first.tasks == 0 {
				left[q.item] = left[q.item][1:]
			}
		}
	}
	return tasks, times
}

// binding is the dimension that the plan uses most.
func (p *Problem) binding(plan Plan) string {
	var used, room vec
	tasks, limited := 0, 0
	for _, i := range plan.Instances {
		r := roomOf(p.Offers[i.Offer].Node)
		for d := range r {
			room[d] += r[d] * int64(i.Count)
		}
		for _, t := range i.Tasks {
			s := p.Demands[t.Demand].Shape
			used = used.minus(needOf(s), -t.Tasks*i.Count)
			tasks += t.Tasks * i.Count
			if s.Distinct || len(s.Ports) > 0 {
				limited += t.Tasks * i.Count
			}
		}
	}
	names := [dimensions]string{"vCPU", "memory", "network interfaces", "GPUs"}
	best, at := 0.0, ""
	for d := range used {
		if used[d] > 0 && float64(used[d])/float64(room[d]) > best*(1+1e-9) {
			best, at = float64(used[d])/float64(room[d]), names[d]
		}
	}
	if best < 0.5 && limited*2 > tasks {
		return "host ports and distinct instances"
	}
	return at
}
