package intake

import (
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// group makes a group of instances from launch settings.
func (j *joining) group(name string, l *launchSettings) design.InstanceGroup {
	g := design.InstanceGroup{Name: name, RootVolume: l.root, PublicIP: l.publicIP, Trunking: j.s.accountDefault.trunking}
	switch {
	case l.instanceType.Stated():
		g.InstanceTypes = []string{l.instanceType.Value}
	case l.requirements != nil:
		g.InstanceTypes = plainTypes(l.requirements.allowed)
	}
	g.OS = l.os
	if absent(g.OS) {
		g.OS = design.Assume(design.Linux, "no operating system is stated")
	}
	if l.spot.Value {
		g.Spot = design.Know(1.0)
	}
	if l.unlimited.Value {
		g.UnlimitedCPU = design.NotKnown[float64]("CPU credits are unlimited; the mean utilisation is not in the code")
	}
	if len(l.data) > 0 {
		g.DataVolume = sumVolumes(l.data)
	}
	if l.tenancy != "" && l.tenancy != "default" {
		j.s.unpriced("EC2 tenancy " + l.tenancy)
	}
	return g
}

// sumVolumes makes one volume of several: GB and IOPS add up where the types
// are equal. Volumes of other types than the first stay unknown together.
func sumVolumes(volumes []design.Volume) *design.Volume {
	sum := volumes[0]
	for _, v := range volumes[1:] {
		if v.Type != sum.Type {
			sum.GB = design.NotKnown[float64]("the data volumes are of several types")
			return &sum
		}
		sum.GB = design.Plus(sum.GB, v.GB)
	}
	return &sum
}

// withTemplate fills in from the launch template what the settings leave open.
func (j *joining) withTemplate(l launchSettings, template ref) launchSettings {
	t := j.templates.get(template)
	if t == nil {
		if !template.absent() && absent(l.instanceType) {
			l.instanceType.Note = j.s.missing("launch template", template)
		}
		return l
	}
	from := &t.launch
	l.instanceType = orElse(l.instanceType, from.instanceType)
	l.os = orElse(l.os, from.os)
	l.publicIP = orElse(l.publicIP, from.publicIP)
	l.spot = orElse(l.spot, from.spot)
	l.unlimited = orElse(l.unlimited, from.unlimited)
	l.sourceCheck = orElse(l.sourceCheck, from.sourceCheck)
	l.image, l.userData, l.tenancy = cmpOr(l.image, from.image), cmpOr(l.userData, from.userData), cmpOr(l.tenancy, from.tenancy)
	if l.requirements == nil {
		l.requirements = from.requirements
	}
	if l.root == nil {
		l.root = from.root
	}
	if l.data == nil {
		l.data = from.data
	}
	return l
}

// orElse is the first fact unless the code says nothing there.
func orElse[T any](first, second fact[T]) fact[T] {
	if absent(first) {
		return second
	}
	return first
}

// autoGroup is the group of an Auto Scaling group.
func (j *joining) autoGroup(name string, a *autoScalingGroup) design.InstanceGroup {
	settings := j.withTemplate(launchSettings{}, a.template)
	if a.mixed != nil && a.mixed.requirements != nil {
		settings.requirements, settings.instanceType = a.mixed.requirements, fact[string]{}
	}
	g := j.group(name, &settings)
	g.Tags = a.tags
	g.Count = autoCount(a)
	if a.mixed == nil {
		return g
	}
	if len(a.mixed.types) > 0 {
		g.InstanceTypes = slices.Clone(a.mixed.types)
	}
	g.Spot = a.mixed.spotShare(g.Count)
	return g
}

// autoCount is how many instances an Auto Scaling group runs.
func autoCount(a *autoScalingGroup) design.CountProfile {
	switch {
	case a.min.Basis == design.Known && a.max.Basis == design.Known && a.min.Value == a.max.Value:
		return design.CountProfile{Fixed: a.min}
	case a.desired.Stated():
		return design.CountProfile{Fixed: design.Assume(a.desired.Value, "the desired capacity; a scaling policy may move it")}
	default:
		return design.CountProfile{Scaled: &design.ScaledCount{
			Min: a.min, Max: a.max, Average: design.NotKnown[float64]("scaling decides between the bounds; the load is not in the code"),
		}}
	}
}

// spotShare is the share of Spot instances: above the On-Demand base, what the
// On-Demand percentage leaves.
// Source: InstancesDistribution in docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html.
func (m *mixedInstances) spotShare(count design.CountProfile) fact[float64] {
	percent := m.onDemandPercent
	if absent(percent) {
		return design.Fact[float64]{}
	}
	if !percent.Stated() {
		return percent
	}
	share := 1 - percent.Value/100
	n := count.Mean()
	base := m.onDemandBase.Value
	switch {
	case share <= 0:
		return design.Fact[float64]{}
	case base == 0:
		return design.Know(share)
	case n.Stated() && n.Value > 0:
		return design.Assume(max(0, n.Value-base)*share/n.Value, "the Spot share at the number of instances that is priced")
	default:
		return design.Assume(share, "the On-Demand base is left out, since the number of instances is not known")
	}
}

// forwarders are the instances that forward other instances' traffic: without
// the source/destination check, or as the target of a route.
func (j *joining) forwarders() map[int]bool {
	nat := make(map[int]bool)
	for i := range j.s.instances {
		in := &j.s.instances[i]
		check := j.withTemplate(in.launch, in.template).sourceCheck
		if check.Basis == design.Known && !check.Value || strings.Contains(strings.ToLower(in.title()), "fck-nat") {
			nat[i] = true
		}
	}
	routed := make(map[int]bool) // network interfaces
	for i := range j.s.routes {
		if n := j.instances.find(j.s.routes[i].instance); n >= 0 {
			nat[n] = true
		}
		if n := j.interfaces.find(j.s.routes[i].networkInterface); n >= 0 {
			routed[n] = true
		}
	}
	for i := range j.s.interfaces {
		if in := &j.s.interfaces[i]; in.forwards || routed[i] {
			if n := j.instances.find(in.instance); n >= 0 {
				nat[n] = true
			}
		}
	}
	return nat
}
