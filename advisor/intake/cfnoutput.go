package intake

import (
	"fmt"
	"strings"
)

// cfnOutput is an evaluated output of a template.
type cfnOutput struct {
	value *node
	done  bool
}

// cfnExport is an output that other stacks may import.
type cfnExport struct {
	template *cfnTemplate
	// name is the export's name; a placeholder stands for what is not known
	// of it, which is the stack's name in most.
	name   string
	output string
}

// output evaluates an output of a template, at most once: stacks that import
// from each other in a circle have an unknown value.
func (t *cfnTemplate) output(at *node, name string) *node {
	if o := t.outputs[name]; o != nil {
		switch {
		case !o.done:
			return unresolved(at, t.prefix+"Outputs."+name, "output "+name+" depends on itself")
		case o.value == nil:
			return unresolved(at, t.prefix+"Outputs."+name, "output "+name+" is AWS::NoValue")
		default:
			return o.value
		}
	}
	o := &cfnOutput{}
	t.outputs[name] = o
	for _, e := range t.unroll(t.root.get("Outputs"), 0) {
		if e.key == name && e.value.get("Value") != nil {
			o.value = t.eval(e.value.get("Value"))
			o.done = true
			return t.output(at, name)
		}
	}
	o.value = unresolved(at, t.prefix+"Outputs."+name, fmt.Sprintf("%s has no output %q", t.name, clip(name)))
	o.done = true
	return o.value
}

// listExports lists what the templates of the reading export.
func (s *cfnSet) listExports() {
	if s.listed {
		return
	}
	s.listed = true
	for _, t := range s.templates {
		for _, e := range t.unroll(t.root.get("Outputs"), 0) {
			name := e.value.get("Export").get("Name")
			if name == nil {
				continue
			}
			if name = t.eval(name); name != nil && name.text != "" {
				s.exports = append(s.exports, cfnExport{template: t, name: name.text, output: e.key})
			}
		}
	}
}

// imported evaluates Fn::ImportValue over the exports of the templates at hand.
func (t *cfnTemplate) imported(n, arg *node) *node {
	name := t.eval(arg)
	switch {
	case name == nil || !name.scalar() && name.kind != unknownNode:
		return unresolved(n, "Fn::ImportValue", "Fn::ImportValue wants the name of an export")
	case name.kind == unknownNode:
		return because(n, "Fn::ImportValue", name)
	}
	t.set.listExports()
	var found []cfnExport
	for _, e := range t.set.exports {
		if e.name == name.text {
			return e.template.output(n, e.output)
		}
		if e.mayBe(name.text) {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 1:
		return found[0].template.output(n, found[0].output)
	case 0:
		return unresolved(n, "Fn::ImportValue "+name.text, fmt.Sprintf("no template at hand exports %q", clip(name.text)))
	default:
		return unresolved(n, "Fn::ImportValue "+name.text, fmt.Sprintf("%d templates may export %q: their stack names are not known", len(found), clip(name.text)))
	}
}

// mayBe reports whether an export whose name has one unknown part can have the
// name that is asked for: "${AWS::StackName}:Cluster" and "prod:Cluster".
func (e *cfnExport) mayBe(name string) bool {
	before, rest, found := strings.Cut(e.name, "${")
	_, after, closed := strings.Cut(rest, "}")
	return found && closed && !strings.Contains(after, "${") && before+after != "" &&
		len(name) > len(before)+len(after) && strings.HasPrefix(name, before) && strings.HasSuffix(name, after)
}
