package render

import (
	"math"

	"ecsavvy/advisor"
)

// sentence says in a few words what the change does to the monthly cost.
func (v *diffView) sentence() string {
	d := v.diff.Total
	low, high := d.Span()
	spread := d.Certainty == advisor.Complete && v.unit.round(low) != v.unit.round(high)
	switch d.Direction() {
	case advisor.NoChange:
		_, after := v.sides()
		if after.exact == 0 && !after.partial {
			return "Monthly cost does not change"
		}
		return "Monthly cost does not change: " + v.unit.side(after)
	case advisor.Increase:
		return "Monthly cost increases by " + v.size(spread, low, high)
	case advisor.Decrease:
		return "Monthly cost decreases by " + v.size(spread, -high, -low)
	}
	if spread {
		return "Monthly cost changes by " + v.unit.span(low) + " to " + v.unit.span(high) + ", depending on the number of tasks"
	}
	if d.Certainty == advisor.Complete {
		return "Monthly cost hardly changes"
	}
	for i := range v.projects {
		if len(v.projects[i].diff.Incomplete) > 0 {
			return "Monthly cost change is incomplete: an input is not whole"
		}
	}
	return "Monthly cost change is incomplete: not everything can be priced"
}

// size is how much an increase or a decrease is.
func (v *diffView) size(spread bool, low, high float64) string {
	d := v.diff.Total
	exact := d.Amount().Effective
	if exact < 0 {
		exact = -exact
	}
	text := v.unit.cost(abs(v.total.change()), exact)
	if v.total.change() == 0 {
		text = "less than " + v.unit.text(1)
	}
	switch {
	case spread:
		return v.unit.text(v.unit.round(low)) + " to " + v.unit.text(v.unit.round(high))
	case d.Certainty != advisor.Complete:
		return text + " or more"
	}
	if p := percent(d); p != "" {
		text += " (" + p + ")"
	}
	return text
}

// arrow is the direction as a sign that is seen from afar.
func arrow(d advisor.Direction) string {
	switch d {
	case advisor.Increase:
		return "⬆️"
	case advisor.Decrease:
		return "⬇️"
	case advisor.NoChange:
		return "➡️"
	default:
		return "⚠️"
	}
}

// remarks are what a reader of the total has to know beside it: other regions,
// other prices.
func (v *diffView) remarks() []string {
	var out []string
	for i := range v.projects {
		p := &v.projects[i]
		of := ""
		if len(v.projects) > 1 {
			of = " of " + short(p.diff.Name, longestName)
		}
		if d := &p.diff.Difference; d.RegionChanged() {
			out = append(out, "Region"+of+": "+short(d.Before.Region.Value, longestName)+" → "+short(d.After.Region.Value, longestName)+".")
		}
		if text := v.causes(&p.diff.Difference, p.step); text != "" {
			out = append(out, "Causes"+of+": "+text+".")
		}
	}
	return out
}

// causes splits the change by what makes it, where prices or commitments take
// part; the parts make up the change.
func (v *diffView) causes(d *advisor.Difference, s step) string {
	e := d.Effect
	if d.Total.Certainty != advisor.Complete || v.unit.round(e.Price) == 0 && v.unit.round(e.Commitment) == 0 {
		return ""
	}
	exact := []float64{e.Quantity, e.Price, e.Commitment}
	for i := range exact {
		exact[i] *= 0.01 / v.unit.usd() // apportion splits cents
	}
	parts := apportion(s.change(), exact)
	text := ""
	for i, what := range []string{"quantities", "prices", "commitments"} {
		if parts[i] == 0 && math.Abs(exact[i]) < tiny {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += what + " " + v.unit.change(parts[i], exact[i])
	}
	return text
}
