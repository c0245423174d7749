package render

import (
	"fmt"

	"ecsavvy/advisor/estimate"
)

// totalOf is the total line of one or more results with what it leaves out.
func totalOf(label string, results []estimate.Result, cents int64) Total {
	var sum summary
	for _, r := range results {
		sum.add(r)
	}
	t := Total{Label: label, Amount: sum.amount(cents)}
	switch {
	case t.Amount == nothingPriced:
		t.Remarks = append(t.Remarks, "Nothing of it has a price: "+sum.missing()+".")
	case sum.unpriced > 0 || sum.notPriced > 0:
		t.Remarks = append(t.Remarks, "A lower bound: "+sum.missing()+".")
	}
	switch {
	case sum.rng.Open:
		t.Remarks = append(t.Remarks, "No maximum count is stated: priced at the fewest tasks, with no upper end.")
	case toCents(sum.rng.Low) < toCents(sum.rng.High):
		t.Remarks = append(t.Remarks, "From the fewest to the most tasks that the design allows; the lines are priced at the fewest.")
	}
	if list, effective := toCents(sum.cost.List), toCents(sum.cost.Effective); list != effective {
		verb := "save " + money(list-effective)
		if effective > list {
			verb = "cost " + money(effective-list) + " more than they save"
		}
		t.Remarks = append(t.Remarks, fmt.Sprintf("At list prices it is %s; %s %s.", money(list), sum.reducing(), verb))
	}
	return t
}

// nothingPriced is the amount of what has no price at all: never 0.00.
const nothingPriced = "unpriced"

// summary adds results up.
type summary struct {
	cost                  estimate.Cost
	rng                   estimate.Range
	lines                 int
	unpriced, notPriced   int
	committed, discounted bool
}

// reducing are the ways in which what is paid differs from list prices.
func (s *summary) reducing() string {
	switch {
	case s.committed && s.discounted:
		return "discounts and commitments"
	case s.discounted:
		return "discounts"
	}
	return "commitments"
}

func (s *summary) add(r estimate.Result) {
	s.cost = s.cost.Add(r.Total)
	s.rng.Low += r.Range.Low
	s.rng.High += r.Range.High
	s.rng.Open = s.rng.Open || r.Range.Open
	s.unpriced += r.Unpriced
	s.committed = s.committed || r.Commitments != nil
	s.discounted = s.discounted || len(r.Discounts) > 0
	for _, n := range r.NotPriced {
		s.notPriced += n
	}
	for i := range r.Resources {
		s.lines += len(r.Resources[i].Lines)
	}
}

// amount prints a total as what it is: a figure, a range, a lower bound, or
// nothing that is known.
func (s *summary) amount(cents int64) string {
	lowerBound := s.unpriced > 0 || s.notPriced > 0 || s.rng.Open
	spread := toCents(s.rng.Low) < toCents(s.rng.High) && !s.rng.Open
	switch {
	case lowerBound && s.unpriced == s.lines && s.cost.Effective == 0:
		return nothingPriced
	case lowerBound && spread:
		// What is unpriced is missing at both ends.
		return "≥ " + money(cents) + " to ≥ " + money(toCents(s.rng.High))
	case lowerBound:
		return "≥ " + printedCost(cents, s.cost.Effective)
	case spread:
		return money(cents) + " to " + money(toCents(s.rng.High))
	default:
		return printedCost(cents, s.cost.Effective)
	}
}

// missing says in words what the total leaves out.
func (s *summary) missing() string {
	text := ""
	if s.unpriced > 0 {
		text = plural(s.unpriced, "line is unpriced", "lines are unpriced")
	}
	if s.notPriced > 0 {
		if text != "" {
			text += " and "
		}
		text += plural(s.notPriced, "resource has no price model", "resources have no price model")
	}
	return text
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return quantity(float64(n)) + " " + many
}
