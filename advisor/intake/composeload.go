package intake

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// composeModel is a Compose project before anyone asks what it means on ECS:
// its services with what they extend and what the file includes.
type composeModel struct {
	root     cursor
	name     string
	cluster  string   // "" for the default one
	services []cursor // each a service; its path ends in the name
	names    []string
	// volumes and secrets are the top-level declarations by name.
	volumes, secrets map[string]cursor
}

// composeLoader follows extends and include, with Options.ReadFile and nothing
// else.
type composeLoader struct {
	opts  Options
	errs  Errors
	files map[string]*node // by path relative to the main file; nil did not read
	// resolved are services after extends, by file and name.
	resolved map[string]*node
	names    keySet // of services
	included keySet // of files, by path relative to the main file
	// merged counts what extends copied.
	merged, visited int
	full            bool
	// byName are the services of each file.
	byName map[*node]map[string]*node
	model  composeModel
}

// maxComposeFiles bounds how many files a project may be made of, and
// maxExtended what extends may copy: each step of a chain copies all before it.
const (
	maxComposeFiles = 200
	maxExtended     = 1_000_000
)

func loadCompose(in *input, opts Options) (composeModel, Errors) {
	l := &composeLoader{
		opts: opts, files: make(map[string]*node), resolved: make(map[string]*node),
		names: make(keySet), included: make(keySet), byName: make(map[*node]map[string]*node),
	}
	l.model.volumes, l.model.secrets = make(map[string]cursor), make(map[string]cursor)
	l.model.root = l.cursor(in.name, in.root)
	l.model.name = l.model.root.get("name").name("a name")
	if l.model.name == "" || strings.Contains(l.model.name, "$") {
		l.model.name = composeName(in.name)
	}
	l.document(composeFile{name: in.name, dir: "."}, in.root, nil)
	return l.model, l.errs
}

// composeName names a project after its file, or after the file's folder where
// the file has the usual name, as Compose does.
func composeName(file string) string {
	file = strings.ReplaceAll(file, `\`, "/")
	name := nameFrom(file)
	if dir := path.Base(path.Dir(file)); strings.Contains(name, "compose") && dir != "." && dir != "/" && dir != ".." {
		return dir
	}
	return name
}

// composeFile says where a document comes from.
type composeFile struct {
	// name is for messages, rel the path as Options.ReadFile knows it ("" for
	// the main file), dir the folder that its references start from.
	name, rel, dir string
}

func (l *composeLoader) cursor(file string, n *node) cursor {
	return cursor{file: file, node: n, errs: &l.errs, fill: fillDefaults, visited: &l.visited}
}

// document adds a file's services, volumes and secrets to the model.
func (l *composeLoader) document(file composeFile, root *node, trail []string) {
	c := l.cursor(file.name, root)
	if root.kind != mappingNode {
		c.wrong("a mapping with services")
		return
	}
	services := c.get("services")
	for _, e := range services.entries("a mapping of service names") {
		at := services.down(join(services.path, e.key), e.value)
		if !at.here() {
			continue // "web:" alone states nothing
		}
		if at.node.kind != mappingNode {
			at.wrong("a mapping, a service")
			continue
		}
		if !l.names.add(e.key) {
			at.say("the service %q is there already; an included file may not state it again", clip(e.key))
			continue
		}
		at.node, at.merged = l.extended(file, at, e.key, services, nil)
		l.model.services = append(l.model.services, at)
		l.model.names = append(l.model.names, e.key)
	}
	l.declared(c.get("volumes"), l.model.volumes)
	l.declared(c.get("secrets"), l.model.secrets)
	l.include(file, c.get("include"), trail)
}

// declared collects top-level volumes or secrets.
func (l *composeLoader) declared(c cursor, into map[string]cursor) {
	for _, e := range c.entries("a mapping of names") {
		if _, ok := into[e.key]; !ok {
			into[e.key] = c.down(join(c.path, e.key), e.value)
		}
	}
}

// include adds the files that a file includes.
func (l *composeLoader) include(file composeFile, c cursor, trail []string) {
	for _, item := range c.items("a list of files") {
		if !item.here() {
			continue
		}
		paths := []cursor{item}
		if item.node.kind == mappingNode {
			item = item.get("path")
			paths = []cursor{item}
			if item.here() && item.node.kind == listNode {
				paths = item.items("a list of paths")
			}
		}
		for _, at := range paths {
			next, root := l.read(file, at)
			if root == nil {
				continue
			}
			if slices.Contains(trail, next.rel) {
				at.say("%s includes itself", clip(next.rel))
				continue
			}
			if l.included.add(next.rel) {
				l.document(next, root, append(slices.Clip(trail), next.rel))
			}
		}
	}
}

// extended merges a service over the one that it extends. merged says that a
// part of it comes from another file.
func (l *composeLoader) extended(file composeFile, c cursor, name string, siblings cursor, trail []string) (n *node, merged bool) {
	extends := c.get("extends")
	if !extends.here() {
		return c.node, false
	}
	if l.merged > maxExtended {
		if !l.full {
			l.full = true
			extends.say("the services of this project extend each other to more than %d values", maxExtended)
		}
		return c.node, false
	}
	key := file.rel + "\x00" + name
	if slices.Contains(trail, key) {
		extends.say("the service extends itself")
		return c.node, false
	}
	if n, ok := l.resolved[key]; ok {
		return n, extends.get("file").here()
	}
	base, from, where := extends, siblings, file
	if extends.node.kind == mappingNode {
		base = extends.get("service")
		if other := extends.get("file"); other.here() {
			var root *node
			if where, root = l.read(file, other); root == nil {
				return c.node, false
			}
			from, merged = l.cursor(where.name, root).get("services"), true
		}
	}
	wanted := base.name("the name of a service")
	parent := from.down(join(from.path, wanted), l.named(from.node, wanted))
	if !parent.here() || parent.node.kind != mappingNode {
		base.say("no service is named %q in %s", clip(wanted), clip(where.name))
		return c.node, false
	}
	under, deeper := l.extended(where, parent, wanted, from, append(slices.Clip(trail), key))
	n = l.merge(under, c.node)
	l.resolved[key] = n
	return n, merged || deeper
}

// named finds a service by its name.
func (l *composeLoader) named(services *node, name string) *node {
	if services == nil {
		return nil
	}
	index := l.byName[services]
	if index == nil {
		index = make(map[string]*node, len(services.entries))
		for _, e := range services.entries {
			index[e.key] = e.value
		}
		l.byName[services] = index
	}
	return index[name]
}

// read fetches a file that another one refers to, by a path relative to it.
func (l *composeLoader) read(from composeFile, at cursor) (composeFile, *node) {
	text, ok := at.text("a path")
	if text == "" {
		return composeFile{}, nil
	}
	slashed := strings.ReplaceAll(text, `\`, "/")
	rel := path.Join(from.dir, slashed)
	switch {
	case !ok:
		at.say("%s depends on the environment; want a path that does not", clip(text))
		return composeFile{}, nil
	case strings.Contains(text, "://"), strings.HasPrefix(text, "git@"), strings.HasPrefix(text, "oci:"):
		at.say("%q is not a local file; save it beside this one", clip(text))
		return composeFile{}, nil
	case path.IsAbs(slashed), len(slashed) > 1 && slashed[1] == ':':
		at.say("%q is an absolute path; want one relative to this file", clip(text))
		return composeFile{}, nil
	case l.opts.ReadFile == nil:
		at.say("cannot read %q: this input is not a file, so it has no files beside it", clip(text))
		return composeFile{}, nil
	}
	file := composeFile{name: rel, rel: rel, dir: path.Dir(rel)}
	if root, ok := l.files[rel]; ok {
		return file, root
	}
	root, err := l.fetch(rel)
	l.files[rel] = root
	if err != nil {
		at.say("reading %s: %v", clip(text), err)
		l.errs[len(l.errs)-1].Err = err
	}
	return file, root
}

func (l *composeLoader) fetch(rel string) (*node, error) {
	if len(l.files) >= maxComposeFiles {
		return nil, fmt.Errorf("the project is made of more than %d files", maxComposeFiles)
	}
	data, err := l.opts.ReadFile(rel)
	if err != nil {
		return nil, err
	}
	if data, err = decodeText(rel, data); err != nil {
		return nil, err
	}
	in := &input{name: rel, json: startsJSON(data)}
	if in.json {
		in.root, err = parseJSON(rel, data)
	} else {
		in.root, err = parseYAML(rel, data)
	}
	if err == nil && in.root.kind != mappingNode {
		err = errors.New("want a mapping with services, got " + in.root.kind.String())
	}
	if err != nil {
		return nil, err
	}
	return in.root, nil
}

// merge lays one value over another, as Compose does: mappings key by key,
// lists one after the other, anything else as the upper one says.
// Source: "Merge", docs.docker.com/reference/compose-file/merge.
func (l *composeLoader) merge(under, over *node) *node {
	l.merged += len(under.entries) + len(under.items)
	switch {
	case over.kind == nullNode:
		return under
	case under.kind == listNode && over.kind == listNode:
		both := *over
		both.items = slices.Concat(under.items, over.items)
		return &both
	case under.kind != mappingNode || over.kind != mappingNode:
		return over
	}
	both := *over
	both.entries = slices.Clone(under.entries)
	for _, e := range over.entries {
		i := slices.IndexFunc(both.entries, func(have entry) bool { return have.key == e.key })
		switch {
		case i < 0:
			both.entries = append(both.entries, e)
		case e.key == "extends":
		default:
			have := both.entries[i].value
			both.entries[i] = e
			both.entries[i].value = l.merge(have, e.value)
		}
	}
	return &both
}
