package intake

import "ecsavvy/advisor/design"

// fact is design's, under a shorter name. In the model of a stack a fact without
// a value and without a note is absent: the code does not state it, and AWS's
// default holds. With a note it is unknown: the code states something that
// nobody can tell before it is applied.
type fact[T any] = design.Fact[T]

// absent reports whether the code says nothing at all.
func absent[T any](f fact[T]) bool { return !f.Stated() && f.Note == "" }

// stack is the AWS resources of one region, as infrastructure code states them:
// the neutral model between the readers of Terraform plans and CloudFormation
// templates on the one side and the workload on the other. A reader fills it and
// calls workload; which resource belongs to which is decided there, for all
// readers alike.
type stack struct {
	// name is the workload's.
	name   string
	region fact[string]
	// code is what messages call the input: "the plan", "the template".
	code string

	services       []ecsService
	taskSets       []ecsTaskSet
	express        []expressService
	taskDefs       []ecsTaskDef
	clusters       []ecsCluster
	associations   []clusterProviders
	providers      []capacityProvider
	accountDefault accountSettings
	scheduledTasks []scheduledTask
	eventRules     []eventRule

	targets  []scalableTarget
	policies []scalingPolicy
	actions  []scheduledAction

	balancers    []elasticBalancer
	listeners    []balancerListener
	rules        []listenerRule
	targetGroups []targetGroup
	nats         []natGateway
	eips         []elasticIP
	endpoints    []vpcEndpoint
	subnets      []subnet
	routes       []vpcRoute
	interfaces   []networkInterface

	instances  []ec2Instance
	autoGroups []autoScalingGroup
	templates  []launchTemplate

	logGroups    []logGroup
	repositories []ecrRepository
	lifecycles   []ecrLifecycle
	secrets      []secret
	parameters   []parameter
	fileSystems  []efsSystem
	namespaces   []namespace
	discovery    []discoveryService
	alarms       []metricAlarm
	// alarmsListed says that all alarms are here, those that policies made too.
	alarmsListed bool

	// notPriced counts resources without a model by type.
	notPriced map[string]int
}

// unpriced counts a resource, or a part of one, that has no model.
func (s *stack) unpriced(kind string) {
	if s.notPriced == nil {
		s.notPriced = make(map[string]int)
	}
	s.notPriced[kind]++
}

// cloudResource is what every resource of a stack has.
type cloudResource struct {
	// key is unique in the stack: Terraform's address, CloudFormation's
	// logical ID.
	key string
	// name is the resource's own name in AWS; "" where AWS makes one up.
	name string
	// label is what output calls the resource where that is not its name: a
	// plan's resource is called the same before and after.
	label string
	// ids are further names that a reference may use: an ARN, an ID.
	ids  []string
	tags map[string]string
	// at is the place in the document, for messages.
	at string
}

// title is what output calls the resource: the name, or what stands for it in
// the code.
func (r *cloudResource) title() string { return cmpOr(r.label, cmpOr(r.name, r.key)) }

// ref is a reference from one resource to another.
type ref struct {
	// keys are resources of the stack that the code points at. Several are a
	// choice that the code makes when it is applied.
	keys []string
	// text is the value, where it is known: a name, an ID, an ARN. A text
	// that is the key of a resource means that resource.
	text string
	// note says why neither is known: "known after apply".
	note string
}

// absent reports whether the code has no such reference.
func (r ref) absent() bool { return len(r.keys) == 0 && r.text == "" && r.note == "" }

// refTo refers to a resource of the stack by its key.
func refTo(keys ...string) ref { return ref{keys: keys} }

// refText refers to a resource by its name, ID or ARN.
func refText(text string) ref { return ref{text: text} }

// refUnknown is a reference that is known only after apply.
func refUnknown(note string) ref { return ref{note: note} }
