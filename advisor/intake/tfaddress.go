package intake

import "strings"

// tfModule is an instance of a module, the root module included.
type tfModule struct {
	path   string // "module.shop[\"eu\"].module.alb", "" of the root
	parent *tfModule
	// name is the call's, key the instance's in brackets.
	name, key string
	children  map[string][]*tfModule // by the name of the call
	resources map[string][]int       // of tfFile.resources, by "aws_lb.main"
	types     map[string][]int       // the same by type, data sources apart ("data.aws_lb")
	config    *tfModuleConfig
}

// module returns the module at a path, making it and those above it.
func (f *tfFile) module(path string) *tfModule {
	if m := f.modules[path]; m != nil {
		return m
	}
	m := &tfModule{path: path, children: make(map[string][]*tfModule), resources: make(map[string][]int), types: make(map[string][]int)}
	f.modules[path] = m
	if path == "" {
		f.root = m
		return m
	}
	above, step := cutLastModule(path)
	m.parent = f.module(above)
	m.name, m.key = cutKey(step)
	m.parent.children[m.name] = append(m.parent.children[m.name], m)
	return m
}

// locate finds a resource's module, name and key in its address.
func (f *tfFile) locate(r *tfResource) {
	path, rest := cutModules(r.address)
	r.module = f.module(path)
	r.name, r.key = cutKey(rest)
	if r.deposed {
		return // no reference means it
	}
	kind := r.typ
	if r.data {
		kind = "data." + kind
	}
	i := len(f.resources)
	r.module.resources[r.name] = append(r.module.resources[r.name], i)
	r.module.types[kind] = append(r.module.types[kind], i)
}

// cutModules cuts "module.a[0].module.b.aws_lb.main[1]" before the resource.
func cutModules(address string) (path, resource string) {
	at := 0
	for strings.HasPrefix(address[at:], "module.") {
		end := stepEnd(address, at+len("module."))
		if end >= len(address) {
			break
		}
		at = end + 1
	}
	return strings.TrimSuffix(address[:at], "."), address[at:]
}

// cutLastModule cuts a module path before its last step: "module.a", `b["x"]`.
func cutLastModule(path string) (above, step string) {
	at := 0
	for {
		end := stepEnd(path, at+len("module."))
		if end >= len(path) {
			return strings.TrimSuffix(path[:at], "."), path[min(at+len("module."), len(path)):]
		}
		at = end + 1
	}
}

// stepEnd is where the step that begins at a place ends: at the next dot that
// stands in no brackets and no quotes.
func stepEnd(text string, at int) int {
	depth, quoted := 0, false
	for i := at; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '.' && depth == 0:
			return i
		}
	}
	return len(text)
}

// cutKey cuts `main["api"]` into main and ["api"].
func cutKey(step string) (name, key string) {
	if at := strings.IndexByte(step, '['); at >= 0 {
		return step[:at], step[at:]
	}
	return step, ""
}

// steps splits a reference at its dots: aws_lb.main["a.b"].arn has three.
func steps(reference string) []string {
	var list []string
	for at := 0; at <= len(reference); {
		end := stepEnd(reference, at)
		list = append(list, reference[at:end])
		at = end + 1
	}
	return list
}
