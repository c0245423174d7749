package intake

import (
	"slices"
	"strings"
)

// ref is a reference to a resource of one of some types: its value, or where
// the code points. Where the code shows nothing (locals, dynamic blocks) the
// only resource of the type in the same module is meant, else the only one of
// the plan: what is unknown before apply is made by this plan.
func (v tfValue) ref(types ...string) ref {
	switch {
	case v.null():
		return ref{}
	case !v.unknown():
		return refText(textOf(v.n))
	}
	references := v.references()
	found := v.s.follow(references, types)
	if len(found) == 0 && opaque(references) {
		found = v.s.only(types)
	}
	if len(found) == 0 {
		return refUnknown(afterApply)
	}
	return v.s.keys(found)
}

// refs are references in a list. An unknown list is as long as the code shows
// resources for it.
func (v tfValue) refs(types ...string) []ref {
	if v.null() {
		return nil
	}
	var list []ref
	unknown := v.unknown()
	for _, item := range v.items() {
		if item.unknown() {
			unknown = true
		} else if text := item.text(); text != "" {
			list = append(list, refText(text))
		}
	}
	if !unknown {
		return list
	}
	found := v.s.follow(v.references(), types)
	if len(found) == 0 {
		return append(list, refUnknown(afterApply))
	}
	for _, i := range found {
		list = append(list, refTo(v.s.f.resources[i].address))
	}
	return list
}

// keys makes a reference of resources.
func (s *tfSide) keys(found []int) ref {
	r := ref{note: afterApply}
	for _, i := range found {
		r.keys = append(r.keys, s.f.resources[i].address)
	}
	return r
}

// references are what a value's expression refers to, as the code writes it.
func (v tfValue) references() []string { return referencesIn(v.s.expression(v.path)) }

// expression is the code at a path of a resource, or the code around it where
// the plan does not show so much detail; nil where it shows none.
func (s *tfSide) expression(path string) *node {
	if s.config == nil {
		return nil
	}
	name, rest := path, ""
	if end := strings.IndexAny(path, ".["); end >= 0 {
		name, rest = path[:end], path[end:]
	}
	span, ok := s.f.member(s.config.expressions, name)
	if !ok {
		return nil
	}
	return within(s.f.value(span), rest)
}

// opaque reports whether references may lead anywhere: there are none (a
// dynamic block), or some are to what the plan does not show.
func opaque(references []string) bool {
	return len(references) == 0 || slices.ContainsFunc(references, func(r string) bool {
		first, _, _ := strings.Cut(r, ".")
		switch first {
		case "local", "var", "module", "each":
			return true
		}
		return false
	})
}

// follow follows references from a resource, through its for_each where they
// are to each.value, to resources of types.
func (s *tfSide) follow(references, types []string) []int {
	if s.config != nil && slices.ContainsFunc(references, func(r string) bool { return strings.HasPrefix(r, "each.value") }) {
		references = append(slices.Clone(references), referencesIn(s.f.value(s.config.forEach))...)
	}
	var found []int
	for _, i := range s.f.follow(s.r.module, references, tfKeys{own: s.r.key}, 0) {
		r := &s.f.resources[i]
		if (s.past && r.hasPast || !s.past && r.hasNext) && slices.Contains(types, r.typ) {
			found = append(found, i)
		}
	}
	return found
}

// only is the one resource of some types that can be meant where the code shows
// nothing: the only one in the same module, the only one that the module is
// given, the only one of the plan. More than one is none.
func (s *tfSide) only(types []string) []int {
	exists := func(all []int) []int {
		var found []int
		for _, i := range all {
			if r := &s.f.resources[i]; r.hasNext && slices.Contains(types, r.typ) {
				found = append(found, i)
			}
		}
		return found
	}
	var own []int
	for _, t := range types {
		own = append(own, s.r.module.types[t]...)
	}
	found := exists(own)
	for m := s.r.module; len(found) == 0 && m.parent != nil; m = m.parent {
		found = exists(s.f.given(m))
	}
	if len(found) == 0 {
		found = s.f.onlyOfPlan(types)
	}
	if len(found) == 1 {
		return found
	}
	return nil
}

// given are the resources that a module's inputs lead to, all of them together.
func (f *tfFile) given(m *tfModule) []int {
	if answer, ok := f.inputs[m]; ok {
		return answer
	}
	var references []string
	if above := f.configOf(m.parent); above != nil && above.calls[m.name] != nil {
		inputs := above.calls[m.name].inputs
		for _, member := range f.members[inputs.from:inputs.to] {
			references = append(references, referencesIn(f.value(member.value))...)
		}
	}
	answer := f.follow(m.parent, references, tfKeys{own: m.key}, 0)
	if f.inputs == nil {
		f.inputs = make(map[*tfModule][]int)
	}
	f.inputs[m] = answer
	return answer
}

// within walks into an expression by the rest of a path. A block that the
// configuration does not show in that detail stands for all that is in it.
func within(n *node, rest string) *node {
	for rest != "" && n != nil && n.get("references") == nil {
		if rest[0] == '[' {
			end := strings.IndexByte(rest, ']')
			if n.kind == listNode {
				number := 0
				for _, c := range rest[1:end] {
					number = number*10 + int(c-'0')
				}
				if number >= len(n.items) {
					return n
				}
				n = n.items[number]
			}
			rest = rest[end+1:]
			continue
		}
		rest = rest[1:]
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		if n.kind == listNode && len(n.items) > 0 {
			n = n.items[0]
		}
		n, rest = n.get(rest[:end]), rest[end:]
	}
	return n
}

// onlyOfPlan are the resources of some types after the plan, as far as there
// are no more than two.
func (f *tfFile) onlyOfPlan(types []string) []int {
	if f.byType == nil {
		f.byType = make(map[string][]int)
		for i := range f.resources {
			if r := &f.resources[i]; r.hasNext && !r.data && !r.deposed && len(f.byType[r.typ]) < 2 {
				f.byType[r.typ] = append(f.byType[r.typ], i)
			}
		}
	}
	var found []int
	for _, t := range types {
		found = append(found, f.byType[t]...)
	}
	return found
}
