package intake

import (
	"fmt"
	"strings"
	"testing"
)

// largeTemplate is a template of n services as the CDK writes them, each with a
// task definition, a log group, a target group with its rule, and autoscaling.
func largeTemplate(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"Parameters": {"Env": {"Type": "String", "Default": "prod"}},
 "Conditions": {"Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}},
 "Resources": {
  "Main": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterSettings": [{"Name": "containerInsights", "Value": "enabled"}]}},
  "Edge": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {"Subnets": ["subnet-a", "subnet-b"]}},
  "Http": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": {"LoadBalancerArn": {"Ref": "Edge"}, "Protocol": "HTTP"}}`)
	for i := range n {
		id := fmt.Sprintf("S%04d", i)
		b.WriteString(",\n" + strings.ReplaceAll(`  "@Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": {"Fn::If": ["Prod", 30, 7]}}},
  "@Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}], "Version": "2012-10-17"}}},
  "@Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {
   "ContainerDefinitions": [{"Essential": true, "Image": {"Fn::Join": ["", [{"Ref": "AWS::AccountId"}, ".dkr.ecr.", {"Ref": "AWS::Region"}, ".amazonaws.com/@:latest"]]},
    "Environment": [{"Name": "ENV", "Value": {"Ref": "Env"}}, {"Name": "TABLE", "Value": "@"}],
    "LogConfiguration": {"LogDriver": "awslogs", "Options": {"awslogs-group": {"Ref": "@Logs"}, "awslogs-stream-prefix": "@", "awslogs-region": {"Ref": "AWS::Region"}}},
    "Name": "app", "PortMappings": [{"ContainerPort": 8080, "Protocol": "tcp"}]}],
   "Cpu": "512", "Memory": "1024", "Family": "@", "NetworkMode": "awsvpc", "RequiresCompatibilities": ["FARGATE"],
   "ExecutionRoleArn": {"Fn::GetAtt": ["@Role", "Arn"]}, "RuntimePlatform": {"CpuArchitecture": "ARM64", "OperatingSystemFamily": "LINUX"}}},
  "@Group": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"Port": 80, "Protocol": "HTTP", "TargetType": "ip"}},
  "@Rule": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": {"ListenerArn": {"Ref": "Http"}, "Actions": [{"Type": "forward", "TargetGroupArn": {"Ref": "@Group"}}]}},
  "@Service": {"Type": "AWS::ECS::Service", "Properties": {"Cluster": {"Ref": "Main"}, "DesiredCount": {"Fn::If": ["Prod", 3, 1]}, "LaunchType": "FARGATE",
   "DeploymentConfiguration": {"MaximumPercent": 200, "MinimumHealthyPercent": 50},
   "LoadBalancers": [{"ContainerName": "app", "ContainerPort": 8080, "TargetGroupArn": {"Ref": "@Group"}}],
   "NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": "DISABLED", "Subnets": ["subnet-a", "subnet-b"]}},
   "TaskDefinition": {"Ref": "@Task"}}, "DependsOn": ["@Rule"]},
  "@Target": {"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": {"MinCapacity": 2, "MaxCapacity": 12, "ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount",
   "ResourceId": {"Fn::Join": ["", ["service/", {"Ref": "Main"}, "/", {"Fn::GetAtt": ["@Service", "Name"]}]]}}}`, "@", id))
	}
	b.WriteString("\n}}\n")
	return []byte(b.String())
}

func BenchmarkCloudFormation(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000, 4000} {
		data := largeTemplate(n)
		b.Run(fmt.Sprintf("services=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				w, err := Read("template.json", data, Options{Region: "us-east-1"})
				if err != nil || len(w.Services) != n {
					b.Fatal(len(w.Services), err)
				}
			}
		})
	}
}
