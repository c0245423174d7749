package advisor

import (
	"cmp"
	"slices"
	"strings"

	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// LineDiff is a line of a resource on both sides.
type LineDiff struct {
	// Change is never Renamed.
	Change Change
	// Before and After are the line on each side, nil where it is not. They
	// belong to the results and must not be changed.
	Before, After *estimate.Line
	Cost          Delta
}

// Line is the line after the change, or before it if it was removed.
func (l *LineDiff) Line() *estimate.Line {
	if l.After != nil {
		return l.After
	}
	return l.Before
}

// Unpriced says why the change of the line cannot be priced; "" where it can,
// and where the line is unpriced in the same way on both sides.
func (l *LineDiff) Unpriced() string {
	switch {
	case l.Cost.Certainty == Complete:
		return ""
	case l.After != nil && l.After.Unpriced != "":
		return l.After.Unpriced
	default:
		return l.Before.Unpriced
	}
}

// QuantityChanged reports whether the line uses another quantity than before.
func (l *LineDiff) QuantityChanged() bool {
	return priced(l.Before) && priced(l.After) && !near(l.Before.Charge.Usage.Quantity, l.After.Charge.Usage.Quantity)
}

// PriceChanged reports whether the line is rated by another rate than before:
// new prices, another region, another instance type. Usage that reaches another
// tier of the same rate is no change of price.
func (l *LineDiff) PriceChanged() bool {
	return priced(l.Before) && priced(l.After) && !sameRate(&l.Before.Charge.Rate, &l.After.Charge.Rate)
}

func priced(l *estimate.Line) bool { return l != nil && l.Unpriced == "" }

func sameRate(a, b *pricing.Rate) bool { return a.SKU == b.SKU && slices.Equal(a.Tiers, b.Tiers) }

// diffLines pairs the lines of a resource; a side may be nil.
func diffLines(before, after *estimate.Resource) []LineDiff {
	var old, now []estimate.Line
	if before != nil {
		old = before.Lines
	}
	if after != nil {
		now = after.Lines
	}
	out := make([]LineDiff, 0, max(len(old), len(now)))
	if sameLines(old, now) {
		for i := range now {
			out = append(out, diffLine(&old[i], &now[i]))
		}
		return out
	}
	partner := matchLines(old, now)
	gone := make([]bool, len(old))
	for i := range gone {
		gone[i] = true
	}
	for i := range now {
		var was *estimate.Line
		if j := partner[i]; j >= 0 {
			was, gone[j] = &old[j], false
		}
		out = append(out, diffLine(was, &now[i]))
	}
	for j := range old {
		if gone[j] {
			out = append(out, diffLine(&old[j], nil))
		}
	}
	return out
}

// sameLines reports whether both sides have the same lines in the same order,
// as most resources of most changes do.
func sameLines(old, now []estimate.Line) bool {
	if len(old) != len(now) {
		return false
	}
	for i := range old {
		if old[i].Name != now[i].Name || old[i].Detail != now[i].Detail || !sameLine(&old[i], &now[i]) {
			return false
		}
	}
	return true
}

// matchLines returns for each line of now its partner in old, or −1: lines of
// one name and detail in order of quantity, equal quantities first; then, of
// what is left, the only line of a name with the only one on the other side,
// whose detail changed.
func matchLines(old, now []estimate.Line) []int {
	partner := make([]int, len(now))
	for i := range partner {
		partner[i] = -1
	}
	oldOrder, nowOrder := lineOrder(old), lineOrder(now)
	var oldRest, nowRest []int
	full := func(a, b *estimate.Line) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Detail, b.Detail))
	}
	eachGroup(old, now, oldOrder, nowOrder, full, func(was, is []int) {
		was, is = pairEqual(old, now, was, is, partner)
		n := min(len(was), len(is))
		for i := range n {
			partner[is[i]] = was[i]
		}
		oldRest, nowRest = append(oldRest, was[n:]...), append(nowRest, is[n:]...)
	})
	byName := func(a, b *estimate.Line) int { return strings.Compare(a.Name, b.Name) }
	eachGroup(old, now, oldRest, nowRest, byName, func(was, is []int) {
		if len(was) == 1 && len(is) == 1 {
			partner[is[0]] = was[0]
		}
	})
	return partner
}

// lineOrder sorts the indices of lines by name, detail, quantity and cost.
func lineOrder(lines []estimate.Line) []int {
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := &lines[i], &lines[j]
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Detail, b.Detail), compareContent(a, b))
	})
	return order
}

// compareContent orders lines of one name and detail.
func compareContent(a, b *estimate.Line) int {
	return cmp.Or(
		strings.Compare(a.Unpriced, b.Unpriced),
		cmp.Compare(a.Charge.Usage.Quantity, b.Charge.Usage.Quantity),
		cmp.Compare(a.Cost.Effective, b.Cost.Effective),
		cmp.Compare(a.Charge.ListUnitPrice, b.Charge.ListUnitPrice),
		strings.Compare(a.Charge.Usage.Why, b.Charge.Usage.Why),
	)
}

// eachGroup walks two sorted lists of indices together and calls f with the
// indices of each group that order takes for equal.
func eachGroup(old, now []estimate.Line, was, is []int, order func(a, b *estimate.Line) int, f func(was, is []int)) {
	take := func(lines []estimate.Line, list []int, first *estimate.Line) int {
		n := 0
		for n < len(list) && order(&lines[list[n]], first) == 0 {
			n++
		}
		return n
	}
	for len(was) > 0 || len(is) > 0 {
		var first *estimate.Line
		switch {
		case len(was) == 0:
			first = &now[is[0]]
		case len(is) == 0 || order(&old[was[0]], &now[is[0]]) <= 0:
			first = &old[was[0]]
		default:
			first = &now[is[0]]
		}
		n, m := take(old, was, first), take(now, is, first)
		f(was[:n], is[:m])
		was, is = was[n:], is[m:]
	}
}

// pairEqual pairs the lines of one name and detail that have equal content and
// returns the others.
func pairEqual(old, now []estimate.Line, was, is, partner []int) (oldRest, nowRest []int) {
	if len(was) == 1 && len(is) == 1 {
		return was, is
	}
	for len(was) > 0 && len(is) > 0 {
		switch order := compareContent(&old[was[0]], &now[is[0]]); {
		case order == 0:
			partner[is[0]] = was[0]
			was, is = was[1:], is[1:]
		case order < 0:
			oldRest, was = append(oldRest, was[0]), was[1:]
		default:
			nowRest, is = append(nowRest, is[0]), is[1:]
		}
	}
	return append(oldRest, was...), append(nowRest, is...)
}

// diffLine compares a line with itself on the other side; one may be nil.
func diffLine(before, after *estimate.Line) LineDiff {
	l := LineDiff{Before: before, After: after}
	if priced(before) {
		l.Cost.Before = before.Cost
	}
	if priced(after) {
		l.Cost.After = after.Cost
	}
	same := before != nil && after != nil && sameLine(before, after)
	if !same && after != nil && after.Unpriced != "" {
		l.Cost.Certainty |= AtLeast
	}
	if !same && before != nil && before.Unpriced != "" {
		l.Cost.Certainty |= AtMost
	}
	l.Cost.BeforeRange = rangeOf(estimate.Range{}, l.Cost.Before)
	l.Cost.AfterRange = rangeOf(estimate.Range{}, l.Cost.After)
	switch {
	case before == nil:
		l.Change = Added
	case after == nil:
		l.Change = Removed
	case !same || before.Detail != after.Detail:
		l.Change = Changed
	}
	return l
}

// sameLine reports whether two lines use the same quantity at the same price
// for the same cost, or are unpriced in the same way: then the unknown cost is
// equal on both sides and cancels. An unknown quantity is the same if the rest
// of its formula is. That a line's region is another one shows in its price or
// not at all.
func sameLine(a, b *estimate.Line) bool {
	was, is := &a.Charge, &b.Charge
	if (a.Unpriced == "") != (b.Unpriced == "") || !near(was.Usage.Quantity, is.Usage.Quantity) {
		return false
	}
	if a.Unpriced != "" {
		named := was.Usage.SKU.UsageType != ""
		return was.Usage.SKU == is.Usage.SKU && was.Usage.Why == is.Usage.Why && (named || a.Unpriced == b.Unpriced)
	}
	return near(a.Cost.Effective, b.Cost.Effective) && near(a.Cost.List, b.Cost.List) && near(was.ListUnitPrice, is.ListUnitPrice)
}
