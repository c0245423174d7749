package intake

import (
	"strings"
	"testing"
)

func TestDetect(t *testing.T) {
	tests := []struct {
		name, in string
		want     Kind
		wantErr  string
	}{
		{"task definition", `{"containerDefinitions": []}`, TaskDefinition, ""},
		{"task definition with capitals", `{"ContainerDefinitions": []}`, TaskDefinition, ""},
		{"reply of describe-task-definition", `{"taskDefinition": {}}`, TaskDefinition, ""},
		{"list of containers", `[{"name": "a", "image": "b"}]`, TaskDefinition, ""},
		{"task definition in YAML", "family: f\ncontainerDefinitions: []\n", TaskDefinition, ""},
		{"design", "services: {api: {task: {cpu: 1}}}", DesignFile, ""},
		{"design in JSON", `{"services": {"api": {"task": "a.json"}}}`, DesignFile, ""},
		{"design of a network", "network: {azs: 2}", DesignFile, ""},
		{"design with an image", "services: {api: {image: {size: 3GB}, task: a.json}}", DesignFile, ""},
		{"design with a mistyped section", "servcies: {}", DesignFile, ""},
		{"design after a document marker", "# a shop\n---\nservices: {}\n", DesignFile, ""},
		{"Terraform plan", `{"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": []}`, TerraformPlan, ""},
		{"Terraform state", `{"version": 4, "terraform_version": "1.9.0", "serial": 3, "lineage": "x", "resources": []}`, TerraformState, ""},
		{"Terraform source", "terraform {\n}\nresource \"aws_ecs_service\" \"x\" {\n}\n", TerraformHCL, ""},
		{"CloudFormation in JSON", `{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}`, CloudFormation, ""},
		{"CloudFormation in YAML", "Resources:\n  Service:\n    Type: AWS::ECS::Service\n    Properties: {Cluster: !Ref Cluster}\n", CloudFormation, ""},
		{"Compose", "services:\n  web:\n    image: nginx\n    ports: [80]\n", Compose, ""},
		{"Compose by its volumes", "services: {db: {}}\nvolumes: {data: {}}\n", Compose, ""},
		{"reply of describe-services", `{"services": [{"serviceArn": "x"}], "failures": []}`, Description, ""},
		{"reply of describe-clusters", `{"clusters": [{}]}`, Description, ""},
		{"Kubernetes", "apiVersion: apps/v1\nkind: Deployment\n", Kubernetes, ""},

		{"empty", " \n\t", "", "x: the file is empty; want a task definition or a design file"},
		{"HTML", "<!DOCTYPE html><html>", "", "x: the file is HTML or XML; want a task definition (JSON) or a design file (YAML)"},
		{"binary", "\x7fELF\x00\x00", "", "x: the file is binary, not text in UTF-8"},
		{"UTF-16", "\xff\xfe{\x00", "", "x: the file is UTF-16; save it as UTF-8"},
		{"gzip", "\x1f\x8b\x08", "", "x: the file is compressed with gzip; unpack it first"},
		{"binary plan", "PK\x03\x04", "", "x: the file is a ZIP archive, as a Terraform plan in its binary form is; write it as JSON: terraform show -json x > plan.json"},
		{"a word", "hello", "", "x: cannot tell what this is: the document is a text; want a task definition (with containerDefinitions) or a design file (with services)"},
		{"some JSON", `{"a": 1, "b": 2}`, "", "x: cannot tell what this is: its keys are a, b; want a task definition (with containerDefinitions) or a design file (with services)"},
		{"some list", `[1, 2]`, "", "x: cannot tell what this is: the document is a list; want a task definition (with containerDefinitions) or a design file (with services)"},
		{"JSON cut short", `{"containerDefinitions": [`, "", "x:1:27: the JSON ends in the middle; is the file complete?"},
		{"two JSON documents", "{\"containerDefinitions\": []}\n{}", "", "x:2:2: a second JSON document follows the first; hand in one at a time"},
		{"JSON and more", `{"containerDefinitions": []} hello`, "", "x:1:30: unexpected text after the end of the document"},
		{"JSON with a comma too many", "{\"containerDefinitions\": [],\n}", "", "x:2:1: not valid JSON: invalid character '}'"},
		{"JSON with a template", `{"cpu": {{ env "CPU" }}, "containerDefinitions": []}`, "", "x:1:9: a template ({{ …) stands where JSON needs a value; render it first"},
		{"JSON with a key twice", `{"containerDefinitions": [{"cpu": 1, "cpu": 2}]}`, "", `x: containerDefinitions[0]: the key "cpu" is there twice`},
		{"JSON nested deeply", strings.Repeat("[", 5000), "", "x:1:102: nested deeper than 100 levels"},
		{"YAML nested deeply", "a: " + strings.Repeat("[", 5000), "", "x:1:1: nested deeper than 100 levels"},
		{"two YAML documents", "services: {}\n---\nservices: {}\n", "", "x:2:1: a second YAML document begins here; hand in one at a time"},
		{"a YAML directive", "%YAML 1.2\n---\nservices: {}\n", "", "x:1:1: YAML directives (%…) are not used here"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Detect("x", []byte(tt.in))
			if text := errorText(err); text != tt.wantErr && (tt.wantErr == "" || !strings.HasPrefix(text, tt.wantErr)) {
				t.Fatalf("error %q, want %q", text, tt.wantErr)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Kinds that are only recognised say what they are.
func TestReadSaysWhatItCannotRead(t *testing.T) {
	_, err := Read("x.tfstate", []byte(`{"version": 4, "terraform_version": "1.9.0", "serial": 3, "lineage": "x", "resources": []}`), Options{})
	if got := errorText(err); !strings.HasPrefix(got, "x.tfstate: this is a Terraform state, which this command cannot read") {
		t.Error(got)
	}
	_, err = Read("x", []byte("services: {}"), Options{Kind: "powerpoint"})
	if got := errorText(err); !strings.HasPrefix(got, `x: no reader for input kind "powerpoint"; want one of task-definition, design`) {
		t.Error(got)
	}
}

// A kind that the caller states is not second-guessed.
func TestKindOverride(t *testing.T) {
	w, err := Read("x", []byte("region: eu-west-2"), Options{Kind: DesignFile})
	if err != nil || w.Region.Value != "eu-west-2" {
		t.Errorf("got %+v, %v", w.Region, err)
	}
	_, err = Read("x.json", []byte(`{"services": {}}`), Options{Kind: TaskDefinition})
	if got := errorText(err); got != "x.json: containerDefinitions: a task definition needs at least one container" {
		t.Error(got)
	}
}
