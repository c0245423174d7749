package intake

import "strings"

// An unknown value is a node of its own kind. Its text is the expression in
// the syntax of Fn::Sub ("service/${Cluster}/${Api.Name}"), so that texts that
// mention a resource can still be joined with it, and two equal expressions
// are equal texts. Beside it stands the reason.

// notKnown makes an unknown value at the place of another.
func notKnown(at *node, text, reason string) *node {
	n := &node{kind: unknownNode, text: text, items: []*node{{kind: textNode, text: reason}}}
	if at != nil {
		n.line, n.col = at.line, at.col
	}
	return n
}

// placeholder is the expression of something that has a name.
func placeholder(name string) string { return "${" + name + "}" }

// unresolved makes the unknown value of a function's call.
func unresolved(at *node, call, reason string) *node {
	return notKnown(at, placeholder(call), reason)
}

// because makes the unknown value of a call that an argument makes unknown.
func because(at *node, call string, argument *node) *node {
	if len(argument.text) > maxCfnText {
		return unresolved(at, call, argument.reason())
	}
	return notKnown(at, placeholder(call+" "+argument.text), argument.reason())
}

// references lists the names in the placeholders of a text, inner ones too:
// "service/${Cluster}/${Api.Name}" names Cluster and Api.Name.
func references(text string) []string {
	var names []string
	for {
		_, rest, found := strings.Cut(text, "${")
		if !found {
			return names
		}
		if end := strings.IndexAny(rest, "} $"); end > 0 {
			names = append(names, rest[:end])
		}
		text = rest
	}
}

// owner returns the resource that the whole of a value refers to, by Ref or
// GetAtt; nil where it is anything else.
func (s *cfnSet) owner(n *node) *cfnResource {
	if n == nil || n.kind != unknownNode {
		return nil
	}
	name, ok := strings.CutPrefix(n.text, "${")
	name, closed := strings.CutSuffix(name, "}")
	if !ok || !closed || strings.ContainsAny(name, "${} ") {
		return nil
	}
	return s.named(name)
}

// named finds the resource of "Api" or "Api.Name".
func (s *cfnSet) named(name string) *cfnResource {
	key, _, _ := strings.Cut(name, ".")
	return s.byKey[key]
}

// mentions lists the resources that a value refers to anywhere in it.
func (s *cfnSet) mentions(n *node) []*cfnResource {
	if n == nil || n.kind != unknownNode {
		return nil
	}
	var found []*cfnResource
	for _, name := range references(n.text) {
		if r := s.named(name); r != nil {
			found = append(found, r)
		}
	}
	return found
}
