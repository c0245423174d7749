package intake

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// tfSide is a resource before or after a plan.
type tfSide struct {
	f      *tfFile
	r      *tfResource
	past   bool
	values tfMembers
	hidden tfMembers // none where nothing is sensitive
	// allHidden says that the resource is sensitive as a whole.
	allHidden bool
	// config is the resource's block, nil where the plan shows none.
	config *tfResourceConfig
}

// side is a resource before or after the plan.
func (f *tfFile) side(r *tfResource, past bool) *tfSide {
	s := &tfSide{f: f, r: r, past: past, values: r.next, config: f.resourceConfigOf(r)}
	hidden := r.nextHidden
	if past {
		s.values, hidden = r.past, r.pastHidden
	}
	if bytes.Contains(f.scan.data[hidden.from:hidden.to], []byte("true")) {
		var parts bool
		s.hidden, parts = f.lookAt(hidden)
		s.allHidden = !parts
	}
	return s
}

// tfValue is a value of a resource, with its path.
type tfValue struct {
	s *tfSide
	n *node // nil is null
	// path leads to the value in the resource: "load_balancer[0].elb_name".
	path string
}

// get is an attribute. It is null where it is not set, and where the provider
// computes what the code does not state: AWS's default holds then. It is unknown
// where the code states something that only apply tells.
func (s *tfSide) get(name string) tfValue { return s.read(name, false) }

// block is an attribute that code may write as a dynamic block, which the plan
// does not show: it is stated even if its expression is not there.
func (s *tfSide) block(name string) tfValue { return s.read(name, true) }

func (s *tfSide) read(name string, dynamic bool) tfValue {
	v := tfValue{s: s, path: name}
	if span, ok := s.f.member(s.values, name); ok {
		v.n = s.f.value(span)
	}
	if s.past {
		return v
	}
	span, ok := s.f.member(s.r.unknown, name)
	if !ok {
		return v
	}
	unknown := s.f.value(span)
	if unknown != nil && unknown.kind == boolNode && unknown.text == "true" && !dynamic && !s.states(name) {
		return v
	}
	v.n = mergeUnknown(v.n, unknown)
	return v
}

// states reports whether the code states an attribute; it does where the plan
// does not show the code.
func (s *tfSide) states(name string) bool {
	if s.config == nil {
		return true
	}
	_, ok := s.f.member(s.config.expressions, name)
	return ok
}

// mergeUnknown lays what is known only after apply over a value.
func mergeUnknown(n, unknown *node) *node {
	if unknown == nil {
		return n
	}
	switch unknown.kind {
	case boolNode:
		if unknown.text == "true" {
			return &node{kind: unknownNode, items: []*node{{kind: textNode, text: afterApply}}}
		}
	case mappingNode:
		if n == nil || n.kind != mappingNode {
			n = &node{kind: mappingNode}
		}
		for _, e := range unknown.entries {
			i := slices.IndexFunc(n.entries, func(have entry) bool { return have.key == e.key })
			if i < 0 {
				if value := mergeUnknown(nil, e.value); value != nil {
					n.entries = append(n.entries, entry{key: e.key, value: value})
				}
				continue
			}
			n.entries[i].value = mergeUnknown(n.entries[i].value, e.value)
		}
	case listNode:
		if len(unknown.items) == 0 {
			return n
		}
		if n == nil || n.kind != listNode {
			n = &node{kind: listNode}
		}
		for i, u := range unknown.items {
			if i >= len(n.items) {
				n.items = append(n.items, &node{})
			}
			n.items[i] = mergeUnknown(n.items[i], u)
		}
	}
	return n
}

// null reports whether there is no value.
func (v tfValue) null() bool { return v.n == nil || v.n.kind == nullNode }

// unknown reports whether the value is known after apply.
func (v tfValue) unknown() bool { return v.n != nil && v.n.kind == unknownNode }

// get is a member of an object; of a list, of its first item: Terraform writes
// a block that may stand once as a list.
func (v tfValue) get(name string) tfValue {
	if v.unknown() {
		return tfValue{v.s, v.n, v.path + "." + name}
	}
	if v.n != nil && v.n.kind == listNode {
		if len(v.n.items) == 0 {
			return tfValue{s: v.s, path: v.path + "." + name}
		}
		v = tfValue{v.s, v.n.items[0], index(v.path, 0)}
		return v.get(name)
	}
	member := tfValue{v.s, v.n.get(name), v.path + "." + name}
	if member.unknown() && !member.stated() {
		return tfValue{s: v.s, path: member.path}
	}
	return member
}

// stated reports whether the code states a member of a block. It does where the
// plan does not show the block: a dynamic one, or a plan without configuration.
func (v tfValue) stated() bool {
	if v.s.config == nil {
		return true
	}
	end := strings.LastIndexByte(v.path, '.')
	block := v.s.expression(v.path[:end])
	if block == nil || block.kind != mappingNode || block.get("references") != nil || block.get("constant_value") != nil {
		return true
	}
	return block.get(v.path[end+1:]) != nil
}

// none reports whether a block is not there.
func (v tfValue) none() bool { return v.null() || v.n.kind == listNode && len(v.n.items) == 0 }

// items are a list's items; one unknown item of a list that is unknown.
func (v tfValue) items() []tfValue {
	switch {
	case v.null():
		return nil
	case v.n.kind != listNode:
		return []tfValue{v}
	}
	list := make([]tfValue, 0, len(v.n.items))
	for i, n := range v.n.items {
		if n != nil && n.kind != nullNode {
			list = append(list, tfValue{v.s, n, index(v.path, i)})
		}
	}
	return list
}

// text is a known text, "" otherwise.
func (v tfValue) text() string { return textOf(v.n) }

// sensitive reports whether the plan hides an attribute.
func (s *tfSide) sensitive(name string) bool {
	span, ok := s.f.member(s.hidden, name)
	return s.allHidden || ok && bytes.Contains(s.f.scan.data[span.from:span.to], []byte("true"))
}

// fact is a text as a fact.
func (v tfValue) fact() fact[string] {
	switch {
	case v.unknown():
		return design.NotKnown[string](afterApply)
	case textOf(v.n) == "":
		return fact[string]{}
	default:
		return design.Know(v.n.text)
	}
}

// number is a number as a fact.
func (v tfValue) number() fact[float64] {
	if v.unknown() {
		return design.NotKnown[float64](afterApply)
	}
	if v.null() || textOf(v.n) == "" {
		return fact[float64]{}
	}
	n, err := parseNumber(v.n.text)
	if err != nil {
		return design.NotKnown[float64](fmt.Sprintf("%s is no number", v.path))
	}
	return design.Know(n)
}

// truth is true or false as a fact.
func (v tfValue) truth() fact[bool] {
	switch {
	case v.unknown():
		return design.NotKnown[bool](afterApply)
	case v.null():
		return fact[bool]{}
	default:
		return design.Know(strings.EqualFold(v.n.text, "true"))
	}
}

// texts are the known texts of a list.
func (v tfValue) texts() []string {
	var list []string
	for _, item := range v.items() {
		if text := item.text(); text != "" {
			list = append(list, text)
		}
	}
	return list
}
