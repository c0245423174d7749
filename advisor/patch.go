package advisor

import (
	"encoding/json"
	"fmt"
	"strings"

	"ecsavvy/advisor/design"
)

// Forms of patches.
const (
	FormTaskDefinition = "task definition" // JSON patch, RFC 6902
	FormTerraform      = "terraform"
	FormCLI            = "aws cli"
)

// jsonOp is an operation of a JSON patch (RFC 6902).
type jsonOp struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// sizePatches are the forms of another task size. Containers whose limits do not
// fit it lose them, those that are named first.
func (c *serviceCase) sizePatches(size design.Size, first ...string) []Patch {
	cpu, memory := units(size.VCPU), mebibytes(size.GB)
	limits := limitsAbove(&c.service.Task, size, first...)
	return c.registerPatches(
		append([]jsonOp{{"replace", "/cpu", cpu}, {"replace", "/memory", memory}}, limits.ops...),
		fmt.Sprintf("cpu    = %s\nmemory = %s", cpu, memory)+limits.terraform,
		append([]string{fmt.Sprintf(`.cpu = "%s" | .memory = "%s"`, cpu, memory)}, limits.jq...)...,
	)
}

// registerPatches are the forms of a change of a task definition: the JSON patch,
// the lines of an aws_ecs_task_definition, and a new revision by the AWS CLI. jq
// filters are applied one after the other.
func (c *serviceCase) registerPatches(ops []jsonOp, terraform string, jq ...string) []Patch {
	family := c.service.Task.Family
	if c.running != nil && c.running.TaskDefinition != "" {
		family = c.running.TaskDefinition
	}
	// What DescribeTaskDefinition adds and RegisterTaskDefinition refuses.
	// Source: both calls' API references.
	const drop = "del(.taskDefinitionArn,.revision,.status,.requiresAttributes,.compatibilities,.registeredAt,.registeredBy,.deregisteredAt)"
	filter := strings.Join(append([]string{".taskDefinition", drop}, jq...), " | ")
	cli := fmt.Sprintf(`aws ecs describe-task-definition --region %s --task-definition %s \
  | jq %s > task-definition.json
aws ecs register-task-definition --region %s --cli-input-json file://task-definition.json
%s`, shell(c.subject.Region), shell(family), shell(filter), shell(c.subject.Region),
		c.updateService("--task-definition "+shell(c.service.Task.Family)))
	return []Patch{{FormTaskDefinition, patchText(ops)}, {FormTerraform, terraform}, {FormCLI, cli}}
}

// patchText writes a JSON patch.
func patchText(ops []jsonOp) string {
	text, err := json.MarshalIndent(ops, "", "  ")
	if err != nil {
		panic(err) // texts and numbers of ours marshal
	}
	return string(text)
}

// updateService is the AWS CLI's call that changes the service.
func (c *serviceCase) updateService(args string) string {
	return fmt.Sprintf("aws ecs update-service --region %s --cluster %s --service %s %s",
		shell(c.subject.Region), shell(c.subject.Cluster), shell(c.subject.Name), args)
}

// scalableTarget names the service for Application Auto Scaling.
func (c *serviceCase) scalableTarget() string {
	return fmt.Sprintf("--region %s --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id %s",
		shell(c.subject.Region), shell("service/"+c.subject.Cluster+"/"+c.subject.Name))
}

// shell quotes a word for a POSIX shell where it needs it: names come from outside.
func shell(word string) string {
	plain := word != "" && strings.IndexFunc(word, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:=,", r))
	}) < 0
	if plain {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// hcl quotes a text for Terraform, whose strings take ${ and %{ for templates.
func hcl(text string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(jsonText(text))
}
