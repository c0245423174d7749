package render

import (
	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// diffJSONOf makes the JSON of a difference.
func diffJSONOf(d advisor.Differences, info DiffInfo) diffRoot {
	root := diffRoot{Projects: []diffProject{}}
	root.Version, root.Currency, root.Summary = infracostVersion, "USD", newInfracostSummary()
	var sum summary
	var after []Priced
	var pastUsage, usage, pastHourly, hourly float64
	for i := range d.Projects {
		p := &d.Projects[i]
		made := diffProjectOf(p, info.Inputs[p.Name])
		root.Projects = append(root.Projects, made.diffProject)
		root.Summary.add(made.Summary)
		sum.add(made.after.Result)
		after = append(after, made.after)
		pastUsage, usage = pastUsage+made.pastUsage, usage+made.usage
		pastHourly += p.Total.Before.Effective / made.before.Result.HoursPerMonth
		hourly += p.Total.After.Effective / made.after.Result.HoursPerMonth
	}
	root.TotalMonthlyCost, root.TotalHourlyCost = amount(d.Total.After.Effective), amount(hourly)
	root.TotalMonthlyUsageCost = amount(usage)
	root.PastTotalMonthlyCost, root.PastTotalHourlyCost = amount(d.Total.Before.Effective), amount(pastHourly)
	root.PastTotalMonthlyUsage = amount(pastUsage)
	root.DiffTotalMonthlyCost = changeAmount(d.Total, d.Total.Amount().Effective)
	root.DiffTotalHourlyCost = changeAmount(d.Total, hourly-pastHourly)
	root.DiffTotalMonthlyUsage = changeAmount(d.Total, usage-pastUsage)
	if info.AsOf != "" {
		root.TimeGenerated = info.AsOf + "T00:00:00Z"
	}
	oldest, newest := priceDates(after)
	root.Ecsavvy = diffRootExtra{
		rootExtra: rootExtra{
			FormatVersion: formatVersion, AsOf: info.AsOf, LowerBound: sum.unpriced > 0 || sum.notPriced > 0,
			Range: rangeOf(sum.rng), ListCost: decimal(sum.cost.List), Unpriced: sum.unpriced,
			Prices: dateExtra{Snapshot: info.Snapshot, Oldest: oldest, Newest: newest},
		},
		Incomplete: d.Total.Certainty != advisor.Complete, Change: changeExtraOf(d.Total),
	}
	root.Ecsavvy.Change.Effect, root.Ecsavvy.Change.Counts = effectExtraOf(d.Effect), countsExtraOf(d.Counts)
	for _, g := range info.Guardrails {
		root.Ecsavvy.Guardrails = append(root.Ecsavvy.Guardrails, guardrailOut{Title: g.Title, State: g.State.String(), Text: g.Text})
	}
	return root
}

// changeAmount is a change as a JSON value, null where its delta does not say
// where the cost goes because something is unpriced.
func changeAmount(d advisor.Delta, usd float64) *string {
	if d.Certainty != advisor.Complete && d.Direction() == advisor.Unclear {
		return nil
	}
	return amount(usd)
}

// madeProject is a project with what the totals need of it.
type madeProject struct {
	diffProject
	before, after    Priced
	pastUsage, usage float64
}

func diffProjectOf(p *advisor.ProjectDiff, input DiffInput) madeProject {
	made := madeProject{
		before: pricedSide(p.Before, p, input, p.After.HoursPerMonth),
		after:  pricedSide(p.After, p, input, p.Before.HoursPerMonth),
	}
	past, pastUsage := infracostProjectOf(made.before)
	now, usage := infracostProjectOf(made.after)
	made.pastUsage, made.usage = pastUsage, usage
	now.PastBreakdown = &past.Breakdown
	made.infracostProject = now
	extra := diffProjectExtra{
		projectExtra: now.Ecsavvy, OldName: p.OldName, Incomplete: p.Total.Certainty != advisor.Complete,
		Reasons: append([]string{}, p.Incomplete...), Change: changeExtraOf(p.Total),
		Unpriced: []unpricedChangeExtra{}, Assumptions: []noteChangeExtra{}, NotPriced: []typeChangeExtra{},
	}
	if p.Change != advisor.Added {
		extra.Past = &past.Ecsavvy
	}
	extra.Change.Change = p.Change.String()
	extra.Change.Effect, extra.Change.Counts = effectExtraOf(p.Effect), countsExtraOf(p.Counts)
	for _, n := range p.Assumptions {
		extra.Assumptions = append(extra.Assumptions, noteChangeExtra(n))
	}
	for _, t := range p.NotPriced {
		if t.Before != t.After {
			extra.NotPriced = append(extra.NotPriced, typeChangeExtra(t))
		}
	}
	hours := made.after.Result.HoursPerMonth
	made.Diff = diffBreakdown{
		Resources:             []diffResource{},
		TotalMonthlyCost:      changeAmount(p.Total, p.Total.Amount().Effective),
		TotalHourlyCost:       changeAmount(p.Total, p.Total.After.Effective/hours-p.Total.Before.Effective/made.before.Result.HoursPerMonth),
		TotalMonthlyUsageCost: changeAmount(p.Total, usage-pastUsage),
	}
	for i := range p.Resources {
		r := &p.Resources[i]
		if r.Change == advisor.Unchanged {
			continue
		}
		made.Diff.Resources = append(made.Diff.Resources, diffResourceOf(r, hours))
		extra.Unpriced = append(extra.Unpriced, unpricedChangesOf(r)...)
	}
	made.Ecsavvy = extra
	return made
}

// pricedSide is one side of a project as the estimate's JSON takes it.
func pricedSide(r estimate.Result, p *advisor.ProjectDiff, input DiffInput, otherHours float64) Priced {
	r.HoursPerMonth = orMonth(r.HoursPerMonth, otherHours)
	r.Resources = withUnusedCommitments(r)
	return Priced{Name: p.Name, Path: input.Path, Kind: input.Kind, Result: r}
}

func diffResourceOf(r *advisor.ResourceDiff, hours float64) diffResource {
	res := r.Resource()
	bare := *res
	bare.Lines = nil
	made, _ := infracostResourceOf(&bare, hours)
	out := diffResource{
		infracostResource: made,
		Ecsavvy:           diffResourceExtra{resourceExtra: made.Ecsavvy, Match: matchName(r), Change: changeExtraOf(r.Cost)},
	}
	out.Ecsavvy.Change.Change = r.Change.String()
	if r.Moved() {
		out.Ecsavvy.PastName, out.Ecsavvy.PastCluster = r.Before.Name, r.Before.Cluster
	}
	if r.Before != nil && r.Before.Summary != res.Summary {
		out.Ecsavvy.PastSummary = r.Before.Summary
	}
	usage := 0.0
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.Change == advisor.Unchanged {
			continue
		}
		c := diffComponentOf(l, hours)
		if c.UsageBased {
			usage += l.Cost.Amount().Effective
		}
		out.CostComponents = append(out.CostComponents, c)
	}
	usd := r.Cost.Amount().Effective
	out.MonthlyCost, out.HourlyCost = changeAmount(r.Cost, usd), changeAmount(r.Cost, usd/hours)
	out.MonthlyUsageCost = changeAmount(r.Cost, usage)
	return out
}

func diffComponentOf(l *advisor.LineDiff, hours float64) diffComponent {
	line := l.Line()
	made := infracostComponentOf(line, hours)
	c := diffComponent{
		infracostComponent: infracostComponent{
			Name: diffComponentName(l), Unit: made.Unit, UsageBased: made.UsageBased, PriceNotFound: made.PriceNotFound,
		},
		Ecsavvy: diffComponentExtra{
			componentExtra: made.Ecsavvy, Change: l.Change.String(), Certainty: l.Cost.Certainty.String(), Unpriced: l.Unpriced(),
		},
	}
	e := &c.Ecsavvy
	e.PastQuantity, e.PastPrice, e.PastCost = lineFigures(l.Before)
	e.Quantity, e.Price, e.Cost = lineFigures(l.After)
	if line.Unpriced != "" && e.Unpriced == "" {
		e.Unpriced = line.Unpriced
	}
	if l.Cost.Certainty != advisor.Complete || line.Unpriced != "" {
		if line.UnitRate != nil && l.Change == advisor.Added {
			c.Price = made.Price // what it depends on, as in an estimate
		}
		return c
	}
	var was, is estimate.Line
	if l.Before != nil {
		was = *l.Before
	}
	if l.After != nil {
		is = *l.After
	}
	q := is.Charge.PricingQuantity - was.Charge.PricingQuantity
	c.MonthlyQuantity, c.HourlyQuantity = amount(q), amount(q/hours)
	c.Price = amount(is.Charge.ListUnitPrice - was.Charge.ListUnitPrice)
	usd := l.Cost.Amount().Effective
	c.MonthlyCost, c.HourlyCost = amount(usd), amount(usd/hours)
	return c
}

// lineFigures are a line's quantity, price and cost; null where there are none.
func lineFigures(l *estimate.Line) (quantity, price, cost *string) {
	if l == nil || l.Unpriced != "" {
		return nil, nil, nil
	}
	return amount(l.Charge.PricingQuantity), amount(l.Charge.ListUnitPrice), amount(l.Cost.Effective)
}

// diffComponentName is the line's name, and what it was if its detail changed.
func diffComponentName(l *advisor.LineDiff) string {
	if l.Before == nil || l.After == nil || l.Before.Detail == l.After.Detail {
		return componentName(l.Line())
	}
	return l.After.Name + " (" + orNone(l.Before.Detail) + " → " + orNone(l.After.Detail) + ")"
}

// unpricedChangesOf lists the lines of a resource whose change is not known.
func unpricedChangesOf(r *advisor.ResourceDiff) []unpricedChangeExtra {
	var out []unpricedChangeExtra
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.Cost.Certainty == advisor.Complete {
			continue
		}
		res := r.Resource()
		u := unpricedChangeExtra{Resource: resourceType(res) + "." + res.Name, Component: diffComponentName(l), Reason: l.Unpriced()}
		_, _, u.PastCost = lineFigures(l.Before)
		_, _, u.Cost = lineFigures(l.After)
		out = append(out, u)
	}
	return out
}
