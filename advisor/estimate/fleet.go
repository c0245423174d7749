package estimate

import (
	"errors"
	"fmt"
	"maps"
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
		if g.design.Elastic {
			return fleet{hours: design.Know(0.0), why: "no tasks run on it: no instances"}, nil
		}
		return fleet{}, errors.New("neither a count of instances nor a service that runs on them is stated")
	}
	alone := g.onlyDaemons()
	for _, t := range g.tenants {
		if t.daemon() && !alone {
			continue
		}
		if !t.hours.hours.Stated() {
			return fleet{}, fmt.Errorf("service %s: %s", t.service.Name, t.hours.hours.Note)
		}
	}
	for _, t := range g.tenants {
		if !t.size.vcpu.Stated() || !t.size.gb.Stated() {
			return fleet{}, fmt.Errorf("service %s: the size of a task is not known", t.service.Name)
		}
	}
	return m.placed(path, g)
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
	m.noteStated(path, g)
	part := fleetPart{kind: kind}
	if week := g.design.Count.Week; week != nil {
		part.shape = &week.Hours
		part.hours = design.Know(week.Mean() * m.hours)
		part.why = num(week.Mean()) + " " + kind.Name + " on average × " + num(m.hours) + " h"
		return fleetOf(part), nil
	}
	count = take(m, path+".count", count)
	part.hours = design.Scale(count, m.hours)
	part.why = num(count.Value) + " " + kind.Name + " × " + num(m.hours) + " h"
	return fleetOf(part), nil
}

// chosenInstances remembers the type chosen for a group, so that the ends of
// a range are priced on the same type as its middle.
type chosenInstances map[string]string

// instanceRate is USD an hour of one instance, for choosing between types.
func (m *meter) instanceRate(g *group, name string) (float64, error) {
	rate, err := m.cat.Lookup(m.sku(ec2, "BoxUsage:"+name, g.osAttribute()))
	if err != nil {
		return 0, err
	}
	usd := rate.Tiers[0].USD
	if share := g.design.Spot; share.Stated() && share.Value > 0 {
		// Where Spot has no price its line says so; types are then compared
		// On-Demand.
		if spot, err := m.cat.Lookup(m.sku(ec2, "SpotUsage:"+name, g.osAttribute())); err == nil {
			usd += share.Value * (spot.Tiers[0].USD - usd)
		}
	}
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

// node is the room on one instance of a type in this group.
func (g *group) node(kind pricing.InstanceType) placement.Node {
	node := placement.NodeOf(kind, g.design.Trunking.Value, g.design.Managed)
	if g.orchestrator == design.EKS {
		node = eksNode(kind)
	}
	if g.design.Placement.CPUBaseline {
		node = placement.AtBaseline(node, kind)
	}
	return node
}

// demands are the tasks that the group holds at their mean count, whole tasks
// each; weekly says that some count changes by hour.
func (m *meter) demands(g *group) (demands []placement.Demand, weekly bool) {
	demands = make([]placement.Demand, len(g.tenants))
	alone := g.onlyDaemons()
	for i, t := range g.tenants {
		demands[i].Shape = g.shape(t)
		if t.daemon() {
			if alone {
				// As many instances as it was seen on.
				demands[i].Shape.Distinct = true
				demands[i].Tasks = int(math.Ceil(t.hours.hours.Value/m.hours - 1e-9))
			}
			continue
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

// architecture is what a tenant's task runs on; "" where only the group's
// stated types say.
func (g *group) architecture(t tenant) string {
	arch := t.service.Task.Architecture
	switch {
	case arch.Value == design.ARM64:
		return "arm64"
	case arch.Basis == design.Known || len(g.design.InstanceTypes) == 0:
		return "x86_64"
	default:
		return ""
	}
}

// candidates are the types that a group without a stated type may run on:
// current, virtual, sold in the region for the operating system, of the tasks'
// architecture, of the families and sizes that the group allows.
func (m *meter) candidates(g *group) ([]string, error) {
	wanted := map[string]bool{}
	gpus := 0
	for _, t := range g.tenants {
		wanted[g.architecture(t)] = true
		gpus = max(gpus, t.service.Task.GPUs)
	}
	archs := slices.Sorted(maps.Keys(wanted))
	var names []string
	for _, kind := range m.cat.InstanceTypes() {
		if !g.mayChoose(kind) || (kind.GPUs > 0) != (gpus > 0) || !slices.ContainsFunc(archs, kind.Has) {
			continue
		}
		names = append(names, kind.Name)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("the catalogue has no current %s instance type%s", strings.Join(archs, " or "), under(g.limits(nil)))
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
