package render

import (
	"cmp"
	"math"
	"slices"

	"ecsavvy/advisor"
)

// A row of a diff prints three amounts: before, after, and the change between
// them. Each column has to add up, and so has each row. Rounding columns apart
// gives unchanged resources a change of a cent, added ones a cent before they
// existed, and small changes the wrong sign. Both columns are therefore rounded
// together, from the total down:
//
//	before, after  each amount is rounded down or up to a unit
//	change         after − before is the exact change rounded down or up
//	sums           the parts make up their rounded total, in both columns
//
// This is controlled rounding of a table with two columns: every exact table
// has a solution, since it is a flow through a network whose bounds are whole
// numbers, and every total that is itself rounded so can be reached. It follows
// that what does not change prints no change, that a change never prints with
// the other sign, and that a side that is zero prints zero.
// Source: Cox & Ernst, Controlled rounding, INFOR 20(4), 1982.

// step is a cost before and after, in grains or in printed units.
type step struct{ before, after int64 }

func (s step) change() int64 { return s.after - s.before }

func (s step) add(o step) step { return step{s.before + o.before, s.after + o.after} }

// grains counts money in whole numbers far below what is printed, so that sums
// are exact.
type grains struct {
	perUSD  float64
	perUnit int64
}

// grainsFor returns grains of 10⁻⁸ units, or coarser ones where the largest
// amount would not fit.
func grainsFor(unitUSD, largest float64) grains {
	per := int64(1e8)
	for per > 1 && largest/unitUSD*float64(per) > 1e17 {
		per /= 10
	}
	return grains{perUSD: float64(per) / unitUSD, perUnit: per}
}

func (g grains) of(usd float64) int64 { return int64(math.Round(usd * g.perUSD)) }

// ofDelta is a delta in grains; what did not change has equal sides, whatever
// noise its sums carry.
func (g grains) ofDelta(d advisor.Delta, changed bool) step {
	s := step{g.of(d.Before.Effective), g.of(d.After.Effective)}
	if !changed {
		s.before = s.after
	}
	return s
}

// round rounds grains to units, half up.
func (g grains) round(s step) step {
	return step{floorDiv(s.before+g.perUnit/2, g.perUnit), floorDiv(s.after+g.perUnit/2, g.perUnit)}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// roundedPart is a part with the fractions of its sides.
type roundedPart struct {
	index         int
	before, after int64 // grains above the whole units, 0 to perUnit−1
}

// gap is the fraction of after above that of before.
func (p roundedPart) gap() int64 { return p.after - p.before }

// both reports whether both sides may be rounded up together.
func (p roundedPart) both() bool { return p.before > 0 && p.after > 0 }

// share rounds parts so that they make up a rounded total.
func (g grains) share(total step, parts []step) []step {
	out := make([]step, len(parts))
	var rest step
	var rising, falling, level []roundedPart
	for i, p := range parts {
		whole := step{floorDiv(p.before, g.perUnit), floorDiv(p.after, g.perUnit)}
		out[i], rest = whole, rest.add(whole)
		part := roundedPart{i, p.before - whole.before*g.perUnit, p.after - whole.after*g.perUnit}
		switch {
		case part.gap() > 0:
			rising = append(rising, part)
		case part.gap() < 0:
			falling = append(falling, part)
		case part.both():
			level = append(level, part)
		}
	}
	g.roundUp(out, step{total.before - rest.before, total.after - rest.after}, rising, falling, level)
	return out
}

// roundUp hands out the units that rounding down left over. Of each part the
// sides may be rounded up together, or the one with the larger fraction alone:
// after for rising parts, before for falling ones.
func (g grains) roundUp(out []step, left step, rising, falling, level []roundedPart) {
	byGap := func(a, b roundedPart) int {
		return cmp.Or(cmp.Compare(abs(b.gap()), abs(a.gap())), cmp.Compare(a.index, b.index))
	}
	slices.SortFunc(rising, byGap)
	slices.SortFunc(falling, byGap)
	onlyRising, onlyFalling := countOnly(rising), countOnly(falling)
	able := len(level) + len(rising) - onlyRising + len(falling) - onlyFalling
	alone := int(left.change()) // rising ones rounded up alone, less falling ones

	fits := func(n int) bool { // n falling ones alone
		m := n + alone
		used := max(0, m-onlyRising) + max(0, n-onlyFalling)
		together := int(left.before) - n
		return n >= 0 && m >= 0 && n <= len(falling) && m <= len(rising) && together >= 0 && together <= able-used
	}
	n, ok := nearestFit(g.natural(falling), len(falling), fits)
	if !ok {
		return // not reached: a total rounded like its parts always fits
	}
	m := n + alone
	spare := able - (int(left.before) - n) // parts able to go together that need not
	risen, rest := take(rising, m, spare-max(0, n-onlyFalling))
	for _, p := range risen {
		out[p.index].after++
		if p.both() {
			spare--
		}
	}
	level = append(level, rest...)
	fallen, rest := take(falling, n, spare)
	for _, p := range fallen {
		out[p.index].before++
	}
	level = append(level, rest...)
	slices.SortFunc(level, func(a, b roundedPart) int {
		return cmp.Or(cmp.Compare(b.before+b.after, a.before+a.after), cmp.Compare(a.index, b.index))
	})
	for _, p := range level[:min(len(level), int(left.before)-n)] {
		out[p.index].before++
		out[p.index].after++
	}
}

// natural is how many of the falling parts would be rounded up alone if their
// gaps were added up and rounded.
func (g grains) natural(falling []roundedPart) int {
	sum := int64(0)
	for _, p := range falling {
		sum -= p.gap()
	}
	return int((sum + g.perUnit/2) / g.perUnit)
}

// nearestFit is the number from 0 to most that fits and is nearest to want.
func nearestFit(want, most int, fits func(int) bool) (n int, ok bool) {
	for d := 0; d <= max(want, most); d++ {
		if fits(want - d) {
			return want - d, true
		}
		if fits(want + d) {
			return want + d, true
		}
	}
	return 0, false
}

// take picks n parts with the largest gaps, at most limit of them such as could
// be rounded up together, and returns with them those of the others that could.
func take(parts []roundedPart, n, limit int) (taken, rest []roundedPart) {
	for _, p := range parts {
		switch {
		case len(taken) < n && (!p.both() || limit > 0):
			taken = append(taken, p)
			if p.both() {
				limit--
			}
		case p.both():
			rest = append(rest, p)
		}
	}
	return taken, rest
}

// countOnly counts the parts of which one side is whole.
func countOnly(parts []roundedPart) int {
	n := 0
	for _, p := range parts {
		if !p.both() {
			n++
		}
	}
	return n
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
