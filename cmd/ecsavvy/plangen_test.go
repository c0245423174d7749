package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strconv"
	"testing"
)

// manyServicesPlan is a Terraform plan of n services with a task definition, a
// load balancer and a log group each: 4n resources, in the parts and at the
// size that terraform show -json writes. Every tenth service doubles its CPU and
// every fiftieth is new.
func manyServicesPlan(tb testing.TB, n int) []byte {
	tb.Helper()
	g := &planGenerator{}
	for i := range n {
		g.service(i)
	}
	plan := map[string]any{
		"format_version": "1.2", "terraform_version": "1.13.3", "complete": true, "errored": false, "applyable": true,
		"planned_values":   map[string]any{"root_module": map[string]any{"resources": g.planned}},
		"resource_changes": g.changes,
		"prior_state": map[string]any{
			"format_version": "1.0", "terraform_version": "1.13.3",
			"values": map[string]any{"root_module": map[string]any{"resources": g.prior}},
		},
		"configuration": map[string]any{
			"provider_config": map[string]any{"aws": map[string]any{
				"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws",
				"expressions": map[string]any{"region": map[string]any{"constant_value": "eu-west-2"}},
			}},
			"root_module": map[string]any{"resources": g.configuration},
		},
	}
	data, err := json.Marshal(plan)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// planGenerator collects the parts of a plan.
type planGenerator struct {
	planned, changes, prior, configuration []any
}

func (g *planGenerator) service(i int) {
	name := fmt.Sprintf("service%04d", i)
	tags := map[string]any{"team": "team" + strconv.Itoa(i%20), "env": []string{"prod", "dev"}[i%2]}
	cpu, was := "512", "512"
	if i%10 == 3 {
		cpu = "1024"
	}
	fresh := i%50 == 7
	both := func(kind string, values, unknown, references map[string]any) {
		// A service follows its task definition's new revision.
		g.resource(kind, name, values, values, unknown, references, fresh, cpu != was && kind == "aws_ecs_service")
	}
	both("aws_cloudwatch_log_group", map[string]any{
		"name": "/ecs/" + name, "retention_in_days": 30, "log_group_class": "STANDARD", "kms_key_id": "", "name_prefix": "",
		"skip_destroy": false, "region": "eu-west-2", "tags": tags, "tags_all": tags,
	}, map[string]any{"arn": true, "id": true}, nil)
	both("aws_lb", map[string]any{
		"name": name, "load_balancer_type": "application", "internal": false, "ip_address_type": "ipv4", "idle_timeout": 60,
		"enable_http2": true, "enable_deletion_protection": false, "enable_cross_zone_load_balancing": true, "client_keep_alive": 3600,
		"access_logs": []any{}, "connection_logs": []any{}, "desync_mitigation_mode": "defensive", "drop_invalid_header_fields": false,
		"subnets": []any{"subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"}, "security_groups": []any{"sg-0a1b2c3d4e5f60718"},
		"subnet_mapping": []any{}, "xff_header_processing_mode": "append", "region": "eu-west-2", "tags": tags, "tags_all": tags,
	}, map[string]any{"arn": true, "dns_name": true, "id": true, "vpc_id": true, "zone_id": true, "subnet_mapping": true}, nil)
	g.resource("aws_ecs_task_definition", name, taskDefinitionValues(name, was, tags), taskDefinitionValues(name, cpu, tags),
		map[string]any{"arn": true, "arn_without_revision": true, "id": true, "revision": true},
		map[string]any{"container_definitions": map[string]any{"references": []string{"aws_cloudwatch_log_group." + name + ".name", "aws_cloudwatch_log_group." + name}}}, fresh, cpu != was)
	both("aws_ecs_service", map[string]any{
		"name": name, "cluster": "arn:aws:ecs:eu-west-2:123456789012:cluster/main", "desired_count": 2 + i%3, "launch_type": "FARGATE",
		"platform_version": "LATEST", "scheduling_strategy": "REPLICA", "propagate_tags": "SERVICE", "enable_ecs_managed_tags": true,
		"deployment_maximum_percent": 200, "deployment_minimum_healthy_percent": 100, "health_check_grace_period_seconds": 60,
		"wait_for_steady_state": false, "force_new_deployment": false, "enable_execute_command": false, "capacity_provider_strategy": []any{},
		"deployment_circuit_breaker": []any{map[string]any{"enable": true, "rollback": true}}, "deployment_controller": []any{map[string]any{"type": "ECS"}},
		"network_configuration": []any{map[string]any{"assign_public_ip": false, "subnets": []any{"subnet-0a1b2c3d4e5f60718"}, "security_groups": []any{"sg-0a1b2c3d4e5f60718"}}},
		"load_balancer":         []any{map[string]any{"container_name": "app", "container_port": 8080, "elb_name": ""}},
		"service_registries":    []any{}, "ordered_placement_strategy": []any{}, "placement_constraints": []any{}, "region": "eu-west-2", "tags": tags, "tags_all": tags,
	}, map[string]any{"id": true, "task_definition": true, "iam_role": true, "triggers": true},
		map[string]any{"task_definition": map[string]any{"references": []string{"aws_ecs_task_definition." + name + ".arn", "aws_ecs_task_definition." + name}}})
}

func taskDefinitionValues(name, cpu string, tags map[string]any) map[string]any {
	containers := fmt.Sprintf(`[{"cpu":0,"environment":[{"name":"LOG_LEVEL","value":"info"},{"name":"PORT","value":"8080"},{"name":"SERVICE","value":%q}],`+
		`"essential":true,"image":"123456789012.dkr.ecr.eu-west-2.amazonaws.com/%s:1.42.0","logConfiguration":{"logDriver":"awslogs","options":`+
		`{"awslogs-group":"/ecs/%s","awslogs-region":"eu-west-2","awslogs-stream-prefix":"app"}},"mountPoints":[],"name":"app",`+
		`"portMappings":[{"containerPort":8080,"hostPort":8080,"protocol":"tcp"}],"systemControls":[],"volumesFrom":[]}]`, name, name, name)
	return map[string]any{
		"family": name, "cpu": cpu, "memory": "2048", "network_mode": "awsvpc", "requires_compatibilities": []any{"FARGATE"},
		"container_definitions": containers, "execution_role_arn": "arn:aws:iam::123456789012:role/execution", "task_role_arn": "arn:aws:iam::123456789012:role/" + name,
		"ephemeral_storage": []any{}, "runtime_platform": []any{map[string]any{"cpu_architecture": "ARM64", "operating_system_family": "LINUX"}},
		"volume": []any{}, "placement_constraints": []any{}, "proxy_configuration": []any{}, "ipc_mode": "", "pid_mode": "",
		"skip_destroy": false, "track_latest": false, "enable_fault_injection": false, "region": "eu-west-2", "tags": tags, "tags_all": tags,
	}
}

// resource adds a resource to every part of the plan that has it.
func (g *planGenerator) resource(kind, name string, before, after, unknown, references map[string]any, fresh, changed bool) {
	base := map[string]any{
		"address": kind + "." + name, "mode": "managed", "type": kind, "name": name,
		"provider_name": "registry.terraform.io/hashicorp/aws",
	}
	with := func(extra map[string]any) map[string]any {
		all := maps.Clone(base)
		maps.Copy(all, extra)
		return all
	}
	known := maps.Clone(before)
	for key := range unknown {
		known[key] = "arn:aws:x:eu-west-2:123456789012:" + kind + "/" + name + "/" + key
	}
	switch definition := "arn:aws:ecs:eu-west-2:123456789012:task-definition/" + name + ":7"; kind {
	case "aws_ecs_task_definition":
		known["arn"] = definition
	case "aws_ecs_service":
		known["task_definition"] = definition
	}
	change := map[string]any{"before": known, "after": after, "after_unknown": unknown, "before_sensitive": map[string]any{}, "after_sensitive": map[string]any{}}
	switch {
	case fresh:
		change["actions"], change["before"] = []string{"create"}, nil
	case changed:
		change["actions"] = []string{"update"}
	default:
		change["actions"], change["after"], change["after_unknown"] = []string{"no-op"}, known, map[string]any{}
		after = known
	}
	if !fresh {
		g.prior = append(g.prior, with(map[string]any{"schema_version": 1, "values": known, "sensitive_values": map[string]any{}}))
	}
	g.planned = append(g.planned, with(map[string]any{"schema_version": 1, "values": after, "sensitive_values": map[string]any{}}))
	g.changes = append(g.changes, with(map[string]any{"change": change}))
	expressions := map[string]any{"name": map[string]any{"constant_value": name}}
	maps.Copy(expressions, references)
	g.configuration = append(g.configuration, map[string]any{
		"address": kind + "." + name, "mode": "managed", "type": kind, "name": name, "provider_config_key": "aws",
		"expressions": expressions, "schema_version": 1,
	})
}

// TestWritePlans writes the plans of docs/benchmarks.md into the folder that
// ECSAVVY_PLANS names.
func TestWritePlans(t *testing.T) {
	dir := os.Getenv("ECSAVVY_PLANS")
	if dir == "" {
		t.Skip("ECSAVVY_PLANS names no folder")
	}
	for _, n := range []int{10, 100, 300, 1000, 3000} {
		if err := os.WriteFile(fmt.Sprintf("%s/plan%d.json", dir, n), manyServicesPlan(t, n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
