package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// capacityDraft is a capacity strategy as written; names are resolved against
// the cluster's instance groups later.
type capacityDraft struct {
	at        place
	providers []named[providerDraft]
}

// providerDraft is one item of a strategy.
type providerDraft struct {
	base, weight *float64
	group        string
}

// providerKinds are the words of a strategy that are no groups.
func providerKinds() []string {
	return []string{
		string(design.Fargate), string(design.FargateSpot), string(design.EC2),
		string(design.ManagedInstances), string(design.External), string(design.AppRunner),
	}
}

// capacityForm reads where tasks run: one word, or providers with base and weight.
func capacityForm() form[capacityDraft] {
	want := "one of " + strings.Join(providerKinds(), ", ") + ", or an instance group's name"
	one := as(text(want, "FARGATE"), func(s string) capacityDraft {
		return capacityDraft{providers: []named[providerDraft]{{name: s}}}
	})
	one.shape.examples = providerKinds()
	item := mapping("Provider", "One capacity provider's part of a strategy. With several, one without a weight has the weight 0, as in ECS.",
		"services: {api: {task: {cpu: 0.5, memory: 1GB}, capacity: {FARGATE: {base: 1, weight: 1}, FARGATE_SPOT: {weight: 3}}}}\n",
		field("base", "Tasks that run here before any weight counts.", optional(number(whole())), func(p *providerDraft) **float64 { return &p.base }),
		field("weight", "Its share of the tasks above the base.", optional(number(whole())), func(p *providerDraft) **float64 { return &p.weight }),
		field("group", "The instance group, of EC2 and MANAGED_INSTANCES.", text("an instance group's name"), func(p *providerDraft) *string { return &p.group }),
	)
	several := as(byName("capacity provider", item), func(p []named[providerDraft]) capacityDraft { return capacityDraft{providers: p} })
	several.shape.want = "a mapping of capacity providers, such as {FARGATE: {base: 1, weight: 1}, FARGATE_SPOT: {weight: 3}}"
	return placed(either(one, several), func(c *capacityDraft) *place { return &c.at })
}

// clusterDraft is a cluster as written.
type clusterDraft struct {
	design.Cluster
	groups []named[groupDraft]
}

// groupDraft is an instance group as written.
type groupDraft struct {
	design.InstanceGroup
	one      string
	count    *design.CountProfile
	headroom headroomDraft
	spare    *float64
}

func clusterForm() form[clusterDraft] {
	return mapping("Cluster", "The cluster that services run on. `cluster` is the only one; `clusters` are several by name, and each service says which is its own.",
		"cluster: {insights: enabled, instances: {web: {type: m7g.large, count: 3}}}\nservices: {api: {capacity: web, task: {cpu: 0.5, memory: 1GB}, count: 4}}\n",
		field("name", "The cluster's name.", text("a name"), func(c *clusterDraft) *string { return &c.Name }),
		field("insights", "Container Insights.", known(oneOf(
			choice[design.Insights]{"disabled", design.InsightsDisabled}, choice[design.Insights]{"enabled", design.InsightsStandard},
			choice[design.Insights]{"standard", design.InsightsStandard}, choice[design.Insights]{"enhanced", design.InsightsEnhanced},
		)), func(c *clusterDraft) *design.Fact[design.Insights] { return &c.Insights }),
		field("orchestrator", "ecs, or eks to ask what EKS would cost.", oneOf(choice[design.Orchestrator]{"ecs", design.ECS}, choice[design.Orchestrator]{"eks", design.EKS}),
			func(c *clusterDraft) *design.Orchestrator { return &c.Orchestrator }),
		field("extended_support", "Whether the EKS version is in extended support.", boolean(), func(c *clusterDraft) *bool { return &c.ExtendedSupport }),
		field("instances", "Groups of EC2 instances, or of ECS Managed Instances, by name.", byName("instance group", groupForm()), func(c *clusterDraft) *[]named[groupDraft] { return &c.groups }),
		field("tags", "Tags.", tagsForm(), func(c *clusterDraft) *map[string]string { return &c.Tags }),
	)
}

func groupForm() form[groupDraft] {
	instanceType := func() form[string] {
		f := text("an instance type such as m7g.large", "m7g.large")
		read := f.read
		f.read = func(r *reading, n *node, into *string) {
			if family, size, ok := strings.Cut(n.text, "."); n.kind == textNode && (!ok || family == "" || size == "" || strings.ContainsAny(n.text, " ,")) {
				r.wrong(n, f.shape.want)
				return
			}
			read(r, n, into)
		}
		return f
	}
	return mapping("Instance group", "Instances that tasks are placed on. Without a count as many run as hold the tasks.",
		"cluster:\n  instances:\n    web: {type: m7g.large, count: {min: 2, average: 3, max: 6}, spot: 30%, root_volume: {type: gp3, size: 30GB}}\n    jobs: {managed: true, types: [m7g.large, m7g.xlarge]}\n"+
			"services: {api: {capacity: {web: {weight: 1}}, task: {cpu: 0.5, memory: 1GB}}}\nnetwork: {azs: 3}\n",
		field("type", "The instance type.", instanceType(), func(g *groupDraft) *string { return &g.one }),
		field("types", "Several instance types that may be used.", listOf(instanceType(), false), func(g *groupDraft) *[]string { return &g.InstanceTypes }),
		field("managed", "Whether they are ECS Managed Instances, with their fee.", boolean(), func(g *groupDraft) *bool { return &g.Managed }),
		field("count", "How many run.", optional(countForm()), func(g *groupDraft) **design.CountProfile { return &g.count }),
		field("os", "Operating system; linux where nothing is said.", osForm(), func(g *groupDraft) *design.Fact[design.OS] { return &g.OS }),
		field("spot", "The share bought as Spot.", amount(share()), func(g *groupDraft) *design.Fact[float64] { return &g.Spot }),
		field("target_capacity", "Managed scaling's target.", amount(percent()), func(g *groupDraft) *design.Fact[float64] { return &g.TargetCapacity }),
		field("families", "Instance families to choose the type from, where no type is stated. Managed Instances mix them, an Auto Scaling group takes one type.",
			listOf(text("an instance family such as m7g", "m7g"), true), func(g *groupDraft) *[]string { return &g.Placement.Families }),
		field("sizes", "Instance sizes to choose the type from, where no type is stated.",
			listOf(text("an instance size such as large", "large"), true), func(g *groupDraft) *[]string { return &g.Placement.Sizes }),
		field("spread_azs", "Whether each service is split evenly over the AZs of the network.", boolean(), func(g *groupDraft) *bool { return &g.Placement.SpreadAZs }),
		field("spare_az", "Whether the rest holds every task when any one AZ fails; services are split over the AZs.", boolean(), func(g *groupDraft) *bool { return &g.Placement.SpareAZ }),
		field("spare_instances", "Instances that stand empty, in each AZ that services are split over: 1 is N+1.", optional(number(whole())), func(g *groupDraft) **float64 { return &g.spare }),
		field("headroom", "Room that a rolling deployment needs: so many percent more of every service, or one more task of the largest (in each AZ that services are split over).",
			headroomForm(), func(g *groupDraft) *headroomDraft { return &g.headroom }),
		field("cpu_baseline", "Whether burstable instances hold only the CPU that their credits pay for; without types, whether they may be chosen.", boolean(), func(g *groupDraft) *bool { return &g.Placement.CPUBaseline }),
		field("root_volume", "Each instance's root volume.", optional(ebsForm()), func(g *groupDraft) **design.Volume { return &g.RootVolume }),
		field("data_volume", "Each instance's data volume.", optional(ebsForm()), func(g *groupDraft) **design.Volume { return &g.DataVolume }),
		field("public_ip", "Whether each instance has a public IPv4 address.", known(boolean()), func(g *groupDraft) *design.Fact[bool] { return &g.PublicIP }),
		field("trunking", "The account setting awsvpcTrunking.", known(boolean()), func(g *groupDraft) *design.Fact[bool] { return &g.Trunking }),
		field("unlimited_cpu", "Mean CPU utilisation of burstable instances in unlimited mode.", amount(percent()), func(g *groupDraft) *design.Fact[float64] { return &g.UnlimitedCPU }),
		field("tags", "Tags.", tagsForm(), func(g *groupDraft) *map[string]string { return &g.Tags }),
	)
}

// headroomDraft is the room to keep free, as written.
type headroomDraft struct {
	percent float64
	largest bool
}

func headroomForm() form[headroomDraft] {
	largest := oneOf(choice[bool]{"largest_task", true})
	share := number(percent())
	both := &shape{any: []*shape{share.shape, largest.shape}}
	return form[headroomDraft]{both, func(r *reading, n *node, into *headroomDraft) {
		switch {
		case !n.scalar():
			r.wrong(n, both.wanted())
		case strings.EqualFold(n.text, "largest_task"):
			into.largest = true
		default:
			share.read(r, n, &into.percent)
		}
	}}
}

// tagsForm reads tags; values may be empty.
func tagsForm() form[map[string]string] {
	value := text("a text")
	value.read = func(r *reading, n *node, into *string) {
		if n.kind == listNode || n.kind == mappingNode {
			r.wrong(n, "a text")
			return
		}
		*into = n.text
	}
	return as(byName("tag", value), func(list []named[string]) map[string]string {
		tags := make(map[string]string, len(list))
		for _, t := range list {
			tags[t.name] = t.value
		}
		return tags
	})
}
