package demand

import (
	"math"
	"time"
)

// Series is a quantity at a constant step, NaN where it was not measured.
// Values[i] is of [Start + i·Step, Start + (i+1)·Step).
type Series struct {
	Start  time.Time
	Step   time.Duration
	Values []float64
}

// End is the end of the last step.
func (s Series) End() time.Time { return s.Start.Add(time.Duration(len(s.Values)) * s.Step) }

// At is the start of step i.
func (s Series) At(i int) time.Time { return s.Start.Add(time.Duration(i) * s.Step) }

// Count is the number of values that were measured.
func (s Series) Count() int {
	n := 0
	for _, v := range s.Values {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}

// Coverage is the share of steps that were measured, 0 for an empty series.
func (s Series) Coverage() float64 {
	if len(s.Values) == 0 {
		return 0
	}
	return float64(s.Count()) / float64(len(s.Values))
}
