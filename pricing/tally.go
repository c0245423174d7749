package pricing

import "fmt"

// Tally is what became of usages and commitments over the hours that were
// added to it: one hour, the 168 of a week, or a year. Every field adds up.
type Tally struct {
	// Hours is how many hours were added, by weight.
	Hours float64
	// Usages, Reservations and Plans are in the order of NewApplier's input.
	Usages       []UsageTally
	Reservations []CommitmentTally
	Plans        []CommitmentTally

	applier       *Applier
	byReservation []float64 // covered quantity, usage × reservation
	byPlan        []float64 // covered quantity, usage × plan

	// Of the hour being added: what is still left of usages (units),
	// reservations (instances) and plans (USD).
	left, instances, funds []float64
}

// UsageTally is what one usage came to.
type UsageTally struct {
	// Quantity is all units; OnDemandQuantity those that nothing covered.
	Quantity, OnDemandQuantity float64
	// ListCost is USD had nothing been committed.
	ListCost float64
	// OnDemandCost is USD of OnDemandQuantity.
	OnDemandCost float64
	// EffectiveCost is USD of the covered part at committed rates plus
	// OnDemandCost. Unused commitment is no usage's cost.
	EffectiveCost float64
}

// CommitmentTally is what one reservation or Savings Plan came to, in USD:
// Cost = Used + Unused.
type CommitmentTally struct {
	Cost, Used, Unused float64
}

// CostTotal is a bill with commitments in it, in USD.
//
// EffectiveCost is what the usages came to, with their covered part at
// committed rates; so Cost() = EffectiveCost + UnusedCost, and the commitments
// saved ListCost − Cost().
type CostTotal struct {
	// ListCost is all usage at on-demand rates.
	ListCost float64
	// OnDemandCost is the usage that nothing covered.
	OnDemandCost float64
	// CommitmentCost is what reservations and plans cost, used or not, and
	// UnusedCost the part of it that was lost.
	CommitmentCost, UnusedCost float64
	EffectiveCost              float64
}

// Cost is USD to pay.
func (c CostTotal) Cost() float64 { return c.OnDemandCost + c.CommitmentCost }

// NewTally returns an empty Tally of the Applier's usages and commitments.
func (a *Applier) NewTally() *Tally {
	n, r, p := len(a.rates), len(a.counts), len(a.commitments)
	return &Tally{
		applier:       a,
		Usages:        make([]UsageTally, n),
		Reservations:  make([]CommitmentTally, r),
		Plans:         make([]CommitmentTally, p),
		byReservation: make([]float64, n*r),
		byPlan:        make([]float64, n*p),
		left:          make([]float64, n),
		instances:     make([]float64, r),
		funds:         make([]float64, p),
	}
}

// Add applies the commitments to one hour and adds the outcome, times hours:
// the number of hours that are like this one. That is 1 for a measured hour,
// and 730/168 for an hour of a typical week in a month of 730 h.
//
// Quantities are units in the hour, in the order of NewApplier's usages. On an
// error (not as many quantities as usages, or one that is negative or not
// finite) the Tally is as it was. Add does not allocate.
func (t *Tally) Add(quantities []float64, hours float64) error {
	if len(quantities) != len(t.Usages) {
		return fmt.Errorf("pricing: got %d quantities for %d usages", len(quantities), len(t.Usages))
	}
	if err := checkAmount("hours", hours); err != nil {
		return fmt.Errorf("pricing: %w", err)
	}
	for i, q := range quantities {
		if err := checkAmount("quantity", q); err != nil {
			return fmt.Errorf("pricing: usage %d: %w", i, err)
		}
		t.left[i] = q
	}
	t.Hours += hours
	t.applyReservations(hours)
	t.applyPlans(hours)
	for i, q := range quantities {
		u, rate, left := &t.Usages[i], t.applier.rates[i], t.left[i]
		u.Quantity += hours * q
		u.OnDemandQuantity += hours * left
		u.ListCost += hours * q * rate
		u.OnDemandCost += hours * left * rate
		u.EffectiveCost += hours * left * rate
	}
	return nil
}

// Reset empties the Tally for use with other hours.
func (t *Tally) Reset() {
	t.Hours = 0
	clear(t.Usages)
	clear(t.Reservations)
	clear(t.Plans)
	clear(t.byReservation)
	clear(t.byPlan)
}

// CoveredByReservation is how many units of the usage the reservation covered.
func (t *Tally) CoveredByReservation(usage, reservation int) float64 {
	return t.byReservation[usage*len(t.Reservations)+reservation]
}

// CoveredByPlan is how many units of the usage the Savings Plan covered.
func (t *Tally) CoveredByPlan(usage, plan int) float64 {
	return t.byPlan[usage*len(t.Plans)+plan]
}

// Total adds everything up, in the order of IDs: the order of the input does
// not change a bit of it.
func (t *Tally) Total() CostTotal {
	var c CostTotal
	for _, i := range t.applier.byID {
		u := t.Usages[i]
		c.ListCost += u.ListCost
		c.OnDemandCost += u.OnDemandCost
		c.EffectiveCost += u.EffectiveCost
	}
	for _, j := range t.applier.reservationID {
		c.CommitmentCost += t.Reservations[j].Cost
		c.UnusedCost += t.Reservations[j].Unused
	}
	for _, j := range t.applier.planID {
		c.CommitmentCost += t.Plans[j].Cost
		c.UnusedCost += t.Plans[j].Unused
	}
	return c
}
