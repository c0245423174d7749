package intake

import (
	"slices"

	"ecsavvy/advisor/design"
)

// over lays what the design file says over a task definition.
func (d *taskDraft) over(t design.Task, service string) design.Task {
	if d.family != "" {
		t.Family = d.family
	}
	if t.Family == "" {
		t.Family = service
	}
	t.CPU = stated(d.cpu, t.CPU)
	t.Memory = stated(d.memory, t.Memory)
	t.OS = stated(d.os, t.OS)
	t.Architecture = stated(d.architecture, t.Architecture)
	t.EphemeralStorage = stated(d.ephemeral, t.EphemeralStorage)
	if d.gpus != nil {
		t.GPUs = int(*d.gpus)
	}
	if d.networkMode != "" {
		t.NetworkMode = d.networkMode
	}
	t.Containers = slices.Clone(t.Containers)
	for _, c := range d.containers {
		i := slices.IndexFunc(t.Containers, func(have design.Container) bool { return have.Name == c.name })
		if i < 0 {
			i = len(t.Containers)
			t.Containers = append(t.Containers, design.Container{Name: c.name, Essential: true})
		}
		c.value.over(&t.Containers[i])
	}
	t.Volumes = slices.Clone(t.Volumes)
	for _, v := range d.volumes {
		t.Volumes = slices.DeleteFunc(t.Volumes, func(have design.TaskVolume) bool { return have.Name == v.name })
		if v.value.ebs != nil {
			t.Volumes = append(t.Volumes, design.TaskVolume{Name: v.name, Kind: "ebs", Volume: *v.value.ebs})
		} else {
			t.Volumes = append(t.Volumes, design.TaskVolume{Name: v.name, Kind: "efs"})
		}
	}
	return t
}

// stated is the first fact where it has a value, else the second.
func stated[T any](first, second design.Fact[T]) design.Fact[T] {
	if first.Stated() {
		return first
	}
	return second
}

func (d *containerDraft) over(c *design.Container) {
	if d.image != "" {
		c.Image = d.image
	}
	c.ImageSize = stated(d.imageSize, c.ImageSize)
	for _, size := range []struct {
		from *float64
		to   *float64
	}{{d.cpu, &c.CPU}, {d.memory, &c.Memory}, {d.memoryReservation, &c.MemoryReservation}} {
		if size.from != nil {
			*size.to = *size.from
		}
	}
	if d.essential != nil {
		c.Essential = *d.essential
	}
	if d.logDriver != "" {
		c.LogDriver = d.logDriver
	}
	if d.logGroup != "" {
		c.LogGroup = d.logGroup
	}
}

// ways takes over the ways in to a service.
func (a *assembly) ways(d *named[serviceDraft], s *design.Service) {
	for i := range d.value.ingress {
		in := &d.value.ingress[i]
		for _, way := range []struct {
			kind  design.LoadBalancerKind
			draft *balancerDraft
		}{{design.ALB, in.alb}, {design.NLB, in.nlb}, {design.CLB, in.clb}} {
			if way.draft != nil {
				s.Ingress = append(s.Ingress, a.balancers.attach(s.Name, way.kind, way.draft, in.at))
			}
		}
		switch {
		case in.tunnel != nil:
			s.Ingress = append(s.Ingress, design.Ingress{Tunnel: completeTunnel(in.tunnel, s.Task.Architecture)})
		case in.alb == nil && in.nlb == nil && in.clb == nil:
			a.errorAt(in.at, "want alb, nlb, clb or tunnel; got none of them")
		}
	}
}

// resources moves what stands under a service to the workload, with what only
// its task definition tells.
func (a *assembly) resources(d *named[serviceDraft], def *taskDefinition, s *design.Service) {
	v := &d.value
	a.logs(v, def, s)
	a.image(v, s)
	switch store, ok := def.secrets.store(s.Name); {
	case v.secrets != nil:
		v.secrets.Name, v.secrets.Service = s.Name, s.Name
		a.w.Secrets = append(a.w.Secrets, *v.secrets)
	case ok:
		a.w.Secrets = append(a.w.Secrets, store)
	}
	a.files(d, def, s)
	if v.discovery != nil {
		v.discovery.Name, v.discovery.Service = s.Name, s.Name
		a.w.Namespaces = append(a.w.Namespaces, *v.discovery)
	}
	if v.alarms != nil {
		v.alarms.Name, v.alarms.Service = s.Name, s.Name
		a.w.Alarms = append(a.w.Alarms, *v.alarms)
	}
}

// logs takes over a service's log groups. What the design states of a group
// replaces what the task definition leaves unknown.
func (a *assembly) logs(v *serviceDraft, def *taskDefinition, s *design.Service) {
	var groups []string
	for _, c := range s.Task.Containers {
		if c.LogDriver == "awslogs" && !slices.Contains(groups, c.LogGroup) {
			groups = append(groups, c.LogGroup)
		}
	}
	unknown := taskDefinition{groups: groups}
	slices.Sort(unknown.groups)
	if len(v.logs) == 0 {
		a.w.LogGroups = append(a.w.LogGroups, unknown.logGroups(s.Name)...)
		return
	}
	all := false
	for _, l := range v.logs {
		g := l.value
		g.Service = s.Name
		switch {
		case l.name != "": // one of several, by name
			g.Name = cmpOr(g.Name, l.name)
		case g.Name == "" && len(groups) == 1:
			g.Name = groups[0]
			all = true
		default:
			all = true
		}
		g.Name = cmpOr(g.Name, s.Name)
		if g.Ingest.Stated() && !g.RetentionDays.Stated() && !g.Stored.Stated() {
			g.RetentionDays = design.NotKnown[float64]("no retention is stated; CloudWatch Logs keeps logs for ever by default")
		}
		a.w.LogGroups = append(a.w.LogGroups, g)
		unknown.groups = slices.DeleteFunc(unknown.groups, func(name string) bool { return name == g.Name })
	}
	if !all {
		a.w.LogGroups = append(a.w.LogGroups, unknown.logGroups(s.Name)...)
	}
}

// image takes over a service's repository. The image's size is also what the
// service's only container pulls.
func (a *assembly) image(v *serviceDraft, s *design.Service) {
	if v.image == nil {
		return
	}
	v.image.Service = s.Name
	v.image.Name = cmpOr(v.image.Name, s.Name)
	a.w.Repositories = append(a.w.Repositories, *v.image)
	if !v.image.ImageGB.Stated() {
		return
	}
	if len(s.Task.Containers) == 0 {
		s.Task.Containers = []design.Container{{Name: s.Name, Essential: true}}
	}
	if len(s.Task.Containers) == 1 && !s.Task.Containers[0].ImageSize.Stated() {
		s.Task.Containers[0].ImageSize = v.image.ImageGB
	}
}

// files takes over a service's EFS file systems: the one it states, those its
// task definition mounts and nobody describes, and checks the names of mounts.
func (a *assembly) files(d *named[serviceDraft], def *taskDefinition, s *design.Service) {
	own := d.value.storage.efs
	if own != nil {
		own.Service = s.Name
		own.Name = cmpOr(own.Name, s.Name)
		a.w.FileSystems = append(a.w.FileSystems, *own)
	}
	mounted := slices.Clone(def.fileSystems)
	for _, v := range d.value.task.volumes {
		switch efs := v.value.efs; {
		case v.value.ebs != nil && efs != nil:
			a.errorAt(v.at, "want ebs or efs, not both")
		case v.value.ebs == nil && efs == nil:
			a.errorAt(v.at, "want ebs or efs; got neither")
		case efs == nil:
		case efs.fileSystem == "":
			mounted = append(mounted, v.name)
		case !slices.Contains(a.fileSystems, efs.fileSystem):
			a.errorAt(v.at, "no file system is named %q%s", clip(efs.fileSystem), suggest(efs.fileSystem, a.fileSystems))
		}
	}
	if own != nil {
		return // the service says what its storage is
	}
	mounted = slices.DeleteFunc(mounted, func(name string) bool { return slices.Contains(a.fileSystems, name) })
	unknown := taskDefinition{fileSystems: mounted}
	for _, fs := range unknown.efs(s.Name) {
		if d.value.task.file == "" {
			fs.Stored = design.NotKnown[float64]("the design does not say how much is stored")
		}
		a.w.FileSystems = append(a.w.FileSystems, fs)
	}
}
