package placement

import (
	"cmp"
	"math"
	"slices"
)

// A sack finds the pattern of one kind that is worth most:
//
//	z(y) = max Σ y_i a_i   subject to   Σ w_ik a_i ≤ R_k  (k = 1…4),
//	                                    0 ≤ a_i ≤ u_i whole, one task to a port
//
// by depth-first search. Its bound is the surrogate relaxation: for weights
// λ ≥ 0, Σ λ_k = 1, every pattern satisfies Σ_i (Σ_k λ_k w_ik / R_k) a_i ≤ 1,
// one fractional knapsack; λ are the duals of the linear relaxation.
// Source: Kellerer, Pferschy, Pisinger, Knapsack Problems (2004), 9.3.
type sack struct {
	m     *model
	y     []float64
	upto  []int
	order []int
	share []float64 // Σ λ_k w_ik / R_k
	dense []float64
	size  []lambda // w_ik / R_k
	reach []float64
	whole []int  // whole parts of the linear relaxation
	full  []bool // at its upper bound in the linear relaxation
	ports []bool

	take, best []int
	value      float64
	nodes      int

	kind   *kind
	main   lambda
	place  []int // in order, by item
	others []otherWeights
}

// otherWeights are weights beside the main ones: each gives a bound, and where
// few items are left the main ones are seldom the tightest.
type otherWeights struct {
	l            lambda
	order        []int
	share, dense []float64
}

// patient is after how many nodes a search looks at other weights.
const patient = 300

func newSack(m *model) *sack {
	n := len(m.items)
	return &sack{
		m: m, upto: make([]int, n), share: make([]float64, n), dense: make([]float64, n),
		size: make([]lambda, n), reach: make([]float64, n), full: make([]bool, n), whole: make([]int, n),
		ports: make([]bool, m.ports), take: make([]int, n), best: make([]int, n), place: make([]int, n),
	}
}

// lambda are the weights of the dimensions.
type lambda [dimensions]float64

// roundUp keeps a bound above the rounding of its sums.
const roundUp = 1 + 1e-9

// begin sets up a search: which items take part and how many of each.
func (s *sack) begin(y []float64, k *kind, rest []int) {
	s.y, s.order, s.nodes = y, s.order[:0], 0
	for i := range y {
		s.upto[i] = min(rest[i], k.most[i])
		if y[i] > 0 && s.upto[i] > 0 {
			s.order = append(s.order, i)
		}
		s.take[i], s.best[i] = 0, 0
	}
	s.value = 0
}

// sort orders the items by density for weights.
func (s *sack) sort(l lambda) {
	for _, i := range s.order {
		s.share[i] = l.of(&s.size[i])
		s.dense[i] = s.y[i] / math.Max(s.share[i], 1e-15)
	}
	slices.SortFunc(s.order, func(a, b int) int { return cmp.Or(cmp.Compare(s.dense[b], s.dense[a]), cmp.Compare(a, b)) })
}

// fit is the weights that make the surrogate bound tightest, and that bound:
// the duals of the linear relaxation.
func (s *sack) fit(k *kind) (lambda, float64) {
	l, bound := s.prices(k)
	sum := l[0] + l[1] + l[2] + l[3]
	if !(sum > 0) {
		return lambda{0.25, 0.25, 0.25, 0.25}, bound
	}
	for d := range l {
		l[d] /= sum
	}
	return l, bound
}

// pattern searches with the weights of fit for at most budget nodes, and only
// for what is worth more than a floor: where there is nothing, value is the
// floor and the pattern is empty. upper is z(y), or the floor if that is more,
// where the search ended, else the surrogate bound. The pattern is valid until
// the next call.
func (s *sack) pattern(k *kind, l lambda, floor float64, budget int) (value, upper float64, take []int) {
	s.value = floor
	s.scale(k)
	s.sort(l)
	s.kind, s.main, s.others = k, l, s.others[:0]
	upper = s.fill(0, 1) * roundUp
	s.rounded(k)
	s.descend(0, 0, 1, k.room, budget)
	if s.nodes <= budget {
		upper = math.Min(upper, s.value*roundUp)
	}
	return s.value, upper, s.best
}

// rounded starts the search with the whole parts of the linear solution, which
// balance the dimensions as the densest items alone do not, and fills up.
func (s *sack) rounded(k *kind) {
	room, value := k.room, 0.0
	for pass := range 2 {
		for _, i := range s.order {
			it := &s.m.items[i]
			n := min(s.upto[i]-s.take[i], room.copies(it.need))
			if pass == 0 {
				n = min(n, s.whole[i])
			}
			if len(it.ports) > 0 {
				n = 0 // left to the search
			}
			s.take[i] += n
			room = room.minus(it.need, n)
			value += float64(n) * s.y[i]
		}
	}
	if value > s.value*roundUp {
		s.value = value
		copy(s.best, s.take)
	}
	for _, i := range s.order {
		s.take[i] = 0
	}
}

func (s *sack) descend(at int, value, left float64, room vec, budget int) {
	if value > s.value*roundUp {
		s.value = value
		copy(s.best, s.take)
	}
	if at == len(s.order) {
		return
	}
	i := s.order[at]
	it := &s.m.items[i]
	most := min(s.upto[i], room.copies(it.need))
	for _, p := range it.ports {
		if s.ports[p] {
			most = 0
		}
	}
	for n := most; n >= 0; n-- {
		s.nodes++
		if s.nodes > budget {
			return
		}
		gain, rest := value+float64(n)*s.y[i], left-float64(n)*s.share[i]
		if gain+s.fill(at+1, rest) <= s.value*roundUp {
			return // fewer of the densest item are worth no more
		}
		if s.nodes > patient && at+1 < len(s.order) && s.hopeless(at+1, gain, room.minus(it.need, n)) {
			continue
		}
		s.take[i] = n
		if n > 0 {
			s.hold(it, true)
		}
		s.descend(at+1, gain, rest, room.minus(it.need, n), budget)
		if n > 0 {
			s.hold(it, false)
		}
		s.take[i] = 0
	}
}

// hopeless reports that other weights rule out a pattern worth more.
func (s *sack) hopeless(at int, gain float64, room vec) bool {
	if len(s.others) == 0 {
		s.lookAround()
	}
	var rest lambda
	for d := range rest {
		if s.kind.room[d] > 0 {
			rest[d] = float64(room[d]) / float64(s.kind.room[d])
		}
	}
	for j := range s.others {
		o := &s.others[j]
		left := o.l.of(&rest) + 1e-12
		value := gain
		for _, i := range o.order {
			if s.place[i] < at {
				continue
			}
			share := o.share[i] * float64(s.upto[i])
			if share > left {
				value += math.Max(left, 0) * o.dense[i]
				break
			}
			value += s.y[i] * float64(s.upto[i])
			left -= share
		}
		if value <= s.value*roundUp {
			return true
		}
	}
	return false
}

// lookAround prepares the weights of each dimension alone, and half-way to it.
func (s *sack) lookAround() {
	for at, i := range s.order {
		s.place[i] = at
	}
	var used lambda
	for _, i := range s.order {
		for d := range used {
			used[d] += s.size[i][d]
		}
	}
	for _, part := range []float64{0.5, 1} {
		for d := range used {
			if used[d] == 0 {
				continue
			}
			o := otherWeights{share: make([]float64, len(s.y)), dense: make([]float64, len(s.y)), order: slices.Clone(s.order)}
			for e := range o.l {
				o.l[e] = s.main[e] * (1 - part)
			}
			o.l[d] += part
			for _, i := range o.order {
				o.share[i] = o.l.of(&s.size[i])
				o.dense[i] = s.y[i] / math.Max(o.share[i], 1e-15)
			}
			slices.SortFunc(o.order, func(a, b int) int { return cmp.Or(cmp.Compare(o.dense[b], o.dense[a]), cmp.Compare(a, b)) })
			s.others = append(s.others, o)
		}
	}
}

func (s *sack) hold(it *item, held bool) {
	for _, p := range it.ports {
		s.ports[p] = held
	}
}

// fill is the fractional knapsack of the items from a place in the order on.
func (s *sack) fill(at int, left float64) float64 {
	value := 0.0
	left += 1e-12
	for _, i := range s.order[at:] {
		share := s.share[i] * float64(s.upto[i])
		if share > left {
			return value + math.Max(left, 0)*s.dense[i]
		}
		value += s.y[i] * float64(s.upto[i])
		left -= share
	}
	return value
}
