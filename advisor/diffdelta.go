package advisor

import (
	"math"

	"ecsavvy/advisor/estimate"
)

// Delta is a monthly cost before and after a change.
type Delta struct {
	// Before and After add up what is priced on each side.
	Before, After estimate.Cost
	// BeforeRange and AfterRange are the costs at the least and the most
	// tasks that each side allows.
	BeforeRange, AfterRange estimate.Range
	// Certainty says what After − Before is: the change, or a bound of it.
	Certainty Certainty
}

// Certainty says how much of a delta is known. Certainties of parts combine
// into that of their sum by |.
type Certainty uint8

// Certainties.
const (
	// Complete: the difference of the priced parts is the change.
	Complete Certainty = 0
	// AtLeast: something is unpriced after; the change is the difference or
	// more.
	AtLeast Certainty = 1 << 0
	// AtMost: something is unpriced before; the change is the difference or
	// less.
	AtMost Certainty = 1 << 1
	// Incomplete: something is unpriced on both sides, and not the same.
	Incomplete = AtLeast | AtMost
)

func (c Certainty) String() string {
	switch c {
	case Complete:
		return "complete"
	case AtLeast:
		return "at least"
	case AtMost:
		return "at most"
	default:
		return "incomplete"
	}
}

// inverse is the certainty of the change undone.
func (c Certainty) inverse() Certainty {
	switch c {
	case AtLeast:
		return AtMost
	case AtMost:
		return AtLeast
	default:
		return c
	}
}

// Direction says where a cost goes.
type Direction uint8

// Directions.
const (
	// NoChange: the cost stays.
	NoChange Direction = iota
	// Increase: the cost rises, by the delta or more.
	Increase
	// Decrease: the cost falls, by the delta or more.
	Decrease
	// Unclear: what is not priced, or how many tasks will run, could turn
	// the change either way.
	Unclear
)

func (d Direction) String() string {
	switch d {
	case NoChange:
		return "no change"
	case Increase:
		return "increase"
	case Decrease:
		return "decrease"
	default:
		return "unclear"
	}
}

// Amount is After − Before.
func (d Delta) Amount() estimate.Cost {
	return estimate.Cost{List: d.After.List - d.Before.List, Effective: d.After.Effective - d.Before.Effective}
}

// Percent is the change in percent of the cost before. There is none where
// nothing was paid before, and where the change is only bounded.
func (d Delta) Percent() (percent float64, ok bool) {
	if d.Certainty != Complete || !(d.Before.Effective > 0) {
		return 0, false
	}
	return d.Amount().Effective / d.Before.Effective * 100, true
}

// Span is the least and the most that the change can be, as far as counts of
// tasks decide it: both sides are taken at the same end of their ranges. Bounds
// that Certainty leaves open are infinite.
func (d Delta) Span() (low, high float64) {
	amount := settle(d.After.Effective, d.Before.Effective)
	atLow := settle(d.AfterRange.Low, d.BeforeRange.Low)
	atHigh := settle(d.AfterRange.High, d.BeforeRange.High)
	low, high = min(amount, atLow, atHigh), max(amount, atLow, atHigh)
	if d.Certainty&AtLeast != 0 {
		high = math.Inf(1)
	}
	if d.Certainty&AtMost != 0 {
		low = math.Inf(-1)
	}
	return low, high
}

// Direction says where the cost goes, by Span.
func (d Delta) Direction() Direction {
	low, high := d.Span()
	amount := settle(d.After.Effective, d.Before.Effective)
	switch {
	case low == 0 && high == 0:
		return NoChange
	case low >= 0 && amount > 0:
		return Increase
	case high <= 0 && amount < 0:
		return Decrease
	default:
		return Unclear
	}
}

// Inverse is the delta of the change undone.
func (d Delta) Inverse() Delta {
	return Delta{
		Before: d.After, After: d.Before,
		BeforeRange: d.AfterRange, AfterRange: d.BeforeRange,
		Certainty: d.Certainty.inverse(),
	}
}

// Add returns the sum of two deltas.
func (d Delta) Add(o Delta) Delta {
	return Delta{
		Before: d.Before.Add(o.Before), After: d.After.Add(o.After),
		BeforeRange: addRange(d.BeforeRange, o.BeforeRange), AfterRange: addRange(d.AfterRange, o.AfterRange),
		Certainty: d.Certainty | o.Certainty,
	}
}

func addRange(a, b estimate.Range) estimate.Range {
	return estimate.Range{Low: a.Low + b.Low, High: a.High + b.High, Open: a.Open || b.Open}
}

// rangeOf is a range, or the cost alone where nobody filled one in.
func rangeOf(r estimate.Range, cost estimate.Cost) estimate.Range {
	if r.Low == 0 && r.High == 0 {
		return estimate.Range{Low: cost.Effective, High: cost.Effective, Open: r.Open}
	}
	return r
}

// noise is the relative error that sums and shares of float64 carry: two
// figures that are this near were meant to be equal.
const noise = 1e-12

// near reports whether two figures differ by noise at most.
func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= noise*max(math.Abs(a), math.Abs(b))
}

// settle is a − b without noise.
func settle(a, b float64) float64 {
	if near(a, b) {
		return 0
	}
	return a - b
}
