package intake

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestWildPlans reads the plans of others that lie beside the repository:
// Terraform 0.12 to 1.14, of infracost, terracost, checkov, terraform-compliance
// and terraform-json. What they hold is in wildPlans; a plan that is not in the
// table fails.
func TestWildPlans(t *testing.T) {
	const folder = "../../../shared/cases/tfplan"
	files, err := filepath.Glob(folder + "/*.json")
	if err != nil || len(files) == 0 {
		t.Skip("no ../shared/cases/tfplan here")
	}
	want := wildPlans()
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			if p, err := ReadPlan("plan.json", data, Options{}); err != nil {
				got = []string{"refused: " + err.Error()}
			} else {
				before, after := planLines(p)
				got = []string{"region " + p.After[0].Region.Value}
				for _, line := range before {
					if !slices.Contains(after, line) {
						got = append(got, "- "+line)
					}
				}
				for _, line := range after {
					mark := "+ "
					if slices.Contains(before, line) {
						mark = "  "
					}
					got = append(got, mark+line)
				}
			}
			wanted, ok := want[name]
			if !ok {
				t.Fatalf("the table has no row for it; it holds\n%q: {\n`%s`,\n},", name, strings.Join(got, "`,\n`"))
			}
			if !slices.Equal(got, wanted) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(wanted, "\n"))
			}
		})
	}
	if len(files) != len(want) {
		t.Errorf("%d files, %d rows", len(files), len(want))
	}
}

// wildPlans says what each plan holds: "+" is created, "-" destroyed.
func wildPlans() map[string][]string {
	return map[string][]string{
		"checkov__tests_common_runner_registry_plan_with_tf_modules_for_enrichment_tfplan.json": {
			`region `,
			`+ logs module.log_group_external.aws_cloudwatch_log_group.this[0] of "" retention 0`,
			`+ logs module.log_group_local.aws_cloudwatch_log_group.not_encrypted of "" retention 30`,
		},
		"checkov__tests_terraform_image_referencer_resources_aws_ecs_tfplan.json": {
			`region us-west-2`,
			`+ not priced: aws_ecs_task_definition that nothing here runs 1`,
		},
		"cli__tests_functional_actions_for_each_and_modules_plan.out.json": {
			`region us-west-1`,
			`+ cluster (no cluster) insights -`,
			`+ group (no cluster)/module.ecr_repository["repository_1"].aws_instance.ecr_repository t3.micro count 1 os LINUX spot - target -`,
			`+ volume gp2 8 GB`,
			`+ group (no cluster)/module.ecr_repository["repository_2"].aws_instance.ecr_repository t3.micro count 1 os LINUX spot - target -`,
			`+ volume gp2 8 GB`,
			`+ repository repository_1 of "" keeps - images, - days`,
			`+ repository repository_2 of "" keeps - images, - days`,
		},
		"cli__tests_functional_test-it_must_not_be_in-pass_plan.out.json": {
			`region us-west-2`,
			`+ logs lambda_function_name1 of "" retention 90`,
			`+ logs lambda_function_name2 of "" retention 90`,
			`+ logs lambda_function_name3 of "" retention 90`,
			`+ not priced: aws_lambda_function 4`,
		},
		"cli__tests_functional_test_count_does_not_work_for_resources_plan.out.json": {
			`region `,
		},
		"cli__tests_functional_test_issue-232_plan.out.json": {
			`region `,
			`+ balancer test-alb application internal=true azs 1 rules 0`,
		},
		"cli__tests_functional_test_issue-567_plan.out.json": {
			`region `,
			`  not priced: datadog_monitor 9`,
		},
		"cli__tests_functional_test_issue_522_plan.out.json": {
			`region `,
			`  logs /aws/lambda/metrics-lambda-primary-lambda of "" retention 14`,
			`+ secrets secrets of "" -+1+-`,
			`+ not priced: aws_lambda_function 1`,
		},
		"cli__tests_functional_test_issue_796_plan.out.json": {
			`region us-east-1`,
		},
		"cli__tests_functional_test_non_created_module_resource_parameter_plan.out.json": {
			`region eu-west-1`,
			`+ secrets secrets of "" -+4+-`,
			`+ not priced: aws_api_gateway_rest_api 1`,
			`+ not priced: aws_api_gateway_stage 1`,
		},
		"cli__tests_functional_test_pull_330_plan.out.json": {
			`region `,
			`+ nat gateway 1`,
		},
		"cli__tests_functional_test_regex_on_when_plan.out.json": {
			`region `,
			`+ not priced: aws_kms_key 1`,
			`+ not priced: aws_s3_bucket 1`,
		},
		"cli__tests_functional_test_resource_ref_in_module_fails_plan.out.json": {
			`region `,
			`+ not priced: aws_s3_bucket 3`,
		},
		"infracost__cmd_infracost_testdata_breakdown_terraform_sync_usage_file_sync_usage_file.json": {
			`region us-east-1`,
			`+ nat gateway 4`,
			`+ logs assets_log of "" retention 0`,
			`+ logs media_log of "" retention 0`,
		},
		"infracost__cmd_infracost_testdata_terraform_v0.12_plan.json": {
			`region us-east-1`,
			`- not priced: aws_db_instance 1`,
			`  cluster (no cluster) insights -`,
			`  group (no cluster)/aws_instance.instance_1 t3.nano count 1 os LINUX? spot - target -`,
			`  volume gp2 8 GB`,
			`+ group (no cluster)/aws_instance.instance_2 t3.nano count 1 os LINUX? spot - target -`,
			`  group (no cluster)/aws_instance.instance_counted[0] t3.nano count 1 os LINUX? spot - target -`,
			`  volume gp2 8 GB`,
			`+ group (no cluster)/aws_instance.instance_counted[1] t3.nano count 1 os LINUX? spot - target -`,
			`  group (no cluster)/aws_instance.instance_named["test.1"] t3.nano count 1 os LINUX? spot - target -`,
			`  volume gp2 8 GB`,
			`+ group (no cluster)/aws_instance.instance_named["test.2"] t3.nano count 1 os LINUX? spot - target -`,
			`  group (no cluster)/module.instances.aws_instance.module_instance_1 t3.nano count 1 os LINUX? spot - target -`,
			`  volume gp2 8 GB`,
			`+ group (no cluster)/module.instances.aws_instance.module_instance_2 t3.nano count 1 os LINUX? spot - target -`,
			`  group (no cluster)/module.instances.aws_instance.module_instance_counted[0] t3.nano count 1 os LINUX? spot - target -`,
			`  volume gp2 8 GB`,
			`+ group (no cluster)/module.instances.aws_instance.module_instance_counted[1] t3.nano count 1 os LINUX? spot - target -`,
			`  group (no cluster)/module.instances.aws_instance.module_instance_named["test.1"] t3.nano count 1 os LINUX? spot - target -`,
			`  volume gp2 8 GB`,
			`+ group (no cluster)/module.instances.aws_instance.module_instance_named["test.2"] t3.nano count 1 os LINUX? spot - target -`,
			`+ not priced: aws_db_instance 2`,
		},
		"infracost__cmd_infracost_testdata_terraform_v0.14_state.json": {
			`refused: plan.json: this is a Terraform state; want a Terraform plan in JSON: terraform plan -out=tfplan && terraform show -json tfplan > plan.json`,
		},
		"infracost__examples_terraform_plan.json": {
			`region us-east-1`,
			`+ cluster (no cluster) insights -`,
			`+ group (no cluster)/aws_instance.web_app m5.4xlarge count 1 os LINUX? spot - target -`,
			`+ volume  50 GB`,
			`+ volume io1 1000 GB`,
			`+ not priced: aws_lambda_function 1`,
		},
		"terracost__testdata_aws_asg-plan.json": {
			`region eu-west-1`,
			`+ cluster (no cluster) insights -`,
			`+ group (no cluster)/module.magento.aws_autoscaling_group.lc m4.large count 3? os LINUX? spot - target -`,
			`+ group (no cluster)/module.magento.aws_autoscaling_group.lt t3.large count 2? os LINUX? spot - target -`,
			`+ volume  20 GB`,
			`+ group (no cluster)/module.magento.aws_autoscaling_group.mixed c4.large count 3? os LINUX? spot - target -`,
			`+ volume  20 GB`,
			`+ not priced: EC2 tenancy dedicated 3`,
		},
		"terracost__testdata_aws_eks-plan.json": {
			`region eu-west-1`,
			`+ not priced: aws_eks_cluster 1`,
			`+ not priced: aws_eks_node_group 1`,
		},
		"terracost__testdata_aws_terraform-plan-no-region.json": {
			`region eu-west-1`,
			`+ cluster (no cluster) insights -`,
			`+ group (no cluster)/module.nexus.aws_instance.nexus t3a.medium count 1 os LINUX spot - target -`,
			`+ volume  20 GB`,
		},
		"terracost__testdata_invalid_terraform-empty-plan.json": {
			`refused: plan.json: this is a Terraform state; want a Terraform plan in JSON: terraform plan -out=tfplan && terraform show -json tfplan > plan.json`,
		},
		"terracost__testdata_invalid_terraform-unsupported-plan.json": {
			`region `,
			`+ not priced: google_compute_instance 1`,
		},
		"terraform-json__basic__plan.json": {
			`region `,
		},
		"terraform-json__explicit_null__plan.json": {
			`region `,
		},
		"terraform-json__identity__plan.json": {
			`region `,
			`  not priced: corner_user_identity 1`,
		},
		"terraform-json__moved_block__plan.json": {
			`region `,
		},
		"terraform-json__no_changes__plan.json": {
			`region `,
		},
		"terraform-json__numerics__plan.json": {
			`region `,
			`+ not priced: example_resource 1`,
		},
	}
}
