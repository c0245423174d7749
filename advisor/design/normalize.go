package design

import (
	"cmp"
	"slices"
)

// Normalize sorts every list of the workload by name, so that the order in
// which an input wrote its parts never shows in an output.
func (w *Workload) Normalize() {
	byName := func(a, b string) int { return cmp.Compare(a, b) }
	slices.SortStableFunc(w.Services, func(a, b Service) int {
		return cmp.Or(byName(a.Cluster, b.Cluster), byName(a.Name, b.Name))
	})
	slices.SortStableFunc(w.Clusters, func(a, b Cluster) int { return byName(a.Name, b.Name) })
	for i := range w.Clusters {
		slices.SortStableFunc(w.Clusters[i].Groups, func(a, b InstanceGroup) int { return byName(a.Name, b.Name) })
	}
	slices.SortStableFunc(w.LoadBalancers, func(a, b LoadBalancer) int { return byName(a.Name, b.Name) })
	slices.SortStableFunc(w.Network.Endpoints, func(a, b Endpoint) int {
		return cmp.Or(byName(a.Service, b.Service), cmp.Compare(a.Kind, b.Kind))
	})
	slices.SortStableFunc(w.LogGroups, func(a, b LogGroup) int { return cmp.Or(byName(a.Service, b.Service), byName(a.Name, b.Name)) })
	slices.SortStableFunc(w.Repositories, func(a, b Repository) int {
		return cmp.Or(byName(a.Service, b.Service), byName(a.Name, b.Name))
	})
	slices.SortStableFunc(w.Secrets, func(a, b SecretStore) int { return cmp.Or(byName(a.Service, b.Service), byName(a.Name, b.Name)) })
	slices.SortStableFunc(w.FileSystems, func(a, b FileSystem) int { return cmp.Or(byName(a.Service, b.Service), byName(a.Name, b.Name)) })
	slices.SortStableFunc(w.Alarms, func(a, b Alarms) int { return cmp.Or(byName(a.Service, b.Service), byName(a.Name, b.Name)) })
	slices.SortStableFunc(w.Namespaces, func(a, b Namespace) int { return cmp.Or(byName(a.Service, b.Service), byName(a.Name, b.Name)) })
	slices.SortStableFunc(w.Variants, func(a, b Variant) int { return byName(a.Name, b.Name) })
}
