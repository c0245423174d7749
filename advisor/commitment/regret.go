package commitment

import "ecsavvy/pricing"

// Regret is what it costs to commit to hours before they change, against
// committing afterwards.
type Regret struct {
	// First is the best choice for the hours before, billed on those after;
	// Later the best choice for those after.
	First, Later Choice
	// Stranded is USD an hour that was committed too much: C*(D) − C*(D′),
	// over all plans. Negative if usage grew.
	Stranded float64
	// StrandedCost is Stranded over the hours of the horizon: a bound of what
	// was promised in vain, not of what is lost, since stranded commitment
	// still covers something.
	StrandedCost float64
	// Cost is USD a month by which First is dearer than Later.
	Cost float64
}

// RegretOf prices committing to before when after is what comes: the same
// workload right-sized, scheduled, on ARM or on Spot. The lines of both must
// have rates for the same offers.
func RegretOf(before, after *Hours, o Options) (*Regret, error) {
	first, err := Optimise(before, o)
	if err != nil {
		return nil, err
	}
	later, err := Optimise(after, o)
	if err != nil {
		return nil, err
	}
	r := &Regret{Later: later.Best}
	var plans []pricing.SavingsPlan
	for _, p := range first.Best.Purchases {
		plans = append(plans, p.Plan)
		r.Stranded += p.Plan.Commitment
	}
	for _, p := range later.Best.Purchases {
		r.Stranded -= p.Plan.Commitment
	}
	if r.First, err = Bill(after, o, plans); err != nil {
		return nil, err
	}
	r.StrandedCost = r.Stranded * HoursPerMonth * float64(later.Months)
	r.Cost = r.First.CostAndFinancing() - r.Later.CostAndFinancing()
	return r, nil
}

// Bill is the bill of hours with given plans, of offers that the options list,
// bought beside what is owned.
func Bill(h *Hours, o Options, plans []pricing.SavingsPlan) (Choice, error) {
	o, err := o.normal()
	if err != nil {
		return Choice{}, err
	}
	if err := h.check(); err != nil {
		return Choice{}, err
	}
	h, _ = withoutRateless(h, o)
	z, err := newHorizon(h, o)
	if err != nil {
		return Choice{}, err
	}
	options, amounts := make([]option, len(plans)), make([]float64, len(plans))
	for i, p := range plans {
		options[i], amounts[i] = option{SavingsPlan: p, financing: o.financing(p.Offer)}, p.Commitment
		if options[i].ID == "" {
			options[i].ID = newPrefix + options[i].String()
		}
	}
	return newBills(h, o, z).choice(options, amounts)
}
