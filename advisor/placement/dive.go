package placement

import (
	"math"
	"slices"
)

const diveBudget = 200 // nodes of one knapsack

// dive rounds the linear solution step by step: it takes the whole parts of
// its patterns, or else the pattern nearest to whole, and solves the linear
// master again over what is left, with patterns cut to what is left and moved
// to the cheapest kind that holds them. At each step the greedy end is tried.
// Source: Wäscher, Gau, Heuristics for the integer one-dimensional cutting
// stock problem, OR Spektrum 18 (1996): residual heuristics.
func (s *search) dive(r *relaxation, kinds []int) (layout, bool) {
	rest := s.m.demand()
	var lots, best []lot
	spent, bestUSD := 0.0, math.Inf(1)
	columns, x, y := r.columns, r.x, r.y
	for sum(rest) > 0 && !s.stopped() {
		if tail, ok := s.construct(y, rest, kinds); ok {
			if usd := spent + s.m.layout(tail).usd; usd < bestUSD {
				bestUSD, best = usd, append(slices.Clone(lots), tail...)
			}
		}
		taken := 0
		for j, c := range columns {
			if c.kind >= 0 {
				for range int(x[j] + 1e-6) {
					if covers(rest, c.take) {
						lots, spent, taken = s.commit(lots, c, rest), spent+c.usd, taken+1
					}
				}
			}
		}
		if taken == 0 {
			at, most := -1, 0.0
			for j, c := range columns {
				if c.kind >= 0 && x[j] > most && covers(rest, c.take) {
					at, most = j, x[j]
				}
			}
			if at < 0 {
				break
			}
			lots, spent = s.commit(lots, columns[at], rest), spent+columns[at].usd
		}
		if spent >= bestUSD {
			break
		}
		columns, x, y = s.again(columns, y, rest, kinds)
	}
	if sum(rest) == 0 && spent < bestUSD {
		best = lots
	}
	return s.m.layout(best), best != nil
}

// commit takes a pattern once.
func (s *search) commit(lots []lot, c column, rest []int) []lot {
	for i, n := range c.take {
		rest[i] -= n
	}
	return append(lots, lot{c.kind, 1, c.take})
}

// again solves the master over the rest, with quick pricing.
func (s *search) again(columns []column, y []float64, rest, kinds []int) ([]column, []float64, []float64) {
	if sum(rest) == 0 {
		return nil, nil, y
	}
	var pool []column
	for _, c := range columns {
		if c.kind < 0 {
			continue
		}
		cut := column{c.usd, c.kind, lesser(c.take, rest)}
		if t := s.holdsAll(cut.take); t >= 0 && s.m.kinds[t].usd <= c.usd {
			cut.usd, cut.kind = s.m.kinds[t].usd, t
		}
		if sum(cut.take) > 0 {
			pool = append(pool, cut)
		}
	}
	lp := newMaster(rest, s.firstBasis(rest))
	for round := 0; ; {
		if moved, stuck := lp.improve(pool); stuck || s.stopped() {
			break
		} else if moved {
			s.left -= len(rest) * len(rest) / 20
			continue
		}
		before := len(pool)
		y = positive(lp.y)
		for _, t := range kinds {
			usd := s.m.kinds[t].usd
			if s.worth(y, t, rest) <= usd*(1+1e-4) {
				continue
			}
			if value, _, take := s.pattern(y, t, rest, diveBudget); value > usd*(1+1e-4) {
				pool = append(pool, column{usd, t, slices.Clone(take)})
			}
		}
		if round++; len(pool) == before || round > 8 {
			break
		}
	}
	return lp.basis, lp.x, positive(lp.y)
}
