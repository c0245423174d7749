package intake

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// yamlReader turns goccy's syntax tree into nodes: anchors and aliases
// resolved, merge keys expanded, duplicates refused.
type yamlReader struct {
	name    string
	anchors map[string]*node
	// merged counts entries copied by merge keys, so that a few lines of
	// merges cannot grow without bound.
	merged int
	// line is what to add to the parser's line numbers.
	line int
	// masked says that the parser's text is maskColons'.
	masked bool
}

// maxMerged bounds what merge keys may copy.
const maxMerged = 100_000

// parse reads one piece of a document, which begins after r.line lines.
func (r *yamlReader) parse(text string) (n *node, err error) {
	defer func() {
		// goccy/go-yaml is run on whatever people hand in; should it panic on
		// a document, that is a document that cannot be read.
		if p := recover(); p != nil {
			n, err = nil, &Error{File: r.name, Line: r.line + 1, Col: 1, Text: "not valid YAML"}
		}
	}()
	text, r.masked = maskColons(text)
	file, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, r.syntax(err)
	}
	root := &node{kind: nullNode, line: int32(r.line + 1), col: 1}
	for i, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if i > 0 && root.kind != nullNode {
			return nil, r.errorAt(doc.Body, "a second YAML document follows the first; hand in one at a time")
		}
		if root, err = r.convert(doc.Body, 0); err != nil {
			return nil, err
		}
	}
	return root, nil
}

// syntax keeps the parser's message and place and drops its excerpt of the
// text, which may hold values that are nobody's business.
func (r *yamlReader) syntax(err error) error {
	e := &Error{File: r.name, Line: r.line + 1, Col: 1, Text: "not valid YAML"}
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		e.Text += ": " + r.unmask(syntax.Message)
		if tk := syntax.Token; tk != nil && tk.Position != nil {
			e.Line, e.Col = r.line+tk.Position.Line, tk.Position.Column
		}
	}
	return e
}

func (r *yamlReader) errorAt(at ast.Node, format string, args ...any) error {
	line, col := r.place(at.GetToken())
	return &Error{File: r.name, Line: int(line), Col: int(col), Text: fmt.Sprintf(format, args...)}
}

func (r *yamlReader) place(tk *token.Token) (line, col int32) {
	if tk == nil || tk.Position == nil {
		return int32(r.line + 1), 1
	}
	return int32(r.line + tk.Position.Line), int32(tk.Position.Column)
}

func (r *yamlReader) convert(at ast.Node, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, r.errorAt(at, "nested deeper than %d levels", maxDepth)
	}
	n := &node{}
	n.line, n.col = r.place(at.GetToken())
	switch t := at.(type) {
	case *ast.MappingNode:
		return r.mapping(n, t.Values, depth)
	case *ast.MappingValueNode:
		return r.mapping(n, []*ast.MappingValueNode{t}, depth)
	case *ast.SequenceNode:
		return r.list(n, t, depth)
	case *ast.AnchorNode:
		return r.anchor(t, depth)
	case *ast.AliasNode:
		name := t.Value.GetToken().Value
		target, ok := r.anchors[name]
		if !ok {
			return nil, r.errorAt(at, "the alias *%s refers to no anchor before it", clip(name))
		}
		return target, nil
	case *ast.TagNode:
		return r.tag(n, t, depth)
	case *ast.LiteralNode:
		n.kind, n.text = textNode, r.unmask(t.Value.Value)
	case *ast.StringNode:
		n.kind, n.text = textNode, r.unmask(t.Value)
	case *ast.BoolNode:
		n.kind, n.text = boolNode, fmt.Sprint(t.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		n.kind, n.text = numberNode, at.GetToken().Value
	case *ast.NullNode:
	default:
		return nil, r.errorAt(at, "this part of YAML (%s) is not used here", at.Type())
	}
	return n, nil
}

func (r *yamlReader) list(n *node, seq *ast.SequenceNode, depth int) (*node, error) {
	n.kind = listNode
	for _, value := range seq.Values {
		item, err := r.convert(value, depth+1)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	return n, nil
}

func (r *yamlReader) anchor(a *ast.AnchorNode, depth int) (*node, error) {
	value, err := r.convert(a.Value, depth+1)
	if err != nil {
		return nil, err
	}
	if r.anchors == nil {
		r.anchors = make(map[string]*node)
	}
	r.anchors[a.Name.GetToken().Value] = value
	return value, nil
}

// tag reads YAML's own tags as what they are on and keeps others as a value
// that only another tool knows.
func (r *yamlReader) tag(n *node, t *ast.TagNode, depth int) (*node, error) {
	name := r.unmask(t.GetToken().Value)
	if t.Value == nil {
		n.kind, n.text = tagNode, name
		return n, nil
	}
	value, err := r.convert(t.Value, depth+1)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(name, "!!") {
		if name == "!!str" && value.kind != mappingNode && value.kind != listNode {
			value.kind = textNode
		}
		return value, nil
	}
	n.kind, n.text, n.items = tagNode, name, []*node{value}
	return n, nil
}

func (r *yamlReader) mapping(n *node, values []*ast.MappingValueNode, depth int) (*node, error) {
	n.kind = mappingNode
	n.entries = make([]entry, 0, len(values))
	if len(values) > 0 && n.col > 0 {
		// A block mapping's own token is its first colon; it begins at its key.
		if line, col := r.place(values[0].Key.GetToken()); line == n.line && col < n.col {
			n.col = col
		}
	}
	var merges []*node
	for _, v := range values {
		if _, ok := v.Key.(*ast.MergeKeyNode); ok {
			from, err := r.convert(v.Value, depth+1)
			if err != nil {
				return nil, err
			}
			merges = append(merges, from)
			continue
		}
		e, err := r.entry(v, depth)
		if err != nil {
			return nil, err
		}
		n.entries = append(n.entries, e)
	}
	if err := unique(r.name, n); err != nil {
		return nil, err
	}
	for _, from := range merges {
		if err := r.merge(n, from); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (r *yamlReader) entry(v *ast.MappingValueNode, depth int) (entry, error) {
	var e entry
	key, err := r.convert(v.Key, depth+1)
	if err != nil {
		return e, err
	}
	switch key.kind {
	case textNode, numberNode, boolNode:
	default:
		return e, r.errorAt(v.Key, "want a text as key, got %s", key.describe())
	}
	e.key, e.line, e.col = key.text, key.line, key.col
	e.value, err = r.convert(v.Value, depth+1)
	return e, err
}

// unique refuses duplicate keys. Small mappings, which most are, do without a
// set.
func unique(file string, n *node) error {
	const small = 16
	var keys keySet
	if len(n.entries) > small {
		keys = make(keySet, len(n.entries))
	}
	for i, e := range n.entries {
		fresh := true
		if keys != nil {
			fresh = keys.add(e.key)
		} else {
			for _, before := range n.entries[:i] {
				fresh = fresh && before.key != e.key
			}
		}
		if !fresh {
			return &Error{File: file, Line: int(e.line), Col: int(e.col), Text: fmt.Sprintf("the key %q is there twice", clip(e.key))}
		}
	}
	return nil
}

// merge adds the entries of a "<<" value that n does not have itself.
func (r *yamlReader) merge(n, from *node) error {
	sources := []*node{from}
	if from.kind == listNode {
		sources = from.items
	}
	have := make(keySet, len(n.entries))
	for _, e := range n.entries {
		have.add(e.key)
	}
	for _, source := range sources {
		if source.kind != mappingNode {
			return &Error{File: r.name, Line: int(from.line), Col: int(from.col),
				Text: "want a mapping (or a list of them) after <<, got " + source.kind.String()}
		}
		r.merged += len(source.entries)
		if r.merged > maxMerged {
			return &Error{File: r.name, Line: int(n.line), Col: int(n.col),
				Text: fmt.Sprintf("the merge keys (<<) of this document copy more than %d entries", maxMerged)}
		}
		for _, e := range source.entries {
			if have.add(e.key) {
				n.entries = append(n.entries, e)
			}
		}
	}
	return nil
}
