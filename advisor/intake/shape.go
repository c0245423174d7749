package intake

import "strings"

// shape says what may stand at one place of a design file. It is data: the
// reader's messages, the suggestions, the JSON Schema, the reference page and
// the paths of variants are all drawn from the same shape.
type shape struct {
	// want completes "want …".
	want string

	// Of a scalar: its JSON types, the words allowed (any, if none are
	// listed) and examples.
	types    []string
	words    []string
	examples []string

	// Of a mapping: its title in the reference, what it is, its keys, and an
	// example document.
	title, doc, example string
	keys                []word
	// each is what stands under any other key: a mapping by name. names says
	// what the keys name.
	each  *shape
	names string
	// extensions allows keys that begin with "x-" and are not read.
	extensions bool
	// promote is the key that a scalar stands for where a variant sets a key
	// beside it: "task: a.json" is "task: {file: a.json}".
	promote string

	// items is what a list holds.
	items *shape

	// any are alternatives, told apart by whether a scalar, a mapping or a
	// list stands there.
	any []*shape
}

// word is a key of a mapping.
type word struct {
	name, doc string
	required  bool
	value     *shape
}

// The classes of values that alternatives are told apart by.
type class uint8

const (
	scalarClass class = iota
	mappingClass
	listClass
)

// class of a shape that is no alternative.
func (s *shape) class() class {
	switch {
	case s.items != nil:
		return listClass
	case s.keys != nil || s.each != nil:
		return mappingClass
	default:
		return scalarClass
	}
}

// classOf a value. Nothing at all is an empty mapping where a mapping may be.
func classOf(n *node) class {
	switch n.kind {
	case mappingNode:
		return mappingClass
	case listNode:
		return listClass
	default:
		return scalarClass
	}
}

// alternatives of a shape, itself where it has none.
func (s *shape) alternatives() []*shape {
	if s.any == nil {
		return []*shape{s}
	}
	var flat []*shape
	for _, a := range s.any {
		flat = append(flat, a.alternatives()...)
	}
	return flat
}

// accepts reports whether a value of some class may stand here.
func (s *shape) accepts(c class) bool {
	for _, a := range s.alternatives() {
		if a.class() == c {
			return true
		}
	}
	return false
}

// wanted completes "want …" for a shape with alternatives.
func (s *shape) wanted() string {
	if s.any == nil || s.want != "" {
		return s.want
	}
	var parts []string
	for _, a := range s.any {
		parts = append(parts, a.wanted())
	}
	return strings.Join(parts, ", or ")
}

// brief is wanted without the keys of mappings, for a message about a key that
// is not there at all.
func (s *shape) brief() string {
	var parts []string
	for _, a := range s.alternatives() {
		switch a.class() {
		case mappingClass:
			parts = append(parts, "a mapping")
		case listClass:
			parts = append(parts, "a list")
		default:
			parts = append(parts, a.want)
		}
	}
	return strings.Join(parts, ", or ")
}

// keyNames lists a mapping's fixed keys.
func (s *shape) keyNames() []string {
	names := make([]string, len(s.keys))
	for i, k := range s.keys {
		names[i] = k.name
	}
	return names
}

// key finds a fixed key.
func (s *shape) key(name string) *word {
	for i := range s.keys {
		if s.keys[i].name == name {
			return &s.keys[i]
		}
	}
	return nil
}
