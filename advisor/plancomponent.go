package advisor

import (
	"cmp"
	"slices"
	"strings"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/design"
)

// component is what recommendations have to share for one to change what another
// saves: a service on Fargate, the services on one cluster's instances, or the
// network of a site.
type component struct {
	scope account.Scope
	kind  string // "service", "cluster", "log group", "site"
	name  string
}

func (c component) compare(o component) int {
	return cmp.Or(cmp.Compare(c.scope.Account, o.scope.Account), cmp.Compare(c.scope.Region, o.scope.Region),
		cmp.Compare(c.kind, o.kind), cmp.Compare(c.name, o.name))
}

// scope is the account and region of a subject.
func (s Subject) scope() account.Scope { return account.Scope{Account: s.Account, Region: s.Region} }

// components groups recommendations by what they share. Where a change moves the
// services of a cluster together, those of the services belong to the cluster.
func (s *site) components(all []*Recommendation) map[component][]int {
	together := map[string]bool{}
	for _, r := range all {
		if c := s.componentOf(r); c.kind == "cluster" && (r.Lever == LeverConsolidate || r.Lever == LeverLaunchType) {
			together[c.name] = true
		}
	}
	groups := map[component][]int{}
	for i, r := range all {
		c := s.componentOf(r)
		if c.kind == "service" && together[r.Subject.Cluster] {
			c.kind, c.name = "cluster", r.Subject.Cluster
		}
		groups[c] = append(groups[c], i)
	}
	return groups
}

func sortedComponents(groups map[component][]int) []component {
	all := make([]component, 0, len(groups))
	for c := range groups {
		all = append(all, c)
	}
	slices.SortFunc(all, component.compare)
	return all
}

// componentOf finds what a recommendation touches.
func (s *site) componentOf(r *Recommendation) component {
	c := component{scope: s.scope, kind: "site"}
	switch r.Subject.Kind {
	case "service":
		for i := range s.workload.Services {
			svc := &s.workload.Services[i]
			if shortName(svc) != r.Subject.Name || clusterKey(svc) != r.Subject.Cluster {
				continue
			}
			if onFargate(svc) && r.Lever != LeverLaunchType && r.Lever != LeverConsolidate {
				c.kind, c.name = "service", clusterKey(svc)+"/"+shortName(svc)
			} else {
				c.kind, c.name = "cluster", clusterKey(svc)
			}
		}
	case "cluster":
		c.kind, c.name = "cluster", r.Subject.Name
	case "instance group":
		c.kind, c.name = "cluster", r.Subject.Cluster
	case "log group", "repository":
		c.kind, c.name = r.Subject.Kind, r.Subject.Name
	}
	return c
}

// sub is the part of a site that a component is.
func (s *site) sub(c component) design.Workload {
	switch c.kind {
	case "service", "cluster":
		var services []design.Service
		for i := range s.workload.Services {
			svc := s.workload.Services[i]
			if c.kind == "cluster" && clusterKey(&svc) == c.name || c.kind == "service" && clusterKey(&svc)+"/"+shortName(&svc) == c.name {
				services = append(services, svc)
			}
		}
		return s.part(services...)
	case "log group":
		w := s.part()
		for _, g := range s.workload.LogGroups {
			if g.Name == c.name {
				g.Service = "" // priced by itself, not as a part of a service that is not here
				w.LogGroups = append(w.LogGroups, g)
			}
		}
		return w
	case "repository":
		w := s.part()
		for _, r := range s.workload.Repositories {
			if r.Name == c.name {
				r.Service = ""
				w.Repositories = append(w.Repositories, r)
			}
		}
		return w
	}
	w := s.workload
	w.Commitments = design.Commitments{}
	return w
}

// touches reports whether changes of two components may meet: in one component,
// in a service and its cluster, or anywhere with what a whole site shares.
func (c component) touches(o component) bool {
	switch {
	case c.scope != o.scope:
		return false
	case c == o, c.kind == "site", o.kind == "site":
		return true
	}
	return c.cluster() != "" && c.cluster() == o.cluster() && (c.kind == "cluster" || o.kind == "cluster")
}

// cluster is the name of the cluster of a service or cluster.
func (c component) cluster() string {
	switch c.kind {
	case "cluster":
		return c.name
	case "service":
		name, _, _ := strings.Cut(c.name, "/")
		return name
	}
	return ""
}
