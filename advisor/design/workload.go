package design

// Workload is what one region runs: services, the clusters they run on, and
// what they share. It is what every reader of this project ends in, and what
// every estimate begins with.
//
// Slices are sorted by name (Normalize does it), so that one workload has one
// value however it was written.
type Workload struct {
	Name   string
	Region Fact[string]

	Services      []Service
	Clusters      []Cluster
	LoadBalancers []LoadBalancer
	Network       Network

	LogGroups    []LogGroup
	Repositories []Repository
	Secrets      []SecretStore
	FileSystems  []FileSystem
	Alarms       []Alarms
	Namespaces   []Namespace
	// Commitments are what the account owns already.
	Commitments Commitments

	// Variants are other designs, as changes to this one by path.
	Variants []Variant
	// NotPriced counts what the input holds and this project has no model
	// for, by type ("aws_kinesis_stream": 2). It is printed, never dropped.
	NotPriced map[string]int
}

// Service is a task × a count profile × a capacity strategy.
type Service struct {
	Name    string
	Cluster string // name of the cluster, "" for the default one
	Tags    map[string]string

	Task     Task
	Count    CountProfile
	Capacity CapacityStrategy
	// Scheduling is REPLICA where it is empty.
	Scheduling SchedulingStrategy
	// DistinctInstance is the placement constraint distinctInstance: no two
	// of the service's tasks on one instance.
	DistinctInstance bool

	// AssignPublicIP is awsvpc's assignPublicIp: one public IPv4 address a task.
	AssignPublicIP Fact[bool]
	Ingress        []Ingress
	// Sidecars are containers that a feature of the service adds to each
	// task beside those of the task definition.
	Sidecars   []Sidecar
	Deployment Deployment
	Traffic    Traffic
	// Rework is the extra time a Spot interruption costs, as a share of the
	// work: 0.02 means 2 % is done twice.
	Rework Fact[float64]
}

// Traffic is a service's data outside its load balancer, GB (2^30) a month.
// Fields that stay unknown are not priced; a service that states none has no
// line for it.
type Traffic struct {
	InternetOut Fact[float64] // to the internet
	InternetIn  Fact[float64] // from the internet, through NAT where there is one
	CrossAZ     Fact[float64] // between AZs, counted once; AWS bills both directions
	ToRegion    []RegionTraffic
}

// RegionTraffic is data sent to another region.
type RegionTraffic struct {
	Region string
	GB     Fact[float64]
}

// Sidecar is a container that a feature adds to each task: the Service Connect
// proxy, a tunnel, a log router. Its size is added to the task's before the
// sum is forced through the Fargate ladder.
type Sidecar struct {
	Name   string
	CPU    Fact[float64] // vCPU
	Memory Fact[float64] // GB
}

// Deployment says how often a service's tasks are replaced and how long old
// and new run beside each other.
type Deployment struct {
	Kind DeploymentKind
	// PerMonth is deployments a month; unknown means that no overlap is priced,
	// which the output says where Minutes is stated.
	PerMonth Fact[float64]
	// MaximumPercent is ECS's maximumPercent (rolling), 200 by default.
	MaximumPercent Fact[float64]
	// Minutes is how long the overlap lasts, bake time included.
	Minutes Fact[float64]
}

// DeploymentKind is ECS's deployment strategy.
type DeploymentKind string

// The deployment strategies.
const (
	Rolling   DeploymentKind = "ROLLING"
	BlueGreen DeploymentKind = "BLUE_GREEN"
)

// Variant is another design: values by path ("services.api.task.arch").
type Variant struct {
	Name    string
	Changes []Change
}

// Change sets one path of the design to a value.
type Change struct {
	Path  string
	Value string
}
