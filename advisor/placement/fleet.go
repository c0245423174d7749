package placement

import (
	"math"
	"slices"
)

// A group is a number of instances of one kind in a fleet of fixed size, with
// bounds on what each of them holds.
type group struct {
	kind, count int
	low, high   []int // of each item on each instance
}

// fleetProgram is the linear relaxation of packing all tasks into groups of
// instances, over patterns p of group g with x_p instances:
//
//	min Σ_i w_i s_i   subject to   Σ_p a_ip x_p + s_i ≥ d_i,   Σ_{p of g} x_p ≤ n_g .
//
// Where its optimum is above zero no packing exists, and its duals y prove it:
// Σ_g n_g z_g(y) < Σ_i y_i d_i.
type fleetProgram struct {
	s      *search
	groups []group
	known  patterns
	lp     *master
	pool   []column // with a row for each group after those of the items
	least  float64  // the smallest step that counts
}

// patterns are those found so far, by kind.
type patterns map[int][][]int

func newFleetProgram(s *search, groups []group, weight []float64, known patterns) *fleetProgram {
	f := &fleetProgram{s: s, groups: groups, known: known}
	items := len(weight)
	rows := items + len(groups)
	basis := make([]column, rows)
	right := append(s.m.demand(), make([]int, len(groups))...)
	for i := range basis {
		basis[i] = column{kind: -1, take: make([]int, rows)}
		if i < items {
			basis[i].usd, basis[i].take[i] = weight[i], 1
		} else {
			basis[i].take[i], right[i] = -1, -groups[i-items].count
		}
	}
	f.least = 1e-9 * dot(weight, right[:items]) / float64(len(groups)+1)
	f.lp = newMaster(right, basis)
	for g := range groups {
		for _, take := range known[groups[g].kind] {
			f.offer(g, take)
		}
	}
	return f
}

// offer adds a pattern to a group, cut to what its instances may hold.
func (f *fleetProgram) offer(g int, take []int) {
	items := len(f.s.m.items)
	row := make([]int, items+len(f.groups))
	for i, n := range take {
		row[i] = min(n, f.groups[g].high[i])
		if row[i] < f.groups[g].low[i] {
			return
		}
	}
	row[items+g] = -1
	f.pool = append(f.pool, column{kind: g, take: row})
}

// fleetVerdict is what is known of a fleet.
type fleetVerdict uint8

const (
	undecided fleetVerdict = iota
	tooSmall
	relaxedFits // the linear relaxation holds all tasks
)

// solve returns the verdict, and for tooSmall the prices that prove it with the
// bounds z_g of the groups.
func (f *fleetProgram) solve(patience int) (verdict fleetVerdict, y, worth []float64) {
	items := len(f.s.m.items)
	demand := f.s.m.demand()
	worth = make([]float64, len(f.groups))
	for budget := glanceBudget; !f.s.stopped(); {
		moved, stuck := f.lp.improveFree(f.pool, f.least)
		f.s.left -= len(f.lp.y) * (len(f.lp.y) + len(f.pool)) / 16
		if stuck {
			return undecided, nil, nil
		}
		if moved {
			continue
		}
		if f.lp.cost() <= 1e3*f.least*float64(len(f.groups)+1) {
			return relaxedFits, nil, nil
		}
		y = positive(f.lp.y[:items])
		held, fresh := 0.0, false
		for g := range f.groups {
			price := math.Max(f.lp.y[items+g], 0)
			value, upper, take := f.best(g, y, price, budget)
			if value > price*(1+1e-7)+f.least {
				f.known[f.groups[g].kind] = append(f.known[f.groups[g].kind], take)
				f.offer(g, take)
				fresh = true
			}
			worth[g] = upper
			held += float64(f.groups[g].count) * upper
		}
		switch {
		case held*(1+1e-7) < dot(y, demand):
			return tooSmall, y, worth
		case fresh:
			budget = glanceBudget
		case budget >= lastBudget*patience:
			return undecided, nil, nil
		default:
			budget *= 8
		}
	}
	return undecided, nil, nil
}

// lastBudget is how far the knapsacks of a fleet go at first, in nodes, before
// the fleet is left open.
const lastBudget = 200_000

// best is a group's pattern that is worth most, if that is more than a price,
// and an upper bound of it; −Inf where its instances hold not even what they
// have to.
func (f *fleetProgram) best(g int, y []float64, price float64, budget int) (value, upper float64, take []int) {
	q, m := &f.groups[g], f.s.m
	k := m.kinds[q.kind]
	k.most = make([]int, len(m.items))
	fixed := 0.0
	for i := range m.items {
		k.room = k.room.minus(m.items[i].need, q.low[i])
		fixed += y[i] * float64(q.low[i])
		k.most[i] = q.high[i] - q.low[i]
		if k.most[i] < 0 {
			return math.Inf(-1), math.Inf(-1), nil
		}
	}
	if !k.room.atLeast(vec{}) {
		return math.Inf(-1), math.Inf(-1), nil
	}
	if m.ports > 0 && !m.clearPorts(q.low, k.most) {
		return math.Inf(-1), math.Inf(-1), nil
	}
	sack := f.s.sack
	sack.begin(y, &k, k.most)
	l, bound := sack.fit(&k)
	f.s.left -= sack.nodes * len(sack.order) / 4
	if fixed+bound <= price*(1+1e-9) {
		return 0, fixed + bound, nil
	}
	sack.begin(y, &k, k.most)
	value, upper, found := sack.pattern(&k, l, math.Max(price-fixed, 0), budget)
	f.s.left -= sack.nodes
	take = slices.Clone(found)
	for i := range take {
		take[i] += q.low[i]
	}
	return fixed + value, fixed + math.Min(bound, upper), take
}

// clearPorts leaves no room for items whose host port is held. It reports
// false where the held tasks share one.
func (m *model) clearPorts(held, most []int) bool {
	taken := make([]bool, m.ports)
	for i, n := range held {
		for _, p := range m.items[i].ports {
			if n > 0 && taken[p] {
				return false
			}
			taken[p] = taken[p] || n > 0
		}
	}
	for i := range most {
		for _, p := range m.items[i].ports {
			if taken[p] {
				most[i] = 0
			}
		}
	}
	return true
}

// fleetTree packs tasks into a fixed fleet by branch and price. Each instance
// is a group of its own; where two patterns share an instance, they differ in
// some item, and the instance holds either at most so many of it or more. That
// only moves the bounds of a knapsack. Depth first.
// Source: Vanderbeck, Branching in branch-and-price, Mathematical Programming
// 130 (2011).
type fleetTree struct {
	s        *search
	weight   []float64
	known    patterns
	nodes    int // to spend
	patience int
	lots     []lot
}

// pack reports full with the lots, or none: that no packing exists.
func (t *fleetTree) pack(groups []group) (full, none bool) {
	if t.nodes--; t.nodes < 0 || t.s.stopped() {
		return false, false
	}
	if !t.propagate(groups) {
		return false, true
	}
	f := newFleetProgram(t.s, groups, t.weight, t.known)
	verdict, _, _ := f.solve(t.patience)
	if verdict != relaxedFits {
		return false, verdict == tooSmall
	}
	bin, item, most, found := f.split()
	if !found {
		t.lots = f.whole()
		return t.lots != nil, false
	}
	none = true
	for _, more := range []bool{true, false} {
		child := slices.Clone(groups)
		if g := &child[bin]; more {
			g.low = slices.Clone(g.low)
			g.low[item] = most + 1
		} else {
			g.high = slices.Clone(g.high)
			g.high[item] = most
		}
		full, out := t.pack(child)
		if full {
			return true, false
		}
		none = none && out
		if !none && t.nodes <= 0 {
			break
		}
	}
	return false, none
}

// propagate lowers what each instance may hold to what the others leave. It
// reports false where there is no packing. groups are changed.
func (t *fleetTree) propagate(groups []group) bool {
	for i, d := range t.s.m.demand() {
		held, may := 0, 0
		for g := range groups {
			held += groups[g].low[i]
		}
		for g := range groups {
			if rest := d - held + groups[g].low[i]; rest < groups[g].high[i] {
				groups[g].high = slices.Clone(groups[g].high)
				groups[g].high[i] = rest
			}
			may += groups[g].high[i]
		}
		if held > d || may < d {
			return false
		}
	}
	return true
}

// split finds an instance that two patterns share, and an item and a number
// that divides them: patterns with more of it, and with as many or fewer.
func (f *fleetProgram) split() (bin, item, most int, found bool) {
	const share = 1e-6
	parts := make([][]int, len(f.groups)) // places in the basis
	for j, c := range f.lp.basis {
		if c.kind >= 0 && f.lp.x[j] > share {
			parts[c.kind] = append(parts[c.kind], j)
		}
	}
	best := -1.0
	for g, at := range parts {
		if len(at) < 2 {
			continue
		}
		room := f.s.m.kinds[f.groups[g].kind].room
		for i, it := range f.s.m.items {
			mean, all := 0.0, 0.0
			low, high := math.MaxInt, 0
			for _, j := range at {
				n := f.lp.basis[j].take[i]
				mean += f.lp.x[j] * float64(n)
				all += f.lp.x[j]
				low, high = min(low, n), max(high, n)
			}
			if low == high {
				continue
			}
			k := min(max(int(mean/all), low), high-1)
			above := 0.0
			for _, j := range at {
				if f.lp.basis[j].take[i] > k {
					above += f.lp.x[j] / all
				}
			}
			size := 0.0
			for d, need := range it.need {
				if room[d] > 0 {
					size = math.Max(size, float64(need)/float64(room[d]))
				}
			}
			if score := size * math.Min(above, 1-above); score > best {
				best, bin, item, most, found = score, g, i, k, true
			}
		}
	}
	return bin, item, most, found
}

// whole is the packing where each instance has one pattern; nil where that
// does not hold all tasks.
func (f *fleetProgram) whole() []lot {
	rest := f.s.m.demand()
	var lots []lot
	for j, c := range f.lp.basis {
		if c.kind < 0 || f.lp.x[j] <= 1e-6 {
			continue
		}
		take := lesser(c.take[:len(rest)], rest)
		for i, n := range take {
			rest[i] -= n
		}
		if sum(take) > 0 {
			lots = append(lots, lot{f.groups[c.kind].kind, 1, take})
		}
	}
	if sum(rest) > 0 {
		return nil
	}
	return lots
}
