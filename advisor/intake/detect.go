package intake

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Kind is what an input is.
type Kind string

// The kinds that Detect tells apart. Read reads those of Kinds; of the others
// its error says what was handed in.
const (
	TaskDefinition Kind = "task-definition"
	DesignFile     Kind = "design"
	CloudFormation Kind = "cloudformation"
	Compose        Kind = "compose"
	Description    Kind = "description"

	TerraformPlan  Kind = "terraform-plan"
	TerraformState Kind = "terraform-state"
	TerraformHCL   Kind = "terraform"
	Kubernetes     Kind = "kubernetes"
	SettingsFile   Kind = "settings"
)

// Kinds lists what Options.Kind may ask for.
func Kinds() []Kind {
	return []Kind{TaskDefinition, DesignFile, CloudFormation, TerraformPlan, Compose, Description}
}

// kindNames lists Kinds in a message.
func kindNames() string {
	names := make([]string, len(Kinds()))
	for i, k := range Kinds() {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

// title names a kind in a sentence.
func (k Kind) title() string {
	switch k {
	case TaskDefinition:
		return "an ECS task definition"
	case DesignFile:
		return "a design file"
	case TerraformPlan:
		return "a Terraform plan"
	case TerraformState:
		return "a Terraform state"
	case TerraformHCL:
		return "Terraform source"
	case CloudFormation:
		return "a CloudFormation template"
	case Compose:
		return "a Compose file"
	case Description:
		return "a saved reply of an AWS describe call"
	case Kubernetes:
		return "a Kubernetes manifest"
	case SettingsFile:
		return "a settings file of ecsavvy and no input"
	default:
		return string(k)
	}
}

// hint says what to hand in instead of a kind that is recognised only.
func (k Kind) hint() string {
	switch k {
	case TerraformHCL, TerraformState:
		return "; a plan has the prices before and after: " + planCommand
	default:
		return ""
	}
}

// Detect tells what an input is from its content. The name is for messages
// only. An error says what was found where no kind fits.
func Detect(name string, data []byte) (Kind, error) {
	in, err := open(name, data)
	if err != nil {
		return "", err
	}
	return in.kind, nil
}

// input is a parsed document with its kind.
type input struct {
	name string
	kind Kind
	json bool
	root *node // nil of a kind that is told by its text alone
	// data is the text of a plan, which is too large to be parsed as a whole.
	data []byte
}

// open parses a document and tells its kind.
func open(name string, data []byte) (*input, error) {
	data, err := decodeText(name, data)
	if err != nil {
		return nil, err
	}
	in := &input{name: name}
	in.json = startsJSON(data)
	if err := planNoise(name, data); err != nil {
		return nil, err
	}
	if in.json && isPlan(data) {
		in.kind, in.data = TerraformPlan, data
		return in, nil
	}
	if kind, ok := kindByText(data); ok && !in.json {
		in.kind = kind
		return in, nil
	}
	if in.json {
		in.root, err = parseJSON(name, data)
	} else {
		in.root, err = parseYAML(name, data)
	}
	if err != nil {
		return nil, orPythonPrint(name, data, err)
	}
	in.root = unwrapRecorded(in.root)
	kind, ok := kindOf(in.root)
	if !ok {
		return nil, unrecognised(name, in.root)
	}
	in.kind = kind
	return in, nil
}

// decodeText strips a byte order mark, turns CRLF into LF, and refuses what is
// no text, or no document.
func decodeText(name string, data []byte) ([]byte, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	trimmed := bytes.TrimSpace(data)
	switch {
	case len(trimmed) == 0:
		return nil, fail(name, "the file is empty; want a task definition or a design file")
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return nil, fail(name, "the file is UTF-16; save it as UTF-8")
	case bytes.HasPrefix(data, []byte("\x1f\x8b")):
		return nil, fail(name, "the file is compressed with gzip; unpack it first")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return nil, fail(name, "the file is a ZIP archive, as a Terraform plan in its binary form is; write it as JSON: terraform show -json %s > plan.json", name)
	case bytes.IndexByte(data, 0) >= 0 || !utf8.Valid(data):
		return nil, fail(name, "the file is binary, not text in UTF-8")
	case trimmed[0] == '<':
		return nil, fail(name, "the file is HTML or XML; want a task definition (JSON) or a design file (YAML)")
	}
	if bytes.IndexByte(data, '\r') >= 0 {
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	return data, nil
}

// startsJSON reports whether a text is meant as JSON rather than as YAML in
// flow style, whose keys carry no quotes.
func startsJSON(data []byte) bool {
	data = bytes.TrimSpace(data)
	if data[0] != '{' && data[0] != '[' {
		return false
	}
	rest := bytes.TrimLeft(data[1:], " \t\r\n")
	return len(rest) == 0 || bytes.IndexByte([]byte(`"{}[]`), rest[0]) >= 0
}

// kindByText tells the kinds that are neither JSON nor YAML.
func kindByText(data []byte) (Kind, bool) {
	for line := range strings.Lines(string(data[:min(len(data), 64<<10)])) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "resource", "module", "provider", "variable", "data", "output":
			if strings.HasPrefix(rest, `"`) && strings.Contains(rest, "{") {
				return TerraformHCL, true
			}
		case "terraform", "locals":
			if strings.HasPrefix(rest, "{") {
				return TerraformHCL, true
			}
		}
	}
	return "", false
}

// kindOf tells the kind of a parsed document by its keys.
func kindOf(root *node) (Kind, bool) {
	if root.kind == listNode {
		return kindOfList(root)
	}
	has := func(keys ...string) bool {
		for _, key := range keys {
			if root.get(key) == nil {
				return false
			}
		}
		return true
	}
	services := root.get("services")
	containers, _ := root.fold("containerDefinitions")
	wrapped, _ := root.fold("taskDefinition")
	resourceType := root.get("Type")
	switch {
	case root.kind != mappingNode:
		return "", false
	case has("format_version", "kind", "currency"):
		return "", false // what ecsavvy writes as JSON: a report has commitments and hours_per_month, too
	case isReply(root):
		return Description, true
	case containers != nil, wrapped != nil && wrapped.kind == mappingNode,
		resourceType != nil && resourceType.text == "AWS::ECS::TaskDefinition":
		return TaskDefinition, true
	case has("terraform_version") && (has("resources") || has("lineage") || has("values")), has("lineage", "serial"):
		return TerraformState, true
	case has("AWSTemplateFormatVersion"), has("Resources") && root.get("Resources").kind == mappingNode:
		return CloudFormation, true
	case has("apiVersion", "kind"):
		return Kubernetes, true
	case services != nil && services.kind == mappingNode && looksLikeCompose(root),
		services == nil && root.get("include") != nil && root.get("include").kind == listNode:
		return Compose, true
	case services == nil && hasSettings(root):
		return SettingsFile, true
	case services != nil, namesDesign(root):
		return DesignFile, true
	}
	return "", false
}

// kindOfList knows a list of container definitions, and a list of replies.
func kindOfList(root *node) (Kind, bool) {
	if isReply(root) {
		return Description, true
	}
	for _, item := range root.items {
		if image, _ := item.fold("image"); image == nil {
			return "", false
		}
	}
	return TaskDefinition, len(root.items) > 0
}

// unrecognised is the error of a document that is none of the kinds.
func unrecognised(name string, root *node) error {
	const want = "want a task definition (with containerDefinitions) or a design file (with services)"
	if root.kind != mappingNode {
		return fail(name, "cannot tell what this is: the document is %s; %s", root.kind, want)
	}
	keys := ""
	for i, e := range root.entries {
		if i == 5 {
			keys += ", …"
			break
		}
		if i > 0 {
			keys += ", "
		}
		keys += clip(e.key)
	}
	if keys == "" {
		keys = "none"
	}
	return fail(name, "cannot tell what this is: its keys are %s; %s", keys, want)
}

// unread is the error of a kind that is recognised but that no reader exists for.
func unread(name string, kind Kind) error {
	return &Error{File: name, Text: fmt.Sprintf("this is %s, which this command cannot read yet; want a task definition or a design file%s", kind.title(), kind.hint())}
}
