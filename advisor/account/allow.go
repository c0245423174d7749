package account

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// fields is the part of a reply that is kept: by name, what is kept of the value.
// A leaf keeps scalars, and lists of them, but no mapping.
type fields struct {
	// of is nil for a leaf.
	of map[string]*fields
	// reference says that a leaf is kept only where it is an ARN: what else
	// stands there could be the secret itself.
	reference bool
}

// parseFields reads a list of names, each with the list of what is in it:
// "clusters(clusterName settings(name value))". A name with :ref is a reference.
func parseFields(text string) *fields {
	text = strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text)
	root := &fields{of: make(map[string]*fields)}
	open := []*fields{root}
	var last *fields
	for _, word := range strings.Fields(text) {
		switch word {
		case "(":
			last.of = make(map[string]*fields)
			open = append(open, last)
		case ")":
			open = open[:len(open)-1]
		default:
			name, kind, _ := strings.Cut(word, ":")
			last = &fields{reference: kind == "ref"}
			open[len(open)-1].of[name] = last
		}
	}
	return root
}

// unnamedSecret stands for a reference that is no ARN: a parameter's name, or a
// value that somebody wrote in its place.
const unnamedSecret = "/parameter"

// filter returns what is kept of a value, and whether anything is.
func (f *fields) filter(value any) (any, bool) {
	switch v := value.(type) {
	case nil:
		return nil, false
	case []any:
		kept := make([]any, 0, len(v))
		for _, item := range v {
			if item, ok := f.filter(item); ok {
				kept = append(kept, item)
			}
		}
		return kept, true
	case map[string]any:
		if f.of == nil {
			return nil, false
		}
		kept := make(map[string]any, len(f.of))
		for name, inner := range f.of {
			if part, ok := inner.filter(v[name]); ok {
				kept[name] = part
			}
		}
		return kept, true
	case string:
		if f.reference && !strings.HasPrefix(v, "arn:") {
			v = unnamedSecret
		}
		return v, f.of == nil
	default:
		return v, f.of == nil
	}
}

// allowed reduces a reply to its allow-list. Its keys are in order, so that equal
// replies have equal bytes.
func allowed(f *fields, reply []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(reply))
	d.UseNumber()
	var value map[string]any
	if err := d.Decode(&value); err != nil {
		return nil, fmt.Errorf("the reply is no JSON mapping: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("the reply goes on after its end")
	}
	kept, _ := f.filter(value)
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(kept); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}
