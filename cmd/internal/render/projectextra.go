package render

import (
	"maps"

	"ecsavvy/advisor/estimate"
)

// projectExtraOf is what Infracost's format cannot say of a project.
func projectExtraOf(p Priced) projectExtra {
	r := p.Result
	extra := projectExtra{
		InputKind: p.Kind, Workload: r.Workload,
		Region:        regionExtra{Code: r.Region.Value, Basis: r.Region.Basis.String(), Note: r.Region.Note},
		HoursPerMonth: decimal(r.HoursPerMonth),
		LowerBound:    r.LowerBound(), Range: rangeOf(r.Range), ListCost: decimal(r.Total.List),
		Assumptions: notesOf(r.Assumptions), Warnings: notesOf(r.Warnings), AssumedRates: notesOf(r.AssumedRates),
		Unpriced: unpricedOf(r), NotPriced: map[string]int{},
		Prices: dateExtra{Oldest: r.OldestPrice, Newest: r.NewestPrice},
	}
	maps.Copy(extra.NotPriced, r.NotPriced)
	if use := r.Commitments; use != nil {
		extra.Commitments = &commitmentExtra{Unused: decimal(use.Unused), Plans: []planExtra{}}
		for _, plan := range use.Plans {
			extra.Commitments.Plans = append(extra.Commitments.Plans,
				planExtra{Name: plan.Name, Committed: decimal(plan.Committed), Used: decimal(plan.Used)})
		}
	}
	return extra
}

func notesOf(notes []estimate.Note) []noteExtra {
	out := make([]noteExtra, len(notes))
	for i, n := range notes {
		out[i] = noteExtra{Path: n.Path, Text: n.Text}
	}
	return out
}

func unpricedOf(r estimate.Result) []unpricedExtra {
	out := []unpricedExtra{}
	for i := range r.Resources {
		res := &r.Resources[i]
		for j := range res.Lines {
			l := &res.Lines[j]
			if l.Unpriced == "" {
				continue
			}
			u := unpricedExtra{Resource: resourceType(res) + "." + res.Name, Component: componentName(l), Reason: l.Unpriced}
			if l.UnitRate != nil {
				u.UnitPrice, u.Unit = amount(l.UnitRate.Tiers[0].USD), l.UnitRate.Unit
			}
			out = append(out, u)
		}
	}
	return out
}
