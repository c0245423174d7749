package placement

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A cover is a relaxation of a placement to how many instances of each kind
// it has. Every plan with n_t instances of kind t satisfies, for any prices
// y ≥ 0 and any bounds z_t(y) on the worth of kind t's patterns,
//
//	Σ_t z_t(y) n_t ≥ Σ_i y_i d_i ,   n_t whole.
//
// The cheapest n that satisfies a set of such cuts is a bound that knows, as
// the linear one does not, that instances are whole. Where no packing of that
// n exists, prices that prove it are a new cut, or n itself is forbidden; where
// one does, it is the optimum. (Logic-based Benders decomposition: Hooker,
// Ottosson, Mathematical Programming 96, 2003.)
type cover struct {
	s      *search
	kinds  []int
	cuts   []cut
	banned [][]int // no packing into these or fewer

	n, best   []int
	bestUSD   float64
	budget    int
	cheapness [][]float64 // by cut and place: least USD per worth from there on
}

// cut is one inequality.
type cut struct {
	worth []float64 // z_t by place in kinds
	need  float64
}

// newCover keeps the kinds that a plan cheaper than upper could use: at prices
// y, one instance of kind t wastes at least c_t − z_t, and all waste together
// is below upper − bound.
func (s *search) newCover(r *relaxation, upper float64) *cover {
	c := &cover{s: s}
	demand := s.m.demand()
	var worth []float64
	for t := range s.m.kinds {
		z := s.bestWorth(r.y, t, demand)
		if s.m.kinds[t].usd-z < upper-r.bound && s.m.kinds[t].usd < upper {
			c.kinds = append(c.kinds, t)
			worth = append(worth, z)
		}
	}
	c.cuts = []cut{{worth, r.bound / roundUp}}
	return c
}

func (s *search) bestWorth(y []float64, t int, demand []int) float64 {
	z := s.worth(y, t, demand)
	_, upper, _ := s.pattern(y, t, demand, pricingBudget)
	return math.Min(z, upper)
}

// add makes a cut of prices.
func (c *cover) add(y []float64) {
	demand := c.s.m.demand()
	fresh := cut{worth: make([]float64, len(c.kinds)), need: dot(y, demand) / roundUp}
	if fresh.need <= 0 {
		return
	}
	for i, t := range c.kinds {
		fresh.worth[i] = c.s.bestWorth(y, t, demand)
	}
	c.cuts = append(c.cuts, fresh)
}

// cheapest finds the cheapest n below upper within a budget of nodes. found
// is false where there is none; finished says that the search ended.
func (c *cover) cheapest(upper float64, budget int) (n []int, usd float64, found, finished bool) {
	c.n, c.best, c.bestUSD, c.budget = make([]int, len(c.kinds)), nil, upper, budget
	c.cheapness = make([][]float64, len(c.cuts))
	for k, q := range c.cuts {
		c.cheapness[k] = make([]float64, len(c.kinds)+1)
		c.cheapness[k][len(c.kinds)] = math.Inf(1)
		for i := len(c.kinds) - 1; i >= 0; i-- {
			c.cheapness[k][i] = math.Min(c.cheapness[k][i+1], c.s.m.kinds[c.kinds[i]].usd/math.Max(q.worth[i], 1e-300))
		}
	}
	left := make([]float64, len(c.cuts))
	for k, q := range c.cuts {
		left[k] = q.need
	}
	c.descend(0, 0, left)
	c.s.left -= budget - max(c.budget, 0)
	return c.best, c.bestUSD, c.best != nil, c.budget > 0
}

func (c *cover) descend(at int, usd float64, left []float64) {
	if c.budget--; c.budget <= 0 {
		return
	}
	floor, met := usd, true
	for k, need := range left {
		if need > 1e-9*c.cuts[k].need {
			met = false
			floor = math.Max(floor, usd+need*c.cheapness[k][at])
		}
	}
	if floor >= c.bestUSD/roundUp {
		return
	}
	if met && !slices.ContainsFunc(c.banned, func(b []int) bool { return covers(b, c.n) }) {
		c.best, c.bestUSD = slices.Clone(c.n), usd
		return
	}
	if at == len(c.kinds) {
		return
	}
	price := c.s.m.kinds[c.kinds[at]].usd
	most := int((c.bestUSD - usd) / price)
	if len(c.banned) == 0 {
		enough := 0
		for k, need := range left {
			enough = max(enough, int(min(math.Ceil(need/math.Max(c.cuts[k].worth[at], 1e-300)), 1e9)))
		}
		most = min(most, enough)
	}
	rest := make([]float64, len(left))
	for n := most; n >= 0; n-- {
		for k := range left {
			rest[k] = left[k] - float64(n)*c.cuts[k].worth[at]
		}
		c.n[at] = n
		c.descend(at+1, usd+float64(n)*price, rest)
		c.n[at] = 0
	}
}

// separate looks for prices that prove that n holds not all tasks:
// Σ y_i d_i > Σ n_t z_t(y), by subgradient steps from y.
func (c *cover) separate(n []int, y []float64) bool {
	demand := c.s.m.demand()
	y = slices.Clone(y)
	for step := range 40 {
		slope := make([]float64, len(y))
		held := 0.0
		for i := range slope {
			slope[i] = float64(demand[i])
		}
		for j, count := range n {
			if count == 0 {
				continue
			}
			t := c.kinds[j]
			bound := c.s.worth(y, t, demand)
			_, upper, take := c.s.pattern(y, t, demand, pricingBudget)
			held += float64(count) * math.Min(bound, upper)
			for i := range slope {
				slope[i] -= float64(count * take[i])
			}
		}
		need := dot(y, demand)
		if need > held*(1+1e-7) {
			c.add(y)
			return true
		}
		norm := 0.0
		for i := range slope {
			norm += slope[i] * slope[i]
		}
		if norm == 0 || c.s.stopped() {
			return false
		}
		length := (held - need + 0.02*need/float64(step+1)) / norm
		for i := range y {
			y[i] = math.Max(0, y[i]+length*slope[i])
		}
	}
	return false
}

// tighten raises the bound of a relaxation and may find better layouts. It
// returns both.
func (s *search) tighten(r *relaxation, l layout, random *rand.Rand, rounds, budget int) (float64, layout) {
	bound := r.bound
	if l.usd <= bound*roundUp {
		return bound, l
	}
	c := s.newCover(r, l.usd)
	for d := range dimensions {
		y := make([]float64, len(r.y))
		for i := range y {
			y[i] = float64(s.m.items[i].need[d]) / units
		}
		c.add(y)
	}
	c.add(slices.Repeat([]float64{1}, len(r.y)))
	for range rounds {
		if s.stopped() {
			break
		}
		n, usd, found, finished := c.cheapest(l.usd, budget)
		if !finished {
			return s.halfway(c, bound, l), l
		}
		if !found {
			return l.usd, l
		}
		bound = math.Max(bound, usd)
		if lots, full := s.packInto(c, n, r.y, random); full {
			return bound, s.m.layout(lots)
		}
		if c.separate(n, r.y) {
			continue
		}
		if lots, full, exhausted := s.packExactly(c, n, 200_000); full {
			return bound, s.m.layout(lots)
		} else if !exhausted {
			break
		}
		c.banned = append(c.banned, n)
	}
	return bound, l
}

// halfway proves a lower threshold where the search below the layout's cost is
// too wide.
func (s *search) halfway(c *cover, bound float64, l layout) float64 {
	low, high := bound, l.usd
	for range 4 {
		if s.stopped() {
			break
		}
		middle := low + (high-low)/2
		_, usd, found, finished := c.cheapest(middle, 60_000)
		switch {
		case finished && found:
			return usd
		case finished:
			low = middle
		default:
			high = middle
		}
	}
	return low
}
