package estimate

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/placement"
	"ecsavvy/pricing"
)

// fleet decides which instances a group runs and for how many hours: the
// count that the design states, else as many as hold the tasks.
func (m *meter) fleet(path string, g *group) (fleet, error) {
	if stated := m.of(g.design.Count); stated.Stated() || g.design.Count.Week != nil {
		return m.statedFleet(path, g, stated)
	}
	if len(g.tenants) == 0 {
		return fleet{}, errors.New("neither a count of instances nor a service that runs on them is stated")
	}
	for _, t := range g.tenants {
		if !t.hours.hours.Stated() {
			return fleet{}, fmt.Errorf("service %s: %s", t.service.Name, t.hours.hours.Note)
		}
		if !t.size.vcpu.Stated() || !t.size.gb.Stated() {
			return fleet{}, fmt.Errorf("service %s: the size of a task is not known", t.service.Name)
		}
	}
	names := g.design.InstanceTypes
	if chosen, ok := m.chosen[path]; ok {
		names = []string{chosen}
	}
	if len(names) == 0 {
		names = g.required()
	}
	if len(names) == 0 {
		candidates, err := m.candidates(g)
		if err != nil {
			return fleet{}, err
		}
		names = candidates
	}
	best, err := m.cheapest(g, names)
	if err != nil {
		return fleet{}, err
	}
	m.chosen[path] = best.kind.Name
	if len(names) > 1 {
		m.assume(path+".type", fmt.Sprintf("%s: the type that holds these tasks for least, of %d candidates", best.kind.Name, len(names)))
	}
	m.assume(path+".count", "as many "+best.kind.Name+" as hold the tasks by first fit, with no spare capacity")
	best.hours.Basis = design.Assumed
	return best, nil
}

// statedFleet is the fleet of a group whose count the design states.
func (m *meter) statedFleet(path string, g *group, count quantity) (fleet, error) {
	if len(g.design.InstanceTypes) == 0 {
		return fleet{}, errors.New("the instance type is not stated")
	}
	kind, err := m.cat.InstanceType(g.design.InstanceTypes[0])
	if err != nil {
		return fleet{}, err
	}
	if len(g.design.InstanceTypes) > 1 {
		m.assume(path+".types", "every instance priced as the first type, "+kind.Name)
	}
	f := fleet{kind: kind}
	if week := g.design.Count.Week; week != nil {
		f.shape = &week.Hours
		f.hours = design.Know(week.Mean() * m.hours)
		f.why = num(week.Mean()) + " " + kind.Name + " on average × " + num(m.hours) + " h"
		return f, nil
	}
	count = take(m, path+".count", count)
	f.hours = design.Scale(count, m.hours)
	f.why = num(count.Value) + " " + kind.Name + " × " + num(m.hours) + " h"
	return f, nil
}

// chosenInstances remembers the type chosen for a group, so that the ends of
// a range are priced on the same type as its middle.
type chosenInstances map[string]string

// offer is a type that a fleet may be of, with a floor under its cost.
type offer struct {
	kind  pricing.InstanceType
	unit  float64 // USD an hour
	floor float64 // USD an hour of the fewest instances that any packing needs
}

// cheapest packs the group's tasks onto each type and returns the fleet that
// costs least an hour, the fee of Managed Instances included. Types that hold
// no task or have no price are passed over; types whose floor is above the
// best so far are not packed.
func (m *meter) cheapest(g *group, names []string) (fleet, error) {
	var firstError error
	pass := func(err error) {
		if firstError == nil {
			firstError = err
		}
	}
	demands, _ := m.demands(g)
	offers := make([]offer, 0, len(names))
	for _, name := range names {
		kind, err := m.cat.InstanceType(name)
		if err != nil {
			return fleet{}, err
		}
		unit, err := m.instanceRate(g, name)
		if err != nil {
			pass(err)
			continue
		}
		bound, _ := placement.LowerBound(demands, g.node(kind))
		offers = append(offers, offer{kind, unit, unit * float64(bound)})
	}
	slices.SortStableFunc(offers, func(a, b offer) int {
		return cmp.Or(cmp.Compare(a.floor, b.floor), cmp.Compare(a.kind.Name, b.kind.Name))
	})
	best, bestCost := fleet{}, math.Inf(1)
	for _, o := range offers {
		if _, weekly := m.demands(g); !weekly && o.floor >= bestCost/m.hours {
			break
		}
		f, err := m.pack(g, o.kind)
		if err != nil {
			pass(err)
			continue
		}
		if cost := f.hours.Value * o.unit; cost < bestCost {
			best, bestCost = f, cost
		}
	}
	if math.IsInf(bestCost, 1) {
		return fleet{}, fmt.Errorf("no instance type holds these tasks: %w", firstError)
	}
	return best, nil
}

// instanceRate is USD an hour of one instance, for choosing between types.
func (m *meter) instanceRate(g *group, name string) (float64, error) {
	rate, err := m.cat.Lookup(m.sku(ec2, "BoxUsage:"+name, g.osAttribute()))
	if err != nil {
		return 0, err
	}
	usd := rate.Tiers[0].USD
	if g.design.Managed {
		fee, err := m.cat.Lookup(m.sku(ecs, "ECS-Managed-Instances:"+name+"-management-hours"))
		if err != nil {
			return 0, err
		}
		usd += fee.Tiers[0].USD
	}
	return usd, nil
}

// os is the operating system of the group: known, or that of its tasks, or
// what was assumed.
func (g *group) os() design.OS {
	if g.design.OS.Basis == design.Known {
		return g.design.OS.Value
	}
	for _, t := range g.tenants {
		if t.service.Task.OS.Value == design.Windows {
			return design.Windows
		}
	}
	return design.Linux
}

// osAttribute tells the SKUs of an instance type apart.
func (g *group) osAttribute() string {
	if g.os() == design.Windows {
		return "operatingSystem=Windows"
	}
	return "operatingSystem=Linux"
}

// pack is the fleet of one type that holds the tasks, hour of the week by hour
// of the week where a count changes.
func (m *meter) pack(g *group, kind pricing.InstanceType) (fleet, error) {
	node := g.node(kind)
	demands, weekly := m.demands(g)
	f := fleet{kind: kind}
	if !weekly {
		packing, err := placement.FirstFit(demands, node)
		if err != nil {
			return fleet{}, err
		}
		f.hours = design.Know(float64(packing.Instances) * m.hours)
		f.why = fmt.Sprintf("%d %s × %s h", packing.Instances, kind.Name, num(m.hours))
		if packing.Binding != "" {
			f.why += ", bound by " + packing.Binding
		}
		return f, nil
	}
	var hours [design.HoursPerWeek]float64
	sum := 0.0
	for h := range hours {
		for i, t := range g.tenants {
			if t.hours.shape != nil {
				demands[i].Tasks = int(math.Ceil(t.hours.shape[h] - 1e-9))
			}
		}
		packing, err := placement.FirstFit(demands, node)
		if err != nil {
			return fleet{}, err
		}
		hours[h] = float64(packing.Instances)
		sum += hours[h]
	}
	f.shape = &hours
	f.hours = design.Know(sum / design.HoursPerWeek * m.hours)
	f.why = num(sum/design.HoursPerWeek) + " " + kind.Name + " on average × " + num(m.hours) + " h"
	return f, nil
}

// node is the room on one instance of a type in this group.
func (g *group) node(kind pricing.InstanceType) placement.Node {
	return placement.NodeOf(kind, g.design.Trunking.Value, g.design.Managed)
}

// demands are the tasks that the group holds at their mean count, whole tasks
// each; weekly says that some count changes by hour.
func (m *meter) demands(g *group) (demands []placement.Demand, weekly bool) {
	demands = make([]placement.Demand, len(g.tenants))
	for i, t := range g.tenants {
		demands[i].Shape = placement.Shape{
			Name: t.service.Name, VCPU: t.size.vcpu.Value, GB: t.size.gb.Value,
			ENI: t.service.Task.NetworkMode == "awsvpc", GPUs: t.service.Task.GPUs, Ports: hostPorts(t.service),
		}
		// A mean that is not whole still needs room for a whole task.
		demands[i].Tasks = int(math.Ceil(t.hours.hours.Value/m.hours - 1e-9))
		weekly = weekly || t.hours.shape != nil
	}
	return demands, weekly
}

// required are the types that the tasks' placement constraints name: those of
// the first that names any, since one group of instances holds them all.
func (g *group) required() []string {
	for _, t := range g.tenants {
		if types := t.service.Task.InstanceTypes; len(types) > 0 {
			return types
		}
	}
	return nil
}

// candidates are the types that a group without a stated type may run on:
// current, virtual, sold in the region for the operating system, of the tasks'
// architecture, and not burstable, whose price depends on their load.
func (m *meter) candidates(g *group) ([]string, error) {
	arch := "x86_64"
	gpus := 0
	for _, t := range g.tenants {
		if t.service.Task.Architecture.Value == design.ARM64 {
			arch = "arm64"
		}
		gpus = max(gpus, t.service.Task.GPUs)
	}
	var names []string
	for _, kind := range m.cat.InstanceTypes() {
		if kind.PreviousGeneration || burstable(kind) || strings.Contains(kind.Name, ".metal") || (kind.GPUs > 0) != (gpus > 0) || !kind.Has(arch) {
			continue
		}
		names = append(names, kind.Name)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("the catalogue has no current %s instance type", arch)
	}
	return names, nil
}

// burstable reports whether a type earns CPU credits: the T families.
func burstable(kind pricing.InstanceType) bool {
	return len(kind.Name) > 1 && kind.Name[0] == 't' && kind.Name[1] >= '1' && kind.Name[1] <= '9'
}

// hostPorts are the fixed host ports of a task in bridge or host mode.
func hostPorts(s *design.Service) []int {
	if s.Task.NetworkMode == "awsvpc" {
		return nil
	}
	var ports []int
	for _, c := range s.Task.Containers {
		ports = append(ports, c.HostPorts...)
	}
	return ports
}
