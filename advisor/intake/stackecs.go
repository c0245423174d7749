package intake

import (
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// ecsService is an ECS service.
type ecsService struct {
	cloudResource
	cluster, taskDef ref
	desired          fact[float64]
	// daemon is the scheduling strategy DAEMON: one task on each instance.
	// seen is how many of it an account was seen to run.
	daemon bool
	seen   fact[float64]
	// distinct is the placement constraint distinctInstance, types are those
	// that a memberOf constraint names, and unread are expressions that are
	// not taken into account.
	distinct bool
	types    []string
	unread   []string
	// controller is the deployment controller: "ECS", "CODE_DEPLOY",
	// "EXTERNAL" (tasks are in task sets); "" is ECS.
	controller   string
	launchType   fact[string]
	strategy     []strategyItem
	strategyNote string // why the strategy is unknown, where it is
	publicIP     fact[bool]
	subnets      []ref
	// targetGroups and classic are what load balancers attach: target groups,
	// Classic Load Balancers by name.
	targetGroups, classic []ref
	registries            []ref // Cloud Map services
	maximumPercent        fact[float64]
	// deployment is the deployment strategy: "ROLLING", "BLUE_GREEN",
	// "LINEAR", "CANARY"; "" is rolling.
	deployment string
	// volumes are those configured at launch, by the name in the task
	// definition.
	volumes map[string]design.Volume
}

// strategyItem is one item of a capacity provider strategy.
type strategyItem struct {
	// provider is FARGATE, FARGATE_SPOT or a capacityProvider.
	provider     ref
	base, weight fact[float64]
}

// ecsTaskSet is a task set of a service with an external deployment controller.
type ecsTaskSet struct {
	cloudResource
	service, cluster, taskDef ref
	scale                     fact[float64] // percent of the service's desired count
	launchType                fact[string]
	strategy                  []strategyItem
	publicIP                  fact[bool]
	targetGroups, classic     []ref
	registries                []ref
}

// expressService is a service of ECS Express Mode: its load balancer, log group
// and scaling are made by ECS.
type expressService struct {
	cloudResource
	cluster          ref
	cpu, memory      fact[float64] // vCPU, GB
	minTasks         fact[float64]
	maxTasks         fact[float64]
	subnets          []ref
	image, container string
	logGroup         string
	secretRefs       []string // valueFrom of each, in the order of the text
}

// ecsTaskDef is a task definition. The reader fills def with readTask.
type ecsTaskDef struct {
	cloudResource
	family string
	// data says that the code only looks it up.
	data bool
	// def is nil where the code holds no sizes: a data source, or a task
	// definition whose parts are unknown.
	def *taskDefinition
	// why says what is missing where def is nil.
	why string
	// mentions are the resources that its expressions point at: log groups,
	// repositories, secrets whose names are unknown before apply.
	mentions []ref
}

// ecsCluster is an ECS cluster.
type ecsCluster struct {
	cloudResource
	// insights is the setting; absent means the account's default.
	insights  fact[design.Insights]
	providers []ref
	strategy  []strategyItem
}

// clusterProviders associates capacity providers with a cluster, where that is
// a resource of its own.
type clusterProviders struct {
	cloudResource
	cluster   ref
	providers []ref
	strategy  []strategyItem
}

// capacityProvider is a capacity provider of an Auto Scaling group or of ECS
// Managed Instances; exactly one of the two is set.
type capacityProvider struct {
	cloudResource
	group          ref // autoScalingGroup
	targetCapacity fact[float64]
	// scaled is managed scaling: ECS decides how many instances run.
	scaled  bool
	managed *managedInstances
}

// managedInstances is the launch template of a Managed Instances provider.
type managedInstances struct {
	cluster      ref
	requirements instanceRequirements
	storageGB    fact[float64]
	spot         fact[bool] // capacityOptionType SPOT
}

// accountSettings are account-wide defaults that the code sets.
type accountSettings struct {
	insights fact[design.Insights] // containerInsights
	trunking fact[bool]            // awsvpcTrunking
}

// scheduledTask is an ECS task that EventBridge or EventBridge Scheduler runs.
type scheduledTask struct {
	cloudResource
	// rule is the EventBridge rule that starts it, where that is a resource
	// of its own; it has the schedule then.
	rule ref
	// schedule is rate(…), cron(…) or at(…); absent for a rule that events
	// start.
	schedule         fact[string]
	off              bool // state DISABLED
	cluster, taskDef ref
	tasks            fact[float64] // task count of one run
	seconds          fact[float64] // how long one run lasts, absent where the code does not say
	launchType       fact[string]
	strategy         []strategyItem
	publicIP         fact[bool]
}

// eventRule is an EventBridge rule.
type eventRule struct {
	cloudResource
	schedule fact[string]
	off      bool
}

// scalableTarget is an Application Auto Scaling target of an ECS service.
type scalableTarget struct {
	cloudResource
	// service is the ECS service; its text may be the resource ID
	// "service/cluster/name".
	service  ref
	min, max fact[float64]
}

// scalingPolicy is a policy of a scalable target.
type scalingPolicy struct {
	cloudResource
	// target is the scalable target, or the service by resource ID.
	target ref
	// kind is "TargetTrackingScaling", "StepScaling" or "PredictiveScaling".
	kind string
}

// scheduledAction changes a scalable target's bounds at times.
type scheduledAction struct {
	cloudResource
	target   ref
	schedule fact[string]
	timezone string
	min, max fact[float64]
	// bounded says that the action has a start or an end date.
	bounded bool
}

// constrain takes over one placement constraint of a service.
func (s *ecsService) constrain(kind, expression string) {
	switch {
	case strings.EqualFold(kind, "distinctInstance"):
		s.distinct = true
	case !strings.Contains(expression, "ecs.instance-type"):
	default:
		named, ok := namedTypes(expression)
		if !ok {
			s.unread = append(s.unread, "the placement constraint "+clip(expression)+" is not taken into account")
		}
		s.types = append(s.types, named...)
	}
}

// placed lays the constraints of a service over its task definition's.
func (s *ecsService) placed(out *design.Service) {
	if s.daemon {
		out.Scheduling = design.Daemon
	}
	out.DistinctInstance = s.distinct
	if len(s.types) > 0 {
		out.Task.InstanceTypes = s.types
	}
	if len(s.unread) > 0 {
		out.Task.Notes = append(slices.Clone(out.Task.Notes), s.unread...)
	}
}
