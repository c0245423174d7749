package placement

import (
	"cmp"
	"math"
	"slices"
)

// dimensionSolution is the solution of the dimensions' program.
type dimensionSolution struct {
	y     []float64 // Σ_k α_k w_ik
	worth []float64 // Σ_k α_k R_tk: no pattern of kind t is worth more at y
	x     []float64 // instances by kind
}

// dimensionProgram solves the linear program over whole instances,
//
//	min Σ c_t x_t   subject to   Σ R_tk x_t ≥ Σ_i w_ik d_i ,
//
// with as many rows as there are dimensions, whatever the number of shapes.
func (s *search) dimensionProgram() dimensionSolution {
	// In parts of the total need, so that the columns are whole.
	const parts = 1 << 20
	total := s.m.total()
	used := []int{}
	for d := range total {
		if total[d] > 0 {
			used = append(used, d)
		}
	}
	basis := make([]column, len(used))
	need := make([]int, len(used))
	for i := range used {
		basis[i] = column{usd: largest * parts, kind: -1, take: make([]int, len(used))}
		basis[i].take[i] = parts
		need[i] = parts
	}
	lp := newMaster(need, basis)
	pool := make([]column, len(s.m.kinds))
	for t, k := range s.m.kinds {
		pool[t] = column{k.usd, t, make([]int, len(used))}
		for i, d := range used {
			pool[t].take[i] = int(float64(k.room[d]) / float64(total[d]) * parts)
		}
	}
	for range 200 {
		if moved, stuck := lp.improve(pool); stuck || !moved {
			break
		}
	}
	out := dimensionSolution{y: make([]float64, len(s.m.items)), worth: make([]float64, len(s.m.kinds)), x: make([]float64, len(s.m.kinds))}
	for j, d := range used {
		price := math.Max(lp.y[j], 0) / float64(total[d]) * parts
		for i, it := range s.m.items {
			out.y[i] += price * float64(it.need[d])
		}
		for t, k := range s.m.kinds {
			out.worth[t] += price * float64(k.room[d]) * roundUp
		}
	}
	for j, c := range lp.basis {
		if c.kind >= 0 {
			out.x[c.kind] += math.Max(lp.x[j], 0)
		}
	}
	return out
}

// total is what all tasks need.
func (m *model) total() (total vec) {
	for _, it := range m.items {
		total = total.minus(it.need, -it.tasks)
	}
	return total
}

// firstFits are first-fit decreasing on every kind; only the cheapest if one
// is enough. A kind whose floor is above the cheapest so far is then not packed.
func (m *model) firstFits(one bool) []layout {
	var all []layout
	if !one {
		for t := range m.kinds {
			if lots := m.firstFit(t); lots != nil {
				all = append(all, m.layout(lots))
			}
		}
		return all
	}
	order := make([]int, 0, len(m.kinds))
	floor := make([]float64, len(m.kinds))
	for t := range m.kinds {
		if !slices.Contains(m.kinds[t].most, 0) {
			order = append(order, t)
			floor[t] = m.kinds[t].usd * float64(m.fewest(t))
		}
	}
	// Of equal floors the largest instances first, which have the fewest.
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(floor[a], floor[b]), cmp.Compare(b, a)) })
	best, at := math.Inf(1), -1
	for _, t := range order {
		if floor[t] >= best {
			break
		}
		if usd := m.kinds[t].usd * float64(m.firstFitCount(t)); usd < best {
			best, at = usd, t
		}
	}
	if at >= 0 {
		all = append(all, m.layout(m.firstFit(at)))
	}
	return all
}

// proportional places tasks of very many shapes, those of each architecture on
// their own: in the fleet of the dimensions' program, with instances of any
// size, and with only small ones, of which less stands empty at the end.
func (s *search) proportional() layout {
	var lots []lot
	for _, architecture := range []string{"", "arm64", "x86_64"} {
		sub := s.m.only(func(it *item) bool { return it.shape.Architecture == architecture })
		if len(sub.items) == 0 {
			continue
		}
		part := newSearch(sub, s.left, s.done)
		best := layout{usd: math.Inf(1)}
		for _, l := range sub.firstFits(true) {
			best = l
		}
		for _, most := range []float64{1, 1. / 20, 1. / 60} {
			if l := part.inProportion(most); l.usd < best.usd {
				best = l
			}
		}
		if best.lots == nil {
			best = sub.eachAlone()
		}
		s.left = part.left
		lots = append(lots, s.m.whole(sub, best.lots)...)
	}
	return s.m.layout(lots)
}

// only is the model of some of the items. Its kinds are those of m.
func (m *model) only(holds func(*item) bool) *model {
	sub := &model{ports: m.ports, kinds: slices.Clone(m.kinds)}
	for t := range sub.kinds {
		sub.kinds[t].most = nil
	}
	for i := range m.items {
		if holds(&m.items[i]) {
			sub.items = append(sub.items, m.items[i])
			sub.places = append(sub.places, i)
			for t := range sub.kinds {
				sub.kinds[t].most = append(sub.kinds[t].most, m.kinds[t].most[i])
			}
		}
	}
	return sub
}

// whole words a sub-model's lots in the terms of m.
func (m *model) whole(sub *model, lots []lot) []lot {
	out := make([]lot, len(lots))
	for j, a := range lots {
		out[j] = lot{a.kind, a.count, make([]int, len(m.items))}
		for i, n := range a.take {
			out[j].take[sub.places[i]] = n
		}
	}
	return out
}

// eachAlone places each item by first fit on the kind where that costs least:
// the last resort where no kind holds every item.
func (m *model) eachAlone() layout {
	var lots []lot
	for i := range m.items {
		at := 0
		sub := m.only(func(it *item) bool { at++; return at == i+1 })
		for _, l := range sub.firstFits(true) {
			lots = append(lots, m.whole(sub, l.lots)...)
		}
	}
	return m.layout(lots)
}

// balanced reports that no dimension of a kind is far scarcer than the tasks
// need it: a type of 64 vCPUs and three network interfaces suits few.
func (k *kind) balanced(total vec) bool {
	least, most := math.Inf(1), 0.0
	for d := range total {
		if total[d] > 0 {
			share := float64(k.room[d]) / float64(total[d])
			least, most = min(least, share), max(most, share)
		}
	}
	return least > most/8
}

// inProportion fills a fleet of the kinds of the dimensions' program, in its
// proportions, a little larger at each try. Of the kinds those are used that
// cost at most a share of the whole and are balanced.
func (s *search) inProportion(most float64) layout {
	limit := most * dot(s.dimensionProgram().y, s.m.demand())
	some := newSearch(&model{items: s.m.items, ports: s.m.ports}, s.left, s.done)
	var places []int
	total := s.m.total()
	for t, k := range s.m.kinds {
		if (most == 1 || k.usd <= limit) && slices.Max(k.most) > 0 && k.balanced(total) {
			some.m.kinds, places = append(some.m.kinds, k), append(places, t)
		}
	}
	if len(places) == 0 {
		return layout{usd: math.Inf(1)}
	}
	program := some.dimensionProgram()
	for try := range 12 {
		var bins []*open
		var kinds []int
		for t, n := range program.x {
			for range int(math.Ceil(n*(1+0.01*float64(try)) - 1e-9)) {
				bins, kinds = append(bins, some.m.empty(&some.m.kinds[t])), append(kinds, t)
			}
		}
		s.left -= len(bins) * len(s.m.items)
		if len(bins) == 0 || !some.alike(bins, kinds) {
			continue
		}
		var lots []lot
		for b := range bins {
			if sum(bins[b].take) > 0 {
				lots = append(lots, lot{places[kinds[b]], 1, bins[b].take})
			}
		}
		return s.shrink(s.m.layout(lots))
	}
	return layout{usd: math.Inf(1)}
}

// alike puts all tasks into bins, the largest first, each where it and the room
// that is left are most alike, or reports false. Dimensions count by
// how much of them is used: a plentiful one says little about where a task belongs.
// Source: Panigrahy, Talwar, Uyeda, Wieder, Heuristics for vector bin packing
// (Microsoft Research, 2011): dot product.
func (s *search) alike(bins []*open, kinds []int) bool {
	total := s.m.total()
	var all vec
	for _, b := range bins {
		all = all.minus(b.room, -1)
	}
	priced := func(v vec) (l lambda) {
		for d := range v {
			if all[d] > 0 {
				used := float64(total[d]) / float64(all[d])
				l[d] = float64(v[d]) / float64(all[d]) * used * used
			}
		}
		return l
	}
	size := make([]float64, len(s.m.items))
	order := make([]int, len(s.m.items))
	for i := range order {
		order[i] = i
		for _, p := range priced(s.m.items[i].need) {
			size[i] += p
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(size[b], size[a]) })
	for _, i := range order {
		need := priced(s.m.items[i].need)
		for range s.m.items[i].tasks {
			best, at := math.Inf(-1), -1
			for b, o := range bins {
				if o.most(s.m, &s.m.kinds[kinds[b]], i) <= 0 {
					continue
				}
				room := priced(o.room)
				like := need.of(&room) / math.Sqrt(room.of(&room)+math.SmallestNonzeroFloat64)
				if like > best {
					best, at = like, b
				}
			}
			if at < 0 {
				return false
			}
			bins[at].put(s.m, i, 1)
		}
	}
	return true
}
