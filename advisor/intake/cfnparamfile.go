package intake

import (
	"fmt"
	"strings"
)

// ParseParameters reads a file of template parameters in the forms that the
// AWS CLI takes: a list of {"ParameterKey", "ParameterValue"}, a list of
// "Key=Value", and {"Parameters": {key: value}} of CodePipeline. A plain mapping
// of keys to values is read too. A parameter that keeps its previous value is
// left out: this tool does not know it. Values never stand in an error.
// Source: docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy.html, --parameter-overrides.
func ParseParameters(name string, data []byte) (map[string]string, error) {
	data, err := decodeText(name, data)
	if err != nil {
		return nil, err
	}
	var root *node
	if startsJSON(data) {
		root, err = parseJSON(name, data)
	} else {
		root, err = parseYAML(name, data)
	}
	if err != nil {
		return nil, err
	}
	f := &parameterFile{name: name, values: make(map[string]string)}
	switch {
	case root.kind == listNode:
		for i, item := range root.items {
			f.item(item, fmt.Sprintf("[%d]", i))
		}
	case root.get("Parameters") != nil:
		f.mapping(root.get("Parameters"), "Parameters")
	default:
		f.mapping(root, "")
	}
	if err := f.errs.orNil(); err != nil {
		return nil, err
	}
	return f.values, nil
}

type parameterFile struct {
	name   string
	values map[string]string
	errs   Errors
}

func (f *parameterFile) wrong(n *node, at, text string) {
	f.errs = append(f.errs, &Error{File: f.name, Line: int(n.line), Col: int(n.col), Path: at, Text: text})
}

func (f *parameterFile) mapping(n *node, at string) {
	if n.kind != mappingNode {
		f.wrong(n, at, "want a mapping of parameters to values, got "+n.kind.String())
		return
	}
	for _, e := range n.entries {
		f.set(e.key, e.value, join(at, e.key))
	}
}

// item reads one of a list: "Key=Value" or {"ParameterKey", "ParameterValue"}.
func (f *parameterFile) item(n *node, at string) {
	if n.kind == textNode {
		key, value, ok := strings.Cut(n.text, "=")
		if !ok || key == "" {
			f.wrong(n, at, "want Key=Value, got a text without =")
			return
		}
		f.set(key, &node{kind: textNode, text: value, line: n.line, col: n.col}, at)
		return
	}
	key := n.get("ParameterKey")
	if key == nil || !key.scalar() || key.text == "" {
		f.wrong(n, at, `want {"ParameterKey": …, "ParameterValue": …} or "Key=Value", got `+n.kind.String())
		return
	}
	value := n.get("ParameterValue")
	if previous := n.get("UsePreviousValue"); value == nil && previous != nil && strings.EqualFold(previous.text, "true") {
		return
	}
	if value == nil {
		value = &node{kind: nullNode, line: n.line, col: n.col}
	}
	f.set(key.text, value, join(at, "ParameterValue"))
}

// set keeps one value; a list is joined by commas, as CodePipeline does.
func (f *parameterFile) set(key string, n *node, at string) {
	if _, twice := f.values[key]; twice {
		f.wrong(n, at, fmt.Sprintf("the parameter %q is there twice", clip(key)))
		return
	}
	switch {
	case n.scalar() || n.kind == boolNode:
		f.values[key] = n.text
	case n.kind == listNode:
		texts := make([]string, len(n.items))
		for i, item := range n.items {
			if !item.scalar() && item.kind != boolNode {
				f.wrong(n, at, "want a list of texts, got "+item.kind.String()+" in it")
				return
			}
			texts[i] = item.text
		}
		f.values[key] = strings.Join(texts, ",")
	default:
		f.wrong(n, at, "want a text, got "+n.kind.String())
	}
}
