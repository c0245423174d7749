package intake

import (
	"fmt"
	"slices"

	"ecsavvy/advisor/design"
)

// joinedCluster is a cluster with what runs in it.
type joinedCluster struct {
	name string
	// cluster is nil of a cluster outside the stack.
	cluster *ecsCluster
	// defaults say whether the default capacity provider strategy is known.
	defaults  bool
	strategy  []strategyItem
	providers []int // of the stack's capacity providers
	groups    []design.InstanceGroup
}

// gatherClusters lists the clusters with their capacity providers.
func (j *joining) gatherClusters() {
	j.clusterOf = make(map[string]*joinedCluster)
	j.clusterTitles = uniqueTitles(j.clusters, func(c *ecsCluster) *cloudResource { return &c.cloudResource })
	for i, name := range j.clusterTitles {
		c := j.clusterNamed(name)
		c.cluster, c.defaults = &j.s.clusters[i], true
		c.strategy, c.providers = c.cluster.strategy, j.providers.distinct(c.cluster.providers)
	}
	for i := range j.s.associations {
		a := &j.s.associations[i]
		c := j.clusterNamed(j.clusterName(a.cluster))
		c.defaults, c.strategy = true, a.strategy
		for _, p := range j.providers.distinct(a.providers) {
			c.use(p)
		}
	}
	for i := range j.s.providers {
		if m := j.s.providers[i].managed; m != nil && !m.cluster.absent() {
			j.clusterNamed(j.clusterName(m.cluster)).use(i)
		}
	}
}

// clusterNamed returns a cluster by its name, making one that lies outside the
// stack where there is none.
func (j *joining) clusterNamed(name string) *joinedCluster {
	c := j.clusterOf[name]
	if c == nil {
		c = &joinedCluster{name: name}
		j.clusterOf[name] = c
		j.clusterNames = append(j.clusterNames, name)
	}
	return c
}

// use notes that a capacity provider is the cluster's.
func (c *joinedCluster) use(provider int) {
	if !slices.Contains(c.providers, provider) {
		c.providers = append(c.providers, provider)
	}
}

// clusterName is the name of a cluster that a reference means, "" where it is
// the default one or not known.
func (j *joining) clusterName(r ref) string {
	if i := j.clusters.find(r); i >= 0 {
		return j.clusterTitles[i]
	}
	name := arnName(r.text)
	if name == "default" {
		return ""
	}
	return name
}

// uniqueTitles are the names of resources, their keys where several have the
// same name.
func uniqueTitles[T any](x *resourceIndex[T], header func(*T) *cloudResource) []string {
	count := make(map[string]int, len(x.items))
	for i := range x.items {
		count[header(&x.items[i]).title()]++
	}
	names := make([]string, len(x.items))
	for i := range x.items {
		h := header(&x.items[i])
		if names[i] = h.title(); count[names[i]] > 1 {
			names[i] = h.key
		}
	}
	return names
}

// runsOn is what decides where a service's tasks run.
type runsOn struct {
	cluster      ref
	launchType   fact[string]
	strategy     []strategyItem
	strategyNote string
	def          *taskDefinition
}

// capacity decides where tasks run: the service's strategy or launch type, the
// caller's word, the cluster's default strategy, ECS's default.
func (j *joining) capacity(r *runsOn) design.CapacityStrategy {
	c := j.clusterNamed(j.clusterName(r.cluster))
	switch {
	case len(r.strategy) > 0:
		return j.strategy(c, r.strategy)
	case r.launchType.Stated():
		return j.launchType(c, design.ProviderKind(r.launchType.Value))
	case r.strategyNote != "":
		return design.CapacityStrategy{Assumed: "the capacity provider strategy is not known: " + r.strategyNote}
	case r.launchType.Note != "":
		return design.CapacityStrategy{Assumed: "the launch type is not known: " + r.launchType.Note}
	case j.opts.LaunchType != "":
		return j.launchType(c, j.opts.LaunchType)
	case len(c.strategy) > 0:
		return j.strategy(c, c.strategy)
	case r.def == nil:
		return design.CapacityStrategy{Assumed: "neither a launch type nor a capacity provider is stated, and the task definition is not known"}
	}
	strategy := capacityOf(r.def.task.Compatibilities, "")
	switch only := r.def.task.Compatibilities; {
	case len(only) != 1:
	case c.defaults && only[0] != string(design.EC2):
		strategy.Assumed = only[0] + ": the service states no launch type and the task definition allows no other"
	case !c.defaults:
		strategy.Assumed = fmt.Sprintf("%s: the service states no launch type and the cluster's default strategy is not in %s", only[0], j.s.code)
	}
	return strategy
}

// launchType is the strategy of one launch type. On instances the cluster's
// only group is meant.
func (j *joining) launchType(c *joinedCluster, kind design.ProviderKind) design.CapacityStrategy {
	if !slices.Contains(launchTypes(), kind) {
		return design.CapacityStrategy{Assumed: fmt.Sprintf("the launch type %s is not known here", clip(string(kind)))}
	}
	return design.Only(kind)
}

// strategy resolves the items of a capacity provider strategy.
func (j *joining) strategy(c *joinedCluster, items []strategyItem) design.CapacityStrategy {
	var out design.CapacityStrategy
	names := j.providerNames()
	for _, item := range items {
		if item.base.Note != "" && !item.base.Stated() || item.weight.Note != "" && !item.weight.Stated() && len(items) > 1 {
			return design.CapacityStrategy{Assumed: "the base or the weight of a capacity provider is not known: " + cmpOr(item.weight.Note, item.base.Note)}
		}
		p := design.Provider{Base: int(item.base.Value), Weight: int(item.weight.Value)}
		if len(items) == 1 && !item.weight.Stated() {
			p.Weight = 1
		}
		switch i := j.providers.find(item.provider); {
		case item.provider.text == string(design.Fargate), item.provider.text == string(design.FargateSpot):
			p.Kind = design.ProviderKind(item.provider.text)
		case i < 0:
			return design.CapacityStrategy{Assumed: j.s.missing("capacity provider", item.provider)}
		default:
			c.use(i)
			p.Kind, p.Group = design.EC2, names[i]
			if j.s.providers[i].managed != nil {
				p.Kind = design.ManagedInstances
			}
		}
		out.Providers = append(out.Providers, p)
	}
	return out
}

// providerNames are the names of capacity providers as groups of a cluster.
func (j *joining) providerNames() []string {
	if j.groupNames == nil {
		j.groupNames = uniqueTitles(j.providers, func(p *capacityProvider) *cloudResource { return &p.cloudResource })
	}
	return j.groupNames
}
