package estimate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/placement"
)

// placementEffort is the number of search nodes that one estimate spends on
// all its groups together: about 50 ms. Search nodes, not time, so that the
// same design costs the same on every machine.
const placementEffort = 1_200_000

// placed is the fleet of a group without a stated count: what holds its tasks
// for least, the fee of Managed Instances, volumes and addresses included. An
// Auto Scaling group of one type, or of none that it names itself, is of one
// type; where several are allowed, and on Managed Instances, types are mixed.
func (m *meter) placed(path string, g *group) (fleet, error) {
	names := g.design.InstanceTypes
	if len(names) == 0 {
		names = g.required()
	}
	limited := len(names) > 0 || len(g.design.Placement.Families)+len(g.design.Placement.Sizes) > 0
	if len(names) == 0 {
		candidates, err := m.candidates(g)
		if err != nil {
			return fleet{}, err
		}
		names = candidates
	}
	problem := placement.Problem{Region: m.region, Options: m.rules(path, g)}
	problem.Options.Homogeneous = !g.design.Managed && len(g.design.InstanceTypes) < 2
	if limited {
		problem.Limits = g.limits(names)
	}
	if target := g.design.TargetCapacity; !g.design.Managed && target.Stated() {
		problem.Options.TargetCapacity = take(m, path+".target_capacity", target).Value
	}
	considered := len(names)
	if chosen, ok := m.chosen[path]; ok && problem.Options.Homogeneous {
		names = []string{chosen}
	}
	var err error
	if problem.Offers, err = m.offers(g, names); err != nil {
		return fleet{}, err
	}
	weeks := m.demandsByHour(g)
	problem.Options.Effort = max(placementEffort/m.openGroups()/len(weeks), 1000)
	floor := 0.0
	if problem.Options.Homogeneous && (len(weeks) > 1 || problem.Options.Zones > 1) {
		problem.Offers, floor = m.oneOffer(problem, weeks)
	}
	plans := make([]placement.Plan, len(weeks))
	for i, w := range weeks {
		problem.Demands = w.demands
		if plans[i], err = placement.Solve(context.Background(), problem); err != nil {
			return fleet{}, m.noRoom(err, g, problem)
		}
	}
	f, err := m.fleetOfPlans(problem, weeks, plans)
	if err != nil {
		return fleet{}, err
	}
	m.notePlacement(path, problem, f, weeks, plans, floor, considered)
	return f, nil
}

// openGroups is how many groups share the effort.
func (m *meter) openGroups() int {
	n := 0
	for i := range m.w.Clusters {
		n += len(m.w.Clusters[i].Groups)
	}
	return max(n, 1)
}

// offers prices the types that can be had. Where none can, the first reason is
// the error.
func (m *meter) offers(g *group, names []string) ([]placement.Offer, error) {
	var offers []placement.Offer
	var first error
	beside := m.besideInstance(g)
	for _, name := range names {
		kind, err := m.cat.InstanceType(name)
		if err != nil {
			return nil, err
		}
		unit, err := m.instanceRate(g, name)
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		offers = append(offers, placement.Offer{Node: g.node(kind), USDPerHour: unit + beside})
	}
	if len(offers) == 0 {
		return nil, fmt.Errorf("no instance type has a price: %w", first)
	}
	return offers, nil
}

// besideInstance is USD an hour of what each instance has beside itself: its
// volumes' GB and its public address, as far as known.
func (m *meter) besideInstance(g *group) float64 {
	usd := 0.0
	for _, v := range []*design.Volume{g.design.RootVolume, g.design.DataVolume} {
		if v == nil || !v.GB.Stated() || v.Type != "" && v.Type != "gp3" {
			continue
		}
		if rate, err := m.cat.Lookup(m.sku(ec2, "EBS:VolumeUsage.gp3")); err == nil {
			usd += v.GB.Value * rate.Tiers[0].USD / m.hours
		}
	}
	if g.design.PublicIP.Value {
		if rate, err := m.cat.Lookup(m.sku("AmazonVPC", "PublicIPv4:InUseAddress")); err == nil {
			usd += rate.Tiers[0].USD
		}
	}
	return usd
}

// hoursOfDemand are the hours of the week that hold the same tasks.
type hoursOfDemand struct {
	demands []placement.Demand
	hours   []int // of the week; all where no count changes
}

// weight is how many hours of the week they are; 1 where no count changes.
func (h *hoursOfDemand) weight() float64 { return float64(max(len(h.hours), 1)) }

// demandsByHour groups the hours of the week by their tasks, so that each
// distinct demand is placed once.
func (m *meter) demandsByHour(g *group) []hoursOfDemand {
	mean, weekly := m.demands(g)
	if !weekly {
		return []hoursOfDemand{{demands: mean}}
	}
	var all []hoursOfDemand
	for h := range design.HoursPerWeek {
		demands := slices.Clone(mean)
		for i, t := range g.tenants {
			if t.hours.shape != nil && !t.daemon() {
				demands[i].Tasks = int(math.Ceil(t.hours.shape[h] - 1e-9))
			}
		}
		at := slices.IndexFunc(all, func(d hoursOfDemand) bool {
			return slices.EqualFunc(d.demands, demands, func(a, b placement.Demand) bool { return a.Tasks == b.Tasks })
		})
		if at < 0 {
			all = append(all, hoursOfDemand{demands: demands})
			at = len(all) - 1
		}
		all[at].hours = append(all[at].hours, h)
	}
	return all
}

// oneOffer is the one type that holds a changing demand, or one in several AZs,
// for least over the week; types whose floor is above the best are not packed. Where none holds
// all, every offer is returned, for the error to name the task. bound is a
// proven floor of USD over the week for any one type.
func (m *meter) oneOffer(p placement.Problem, weeks []hoursOfDemand) (best []placement.Offer, bound float64) {
	all := p.Offers
	best, bestUSD := all, math.Inf(1)
	bound = math.Inf(1)
	p.Options.Effort = oneOfferEffort
	for i, f := range all {
		floor := 0.0
		for _, w := range weeks {
			n, _ := placement.LowerBound(w.demands, f.Node)
			floor += float64(n) * w.weight() * f.USDPerHour
		}
		if floor >= bestUSD {
			continue // and no bound of it is below the best
		}
		usd, least := 0.0, 0.0
		p.Offers = all[i : i+1]
		for _, w := range weeks {
			p.Demands = w.demands
			plan, err := placement.Solve(context.Background(), p)
			if err != nil {
				usd, least = math.Inf(1), math.Inf(1)
				break
			}
			usd += plan.USDPerHour * w.weight()
			least += plan.Bound * w.weight()
		}
		bound = min(bound, least)
		if usd < bestUSD {
			best, bestUSD = all[i:i+1], usd
		}
	}
	return best, min(bound, bestUSD)
}

// oneOfferEffort is the search nodes for one type and one demand of a week: enough
// for first fit and its bound.
const oneOfferEffort = 2000

// noRoom adds to an error of a group with stated types the cheapest type
// without that limit that would do.
func (m *meter) noRoom(err error, g *group, p placement.Problem) error {
	var room *placement.NoRoomError
	if !errors.As(err, &room) || p.Limits == "" {
		return err
	}
	wider := *g
	wider.design.InstanceTypes, wider.design.Placement.Families, wider.design.Placement.Sizes = nil, nil, nil
	names, wideErr := m.candidates(&wider)
	if wideErr != nil {
		return err
	}
	if p.Elsewhere, wideErr = m.offers(&wider, names); wideErr != nil {
		return err
	}
	_, err = placement.Solve(context.Background(), p)
	return err
}

// fleetOfPlans adds the plans of the week up to a fleet.
func (m *meter) fleetOfPlans(p placement.Problem, weeks []hoursOfDemand, plans []placement.Plan) (fleet, error) {
	shapes := map[string]*[design.HoursPerWeek]float64{}
	counts := map[string]float64{} // instances on average
	for i, plan := range plans {
		for _, inst := range plan.Instances {
			if shapes[inst.Type] == nil {
				shapes[inst.Type] = &[design.HoursPerWeek]float64{}
			}
			for _, h := range weeks[i].hours {
				shapes[inst.Type][h] += float64(inst.Count)
			}
			if weeks[i].hours == nil {
				counts[inst.Type] += float64(inst.Count)
			}
		}
	}
	var f fleet
	var words []string
	sum := 0.0
	for _, offer := range p.Offers {
		name := offer.Node.Type
		shape := shapes[name]
		if shape == nil {
			continue
		}
		delete(shapes, name)
		kind, err := m.cat.InstanceType(name)
		if err != nil {
			return fleet{}, err
		}
		part := fleetPart{kind: kind}
		words = append(words, num(counts[name])+" "+name)
		if weeks[0].hours != nil {
			week := design.WeekSchedule{Hours: *shape}
			counts[name], part.shape = week.Mean(), shape
			words[len(words)-1] = num(counts[name]) + " " + name + " on average"
		}
		part.hours = design.Know(counts[name] * m.hours)
		part.hours.Basis = design.Assumed
		part.why = words[len(words)-1] + " × " + num(m.hours) + " h"
		sum += part.hours.Value
		f.parts = append(f.parts, part)
	}
	f.hours = design.Know(sum)
	f.hours.Basis = design.Assumed
	f.why = strings.Join(words, " + ") + " × " + num(m.hours) + " h"
	if binding := plans[0].Binding; len(plans) == 1 && binding != "" {
		f.why += ", bound by " + binding
		if len(f.parts) == 1 {
			f.parts[0].why = f.why
		}
	}
	return f, nil
}

// notePlacement lists what was assumed: the type, the count and how far from
// the best possible it is known to be. floor, where it is above zero, is the
// bound over all types that were to choose from.
func (m *meter) notePlacement(path string, p placement.Problem, f fleet, weeks []hoursOfDemand, plans []placement.Plan, floor float64, candidates int) {
	if len(f.parts) == 0 {
		return
	}
	var names []string
	for _, part := range f.parts {
		names = append(names, part.kind.Name)
	}
	which := strings.Join(names, ", ")
	if p.Options.Homogeneous {
		m.chosen[path] = which
	}
	if candidates > 1 {
		what := "the type that holds"
		if len(names) > 1 {
			what = "the types that hold"
		}
		m.assume(path+".type", fmt.Sprintf("%s: %s these tasks for least, of %d candidates", which, what, candidates))
	}
	usd, bound := 0.0, 0.0
	for i, plan := range plans {
		hours := weeks[i].weight()
		usd, bound = usd+plan.USDPerHour*hours, bound+plan.Bound*hours
	}
	if floor > 0 && !math.IsInf(floor, 1) {
		bound = min(bound, floor)
	}
	text := "as many " + which + " as hold the tasks, " + kept(p.Options)
	if bound >= usd*(1-1e-7) {
		text += "; no placement costs less"
	} else {
		text += fmt.Sprintf("; within %.1f %% of the best possible", math.Ceil((usd/bound-1)*1000)/10)
	}
	if open, _ := spreads(m.w); open && !p.Options.Homogeneous {
		text += "; the ends of the range mix these types anew"
	}
	m.assume(path+".count", text)
}
