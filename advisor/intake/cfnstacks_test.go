package intake

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

func TestReadStacks(t *testing.T) {
	const network = `
Resources:
  Main: {Type: AWS::ECS::Cluster, Properties: {ClusterName: main, DefaultCapacityProviderStrategy: [{CapacityProvider: FARGATE_SPOT, Weight: 1}], CapacityProviders: [FARGATE_SPOT]}}
  Edge: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer}
  Http: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Edge, Protocol: HTTP}}
Outputs:
  Cluster: {Value: !Ref Main, Export: {Name: !Sub "${AWS::StackName}:Cluster"}}
  Listener: {Value: !Ref Http, Export: {Name: net-listener}}
  Size: {Value: 512, Export: {Name: net-size}}
`
	const service = `
Parameters: {Parent: {Type: String, Default: production}}
Resources:
  Task: {Type: AWS::ECS::TaskDefinition, Properties: {Cpu: !ImportValue net-size, Memory: 1024, RequiresCompatibilities: [FARGATE], ContainerDefinitions: [{Name: app, Image: app}]}}
  Web: {Type: AWS::ElasticLoadBalancingV2::TargetGroup}
  Rule: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !ImportValue net-listener, Actions: [{TargetGroupArn: !Ref Web}]}}
  Api:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      DesiredCount: 2
      Cluster: {"Fn::ImportValue": !Sub "${Parent}:Cluster"}
      LoadBalancers: [{TargetGroupArn: !Ref Web}]
`
	const parent = `
Resources:
  Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./net.yaml}}
  App: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: app.yaml, Parameters: {Cluster: !GetAtt Net.Outputs.Cluster, Count: 4, Task: !Ref Task}}}
  Maybe: {Type: AWS::CloudFormation::Stack, Condition: Open, Properties: {TemplateURL: app.yaml}}
  Far: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://s3.amazonaws.com/x/y.yaml"}}
  Task: {Type: AWS::ECS::TaskDefinition, Properties: {Cpu: 256, Memory: 512, RequiresCompatibilities: [FARGATE], ContainerDefinitions: [{Name: app, Image: app}]}}
Parameters: {Flag: {Type: String}}
Conditions: {Open: !Equals [!Ref Flag, x]}
`
	const nestedNet = `
Resources: {Main: {Type: AWS::ECS::Cluster, Properties: {ClusterSettings: [{Name: containerInsights, Value: enabled}]}}}
Outputs: {Cluster: {Value: !Ref Main}}
`
	const nestedApp = `
Parameters: {Cluster: {Type: String}, Count: {Type: Number}, Task: {Type: String}}
Resources: {Api: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Cluster, DesiredCount: !Ref Count, TaskDefinition: !Ref Task, LaunchType: FARGATE}}}
`
	const circle = `
Resources: {A: {Type: AWS::ECS::Cluster}}
Outputs: {X: {Value: !ImportValue b-x, Export: {Name: a-x}}, Y: {Value: !Ref A, Export: {Name: !ImportValue b-x}}}
`
	const cdkManifest = `{"version": "50.0.0", "artifacts": {
		"Net": {"type": "aws:cloudformation:stack", "environment": "aws://123456789012/eu-west-2", "properties": {"templateFile": "Net.template.json"}},
		"Far": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/us-east-1", "properties": {"templateFile": "Far.template.json", "stackName": "far-away", "parameters": {"Size": "9"}}},
		"Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}}}`
	const cdkNet = `{"Resources": {"Main": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": {"Fn::Sub": "${AWS::StackName}-${AWS::Region}-${AWS::AccountId}"}}}}}`
	const cdkFar = `{"Parameters": {"Size": {"Type": "Number"}}, "Resources": {"Api": {"Type": "AWS::ECS::Service", "Properties": {"DesiredCount": {"Ref": "Size"}, "LaunchType": "FARGATE", "TaskDefinition": "t"}}}}`

	tests := []struct {
		name    string
		files   map[string]string
		opts    Options
		want    []string
		wantErr string
	}{
		{name: "imports, the stack's name not known", files: map[string]string{"net.yaml": network, "svc.yaml": service}, want: []string{
			"svc/Api@main 0.5/1 LINUX/X86_64 × 2 on FARGATE_SPOT:0+1 behind net/Edge", "cluster main insights -",
			"balancer net/Edge application internal=false azs - rules 1"}},
		{name: "one stack keeps plain keys", files: map[string]string{"svc.yaml": service}, want: []string{
			"Api@ -/1 LINUX/X86_64 × 2 on FARGATE:0+1 assumed"}},
		{name: "nested stacks", files: map[string]string{"infra/root.yaml": parent, "infra/net.yaml": nestedNet, "infra/app.yaml": nestedApp}, want: []string{
			"App/Api@Net/Main 0.25/0.5 LINUX/X86_64 × 4 on FARGATE:0+1", "cluster Net/Main insights enabled",
			"not priced: AWS::CloudFormation::Stack 1", "not priced: AWS::CloudFormation::Stack, which may exist (Open) 1"}},
		{name: "imports in a circle", files: map[string]string{"a.yaml": circle, "b.yaml": strings.NewReplacer("a-x", "b-x", "b-x", "a-x").Replace(circle)}, want: []string{
			"cluster a/A insights -", "cluster b/A insights -"}},
		{name: "the CDK's manifest, one region", files: map[string]string{"cdk.out/manifest.json": cdkManifest, "cdk.out/Net.template.json": cdkNet, "cdk.out/Far.template.json": cdkFar, "cdk.out/tree.json": "{}"},
			opts: Options{Region: "eu-west-2"}, want: []string{"cluster Net-eu-west-2-123456789012 insights -", "not priced: stack far-away in us-east-1 1"}},
		{name: "the CDK's parameters", files: map[string]string{"cdk.out/manifest.json": cdkManifest, "cdk.out/Far.template.json": cdkFar},
			want: []string{"Api@ -/- -/- × 9 on FARGATE:0+1"}},
		{name: "two regions", files: map[string]string{"cdk.out/manifest.json": cdkManifest, "cdk.out/Net.template.json": cdkNet, "cdk.out/Far.template.json": cdkFar},
			wantErr: "the stacks are for eu-west-2, us-east-1; choose one with --region"},
		{name: "another region", files: map[string]string{"cdk.out/manifest.json": cdkManifest, "cdk.out/Net.template.json": cdkNet}, opts: Options{Region: "eu-north-1"},
			wantErr: "no stack is for eu-north-1; they are for eu-west-2"},
		{name: "same name twice", files: map[string]string{"a/s.yaml": nestedNet, "b/s.yaml": nestedNet}, wantErr: "b/s.yaml: the stack s is in a/s.yaml too"},
		{name: "nothing", files: map[string]string{"manifest.json": "{}"}, wantErr: "none of the 1 files is the template of a stack"},
		{name: "a mistake names its file", files: map[string]string{"a.yaml": nestedNet, "b.yaml": "Resources:\n  X: y\n"},
			wantErr: `b.yaml:2:3: Resources.X: want a resource with Type and Properties, got "y"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := make(map[string][]byte)
			for name, text := range test.files {
				files[name] = []byte(text)
			}
			w, err := ReadStacks(files, test.opts)
			if test.wantErr != "" {
				if err == nil || err.Error() != test.wantErr {
					t.Errorf("got  %v\nwant %s", err, test.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := lines(w); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// A template alone finds its nested stacks through ReadFile, and counts those
// that are not to be had.
func TestNestedStacksOfOneTemplate(t *testing.T) {
	const parent = "Resources:\n  Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested/net.yaml}}\n  Gone: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: gone.yaml}}\n"
	const net = "Resources:\n  Deep: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../deep.yaml}}\n"
	files := map[string]string{"nested/net.yaml": net, "deep.yaml": "Resources: {Main: {Type: AWS::ECS::Cluster}}\n"}
	opts := Options{ReadFile: func(path string) ([]byte, error) {
		if text, ok := files[path]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}}
	w, err := Read("root.yaml", []byte(parent), opts)
	if want := []string{"cluster Net/Deep/Main insights -", "not priced: AWS::CloudFormation::Stack 1"}; err != nil || !slices.Equal(lines(w), want) {
		t.Errorf("got %v, %v; want %v", lines(w), err, want)
	}
	files["deep.yaml"] = "Resources: {Main: 3}\n"
	_, err = Read("root.yaml", []byte(parent), opts)
	var e *Error
	if !errors.As(err, &e) || e.File != "deep.yaml" {
		t.Errorf("got %v, want a mistake in deep.yaml", err)
	}
	files["deep.yaml"] = net // a stack that holds itself
	if _, err = Read("root.yaml", []byte(parent), opts); err != nil {
		t.Error(err)
	}
}
