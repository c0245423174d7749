package intake

import "ecsavvy/advisor/design"

// elasticBalancer is a load balancer of any kind.
type elasticBalancer struct {
	cloudResource
	kind     design.LoadBalancerKind
	internal fact[bool] // absent: AWS's default, internet-facing
	subnets  []ref
	// zones are the AZs that a Classic Load Balancer names instead.
	zones []string
	// eips are Elastic IPs of subnet mappings.
	eips []ref
	// id is "app/name/id" of one that exists, "" of others.
	id string
	// listeners are a Classic Load Balancer's protocols.
	listeners []string
}

// balancerListener is a listener of an ALB, NLB or GWLB.
type balancerListener struct {
	cloudResource
	balancer     ref
	protocol     string // "HTTP", "TCP", "TLS", …
	targetGroups []ref  // of its default actions
}

// listenerRule is a rule of an ALB's listener, beside its default.
type listenerRule struct {
	cloudResource
	listener     ref
	targetGroups []ref
}

// targetGroup is a target group.
type targetGroup struct {
	cloudResource
	// balancers are known where the group exists already.
	balancers []ref
}

// natGateway is a NAT gateway.
type natGateway struct {
	cloudResource
	// id is the NatGatewayId of one that exists, "" of others.
	id string
	// private is connectivity type private: it has no public address.
	private bool
	// regional is availability mode regional.
	regional bool
	subnet   ref
	// zones is the number of AZs of a regional one, where the code says so.
	zones fact[float64]
	eips  []ref
}

// elasticIP is an Elastic IP address.
type elasticIP struct {
	cloudResource
	// holders are what it is associated with: instances, network interfaces.
	holders []ref
	// free says that the address comes from the account's own pool (BYOIP),
	// which AWS does not charge for.
	free bool
}

// vpcEndpoint is a VPC endpoint.
type vpcEndpoint struct {
	cloudResource
	// id is the VpcEndpointId of one that exists, "" of others.
	id      string
	service fact[string] // as written: com.amazonaws.eu-west-2.ecr.api
	// kind is "Gateway", "Interface", "GatewayLoadBalancer", "Resource" or
	// "ServiceNetwork"; "" is Gateway.
	kind    string
	subnets []ref
}

// subnet is a subnet.
type subnet struct {
	cloudResource
	zone fact[string] // Availability Zone name or ID
}

// vpcRoute is a route; only where it leads to matters here.
type vpcRoute struct {
	cloudResource
	// instance and networkInterface are the route's target.
	instance, networkInterface ref
}

// networkInterface is an elastic network interface.
type networkInterface struct {
	cloudResource
	instance ref
	// forwards is source_dest_check false: the interface of a NAT instance.
	forwards bool
}
