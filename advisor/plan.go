package advisor

import (
	"cmp"
	"fmt"
	"slices"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/design"
)

// Plan is a consistent set of recommendations in the order in which they are to be
// made. Each step is priced on what the steps before it left, so that the steps
// add up to the plan.
type Plan struct {
	// Before and After are USD a month of all sites.
	Before, After float64
	// Saving are quantiles of Before less After, of joint draws.
	Saving Saving
	Stages []Stage
	// Left are recommendations that the plan does not take, with the reason.
	Left []LeftOut
}

// Stage is the steps of one lever.
type Stage struct {
	Lever Lever
	// Before and After are USD a month of all sites around the stage.
	Before, After float64
	Steps         []Step
}

// Saving is what a stage saves, USD a month.
func (s Stage) Saving() float64 { return s.Before - s.After }

// Step is one recommendation in a plan.
type Step struct {
	Recommendation *Recommendation
	// Incremental is what it saves on what the steps before it left, USD a month;
	// Standalone what it would save alone.
	Incremental, Standalone float64
	// Saving are the quantiles of Incremental.
	Saving Saving
	// After are the levers of earlier steps that changed what it saves, and
	// Committed says that owned commitments pay for a part of what it frees.
	After     []Lever
	Committed bool
	// Month is the month in which to make it, 1 for the first.
	Month int
}

// LeftOut is a recommendation that a plan does not take.
type LeftOut struct {
	Recommendation *Recommendation
	Why            string
}

// PlanOptions are the constraints of a plan.
type PlanOptions struct {
	// MaxRisk leaves out what is riskier; RiskUnknown means no limit.
	MaxRisk RiskClass
	// NoSpot leaves out everything that may be interrupted.
	NoSpot bool
	// Keep are levers that must not change anything.
	Keep []Lever
	// ChangesPerMonth is how many steps a month can be made; 0 means no limit.
	ChangesPerMonth int
}

// refuses says why the options leave a recommendation out, "" where they do not.
func (o *PlanOptions) refuses(r *Recommendation) string {
	switch {
	case slices.Contains(o.Keep, r.Lever):
		return "kept as it is: " + string(r.Lever)
	case o.NoSpot && r.Lever == LeverSpot:
		return "no Spot"
	case o.MaxRisk != RiskUnknown && r.Risk > o.MaxRisk:
		return fmt.Sprintf("its risk is %s, the limit %s", r.Risk, o.MaxRisk)
	}
	return ""
}

// leverOrder is the order of a plan's stages: sizes first, since everything after
// them is priced by size, commitments last, since they bind what is left.
func leverOrder() []Lever {
	return []Lever{
		LeverIdle, LeverOrphan, LeverSidecar, LeverRightSize, LeverReservation, LeverConsolidate, LeverSchedule, LeverGraviton,
		LeverLogs, LeverImageStorage, LeverInsights, LeverNAT, LeverLoadBalancer, LeverLaunchType, LeverSpot, LeverCommitment,
	}
}

// stageOf is a lever's place in leverOrder.
func stageOf(l Lever) int { return slices.Index(leverOrder(), l) }

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

// planner makes a plan of one set of sites.
type planner struct {
	sites   map[account.Scope]*site
	options PlanOptions
	plan    Plan
}

// MakePlan chooses and orders recommendations. Within a component it takes the set
// of least cost; between stages it prices whole sites, so that allowances and owned
// commitments count for what they free and no more.
func (a *Advice) MakePlan(options PlanOptions) (Plan, error) {
	p := planner{sites: make(map[account.Scope]*site), options: options}
	for _, s := range a.sites {
		p.sites[s.scope] = s
	}
	groups := map[component][]*Recommendation{}
	for i := range a.Recommendations {
		r := &a.Recommendations[i]
		if why := options.refuses(r); why != "" {
			p.leave(r, why)
			continue
		}
		c := p.sites[r.Subject.scope()].componentOf(r)
		groups[c] = append(groups[c], r)
	}
	var chosen []taken
	for _, c := range sortedComponents(groups) {
		steps, err := p.choose(c, groups[c])
		if err != nil {
			return Plan{}, err
		}
		chosen = append(chosen, steps...)
	}
	if err := p.stages(a.sites, chosen); err != nil {
		return Plan{}, err
	}
	p.plan.Saving = p.plan.interval()
	p.plan.months(options.ChangesPerMonth)
	slices.SortStableFunc(p.plan.Left, func(x, y LeftOut) int {
		return cmp.Or(x.Recommendation.Subject.compare(y.Recommendation.Subject), cmp.Compare(x.Recommendation.Lever, y.Recommendation.Lever))
	})
	return p.plan, nil
}

func (p *planner) leave(r *Recommendation, why string) {
	p.plan.Left = append(p.plan.Left, LeftOut{Recommendation: r, Why: why})
}

// scope is the account and region of a subject.
func (s Subject) scope() account.Scope { return account.Scope{Account: s.Account, Region: s.Region} }

func sortedComponents(groups map[component][]*Recommendation) []component {
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
