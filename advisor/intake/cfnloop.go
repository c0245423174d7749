package intake

import (
	"strings"
)

// loopPrefix begins the key of a loop: "Fn::ForEach::Name".
// Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html.
const loopPrefix = "Fn::ForEach::"

// loops reports whether a mapping has a loop among its keys.
func loops(n *node) bool {
	if n == nil {
		return false
	}
	for i := range n.entries {
		if strings.HasPrefix(n.entries[i].key, loopPrefix) {
			return true
		}
	}
	return false
}

// unroll lists the entries of a mapping with its loops unrolled. A loop over a
// collection that is not known is noted and yields nothing.
func (t *cfnTemplate) unroll(n *node, depth int) []entry {
	if n == nil || !loops(n) {
		if n == nil {
			return nil
		}
		return n.entries
	}
	var entries []entry
	for _, e := range n.entries {
		name, ok := strings.CutPrefix(e.key, loopPrefix)
		if !ok {
			entries = append(entries, e)
			continue
		}
		if depth > maxCfnDepth || !t.spend() {
			return entries
		}
		entries = append(entries, t.unrollOne(name, e.value, depth)...)
	}
	return entries
}

// unrollOne unrolls one loop: [identifier, collection, {key: value}].
func (t *cfnTemplate) unrollOne(name string, loop *node, depth int) []entry {
	if len(loop.items) != 3 || loop.items[0].kind != textNode || loop.items[2].kind != mappingNode {
		t.set.skip("loop " + clip(name) + " is not of the form [identifier, collection, {key: value}] and was left out")
		return nil
	}
	collection := t.eval(loop.items[1])
	if collection == nil || collection.kind != listNode {
		reason := "its collection is no list"
		if collection != nil && collection.kind == unknownNode {
			reason = collection.reason()
		}
		t.set.skip("loop " + clip(name) + " was left out: " + reason)
		return nil
	}
	var entries []entry
	for _, item := range collection.items {
		if !item.scalar() {
			t.set.skip("one turn of loop " + clip(name) + " was left out: " + item.describe())
			continue
		}
		s := &substitution{t: t, identifier: loop.items[0].text, value: item.text}
		entries = append(entries, t.unroll(s.apply(loop.items[2], 0), depth+1)...)
		if t.set.steps > maxCfnSteps {
			break
		}
	}
	return entries
}

// substitution replaces the identifier of a loop by one value.
type substitution struct {
	t                 *cfnTemplate
	identifier, value string
}

// copyCost is what copying a value counts for beside evaluating it: a copy
// takes memory.
const copyCost = 9

// apply copies a tree with the identifier replaced.
func (s *substitution) apply(n *node, depth int) *node {
	s.t.set.steps += copyCost
	if depth > maxCfnDepth || !s.t.spend() {
		return n
	}
	if name, arg := cfnFunction(n); name == "Ref" && arg.text == s.identifier {
		return &node{kind: textNode, text: s.value, line: n.line, col: n.col}
	}
	c := &node{kind: n.kind, text: n.text, line: n.line, col: n.col}
	if n.kind == textNode {
		c.text = s.text(n.text)
	}
	if n.entries != nil {
		c.entries = make([]entry, len(n.entries))
		for i, e := range n.entries {
			c.entries[i] = entry{key: s.text(e.key), line: e.line, col: e.col, value: s.apply(e.value, depth+1)}
		}
	}
	if n.items != nil {
		c.items = make([]*node, len(n.items))
		for i, item := range n.items {
			c.items[i] = s.apply(item, depth+1)
		}
	}
	return c
}

// text replaces ${Identifier} by the value and &{Identifier} by its letters
// and digits, which is all that a logical id may have.
func (s *substitution) text(text string) string {
	text = strings.ReplaceAll(text, "${"+s.identifier+"}", s.value)
	if strings.Contains(text, "&{"+s.identifier+"}") {
		plain := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
				return r
			}
			return -1
		}, s.value)
		text = strings.ReplaceAll(text, "&{"+s.identifier+"}", plain)
	}
	if len(text) > maxCfnText {
		text = text[:maxCfnText]
	}
	return text
}
