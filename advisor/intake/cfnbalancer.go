package intake

import "ecsavvy/advisor/design"

// balancer reads AWS::ElasticLoadBalancingV2::LoadBalancer.
func (c *cfnReader) balancer(r *cfnResource) {
	b := elasticBalancer{
		cloudResource: r.base("Name"),
		kind:          design.ALB, // "Type … The default is application"
		internal:      r.get("Scheme").is("internal"),
		subnets:       r.get("Subnets").refs(cfnSubnet),
	}
	switch kind := r.get("Type"); kind.word() {
	case "", "application":
	case "network":
		b.kind = design.NLB
	case "gateway":
		b.kind = design.GWLB
	default:
		kind.wrong("application, network or gateway")
	}
	for _, m := range r.get("SubnetMappings").items() {
		b.subnets = append(b.subnets, m.get("SubnetId").ref(cfnSubnet))
		if eip := m.get("AllocationId"); eip.present() {
			b.eips = append(b.eips, eip.ref(cfnElasticIP))
		}
	}
	c.stack.balancers = append(c.stack.balancers, b)
}

// classicBalancer reads AWS::ElasticLoadBalancing::LoadBalancer.
func (c *cfnReader) classicBalancer(r *cfnResource) {
	b := elasticBalancer{
		cloudResource: r.base("LoadBalancerName"),
		kind:          design.CLB,
		internal:      r.get("Scheme").is("internal"),
		subnets:       r.get("Subnets").refs(cfnSubnet),
	}
	b.zones = r.get("AvailabilityZones").zones()
	for _, l := range r.get("Listeners").items() {
		b.listeners = append(b.listeners, l.get("Protocol").word())
	}
	c.stack.balancers = append(c.stack.balancers, b)
}

// listener reads AWS::ElasticLoadBalancingV2::Listener.
func (c *cfnReader) listener(r *cfnResource) {
	c.stack.listeners = append(c.stack.listeners, balancerListener{
		cloudResource: r.base(""),
		balancer:      r.get("LoadBalancerArn").ref(cfnBalancer),
		protocol:      r.get("Protocol").word(),
		targetGroups:  r.get("DefaultActions").forwards(),
	})
}

// listenerRule reads AWS::ElasticLoadBalancingV2::ListenerRule.
func (c *cfnReader) listenerRule(r *cfnResource) {
	c.stack.rules = append(c.stack.rules, listenerRule{
		cloudResource: r.base(""),
		listener:      r.get("ListenerArn").ref(cfnListener),
		targetGroups:  r.get("Actions").forwards(),
	})
}

// forwards are the target groups of a list of actions.
func (v cfnValue) forwards() []ref {
	var groups []ref
	for _, action := range v.items() {
		if g := action.get("TargetGroupArn"); g.present() {
			groups = append(groups, g.ref(cfnTargetGroup))
		}
		for _, item := range action.get("ForwardConfig").get("TargetGroups").items() {
			groups = append(groups, item.get("TargetGroupArn").ref(cfnTargetGroup))
		}
	}
	return groups
}

// targetGroup reads AWS::ElasticLoadBalancingV2::TargetGroup.
func (c *cfnReader) targetGroup(r *cfnResource) {
	c.stack.targetGroups = append(c.stack.targetGroups, targetGroup{cloudResource: r.base("Name")})
}
