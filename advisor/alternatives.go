package advisor

import (
	"errors"
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
	// Commitment says how the Savings Plan of a variant that buys one was
	// sized; "" for the others.
	Commitment string
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
// where the launch types are Fargate, EC2, Managed Instances, App Runner, and
// EKS on Fargate and on EC2, and marks the Pareto frontier of cost against the
// risk score (the sum of the points of Remarks). A variant that is not valid is dropped with its reason;
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
		d, sized, err := alternative(name, base.Workload, choices, cat, opt)
		if err != nil {
			if !errors.Is(err, errAsIs) {
				drop(name, err.Error())
			}
			return
		}
		d.measure(&set.Base)
		set.Designs = append(set.Designs, Alternative{Design: d, Commitment: sized})
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

// alternative makes and prices one variant; sized says how much it commits.
func alternative(name string, w design.Workload, choices []choice, cat *pricing.Catalog, opt estimate.Options) (d Design, sized string, err error) {
	w = copyOf(w)
	commit, spot := false, false
	for _, c := range choices {
		if c.change == nil {
			continue
		}
		commit = commit || c.name == savingsPlanName
		spot = spot || c.name == spotName
		if err := c.change(&w); err != nil {
			return Design{}, "", err
		}
	}
	if problems := w.Validate(); len(problems) > 0 {
		return Design{}, "", inOneLine(problems)
	}
	if commit {
		if sized, err = commitTo(&w, cat, opt); err != nil {
			return Design{}, "", err
		}
	}
	d = priceDesign(Candidate{Name: name, Workload: w}, cat, opt)
	if d.Err != nil {
		return Design{}, "", d.Err
	}
	if spot {
		if err := partOfOne(&w, &d.Result); err != nil {
			return Design{}, "", err
		}
	}
	if err := noInstances(&d.Result); err != nil {
		return Design{}, "", err
	}
	if unpriced := newlyUnpriced(&d); unpriced != "" {
		return Design{}, "", errors.New(unpriced)
	}
	return d, sized, nil
}

// inOneLine joins problems into one reason.
func inOneLine(problems []error) error {
	texts := make([]string, len(problems))
	for i, err := range problems {
		texts[i] = err.Error()
	}
	return errors.New(strings.Join(texts, "; "))
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
		w.Services[i].Task.Containers = slices.Clone(w.Services[i].Task.Containers)
		w.Services[i].Sidecars = slices.Clone(w.Services[i].Sidecars)
	}
	w.Clusters = slices.Clone(w.Clusters)
	for i := range w.Clusters {
		w.Clusters[i].Groups = slices.Clone(w.Clusters[i].Groups)
	}
	w.LoadBalancers = slices.Clone(w.LoadBalancers)
	w.LogGroups = slices.Clone(w.LogGroups)
	w.Repositories = slices.Clone(w.Repositories)
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
	// A base that cannot be had costs less than anything, and nothing.
	absent := noInstances(&set.Base.Result) != nil
	set.BaseOnFrontier = !absent
	for i := range set.Designs {
		d := &set.Designs[i].Design
		if beats(d, &set.Base) {
			set.BaseOnFrontier = false
		}
		same := func(o *Design) bool {
			return o.Result.Total.Effective == d.Result.Total.Effective && o.Risk == d.Risk
		}
		beaten := !absent && (beats(&set.Base, d) || same(&set.Base))
		for j := range set.Designs {
			o := &set.Designs[j].Design
			beaten = beaten || beats(o, d) || j < i && same(o)
		}
		set.Designs[i].Frontier = !beaten
	}
}
