package render

import (
	"fmt"
	"slices"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// Titles of a diff's notes.
const (
	titleLeftOut     = "Not in these amounts"
	titleAssumptions = "Assumptions that changed"
	titleWarnings    = "Warnings"
)

// sections are a diff's notes: what the amounts leave out, then what they rest
// on, as far as the change touches it.
func (v *diffView) sections() []Section {
	sections := []Section{
		{Title: titleLeftOut, Alert: true, Items: slices.Concat(v.each(incompleteItems), grouped(v.each(uncertainItems)), v.each(modelItems), v.each(bothItems))},
		{Title: titleWarnings, Alert: true, Items: grouped(v.each(warningItems))},
		{Title: titleAssumptions, Items: grouped(v.each(assumptionItems))},
	}
	return slices.DeleteFunc(sections, func(s Section) bool { return len(s.Items) == 0 })
}

// each lists the items of every project; where there are several, a place
// begins with the project's name.
func (v *diffView) each(of func(*projectView) []Item) []Item {
	var all []Item
	for i := range v.projects {
		p := &v.projects[i]
		for _, item := range of(p) {
			item.Place, item.Text = short(item.Place, longestText), short(item.Text, longestText)
			if len(v.projects) > 1 {
				item.Place = joinPlace(short(p.diff.Name, longestName), item.Place)
			}
			all = append(all, item)
		}
	}
	return all
}

func joinPlace(project, place string) string {
	if place == "" {
		return project
	}
	return project + " / " + place
}

// incompleteItems say why an input is not whole, and what else keeps two
// results from being compared.
func incompleteItems(p *projectView) []Item {
	var out []Item
	for _, reason := range p.diff.Incomplete {
		out = append(out, Item{Text: reason})
	}
	was, is := &p.diff.Before, &p.diff.After
	if was.HoursPerMonth != is.HoursPerMonth && was.HoursPerMonth > 0 && is.HoursPerMonth > 0 {
		out = append(out, Item{Text: fmt.Sprintf("the month has %s h before and %s h after", quantity(was.HoursPerMonth), quantity(is.HoursPerMonth))})
	}
	switch {
	case was.Range.Open && is.Range.Open:
		out = append(out, Item{Text: "no maximum count is stated: both sides are priced at the fewest tasks"})
	case is.Range.Open:
		out = append(out, Item{Text: "no maximum count is stated any more: priced at the fewest tasks, with no upper end"})
	case was.Range.Open:
		out = append(out, Item{Text: "no maximum count was stated before: that side is priced at the fewest tasks, with no upper end"})
	}
	return out
}

// uncertainItems are the lines whose change cannot be priced.
func uncertainItems(p *projectView) []Item {
	var out []Item
	for i := range p.resources {
		r := p.resources[i].diff
		if r.Cost.Certainty == advisor.Complete {
			continue
		}
		for j := range r.Lines {
			l := &r.Lines[j]
			if l.Cost.Certainty == advisor.Complete {
				continue
			}
			place := lineTitle(l) + " of " + resourceTitle(r.Resource(), ambiguous(p.resources, i))
			out = append(out, Item{Place: place, Text: lineReason(l)})
		}
	}
	return out
}

// modelItems count the types that have no price model.
func modelItems(p *projectView) []Item {
	var out []Item
	for _, t := range p.diff.NotPriced {
		text := fmt.Sprintf("%d before, %d after; no price model", t.Before, t.After)
		if t.Before == t.After {
			text = plural(t.After, "resource", "resources") + " without a price model; what changes in it is not seen"
		}
		out = append(out, Item{Place: t.Type, Text: text})
	}
	return out
}

// bothItems count the lines that are unpriced in the same way on both sides.
func bothItems(p *projectView) []Item {
	n := p.diff.Counts.UnpricedBoth
	if n == 0 {
		return nil
	}
	return []Item{{Text: plural(n, "line is", "lines are") + " unpriced before and after, and taken for equal"}}
}

// warningItems are the warnings that the change brings.
func warningItems(p *projectView) []Item {
	var out []Item
	for _, n := range p.diff.Warnings {
		if n.After != "" {
			out = append(out, Item{Place: n.Path, Text: n.After})
		}
	}
	return out
}

// assumptionItems are the assumptions that stand on one side only.
func assumptionItems(p *projectView) []Item {
	var out []Item
	for _, n := range p.diff.Assumptions {
		item := Item{Place: n.Path, Text: n.After}
		switch {
		case n.After == "":
			item.Text = "no longer: " + n.Before
		case n.Before != "":
			item.Text = n.After + " (before: " + n.Before + ")"
		}
		out = append(out, item)
	}
	return out
}

// footer says whose prices these are and how old, and whether the two sides
// were priced at different dates.
func (v *diffView) footer() []string {
	var before, after []Priced
	for i := range v.projects {
		before = append(before, Priced{Result: v.projects[i].diff.Before})
		after = append(after, Priced{Result: v.projects[i].diff.After})
	}
	footer := estimateFooter(slices.Concat(before, after), EstimateInfo{Snapshot: v.info.Snapshot, AsOf: v.info.AsOf})
	oldest, newest := priceDates(before)
	if o, n := priceDates(after); oldest != "" && o != "" && newest != n {
		footer = append(footer, "Prices before the change are of "+dateSpan(oldest, newest)+", after it of "+dateSpan(o, n)+".")
	}
	return footer
}

func dateSpan(oldest, newest string) string {
	if oldest == newest {
		return oldest
	}
	return oldest + " to " + newest
}

// counts says how many resources changed in which way, and how many lines have
// no price.
func (v *diffView) counts() []string {
	n := v.diff.Counts
	services, resources := 0, 0
	for i := range v.projects {
		for j := range v.projects[i].resources {
			resources++
			if v.projects[i].resources[j].diff.Resource().Kind == estimate.KindService {
				services++
			}
		}
	}
	if resources == 0 {
		return []string{"No resources on either side."}
	}
	text := plural(resources, "resource", "resources") + " (" + plural(services, "service", "services") + ")"
	parts := ""
	for _, c := range []struct {
		n    int
		what string
	}{{n.Changed, "changed"}, {n.Added, "added"}, {n.Removed, "removed"}, {n.Renamed, "renamed"}, {n.Unchanged, "unchanged"}} {
		if c.n == 0 {
			continue
		}
		if parts != "" {
			parts += ", "
		}
		parts += quantity(float64(c.n)) + " " + c.what
	}
	lines := []string{text + ": " + parts + "."}
	if n.UnpricedBefore+n.UnpricedAfter > 0 {
		lines = append(lines, "Unpriced lines: "+quantity(float64(n.UnpricedBefore))+" before, "+quantity(float64(n.UnpricedAfter))+" after.")
	}
	return lines
}
