package placement

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// A cover is a relaxation of a placement to its fleet: how many instances of
// each kind it has. Every plan with n_t instances of kind t satisfies, for any
// prices y ≥ 0 and any bounds z_t(y) on the worth of kind t's patterns,
//
//	Σ_t z_t(y) n_t ≥ Σ_i y_i d_i ,   n_t whole.
//
// All fleets below a limit of cost that satisfy a set of such cuts are visited,
// depth first. A fleet that holds all tasks lowers the limit; for one that does
// not, prices that prove it become a cut for the rest of the search, or an
// exhaustive search rules out this fleet alone. Where the search ends, no plan
// costs less than the limit. (Logic-based Benders decomposition as branch and
// check: Thorsteinsson, CP 2001; Hooker, Ottosson, Mathematical Programming 96,
// 2003.)
type cover struct {
	s      *search
	kinds  []int
	clash  [][]bool // a pair of instances that one instance replaces
	cuts   []cut
	banned [][]int // no packing into these or fewer
	open   [][]int // not known
	known  patterns
	weight []float64
	random *rand.Rand

	n     []int
	left  [][]float64 // by place and cut: what places from there on have to be worth
	limit float64     // only fleets that cost less
	floor float64     // the cheapest fleet that is not known to be too small
	found []lot

	patience int // how far a fleet is searched before it is left open
}

// cut is one inequality.
type cut struct {
	worth     []float64 // z_t by place in kinds
	need      float64
	cheapness []float64 // by place: least USD per worth from there on
}

// newCover keeps the kinds that a plan cheaper than upper could use: at prices
// y, one instance of kind t wastes at least c_t − z_t, and all waste together
// is below upper − bound.
func (s *search) newCover(r *relaxation, upper float64, random *rand.Rand) *cover {
	c := &cover{s: s, known: patterns{}, random: random, patience: 1}
	demand := s.m.demand()
	for t := range s.m.kinds {
		z := s.bestWorth(r.y, t, demand)
		if s.m.kinds[t].usd-z < upper-r.bound && s.m.kinds[t].usd < upper {
			c.kinds = append(c.kinds, t)
		}
	}
	ratio := map[int]float64{}
	for _, t := range c.kinds {
		ratio[t] = s.bestWorth(r.y, t, demand) / s.m.kinds[t].usd
	}
	slices.SortStableFunc(c.kinds, func(a, b int) int { return cmp.Compare(ratio[b], ratio[a]) })
	c.clash = s.m.clashes(c.kinds)
	for _, p := range r.columns {
		if p.kind >= 0 {
			c.known[p.kind] = append(c.known[p.kind], p.take)
		}
	}
	c.add(r.y, nil)
	for d := range dimensions {
		y := make([]float64, len(r.y))
		for i := range y {
			y[i] = float64(s.m.items[i].need[d]) / units
		}
		c.add(y, nil)
	}
	c.add(slices.Repeat([]float64{1}, len(r.y)), nil)
	c.weight = make([]float64, len(r.y))
	mean := dot(r.y, demand) / float64(sum(demand))
	for i := range c.weight {
		c.weight[i] = math.Max(r.y[i], mean/10)
	}
	return c
}

// clashes are the pairs of kinds of which a cheapest plan of fewest instances
// has no two: one instance of some kind holds what any two of them hold, for
// no more.
func (m *model) clashes(kinds []int) [][]bool {
	out := make([][]bool, len(kinds))
	for i := range out {
		out[i] = make([]bool, len(kinds))
	}
	if m.ports > 0 {
		return out // two instances have each port twice
	}
	var total vec
	for _, it := range m.items {
		total = total.minus(it.need, -it.tasks)
	}
	for i, a := range kinds {
		for j, b := range kinds[:i+1] {
			x, y := &m.kinds[a], &m.kinds[b]
			room := x.room.minus(y.room, -1)
			for d := range room {
				room[d] = min(room[d], total[d])
			}
			most := make([]int, len(m.items))
			for k := range most {
				most[k] = min(x.most[k]+y.most[k], m.items[k].tasks)
			}
			for t := range m.kinds {
				z := &m.kinds[t]
				if z.usd <= (x.usd+y.usd)*(1+1e-12) && z.room.atLeast(room) && covers(z.most, most) {
					out[i][j], out[j][i] = true, true
					break
				}
			}
		}
	}
	return out
}

func (s *search) bestWorth(y []float64, t int, demand []int) float64 {
	z := s.worth(y, t, demand)
	_, upper, _ := s.pattern(y, t, demand, pricingBudget)
	return math.Min(z, upper)
}

// add makes a cut of prices, with bounds of some kinds that are known.
func (c *cover) add(y []float64, known map[int]float64) {
	demand := c.s.m.demand()
	fresh := cut{worth: make([]float64, len(c.kinds)), need: dot(y, demand) / roundUp, cheapness: make([]float64, len(c.kinds)+1)}
	if fresh.need <= 0 {
		return
	}
	for i, t := range c.kinds {
		z, ok := known[t]
		if !ok {
			z = c.s.bestWorth(y, t, demand)
		}
		fresh.worth[i] = z
	}
	fresh.cheapness[len(c.kinds)] = math.Inf(1)
	for i := len(c.kinds) - 1; i >= 0; i-- {
		fresh.cheapness[i] = math.Min(fresh.cheapness[i+1], c.s.m.kinds[c.kinds[i]].usd/math.Max(fresh.worth[i], 1e-300))
	}
	c.cuts = append(c.cuts, fresh)
}

// below searches the fleets that cost less than a limit. finished says that it
// visited all; then no plan costs less than c.floor, or than c.limit if lower.
func (c *cover) below(limit float64) (finished bool) {
	c.n, c.left, c.limit, c.floor = make([]int, len(c.kinds)), make([][]float64, len(c.kinds)+1), limit, math.Inf(1)
	c.descend(0, 0)
	return !c.s.stopped()
}

// catchUp computes what cuts that are new since need at a place.
func (c *cover) catchUp(at int) {
	for k := len(c.left[at]); k < len(c.cuts); k++ {
		left := c.cuts[k].need
		for i, n := range c.n[:at] {
			if n > 0 {
				left -= float64(n) * c.cuts[k].worth[i]
			}
		}
		c.left[at] = append(c.left[at], left)
	}
}

// hopeless reports that no fleet below the limit starts like this, and met that
// this one satisfies all cuts.
func (c *cover) hopeless(at int, usd float64) (hopeless, met bool) {
	met = true
	for k, need := range c.left[at] {
		if q := &c.cuts[k]; need > 1e-9*q.need {
			met = false
			if usd+need*q.cheapness[at] >= c.limit/roundUp {
				return true, false
			}
		}
	}
	return usd >= c.limit/roundUp, met
}

func (c *cover) descend(at int, usd float64) {
	if c.s.left -= 1 + len(c.cuts)/8; c.s.stopped() {
		return
	}
	c.catchUp(at)
	hopeless, met := c.hopeless(at, usd)
	for met && !hopeless && !c.settled() {
		c.check(usd)
		c.catchUp(at)
		hopeless, met = c.hopeless(at, usd)
	}
	if hopeless || at == len(c.kinds) {
		return
	}
	price := c.s.m.kinds[c.kinds[at]].usd
	most := math.MaxInt
	for i, n := range c.n[:at] {
		if n > 0 && c.clash[at][i] {
			most = 0
		}
	}
	if c.clash[at][at] {
		most = min(most, 1)
	}
	for n := 0; n <= most && usd+float64(n)*price < c.limit/roundUp; n++ {
		c.n[at] = n
		c.catchUp(at)
		c.left[at+1] = c.left[at+1][:0]
		for k, left := range c.left[at] {
			c.left[at+1] = append(c.left[at+1], left-float64(n)*c.cuts[k].worth[at])
		}
		c.descend(at+1, usd+float64(n)*price)
	}
	c.n[at] = 0
}

// settled reports that the fleet was looked at before.
func (c *cover) settled() bool {
	return slices.ContainsFunc(c.banned, func(b []int) bool { return covers(b, c.n) }) ||
		slices.ContainsFunc(c.open, func(b []int) bool { return slices.Equal(b, c.n) })
}

// check settles a fleet: it holds all tasks, or it is cut off or banned, or
// left open.
func (c *cover) check(usd float64) {
	n := slices.Clone(c.n)
	groups := c.groups(n)
	verdict, y, worth := newFleetProgram(c.s, groups, c.weight, c.known).solve(c.patience)
	if verdict == tooSmall {
		known := map[int]float64{}
		for g, z := range worth {
			known[groups[g].kind] = z
		}
		c.add(y, known)
		q := &c.cuts[len(c.cuts)-1]
		held := 0.0
		for i, k := range n {
			held += float64(k) * q.worth[i]
		}
		if held >= q.need*(1-1e-9) {
			c.banned = append(c.banned, n)
		}
		return
	}
	lots, full := c.s.packInto(c, n, c.weight, c.random)
	if !full && sum(n) <= treeInstances {
		tree := fleetTree{s: c.s, weight: c.weight, known: c.known, nodes: treeNodes * c.patience, patience: c.patience}
		var none bool
		full, none = tree.pack(apart(groups))
		if none {
			c.banned = append(c.banned, n)
			return
		}
		lots = tree.lots
	}
	if full {
		c.limit, c.found = usd, lots
		return
	}
	c.open = append(c.open, n)
	c.floor = math.Min(c.floor, usd)
}

const (
	treeInstances = 40  // in a fleet that is searched exhaustively
	treeNodes     = 300 // linear programs for one fleet
)

// groups of a fleet, one a kind.
func (c *cover) groups(n []int) []group {
	var groups []group
	for i, count := range n {
		if count > 0 {
			t := c.kinds[i]
			groups = append(groups, group{t, count, make([]int, len(c.weight)), c.s.m.kinds[t].most})
		}
	}
	return groups
}

// apart are groups of one instance each.
func apart(groups []group) []group {
	var out []group
	for _, g := range groups {
		for range g.count {
			out = append(out, group{g.kind, 1, g.low, g.high})
		}
	}
	return out
}

// tighten raises a bound and may find a better layout; it returns both. The
// limit of cost goes up in steps, so that a search that does not end has still
// raised the bound. A search that goes on later knows the cuts of this one.
func (c *cover) tighten(bound float64, l layout) (float64, layout) {
	start := bound
	c.open, c.found = nil, nil
	for _, part := range []float64{1. / 16, 1. / 8, 1. / 4, 1. / 2, 1} {
		finished := c.below(start + (l.usd-start)*part)
		if finished {
			bound = math.Max(bound, math.Min(c.limit, c.floor))
		}
		if c.found != nil {
			return bound, c.s.m.layout(c.found)
		}
		if len(c.open) > 0 {
			c.patience *= 4
			break
		}
		if !finished {
			break
		}
	}
	return bound, l
}
