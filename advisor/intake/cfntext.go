package intake

import (
	"encoding/json"
	"strconv"
	"strings"
)

// The functions that make one text of several, or several of one.

// pieces builds a text of known and unknown parts.
type pieces struct {
	b strings.Builder
	// unknown is the first part that is not known.
	unknown *node
	// why says what else is wrong with the parts.
	why string
}

func (p *pieces) add(v *node) {
	switch {
	case v == nil:
		p.fail("AWS::NoValue is no text")
	case v.kind == unknownNode:
		if p.unknown == nil {
			p.unknown = v
		}
		p.literal(v.text)
	case v.scalar() || v.kind == boolNode:
		p.literal(v.text)
	default:
		p.fail("want a text, got " + v.kind.String())
	}
}

func (p *pieces) literal(text string) {
	if p.b.Len()+len(text) > maxCfnText {
		p.fail("the text grows beyond 64 KiB")
		return
	}
	p.b.WriteString(text)
}

func (p *pieces) fail(why string) {
	if p.why == "" {
		p.why = why
	}
}

// value is the text, unknown where a part of it is.
func (p *pieces) value(t *cfnTemplate, at *node, call string) *node {
	switch {
	case p.why != "":
		return unresolved(at, call, p.why)
	case p.unknown != nil:
		return notKnown(at, p.b.String(), p.unknown.reason())
	default:
		return &node{kind: textNode, text: p.b.String(), line: at.line, col: at.col}
	}
}

// sub evaluates Fn::Sub: "text ${Name}", or [text, {Name: value}].
func (t *cfnTemplate) sub(n, arg *node) *node {
	text, names := arg, (*node)(nil)
	if arg.kind == listNode && len(arg.items) == 2 {
		text, names = arg.items[0], arg.items[1]
	}
	if !text.scalar() {
		return unresolved(n, "Fn::Sub", "Fn::Sub wants a text, or [text, {name: value}]")
	}
	var out pieces
	evaluated := make(map[string]*node) // once each, however often it is used
	rest := text.text
	for {
		before, after, found := strings.Cut(rest, "${")
		out.literal(before)
		name, tail, closed := strings.Cut(after, "}")
		if !found || !closed {
			if found {
				out.literal("${" + after)
			}
			break
		}
		if strings.HasPrefix(name, "!") {
			out.literal("${" + name[1:] + "}")
		} else {
			name = strings.TrimSpace(name)
			v, ok := evaluated[name]
			if !ok {
				if own := names.get(name); own != nil {
					v = t.eval(own)
				} else {
					v = t.reference(n, name)
				}
				evaluated[name] = v
			}
			out.add(v)
		}
		rest = tail
	}
	return t.dynamic(out.value(t, n, "Fn::Sub"))
}

// joinTexts evaluates Fn::Join: [delimiter, [values]].
func (t *cfnTemplate) joinTexts(n, arg *node) *node {
	if len(arg.items) != 2 || !arg.items[0].scalar() {
		return unresolved(n, "Fn::Join", "Fn::Join wants [delimiter, [values]]")
	}
	list := t.eval(arg.items[1])
	switch {
	case list == nil:
		return unresolved(n, "Fn::Join", "AWS::NoValue has no values to join")
	case list.kind == unknownNode:
		return because(n, "Fn::Join", list)
	case list.kind != listNode:
		return unresolved(n, "Fn::Join", "Fn::Join wants a list of values, got "+list.kind.String())
	}
	var out pieces
	for i, item := range list.items {
		if i > 0 {
			out.literal(arg.items[0].text)
		}
		out.add(item)
	}
	return t.dynamic(out.value(t, n, "Fn::Join"))
}

// split evaluates Fn::Split: [delimiter, text]. Of a text with an unknown part
// nobody can tell how many pieces it makes.
func (t *cfnTemplate) split(n, arg *node) *node {
	if len(arg.items) != 2 || !arg.items[0].scalar() || arg.items[0].text == "" {
		return unresolved(n, "Fn::Split", "Fn::Split wants [delimiter, text]")
	}
	text := t.eval(arg.items[1])
	switch {
	case text == nil:
		return unresolved(n, "Fn::Split", "AWS::NoValue is no text")
	case text.kind == unknownNode:
		return because(n, "Fn::Split", text)
	case !text.scalar():
		return unresolved(n, "Fn::Split", "Fn::Split wants a text, got "+text.kind.String())
	}
	return textList(n, strings.Split(text.text, arg.items[0].text))
}

// textList makes a list of texts.
func textList(at *node, texts []string) *node {
	list := &node{kind: listNode, line: at.line, col: at.col}
	for _, text := range texts {
		list.items = append(list.items, &node{kind: textNode, text: text, line: at.line, col: at.col})
	}
	return list
}

// selected evaluates Fn::Select: [index, list].
func (t *cfnTemplate) selected(n, arg *node) *node {
	if len(arg.items) != 2 {
		return unresolved(n, "Fn::Select", "Fn::Select wants [index, list]")
	}
	at, list := t.eval(arg.items[0]), t.eval(arg.items[1])
	switch {
	case at == nil || list == nil:
		return unresolved(n, "Fn::Select", "AWS::NoValue has nothing to select")
	case at.kind == unknownNode:
		return because(n, "Fn::Select", at)
	case list.kind == unknownNode:
		return because(n, "Fn::Select "+clip(at.text), list)
	}
	i, err := strconv.Atoi(at.text)
	if err != nil || list.kind != listNode {
		return unresolved(n, "Fn::Select", "Fn::Select wants a number and a list, got "+at.describe()+" and "+list.kind.String())
	}
	if i < 0 || i >= len(list.items) {
		return unresolved(n, "Fn::Select", "the list has no item "+strconv.Itoa(i)+", only "+strconv.Itoa(len(list.items)))
	}
	return list.items[i]
}

// findInMap evaluates Fn::FindInMap: [map, key, key], with {DefaultValue: …}
// as a fourth item under AWS::LanguageExtensions.
func (t *cfnTemplate) findInMap(n, arg *node) *node {
	if len(arg.items) < 3 || len(arg.items) > 4 {
		return unresolved(n, "Fn::FindInMap", "Fn::FindInMap wants [map, key, key]")
	}
	at := t.root.get("Mappings")
	path := "Mappings"
	for _, item := range arg.items[:3] {
		key := t.eval(item)
		switch {
		case key == nil:
			return unresolved(n, "Fn::FindInMap", "AWS::NoValue is no key")
		case key.kind == unknownNode:
			return because(n, "Fn::FindInMap", key)
		}
		next := at.get(key.text)
		if next == nil {
			if len(arg.items) == 4 && arg.items[3].get("DefaultValue") != nil {
				return t.eval(arg.items[3].get("DefaultValue"))
			}
			return unresolved(n, "Fn::FindInMap", path+" has no key "+strconv.Quote(clip(key.text)))
		}
		path, at = join(path, clip(key.text)), next
	}
	return t.eval(at)
}

// length evaluates Fn::Length.
func (t *cfnTemplate) length(n, arg *node) *node {
	list := t.eval(arg)
	switch {
	case list != nil && list.kind == listNode:
		return &node{kind: numberNode, text: strconv.Itoa(len(list.items)), line: n.line, col: n.col}
	case list != nil && list.kind == unknownNode:
		return because(n, "Fn::Length", list)
	default:
		return unresolved(n, "Fn::Length", "Fn::Length wants a list")
	}
}

// jsonString evaluates Fn::ToJsonString.
func (t *cfnTemplate) jsonString(n, arg *node) *node {
	v := t.eval(arg)
	if v == nil || v.kind != mappingNode && v.kind != listNode {
		return unresolved(n, "Fn::ToJsonString", "Fn::ToJsonString wants a mapping or a list")
	}
	w := &jsonWriter{}
	w.value(v)
	switch {
	case w.unknown != nil:
		return notKnown(n, placeholder("Fn::ToJsonString "+w.unknown.text), w.unknown.reason())
	case len(w.out) > maxCfnText:
		return unresolved(n, "Fn::ToJsonString", "the text grows beyond 64 KiB")
	}
	return &node{kind: textNode, text: string(w.out), line: n.line, col: n.col}
}

// jsonWriter writes a tree as JSON, in the order of the tree.
type jsonWriter struct {
	out     []byte
	unknown *node
}

func (w *jsonWriter) value(n *node) {
	if len(w.out) > maxCfnText {
		return
	}
	switch n.kind {
	case mappingNode:
		w.out = append(w.out, '{')
		for i, e := range n.entries {
			if i > 0 {
				w.out = append(w.out, ',')
			}
			w.text(e.key)
			w.out = append(w.out, ':')
			w.value(e.value)
		}
		w.out = append(w.out, '}')
	case listNode:
		w.out = append(w.out, '[')
		for i, item := range n.items {
			if i > 0 {
				w.out = append(w.out, ',')
			}
			w.value(item)
		}
		w.out = append(w.out, ']')
	case unknownNode, tagNode:
		w.unknown = n
	case nullNode:
		w.out = append(w.out, "null"...)
	case boolNode:
		w.out = append(w.out, n.text...)
	case numberNode:
		if json.Valid([]byte(n.text)) {
			w.out = append(w.out, n.text...)
			return
		}
		w.text(n.text) // a number of YAML only, such as 0x10
	default:
		w.text(n.text)
	}
}

func (w *jsonWriter) text(text string) {
	quoted, _ := json.Marshal(text) // a string cannot fail
	w.out = append(w.out, quoted...)
}
