package render

import (
	"math"
	"strconv"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// A diff prints whole dollars where that is all that a reader wants: where a
// total reaches wholeTotal and what changes adds up to wholeChange. Otherwise it
// prints cents, so that a change of 88 cents in a bill of thousands shows. One
// document has one unit, or its amounts would not add up as printed.
const (
	wholeTotal  = 1000 // USD a month
	wholeChange = 100
)

// diffUnit is the unit that a diff prints amounts in.
type diffUnit struct{ whole bool } // dollars, else cents

// unitOf chooses the unit of a document.
func unitOf(d advisor.Differences) diffUnit {
	gross := 0.0
	for i := range d.Projects {
		for j := range d.Projects[i].Resources {
			gross += math.Abs(d.Projects[i].Resources[j].Cost.Amount().Effective)
		}
	}
	largest := max(d.Total.Before.Effective, d.Total.After.Effective)
	return diffUnit{whole: largest >= wholeTotal && gross >= wholeChange}
}

func (u diffUnit) usd() float64 {
	if u.whole {
		return 1
	}
	return 0.01
}

// text prints a number of units without a sign.
func (u diffUnit) text(n int64) string {
	if u.whole {
		return "$" + thousands(strconv.FormatInt(abs(n), 10))
	}
	return "$" + money(abs(n))
}

// cost prints an amount; what costs something and rounds to nothing prints as
// less than a unit.
func (u diffUnit) cost(n int64, exact float64) string {
	if n == 0 && exact > 0 {
		return "<" + u.text(1)
	}
	return u.text(n)
}

// change prints an amount with its sign.
func (u diffUnit) change(n int64, exact float64) string {
	switch {
	case n > 0:
		return "+" + u.text(n)
	case n < 0:
		return "-" + u.text(n)
	case exact > tiny:
		return "+<" + u.text(1)
	case exact < -tiny:
		return "-<" + u.text(1)
	default:
		return u.text(0)
	}
}

// tiny is what a change below it is taken for noise of sums, USD a month.
const tiny = 1e-9

// round is an amount on its own in units.
func (u diffUnit) round(usd float64) int64 {
	if u.whole {
		return int64(math.Floor(usd + 0.5))
	}
	return toCents(usd)
}

// span prints an amount that stands in no column.
func (u diffUnit) span(usd float64) string { return u.change(u.round(usd), usd) }

// side is one side of a row: a cost with what it leaves out.
type side struct {
	units   int64
	exact   float64
	rng     estimate.Range
	partial bool // something in it is unpriced
	nothing bool // nothing in it is priced
}

// text prints a side as what it is: a figure, a range, a lower bound, or
// nothing that is known.
func (u diffUnit) side(s side) string {
	if s.nothing && s.exact == 0 {
		return "unpriced"
	}
	text := u.cost(s.units, s.exact)
	switch high := u.round(s.rng.High); {
	case s.rng.Open:
		return "≥ " + text
	case high > s.units && s.rng.High > s.rng.Low && s.partial:
		return "≥ " + text + " to " + u.text(high)
	case high > s.units && s.rng.High > s.rng.Low:
		return text + " to " + u.text(high)
	case s.partial:
		return "≥ " + text
	default:
		return text
	}
}

// amount prints a delta: the change, the span that counts of tasks leave open,
// or a bound of it. A bound that leaves open where the cost goes stands after
// the word that says so; it is printed because the total is made up of it.
func (u diffUnit) amount(d advisor.Delta, s step) string {
	exact := d.Amount().Effective
	text := u.change(s.change(), exact)
	low, high := d.Span()
	switch {
	case d.Certainty == advisor.Complete && u.round(low) == u.round(high):
		return text
	case d.Certainty == advisor.Complete:
		return u.span(low) + " to " + u.span(high)
	case d.Direction() == advisor.Increase, d.Direction() == advisor.Decrease:
		return text + " or more"
	case d.Certainty == advisor.AtLeast:
		return "incomplete, ≥ " + text
	case d.Certainty == advisor.AtMost:
		return "incomplete, ≤ " + text
	default:
		return "incomplete"
	}
}

// percent prints the change in percent, "" where there is none: whole from ten
// on, one decimal below.
func percent(d advisor.Delta) string {
	p, ok := d.Percent()
	low, high := d.Span()
	switch size := math.Abs(p); {
	case !ok || low != high && d.Direction() == advisor.Unclear:
		return ""
	case size < tiny:
		return "0%"
	case size < 0.05:
		return sign(p) + "<0.1%"
	case size < 9.95:
		return sign(p) + trimZero(strconv.FormatFloat(size, 'f', 1, 64)) + "%"
	default:
		return sign(p) + thousands(strconv.FormatFloat(math.Floor(size+0.5), 'f', 0, 64)) + "%"
	}
}

func sign(f float64) string {
	if f < 0 {
		return "-"
	}
	return "+"
}

func trimZero(text string) string {
	if n := len(text) - 2; n > 0 && text[n:] == ".0" {
		return text[:n]
	}
	return text
}
