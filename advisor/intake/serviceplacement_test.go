package intake

import (
	"slices"
	"testing"

	"ecsavvy/advisor/design"
)

// Every reader that sees a service's scheduling strategy and its placement
// constraints reads the same.
func TestPlacementOfServices(t *testing.T) {
	const definition = `[{"name": "agent", "image": "x", "cpu": 128, "memory": 256}]`
	for _, form := range []struct {
		file, text string
		opts       Options
		count      design.Basis
	}{
		{"design.yaml", "services: {agent: {task: {cpu: 0.125, memory: 256MB}, capacity: EC2, scheduling_strategy: daemon, distinct_instance: true}}", Options{}, design.Unknown},
		{"template.json", `{"Resources": {
			"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Family": "agent", "ContainerDefinitions": [{"Name": "agent", "Image": "x", "Cpu": 128, "Memory": 256}]}},
			"Agent": {"Type": "AWS::ECS::Service", "Properties": {"ServiceName": "agent", "LaunchType": "EC2", "SchedulingStrategy": "DAEMON", "TaskDefinition": {"Ref": "Task"},
				"PlacementConstraints": [{"Type": "distinctInstance"}, {"Type": "memberOf", "Expression": "attribute:ecs.instance-type in [m7g.large, m7g.xlarge]"}]}}}}`, Options{}, design.Unknown},
		{"describe.json", `{"services": [{"serviceArn": "arn:aws:ecs:eu-west-2:111122223333:service/shop/agent", "serviceName": "agent", "clusterArn": "arn:aws:ecs:eu-west-2:111122223333:cluster/shop",
			"status": "ACTIVE", "desiredCount": 3, "runningCount": 3, "launchType": "EC2", "schedulingStrategy": "DAEMON", "taskDefinition": "arn:aws:ecs:eu-west-2:111122223333:task-definition/agent:1",
			"placementConstraints": [{"type": "distinctInstance"}, {"type": "memberOf", "expression": "attribute:ecs.instance-type in [m7g.large, m7g.xlarge]"}]}],
			"taskDefinition": {"taskDefinitionArn": "arn:aws:ecs:eu-west-2:111122223333:task-definition/agent:1", "family": "agent", "revision": 1, "containerDefinitions": ` + definition + `}}`, Options{}, design.Known},
	} {
		t.Run(form.file, func(t *testing.T) {
			w, err := Read(form.file, []byte(form.text), form.opts)
			if err != nil {
				t.Fatal(err)
			}
			s := &w.Services[0]
			if s.Scheduling != design.Daemon || !s.DistinctInstance || s.Count.Mean().Basis != form.count {
				t.Errorf("got %q, distinct %v, count %v", s.Scheduling, s.DistinctInstance, s.Count.Mean())
			}
			if want := []string{"m7g.large", "m7g.xlarge"}; form.file != "design.yaml" && !slices.Equal(s.Task.InstanceTypes, want) {
				t.Errorf("types %q, want %q", s.Task.InstanceTypes, want)
			}
		})
	}
}

// A plan has the same, after Terraform's own names.
func TestPlacementOfPlanServices(t *testing.T) {
	w, err := Read("plan.json", writePlan(t, "region: eu-west-1\nresources:"+apiTask+`
  aws_ecs_service.api:
    after: {name: api, launch_type: EC2, scheduling_strategy: DAEMON, placement_constraints: [{type: distinctInstance, expression: ""}, {type: memberOf, expression: "attribute:ecs.instance-type == m7g.large"}, {type: memberOf, expression: "attribute:ecs.instance-type =~ m7*"}]}
    unknown: {task_definition: true}
    code: {task_definition: =aws_ecs_task_definition.api.arn}
`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &w.Services[0]
	if s.Scheduling != design.Daemon || !s.DistinctInstance || !slices.Equal(s.Task.InstanceTypes, []string{"m7g.large"}) || len(s.Task.Notes) != 1 {
		t.Errorf("got %q, distinct %v, types %q, notes %q", s.Scheduling, s.DistinctInstance, s.Task.InstanceTypes, s.Task.Notes)
	}
}
