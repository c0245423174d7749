package intake

import (
	"bytes"
	"errors"
)

// planCommand is how a plan becomes readable, for messages.
const planCommand = "terraform plan -out=tfplan && terraform show -json tfplan > plan.json"

// errEnough ends a walk whose question is answered.
var errEnough = errors.New("enough was read")

// isPlan reports whether a JSON text is a Terraform plan, without reading more
// of it than the keys up to the first that tells.
func isPlan(data []byte) bool {
	s := newScanner("", data)
	version, plan := false, false
	if s.space() != '{' {
		return false
	}
	err := s.object(func(key []byte) error {
		switch string(key) {
		case "format_version":
			version = true
		case "planned_values", "resource_changes", "prior_state":
			plan = true
		}
		if version && plan {
			return errEnough
		}
		return s.skip()
	})
	return errors.Is(err, errEnough) || err == nil && version && plan
}

// openPlan opens a plan, or says what an input is instead.
func openPlan(name string, data []byte) (*input, error) {
	in, err := open(name, data)
	if err == nil && in.kind != TerraformPlan {
		return nil, fail(name, "this is %s; want a Terraform plan in JSON: %s", in.kind.title(), planCommand)
	}
	return in, err
}

// planNoise knows what people hand in instead of a plan's JSON, and says which
// command makes the right file. It returns nil for anything else.
func planNoise(name string, data []byte) error {
	head := data[:min(len(data), 64<<10)]
	start := bytes.TrimSpace(head)
	switch {
	case bytes.HasPrefix(start, []byte(`{"@level"`)):
		return fail(name, "this is the log of terraform plan -json, not the plan; want the output of %s", planCommand)
	case len(start) > 0 && start[0] != '{' && bytes.Contains(data, []byte(`{"format_version"`)):
		return fail(name, "text stands before the JSON of a Terraform plan (%q); want the JSON alone, as %s writes it; in GitHub Actions give hashicorp/setup-terraform terraform_wrapper: false",
			clip(firstLine(start)), planCommand)
	case planText(head):
		return fail(name, "this is the text of a Terraform plan, for people; want its JSON: %s", planCommand)
	}
	return nil
}

// planText knows the text that terraform plan prints, in colours too.
func planText(head []byte) bool {
	if len(head) == 0 || head[0] == '{' {
		return false
	}
	for _, mark := range []string{
		"Terraform will perform the following actions", "OpenTofu will perform the following actions", "Terraform used the selected providers to generate",
		"OpenTofu used the selected providers to generate", "Your infrastructure matches the configuration", "Terraform planned the following actions",
	} {
		if bytes.Contains(head, []byte(mark)) {
			return true
		}
	}
	return false
}

// firstLine is a text up to its first line break.
func firstLine(text []byte) string {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return string(bytes.TrimSpace(line))
}
