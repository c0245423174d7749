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

// spanOf is the months of 730 h from the horizon's start in which something is
// owned. What ends within a month is taken to have ended before it, what starts
// within one to start with it.
func spanOf(horizon, start, end time.Time, months int) span {
	after := func(t time.Time) int {
		return min(months, max(0, int(t.Sub(horizon).Hours()/HoursPerMonth)))
	}
	s := span{0, months}
	if !start.IsZero() {
		s.from = after(start)
	}
	if !end.IsZero() {
		s.to = after(end)
	}
	return s
}

// newHorizon cuts the months from the hour after the measured ones on.
func newHorizon(h *Hours, o Options) (horizon, error) {
	start := h.Start.Add(time.Duration(h.Len()) * time.Hour)
	cuts := []int{0, o.Months}
	var z horizon
	if err := o.Owned.check(); err != nil {
		return z, err
	}
	if o.RenewOwned {
		o.Owned = o.Owned.renewed()
	}
	for _, p := range o.Owned.Plans {
		at := spanOf(start, p.Start, p.End, o.Months)
		cuts = append(cuts, at.from, at.to)
		z.spans = append(z.spans, at)
	}
	reserved := make([]span, len(o.Owned.Reservations))
	for i, r := range o.Owned.Reservations {
		reserved[i] = spanOf(start, r.Start, r.End, o.Months)
		cuts = append(cuts, reserved[i].from, reserved[i].to)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	for i := range cuts[1:] {
		s := segment{span: span{cuts[i], cuts[i+1]}}
		for k, r := range o.Owned.Reservations {
			if reserved[k].holds(s.from) {
				s.reservations = append(s.reservations, r.Reservation)
			}
		}
		z.segments = append(z.segments, s)
	}
	return z, nil
}

// holds reports whether a month is in the span.
func (s span) holds(month int) bool { return s.from <= month && month < s.to }

// months is how many there are.
func (s span) months() float64 { return float64(max(0, s.to-s.from)) }

// renewed is what is owned without its ends.
func (o Owned) renewed() Owned {
	r := Owned{Plans: slices.Clone(o.Plans), Reservations: slices.Clone(o.Reservations)}
	for i := range r.Plans {
		r.Plans[i].End = time.Time{}
	}
	for i := range r.Reservations {
		r.Reservations[i].End = time.Time{}
	}
	return r
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
		if i > 0 && slices.Equal(s.reservations, z.segments[i-1].reservations) {
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

// fixedCost is USD an hour of the segment's reservations and of usage that no
// plan reaches.
func (s *segment) fixedCost() float64 {
	usd := s.ledger.other
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
		p.draws[0].fixed += owned.Commitment * z.spans[i].months() * HoursPerMonth
	}
	for i := range z.segments {
		s := &z.segments[i]
		hours := float64(s.to-s.from) * HoursPerMonth
		p.draws[0].fixed += s.fixedCost() * hours
		p.blocks = append(p.blocks, block{
			ledger: s.ledger, weight: hours / float64(s.ledger.hours),
			order: newOrder(p.classes, p.plans, maskOf(p.spans, s.from)),
		})
	}
	p.cut()
	p.draws[0].list = p.draws[0].fixed + p.evaluate(make([]float64, p.decisions), false)[0].onDemand
	return p
}
