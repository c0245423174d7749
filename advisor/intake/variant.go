package intake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ecsavvy/advisor/design"
)

// change sets one path of a document to a value; nothing (null) removes it.
type change struct {
	at    place
	path  string
	value *node
}

// variantForm reads a variant: values by path. The paths are checked when they
// are applied.
func variantForm() form[[]change] {
	s := &shape{
		want: "a mapping of paths to values", names: "path", title: "Variant",
		doc: "Another design, as changes to this one: a path of keys with dots between them, and the value to put there. " +
			"Every variant is read like the file itself, so a path or value that would not do is an error now. Nothing (`null`) removes a key.",
		example: "services:\n  api:\n    task: {cpu: 0.5, memory: 1GB}\n    count: 4\n    capacity: FARGATE\n" +
			"variants:\n  graviton: {services.api.task.arch: arm64}\n  spot: {services.api.capacity: {FARGATE: {base: 1, weight: 1}, FARGATE_SPOT: {weight: 3}}}\n",
		each: &shape{want: "any value that the path may have", types: []string{"string", "number", "boolean", "null", "object", "array"}},
	}
	return form[[]change]{s, func(r *reading, n *node, into *[]change) {
		if n.kind != mappingNode {
			r.wrong(n, s.want)
			return
		}
		*into = changesIn(n)
	}}
}

func changesIn(n *node) []change {
	var changes []change
	for _, e := range n.entries {
		changes = append(changes, change{at: place{line: e.line, col: e.col}, path: e.key, value: e.value})
	}
	return changes
}

// changesOf are the changes of one variant of a document.
func changesOf(root *node, name string) []change {
	variant := root.get("variants").get(name)
	if variant == nil {
		return nil
	}
	return changesIn(variant)
}

// ReadVariant reads the design file with a variant's changes applied. The name
// "" stands for the file itself.
func ReadVariant(name string, data []byte, variant string, opts Options) (design.Workload, error) {
	if variant == "" {
		return Read(name, data, opts)
	}
	in, err := openDesign(name, data, opts)
	if err != nil {
		return design.Workload{}, err
	}
	var have []string
	for _, e := range entriesOf(in.root.get("variants")) {
		have = append(have, e.key)
	}
	if !slices.Contains(have, variant) {
		return design.Workload{}, fail(name, "no variant is named %q%s", clip(variant), suggest(variant, have))
	}
	return readChanged(in, changesOf(in.root, variant), "variant "+variant+": ", opts)
}

// ReadChanged reads the design file with values set by path, in order. A
// change's value is YAML: "arm64", "3", "{FARGATE_SPOT: {weight: 1}}", "null".
func ReadChanged(name string, data []byte, changes []design.Change, opts Options) (design.Workload, error) {
	in, err := openDesign(name, data, opts)
	if err != nil {
		return design.Workload{}, err
	}
	list := make([]change, len(changes))
	for i, c := range changes {
		value, err := parseYAML(name, []byte(c.Value))
		if err != nil {
			return design.Workload{}, fail(name, "setting %s: %q is not valid YAML", c.Path, clip(c.Value))
		}
		list[i] = change{path: c.Path, value: unplaced(value)}
	}
	return readChanged(in, list, "", opts)
}

// unplaced copies a value without lines and columns: it is in no file.
func unplaced(n *node) *node {
	c := *n
	c.line, c.col = 0, 0
	c.entries = slices.Clone(n.entries)
	for i := range c.entries {
		c.entries[i].line, c.entries[i].col = 0, 0
		c.entries[i].value = unplaced(c.entries[i].value)
	}
	c.items = slices.Clone(n.items)
	for i := range c.items {
		c.items[i] = unplaced(c.items[i])
	}
	return &c
}

func entriesOf(n *node) []entry {
	if n == nil {
		return nil
	}
	return n.entries
}

func openDesign(name string, data []byte, opts Options) (*input, error) {
	in, err := openAs(name, data, opts.Kind)
	if err != nil {
		return nil, err
	}
	if in.kind != DesignFile {
		return nil, fail(name, "this is %s; only a design file has variants and paths", in.kind.title())
	}
	return in, nil
}

func readChanged(in *input, changes []change, context string, opts Options) (design.Workload, error) {
	vocabulary := documentForm()
	r := newReading(in.name, opts)
	r.context = context
	root := r.apply(vocabulary.shape, in.root, changes)
	var w design.Workload
	if len(r.errs) == 0 {
		w = r.workload(vocabulary, root)
	}
	if err := r.errs.orNil(); err != nil {
		return design.Workload{}, err
	}
	w.Normalize()
	return w, nil
}

// apply sets values by path in a copy of the document.
func (r *reading) apply(s *shape, root *node, changes []change) *node {
	for _, c := range changes {
		if c.path == "" {
			r.report(c.at.line, c.at.col, "", ": want a path such as services.api.count")
			continue
		}
		changed, err := set(s, root, c.path, "", c.value)
		if err != nil {
			r.report(c.at.line, c.at.col, "", "%s: %v", c.path, err)
			continue
		}
		root = changed
	}
	return root
}

// set returns a copy of n, which stands at the path done, with the rest of a
// path set to a value. What is not on the path is shared with n.
func set(s *shape, n *node, rest, done string, value *node) (*node, error) {
	if rest == "" {
		return value, nil
	}
	if n == nil || n.kind == nullNode {
		n = &node{kind: mappingNode}
		if value != nil {
			n.line, n.col = value.line, value.col
		}
	}
	if n.kind == listNode {
		return setItem(s, n, rest, done, value)
	}
	if n.kind != mappingNode {
		if s.promote == "" {
			return nil, fmt.Errorf("%s is %s, which has no keys; set %s as a whole", orDocument(done), n.describe(), orDocument(done))
		}
		n = &node{kind: mappingNode, line: n.line, col: n.col, entries: []entry{{key: s.promote, line: n.line, col: n.col, value: n}}}
	}
	step, after, below, err := step(s, n, rest)
	if err != nil {
		return nil, err
	}
	here := join(done, step)
	child, err := set(below, n.get(step), after, here, value)
	if err != nil {
		return nil, err
	}
	c := *n
	c.entries = slices.Clone(n.entries)
	i := slices.IndexFunc(c.entries, func(e entry) bool { return e.key == step })
	removes := after == "" && value.kind == nullNode
	switch {
	case i >= 0 && removes:
		c.entries = slices.Delete(c.entries, i, i+1)
	case i >= 0:
		c.entries[i].value = child
	case !removes:
		c.entries = append(c.entries, entry{key: step, line: value.line, col: value.col, value: child})
	}
	return &c, nil
}

func orDocument(path string) string {
	if path == "" {
		return "the document"
	}
	return path
}

// setItem sets a path below a list's item, which a number names.
func setItem(s *shape, n *node, rest, done string, value *node) (*node, error) {
	first, after, _ := strings.Cut(rest, ".")
	i, err := strconv.Atoi(first)
	if err != nil || i < 0 || i >= len(n.items) {
		return nil, fmt.Errorf("%s is a list of %d; want the number of an item (0 is the first), got %q", orDocument(done), len(n.items), clip(first))
	}
	below := &shape{}
	for _, a := range s.alternatives() {
		if a.items != nil {
			below = a.items
		}
	}
	child, err := set(below, n.items[i], after, index(done, i), value)
	if err != nil {
		return nil, err
	}
	c := *n
	c.items = slices.Clone(n.items)
	c.items[i] = child
	return &c, nil
}

// step takes the next key off a path. Names may hold dots ("ecr.api"), so a
// name that the mapping has wins over a cut at the first dot.
func step(s *shape, n *node, rest string) (key, after string, below *shape, err error) {
	first, later, _ := strings.Cut(rest, ".")
	var allowed []string
	var each *shape
	for _, a := range s.alternatives() {
		if w := a.key(first); w != nil {
			return first, later, w.value, nil
		}
		allowed = append(allowed, a.keyNames()...)
		if a.each != nil {
			each = a.each
		}
	}
	if each == nil {
		return "", "", nil, fmt.Errorf("unknown key %q%s", clip(first), suggest(first, allowed))
	}
	longest := ""
	var names []string
	for _, e := range n.entries {
		names = append(names, e.key)
		if (rest == e.key || strings.HasPrefix(rest, e.key+".")) && len(e.key) > len(longest) {
			longest = e.key
		}
	}
	switch {
	case longest != "":
		return longest, strings.TrimPrefix(rest[len(longest):], "."), each, nil
	case later == "":
		return first, "", each, nil // a new name, set as a whole
	default:
		return "", "", nil, fmt.Errorf("nothing is named %q here%s", clip(first), suggest(first, names))
	}
}

// variantsOf turns the variants of a document into the model's.
func variantsOf(list []named[[]change]) []design.Variant {
	var variants []design.Variant
	for _, v := range list {
		variant := design.Variant{Name: v.name}
		for _, c := range v.value {
			variant.Changes = append(variant.Changes, design.Change{Path: c.path, Value: encode(c.value)})
		}
		variants = append(variants, variant)
	}
	return variants
}

// encode writes a value as YAML on one line, so that it reads back as itself.
func encode(n *node) string {
	var b strings.Builder
	encodeTo(&b, n)
	return b.String()
}

func encodeTo(b *strings.Builder, n *node) {
	switch n.kind {
	case mappingNode:
		b.WriteByte('{')
		for i, e := range n.entries {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(encodeText(e.key))
			b.WriteString(": ")
			encodeTo(b, e.value)
		}
		b.WriteByte('}')
	case listNode:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteString(", ")
			}
			encodeTo(b, item)
		}
		b.WriteByte(']')
	case textNode:
		b.WriteString(encodeText(n.text))
	case nullNode:
		b.WriteString("null")
	default:
		b.WriteString(n.text)
	}
}

// encodeText quotes a text unless it is plainly a word.
func encodeText(text string) string {
	plain := text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./%-") == "" && text[0] != '-' && text[0] != '.' && text[0] != '%'
	switch strings.ToLower(text) {
	case "null", "true", "false":
		plain = false
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		plain = false
	}
	if plain {
		return text
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		return strconv.Quote(text)
	}
	return string(quoted)
}
