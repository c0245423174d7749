package placement

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// packInto tries to place all tasks on n_t instances of each kind, by greedy
// patterns at several disturbed prices.
func (s *search) packInto(c *cover, n []int, y []float64, random *rand.Rand) ([]lot, bool) {
	var slots []int
	for i, count := range n {
		for range count {
			slots = append(slots, c.kinds[i])
		}
	}
	noisy := slices.Clone(y)
	for try := range 24 {
		if s.stopped() {
			return nil, false
		}
		// Large instances last, then first, then in any order.
		switch try {
		case 0:
			slices.SortStableFunc(slots, func(a, b int) int { return cmp.Compare(a, b) })
		case 1:
			slices.Reverse(slots)
		default:
			random.Shuffle(len(slots), func(a, b int) { slots[a], slots[b] = slots[b], slots[a] })
		}
		for i := range noisy {
			// Larger tasks are harder to place later: their price counts more.
			noisy[i] = y[i] * (1 + 0.15*float64(try%3))
			if try > 1 {
				noisy[i] *= 0.6 + 0.8*random.Float64()
			}
		}
		rest := s.m.demand()
		var lots []lot
		for _, t := range slots {
			s.worth(noisy, t, rest)
			_, _, take := s.pattern(noisy, t, rest, fillBudget)
			if sum(take) == 0 {
				continue
			}
			for i, k := range take {
				rest[i] -= k
			}
			lots = append(lots, lot{t, 1, slices.Clone(take)})
		}
		if sum(rest) == 0 {
			return lots, true
		}
	}
	return nil, false
}

// packExactly searches all ways of placing the tasks on n_t instances of each
// kind. exhausted says that there is none.
func (s *search) packExactly(c *cover, n []int, budget int) (lots []lot, full, exhausted bool) {
	p := packer{m: s.m, budget: budget}
	for i, count := range n {
		for range count {
			t := c.kinds[i]
			p.kinds = append(p.kinds, t)
			p.bins = append(p.bins, s.m.empty(&s.m.kinds[t]))
		}
	}
	if len(p.bins) > 24 {
		return nil, false, false
	}
	for i := range s.m.items {
		p.order = append(p.order, i)
	}
	if len(p.bins) == 0 {
		return nil, false, true
	}
	// The hardest first: the largest part of the largest instance.
	big := s.m.kinds[p.kinds[len(p.kinds)-1]].room
	weight := func(i int) float64 {
		w := 0.0
		for d, need := range s.m.items[i].need {
			if big[d] > 0 {
				w = max(w, float64(need)/float64(big[d]))
			}
		}
		return w
	}
	slices.SortStableFunc(p.order, func(a, b int) int { return cmp.Compare(weight(b), weight(a)) })
	full = p.place(0, s.m.items[p.order[0]].tasks, 0)
	s.left -= budget - max(p.budget, 0)
	if !full {
		return nil, false, p.budget > 0
	}
	for i, b := range p.bins {
		if sum(b.take) > 0 {
			lots = append(lots, lot{p.kinds[i], 1, slices.Clone(b.take)})
		}
	}
	return lots, true, false
}

// packer places item after item, the tasks of one item on instances in order.
type packer struct {
	m      *model
	kinds  []int
	bins   []*open
	order  []int
	budget int
}

// place puts the last tasks of an item on instances from a place on, then the
// items after it.
func (p *packer) place(at, tasks, from int) bool {
	if p.budget--; p.budget <= 0 {
		return false
	}
	if tasks == 0 {
		if at++; at == len(p.order) {
			return true
		}
		if !p.roomy(at) {
			return false
		}
		return p.place(at, p.m.items[p.order[at]].tasks, 0)
	}
	i := p.order[at]
	space := 0
	for b := from; b < len(p.bins) && space < tasks; b++ {
		space += max(0, p.bins[b].most(p.m, &p.m.kinds[p.kinds[b]], i))
	}
	if space < tasks {
		return false
	}
	for b := from; b < len(p.bins); b++ {
		most := min(tasks, p.bins[b].most(p.m, &p.m.kinds[p.kinds[b]], i))
		if most <= 0 || p.twin(b, from) {
			continue
		}
		for n := most; n >= 1; n-- {
			p.bins[b].put(p.m, i, n)
			if p.place(at, tasks-n, b+1) {
				return true
			}
			p.bins[b].put(p.m, i, -n)
			if p.budget <= 0 {
				return false
			}
		}
	}
	return false
}

// twin reports whether an earlier instance to choose from is in the same state.
func (p *packer) twin(b, from int) bool {
	for a := from; a < b; a++ {
		if p.kinds[a] == p.kinds[b] && slices.Equal(p.bins[a].take, p.bins[b].take) {
			return true
		}
	}
	return false
}

// roomy reports whether the items from a place on could fit in total.
func (p *packer) roomy(at int) bool {
	var room vec
	for _, b := range p.bins {
		room = room.minus(b.room, -1)
	}
	for _, i := range p.order[at:] {
		room = room.minus(p.m.items[i].need, p.m.items[i].tasks)
	}
	return room.atLeast(vec{})
}
