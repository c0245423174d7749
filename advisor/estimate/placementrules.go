package estimate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/placement"
	"ecsavvy/pricing"
)

// rules are the options of a group's placement: the rules that the design
// states, and the daemons that take their room on every instance first.
func (m *meter) rules(path string, g *group) placement.Options {
	r := g.design.Placement
	o := placement.Options{
		SpreadZones: r.SpreadAZs || r.SpareAZ, SpareZone: r.SpareAZ, SpareInstances: r.SpareInstances,
		HeadroomLargest: r.HeadroomLargest, HeadroomPercent: r.HeadroomPercent,
	}
	if o.SpreadZones {
		o.Zones = int(take(m, "network.azs", m.w.Network.AZs).Value)
	}
	if target := g.design.TargetCapacity; !g.design.Managed && target.Stated() {
		o.TargetCapacity = take(m, path+".target_capacity", target).Value
	}
	if g.orchestrator == design.EKS {
		m.assume(path, "an EKS node keeps what the kubelet of AWS's AMI reserves for the most pods that AWS recommends, 110 (250 from 30 vCPU), prefix delegation on; the cluster's add-ons are not placed")
	}
	if !g.onlyDaemons() {
		for _, t := range g.tenants {
			if t.daemon() {
				o.Daemons = append(o.Daemons, g.shape(t))
			}
		}
	}
	return o
}

// daemon reports whether the tenant runs one task on each instance.
func (t *tenant) daemon() bool { return t.service.Scheduling == design.Daemon }

// onlyDaemons reports whether nothing but daemons decides how many instances
// run: then there are as many as the daemons were seen on.
func (g *group) onlyDaemons() bool {
	return !slices.ContainsFunc(g.tenants, func(t tenant) bool { return !t.daemon() })
}

// shape is what one task of a tenant reserves.
func (g *group) shape(t tenant) placement.Shape {
	eni := t.service.Task.NetworkMode == "awsvpc"
	if g.orchestrator == design.EKS {
		eni = true // every pod counts against the node's most pods
	}
	return placement.Shape{
		Name: t.service.Name, VCPU: t.size.vcpu.Value, GB: t.size.gb.Value, Distinct: t.service.DistinctInstance,
		ENI: eni, GPUs: t.service.Task.GPUs, Ports: hostPorts(t.service), Architecture: g.architecture(t),
	}
}

// countDaemons gives each daemon its hours: those of every instance.
func (m *meter) countDaemons(g *group, f fleet) {
	for i := range g.tenants {
		if t := &g.tenants[i]; t.daemon() {
			t.hours.hours, t.hours.why, t.hours.shape = f.hours, f.why, nil
			sum := f.hours
			if before, counted := m.daemons[t.service]; counted {
				sum = design.Plus(before, sum)
			}
			m.daemons[t.service] = sum
		}
	}
}

// checkDistinct says where a stated number of instances is too small for tasks
// that may not share one.
func (m *meter) checkDistinct(path string, g *group, f fleet, unused resource) {
	have := f.hours.Value / m.hours
	for _, t := range g.tenants {
		need := t.hours.hours.Value / m.hours
		if !t.service.DistinctInstance || t.daemon() || t.hours.shape != nil || !t.hours.hours.Stated() || need <= have+1e-9 {
			continue
		}
		why := fmt.Sprintf("%s runs %s, no two on one instance (distinctInstance): %s instances are too few", t.service.Name, counted(need, "task"), num(have))
		m.warn(path, why)
		unused.unpriced(Compute, "EC2 instances beyond those stated", why)
	}
}

// noteStated says that rules of placement decide nothing where the design says
// what runs.
func (m *meter) noteStated(path string, g *group) {
	if g.design.Placement.Any() {
		m.warn(path, "the count of instances is stated: families, sizes, AZs, spares, headroom and cpu_baseline decide nothing")
	}
}

// mayChoose reports whether the estimate may choose a type for a group that
// names none: current and virtual; a burstable one, whose price depends on its
// load, where its CPU counts at the baseline or its family is named.
func (g *group) mayChoose(kind pricing.InstanceType) bool {
	r := &g.design.Placement
	family, size, _ := strings.Cut(kind.Name, ".")
	switch {
	case len(r.Families) > 0 && !slices.Contains(r.Families, family), len(r.Sizes) > 0 && !slices.Contains(r.Sizes, size):
		return false
	case strings.HasPrefix(size, "metal"):
		return slices.Contains(r.Sizes, size)
	case len(r.Families) > 0:
		return true
	}
	return !kind.PreviousGeneration && (!burstable(kind) || r.CPUBaseline && !math.IsNaN(kind.BurstBaseline))
}

// limits words what limits the choice of types: the types themselves, or
// families and sizes.
func (g *group) limits(types []string) string {
	r := &g.design.Placement
	if len(r.Families)+len(r.Sizes) == 0 {
		if len(types) == 0 {
			return ""
		}
		return "the types " + strings.Join(types, ", ")
	}
	var words []string
	if len(r.Families) > 0 {
		words = append(words, "families "+strings.Join(r.Families, ","))
	}
	if len(r.Sizes) > 0 {
		words = append(words, "sizes "+strings.Join(r.Sizes, ","))
	}
	return strings.Join(words, " and ")
}

// under continues a sentence with limits, where there are any.
func under(limits string) string {
	if limits == "" {
		return ""
	}
	return " under " + limits
}

// kept words the capacity that a placement keeps free.
func kept(o placement.Options) string {
	var words []string
	if t := o.TargetCapacity; t > 0 && t < 100 {
		words = append(words, "a target of "+num(t)+" %")
	}
	spread := ""
	switch {
	case o.SpareZone:
		words = append(words, "the loss of one of "+num(float64(o.Zones))+" AZs")
	case o.SpreadZones:
		spread = "spread over " + counted(float64(o.Zones), "AZ") + ", "
	}
	if o.SpareInstances > 0 {
		where := ""
		if o.SpreadZones {
			where = " in each AZ"
		}
		words = append(words, counted(float64(o.SpareInstances), "empty instance")+where)
	}
	if o.HeadroomLargest {
		words = append(words, "one more task of the largest")
	}
	if o.HeadroomPercent > 0 {
		words = append(words, num(o.HeadroomPercent)+" % more tasks")
	}
	if len(words) == 0 {
		return spread + "with no spare capacity"
	}
	return spread + "with spare capacity for " + strings.Join(words, ", ")
}
