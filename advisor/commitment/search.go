package commitment

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// found is the outcome of a search.
type found struct {
	amounts  []float64 // by decision, USD an hour
	cost     float64   // objective of the amounts, USD over the horizon
	bound    float64   // no amounts have a lower objective
	steps    int
	tangents []tangent
}

const (
	// closed is the gap, as a part of the cost, at which a search is over.
	closed = 1e-10
	// nearly is the same for several plans together, where there is so much to
	// settle that more would take too long.
	nearly = 1e-6
	// maxSteps bounds a search; the gap tells what is left.
	maxSteps = 80
)

// enough is the gap, or the progress in a round, that a search may leave.
func (p *program) enough() float64 {
	if p.decisions < 2 || p.load() < 1e6 {
		return closed
	}
	return nearly
}

// load is how many pairs × hours there are to settle.
func (p *program) load() float64 {
	load := 0.0
	for i := range p.blocks {
		load += float64(p.blocks[i].len() * len(p.blocks[i].order.pairs))
	}
	return load
}

// search minimises the program's objective by cutting planes (J. E. Kelley,
// "The cutting-plane method for solving convex programs", 1960): the linear
// program over the tangents so far gives a lower bound and the next amounts.
// With one decision that is the intersection of two lines and ends at a
// breakpoint of the cost. AWS's order of application may cost more than the
// best split that the tangents rest on, so with several plans a gap can stay;
// polish then looks around for what AWS's own bill says.
func (p *program) search(starts ...[]float64) found {
	best := found{amounts: make([]float64, p.decisions), bound: math.Inf(-1)}
	cost, t, _ := p.objective(best.amounts, false)
	best.cost = cost
	tangents := append(p.floor(), t)
	look := func(amounts []float64) {
		cost, t, _ := p.objective(amounts, false)
		best.steps++
		tangents = append(tangents, t)
		if cost < best.cost {
			best.cost, best.amounts = cost, slices.Clone(amounts)
		}
	}
	for _, s := range starts {
		look(s)
	}
	enough := p.enough()
	for idle := 0; best.steps < maxSteps && idle < 3; {
		next, bound, ok := p.lowest(tangents)
		if !ok {
			break
		}
		cost, gained := best.cost, bound-best.bound
		best.bound = max(best.bound, bound)
		if best.cost-best.bound <= enough*math.Abs(best.cost) {
			break
		}
		look(next)
		if p.decisions > 1 {
			between := make([]float64, len(next))
			for j := range next {
				between[j] = (next[j] + best.amounts[j]) / 2
			}
			look(between)
		}
		if idle++; gained+cost-best.cost > enough*math.Abs(best.cost) {
			idle = 0
		}
	}
	best.bound = min(best.bound, best.cost)
	best.tangents = tangents
	return best
}

// certify replaces the bound of the classes' mean ratios by one of the lines
// themselves: tangents that decide at the best amounts, taken again with the
// least ratio of every class.
func (p *program) certify(best found) found {
	if !p.merged() {
		return best
	}
	height := func(t tangent) float64 {
		at := t.at
		for j, a := range best.amounts {
			at += t.slope[j] * a
		}
		return at
	}
	slices.SortStableFunc(best.tangents, func(a, b tangent) int { return -cmp.Compare(height(a), height(b)) })
	tangents := p.floor()
	for _, t := range best.tangents[:min(len(best.tangents), 3*(p.decisions+1))] {
		if t.amounts != nil {
			_, t, _ := p.objective(t.amounts, true)
			tangents = append(tangents, t)
		}
	}
	best.bound = math.Inf(-1)
	if _, bound, ok := p.lowest(tangents); ok {
		best.bound = min(bound, best.cost)
	}
	return best
}

func (p *program) merged() bool {
	return slices.ContainsFunc(p.blocks, func(b block) bool { return b.order.merged })
}

// floor is the tangent that holds everywhere: usage costs no less than nothing.
func (p *program) floor() []tangent {
	t := tangent{at: -p.offset(), slope: slices.Clone(p.price)}
	for j := range t.slope {
		t.slope[j] *= 1 + p.risk.Lambda
	}
	return []tangent{t}
}

// offset is how far below zero the objective may be.
func (p *program) offset() float64 {
	most := 0.0
	if p.risk.OfLoss {
		for _, d := range p.draws {
			most = max(most, d.list)
		}
	}
	return p.risk.Lambda * most
}

// lowest returns the amounts at which the highest of the tangents is lowest,
// and how high it is there. ok is false where the linear program has no answer
// within its tolerance.
func (p *program) lowest(tangents []tangent) (amounts []float64, bound float64, ok bool) {
	switch p.decisions {
	case 0:
		bound = tangents[0].at
		for _, t := range tangents {
			bound = max(bound, t.at)
		}
		return nil, bound, true
	case 1:
		amount, bound := lowestOfLines(tangents)
		return []float64{amount}, bound, true
	}
	return p.lowestOfPlanes(tangents)
}

// lowestOfLines is lowest for one decision. The lowest point of the upper
// envelope is at 0 or where a falling line meets a rising one: from the
// steepest line at 0 it walks along the envelope.
func lowestOfLines(tangents []tangent) (amount, bound float64) {
	i := 0
	for k := range tangents {
		if tangents[k].at > tangents[i].at || tangents[k].at == tangents[i].at && tangents[k].slope[0] > tangents[i].slope[0] {
			i = k
		}
	}
	for tangents[i].slope[0] < 0 {
		next, meet := -1, math.Inf(1)
		for k := range tangents {
			if rise := tangents[k].slope[0] - tangents[i].slope[0]; rise > 0 {
				x := (tangents[i].at - tangents[k].at) / rise
				if x < meet || x == meet && next >= 0 && tangents[k].slope[0] > tangents[next].slope[0] {
					next, meet = k, x
				}
			}
		}
		if next < 0 {
			break
		}
		i, amount = next, max(meet, amount)
	}
	return amount, tangents[i].at + tangents[i].slope[0]*amount
}

// lowestOfPlanes is lowest as a linear program in standard form: minimise η
// subject to η − Σ slope × amount − rest = at for each tangent. Amounts are
// scaled so that each costs the list cost, and money by the list cost.
func (p *program) lowestOfPlanes(tangents []tangent) ([]float64, float64, bool) {
	unit, offset := 0.0, p.offset()
	for _, t := range tangents {
		unit = max(unit, math.Abs(t.at))
	}
	if unit == 0 {
		return make([]float64, p.decisions), 0, true
	}
	m, n := len(tangents), p.decisions+1+len(tangents)
	a, b, c := mat.NewDense(m, n, nil), make([]float64, m), make([]float64, n)
	c[p.decisions] = 1
	top := 0
	for i, t := range tangents {
		b[i] = (t.at + offset) / unit
		for j := range t.slope {
			a.Set(i, j, -t.slope[j]/p.price[j])
		}
		a.Set(i, p.decisions, 1)
		a.Set(i, p.decisions+1+i, -1)
		if b[i] > b[top] {
			top = i
		}
	}
	basis := make([]int, m)
	for i := range basis {
		if basis[i] = p.decisions + 1 + i; i == top {
			basis[i] = p.decisions
		}
	}
	height, x, err := lp.Simplex(c, a, b, 1e-11, basis)
	if err != nil || len(x) != n {
		return nil, 0, false
	}
	amounts := make([]float64, p.decisions)
	for j := range amounts {
		amounts[j] = max(0, x[j]) * unit / p.price[j]
	}
	return amounts, height*unit - offset, true
}

// polish looks for amounts with a lower objective around some: along each
// amount, and along exchanges of one for another. steps is how many times the
// objective may be worked out.
func (p *program) polish(best found, steps int) found {
	n := p.decisions
	width := 0.25
	for steps > 0 && width > 1e-9 {
		improved := false
		for i := range n {
			for j := -1; j < n; j++ {
				for _, sign := range [2]float64{1, -1} {
					if j == i || j >= 0 && sign < 0 || steps <= 0 {
						continue
					}
					trial := slices.Clone(best.amounts)
					by := sign * width * p.span(best, i, j)
					trial[i] = max(0, trial[i]+by)
					if j >= 0 {
						trial[j] = max(0, trial[j]-by)
					}
					steps--
					if cost, _, _ := p.objective(trial, false); cost < best.cost-1e-12*math.Abs(best.cost) {
						best.cost, best.amounts, improved = cost, trial, true
					}
				}
			}
		}
		if !improved {
			width /= 2
		}
	}
	return best
}

// span is how far amounts i and j are worth moving.
func (p *program) span(best found, i, j int) float64 {
	most := best.amounts[i]
	if j >= 0 {
		most = max(most, best.amounts[j])
	}
	if most == 0 {
		for _, d := range p.draws {
			most = max(most, d.list/p.price[i])
		}
	}
	return most
}
