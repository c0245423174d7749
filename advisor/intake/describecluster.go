package intake

import (
	"maps"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// cluster reads a cluster: its capacity providers and Container Insights.
// Source: docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html.
func (d *describer) cluster(at cursor) {
	name := cmpOr(at.get("clusterName").name("a name"), nameIn(d.place(at.get("clusterArn").name("an ARN"))))
	d.place(at.get("clusterArn").name("an ARN"))
	for i := range d.stack.clusters {
		if d.stack.clusters[i].key == name {
			return // said twice
		}
	}
	c := ecsCluster{cloudResource: cloudResource{key: name, name: name, at: at.path, tags: pairs(at.get("tags"))}}
	for _, s := range at.get("settings").items("a list of settings") {
		if s.get("name").name("a setting") == "containerInsights" {
			c.insights = design.Know(design.Insights(s.get("value").name("a value")))
		}
	}
	for _, p := range at.get("capacityProviders").items("a list of capacity providers") {
		c.providers = append(c.providers, refText(nameIn(d.place(p.name("a capacity provider")))))
	}
	c.strategy = d.strategy(at.get("defaultCapacityProviderStrategy"))
	d.stack.clusters = append(d.stack.clusters, c)
}

// capacityProvider reads a capacity provider of one's own; FARGATE and
// FARGATE_SPOT are AWS's.
// Source: docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProvider.html.
func (d *describer) capacityProvider(at cursor) {
	name := at.get("name").name("a name")
	d.place(at.get("capacityProviderArn").name("an ARN"))
	if name == string(design.Fargate) || name == string(design.FargateSpot) {
		return
	}
	p := capacityProvider{cloudResource: cloudResource{key: name, name: name, at: at.path, tags: pairs(at.get("tags"))}}
	if group := at.get("autoScalingGroupProvider"); group.here() {
		arn := group.get("autoScalingGroupArn").name("an ARN")
		d.place(arn)
		p.group = refText(nameIn(arn))
		scaling := group.get("managedScaling")
		p.targetCapacity = scaling.get("targetCapacity").count("a percentage")
		p.scaled = scaling.get("status").name("a status") == "ENABLED"
	}
	if managed := at.get("managedInstancesProvider"); managed.here() {
		template := managed.get("instanceLaunchTemplate")
		requirements := template.get("instanceRequirements")
		m := &managedInstances{
			storageGB: template.get("storageConfiguration").get("storageSizeGiB").count("a number of GiB"),
			spot:      design.Know(template.get("capacityOptionType").name("an option") == "SPOT"),
		}
		for _, t := range requirements.get("allowedInstanceTypes").items("a list of instance types") {
			m.requirements.allowed = append(m.requirements.allowed, t.name("an instance type"))
		}
		if cluster := at.get("cluster").name("a cluster"); cluster != "" {
			m.cluster = refText(nameIn(d.place(cluster)))
		}
		p.managed = m
	}
	d.stack.providers = append(d.stack.providers, p)
}

// seenFleet is the container instances of one type in one cluster.
type seenFleet struct {
	cluster, instanceType, provider string
	os                              fact[design.OS]
	count                           int
	at                              string
}

// containerInstance counts an instance.
// Source: docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html.
func (d *describer) containerInstance(at cursor) {
	if at.get("status").name("a status") == "INACTIVE" {
		return
	}
	parts := strings.Split(d.place(at.get("containerInstanceArn").name("an ARN")), "/")
	f := seenFleet{provider: at.get("capacityProviderName").name("a capacity provider"), at: at.path}
	if len(parts) > 2 {
		f.cluster = parts[1] // the long form of the ARN
	}
	for _, a := range at.get("attributes").items("a list of attributes") {
		value := a.get("value").name("a value")
		switch a.get("name").name("a name") {
		case "ecs.instance-type":
			f.instanceType = value
		case "ecs.os-type":
			f.os = familyOS(a.get("value"))
		}
	}
	key := strings.Join([]string{f.cluster, f.provider, f.instanceType}, "/")
	if d.fleets[key] == nil {
		d.fleets[key] = &f
	}
	d.fleets[key].count++
}

// runningFleets makes Auto Scaling groups of the instances that were found: as
// many as there were. Those of a capacity provider stand in for its group.
func (d *describer) runningFleets() {
	only := ""
	if len(d.stack.clusters) == 1 {
		only = d.stack.clusters[0].name
	}
	for _, key := range slices.Sorted(maps.Keys(d.fleets)) {
		f := d.fleets[key]
		title := cmpOr(f.instanceType, "instances")
		n := design.Know(float64(f.count))
		launch := launchSettings{os: f.os, userData: "ECS_CLUSTER=" + cmpOr(cmpOr(f.cluster, only), "default")}
		if f.instanceType != "" {
			launch.instanceType = design.Know(f.instanceType)
		} else {
			launch.instanceType = design.NotKnown[string]("the instances do not say their type")
		}
		d.stack.templates = append(d.stack.templates, launchTemplate{cloudResource: cloudResource{key: "template/" + key, at: f.at}, launch: launch})
		d.stack.autoGroups = append(d.stack.autoGroups, autoScalingGroup{
			cloudResource: cloudResource{key: "fleet/" + key, name: title, at: f.at},
			min:           n, desired: n, max: n, template: refTo("template/" + key),
		})
		for i := range d.stack.providers {
			if p := &d.stack.providers[i]; f.provider != "" && p.name == f.provider && p.managed == nil {
				p.group, p.scaled = refTo("fleet/"+key), false
			}
		}
	}
}
