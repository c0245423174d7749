package intake

import (
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// outsideClusters stands for a cluster where instances belong to none, as far
// as the code shows.
const outsideClusters = "(no cluster)"

// clustersAndGroups takes over the clusters with their groups of instances:
// those behind capacity providers, and those whose start script names the
// cluster. Instances of no cluster are groups too, so that they have a price.
func (j *joining) clustersAndGroups() {
	taken := j.providerGroups()
	j.autoGroupsOf(taken)
	nat, addressed := j.forwarders(), j.addressed()
	for i := range j.s.instances {
		in := &j.s.instances[i]
		settings := j.withTemplate(in.launch, in.template)
		if nat[i] {
			j.natInstances = append(j.natInstances, natInstances{settings, 1})
			continue
		}
		c := j.clusterNamed(j.clusterOfScript(settings.userData))
		g := j.group(in.title(), &settings)
		g.Count = design.Count(1)
		g.Tags = in.tags
		if !g.PublicIP.Value && addressed[i] {
			g.PublicIP = design.Know(true)
		}
		c.groups = append(c.groups, g)
	}
	for _, name := range j.clusterNames {
		c := j.clusterOf[name]
		if c.cluster == nil && len(c.groups) == 0 {
			continue
		}
		out := design.Cluster{Name: name, Groups: c.groups}
		if c.cluster != nil {
			out.Insights, out.Tags = j.insights(c.cluster), c.cluster.tags
		}
		j.w.Clusters = append(j.w.Clusters, out)
	}
}

// insights is the cluster's Container Insights setting, or the account's default.
func (j *joining) insights(c *ecsCluster) fact[design.Insights] {
	switch {
	case !absent(c.insights):
		return c.insights
	case !absent(j.s.accountDefault.insights):
		return j.s.accountDefault.insights
	default:
		return design.NotKnown[design.Insights](fmt.Sprintf("the account setting containerInsights decides; it is not in %s", j.s.code))
	}
}

// providerGroups makes the groups behind capacity providers and returns which
// Auto Scaling groups are among them.
func (j *joining) providerGroups() (taken map[int]bool) {
	taken = make(map[int]bool)
	used := make(map[int]bool)
	for _, name := range slices.Clone(j.clusterNames) {
		for _, p := range j.clusterOf[name].providers {
			used[p] = true
			j.providerGroup(j.clusterOf[name], p, taken)
		}
	}
	for p := range j.s.providers {
		if !used[p] {
			j.providerGroup(j.onlyClusterOr(outsideClusters), p, taken)
		}
	}
	return taken
}

// onlyClusterOr is the stack's only cluster, or one by name.
func (j *joining) onlyClusterOr(name string) *joinedCluster {
	if len(j.clusterTitles) == 1 {
		return j.clusterNamed(j.clusterTitles[0])
	}
	return j.clusterNamed(name)
}

func (j *joining) providerGroup(c *joinedCluster, p int, taken map[int]bool) {
	provider := &j.s.providers[p]
	name := j.providerNames()[p]
	if provider.managed != nil {
		c.groups = append(c.groups, j.managedGroup(name, provider))
		return
	}
	auto := j.autoGroups.find(provider.group)
	if auto < 0 {
		c.groups = append(c.groups, design.InstanceGroup{
			Name: name, TargetCapacity: provider.targetCapacity, Tags: provider.tags,
			OS:    design.Assume(design.Linux, "no operating system is stated"),
			Count: design.CountProfile{Fixed: design.NotKnown[float64](j.s.missing("Auto Scaling group", provider.group))},
		})
		return
	}
	taken[auto] = true
	g := j.autoGroup(name, &j.s.autoGroups[auto])
	g.TargetCapacity = provider.targetCapacity
	if provider.scaled {
		g.Count = design.CountProfile{Fixed: design.NotKnown[float64]("managed scaling runs as many as hold the tasks")}
		least := j.s.autoGroups[auto].min
		g.Elastic = least.Basis == design.Known && least.Value == 0
	}
	g.Tags = mergeTags(g.Tags, provider.tags)
	c.groups = append(c.groups, g)
}

// managedGroup is the group of a Managed Instances provider.
func (j *joining) managedGroup(name string, provider *capacityProvider) design.InstanceGroup {
	m := provider.managed
	g := design.InstanceGroup{
		Name: name, Managed: true, Tags: provider.tags,
		InstanceTypes: plainTypes(m.requirements.allowed),
		OS:            design.Assume(design.Linux, "no operating system is stated"),
		Count:         design.CountProfile{Fixed: design.NotKnown[float64]("as many as hold the tasks")},
		Elastic:       true,
		Placement:     design.PlacementRules{Families: wholeFamilies(m.requirements.allowed)},
	}
	if m.storageGB.Stated() {
		g.DataVolume = &design.Volume{Type: "gp3", GB: m.storageGB}
	}
	if m.spot.Value {
		g.Spot = design.Know(1.0)
	}
	return g
}

// plainTypes are the instance types of a list without its patterns.
func plainTypes(allowed []string) []string {
	var types []string
	for _, t := range allowed {
		if !strings.Contains(t, "*") {
			types = append(types, t)
		}
	}
	if len(types) < len(allowed) {
		return nil // a pattern allows more than the list says
	}
	slices.Sort(types)
	return types
}

// wholeFamilies are the families of a list that names nothing but whole ones,
// such as m7g.*.
func wholeFamilies(allowed []string) []string {
	var families []string
	for _, t := range allowed {
		family, whole := strings.CutSuffix(t, ".*")
		if !whole || family == "" || strings.ContainsAny(family, "*.") {
			return nil
		}
		families = append(families, family)
	}
	slices.Sort(families)
	return families
}

// autoGroupsOf places the Auto Scaling groups without a capacity provider: in
// the cluster that the start script names, else in none.
func (j *joining) autoGroupsOf(taken map[int]bool) {
	var homeless []int
	for i := range j.s.autoGroups {
		if taken[i] {
			continue
		}
		a := &j.s.autoGroups[i]
		settings := j.withTemplate(launchSettings{}, a.template)
		name := j.clusterOfScript(settings.userData)
		switch {
		case strings.Contains(strings.ToLower(a.title()), "fck-nat"):
			j.natInstances = append(j.natInstances, natInstances{settings, cmpFloat(a.desired, a.min)})
		case name == outsideClusters:
			homeless = append(homeless, i)
		default:
			c := j.clusterNamed(name)
			c.groups = append(c.groups, j.autoGroup(a.title(), a))
		}
	}
	home := j.homeOf(homeless)
	for _, i := range homeless {
		a := &j.s.autoGroups[i]
		home.groups = append(home.groups, j.autoGroup(a.title(), a))
	}
}

// cmpFloat is a stated count, or the second where the first is not; 1 of none.
func cmpFloat(first, second fact[float64]) float64 {
	switch {
	case first.Stated():
		return first.Value
	case second.Stated():
		return second.Value
	default:
		return 1
	}
}

// homeOf is where Auto Scaling groups without a cluster belong: to the only
// cluster where it has services on EC2 and no instances, and the group is the
// only one; else nowhere.
func (j *joining) homeOf(homeless []int) *joinedCluster {
	if len(homeless) != 1 || len(j.clusterTitles) != 1 {
		return j.clusterNamed(outsideClusters)
	}
	c := j.clusterNamed(j.clusterTitles[0])
	if len(c.groups) > 0 {
		return j.clusterNamed(outsideClusters)
	}
	found := false
	for i := range j.w.Services {
		s := &j.w.Services[i]
		if s.Cluster != c.name {
			continue
		}
		for _, p := range s.Capacity.Providers {
			if p.Kind == design.EC2 && p.Group == "" {
				found = true
				s.Capacity.Assumed = cmpOr(s.Capacity.Assumed, fmt.Sprintf("EC2 on %s: it is the only Auto Scaling group in %s", j.s.autoGroups[homeless[0]].title(), j.s.code))
			}
		}
	}
	if !found {
		return j.clusterNamed(outsideClusters)
	}
	return c
}

// clusterOfScript is the cluster that a start script joins: ECS_CLUSTER in the
// agent's configuration, or cluster in Bottlerocket's.
func (j *joining) clusterOfScript(script string) string {
	for _, mark := range []string{"ECS_CLUSTER=", "[settings.ecs]"} {
		_, rest, ok := strings.Cut(script, mark)
		if !ok {
			continue
		}
		if mark == "[settings.ecs]" {
			if _, rest, ok = strings.Cut(rest, "cluster"); !ok {
				continue
			}
			rest = strings.TrimLeft(rest, " =")
		}
		rest = strings.TrimLeft(rest, "\"'")
		end := strings.IndexFunc(rest, func(r rune) bool {
			return !(r == '-' || r == '_' || r == '.' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
		})
		if end < 0 {
			end = len(rest)
		}
		if end > 0 {
			return j.clusterName(refText(rest[:end]))
		}
	}
	return outsideClusters
}
