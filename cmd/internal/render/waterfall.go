package render

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ecsavvy/advisor"
)

// waterBar is one bar of a waterfall: from a cost to a cost, in cents.
type waterBar struct {
	name     string
	from, to int64
	whole    bool // a total, not a step
}

// falls are the bars of a plan: what it is now, each stage, what is left.
func falls(plan *advisor.Plan) []waterBar {
	left := toCents(plan.Before)
	all := []waterBar{{name: "now", to: left, whole: true}}
	for i := range plan.Stages {
		after := toCents(plan.Stages[i].After)
		all = append(all, waterBar{name: string(plan.Stages[i].Lever), from: left, to: after})
		left = after
	}
	return append(all, waterBar{name: "after the plan", to: left, whole: true})
}

// amount is the figure beside a bar.
func (f *waterBar) amount() string {
	if f.whole {
		return money(f.to)
	}
	return money(f.to - f.from)
}

// waterfallColumns is the width of the bars within 80 columns.
const waterfallColumns = 50

// waterfallText draws a plan with characters, a line a stage.
func waterfallText(plan *advisor.Plan) []string {
	all := falls(plan)
	most, names := int64(1), 0
	for i := range all {
		most, names = max(most, all[i].from, all[i].to), max(names, len(all[i].name))
	}
	at := func(cents int64) int {
		return int(math.Round(float64(max(0, cents)) / float64(most) * waterfallColumns))
	}
	lines := []string{"USD a month"}
	for i := range all {
		f := &all[i]
		low, high, block := at(min(f.from, f.to)), at(max(f.from, f.to)), "▓"
		if f.whole {
			low, block = 0, "█"
		}
		if high == low {
			high++ // the thinnest there is
		}
		bar := strings.Repeat(" ", low) + strings.Repeat(block, high-low)
		lines = append(lines, fmt.Sprintf("%-*s │%-*s %10s", names, f.name, waterfallColumns+1, bar, f.amount()))
	}
	return lines
}

// WaterfallChart draws a plan as "svg" or "png": a bar a stage, from what it cost to
// what is left.
func WaterfallChart(plan *advisor.Plan, format string) ([]byte, error) {
	all := falls(plan)
	p := plot.New()
	style(p)
	names := make([]string, len(all))
	most := 1.0
	for i := range all {
		y := float64(len(all) - 1 - i)
		names[len(all)-1-i] = all[i].name
		low, high := float64(min(all[i].from, all[i].to))/100, float64(max(all[i].from, all[i].to))/100
		most = math.Max(most, high)
		bar, err := plotter.NewPolygon(plotter.XYs{{X: low, Y: y - 0.36}, {X: high, Y: y - 0.36}, {X: high, Y: y + 0.36}, {X: low, Y: y + 0.36}})
		if err != nil {
			return nil, fmt.Errorf("drawing %s: %w", all[i].name, err)
		}
		bar.Color, bar.LineStyle.Width = color.RGBA{0, 125, 90, 255}, 0
		if all[i].whole {
			bar.Color = color.RGBA{70, 80, 95, 255}
		} else if all[i].to > all[i].from {
			bar.Color = color.RGBA{190, 70, 0, 255}
		}
		p.Add(bar)
	}
	p.X.Min, p.X.Max = 0, most*1.16 // room for the figures
	p.Y.Min, p.Y.Max = -0.6, float64(len(all))-0.4
	p.X.Label.Text = "Cost, USD a month"
	p.NominalY(names...)
	p.Y.LineStyle.Width = vg.Points(0.6)
	height := vg.Points(float64(len(all))*21 + 60)
	return picture(format, height, func(c draw.Canvas) {
		c.SetColor(color.White)
		c.Fill(c.Rectangle.Path())
		room := draw.Crop(c, vg.Points(6), -vg.Points(12), vg.Points(6), -vg.Points(8))
		p.Draw(room)
		data := p.DataCanvas(room)
		toX, toY := p.Transforms(&data)
		for i := range all {
			label := chartText(p.TextHandler, chartFont, color.Gray{20})
			label.YAlign = text.YCenter
			data.FillText(label, vg.Point{X: toX(float64(max(all[i].from, all[i].to))/100) + vg.Points(4), Y: toY(float64(len(all) - 1 - i))}, all[i].amount())
		}
	})
}
