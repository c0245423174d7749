package design

// Network is what the services of a workload share on the way in and out.
type Network struct {
	// AZs is the number of Availability Zones in use.
	AZs Fact[float64]
	NAT NAT
	// Endpoints are VPC endpoints.
	Endpoints []Endpoint
	// PublicIPv4 counts public addresses that belong to nothing else here
	// (Elastic IPs, idle ones too).
	PublicIPv4 Fact[float64]
	// Traffic is data of the workload as a whole, beside its services' own.
	Traffic Traffic
	// EgressAllowance is the part of AWS's free 100 GB a month of internet
	// egress that this workload may use, in GB.
	EgressAllowance Fact[float64]
}

// NAT is how private subnets reach the internet.
type NAT struct {
	Kind NATKind
	// IDs are the NatGatewayIds of gateways that exist, sorted: CloudWatch's
	// dimension of AWS/NATGateway. Empty where the input is no running account.
	IDs []string
	// Count is the number of gateways or instances; unknown means one per AZ.
	// Of a regional gateway it is the number of AZs it spans.
	Count Fact[float64]
	// InstanceType, Volume and Spot are of a NAT instance.
	InstanceType string
	Volume       *Volume
	// PeakMbps is the sustained rate it must carry, for the warning on the
	// instance's bandwidth.
	PeakMbps Fact[float64]
	// Data is GB a month through the NAT, both directions. Where it is
	// unknown the estimate adds up what it knows to pass: egress, image
	// pulls, logs.
	Data Fact[float64]
}

// NATKind is a way out of a private subnet.
type NATKind string

// NAT kinds. The empty one is none.
const (
	NoNAT           NATKind = ""
	NATGateway      NATKind = "gateway"
	RegionalGateway NATKind = "regional-gateway"
	NATInstance     NATKind = "instance"
)

// Endpoint is a VPC endpoint.
type Endpoint struct {
	// ID is the VpcEndpointId of one that exists, else "".
	ID string
	// Service is the short name: "s3", "ecr.api", "ecr.dkr", "logs".
	Service string
	Kind    EndpointKind
	// AZs is the number of network interfaces of an interface endpoint;
	// unknown means one per AZ of the network.
	AZs  Fact[float64]
	Data Fact[float64] // GB a month, both directions
}

// EndpointKind is AWS's VpcEndpointType.
type EndpointKind string

// Endpoint kinds.
const (
	InterfaceEndpoint EndpointKind = "interface"
	GatewayEndpoint   EndpointKind = "gateway"
)

// LoadBalancer is an Elastic Load Balancing load balancer. Its capacity units
// are those of its own Traffic and of every service's Ingress that names it,
// added up before the largest dimension is taken.
type LoadBalancer struct {
	Name string
	// ID is "app/name/id" of one that exists, CloudWatch's dimension
	// LoadBalancer; else "".
	ID       string
	Kind     LoadBalancerKind
	Internal bool
	// AZs is the number of AZs it has a node in; unknown means those of the
	// network. An internet-facing one has a public IPv4 address in each.
	AZs     Fact[float64]
	Traffic BalancerTraffic
	// CapacityUnits is the mean of the measured capacity units (ConsumedLCUs);
	// where it is stated, traffic adds none.
	CapacityUnits Fact[float64]
	Tags          map[string]string
}

// LoadBalancerKind is the load balancer's type.
type LoadBalancerKind string

// Load balancer kinds.
const (
	ALB  LoadBalancerKind = "application"
	NLB  LoadBalancerKind = "network"
	GWLB LoadBalancerKind = "gateway"
	CLB  LoadBalancerKind = "classic"
)

// Ingress is one way in to a service.
type Ingress struct {
	// LoadBalancer names the workload's load balancer, "" for a tunnel.
	LoadBalancer string
	Traffic      BalancerTraffic
	Tunnel       *Tunnel
}

// BalancerTraffic is the four dimensions of a load balancer's capacity units.
type BalancerTraffic struct {
	NewConnections    Fact[float64] // a second
	ActiveConnections Fact[float64] // at a time, counted a minute
	Processed         Fact[float64] // GB a month
	Requests          Fact[float64] // a second, for rule evaluations
	Rules             Fact[float64] // rules evaluated for a request
	// Protocol of an NLB listener: "tcp" (default), "udp", "tls".
	Protocol string
}

// Tunnel is a Cloudflare Tunnel: it needs no load balancer and no public
// address; cloudflared runs beside the application or in tasks of its own.
type Tunnel struct {
	// Sidecar says that cloudflared runs in each of the service's tasks;
	// else Replicas dedicated tasks run it.
	Sidecar bool
	// Replicas is the number of dedicated tasks, two by default.
	Replicas Fact[float64]
	CPU      Fact[float64] // vCPU of one cloudflared
	Memory   Fact[float64] // GB of one cloudflared
	// Architecture of dedicated tasks.
	Architecture Fact[Architecture]
	// Shared names other services behind the same dedicated tasks; only the
	// first service of a shared tunnel carries its cost.
	Name string
}
