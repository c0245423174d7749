package intake

import (
	"fmt"
	"strings"

	"ecsavvy/advisor/design"
)

// platform reads runtimePlatform.
func (r *taskReader) platform(root *node, at string) {
	p, key := root.fold("runtimePlatform")
	if p == nil {
		return
	}
	t := &r.result.task
	if p.kind == unknownNode {
		t.OS = design.NotKnown[design.OS]("runtimePlatform is not known: " + p.reason())
		t.Architecture = design.NotKnown[design.Architecture](t.OS.Note)
		return
	}
	at = join(at, key)
	if p.kind != mappingNode {
		r.wrong(at, p, "a mapping with operatingSystemFamily and cpuArchitecture")
		return
	}
	t.OS = platformWord(r, p, at, "operatingSystemFamily", osFamily, "LINUX or WINDOWS_SERVER_…")
	t.Architecture = platformWord(r, p, at, "cpuArchitecture", cpuArchitecture, "X86_64 or ARM64")
}

// platformWord reads one word of runtimePlatform. What only another tool fills
// in is unknown, and no default takes its place.
func platformWord[T any](r *taskReader, p *node, at, key string, meaning func(string) (T, bool), want string) design.Fact[T] {
	n, written := p.fold(key)
	switch {
	case n == nil:
		return design.Fact[T]{}
	case n.kind == unknownNode:
		return design.NotKnown[T](key + " is not known: " + n.reason())
	case n.template():
		return design.NotKnown[T](fmt.Sprintf("%s is a template: %s", key, clip(n.text)))
	}
	value, ok := meaning(n.text)
	if !ok || n.kind != textNode {
		r.wrong(join(at, written), n, want)
		return design.Fact[T]{}
	}
	return design.Know(value)
}

// osFamily maps operatingSystemFamily. Every WINDOWS_SERVER_… is one to the
// price list.
func osFamily(text string) (design.OS, bool) {
	switch text = strings.ToUpper(text); {
	case text == "LINUX":
		return design.Linux, true
	case strings.HasPrefix(text, "WINDOWS_SERVER_"):
		return design.Windows, true
	default:
		return "", false
	}
}

// cpuArchitecture maps cpuArchitecture.
func cpuArchitecture(text string) (design.Architecture, bool) {
	switch strings.ToUpper(text) {
	case "X86_64":
		return design.X86, true
	case "ARM64":
		return design.ARM64, true
	default:
		return "", false
	}
}
