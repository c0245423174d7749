package intake

import (
	"slices"
	"strings"
)

// tfQuestion is a reference that was followed before.
type tfQuestion struct {
	module    *tfModule
	reference string
	keys      tfKeys
}

// tfKeys tell which of several instances a reference means.
type tfKeys struct {
	// own is the key of the instance that refers: an expression with each.key
	// or count.index means the instance of the same key.
	own string
	// asked is the key that stands behind an input or output on the way here:
	// module.alb.groups["api"].
	asked string
}

// follow finds the resources that references in a module lead to: directly,
// through the inputs of the module from the call above, through the outputs of
// modules below, as far as the configuration shows (it shows no locals).
func (f *tfFile) follow(m *tfModule, references []string, keys tfKeys, depth int) []int {
	if depth > maxDepth {
		return nil
	}
	byKey := ""
	for _, r := range references {
		if r == "each.key" || r == "count.index" || strings.HasPrefix(r, "each.value") {
			byKey = keys.own
		}
	}
	keys.asked = cmpOr(byKey, keys.asked)
	var found []int
	for i, reference := range references {
		if shorter(reference, references[:i]) {
			continue
		}
		found = union(found, f.followOne(m, reference, keys, depth))
	}
	return found
}

// union is both lists without doubles; it may be one of them.
func union(a, b []int) []int {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	both := slices.Concat(a, b)
	slices.Sort(both)
	return slices.Compact(both)
}

// shorter reports whether a reference is only the beginning of the one before
// it: Terraform lists aws_lb.main.arn and then aws_lb.main.
func shorter(reference string, before []string) bool {
	for i := len(before) - 1; i >= 0; i-- {
		rest, ok := strings.CutPrefix(before[i], reference)
		if !ok {
			return false
		}
		if rest != "" && (rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

// followOne follows one reference, once for each question.
func (f *tfFile) followOne(m *tfModule, reference string, keys tfKeys, depth int) []int {
	question := tfQuestion{m, reference, keys}
	if answer, ok := f.resolved[question]; ok {
		return answer
	}
	f.resolved[question] = nil // while it is being followed: no circles
	answer := f.lead(m, steps(reference), keys, depth)
	f.resolved[question] = answer
	return answer
}

// lead follows one reference.
func (f *tfFile) lead(m *tfModule, path []string, keys tfKeys, depth int) []int {
	if len(path) < 2 {
		return nil
	}
	switch path[0] {
	case "local", "path", "terraform", "self", "count", "each":
		return nil
	case "var":
		return f.input(m, path, keys, depth)
	case "module":
		return f.output(m, path, keys, depth)
	case "data":
		if len(path) < 3 {
			return nil
		}
		path = append([]string{"data." + path[1]}, path[2:]...)
	}
	name, index := cutKey(path[1])
	name = path[0] + "." + name
	if key := cmpOr(index, keys.asked); key != "" {
		if i, ok := f.at[join(m.path, name+key)]; ok {
			return []int{i}
		}
	}
	return m.resources[name]
}

// input follows a module's input to the call that sets it.
func (f *tfFile) input(m *tfModule, path []string, keys tfKeys, depth int) []int {
	if m.parent == nil {
		return nil // the root module's variables are values
	}
	above := f.configOf(m.parent)
	if above == nil || above.calls[m.name] == nil {
		return nil
	}
	name, index := cutKey(path[1])
	span, ok := f.member(above.calls[m.name].inputs, name)
	if !ok {
		return nil
	}
	references := referencesIn(f.value(span))
	if slices.ContainsFunc(references, func(r string) bool { return strings.HasPrefix(r, "each.value") }) {
		references = append(references, referencesIn(f.value(above.calls[m.name].forEach))...)
	}
	asked := cmpOr(index, cmpOr(keyIn(path[2:]), keys.asked))
	return f.follow(m.parent, references, tfKeys{own: m.key, asked: asked}, depth+1)
}

// output follows a module's output into the module.
func (f *tfFile) output(m *tfModule, path []string, keys tfKeys, depth int) []int {
	if len(path) < 3 {
		return nil
	}
	call, instance := cutKey(path[1])
	children := m.children[call]
	if key := cmpOr(instance, keys.asked); key != "" && len(children) > 1 {
		if child := f.modules[join(m.path, "module."+call+key)]; child != nil {
			children = []*tfModule{child}
		}
	}
	name, index := cutKey(path[2])
	asked := cmpOr(index, cmpOr(keyIn(path[3:]), keys.asked))
	var found []int
	for _, child := range children {
		config := f.configOf(child)
		if config == nil {
			continue
		}
		references := referencesIn(f.value(config.outputs[name]))
		found = union(found, f.follow(child, references, tfKeys{own: child.key, asked: asked}, depth+1))
	}
	return found
}

// keyIn is the first key in brackets of the steps after an input or output.
func keyIn(path []string) string {
	for _, step := range path {
		if _, key := cutKey(step); key != "" {
			return key
		}
	}
	return ""
}
