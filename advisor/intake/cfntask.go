package intake

import (
	"slices"
	"strings"
)

// taskDefinition reads AWS::ECS::TaskDefinition: its properties are evaluated,
// as far as a price depends on them, and handed to the reader of task
// definitions. Environment, commands, labels and health checks are not even
// evaluated.
func (c *cfnReader) taskDefinition(r *cfnResource) {
	t := &cfnTask{c: c, r: r}
	tree := t.tree()
	d := ecsTaskDef{cloudResource: r.base("")}
	def, errs := readTask(r.template.name, tree, r.at+".Properties")
	if len(errs) > 0 {
		c.set.errs = append(c.set.errs, errs...)
		return
	}
	for _, note := range t.notes {
		if !slices.Contains(def.task.Notes, note) {
			def.task.Notes = append(def.task.Notes, note)
		}
	}
	d.family, d.name, d.def, d.mentions = def.task.Family, def.task.Family, def, t.mentions
	c.stack.taskDefs = append(c.stack.taskDefs, d)
}

// cfnTask evaluates one task definition.
type cfnTask struct {
	c        *cfnReader
	r        *cfnResource
	mentions []ref
	notes    []string
}

// tree is the task definition with known values where there are some.
func (t *cfnTask) tree() *node {
	tree := &node{kind: mappingNode, line: t.r.node.line, col: t.r.node.col}
	add := func(key string, v *node) {
		if v != nil {
			tree.entries = append(tree.entries, entry{key: key, line: v.line, col: v.col, value: v})
		}
	}
	family := t.readable(t.r.property("Family"))
	if family == nil || family.text == "" {
		family = &node{kind: textNode, text: t.r.id} // CloudFormation makes a name of it
	}
	add("Family", family)
	for _, key := range []string{"NetworkMode", "Cpu", "Memory", "EphemeralStorage", "RequiresCompatibilities", "RuntimePlatform", "InferenceAccelerators", "Tags"} {
		add(key, t.r.property(key))
	}
	add("Volumes", t.volumes())
	add("ContainerDefinitions", t.containers())
	return tree
}

// readable turns the expression of a name into a text that a reader of the
// output knows again.
func (t *cfnTask) readable(n *node) *node {
	if n == nil || n.kind != unknownNode {
		return n
	}
	return &node{kind: textNode, text: n.text, line: n.line, col: n.col}
}

// mention notes that the task definition refers to a resource.
func (t *cfnTask) mention(n *node, kinds ...string) {
	for _, r := range t.c.set.mentions(n) {
		if slices.Contains(kinds, r.kind) && r.exists == yes {
			t.mentions = append(t.mentions, refTo(r.key()))
		}
	}
}

// volumes evaluates the volumes; a file system of this template goes by its key.
func (t *cfnTask) volumes() *node {
	list := t.r.property("Volumes")
	if list == nil || list.kind != listNode {
		return nil
	}
	out := &node{kind: listNode, line: list.line, col: list.col}
	for _, v := range list.items {
		if v.kind == unknownNode {
			t.notes = append(t.notes, "a volume is not known: "+v.reason())
			continue
		}
		efs, key := v.fold("efsVolumeConfiguration")
		if efs == nil {
			efs, key = v.fold("efsVolumeConfig")
		}
		if id, idKey := efs.fold("fileSystemId"); id != nil && id.kind == unknownNode {
			t.mention(id, cfnFileSystem)
			v = withEntry(v, key, withEntry(efs, idKey, t.c.set.title(id)))
		}
		out.items = append(out.items, v)
	}
	return out
}

// withEntry copies a mapping with one value replaced.
func withEntry(n *node, key string, value *node) *node {
	c := *n
	c.entries = slices.Clone(n.entries)
	for i := range c.entries {
		if c.entries[i].key == key {
			c.entries[i].value = value
		}
	}
	return &c
}

// containers evaluates the container definitions.
func (t *cfnTask) containers() *node {
	raw := t.r.node.get("Properties").get("ContainerDefinitions")
	if raw == nil {
		return nil
	}
	if raw.kind != listNode {
		if raw = t.r.template.eval(raw); raw == nil || raw.kind != listNode {
			return raw
		}
	}
	out := &node{kind: listNode, line: raw.line, col: raw.col}
	for _, item := range raw.items {
		n := t.r.template.step(item)
		switch {
		case n == nil: // AWS::NoValue
		case n.kind == unknownNode:
			t.notes = append(t.notes, "a container is not known: "+n.reason())
		case n.kind != mappingNode:
			out.items = append(out.items, n)
		default:
			out.items = append(out.items, t.container(n))
		}
	}
	if len(out.items) == 0 && len(t.notes) > 0 {
		return unresolved(raw, "ContainerDefinitions", t.notes[len(t.notes)-1])
	}
	return out
}

// container evaluates what a price depends on of one container definition.
func (t *cfnTask) container(n *node) *node {
	out := &node{kind: mappingNode, line: n.line, col: n.col}
	for _, e := range n.entries {
		var v *node
		switch e.key {
		case "Name":
			v = t.readable(t.r.template.eval(e.value))
		case "Image":
			v = t.image(t.r.template.eval(e.value))
		case "Essential", "Cpu", "Memory", "MemoryReservation", "PortMappings", "ResourceRequirements":
			v = t.known(e.key, t.r.template.eval(e.value))
		case "LinuxParameters":
			v = t.known(e.key, t.r.template.eval(pick(e.value, "Devices")))
		case "LogConfiguration":
			v = t.logging(t.r.template.eval(e.value))
		case "Secrets":
			v = t.secrets(t.r.template.eval(e.value))
		case "RepositoryCredentials":
			v = t.credentials(t.r.template.eval(e.value))
		}
		if v != nil {
			out.entries = append(out.entries, entry{key: e.key, line: e.line, col: e.col, value: v})
		}
	}
	return out
}

// pick copies a plain mapping with one key only.
func pick(n *node, key string) *node {
	if name, _ := cfnFunction(n); name != "" || n.kind != mappingNode {
		return n
	}
	out := &node{kind: mappingNode, line: n.line, col: n.col}
	for _, e := range n.entries {
		if e.key == key {
			out.entries = append(out.entries, e)
		}
	}
	return out
}

// known keeps sizes that are not known, with their reason, and notes other
// parts that are not.
func (t *cfnTask) known(key string, v *node) *node {
	if v == nil {
		return nil
	}
	switch key {
	case "PortMappings", "ResourceRequirements", "LinuxParameters", "Essential":
		if v.kind == unknownNode {
			t.notes = append(t.notes, key+" of a container is not known: "+v.reason())
			return nil
		}
	}
	if v.kind != listNode {
		return v
	}
	out := *v
	out.items = slices.Clone(v.items)
	out.items = slices.DeleteFunc(out.items, func(item *node) bool {
		if item.kind == unknownNode {
			t.notes = append(t.notes, "an item in "+key+" of a container is not known: "+item.reason())
		}
		return item.kind == unknownNode
	})
	return &out
}

// image names the repository of this template that an image comes from.
func (t *cfnTask) image(v *node) *node {
	if v == nil || v.kind != unknownNode {
		return v
	}
	t.mention(v, cfnRepository)
	for _, r := range t.c.set.mentions(v) {
		if r.kind == cfnRepository {
			_, tag, _ := strings.Cut(v.text[strings.LastIndexByte(v.text, '}')+1:], ":")
			text := r.title()
			if tag != "" {
				text += ":" + tag
			}
			return &node{kind: textNode, text: text, line: v.line, col: v.col}
		}
	}
	return t.readable(v)
}

// logging evaluates the log configuration, of which only awslogs' group and
// region and the secret options are kept.
func (t *cfnTask) logging(v *node) *node {
	if v == nil || v.kind != mappingNode {
		return nil
	}
	out := &node{kind: mappingNode, line: v.line, col: v.col}
	for _, e := range v.entries {
		switch {
		case strings.EqualFold(e.key, "LogDriver"):
			out.entries = append(out.entries, entry{key: e.key, value: t.readable(e.value)})
		case strings.EqualFold(e.key, "SecretOptions"):
			out.entries = append(out.entries, entry{key: e.key, value: t.secrets(e.value)})
		case strings.EqualFold(e.key, "Options") && e.value.kind == mappingNode:
			options := &node{kind: mappingNode, line: e.value.line, col: e.value.col}
			for _, o := range e.value.entries {
				switch o.key {
				case "awslogs-group":
					t.mention(o.value, cfnLogGroup)
					options.entries = append(options.entries, entry{key: o.key, value: &node{kind: textNode, text: t.c.logGroupName(o.value)}})
				case "awslogs-region":
					options.entries = append(options.entries, o)
				}
			}
			out.entries = append(out.entries, entry{key: e.key, value: options})
		}
	}
	return out
}

// logGroupName is what a reference to a log group goes by.
func (c *cfnReader) logGroupName(n *node) string {
	if n == nil {
		return ""
	}
	if n.kind == unknownNode {
		return c.set.title(n).text
	}
	return n.text
}

// secrets keeps of a list of secrets where each comes from.
func (t *cfnTask) secrets(v *node) *node {
	if v == nil || v.kind != listNode {
		if v != nil && v.kind == unknownNode {
			t.notes = append(t.notes, "a container's secrets are not known: "+v.reason())
		}
		return &node{kind: listNode}
	}
	out := &node{kind: listNode, line: v.line, col: v.col}
	for _, item := range v.items {
		from, _ := item.fold("valueFrom")
		t.mention(from, cfnSecret, cfnParameter)
		name, ok := t.c.secretName(from)
		if !ok {
			t.notes = append(t.notes, "where a container's secret comes from is not known")
			continue
		}
		out.items = append(out.items, secretItem("ValueFrom", name))
	}
	return out
}

func secretItem(key, name string) *node {
	return &node{kind: mappingNode, entries: []entry{{key: key, value: &node{kind: textNode, text: name}}}}
}

// credentials keeps where the credentials of a private registry come from.
func (t *cfnTask) credentials(v *node) *node {
	from, key := v.fold("credentialsParameter")
	t.mention(from, cfnSecret)
	if name, ok := t.c.secretName(from); ok {
		return secretItem(key, name)
	}
	return nil
}

// secretName makes the reference to a secret or a parameter one that tells its
// store: what is not known of an ARN (the partition, the account) may stay so.
func (c *cfnReader) secretName(n *node) (string, bool) {
	if n == nil || n.kind != unknownNode && !n.scalar() {
		return "", false
	}
	text := n.text
	if n.kind != unknownNode {
		return text, true
	}
	for _, r := range c.set.mentions(n) {
		switch r.kind {
		case cfnSecret:
			return secretARN(r), true
		case cfnParameter:
			return r.title(), true
		}
	}
	text = withoutColons(text)
	switch {
	case strings.HasPrefix(text, "arn:") && strings.Contains(text, ":"+secretsManager+":"):
		return strings.Replace(text, "${Partition}", "aws", 1), true
	case strings.HasPrefix(text, "arn:") && strings.Contains(text, ":"+parameterStore+":"), strings.HasPrefix(text, "/"):
		return text, true
	default:
		return "", false
	}
}
