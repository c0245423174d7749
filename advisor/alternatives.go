package advisor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// AlternativeSet is the standard variants of one design.
type AlternativeSet struct {
	// Base is the design as it is; Designs are the valid variants that differ
	// from it, by cost and then by name. Differences are to Base.
	Base    Design
	Designs []Alternative
	// Dropped are the variants that cannot be had, by reason.
	Dropped []Dropped
	// BaseOnFrontier says that no variant is cheaper at the same risk or less.
	BaseOnFrontier bool
}

// Alternative is a variant with its place among the others.
type Alternative struct {
	Design
	// Frontier says that no other design, the base included, costs as little
	// and scores as little.
	Frontier bool
}

// Dropped are variants that are not valid, with the reason they share.
type Dropped struct {
	Reason string
	Names  []string
}

// choice is one value of one dimension: what it does to a design. change is
// nil where the design stays as it is.
type choice struct {
	name   string
	change func(w *design.Workload) error
}

// Alternatives prices the standard variants of a design:
//
//	launch type × architecture × NAT × ingress × Spot × commitment
//
// and marks the Pareto frontier of cost against the risk score (the sum of the
// points of Remarks). A variant that is not valid is dropped with its reason;
// one that is lower bound is never on the frontier.
func Alternatives(base Candidate, cat *pricing.Catalog, opt estimate.Options) AlternativeSet {
	set := AlternativeSet{Base: priceDesign(base, cat, opt)}
	if set.Base.Err != nil {
		return set
	}
	set.Base.measure(&set.Base)
	reasons := map[string]int{}
	drop := func(name, reason string) {
		i, seen := reasons[reason]
		if !seen {
			i = len(set.Dropped)
			reasons[reason] = i
			set.Dropped = append(set.Dropped, Dropped{Reason: reason})
		}
		set.Dropped[i].Names = append(set.Dropped[i].Names, name)
	}
	combine(dimensions(&base.Workload), func(choices []choice) {
		name := nameOf(choices)
		if name == "" {
			return
		}
		d, err := alternative(name, base.Workload, choices, cat, opt)
		if err != nil {
			if !errors.Is(err, errAsIs) {
				drop(name, err.Error())
			}
			return
		}
		d.measure(&set.Base)
		set.Designs = append(set.Designs, Alternative{Design: d})
	})
	slices.SortStableFunc(set.Designs, func(a, b Alternative) int {
		switch {
		case a.Result.Total.Effective < b.Result.Total.Effective:
			return -1
		case a.Result.Total.Effective > b.Result.Total.Effective:
			return 1
		default:
			return strings.Compare(a.Name, b.Name)
		}
	})
	set.mark()
	return set
}

// combine calls f with every combination of one choice of each dimension.
func combine(dimensions [][]choice, f func([]choice)) {
	picked := make([]choice, len(dimensions))
	var pick func(i int)
	pick = func(i int) {
		if i == len(dimensions) {
			f(picked)
			return
		}
		for _, c := range dimensions[i] {
			picked[i] = c
			pick(i + 1)
		}
	}
	pick(0)
}

// nameOf joins the names of the choices that change something.
func nameOf(choices []choice) string {
	var names []string
	for _, c := range choices {
		if c.change != nil {
			names = append(names, c.name)
		}
	}
	return strings.Join(names, " + ")
}

// alternative makes and prices one variant.
func alternative(name string, w design.Workload, choices []choice, cat *pricing.Catalog, opt estimate.Options) (Design, error) {
	w = copyOf(w)
	for _, c := range choices {
		if c.change == nil {
			continue
		}
		if c.name == savingsPlanName {
			if err := commitTo(&w, cat, opt); err != nil {
				return Design{}, err
			}
			continue
		}
		if err := c.change(&w); err != nil {
			return Design{}, err
		}
	}
	if problems := w.Validate(); len(problems) > 0 {
		return Design{}, errors.Join(problems...)
	}
	d := priceDesign(Candidate{Name: name, Workload: w}, cat, opt)
	if d.Err != nil {
		return Design{}, d.Err
	}
	if unpriced := newlyUnpriced(&d); unpriced != "" {
		return Design{}, errors.New(unpriced)
	}
	return d, nil
}

// newlyUnpriced is why no instances hold the tasks, "" where they do.
func newlyUnpriced(d *Design) string {
	for i := range d.Result.Resources {
		for j := range d.Result.Resources[i].Lines {
			if l := &d.Result.Resources[i].Lines[j]; l.Unpriced != "" && l.Group == estimate.Compute {
				return l.Name + ": " + l.Unpriced
			}
		}
	}
	return ""
}

// copyOf copies the parts of a workload that choices change.
func copyOf(w design.Workload) design.Workload {
	w.Services = slices.Clone(w.Services)
	for i := range w.Services {
		w.Services[i].Ingress = slices.Clone(w.Services[i].Ingress)
		w.Services[i].Capacity.Providers = slices.Clone(w.Services[i].Capacity.Providers)
	}
	w.Clusters = slices.Clone(w.Clusters)
	for i := range w.Clusters {
		w.Clusters[i].Groups = slices.Clone(w.Clusters[i].Groups)
	}
	w.LoadBalancers = slices.Clone(w.LoadBalancers)
	w.Network.Endpoints = slices.Clone(w.Network.Endpoints)
	w.Commitments.SavingsPlans = slices.Clone(w.Commitments.SavingsPlans)
	return w
}

// mark finds the designs that no other one beats: costs no more, scores no
// more, and is better in one of the two. Of equal ones the first stands.
func (set *AlternativeSet) mark() {
	beats := func(a, b *Design) bool {
		if a.Result.LowerBound() && !b.Result.LowerBound() {
			return false
		}
		ca, cb := a.Result.Total.Effective, b.Result.Total.Effective
		return ca <= cb && a.Risk <= b.Risk && (ca < cb || a.Risk < b.Risk)
	}
	set.BaseOnFrontier = true
	for i := range set.Designs {
		d := &set.Designs[i].Design
		if beats(d, &set.Base) {
			set.BaseOnFrontier = false
		}
		same := func(o *Design) bool {
			return o.Result.Total.Effective == d.Result.Total.Effective && o.Risk == d.Risk
		}
		beaten := beats(&set.Base, d) || same(&set.Base)
		for j := range set.Designs {
			o := &set.Designs[j].Design
			beaten = beaten || beats(o, d) || j < i && same(o)
		}
		set.Designs[i].Frontier = !beaten
	}
}

// savingsPlanName names the choice that needs a price to be sized.
const savingsPlanName = "Compute SP 1yr"

// Of a plan that alternatives buy: how much of what it reaches it covers.
// A part is left to On-Demand because a commitment cannot be taken back.
const (
	committedShare = 0.7
	probeHourly    = 1e6 // USD an hour: more than any design uses
)

// commitTo buys a Compute Savings Plan of one year without upfront for a share
// of the design: the plan's use under an endless commitment is what everything
// that it reaches costs at its rates, and 70 % of that is committed.
func commitTo(w *design.Workload, cat *pricing.Catalog, opt estimate.Options) error {
	plan := design.SavingsPlan{Name: "alternative", Kind: "Compute", Term: "1yr", Payment: "No Upfront", Hourly: probeHourly}
	w.Commitments.SavingsPlans = []design.SavingsPlan{plan}
	r, err := estimate.Run(*w, cat, opt)
	if err != nil {
		return fmt.Errorf("sizing a Savings Plan: %w", err)
	}
	if r.Commitments == nil || len(r.Commitments.Plans) != 1 || r.Commitments.Plans[0].Used < 1e-9 {
		return errors.New("a Savings Plan reaches nothing of it: all on Spot, or nothing that runs")
	}
	plan.Hourly = committedShare * r.Commitments.Plans[0].Used / r.HoursPerMonth
	w.Commitments.SavingsPlans = []design.SavingsPlan{plan}
	return nil
}
