package commitment

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Forecast says how usage may change over the months of the longest term.
// The zero value is: as measured, other days drawn.
type Forecast struct {
	// Draws is how many futures are drawn; 40 if 0. Seed makes them.
	Draws int
	Seed  uint64
	// Growth is the yearly growth that is expected, 0.2 for 20 %, and Spread
	// the standard deviation of its logarithm between draws.
	Growth, Spread float64
	// Level is the standard deviation of the logarithm of the level that usage
	// goes back to, against the days drawn from: what a month says of a year.
	// Who decides again every month and takes each month for the truth buys
	// for the highest one (docs/backtest.md).
	Level      float64
	Migrations []Migration
	// LastDays is how many of the last days are drawn from; all if 0. Hours
	// that grew or changed are forecast from the latest ones.
	LastDays int
}

// Migration is usage that may move, to Spot, to ARM, to another launch type.
type Migration struct {
	Name string
	// Lines are the IDs of lines that move.
	Lines []string
	// To is the ID of the line that they become (it may have had no usage so
	// far), and Factor USD on demand there for 1 USD here: 0.8 from x86 to ARM
	// on Fargate. Without To they leave the reach of all plans, and Factor is
	// what is paid then: 0.35 on Spot.
	To     string
	Factor float64
	// Probability that it happens in a draw, between the month From (the first
	// is 0) and Until, evenly; from then on Share of the usage has moved.
	Probability float64
	From, Until int
	Share       float64
}

// The blocks of a month: whole days, so that the hours of a day stay together,
// weekdays and weekends apart, weighed 5 to 2.
const (
	weekdayBlocks = 3
	weekendBlocks = 1
)

// Expected is what is to be bought now, given a forecast. Money is USD a month,
// the mean over the horizon of the longest term on offer.
type Expected struct {
	// Purchases are to be made now. Renewals of 1-year plans in later years
	// are decided with them, since the draws are not known apart until then,
	// and are not listed.
	Purchases []ExpectedPurchase
	// Cost is the expected cost, Tail CVaR as Risk measures it, and Never the
	// expected cost with nothing bought.
	Cost, Tail, Never float64
	// Saving are quantiles over the draws of what is saved, Savings what is saved
	// in each draw.
	Saving  Quantiles
	Savings []float64
	// LosesIn is the share of draws in which buying costs more than not.
	LosesIn float64
	// LowerBound of Cost + λ·CVaR, and how far above it the choice is.
	LowerBound, Gap float64
	Skipped         []Skipped
	Uncovered       []string
}

// ExpectedPurchase is a purchase over its own term.
type ExpectedPurchase struct {
	Purchase
	// Utilisation is the expected one; Marginal the chance that its last USD
	// is used in an hour.
	Utilisation, Marginal float64
}

// Quantiles of a distribution, in USD a month.
type Quantiles struct{ P10, P50, P90 float64 }

// OptimiseForecast finds the amounts with the lowest E[cost] + λ·CVaR over the
// draws of a forecast. All amounts are solved together, by the same cutting
// planes as Optimise; every draw is settled hour by hour.
//
// It fails as Optimise does, on a forecast that cannot be meant, and where the
// hours do not hold two whole weekdays and a whole weekend day.
func OptimiseForecast(h *Hours, o Options, f Forecast, risk Risk) (*Expected, error) {
	p, s, err := newForecastProgram(h, o, f, risk)
	if err != nil {
		return nil, err
	}
	best := p.together(nil, nil)
	e := &Expected{Skipped: s.skipped, Uncovered: s.uncovered}
	months := float64(s.options.Months)
	readings := p.evaluate(best.amounts, false)
	_, _, costs := p.objective(best.amounts, false)
	savings := make([]float64, len(costs))
	for d, cost := range costs {
		never := p.draws[d].list
		e.Cost += cost / months / float64(len(costs))
		e.Never += never / months / float64(len(costs))
		if savings[d] = (never - cost) / months; savings[d] < 0 {
			e.LosesIn += 1 / float64(len(costs))
		}
	}
	e.Tail = p.risk.cvar(costs, p.draws) / months
	e.Savings = slices.Clone(savings)
	slices.Sort(savings)
	at := func(q float64) float64 { return savings[int(math.Round(q*float64(len(savings)-1)))] }
	e.Saving = Quantiles{at(0.1), at(0.5), at(0.9)}
	e.LowerBound, e.Gap = best.bound/months, (best.cost-best.bound)/months
	for j, amount := range best.amounts {
		if amount == 0 || p.spans[j].from > 0 {
			continue
		}
		e.Purchases = append(e.Purchases, s.purchase(p, j, amount, readings))
	}
	return e, nil
}

// purchase is decision j with its expected use over its own months.
func (s *forecastSetup) purchase(p *program, j int, amount float64, readings []reading) ExpectedPurchase {
	bought := ExpectedPurchase{Purchase: Purchase{Plan: p.plans[j].SavingsPlan, Assumed: s.bills.assumed(p.plans[j])}}
	bought.Plan.Commitment = amount
	bought.Plan.ID = s.ids[j]
	hours := float64(p.spans[j].to-p.spans[j].from) * HoursPerMonth * float64(len(readings))
	for d := range readings {
		bought.Used += readings[d].used[j] / hours * HoursPerMonth
		bought.Marginal += readings[d].hit[j] / hours
	}
	bought.Unused = amount*HoursPerMonth - bought.Used
	bought.CoveredCost = math.NaN()
	bought.Utilisation = bought.Purchase.Utilisation()
	return bought
}

// cvar is the mean of the worst costs, or of the worst losses.
func (r Risk) cvar(costs []float64, draws []draw) float64 {
	one := Risk{Lambda: 1, Tail: r.Tail, OfLoss: r.OfLoss}
	weights, shift := one.weights(costs, draws)
	total := -shift
	for d, w := range weights {
		total += (w - 1/float64(len(costs))) * costs[d]
	}
	return total
}

// forecastSetup is what a forecast program was made of.
type forecastSetup struct {
	options    Options
	bills      *bills
	considered []option
	ids        []string // of the decisions, without their years
	skipped    []Skipped
	uncovered  []string
}

// newForecastProgram draws the futures. Every offer is a decision for each part
// of the horizon that one of its terms fills: a 3-year plan once, a 1-year plan
// for each year, so that what is bought now can be less than what is renewed.
func newForecastProgram(h *Hours, o Options, f Forecast, risk Risk) (*program, *forecastSetup, error) {
	o.Months = 0
	o, err := o.normal()
	if err != nil {
		return nil, nil, err
	}
	s, err := newForecastSetup(h, o, f, risk)
	if err != nil {
		return nil, nil, err
	}
	var decisions []decision
	for _, option := range o.forecastOptions(s.considered, &s.bills.horizon) {
		for from := 0; from < o.Months; from += termMonths(option.Offer) {
			renewed := option
			renewed.ID = fmt.Sprintf("%s/%02d", option.ID, from/12)
			s.ids = append(s.ids, option.ID)
			decisions = append(decisions, decision{renewed, span{from, min(o.Months, from+termMonths(option.Offer))}})
		}
	}
	p, err := f.program(s, decisions, risk)
	return p, s, err
}

// newForecastSetup checks the input and makes the ledgers of the horizon.
func newForecastSetup(h *Hours, o Options, f Forecast, risk Risk) (*forecastSetup, error) {
	if err := errors.Join(h.check(), f.check(h), risk.check()); err != nil {
		return nil, err
	}
	s := &forecastSetup{options: o}
	h, s.uncovered = withoutRateless(h, o)
	z, err := newHorizon(h, o)
	if err != nil {
		return nil, err
	}
	s.considered, s.skipped = o.optionsFor(h.Lines)
	err = z.fill(h, offersOf(s.considered, o.Owned.Plans), f.tags(h.Lines))
	s.bills = newBills(h, o, z)
	return s, err
}

// forecastOptions leaves out options that another of the same term beats, and
// keeps those that save most on the measured hours.
func (o Options) forecastOptions(options []option, z *horizon) []option {
	alone := make([]found, len(options))
	inParallel(len(options), func(i int) { alone[i] = z.program(options[i:i+1], o).search() })
	var kept []option
	for _, term := range []string{"1yr", "3yr"} {
		var same []option
		var costs []found
		for i, option := range options {
			if option.Offer.Term == term {
				same, costs = append(same, option), append(costs, alone[i])
			}
		}
		for _, at := range consider(z.segments[0].ledger.classes, same, costs, max(1, o.MaxPlans/2), true) {
			kept = append(kept, same[at])
		}
	}
	slices.SortFunc(kept, func(a, b option) int { return cmp.Compare(a.ID, b.ID) })
	return kept
}
