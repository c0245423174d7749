package intake

import (
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// composeTask is what becomes one ECS service: a container, or several that are
// joined in one task definition.
type composeTask struct {
	name  string
	units []*composeUnit
}

// join puts containers together that run in one task: those of one family
// (compose-x; a container may belong to several), and those that share another's
// network, which only containers of one task can.
func (r *composeReader) join(units []*composeUnit) []*composeTask {
	byName := make(map[string]*composeUnit, len(units))
	for _, u := range units {
		byName[u.name] = u
	}
	var tasks []*composeTask
	byFamily := make(map[string]*composeTask)
	add := func(family string, u *composeUnit) {
		t := byFamily[family]
		if t == nil {
			t = &composeTask{name: family}
			byFamily[family] = t
			tasks = append(tasks, t)
		}
		if !slices.Contains(t.units, u) {
			t.units = append(t.units, u)
		}
	}
	// The containers that others join come first: they name the task.
	for _, u := range units {
		for _, family := range r.hosts(u, byName) {
			if u.joins == "" {
				add(family, u)
			}
		}
	}
	for _, u := range units {
		for _, family := range r.hosts(u, byName) {
			if u.joins != "" {
				add(family, u)
			}
		}
	}
	return tasks
}

// hosts are the families that a container ends up in.
func (r *composeReader) hosts(u *composeUnit, byName map[string]*composeUnit) []string {
	host := u
	for steps := 0; host.joins != "" && len(host.families) == 0; steps++ {
		next := byName[host.joins]
		if next == nil {
			host.note("network_mode service:" + clip(host.joins) + ": no such service runs, so the container has a task of its own")
			break
		}
		if steps > len(byName) {
			u.at.get("network_mode").say("the services share each other's network in a circle")
			u.joins = ""
			return []string{u.name}
		}
		host = next
	}
	if len(host.families) > 0 {
		return host.families
	}
	return []string{host.name}
}

// task turns joined containers into a service.
func (r *composeReader) task(t *composeTask) {
	s := design.Service{Name: t.name, Cluster: r.model.cluster, Tags: r.tags()}
	s.Task.Family = t.name
	mounted := make(keySet)
	for _, u := range t.units {
		s.Task.OS, s.Task.Architecture = stated(s.Task.OS, u.os), stated(s.Task.Architecture, u.arch)
		s.Task.GPUs += u.gpus
		if u.ephemeral.Stated() && u.ephemeral.Value > s.Task.EphemeralStorage.Value {
			s.Task.EphemeralStorage = u.ephemeral
		}
		if absent(s.Deployment.MaximumPercent) {
			s.Deployment.MaximumPercent = u.maximum
		}
		s.Task.Containers = append(s.Task.Containers, r.container(u, t.name)...)
		for _, text := range u.notes {
			if !slices.Contains(s.Task.Notes, text) {
				s.Task.Notes = append(s.Task.Notes, text)
			}
		}
		for _, name := range u.volumes {
			if r.persistent(name) && mounted.add(name) {
				s.Task.Volumes = append(s.Task.Volumes, design.TaskVolume{Name: name, Kind: "efs"})
			}
		}
	}
	s.Count = taskCount(t.units, r.opts)
	s.Capacity = r.strategy(t.units)
	if slices.ContainsFunc(s.Capacity.Providers, func(p design.Provider) bool { return p.Kind.OnFargate() }) {
		s.Task.CPU, s.Task.Memory = taskSize(t.units, s.Task.OS.Value)
		if r.tool == dockerECS {
			s.AssignPublicIP = design.Assume(true, "Docker's ECS integration gives each task on Fargate a public address")
		}
	} else {
		for _, u := range t.units {
			// There is no task-level size on instances; the sum over the
			// containers would be too small where one is not known.
			if unknown(u.cpu) {
				s.Task.CPU = u.cpu
			}
			if unknown(u.memory()) {
				s.Task.Memory = u.memory()
			}
			if u.machine != "" && !slices.Contains(s.Task.InstanceTypes, u.machine) {
				s.Task.InstanceTypes = append(s.Task.InstanceTypes, u.machine)
			}
		}
	}
	completePlatform(&s)
	r.w.Services = append(r.w.Services, s)
}

// container is a unit as ECS has it, with the X-Ray daemon where compose-x adds
// one.
func (r *composeReader) container(u *composeUnit, task string) []design.Container {
	c := design.Container{
		Name: u.name, Image: u.image, Essential: true,
		CPU: u.cpu.Value, Memory: u.hard.Value, MemoryReservation: u.soft.Value,
		LogDriver: u.logs.driver, LogGroup: r.logGroupOf(u, task),
	}
	for _, name := range u.secrets {
		if c.SecretRefs == nil {
			c.SecretRefs = make(map[string]int)
		}
		store, _ := r.secretStore(name)
		c.SecretRefs[store]++
	}
	if !u.xray {
		return []design.Container{c}
	}
	// Source: ecs_composex/ecs/managed_sidecars/aws_xray.py.
	return []design.Container{c, {Name: "xray-daemon", Image: "public.ecr.aws/xray/aws-xray-daemon", CPU: xrayCPU, Memory: xrayGB}}
}

// tags are compose-x's x-tags, which it puts on every resource: a mapping, or a
// list of name and value.
// Source: docs.compose-x.io/syntax/compose_x/tags.html.
func (r *composeReader) tags() map[string]string {
	at := r.model.root.get("x-tags")
	if r.tool != composeX || !at.here() {
		return nil
	}
	tags := make(map[string]string)
	for _, e := range at.node.entries {
		if e.value.scalar() && !strings.Contains(e.value.text, "$") {
			tags[e.key] = e.value.text
		}
	}
	for _, item := range at.node.items {
		name, value := item.get("name"), item.get("value")
		if name != nil && value != nil && name.scalar() && value.scalar() {
			tags[name.text] = value.text
		}
	}
	if len(tags) == 0 {
		return nil
	}
	return tags
}
