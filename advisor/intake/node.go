package intake

import (
	"fmt"
	"strconv"
	"strings"
)

// node is a value of a JSON or YAML document, with its place.
type node struct {
	kind nodeKind
	// text is a scalar as it was written, without quotes.
	text string
	// entries are a mapping's, in the order of the document; keys are unique.
	entries []entry
	// items are a list's; of a tag, the one value that it stands before; of
	// an unknown value, the reason.
	items []*node
	// line and col begin at 1; 0 in JSON, whose places are paths.
	line, col int32
}

// entry is one key of a mapping with its value.
type entry struct {
	key       string
	line, col int32
	value     *node
}

// nodeKind is what a value is.
type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	textNode
	mappingNode
	listNode
	// tagNode is a YAML tag of somebody's own (CloudFormation's !Ref): a
	// value that this document does not hold.
	tagNode
	// unknownNode is an expression that was evaluated and whose value only a
	// deployment tells; its text is the expression.
	unknownNode
)

// maxDepth bounds how deep a document may nest. The deepest that any input of
// this package needs is below 20.
const maxDepth = 100

// describe says what a value is without quoting more of it than a message needs.
func (n *node) describe() string {
	switch n.kind {
	case boolNode, numberNode:
		return clip(n.text)
	case textNode:
		return strconv.Quote(clip(n.text))
	case tagNode:
		return "the YAML tag " + clip(n.text)
	case unknownNode:
		return "the unknown value of " + clip(n.text)
	default:
		return n.kind.String()
	}
}

// String names the kind with its article, as in "want a number, got a list".
func (k nodeKind) String() string {
	switch k {
	case nullNode:
		return "nothing"
	case boolNode:
		return "true or false"
	case numberNode:
		return "a number"
	case textNode:
		return "a text"
	case mappingNode:
		return "a mapping"
	case listNode:
		return "a list"
	case unknownNode:
		return "an unknown value"
	default:
		return "a YAML tag"
	}
}

// clip shortens a text that goes into a message.
func clip(text string) string {
	const most = 60
	if len(text) <= most {
		return text
	}
	cut := most
	for cut > 0 && text[cut]&0xC0 == 0x80 { // not inside a rune
		cut--
	}
	return text[:cut] + "…"
}

// reason says why a value is not known, "" for any other.
func (n *node) reason() string {
	if n == nil || n.kind != unknownNode || len(n.items) == 0 {
		return ""
	}
	return n.items[0].text
}

// scalar reports whether the value is a text or a number: what a quantity may
// be written as.
func (n *node) scalar() bool { return n.kind == textNode || n.kind == numberNode }

// get returns the value of a key, nil if there is none.
func (n *node) get(key string) *node {
	if n == nil || n.kind != mappingNode {
		return nil
	}
	for i := range n.entries {
		if n.entries[i].key == key {
			return n.entries[i].value
		}
	}
	return nil
}

// fold returns the value of a key in any capitalisation, and the key as it is
// written: CloudFormation writes ContainerDefinitions what ECS writes
// containerDefinitions. A null value counts as absent.
func (n *node) fold(key string) (value *node, written string) {
	if n == nil || n.kind != mappingNode {
		return nil, key
	}
	for i := range n.entries {
		if strings.EqualFold(n.entries[i].key, key) && n.entries[i].value.kind != nullNode {
			return n.entries[i].value, n.entries[i].key
		}
	}
	return nil, key
}

// template reports whether a text is to be filled in by another tool before
// AWS sees it: {{ env `TAG` }}, ${TAG}, $(TAG), #{TAG}, $TAG, <TAG>, __TAG__.
func (n *node) template() bool {
	if n.kind == tagNode || n.kind == unknownNode {
		return true
	}
	if n.kind != textNode {
		return false
	}
	for _, mark := range []string{"{{", "${", "$(", "#{", "<", "__"} {
		if strings.Contains(n.text, mark) {
			return true
		}
	}
	return strings.HasPrefix(n.text, "$")
}

// index appends a list index to a path.
func index(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// join appends a key to a path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
