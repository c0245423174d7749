package intake

import "ecsavvy/advisor/design"

// ec2Instance is an EC2 instance.
type ec2Instance struct {
	cloudResource
	launch launchSettings
	// template is the launch template that the instance is made from.
	template ref
	subnet   ref
}

// launchSettings are what an instance, a launch template and a launch
// configuration have in common.
type launchSettings struct {
	instanceType fact[string]
	requirements *instanceRequirements
	// image is the AMI, as far as its ID or the parameter that it is read
	// from is known.
	image       string
	os          fact[design.OS] // absent where nothing tells
	root        *design.Volume  // nil: the AMI's
	data        []design.Volume // further EBS volumes
	publicIP    fact[bool]
	spot        fact[bool]
	unlimited   fact[bool] // CPU credits of a burstable type
	sourceCheck fact[bool] // source/destination check; false is a NAT instance
	// userData is the start script, decoded, as far as it is known. It is
	// searched for ECS_CLUSTER and never kept.
	userData string
	// tenancy is "dedicated" or "host" where the instance is not shared.
	tenancy string
}

// instanceRequirements are the bounds by which EC2 or ECS chooses instance types.
type instanceRequirements struct {
	allowed, excluded []string // types or patterns such as "m7g.*"
	// Bounds of vCPU and memory in GB; absent is no bound.
	minVCPU, maxVCPU fact[float64]
	minGB, maxGB     fact[float64]
}

// launchTemplate is a launch template or a launch configuration.
type launchTemplate struct {
	cloudResource
	launch launchSettings
}

// autoScalingGroup is an EC2 Auto Scaling group.
type autoScalingGroup struct {
	cloudResource
	min, desired, max fact[float64]
	// template is the launch template or launch configuration, of a mixed
	// instances policy too.
	template ref
	subnets  []ref
	zones    []string
	mixed    *mixedInstances
}

// mixedInstances is a mixed instances policy.
type mixedInstances struct {
	types        []string // overrides
	requirements *instanceRequirements
	onDemandBase fact[float64]
	// onDemandPercent is the On-Demand share above the base; absent is 100.
	onDemandPercent fact[float64]
}
