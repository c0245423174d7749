package pricing

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// planPair is one Savings Plan that may cover one usage.
type planPair struct {
	usage, plan int
	// rate is USD a unit of the usage while covered.
	rate float64
	// paid is rate ÷ on-demand rate in billionths: 1 − savings percentage.
	paid float64
	// cell is where Tally keeps the pair's covered quantity.
	cell int
}

// planPairs lists every plan × usage that match, in the order in which an
// hour's commitments are spent:
//
//  1. EC2 Instance plans before Compute plans,
//  2. the highest savings percentage against on-demand first,
//  3. among equal percentages, the lowest Savings Plans rate first,
//  4. by usage ID, then plan ID.
//
// Reservations come before all of these, what a plan does not spend in the
// hour is lost, and what no plan covers is charged on demand.
//
// Source: Savings Plans User Guide, "Understanding how Savings Plans apply to
// your usage", https://docs.aws.amazon.com/savingsplans/latest/userguide/sp-applying.html
// (read 2026-11-20); its five scenarios are in testdata/savingsplans.
//
// What the page leaves open is settled so:
//   - Several plans of one type: it says that they "are grouped together" and
//     that a percentage is worked out for "each combination"; its 2019 edition
//     added "regardless of purchase options (for example, term length,
//     payment)". So plan × usage pairs of all offers stand in one list.
//   - Exact ties (4) decide only who gets the cover.
//   - Percentages are compared to the billionth. AWS does not say how it rounds
//     them; Fargate's vCPU and GB differ in the tenth of a percent on ARM.
//   - A rate equal to on-demand (Lambda requests) is 0 %: covered last, and it
//     does use up commitment, as in scenario 1.
//
// It fails where a rate is missing (a *MissingPlanRateError for each), is 0, or
// is above the on-demand rate, which AWS does not sell.
func planPairs(usages []EligibleUsage, plans []SavingsPlan) ([]planPair, error) {
	var pairs []planPair
	var errs []error
	for i, u := range usages {
		failed := make(map[Offer]bool)
		for j, p := range plans {
			if !p.reaches(u) || failed[p.Offer] {
				continue
			}
			rate, err := u.planRate(p.Offer)
			if err != nil {
				failed[p.Offer] = true
				errs = append(errs, err)
				continue
			}
			pairs = append(pairs, planPair{
				usage: i, plan: j, rate: rate,
				paid: paidBillionths(rate, u.OnDemandRate),
				cell: i*len(plans) + j,
			})
		}
	}
	slices.SortFunc(pairs, func(a, b planPair) int {
		pa, pb := plans[a.plan], plans[b.plan]
		return cmp.Or(
			cmp.Compare(planRank(pa.Offer.Type), planRank(pb.Offer.Type)),
			cmp.Compare(a.paid, b.paid),
			cmp.Compare(a.rate, b.rate),
			cmp.Compare(usages[a.usage].ID, usages[b.usage].ID),
			cmp.Compare(pa.ID, pb.ID),
		)
	})
	return pairs, errors.Join(errs...)
}

// planRank is the place of a plan type: the narrower one first.
func planRank(t PlanType) int {
	if t == EC2InstancePlan {
		return 0
	}
	return 1
}

// planRate is USD a unit under the offer.
func (u EligibleUsage) planRate(o Offer) (float64, error) {
	rate, ok := u.PlanRates[o]
	if !ok {
		return 0, &MissingPlanRateError{UsageID: u.ID, Offer: o}
	}
	if !(rate > 0) || paidBillionths(rate, u.OnDemandRate) > 1e9 {
		return 0, fmt.Errorf("pricing: usage %q: %s rate %v USD: want one above 0 and up to the on-demand rate, %v USD",
			u.ID, o, rate, u.OnDemandRate)
	}
	return rate, nil
}

// paidBillionths is the share of the on-demand rate that is still paid, in whole
// billionths: 0.03/0.04 and 0.003/0.004 are to be equal, and are not as floats
// of every rate.
func paidBillionths(rate, onDemand float64) float64 { return math.Round(rate / onDemand * 1e9) }

// applyPlans covers what it can of t.left with the hour's commitments.
func (t *Tally) applyPlans(hours float64) {
	copy(t.funds, t.applier.commitments)
	open := 0
	for _, f := range t.funds {
		if f > 0 {
			open++
		}
	}
	for i := range t.applier.planned {
		if open == 0 {
			break
		}
		p := &t.applier.planned[i]
		left, funds := t.left[p.usage], t.funds[p.plan]
		if left <= 0 || funds <= 0 {
			continue
		}
		covered, cost := left, left*p.rate
		if cost < funds {
			t.left[p.usage] = 0
			t.funds[p.plan] = funds - cost
		} else {
			covered, cost = min(funds/p.rate, left), funds
			t.left[p.usage] = left - covered
			t.funds[p.plan] = 0
			open--
		}
		t.byPlan[p.cell] += hours * covered
		t.Usages[p.usage].EffectiveCost += hours * cost
	}
	for j, commitment := range t.applier.commitments {
		p := &t.Plans[j]
		p.Cost += hours * commitment
		p.Used += hours * (commitment - t.funds[j])
		p.Unused += hours * t.funds[j]
	}
}
