package pricing

import (
	"cmp"
	"fmt"
	"slices"
)

// Applier applies one set of commitments to one set of usages as AWS bills
// them, hour by hour. Rates do not change from hour to hour, so the order of
// application is worked out once, in NewApplier.
//
// An Applier does not change after it is made and may be shared by goroutines;
// each of them needs a Tally of its own.
type Applier struct {
	rates         []float64 // on-demand USD a unit, by usage
	byID          []int     // usages in the order of their IDs, in which money is summed
	reserved      []reservedPair
	planned       []planPair
	counts        []float64 // reserved instances, by reservation
	instanceRates []float64 // USD per reserved instance and hour, by reservation
	commitments   []float64 // USD an hour, by plan
	reservationID []int     // reservations in the order of their IDs
	planID        []int     // plans in the order of their IDs
}

// NewApplier works out in which order the commitments are spent on the usages:
// reservations as reservedPairs says, then Savings Plans as planPairs says.
//
// It fails on an input that is not valid and where a plan reaches a usage
// whose rate under that plan is missing (*MissingPlanRateError); all that is
// wrong is joined in one error.
func NewApplier(usages []EligibleUsage, c Commitments) (*Applier, error) {
	if err := checkUsages(usages); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	planned, err := planPairs(usages, c.Plans)
	if err != nil {
		return nil, err
	}
	a := &Applier{
		rates:         make([]float64, len(usages)),
		byID:          order(usages, func(u EligibleUsage) string { return u.ID }),
		reserved:      reservedPairs(usages, c.Reservations),
		planned:       planned,
		counts:        make([]float64, len(c.Reservations)),
		instanceRates: make([]float64, len(c.Reservations)),
		commitments:   make([]float64, len(c.Plans)),
		reservationID: order(c.Reservations, func(r Reservation) string { return r.ID }),
		planID:        order(c.Plans, func(p SavingsPlan) string { return p.ID }),
	}
	for i, u := range usages {
		a.rates[i] = u.OnDemandRate
	}
	for j, r := range c.Reservations {
		a.counts[j], a.instanceRates[j] = float64(r.Count), r.Rate
	}
	for j, p := range c.Plans {
		a.commitments[j] = p.Commitment
	}
	return a, nil
}

// order returns the indices of items, sorted by ID.
func order[T any](items []T, id func(T) string) []int {
	indices := make([]int, len(items))
	for i := range indices {
		indices[i] = i
	}
	slices.SortFunc(indices, func(i, j int) int { return cmp.Compare(id(items[i]), id(items[j])) })
	return indices
}

// WithCommitments returns the Applier with other commitments of its Savings
// Plans, in USD an hour and in the plans' order. The order of application does
// not depend on the amounts, so this is cheap: a search for the best
// commitment makes one Applier and calls it for each candidate.
func (a *Applier) WithCommitments(usdPerHour []float64) (*Applier, error) {
	if len(usdPerHour) != len(a.commitments) {
		return nil, fmt.Errorf("pricing: got %d commitments for %d savings plans", len(usdPerHour), len(a.commitments))
	}
	for j, c := range usdPerHour {
		if err := checkAmount("commitment", c); err != nil {
			return nil, fmt.Errorf("pricing: savings plan %d: %w", j, err)
		}
	}
	changed := *a
	changed.commitments = slices.Clone(usdPerHour)
	return &changed, nil
}
