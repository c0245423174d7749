package advisor

import (
	"fmt"
	"math"
	"slices"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// site is a Site at work: its workload at the measured demand, and what was found
// of its services.
type site struct {
	scope    account.Scope
	snapshot *account.Snapshot
	manifest account.Manifest
	// workload is the site's, with measured counts laid over once its services
	// have been judged.
	workload design.Workload
	running  map[string]design.Running
	cat      *pricing.Catalog
	opt      *AdviseOptions
	// resources are what the snapshot has measured, by kind, cluster and name.
	resources map[resourceKey]account.Resource
	// flows are what passed shared resources, by kind and name.
	flows map[resourceKey]flows
	// facts are of the workload's services, in their order.
	facts []serviceFacts
	// result prices the workload at the measured demand.
	result estimate.Result
}

// resourceKey finds a measured resource.
type resourceKey struct{ kind, cluster, name string }

// serviceFacts is what levers of shared resources need of a service after its
// series are gone.
type serviceFacts struct {
	// MeanTasks is NaN where it was not measured.
	MeanTasks float64
	// MeanCPU and PeakCPU are vCPU in use over all tasks, MeanMemoryGB and
	// PeakMemoryGB GB of one task; NaN where not measured.
	MeanCPU, PeakCPU, MeanMemoryGB, PeakMemoryGB float64
	// Starts is how many tasks a month started, by the rises of their number: the
	// least it can be. NaN where not measured.
	Starts float64
	// Week is the measured number of tasks in each hour of the week over its mean;
	// nil where not every hour was measured.
	Week *[hoursPerWeek]float64
	// need is what a task of it needs (taskNeeds).
	need taskNeed
}

// newSite indexes a site's measurements.
func newSite(from *Site, cat *pricing.Catalog, opt *AdviseOptions) *site {
	s := &site{
		scope: from.Scope, snapshot: from.Snapshot, manifest: from.Snapshot.Manifest(), workload: from.Workload, running: from.Running, cat: cat, opt: opt,
		resources: make(map[resourceKey]account.Resource), facts: make([]serviceFacts, len(from.Workload.Services)),
	}
	s.workload.Services = slices.Clone(s.workload.Services)
	for _, r := range from.Snapshot.Resources(from.Scope) {
		name := r.Name
		if r.Container != "" {
			name += "/" + r.Container
		}
		s.resources[resourceKey{r.Kind, r.Cluster, name}] = r
	}
	return s
}

// subject is a resource of the site.
func (s *site) subject(kind, cluster, name string, tags map[string]string) Subject {
	return Subject{Account: s.scope.Account, Region: s.scope.Region, Cluster: cluster, Kind: kind, Name: name, Tags: tags}
}

// clusterOf is a service's cluster as CloudWatch names it.
func clusterKey(svc *design.Service) string {
	if svc.Cluster == "" {
		return "default"
	}
	return svc.Cluster
}

// shortName is a service's name as CloudWatch has it: services of one name in
// several clusters are called by cluster and name in a workload.
func shortName(svc *design.Service) string {
	key := clusterKey(svc)
	if name := svc.Name; len(name) > len(key) && name[len(key)] == '/' && name[:len(key)] == key {
		return name[len(key)+1:]
	}
	return svc.Name
}

// price is the estimate of a workload by the options of the advice.
func (s *site) price(w design.Workload) (estimate.Result, error) {
	r, err := estimate.Run(w, s.cat, s.opt.Estimate)
	if err != nil {
		return r, fmt.Errorf("pricing %s in %s: %w", w.Name, s.scope.Region, err)
	}
	return r, nil
}

// layOver puts what was measured in place of what is configured: the mean number
// of tasks that ran.
func (s *site) layOver() error {
	for i := range s.workload.Services {
		layOverCount(&s.workload.Services[i], s.facts[i].MeanTasks)
	}
	if err := s.layOverShared(); err != nil {
		return err
	}
	var err error
	s.result, err = s.price(s.workload)
	return err
}

// layOverCount makes the measured mean the count of a service. A mean outside the
// bounds of a scaled count (they have changed) is the truth all the same.
func layOverCount(svc *design.Service, mean float64) {
	if math.IsNaN(mean) || svc.Count.Runs != nil {
		return
	}
	if sc := svc.Count.Scaled; sc != nil {
		scaled := *sc
		scaled.Average = design.Know(mean)
		svc.Count = design.CountProfile{Scaled: &scaled}
		return
	}
	svc.Count = design.Count(mean)
}

// part is a workload of some of the site's services with the clusters they run in:
// what a change of them touches. Commitments, load balancers and other shared
// resources stay out, since they cost the same before and after.
func (s *site) part(services ...design.Service) design.Workload {
	w := design.Workload{Name: s.workload.Name, Region: s.workload.Region, Services: services}
	w.Network.AZs = s.workload.Network.AZs
	for _, c := range s.workload.Clusters {
		if slices.ContainsFunc(services, func(svc design.Service) bool { return clusterKey(&svc) == clusterName(&c) }) {
			w.Clusters = append(w.Clusters, c)
		}
	}
	return w
}

func clusterName(c *design.Cluster) string {
	if c.Name == "" {
		return "default"
	}
	return c.Name
}

// neighbours are the services that share instances with a service: all of its
// cluster where it runs on instances, else itself alone.
func (s *site) neighbours(svc *design.Service) (all []design.Service, index int) {
	if onFargate(svc) {
		return []design.Service{*svc}, 0
	}
	for i := range s.workload.Services {
		other := &s.workload.Services[i]
		if other.Name == svc.Name && clusterKey(other) == clusterKey(svc) {
			index = len(all)
			all = append(all, *svc)
		} else if clusterKey(other) == clusterKey(svc) && !onFargate(other) {
			all = append(all, *other)
		}
	}
	return all, index
}

// Subjects are the services, clusters and load balancers of a site: what has tags.
func (from *Site) Subjects() []Subject {
	of := func(kind, cluster, name string, tags map[string]string) Subject {
		return Subject{Account: from.Scope.Account, Region: from.Scope.Region, Cluster: cluster, Kind: kind, Name: name, Tags: tags}
	}
	var all []Subject
	for i := range from.Workload.Services {
		s := &from.Workload.Services[i]
		all = append(all, of("service", clusterKey(s), shortName(s), s.Tags))
	}
	for i := range from.Workload.Clusters {
		c := &from.Workload.Clusters[i]
		all = append(all, of("cluster", "", clusterName(c), c.Tags))
	}
	for i := range from.Workload.LoadBalancers {
		lb := &from.Workload.LoadBalancers[i]
		all = append(all, of("load balancer", "", lb.Name, lb.Tags))
	}
	return all
}
