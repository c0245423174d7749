package intake

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestWildCloudFormation reads the templates of others that lie beside the
// repository, of CDK, Copilot and AWS's samples, without any parameters. What
// they hold is in wildTemplates; a template that is not in the table fails.
func TestWildCloudFormation(t *testing.T) {
	const folder = "../../../shared/cases/cfn"
	files, err := filepath.Glob(folder + "/*.*")
	if err != nil || len(files) == 0 {
		t.Skip("no ../shared/cases/cfn here")
	}
	want := wildTemplates()
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if kind, err := Detect(name, data); err != nil || kind != CloudFormation {
				t.Errorf("detected as %q, %v", kind, err)
			}
			w, err := Read(name, data, Options{Region: "us-east-1"})
			if err != nil {
				t.Fatal(err)
			}
			wanted, ok := want[name]
			if !ok {
				t.Fatalf("the table has no row for it; it holds\n%s", strings.Join(lines(w), "\n"))
			}
			if got := lines(w); !slices.Equal(got, wanted) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(wanted, "\n"))
			}
		})
	}
	if len(files) != len(want) {
		t.Errorf("%d files, %d rows", len(files), len(want))
	}
}

// Copilot keeps every size in parameters; with them nothing is left unknown but
// what is not in the template at all.
func TestWildCopilotWithParameters(t *testing.T) {
	name := "copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_svc-staging.stack.yml"
	data, err := os.ReadFile("../../../shared/cases/cfn/" + name)
	if err != nil {
		t.Skip("no ../shared/cases/cfn here")
	}
	w, err := Read(name, data, Options{Region: "us-west-2", Parameters: map[string]string{
		"AppName": "shop", "EnvName": "staging", "WorkloadName": "web", "TaskCPU": "512", "TaskMemory": "1024", "TaskCount": "3",
		"LogRetention": "30", "ContainerImage": "nginx", "AddonsTemplateURL": "",
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`Service@ 0.5/1 LINUX/X86_64 × 3 on FARGATE_SPOT:0+1 public`,
		`logs /copilot/shop-staging-web of "Service" retention 30`,
		`not priced: AWS::CloudFormation::CustomResource 3`,
		`not priced: AWS::Lambda::Function 2`,
		`not priced: AWS::SNS::Topic 2`,
	}
	if got := lines(w); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if s := w.Services[0]; s.Task.Family != "shop-staging-web" || s.Task.Containers[0].Name != "web" {
		t.Errorf("got family %q, container %q", s.Task.Family, s.Task.Containers[0].Name)
	}
}

// AWS's samples come in pairs: a stack of a cluster, and one of a service that
// imports from it by the name that the stack will have.
func TestWildPairOfStacks(t *testing.T) {
	files := make(map[string][]byte)
	for _, name := range []string{"clusters_private-vpc.yaml", "services_public-service.yaml"} {
		data, err := os.ReadFile("../../../shared/cases/cfn/aws-cloudformation-templates__ECS_FargateLaunchType_" + name)
		if err != nil {
			t.Skip("no ../shared/cases/cfn here")
		}
		files[name] = data
	}
	w, err := ReadStacks(files, Options{Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`nginx@clusters-private-vpc/ECSCluster 0.25/0.5 LINUX/X86_64 × 2 on FARGATE:0+1 public behind clusters-private-vpc/PublicLoadBalancer`,
		`cluster clusters-private-vpc/ECSCluster insights -`,
		`balancer clusters-private-vpc/PrivateLoadBalancer application internal=true azs 2 rules 0`,
		`balancer clusters-private-vpc/PublicLoadBalancer application internal=false azs 2 rules 1`,
		`nat gateway 2`,
		`endpoint dynamodb gateway azs -`,
	}
	if got := lines(w); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// wildTemplates says what each template holds: sizes, platforms, counts, where
// tasks run, and what has no price here. A "-" is not known, "?" is assumed.
func wildTemplates() map[string][]string {
	return map[string][]string{
		"aws-cloudformation-templates__ECS_EC2LaunchType_clusters_public-vpc.json": {
			`cluster ECSCluster insights -`,
			`group ECSCluster/ECSAutoScalingGroup c4.xlarge count 3? os LINUX spot - target -`,
			`balancer PublicLoadBalancer application internal=false azs 2 rules 0`,
		},
		"aws-cloudformation-templates__ECS_EC2LaunchType_clusters_public-vpc.yaml": {
			`cluster ECSCluster insights -`,
			`group ECSCluster/ECSAutoScalingGroup c4.xlarge count 3? os LINUX spot - target -`,
			`balancer PublicLoadBalancer application internal=false azs 2 rules 0`,
		},
		"aws-cloudformation-templates__ECS_EC2LaunchType_services_private-service.json": {
			`nginx@ 0.25/0.5 LINUX?/X86_64? × 2 on EC2:0+1 assumed`,
		},
		"aws-cloudformation-templates__ECS_EC2LaunchType_services_private-service.yaml": {
			`nginx@ 0.25/0.5 LINUX?/X86_64? × 2 on EC2:0+1 assumed`,
		},
		"aws-cloudformation-templates__ECS_FargateLaunchType_clusters_private-vpc.json": {
			`cluster ECSCluster insights -`,
			`balancer PrivateLoadBalancer application internal=true azs 2 rules 0`,
			`balancer PublicLoadBalancer application internal=false azs 2 rules 0`,
			`nat gateway 2`,
			`endpoint dynamodb gateway azs -`,
		},
		"aws-cloudformation-templates__ECS_FargateLaunchType_clusters_private-vpc.yaml": {
			`cluster ECSCluster insights -`,
			`balancer PrivateLoadBalancer application internal=true azs 2 rules 0`,
			`balancer PublicLoadBalancer application internal=false azs 2 rules 0`,
			`nat gateway 2`,
			`endpoint dynamodb gateway azs -`,
		},
		"aws-cloudformation-templates__ECS_FargateLaunchType_services_private-subnet-public-service.json": {
			`nginx@ 0.25/0.5 LINUX/X86_64 × 2 on FARGATE:0+1 public`,
		},
		"aws-cloudformation-templates__ECS_FargateLaunchType_services_private-subnet-public-service.yaml": {
			`nginx@ 0.25/0.5 LINUX/X86_64 × 2 on FARGATE:0+1 public`,
		},
		"aws-cloudformation-templates__ECS_FargateLaunchType_services_public-service.json": {
			`nginx@ 0.25/0.5 LINUX/X86_64 × 2 on FARGATE:0+1 public`,
		},
		"aws-cloudformation-templates__ECS_FargateLaunchType_services_public-service.yaml": {
			`nginx@ 0.25/0.5 LINUX/X86_64 × 2 on FARGATE:0+1 public`,
		},
		"cdk-synth__AlbFargateArm.template.json": {
			`ApiServiceD5B4A50A@ClusterEB0386A7 0.5/1 LINUX/ARM64 disk 60 × 1..12 on FARGATE:0+1 behind ApiLB8D4BD609`,
			`cluster ClusterEB0386A7 insights enhanced`,
			`balancer ApiLB8D4BD609 application internal=false azs 2 rules 0`,
			`nat gateway 2`,
			`logs ApiTaskDefwebLogGroupDF6AD406 of "ApiServiceD5B4A50A" retention 0`,
			`alarms ApiServiceD5B4A50A of "ApiServiceD5B4A50A" 2?+-+-`,
		},
		"cdk-synth__Ec2GpuEfs.template.json": {
			`DaemonService109D179A@C375D67C5 -/- LINUX?/X86_64? gpus 1 × - on EC2:0+1 volume data efs`,
			`SvcServiceE0738BDC@C375D67C5 -/- LINUX?/X86_64? gpus 1 × 1 on EC2(CpADC102F4):0+1 volume data efs`,
			`cluster C375D67C5 insights -`,
			`group C375D67C5/CpADC102F4 g4dn.xlarge count 0..4 os LINUX spot - target 100`,
			`files Ec2GpuEfs/Fs of "" one-zone=false`,
		},
		"cdk-synth__ExternalAnywhere.template.json": {
			`SvcServiceE0738BDC@C375D67C5 -/- LINUX?/X86_64? × 2 on EXTERNAL:0+1`,
			`cluster C375D67C5 insights -`,
		},
		"cdk-synth__ScheduledAndQueue.template.json": {
			`NightlyScheduledEventRuleAFFCD8B7@C375D67C5 4/16 LINUX/X86_64 × 1 runs of 1 on FARGATE:0+1`,
			`WorkerQueueProcessingFargateServiceC55E51B1@C375D67C5 0.25/0.5 LINUX/X86_64 × 1..20 on FARGATE:0+1`,
			`cluster C375D67C5 insights -`,
			`nat gateway 1`,
			`logs NightlyScheduledTaskDefScheduledContainerLogGroup6E0361DB of "NightlyScheduledEventRuleAFFCD8B7" retention 0`,
			`logs WorkerQueueProcessingTaskDefQueueProcessingContainerLogGroupDDE655D4 of "WorkerQueueProcessingFargateServiceC55E51B1" retention 0`,
			`alarms alarms of "" 2+-+-`,
			`alarms WorkerQueueProcessingFargateServiceC55E51B1 of "WorkerQueueProcessingFargateServiceC55E51B1" 2?+-+-`,
			`not priced: AWS::SQS::Queue 2`,
		},
		"cdk-synth__SpotMixedAgnostic.template.json": {
			`SvcServiceE0738BDC@ClusterEB0386A7 2/8 LINUX/X86_64 × 6 on FARGATE_SPOT:0+3 FARGATE:1+1`,
			`cluster ClusterEB0386A7 insights -`,
			`nat gateway 1`,
			`logs TDappLogGroupF923BE6D of "SvcServiceE0738BDC" retention 14`,
		},
		"cdk-synth__WindowsParam.template.json": {
			`SvcServiceE0738BDC@C375D67C5 1/4 WINDOWS/X86_64 × 2 on FARGATE:0+1`,
			`cluster C375D67C5 insights -`,
			`nat gateway 1`,
		},
		"copilot-cli__internal_pkg_aws_cloudformation_testdata_parse_lb-web-svc.yaml": {
			`Service@ -/- LINUX/X86_64 × - on FARGATE:0+1 public`,
			`logs LogGroup of "Service" retention -`,
			`not priced: AWS::CloudFormation::CustomResource 1`,
			`not priced: AWS::CloudFormation::Stack, which may exist (HasAddons) 1`,
		},
		"copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_backend_http-autoscaling-template.yml": {
			`Service@ -/- LINUX/X86_64 × 1..3 on FARGATE:0+1 public`,
			`logs LogGroup of "Service" retention 30`,
			`alarms Service of "Service" 2?+-+-`,
			`not priced: AWS::CloudFormation::CustomResource 3`,
			`not priced: AWS::Lambda::Function 3`,
		},
		"copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_backend_https-path-alias-template.yml": {
			`Service@ -/- LINUX/X86_64 × - on FARGATE:0+1 public`,
			`logs LogGroup of "Service" retention 30`,
			`not priced: AWS::CloudFormation::CustomResource 3`,
			`not priced: AWS::Lambda::Function 2`,
		},
		"copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_backend_simple-template-without-port-config.yml": {
			`Service@ -/- LINUX/X86_64 × - on FARGATE:0+1 public`,
			`logs LogGroup of "Service" retention 30`,
			`not priced: AWS::CloudFormation::CustomResource 1`,
			`not priced: AWS::Lambda::Function 1`,
		},
		"copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_backend_simple-template.yml": {
			`Service@ -/- LINUX/X86_64 × - on FARGATE:0+1 public`,
			`logs LogGroup of "Service" retention 30`,
			`not priced: AWS::CloudFormation::CustomResource 1`,
			`not priced: AWS::Lambda::Function 1`,
		},
		"copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_job-test.stack.yml": {
			`logs LogGroup of "" retention -`,
			`not priced: AWS::CloudFormation::CustomResource 1`,
			`not priced: AWS::ECS::TaskDefinition that nothing here runs 1`,
			`not priced: AWS::Lambda::Function 1`,
			`not priced: AWS::SNS::Topic 1`,
			`not priced: AWS::StepFunctions::StateMachine 1`,
		},
		"copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_svc-nlb-dev.stack.yml": {
			`Service@ -/- LINUX/X86_64 × - on FARGATE_SPOT:0+1 public behind PublicNetworkLoadBalancerV2`,
			`balancer PublicNetworkLoadBalancerV2 network internal=false azs - rules -`,
			`logs LogGroup of "Service" retention -`,
			`not priced: AWS::CloudFormation::CustomResource 3`,
			`not priced: AWS::Lambda::Function 2`,
		},
		"copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_svc-nlb-prod.stack.yml": {
			`Service@ -/- LINUX/X86_64 × - on FARGATE:0+1 public behind PublicNetworkLoadBalancerV2`,
			`balancer PublicNetworkLoadBalancerV2 network internal=false azs - rules -`,
			`logs LogGroup of "Service" retention -`,
			`not priced: AWS::CloudFormation::CustomResource 3`,
			`not priced: AWS::Lambda::Function 3`,
		},
		"copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_svc-nlb-test.stack.yml": {
			`Service@ -/- LINUX/X86_64 × - on FARGATE:0+1 public behind PublicNetworkLoadBalancerV2`,
			`balancer PublicNetworkLoadBalancerV2 network internal=false azs - rules -`,
			`logs LogGroup of "Service" retention -`,
			`not priced: AWS::CloudFormation::CustomResource 2`,
			`not priced: AWS::Lambda::Function 2`,
		},
		"copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_svc-prod.stack.yml": {
			`Service@ -/- LINUX/X86_64 × 3..12 on FARGATE_SPOT:0+1 FARGATE:5+0 public note "where a container's secret comes from is not known"`,
			`logs LogGroup of "Service" retention -`,
			`secrets Service of "Service" 1+3?+-`,
			`alarms Service of "Service" 3?+-+-`,
			`not priced: AWS::CloudFormation::CustomResource 4`,
			`not priced: AWS::Lambda::Function 3`,
			`not priced: AWS::SNS::Topic 2`,
		},
		"copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_svc-staging.stack.yml": {
			`Service@ -/- LINUX/X86_64 × - on FARGATE_SPOT:0+1 public`,
			`logs LogGroup of "Service" retention -`,
			`not priced: AWS::CloudFormation::CustomResource 3`,
			`not priced: AWS::Lambda::Function 2`,
			`not priced: AWS::SNS::Topic 2`,
		},
		"copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_windows-svc-test.stack.yml": {
			`Service@ -/- WINDOWS/X86_64 × - on FARGATE:0+1 public`,
			`logs LogGroup of "Service" retention -`,
			`not priced: AWS::CloudFormation::CustomResource 2`,
			`not priced: AWS::Lambda::Function 2`,
		},
		"copilot-cli__internal_pkg_deploy_cloudformation_stack_testdata_workloads_worker-test.stack.yml": {
			`Service@ -/- LINUX/X86_64 × 1..10 on FARGATE_SPOT:0+1 FARGATE:5+0 public volume externalEFSVolume efs volume externalEFSVolume2 efs`,
			`logs BacklogPerTaskCalculatorLogGroup of "" retention 3`,
			`logs LogGroup of "Service" retention 30`,
			`files ${Fn::ImportValue stack-fs-12345} of "Service" one-zone=false`,
			`alarms alarms of "" 1+-+-`,
			`alarms Service of "Service" 12?+-+-`,
			`not priced: AWS::CloudFormation::CustomResource 2`,
			`not priced: AWS::KMS::Key 1`,
			`not priced: AWS::Lambda::Function 3`,
			`not priced: AWS::SNS::Topic 5`,
			`not priced: AWS::SQS::Queue 6`,
		},
		"copilot-cli__internal_pkg_template_override_testdata_original_backend_svc.yml": {
			`not priced: AWS::ECS::TaskDefinition that nothing here runs 1`,
		},
	}
}
