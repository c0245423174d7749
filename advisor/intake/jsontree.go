package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// parseJSON reads exactly one JSON document. Duplicate keys are errors: tools
// disagree on which one counts, so a price would depend on the tool. What the
// scanner cannot read, encoding/json reads or says what is wrong with.
func parseJSON(name string, data []byte) (*node, error) {
	if root, ok := scanJSON(name, data); ok {
		return root, nil
	}
	return decodeJSON(name, data)
}

// scanJSON reads a document that has no mistakes; in a quarter of the time that
// decodeJSON takes.
func scanJSON(name string, data []byte) (root *node, ok bool) {
	s := newScanner(name, data)
	root, err := s.value(0)
	if err != nil || s.space() != 0 || s.pos < len(s.data) || !distinctKeys(root) {
		return nil, false
	}
	return root, true
}

// distinctKeys reports whether no mapping of a tree has a key twice.
func distinctKeys(n *node) bool {
	if n.kind == mappingNode && unique("", n) != nil {
		return false
	}
	for i := range n.entries {
		if !distinctKeys(n.entries[i].value) {
			return false
		}
	}
	for _, item := range n.items {
		if !distinctKeys(item) {
			return false
		}
	}
	return true
}

// decodeJSON reads a document with encoding/json.
func decodeJSON(name string, data []byte) (*node, error) {
	p := &jsonParser{name: name, data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	p.dec.UseNumber()
	root, err := p.value("", 0)
	if err != nil {
		return nil, err
	}
	if tok, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		text := "unexpected text after the end of the document"
		if d, ok := tok.(json.Delim); err == nil && ok && (d == '{' || d == '[') {
			text = "a second JSON document follows the first; hand in one at a time"
		}
		return nil, p.at(p.dec.InputOffset(), text)
	}
	return root, nil
}

type jsonParser struct {
	name string
	data []byte
	dec  *json.Decoder
}

// value reads the next value. The path is only for messages.
func (p *jsonParser) value(path string, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, p.at(p.dec.InputOffset(), fmt.Sprintf("nested deeper than %d levels", maxDepth))
	}
	tok, err := p.dec.Token()
	if err != nil {
		return nil, p.syntax(err)
	}
	switch t := tok.(type) {
	case json.Delim:
		if t == '[' {
			return p.list(path, depth)
		}
		return p.mapping(path, depth)
	case string:
		return &node{kind: textNode, text: t}, nil
	case json.Number:
		return &node{kind: numberNode, text: t.String()}, nil
	case bool:
		return &node{kind: boolNode, text: fmt.Sprint(t)}, nil
	default:
		return &node{kind: nullNode}, nil
	}
}

func (p *jsonParser) list(path string, depth int) (*node, error) {
	n := &node{kind: listNode}
	for p.dec.More() {
		item, err := p.value(index(path, len(n.items)), depth+1)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	if _, err := p.dec.Token(); err != nil {
		return nil, p.syntax(err)
	}
	return n, nil
}

func (p *jsonParser) mapping(path string, depth int) (*node, error) {
	n := &node{kind: mappingNode}
	keys := make(keySet)
	for p.dec.More() {
		tok, err := p.dec.Token()
		if err != nil {
			return nil, p.syntax(err)
		}
		key, _ := tok.(string)
		if !keys.add(key) {
			return nil, &Error{File: p.name, Path: path, Text: fmt.Sprintf("the key %q is there twice", clip(key))}
		}
		value, err := p.value(join(path, key), depth+1)
		if err != nil {
			return nil, err
		}
		n.entries = append(n.entries, entry{key: key, value: value})
	}
	if _, err := p.dec.Token(); err != nil {
		return nil, p.syntax(err)
	}
	return n, nil
}

// keySet finds duplicate keys.
type keySet map[string]struct{}

// add reports whether the key is new.
func (s keySet) add(key string) bool {
	if _, ok := s[key]; ok {
		return false
	}
	s[key] = struct{}{}
	return true
}

// syntax turns the decoder's error into one with a place, and knows the usual
// reasons: a file cut short, a template that nobody rendered.
func (p *jsonParser) syntax(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return p.at(int64(len(p.data)), "the JSON ends in the middle; is the file complete?")
	}
	offset := p.dec.InputOffset()
	var syntax *json.SyntaxError
	// The decoder's own errors have the offset of the byte, its scanner's the
	// offset after it.
	if errors.As(err, &syntax) && syntax.Offset != offset {
		offset = max(syntax.Offset-1, 0)
	}
	for _, from := range []int64{offset - 1, offset} {
		rest := p.data[max(0, min(from, int64(len(p.data)))):]
		for _, mark := range []string{"{{", "${", "<%", "{%"} {
			if bytes.HasPrefix(rest, []byte(mark)) {
				return p.at(from, fmt.Sprintf("a template (%s …) stands where JSON needs a value; render it first", mark))
			}
		}
	}
	return p.at(offset, "not valid JSON: "+err.Error())
}

// at makes an error with the line and column of an offset.
func (p *jsonParser) at(offset int64, text string) error {
	before := p.data[:max(0, min(offset, int64(len(p.data))))]
	line := 1 + bytes.Count(before, []byte("\n"))
	col := len(before) - bytes.LastIndexByte(before, '\n')
	return &Error{File: p.name, Line: line, Col: col, Text: text}
}
