package intake

import (
	"strings"
)

// cfnFunction tells a function call: {"Fn::Sub": …}, {"Ref": …} or !Sub. The
// argument is never nil where there is a name.
func cfnFunction(n *node) (name string, argument *node) {
	switch {
	case n == nil:
		return "", nil
	case n.kind == tagNode:
		argument = &node{kind: nullNode, line: n.line, col: n.col}
		if len(n.items) == 1 {
			argument = n.items[0]
		}
		switch short := strings.TrimPrefix(n.text, "!"); short {
		case "Ref", "Condition":
			return short, argument
		default:
			return "Fn::" + short, argument
		}
	case n.kind != mappingNode || len(n.entries) != 1:
		return "", nil
	}
	e := n.entries[0]
	switch {
	case e.key == "Ref", e.key == "Condition" && e.value.kind == textNode:
		return e.key, e.value
	case strings.HasPrefix(e.key, "Fn::") && !strings.HasPrefix(e.key, loopPrefix):
		return e.key, e.value
	default:
		return "", nil
	}
}

// spend counts one evaluated value and reports whether there may be more.
func (t *cfnTemplate) spend() bool {
	t.set.steps++
	return t.set.steps <= maxCfnSteps
}

// eval evaluates a value and everything in it. Nil is AWS::NoValue. A value
// without expressions is returned as it is.
func (t *cfnTemplate) eval(n *node) *node {
	t.depth++
	defer func() { t.depth-- }()
	if t.depth > maxCfnDepth || !t.spend() {
		return unresolved(n, "…", "the expression nests too deeply")
	}
	switch n.kind {
	case tagNode, mappingNode:
		if name, argument := cfnFunction(n); name != "" {
			return t.call(n, name, argument)
		}
		if n.kind == mappingNode {
			return t.mapping(n)
		}
		return n
	case listNode:
		return t.list(n)
	case textNode:
		return t.dynamic(n)
	default:
		return n
	}
}

// mapping evaluates the values of a mapping, its loops unrolled; those that
// are AWS::NoValue go.
func (t *cfnTemplate) mapping(n *node) *node {
	out, entries := n, n.entries
	if loops(n) {
		entries = t.unroll(n, 0)
		out = &node{kind: mappingNode, line: n.line, col: n.col}
	}
	for i, e := range entries {
		v := t.eval(e.value)
		if v == e.value && out == n {
			continue
		}
		if out == n {
			out = &node{kind: mappingNode, line: n.line, col: n.col, entries: make([]entry, i, len(entries))}
			copy(out.entries, entries[:i])
		}
		if v != nil {
			out.entries = append(out.entries, entry{key: e.key, line: e.line, col: e.col, value: v})
		}
	}
	return out
}

// list evaluates the items of a list; those that are AWS::NoValue go.
func (t *cfnTemplate) list(n *node) *node {
	out := n
	for i, item := range n.items {
		v := t.eval(item)
		if v == item && out == n {
			continue
		}
		if out == n {
			out = &node{kind: listNode, line: n.line, col: n.col, items: make([]*node, i, len(n.items))}
			copy(out.items, n.items[:i])
		}
		if v != nil {
			out.items = append(out.items, v)
		}
	}
	return out
}

// dynamic makes a text with a dynamic reference unknown. What it refers to is
// a secret or may be one, so neither its path nor the text around it is kept.
// Source: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html.
func (t *cfnTemplate) dynamic(n *node) *node {
	_, rest, found := strings.Cut(n.text, "{{resolve:")
	if !found {
		return n
	}
	store, _, _ := strings.Cut(rest, ":")
	switch store {
	case "ssm", "ssm-secure", "secretsmanager":
	default:
		store = "…"
	}
	return unresolved(n, "resolve:"+store, "a dynamic reference ({{resolve:"+store+":…}}) is read when the stack is deployed")
}

// call evaluates a function.
func (t *cfnTemplate) call(n *node, name string, arg *node) *node {
	switch name {
	case "Ref":
		return t.ref(n, arg.text)
	case "Fn::GetAtt":
		return t.attribute(n, arg)
	case "Fn::Sub":
		return t.sub(n, arg)
	case "Fn::Join":
		return t.joinTexts(n, arg)
	case "Fn::Select":
		return t.selected(n, arg)
	case "Fn::Split":
		return t.split(n, arg)
	case "Fn::FindInMap":
		return t.findInMap(n, arg)
	case "Fn::If":
		return t.branch(n, arg)
	case "Fn::ImportValue":
		return t.imported(n, arg)
	case "Fn::Length":
		return t.length(n, arg)
	case "Fn::ToJsonString":
		return t.jsonString(n, arg)
	case "Condition":
		return verdictNode(n, name+" "+arg.text)(t.holds(arg.text))
	case "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or":
		return verdictNode(n, name)(t.decide(n))
	case "Fn::Base64":
		return unresolved(n, name, "encoded text is not looked into")
	case "Fn::Cidr":
		return unresolved(n, name, "address ranges have no price")
	case "Fn::GetAZs":
		return unresolved(n, name, "which Availability Zones a region has is known to the account")
	case "Fn::Transform":
		return unresolved(n, name, "a macro runs when the stack is deployed")
	default:
		return unresolved(n, clip(name), "the function "+clip(name)+" is not one that this tool evaluates")
	}
}

// verdictNode turns a decided condition into a value.
func verdictNode(at *node, call string) func(verdict, string) *node {
	return func(v verdict, why string) *node {
		switch v {
		case yes:
			return &node{kind: boolNode, text: "true", line: at.line, col: at.col}
		case no:
			return &node{kind: boolNode, text: "false", line: at.line, col: at.col}
		default:
			return notKnown(at, placeholder(call), why)
		}
	}
}

// branch evaluates Fn::If. Where the condition is not known, two equal
// branches still have one value.
func (t *cfnTemplate) branch(n, arg *node) *node {
	if len(arg.items) != 3 {
		return unresolved(n, "Fn::If", "Fn::If wants [condition, value if true, value if false]")
	}
	name := arg.items[0].text
	v, why := t.holds(name)
	switch v {
	case yes:
		return t.eval(arg.items[1])
	case no:
		return t.eval(arg.items[2])
	}
	a, b := t.eval(arg.items[1]), t.eval(arg.items[2])
	if a != nil && b != nil && sameValue(a, b) {
		return a
	}
	call := "Fn::If " + name
	for _, v := range []*node{a, b} { // the resources that it chooses between
		if v != nil && v.kind == unknownNode && len(call)+len(v.text) < maxCfnText {
			call += " " + v.text
		}
	}
	return unresolved(n, call, why)
}
