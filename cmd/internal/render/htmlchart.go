package render

import (
	"fmt"
	"math"
	"strings"

	"ecsavvy/advisor"
)

// Charts are SVG with lengths across in per cent, so that their texts stay legible
// at every width. Each has a title and a description, and its figures stand in a
// table too.

// chart writes a chart's frame: its name and its description for who cannot see it.
func (p htmlPage) chart(id string, height int, title, description string, draw func()) {
	p.raw(fmt.Sprintf("<figure><svg role=\"img\" width=\"100%%\" height=\"%d\" aria-labelledby=\"%s-t %s-d\"><title id=\"%s-t\">", height, id, id, id))
	p.text(title)
	p.raw("</title><desc id=\"" + id + "-d\">")
	p.text(description)
	p.raw("</desc>\n")
	draw()
	p.raw("</svg><figcaption>")
	p.text(title)
	p.raw("</figcaption></figure>\n")
}

// svgText writes a text at x per cent and y pixels.
func (p htmlPage) svgText(x float64, y int, attributes, text string) {
	p.raw(fmt.Sprintf("<text x=\"%s%%\" y=\"%d\"%s>", coordinate(x), y, attributes))
	p.text(text)
	p.raw("</text>")
}

// bar writes a bar from x to x+w per cent, at y pixels, h high; one that is
// something is seen.
func (p htmlPage) bar(x, y, w, h float64, class string) {
	p.raw(fmt.Sprintf("<rect class=%s x=\"%s%%\" y=\"%s\" width=\"%s%%\" height=\"%s\"/>", class, coordinate(x), coordinate(y), coordinate(math.Max(w, 0.3)), coordinate(math.Max(h, 1))))
}

func coordinate(v float64) string { return decimal(math.Round(v*100) / 100) }

const endAnchor = ` text-anchor="end"`

// Size of the trend, in pixels.
const (
	trendHeight = 190
	trendTop    = 24
	trendBottom = 165
)

// widestLabels is how many bars have a name below them on a phone.
const widestLabels = 7

// trendChart is the cost in every report.
func (p htmlPage) trendChart(points []advisor.TrendPoint) {
	highest := 0.0
	for _, x := range points {
		highest = math.Max(highest, x.Cost)
	}
	ticks := chartTicks(0, math.Max(highest, 0.01))
	top := math.Max(highest, ticks[len(ticks)-1].Value)
	y := func(v float64) float64 { return trendBottom - (trendBottom-trendTop)*v/top }
	first, last := points[0], points[len(points)-1]
	description := fmt.Sprintf("Bars of the monthly cost in %d reports, from %s USD (%s) to %s USD (%s).",
		len(points), money(toCents(first.Cost)), day(first), money(toCents(last.Cost)), day(last))
	p.chart("trend", trendHeight, "Cost in each report, USD a month", description, func() {
		for _, tick := range ticks {
			at := coordinate(y(tick.Value))
			p.raw(fmt.Sprintf("<line class=g x1=\"0\" x2=\"100%%\" y1=\"%s\" y2=\"%s\"/>", at, at))
			p.svgText(0, int(y(tick.Value))-3, ` class=s`, shortAmount(tick.Value))
		}
		const left = 11.0
		step := (100 - left) / float64(len(points))
		every := (len(points) + widestLabels - 1) / widestLabels
		for i, x := range points {
			class := "b"
			if i == len(points)-1 {
				class = "a"
			}
			from := left + float64(i)*step
			p.raw("<g><title>")
			p.text(day(x) + ": " + money(toCents(x.Cost)))
			p.raw("</title>")
			p.bar(from+step*0.12, y(x.Cost), step*0.76, trendBottom-y(x.Cost), class)
			p.raw("</g>")
			if (len(points)-1-i)%every == 0 {
				at, anchor := from+step/2, ` class=s text-anchor="middle"`
				if i == len(points)-1 {
					at, anchor = 100, ` class=s text-anchor="end"`
				}
				p.svgText(at, trendHeight-8, anchor, x.To.Add(-1).UTC().Format("2 Jan"))
			}
		}
	})
}

// shortAmount is a round amount in few characters: "250k", "1.5M".
func shortAmount(v float64) string {
	switch {
	case v >= 1e6:
		return quantity(v/1e6) + "M"
	case v >= 1e4:
		return quantity(v/1e3) + "k"
	default:
		return quantity(v)
	}
}

// day is the last day of a report.
func day(x advisor.TrendPoint) string { return x.To.Add(-1).UTC().Format("2006-01-02") }

// Height of a row of bars, with its label above the bar.
const (
	barRow    = 42
	barOffset = 19
	barHeight = 11
)

// mostBars is how many bars a chart of shares has; the others are one.
const mostBars = 10

// shareBars are the rows of a table as bars of its first column that adds up to
// money.
func (p htmlPage) shareBars(t *reportTable) {
	short := t.folded(mostBars)
	column := 1
	for short.columns[column].kind != ofMoney {
		column++
	}
	highest, all := int64(1), max(t.total[column].cents, 1)
	var parts []string
	for _, row := range short.rows {
		highest = max(highest, row[column].cents)
		parts = append(parts, row[0].text+" "+money(row[column].cents))
	}
	p.chart("bars-"+t.id, barRow*len(short.rows), t.title+", USD a month", strings.Join(parts, "; ")+".", func() {
		for i, row := range short.rows {
			y := i * barRow
			cents := row[column].cents
			p.svgText(0, y+13, "", truncate(row[0].text, 28))
			p.svgText(100, y+13, endAnchor, fmt.Sprintf("%s (%s)", money(cents), shareText(float64(cents)/float64(all))))
			if cents > 0 {
				p.bar(0, float64(y+barOffset), 100*float64(cents)/float64(highest), barHeight, "b")
			}
		}
	})
}

// fall is one bar of a waterfall: a level, or a step from one level to the next.
type fall struct {
	label    string
	from, to int64 // cents
	level    bool
}

// waterfall draws levels and the steps between them. Where the steps are small
// beside the levels, the axis begins above zero, and says so.
func (p htmlPage) waterfall(id, title, description string, falls []fall) {
	low, high := int64(math.MaxInt64), int64(1)
	for _, f := range falls {
		low, high = min(low, f.to), max(high, f.to)
		if !f.level {
			low, high = min(low, f.from), max(high, f.from)
		}
	}
	if base := low - (high - low); low > high*4/5 && base > 0 {
		low = base
		title += fmt.Sprintf(" (bars begin at %s)", money(low))
	} else {
		low = min(low, 0)
	}
	x := func(cents int64) float64 { return 100 * float64(cents-low) / float64(max(high-low, 1)) }
	p.chart(id, barRow*len(falls), title, description, func() {
		for i, f := range falls {
			y := i * barRow
			amount, class, from := money(f.to), "a", max(low, 0)
			if !f.level {
				amount, from = signedMoney(f.to-f.from), f.from
				class = "u"
				if f.to < f.from {
					class = "d"
				}
			}
			p.svgText(0, y+13, "", truncate(f.label, 40))
			p.svgText(100, y+13, endAnchor, amount)
			p.bar(math.Min(x(from), x(f.to)), float64(y+barOffset), math.Abs(x(f.to)-x(from)), barHeight, class)
		}
	})
}

// changeWaterfall leads from the last report's cost to this one's.
func (p htmlPage) changeWaterfall(r *advisor.Report) {
	c := r.Change
	at := toCents(c.Before)
	falls := []fall{{label: "last report", to: at, level: true}}
	var parts []string
	cents := effectCents(c)
	for i, e := range effects() {
		if cents[i] != 0 {
			falls = append(falls, fall{label: e.name, from: at, to: at + cents[i]})
			parts = append(parts, e.name+" "+signedMoney(cents[i]))
		}
		at += cents[i]
	}
	falls = append(falls, fall{label: "now", to: at, level: true})
	p.waterfall("change-fall", "From the last report to this one, USD a month",
		fmt.Sprintf("From %s to %s: %s.", money(toCents(c.Before)), money(at), strings.Join(parts, ", ")), falls)
}

// planWaterfall leads from today's cost to that after the plan.
func (p htmlPage) planWaterfall(r *advisor.Report) {
	at := toCents(r.Plan.Before)
	falls := []fall{{label: "now", to: at, level: true}}
	var parts []string
	for i := range r.Plan.Stages {
		stage := &r.Plan.Stages[i]
		to := toCents(stage.After)
		falls = append(falls, fall{label: fmt.Sprintf("%d. %s (%s)", i+1, stage.Lever, countedNoun(len(stage.Steps), "change")), from: at, to: to})
		parts = append(parts, fmt.Sprintf("%s %s", stage.Lever, signedMoney(to-at)))
		at = to
	}
	falls = append(falls, fall{label: "after the plan", to: at, level: true})
	p.waterfall("plan-fall", "What each stage of the plan saves, USD a month",
		fmt.Sprintf("From %s to %s: %s.", money(toCents(r.Plan.Before)), money(at), strings.Join(parts, ", ")), falls)
}
