package commitment

import (
	"math"
	"slices"

	"ecsavvy/pricing"
)

// Choice is a set of purchases, with the bill of the lines that were given. All
// money is USD a month, the mean over the horizon.
type Choice struct {
	Purchases []Purchase
	// ListCost is all usage on demand; OnDemandCost what no commitment
	// covered; CommitmentCost what owned and bought commitments cost, and
	// UnusedCost the part of it that was lost.
	ListCost, OnDemandCost, CommitmentCost, UnusedCost float64
	// Financing is interest on what is paid upfront, at the cost of capital
	// that was given. It is on no bill.
	Financing float64
	// EligibleCost is the on-demand cost of what plans reach; CoveredCost the
	// part of it that reservations and plans cover, at on-demand rates.
	EligibleCost, CoveredCost float64
}

// Cost is USD a month to pay.
func (c Choice) Cost() float64 { return c.OnDemandCost + c.CommitmentCost }

// CostAndFinancing is what choices are ranked by.
func (c Choice) CostAndFinancing() float64 { return c.Cost() + c.Financing }

// Coverage is the covered part of the usage that plans reach; NaN if there is
// no such usage.
func (c Choice) Coverage() float64 { return ratio(c.CoveredCost, c.EligibleCost) }

// Utilisation is the part of all commitments that was used; NaN without any.
func (c Choice) Utilisation() float64 {
	return ratio(c.CommitmentCost-c.UnusedCost, c.CommitmentCost)
}

// EffectiveDiscount is what is saved of the list cost; NaN if there is none.
func (c Choice) EffectiveDiscount() float64 { return ratio(c.ListCost-c.Cost(), c.ListCost) }

func ratio(part, whole float64) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return part / whole
}

// Purchase is one plan to buy.
type Purchase struct {
	Plan pricing.SavingsPlan
	// Used and Unused are USD a month of its commitment, CoveredCost what its
	// cover would cost on demand.
	Used, Unused, CoveredCost float64
	// Assumed are what rates of the lines that it covers rest on, where they
	// were not published.
	Assumed []string
}

// Utilisation is the used part of the commitment.
func (p Purchase) Utilisation() float64 { return ratio(p.Used, p.Used+p.Unused) }

// Upfront is USD on the day of purchase, Monthly USD in each month after it.
func (p Purchase) Upfront() float64 {
	return upfrontShare(p.Plan.Offer) * p.Plan.Commitment * HoursPerMonth * float64(termMonths(p.Plan.Offer))
}

// Monthly is USD to pay in each month of the term.
func (p Purchase) Monthly() float64 {
	return (1 - upfrontShare(p.Plan.Offer)) * p.Plan.Commitment * HoursPerMonth
}

// BreakEvenMonth is after how many months of such usage the plan has taken as
// much off the on-demand bill as it costs over all of its term: were usage to
// vanish then, nothing would be lost. It is more than the term for a plan that
// loses money, and +Inf for one that covers nothing.
func (p Purchase) BreakEvenMonth() float64 {
	return p.Plan.Commitment * HoursPerMonth * float64(termMonths(p.Plan.Offer)) / p.CoveredCost
}

// PaybackMonth is after how many months the cash paid so far is below what on
// demand would have cost: 0 without a payment upfront, +Inf if never.
func (p Purchase) PaybackMonth() float64 {
	gain := p.CoveredCost - p.Monthly()
	switch {
	case p.Upfront() == 0 && gain >= 0:
		return 0
	case gain <= 0:
		return math.Inf(1)
	}
	return p.Upfront() / gain
}

// Cash is what leaves the account in a month.
type Cash struct {
	Month int // the first one is 1
	// Upfront is paid on its first day, Recurring and OnDemand in the course
	// of it.
	Upfront, Recurring, OnDemand float64
	// Saved is what was saved so far against the bill before.
	Saved float64
}

// CashFlow is month by month what is paid with the choice over the months given,
// against the bill before. A plan that ends is bought again.
func (c Choice) CashFlow(before Choice, months int) []Cash {
	flow := make([]Cash, months)
	owned := c.CommitmentCost
	for _, p := range c.Purchases {
		owned -= p.Plan.Commitment * HoursPerMonth
	}
	if owned < 1e-9*c.CommitmentCost {
		owned = 0 // what rounding left of the difference
	}
	saved := 0.0
	for m := range flow {
		flow[m] = Cash{Month: m + 1, Recurring: owned, OnDemand: c.OnDemandCost}
		for _, p := range c.Purchases {
			if m%termMonths(p.Plan.Offer) == 0 {
				flow[m].Upfront += p.Upfront()
			}
			flow[m].Recurring += p.Monthly()
		}
		saved += before.Cost() - flow[m].Upfront - flow[m].Recurring - flow[m].OnDemand
		flow[m].Saved = saved
	}
	return flow
}

// bills works out choices by pricing's billing rule on the lines themselves.
type bills struct {
	hours   *Hours
	usages  []pricing.EligibleUsage
	options Options
	horizon horizon
}

func newBills(h *Hours, o Options, z horizon) *bills {
	return &bills{hours: h, usages: h.usages(), options: o, horizon: z}
}

// choice is the bill with amounts of the options beside what is owned.
func (b *bills) choice(options []option, amounts []float64) (Choice, error) {
	var c Choice
	for i, option := range options {
		if amounts[i] == 0 {
			continue
		}
		p := Purchase{Plan: option.SavingsPlan, Assumed: b.assumed(option)}
		p.Plan.Commitment = amounts[i]
		c.Purchases = append(c.Purchases, p)
		c.Financing += amounts[i] * (option.financing - 1) * HoursPerMonth
	}
	for i := range b.horizon.segments {
		s := &b.horizon.segments[i]
		share := float64(s.to-s.from) / float64(b.options.Months)
		if err := b.add(&c, s, share); err != nil {
			return Choice{}, err
		}
	}
	return c, nil
}

// estimate is choice of the program's classes instead of its lines: the same
// where no class holds lines of different rates, and much quicker.
func (b *bills) estimate(p *program, before Choice, amounts []float64) Choice {
	months := float64(b.options.Months)
	zero, with := p.evaluate(make([]float64, p.decisions), false)[0], p.evaluate(amounts, false)[0]
	c := before
	off := (zero.onDemand - with.onDemand) / months
	c.OnDemandCost -= off
	c.CoveredCost += off
	for j, o := range p.plans {
		unused := 0.0
		if j < p.decisions {
			if amounts[j] == 0 {
				continue
			}
			bought := Purchase{Plan: o.SavingsPlan, Assumed: b.assumed(o), Used: with.used[j] / months, CoveredCost: off}
			bought.Plan.Commitment = amounts[j]
			unused = amounts[j]*HoursPerMonth - bought.Used
			bought.Unused = unused
			c.Purchases = append(c.Purchases, bought)
			c.CommitmentCost += amounts[j] * HoursPerMonth
			c.Financing += amounts[j] * (o.financing - 1) * HoursPerMonth
		} else {
			unused = (zero.used[j] - with.used[j]) / months
		}
		c.UnusedCost += unused
	}
	return c
}

// assumed are the assumptions behind the option's rates, each once.
func (b *bills) assumed(o option) []string {
	var texts []string
	for _, l := range b.hours.Lines {
		r, ok := reachOf(o.Offer.Type, l.EligibleUsage)
		if text := l.Assumed[o.Offer]; ok && r == o.reach() && text != "" {
			texts = append(texts, text)
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// add adds a segment's share of the months to the bill.
func (b *bills) add(c *Choice, s *segment, share float64) error {
	commitments := pricing.Commitments{Reservations: s.reservations}
	for _, p := range c.Purchases {
		commitments.Plans = append(commitments.Plans, p.Plan)
	}
	for i, p := range b.options.Owned.Plans {
		if b.horizon.spans[i].holds(s.from) {
			commitments.Plans = append(commitments.Plans, p.SavingsPlan)
		}
	}
	applier, err := pricing.NewApplier(b.usages, commitments)
	if err != nil {
		return err
	}
	tallies, errs := make([]*pricing.Tally, shards), make([]error, shards)
	n := b.hours.Len()
	inParallel(shards, func(i int) {
		tallies[i] = applier.NewTally()
		for hour := i * n / shards; hour < (i+1)*n/shards && errs[i] == nil; hour++ {
			errs[i] = tallies[i].Add(b.hours.Row(hour), 1)
		}
	})
	if err := firstError(errs); err != nil {
		return err
	}
	weight := share * HoursPerMonth / float64(n)
	for _, t := range tallies {
		total := t.Total()
		c.ListCost += weight * total.ListCost
		c.OnDemandCost += weight * total.OnDemandCost
		c.CommitmentCost += weight * total.CommitmentCost
		c.UnusedCost += weight * total.UnusedCost
		for i, u := range b.usages {
			if _, ok := reachOf(pricing.ComputePlan, u); ok {
				c.EligibleCost += weight * t.Usages[i].ListCost
				c.CoveredCost += weight * (t.Usages[i].ListCost - t.Usages[i].OnDemandCost)
			}
		}
		for j := range c.Purchases {
			p := &c.Purchases[j]
			p.Used += weight * t.Plans[j].Used
			p.Unused += weight * t.Plans[j].Unused
			for i, u := range b.usages {
				p.CoveredCost += weight * t.CoveredByPlan(i, j) * u.OnDemandRate
			}
		}
	}
	return nil
}
