package render

import (
	"math"
	"strings"

	"ecsavvy/advisor"
)

// A braille character is a block of 2 × 4 dots; bit b of its code point above
// U+2800 is one dot. Source: Unicode, Braille Patterns.
const (
	brailleBase = 0x2800
	dotsAcross  = 2
	dotsDown    = 4
)

// brailleBit is the bit of the dot at a column (0, 1) and row (0 to 3).
func brailleBit(column, row int) rune {
	bits := [dotsDown][dotsAcross]rune{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}
	return bits[row][column]
}

// dotPeriod tells lines apart without colour: line i draws dots in the first
// of these out of the second, repeating.
func dotPeriod(i int) (on, of int) {
	patterns := [][2]int{{1, 1}, {4, 6}, {1, 3}, {6, 9}, {2, 4}}
	p := patterns[i%len(patterns)]
	return p[0], p[1]
}

// brailleChart draws the first row of a sweep with characters: the cost axis
// to the left, the name of each line at its end.
func brailleChart(r *advisor.SweepResult, columns, lines int) []string {
	low, high := costSpan(&r.Rows[0])
	low, high = roundSpan(low, high, (lines-1)/labelEvery)
	cells := make([][]rune, lines)
	for i := range cells {
		cells[i] = make([]rune, columns)
	}
	ends := make([]int, len(r.Designs)) // the line at which each curve ends, −1 for none
	height := lines*dotsDown - 1
	for i := range r.Designs {
		ends[i] = -1
		on, of := dotPeriod(i)
		curve := curveOf(&r.Rows[0], i)
		for x := range columns * dotsAcross {
			at := r.X.From + (r.X.To-r.X.From)*float64(x)/float64(columns*dotsAcross-1)
			usd, ok := curve.at(at)
			if !ok {
				continue
			}
			y := height - int(math.Round((usd-low)/(high-low)*float64(height)))
			ends[i] = y / dotsDown
			if x%of < on {
				cells[y/dotsDown][x/dotsAcross] |= brailleBit(x%dotsAcross, y%dotsDown)
			}
		}
	}
	return frame(r, cells, placeNames(r.Designs, ends, lines), low, high)
}

// labelEvery is how many lines of the chart lie between two labels.
const labelEvery = 4

// roundSpan is the least span around another whose labels, n steps apart, are
// round.
func roundSpan(low, high float64, n int) (from, to float64) {
	if !(high > low) {
		high = low + 1
	}
	power := math.Pow(10, math.Floor(math.Log10((high-low)/float64(n))))
	for ; ; power *= 10 {
		for _, m := range []float64{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8} {
			step := m * power
			from = math.Floor(low/step+1e-9) * step
			if to = from + float64(n)*step; to >= high*(1-1e-12) {
				return from, to
			}
		}
	}
}

// frame puts axes and names around the dots.
func frame(r *advisor.SweepResult, cells [][]rune, names []string, low, high float64) []string {
	labelWidth := 0
	labels := make([]string, len(cells))
	for i := range cells {
		if i%labelEvery == 0 || i == len(cells)-1 {
			labels[i] = axisMoney(high - (high-low)*float64(i)/float64(len(cells)-1))
			labelWidth = max(labelWidth, len(labels[i]))
		}
	}
	out := []string{"USD a month"}
	for i, row := range cells {
		var b strings.Builder
		b.WriteString(strings.Repeat(" ", labelWidth-len(labels[i])) + labels[i] + " ")
		if labels[i] == "" {
			b.WriteString("│")
		} else {
			b.WriteString("┤")
		}
		for _, dots := range row {
			if dots == 0 {
				b.WriteByte(' ')
			} else {
				b.WriteRune(brailleBase + dots)
			}
		}
		out = append(out, strings.TrimRight(b.String()+" "+names[i], " "))
	}
	margin := strings.Repeat(" ", labelWidth+1)
	out = append(out, margin+"└"+strings.Repeat("─", len(cells[0])))
	from, to := quantity(r.X.From), quantity(r.X.To)
	gap := max(1, len(cells[0])+1-len(from)-len(to))
	out = append(out, margin+from+strings.Repeat(" ", gap)+to)
	name := truncate(clean(axisName(&r.X)), len(cells[0])+20)
	return append(out, margin+strings.Repeat(" ", max(0, (len(cells[0])-width(name))/2))+name)
}

// nameWidth is the room for names right of the chart.
const nameWidth = 20

// placeNames puts each curve's name beside its end, or on the nearest free line.
func placeNames(names []string, ends []int, lines int) []string {
	out := make([]string, lines)
	for i, name := range names {
		if ends[i] < 0 {
			continue
		}
		for off := range 2 * lines {
			at := ends[i] + (off+1)/2*(1-2*(off%2))
			if at >= 0 && at < lines && out[at] == "" {
				out[at] = truncate(clean(name), nameWidth)
				break
			}
		}
	}
	return out
}

// costSpan is the least and the greatest cost of a row, from zero where the
// curves lie nearer to it than to each other.
func costSpan(row *advisor.SweepRow) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, p := range row.Samples {
		for _, c := range p.Costs {
			if c.Err == nil {
				low, high = math.Min(low, c.USD), math.Max(high, c.USD)
			}
		}
	}
	if math.IsInf(low, 1) {
		return 0, 1
	}
	if low < (high-low)/2 {
		low = 0
	}
	return low, high
}

// axisMoney is a label of the cost axis.
func axisMoney(usd float64) string {
	if math.Abs(usd-math.Round(usd)) < 1e-9*math.Max(1, math.Abs(usd)) || math.Abs(usd) >= 100 {
		return quantity(math.Round(usd))
	}
	return money(toCents(usd))
}

// curve is the cost of one design over the samples.
type curve struct{ x, usd []float64 }

func curveOf(row *advisor.SweepRow, design int) curve {
	var c curve
	for _, p := range row.Samples {
		usd := p.Costs[design].USD
		if p.Costs[design].Err != nil {
			usd = math.NaN()
		}
		c.x, c.usd = append(c.x, p.X), append(c.usd, usd)
	}
	return c
}

// at is the cost at a value, on the line between samples; ok is false where
// there is none.
func (c curve) at(x float64) (usd float64, ok bool) {
	for i := 1; i < len(c.x); i++ {
		if x > c.x[i] {
			continue
		}
		share := (x - c.x[i-1]) / (c.x[i] - c.x[i-1])
		usd = c.usd[i-1] + (c.usd[i]-c.usd[i-1])*share
		return usd, !math.IsNaN(usd)
	}
	return 0, false
}
