package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// balancer reads a load balancer.
// Source: docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html.
func (d *describer) balancer(at cursor) {
	id := d.place(at.get("LoadBalancerArn").name("an ARN"))
	name := at.get("LoadBalancerName").name("a name")
	b := elasticBalancer{cloudResource: cloudResource{key: cmpOr(id, name), name: name, at: at.path}, id: strings.TrimPrefix(id, "loadbalancer/")}
	if !d.first("load balancer", b.key) {
		return
	}
	d.account.vpcOf[b.key] = at.get("VpcId").name("an ID")
	switch kind := at.get("Type"); kind.name("a type") {
	case "application", "":
		b.kind = design.ALB
	case "network":
		b.kind = design.NLB
	case "gateway":
		b.kind = design.GWLB
	default:
		kind.wrong("application, network or gateway")
	}
	b.internal = design.Know(at.get("Scheme").name("a scheme") == "internal")
	for _, zone := range at.get("AvailabilityZones").items("a list of Availability Zones") {
		b.zones = append(b.zones, zone.get("ZoneName").name("a zone"))
		for _, a := range zone.get("LoadBalancerAddresses").items("a list of addresses") {
			if ip := a.get("AllocationId").name("an ID"); ip != "" {
				b.eips = append(b.eips, refText(ip))
			}
		}
	}
	d.stack.balancers = append(d.stack.balancers, b)
}

// targetGroup reads which load balancers lead to a target group.
func (d *describer) targetGroup(at cursor) {
	g := targetGroup{cloudResource: cloudResource{key: d.place(at.get("TargetGroupArn").name("an ARN")), name: at.get("TargetGroupName").name("a name"), at: at.path}}
	if !d.first("target group", g.key) {
		return
	}
	for _, lb := range at.get("LoadBalancerArns").items("a list of ARNs") {
		g.balancers = append(g.balancers, refText(d.place(lb.name("an ARN"))))
	}
	d.stack.targetGroups = append(d.stack.targetGroups, g)
}

// listener reads a listener's protocol and default target groups.
func (d *describer) listener(at cursor) {
	l := balancerListener{
		cloudResource: cloudResource{key: d.place(at.get("ListenerArn").name("an ARN")), at: at.path},
		balancer:      refText(d.place(at.get("LoadBalancerArn").name("an ARN"))),
		protocol:      at.get("Protocol").name("a protocol"),
	}
	if !d.first("listener", l.key) {
		return
	}
	l.targetGroups = d.forwards(at.get("DefaultActions"))
	d.stack.listeners = append(d.stack.listeners, l)
}

// scaledService is the resource ID of a service that Application Auto Scaling
// scales; of anything else it is empty.
func (d *describer) scaledService(at cursor) ref {
	d.place(at.get("ScalableTargetARN").name("an ARN"))
	if at.get("ServiceNamespace").name("a namespace") != "ecs" {
		return ref{}
	}
	return refText(at.get("ResourceId").name("a resource ID"))
}

// scalableTarget reads the bounds of a service's count. Scaling that is suspended
// altogether moves nothing.
// Source: docs.aws.amazon.com/autoscaling/application/APIReference/API_ScalableTarget.html.
func (d *describer) scalableTarget(at cursor) {
	service, off := d.scaledService(at), at.get("SuspendedState")
	if service.absent() || off.get("DynamicScalingInSuspended").flag(false) && off.get("DynamicScalingOutSuspended").flag(false) &&
		off.get("ScheduledScalingSuspended").flag(false) {
		return
	}
	d.stack.targets = append(d.stack.targets, scalableTarget{
		cloudResource: cloudResource{key: "target/" + service.text, at: at.path}, service: service,
		min: at.get("MinCapacity").count("a number of tasks"), max: at.get("MaxCapacity").count("a number of tasks"),
	})
}

// scheduledAction reads a change of a service's bounds at times.
func (d *describer) scheduledAction(at cursor) {
	service := d.scaledService(at)
	if service.absent() || !d.first("action", service.text+"/"+at.get("ScheduledActionName").name("a name")) {
		return
	}
	action := at.get("ScalableTargetAction")
	d.stack.actions = append(d.stack.actions, scheduledAction{
		cloudResource: cloudResource{key: "action/" + at.get("ScheduledActionName").name("a name"), at: at.path}, target: service,
		schedule: design.Know(at.get("Schedule").name("a schedule")), timezone: at.get("Timezone").name("a time zone"),
		min: action.get("MinCapacity").count("a number of tasks"), max: action.get("MaxCapacity").count("a number of tasks"),
		bounded: at.get("StartTime").here() || at.get("EndTime").here(),
	})
}

// scalingPolicy reads what moves a service between its bounds.
func (d *describer) scalingPolicy(at cursor) {
	if service := d.scaledService(at); !service.absent() && d.first("policy", service.text+"/"+at.get("PolicyName").name("a name")) {
		d.stack.policies = append(d.stack.policies, scalingPolicy{
			cloudResource: cloudResource{key: "policy/" + at.get("PolicyName").name("a name"), at: at.path},
			target:        service, kind: at.get("PolicyType").name("a policy type"),
		})
	}
}
