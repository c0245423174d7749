package advisor

import (
	"errors"
	"time"

	"ecsavvy/advisor/commitment"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// CommitOptions are what a purchase recommendation takes beside the hours.
type CommitOptions struct {
	commitment.Options
	commitment.Forecast
	commitment.Risk
	// Tranches is how many the largest purchase is laddered into; 0 for none.
	Tranches int
	// Steps is how many points a curve of cost over commitment has.
	Steps int
}

// PurchaseAdvice is what to commit for hours of usage, and what that rests on.
type PurchaseAdvice struct {
	Hours *commitment.Hours
	// Expected is what to buy under the forecast; Before and After are the bills of
	// the hours as they are, without and with it.
	Expected      commitment.Expected
	Before, After commitment.Choice
	// Exact is the best for the hours as they are, with the best of each offer
	// alone, and Curves the cost over the commitment to each offer.
	Exact  commitment.Result
	Curves []commitment.Curve
	// CashFlow is month by month over a year, or the longest term bought.
	CashFlow []commitment.Cash
	// LadderOf is the largest purchase and Ladder its tranches; empty without.
	LadderOf pricing.SavingsPlan
	Ladder   []commitment.Tranche
	// Regret is of committing to other hours that were before these; nil where
	// none were given.
	Regret *commitment.Regret
}

// AdvisePurchase decides what to commit for hours of usage. Where earlier is not
// nil, it prices committing to those hours before they became these: the same
// workload before right-sizing. It fails as commitment.OptimiseForecast does.
func AdvisePurchase(h, earlier *commitment.Hours, o CommitOptions) (PurchaseAdvice, error) {
	out := PurchaseAdvice{Hours: h}
	exact, err := commitment.Optimise(h, o.Options)
	if err != nil {
		return out, err
	}
	expected, err := commitment.OptimiseForecast(h, o.Options, o.Forecast, o.Risk)
	if err != nil {
		return out, err
	}
	out.Exact, out.Expected, out.Before = *exact, *expected, exact.Before
	plans := plansOf(expected)
	if out.After, err = commitment.Bill(h, o.Options, plans); err != nil {
		return out, err
	}
	if out.Curves, err = commitment.Curves(h, o.Options, max(o.Steps, 1)); err != nil {
		return out, err
	}
	months := 12
	for i, p := range plans {
		if p.Offer.Term == "3yr" {
			months = 36
		}
		if i == 0 || p.Commitment > out.LadderOf.Commitment {
			out.LadderOf = p
		}
	}
	out.CashFlow = out.After.CashFlow(out.Before, months)
	if o.Tranches > 0 && len(plans) > 0 {
		if out.Ladder, err = commitment.Ladder(h, o.Options, o.Forecast, out.LadderOf, o.Tranches); err != nil {
			return out, err
		}
	}
	if earlier == nil {
		return out, nil
	}
	options := o.Options
	if options.Offers = commonOffers(o.Offers, earlier, h); len(options.Offers) == 0 {
		return out, errors.New("no offer has a rate for all usage before and after: what committing early costs cannot be told")
	}
	out.Regret, err = commitment.RegretOf(earlier, h, options)
	return out, err
}

// DefaultCommit is how the plan commits: with all offers on offer.
func DefaultCommit() CommitOptions {
	return CommitOptions{
		Options:  commitment.Options{Offers: commitment.AllOffers(), RenewOwned: true, CostOfCapital: commitCapital},
		Forecast: commitment.Forecast{Draws: commitDraws, Seed: 1, Spread: commitSpread, Level: commitLevel},
		Risk:     commitment.Risk{Lambda: commitLambda, Tail: commitTail, OfLoss: true},
		Steps:    120,
	}
}

// DesignHours is the usage of a design in a typical week, at the count profiles that
// it states, with what it owns already. It is nil where nothing of it can be
// covered by a commitment.
func DesignHours(w design.Workload, cat *pricing.Catalog, opt estimate.Options) (*commitment.Hours, commitment.Owned, error) {
	eligible, err := estimate.EligibleUsage(w, cat, opt)
	if err != nil {
		return nil, commitment.Owned{}, err
	}
	var u usage
	u.addEligible(&eligible, nil, w.Region.Value)
	hours, err := u.hours(time.Time{}, cat, opt.Terms)
	return hours, u.owned, err
}
