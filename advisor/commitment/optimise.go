package commitment

import (
	"cmp"
	"slices"

	"ecsavvy/pricing"
)

// Result is what to commit, if the months to come are like the hours given.
type Result struct {
	// Hours and Months are how many were given, and looked at.
	Hours, Months int
	// Before is the bill with what is owned and nothing more.
	Before Choice
	// Best is the best set of plans found, and Singles the best amount of each
	// option alone, cheapest first. Where Approximate, the bills of Singles
	// are too.
	Best    Choice
	Singles []Choice
	// LowerBound is USD a month, financing included: no amounts of the
	// options that were searched together cost less. Gap is how far Best is
	// above it.
	LowerBound, Gap float64
	// Considered are the options that were searched together for Best.
	Considered []pricing.SavingsPlan
	Skipped    []Skipped
	// Uncovered are lines left out, because they have no rate under any offer.
	Uncovered []string
	// Approximate says that lines with nearly equal rates were put together in
	// the search (see maxClasses); the bills of Before and Best and LowerBound are exact all the same.
	Approximate bool
}

// Optimise finds the amounts of Savings Plans with the lowest bill, beside what
// is owned, as AWS applies them hour by hour. One plan alone is solved exactly;
// several together to within Gap.
//
// It fails on hours that are not valid, on offers that AWS does not sell, and
// where an owned plan reaches a line whose rate is missing.
func Optimise(h *Hours, o Options) (*Result, error) {
	o, err := o.normal()
	if err != nil {
		return nil, err
	}
	if err := h.check(); err != nil {
		return nil, err
	}
	h, uncovered := withoutRateless(h, o)
	z, err := newHorizon(h, o)
	if err != nil {
		return nil, err
	}
	options, skipped := o.optionsFor(h.Lines)
	if err := z.fill(h, offersOf(options, o.Owned.Plans), nil); err != nil {
		return nil, err
	}
	alone := make([]found, len(options))
	inParallel(len(options), func(i int) { alone[i] = z.program(options[i:i+1], o).search() })

	together := consider(z.segments[0].ledger.classes, options, alone, o.MaxPlans, false)
	mix := make([]option, len(together))
	for i, at := range together {
		mix[i] = options[at]
	}
	program := z.program(mix, o)
	best := program.together(alone, together)
	r := &Result{Hours: h.Len(), Months: o.Months, Skipped: skipped, Uncovered: uncovered, Approximate: program.merged()}
	for _, m := range mix {
		r.Considered = append(r.Considered, m.SavingsPlan)
	}
	bills := newBills(h, o, z)
	if r.Before, err = bills.choice(nil, nil); err != nil {
		return nil, err
	}
	if r.Best, err = bills.choice(mix, best.amounts); err != nil {
		return nil, err
	}
	r.Singles = make([]Choice, len(options))
	inParallel(len(options), func(i int) { r.Singles[i] = bills.estimate(z.program(options[i:i+1], o), r.Before, alone[i].amounts) })
	slices.SortStableFunc(r.Singles, func(a, b Choice) int { return cmp.Compare(a.CostAndFinancing(), b.CostAndFinancing()) })
	r.LowerBound = min(best.bound/float64(o.Months), r.Best.CostAndFinancing())
	r.Gap = r.Best.CostAndFinancing() - r.LowerBound
	return r, nil
}

// work is how many pairs × hours a search with several plans may settle beyond
// its cutting planes: polishing is for small cases.
const work = 20e6

// together searches several plans at once, from the best of each alone.
func (p *program) together(alone []found, at []int) found {
	var starts [][]float64
	for i, option := range at {
		start := make([]float64, p.decisions)
		start[i] = alone[option].amounts[0]
		starts = append(starts, start)
	}
	best := p.search(starts...)
	if steps := int(work / max(p.load(), 1)); p.decisions > 1 && best.cost-best.bound > closed*best.cost {
		best = p.polish(best, min(steps, 4000))
	}
	return p.certify(best)
}

// consider picks the options that are searched together: none that another one
// beats for every class that it reaches, and of the rest those that save most
// alone; those that save nothing alone only with useless.
func consider(classes []class, options []option, alone []found, most int, useless bool) []int {
	var kept []int
	for i := range options {
		if alone[i].amounts[0] == 0 && !useless {
			continue
		}
		beaten := false
		for j := range options {
			if i != j && beats(classes, options[j], options[i]) && !(j > i && beats(classes, options[i], options[j])) {
				beaten = true
				break
			}
		}
		if !beaten {
			kept = append(kept, i)
		}
	}
	slices.SortStableFunc(kept, func(a, b int) int { return cmp.Compare(alone[a].cost, alone[b].cost) })
	kept = kept[:min(len(kept), most)]
	slices.Sort(kept)
	return kept
}

// beats reports whether a USD of a goes as far as one of b on all that b
// reaches.
func beats(classes []class, a, b option) bool {
	for k := range classes {
		c := &classes[k]
		if !c.reachedBy(b.SavingsPlan) {
			continue
		}
		if !c.reachedBy(a.SavingsPlan) || c.paid[a.Offer]*a.financing > c.paid[b.Offer]*b.financing {
			return false
		}
	}
	return true
}

// withoutRateless takes lines that plans on offer or owned reach, and that have
// a rate under none of them, out of the plans' reach, and names them.
func withoutRateless(h *Hours, o Options) (*Hours, []string) {
	offers := slices.Clone(o.Offers)
	for _, p := range o.Owned.Plans {
		offers = append(offers, p.Offer)
	}
	var uncovered []string
	copied := *h
	copied.Lines = slices.Clone(h.Lines)
	for i, l := range copied.Lines {
		reached, known := false, false
		for _, offer := range offers {
			if _, ok := reachOf(offer.Type, l.EligibleUsage); ok {
				_, has := l.PlanRates[offer]
				reached, known = true, known || has
			}
		}
		if reached && !known {
			copied.Lines[i].Kind = pricing.KindOther
			uncovered = append(uncovered, l.ID)
		}
	}
	slices.Sort(uncovered)
	return &copied, uncovered
}
