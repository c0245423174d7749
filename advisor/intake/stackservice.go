package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// ecs joins the services and task sets.
func (j *joining) ecs() {
	sets := make(map[int][]*ecsTaskSet)
	for i := range j.s.taskSets {
		n := j.services.find(j.s.taskSets[i].service)
		sets[n] = append(sets[n], &j.s.taskSets[i])
	}
	for i := range j.s.services {
		if len(sets[i]) == 0 {
			j.service(i)
			continue
		}
		for _, set := range sets[i] {
			j.taskSet(i, set)
		}
	}
	for _, set := range sets[-1] {
		j.taskSet(-1, set)
	}
}

// service joins one service.
func (j *joining) service(i int) {
	svc := &j.s.services[i]
	out := design.Service{Name: svc.title(), Cluster: j.clusterName(svc.cluster), AssignPublicIP: svc.publicIP}
	from := joinedService{key: svc.key, registries: svc.registries, subnets: svc.subnets}
	def := j.task(svc.taskDef, &out, &from)
	out.Tags = mergeTags(tagsOf(def), svc.tags)
	out.Count = j.count(i)
	out.Capacity = j.capacity(&runsOn{
		cluster: svc.cluster, launchType: svc.launchType, strategy: svc.strategy, strategyNote: svc.strategyNote, def: def,
	})
	if def != nil {
		completePlatform(&out)
	}
	svc.placed(&out)
	out.Task.Volumes = configuredVolumes(out.Task.Volumes, svc.volumes)
	out.Ingress = j.ingress(svc.targetGroups, svc.classic)
	// Service Connect's proxy adds no sidecar here: it runs within the size
	// that the task definition states, and that size is what is billed. In a
	// design file service_connect asks what a task with room for it costs.
	out.Deployment.MaximumPercent = svc.maximumPercent
	switch {
	case svc.controller == "CODE_DEPLOY", svc.deployment == "BLUE_GREEN", svc.deployment == "LINEAR", svc.deployment == "CANARY":
		out.Deployment.Kind = design.BlueGreen // both fleets run while traffic moves
	case svc.deployment == "ROLLING":
		out.Deployment.Kind = design.Rolling
	}
	j.add(out, from)
}

// taskSet joins a task set as a service of its own: its share of the service's
// count, its own task definition. i is -1 where the service is elsewhere.
func (j *joining) taskSet(i int, set *ecsTaskSet) {
	name, cluster := set.title(), set.cluster
	count := design.CountProfile{Fixed: design.NotKnown[float64](j.s.missing("service", set.service))}
	if i >= 0 {
		svc := &j.s.services[i]
		name = svc.title() + "/" + cmpOr(set.name, lastPart(set.key))
		count = j.count(i)
		if cluster.absent() {
			cluster = svc.cluster
		}
	}
	out := design.Service{Name: name, Cluster: j.clusterName(cluster), AssignPublicIP: set.publicIP}
	from := joinedService{key: set.key, registries: set.registries}
	def := j.task(set.taskDef, &out, &from)
	out.Tags = mergeTags(tagsOf(def), set.tags)
	out.Count = scaleCount(count, set.scale)
	out.Capacity = j.capacity(&runsOn{cluster: cluster, launchType: set.launchType, strategy: set.strategy, def: def})
	if def != nil {
		completePlatform(&out)
	}
	out.Ingress = j.ingress(set.targetGroups, set.classic)
	j.add(out, from)
}

// scaleCount is a task set's percent of its service's count; 100 % where the
// code states none.
func scaleCount(p design.CountProfile, percent fact[float64]) design.CountProfile {
	if absent(percent) || percent.Basis == design.Known && percent.Value == 100 {
		return p
	}
	share := design.Scale(percent, 0.01)
	switch {
	case p.Scaled != nil:
		return design.CountProfile{Scaled: &design.ScaledCount{
			Min: design.Times(p.Scaled.Min, share), Average: p.Scaled.Average, Max: design.Times(p.Scaled.Max, share),
		}}
	case p.Week != nil && share.Stated():
		week := *p.Week
		for h := range week.Hours {
			week.Hours[h] *= share.Value
		}
		return design.CountProfile{Week: &week}
	case p.Week != nil:
		return design.CountProfile{Fixed: design.Fact[float64]{Note: share.Note}}
	default:
		return design.CountProfile{Fixed: design.Times(p.Fixed, share)}
	}
}

// task finds a service's task definition and fills in the service's task. Where
// there is none the task's parts are unknown, with the reason, and it returns nil.
func (j *joining) task(r ref, out *design.Service, from *joinedService) *taskDefinition {
	found, why := j.taskDefinition(r)
	if found != nil {
		from.mentions = found.mentions
	}
	if found == nil || found.def == nil {
		family := arnName(r.text)
		if found != nil {
			family, why = found.family, found.why
		}
		family, _, _ = strings.Cut(family, ":")
		out.Task = design.Task{
			Family: family, CPU: design.NotKnown[float64](why), Memory: design.NotKnown[float64](why),
			OS: design.NotKnown[design.OS](why), Architecture: design.NotKnown[design.Architecture](why),
		}
		from.def = &taskDefinition{}
		return nil
	}
	out.Task = found.def.task
	from.def = found.def
	if why != "" {
		out.Task.Notes = append(slices.Clone(out.Task.Notes), why)
	}
	for kind, n := range found.def.notPriced {
		for range n {
			j.s.unpriced(kind)
		}
	}
	return found.def
}

// taskDefinition finds the task definition of a reference. Code often names it
// twice, as a resource and as a data source of the same family: the one that
// has sizes counts.
func (j *joining) taskDefinition(r ref) (def *ecsTaskDef, why string) {
	var sized, bare *ecsTaskDef
	for _, i := range j.taskDefs.candidates(r) {
		d := &j.s.taskDefs[i]
		switch {
		case d.def == nil:
			bare = d
		case sized != nil && sized.family != d.family:
			return nil, j.s.missing("task definition", r)
		case sized == nil:
			sized = d
		}
	}
	switch {
	case sized != nil:
		return sized, ""
	case bare != nil:
		return j.sameFamily(bare), ""
	}
	if d := j.taskDefs.get(r); d != nil {
		return j.sameFamily(d), ""
	}
	name := arnName(r.text)
	if d := j.taskDefs.get(refText(name)); d != nil && d.def != nil {
		return d, ""
	}
	family, revision, ok := strings.Cut(name, ":")
	if d := j.taskDefs.get(refText(family)); ok && d != nil && d.def != nil {
		return d, fmt.Sprintf("the service runs revision %s of %s; its sizes are taken from the revision in %s", clip(revision), clip(family), j.s.code)
	}
	return nil, j.s.missing("task definition", r)
}

// sameFamily replaces a data source without sizes by the resource of its family.
func (j *joining) sameFamily(d *ecsTaskDef) *ecsTaskDef {
	if d.def != nil || d.family == "" {
		return d
	}
	if other := j.families[d.family]; other != nil {
		return other
	}
	return d
}

func tagsOf(def *taskDefinition) map[string]string {
	if def == nil {
		return nil
	}
	return def.tags
}

// configuredVolumes fills in the EBS volumes whose size the service states.
func configuredVolumes(volumes []design.TaskVolume, configured map[string]design.Volume) []design.TaskVolume {
	if len(configured) == 0 {
		return volumes
	}
	volumes = slices.Clone(volumes)
	for _, name := range slices.Sorted(maps.Keys(configured)) {
		i := slices.IndexFunc(volumes, func(v design.TaskVolume) bool { return v.Name == name })
		if i < 0 {
			i = len(volumes)
			volumes = append(volumes, design.TaskVolume{Name: name})
		}
		volumes[i].Kind, volumes[i].Volume = "ebs", configured[name]
	}
	return volumes
}

// lastPart is the last part of a key: the resource's own label.
func lastPart(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }
