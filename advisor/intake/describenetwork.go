package intake

import (
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// natGateway reads a NAT gateway. One that failed or is deleted costs nothing.
// Source: docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html.
func (d *describer) natGateway(at cursor) {
	if slices.Contains([]string{"deleting", "deleted", "failed"}, at.get("State").name("a state")) {
		return
	}
	id := at.get("NatGatewayId").name("an ID")
	if !d.first("NAT gateway", id) {
		return
	}
	g := natGateway{
		cloudResource: cloudResource{key: id, at: at.path}, id: id,
		private:  at.get("ConnectivityType").name("a connectivity type") == "private",
		regional: at.get("AvailabilityMode").name("an availability mode") == "regional",
	}
	if subnet := at.get("SubnetId").name("an ID"); subnet != "" {
		g.subnet = refText(subnet)
	}
	zones := make(map[string]bool)
	for _, a := range at.get("NatGatewayAddresses").items("a list of addresses") {
		if ip := a.get("AllocationId").name("an ID"); ip != "" {
			g.eips = append(g.eips, refText(ip))
		}
		if zone := cmpOr(a.get("AvailabilityZone").name("a zone"), a.get("AvailabilityZoneId").name("a zone")); zone != "" {
			zones[zone] = true
		}
	}
	if g.regional && len(zones) > 0 {
		g.zones = design.Know(float64(len(zones)))
	}
	d.account.vpcOf[id] = at.get("VpcId").name("an ID")
	d.stack.nats = append(d.stack.nats, g)
}

// endpoint reads a VPC endpoint. An interface endpoint has one network interface
// in each of its subnets.
// Source: docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html.
func (d *describer) endpoint(at cursor) {
	state := strings.ToLower(at.get("State").name("a state"))
	if slices.Contains([]string{"deleting", "deleted", "failed", "rejected", "expired"}, state) {
		return
	}
	id := at.get("VpcEndpointId").name("an ID")
	if !d.first("endpoint", id) {
		return
	}
	e := vpcEndpoint{
		cloudResource: cloudResource{key: id, at: at.path}, id: id,
		service: design.Know(at.get("ServiceName").name("a service")), kind: at.get("VpcEndpointType").name("a type"),
	}
	for _, key := range []string{"SubnetIds", "NetworkInterfaceIds"} {
		for _, s := range at.get(key).items("a list of IDs") {
			e.subnets = append(e.subnets, refText(s.name("an ID")))
		}
		if len(e.subnets) > 0 {
			break
		}
	}
	d.account.vpcOf[id] = at.get("VpcId").name("an ID")
	d.stack.endpoints = append(d.stack.endpoints, e)
}

// seenAddress is an Elastic IP address with what uses it.
type seenAddress struct {
	elasticIP
	instance string
	// used says that it is associated with something.
	used bool
}

// address reads an Elastic IP. Those that a load balancer or a regional NAT
// gateway manages are counted with it.
// Source: docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Address.html.
func (d *describer) address(at cursor) {
	if at.get("ServiceManaged").name("a service") != "" {
		return
	}
	ip := at.get("PublicIp").name("an address")
	a := seenAddress{instance: at.get("InstanceId").name("an ID")}
	a.key, a.at = cmpOr(at.get("AllocationId").name("an ID"), ip), at.path
	if !d.first("address", a.key) {
		return
	}
	a.free = strings.HasPrefix(at.get("PublicIpv4Pool").name("a pool"), "ipv4pool-ec2-")
	a.used = at.get("AssociationId").here() || at.get("NetworkInterfaceId").here() || a.instance != ""
	d.account.addresses = append(d.account.addresses, a)
}

// publicAddresses takes over the addresses of what is priced, and idle ones.
func (d *describer) publicAddresses() {
	held := make(map[string]bool)
	hold := func(eips []ref) {
		for _, e := range eips {
			held[e.text] = true
		}
	}
	for i := range d.stack.nats {
		hold(d.stack.nats[i].eips)
	}
	for i := range d.stack.balancers {
		hold(d.stack.balancers[i].eips)
	}
	forwards, ours := make(map[string]bool), make(map[string]bool)
	for i := range d.stack.instances {
		forwards[d.stack.instances[i].key] = true
	}
	for _, m := range d.account.members {
		ours[m.instance] = true
	}
	for _, a := range d.account.addresses {
		switch {
		case forwards[a.instance]:
			a.holders = []ref{refTo(a.instance)}
		case a.instance != "" && ours[a.instance]:
			continue // its instance has a public address, which is counted there
		case a.used && !held[a.key]:
			d.stack.unpriced("public IPv4 address of something else than ECS")
			continue
		}
		d.stack.eips = append(d.stack.eips, a.elasticIP)
	}
}

// subnet reads the Availability Zone and the VPC of a subnet.
func (d *describer) subnet(at cursor) {
	d.place(at.get("SubnetArn").name("an ARN"))
	id := at.get("SubnetId").name("an ID")
	if !d.first("subnet", id) {
		return
	}
	s := subnet{cloudResource: cloudResource{key: id, at: at.path}}
	if zone := cmpOr(at.get("AvailabilityZone").name("a zone"), at.get("AvailabilityZoneId").name("a zone")); zone != "" {
		s.zone = design.Know(zone)
	}
	d.account.vpcOf[id] = at.get("VpcId").name("an ID")
	d.stack.subnets = append(d.stack.subnets, s)
}

// routeTable notes which instances default routes lead to.
func (d *describer) routeTable(at cursor) {
	d.account.routes = true
	for _, target := range defaultRoutes(at) {
		d.account.routed[target] = true
	}
}

// defaultRoutes are the targets of a route table's routes to everywhere.
// Source: docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html.
func defaultRoutes(at cursor) []string {
	var targets []string
	for _, r := range at.get("Routes").items("a list of routes") {
		if r.get("DestinationCidrBlock").name("a block") != "0.0.0.0/0" {
			continue
		}
		for _, key := range []string{"NatGatewayId", "InstanceId", "NetworkInterfaceId", "TransitGatewayId", "VpcPeeringConnectionId", "GatewayId"} {
			if target := r.get(key).name("an ID"); target != "" {
				targets = append(targets, target)
			}
		}
	}
	return targets
}

// around reads where a service's tasks lie and how they are found.
func (d *describer) around(at cursor, svc *ecsService) {
	for _, s := range at.get("networkConfiguration").get("awsvpcConfiguration").get("subnets").items("a list of subnets") {
		svc.subnets = append(svc.subnets, refText(s.name("a subnet")))
	}
}

// rule reads a rule of a listener. Every listener has a default one, so that the
// load balancers are known whose rules were listed.
// Source: docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Rule.html.
func (d *describer) rule(at cursor) {
	arn := d.place(at.get("RuleArn").name("an ARN")) // listener-rule/app/name/id/listener/rule
	rest, ok := strings.CutPrefix(arn, "listener-rule/")
	listener := rest[:max(0, strings.LastIndexByte(rest, '/'))]
	if !ok || listener == "" {
		return
	}
	d.account.ruled["loadbalancer/"+listener[:max(0, strings.LastIndexByte(listener, '/'))]] = true
	if at.get("IsDefault").flag(false) || !d.first("rule", arn) {
		return
	}
	d.stack.rules = append(d.stack.rules, listenerRule{
		cloudResource: cloudResource{key: arn, at: at.path}, listener: refText("listener/" + listener), targetGroups: d.forwards(at.get("Actions")),
	})
}

// forwards are the target groups that a list of actions leads to.
func (d *describer) forwards(at cursor) []ref {
	var groups []ref
	add := func(arn string) {
		if r := refText(d.place(arn)); arn != "" && !slices.ContainsFunc(groups, func(g ref) bool { return g.text == r.text }) {
			groups = append(groups, r)
		}
	}
	for _, action := range at.items("a list of actions") {
		add(action.get("TargetGroupArn").name("an ARN"))
		for _, g := range action.get("ForwardConfig").get("TargetGroups").items("a list of target groups") {
			add(g.get("TargetGroupArn").name("an ARN"))
		}
	}
	return groups
}
