package intake

import (
	"fmt"
	"slices"
	"strings"
)

// taskDefinition takes over a task definition, as a resource or a data source.
// It is turned into ECS's own form and read as any other.
func (f *tfFill) taskDefinition(s *tfSide) ecsTaskDef {
	d := ecsTaskDef{cloudResource: s.resource("family"), family: s.get("family").text(), data: s.r.data}
	if revision := s.get("revision").text(); revision != "" && d.family != "" {
		d.ids = append(d.ids, d.family+":"+revision)
	}
	if s.config != nil && !s.r.data {
		d.mentions = s.mentioned("container_definitions")
	}
	containers := s.get("container_definitions")
	if s.r.data {
		d.name = "" // its family is that of the resource, if there is one
		if containers.null() {
			d.why = fmt.Sprintf("the data source %s tells no sizes; hand in the task definition", s.r.address)
			return d
		}
	}
	hidden := s.sensitive("container_definitions")
	root := s.ecsForm(containers)
	if list, _ := root.fold("containerDefinitions"); list == nil {
		d.why = "the task definition has no container_definitions"
		return d
	}
	def, errs := readTask(f.file.scan.name, root, s.place())
	for _, e := range errs {
		e.Path = strings.Replace(e.Path, "containerDefinitions", "container_definitions", 1)
		if hidden {
			e.Text = "a value that the plan marks as sensitive is none that ECS takes"
		}
		f.errs = append(f.errs, e)
	}
	if def == nil {
		d.why = "the task definition cannot be read"
		return d
	}
	if hidden {
		def.hide()
	}
	def.tags = s.tags()
	def.task.Family = cmpOr(d.family, def.task.Family)
	d.def = def
	return d
}

// ecsForm is a task definition in ECS's own form.
func (s *tfSide) ecsForm(containers tfValue) *node {
	root := &node{kind: mappingNode}
	set := func(key string, n *node) {
		if n != nil && n.kind != nullNode {
			root.entries = append(root.entries, entry{key: key, value: n})
		}
	}
	for _, a := range [][2]string{
		{"family", "family"}, {"cpu", "cpu"}, {"memory", "memory"}, {"networkMode", "network_mode"}, {"requiresCompatibilities", "requires_compatibilities"},
	} {
		if v := s.get(a[1]); textOf(v.n) != "" || v.unknown() || v.n != nil && v.n.kind == listNode {
			set(a[0], v.n)
		}
	}
	set("runtimePlatform", s.block("runtime_platform").renamed(map[string]string{
		"operating_system_family": "operatingSystemFamily", "cpu_architecture": "cpuArchitecture",
	}))
	set("ephemeralStorage", s.block("ephemeral_storage").renamed(map[string]string{"size_in_gib": "sizeInGiB"}))
	set("inferenceAccelerators", s.block("inference_accelerator").n)
	set("volumes", s.taskVolumes())
	set("containerDefinitions", s.containers(containers))
	return root
}

// renamed is a block as a mapping with other keys; texts that are empty are
// left out, as the provider writes what is not set.
func (v tfValue) renamed(keys map[string]string) *node {
	if v.unknown() || v.null() {
		return v.n
	}
	if v.n.kind == listNode {
		if len(v.n.items) == 0 {
			return nil
		}
		v.n = v.n.items[0]
	}
	if v.n.kind != mappingNode {
		return v.n
	}
	out := &node{kind: mappingNode}
	for _, e := range v.n.entries {
		if key := keys[e.key]; key != "" && (textOf(e.value) != "" || e.value.kind == unknownNode) {
			out.entries = append(out.entries, entry{key: key, value: e.value})
		}
	}
	return out
}

// taskVolumes are the volumes in ECS's form. A file system that is not known
// yet stands by the address that the code points at.
func (s *tfSide) taskVolumes() *node {
	list := &node{kind: listNode}
	for _, v := range s.block("volume").items() {
		if v.unknown() {
			continue
		}
		out := &node{kind: mappingNode}
		set := func(key string, n *node) { out.entries = append(out.entries, entry{key: key, value: n}) }
		text := func(t string) *node { return &node{kind: textNode, text: t} }
		set("name", text(v.get("name").text()))
		if efs := v.get("efs_volume_configuration"); !efs.none() {
			id := efs.get("file_system_id").ref("aws_efs_file_system")
			name := id.text
			if len(id.keys) == 1 {
				name = id.keys[0]
			}
			set("efsVolumeConfiguration", &node{kind: mappingNode, entries: []entry{{key: "fileSystemId", value: text(name)}}})
		}
		if fsx := v.get("fsx_windows_file_server_volume_configuration"); !fsx.none() {
			set("fsxWindowsFileServerVolumeConfiguration", &node{kind: mappingNode})
		}
		if v.get("configure_at_launch").text() == "true" {
			set("configuredAtLaunch", text("true"))
		}
		list.items = append(list.items, out)
	}
	if len(list.items) == 0 {
		return nil
	}
	return list
}

// containers are the container definitions: JSON in a text, or a list already.
func (s *tfSide) containers(v tfValue) *node {
	if v.null() || v.unknown() || v.n.kind != textNode {
		return v.n
	}
	f := s.f
	inner := *f.scan
	inner.data, inner.pos = append(f.buffer[:0], v.n.text...), 0
	f.buffer = inner.data
	n, err := inner.value(0)
	f.scan.nodes, f.scan.used = inner.nodes, inner.used
	if err != nil || inner.space() != 0 {
		return &node{kind: textNode, text: "no JSON"}
	}
	return n
}

// hide blanks what a plan marks as sensitive: container definitions hold
// secrets in their environment, and then Terraform hides the whole text. Sizes
// stay, since the price depends on them; names and images do not.
func (d *taskDefinition) hide() {
	for i := range d.task.Containers {
		c := &d.task.Containers[i]
		c.Name, c.Image, c.LogGroup = fmt.Sprintf("container %d", i+1), "", ""
	}
	for i := range d.groups {
		d.groups[i] = ""
	}
	d.groups = slices.Compact(d.groups)
	hidden := make(secretRefs)
	for store, ids := range d.secrets {
		for i := range len(ids) {
			if hidden[store] == nil {
				hidden[store] = make(map[string]struct{})
			}
			hidden[store][fmt.Sprintf("hidden %s %d", store, i+1)] = struct{}{}
		}
	}
	d.secrets = hidden
}

// mentioned are the log groups, repositories, secrets and parameters that an
// attribute's expression points at.
func (s *tfSide) mentioned(attribute string) []ref {
	found := s.follow((tfValue{s: s, path: attribute}).references(), []string{
		"aws_cloudwatch_log_group", "aws_ecr_repository", "aws_secretsmanager_secret", "aws_ssm_parameter",
	})
	var list []ref
	for _, i := range found {
		list = append(list, refTo(s.f.resources[i].address))
	}
	return list
}
