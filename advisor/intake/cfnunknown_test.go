package intake

import (
	"slices"
	"strings"
	"testing"

	"ecsavvy/advisor/design"
)

// What cannot be known is unknown in the workload, by name, and nothing is
// dropped or free for it.
func TestCloudFormationUnknowns(t *testing.T) {
	const head = `
Parameters:
  Size: {Type: Number}
  Prod: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Prod, "yes"]
  Never: !Equals [a, b]
Resources:` + tinyTask
	const undecided = "condition IsProd is not known: parameter Prod has no default (--parameter Prod=…)"
	read := func(t *testing.T, resources string, opts Options) design.Workload {
		t.Helper()
		opts.Region = "eu-west-2"
		w, err := Read("template.yaml", []byte(head+resources), opts)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	only := func(t *testing.T, w design.Workload) design.Service {
		t.Helper()
		if len(w.Services) != 1 {
			t.Fatalf("got %d services, want 1", len(w.Services))
		}
		return w.Services[0]
	}
	note := func(t *testing.T, f design.Fact[float64], want string) {
		t.Helper()
		if f.Stated() || f.Value != 0 || f.Note != want {
			t.Errorf("got %+v, want an unknown value because %q", f, want)
		}
	}

	t.Run("count", func(t *testing.T) {
		s := only(t, read(t, "\n  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task, DesiredCount: !Ref Size}}", Options{}))
		note(t, s.Count.Fixed, "parameter Size has no default (--parameter Size=…)")
	})
	t.Run("count by a parameter", func(t *testing.T) {
		w := read(t, "\n  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task, DesiredCount: !Ref Size}}", Options{Parameters: map[string]string{"Size": "7"}})
		if got := only(t, w).Count.Fixed; got != design.Know(7.0) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("count by a condition", func(t *testing.T) {
		s := only(t, read(t, "\n  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task, DesiredCount: !If [IsProd, 3, 1]}}", Options{}))
		note(t, s.Count.Fixed, undecided)
	})
	t.Run("service that may exist", func(t *testing.T) {
		s := only(t, read(t, "\n  Api: {Type: AWS::ECS::Service, Condition: IsProd, Properties: {TaskDefinition: !Ref Task, DesiredCount: 3}}", Options{}))
		note(t, s.Count.Fixed, "the service may exist: "+undecided)
	})
	t.Run("service that does not exist", func(t *testing.T) {
		w := read(t, "\n  Api: {Type: AWS::ECS::Service, Condition: Never, Properties: {TaskDefinition: !Ref Task, DesiredCount: 3}}", Options{})
		if len(w.Services) != 0 {
			t.Errorf("got %d services", len(w.Services))
		}
	})
	t.Run("autoscaling that may exist", func(t *testing.T) {
		s := only(t, read(t, `
  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task, DesiredCount: 3}}
  Target: {Type: AWS::ApplicationAutoScaling::ScalableTarget, Condition: IsProd, Properties: {ResourceId: !Sub "service/x/${Api.Name}", MinCapacity: 2, MaxCapacity: 9}}`, Options{}))
		if s.Count.Scaled == nil {
			t.Fatalf("got %+v", s.Count)
		}
		note(t, s.Count.Scaled.Min, "autoscaling may exist: "+undecided)
	})
	t.Run("load balancer and gateway that may exist", func(t *testing.T) {
		w := read(t, `
  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task, DesiredCount: 3}}
  Edge: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Condition: IsProd}
  Nat: {Type: AWS::EC2::NatGateway, Condition: IsProd}
  Off: {Type: AWS::EC2::NatGateway, Condition: Never}`, Options{})
		want := map[string]int{
			"AWS::ElasticLoadBalancingV2::LoadBalancer, which may exist (IsProd)": 1,
			"AWS::EC2::NatGateway, which may exist (IsProd)":                      1,
		}
		if len(w.LoadBalancers) != 0 || w.Network.NAT.Kind != design.NoNAT || len(w.NotPriced) != 2 {
			t.Errorf("got %v", lines(w))
		}
		for kind, n := range want {
			if w.NotPriced[kind] != n {
				t.Errorf("%s: got %d, want %d", kind, w.NotPriced[kind], n)
			}
		}
	})
	t.Run("task size", func(t *testing.T) {
		s := only(t, read(t, `
  Big: {Type: AWS::ECS::TaskDefinition, Properties: {Cpu: !Ref Size, Memory: !If [IsProd, 2048, 1024], RequiresCompatibilities: [FARGATE],
    RuntimePlatform: {CpuArchitecture: !Ref Prod}, ContainerDefinitions: [{Name: a, Image: !Ref Prod}, !If [IsProd, {Name: b, Image: b}, !Ref AWS::NoValue]]}}
  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Big, DesiredCount: 1}}`, Options{}))
		note(t, s.Task.CPU, "cpu is not known: parameter Size has no default (--parameter Size=…)")
		note(t, s.Task.Memory, "memory is not known: "+undecided)
		if s.Task.Architecture.Stated() || !strings.Contains(s.Task.Architecture.Note, "parameter Prod") {
			t.Errorf("got %+v", s.Task.Architecture)
		}
		if want := []string{"a container is not known: " + undecided}; !slices.Equal(s.Task.Notes, want) {
			t.Errorf("got %q, want %q", s.Task.Notes, want)
		}
		if s.Task.Containers[0].Image != "${Prod}" {
			t.Errorf("got image %q", s.Task.Containers[0].Image)
		}
	})
	t.Run("container size", func(t *testing.T) {
		s := only(t, read(t, `
  Big: {Type: AWS::ECS::TaskDefinition, Properties: {ContainerDefinitions: [{Name: a, Image: a, Cpu: 256, MemoryReservation: 256, Memory: !Ref Size}, {Name: b, Image: b, Cpu: !Ref Size, Memory: 512}]}}
  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Big, DesiredCount: 1}}`, Options{}))
		cpu, memory := s.Task.Sizes()
		note(t, cpu, "container b: cpu is not known: parameter Size has no default (--parameter Size=…)")
		if memory != design.Know(0.75) {
			t.Errorf("got memory %+v: the soft limit is what ECS reserves", memory)
		}
	})
	t.Run("task definition elsewhere", func(t *testing.T) {
		s := only(t, read(t, "\n  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !ImportValue net-task, DesiredCount: 1}}", Options{}))
		note(t, s.Task.CPU, `the task definition is not known: no template at hand exports "net-task"`)
	})
	t.Run("one of two task definitions", func(t *testing.T) {
		s := only(t, read(t, `
  Other: {Type: AWS::ECS::TaskDefinition, Properties: {Family: other, Cpu: 1024, Memory: 2048, RequiresCompatibilities: [FARGATE], ContainerDefinitions: [{Name: app, Image: app}]}}
  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !If [IsProd, !Ref Other, !Ref Task], DesiredCount: 1}}`, Options{}))
		note(t, s.Task.CPU, "the task definition is one of Other, Task; which one is only known after apply")
	})
	t.Run("capacity", func(t *testing.T) {
		s := only(t, read(t, "\n  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task, DesiredCount: 1, CapacityProviderStrategy: !If [IsProd, [{CapacityProvider: FARGATE}], !Ref AWS::NoValue]}}", Options{}))
		if len(s.Capacity.Providers) != 0 || s.Capacity.Assumed != "the capacity provider is not known: "+undecided {
			t.Errorf("got %+v", s.Capacity)
		}
	})
	t.Run("Container Insights", func(t *testing.T) {
		w := read(t, "\n  Main: {Type: AWS::ECS::Cluster, Properties: {ClusterSettings: !If [IsProd, [{Name: containerInsights, Value: enabled}], !Ref AWS::NoValue]}}", Options{})
		if got := w.Clusters[0].Insights; got.Stated() || got.Note != undecided {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("parts of a container", func(t *testing.T) {
		s := only(t, read(t, `
  Odd: {Type: AWS::ECS::TaskDefinition, Properties: {Cpu: 256, Memory: 512, RequiresCompatibilities: !Ref Prod, Volumes: [!Ref Prod], ContainerDefinitions: [{Name: a, Image: a,
    Secrets: !Ref Prod, PortMappings: [!Ref Prod], ResourceRequirements: !Ref Prod}]}}
  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Odd, DesiredCount: 1, LaunchType: FARGATE, LoadBalancers: !Ref Prod, VolumeConfigurations: !Ref Prod}}`, Options{}))
		const why = "parameter Prod has no default (--parameter Prod=…)"
		want := []string{"a volume is not known: " + why, "a container's secrets are not known: " + why,
			"an item in PortMappings of a container is not known: " + why, "ResourceRequirements of a container is not known: " + why}
		if !slices.Equal(s.Task.Notes, want) {
			t.Errorf("got %q\nwant %q", s.Task.Notes, want)
		}
	})
	t.Run("schedules that may exist, or whose targets are not known", func(t *testing.T) {
		w := read(t, `
  Maybe: {Type: AWS::Scheduler::Schedule, Condition: IsProd, Properties: {ScheduleExpression: rate(1 hour), Target: {Arn: c, EcsParameters: {TaskDefinitionArn: !Ref Task}}}}
  Rule: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 hour), Targets: !Ref Prod}}
  Other: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 hour), Target: !Ref Prod}}`, Options{})
		note(t, only(t, w).Count.Runs.PerDay, "the schedule is not known: the schedule may exist: "+undecided)
		if w.NotPriced["AWS::Events::Rule with a target that is not known"] != 1 || w.NotPriced["AWS::Scheduler::Schedule with a target that is not known"] != 1 {
			t.Errorf("got %v", w.NotPriced)
		}
	})
	t.Run("retention", func(t *testing.T) {
		w := read(t, "\n  Logs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !Ref Size}}", Options{})
		note(t, w.LogGroups[0].RetentionDays, "parameter Size has no default (--parameter Size=…)")
	})
	t.Run("loop over something unknown", func(t *testing.T) {
		w := read(t, "\n  Fn::ForEach::Services: [Name, !Ref Prod, {\"S${Name}\": {Type: AWS::ECS::Service}}]", Options{})
		if w.NotPriced["loop Services was left out: parameter Prod has no default (--parameter Prod=…)"] != 1 {
			t.Errorf("got %v", w.NotPriced)
		}
	})
	t.Run("loop", func(t *testing.T) {
		w := read(t, "\n  Fn::ForEach::Services: [Name, [Api, Web], {\"${Name}Service\": {Type: AWS::ECS::Service, Properties: {ServiceName: !Sub \"my-${Name}\", TaskDefinition: !Ref Task, DesiredCount: 1, LaunchType: FARGATE}}}]", Options{})
		if len(w.Services) != 2 || w.Services[0].Name != "my-Api" || w.Services[1].Name != "my-Web" {
			t.Errorf("got %v", lines(w))
		}
	})
	t.Run("macros", func(t *testing.T) {
		w, err := Read("template.yaml", []byte("Transform: [AWS::LanguageExtensions, MyMacro]\nResources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://x}}\n"), Options{})
		if err != nil || w.NotPriced["transform MyMacro"] != 1 || w.NotPriced["macro AWS::Include"] != 1 || len(w.NotPriced) != 2 {
			t.Errorf("got %v, %v", w.NotPriced, err)
		}
	})
}

func TestCloudFormationRegion(t *testing.T) {
	const template = `
Mappings: {Sizes: {eu-west-2: {count: 3}, us-east-1: {count: 5}}}
Resources:
  Task: {Type: AWS::ECS::TaskDefinition, Properties: {ContainerDefinitions: [{Name: a, Image: a, Memory: 128, LogConfiguration: {LogDriver: awslogs, Options: {awslogs-region: eu-west-2}}}]}}
  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task, DesiredCount: !FindInMap [Sizes, !Ref AWS::Region, count]}}
`
	tests := []struct {
		name      string
		opts      Options
		want      design.Fact[string]
		wantCount float64
	}{
		{"from the logs", Options{DefaultRegion: "us-east-1"}, design.Assume("eu-west-2", "from awslogs-region"), 3},
		{"from the caller", Options{Region: "us-east-1"}, design.Know("us-east-1"), 5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w, err := Read("template.yaml", []byte(template), test.opts)
			if err != nil {
				t.Fatal(err)
			}
			if w.Region != test.want || w.Services[0].Count.Fixed.Value != test.wantCount {
				t.Errorf("got %+v with count %+v", w.Region, w.Services[0].Count.Fixed)
			}
		})
	}
	w, err := Read("template.yaml", []byte(strings.Replace(template, "awslogs-region: eu-west-2", "x: y", 1)), Options{})
	if err != nil || w.Region.Stated() || w.Services[0].Count.Fixed.Note != "no region is given (--region)" {
		t.Errorf("got %+v, count %+v, %v", w.Region, w.Services[0].Count.Fixed, err)
	}
}

func TestCloudFormationMistakes(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"resources are a list", "AWSTemplateFormatVersion: 2010-09-09\nResources: [a]\n", "template.yaml:2:12: Resources: want a mapping of logical ids to resources, got a list"},
		{"no resources", "AWSTemplateFormatVersion: 2010-09-09\nOutputs: {}\n", "template.yaml: the template has no Resources"},
		{"resource without a type", "Resources:\n  Api: {Properties: {}}\n", `template.yaml:2:3: Resources.Api: a resource needs a Type such as "AWS::ECS::Service"`},
		{"resource that is a text", "Resources:\n  Api: hello\n", `template.yaml:2:3: Resources.Api: want a resource with Type and Properties, got "hello"`},
		{"count in words", "Resources:\n  Api:\n    Type: AWS::ECS::Service\n    Properties:\n      DesiredCount: three\n",
			`template.yaml:5:21: Resources.Api.Properties.DesiredCount: want a number, 0 or more, got "three"`},
		{"negative count", "Resources:\n  Api: {Type: AWS::ECS::Service, Properties: {DesiredCount: -1}}\n",
			`template.yaml:2:61: Resources.Api.Properties.DesiredCount: want a number, 0 or more, got -1`},
		{"task size in words", "Resources:\n  Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      Cpu: big\n      ContainerDefinitions:\n        - {Name: a, Image: a, Memory: true}\n",
			"template.yaml:5:12: Resources.Task.Properties.Cpu: want CPU units or \"N vCPU\", got \"big\"\n" +
				"template.yaml:7:39: Resources.Task.Properties.ContainerDefinitions[0].Memory: want MiB or \"N GB\", got true"},
		{"load balancer of no type", "Resources:\n  Edge: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: magic}}\n",
			`template.yaml:2:78: Resources.Edge.Properties.Type: want application, network or gateway, got "magic"`},
		{"insights", "Resources:\n  Main: {Type: AWS::ECS::Cluster, Properties: {ClusterSettings: [{Name: containerInsights, Value: on}]}}\n",
			`template.yaml:2:99: Resources.Main.Properties.ClusterSettings[0].Value: want disabled, enabled or enhanced, got "on"`},
		{"key twice", "Resources:\n  Api: {Type: AWS::ECS::Service}\n  Api: {Type: AWS::ECS::Service}\n", `template.yaml:3:3: the key "Api" is there twice`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Read("template.yaml", []byte(test.in), Options{})
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
	_, err := Read("t.json", []byte(`{"Resources": {"Api": {"Type": "AWS::ECS::Service", "Properties": {"LoadBalancers": [{"TargetGroupArn": "a"}, "x"]}}}}`), Options{})
	if want := `t.json: Resources.Api.Properties.LoadBalancers[1]: want a mapping with TargetGroupArn, got "x"`; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}
