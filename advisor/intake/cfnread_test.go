package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"ecsavvy/advisor/design"
)

// lines says what a workload holds, a line for each part.
func lines(w design.Workload) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, s := range w.Services {
		add("%s", serviceLine(s))
	}
	for _, c := range w.Clusters {
		add("cluster %s insights %s", c.Name, wordText(c.Insights))
		for _, g := range c.Groups {
			add("group %s/%s %s count %s os %s spot %s target %s", c.Name, g.Name, strings.Join(g.InstanceTypes, ","), countText(g.Count),
				wordText(g.OS), amountText(g.Spot), amountText(g.TargetCapacity))
			for _, v := range []*design.Volume{g.RootVolume, g.DataVolume} {
				if v != nil {
					add("volume %s %s GB", v.Type, amountText(v.GB))
				}
			}
		}
	}
	for _, b := range w.LoadBalancers {
		add("balancer %s %s internal=%t azs %s rules %s", b.Name, b.Kind, b.Internal, amountText(b.AZs), amountText(b.Traffic.Rules))
	}
	if n := w.Network.NAT; n.Kind != design.NoNAT {
		add("nat %s %s", n.Kind, amountText(n.Count))
	}
	if w.Network.PublicIPv4.Stated() {
		add("addresses %s", amountText(w.Network.PublicIPv4))
	}
	for _, e := range w.Network.Endpoints {
		add("endpoint %s %s azs %s", e.Service, e.Kind, amountText(e.AZs))
	}
	for _, g := range w.LogGroups {
		add("logs %s of %q retention %s", g.Name, g.Service, amountText(g.RetentionDays))
	}
	for _, r := range w.Repositories {
		add("repository %s of %q keeps %s images, %s days", r.Name, r.Service, amountText(r.KeepImages), amountText(r.KeepDays))
	}
	for _, s := range w.Secrets {
		add("secrets %s of %q %s+%s+%s", s.Name, s.Service, amountText(s.Secrets), amountText(s.StandardParameters), amountText(s.AdvancedParameters))
	}
	for _, f := range w.FileSystems {
		add("files %s of %q one-zone=%t", f.Name, f.Service, f.OneZone)
	}
	for _, a := range w.Alarms {
		add("alarms %s of %q %s+%s+%s", a.Name, a.Service, amountText(a.Standard), amountText(a.HighResolution), amountText(a.Composite))
	}
	for _, n := range w.Namespaces {
		add("namespace %s of %q zone=%t", n.Name, n.Service, n.HostedZone)
	}
	for _, kind := range slices.Sorted(maps.Keys(w.NotPriced)) {
		add("not priced: %s %d", kind, w.NotPriced[kind])
	}
	return out
}

func serviceLine(s design.Service) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s@%s %s/%s %s/%s", s.Name, s.Cluster, amountText(s.Task.CPU), amountText(s.Task.Memory), wordText(s.Task.OS), wordText(s.Task.Architecture))
	if s.Task.EphemeralStorage.Value > design.FreeEphemeralGiB {
		fmt.Fprintf(&b, " disk %s", amountText(s.Task.EphemeralStorage))
	}
	if s.Task.GPUs > 0 {
		fmt.Fprintf(&b, " gpus %d", s.Task.GPUs)
	}
	fmt.Fprintf(&b, " × %s on", countText(s.Count))
	for _, p := range s.Capacity.Providers {
		fmt.Fprintf(&b, " %s", p.Kind)
		if p.Group != "" {
			fmt.Fprintf(&b, "(%s)", p.Group)
		}
		fmt.Fprintf(&b, ":%d+%d", p.Base, p.Weight)
	}
	if s.Capacity.Assumed != "" {
		b.WriteString(" assumed")
	}
	if s.AssignPublicIP.Value {
		b.WriteString(" public")
	}
	for _, in := range s.Ingress {
		fmt.Fprintf(&b, " behind %s", in.LoadBalancer)
	}
	for _, side := range s.Sidecars {
		fmt.Fprintf(&b, " with %s", side.Name)
	}
	for _, v := range s.Task.Volumes {
		fmt.Fprintf(&b, " volume %s %s", v.Name, v.Kind)
		if v.Kind == "ebs" {
			fmt.Fprintf(&b, " %s %s", v.Volume.Type, amountText(v.Volume.GB))
		}
	}
	if s.Deployment.Kind != "" {
		fmt.Fprintf(&b, " %s", s.Deployment.Kind)
	}
	for _, note := range s.Task.Notes {
		fmt.Fprintf(&b, " note %q", note)
	}
	return b.String()
}

func countText(p design.CountProfile) string {
	switch {
	case p.Scaled != nil:
		return amountText(p.Scaled.Min) + ".." + amountText(p.Scaled.Max)
	case p.Week != nil:
		return fmt.Sprintf("week %g", p.Week.Mean())
	case p.Runs != nil:
		return fmt.Sprintf("%s runs of %s", amountText(p.Runs.PerDay), amountText(p.Runs.Tasks))
	default:
		return amountText(p.Fixed)
	}
}

// The task definition of the templates in the tables.
const tinyTask = `
  Task: {Type: AWS::ECS::TaskDefinition, Properties: {Family: tiny, Cpu: 256, Memory: 512, RequiresCompatibilities: [FARGATE], ContainerDefinitions: [{Name: app, Image: app}]}}`

func TestCloudFormationResources(t *testing.T) {
	tests := []struct {
		name string
		in   string // below Resources, beside Task
		want []string
	}{
		{"service", `
  Main: {Type: AWS::ECS::Cluster, Properties: {ClusterName: main, ClusterSettings: [{Name: containerInsights, Value: enabled}]}}
  Api:
    Type: AWS::ECS::Service
    Properties:
      ServiceName: api
      Cluster: !Ref Main
      TaskDefinition: !Ref Task
      DesiredCount: "3"
      LaunchType: FARGATE
      NetworkConfiguration: {AwsvpcConfiguration: {AssignPublicIp: ENABLED}}
      DeploymentConfiguration: {Strategy: BLUE_GREEN}
      ServiceConnectConfiguration: {Enabled: true}
`, []string{"api@main 0.25/0.5 LINUX/X86_64 × 3 on FARGATE:0+1 public BLUE_GREEN", "cluster main insights enabled"}},

		{"no desired count", `
  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task, LaunchType: FARGATE}}
`, []string{"Api@ 0.25/0.5 LINUX/X86_64 × 1? on FARGATE:0+1"}},

		{"capacity providers of the cluster", `
  Main: {Type: AWS::ECS::Cluster}
  Link:
    Type: AWS::ECS::ClusterCapacityProviderAssociations
    Properties:
      Cluster: !Ref Main
      CapacityProviders: [FARGATE, FARGATE_SPOT]
      DefaultCapacityProviderStrategy: [{CapacityProvider: FARGATE, Base: 1, Weight: 1}, {CapacityProvider: FARGATE_SPOT, Weight: 4}]
  Api: {Type: AWS::ECS::Service, Properties: {Cluster: !GetAtt Main.Arn, TaskDefinition: !Ref Task, DesiredCount: 5}}
`, []string{"Api@Main 0.25/0.5 LINUX/X86_64 × 5 on FARGATE:1+1 FARGATE_SPOT:0+4", "cluster Main insights -"}},

		{"instances", `
  Main: {Type: AWS::ECS::Cluster, Properties: {ClusterName: main, CapacityProviders: [!Ref Provider]}}
  Provider:
    Type: AWS::ECS::CapacityProvider
    Properties: {AutoScalingGroupProvider: {AutoScalingGroupArn: !Ref Group, ManagedScaling: {Status: ENABLED, TargetCapacity: 90}}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 1
      MaxSize: 4
      MixedInstancesPolicy:
        InstancesDistribution: {OnDemandPercentageAboveBaseCapacity: 25}
        LaunchTemplate:
          LaunchTemplateSpecification: {LaunchTemplateId: !Ref Launch, Version: !GetAtt Launch.LatestVersionNumber}
          Overrides: [{InstanceType: m7g.large}, {InstanceType: m6g.large}]
  Launch:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        InstanceType: m7g.large
        ImageId: "{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id}}"
        BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {VolumeSize: 40, VolumeType: gp3}}]
  Api:
    Type: AWS::ECS::Service
    Properties: {Cluster: !Ref Main, TaskDefinition: !Ref Task, DesiredCount: 2, CapacityProviderStrategy: [{CapacityProvider: !Ref Provider, Weight: 1}]}
`, []string{"Api@main 0.25/0.5 LINUX?/X86_64? × 2 on EC2(Provider):0+1", "cluster main insights -",
			"group main/Provider m7g.large,m6g.large count 1..4 os LINUX spot 0.75 target 90", "volume gp3 40 GB"}},

		{"instances by launch configuration and start script", `
  Main: {Type: AWS::ECS::Cluster}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {MinSize: "2", MaxSize: "2", DesiredCapacity: "2", LaunchConfigurationName: !Ref Launch}
  Launch:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties:
      InstanceType: t3.medium
      SpotPrice: "0.02"
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          echo ECS_CLUSTER=${Main} >> /etc/ecs/ecs.config
          export TOKEN=canary
  Api: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Main, TaskDefinition: !Ref Task, DesiredCount: 2, LaunchType: EC2}}
`, []string{"Api@Main 0.25/0.5 LINUX?/X86_64? × 2 on EC2:0+1", "cluster Main insights -", "group Main/Group t3.medium count 2 os LINUX? spot 1 target -"}},

		{"managed instances", `
  Main: {Type: AWS::ECS::Cluster, Properties: {ClusterName: main}}
  Provider:
    Type: AWS::ECS::CapacityProvider
    Properties:
      ClusterName: !Ref Main
      ManagedInstancesProvider:
        InstanceLaunchTemplate:
          CapacityOptionType: SPOT
          InstanceRequirements: {VCpuCount: {Min: 2, Max: 8}, MemoryMiB: {Min: 4096}, AllowedInstanceTypes: [c6a.2xlarge]}
          StorageConfiguration: {StorageSizeGiB: 100}
  Api:
    Type: AWS::ECS::Service
    Properties: {Cluster: main, TaskDefinition: !Ref Task, DesiredCount: 2, CapacityProviderStrategy: [{CapacityProvider: !Ref Provider}]}
`, []string{"Api@main 0.25/0.5 LINUX?/X86_64? × 2 on MANAGED_INSTANCES(Provider):0+1", "cluster main insights -",
			"group main/Provider c6a.2xlarge count - os LINUX? spot 1 target -", "volume gp3 100 GB"}},

		{"autoscaling", `
  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task, LaunchType: FARGATE}}
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {ServiceNamespace: ecs, ScalableDimension: "ecs:service:DesiredCount", ResourceId: !Sub "service/default/${Api.Name}", MinCapacity: 2, MaxCapacity: 10}
  Policy:
    Type: AWS::ApplicationAutoScaling::ScalingPolicy
    Properties: {PolicyType: TargetTrackingScaling, ScalingTargetId: !Ref Target}
`, []string{"Api@ 0.25/0.5 LINUX/X86_64 × 2..10 on FARGATE:0+1", `alarms Api of "Api" 2?+-+-`}},

		{"autoscaling by the same expressions", `
  Main: {Type: AWS::ECS::Cluster}
  Api: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Main, ServiceName: !Sub "${AWS::StackName}-api", TaskDefinition: !Ref Task, LaunchType: FARGATE}}
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {ServiceNamespace: ecs, ResourceId: !Join [/, [service, !Ref Main, !Sub "${AWS::StackName}-api"]], MinCapacity: 2, MaxCapacity: 10}
`, []string{"Api@Main 0.25/0.5 LINUX/X86_64 × 2..10 on FARGATE:0+1", "cluster Main insights -"}},

		{"autoscaling by names", `
  Main: {Type: AWS::ECS::Cluster, Properties: {ClusterName: main}}
  Api: {Type: AWS::ECS::Service, Properties: {Cluster: !GetAtt Main.Arn, ServiceName: api, TaskDefinition: !Ref Task, LaunchType: FARGATE}}
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {ServiceNamespace: ecs, ResourceId: !Sub "service/${Main}/api", MinCapacity: 3, MaxCapacity: 3}
`, []string{"api@main 0.25/0.5 LINUX/X86_64 × 3 on FARGATE:0+1", "cluster main insights -"}},

		{"off hours", `
  Api: {Type: AWS::ECS::Service, Properties: {ServiceName: api, TaskDefinition: !Ref Task, LaunchType: FARGATE}}
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: ecs
      ResourceId: service/default/api
      MinCapacity: 4
      MaxCapacity: 4
      ScheduledActions:
      - {ScheduledActionName: on, Schedule: cron(0 8 ? * MON-FRI *), ScalableTargetAction: {MinCapacity: 4, MaxCapacity: 4}}
      - {ScheduledActionName: off, Schedule: cron(0 20 ? * MON-FRI *), ScalableTargetAction: {MinCapacity: 0, MaxCapacity: 0}}
`, []string{fmt.Sprintf("api@ 0.25/0.5 LINUX/X86_64 × week %g on FARGATE:0+1", 4*60.0/168)}},

		{"autoscaling of something else", `
  Target: {Type: AWS::ApplicationAutoScaling::ScalableTarget, Properties: {ServiceNamespace: dynamodb, ResourceId: table/x, MinCapacity: 1, MaxCapacity: 2}}
`, []string{"not priced: AWS::ECS::TaskDefinition that nothing here runs 1"}},

		{"load balancers", `
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Select [0, !GetAZs ""]}}
  SubnetB: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Select [1, !GetAZs ""]}}
  Edge: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: edge, Subnets: [!Ref SubnetA, !Ref SubnetB]}}
  Http: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Edge, Protocol: HTTP, DefaultActions: [{Type: fixed-response}]}}
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties: {ListenerArn: !Ref Http, Actions: [{Type: forward, ForwardConfig: {TargetGroups: [{TargetGroupArn: !Ref Web}]}}]}
  Web: {Type: AWS::ElasticLoadBalancingV2::TargetGroup}
  Wire: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Scheme: internal, Subnets: [!Ref SubnetA]}}
  Tcp: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Wire, Protocol: TLS, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Raw}]}}
  Raw: {Type: AWS::ElasticLoadBalancingV2::TargetGroup}
  Old: {Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: {LoadBalancerName: old, Listeners: [{Protocol: http}], AvailabilityZones: [a, b, c]}}
  Api:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      DesiredCount: 1
      LaunchType: FARGATE
      LoadBalancers: [{TargetGroupArn: !Ref Web}, {TargetGroupArn: !Ref Raw}, {LoadBalancerName: old}]
`, []string{"Api@ 0.25/0.5 LINUX/X86_64 × 1 on FARGATE:0+1 behind edge behind Wire behind old",
			"balancer Wire network internal=true azs 1 rules -", "balancer edge application internal=false azs 2 rules 1", "balancer old classic internal=false azs 3 rules -"}},

		{"network", `
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-2a}}
  SubnetB: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-2b}}
  IPA: {Type: AWS::EC2::EIP}
  IPB: {Type: AWS::EC2::EIP}
  Spare: {Type: AWS::EC2::EIP}
  Own: {Type: AWS::EC2::EIP, Properties: {PublicIpv4Pool: ipv4pool-ec2-1}}
  NatA: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref SubnetA, AllocationId: !GetAtt IPA.AllocationId}}
  NatB: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref SubnetB, AllocationId: !GetAtt IPB.AllocationId}}
  S3: {Type: AWS::EC2::VPCEndpoint, Properties: {ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"}}
  Ecr: {Type: AWS::EC2::VPCEndpoint, Properties: {ServiceName: !Sub "com.amazonaws.${AWS::Region}.ecr.api", VpcEndpointType: Interface, SubnetIds: [!Ref SubnetA, !Ref SubnetB]}}
`, []string{"nat gateway 2", "addresses 1", "endpoint ecr.api interface azs 2", "endpoint s3 gateway azs -",
			"not priced: AWS::ECS::TaskDefinition that nothing here runs 1"}},

		{"regional NAT gateway, addresses by association", `
  Regional: {Type: AWS::EC2::NatGateway, Properties: {AvailabilityMode: regional, VpcId: vpc-1, AvailabilityZoneAddresses: [{AvailabilityZone: a, AllocationIds: [!GetAtt A.AllocationId]}, {AvailabilityZone: b, AllocationIds: [!GetAtt B.AllocationId]}]}}
  A: {Type: AWS::EC2::EIP}
  B: {Type: AWS::EC2::EIP}
  Held: {Type: AWS::EC2::EIP}
  Holding: {Type: AWS::EC2::EIPAssociation, Properties: {AllocationId: !GetAtt Held.AllocationId, InstanceId: !Ref Box}}
  Box: {Type: AWS::EC2::Instance, Properties: {InstanceType: t3.nano}}
`, []string{"cluster (no cluster) insights -", "group (no cluster)/Box t3.nano count 1 os LINUX? spot - target -", "nat regional-gateway 2",
			"not priced: AWS::ECS::TaskDefinition that nothing here runs 1"}},

		{"classic load balancer in all zones", `
  Old: {Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: {LoadBalancerName: old, Listeners: [{Protocol: http}], AvailabilityZones: !GetAZs ""}}
`, []string{"balancer old classic internal=false azs - rules -", "not priced: AWS::ECS::TaskDefinition that nothing here runs 1"}},

		{"NAT instance by its interface, addresses of a load balancer", `
  Zone: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-2a}}
  Card: {Type: AWS::EC2::NetworkInterface, Properties: {SourceDestCheck: "false", SubnetId: !Ref Zone}}
  Out: {Type: AWS::EC2::Route, Properties: {NetworkInterfaceId: !Ref Card}}
  Fixed: {Type: AWS::EC2::EIP}
  Wire: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, SubnetMappings: [{SubnetId: !Ref Zone, AllocationId: !GetAtt Fixed.AllocationId}]}}
`, []string{"balancer Wire network internal=false azs 1 rules -", "not priced: AWS::ECS::TaskDefinition that nothing here runs 1"}},

		{"devices, registry credentials, loops over names that are no ids", `
  Fn::ForEach::Tasks:
  - Name
  - [chat-bot]
  - Task&{Name}:
      Type: AWS::ECS::TaskDefinition
      Properties:
        Family: !Ref Name
        ContainerDefinitions:
        - Name: "${Name}"
          Image: registry.example/x
          Memory: 1024
          Essential: !Ref AWS::NoValue
          RepositoryCredentials: {CredentialsParameter: !Sub "arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:registry"}
          LinuxParameters: {Devices: [{HostPath: /dev/neuron0}], Capabilities: {Add: [canary]}}
          ResourceRequirements: [{Type: GPU, Value: 2}]
  Bot: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Taskchatbot, DesiredCount: 1, LaunchType: EC2}}
`, []string{`Bot@ -/- LINUX?/X86_64? gpus 2 × 1 on EC2:0+1 note "a container uses a Neuron device: the task needs an Inferentia or Trainium instance"`,
			`secrets Bot of "Bot" 1+-+-`, "not priced: AWS::ECS::TaskDefinition that nothing here runs 1"}},

		{"express service", `
  Web:
    Type: AWS::ECS::ExpressGatewayService
    Properties:
      ServiceName: web
      ScalingTarget: {MinTaskCount: 2, MaxTaskCount: 6}
      Memory: "4096"
      Cpu: "2048"
      PrimaryContainer: {Image: web, AwsLogsConfiguration: {LogGroup: !Ref Logs}, Secrets: [{Name: A, ValueFrom: !Ref Key}], Environment: [{Name: B, Value: canary}]}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}
  Key: {Type: AWS::SecretsManager::Secret}
`, []string{"web@ 2/4 LINUX/X86_64 × 2..6 on FARGATE:0+1 behind ecs-express BLUE_GREEN", "balancer ecs-express application internal=false azs - rules 1",
			`logs Logs of "web" retention 7`, `secrets web of "web" 1+-+-`, "not priced: AWS::ECS::TaskDefinition that nothing here runs 1"}},

		{"NAT instance", `
  Box: {Type: AWS::EC2::Instance, Properties: {InstanceType: t4g.nano, SourceDestCheck: false, SubnetId: !Ref SubnetA}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-2a}}
  Out: {Type: AWS::EC2::Route, Properties: {InstanceId: !Ref Box, DestinationCidrBlock: 0.0.0.0/0}}
  Elsewhere: {Type: AWS::EC2::Route, Properties: {GatewayId: igw-1}}
`, []string{"nat instance 1", "not priced: AWS::ECS::TaskDefinition that nothing here runs 1"}},

		{"logs, images, secrets, files, discovery, alarms", `
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/${AWS::StackName}/api", RetentionInDays: 14}}
  Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: api, LifecyclePolicy: {LifecyclePolicyText: '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":7},"action":{"type":"expire"}}]}'}}}
  Database: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: canary}}
  Key: {Type: AWS::SSM::Parameter, Properties: {Name: /api/key, Tier: Advanced, Value: canary}}
  Files: {Type: AWS::EFS::FileSystem, Properties: {AvailabilityZoneName: eu-west-2a, FileSystemTags: [{Key: Name, Value: files}]}}
  Space: {Type: AWS::ServiceDiscovery::PrivateDnsNamespace, Properties: {Name: internal}}
  Entry: {Type: AWS::ServiceDiscovery::Service, Properties: {DnsConfig: {NamespaceId: !Ref Space}}}
  Busy: {Type: AWS::CloudWatch::Alarm, Properties: {Period: 10, Dimensions: [{Name: ServiceName, Value: !GetAtt Api.Name}]}}
  Both: {Type: AWS::CloudWatch::CompositeAlarm, Properties: {AlarmRule: x}}
  Rich:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Cpu: 512
      Memory: 1024
      RequiresCompatibilities: [FARGATE]
      Volumes: [{Name: shared, EFSVolumeConfiguration: {FilesystemId: !Ref Files}}, {Name: scratch, ConfiguredAtLaunch: true}]
      ContainerDefinitions:
      - Name: app
        Image: !Sub "${Images.RepositoryUri}:latest"
        Environment: [{Name: A, Value: canary}, {Name: B, Value: !GetAtt Nobody.Name}]
        LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: !Sub "/${AWS::StackName}/api", awslogs-region: !Ref AWS::Region}}
        Secrets: [{Name: DB, ValueFrom: !Ref Database}, {Name: DB2, ValueFrom: !Sub "${Database}:user::"}, {Name: K, ValueFrom: !Ref Key}]
  Api:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Rich
      DesiredCount: 1
      LaunchType: FARGATE
      ServiceRegistries: [{RegistryArn: !GetAtt Entry.Arn}]
      VolumeConfigurations: [{Name: scratch, ManagedEBSVolume: {SizeInGiB: 50, VolumeType: gp3}}]
`, []string{`Api@ 0.5/1 LINUX/X86_64 × 1 on FARGATE:0+1 volume shared efs volume scratch ebs gp3 50`,
			`logs Logs of "Api" retention 14`, `repository api of "Api" keeps 7 images, - days`, `secrets Api of "Api" 1+-+1`,
			`files files of "Api" one-zone=true`, `alarms alarms of "" -+-+1`, `alarms Api of "Api" -+1+-`, `namespace internal of "Api" zone=true`,
			"not priced: AWS::ECS::TaskDefinition that nothing here runs 1"}},

		{"scheduled tasks", `
  Main: {Type: AWS::ECS::Cluster, Properties: {ClusterName: main}}
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: cron(0 3 * * ? *)
      Targets:
      - {Arn: !GetAtt Main.Arn, EcsParameters: {TaskDefinitionArn: !Ref Task, TaskCount: 2, LaunchType: FARGATE, NetworkConfiguration: {AwsVpcConfiguration: {AssignPublicIp: ENABLED}}}}
      - {Arn: "arn:aws:sqs:eu-west-2:1:q"}
  Often:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(15 minutes)
      Target: {Arn: !GetAtt Main.Arn, EcsParameters: {TaskDefinitionArn: !Ref Task, CapacityProviderStrategy: [{CapacityProvider: FARGATE_SPOT, Weight: 1}]}}
  Other: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Arn: "arn:aws:lambda:eu-west-2:1:function:f"}]}}
`, []string{"Nightly@main 0.25/0.5 LINUX/X86_64 × 1 runs of 2 on FARGATE:0+1 public", "Often@main 0.25/0.5 LINUX/X86_64 × 96 runs of 1 on FARGATE_SPOT:0+1", "cluster main insights -"}},

		{"names in ARNs whose account is not known", `
  Main: {Type: AWS::ECS::Cluster, Properties: {ClusterName: main}}
  Api:
    Type: AWS::ECS::Service
    Properties:
      ServiceName: api
      Cluster: !Sub "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/main"
      TaskDefinition: !Sub "arn:aws:ecs:${AWS::Region}:${AWS::AccountId}:task-definition/tiny"
      DesiredCount: 2
      LaunchType: FARGATE
`, []string{"api@main 0.25/0.5 LINUX/X86_64 × 2 on FARGATE:0+1", "cluster main insights -"}},

		{"task sets", `
  Main: {Type: AWS::ECS::Cluster, Properties: {ClusterName: main}}
  Api: {Type: AWS::ECS::Service, Properties: {ServiceName: api, Cluster: !Ref Main, DesiredCount: 4, DeploymentController: {Type: EXTERNAL}}}
  Blue: {Type: AWS::ECS::TaskSet, Properties: {Cluster: !Ref Main, Service: !Ref Api, TaskDefinition: !Ref Task, LaunchType: FARGATE, Scale: {Unit: PERCENT, Value: 75}}}
`, []string{"api/Blue@main 0.25/0.5 LINUX/X86_64 × 3 on FARGATE:0+1", "cluster main insights -"}},

		{"types without a model", `
  Queue: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic}
  Topic2: {Type: AWS::SNS::Topic}
  Flow: {Type: AWS::StepFunctions::StateMachine}
  Hook: {Type: Custom::Hook}
  Module: {Type: My::Own::Thing::MODULE}
  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://example.com/t.yaml}}
  Role: {Type: AWS::IAM::Role}
  Vpc: {Type: AWS::EC2::VPC}
  Meta: {Type: AWS::CDK::Metadata}
`, []string{"not priced: AWS::CloudFormation::CustomResource 1", "not priced: AWS::CloudFormation::Stack 1", "not priced: AWS::ECS::TaskDefinition that nothing here runs 1",
			"not priced: AWS::SNS::Topic 2", "not priced: AWS::SQS::Queue 1", "not priced: AWS::StepFunctions::StateMachine 1", "not priced: My::Own::Thing::MODULE 1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w, err := Read("template.yaml", []byte("Resources:"+tinyTask+test.in), Options{Region: "eu-west-2"})
			if err != nil {
				t.Fatal(err)
			}
			if got := lines(w); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}
