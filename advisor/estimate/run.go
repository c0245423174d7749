package estimate

import (
	"errors"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// Run prices a workload for one month. It meters the design, rates all usages
// together, applies the commitments that the design owns, and adds up.
//
// The workload has to be valid (design.Workload.Validate) and state a region.
// What cannot be priced is in the result, marked; an error means that there is
// no result at all.
func Run(w design.Workload, cat *pricing.Catalog, opt Options) (Result, error) {
	m, result, err := metered(&w, cat, &opt)
	if err != nil {
		return Result{}, err
	}
	at := func(count countOf) (Result, error) {
		m := newMeter(&w, cat, opt.HoursPerMonth, count, m.chosen)
		m.run()
		return m.rate(opt.Terms)
	}
	result.setRange(result, result)
	if open, endless := spreads(&w); open {
		low, err := at(atLeast)
		if err != nil {
			return Result{}, err
		}
		high, err := at(atMost)
		if err != nil {
			return Result{}, err
		}
		result.setRange(low, high)
		result.Range.Open = endless
	}
	return result, nil
}

// metered checks and completes what an estimate takes, and meters and prices the
// workload at its mean counts.
func metered(w *design.Workload, cat *pricing.Catalog, opt *Options) (*meter, Result, error) {
	if !w.Region.Stated() {
		return nil, Result{}, errors.New("estimate: the design states no region")
	}
	if w.Region.Value == pricing.Global {
		return nil, Result{}, &pricing.RegionError{Region: pricing.Global}
	}
	if err := opt.Terms.Check(); err != nil {
		return nil, Result{}, err
	}
	if opt.HoursPerMonth == 0 {
		opt.HoursPerMonth = HoursPerMonth
	}
	w.Normalize()
	m := newMeter(w, cat, opt.HoursPerMonth, atMean, chosenInstances{})
	m.run()
	result, err := m.rate(opt.Terms)
	return m, result, err
}

// spreads reports whether a count of the workload lies anywhere between
// bounds, and whether one of those has no upper end.
func spreads(w *design.Workload) (open, endless bool) {
	consider := func(p design.CountProfile) {
		if p.Scaled == nil || p.Scaled.Average.Stated() {
			return
		}
		open = true
		endless = endless || !p.Scaled.Max.Stated()
	}
	for i := range w.Services {
		consider(w.Services[i].Count)
	}
	for i := range w.Clusters {
		for j := range w.Clusters[i].Groups {
			consider(w.Clusters[i].Groups[j].Count)
		}
	}
	return open, endless
}

// setRange fills the ranges of the total and of every resource from the
// estimates at both ends, which have the same resources in the same order.
func (r *Result) setRange(low, high Result) {
	r.Range = Range{Low: low.Total.Effective, High: high.Total.Effective}
	for i := range r.Resources {
		r.Resources[i].Range = Range{Low: low.Resources[i].Cost.Effective, High: high.Resources[i].Cost.Effective}
	}
}

func newMeter(w *design.Workload, cat *pricing.Catalog, hours float64, count countOf, chosen chosenInstances) *meter {
	return &meter{
		w: w, cat: cat, region: w.Region.Value, hours: hours, count: count, chosen: chosen,
		noted: map[Note]bool{}, owners: ownersOf(w), daemons: map[*design.Service]quantity{},
	}
}

// run meters everything, in printing order.
func (m *meter) run() {
	take(m, "region", m.w.Region)
	groups := m.services()
	m.instances(groups)
	m.tunnels()
	for i := range m.w.LoadBalancers {
		m.loadBalancer(&m.w.LoadBalancers[i])
	}
	m.network(m.flows())
	m.shared()
}

// rate prices what was metered.
func (m *meter) rate(terms pricing.Terms) (Result, error) {
	if terms.Allowances == nil {
		terms.Allowances = m.allowances()
	}
	m.terms = terms
	usages := make([]pricing.Usage, len(m.pending))
	for i, p := range m.pending {
		usages[i] = p.usage
	}
	for i, charge := range m.cat.Charge(usages, terms) {
		line := &m.resources[m.pending[i].resource].Lines[m.pending[i].line]
		line.Charge = charge
		if charge.Err != nil {
			var region *pricing.RegionError
			if errors.As(charge.Err, &region) {
				return Result{}, charge.Err
			}
			line.Unpriced = strings.TrimPrefix(charge.Err.Error(), "pricing: ")
			continue
		}
		line.Cost = Cost{List: charge.ListCost, Effective: charge.EffectiveCost}
	}
	m.unitRates()
	use, err := m.commit()
	if err != nil {
		return Result{}, err
	}
	if len(m.resources) == 0 && len(m.w.NotPriced) == 0 {
		m.warn("", "nothing in this input has a price: it has no service and nothing that services share")
	}
	return m.result(use), nil
}

// unitRates finds the price of one unit for the lines whose quantity is not
// known, so that they can say what they depend on.
func (m *meter) unitRates() {
	for i := range m.resources {
		for j := range m.resources[i].Lines {
			line := &m.resources[i].Lines[j]
			if line.Unpriced == "" || line.Charge.Err != nil || line.Charge.Usage.SKU.UsageType == "" {
				continue
			}
			if rate, err := m.cat.Lookup(line.Charge.Usage.SKU); err == nil {
				line.UnitRate = &rate
			}
		}
	}
}

// allowances are the free quantities that this workload may use.
func (m *meter) allowances() []pricing.Allowance {
	allowances := pricing.DefaultAllowances()
	if a := m.w.Network.EgressAllowance; a.Stated() {
		for i := range allowances {
			if allowances[i].UsageType == "DataTransfer-Out-Bytes" {
				allowances[i].Quantity = a.Value
			}
		}
	}
	return allowances
}

// result adds up.
func (m *meter) result(use *CommitmentUse) Result {
	r := Result{
		Workload: m.w.Name, Region: m.w.Region, HoursPerMonth: m.hours,
		Resources: m.resources, Assumptions: m.notes, Warnings: m.warnings,
		NotPriced: m.w.NotPriced, Commitments: use, Discounts: m.terms.Discounts,
	}
	assumed := map[Note]bool{}
	for i := range r.Resources {
		res := &r.Resources[i]
		for j := range res.Lines {
			line := &res.Lines[j]
			if line.Unpriced != "" {
				res.Unpriced++
				continue
			}
			res.Cost = res.Cost.Add(line.Cost)
			r.date(line.Charge.Rate.AsOf)
			if line.Charge.Rate.Private {
				r.PrivateRates++
			}
			note := Note{Path: line.Name, Text: line.Charge.Rate.Assumed}
			if note.Text != "" && !assumed[note] {
				assumed[note] = true
				r.AssumedRates = append(r.AssumedRates, note)
			}
		}
		r.Total = r.Total.Add(res.Cost)
		r.Unpriced += res.Unpriced
	}
	if use != nil {
		r.Total.Effective += use.Unused
	}
	return r
}

// date widens the span of price dates.
func (r *Result) date(asOf string) {
	if r.OldestPrice == "" || asOf < r.OldestPrice {
		r.OldestPrice = asOf
	}
	if asOf > r.NewestPrice {
		r.NewestPrice = asOf
	}
}
