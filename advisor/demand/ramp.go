package demand

import (
	"math"
	"time"

	"gonum.org/v1/gonum/stat"
)

// rampWindow is the time over which a rise is measured where steps are shorter:
// over single minutes, noise is a ramp, and a scale-out of target tracking takes
// 109 to 386 s anyway (aws/containers-roadmap#2113, 2026-09-15).
const rampWindow = 5 * time.Minute

// LoadRamp is the quantile p (0.99 for P99) of the relative rise of work per
// second, over all steps: 0 where work fell. A rise from less than the mean of the
// work is relative to the mean, as the least number of tasks holds it; from next
// to nothing every rise would be infinite. NaN where no two steps that far apart
// were measured.
func LoadRamp(work Series, p float64) float64 {
	if work.Step <= 0 {
		return math.NaN()
	}
	lag := int(max(1, rampWindow/work.Step))
	mean := stat.Mean(measuredValues(work), nil)
	seconds := (time.Duration(lag) * work.Step).Seconds()
	rises := make([]float64, 0, len(work.Values))
	for i := 0; i+lag < len(work.Values); i++ {
		from, to := work.Values[i], work.Values[i+lag]
		if math.IsNaN(to - from) {
			continue
		}
		rise := 0.0
		if to > from {
			rise = (to - from) / max(from, mean) / seconds
		}
		rises = append(rises, rise)
	}
	return quantileInPlace(rises, p)
}

// MaxTarget is the highest utilisation to aim at, 0 to 1, so that a ramp of so
// much a second stays within the tasks that run until new ones do: after delay
// seconds the load is 1 + ramp·delay times as high. NaN for a ramp of NaN.
func MaxTarget(ramp, delaySeconds float64) float64 {
	return min(1, 1/(1+ramp*delaySeconds))
}
