package advisor

import (
	"fmt"
	"slices"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// Candidate is a design that takes part in a comparison: a workload, or why
// there is none.
type Candidate struct {
	Name     string
	Workload design.Workload
	// Err says why the design cannot be had: a size that Fargate does not
	// have, a variant that does not read.
	Err error
}

// Comparison is designs side by side, the first one the measure of the others.
type Comparison struct {
	Designs []Design
	// Groups are the cost groups that any design has a line in, in printing
	// order.
	Groups []estimate.Group
}

// Design is one column of a comparison.
type Design struct {
	Name     string
	Workload design.Workload
	// Err is set where the design is infeasible; nothing below it then holds.
	Err    error
	Result estimate.Result
	// Groups are USD a month by cost group (effective). They add up to the
	// result's total.
	Groups map[estimate.Group]GroupCost
	// Difference is this total less the first design's, USD a month, and
	// Share the same as a part of the first one's: −0.2 is 20 % less. Share
	// means nothing where HasShare is false: the first costs nothing or is
	// infeasible.
	Difference float64
	Share      float64
	HasShare   bool
	// Certainty says how much of the difference is known.
	Certainty Certainty
	// Remarks are what money does not show, and Risk the sum of their points.
	Remarks []Remark
	Risk    float64
}

// GroupCost is what a design costs a month in one cost group.
type GroupCost struct {
	USD float64
	// Unpriced counts the lines without a price; USD is then a lower bound.
	Unpriced int
}

// Unused is the cost group of commitments that are paid and not used.
const Unused estimate.Group = "unused commitments"

// groupOrder is the printing order of cost groups.
func groupOrder() []estimate.Group {
	return []estimate.Group{
		estimate.Compute, estimate.Ingress, estimate.Egress, estimate.Transfer, estimate.Logs,
		estimate.Monitoring, estimate.Storage, estimate.Images, estimate.Secrets,
		estimate.Discovery, estimate.Control, Unused,
	}
}

// Compare prices designs and sets them side by side. A design that cannot be
// priced is a column that says why.
func Compare(candidates []Candidate, cat *pricing.Catalog, opt estimate.Options) Comparison {
	var c Comparison
	seen := map[estimate.Group]bool{}
	for _, candidate := range candidates {
		d := priceDesign(candidate, cat, opt)
		if err := noInstances(&d.Result); err != nil {
			d = Design{Name: d.Name, Workload: d.Workload, Err: &Infeasible{Design: d.Name, Err: err}}
		}
		for g := range d.Groups {
			seen[g] = true
		}
		c.Designs = append(c.Designs, d)
	}
	for _, g := range groupOrder() {
		if seen[g] {
			c.Groups = append(c.Groups, g)
		}
	}
	for i := range c.Designs {
		c.Designs[i].measure(&c.Designs[0])
	}
	return c
}

// priceDesign is one column before it is measured against the first.
func priceDesign(candidate Candidate, cat *pricing.Catalog, opt estimate.Options) Design {
	d := Design{Name: candidate.Name, Workload: candidate.Workload, Err: candidate.Err}
	if d.Err == nil {
		d.Result, d.Err = estimate.Run(candidate.Workload, cat, opt)
	}
	if d.Err != nil {
		d.Err = &Infeasible{Design: d.Name, Err: d.Err}
		return d
	}
	d.Groups = groupCosts(&d.Result)
	d.Remarks = Remarks(&d.Workload, cat)
	for _, r := range d.Remarks {
		d.Risk += r.Points
	}
	return d
}

// noInstances says which group's tasks no instance type holds; nil where all run.
func noInstances(r *estimate.Result) error {
	for i := range r.Resources {
		if why := r.Resources[i].Infeasible; why != "" {
			return fmt.Errorf("instances %s: %s", r.Resources[i].Name, why)
		}
	}
	return nil
}

// Infeasible says why a design cannot be had.
type Infeasible struct {
	Design string
	Err    error
}

func (e *Infeasible) Error() string { return e.Err.Error() }
func (e *Infeasible) Unwrap() error { return e.Err }

// groupCosts adds up a result by cost group; what commitments cost beyond their
// use is a group of its own, so that the groups make up the total.
func groupCosts(r *estimate.Result) map[estimate.Group]GroupCost {
	groups := map[estimate.Group]GroupCost{}
	for i := range r.Resources {
		for j := range r.Resources[i].Lines {
			l := &r.Resources[i].Lines[j]
			g := groups[l.Group]
			if l.Unpriced != "" {
				g.Unpriced++
			} else {
				g.USD += l.Cost.Effective
			}
			groups[l.Group] = g
		}
	}
	if r.Commitments != nil && r.Commitments.Unused > 0 {
		groups[Unused] = GroupCost{USD: r.Commitments.Unused}
	}
	return groups
}

// measure fills the difference to the first design.
func (d *Design) measure(first *Design) {
	if d.Err != nil || first.Err != nil {
		return
	}
	d.Difference = d.Result.Total.Effective - first.Result.Total.Effective
	if first.Result.Total.Effective > 0 {
		d.Share, d.HasShare = d.Difference/first.Result.Total.Effective, true
	}
	if d != first {
		diff := Diff(first.Result, d.Result, DiffOptions{})
		d.Certainty = diff.Total.Certainty
	}
}

// Cheapest is the index of the design that costs least, −1 where no total is
// complete. Lower bounds do not take part: nobody knows what they cost.
func (c *Comparison) Cheapest() int {
	best := -1
	for i := range c.Designs {
		d := &c.Designs[i]
		if d.Err != nil || d.Result.LowerBound() {
			continue
		}
		if best < 0 || d.Result.Total.Effective < c.Designs[best].Result.Total.Effective {
			best = i
		}
	}
	return best
}

// Feasible reports whether any design has a price.
func (c *Comparison) Feasible() bool {
	return slices.ContainsFunc(c.Designs, func(d Design) bool { return d.Err == nil })
}
