package design

// CapacityStrategy says where a service's tasks run: the first Base tasks of
// each provider, then the rest by weight, as ECS spreads them.
type CapacityStrategy struct {
	Providers []Provider
	// Assumed is not empty where the input named no launch type; it says
	// which default was taken and why.
	Assumed string
}

// Provider is one item of a capacity strategy.
type Provider struct {
	Kind ProviderKind
	// Group is the name of the cluster's instance group, of kinds EC2 and
	// MANAGED_INSTANCES; "" where the input names none.
	Group  string
	Base   int
	Weight int
}

// ProviderKind is a launch type or the kind of a capacity provider.
type ProviderKind string

// Provider kinds.
const (
	Fargate          ProviderKind = "FARGATE"
	FargateSpot      ProviderKind = "FARGATE_SPOT"
	EC2              ProviderKind = "EC2"
	ManagedInstances ProviderKind = "MANAGED_INSTANCES"
	External         ProviderKind = "EXTERNAL"
	// AppRunner is no ECS launch type: it asks what the same container
	// would cost there.
	AppRunner ProviderKind = "APP_RUNNER"
)

// Only returns the strategy of one launch type.
func Only(kind ProviderKind) CapacityStrategy {
	return CapacityStrategy{Providers: []Provider{{Kind: kind, Weight: 1}}}
}

// OnFargate reports whether tasks on the provider are sized by the Fargate ladder.
func (k ProviderKind) OnFargate() bool { return k == Fargate || k == FargateSpot }

// Cluster is an ECS cluster, or the EKS cluster that would take its place.
type Cluster struct {
	Name         string
	Orchestrator Orchestrator
	// ExtendedSupport says that an EKS cluster runs a version in extended support.
	ExtendedSupport bool
	Insights        Fact[Insights]
	Groups          []InstanceGroup
	Tags            map[string]string
}

// Orchestrator is what schedules the tasks.
type Orchestrator string

// Orchestrators. The empty one is ECS.
const (
	ECS Orchestrator = "ECS"
	EKS Orchestrator = "EKS"
)

// Insights is a cluster's Container Insights setting.
type Insights string

// Container Insights settings, ECS's own words.
const (
	InsightsDisabled Insights = "disabled"
	InsightsStandard Insights = "enabled"
	InsightsEnhanced Insights = "enhanced"
)

// InstanceGroup is a group of EC2 instances that tasks run on: an Auto Scaling
// group behind a capacity provider, or ECS Managed Instances.
type InstanceGroup struct {
	Name string
	// Managed says that it is ECS Managed Instances and carries their fee.
	Managed bool
	// InstanceTypes are those allowed; one in most groups. Empty means that
	// the input names none and the estimate has to choose.
	InstanceTypes []string
	// Count is the number of instances; unknown means: as many as hold the
	// tasks.
	Count CountProfile
	OS    Fact[OS]
	// Spot is the share of instances bought as Spot, 0 to 1.
	Spot Fact[float64]
	// TargetCapacity is managed scaling's target in percent, 100 by default.
	TargetCapacity Fact[float64]
	// RootVolume and DataVolume are per instance. Unknown sizes take the
	// AMI's default.
	RootVolume, DataVolume *Volume
	PublicIP               Fact[bool]
	// Trunking is the account setting awsvpcTrunking.
	Trunking Fact[bool]
	// UnlimitedCPU is the mean CPU utilisation in percent of burstable
	// instances in unlimited mode; unknown means no surplus is priced.
	UnlimitedCPU Fact[float64]
	// Elastic says that, where no count is stated, none run without tasks.
	Elastic bool
	// Placement limits the choice of types and says how tasks lie on them.
	Placement PlacementRules
	Tags      map[string]string
}

// Volume is an EBS volume.
type Volume struct {
	Type       string // "gp3", "gp2", "io1", "st1", "sc1"
	GB         Fact[float64]
	IOPS       Fact[float64] // provisioned; unknown means the type's free baseline
	Throughput Fact[float64] // MiB/s, gp3
}
