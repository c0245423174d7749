package intake

import (
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
	if name == string(design.Fargate) || name == string(design.FargateSpot) || !d.first("capacity provider", name) {
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
