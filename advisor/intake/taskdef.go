package intake

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// taskDefinition is what a task definition says about a service.
type taskDefinition struct {
	task design.Task
	tags map[string]string
	// region is a hint: where its logs go.
	region design.Fact[string]
	// secrets are the distinct references by store.
	secrets secretRefs
	// groups are awslogs groups, file systems EFS ids; sorted, distinct.
	groups, fileSystems []string
	notPriced           map[string]int
}

// taskReader walks a task definition and collects what is wrong with it.
type taskReader struct {
	in     *input
	errs   Errors
	result *taskDefinition
}

// readTaskDefinition turns a task definition into a workload of one service.
func readTaskDefinition(in *input, opts Options) (design.Workload, error) {
	def, err := parseTaskDefinition(in)
	if err != nil {
		return design.Workload{}, err
	}
	s := design.Service{Name: def.task.Family, Tags: def.tags, Task: def.task}
	s.Count = design.CountProfile{Fixed: design.Assume(1.0, "a task definition does not say how many tasks run")}
	if opts.Count > 0 {
		s.Count = design.Count(opts.Count)
	}
	s.Capacity = capacityOf(def.task.Compatibilities, opts.LaunchType)
	completePlatform(&s)
	w := design.Workload{
		Name:      s.Name,
		Region:    opts.region(def.region),
		Services:  []design.Service{s},
		NotPriced: def.notPriced,
	}
	w.LogGroups = def.logGroups(s.Name)
	w.FileSystems = def.efs(s.Name)
	if store, ok := def.secrets.store(s.Name); ok {
		w.Secrets = []design.SecretStore{store}
	}
	return w, nil
}

// parseTaskDefinition reads a task definition in any of its shapes.
func parseTaskDefinition(in *input) (*taskDefinition, error) {
	r := &taskReader{in: in, result: &taskDefinition{secrets: make(secretRefs)}}
	root, at, tags := unwrap(in.root)
	if root.kind != mappingNode && root.kind != listNode {
		r.wrong(at, root, "a task definition")
		return nil, r.errs.orNil()
	}
	r.task(root, at)
	r.result.tags = r.tags(tags, at)
	if err := r.errs.orNil(); err != nil {
		return nil, err
	}
	return r.result, nil
}

// unwrap finds the task definition in what holds it: the reply of
// describe-task-definition (with tags beside it), a CloudFormation resource.
func unwrap(root *node) (def *node, at string, tags *node) {
	if inner, key := root.fold("taskDefinition"); inner != nil {
		tags, _ = root.fold("tags")
		if own, _ := inner.fold("tags"); tags == nil || len(tags.items) == 0 {
			tags = own
		}
		return inner, key, tags
	}
	if inner, key := root.fold("properties"); inner != nil && root.get("Type") != nil {
		root, at = inner, key
	}
	tags, _ = root.fold("tags")
	return root, at, tags
}

func (r *taskReader) task(root *node, at string) {
	t := &r.result.task
	containers, key := root, at
	if root.kind == mappingNode {
		containers, key = root.fold("containerDefinitions")
		key = join(at, key)
		t.Family = r.text(root, at, "family")
		t.NetworkMode = r.text(root, at, "networkMode")
		t.CPU = r.size(root, at, "cpu", design.ParseCPU, `CPU units or "N vCPU"`)
		t.Memory = r.size(root, at, "memory", design.ParseMemory, `MiB or "N GB"`)
		t.EphemeralStorage = r.ephemeral(root, at)
		t.Compatibilities = r.compatibilities(root, at)
		r.platform(root, at)
		r.volumes(root, at)
		r.accelerators(root, at)
		t.InstanceTypes = r.instanceTypes(root)
		r.misspelt(root)
	}
	if t.Family == "" {
		t.Family = nameFrom(r.in.name)
	}
	switch {
	case containers != nil && containers.kind == unknownNode:
		r.note("the containers are not known: " + containers.reason())
	case containers == nil:
		r.add(key, "a task definition needs at least one container")
	case containers.kind != listNode:
		r.wrong(key, containers, "a list of container definitions")
	case len(containers.items) == 0:
		r.add(key, "a task definition needs at least one container")
	default:
		for i, c := range containers.items {
			r.container(c, index(key, i))
		}
	}
	r.result.finish()
}

// finish sorts what was collected and fills in what only all containers
// together tell.
func (d *taskDefinition) finish() {
	slices.Sort(d.groups)
	d.groups = slices.Compact(d.groups)
	slices.Sort(d.fileSystems)
	d.fileSystems = slices.Compact(d.fileSystems)
	if !absent(d.task.OS) {
		return
	}
	for _, c := range d.task.Containers {
		if windowsImage(c.Image) {
			d.task.OS = design.Assume(design.Windows, fmt.Sprintf("the image %s is for Windows and no runtimePlatform says otherwise", clip(c.Image)))
			return
		}
	}
}

// maxSize is beyond any size in vCPU, GB or GiB that AWS sells.
const maxSize = 1e6

// size reads a task-level size. A template that nobody rendered is unknown,
// not wrong: the rest of the task definition still has a price.
func (r *taskReader) size(root *node, at, key string, parse func(string) (float64, error), want string) design.Fact[float64] {
	n, written := root.fold(key)
	if n == nil {
		return design.Fact[float64]{}
	}
	switch {
	case n.kind == unknownNode:
		return design.NotKnown[float64](fmt.Sprintf("%s is not known: %s", key, n.reason()))
	case n.template():
		return design.NotKnown[float64](fmt.Sprintf("%s is a template: %s", key, clip(n.text)))
	}
	if !n.scalar() {
		r.wrong(join(at, written), n, want)
		return design.Fact[float64]{}
	}
	value, err := parse(n.text)
	if err != nil || value > maxSize {
		r.wrong(join(at, written), n, want)
		return design.Fact[float64]{}
	}
	return design.Know(value)
}

func (r *taskReader) ephemeral(root *node, at string) design.Fact[float64] {
	storage, key := root.fold("ephemeralStorage")
	if storage == nil {
		return design.Fact[float64]{}
	}
	if storage.kind == unknownNode {
		return design.NotKnown[float64]("ephemeralStorage is not known: " + storage.reason())
	}
	at = join(at, key)
	if storage.kind != mappingNode {
		r.wrong(at, storage, "{\"sizeInGiB\": N}")
		return design.Fact[float64]{}
	}
	return r.size(storage, at, "sizeInGiB", parseNumber, "a number of GiB")
}

func (r *taskReader) compatibilities(root *node, at string) []string {
	list, key := root.fold("requiresCompatibilities")
	if list == nil || list.kind == unknownNode {
		return nil
	}
	at = join(at, key)
	if list.kind != listNode {
		r.wrong(at, list, "a list of launch types")
		return nil
	}
	var kinds []string
	for i, n := range list.items {
		switch kind := strings.ToUpper(n.text); {
		case n.kind == textNode && slices.Contains(launchTypes(), design.ProviderKind(kind)):
			kinds = append(kinds, kind)
		case !n.template():
			r.wrong(index(at, i), n, "one of EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES")
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// text reads an optional text; numbers will do, as YAML writes 2024 for "2024".
func (r *taskReader) text(root *node, at, key string) string {
	n, written := root.fold(key)
	if n == nil {
		return ""
	}
	switch {
	case n.kind == unknownNode:
		return ""
	case !n.scalar() && n.kind != tagNode:
		r.wrong(join(at, written), n, "a text")
		return ""
	}
	return n.text
}

// wrong reports a value of the wrong type or form.
func (r *taskReader) wrong(at string, n *node, want string) {
	r.errs = append(r.errs, &Error{File: r.in.name, Line: int(n.line), Col: int(n.col), Path: at,
		Text: fmt.Sprintf("want %s, got %s", want, n.describe())})
}

func (r *taskReader) add(at, text string) {
	r.errs = append(r.errs, &Error{File: r.in.name, Path: at, Text: text})
}

// nameFrom makes a name for a task definition without a family.
func nameFrom(file string) string {
	base := path.Base(strings.ReplaceAll(file, `\`, "/"))
	base = strings.TrimSuffix(base, path.Ext(base))
	if base == "" || base == "-" || base == "." {
		return "task"
	}
	return base
}
