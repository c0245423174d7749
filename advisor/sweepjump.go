package advisor

import "math"

// Jump is a value at which a design's cost steps: one more instance, a
// commitment's edge.
type Jump struct {
	Design int
	// X is the first value after the step; Before and After are USD a month
	// on its sides.
	X             float64
	Before, After float64
}

// jumps locates the steps of every design's cost. An interval that was refined
// to the end holds a step where its cost changes by more than the slopes beside
// it explain; halving it towards the larger change locates the step.
func (s *sweeper) jumps(samples []float64) (found []Jump, more int) {
	finest := (s.x.To - s.x.From) / firstCuts / (1 << (refinements - 1))
	for i := range s.designs {
		for n := 1; n < len(samples); n++ {
			a, b := samples[n-1], samples[n]
			if b-a > finest || !s.steps(samples, n, i) {
				continue
			}
			if len(found) >= maxJumps || s.left <= 0 {
				more++
				continue
			}
			found = append(found, s.locate(a, b, i))
		}
	}
	return found, more
}

// steps reports whether design i's cost steps between samples n−1 and n.
func (s *sweeper) steps(samples []float64, n, i int) bool {
	a, b := samples[n-1], samples[n]
	ca, cb := s.at(a)[i], s.at(b)[i]
	if ca.Err != nil || cb.Err != nil || ca.open != cb.open {
		return false
	}
	slope := 0.0
	for _, k := range []int{n - 2, n} {
		if k < 0 || k+1 >= len(samples) {
			continue
		}
		left, right := s.at(samples[k])[i], s.at(samples[k+1])[i]
		if left.Err == nil && right.Err == nil {
			slope = math.Max(slope, math.Abs(right.USD-left.USD)/(samples[k+1]-samples[k]))
		}
	}
	change := math.Abs(cb.USD - ca.USD)
	return change > 4*slope*(b-a)+1e-6*math.Max(1, math.Abs(cb.USD))
}

// locate halves an interval towards the larger change of a design's cost.
func (s *sweeper) locate(a, b float64, i int) Jump {
	for range solverSteps {
		m := s.between(a, b)
		if m <= a || m >= b || b-a <= s.narrowest(a, b) {
			break
		}
		if math.Abs(s.at(m)[i].USD-s.at(a)[i].USD) > math.Abs(s.at(b)[i].USD-s.at(m)[i].USD) {
			b = m
		} else {
			a = m
		}
	}
	x := b
	if a == 0 {
		x = 0 // a step right above nothing
	}
	return Jump{Design: i, X: x, Before: s.at(a)[i].USD, After: s.at(b)[i].USD}
}
