package commitment

import (
	"fmt"
	"slices"

	"ecsavvy/pricing"
)

// Tranche is a part of a commitment that is bought in some month.
type Tranche struct {
	// Month in which it is bought, the first one 0.
	Month int
	// Commitment is USD an hour of the tranche, Cumulative with those before.
	Commitment, Cumulative float64
	// Marginal is the chance that the last USD of Cumulative is used in an
	// hour of the tranche's term, and Needed what it must be to pay: P(D > C/r)
	// and r where there is one discount.
	Marginal, Needed float64
	// Buy is false from the first tranche on whose margin does not pay.
	Buy bool
}

// Ladder splits a plan's commitment into equal tranches over its term, so that
// from then on as much expires in every period, and says at which one to stop:
// where the forecast of the hours in the tranche's own term uses the margin too
// seldom. Those before it are taken to be renewed when they end; what is owned
// is not.
func Ladder(h *Hours, o Options, f Forecast, plan pricing.SavingsPlan, tranches int) ([]Tranche, error) {
	if tranches < 1 || tranches > termMonths(plan.Offer) {
		return nil, fmt.Errorf("commitment: %d tranches: want 1 up to the %d months of the term", tranches, termMonths(plan.Offer))
	}
	o.Offers = []pricing.Offer{plan.Offer}
	o.Months = 2 * termMonths(plan.Offer)
	o, err := o.normal()
	if err != nil {
		return nil, err
	}
	s, err := newForecastSetup(h, o, f, Risk{})
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(s.considered, func(c option) bool { return c.reach() == (option{SavingsPlan: plan}).reach() }) {
		return nil, fmt.Errorf("commitment: no line that %s reaches has its rate, or one has not", option{SavingsPlan: plan})
	}
	var decisions []decision
	term := termMonths(plan.Offer)
	for i := range 2 * tranches {
		// The first half are the tranches, the second their renewals. IDs in the order of purchase: among equals the margin is the last.
		part := option{SavingsPlan: plan, financing: o.financing(plan.Offer)}
		month := i % tranches * term / tranches
		part.ID = fmt.Sprintf("%s/%02d/%d", option{SavingsPlan: plan}, i%tranches, i/tranches)
		at := span{month, month + term}
		if i >= tranches {
			at = span{month + term, o.Months}
		}
		decisions = append(decisions, decision{part, at})
	}
	p, err := f.program(s, decisions, Risk{})
	if err != nil {
		return nil, err
	}
	ladder := make([]Tranche, tranches)
	amounts, buy := make([]float64, 2*tranches), true
	for i := range ladder {
		amounts[i] = plan.Commitment / float64(tranches)
		hit, worth := 0.0, 0.0
		for _, r := range p.evaluate(amounts, false) {
			hit += r.hit[i]
			worth += r.slope[i]
		}
		t := &ladder[i]
		t.Month, t.Commitment = p.spans[i].from, amounts[i]
		hours := float64(p.spans[i].to-p.spans[i].from) * HoursPerMonth * float64(len(p.draws))
		t.Marginal, t.Needed = hit/hours, 1
		if worth > 0 {
			t.Needed = min(1, hit*decisions[i].financing/worth)
		}
		for _, a := range amounts[:tranches] {
			t.Cumulative += a
		}
		if buy = buy && worth >= decisions[i].financing*hours; !buy {
			amounts[i] = 0
		}
		t.Buy, amounts[tranches+i] = buy, amounts[i]
	}
	return ladder, nil
}
