package intake

import (
	"fmt"
	"strings"
)

// resourceIndex finds the resources of one kind by key, by name and by ARN.
type resourceIndex[T any] struct {
	items []T
	byKey map[string]int
	// byID has names, IDs and ARNs; ambiguous ones lead to -1.
	byID map[string]int
}

// indexResources indexes the resources of a kind.
func indexResources[T any](items []T, header func(*T) *cloudResource) *resourceIndex[T] {
	x := &resourceIndex[T]{items: items, byKey: make(map[string]int, len(items)), byID: make(map[string]int, 2*len(items))}
	add := func(id string, i int) {
		if id == "" {
			return
		}
		if have, ok := x.byID[id]; ok && have != i {
			i = -1
		}
		x.byID[id] = i
	}
	for i := range items {
		r := header(&items[i])
		x.byKey[r.key] = i
		add(r.name, i)
		for _, id := range r.ids {
			if id != r.name {
				add(id, i)
			}
		}
	}
	return x
}

// find returns the number of the resource that a reference means; -1 where it
// is none of this stack, or where the code leaves a choice.
func (x *resourceIndex[T]) find(r ref) int {
	found := -1
	for _, key := range r.keys {
		i, ok := x.byKey[key]
		if !ok || i == found {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	if found >= 0 || r.text == "" {
		return found
	}
	if i, ok := x.byKey[r.text]; ok {
		return i
	}
	if i, ok := x.byID[r.text]; ok {
		return i
	}
	if short := arnName(r.text); short != r.text {
		if i, ok := x.byID[short]; ok {
			return i
		}
	}
	return -1
}

// get returns the resource that a reference means, nil where find has none.
func (x *resourceIndex[T]) get(r ref) *T {
	if i := x.find(r); i >= 0 {
		return &x.items[i]
	}
	return nil
}

// candidates are the resources of this kind that a reference may mean.
func (x *resourceIndex[T]) candidates(r ref) []int {
	var list []int
	for _, key := range r.keys {
		if i, ok := x.byKey[key]; ok {
			list = append(list, i)
		}
	}
	return list
}

// distinct finds resources by several references, each once, in their order.
func (x *resourceIndex[T]) distinct(refs []ref) []int {
	var list []int
	seen := make(map[int]bool, len(refs))
	for _, r := range refs {
		if i := x.find(r); i >= 0 && !seen[i] {
			seen[i] = true
			list = append(list, i)
		}
	}
	return list
}

// arnName is the resource's own name in an ARN: the part after the last slash
// of arn:aws:ecs:…:cluster/main, after the type in arn:aws:logs:…:log-group:/a/b:*.
// Texts that are no ARN are names already.
func arnName(text string) string {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" { // arn:partition:service:region:account:resource
		return text
	}
	resource := parts[5]
	kind, rest, ok := strings.Cut(resource, "/")
	if typ, name, colon := strings.Cut(resource, ":"); colon && len(typ) < len(kind) { // type:name
		if _, group, ok := strings.Cut(name, ":autoScalingGroupName/"); ok {
			return group
		}
		return strings.TrimSuffix(name, ":*")
	}
	if !ok {
		return resource
	}
	switch kind {
	case "targetgroup", "loadbalancer", "listener", "listener-rule":
		// targetgroup/name/hash, loadbalancer/app/name/hash
		fields := strings.Split(strings.TrimPrefix(strings.TrimPrefix(rest, "app/"), "net/"), "/")
		return fields[0]
	case "parameter", "repository", "log-group":
		return rest
	}
	return rest[strings.LastIndexByte(rest, '/')+1:]
}

// missing says why a reference leads to no resource of the stack.
func (s *stack) missing(what string, r ref) string {
	switch {
	case r.text != "":
		return fmt.Sprintf("the %s %s is not in %s", what, clip(r.text), s.code)
	case len(r.keys) > 1:
		return fmt.Sprintf("the %s is one of %s; which one is only known after apply", what, clip(strings.Join(r.keys, ", ")))
	case len(r.keys) == 1:
		return fmt.Sprintf("the %s %s is not in %s", what, clip(r.keys[0]), s.code)
	case r.note != "":
		return fmt.Sprintf("the %s is not known: %s", what, r.note)
	default:
		return fmt.Sprintf("no %s is stated", what)
	}
}
