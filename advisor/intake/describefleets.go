package intake

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// sortedKeys are the keys of a map in their order.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// seenMember is a container instance.
type seenMember struct {
	cluster, provider, kind, instance string
	os                                fact[design.OS]
	at                                string
}

// containerInstance notes an instance that runs tasks.
// Source: docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html.
func (d *describer) containerInstance(at cursor) {
	if at.get("status").name("a status") == "INACTIVE" {
		return
	}
	arn := d.place(at.get("containerInstanceArn").name("an ARN"))
	if id := at.get("ec2InstanceId").name("an ID"); !d.first("container instance", arn+id) && id != "" {
		return
	}
	parts := strings.Split(arn, "/")
	m := seenMember{provider: at.get("capacityProviderName").name("a capacity provider"), instance: at.get("ec2InstanceId").name("an ID"), at: at.path}
	if len(parts) > 2 {
		m.cluster = parts[1] // the long form of the ARN
	}
	for _, a := range at.get("attributes").items("a list of attributes") {
		value := a.get("value").name("a value")
		switch a.get("name").name("a name") {
		case "ecs.instance-type":
			m.kind = value
		case "ecs.os-type":
			m.os = familyOS(a.get("value"))
		}
	}
	d.account.members = append(d.account.members, m)
}

// seenAutoGroup is an Auto Scaling group with its instances.
type seenAutoGroup struct {
	autoScalingGroup
	instances []string
	kinds     []string
}

// autoScalingGroup reads an EC2 Auto Scaling group.
// Source: docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html.
func (d *describer) autoScalingGroup(at cursor) {
	d.place(at.get("AutoScalingGroupARN").name("an ARN"))
	name := at.get("AutoScalingGroupName").name("a name")
	g := &seenAutoGroup{autoScalingGroup: autoScalingGroup{
		cloudResource: cloudResource{key: "group/" + name, name: name, at: at.path, tags: pairs(at.get("Tags"))},
		min:           at.get("MinSize").count("a number of instances"), max: at.get("MaxSize").count("a number of instances"),
		desired: at.get("DesiredCapacity").count("a number of instances"),
	}}
	for _, zone := range at.get("AvailabilityZones").items("a list of Availability Zones") {
		g.zones = append(g.zones, zone.name("a zone"))
	}
	for _, s := range strings.Split(at.get("VPCZoneIdentifier").name("subnets"), ",") {
		if s = strings.TrimSpace(s); s != "" {
			g.subnets = append(g.subnets, refText(s))
		}
	}
	for _, i := range at.get("Instances").items("a list of instances") {
		id := i.get("InstanceId").name("an ID")
		g.instances, g.kinds = append(g.instances, id), append(g.kinds, i.get("InstanceType").name("an instance type"))
		d.account.autoOf[id] = name
	}
	if policy := at.get("MixedInstancesPolicy"); policy.here() {
		distribution := policy.get("InstancesDistribution")
		g.mixed = &mixedInstances{
			onDemandBase:    distribution.get("OnDemandBaseCapacity").count("a number of instances"),
			onDemandPercent: distribution.get("OnDemandPercentageAboveBaseCapacity").count("a percentage"),
		}
		for _, o := range policy.get("LaunchTemplate").get("Overrides").items("a list of overrides") {
			if kind := o.get("InstanceType").name("an instance type"); kind != "" {
				g.mixed.types = append(g.mixed.types, kind)
			}
		}
	}
	d.account.autoGroups[name] = g
}

// seenFleet is container instances that are billed alike: those of one Auto
// Scaling group where it is known, else of one type and capacity provider in one
// cluster.
type seenFleet struct {
	cluster, provider, auto string
	kinds                   map[string]bool
	instances               []string
	os                      fact[design.OS]
	count                   int
	at                      string
}

// runningInstances makes Auto Scaling groups of the instances that were found:
// as many as there were. Those of a capacity provider stand in for its group.
func (d *describer) runningInstances() {
	fleets := d.fleets()
	only := ""
	if len(d.stack.clusters) == 1 {
		only = d.stack.clusters[0].name
	}
	taken := make(map[string]bool)
	for _, key := range sortedKeys(fleets) {
		f := fleets[key]
		launch := d.launchOf(f.instances)
		launch.userData = "ECS_CLUSTER=" + cmpOr(cmpOr(f.cluster, only), "default")
		if f.os.Stated() {
			launch.os = f.os
		}
		kinds := sortedKeys(f.kinds)
		if len(kinds) > 0 {
			launch.instanceType = design.Know(kinds[0])
		} else if absent(launch.instanceType) {
			launch.instanceType = design.NotKnown[string]("the instances do not say their type")
		}
		if f.auto != "" {
			taken[f.auto] = true
			d.keepAutoGroup(f.auto, launch, kinds, f.instances)
			continue
		}
		d.stack.templates = append(d.stack.templates, launchTemplate{cloudResource: cloudResource{key: "template/" + key, at: f.at}, launch: launch})
		n := design.Know(float64(f.count))
		d.stack.autoGroups = append(d.stack.autoGroups, autoScalingGroup{
			cloudResource: cloudResource{key: "fleet/" + key, name: cmpOr(launch.instanceType.Value, "instances"), at: f.at},
			min:           n, desired: n, max: n, template: refTo("template/" + key),
		})
		for i := range d.stack.providers {
			if p := &d.stack.providers[i]; f.provider != "" && p.name == f.provider && p.managed == nil {
				p.group, p.scaled = refTo("fleet/"+key), false
			}
		}
	}
	d.otherAutoGroups(taken)
}

// fleets groups the container instances. Those of ECS Managed Instances belong to
// their capacity provider and are counted in managedSeen.
func (d *describer) fleets() map[string]*seenFleet {
	groupOf, managed := make(map[string]string), make(map[string]bool)
	for i := range d.stack.providers {
		p := &d.stack.providers[i]
		groupOf[p.name], managed[p.name] = p.group.text, p.managed != nil
	}
	fleets := make(map[string]*seenFleet)
	for _, m := range d.account.members {
		if managed[m.provider] {
			continue
		}
		if in := d.account.instances[m.instance]; in != nil {
			m.kind = cmpOr(m.kind, in.kind)
		}
		auto := cmpOr(groupOf[m.provider], d.account.autoOf[m.instance])
		key := strings.Join([]string{m.cluster, m.provider, m.kind}, "/")
		if d.account.autoGroups[auto] == nil {
			auto = ""
		} else {
			key = "group/" + auto
		}
		f := fleets[key]
		if f == nil {
			f = &seenFleet{cluster: m.cluster, provider: m.provider, auto: auto, os: m.os, at: m.at, kinds: make(map[string]bool)}
			fleets[key] = f
		}
		f.count++
		if m.kind != "" {
			f.kinds[m.kind] = true
		}
		if m.instance != "" {
			f.instances = append(f.instances, m.instance)
		}
	}
	return fleets
}

// keepAutoGroup takes an Auto Scaling group over with the instances that it has.
// An account shows the number that runs, so that managed scaling decides nothing.
func (d *describer) keepAutoGroup(name string, launch launchSettings, kinds, instances []string) {
	g := d.account.autoGroups[name].autoScalingGroup
	if len(kinds) > 1 && g.mixed == nil {
		g.mixed = &mixedInstances{}
	}
	if g.mixed != nil && len(kinds) > 0 {
		g.mixed.types = kinds
	}
	if share := d.spotShareOf(instances); share.Stated() && g.mixed != nil {
		g.mixed.onDemandBase = fact[float64]{}
		g.mixed.onDemandPercent = design.Scale(design.Know(1-share.Value), 100)
	}
	d.stack.templates = append(d.stack.templates, launchTemplate{cloudResource: cloudResource{key: "template/" + g.key, at: g.at}, launch: launch})
	g.template = refTo("template/" + g.key)
	d.stack.autoGroups = append(d.stack.autoGroups, g)
	for i := range d.stack.providers {
		if p := &d.stack.providers[i]; p.group.text == name && g.desired.Stated() {
			p.scaled = false
		}
	}
}

// otherAutoGroups takes over the Auto Scaling groups behind capacity providers
// that no container instance was seen of. Groups of others are not ECS's, those
// of NAT instances are priced by their instances.
func (d *describer) otherAutoGroups(taken map[string]bool) {
	provided, forwards := make(map[string]bool), make(map[string]bool)
	for i := range d.stack.providers {
		provided[d.stack.providers[i].group.text] = true
	}
	for i := range d.stack.instances {
		forwards[d.account.autoOf[d.stack.instances[i].key]] = true
	}
	for _, name := range sortedKeys(d.account.autoGroups) {
		g := d.account.autoGroups[name]
		switch {
		case taken[name], forwards[name]:
		case provided[name]:
			kinds := slices.Compact(slices.Sorted(slices.Values(g.kinds)))
			launch := d.launchOf(g.instances)
			switch {
			case len(kinds) > 0:
				launch.instanceType = design.Know(kinds[0])
			case g.mixed == nil || len(g.mixed.types) == 0:
				launch.instanceType = design.NotKnown[string]("the group has no instance, and its launch template is not in this input")
			}
			d.keepAutoGroup(name, launch, kinds, g.instances)
		default:
			d.stack.unpriced("Auto Scaling group outside ECS")
		}
	}
}

// managedSeen lays the instances of ECS Managed Instances that were found over
// their groups, and returns the families of all instances.
func (d *describer) managedSeen(w *design.Workload) (families map[string]bool) {
	type found struct {
		kinds map[string]bool
		count int
	}
	seen := make(map[string]*found)
	for _, m := range d.account.members {
		if seen[m.provider] == nil {
			seen[m.provider] = &found{kinds: make(map[string]bool)}
		}
		seen[m.provider].count++
		if m.kind != "" {
			seen[m.provider].kinds[m.kind] = true
		}
	}
	families = make(map[string]bool)
	for i := range w.Clusters {
		for k := range w.Clusters[i].Groups {
			g := &w.Clusters[i].Groups[k]
			if f := seen[g.Name]; g.Managed && f != nil {
				g.Count = design.CountProfile{Fixed: design.Assume(float64(f.count), "as many as ran when the reply was saved")}
				if len(f.kinds) > 0 {
					g.InstanceTypes = sortedKeys(f.kinds)
				}
			}
			for _, kind := range g.InstanceTypes {
				family, _, _ := strings.Cut(kind, ".")
				families[family] = true
			}
		}
	}
	family, _, _ := strings.Cut(w.Network.NAT.InstanceType, ".")
	families[family] = true
	return families
}
