package intake

import (
	"slices"
	"strings"
	"testing"
)

// TestPlanParts holds what a plan's network, instances and shared resources
// become, part by part.
func TestPlanParts(t *testing.T) {
	for _, test := range []struct {
		name, plan string
		want       []string
	}{
		{"addresses are counted where they are billed", `
  aws_eip.nat: {after: {domain: vpc}, unknown: {id: true, instance: true}}
  aws_nat_gateway.main: {after: {connectivity_type: public}, unknown: {allocation_id: true}, code: {allocation_id: =aws_eip.nat.id}}
  aws_eip.web: {after: {domain: vpc}, unknown: {instance: true}, code: {instance: =aws_instance.web.id}}
  aws_instance.web: {after: {instance_type: t3.small}}
  aws_eip.assigned: {after: {domain: vpc}, unknown: {id: true}}
  aws_eip_association.a: {after: {}, unknown: {allocation_id: true, instance_id: true}, code: {allocation_id: =aws_eip.assigned.id, instance_id: =aws_instance.web.id}}
  aws_eip.front: {after: {domain: vpc}}
  aws_lb.front: {after: {name: front, load_balancer_type: network, internal: false, subnet_mapping: [{subnet_id: a}]}, unknown: {subnets: true, subnet_mapping: [{allocation_id: true}]}, code: {subnet_mapping: [{allocation_id: =aws_eip.front.id}]}}
  aws_eip.own: {after: {public_ipv4_pool: ipv4pool-ec2-012345}}
  aws_eip.idle: {after: {domain: vpc}}
`, []string{
			"cluster (no cluster) insights -", "group (no cluster)/aws_instance.web t3.small count 1 os LINUX? spot - target -",
			"balancer front network internal=false azs 1 rules -", "nat gateway 1", "addresses 1",
		}},
		{"a regional NAT gateway, a private one", `
  aws_nat_gateway.region: {after: {availability_mode: regional, availability_zone_address: [{availability_zone: a}, {availability_zone: b}]}}
  aws_nat_gateway.private: {after: {connectivity_type: private}}
`, []string{"nat regional-gateway 2", "not priced: private NAT gateway 1"}},
		{"NAT instances by route and by interface", `
  aws_instance.one: {after: {instance_type: t4g.nano}}
  aws_route.one: {after: {destination_cidr_block: 0.0.0.0/0}, unknown: {network_interface_id: true}, code: {network_interface_id: =aws_network_interface.one.id}}
  aws_network_interface.one: {after: {source_dest_check: false}}
  aws_network_interface_attachment.one: {after: {}, unknown: {instance_id: true, network_interface_id: true}, code: {instance_id: =aws_instance.one.id, network_interface_id: =aws_network_interface.one.id}}
  aws_instance.two: {after: {instance_type: t4g.nano, source_dest_check: false}}
`, []string{"nat instance 2"}},
		{"subnets by zone", `
  aws_subnet.a: {after: {availability_zone: eu-west-1a}, unknown: {id: true}}
  aws_subnet.b: {after: {availability_zone: eu-west-1b}, unknown: {id: true}}
  aws_subnet.c: {after: {availability_zone: eu-west-1c}, unknown: {id: true}}
  aws_lb.a: {after: {name: a, load_balancer_type: gateway}, unknown: {subnets: true}, code: {subnets: "=aws_subnet.a.id, aws_subnet.b.id"}}
`, []string{"balancer a gateway internal=false azs 2 rules -"}},
		{"a Classic Load Balancer, and subnets that nobody knows", `
  aws_elb.old: {after: {name: old, internal: true, availability_zones: [a, b, c]}}
  aws_lb.new: {after: {name: new, load_balancer_type: application}, unknown: {subnets: true, internal: true}, code: {subnets: =data.x.y.ids, internal: =data.x.y.z}}
`, []string{"balancer new application internal=false azs - rules 0", "balancer old classic internal=true azs 3 rules -"}},
		{"endpoints", `
  aws_vpc_endpoint.a: {after: {service_name: com.amazonaws.eu-west-1.s3, vpc_endpoint_type: Gateway}}
  aws_vpc_endpoint.b: {after: {service_name: com.amazonaws.eu-west-1.ecr.api, vpc_endpoint_type: Interface, subnet_ids: [a, b]}}
  aws_vpc_endpoint.c: {after: {service_name: com.amazonaws.vpce.eu-west-1.vpce-svc-1, vpc_endpoint_type: GatewayLoadBalancer}}
`, []string{"endpoint ecr.api interface azs 2", "endpoint s3 gateway azs -", "not priced: VPC endpoint of type GatewayLoadBalancer 1"}},
		{"instances that join a cluster by their start script", `
  aws_ecs_cluster.main: {after: {name: main}}
  aws_launch_configuration.a: {after: {name: a, instance_type: m5.large, spot_price: "0.03", user_data: "#!/bin/bash\necho 'ECS_CLUSTER=main' >> /etc/ecs/ecs.config"}}
  aws_autoscaling_group.a: {after: {name: a, min_size: 2, max_size: 2, launch_configuration: a}}
  aws_launch_template.b: {after: {name: b, instance_type: c7g.large, user_data: "[settings.ecs]\ncluster = \"main\"\n"}}
  aws_autoscaling_group.b: {after: {name: b, min_size: 1, max_size: 9, desired_capacity: 3, launch_template: [{name: b}]}}
`, []string{
			"cluster main insights -",
			"group main/a m5.large count 2 os LINUX? spot 1 target -",
			"group main/b c7g.large count 3? os LINUX? spot - target -",
		}},
		{"mixed instances, managed scaling", `
  aws_ecs_cluster.main: {after: {name: main, setting: [{name: containerInsights, value: enabled}]}}
  aws_launch_template.a: {after: {name: a, instance_type: m6i.large, block_device_mappings: [{device_name: /dev/xvda, ebs: [{volume_size: 40, volume_type: gp3}]}, {device_name: /dev/sdb, ebs: [{volume_size: 100, volume_type: gp3}]}]}}
  aws_autoscaling_group.a:
    after:
      name: a
      min_size: 0
      max_size: 10
      mixed_instances_policy: [{instances_distribution: [{on_demand_percentage_above_base_capacity: 20}], launch_template: [{launch_template_specification: [{launch_template_name: a}], override: [{instance_type: m6i.large}, {instance_type: m6a.large}]}]}]
  aws_ecs_capacity_provider.a:
    after: {name: cp, auto_scaling_group_provider: [{managed_scaling: [{status: ENABLED, target_capacity: 80}]}]}
    unknown: {auto_scaling_group_provider: [{auto_scaling_group_arn: true}]}
    code: {auto_scaling_group_provider: [{auto_scaling_group_arn: =aws_autoscaling_group.a.arn}]}
  aws_ecs_cluster_capacity_providers.main: {after: {cluster_name: main, capacity_providers: [cp]}}
`, []string{
			"cluster main insights enabled",
			"group main/cp m6i.large,m6a.large count - os LINUX? spot 0.8 target 80",
			"volume gp3 40 GB", "volume gp3 100 GB",
		}},
		{"what the AMI tells", `
  data.aws_ami.windows: {actions: [no-op], before: {}, after: {id: ami-1, platform: windows, root_device_name: /dev/sda1, block_device_mappings: [{device_name: /dev/sda1, ebs: {volume_size: "50", volume_type: gp2}}]}}
  aws_instance.a: {after: {instance_type: t3.large, ami: ami-1}}
  aws_launch_template.b: {after: {name: b, instance_type: t3.large, image_id: "resolve:ssm:/aws/service/ami-windows-latest/Windows_Server-2022-English-Core-ECS_Optimized/image_id"}}
  aws_autoscaling_group.b: {after: {name: b, min_size: 1, max_size: 1, launch_template: [{name: b}]}}
`, []string{
			"cluster (no cluster) insights -",
			"group (no cluster)/aws_instance.a t3.large count 1 os WINDOWS spot - target -", "volume gp2 50 GB",
			"group (no cluster)/b t3.large count 1 os WINDOWS spot - target -",
		}},
		{"shared resources", `
  aws_cloudwatch_log_group.never: {after: {name: never, log_group_class: INFREQUENT_ACCESS}}
  aws_ecr_repository.a: {after: {name: a}}
  aws_ecr_lifecycle_policy.a: {after: {repository: a, policy: '{"rules":[{"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countNumber":1},"action":{"type":"expire"}},{"selection":{"tagStatus":"any","countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}'}}
  aws_secretsmanager_secret.a: {after: {name: a}}
  aws_secretsmanager_secret.b: {after: {name: b}}
  aws_ssm_parameter.a: {after: {name: a, tier: Advanced}}
  aws_ssm_parameter.b: {after: {name: b}}
  aws_efs_file_system.a: {after: {throughput_mode: elastic, availability_zone_name: eu-west-1a}}
  aws_service_discovery_http_namespace.a: {after: {name: a}}
  aws_service_discovery_private_dns_namespace.b: {after: {name: b}}
  aws_cloudwatch_metric_alarm.a: {after: {alarm_name: a, period: 30}}
  aws_cloudwatch_composite_alarm.b: {after: {alarm_name: b}}
  aws_wafv2_web_acl.a: {after: {}}
  aws_wafv2_web_acl.b: {after: {}}
  aws_iam_role.a: {after: {}}
  random_id.a: {after: {}}
  google_storage_bucket.a: {after: {}}
`, []string{
			"logs never of \"\" retention 0",
			`repository a of "" keeps - images, 14 days`,
			`secrets secrets of "" 2+1+1`,
			`files aws_efs_file_system.a of "" one-zone=true`,
			`alarms alarms of "" -+1+1`,
			`namespace a of "" zone=false`, `namespace b of "" zone=true`,
			"not priced: aws_wafv2_web_acl 2", "not priced: google_storage_bucket 1",
		}},
		{"what a service owns, what several share", `
  aws_ecs_task_definition.a: {after: {family: a, cpu: "256", memory: "512", container_definitions: '[{"name":"a","image":"1.dkr.ecr.eu-west-1.amazonaws.com/both:1","secrets":[{"name":"S","valueFrom":"arn:aws:secretsmanager:eu-west-1:1:secret:both-AbCdEf"},{"name":"P","valueFrom":"/a/p"}],"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"a"}}}]'}}
  aws_ecs_task_definition.b: {after: {family: b, cpu: "256", memory: "512", container_definitions: '[{"name":"b","image":"1.dkr.ecr.eu-west-1.amazonaws.com/both:1","secrets":[{"name":"S","valueFrom":"arn:aws:secretsmanager:eu-west-1:1:secret:both-AbCdEf"}]}]'}}
  aws_ecs_service.a: {after: {name: a, desired_count: 1, launch_type: FARGATE, task_definition: a}}
  aws_ecs_service.b: {after: {name: b, desired_count: 1, launch_type: FARGATE, task_definition: b}}
  aws_secretsmanager_secret.both: {after: {name: both}}
  aws_ssm_parameter.p: {after: {name: /a/p}}
  aws_ecr_repository.both: {after: {name: both}}
  aws_cloudwatch_log_group.a: {after: {name: a, retention_in_days: 7}}
`, []string{
			"a@ 0.25/0.5 LINUX/X86_64 × 1 on FARGATE:0+1", "b@ 0.25/0.5 LINUX/X86_64 × 1 on FARGATE:0+1",
			`logs a of "a" retention 7`, `repository both of "" keeps - images, - days`,
			`secrets secrets of "" 1+-+-`, `secrets a of "a" -+1+-`,
		}},
		{"log groups of containers that are not known", `
  aws_ecs_task_definition.a: {after: {family: a, cpu: "256", memory: "512", requires_compatibilities: [FARGATE]}, unknown: {container_definitions: true}, code: {container_definitions: "=aws_cloudwatch_log_group.a.name, aws_ecr_repository.a.repository_url"}}
  aws_ecs_service.a: {after: {name: a, desired_count: 1, launch_type: FARGATE, task_definition: a}}
  aws_cloudwatch_log_group.a: {after: {retention_in_days: 3}}
  aws_ecr_repository.a: {after: {name: r}}
`, []string{
			`a@ 0.25/0.5 LINUX/X86_64 × 1 on FARGATE:0+1 note "the containers are not known: known after apply"`,
			`logs aws_cloudwatch_log_group.a of "a" retention 3`, `repository r of "a" keeps - images, - days`,
		}},
		{"blocks that are not there", `
  aws_cloudwatch_event_target.lambda: {after: {arn: x, ecs_target: []}}
  aws_scheduler_schedule.lambda: {after: {name: x, target: [{arn: x, ecs_parameters: []}]}}
  aws_appautoscaling_target.table: {after: {service_namespace: dynamodb, resource_id: table/x, min_capacity: 1, max_capacity: 2}}
`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := ReadPlan("plan.json", writePlan(t, "region: eu-west-1\nresources:"+test.plan), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, got := planLines(p); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}
