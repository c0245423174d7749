package main

import (
	"slices"

	"ecsavvy/advisor"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/cmd/internal/guardrail"
)

// factsOf are a difference as guardrails see it: the sums, and every resource
// after the change with the design of the services.
func factsOf(d *advisor.Differences, pairs []pair) *guardrail.Facts {
	facts := &guardrail.Facts{Past: d.Total.Before.Effective, Total: d.Total.After.Effective, Unpriced: d.Counts.UnpricedAfter}
	designs := map[string]map[serviceKey]*design.Service{}
	for i := range pairs {
		if s := pairs[i].after; s != nil && s.design != nil {
			designs[pairs[i].name] = servicesOf(s.design)
		}
	}
	for i := range d.Projects {
		p := &d.Projects[i]
		facts.PastPartial = facts.PastPartial || p.Before.LowerBound()
		for _, n := range p.After.NotPriced {
			facts.Unsupported += n
		}
		project := ""
		if len(d.Projects) > 1 {
			project = p.Name
		}
		for _, reason := range p.Incomplete {
			if project != "" {
				reason = project + ": " + reason
			}
			facts.Incomplete = append(facts.Incomplete, reason)
		}
		for j := range p.Resources {
			r := &p.Resources[j]
			if r.After == nil {
				continue
			}
			made := resourceFacts(r, project)
			if s := designs[p.Name][serviceKey{r.After.Cluster, r.After.Name}]; s != nil && r.After.Kind == estimate.KindService {
				made.Design = designFacts(s)
			}
			facts.Resources = append(facts.Resources, made)
		}
	}
	return facts
}

// serviceKey is what makes a service of one workload that service.
type serviceKey struct{ cluster, name string }

func servicesOf(w *design.Workload) map[serviceKey]*design.Service {
	all := make(map[serviceKey]*design.Service, len(w.Services))
	for i := range w.Services {
		s := &w.Services[i]
		all[serviceKey{s.Cluster, s.Name}] = s
	}
	return all
}

func resourceFacts(r *advisor.ResourceDiff, project string) guardrail.Resource {
	return guardrail.Resource{
		Kind: string(r.After.Kind), Name: r.After.Name, Cluster: r.After.Cluster, Project: project,
		Change: r.Change.String(), Tags: r.After.Tags,
		Past: r.Cost.Before.Effective, Monthly: r.Cost.After.Effective, Unpriced: r.After.Unpriced,
	}
}

// designFacts are what a service runs. What was assumed counts as stated: it
// is what was priced, and the output lists it.
func designFacts(s *design.Service) *guardrail.Design {
	cpu, memory := s.Task.Sizes()
	return &guardrail.Design{
		Capacity: capacityFact(s.Capacity),
		Arch:     factValue(s.Task.Architecture, func(a design.Architecture) string { return string(a) }),
		OS:       factValue(s.Task.OS, func(o design.OS) string { return string(o) }),
		VCPU:     factValue(cpu, same), GB: factValue(memory, same), Count: factValue(s.Count.Mean(), same),
		PublicIP: factValue(s.AssignPublicIP, func(b bool) bool { return b }),
	}
}

func same(v float64) float64 { return v }

// factValue is a fact of a design as guardrails know it.
func factValue[T, V any](f design.Fact[T], convert func(T) V) guardrail.Value[V] {
	if !f.Stated() {
		return guardrail.Missing[V](f.Note)
	}
	return guardrail.Known(convert(f.Value))
}

// capacityFact lists the providers that can get tasks, each kind once.
func capacityFact(c design.CapacityStrategy) guardrail.Value[[]string] {
	var kinds []string
	for _, p := range c.Providers {
		if kind := string(p.Kind); (p.Weight > 0 || p.Base > 0) && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		return guardrail.Missing[[]string]("the input states no launch type and no capacity provider")
	}
	return guardrail.Known(kinds)
}
