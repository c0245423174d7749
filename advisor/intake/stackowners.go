package intake

import (
	"fmt"

	"ecsavvy/advisor/design"
)

// users notes which services use each of a kind of resources.
type users map[int][]int

func (u users) add(resource, service int) {
	// Services come in their order, so that one that is here is the last.
	if list := u[resource]; resource >= 0 && (len(list) == 0 || list[len(list)-1] != service) {
		u[resource] = append(u[resource], service)
	}
}

// owner is the service that a resource belongs to: its only user. What several
// use is shared, so that it is billed once.
func (j *joining) owner(u users, resource int) string {
	if list := u[resource]; len(list) == 1 {
		return j.w.Services[list[0]].Name
	}
	return ""
}

// logs takes over the log groups. Those that task definitions name are the
// services' own, a part each where several write into one; the others are shared.
func (j *joining) logs() {
	groups := indexResources(j.s.logGroups, func(g *logGroup) *cloudResource { return &g.cloudResource })
	names := uniqueTitles(groups, func(g *logGroup) *cloudResource { return &g.cloudResource })
	written := make(map[int][]int) // where in the workload each group is
	note := "log volume is not in " + j.s.code
	for i := range j.joined {
		from := &j.joined[i]
		service := j.w.Services[i].Name
		for _, name := range from.def.groups {
			n := groups.find(refText(name))
			if n < 0 && name == "" {
				n = onlyOf(groups, from.mentions)
			}
			if n < 0 {
				unknown := taskDefinition{groups: []string{name}}
				j.w.LogGroups = append(j.w.LogGroups, unknown.logGroups(service)...)
				continue
			}
			written[n] = append(written[n], len(j.w.LogGroups))
			j.w.LogGroups = append(j.w.LogGroups, j.s.logGroups[n].group(names[n], service, note))
		}
		if len(from.def.groups) > 0 {
			continue
		}
		for _, n := range groups.distinct(from.mentions) { // the containers are not known, their references are
			written[n] = append(written[n], len(j.w.LogGroups))
			j.w.LogGroups = append(j.w.LogGroups, j.s.logGroups[n].group(names[n], service, note))
		}
	}
	for n := range j.s.logGroups {
		if written[n] == nil {
			j.w.LogGroups = append(j.w.LogGroups, j.s.logGroups[n].group(names[n], "", note))
		}
		if parts := written[n]; len(parts) > 1 && j.s.logGroups[n].stored.Stated() {
			share := j.s.logGroups[n].stored.Value / float64(len(parts))
			for _, i := range parts {
				j.w.LogGroups[i].Stored = design.Assume(share, fmt.Sprintf("an equal share of what %d services have stored in the log group", len(parts)))
			}
		}
	}
}

// onlyOf is the one resource of a kind that is mentioned; -1 if there is none or
// a choice.
func onlyOf[T any](x *resourceIndex[T], mentions []ref) int {
	if list := x.distinct(mentions); len(list) == 1 {
		return list[0]
	}
	return -1
}

// group is a log group as the design has it. Without a retention logs never expire.
func (g *logGroup) group(name, service, note string) design.LogGroup {
	out := design.LogGroup{Name: name, Service: service, Class: g.class, Ingest: design.NotKnown[float64](note), RetentionDays: g.retention, Stored: g.stored}
	if absent(g.retention) {
		out.RetentionDays = design.Know(0.0)
	}
	if out.Class == design.LogStandard {
		out.Class = "" // the default, however it is written
	}
	return out
}

// files takes over the EFS file systems.
func (j *joining) files() {
	systems := indexResources(j.s.fileSystems, func(f *efsSystem) *cloudResource { return &f.cloudResource })
	names := uniqueTitles(systems, func(f *efsSystem) *cloudResource { return &f.cloudResource })
	mounted := make(users)
	outside := make(map[string][]int)
	for i := range j.joined {
		for _, id := range j.joined[i].def.fileSystems {
			n := systems.find(refText(id))
			if n < 0 {
				outside[id] = append(outside[id], i)
				continue
			}
			mounted.add(n, i)
		}
	}
	stored := design.NotKnown[float64]("the size of an EFS file system is not in " + j.s.code)
	for n := range j.s.fileSystems {
		f := &j.s.fileSystems[n]
		out := design.FileSystem{Name: names[n], Service: j.owner(mounted, n), OneZone: f.oneZone, Stored: orElse(f.stored, stored), InfrequentGB: f.infrequent, ArchiveGB: f.archive}
		switch f.mode {
		case "provisioned":
			out.ProvisionedMiBps = f.provisioned
		case "elastic":
			out.ReadGB = design.NotKnown[float64]("elastic throughput is billed by GB read, which is not in " + j.s.code)
			out.WriteGB = design.NotKnown[float64]("elastic throughput is billed by GB written, which is not in " + j.s.code)
		}
		j.w.FileSystems = append(j.w.FileSystems, out)
	}
	for id, list := range outside {
		fs := design.FileSystem{Name: id, Stored: stored}
		if len(list) == 1 {
			fs.Service = j.w.Services[list[0]].Name
		}
		j.w.FileSystems = append(j.w.FileSystems, fs)
	}
}

// cloudMap takes over the namespaces. Instances that ECS registers are free, so
// only the hosted zone of a DNS namespace and queries cost anything.
func (j *joining) cloudMap() {
	spaces := indexResources(j.s.namespaces, func(n *namespace) *cloudResource { return &n.cloudResource })
	names := uniqueTitles(spaces, func(n *namespace) *cloudResource { return &n.cloudResource })
	registries := indexResources(j.s.discovery, func(d *discoveryService) *cloudResource { return &d.cloudResource })
	used := make(users)
	for i := range j.joined {
		for _, d := range registries.distinct(j.joined[i].registries) {
			used.add(spaces.find(j.s.discovery[d].namespace), i)
		}
	}
	for n := range j.s.namespaces {
		j.w.Namespaces = append(j.w.Namespaces, design.Namespace{
			Name: names[n], Service: j.owner(used, n), HostedZone: j.s.namespaces[n].dns,
			Queries: design.NotKnown[float64]("DiscoverInstances calls are not in " + j.s.code),
		})
	}
}

// alarmCounts counts the alarms of each service, and the shared ones. AWS bills
// every metric that an alarm watches; a target tracking policy makes two alarms.
// Source: aws.amazon.com/cloudwatch/pricing, "Alarms"; the alarms of a policy:
// docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html.
func (j *joining) alarmCounts() {
	byService := make(map[string]*design.Alarms)
	var order []string
	of := func(service string) *design.Alarms {
		a := byService[service]
		if a == nil {
			a = &design.Alarms{Name: cmpOr(service, "alarms"), Service: service}
			byService[service] = a
			order = append(order, service)
		}
		return a
	}
	for i := range j.s.alarms {
		m := &j.s.alarms[i]
		service := ""
		if n := j.services.find(m.service); n >= 0 {
			service = j.serviceNamed(j.s.services[n].key)
		}
		a := of(service)
		metrics := design.Know(float64(max(m.metrics, 1)))
		switch {
		case m.composite:
			a.Composite = addFacts(a.Composite, design.Know(1.0))
		case m.period.Stated() && m.period.Value < 60:
			a.HighResolution = addFacts(a.HighResolution, metrics)
		case !absent(m.period) && !m.period.Stated():
			a.Standard = addFacts(a.Standard, design.Assume(metrics.Value, "the period of an alarm is not known; standard resolution is taken"))
		default:
			a.Standard = addFacts(a.Standard, metrics)
		}
	}
	for i := range j.s.services {
		if sc := j.scaling[i]; sc != nil && sc.trackings > 0 && !j.s.alarmsListed {
			a := of(j.serviceNamed(j.s.services[i].key))
			a.Standard = addFacts(a.Standard, design.Assume(2*float64(sc.trackings), "a target tracking policy makes two alarms"))
		}
	}
	for _, service := range order {
		j.w.Alarms = append(j.w.Alarms, *byService[service])
	}
}
