package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// fillNetwork takes over load balancers, NAT, addresses, endpoints and subnets.
func (f *tfFill) fillNetwork(s *tfSide) (ok bool) {
	st := f.stack
	switch s.r.typ {
	case "aws_lb", "aws_alb":
		st.balancers = append(st.balancers, f.balancer(s))
	case "aws_elb":
		b := elasticBalancer{cloudResource: s.resource(), kind: design.CLB, internal: s.get("internal").truth(), subnets: s.get("subnets").refs("aws_subnet", "aws_default_subnet")}
		if len(b.subnets) == 0 {
			b.zones = s.get("availability_zones").texts()
		}
		st.balancers = append(st.balancers, b)
	case "aws_lb_listener", "aws_alb_listener":
		st.listeners = append(st.listeners, balancerListener{
			cloudResource: s.resource(""), balancer: s.get("load_balancer_arn").ref("aws_lb", "aws_alb"),
			protocol: s.get("protocol").text(), targetGroups: s.forwards("default_action"),
		})
	case "aws_lb_listener_rule", "aws_alb_listener_rule":
		st.rules = append(st.rules, listenerRule{
			cloudResource: s.resource(""), listener: s.get("listener_arn").ref("aws_lb_listener", "aws_alb_listener"), targetGroups: s.forwards("action"),
		})
	case "aws_lb_target_group", "aws_alb_target_group":
		g := targetGroup{cloudResource: s.resource()}
		if known := s.get("load_balancer_arns"); !known.unknown() {
			g.balancers = known.refs("aws_lb", "aws_alb")
		}
		st.targetGroups = append(st.targetGroups, g)
	case "aws_nat_gateway":
		st.nats = append(st.nats, f.natGateway(s))
	case "aws_eip":
		e := elasticIP{cloudResource: s.resource("")}
		e.ids = append(e.ids, s.get("allocation_id").text(), s.get("public_ip").text())
		e.free = strings.HasPrefix(s.get("public_ipv4_pool").text(), "ipv4pool-ec2-")
		for _, holder := range []ref{s.get("instance").ref("aws_instance"), s.get("network_interface").ref("aws_network_interface")} {
			if !holder.absent() {
				e.holders = append(e.holders, holder)
			}
		}
		st.eips = append(st.eips, e)
	case "aws_eip_association":
		f.associations = append(f.associations, tfAssociation{
			eip:     s.get("allocation_id").ref("aws_eip"),
			holders: []ref{s.get("instance_id").ref("aws_instance"), s.get("network_interface_id").ref("aws_network_interface")},
		})
	case "aws_vpc_endpoint":
		e := vpcEndpoint{cloudResource: s.resource(""), service: s.get("service_name").fact(), kind: s.get("vpc_endpoint_type").text()}
		e.subnets = s.get("subnet_ids").refs("aws_subnet", "aws_default_subnet")
		st.endpoints = append(st.endpoints, e)
	case "aws_subnet", "aws_default_subnet":
		zone := s.get("availability_zone").fact()
		if !zone.Stated() {
			zone = orElse(s.get("availability_zone_id").fact(), zone)
		}
		st.subnets = append(st.subnets, subnet{cloudResource: s.resource(""), zone: zone})
	default:
		return f.fillRoutes(s)
	}
	return true
}

// fillRoutes takes over what leads through NAT instances.
func (f *tfFill) fillRoutes(s *tfSide) (ok bool) {
	st := f.stack
	route := func(v tfValue, instance, networkInterface string) {
		st.routes = append(st.routes, vpcRoute{
			instance: v.get(instance).ref("aws_instance"), networkInterface: v.get(networkInterface).ref("aws_network_interface"),
		})
	}
	switch s.r.typ {
	case "aws_route":
		st.routes = append(st.routes, vpcRoute{
			cloudResource:    s.resource(""),
			instance:         s.get("instance_id").ref("aws_instance"),
			networkInterface: s.get("network_interface_id").ref("aws_network_interface"),
		})
	case "aws_route_table", "aws_default_route_table":
		for _, r := range s.get("route").items() {
			if !r.unknown() {
				route(r, "instance_id", "network_interface_id")
			}
		}
	case "aws_network_interface":
		check := s.get("source_dest_check").truth()
		n := networkInterface{cloudResource: s.resource(""), forwards: check.Basis == design.Known && !check.Value}
		n.instance = s.get("attachment").get("instance").ref("aws_instance")
		st.interfaces = append(st.interfaces, n)
	case "aws_network_interface_attachment":
		f.attachments = append(f.attachments, tfAttachment{
			networkInterface: s.get("network_interface_id").ref("aws_network_interface"), instance: s.get("instance_id").ref("aws_instance"),
		})
	default:
		return false
	}
	return true
}

// tfAssociation gives an Elastic IP to an instance or a network interface.
type tfAssociation struct {
	eip     ref
	holders []ref
}

// tfAttachment gives a network interface to an instance.
type tfAttachment struct{ networkInterface, instance ref }

// joinAttachments lays what resources of their own say over addresses and interfaces.
func (f *tfFill) joinAttachments() {
	eips := indexResources(f.stack.eips, func(e *elasticIP) *cloudResource { return &e.cloudResource })
	for _, a := range f.associations {
		if e := eips.get(a.eip); e != nil {
			e.holders = append(e.holders, a.holders...)
		}
	}
	interfaces := indexResources(f.stack.interfaces, func(n *networkInterface) *cloudResource { return &n.cloudResource })
	for _, a := range f.attachments {
		if n := interfaces.get(a.networkInterface); n != nil && n.instance.absent() {
			n.instance = a.instance
		}
	}
}

func (f *tfFill) balancer(s *tfSide) elasticBalancer {
	b := elasticBalancer{
		cloudResource: s.resource(),
		internal:      s.get("internal").truth(),
		subnets:       s.get("subnets").refs("aws_subnet", "aws_default_subnet"),
	}
	switch s.get("load_balancer_type").text() {
	case "network":
		b.kind = design.NLB
	case "gateway":
		b.kind = design.GWLB
	default:
		b.kind = design.ALB
	}
	mappings := s.block("subnet_mapping").items()
	for _, m := range mappings {
		if ip := m.get("allocation_id").ref("aws_eip"); !ip.absent() {
			b.eips = append(b.eips, ip)
		}
	}
	if len(mappings) > 0 && (len(b.subnets) == 0 || b.subnets[0].text == "" && b.subnets[0].keys == nil) {
		b.subnets = nil
		for _, m := range mappings {
			b.subnets = append(b.subnets, m.get("subnet_id").ref("aws_subnet", "aws_default_subnet"))
		}
	}
	return b
}

// forwards are the target groups that a listener's or a rule's actions lead to.
func (s *tfSide) forwards(block string) []ref {
	var groups []ref
	add := func(v tfValue) {
		if r := v.ref("aws_lb_target_group", "aws_alb_target_group"); !r.absent() {
			groups = append(groups, r)
		}
	}
	for _, action := range s.block(block).items() {
		if kind := action.get("type").text(); kind != "" && kind != "forward" {
			continue
		}
		add(action.get("target_group_arn"))
		for _, group := range action.get("forward").get("target_group").items() {
			add(group.get("arn"))
		}
	}
	return groups
}

func (f *tfFill) natGateway(s *tfSide) natGateway {
	g := natGateway{
		cloudResource: s.resource(""),
		private:       s.get("connectivity_type").text() == "private",
		regional:      s.get("availability_mode").text() == "regional",
		subnet:        s.get("subnet_id").ref("aws_subnet", "aws_default_subnet"),
	}
	if ip := s.get("allocation_id").ref("aws_eip"); !ip.absent() {
		g.eips = append(g.eips, ip)
	}
	g.eips = append(g.eips, s.get("secondary_allocation_ids").refs("aws_eip")...)
	if zones := s.block("availability_zone_address").items(); len(zones) > 0 {
		g.zones = design.Know(float64(len(zones)))
		for _, zone := range zones {
			g.eips = append(g.eips, zone.get("allocation_ids").refs("aws_eip")...)
		}
	}
	return g
}
