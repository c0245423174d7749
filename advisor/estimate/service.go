package estimate

import (
	"fmt"
	"strings"

	"ecsavvy/advisor/design"
)

// services meters every service and returns the groups of instances that some
// of them run on.
func (m *meter) services() []*group {
	groups, byName := m.groups()
	for i := range m.w.Services {
		s := &m.w.Services[i]
		r := m.open(KindService, s.Name)
		r.data().Cluster, r.data().Tags = s.Cluster, s.Tags
		m.noteService(s)
		if len(s.Capacity.Providers) == 0 {
			why := s.Capacity.Assumed
			if why == "" {
				why = "neither a launch type nor a capacity provider is known"
			}
			r.unpriced(Compute, "Tasks", why)
		}
		for _, t := range m.taskHours(s) {
			switch t.provider.Kind {
			case design.Fargate, design.FargateSpot:
				size := m.size(s, true)
				m.fargate(r, s, t, size)
				m.overlap(r, s, t, size)
			case design.EC2, design.ManagedInstances:
				size := m.size(s, false)
				on := byName.all(s, t.provider)
				if len(on) == 0 {
					on = append(on, byName.add(s.Cluster, t.provider))
					groups = append(groups, on[0])
				}
				for _, g := range on {
					g.tenants = append(g.tenants, tenant{service: s, resource: r, hours: t, size: size.effective})
				}
			case design.External:
				m.external(r, s)
			case design.AppRunner:
				m.appRunner(r, s, t)
			}
			m.perTask(r, s, t)
		}
		r.data().Summary = m.summary(s)
		m.trafficLines(r, "services."+s.Name+".traffic", s.Traffic)
		m.owned(r, s.Name, m.starts(s))
	}
	return groups
}

// noteService lists what the reader of this service assumed.
func (m *meter) noteService(s *design.Service) {
	path := "services." + s.Name
	if s.Capacity.Assumed != "" && len(s.Capacity.Providers) > 0 {
		m.assume(path+".capacity", s.Capacity.Assumed)
	}
	take(m, path+".count", m.of(s.Count))
	take(m, path+".task.os", s.Task.OS)
	take(m, path+".task.arch", s.Task.Architecture)
	for _, note := range s.Task.Notes {
		m.warn(path+".task", note)
	}
	take(m, path+".task.cpu", s.Task.CPU)
	take(m, path+".task.memory", s.Task.Memory)
	if r := s.Count.Runs; r != nil {
		take(m, path+".runs.per_day", r.PerDay)
		take(m, path+".runs.tasks", r.Tasks)
		take(m, path+".runs.duration", r.Seconds)
	}
}

// summary describes a service in a few words.
func (m *meter) summary(s *design.Service) string {
	cpu, memory := s.Task.Sizes()
	var b strings.Builder
	switch {
	case s.Count.Runs != nil:
		fmt.Fprintf(&b, "%s a day × %s s", counted(s.Count.Runs.PerDay.Value, "run"), num(s.Count.Runs.Seconds.Value))
	case s.Scheduling == design.Daemon:
		b.WriteString("1 task an instance")
	case m.of(s.Count).Stated():
		b.WriteString(counted(m.of(s.Count).Value, "task"))
	default:
		b.WriteString("? tasks")
	}
	if cpu.Stated() && memory.Stated() {
		fmt.Fprintf(&b, " × %s vCPU, %s GB", num(cpu.Value), num(memory.Value))
	}
	switch {
	case s.Task.OS.Value == design.Windows:
		b.WriteString(", Windows")
	case s.Task.Architecture.Value == design.ARM64:
		b.WriteString(", ARM64")
	}
	kinds := make([]string, len(s.Capacity.Providers))
	for i, p := range s.Capacity.Providers {
		kinds[i] = string(p.Kind)
	}
	if len(kinds) > 0 {
		b.WriteString(", " + strings.Join(kinds, " + "))
	}
	return b.String()
}

// counted writes a number with its noun.
func counted(n float64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return num(n) + " " + noun + "s"
}

// perTask meters what each running task takes beside its size: a public
// address and its own EBS volumes.
func (m *meter) perTask(r resource, s *design.Service, t taskHours) {
	path := "services." + s.Name
	m.publicIPv4(r, path+".public_ip", "one for each task", s.AssignPublicIP, t.hours, t.why)
	for i := range s.Task.Volumes {
		if v := &s.Task.Volumes[i]; v.Kind == "ebs" {
			m.volumeLines(r, path+".task.volumes."+v.Name, &v.Volume, t.hours, t.why)
		}
	}
}

// publicIPv4 meters public addresses where they are assigned. Whether they are
// may be unknown with a reason; the line is then unpriced.
func (m *meter) publicIPv4(r resource, path, detail string, assigned design.Fact[bool], hours quantity, why string) {
	if assigned.Basis == design.Unknown && assigned.Note != "" {
		hours = design.NotKnown[float64](assigned.Note)
	} else if !take(m, path, assigned).Value {
		return
	}
	r.use(Egress, "Public IPv4 address", detail, m.sku(vpc, "PublicIPv4:InUseAddress"), hours, why)
}

// overlap meters the tasks that run twice while a deployment replaces them:
//
//	task-hours = deployments × hours of overlap × tasks × overlap
//
// where overlap is maximumPercent − 100 % in a rolling update, the most that
// ECS may start beside the old tasks, and 100 % in a blue/green one, whose
// bake time bills both fleets.
// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
// and deployment-type-blue-green.html.
func (m *meter) overlap(r resource, s *design.Service, t taskHours, size taskSize) {
	d := &s.Deployment
	path := "services." + s.Name + ".deployment"
	if !d.PerMonth.Stated() && d.Minutes.Stated() {
		m.assume(path+".per_month", "deployments a month are not stated: their overlap is not priced")
	}
	if !d.PerMonth.Stated() || s.Count.Runs != nil {
		return
	}
	minutes := take(m, path+".minutes", d.Minutes.Or(defaultOverlapMinutes, "old and new tasks run together for 10 minutes: start, health checks, deregistration delay"))
	t.hours = platformKnown(s, t.hours)
	share := design.Know(1.0)
	if d.Kind != design.BlueGreen {
		percent := take(m, path+".maximum_percent", d.MaximumPercent.Or(200, "maximumPercent 200, ECS's default"))
		share = design.Scale(design.Plus(percent, design.Know(-100.0)), 0.01)
	}
	if share.Value <= 0 {
		return
	}
	tasks := design.Scale(t.hours, 1/m.hours)
	again := t
	again.hours = design.Times(tasks, take(m, path+".per_month", d.PerMonth), design.Scale(minutes, 1.0/60), share)
	again.why = num(d.PerMonth.Value) + " deployments × " + num(minutes.Value) + " min × " + num(tasks.Value*share.Value) + " tasks"
	again.shape = nil
	sku := m.fargateSKUs(t.provider.Kind, s.Task.OS.Value, s.Task.Architecture.Value, m.orchestrator(s))
	m.fargateSize(r, sku, again.hours, again, size.effective, "deployment overlap")
}

// defaultOverlapMinutes is how long both generations run where nobody says:
// about a minute of image pull, health checks, and a target group's
// deregistration delay of 300 s.
const defaultOverlapMinutes = 10

// external meters ECS Anywhere: a fee for each registered instance-hour. How
// many machines there are is not in a task definition.
// Source: aws.amazon.com/ecs/anywhere/pricing.
func (m *meter) external(r resource, s *design.Service) {
	path := "services." + s.Name + ".capacity"
	m.assume(path, "one registered external instance; the machine itself is yours")
	r.use(Compute, "ECS Anywhere instance hours", "", m.sku(ecs, "ECS-Anywhere-Instance-hours"),
		design.Assume(m.hours, ""), "1 instance × "+num(m.hours)+" h")
}

// appRunner meters what the same container would cost on App Runner: its
// memory for as long as it is provisioned, its vCPU while it is active.
// Source: aws.amazon.com/apprunner/pricing.
func (m *meter) appRunner(r resource, s *design.Service, t taskHours) {
	cpu, memory := s.Task.Sizes()
	m.assume("services."+s.Name+".capacity", "App Runner instances are active in every hour: the most that they can cost")
	r.use(Compute, "App Runner provisioned GB", "", m.sku("AWSAppRunner", "AppRunner-Provisioned-GB-hours"), design.Times(t.hours, memory), t.why+" × "+num(memory.Value)+" GB")
	r.use(Compute, "App Runner active vCPU", "", m.sku("AWSAppRunner", "AppRunner-vCPU-hours"), design.Times(t.hours, cpu), t.why+" × "+num(cpu.Value)+" vCPU")
}
