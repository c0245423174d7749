package intake

import (
	"fmt"
	"slices"
	"strings"
)

// A template's expressions are evaluated where somebody asks for a property,
// so what no price depends on (policies, user data, environment values) is
// never looked at. What cannot be resolved is an unknown value (cfnunknown.go)
// that names the expression and the reason; it is never an error of the whole
// template, and never zero.

// cfnTemplate is one template with everything that its expressions refer to.
type cfnTemplate struct {
	name string
	root *node
	// prefix makes the keys of its resources unique among several templates:
	// "Network/"; "" where there is but one.
	prefix string
	// dir is where the file lies, relative to what the caller handed in.
	dir string
	// parameters are values by name: what the caller or the parent stack gives.
	parameters map[string]*node
	// parent is the nested stack that this is the template of, nil of a root;
	// nested are the templates of nested stacks by logical id, as far as they
	// are at hand.
	parent *cfnParent
	nested map[string]*cfnTemplate
	// pseudo are pseudo parameters that are known ("AWS::Region").
	pseudo     map[string]string
	conditions map[string]*cfnCondition
	outputs    map[string]*cfnOutput
	resources  []*cfnResource
	byID       map[string]*cfnResource
	set        *cfnSet
	depth      int
}

// cfnSet is what the templates of one reading share.
type cfnSet struct {
	templates []*cfnTemplate
	// byKey are the resources of all templates.
	byKey map[string]*cfnResource
	// exports are the outputs of all templates that have an export name, once
	// somebody asked.
	exports []cfnExport
	listed  bool
	// steps counts evaluated values against maxCfnSteps.
	steps int
	// skipped are parts that could not be read, by reason.
	skipped []string
	errs    Errors
}

// cfnResource is one entry of Resources.
type cfnResource struct {
	template *cfnTemplate
	id, kind string
	// at is the path to it, for messages.
	at   string
	node *node
	// exists is yes, or undecided of one that may exist; why says so.
	exists verdict
	why    string
	// name is what ownName found out, once named.
	name  string
	named bool
}

// cfnParent is where a nested stack stands.
type cfnParent struct {
	template *cfnTemplate
	node     *node
}

// key names a resource among all templates of a reading.
func (r *cfnResource) key() string { return r.template.prefix + r.id }

// Limits. CloudFormation's own are 500 resources, 200 parameters and a body of
// 1 MB; the limits here only keep a hostile document from taking all memory.
const (
	// maxCfnSteps bounds evaluated values: aliases and loops can make many of
	// few lines. 1,000 services take some 200,000.
	maxCfnSteps = 5_000_000
	// maxCfnDepth bounds expressions within expressions, aliases followed.
	maxCfnDepth = 200
	// maxCfnText bounds the text that Fn::Join and Fn::Sub may build.
	maxCfnText = 1 << 16
	// maxCfnResources bounds what Fn::ForEach may make.
	maxCfnResources = 100_000
)

// newCfnTemplate prepares a parsed template. Resources are listed later
// (expand), when parameters are in place.
func newCfnTemplate(name string, root *node, prefix string, set *cfnSet) *cfnTemplate {
	t := &cfnTemplate{
		name: name, root: root, prefix: prefix, set: set,
		parameters: make(map[string]*node),
		nested:     make(map[string]*cfnTemplate),
		pseudo:     make(map[string]string),
		conditions: make(map[string]*cfnCondition),
		outputs:    make(map[string]*cfnOutput),
		byID:       make(map[string]*cfnResource),
	}
	set.templates = append(set.templates, t)
	return t
}

// setRegion fills in the pseudo parameters that a region decides.
// Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html.
func (t *cfnTemplate) setRegion(region string) {
	if region == "" {
		return
	}
	t.pseudo["AWS::Region"] = region
	partition, suffix := "aws", "amazonaws.com"
	switch {
	case strings.HasPrefix(region, "cn-"):
		partition, suffix = "aws-cn", "amazonaws.com.cn"
	case strings.HasPrefix(region, "us-gov-"):
		partition = "aws-us-gov"
	}
	t.pseudo["AWS::Partition"] = partition
	t.pseudo["AWS::URLSuffix"] = suffix
}

// expand lists conditions and resources, loops unrolled.
func (t *cfnTemplate) expand() error {
	for _, e := range t.unroll(t.root.get("Conditions"), 0) {
		t.conditions[e.key] = &cfnCondition{node: e.value}
	}
	section := t.root.get("Resources")
	if section == nil {
		return fail(t.name, "the template has no Resources")
	}
	if section.kind != mappingNode {
		return &Error{File: t.name, Line: int(section.line), Col: int(section.col), Path: "Resources",
			Text: "want a mapping of logical ids to resources, got " + section.describe()}
	}
	for _, e := range t.unroll(section, 0) {
		if strings.HasPrefix(e.key, "Fn::") {
			t.set.skip("macro " + clip(macroName(e.value)))
			continue
		}
		if err := t.declare(e); err != nil {
			return err
		}
	}
	return t.set.exhausted(t.name)
}

// macroName is the name of a transform that stands where resources should.
func macroName(n *node) string {
	if name := n.get("Name"); name != nil {
		return name.text
	}
	return n.text
}

// declare adds one resource, unless its condition is false.
func (t *cfnTemplate) declare(e entry) error {
	at := join("Resources", e.key)
	wrong := func(format string, args ...any) error {
		return &Error{File: t.name, Line: int(e.line), Col: int(e.col), Path: at, Text: fmt.Sprintf(format, args...)}
	}
	kind := e.value.get("Type")
	switch {
	case e.value.kind != mappingNode:
		return wrong("want a resource with Type and Properties, got %s", e.value.describe())
	case kind == nil || kind.kind != textNode || kind.text == "":
		return wrong(`a resource needs a Type such as "AWS::ECS::Service"`)
	case t.byID[e.key] != nil:
		return wrong("the logical id %q is there twice", clip(e.key))
	case len(t.resources) == maxCfnResources:
		return wrong("the template has more than %d resources", maxCfnResources)
	}
	r := &cfnResource{template: t, id: e.key, kind: kind.text, at: at, node: e.value, exists: yes}
	if c := e.value.get("Condition"); c != nil {
		r.exists, r.why = t.holds(c.text)
	}
	t.byID[e.key] = r
	t.set.byKey[r.key()] = r
	if r.exists != no {
		t.resources = append(t.resources, r)
	}
	return nil
}

// exhausted is the error of a template whose evaluation was cut short: what
// was read of it would be wrong.
func (s *cfnSet) exhausted(file string) error {
	if s.steps <= maxCfnSteps {
		return nil
	}
	return fail(file, "the template comes to more than %d values once its aliases and loops are followed", maxCfnSteps)
}

// skip keeps why a part was left out, once.
func (s *cfnSet) skip(reason string) {
	if !slices.Contains(s.skipped, reason) {
		s.skipped = append(s.skipped, reason)
	}
}

// property evaluates one property of a resource by its path; nil where the
// template does not set it. Only the path's own values are evaluated.
func (r *cfnResource) property(path ...string) *node {
	t := r.template
	n := r.node.get("Properties")
	for _, key := range path {
		if n = t.step(n); n == nil || n.kind == unknownNode {
			return n
		}
		n = n.get(key)
	}
	if n == nil {
		return nil
	}
	if n = t.eval(n); n != nil && n.kind == nullNode {
		return nil
	}
	return n
}

// step evaluates a value as far as needed to look up a key in it: a function
// is called, a plain mapping is left as it is.
func (t *cfnTemplate) step(n *node) *node {
	if n == nil {
		return nil
	}
	if name, _ := cfnFunction(n); name == "" && n.kind == mappingNode && !loops(n) {
		return n
	}
	return t.eval(n)
}
