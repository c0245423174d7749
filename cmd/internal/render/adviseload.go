package render

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"ecsavvy/advisor"
)

// errNotMeasured is an hour without a value.
var errNotMeasured = errors.New("not measured")

// loadCurve is a service's load hour by hour as a sweep over time: what it used at
// most, and the capacity that it had and would have.
func loadCurve(l *advisor.ServiceLoad) *advisor.SweepResult {
	per := max(1, int(time.Hour/l.Step))
	hours := len(l.Work) / per
	r := &advisor.SweepResult{
		X:       advisor.Parameter{Path: "hours", Label: "hours since " + l.Start.UTC().Format("2006-01-02 15:04 UTC"), To: math.Max(1, float64(hours-1))},
		Designs: []string{"used", "has"}, Rows: []advisor.SweepRow{{}},
	}
	curves := [][]float64{l.Work, l.Now}
	if l.Then != nil {
		r.Designs, curves = append(r.Designs, "would have"), append(curves, l.Then)
	}
	for h := range hours {
		p := advisor.SweepPoint{X: float64(h)}
		for _, c := range curves {
			top := math.NaN()
			for _, v := range c[min(h*per, len(c)):min((h+1)*per, len(c))] {
				if !math.IsNaN(v) && !(v <= top) {
					top = v
				}
			}
			if math.IsNaN(top) {
				p.Costs = append(p.Costs, advisor.PointCost{Err: errNotMeasured})
			} else {
				p.Costs = append(p.Costs, advisor.PointCost{USD: top})
			}
		}
		r.Rows[0].Samples = append(r.Rows[0].Samples, p)
	}
	return r
}

const loadAxis = "vCPU over all tasks, hourly maximum"

// LoadChart draws a service's load against its capacity now and then, as "svg" or
// "png".
func LoadChart(l *advisor.ServiceLoad, format string) ([]byte, error) {
	return curveChart(loadCurve(l), format, loadAxis)
}

// daysShown is what a chart of characters has dots for: an hour each.
const daysShown = chartColumns * dotsAcross / 24

// loadText draws the last days of it with characters.
func loadText(l *advisor.ServiceLoad) []string {
	recent := *l
	if steps := int(daysShown * 24 * time.Hour / l.Step); len(l.Work) > steps {
		skip := len(l.Work) - steps
		recent.Start = l.Start.Add(time.Duration(skip) * l.Step)
		recent.Work = l.Work[skip:]
		recent.Now = l.Now[min(skip, len(l.Now)):]
		if l.Then != nil {
			recent.Then = l.Then[min(skip, len(l.Then)):]
		}
	}
	lines := brailleChart(loadCurve(&recent), chartColumns, chartLines)
	lines[0] = loadAxis
	memory := math.NaN()
	for _, v := range l.Memory {
		if !math.IsNaN(v) && !(v <= memory) {
			memory = v
		}
	}
	if !math.IsNaN(memory) {
		text := "memory of the hottest task: at most " + quantity(round2(memory)) + " GB of " + quantity(l.MemoryNow)
		if l.MemoryThen != l.MemoryNow {
			text += ", then of " + quantity(l.MemoryThen)
		}
		lines = append(lines, "", text)
	}
	return append([]string{strings.TrimSpace(subjectLabel(l.Subject)) + fmt.Sprintf(": the last %d days", daysShown)}, lines...)
}

func round2(v float64) float64 { return math.Round(v*100) / 100 }
