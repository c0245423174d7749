package commitment

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ecsavvy/pricing"
)

// horizon is the months over which a bill is looked at, cut where something
// that is owned ends.
type horizon struct {
	segments []segment
	spans    []span // of owned plans
}

// segment is months in which the same commitments are owned.
type segment struct {
	span
	reservations []pricing.Reservation
	ledger       *ledger
}

// monthsUntil is how many whole months of 730 h pass from start to end, at most
// most. What ends within a month is taken to have ended before it.
func monthsUntil(start, end time.Time, most int) int {
	if end.IsZero() {
		return most
	}
	return min(most, max(0, int(end.Sub(start).Hours()/HoursPerMonth)))
}

// newHorizon cuts the months from the day after the measured hours on.
func newHorizon(h *Hours, o Options) (horizon, error) {
	start := h.Start.Add(time.Duration(h.Len()) * time.Hour)
	cuts := []int{0, o.Months}
	var z horizon
	if err := o.Owned.check(); err != nil {
		return z, err
	}
	for _, p := range o.Owned.Plans {
		to := monthsUntil(start, p.End, o.Months)
		cuts = append(cuts, to)
		z.spans = append(z.spans, span{0, to})
	}
	until := make([]int, len(o.Owned.Reservations))
	for i, r := range o.Owned.Reservations {
		until[i] = monthsUntil(start, r.End, o.Months)
		cuts = append(cuts, until[i])
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	for i := range cuts[1:] {
		s := segment{span: span{cuts[i], cuts[i+1]}}
		for k, r := range o.Owned.Reservations {
			if until[k] > s.from {
				s.reservations = append(s.reservations, r.Reservation)
			}
		}
		z.segments = append(z.segments, s)
	}
	return z, nil
}

// check refuses what pricing.NewApplier would not see: IDs that are given twice
// or taken by plans to buy.
func (o Owned) check() error {
	seen := map[string]bool{}
	for _, p := range o.Plans {
		if strings.HasPrefix(p.ID, newPrefix) {
			return fmt.Errorf("commitment: owned plan %q: IDs that start with %q are of plans to buy", p.ID, newPrefix)
		}
		if seen[p.ID] {
			return fmt.Errorf("commitment: owned plan %q is given twice", p.ID)
		}
		seen[p.ID] = true
	}
	for _, r := range o.Reservations {
		if seen[r.ID] {
			return fmt.Errorf("commitment: owned commitment %q is given twice", r.ID)
		}
		seen[r.ID] = true
	}
	return nil
}

// fill makes the ledgers of the segments; those with the same reservations
// share one.
func (z *horizon) fill(h *Hours, offers []pricing.Offer, tags []int) error {
	for i := range z.segments {
		s := &z.segments[i]
		if i > 0 && len(s.reservations) == len(z.segments[i-1].reservations) {
			s.ledger = z.segments[i-1].ledger
			continue
		}
		var err error
		if s.ledger, err = newLedger(h, offers, s.reservations, tags); err != nil {
			return err
		}
	}
	return nil
}

// reservationCost is USD an hour of the segment's reservations.
func (s *segment) reservationCost() float64 {
	usd := 0.0
	for _, r := range s.reservations {
		usd += float64(r.Count) * r.Rate
	}
	return usd
}

// program is the cost of amounts of the options, measured hours repeated over
// the horizon. Plans that end are renewed unchanged.
func (z *horizon) program(options []option, o Options) *program {
	p := &program{classes: z.segments[0].ledger.classes, plans: slices.Clone(options), decisions: len(options), draws: make([]draw, 1)}
	months := float64(o.Months)
	for _, option := range options {
		p.spans = append(p.spans, span{0, o.Months})
		p.price = append(p.price, option.financing*months*HoursPerMonth)
	}
	for i, owned := range o.Owned.Plans {
		p.plans = append(p.plans, option{SavingsPlan: owned.SavingsPlan, financing: 1})
		p.spans = append(p.spans, z.spans[i])
		p.owned = append(p.owned, owned.Commitment)
		p.draws[0].fixed += owned.Commitment * float64(z.spans[i].to) * HoursPerMonth
	}
	for i := range z.segments {
		s := &z.segments[i]
		hours := float64(s.to-s.from) * HoursPerMonth
		p.draws[0].fixed += s.reservationCost() * hours
		p.blocks = append(p.blocks, block{
			ledger: s.ledger, weight: hours / float64(s.ledger.hours),
			order: newOrder(p.classes, p.plans, maskOf(p.spans, s.from)),
		})
	}
	p.cut()
	p.draws[0].list = p.draws[0].fixed + p.evaluate(make([]float64, p.decisions), false)[0].onDemand
	return p
}
