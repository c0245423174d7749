package intake

import (
	"slices"
	"strings"
)

// tfQuestion is a reference that was followed before.
type tfQuestion struct {
	module    *tfModule
	reference string
	key       string
}

// follow finds the resources that references in a module lead to: directly,
// through the inputs of the module from the call above, through the outputs of
// modules below, as far as the configuration shows (it shows no locals). key is
// that of the instance that refers: an expression with each.key or count.index
// means the instance of the same key.
func (f *tfFile) follow(m *tfModule, references []string, key string, depth int) []int {
	if depth > maxDepth {
		return nil
	}
	byKey := ""
	for _, r := range references {
		if r == "each.key" || r == "count.index" || strings.HasPrefix(r, "each.value") {
			byKey = key
		}
	}
	var found []int
	for i, reference := range references {
		if shorter(reference, references[:i]) {
			continue
		}
		for _, n := range f.followOne(m, reference, byKey, key, depth) {
			if !slices.Contains(found, n) {
				found = append(found, n)
			}
		}
	}
	return found
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

func (f *tfFile) followOne(m *tfModule, reference, byKey, key string, depth int) []int {
	question := tfQuestion{m, reference, byKey + "|" + key}
	if answer, ok := f.resolved[question]; ok {
		return answer
	}
	f.resolved[question] = nil // while it is being followed: no circles
	answer := f.lead(m, steps(reference), byKey, key, depth)
	f.resolved[question] = answer
	return answer
}

// lead follows one reference.
func (f *tfFile) lead(m *tfModule, path []string, byKey, key string, depth int) []int {
	if len(path) < 2 {
		return nil
	}
	switch path[0] {
	case "local", "path", "terraform", "self", "count", "each":
		return nil
	case "var":
		return f.input(m, path, depth)
	case "module":
		return f.output(m, path, byKey, depth)
	case "data":
		if len(path) < 3 {
			return nil
		}
		path = append([]string{"data." + path[1]}, path[2:]...)
	}
	name, index := cutKey(path[1])
	all := m.resources[path[0]+"."+name]
	return f.choose(all, cmpOr(index, byKey))
}

// choose picks the instance of a key where there is one, else all.
func (f *tfFile) choose(all []int, key string) []int {
	if key == "" || len(all) < 2 {
		return all
	}
	for _, i := range all {
		if f.resources[i].key == key {
			return []int{i}
		}
	}
	return all
}

// input follows a module's input to the call that sets it.
func (f *tfFile) input(m *tfModule, path []string, depth int) []int {
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
	found := f.follow(m.parent, references, m.key, depth+1)
	return f.choose(found, cmpOr(index, keyIn(path[2:])))
}

// output follows a module's output into the module.
func (f *tfFile) output(m *tfModule, path []string, byKey string, depth int) []int {
	if len(path) < 3 {
		return nil
	}
	call, instance := cutKey(path[1])
	instance = cmpOr(instance, byKey)
	children := m.children[call]
	if instance != "" && len(children) > 1 {
		if i := slices.IndexFunc(children, func(c *tfModule) bool { return c.key == instance }); i >= 0 {
			children = children[i : i+1]
		}
	}
	name, index := cutKey(path[2])
	hint := cmpOr(index, keyIn(path[3:]))
	if hint == "" && byKey != "" {
		hint = byKey
	}
	var found []int
	for _, child := range children {
		config := f.configOf(child)
		if config == nil {
			continue
		}
		references := referencesIn(f.value(config.outputs[name]))
		found = append(found, f.follow(child, references, child.key, depth+1)...)
	}
	return f.choose(found, hint)
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
