package render

import (
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// Alternatives makes the document of the standard variants of one design: the
// design, then the frontier by cost, or with All every variant.
func Alternatives(set *advisor.AlternativeSet, info CompareInfo) Document {
	c := asComparison(set)
	on := 0
	var t Table
	row := func(d *advisor.Design, frontier bool) {
		mark := ""
		if frontier {
			mark = "*"
			on++
		}
		i := slices.IndexFunc(c.Designs, func(o advisor.Design) bool { return o.Name == d.Name })
		printed := []compareCents{centsOfDesign(&c.Designs[0], c.Groups), centsOfDesign(d, c.Groups)}
		pair := advisor.Comparison{Designs: []advisor.Design{set.Base, *d}}
		difference, percent := differenceCell(&pair, printed, 1), percentCell(&pair, 1)
		if i == 0 {
			difference, percent = nothing, nothing
		}
		t.Rows = append(t.Rows, Row{Cells: []string{d.Name, totalCell(d, printed[1].total), difference, percent, riskCell(d), mark}})
	}
	row(&set.Base, set.BaseOnFrontier)
	for i := range set.Designs {
		if a := &set.Designs[i]; a.Frontier || info.All {
			row(&a.Design, a.Frontier)
		}
	}
	variants := "variants"
	if len(set.Designs) == 1 {
		variants = "variant"
	}
	t.About = fmt.Sprintf("%d valid %s, %d on the frontier of cost and risk (*)", len(set.Designs), variants, on)
	t.Title = "Alternatives to " + workloadName(set)
	return Document{
		Title: "Alternatives to " + workloadName(set) + ", USD a month",
		Columns: []Column{
			{Title: "Design"}, {Title: "USD/month", Right: true}, {Title: "difference", Right: true},
			{Title: "%", Right: true}, {Title: "risk", Right: true}, {Title: "*"},
		},
		Tables:   []Table{t},
		Sections: alternativeSections(set),
		Footer:   compareFooter([]advisor.Design{set.Base}, info),
		Records:  func() Records { return alternativesRecords(set) },
		Data:     func() any { return alternativesData(set, info) },
	}
}

func workloadName(set *advisor.AlternativeSet) string {
	if set.Base.Result.Workload != "" {
		return set.Base.Result.Workload
	}
	return "the design"
}

// asComparison is the base and every variant as columns.
func asComparison(set *advisor.AlternativeSet) advisor.Comparison {
	c := advisor.Comparison{Designs: []advisor.Design{set.Base}}
	for i := range set.Designs {
		c.Designs = append(c.Designs, set.Designs[i].Design)
	}
	seen := map[estimate.Group]bool{}
	for i := range c.Designs {
		for g := range c.Designs[i].Groups {
			seen[g] = true
		}
	}
	for g := range seen {
		c.Groups = append(c.Groups, g)
	}
	slices.Sort(c.Groups)
	return c
}

// alternativeSections are what the designs on the frontier risk, and what was
// dropped.
func alternativeSections(set *advisor.AlternativeSet) []Section {
	var risks, sized, dropped []Item
	explain := func(d *advisor.Design) {
		var parts []string
		points := map[string]float64{}
		for _, r := range d.Remarks {
			if points[r.Rule] == 0 {
				parts = append(parts, r.Rule)
			}
			points[r.Rule] += r.Points
		}
		for i, rule := range parts {
			parts[i] = fmt.Sprintf("%s %.1f", rule, points[rule])
		}
		if len(parts) == 0 {
			parts = []string{"nothing that a rule names"}
		}
		risks = append(risks, Item{Place: d.Name, Text: strings.Join(parts, ", ")})
	}
	explain(&set.Base)
	for i := range set.Designs {
		if set.Designs[i].Frontier {
			explain(&set.Designs[i].Design)
			if how := set.Designs[i].Commitment; how != "" {
				sized = append(sized, Item{Place: set.Designs[i].Name, Text: how})
			}
		}
	}
	for _, d := range set.Dropped {
		text := d.Names[0]
		if n := len(d.Names); n > 1 {
			text += fmt.Sprintf(" and %d more", n-1)
		}
		dropped = append(dropped, Item{Text: d.Reason + " (" + text + ")"})
	}
	unpriced := append(unpricedItems(set.Base.Result), notPricedItems(set.Base.Result)...)
	sections := []Section{
		{Title: "Unpriced in the design as it is", Alert: true, Items: grouped(unpriced)},
		{Title: "Risk points by rule (advisor/docs/compare.md)", Items: risks},
		{Title: "Compute Savings Plans, 1 year, no upfront", Items: sized},
		{Title: "Dropped: not valid", Items: dropped},
	}
	return slices.DeleteFunc(sections, func(s Section) bool { return len(s.Items) == 0 })
}
