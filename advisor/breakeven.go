package advisor

import (
	"fmt"
	"math"
	"strings"
)

// BreakEven is a value at which the cheaper one of two designs changes.
type BreakEven struct {
	// X is the value. Where Kind is Between it is the first value on the far
	// side, and where it is Tied the two cost the same from X to Until.
	X, Until float64
	Kind     Crossing
	// Below is the design that costs less below X, Above the one that does
	// above it. At an end of the range both are of the side that is in it.
	Below, Above int
	// First and Second are the two designs, in the order of the designs, and
	// FirstUSD and SecondUSD what they cost at X.
	First, Second       int
	FirstUSD, SecondUSD float64
	// Cheapest says that no other design costs less there, so that the best
	// choice of all changes.
	Cheapest bool
}

// Crossing is how two costs change places.
type Crossing uint8

// Crossings.
const (
	// Crosses: both cost the same at X, to 1e-9 of the value.
	Crosses Crossing = iota
	// Leaps: one of them jumps over the other at X.
	Leaps
	// Between: only whole values exist, and the order changes from one to the
	// next.
	Between
	// Tied: both cost the same over a range.
	Tied
)

func (c Crossing) String() string {
	switch c {
	case Leaps:
		return "jump"
	case Between:
		return "between whole values"
	case Tied:
		return "tie"
	default:
		return "equal"
	}
}

// Precision of a solution.
const (
	// solved is the width of the interval that a break-even point is left in,
	// relative to its value.
	solved = 1e-9
	// sameCost is how far two costs may be apart and be one cost, relative to
	// the larger: sums of a hundred lines lose no more.
	sameCost = 1e-11
	// solverSteps bounds the search; each halves the interval.
	solverSteps = 200
)

// difference is the first design's cost less the second's, 0 where they are
// the same to sameCost. ok is false where the two do not compare: one is
// infeasible, or other lines are unpriced than the other's.
func (s *sweeper) difference(x float64, i, j int) (d float64, ok bool) {
	c := s.at(x)
	if c[i].Err != nil || c[j].Err != nil || c[i].open != c[j].open {
		return 0, false
	}
	d = c[i].USD - c[j].USD
	if math.Abs(d) <= sameCost*math.Max(math.Abs(c[i].USD), math.Abs(c[j].USD)) {
		d = 0
	}
	return d, true
}

// breakEvens are the points in the range at which the cheaper of two designs
// changes, between samples as well as on them.
func (s *sweeper) breakEvens(samples []float64, i, j int) []BreakEven {
	var out []BreakEven
	var last, tie float64 // the last sample with a cheaper one; the first tied one
	sign, tied := 0, false
	for n, x := range samples {
		d, ok := s.difference(x, i, j)
		if !ok {
			sign, tied = 0, false
			continue
		}
		if d == 0 {
			if !tied {
				tie, tied = x, true
			}
			if n == len(samples)-1 && (sign != 0 || tie < x) {
				out = append(out, s.tie(tie, x, sign, sign, i, j))
			}
			continue
		}
		now := 1
		if d < 0 {
			now = -1
		}
		switch {
		case tied && (tie < samples[n-1] || sign == -now || sign == 0 && tie != 0):
			out = append(out, s.tie(tie, samples[n-1], sign, now, i, j))
		case !tied && sign == -now:
			out = append(out, s.solve(last, x, i, j))
		}
		last, sign, tied = x, now, false
	}
	return out
}

// tie is the break-even of two designs that cost the same on samples.
func (s *sweeper) tie(from, to float64, before, after, i, j int) BreakEven {
	if before == 0 {
		before = after
	}
	b := s.breakEven(from, before, i, j)
	b.Above = cheaper(after, i, j)
	b.Until = to
	if to > from {
		b.Kind = Tied
	}
	return b
}

// cheaper is the design that costs less, by the sign of the difference.
func cheaper(sign, i, j int) int {
	if sign < 0 {
		return i
	}
	return j
}

func (s *sweeper) breakEven(x float64, below, i, j int) BreakEven {
	c := s.at(x)
	b := BreakEven{
		X: x, Until: x, Below: cheaper(below, i, j), Above: cheaper(-below, i, j),
		First: i, Second: j, FirstUSD: c[i].USD, SecondUSD: c[j].USD, Cheapest: true,
	}
	least := math.Min(c[i].USD, c[j].USD)
	for k := range c {
		if k != i && k != j && c[k].Err == nil && c[k].open == c[i].open && c[k].USD < least-sameCost*least {
			b.Cheapest = false
		}
	}
	return b
}

// solve finds where the difference of two designs changes its sign between a
// and b, where it differs. Every step takes the secant, which is exact for
// straight lines, and then halves what is left, which is safe for steps.
func (s *sweeper) solve(a, b float64, i, j int) BreakEven {
	da, _ := s.difference(a, i, j)
	db, _ := s.difference(b, i, j)
	sign := 1
	if da < 0 {
		sign = -1
	}
	narrow := func(x float64) (found bool) {
		if x <= a || x >= b {
			return false
		}
		d, ok := s.difference(x, i, j)
		switch {
		case !ok:
			return false
		case d == 0:
			a, b = x, x
			return true
		case (d < 0) == (da < 0):
			a, da = x, d
		default:
			b, db = x, d
		}
		return false
	}
	for range solverSteps {
		secant := a + (b-a)*da/(da-db)
		if s.x.Whole {
			secant = math.Round(secant)
		}
		if narrow(secant) || narrow(s.between(a, b)) {
			return s.breakEven(a, sign, i, j)
		}
		if s.x.Whole && b-a <= 1 || !s.x.Whole && b-a <= s.narrowest(a, b)/4 {
			break
		}
	}
	out := s.breakEven(b, sign, i, j)
	switch {
	case s.x.Whole:
		out.Kind = Between
	case math.Abs(db-da) > 1e-6*math.Max(math.Abs(out.FirstUSD), math.Abs(out.SecondUSD)):
		out.Kind = Leaps
	}
	return out
}

// narrowest is the width at which an interval counts as a point: 1e-9 of its
// value, and beside zero 1e-12 of the range.
func (s *sweeper) narrowest(a, b float64) float64 {
	return math.Max(solved*math.Max(math.Abs(a), math.Abs(b)), 1e-12*(s.x.To-s.x.From))
}

// Sentence says what a break-even means.
func (r *SweepResult) Sentence(b BreakEven) string {
	name := func(i int) string { return r.Designs[i] }
	value := func(x float64) string { return r.X.value(x) }
	cost := func(i int) string {
		if i == b.First {
			return fmt.Sprintf("%.2f", b.FirstUSD)
		}
		return fmt.Sprintf("%.2f", b.SecondUSD)
	}
	switch {
	case b.Kind == Tied:
		return fmt.Sprintf("From %s to %s %s and %s cost the same.", short(b.X), value(b.Until), name(b.First), name(b.Second))
	case b.Below == b.Above:
		return fmt.Sprintf("At %s %s and %s cost the same, %s USD a month; elsewhere %s costs less.", value(b.X), name(b.First), name(b.Second), cost(b.First), name(b.Above))
	case b.Kind == Between:
		return fmt.Sprintf("From %s on %s costs less than %s: %s against %s USD a month.", value(b.X), name(b.Above), name(b.Below), cost(b.Above), cost(b.Below))
	case b.Kind == Leaps:
		return fmt.Sprintf("At %s the cost jumps, and above it %s costs less than %s: %s against %s USD a month.", value(b.X), name(b.Above), name(b.Below), cost(b.Above), cost(b.Below))
	default:
		return fmt.Sprintf("Above %s %s costs less than %s; there both cost %s USD a month.", value(b.X), name(b.Above), name(b.Below), cost(b.First))
	}
}

// value is a value of the parameter with its unit and name.
func (p *Parameter) value(x float64) string {
	text := short(x)
	if p.Unit != "" {
		text += " " + UnitOf(p.Unit, text == "1")
	}
	return text + " (" + p.Name() + ")"
}

// UnitOf is a unit behind a value: "1 task", "2 tasks". Units that count things
// are written in the plural; others do not change.
func UnitOf(unit string, one bool) string {
	if one && (unit == "tasks" || unit == "AZs") {
		return strings.TrimSuffix(unit, "s")
	}
	return unit
}
