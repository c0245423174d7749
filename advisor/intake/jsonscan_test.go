package intake

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// same compares a node with what encoding/json makes of the same text.
func sameJSON(n *node, v any) bool {
	switch v := v.(type) {
	case nil:
		return n.kind == nullNode
	case bool:
		return n.kind == boolNode && (n.text == "true") == v
	case json.Number:
		return n.kind == numberNode && n.text == v.String()
	case string:
		return n.kind == textNode && n.text == v
	case []any:
		if n.kind != listNode || len(n.items) != len(v) {
			return false
		}
		for i := range v {
			if !sameJSON(n.items[i], v[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		if n.kind != mappingNode {
			return false
		}
		last := make(map[string]*node)
		for _, e := range n.entries {
			last[e.key] = e.value
		}
		if len(last) != len(v) {
			return false
		}
		for key := range v {
			if last[key] == nil || !sameJSON(last[key], v[key]) {
				return false
			}
		}
		return true
	}
	return false
}

// FuzzJSONScanner holds the scanner to encoding/json: it accepts the same texts,
// reads the same values, and passes over whole values.
func FuzzJSONScanner(f *testing.F) {
	for _, seed := range []string{
		`{"a": [1, -2.5e+3, true, null, "x\né"], "b\u0041": {"c": ""}}`, `[]`, `{}`, `"😀\ud83d"`, ` 0 `, `01`, `-`, `1.`, `{"a":1,}`, `[1 2]`,
		`{"a" 1}`, "\"\x01\"", `"\x"`, `{"a":"b\\"}`, `{"a":"b\\\""}`, `nul`, `{"a":1}{"b":2}`, `"`, `{"a`, `[{"a":[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !utf8.Valid(data) {
			return // decodeText refuses it before any scanner sees it
		}
		s := newScanner("fuzz.json", data)
		n, err := s.value(0)
		end := s.pos
		if err == nil && s.space() != 0 || err == nil && s.pos < len(data) {
			err = s.errorf("more follows")
		}
		if valid := json.Valid(data); valid != (err == nil) {
			if valid && err != nil && depthOf(data) > maxDepth {
				return
			}
			t.Fatalf("encoding/json says valid=%v, the scanner says %v", valid, err)
		}
		if err != nil {
			return
		}
		skipper := newScanner("fuzz.json", data)
		if err := skipper.skip(); err != nil || skipper.pos != end {
			t.Errorf("skip ends at %d with %v; the value ends at %d", skipper.pos, err, end)
		}
		var v any
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			t.Fatal(err)
		}
		if !sameJSON(n, v) {
			t.Errorf("the scanner reads %v, encoding/json %v", n, v)
		}
	})
}

// depthOf is how deep brackets nest, at most.
func depthOf(data []byte) int {
	depth, most := 0, 0
	for _, c := range data {
		switch c {
		case '{', '[':
			depth++
			most = max(most, depth)
		case '}', ']':
			depth--
		}
	}
	return most
}
