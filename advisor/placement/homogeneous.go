package placement

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// oneKindCandidate is a kind for the whole group.
type oneKindCandidate struct {
	kind  int
	floor float64 // USD an hour with spares: proven
}

// oneKind is the cheapest group of a single type: the number of instances is
// at least each dimension's need over its room, rounded up, and that times
// the price is the order in which types are tried. A type whose floor is above
// the best group so far is never packed.
func (r *zoneResult) oneKind(p *Problem, effort int, done func() bool, random *rand.Rand) error {
	var candidates []oneKindCandidate
	r.usd = math.Inf(1)
	cost := func(t, n int) float64 { return float64(n+p.Options.spares(n)) * r.m.kinds[t].usd }
	keep := func(t int, lots []lot) {
		n := 0
		for _, a := range lots {
			n += a.count
		}
		if usd := cost(t, n); usd < r.usd/roundUp {
			r.usd, r.lots, r.spare = usd, lots, lot{kind: t, count: p.Options.spares(n)}
		}
	}
	for t := range r.m.kinds {
		if !slices.Contains(r.m.kinds[t].most, 0) {
			candidates = append(candidates, oneKindCandidate{t, cost(t, r.m.fewest(t))})
		}
	}
	if len(candidates) == 0 {
		return r.m.noCommonKind(p)
	}
	slices.SortStableFunc(candidates, func(a, b oneKindCandidate) int {
		return cmp.Or(cmp.Compare(a.floor, b.floor), cmp.Compare(a.kind, b.kind))
	})
	for _, c := range candidates {
		if c.floor < r.usd/roundUp {
			if n := r.m.firstFitCount(c.kind); cost(c.kind, n) < r.usd/roundUp {
				keep(c.kind, r.m.firstFit(c.kind))
			}
		}
	}
	r.bound = r.usd
	for i, c := range candidates {
		if c.floor >= r.usd/roundUp {
			break
		}
		// Each type may use half of what is left of the effort.
		share := effort
		if i < len(candidates)-1 {
			share = effort / 2
		}
		s := newSearch(&model{items: r.m.items, kinds: r.m.kinds[c.kind : c.kind+1], ports: r.m.ports}, share, done)
		lots, least := s.single(r.m.kinds[c.kind].usd, r.usd, cost, c, random)
		effort -= share - max(s.left, 0)
		if lots != nil {
			for j := range lots {
				lots[j].kind = c.kind
			}
			keep(c.kind, lots)
		}
		r.bound = math.Min(r.bound, math.Max(c.floor, cost(c.kind, least)))
	}
	r.bound = math.Min(r.bound, r.usd)
	r.lots = r.m.layout(r.lots).lots
	return nil
}

// single packs onto one kind if that may cost less than upper. least is the
// number of instances below which there is no packing.
func (s *search) single(usd, upper float64, cost func(t, n int) float64, c oneKindCandidate, random *rand.Rand) ([]lot, int) {
	relaxed := s.relax()
	least := int(math.Ceil(relaxed.bound/usd - 1e-6))
	if cost(c.kind, least) >= upper/roundUp {
		return nil, least
	}
	if len(s.m.items) > masterRows {
		return s.inProportion(1).lots, least
	}
	best := s.m.layout(s.m.firstFit(0))
	for _, up := range []float64{1, 0.9, 0.7, 0.5} {
		if l, ok := s.rounded(&relaxed, []int{0}, up); ok && l.usd < best.usd {
			best = l
		}
	}
	if l, ok := s.dive(&relaxed, []int{0}); ok && l.usd < best.usd {
		best = l
	}
	best = s.improve(best, relaxed.y, []int{0}, float64(least)*usd, 40, random)
	bound := relaxed.bound
	if best.usd > float64(least)*usd*roundUp {
		c := s.newCover(&relaxed, best.usd, random)
		s.within(2, func() { bound, best = c.tighten(bound, best) })
	}
	best = s.improve(best, relaxed.y, []int{0}, bound, 200, random)
	return best.lots, max(least, int(math.Ceil(bound/usd-1e-6)))
}

// fewest is how many instances of a kind any packing needs.
func (m *model) fewest(t int) int {
	var need vec
	n := 0
	k := &m.kinds[t]
	ports := make([]int, m.ports)
	for i := range m.items {
		it := &m.items[i]
		need = need.minus(it.need, -it.tasks)
		n = max(n, (it.tasks+k.most[i]-1)/k.most[i])
		for _, p := range it.ports {
			ports[p] += it.tasks
			n = max(n, ports[p])
		}
	}
	for d := range need {
		if need[d] > 0 {
			n = max(n, int((need[d]+k.room[d]-1)/k.room[d]))
		}
	}
	return n
}

// noCommonKind says that each task fits some type but no type fits all.
func (m *model) noCommonKind(p *Problem) error {
	var all Shape
	for _, it := range m.items {
		all.VCPU, all.GB, all.GPUs = math.Max(all.VCPU, it.shape.VCPU), math.Max(all.GB, it.shape.GB), max(all.GPUs, it.shape.GPUs)
		all.ENI = all.ENI || it.shape.ENI
		switch {
		case all.Architecture == "":
			all.Architecture = it.shape.Architecture
		case it.shape.Architecture != "" && it.shape.Architecture != all.Architecture:
			all.Architecture = "both " + all.Architecture + " and " + it.shape.Architecture
		}
	}
	all.Name = "the largest of each, for a group of one type"
	return &NoRoomError{Shape: all, Region: p.Region, Limits: p.Limits}
}
