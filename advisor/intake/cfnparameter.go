package intake

import (
	"fmt"
	"slices"
	"strings"
)

// parameter evaluates a reference to a parameter: what the caller gives, else
// its default. Parameters that AWS reads from Parameter Store are unknown, and
// so are those marked NoEcho, whose values are secrets.
// Source: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html.
func (t *cfnTemplate) parameter(at *node, name string, decl *node) *node {
	kind := ""
	if k := decl.get("Type"); k != nil {
		kind = k.text
	}
	value := t.given(name)
	if value == nil {
		value = decl.get("Default")
	}
	unknown := func(reason string) *node { return unresolved(at, t.prefix+name, reason) }
	switch echo := decl.get("NoEcho"); {
	case echo != nil && strings.EqualFold(echo.text, "true"):
		return unknown("parameter " + name + " is a secret (NoEcho)")
	case value == nil:
		return unknown("parameter " + name + " has no default (--parameter " + name + "=…)")
	case value.kind == unknownNode:
		return value
	case strings.HasPrefix(kind, "AWS::SSM::Parameter::Value"):
		return unknown("parameter " + name + " is read from Parameter Store (" + clip(value.text) + ")")
	case kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<"):
		if value.kind == listNode {
			return value
		}
		texts := strings.Split(value.text, ",")
		for i := range texts {
			texts[i] = strings.TrimSpace(texts[i])
		}
		return textList(at, texts)
	default:
		return t.dynamic(value)
	}
}

// given is the value that the caller or the parent stack gives; nil where
// neither does.
func (t *cfnTemplate) given(name string) *node {
	if value := t.parameters[name]; value != nil || t.parent == nil {
		return value
	}
	p := t.parent
	raw := p.node.get("Properties").get("Parameters").get(name)
	if raw == nil {
		return nil
	}
	// While it is being evaluated it is unknown: stacks may pass values
	// around in a circle.
	t.parameters[name] = unresolved(raw, t.prefix+name, "parameter "+name+" depends on itself")
	t.parameters[name] = p.template.eval(raw)
	return t.parameters[name]
}

// give sets the parameters that the caller knows. Names without a parameter
// are left for others of the templates; AWS::StackName and its kind are pseudo
// parameters.
func (t *cfnTemplate) give(values map[string]string) {
	for name, value := range values {
		if strings.HasPrefix(name, "AWS::") {
			t.pseudo[name] = value
			continue
		}
		decl := t.root.get("Parameters").get(name)
		if decl == nil {
			continue
		}
		n := &node{kind: textNode, text: value, line: decl.line, col: decl.col}
		t.parameters[name] = n
		t.allow(name, n, decl)
	}
}

// allow reports a value that the parameter's declaration does not allow. The
// value of a NoEcho parameter is not repeated.
func (t *cfnTemplate) allow(name string, value, decl *node) {
	allowed := decl.get("AllowedValues")
	if allowed == nil || allowed.kind != listNode || len(allowed.items) == 0 {
		return
	}
	var words []string
	for _, item := range allowed.items {
		if item.text == value.text {
			return
		}
		words = append(words, clip(item.text))
	}
	got := value.describe()
	if echo := decl.get("NoEcho"); echo != nil && strings.EqualFold(echo.text, "true") {
		got = "another value"
	}
	t.set.errs = append(t.set.errs, &Error{File: t.name, Line: int(decl.line), Col: int(decl.col), Path: "Parameters." + name,
		Text: fmt.Sprintf("want one of %s, got %s", strings.Join(words, ", "), got)})
}

// checkParameters reports values for parameters that no template has.
func (s *cfnSet) checkParameters(file string, values map[string]string) {
	var names []string
	for _, t := range s.templates {
		if section := t.root.get("Parameters"); section != nil {
			for _, e := range section.entries {
				names = append(names, e.key)
			}
		}
	}
	pseudo := []string{"AWS::AccountId", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix"}
	given := make([]string, 0, len(values))
	for name := range values {
		given = append(given, name)
	}
	slices.Sort(given)
	for _, name := range given {
		if !slices.Contains(names, name) && !slices.Contains(pseudo, name) {
			s.errs = append(s.errs, fail(file, "no template has a parameter %q%s", clip(name), suggest(name, names)))
		}
	}
}
