package placement

import "math"

// column is a pattern of a kind at its price, or (kind < 0) slack.
type column struct {
	usd  float64
	kind int
	take []int
}

// master solves the linear master
//
//	min Σ c_p x_p   subject to   Σ_p a_ip x_p ≥ d_i,   x ≥ 0
//
// by the revised simplex method with an explicit inverse of the basis. Columns
// come one at a time, so that each step starts from the last basis; its
// duals are only a proposal, which the bound does not trust (see relax.go).
// Source: Gilmore, Gomory, A linear programming approach to the cutting-stock
// problem, Operations Research 9 (1961).
type master struct {
	inverse [][]float64
	basis   []column
	x, y    []float64
}

// newMaster starts from a basis whose column i has tasks of item i only.
func newMaster(demand []int, basis []column) *master {
	n := len(demand)
	s := &master{inverse: make([][]float64, n), basis: basis, x: make([]float64, n), y: make([]float64, n)}
	for i := range n {
		s.inverse[i] = make([]float64, n)
		s.inverse[i][i] = 1 / float64(basis[i].take[i])
		// A little more, and different, than the demand: no two steps tie, so
		// that the method cannot cycle.
		s.x[i] = (float64(demand[i]) + 1e-7*float64(i+1)/float64(n)) * s.inverse[i][i]
	}
	s.duals()
	return s
}

func (s *master) duals() {
	for j := range s.y {
		s.y[j] = 0
	}
	for i, c := range s.basis {
		if c.usd != 0 {
			for j, v := range s.inverse[i] {
				s.y[j] += c.usd * v
			}
		}
	}
}

// reduced is a column's cost at the duals: below zero it improves.
func (s *master) reduced(c *column) float64 {
	r := c.usd
	for i, n := range c.take {
		if n != 0 {
			r -= s.y[i] * float64(n)
		}
	}
	return r
}

// enter pivots a column into the basis. It reports false where none can leave.
func (s *master) enter(c column) bool {
	n := len(s.basis)
	direction := make([]float64, n)
	for i, row := range s.inverse {
		for j, t := range c.take {
			if t != 0 {
				direction[i] += row[j] * float64(t)
			}
		}
	}
	leaves, step := -1, math.Inf(1)
	for i, d := range direction {
		if d <= 1e-9 {
			continue
		}
		// Of equal steps the larger pivot, for the sake of precision.
		if r := math.Max(s.x[i], 0) / d; r < step-1e-12 || r <= step+1e-12 && d > direction[leaves] {
			leaves, step = i, r
		}
	}
	if leaves < 0 {
		return false
	}
	pivot := s.inverse[leaves]
	for j := range pivot {
		pivot[j] /= direction[leaves]
	}
	for i, row := range s.inverse {
		if f := direction[i]; i != leaves && f != 0 {
			for j := range row {
				row[j] -= f * pivot[j]
			}
			s.x[i] -= f * step
		}
	}
	s.basis[leaves], s.x[leaves] = c, step
	s.duals()
	return true
}

// cost is the objective at the basis.
func (s *master) cost() float64 {
	usd := 0.0
	for i, c := range s.basis {
		usd += c.usd * s.x[i]
	}
	return usd
}

// improve makes one step with the column of a pool that improves most for its
// price, else with the slack of a row whose dual is below zero. stuck says that
// the step failed.
func (s *master) improve(pool []column) (moved, stuck bool) {
	best, at := -1e-9, -1
	for i := range pool {
		if c := s.reduced(&pool[i]) / pool[i].usd; c < best {
			best, at = c, i
		}
	}
	return s.step(pool, at)
}

// improveFree is improve for columns without a price.
func (s *master) improveFree(pool []column, least float64) (moved, stuck bool) {
	best, at := -least, -1
	for i := range pool {
		if c := s.reduced(&pool[i]); c < best {
			best, at = c, i
		}
	}
	return s.step(pool, at)
}

func (s *master) step(pool []column, at int) (moved, stuck bool) {
	if at >= 0 {
		return true, !s.enter(pool[at])
	}
	row := -1
	for i, y := range s.y {
		if y < -1e-9 && (row < 0 || y < s.y[row]) {
			row = i
		}
	}
	if row < 0 {
		return false, false
	}
	slack := column{kind: -1, take: make([]int, len(s.y))}
	slack.take[row] = -1
	return true, !s.enter(slack)
}
