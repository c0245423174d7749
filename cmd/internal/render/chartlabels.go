package render

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ecsavvy/advisor"
)

// paintChart draws the plot and then what stands on it: names at the ends of
// lines, and the break-even points.
func paintChart(p *plot.Plot, c draw.Canvas, r *advisor.SweepResult, lines []chartLine) {
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	margin := vg.Points(24) // half a tick's label, at the least
	for i := range lines {
		for _, name := range []string{lines[i].name, lines[i].under} {
			name = truncate(clean(name), chartNameWidth)
			margin = vg.Length(math.Max(float64(margin), float64(chartText(p.TextHandler, chartFont, color.Black).Width(name)+vg.Points(24))))
		}
	}
	room := draw.Crop(c, vg.Points(6), -margin, vg.Points(6), -vg.Points(8))
	p.Draw(room)
	data := p.DataCanvas(room)
	toX, toY := p.Transforms(&data)
	nameCurves(c, data, lines, toX, toY, p.TextHandler)
	if r.Y == nil {
		markBreakEvens(data, r, toX, toY, p.TextHandler)
	}
}

func chartText(handler text.Handler, size float64, colour color.Color) draw.TextStyle {
	return draw.TextStyle{
		Color: colour, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(size)}, Handler: handler,
	}
}

// nameCurves writes each line's name beside its end, moved apart where ends are
// close, with a thin leader to the end.
func nameCurves(c, data draw.Canvas, lines []chartLine, toX, toY func(float64) vg.Length, handler text.Handler) {
	const gap = vg.Length(chartFont * 1.35)
	apart := gap
	if slices.ContainsFunc(lines, func(l chartLine) bool { return l.under != "" }) {
		apart = 2 * gap
	}
	type ending struct {
		line     *chartLine
		at, text vg.Length
	}
	var ends []ending
	for i := range lines {
		if len(lines[i].parts) == 0 {
			continue
		}
		last := lines[i].parts[len(lines[i].parts)-1]
		y := toY(last[len(last)-1].Y)
		ends = append(ends, ending{&lines[i], y, y})
	}
	slices.SortStableFunc(ends, func(a, b ending) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		default:
			return 0
		}
	})
	for i := 1; i < len(ends); i++ {
		ends[i].text = vg.Length(math.Max(float64(ends[i].text), float64(ends[i-1].text+apart)))
	}
	for i := len(ends) - 1; i >= 0; i-- {
		limit := data.Max.Y
		if i < len(ends)-1 {
			limit = ends[i+1].text - apart
		}
		ends[i].text = vg.Length(math.Min(float64(ends[i].text), float64(limit)))
	}
	for _, e := range ends {
		last := e.line.parts[len(e.line.parts)-1]
		from := vg.Point{X: toX(last[len(last)-1].X), Y: e.at}
		to := vg.Point{X: data.Max.X + vg.Points(12), Y: e.text}
		c.StrokeLines(draw.LineStyle{Color: color.Gray{150}, Width: vg.Points(0.5)}, []vg.Point{from, to})
		style := chartText(handler, chartFont, e.line.line.Color)
		style.YAlign = text.YCenter
		c.FillText(style, vg.Point{X: to.X + vg.Points(3), Y: to.Y}, truncate(clean(e.line.name), chartNameWidth))
		if e.line.under != "" {
			c.FillText(style, vg.Point{X: to.X + vg.Points(3), Y: to.Y - gap}, truncate(clean(e.line.under), chartNameWidth))
		}
	}
}

// chartNameWidth is what of a name fits beside the axes.
const chartNameWidth = 18

// maxMarked is how many break-even points a chart names before the figures
// would lie on each other; of more it names the first and the last.
const maxMarked = 6

// markBreakEvens marks the points at which the best choice changes, with a
// line down to the axis and the value.
func markBreakEvens(data draw.Canvas, r *advisor.SweepResult, toX, toY func(float64) vg.Length, handler text.Handler) {
	level := 0
	taken := data.Min.X // where the last label ends
	rail := draw.LineStyle{Color: color.Gray{120}, Width: vg.Points(0.6), Dashes: []vg.Length{vg.Points(1), vg.Points(2)}}
	points := decisive(&r.Rows[0])
	if len(points) > maxMarked {
		points = []advisor.BreakEven{points[0], points[len(points)-1]}
	}
	for _, b := range points {
		at := vg.Point{X: toX(b.X), Y: toY(b.SecondUSD)}
		data.StrokeLines(rail, []vg.Point{{X: at.X, Y: data.Min.Y}, at})
		data.DrawGlyph(draw.GlyphStyle{Color: color.White, Radius: vg.Points(4), Shape: draw.CircleGlyph{}}, at)
		data.DrawGlyph(draw.GlyphStyle{Color: color.Gray{20}, Radius: vg.Points(3.4), Shape: draw.RingGlyph{}}, at)
		// At the foot of the line, where curves are rarest; a line higher where
		// it would lie on the label before it.
		style := chartText(handler, chartFont, color.Gray{20})
		name := withUnit(b.X, r.X.Unit)
		left := at.X + vg.Points(4)
		label := vg.Point{X: left}
		if left+style.Width(name) > data.Max.X {
			style.XAlign, label.X = text.XRight, at.X-vg.Points(4)
			left = label.X - style.Width(name)
		}
		if level++; left > taken {
			level = 0
		}
		label.Y = data.Min.Y + vg.Points(5) + vg.Length(level)*vg.Points(chartFont*1.35)
		taken = vg.Length(math.Max(float64(taken), float64(left+style.Width(name))))
		box := style.Rectangle(name).Add(label)
		data.SetColor(color.NRGBA{255, 255, 255, 215})
		data.Fill(box.Path())
		data.FillText(style, label, name)
	}
}
