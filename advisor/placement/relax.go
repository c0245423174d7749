package placement

import (
	"math"
	"slices"
)

// relaxation is the linear bound of a model.
type relaxation struct {
	y       []float64 // dual prices, feasible as far as proven: Σ y_i a_ip ≤ c_p
	bound   float64   // Σ y_i d_i, USD an hour
	columns []column  // of the last basis, with their share
	x       []float64
	proven  bool // the linear optimum was reached within rounding
}

// search is the state that all steps of a solution share.
type search struct {
	m       *model
	sack    *sack
	weights []lambda
	left    int // nodes to spend
	done    func() bool
}

func newSearch(m *model, effort int, done func() bool) *search {
	s := &search{m: m, sack: newSack(m), weights: make([]lambda, len(m.kinds)), left: effort, done: done}
	for t := range s.weights {
		s.weights[t] = lambda{0.25, 0.25, 0.25, 0.25}
	}
	return s
}

// stopped reports that the effort is spent or the caller gave up.
func (s *search) stopped() bool { return s.left <= 0 || s.done() }

// within runs a step with one part in so many of the effort that is left.
func (s *search) within(parts int, step func()) {
	kept := s.left - s.left/parts
	s.left -= kept
	step()
	s.left += kept
}

// worth bounds what a kind's best pattern is worth at prices y.
func (s *search) worth(y []float64, t int, rest []int) float64 {
	s.sack.begin(y, &s.m.kinds[t], rest)
	var bound float64
	s.weights[t], bound = s.sack.fit(&s.m.kinds[t])
	s.left -= s.sack.nodes * len(s.sack.order) / 4
	return bound
}

// pattern is a kind's best pattern at prices y: worth has to come before.
func (s *search) pattern(y []float64, t int, rest []int, budget int) (value, upper float64, take []int) {
	return s.patternAbove(y, t, rest, 0, budget)
}

// patternAbove is a kind's best pattern worth more than a floor.
func (s *search) patternAbove(y []float64, t int, rest []int, floor float64, budget int) (value, upper float64, take []int) {
	s.sack.begin(y, &s.m.kinds[t], rest)
	value, upper, take = s.sack.pattern(&s.m.kinds[t], s.weights[t], floor, budget)
	s.left -= s.sack.nodes
	return value, upper, take
}

const (
	masterRows    = 150 // shapes above which the master is too large
	glanceBudget  = 150
	pricingBudget = 1500 // nodes of one knapsack
	proofBudget   = 20_000
	tightEnough   = 1e-4 // relative worth above its price that makes a pattern improving
	closeEnough   = 4e-4 // relative distance of the master to its bound to stop at
)

// relax solves the linear relaxation by column generation and proves its
// bound as Farley does: for any y ≥ 0 and upper bounds z_t(y) on the worth of
// the patterns of kind t, y scaled by
//
//	s = min(1, min_t c_t / z_t(y))
//
// is feasible for the dual, so s Σ y_i d_i is below every plan's cost. No
// property of the simplex steps is used. Where there are too many shapes, the
// prices of the dimensions alone are used.
// Source: Farley, A note on bounding a class of linear programming problems,
// Operations Research 38 (1990).
func (s *search) relax() relaxation {
	demand := s.m.demand()
	r := relaxation{y: make([]float64, len(demand))}
	if len(demand) == 0 {
		return r
	}
	program := s.dimensionProgram()
	s.propose(&r, program.y, program.worth, demand)
	if len(demand) > masterRows {
		return r
	}
	reserve := s.left * 2 / 5 // for rounding
	lp := newMaster(demand, s.firstBasis(demand))
	var pool []column
	for t := range s.m.kinds {
		s.worth(r.y, t, demand)
		if _, _, take := s.pattern(r.y, t, demand, pricingBudget/10); sum(take) > 0 {
			pool = append(pool, column{s.m.kinds[t].usd, t, append([]int(nil), take...)})
		}
	}
	for step := 0; step < 400*len(demand)+4000 && s.left > reserve && !s.stopped(); step++ {
		if moved, stuck := lp.improve(pool); stuck {
			break
		} else if moved {
			s.left -= len(demand) * len(demand) / 20
			continue
		}
		fresh := s.priceSmoothed(lp, &r, demand)
		if lp.cost() <= r.bound*(1+closeEnough) || len(fresh) == 0 {
			r.proven = true
			break
		}
		pool = append(pool, fresh...)
	}
	r.columns, r.x = lp.basis, lp.x
	return r
}

// priceSmoothed prices half-way between the best prices so far and the
// master's, which swing less, and at the master's where that finds nothing.
// Source: Wentges, Weighted Dantzig-Wolfe decomposition for linear
// mixed-integer programming, Int. Trans. Operational Research 4 (1997).
func (s *search) priceSmoothed(lp *master, r *relaxation, demand []int) []column {
	y := positive(lp.y)
	middle := make([]float64, len(y))
	for i := range y {
		middle[i] = (y[i] + r.y[i]) / 2
	}
	improving := s.priceOut(middle, r, demand, glanceBudget)
	improving = slices.DeleteFunc(improving, func(c column) bool { return lp.reduced(&c) > -1e-9*c.usd })
	for _, budget := range []int{glanceBudget, pricingBudget, proofBudget} {
		if len(improving) > 0 || lp.cost() <= r.bound*(1+closeEnough) || s.stopped() {
			break
		}
		improving = s.priceOut(y, r, demand, budget)
	}
	return improving
}

// priceOut looks for improving patterns of all kinds at given prices, with a
// budget for each knapsack, and raises the bound with what it learns of them.
func (s *search) priceOut(y []float64, r *relaxation, demand []int, budget int) []column {
	var fresh []column
	uppers := make([]float64, len(s.m.kinds))
	for t := range s.m.kinds {
		usd := s.m.kinds[t].usd
		floor := usd * (1 + tightEnough)
		uppers[t] = s.worth(y, t, demand)
		if uppers[t] <= floor {
			continue
		}
		value, upper, take := s.patternAbove(y, t, demand, floor, budget)
		uppers[t] = math.Min(uppers[t], upper)
		if value > floor {
			fresh = append(fresh, column{usd, t, append([]int(nil), take...)})
		}
	}
	scale := 1.0
	for t, upper := range uppers {
		scale = math.Min(scale, s.m.kinds[t].usd/math.Max(upper, 1e-300))
	}
	r.raise(y, scale, demand)
	return fresh
}

// propose scales prices to the dual by bounds alone, the smaller of those given
// and the knapsacks' own, and takes them where they raise the bound.
func (s *search) propose(r *relaxation, y, worth []float64, demand []int) {
	scale := 1.0
	for t := range s.m.kinds {
		if worth[t] <= s.m.kinds[t].usd {
			continue
		}
		if upper := min(worth[t], s.worth(y, t, demand)); upper > 0 {
			scale = math.Min(scale, s.m.kinds[t].usd/upper)
		}
	}
	r.raise(y, scale, demand)
}

func (r *relaxation) raise(y []float64, scale float64, demand []int) {
	scale /= roundUp
	if bound := scale * dot(y, demand); bound > r.bound {
		r.bound = bound
		for i := range r.y {
			r.y[i] = y[i] * scale
		}
	}
}

// firstBasis has for each item the kind that holds it for least a task.
func (s *search) firstBasis(demand []int) []column {
	basis := make([]column, len(demand))
	for i := range basis {
		basis[i] = column{usd: math.Inf(1), take: make([]int, len(demand))}
		per := math.Inf(1)
		for t, k := range s.m.kinds {
			if k.most[i] > 0 && k.usd/float64(k.most[i]) < per {
				per = k.usd / float64(k.most[i])
				basis[i].usd, basis[i].kind, basis[i].take[i] = k.usd, t, min(k.most[i], max(1, demand[i]))
			}
		}
	}
	return basis
}

func dot(y []float64, n []int) float64 {
	sum := 0.0
	for i := range y {
		sum += y[i] * float64(n[i])
	}
	return sum
}

func positive(y []float64) []float64 {
	out := make([]float64, len(y))
	for i := range y {
		out[i] = math.Max(y[i], 0)
	}
	return out
}

func sum(n []int) int {
	total := 0
	for _, v := range n {
		total += v
	}
	return total
}
