package intake

import (
	"encoding/json"
	"fmt"
	"testing"

	"ecsavvy/fixtures"
)

// The budget of a whole diff is 300 ms and 100 MB for 1,000 services (some 4,000
// resources), 50 ms and 40 MB for 100; reading may take less than half of it.
func BenchmarkReadPlan(b *testing.B) {
	for _, services := range []int{10, 100, 1000} {
		data := fixtures.LargePlan(services)
		b.Run(fmt.Sprintf("%d", services), func(b *testing.B) { readOften(b, data) })
	}
}

// A plan whose references all lead through modules, maps of outputs and each.key:
// reading has to stay linear where every reference could mean every instance.
func BenchmarkReadPlanOfModules(b *testing.B) {
	for _, services := range []int{250, 500, 1000, 2000} {
		data := planOfModules(services)
		b.Run(fmt.Sprintf("%d", services), func(b *testing.B) { readOften(b, data) })
	}
}

func readOften(b *testing.B, data []byte) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadPlan("plan.json", data, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// planOfModules is a plan of one module call for each service, behind the load
// balancer of another module.
func planOfModules(services int) []byte {
	type object = map[string]any
	var changes []any
	create := func(path, typ, name, key string, after, unknown object) {
		changes = append(changes, object{"address": path + typ + "." + name + key, "mode": "managed", "type": typ, "name": name,
			"change": object{"actions": []string{"create"}, "before": nil, "after": after, "after_unknown": unknown}})
	}
	for i := range services {
		key := fmt.Sprintf("[%q]", fmt.Sprint("s", i))
		path := "module.service" + key + "."
		create("module.alb.", "aws_lb_target_group", "this", key, object{"name": fmt.Sprint("t", i)}, object{"arn": true})
		create("module.alb.", "aws_lb_listener_rule", "this", key, object{"action": []any{object{"type": "forward"}}},
			object{"listener_arn": true, "action": []any{object{"target_group_arn": true}}})
		create(path, "aws_ecs_task_definition", "this", "[0]", object{"family": fmt.Sprint("f", i), "cpu": "256", "memory": "512", "container_definitions": `[{"name":"a","image":"b"}]`}, object{"arn": true})
		create(path, "aws_ecs_service", "this", "[0]", object{"name": fmt.Sprint("f", i), "desired_count": 1, "launch_type": "FARGATE", "load_balancer": []any{object{"container_name": "a"}}},
			object{"task_definition": true, "cluster": true, "load_balancer": []any{object{"target_group_arn": true}}})
	}
	create("module.alb.", "aws_lb", "this", "", object{"name": "main"}, object{"arn": true, "subnets": true})
	create("module.alb.", "aws_lb_listener", "this", "", object{"protocol": "HTTP"}, object{"load_balancer_arn": true})
	refs := func(list ...string) any { return object{"references": list} }
	code := func(address string, expressions object) any {
		return object{"address": address, "provider_config_key": "aws", "expressions": expressions}
	}
	balancer := object{"outputs": object{"groups": object{"expression": refs("aws_lb_target_group.this")}}, "resources": []any{
		code("aws_lb_listener.this", object{"load_balancer_arn": refs("aws_lb.this.arn", "aws_lb.this")}),
		code("aws_lb_listener_rule.this", object{"listener_arn": refs("aws_lb_listener.this.arn", "aws_lb_listener.this"), "action": []any{object{"target_group_arn": refs("aws_lb_target_group.this", "each.key")}}}),
	}}
	service := object{"resources": []any{
		code("aws_ecs_task_definition.this", object{}),
		code("aws_ecs_service.this", object{"task_definition": refs("local.task"), "cluster": refs("var.cluster")}),
	}}
	data, err := json.Marshal(object{"format_version": "1.2", "resource_changes": changes, "configuration": object{"root_module": object{"module_calls": object{
		"alb":     object{"expressions": object{}, "module": balancer},
		"service": object{"for_each_expression": refs("var.services"), "expressions": object{"group": refs("module.alb.groups", "module.alb", "each.key"), "cluster": refs("aws_ecs_cluster.main.arn")}, "module": service},
	}}}})
	if err != nil {
		panic(err) // maps of texts and numbers can be written
	}
	return data
}
