package estimate

import "ecsavvy/advisor/design"

// groupIndex finds the group of instances that a provider means.
type groupIndex struct {
	byKey     map[groupKey]*group
	byCluster map[string][]*group
}

type groupKey struct{ cluster, name string }

// groups lists the design's groups of instances, each without tenants yet.
func (m *meter) groups() ([]*group, *groupIndex) {
	index := &groupIndex{byKey: map[groupKey]*group{}, byCluster: map[string][]*group{}}
	var all []*group
	for i := range m.w.Clusters {
		c := &m.w.Clusters[i]
		for j := range c.Groups {
			g := &group{design: c.Groups[j], cluster: c.Name, orchestrator: c.Orchestrator}
			all = append(all, g)
			index.put(g)
		}
	}
	return all, index
}

func (x *groupIndex) put(g *group) {
	x.byKey[groupKey{g.cluster, g.design.Name}] = g
	x.byCluster[g.cluster] = append(x.byCluster[g.cluster], g)
}

// of returns the group that a provider names, or the cluster's only group of
// that kind where it names none; nil if there is none.
func (x *groupIndex) of(cluster string, p design.Provider) *group {
	managed := p.Kind == design.ManagedInstances
	if p.Group != "" {
		return x.byKey[groupKey{cluster, p.Group}]
	}
	var only *group
	for _, g := range x.byCluster[cluster] {
		if g.design.Managed != managed {
			continue
		}
		if only != nil {
			return only // several: the first by name
		}
		only = g
	}
	return only
}

// all are the groups that a service runs on by one provider: a daemon that names
// none runs on every instance of its launch type in its cluster.
func (x *groupIndex) all(s *design.Service, p design.Provider) []*group {
	if s.Scheduling == design.Daemon && p.Group == "" {
		managed := p.Kind == design.ManagedInstances
		var on []*group
		for _, g := range x.byCluster[s.Cluster] {
			if g.design.Managed == managed {
				on = append(on, g)
			}
		}
		return on
	}
	if g := x.of(s.Cluster, p); g != nil {
		return []*group{g}
	}
	return nil
}

// add makes the group that a provider implies and the design does not have.
func (x *groupIndex) add(cluster string, p design.Provider) *group {
	name := p.Group
	if name == "" {
		name = "EC2 capacity"
		if p.Kind == design.ManagedInstances {
			name = "Managed Instances"
		}
	}
	g := &group{cluster: cluster, design: design.InstanceGroup{Name: name, Managed: p.Kind == design.ManagedInstances}}
	x.put(g)
	return g
}

const (
	// rootVolumeGB is the root volume of the ECS-optimized AMI.
	// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-optimized_AMI.html.
	rootVolumeGB = 30
	// managedVolumeGB is the data volume of ECS Managed Instances.
	// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/ManagedInstances.html.
	managedVolumeGB = 80
)

// clusterPath is the place of a cluster in the design.
func clusterPath(name string) string {
	if name == "" {
		return "cluster"
	}
	return "clusters." + name
}

// defaultVolumes gives a group the volumes that its instances have where the
// design is silent. Its tenants have to be known: Windows has another AMI.
func (g *group) defaultVolumes() {
	d := &g.design
	switch {
	case d.Managed && d.DataVolume == nil:
		d.DataVolume = &design.Volume{Type: "gp3", GB: design.Assume(float64(managedVolumeGB), "the default data volume of Managed Instances, 80 GiB, as gp3")}
	case d.Managed || d.RootVolume != nil:
	case g.os() == design.Windows:
		d.RootVolume = &design.Volume{Type: "gp3", GB: design.NotKnown[float64]("the root volume of the Windows AMI is not stated")}
	default:
		d.RootVolume = &design.Volume{Type: "gp3", GB: design.Assume(float64(rootVolumeGB), "the root volume of the ECS-optimized AMI, 30 GiB gp3")}
	}
}
