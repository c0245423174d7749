package render

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"ecsavvy/advisor"
)

// Size of a chart: a page's width in a design review, and room to the right of
// the axes for the names of the lines.
const (
	chartWidth  = 18 * vg.Centimeter
	chartHeight = 11 * vg.Centimeter
	chartDPI    = 160
	chartFont   = 10 // points
)

// SweepChart draws a sweep as "svg" or "png": the cost of each design, its name
// beside its line, break-even points marked; of two parameters, the break-even
// points over the second one.
func SweepChart(r *advisor.SweepResult, format string) ([]byte, error) {
	return curveChart(r, format, "")
}

// curveChart is SweepChart with another name of the upright axis, "" for cost.
func curveChart(r *advisor.SweepResult, format, upright string) ([]byte, error) {
	p := plot.New()
	p.Title.Text = ""
	var lines []chartLine
	var err error
	if r.Y == nil {
		lines, err = costLines(p, r)
	} else {
		lines, err = breakEvenLines(p, r)
	}
	if err != nil {
		return nil, err
	}
	if upright != "" {
		p.Y.Label.Text = upright
	}
	style(p)
	for i := range lines {
		lines[i].style(i)
		for _, part := range lines[i].parts {
			drawn, err := plotter.NewLine(part)
			if err != nil {
				return nil, fmt.Errorf("drawing %s: %w", lines[i].name, err)
			}
			drawn.LineStyle = lines[i].line
			p.Add(drawn)
		}
	}
	return picture(format, chartHeight, func(c draw.Canvas) { paintChart(p, c, r, lines) })
}

// picture is what paint draws, as "svg" or "png".
func picture(format string, height vg.Length, paint func(draw.Canvas)) ([]byte, error) {
	var out bytes.Buffer
	var drawn io.WriterTo
	switch format {
	case "svg":
		c := vgsvg.NewWith(vgsvg.UseWH(chartWidth, height), vgsvg.EmbedFonts(true))
		paint(draw.New(c))
		drawn = c
	case "png":
		c := vgimg.NewWith(vgimg.UseWH(chartWidth, height), vgimg.UseDPI(chartDPI))
		paint(draw.New(c))
		drawn = vgimg.PngCanvas{Canvas: c}
	default:
		return nil, fmt.Errorf("unknown picture format %q: want svg or png", format)
	}
	_, err := drawn.WriteTo(&out)
	return out.Bytes(), err
}

// chartLine is a curve, in parts where it has gaps or steps.
type chartLine struct {
	name  string
	under string // a second line of the name
	parts []plotter.XYs
	line  draw.LineStyle
}

// style gives the line its dashes, its width and a colour whose grey differs
// from its neighbours', so that each survives a copier.
func (l *chartLine) style(i int) {
	dashes := [][]vg.Length{nil, {vg.Points(7), vg.Points(3)}, {vg.Points(1.5), vg.Points(2.5)}, {vg.Points(9), vg.Points(3), vg.Points(1.5), vg.Points(3)}, {vg.Points(3.5), vg.Points(2.5)}}
	colours := []color.RGBA{{20, 20, 20, 255}, {0, 90, 160, 255}, {190, 70, 0, 255}, {0, 125, 90, 255}, {130, 60, 140, 255}}
	l.line = draw.LineStyle{Color: colours[i%len(colours)], Width: vg.Points(1.8), Dashes: dashes[i%len(dashes)]}
}

// costLines are the designs' costs over the samples.
func costLines(p *plot.Plot, r *advisor.SweepResult) ([]chartLine, error) {
	row := &r.Rows[0]
	lines := make([]chartLine, len(r.Designs))
	low, high := costSpan(row)
	for i, name := range r.Designs {
		lines[i].name = Printable(name)
		var part plotter.XYs
		for _, s := range row.Samples {
			if s.Costs[i].Err != nil {
				if len(part) > 1 {
					lines[i].parts = append(lines[i].parts, part)
				}
				part = nil
				continue
			}
			part = append(part, plotter.XY{X: s.X, Y: s.Costs[i].USD})
		}
		if len(part) > 1 {
			lines[i].parts = append(lines[i].parts, part)
		}
	}
	if low == 0 && high == 0 {
		return nil, fmt.Errorf("no design costs anything from %v to %v", r.X.From, r.X.To)
	}
	p.X.Label.Text, p.Y.Label.Text = Printable(axisName(&r.X)), "Cost, USD a month"
	p.X.Min, p.X.Max = r.X.From, r.X.To
	p.Y.Min, p.Y.Max = low, high+(high-low)*0.06
	return lines, nil
}

// breakEvenLines are the values at which the best choice changes, over the
// second parameter.
func breakEvenLines(p *plot.Plot, r *advisor.SweepResult) ([]chartLine, error) {
	var lines []chartLine
	for i := range r.Rows {
		for _, b := range r.Rows[i].BreakEvens {
			if !b.Cheapest {
				continue
			}
			name, under := Printable(r.Designs[b.Above])+" above", Printable(r.Designs[b.Below])+" below"
			at := slices.IndexFunc(lines, func(l chartLine) bool { return l.name == name && l.under == under })
			if at < 0 {
				at = len(lines)
				lines = append(lines, chartLine{name: name, under: under, parts: []plotter.XYs{nil}})
			}
			lines[at].parts[0] = append(lines[at].parts[0], plotter.XY{X: r.Rows[i].Y, Y: b.X})
		}
	}
	lines = slices.DeleteFunc(lines, func(l chartLine) bool { return len(l.parts[0]) < 2 })
	if len(lines) == 0 {
		return nil, fmt.Errorf("no break-even point of %s at two values of %s", r.X.Path, r.Y.Path)
	}
	p.X.Label.Text, p.Y.Label.Text = Printable(axisName(r.Y)), "Break-even "+Printable(axisName(&r.X))
	p.X.Min, p.X.Max = r.Y.From, r.Y.To
	p.Y.Min, p.Y.Max = r.X.From, r.X.To
	return lines, nil
}

// style sets type, axes and a pale grid.
func style(p *plot.Plot) {
	sans := func(f *font.Font, size float64) {
		f.Typeface, f.Variant, f.Size = "Liberation", "Sans", vg.Points(size)
	}
	dark := color.Gray{60}
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		sans(&a.Label.TextStyle.Font, chartFont+1)
		sans(&a.Tick.Label.Font, chartFont-1)
		a.Label.Padding = vg.Points(6)
		a.LineStyle.Color, a.Tick.LineStyle.Color = dark, dark
		a.Label.TextStyle.Color, a.Tick.Label.Color = dark, dark
		a.Padding = 0
		a.Tick.Marker = plot.TickerFunc(chartTicks)
	}
	grid := plotter.NewGrid()
	grid.Vertical.Width = 0
	grid.Horizontal.Color, grid.Horizontal.Width = color.Gray{225}, vg.Points(0.6)
	p.Add(grid)
}

// chartTicks are round values, written as in the tables.
func chartTicks(low, high float64) []plot.Tick {
	step := math.Pow(10, math.Floor(math.Log10((high-low)/4)))
	for _, m := range []float64{5, 2, 1} {
		if (high-low)/(step*m) >= 4 {
			step *= m
			break
		}
	}
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high+step*1e-9; i++ {
		value, err := strconv.ParseFloat(strconv.FormatFloat(i*step, 'g', 12, 64), 64)
		if err != nil {
			continue
		}
		value += 0 // -0 is 0
		ticks = append(ticks, plot.Tick{Value: value, Label: quantity(value)})
	}
	return ticks
}
