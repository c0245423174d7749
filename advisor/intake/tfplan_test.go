package intake

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// planLines says what a plan makes of a workload, before and after.
func planLines(p *Plan) (before, after []string) {
	for i := range p.After {
		before = append(before, lines(p.Before[i])...)
		after = append(after, lines(p.After[i])...)
	}
	return before, after
}

// task is the task definition that most tables use.
const apiTask = `
  aws_ecs_task_definition.api:
    after: {family: api, cpu: "512", memory: "1024", requires_compatibilities: [FARGATE], network_mode: awsvpc, container_definitions: '[{"name":"api","image":"api","cpu":512,"memory":1024}]'}
    unknown: {arn: true, id: true, revision: true}
    code: {family: api, cpu: "512"}
`

const apiService = `
  aws_ecs_service.api:
    after: {name: api, desired_count: 2, launch_type: FARGATE}
    unknown: {task_definition: true, cluster: true}
    code: {name: api, task_definition: =aws_ecs_task_definition.api.arn, launch_type: FARGATE}
`

func TestPlanServices(t *testing.T) {
	for _, test := range []struct {
		name, plan string
		opts       Options
		want       []string
	}{
		{"references", "region: eu-west-1\nresources:" + apiTask + apiService, Options{},
			[]string{"api@ 0.5/1 LINUX/X86_64 × 2 on FARGATE:0+1"}},
		{"for each, through a module's inputs and outputs", `
region: eu-west-1
resources:
  module.task: {for_each: =var.names, inputs: {cpu: =each.value}, outputs: {arn: =aws_ecs_task_definition.this.arn}}
  module.service: {for_each: =var.names, inputs: {task: '=module.task["a"].arn, each.key'}}
  module.task["a"].aws_ecs_task_definition.this:
    after: {family: a, cpu: "256", memory: "512", container_definitions: '[{"name":"a","image":"a"}]'}
    unknown: {arn: true}
    code: {family: =var.name}
  module.task["b"].aws_ecs_task_definition.this:
    after: {family: b, cpu: "1024", memory: "2048", container_definitions: '[{"name":"b","image":"b"}]'}
    unknown: {arn: true}
    code: {family: =var.name}
  module.service["a"].aws_ecs_service.this[0]:
    after: {name: a, desired_count: 1, launch_type: FARGATE}
    unknown: {task_definition: true}
    code: {task_definition: =var.task, launch_type: FARGATE}
`, Options{}, []string{"a@ 0.25/0.5 LINUX/X86_64 × 1 on FARGATE:0+1", "not priced: aws_ecs_task_definition that nothing here runs 1"}},
		{"a map of outputs by key", `
region: eu-west-1
resources:
  module.tasks: {inputs: {x: 1}, outputs: {arns: =aws_ecs_task_definition.this}}
  module.tasks.aws_ecs_task_definition.this["a"]:
    after: {family: a, cpu: "256", memory: "512", container_definitions: '[{"name":"a","image":"a"}]'}
    code: {family: =each.key}
  module.tasks.aws_ecs_task_definition.this["b"]:
    after: {family: b, cpu: "512", memory: "1024", container_definitions: '[{"name":"b","image":"b"}]'}
  aws_ecs_service.b:
    after: {name: b, desired_count: 1, launch_type: FARGATE}
    unknown: {task_definition: true}
    code: {task_definition: '=module.tasks.arns["b"].arn', launch_type: FARGATE}
`, Options{}, []string{"b@ 0.5/1 LINUX/X86_64 × 1 on FARGATE:0+1", "not priced: aws_ecs_task_definition that nothing here runs 1"}},
		{"a local hides the reference: the only one of the module", "region: eu-west-1\nresources:" + apiTask + `
  aws_ecs_service.api:
    after: {name: api, desired_count: 2, launch_type: FARGATE}
    unknown: {task_definition: true}
    code: {name: api, task_definition: =local.task, launch_type: FARGATE}
`, Options{}, []string{"api@ 0.5/1 LINUX/X86_64 × 2 on FARGATE:0+1"}},
		{"a dynamic block in a module: the only target group that the module is given", `
region: eu-west-1
resources:
  module.alb: {inputs: {x: 1}, outputs: {groups: =aws_lb_target_group.this}}
  module.service: {inputs: {balancer: '=module.alb.groups["b"].arn', tasks: =aws_ecs_task_definition.api.arn}}
  module.alb.aws_lb.this: {after: {name: main, internal: true, load_balancer_type: application, subnets: [a, b]}}
  module.alb.aws_lb_listener.this: {after: {protocol: HTTP, default_action: [{type: forward}]}, unknown: {load_balancer_arn: true, default_action: [{target_group_arn: true}]}, code: {load_balancer_arn: =aws_lb.this.arn, default_action: [{target_group_arn: '=aws_lb_target_group.this["b"].arn'}]}}
  module.alb.aws_lb_target_group.this["a"]: {after: {name: a}}
  module.alb.aws_lb_target_group.this["b"]: {after: {name: b}}
  module.service.aws_ecs_service.this:
    after: {name: api, desired_count: 1, launch_type: FARGATE, load_balancer: [{container_name: api}]}
    unknown: {task_definition: true, load_balancer: [{target_group_arn: true}]}
    code: {task_definition: =local.task, launch_type: FARGATE}
` + apiTask, Options{}, []string{"api@ 0.5/1 LINUX/X86_64 × 1 on FARGATE:0+1 behind main", "balancer main application internal=true azs 2 rules 0"}},
		{"only a literal ARN", `
region: eu-west-1
resources:
  aws_ecs_service.api:
    after: {name: api, desired_count: 2, launch_type: FARGATE, task_definition: "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:7"}
`, Options{}, []string{"api@ -/- -/- × 2 on FARGATE:0+1"}},
		{"an older revision of a family in the plan", "region: eu-west-1\nresources:" + apiTask + `
  aws_ecs_service.api:
    after: {name: api, desired_count: 2, launch_type: FARGATE, task_definition: "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:7"}
`, Options{}, []string{`api@ 0.5/1 LINUX/X86_64 × 2 on FARGATE:0+1 note "the service runs revision 7 of api; its sizes are taken from the revision in the plan"`}},
		{"a data source beside the resource", "region: eu-west-1\nresources:" + apiTask + `
  data.aws_ecs_task_definition.api:
    actions: [read]
    after: {task_definition: api}
    unknown: {family: true, arn: true}
  aws_ecs_service.api:
    after: {name: api, desired_count: 2, launch_type: FARGATE}
    unknown: {task_definition: true}
    code: {task_definition: "=aws_ecs_task_definition.api.family, data.aws_ecs_task_definition.api.revision", launch_type: FARGATE}
`, Options{}, []string{"api@ 0.5/1 LINUX/X86_64 × 2 on FARGATE:0+1"}},
		{"a data source alone", `
region: eu-west-1
state:
  data.aws_ecs_task_definition.api: {family: api, revision: 12, arn: "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:12"}
resources:
  aws_ecs_service.api:
    after: {name: api, desired_count: 2, launch_type: FARGATE, task_definition: "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:12"}
`, Options{}, []string{"api@ -/- -/- × 2 on FARGATE:0+1"}},
		{"sizes known after apply stay unknown", `
region: eu-west-1
resources:
  aws_ecs_task_definition.api:
    after: {family: api, cpu: "512", requires_compatibilities: [FARGATE]}
    unknown: {memory: true, container_definitions: true, runtime_platform: true}
    code: {family: api, memory: =data.http.size.body, container_definitions: =data.http.x.body, runtime_platform: [{cpu_architecture: =data.http.x.body}]}
` + apiService, Options{}, []string{`api@ 0.5/- -/- × 2 on FARGATE:0+1 note "the containers are not known: known after apply"`}},
		{"no desired count", "region: eu-west-1\nresources:" + apiTask + `
  aws_ecs_service.api:
    after: {name: api, launch_type: FARGATE}
    unknown: {task_definition: true}
    code: {task_definition: =aws_ecs_task_definition.api.arn}
`, Options{}, []string{"api@ 0.5/1 LINUX/X86_64 × - on FARGATE:0+1"}},
		{"no desired count, the caller knows", "region: eu-west-1\nresources:" + apiTask + `
  aws_ecs_service.api:
    after: {name: api, launch_type: FARGATE}
    unknown: {task_definition: true}
    code: {task_definition: =aws_ecs_task_definition.api.arn}
`, Options{Count: 4}, []string{"api@ 0.5/1 LINUX/X86_64 × 4 on FARGATE:0+1"}},
		{"a scalable target over a count", "region: eu-west-1\nresources:" + apiTask + apiService + `
  aws_appautoscaling_target.api:
    after: {service_namespace: ecs, min_capacity: 4, max_capacity: 12}
    unknown: {resource_id: true}
    code: {resource_id: "=aws_ecs_cluster.main.name, aws_ecs_service.api.name"}
  aws_appautoscaling_policy.api:
    after: {policy_type: TargetTrackingScaling, service_namespace: ecs}
    unknown: {resource_id: true}
    code: {resource_id: =aws_appautoscaling_target.api.resource_id}
`, Options{}, []string{"api@ 0.5/1 LINUX/X86_64 × 4..12 on FARGATE:0+1", `alarms api of "api" 2?+-+-`}},
		{"a daemon", "region: eu-west-1\nresources:" + apiTask + `
  aws_ecs_service.api:
    after: {name: api, launch_type: EC2, scheduling_strategy: DAEMON}
    unknown: {task_definition: true}
    code: {task_definition: =aws_ecs_task_definition.api.arn}
`, Options{}, []string{"api@ 0.5/1 LINUX?/X86_64? × - on EC2:0+1"}},
		{"the cluster's default strategy", "region: eu-west-1\nresources:" + apiTask + `
  aws_ecs_cluster.main:
    after: {name: main}
    unknown: {arn: true}
  aws_ecs_cluster_capacity_providers.main:
    after: {cluster_name: main, capacity_providers: [FARGATE_SPOT], default_capacity_provider_strategy: [{capacity_provider: FARGATE_SPOT, base: 0, weight: 1}]}
  aws_ecs_service.api:
    after: {name: api, desired_count: 1}
    unknown: {task_definition: true, cluster: true, launch_type: true}
    code: {task_definition: =aws_ecs_task_definition.api.arn, cluster: =aws_ecs_cluster.main.id}
`, Options{}, []string{"api@main 0.5/1 LINUX/X86_64 × 1 on FARGATE_SPOT:0+1", "cluster main insights -"}},
		{"a capacity provider of another stack", "region: eu-west-1\nresources:" + apiTask + `
  aws_ecs_service.api:
    after: {name: api, desired_count: 1, capacity_provider_strategy: [{capacity_provider: elsewhere, base: 0, weight: 1}]}
    unknown: {task_definition: true}
    code: {task_definition: =aws_ecs_task_definition.api.arn}
`, Options{}, []string{"api@ 0.5/1 LINUX?/X86_64? × 1 on assumed"}},
		{"task sets", "region: eu-west-1\nresources:" + apiTask + `
  aws_ecs_service.api:
    after: {name: api, desired_count: 4, deployment_controller: [{type: EXTERNAL}]}
  aws_ecs_task_set.blue:
    after: {launch_type: FARGATE, scale: [{unit: PERCENT, value: 50}]}
    unknown: {service: true, task_definition: true}
    code: {service: =aws_ecs_service.api.id, task_definition: =aws_ecs_task_definition.api.arn}
`, Options{}, []string{"api/blue@ 0.5/1 LINUX/X86_64 × 2 on FARGATE:0+1"}},
		{"express mode", `
region: eu-west-1
resources:
  aws_ecs_express_gateway_service.web:
    after: {service_name: web, cpu: "2048", memory: "4096", primary_container: [{image: shop/web}], scaling_target: [{min_task_count: 2, max_task_count: 8}], network_configuration: [{subnets: [subnet-1, subnet-2]}]}
    unknown: {cluster: true}
`, Options{}, []string{"web@ 2/4 LINUX/X86_64 × 2..8 on FARGATE:0+1 behind ecs-express BLUE_GREEN", "balancer ecs-express application internal=false azs 2 rules 1", `logs  of "web" retention -`}},
		{"scheduled by EventBridge", "region: eu-west-1\nresources:" + apiTask + `
  aws_cloudwatch_event_rule.nightly:
    after: {name: nightly, schedule_expression: "cron(0 2 * * ? *)", state: ENABLED}
  aws_cloudwatch_event_target.nightly:
    after: {rule: nightly, arn: "arn:aws:ecs:eu-west-1:111122223333:cluster/main", ecs_target: [{task_count: 2, launch_type: FARGATE}]}
    unknown: {ecs_target: [{task_definition_arn: true}]}
    code: {ecs_target: [{task_definition_arn: =aws_ecs_task_definition.api.arn}]}
`, Options{}, []string{"nightly@main 0.5/1 LINUX/X86_64 × 1 runs of 2 on FARGATE:0+1"}},
		{"scheduled by the Scheduler, and off", "region: eu-west-1\nresources:" + apiTask + `
  aws_scheduler_schedule.often:
    after: {name: often, schedule_expression: rate(15 minutes), state: ENABLED, target: [{arn: "arn:aws:ecs:eu-west-1:111122223333:cluster/main", ecs_parameters: [{launch_type: FARGATE}]}]}
    unknown: {target: [{ecs_parameters: [{task_definition_arn: true}]}]}
    code: {target: [{ecs_parameters: [{task_definition_arn: =aws_ecs_task_definition.api.arn}]}]}
  aws_scheduler_schedule.off:
    after: {name: paused, schedule_expression: rate(1 hour), state: DISABLED, target: [{arn: x, ecs_parameters: [{launch_type: FARGATE}]}]}
    unknown: {target: [{ecs_parameters: [{task_definition_arn: true}]}]}
    code: {target: [{ecs_parameters: [{task_definition_arn: =aws_ecs_task_definition.api.arn}]}]}
`, Options{}, []string{"often@main 0.5/1 LINUX/X86_64 × 96 runs of 1 on FARGATE:0+1", "paused@x 0.5/1 LINUX/X86_64 × 0 runs of 1 on FARGATE:0+1"}},
		{"the same name in two clusters", "region: eu-west-1\nresources:" + apiTask + `
  aws_ecs_service.a:
    after: {name: api, cluster: one, desired_count: 1, launch_type: FARGATE, task_definition: api}
  aws_ecs_service.b:
    after: {name: api, cluster: two, desired_count: 1, launch_type: FARGATE, task_definition: api}
`, Options{}, []string{"aws_ecs_service.a@one 0.5/1 LINUX/X86_64 × 1 on FARGATE:0+1", "aws_ecs_service.b@two 0.5/1 LINUX/X86_64 × 1 on FARGATE:0+1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := ReadPlan("plan.json", writePlan(t, test.plan), test.opts)
			if err != nil {
				t.Fatal(err)
			}
			if _, got := planLines(p); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestPlanReasons holds that what is unknown says why.
func TestPlanReasons(t *testing.T) {
	for _, test := range []struct{ name, plan, want string }{
		{"literal ARN", `
resources:
  aws_ecs_service.api:
    after: {name: api, desired_count: 2, launch_type: FARGATE, task_definition: "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:7"}
`, "the task definition arn:aws:ecs:eu-west-1:111122223333:task-definition/api:7 is not in the plan"},
		{"a choice", `
resources:
  aws_ecs_task_definition.a: {after: {family: a, cpu: "256", memory: "512", container_definitions: '[{"name":"a","image":"a"}]'}}
  aws_ecs_task_definition.b: {after: {family: b, cpu: "256", memory: "512", container_definitions: '[{"name":"a","image":"a"}]'}}
  aws_ecs_service.api:
    after: {name: api, desired_count: 2, launch_type: FARGATE}
    unknown: {task_definition: true}
    code: {task_definition: "=aws_ecs_task_definition.a.arn, aws_ecs_task_definition.b.arn"}
`, "the task definition is one of aws_ecs_task_definition.a, aws_ecs_task_definition.b; which one is only known after apply"},
		{"nothing to follow", `
resources:
  aws_ecs_service.api:
    after: {name: api, desired_count: 2, launch_type: FARGATE}
    unknown: {task_definition: true}
    code: {task_definition: =local.arn}
`, "the task definition is not known: known after apply"},
		{"a data source", `
state:
  data.aws_ecs_task_definition.api: {family: api, revision: 12, arn: "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:12"}
resources:
  aws_ecs_service.api:
    after: {name: api, desired_count: 2, launch_type: FARGATE, task_definition: "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:12"}
`, "the data source data.aws_ecs_task_definition.api tells no sizes; hand in the task definition"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := ReadPlan("plan.json", writePlan(t, test.plan), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := p.After[0].Services[0].Task.CPU; got.Stated() || got.Note != test.want {
				t.Errorf("got %+v, want %q", got, test.want)
			}
		})
	}
}

func TestPlanSides(t *testing.T) {
	const small = `{family: api, revision: 7, arn: "arn:aws:ecs:eu-west-1:1:task-definition/api:7", cpu: "256", memory: "512", container_definitions: '[{"name":"api","image":"api"}]'}`
	const large = `{family: api, cpu: "512", memory: "1024", container_definitions: '[{"name":"api","image":"api"}]'}`
	const running = `{name: api, desired_count: 2, launch_type: FARGATE, task_definition: "arn:aws:ecs:eu-west-1:1:task-definition/api:7"}`
	const code = `{name: api, task_definition: =aws_ecs_task_definition.api.arn}`
	for _, test := range []struct {
		name, plan    string
		before, after []string
		renamed       map[string]string
	}{
		{"replaced by a larger one", `
resources:
  aws_ecs_task_definition.api: {actions: [delete, create], before: ` + small + `, after: ` + large + `, unknown: {arn: true, revision: true}}
  aws_ecs_service.api: {before: ` + running + `, after: {name: api, desired_count: 3, launch_type: FARGATE}, unknown: {task_definition: true}, code: ` + code + `}
`, []string{"api@ 0.25/0.5 LINUX/X86_64 × 2 on FARGATE:0+1"}, []string{"api@ 0.5/1 LINUX/X86_64 × 3 on FARGATE:0+1"}, nil},
		{"destroyed", `
resources:
  aws_ecs_task_definition.api: {before: ` + small + `}
  aws_ecs_service.api: {before: ` + running + `}
  aws_eip.old: {before: {id: eipalloc-1, domain: vpc}}
`, []string{"api@ 0.25/0.5 LINUX/X86_64 × 2 on FARGATE:0+1", "addresses 1"}, nil, nil},
		{"forgotten by Terraform, still in AWS", `
resources:
  aws_eip.old: {actions: [forget], before: {id: eipalloc-1, domain: vpc}}
`, []string{"addresses 1"}, []string{"addresses 1"}, nil},
		{"moved", `
resources:
  module.web.aws_lb.this:
    previous: aws_lb.main
    actions: [no-op]
    before: {name: main-2026, name_prefix: main, load_balancer_type: network, internal: true, subnets: [a]}
    after: {name: main-2026, name_prefix: main, load_balancer_type: network, internal: true, subnets: [a]}
`, []string{"balancer main-2026 network internal=true azs 1 rules -"}, []string{"balancer main-2026 network internal=true azs 1 rules -"},
			map[string]string{"aws_lb.main": "module.web.aws_lb.this"}},
		{"renamed in AWS: one resource all the same", `
resources:
  aws_lb.main:
    actions: [create, delete]
    before: {name: old, load_balancer_type: network, internal: true, subnets: [a]}
    after: {name: new, load_balancer_type: network, internal: true, subnets: [a, b]}
`, []string{"balancer new network internal=true azs 1 rules -"}, []string{"balancer new network internal=true azs 2 rules -"}, nil},
		{"outside of -target", `
state:
  aws_nat_gateway.main: {id: nat-1, connectivity_type: public}
  aws_nat_gateway.gone: {id: nat-2, connectivity_type: public}
resources:
  aws_nat_gateway.gone: {before: {id: nat-2, connectivity_type: public}}
`, []string{"nat gateway 2"}, []string{"nat gateway 1"}, nil},
		{"deposed: still there until it is destroyed", `
resources:
  aws_eip.a: {deposed: abcd1234, before: {id: eipalloc-0}}
`, []string{"addresses 1"}, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := ReadPlan("plan.json", writePlan(t, "region: eu-west-1"+test.plan), Options{})
			if err != nil {
				t.Fatal(err)
			}
			before, after := planLines(p)
			if !slices.Equal(before, test.before) || !slices.Equal(after, test.after) {
				t.Errorf("before\n%s\nafter\n%s\nwant\n%s\nand\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"), strings.Join(test.before, "\n"), strings.Join(test.after, "\n"))
			}
			if !maps.Equal(p.Renamed, test.renamed) {
				t.Errorf("renamed %v, want %v", p.Renamed, test.renamed)
			}
		})
	}
}

func TestPlanIncomplete(t *testing.T) {
	for extra, want := range map[string][]string{
		"{}":                             nil,
		"{complete: true}":               nil,
		"{errored: true}":                {"planning ended with an error: only a part of the changes is there"},
		"{complete: false}":              {"the plan calls itself incomplete: it was made with -target, or changes are deferred"},
		"{deferred_changes: [{}, {}]}":   {"2 changes are deferred to a later plan"},
		"{errored: false, applyable: 1}": nil,
	} {
		p, err := ReadPlan("plan.json", writePlan(t, "resources: {}\nextra: "+extra), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.Incomplete, want) || p.Complete() != (want == nil) {
			t.Errorf("%s: %q, complete %t", extra, p.Incomplete, p.Complete())
		}
	}
}

func TestPlanRegions(t *testing.T) {
	const lb = "resources: {aws_lb.a: {after: {name: a}}}"
	for _, test := range []struct {
		name, plan string
		opts       Options
		want       []string
		err        string
	}{
		{"the provider", "region: eu-west-1\n" + lb, Options{Region: "us-east-1"}, []string{"eu-west-1 known"}, ""},
		{"a variable", "region: =var.region\nextra: {variables: {region: {value: eu-north-1}}}\n" + lb, Options{}, []string{"eu-north-1 known"}, ""},
		{"the resource before its provider", "region: eu-west-1\nresources: {aws_lb.a: {after: {name: a, region: ap-south-1}}}", Options{}, []string{"ap-south-1 known"}, ""},
		{"an ARN of the same provider", "resources: {aws_lb.a: {after: {name: a}}, aws_lb.b: {before: {arn: 'arn:aws:elasticloadbalancing:sa-east-1:1:loadbalancer/app/b/1'}, after: {name: b}}}", Options{}, []string{"sa-east-1 known"}, ""},
		{"a data source", "state: {data.aws_region.here: {name: us-west-2}}\n" + lb, Options{}, []string{"us-west-2 known"}, ""},
		{"the caller", lb, Options{Region: "us-east-1"}, []string{"us-east-1 known"}, ""},
		{"the caller's default", lb, Options{DefaultRegion: "us-east-1"}, []string{"us-east-1 assumed"}, ""},
		{"where tasks log to", "resources: {aws_lb.a: {after: {name: a}}, aws_ecs_task_definition.t: {after: {family: t, container_definitions: '[{\"name\":\"t\",\"image\":\"t\",\"logConfiguration\":{\"logDriver\":\"awslogs\",\"options\":{\"awslogs-group\":\"g\",\"awslogs-region\":\"eu-west-3\"}}}]'}}}",
			Options{DefaultRegion: "us-east-1"}, []string{"eu-west-3 assumed"}, ""},
		{"nobody", lb, Options{}, []string{" unknown"}, ""},
		{"several", `
providers: {aws: eu-west-1, aws.us: us-east-1}
resources:
  aws_lb.a: {after: {name: a}}
  aws_lb.b: {after: {name: b}, provider: aws.us}
`, Options{}, []string{"eu-west-1 known", "us-east-1 known"}, "plan.json: the plan has resources in 2 regions (eu-west-1, us-east-1); choose one with --region"},
		{"one of several", `
providers: {aws: eu-west-1, aws.us: us-east-1}
resources:
  aws_lb.a: {after: {name: a}}
  aws_lb.b: {after: {name: b}, provider: aws.us}
`, Options{Region: "us-east-1"}, []string{"us-east-1 known"}, ""},
		{"a certificate for CloudFront makes no second region", `
providers: {aws: eu-west-1, aws.us: us-east-1}
resources:
  aws_lb.a: {after: {name: a}}
  aws_acm_certificate.b: {after: {}, provider: aws.us}
  aws_wafv2_web_acl.b: {after: {}, provider: aws.us}
`, Options{}, []string{"eu-west-1 known"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			data := writePlan(t, test.plan)
			all, err := ReadAll("plan.json", data, test.opts)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range all {
				got = append(got, w.Region.Value+" "+w.Region.Basis.String())
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			_, err = Read("plan.json", data, test.opts)
			if text := errorText(err); text != test.err {
				t.Errorf("Read says %q, want %q", text, test.err)
			}
		})
	}
}

// What a plan marks as sensitive is priced and never shown.
func TestPlanHidesSensitiveValues(t *testing.T) {
	p, err := ReadPlan("plan.json", writePlan(t, `
resources:
  aws_ecs_task_definition.api:
    after: {family: api, cpu: "256", memory: "512", requires_compatibilities: [FARGATE], container_definitions: '[{"name":"hunter2","image":"hunter2","cpu":256,"secrets":[{"name":"A","valueFrom":"hunter2"}],"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"hunter2"}}}]'}
    sensitive: {container_definitions: true}
  aws_ecs_service.api:
    after: {name: hunter2, desired_count: 1, launch_type: FARGATE, tags: {a: hunter2}, task_definition: api}
    sensitive: {name: true, tags: {a: true}}
`), Options{Region: "eu-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	if got := serviceLine(p.After[0].Services[0]); got != "aws_ecs_service.api@ 0.25/0.5 LINUX/X86_64 × 1 on FARGATE:0+1" {
		t.Error(got)
	}
	if text := showAll(p.After[0]); strings.Contains(text, "hunter2") {
		t.Errorf("a sensitive value shows:\n%s", text)
	}
	_, err = ReadPlan("plan.json", writePlan(t, `
resources:
  aws_ecs_task_definition.api:
    after: {family: api, container_definitions: '[{"name":"a","image":"b","cpu":"hunter2"}]'}
    sensitive: {container_definitions: true}
`), Options{})
	if text := errorText(err); text != "plan.json: resource_changes[0].change.after.container_definitions[0].cpu: a value that the plan marks as sensitive is none that ECS takes" {
		t.Error(text)
	}
}

func TestPlanErrors(t *testing.T) {
	for _, test := range []struct{ plan, want string }{
		{"resources: {null_resource.x: {after: {}}, aws_ecs_task_definition.api: {after: {family: a, cpu: big, container_definitions: '[{\"name\":\"a\",\"image\":\"b\"}]'}}}",
			`plan.json: resource_changes[1].change.after.cpu: want CPU units or "N vCPU", got "big"`},
		{"resources: {aws_ecs_task_definition.api: {after: {family: a, container_definitions: '[{'}}}",
			`plan.json: resource_changes[0].change.after.container_definitions: want a list of container definitions, got "no JSON"`},
		{"extra: {format_version: '2.0'}", `plan.json: format_version: want >= 0.1, < 2.0, got "2.0": another program than terraform show -json made this, or one that is newer than this reader`},
	} {
		_, err := ReadPlan("plan.json", writePlan(t, test.plan), Options{})
		if text := errorText(err); text != test.want {
			t.Errorf("got  %s\nwant %s", text, test.want)
		}
	}
}
