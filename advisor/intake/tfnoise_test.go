package intake

import (
	"strings"
	"testing"
)

// TestPlanNoise holds that whatever people save instead of a plan's JSON is
// named, with the command that makes the right file.
func TestPlanNoise(t *testing.T) {
	const plan = `{"format_version":"1.2","resource_changes":[]}`
	const command = "terraform plan -out=tfplan && terraform show -json tfplan > plan.json"
	for _, test := range []struct{ name, data, want string }{
		{"the wrapper of setup-terraform", "[command]/opt/terraform-bin show -json tfplan\n" + plan + "\n::debug::exit 0\n",
			`p: text stands before the JSON of a Terraform plan ("[command]/opt/terraform-bin show -json tfplan"); want the JSON alone, as ` + command + ` writes it; in GitHub Actions give hashicorp/setup-terraform terraform_wrapper: false`},
		{"a log line", "Acquiring state lock. This may take a few moments...\n" + plan,
			`p: text stands before the JSON of a Terraform plan ("Acquiring state lock. This may take a few moments..."); want the JSON alone, as ` + command + ` writes it; in GitHub Actions give hashicorp/setup-terraform terraform_wrapper: false`},
		{"text behind it", plan + "\n::debug::exit 0\n", "p:2:1: unexpected text after the end of the document"},
		{"two plans", plan + "\n" + plan, "p:2:1: a second JSON document follows the first; hand in one at a time"},
		{"the text of a plan, coloured", "\n\x1b[0m\x1b[1maws_lb.a: Refreshing state...\x1b[0m\n\nTerraform used the selected providers to generate the following execution plan.\n",
			"p: this is the text of a Terraform plan, for people; want its JSON: " + command},
		{"OpenTofu's text", "OpenTofu will perform the following actions:\n", "p: this is the text of a Terraform plan, for people; want its JSON: " + command},
		{"nothing to change", "No changes. Your infrastructure matches the configuration.\n", "p: this is the text of a Terraform plan, for people; want its JSON: " + command},
		{"the log of plan -json", `{"@level":"info","@message":"Terraform 1.9.8","type":"version"}` + "\n" + `{"@level":"info"}`,
			"p: this is the log of terraform plan -json, not the plan; want the output of " + command},
		{"a binary plan", "PK\x03\x04....", "p: the file is a ZIP archive, as a Terraform plan in its binary form is; write it as JSON: terraform show -json p > plan.json"},
		{"a state", `{"version": 4, "terraform_version": "1.9.8", "serial": 3, "lineage": "x", "resources": []}`, "p: this is a Terraform state; want a Terraform plan in JSON: " + command},
		{"a shown state", `{"format_version": "1.0", "terraform_version": "1.9.8", "values": {}}`, "p: this is a Terraform state; want a Terraform plan in JSON: " + command},
		{"source", "resource \"aws_lb\" \"a\" {\n}\n", "p: this is Terraform source; want a Terraform plan in JSON: " + command},
		{"a design", "services: {}\n", "p: this is a design file; want a Terraform plan in JSON: " + command},
		{"cut short", plan[:30], "p:1:31: not valid JSON: the JSON ends in the middle of a text; is the file complete?"},
		{"nothing", " \n", "p: the file is empty; want "},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadPlan("p", []byte(test.data), Options{})
			if text := errorText(err); text != test.want && !(test.name == "nothing" || test.name == "cut short") || !strings.HasPrefix(text, "p") {
				t.Errorf("got  %s\nwant %s", text, test.want)
			}
		})
	}
	for _, sorted := range []string{plan, `{"applyable":true,"complete":true,"format_version":"1.2","planned_values":{"root_module":{}}}`, "\xef\xbb\xbf" + plan, " \r\n" + plan + "\r\n"} {
		if kind, err := Detect("p", []byte(sorted)); kind != TerraformPlan || err != nil {
			t.Errorf("%q is %q, %v", sorted, kind, err)
		}
		if _, err := Read("p", []byte(sorted), Options{}); err != nil {
			t.Errorf("%q: %v", sorted, err)
		}
	}
}
