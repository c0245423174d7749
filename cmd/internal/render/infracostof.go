package render

import (
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// infracostOf makes the JSON of one or more estimates.
func infracostOf(projects []Priced, info EstimateInfo) infracostRoot {
	var sum summary
	root := infracostRoot{Version: infracostVersion, Currency: "USD", Projects: []infracostProject{}}
	root.Summary = newInfracostSummary()
	hourly, usage := 0.0, 0.0
	for _, p := range projects {
		sum.add(p.Result)
		project, usageCost := infracostProjectOf(p)
		usage += usageCost
		hourly += p.Result.Total.Effective / p.Result.HoursPerMonth
		root.Summary.add(project.Summary)
		root.Projects = append(root.Projects, project)
	}
	root.TotalHourlyCost, root.TotalMonthlyCost = amount(hourly), amount(sum.cost.Effective)
	root.TotalMonthlyUsageCost = amount(usage)
	if info.AsOf != "" {
		root.TimeGenerated = info.AsOf + "T00:00:00Z"
	}
	oldest, newest := priceDates(projects)
	root.Ecsavvy = rootExtra{
		FormatVersion: formatVersion, AsOf: info.AsOf,
		LowerBound: sum.unpriced > 0 || sum.notPriced > 0,
		Range:      rangeOf(sum.rng), ListCost: decimal(sum.cost.List), Unpriced: sum.unpriced,
		Prices: dateExtra{Snapshot: info.Snapshot, Oldest: oldest, Newest: newest},
	}
	return root
}

// amount is a number as a JSON value.
func amount(f float64) *string {
	text := decimal(f)
	return &text
}

func rangeOf(r estimate.Range) rangeExtra {
	out := rangeExtra{Low: decimal(r.Low)}
	if !r.Open {
		out.High = amount(r.High)
	}
	return out
}

// infracostProjectOf makes one project, and returns its usage-based cost.
func infracostProjectOf(p Priced) (project infracostProject, usage float64) {
	r := p.Result
	project = infracostProject{
		Name: p.Name, DisplayName: p.Name, Metadata: infracostMetadata{Path: p.Path, Type: projectType(p.Kind)},
		Breakdown: infracostBreakdown{Resources: []infracostResource{}},
		Summary:   newInfracostSummary(),
		Ecsavvy:   projectExtraOf(p),
	}
	for i := range r.Resources {
		res := &r.Resources[i]
		made, usageCost := infracostResourceOf(res, r.HoursPerMonth)
		usage += usageCost
		project.Summary.TotalDetectedResources++
		project.Summary.TotalSupportedResources++
		if usageBased(res) {
			project.Summary.TotalUsageBasedResources++
		}
		if len(res.Lines) == 0 && res.Cost.Effective == 0 {
			project.Summary.TotalNoPriceResources++
			project.Summary.NoPriceResourceCounts[made.ResourceType]++
			project.Breakdown.FreeResources = append(project.Breakdown.FreeResources, made)
			continue
		}
		project.Breakdown.Resources = append(project.Breakdown.Resources, made)
	}
	for name, n := range r.NotPriced {
		project.Summary.TotalDetectedResources += n
		project.Summary.TotalUnsupportedResources += n
		project.Summary.UnsupportedResourceCounts[name] += n
	}
	project.Breakdown.TotalMonthlyCost = amount(r.Total.Effective)
	project.Breakdown.TotalHourlyCost = amount(r.Total.Effective / r.HoursPerMonth)
	project.Breakdown.TotalMonthlyUsageCost = amount(usage)
	return project, usage
}

// projectType is Infracost's word for what was read, where it has one.
func projectType(kind string) string {
	switch kind {
	case "terraform plan":
		return "terraform_plan_json"
	case "cloudformation":
		return "cloudformation"
	default:
		return "ecsavvy"
	}
}

// resourceType is the Terraform type of a resource's kind, which policies and
// filters written for Infracost look for.
func resourceType(res *estimate.Resource) string {
	switch res.Kind {
	case estimate.KindService:
		return "aws_ecs_service"
	case estimate.KindInstances:
		return "aws_autoscaling_group"
	case estimate.KindCluster:
		return "aws_ecs_cluster"
	case estimate.KindLoadBalancer:
		return "aws_lb"
	case estimate.KindTunnel:
		return "cloudflare_zero_trust_tunnel_cloudflared"
	case estimate.KindNAT:
		return "aws_nat_gateway"
	case estimate.KindEndpoint:
		return "aws_vpc_endpoint"
	case estimate.KindNetwork:
		return "aws_data_transfer"
	case estimate.KindLogGroup:
		return "aws_cloudwatch_log_group"
	case estimate.KindRepository:
		return "aws_ecr_repository"
	case estimate.KindSecrets:
		return "aws_secretsmanager_secret"
	case estimate.KindFileSystem:
		return "aws_efs_file_system"
	case estimate.KindAlarms:
		return "aws_cloudwatch_metric_alarm"
	case estimate.KindNamespace:
		return "aws_service_discovery_private_dns_namespace"
	default:
		return "ecsavvy_" + string(res.Kind)
	}
}

func infracostResourceOf(res *estimate.Resource, hours float64) (out infracostResource, usage float64) {
	kind := resourceType(res)
	out = infracostResource{
		Name: kind + "." + res.Name, ResourceType: kind, Tags: res.Tags, Metadata: map[string]string{},
		Ecsavvy: resourceExtra{
			Kind: string(res.Kind), Name: res.Name, Cluster: res.Cluster, Summary: res.Summary,
			ListCost: decimal(res.Cost.List), Range: rangeOf(res.Range), Unpriced: res.Unpriced,
		},
	}
	for i := range res.Lines {
		l := &res.Lines[i]
		c := infracostComponentOf(l, hours)
		if c.UsageBased {
			usage += l.Cost.Effective
		}
		out.CostComponents = append(out.CostComponents, c)
	}
	if res.Unpriced == 0 || res.Unpriced < len(res.Lines) {
		out.MonthlyCost, out.HourlyCost = amount(res.Cost.Effective), amount(res.Cost.Effective/hours)
		out.MonthlyUsageCost = amount(usage)
	}
	return out, usage
}

func infracostComponentOf(l *estimate.Line, hours float64) infracostComponent {
	sku, charge := l.Charge.Usage.SKU, &l.Charge
	c := infracostComponent{
		Name: componentName(l), Unit: charge.Rate.Unit,
		UsageBased: lineUsageBased(l), PriceNotFound: charge.Err != nil,
		Ecsavvy: componentExtra{
			Detail: l.Detail, Group: string(l.Group), Basis: l.Basis.String(), Unpriced: l.Unpriced,
			Formula: charge.Usage.Why, Service: sku.Service, UsageType: sku.UsageType, Region: sku.Region,
		},
	}
	rate := &charge.Rate
	if l.UnitRate != nil {
		rate = l.UnitRate
		c.Unit, c.Price = rate.Unit, amount(rate.Tiers[0].USD)
	}
	c.Ecsavvy.rate(rate)
	if l.Unpriced != "" {
		if charge.Err != nil {
			c.Ecsavvy.UsageQuantity = amount(charge.Usage.Quantity)
		}
		return c
	}
	c.Ecsavvy.UsageQuantity = amount(charge.Usage.Quantity)
	c.Ecsavvy.ListCost = amount(l.Cost.List)
	if charge.FreeQuantity > 0 {
		c.Ecsavvy.FreeQuantity = decimal(charge.FreeQuantity)
	}
	c.Price = amount(charge.ListUnitPrice)
	c.MonthlyQuantity, c.HourlyQuantity = amount(charge.PricingQuantity), amount(charge.PricingQuantity/hours)
	c.MonthlyCost, c.HourlyCost = amount(l.Cost.Effective), amount(l.Cost.Effective/hours)
	return c
}

// componentName is the line's name with its parameters in brackets.
func componentName(l *estimate.Line) string {
	if l.Detail == "" {
		return l.Name
	}
	return l.Name + " (" + l.Detail + ")"
}

// rate adds where a price comes from.
func (e *componentExtra) rate(r *pricing.Rate) {
	e.Attributes = r.SKU.Attributes
	e.AsOf, e.Source, e.Assumed, e.Floats = r.AsOf, r.Source, r.Assumed, r.Floats
	if len(r.Tiers) > 1 {
		e.Tiers = tiersOf(r)
	}
}

// lineUsageBased reports whether a line is paid by what passes through, as
// Infracost understands it: requests, data, capacity units, storage that
// grows; not what stands there by the hour.
func lineUsageBased(l *estimate.Line) bool {
	switch l.Group {
	case estimate.Compute, estimate.Control:
		return false
	}
	rate := l.Charge.Rate
	if l.UnitRate != nil {
		rate = *l.UnitRate
	}
	return rate.Unit != "" && !hourly(rate.Unit)
}

func usageBased(res *estimate.Resource) bool {
	for i := range res.Lines {
		if lineUsageBased(&res.Lines[i]) {
			return true
		}
	}
	return false
}

func newInfracostSummary() infracostSummary {
	return infracostSummary{UnsupportedResourceCounts: map[string]int{}, NoPriceResourceCounts: map[string]int{}}
}

func (s *infracostSummary) add(o infracostSummary) {
	s.TotalDetectedResources += o.TotalDetectedResources
	s.TotalSupportedResources += o.TotalSupportedResources
	s.TotalUnsupportedResources += o.TotalUnsupportedResources
	s.TotalUsageBasedResources += o.TotalUsageBasedResources
	s.TotalNoPriceResources += o.TotalNoPriceResources
	for name, n := range o.UnsupportedResourceCounts {
		s.UnsupportedResourceCounts[name] += n
	}
	for name, n := range o.NoPriceResourceCounts {
		s.NoPriceResourceCounts[name] += n
	}
}
