package intake

import (
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// service reads AWS::ECS::Service.
// Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html.
func (c *cfnReader) service(r *cfnResource) {
	network := r.get("NetworkConfiguration", "AwsvpcConfiguration")
	deployment := r.get("DeploymentConfiguration")
	s := ecsService{
		cloudResource:  r.base("ServiceName"),
		cluster:        r.get("Cluster").ref(cfnCluster),
		taskDef:        r.get("TaskDefinition").ref(cfnTaskDef),
		desired:        r.get("DesiredCount").number(),
		daemon:         strings.EqualFold(r.get("SchedulingStrategy").word(), "DAEMON"),
		controller:     r.get("DeploymentController", "Type").word(),
		launchType:     r.get("LaunchType").text(),
		publicIP:       network.get("AssignPublicIp").is("ENABLED"),
		subnets:        network.get("Subnets").refs(cfnSubnet),
		maximumPercent: deployment.get("MaximumPercent").number(),
		deployment:     strings.ToUpper(deployment.get("Strategy").word()),
		volumes:        r.launchVolumes(),
	}
	s.strategy = r.get("CapacityProviderStrategy").strategy()
	s.targetGroups, s.classic = r.get("LoadBalancers").attachments()
	for _, item := range r.get("ServiceRegistries").items() {
		s.registries = append(s.registries, item.get("RegistryArn").ref(cfnDiscovery))
	}
	for _, item := range r.get("PlacementConstraints").items() {
		s.constrain(item.get("Type").word(), item.get("Expression").word())
	}
	switch {
	case r.exists == undecided:
		s.desired = design.NotKnown[float64]("the service may exist: " + r.why)
	case absent(s.desired) && c.opts.Count == 0:
		s.desired = design.Assume(1.0, "the template states no desired count; ECS starts a new service with 1")
	}
	c.stack.services = append(c.stack.services, s)
	c.servicePaths[c.servicePath(r)] = s.key
}

// strategy reads a capacity provider strategy. One that is not known is one
// item of which nothing is.
func (v cfnValue) strategy() []strategyItem {
	var items []strategyItem
	for _, item := range v.items() {
		if item.unknown() {
			items = append(items, strategyItem{provider: refUnknown(item.n.reason())})
			continue
		}
		items = append(items, strategyItem{
			provider: item.get("CapacityProvider").ref(cfnProvider),
			base:     item.get("Base").number(),
			weight:   item.get("Weight").number(),
		})
	}
	return items
}

// attachments reads the load balancers of a service. The target group that a
// blue/green deployment moves traffic to belongs to it as well.
func (v cfnValue) attachments() (targetGroups, classic []ref) {
	for _, item := range v.items() {
		for _, g := range []cfnValue{item.get("TargetGroupArn"), item.get("AdvancedConfiguration").get("AlternateTargetGroupArn")} {
			if g.present() {
				targetGroups = append(targetGroups, g.ref(cfnTargetGroup))
			}
		}
		if name := item.get("LoadBalancerName"); name.present() && !name.unknown() || name.ref(cfnClassic).keys != nil {
			classic = append(classic, name.ref(cfnClassic))
		}
	}
	return targetGroups, classic
}

// launchVolumes are the EBS volumes that a service configures at launch.
func (r *cfnResource) launchVolumes() map[string]design.Volume {
	var volumes map[string]design.Volume
	for _, item := range r.get("VolumeConfigurations").items() {
		ebs := item.get("ManagedEBSVolume")
		if !ebs.present() {
			continue
		}
		if volumes == nil {
			volumes = make(map[string]design.Volume)
		}
		volumes[item.get("Name").word()] = design.Volume{
			Type:       cmpOr(ebs.get("VolumeType").word(), "gp3"), // "Default: gp3" for volumes of ECS
			GB:         ebs.get("SizeInGiB").number(),
			IOPS:       ebs.get("Iops").number(),
			Throughput: ebs.get("Throughput").number(),
		}
	}
	return volumes
}

// taskSet reads AWS::ECS::TaskSet.
func (c *cfnReader) taskSet(r *cfnResource) {
	s := ecsTaskSet{
		cloudResource: r.base(""),
		service:       r.get("Service").ref(cfnService),
		cluster:       r.get("Cluster").ref(cfnCluster),
		taskDef:       r.get("TaskDefinition").ref(cfnTaskDef),
		scale:         r.get("Scale", "Value").number(),
		launchType:    r.get("LaunchType").text(),
		publicIP:      r.get("NetworkConfiguration", "AwsVpcConfiguration", "AssignPublicIp").is("ENABLED"),
	}
	s.strategy = r.get("CapacityProviderStrategy").strategy()
	s.targetGroups, s.classic = r.get("LoadBalancers").attachments()
	for _, item := range r.get("ServiceRegistries").items() {
		s.registries = append(s.registries, item.get("RegistryArn").ref(cfnDiscovery))
	}
	if r.exists == undecided {
		s.scale = design.NotKnown[float64]("the task set may exist: " + r.why)
	}
	c.stack.taskSets = append(c.stack.taskSets, s)
}

// express reads AWS::ECS::ExpressGatewayService.
// Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-expressgatewayservice.html.
func (c *cfnReader) express(r *cfnResource) {
	container := r.get("PrimaryContainer")
	s := expressService{
		cloudResource: r.base("ServiceName"),
		cluster:       r.get("Cluster").ref(cfnCluster),
		cpu:           r.get("Cpu").amount(design.ParseCPU, `CPU units or "N vCPU"`),
		memory:        r.get("Memory").amount(design.ParseMemory, `MiB or "N GB"`),
		minTasks:      r.get("ScalingTarget", "MinTaskCount").number(),
		maxTasks:      r.get("ScalingTarget", "MaxTaskCount").number(),
		subnets:       r.get("NetworkConfiguration", "Subnets").refs(cfnSubnet),
		logGroup:      c.logGroupName(container.get("AwsLogsConfiguration").get("LogGroup").n),
	}
	if image := container.get("Image"); image.present() {
		s.image = image.n.text
	}
	for _, item := range container.get("Secrets").items() {
		if from, ok := c.secretName(item.get("ValueFrom").n); ok {
			s.secretRefs = append(s.secretRefs, from)
		}
	}
	if r.exists == undecided {
		s.minTasks = design.NotKnown[float64]("the service may exist: " + r.why)
		s.maxTasks = s.minTasks
	}
	c.stack.express = append(c.stack.express, s)
}

// cluster reads AWS::ECS::Cluster.
func (c *cfnReader) cluster(r *cfnResource) {
	cluster := ecsCluster{cloudResource: r.base("ClusterName")}
	for _, setting := range r.get("ClusterSettings").items() {
		if setting.unknown() {
			cluster.insights = design.NotKnown[design.Insights](setting.n.reason())
		}
		if setting.get("Name").word() == "containerInsights" {
			value := setting.get("Value").text()
			cluster.insights = fact[design.Insights]{Value: design.Insights(value.Value), Basis: value.Basis, Note: value.Note}
			if known := []design.Insights{design.InsightsDisabled, design.InsightsStandard, design.InsightsEnhanced}; value.Stated() && !slices.Contains(known, cluster.insights.Value) {
				setting.get("Value").wrong("disabled, enabled or enhanced")
			}
		}
	}
	cluster.providers = r.get("CapacityProviders").refs(cfnProvider)
	cluster.strategy = r.get("DefaultCapacityProviderStrategy").strategy()
	c.stack.clusters = append(c.stack.clusters, cluster)
}

// association reads AWS::ECS::ClusterCapacityProviderAssociations.
func (c *cfnReader) association(r *cfnResource) {
	a := clusterProviders{
		cloudResource: r.base(""),
		cluster:       r.get("Cluster").ref(cfnCluster),
		providers:     r.get("CapacityProviders").refs(cfnProvider),
	}
	a.strategy = r.get("DefaultCapacityProviderStrategy").strategy()
	c.stack.associations = append(c.stack.associations, a)
}

// capacityProvider reads AWS::ECS::CapacityProvider.
// Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-capacityprovider.html.
func (c *cfnReader) capacityProvider(r *cfnResource) {
	p := capacityProvider{cloudResource: r.base("Name")}
	if managed := r.get("ManagedInstancesProvider"); managed.present() {
		launch := managed.get("InstanceLaunchTemplate")
		p.managed = &managedInstances{
			cluster:      r.get("ClusterName").ref(cfnCluster),
			requirements: *launch.get("InstanceRequirements").requirements(),
			storageGB:    launch.get("StorageConfiguration").get("StorageSizeGiB").number(),
			spot:         launch.get("CapacityOptionType").is("SPOT"),
		}
		c.stack.providers = append(c.stack.providers, p)
		return
	}
	group := r.get("AutoScalingGroupProvider")
	p.group = group.get("AutoScalingGroupArn").ref(cfnAutoGroup)
	p.targetCapacity = group.get("ManagedScaling").get("TargetCapacity").number()
	c.stack.providers = append(c.stack.providers, p)
}

// requirements reads the bounds by which instance types are chosen; empty
// bounds where there are none.
func (v cfnValue) requirements() *instanceRequirements {
	out := &instanceRequirements{
		allowed:  v.get("AllowedInstanceTypes").words(),
		excluded: v.get("ExcludedInstanceTypes").words(),
		minVCPU:  v.get("VCpuCount").get("Min").number(),
		maxVCPU:  v.get("VCpuCount").get("Max").number(),
		minGB:    v.get("MemoryMiB").get("Min").number(),
		maxGB:    v.get("MemoryMiB").get("Max").number(),
	}
	out.minGB = design.Scale(out.minGB, 1.0/design.MiBPerGB)
	out.maxGB = design.Scale(out.maxGB, 1.0/design.MiBPerGB)
	return out
}
