package advisor

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
)

// KeptVersion is the version of Kept. A reader refuses others.
const KeptVersion = 1

// Kept is what the history keeps of a report: its cost lines, and what its plan
// promised. It holds neither evidence nor patches.
type Kept struct {
	Version int       `json:"version"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	// HoursPerMonth is the length of the month that amounts are for.
	HoursPerMonth float64 `json:"hours_per_month"`
	// Cost is USD a month: the sum of the resources' lines.
	Cost float64 `json:"cost"`
	// Unpriced counts what had no price.
	Unpriced int `json:"unpriced,omitempty"`
	// Unread are the regions of which AWS did not answer everything.
	Unread []account.Scope `json:"unread,omitempty"`
	// Resources are sorted by key.
	Resources []KeptResource `json:"resources"`
	// Plan is what was recommended, in the plan's order.
	Plan []KeptStep `json:"plan,omitempty"`
	// Found are the keys of all findings, sorted, and Judged those of what the
	// levers could not judge: what is in neither was judged and is in order.
	Found     []StepKey `json:"found,omitempty"`
	NotJudged []StepKey `json:"not_judged,omitempty"`
}

// ResourceKey tells a resource from all others, in every report alike.
type ResourceKey struct {
	Account string `json:"account"`
	Region  string `json:"region"`
	Cluster string `json:"cluster,omitempty"`
	Kind    string `json:"kind"`
	Name    string `json:"name"`
}

func (k ResourceKey) compare(o ResourceKey) int {
	return cmp.Or(strings.Compare(k.Account, o.Account), strings.Compare(k.Region, o.Region), strings.Compare(k.Cluster, o.Cluster),
		strings.Compare(k.Kind, o.Kind), strings.Compare(k.Name, o.Name))
}

func (k ResourceKey) scope() account.Scope {
	return account.Scope{Account: k.Account, Region: k.Region}
}

// KeptResource is what one resource cost, and how it was configured.
type KeptResource struct {
	ResourceKey
	Tags map[string]string `json:"tags,omitempty"`
	// Tasks is the mean number of running tasks, Demand the vCPU in use over
	// all of them; unknown where not measured, and of what is no service.
	Tasks  Measure `json:"tasks"`
	Demand Measure `json:"demand_vcpu"`
	// Config is how a service is configured; nil of what is no service.
	Config *Config    `json:"config,omitempty"`
	Lines  []KeptLine `json:"lines"`
}

// Cost is USD a month of all its lines.
func (r *KeptResource) Cost() float64 {
	sum := 0.0
	for i := range r.Lines {
		sum += r.Lines[i].Cost
	}
	return sum
}

// Config is what of a service's configuration recommendations change.
type Config struct {
	// VCPU and GB are the task's size, 0 where it has none.
	VCPU float64 `json:"vcpu,omitempty"`
	GB   float64 `json:"gb,omitempty"`
	Arch string  `json:"arch,omitempty"`
	// Capacity is the capacity strategy: "FARGATE:2:1 FARGATE_SPOT:0:3"
	// (provider, base, weight).
	Capacity string `json:"capacity,omitempty"`
	// Count is how many tasks are asked for: "4", "2-20", "week 1a2b…".
	Count string `json:"count,omitempty"`
}

// KeptLine is one line of a resource's cost.
type KeptLine struct {
	Name string `json:"name"`
	// UsageType is AWS's, which tells lines of one name apart.
	UsageType string `json:"usage_type,omitempty"`
	Group     string `json:"group,omitempty"`
	Unit      string `json:"unit,omitempty"`
	// Quantity is units a month, allowances included; UnitPrice the effective
	// USD a unit, so that Quantity × UnitPrice is Cost.
	Quantity  float64 `json:"quantity"`
	UnitPrice float64 `json:"unit_price"`
	Cost      float64 `json:"cost"`
	// Unpriced says that there is no cost: Cost is then 0 and means nothing.
	Unpriced bool `json:"unpriced,omitempty"`
}

// StepKey names a recommendation, in every report alike.
type StepKey struct {
	ResourceKey
	Lever Lever `json:"lever"`
}

func (k StepKey) compare(o StepKey) int {
	return cmp.Or(k.ResourceKey.compare(o.ResourceKey), strings.Compare(string(k.Lever), string(o.Lever)))
}

// KeptStep is a recommendation as the plan had it.
type KeptStep struct {
	StepKey
	Title string `json:"title"`
	// P10, P50 and P90 are of its saving on what the steps before it left.
	P10 float64 `json:"p10"`
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	// To is the configuration after it, nil where it is not about one service.
	To *Config `json:"to,omitempty"`
}

// Measure is a number or, as NaN, unknown; unknown is null in JSON.
type Measure float64

// Known reports whether there is a number.
func (m Measure) Known() bool { return !math.IsNaN(float64(m)) && !math.IsInf(float64(m), 0) }

// MarshalJSON writes a number, or null.
func (m Measure) MarshalJSON() ([]byte, error) {
	if !m.Known() {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(m), 'g', -1, 64), nil
}

// UnmarshalJSON reads a number, or null.
func (m *Measure) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		*m = Measure(math.NaN())
		return nil
	}
	return json.Unmarshal(data, (*float64)(m))
}

// CommitmentKind is the kind of the lines that are committed and not used.
const CommitmentKind = "unused commitment"

// keep reduces advice and plan to what the history keeps.
func keep(in *ReportInput) Kept {
	a := in.Advice
	k := Kept{Version: KeptVersion, From: in.From.UTC(), To: in.To.UTC(), Unpriced: a.Unpriced(), HoursPerMonth: estimate.HoursPerMonth}
	if h := a.Sites[0].Result.HoursPerMonth; h > 0 {
		k.HoursPerMonth = h
	}
	for i := range a.Sites {
		k.Resources = append(k.Resources, keptResources(a, &a.Sites[i])...)
	}
	slices.SortStableFunc(k.Resources, func(x, y KeptResource) int { return x.compare(y.ResourceKey) })
	k.Resources = mergeTwins(k.Resources)
	for i := range k.Resources {
		k.Cost += k.Resources[i].Cost()
	}
	unread := map[account.Scope]bool{}
	for _, f := range a.Manifest.Failures {
		unread[f.Scope] = true
	}
	k.Unread = slices.SortedFunc(maps.Keys(unread), func(x, y account.Scope) int {
		return cmp.Or(cmp.Compare(x.Account, y.Account), cmp.Compare(x.Region, y.Region))
	})
	if in.Plan != nil {
		k.Plan = keptSteps(a, in.Plan)
	}
	for i := range a.Recommendations {
		k.Found = append(k.Found, stepKey(a.Recommendations[i].Lever, a.Recommendations[i].Subject))
	}
	for _, x := range a.Abstentions {
		k.NotJudged = append(k.NotJudged, stepKey(x.Lever, x.Subject))
	}
	for _, keys := range []*[]StepKey{&k.Found, &k.NotJudged} {
		slices.SortFunc(*keys, StepKey.compare)
		*keys = slices.Compact(*keys)
	}
	return k
}

func stepKey(l Lever, s Subject) StepKey {
	return StepKey{ResourceKey{Account: s.Account, Region: s.Region, Cluster: s.Cluster, Kind: s.Kind, Name: s.Name}, l}
}

// mergeTwins joins resources of one key, which are sorted beside each other: two
// volumes of one name are one resource with more lines.
func mergeTwins(all []KeptResource) []KeptResource {
	out := all[:0]
	for _, r := range all {
		if n := len(out); n > 0 && out[n-1].ResourceKey == r.ResourceKey {
			for _, l := range r.Lines {
				out[n-1].add(l)
			}
			continue
		}
		out = append(out, r)
	}
	return out
}

// keptResources are the resources of one site, with what it committed in vain.
func keptResources(a *Advice, site *SiteEstimate) []KeptResource {
	services := map[[2]string]*design.Service{}
	for i := range site.Workload.Services {
		svc := &site.Workload.Services[i]
		services[[2]string{svc.Cluster, svc.Name}] = svc
	}
	demand := a.demandOf(site.Scope)
	out := make([]KeptResource, 0, len(site.Result.Resources)+1)
	for i := range site.Result.Resources {
		res := &site.Result.Resources[i]
		kept := KeptResource{
			ResourceKey: ResourceKey{Account: site.Scope.Account, Region: site.Scope.Region, Cluster: res.Cluster, Kind: string(res.Kind), Name: res.Name},
			Tags:        res.Tags, Tasks: Measure(math.NaN()), Demand: Measure(math.NaN()),
		}
		if svc := services[[2]string{res.Cluster, res.Name}]; svc != nil && res.Kind == estimate.KindService {
			kept.Cluster, kept.Name = clusterKey(svc), shortName(svc)
			if n := svc.Count.Mean(); n.Stated() {
				kept.Tasks = Measure(n.Value)
			}
			kept.Config = configOf(svc)
			if d, ok := demand[kept.Cluster+"/"+kept.Name]; ok {
				kept.Demand = Measure(d)
			}
		}
		for j := range res.Lines {
			kept.add(keptLine(&res.Lines[j]))
		}
		out = append(out, kept)
	}
	if use := site.Result.Commitments; use != nil && use.Unused > 0 {
		out = append(out, KeptResource{
			ResourceKey: ResourceKey{Account: site.Scope.Account, Region: site.Scope.Region, Kind: CommitmentKind, Name: "Savings Plans and Reserved Instances"},
			Tasks:       Measure(math.NaN()), Demand: Measure(math.NaN()),
			Lines: []KeptLine{{Name: "Committed and not used", Group: "commitments", Unit: "USD", Quantity: use.Unused, UnitPrice: 1, Cost: use.Unused}},
		})
	}
	return out
}

// demandOf are the vCPU in use of a site's services, where they were measured.
func (a *Advice) demandOf(scope account.Scope) map[string]float64 {
	out := map[string]float64{}
	for _, s := range a.sites {
		if s.scope != scope {
			continue
		}
		for i := range s.workload.Services {
			if d := s.facts[i].MeanCPU; d > 0 {
				out[clusterKey(&s.workload.Services[i])+"/"+shortName(&s.workload.Services[i])] = d
			}
		}
	}
	return out
}

// keptLine is a line of an estimate. Its unit price is what was paid for a unit on
// average, allowances, tiers, discounts and commitments included.
func keptLine(l *estimate.Line) KeptLine {
	out := KeptLine{Name: l.Name, UsageType: l.Charge.Usage.SKU.UsageType, Group: string(l.Group), Unit: l.Charge.PricingUnit}
	if l.Unpriced != "" {
		out.Unpriced = true
		return out
	}
	out.Quantity, out.Cost = l.Charge.Usage.Quantity, l.Cost.Effective
	out.price()
	return out
}

// price sets the unit price; a cost without a quantity is one unit of it.
func (l *KeptLine) price() {
	if !(l.Quantity > 0) {
		l.Quantity = 0
		if l.Cost != 0 {
			l.Quantity = 1
		}
	}
	if l.Quantity > 0 {
		l.UnitPrice = l.Cost / l.Quantity
	}
}

// add joins a line to the one of its name and usage type, if there is one.
func (r *KeptResource) add(l KeptLine) {
	for i := range r.Lines {
		if have := &r.Lines[i]; have.key() == l.key() {
			have.Quantity += l.Quantity
			have.Cost += l.Cost
			have.Unpriced = have.Unpriced || l.Unpriced
			have.price()
			return
		}
	}
	r.Lines = append(r.Lines, l)
}

func (l *KeptLine) key() [2]string { return [2]string{l.Name, l.UsageType} }

// configOf is a service's configuration, without what was measured of it.
func configOf(svc *design.Service) *Config {
	cpu, memory := svc.Task.Sizes()
	c := &Config{Arch: string(svc.Task.Architecture.Value), Count: keptCount(&svc.Count)}
	if cpu.Stated() {
		c.VCPU = cpu.Value
	}
	if memory.Stated() {
		c.GB = memory.Value
	}
	var parts []string
	for _, p := range svc.Capacity.Providers {
		parts = append(parts, fmt.Sprintf("%s:%d:%d", p.Kind, p.Base, p.Weight))
	}
	c.Capacity = strings.Join(parts, " ")
	return c
}

// keptCount is how many tasks are asked for. Means are rounded to a tenth: of a
// fixed count they are measured and jitter with every deployment.
func keptCount(p *design.CountProfile) string {
	number := func(f design.Fact[float64]) string {
		if !f.Stated() {
			return "?"
		}
		return strconv.FormatFloat(math.Round(f.Value*10)/10, 'f', -1, 64)
	}
	switch {
	case p.Scaled != nil:
		return number(p.Scaled.Min) + "-" + number(p.Scaled.Max)
	case p.Week != nil:
		return fmt.Sprintf("week %s", number(design.Know(p.Week.Mean())))
	case p.Runs != nil:
		return "runs"
	default:
		return number(p.Fixed)
	}
}

// keptSteps are the plan's steps, with the configuration that each leads to.
func keptSteps(a *Advice, plan *Plan) []KeptStep {
	workloads := map[account.Scope]*design.Workload{}
	for i := range a.Sites {
		workloads[a.Sites[i].Scope] = &a.Sites[i].Workload
	}
	var out []KeptStep
	for i := range plan.Stages {
		for j := range plan.Stages[i].Steps {
			step := &plan.Stages[i].Steps[j]
			r := step.Recommendation
			out = append(out, KeptStep{
				StepKey: stepKey(r.Lever, r.Subject), Title: r.Title,
				P10: step.Saving.P10, P50: step.Saving.P50, P90: step.Saving.P90, To: configAfter(r, workloads[r.Subject.scope()]),
			})
		}
	}
	return out
}

// configAfter is the configuration of the recommendation's service after it, as
// found by making the change in a copy; nil where it is about no one service.
func configAfter(r *Recommendation, from *design.Workload) *Config {
	if from == nil || r.Change == nil || r.Subject.Kind != "service" {
		return nil
	}
	for i := range from.Services {
		svc := &from.Services[i]
		if clusterKey(svc) != r.Subject.Cluster || shortName(svc) != r.Subject.Name {
			continue
		}
		w := *from
		w.Services = []design.Service{*svc}
		w = copyOf(w)
		if r.Change(&w) != nil || len(w.Services) != 1 {
			return nil
		}
		return configOf(&w.Services[0])
	}
	return nil
}
