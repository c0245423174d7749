package intake

import (
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// assembly puts the parts of a design file together: what stands under a
// service moves to the workload, names are resolved, silence is completed.
type assembly struct {
	*reading
	w         design.Workload
	balancers balancers
	names     []string // of clusters
	// fileSystems are the names of shared ones.
	fileSystems []string
}

func (r *reading) assemble(d *document) design.Workload {
	a := &assembly{reading: r, balancers: balancers{r: r}}
	a.w.Name = d.name
	if a.w.Name == "" {
		a.w.Name = nameFrom(r.file)
	}
	a.w.Network = d.network.network()
	a.clusters(d)
	a.balancers.declare(d.balancers)
	a.shared(d)
	hint := d.region
	for i := range d.services {
		region := a.service(&d.services[i])
		if !d.region.Stated() && region.Stated() {
			hint = region
		}
	}
	a.w.Region = r.opts.region(hint)
	a.w.LoadBalancers = a.balancers.list
	a.w.Commitments = d.commitments
	completeCommitments(&a.w.Commitments, a.w.Region)
	a.w.Variants = variantsOf(d.variants)
	return a.w
}

func (a *assembly) clusters(d *document) {
	if d.cluster != nil && d.clusters != nil {
		a.report(0, 0, "clusters", "want cluster or clusters, not both")
		return
	}
	drafts := d.clusters
	if d.cluster != nil {
		drafts = []named[clusterDraft]{{name: d.cluster.Name, value: *d.cluster}}
	}
	for i := range drafts {
		c := drafts[i].value.Cluster
		c.Name = drafts[i].name
		for _, g := range drafts[i].value.groups {
			c.Groups = append(c.Groups, a.group(&g))
		}
		a.w.Clusters = append(a.w.Clusters, c)
		a.names = append(a.names, c.Name)
	}
}

func (a *assembly) group(d *named[groupDraft]) design.InstanceGroup {
	g := d.value.InstanceGroup
	g.Name = d.name
	if d.value.one != "" {
		if g.InstanceTypes != nil {
			a.errorAt(d.at, "want type or types, not both")
		}
		g.InstanceTypes = []string{d.value.one}
	}
	if slices.Contains(providerKinds(), strings.ToUpper(g.Name)) {
		a.errorAt(d.at, "%q is a launch type; give the group another name", g.Name)
	}
	if d.value.count != nil {
		g.Count = *d.value.count
	} else {
		g.Count.Fixed = design.NotKnown[float64]("as many as hold the tasks")
	}
	g.Elastic = d.value.count == nil || g.Managed // ECS runs Managed Instances for tasks only
	g.Placement.HeadroomPercent, g.Placement.HeadroomLargest = d.value.headroom.percent, d.value.headroom.largest
	if d.value.spare != nil {
		g.Placement.SpareInstances = int(*d.value.spare)
	}
	g.OS = g.OS.Or(design.Linux, "no operating system is stated")
	return g
}

// shared takes over what stands at the top of the file.
func (a *assembly) shared(d *document) {
	for _, l := range d.logs {
		l.value.Name = cmpOr(l.value.Name, l.name)
		a.w.LogGroups = append(a.w.LogGroups, l.value)
	}
	for _, s := range d.alarms {
		s.value.Name = s.name
		a.w.Alarms = append(a.w.Alarms, s.value)
	}
	for _, s := range d.repositories {
		s.value.Name = cmpOr(s.value.Name, s.name)
		a.w.Repositories = append(a.w.Repositories, s.value)
	}
	for _, s := range d.secrets {
		s.value.Name = s.name
		a.w.Secrets = append(a.w.Secrets, s.value)
	}
	for _, s := range d.fileSystems {
		s.value.Name = cmpOr(s.value.Name, s.name)
		a.w.FileSystems = append(a.w.FileSystems, s.value)
		a.fileSystems = append(a.fileSystems, s.value.Name)
	}
	for _, s := range d.namespaces {
		s.value.Name = s.name
		a.w.Namespaces = append(a.w.Namespaces, s.value)
	}
}

func cmpOr(name, otherwise string) string {
	if name != "" {
		return name
	}
	return otherwise
}

// service takes over one service and returns the region that its task
// definition hints at.
func (a *assembly) service(d *named[serviceDraft]) design.Fact[string] {
	v := &d.value
	s := design.Service{
		Name: d.name, Cluster: v.cluster, Tags: v.tags,
		AssignPublicIP: v.publicIP, Deployment: v.deployment, Traffic: v.traffic, Rework: v.rework,
		Scheduling: v.scheduling, DistinctInstance: v.distinct,
	}
	def := &taskDefinition{}
	if v.task.file != "" {
		if def = a.fetch(v.task.file, v.task.at); def == nil {
			return design.Fact[string]{}
		}
	}
	s.Task = v.task.over(def.task, d.name)
	s.Tags = mergeTags(def.tags, v.tags)
	for kind, n := range def.notPriced {
		if a.w.NotPriced == nil {
			a.w.NotPriced = make(map[string]int)
		}
		a.w.NotPriced[kind] += n
	}
	s.Count = a.count(d)
	cluster := a.cluster(d, &s)
	s.Capacity = a.capacity(d, cluster, v.task.file != "", s.Task.Compatibilities)
	completePlatform(&s)
	a.ways(d, &s)
	for _, side := range v.sidecars {
		side.value.Name = side.name
		s.Sidecars = append(s.Sidecars, side.value)
	}
	if v.connect != nil && !v.connect.off {
		s.Sidecars = append(s.Sidecars, v.connect.sidecar())
	}
	slices.SortFunc(s.Sidecars, func(x, y design.Sidecar) int { return strings.Compare(x.Name, y.Name) })
	a.resources(d, def, &s)
	a.w.Services = append(a.w.Services, s)
	return def.region
}

// mergeTags lays the design file's tags over the task definition's.
func mergeTags(under, over map[string]string) map[string]string {
	if len(under) == 0 {
		return over
	}
	tags := make(map[string]string, len(under)+len(over))
	for k, v := range under {
		tags[k] = v
	}
	for k, v := range over {
		tags[k] = v
	}
	return tags
}

// count of a service: as written, as the caller says, or one.
func (a *assembly) count(d *named[serviceDraft]) design.CountProfile {
	v := &d.value
	switch {
	case v.scheduling == design.Daemon && (v.count != nil || v.runs != nil):
		a.errorAt(d.at, "a daemon runs one task on each instance; want no count and no runs")
		return design.CountProfile{}
	case v.scheduling == design.Daemon:
		return design.DaemonCount()
	case v.count != nil && v.runs != nil:
		a.errorAt(d.at, "want count or runs, not both")
		return design.CountProfile{}
	case v.runs != nil:
		runs := *v.runs
		if !runs.Tasks.Stated() {
			runs.Tasks = design.Know(1.0) // RunTask: "count … 1 by default"
		}
		return design.CountProfile{Runs: &runs}
	case v.count != nil:
		return *v.count
	case a.opts.Count > 0:
		return design.Count(a.opts.Count)
	default:
		return design.CountProfile{Fixed: design.Assume(1.0, "no count is stated")}
	}
}

// cluster resolves a service's cluster; nil where the file describes none.
func (a *assembly) cluster(d *named[serviceDraft], s *design.Service) *design.Cluster {
	switch {
	case len(a.w.Clusters) == 0:
		return nil
	case s.Cluster == "" && len(a.w.Clusters) == 1:
		s.Cluster = a.names[0]
		return &a.w.Clusters[0]
	case s.Cluster == "":
		a.errorAt(d.at, "the key cluster is missing: one of %s", strings.Join(a.names, ", "))
		return nil
	}
	i := slices.Index(a.names, s.Cluster)
	if i < 0 {
		a.errorAt(d.at, "no cluster is named %q%s", clip(s.Cluster), suggest(s.Cluster, a.names))
		return nil
	}
	return &a.w.Clusters[i]
}

// capacity resolves where tasks run.
func (a *assembly) capacity(d *named[serviceDraft], cluster *design.Cluster, referenced bool, compatibilities []string) design.CapacityStrategy {
	draft := d.value.capacity
	if draft == nil {
		switch {
		case a.opts.LaunchType != "":
			return design.Only(a.opts.LaunchType)
		case referenced:
			return capacityOf(compatibilities, "")
		}
		c := design.Only(design.Fargate)
		c.Assumed = "FARGATE: the design states no capacity"
		return c
	}
	var c design.CapacityStrategy
	bases, weights := 0, 0.0
	for _, p := range draft.providers {
		provider := a.provider(p, cluster, draft.at)
		if p.value.base != nil && *p.value.base > 0 {
			provider.Base = int(*p.value.base)
			bases++
		}
		switch {
		case p.value.weight != nil:
			provider.Weight = int(*p.value.weight)
		case len(draft.providers) == 1:
			provider.Weight = 1
		}
		weights += float64(provider.Weight)
		c.Providers = append(c.Providers, provider)
	}
	switch {
	case len(c.Providers) == 0:
		a.errorAt(draft.at, "want at least one capacity provider")
	case bases > 1:
		a.errorAt(draft.at, "only one capacity provider may have a base")
	case weights == 0:
		a.errorAt(draft.at, "the weights add up to 0, so no task above the base would run; give one a weight")
	}
	return c
}

// provider resolves one name of a strategy: a launch type, or an instance group.
func (a *assembly) provider(p named[providerDraft], cluster *design.Cluster, at place) design.Provider {
	at = p.placeOr(at)
	var groups []design.InstanceGroup
	if cluster != nil {
		groups = cluster.Groups
	}
	names := make([]string, len(groups))
	for i := range groups {
		names[i] = groups[i].Name
	}
	find := func(name string) *design.InstanceGroup {
		if i := slices.Index(names, name); i >= 0 {
			return &groups[i]
		}
		return nil
	}
	kind := design.ProviderKind(strings.ToUpper(p.name))
	if !slices.Contains(providerKinds(), string(kind)) {
		g := find(p.name)
		if g == nil {
			a.errorAt(at, "%q is neither a launch type nor an instance group%s", clip(p.name), suggest(p.name, append(providerKinds(), names...)))
			return design.Provider{}
		}
		return design.Provider{Kind: groupKind(g), Group: g.Name}
	}
	provider := design.Provider{Kind: kind, Group: p.value.group}
	onGroups := kind == design.EC2 || kind == design.ManagedInstances
	switch g := find(provider.Group); {
	case provider.Group == "" && onGroups:
		provider.Group = onlyGroup(groups, kind)
	case provider.Group == "":
	case !onGroups:
		a.errorAt(at, "%s runs on no instance group", kind)
	case g == nil:
		a.errorAt(at, "no instance group is named %q%s", clip(provider.Group), suggest(provider.Group, names))
	case groupKind(g) != kind:
		a.errorAt(at, "the instance group %q is of kind %s, not %s", clip(g.Name), groupKind(g), kind)
	}
	return provider
}

func groupKind(g *design.InstanceGroup) design.ProviderKind {
	if g.Managed {
		return design.ManagedInstances
	}
	return design.EC2
}

// onlyGroup is the one group of a kind; "" where there is none or a choice.
func onlyGroup(groups []design.InstanceGroup, kind design.ProviderKind) string {
	name, n := "", 0
	for i := range groups {
		if groupKind(&groups[i]) == kind {
			name = groups[i].Name
			n++
		}
	}
	if n != 1 {
		return ""
	}
	return name
}

// placeOr is where a named value stands, or another place where it has none.
func (n *named[T]) placeOr(otherwise place) place {
	if n.at.path == "" {
		return otherwise
	}
	return n.at
}
