package intake

import (
	"fmt"
	"strings"
)

// ref evaluates Ref: a pseudo parameter, a parameter, or a resource, which
// stays a reference. Nil is AWS::NoValue.
// Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html.
func (t *cfnTemplate) ref(at *node, name string) *node {
	if strings.HasPrefix(name, "AWS::") {
		return t.pseudoParameter(at, name)
	}
	if p := t.root.get("Parameters").get(name); p != nil {
		return t.parameter(at, name, p)
	}
	if t.kindOf(name) != "" {
		return unresolved(at, t.prefix+name, name+" is named when it is created")
	}
	return unresolved(at, t.prefix+name, fmt.Sprintf("the template has neither a parameter nor a resource %q", clip(name)))
}

// reference evaluates what stands in ${…} of Fn::Sub: Ref, or GetAtt where
// there is a dot.
func (t *cfnTemplate) reference(at *node, name string) *node {
	id, attribute, dotted := strings.Cut(name, ".")
	if dotted && !strings.HasPrefix(name, "AWS::") {
		return t.attributeOf(at, id, attribute)
	}
	return t.ref(at, name)
}

// pseudoParameter evaluates AWS::Region and its kind.
func (t *cfnTemplate) pseudoParameter(at *node, name string) *node {
	if name == "AWS::NoValue" {
		return nil
	}
	if v, ok := t.pseudo[name]; ok {
		return &node{kind: textNode, text: v, line: at.line, col: at.col}
	}
	why := "the account and the stack decide it"
	switch name {
	case "AWS::Region", "AWS::Partition", "AWS::URLSuffix":
		why = "no region is given (--region)"
	case "AWS::StackName":
		why = "no stack name is given (--parameter AWS::StackName=…)"
	case "AWS::AccountId", "AWS::StackId", "AWS::NotificationARNs":
	default:
		why = "CloudFormation has no such pseudo parameter"
	}
	return unresolved(at, name, why)
}

// attribute evaluates Fn::GetAtt: "Id.Attribute" or [Id, Attribute].
func (t *cfnTemplate) attribute(n, arg *node) *node {
	if arg.kind == listNode && len(arg.items) == 2 && arg.items[0].kind == textNode {
		attribute := t.eval(arg.items[1])
		switch {
		case attribute == nil || !attribute.scalar() && attribute.kind != unknownNode:
		case attribute.kind == unknownNode:
			return because(n, "Fn::GetAtt", attribute)
		default:
			return t.attributeOf(n, arg.items[0].text, attribute.text)
		}
	}
	if id, attribute, ok := strings.Cut(arg.text, "."); ok && arg.kind == textNode {
		return t.attributeOf(n, id, attribute)
	}
	return unresolved(n, "Fn::GetAtt", "Fn::GetAtt wants [logical id, attribute]")
}

// attributeOf is an attribute of a resource: the output of a nested stack
// whose template is at hand, else a reference.
func (t *cfnTemplate) attributeOf(at *node, id, attribute string) *node {
	kind := t.kindOf(id)
	output, isOutput := strings.CutPrefix(attribute, "Outputs.")
	switch {
	case kind == "":
		return unresolved(at, t.prefix+id+"."+attribute, fmt.Sprintf("the template has no resource %q", clip(id)))
	case isOutput && t.nested[id] != nil:
		return t.nested[id].output(at, output)
	case strings.HasPrefix(kind, "Custom::"), kind == "AWS::CloudFormation::CustomResource":
		return unresolved(at, t.prefix+id+"."+attribute, fmt.Sprintf("%s is a custom resource: its function decides when the stack is deployed", id))
	}
	return unresolved(at, t.prefix+id+"."+attribute, id+" has it when it is created")
}

// kindOf is the type of a resource, "" where there is none of that name.
func (t *cfnTemplate) kindOf(id string) string {
	if r := t.byID[id]; r != nil {
		return r.kind
	}
	if kind := t.root.get("Resources").get(id).get("Type"); kind != nil {
		return kind.text
	}
	return ""
}
