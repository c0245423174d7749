package commitment

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"ecsavvy/pricing"
)

// Options say what may be bought, beside what.
type Options struct {
	// Offers that may be bought; all twelve if empty (AllOffers).
	Offers []pricing.Offer
	Owned  Owned
	// RenewOwned takes what is owned to be renewed unchanged when it ends, so
	// that only what is missing today is bought. Without it the purchase of
	// today must also do for what ends during the horizon, which is right only
	// for who cannot buy again when it ends.
	RenewOwned bool
	// Months is how long the bill is looked at; if 0, the longest term among
	// Offers. A plan that ends earlier is renewed unchanged.
	Months int
	// CostOfCapital is the yearly interest on money paid upfront, 0.08 for
	// 8 %. See financing.
	CostOfCapital float64
	// MaxPlans is how many different plans are bought at most; 6 if 0.
	MaxPlans int
}

// Owned is what is committed already.
type Owned struct {
	Plans        []OwnedPlan
	Reservations []OwnedReservation
}

// OwnedPlan is a Savings Plan from Start to End. A zero Start is before the
// horizon, a zero End beyond it; a Start to come is a queued purchase.
type OwnedPlan struct {
	pricing.SavingsPlan
	Start, End time.Time
}

// OwnedReservation is a reservation from Start to End, as with OwnedPlan.
type OwnedReservation struct {
	pricing.Reservation
	Start, End time.Time
}

// AllOffers are Compute and EC2 Instance Savings Plans of both terms and all
// three payment options.
// Source: DescribeSavingsPlans, paymentOption and savingsPlanType,
// https://docs.aws.amazon.com/savingsplans/latest/APIReference/API_SavingsPlan.html.
func AllOffers() []pricing.Offer {
	var offers []pricing.Offer
	for _, t := range []pricing.PlanType{pricing.ComputePlan, pricing.EC2InstancePlan} {
		for _, term := range []string{"1yr", "3yr"} {
			for _, payment := range []string{"No Upfront", "Partial Upfront", "All Upfront"} {
				offers = append(offers, pricing.Offer{Type: t, Term: term, Payment: payment})
			}
		}
	}
	return offers
}

// termMonths is the length of an offer's term.
func termMonths(o pricing.Offer) int {
	if o.Term == "3yr" {
		return 36
	}
	return 12
}

// upfrontShare is the part of a commitment that is paid on the day of purchase.
// Source: https://repost.aws/knowledge-center/savings-plans-considerations
// (Partial Upfront: at least half; half is taken).
func upfrontShare(o pricing.Offer) float64 {
	switch o.Payment {
	case "All Upfront":
		return 1
	case "Partial Upfront":
		return 0.5
	}
	return 0
}

// financing is what a USD of commitment costs with interest: what is paid
// upfront is on average half a term early.
func (o Options) financing(offer pricing.Offer) float64 {
	return 1 + o.CostOfCapital*upfrontShare(offer)*float64(termMonths(offer))/12/2
}

// normal fills in the defaults and refuses what cannot be meant.
func (o Options) normal() (Options, error) {
	if len(o.Offers) == 0 {
		o.Offers = AllOffers()
	}
	for i, offer := range o.Offers {
		if !slices.Contains(AllOffers(), offer) {
			return o, fmt.Errorf("commitment: offer %q: want Compute or EC2Instance, 1yr or 3yr, No, Partial or All Upfront", offer)
		}
		if slices.Contains(o.Offers[:i], offer) {
			return o, fmt.Errorf("commitment: offer %q is given twice", offer)
		}
	}
	if o.Months == 0 {
		for _, offer := range o.Offers {
			o.Months = max(o.Months, termMonths(offer))
		}
	}
	if o.MaxPlans == 0 {
		o.MaxPlans = 6
	}
	if o.Months < 0 || o.MaxPlans < 0 {
		return o, fmt.Errorf("commitment: %d months and %d plans: want more than 0", o.Months, o.MaxPlans)
	}
	if !(o.CostOfCapital >= 0 && o.CostOfCapital < 1) {
		return o, fmt.Errorf("commitment: cost of capital %v a year: want 0 up to 1, 0.08 for 8 %%", o.CostOfCapital)
	}
	return o, nil
}

// newPrefix begins the IDs of plans to buy, so that they are told from owned
// ones.
const newPrefix = "buy "

// option is a plan that could be bought; its Commitment is not read.
type option struct {
	pricing.SavingsPlan
	financing float64
}

// reach names what an option covers: all, or a family in a region.
type reach struct{ family, region string }

func (o option) reach() reach { return reach{o.Family, o.Region} }

func (o option) String() string {
	if o.Family == "" {
		return o.Offer.String()
	}
	return o.Offer.String() + " " + o.Family + " in " + o.Region
}

// optionsFor lists the options that reach some of the lines and have a rate of
// all that they reach, in the order of their names; the others are skipped,
// with what is missing.
func (o Options) optionsFor(lines []Line) ([]option, []Skipped) {
	var all []option
	var skipped []Skipped
	for _, offer := range o.Offers {
		reaches := map[reach][]string{}
		reached := map[reach]bool{}
		for _, l := range lines {
			r, ok := reachOf(offer.Type, l.EligibleUsage)
			if !ok {
				continue
			}
			reached[r] = true
			if _, ok := l.PlanRates[offer]; !ok {
				reaches[r] = append(reaches[r], l.ID)
			}
		}
		for r := range reached {
			plan := pricing.SavingsPlan{Offer: offer, Family: r.family, Region: r.region}
			candidate := option{SavingsPlan: plan, financing: o.financing(offer)}
			candidate.ID = newPrefix + candidate.String()
			if missing := reaches[r]; len(missing) > 0 {
				slices.Sort(missing)
				skipped = append(skipped, Skipped{Plan: candidate.SavingsPlan, MissingRates: missing})
				continue
			}
			all = append(all, candidate)
		}
	}
	slices.SortFunc(all, func(a, b option) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(skipped, func(a, b Skipped) int { return cmp.Compare(a.Plan.ID, b.Plan.ID) })
	return all, skipped
}

// reachOf is the reach under which plans of a type cover a usage.
func reachOf(t pricing.PlanType, u pricing.EligibleUsage) (reach, bool) {
	switch {
	case u.Kind == pricing.KindOther:
		return reach{}, false
	case t == pricing.ComputePlan:
		return reach{}, true
	case u.Kind == pricing.KindEC2:
		return reach{family(u.InstanceType), u.Region}, true
	}
	return reach{}, false
}

// Skipped is an option that was not considered, because rates are missing.
type Skipped struct {
	Plan pricing.SavingsPlan
	// MissingRates are the IDs of lines that it would reach.
	MissingRates []string
}
