package intake

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// ReadDescriptions reads saved replies of AWS's describe calls as one workload:
// services with the task definitions that stand in other files, their cluster,
// its capacity providers and instances, scaling and load balancers. Files are
// named by their paths, as in ReadStacks. Account IDs are not kept.
func ReadDescriptions(files map[string][]byte, opts Options) (design.Workload, error) {
	var inputs []*input
	for _, name := range slices.Sorted(maps.Keys(files)) {
		in, err := open(name, files[name])
		if err != nil {
			return design.Workload{}, err
		}
		if in.kind != Description && in.kind != TaskDefinition {
			return design.Workload{}, fail(name, "this is %s; want the replies of describe calls", in.kind.title())
		}
		inputs = append(inputs, in)
	}
	if len(inputs) == 0 {
		return design.Workload{}, fail("", "want at least one reply of a describe call")
	}
	return describe(inputs, opts)
}

// readDescription reads one saved reply.
func readDescription(in *input, opts Options) (design.Workload, error) {
	return describe([]*input{in}, opts)
}

// describer fills a stack from replies. What the stack has no place for, since no
// infrastructure code says it, is kept beside it and laid over the workload.
type describer struct {
	opts  Options
	stack stack
	errs  Errors
	// regions counts what the replies hold by region, as their ARNs say.
	regions map[string]int
	// seen are the services as they ran, by the stack's key.
	seen map[string]*seenService
	// tasks are those that run for no service of the replies.
	tasks map[string]*seenTasks
	// account is what stands around services and tasks.
	account seenAccount
	// idle are the calls whose replies alone have nothing to price.
	idle []string
	// priced says that there is something to price.
	priced bool
}

func describe(inputs []*input, opts Options) (design.Workload, error) {
	d := &describer{
		opts: opts, stack: stack{code: "this input"},
		regions: make(map[string]int), seen: make(map[string]*seenService),
		tasks: make(map[string]*seenTasks), account: newSeenAccount(),
	}
	for _, in := range inputs {
		for _, at := range repliesIn(in, &d.errs) {
			d.reply(at)
		}
	}
	d.runningTasks()
	d.surroundings()
	if err := d.errs.orNil(); err != nil {
		return design.Workload{}, err
	}
	first := inputs[0].name
	if !d.priced {
		return design.Workload{}, d.nothing(first)
	}
	region, err := d.region(first)
	if err != nil {
		return design.Workload{}, err
	}
	d.stack.region = opts.region(region)
	d.stack.name = d.name(first)
	w := d.stack.workload(opts)
	d.asSeen(&w)
	w.Normalize()
	return w, nil
}

// repliesIn are the replies of an input: itself, or a list of them.
func repliesIn(in *input, errs *Errors) []cursor {
	at := cursor{file: in.name, node: in.root, errs: errs}
	if isPriceFilter(in.root) {
		at.say("these are the filters of a call of aws pricing get-products; hand in the replies of " + wantedReplies)
		return nil
	}
	if in.root.kind == listNode && in.kind == Description {
		return at.items("a list of replies")
	}
	return []cursor{at}
}

// reply reads one reply: each of its parts that is known.
func (d *describer) reply(at cursor) {
	at.node = unwrapRecorded(at.node)
	if def, _ := at.node.fold("taskDefinition"); def != nil || at.node.get("containerDefinitions") != nil {
		d.taskDefinition(at)
	}
	known := false
	for _, k := range replyKinds() {
		part := at.get(k.key)
		if !part.here() || !k.matches(part.node) {
			continue
		}
		known = true
		items := []cursor{part}
		if part.node.kind == listNode {
			items = part.items("a list")
		}
		for _, item := range items {
			if !item.here() || item.node.kind != mappingNode {
				item.wrong("a mapping, a part of the reply of aws " + k.call)
				continue
			}
			k.read(d, item)
			d.priced = d.priced || k.priced
		}
		if !k.priced || len(items) == 0 {
			d.idle = append(d.idle, k.call)
		}
	}
	if at.has("lifecyclePolicyText") {
		known = true
		d.lifecycle(at)
		d.idle = append(d.idle, "ecr get-lifecycle-policy")
	}
	if callerIdentity(at.node) {
		known = true
		d.idle = append(d.idle, "sts get-caller-identity")
	}
	for _, failure := range at.get("failures").items("a list of failures") {
		d.stack.unpriced("what AWS did not describe: " + failure.get("reason").name("a reason"))
	}
	if what, ok := otherReply(at.node); ok && !known {
		at.say("%s", what)
	}
}

// unwrapRecorded takes a reply out of what recorders of test data put around it:
// {"status_code": 200, "data": {…}}.
func unwrapRecorded(n *node) *node {
	if data := n.get("data"); data != nil && data.kind == mappingNode && n.get("status_code") != nil {
		return data
	}
	return n
}

// orPythonPrint replaces the error of a text that print made of a reply in Python:
// it has single quotes and datetime.datetime(…) in it.
func orPythonPrint(name string, data []byte, err error) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{'")) {
		return fail(name, "this is a value as Python prints it, not JSON; save it with json.dumps(reply, default=str)")
	}
	return err
}

// nothing is the error of replies that have nothing to price.
func (d *describer) nothing(file string) error {
	slices.Sort(d.idle)
	calls := strings.Join(slices.Compact(d.idle), ", ")
	if len(d.stack.taskDefs) > 0 {
		calls = strings.TrimPrefix(calls+", ecs describe-task-definition", ", ")
	}
	return fail(file, "this is a reply of aws %s, in which nothing says how many tasks of which size run; hand in the replies of "+
		wantedReplies+" too", calls)
}

// place notes the region of an ARN, and returns the resource without the account.
func (d *describer) place(arn string) (resource string) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return arn
	}
	if regionName(parts[3]) {
		d.regions[parts[3]]++
	}
	return parts[5]
}

// nameIn is the last part of a resource's name: main of cluster/main.
func nameIn(resource string) string { return resource[strings.LastIndexByte(resource, '/')+1:] }

// region is the one region of all replies.
func (d *describer) region(file string) (fact[string], error) {
	names := slices.Sorted(maps.Keys(d.regions))
	switch {
	case len(names) == 1:
		return design.Know(names[0]), nil
	case len(names) > 1 && d.opts.Region == "":
		return fact[string]{}, fail(file, "the replies are of %s; hand in those of one region at a time", strings.Join(names, ", "))
	}
	return fact[string]{}, nil
}

// name of the workload: the only cluster's, else the file's.
func (d *describer) name(file string) string {
	name := ""
	for i := range d.stack.services {
		cluster := d.stack.services[i].cluster.text
		if name != "" && name != cluster {
			return nameFrom(file)
		}
		name = cluster
	}
	if name == "" || name == "default" {
		return nameFrom(file)
	}
	return name
}
