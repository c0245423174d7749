package advisor

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// groupSpotShare is the share of a group's instances that is asked about: what is
// left holds the services while Spot capacity is gone. A choice.
const groupSpotShare = 0.7

// leastTypes is how many instance types a Spot group should choose from.
// Source: docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-placement-score.html,
// which asks for three at least.
const leastTypes = 3

// spotOnInstances moves a share of each group of instances to EC2 Spot, over
// several types. docs/spot.md.
func spotOnInstances(s *site, f *findings) error {
	for i := range s.workload.Clusters {
		c := &s.workload.Clusters[i]
		for j := range c.Groups {
			if err := s.spotGroup(c, &c.Groups[j], f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *site) spotGroup(c *design.Cluster, g *design.InstanceGroup, f *findings) error {
	cluster, name := clusterName(c), g.Name
	single, states := s.onGroup(cluster, name)
	if g.Spot.Value > 0 || g.OS.Value == design.Windows || len(g.InstanceTypes) == 0 {
		return nil
	}
	present, _ := s.cat.Interruption(s.scope.Region, g.InstanceTypes[0])
	types := s.spotTypes(g.InstanceTypes[0])
	r := Recommendation{
		Lever: LeverSpot, Subject: s.subject("instance group", cluster, name, g.Tags), Title: fmt.Sprintf("%.0f %% of its instances on Spot", 100*groupSpotShare),
		Risk: RiskMedium, RiskReasons: []string{
			fmt.Sprintf("%s is interrupted %s a month, with two minutes' notice", g.InstanceTypes[0], firstNote(present, "nobody says how often")),
		},
		Effort: EffortDeploy,
		Reasons: []string{
			"the Spot rate floats: the saving is at that of the price snapshot, for the present type",
			"choose by price-capacity-optimized from: " + strings.Join(types, ", "),
		},
		Patches: s.spotPatches(name, types),
		Change: func(w *design.Workload) error {
			c := clusterNamed(w, cluster)
			if c == nil {
				return errGone
			}
			k := slices.IndexFunc(c.Groups, func(g design.InstanceGroup) bool { return g.Name == name })
			if k < 0 || c.Groups[k].Spot.Value > 0 {
				return errors.New("the group is gone, or on Spot already")
			}
			c.Groups[k].Spot = design.Know(groupSpotShare)
			return nil
		},
		Evidence: Evidence{Source: "Spot Instance advisor", Bound: "interruptions a month: " + firstNote(present, "not known"), Next: "all of it, where every service has a task elsewhere"},
	}
	if len(types) < leastTypes {
		r.Risk = RiskHigh
		r.RiskReasons = append(r.RiskReasons, fmt.Sprintf("only %d types of its shape have a Spot price here: they may all be gone at once", len(types)))
	}
	if present == ">20%" {
		r.Risk = RiskHigh
	}
	if len(single) > 0 {
		r.Risk = RiskHigh
		r.RiskReasons = append(r.RiskReasons, "an interruption is an outage of services of one task: "+strings.Join(single, ", "))
	}
	if len(states) > 0 {
		r.Risk = RiskHigh
		r.RiskReasons = append(r.RiskReasons, "state is kept by "+strings.Join(states, ", ")+": an interruption may leave it half written")
	}
	return s.offer(r, f)
}

// onGroup are the services of one task on a group, and those with state.
func (s *site) onGroup(cluster, group string) (single, states []string) {
	for i := range s.workload.Services {
		svc := &s.workload.Services[i]
		if clusterKey(svc) != cluster || !slices.ContainsFunc(svc.Capacity.Providers, func(p design.Provider) bool { return !p.Kind.OnFargate() && (p.Group == group || p.Group == "") }) {
			continue
		}
		if n := leastTasks(svc); n < 2 {
			single = append(single, shortName(svc))
		}
		if len(stateful(svc)) > 0 {
			states = append(states, shortName(svc))
		}
	}
	return single, states
}

// mostTypes is how many types a recommendation names.
const mostTypes = 6

// spotTypes are types that hold what a type holds: as many vCPU, as much memory and
// at most twice as much, the same architecture, with a Spot price not above its
// On-Demand price. Those that are interrupted least come first, of them the cheapest.
func (s *site) spotTypes(of string) []string {
	want, err := s.cat.InstanceType(of)
	if err != nil {
		return nil
	}
	onDemand, ok := s.instancePrice("BoxUsage:" + of)
	if !ok {
		return nil
	}
	names, err := s.cat.InstancesIn(s.scope.Region)
	if err != nil {
		return nil
	}
	type offer struct {
		name string
		band int
		usd  float64
	}
	var offers []offer
	for _, name := range names {
		t, err := s.cat.InstanceType(name)
		if err != nil || t.VCPU != want.VCPU || t.MemoryGiB < want.MemoryGiB || t.MemoryGiB > 2*want.MemoryGiB || t.GPUs > 0 || t.PreviousGeneration ||
			!slices.Equal(t.Architectures, want.Architectures) {
			continue
		}
		usd, ok := s.instancePrice("SpotUsage:" + name)
		band, known := s.cat.Interruption(s.scope.Region, name)
		if at := slices.Index([]string{"<5%", "5-10%", "10-15%", "15-20%"}, band); ok && known && at >= 0 && usd <= onDemand {
			offers = append(offers, offer{name, at, usd})
		}
	}
	slices.SortFunc(offers, func(a, b offer) int {
		return cmp.Or(cmp.Compare(a.band, b.band), cmp.Compare(a.usd, b.usd), strings.Compare(a.name, b.name))
	})
	var types []string
	for _, o := range offers[:min(mostTypes, len(offers))] {
		types = append(types, o.name)
	}
	return types
}

// instancePrice is USD an hour of a Linux instance.
func (s *site) instancePrice(usageType string) (usd float64, ok bool) {
	rate, err := s.cat.Lookup(pricing.NewSKU("AmazonEC2", usageType, s.scope.Region, "operatingSystem=Linux"))
	if err != nil || len(rate.Tiers) == 0 {
		return 0, false
	}
	return rate.Tiers[0].USD, true
}

func (s *site) spotPatches(group string, types []string) []Patch {
	var hclTypes, cliTypes []string
	for _, t := range types {
		hclTypes = append(hclTypes, fmt.Sprintf("      override { instance_type = %s }", hcl(t)))
		cliTypes = append(cliTypes, fmt.Sprintf(`{"InstanceType":%q}`, t))
	}
	above := fmt.Sprintf("%.0f", 100*(1-groupSpotShare))
	return []Patch{
		{FormTerraform, fmt.Sprintf("mixed_instances_policy {\n  instances_distribution {\n    on_demand_percentage_above_base_capacity = %s\n    spot_allocation_strategy                 = \"price-capacity-optimized\"\n  }\n  launch_template {\n%s\n  }\n}", above, strings.Join(hclTypes, "\n"))},
		{FormCLI, fmt.Sprintf("aws autoscaling update-auto-scaling-group --region %s --auto-scaling-group-name %s --mixed-instances-policy %s", shell(s.scope.Region), shell(group),
			shell(fmt.Sprintf(`{"LaunchTemplate":{"LaunchTemplateSpecification":{"LaunchTemplateName":"…","Version":"$Latest"},"Overrides":[%s]},"InstancesDistribution":{"OnDemandPercentageAboveBaseCapacity":%s,"SpotAllocationStrategy":"price-capacity-optimized"}}`, strings.Join(cliTypes, ","), above)))},
	}
}
