package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// scalableTarget reads AWS::ApplicationAutoScaling::ScalableTarget of an ECS
// service, with the scheduled actions in it.
// Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-applicationautoscaling-scalabletarget.html.
func (c *cfnReader) scalableTarget(r *cfnResource) {
	if namespace := r.get("ServiceNamespace").word(); namespace != "" && namespace != "ecs" {
		return
	}
	t := scalableTarget{
		cloudResource: r.base(""),
		service:       r.get("ResourceId").ref(cfnService),
		min:           r.get("MinCapacity").number(),
		max:           r.get("MaxCapacity").number(),
	}
	if r.exists == undecided {
		t.min = design.NotKnown[float64]("autoscaling may exist: " + r.why)
		t.max = design.NotKnown[float64](t.min.Note)
	}
	c.stack.targets = append(c.stack.targets, t)
	c.scaled[t.key], _ = c.set.titled(r.property("ResourceId"))
	for _, item := range r.get("ScheduledActions").items() {
		action := item.get("ScalableTargetAction")
		c.stack.actions = append(c.stack.actions, scheduledAction{
			cloudResource: cloudResource{key: r.key() + "/" + item.get("ScheduledActionName").word(), name: item.get("ScheduledActionName").word(), at: item.at},
			target:        refTo(r.key()),
			schedule:      item.get("Schedule").text(),
			timezone:      item.get("Timezone").word(),
			min:           action.get("MinCapacity").number(),
			max:           action.get("MaxCapacity").number(),
			bounded:       item.get("StartTime").present() || item.get("EndTime").present(),
		})
	}
}

// scalingPolicy reads AWS::ApplicationAutoScaling::ScalingPolicy.
func (c *cfnReader) scalingPolicy(r *cfnResource) {
	target := r.get("ScalingTargetId").ref(cfnTarget)
	if target.absent() {
		target = r.get("ResourceId").ref(cfnService)
	}
	c.stack.policies = append(c.stack.policies, scalingPolicy{
		cloudResource: r.base("PolicyName"), target: target, kind: r.get("PolicyType").word(),
	})
}

// eventRule reads AWS::Events::Rule: each target that is an ECS task is a
// scheduled task. Rules for anything else cost nothing by themselves.
func (c *cfnReader) eventRule(r *cfnResource) {
	for _, target := range r.get("Targets").items() {
		ecs := target.get("EcsParameters")
		switch {
		case ecs.unknown():
			c.stack.unpriced(r.kind + " with a target that is not known")
			continue
		case !ecs.present():
			continue
		}
		network := ecs.get("NetworkConfiguration")
		t := c.scheduled(r, "Name", target.get("Arn"), ecs)
		t.publicIP = network.get("AwsVpcConfiguration").get("AssignPublicIp").is("ENABLED")
		t.schedule = r.get("ScheduleExpression").text()
		c.addScheduled(r, t)
	}
}

// schedule reads AWS::Scheduler::Schedule.
func (c *cfnReader) schedule(r *cfnResource) {
	ecs := r.get("Target", "EcsParameters")
	switch {
	case ecs.unknown():
		c.stack.unpriced(r.kind + " with a target that is not known")
		return
	case !ecs.present():
		return
	}
	t := c.scheduled(r, "Name", r.get("Target", "Arn"), ecs)
	t.publicIP = ecs.get("NetworkConfiguration").get("AwsvpcConfiguration").get("AssignPublicIp").is("ENABLED")
	t.schedule = r.get("ScheduleExpression").text()
	c.addScheduled(r, t)
}

// scheduled reads what both kinds of schedule say about a task.
func (c *cfnReader) scheduled(r *cfnResource, nameKey string, cluster, ecs cfnValue) scheduledTask {
	t := scheduledTask{
		cloudResource: r.base(nameKey),
		off:           strings.EqualFold(r.get("State").word(), "DISABLED"),
		cluster:       cluster.ref(cfnCluster),
		taskDef:       ecs.get("TaskDefinitionArn").ref(cfnTaskDef),
		tasks:         ecs.get("TaskCount").number(),
		launchType:    ecs.get("LaunchType").text(),
	}
	t.strategy = ecs.get("CapacityProviderStrategy").strategy()
	t.seconds = r.runDuration()
	return t
}

// runDuration is how long one run lasts, in seconds. No property says it; a
// template may, for this tool, in what CloudFormation keeps and does not read:
// Metadata: {ecsavvy: {duration: 2m}}.
func (r *cfnResource) runDuration() fact[float64] {
	n := r.node.get("Metadata").get("ecsavvy").get("duration")
	if n == nil {
		return fact[float64]{}
	}
	stated := cfnValue{r: r, n: r.template.eval(n), at: r.at + ".Metadata.ecsavvy.duration"}
	text := stated.text()
	switch {
	case absent(text):
		return fact[float64]{}
	case !text.Stated():
		return design.NotKnown[float64](text.Note)
	}
	seconds, err := parseDuration(text.Value)
	if err != nil {
		stated.wrong("a duration such as 45s, 10m or 1h30m")
		return design.NotKnown[float64]("the template has no duration here")
	}
	return design.Know(seconds)
}

// addScheduled takes over a scheduled task. One of a rule that may exist runs
// nobody knows how often.
func (c *cfnReader) addScheduled(r *cfnResource, t scheduledTask) {
	if r.exists == undecided {
		t.schedule = design.NotKnown[string]("the schedule may exist: " + r.why)
	}
	c.stack.scheduledTasks = append(c.stack.scheduledTasks, t)
}
