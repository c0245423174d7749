package commitment

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
	o, err = o.normal()
	if err != nil {
		return nil, err
	}
	after, _ = withoutRateless(after, o)
	z, err := newHorizon(after, o)
	if err != nil {
		return nil, err
	}
	var options []option
	var amounts []float64
	r := &Regret{Later: later.Best}
	for _, p := range first.Best.Purchases {
		options = append(options, option{SavingsPlan: p.Plan, financing: o.financing(p.Plan.Offer)})
		amounts = append(amounts, p.Plan.Commitment)
		r.Stranded += p.Plan.Commitment
	}
	for _, p := range later.Best.Purchases {
		r.Stranded -= p.Plan.Commitment
	}
	if r.First, err = newBills(after, o, z).choice(options, amounts); err != nil {
		return nil, err
	}
	r.StrandedCost = r.Stranded * HoursPerMonth * float64(o.Months)
	r.Cost = r.First.CostAndFinancing() - r.Later.CostAndFinancing()
	return r, nil
}
