package demand

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"
)

// MemoryModel says how much memory a task uses: Base + PerVCPU × work of the
// task, both of the mean over its tasks; and how its hottest task differs.
//
// The zero value of what follows PerVCPU is a model that was given, not
// fitted: no hot task, no tail.
type MemoryModel struct {
	Base    float64 // GB
	PerVCPU float64 // GB per vCPU of work of the task

	// Unsure is set where the measured work per task varied too little to tell
	// Base from PerVCPU. Then At errs to the safe side around the measured mean
	// (RefWork vCPU, RefGB): all of it Base below, all of it proportional above.
	Unsure         bool
	RefWork, RefGB float64

	// Hot is the memory of the hottest task over the mean task's, at least 1
	// (P95 of the steps); 0 counts as 1.
	Hot float64

	// Daily maxima of the hottest task's memory over what At gives for the work
	// of its step: a Gumbel distribution by its location and scale, of Days days.
	// A ratio and not GB, because GB move with the policy and the ratio does
	// not. Days is 0 where there are none.
	Location, Scale float64
	Days            int
	// PeakWork is the mean of the daily maxima of work per task, vCPU, in which
	// this was measured.
	PeakWork float64
}

// At is GB that the mean task uses at work vCPU of its own.
func (m MemoryModel) At(work float64) float64 {
	if !m.Unsure {
		return m.Base + m.PerVCPU*work
	}
	if work <= m.RefWork || m.RefWork <= 0 {
		return m.RefGB
	}
	return m.RefGB * work / m.RefWork
}

// HotAt is GB that the hottest task uses.
func (m MemoryModel) HotAt(work float64) float64 { return m.At(work) * max(1, m.Hot) }

// shift is GB by which the hottest task's peaks rise (or fall) where a task's
// peak work is peak instead of the measured one.
func (m MemoryModel) shift(peak float64) float64 {
	if m.Days == 0 || math.IsNaN(peak) {
		return 0
	}
	return m.HotAt(peak) - m.HotAt(m.PeakWork)
}

// OverDays is the expected number of days, of so many, on which the hottest
// task needs more than gb, at peak vCPU of work per task.
func (m MemoryModel) OverDays(gb, peak, days float64) float64 {
	if m.Days == 0 {
		if m.HotAt(peak) > gb {
			return days
		}
		return 0
	}
	// 1 − P(daily maximum ≤ x), P = exp(−exp(−(x−location)/scale)).
	z := (gb/m.At(peak) - m.Location) / m.Scale
	return -days * math.Expm1(-math.Exp(-z))
}

// OverProbability is the probability of at least one such day.
func (m MemoryModel) OverProbability(gb, peak, days float64) float64 {
	each := m.OverDays(gb, peak, days) / days
	return 1 - math.Pow(1-each, days)
}

const (
	// leastScale is the least scale of the daily maxima as a share of their
	// location: two weeks without variation do not prove that there is none.
	// A prior of this project; at 10 % above the location it leaves 0.1 % a month.
	leastScale = 0.01
	// sureShare bounds what may be unknown of the slope: its standard error, over
	// half of the measured range of work, is at most this share of the memory.
	sureShare = 0.05
	// fitPoints is the number of block means that the slope is fitted on: Sen's
	// slope looks at all of their pairs.
	fitPoints = 168
)

// FitMemory fits the model to what was measured at the current size.
//
// The slope is Sen's (the median of the slopes of all pairs; P. K. Sen, 1968)
// over block means, so that neither spikes nor restarts bend it. It errors
// where no memory was measured.
func FitMemory(m Measured, current Size) (MemoryModel, error) {
	if !(current.GB > 0) || !(current.VCPU > 0) {
		return MemoryModel{}, fmt.Errorf("demand: fitting memory: current size %v vCPU, %v GB: want both above 0", current.VCPU, current.GB)
	}
	work, used := perTask(m)
	if len(work) == 0 {
		return MemoryModel{}, errors.New("demand: fitting memory: no step with tasks, work and memory")
	}
	fit := slopeOf(work, used)
	fit.hottest(m, current)
	return fit, nil
}

// perTask are the block means of work and memory of the mean task.
func perTask(m Measured) (work, used []float64) {
	n := min(len(m.Work.Values), len(m.Memory.Values), len(m.Tasks.Values))
	block := max(1, n/fitPoints)
	for from := 0; from < n; from += block {
		var w, g, count float64
		for i := from; i < min(from+block, n); i++ {
			tasks := m.Tasks.Values[i]
			x, y := m.Work.Values[i], m.Memory.Values[i]
			if tasks > 0 && !math.IsNaN(x) && !math.IsNaN(y) {
				w, g, count = w+x/tasks, g+y/tasks, count+1
			}
		}
		if count > 0 {
			work, used = append(work, w/count), append(used, g/count)
		}
	}
	return work, used
}

// slopeOf is Sen's line through the points.
func slopeOf(work, used []float64) MemoryModel {
	var fit MemoryModel
	fit.RefWork, fit.RefGB = median(work), median(used)
	var slopes []float64
	for i := range work {
		for j := range i {
			if d := work[i] - work[j]; math.Abs(d) > 1e-9 {
				slopes = append(slopes, (used[i]-used[j])/d)
			}
		}
	}
	if len(slopes) == 0 {
		fit.Base, fit.Unsure = fit.RefGB, true
		return fit
	}
	// Memory that falls with work, or less than none at rest, is an artefact.
	fit.PerVCPU = max(0, median(slopes))
	if fit.RefWork > 0 {
		fit.PerVCPU = min(fit.PerVCPU, fit.RefGB/fit.RefWork)
	}
	fit.Base = fit.RefGB - fit.PerVCPU*fit.RefWork
	residuals := make([]float64, len(work))
	for i := range work {
		residuals[i] = math.Abs(used[i] - fit.Base - fit.PerVCPU*work[i])
	}
	// 1.4826 × median absolute deviation is the normal's standard deviation.
	// Blocks are neighbours in time: a third of them counts as independent.
	spread := stat.PopStdDev(work, nil)
	if spread < 1e-9 {
		fit.Unsure = true
		return fit
	}
	slopeError := 1.4826 * median(residuals) / (spread * math.Sqrt(max(1, float64(len(work))/3)))
	half := (slices.Max(work) - slices.Min(work)) / 2
	// What is wanted is an answer outside of the measured range too, so a range
	// that is narrow beside the work itself is no better than none.
	fit.Unsure = slopeError*max(half, fit.RefWork/2) > sureShare*fit.RefGB
	return fit
}

// hottest fits the hot task and the tail of the daily maxima.
func (m *MemoryModel) hottest(in Measured, current Size) {
	n := min(len(in.HotMemory.Values), len(in.Tasks.Values), len(in.Work.Values), len(in.Memory.Values))
	var ratios []float64
	hot, load := newDaily(in.Work.Step), newDaily(in.Work.Step)
	for i := range n {
		gb, tasks, work := in.HotMemory.Values[i]*current.GB, in.Tasks.Values[i], in.Work.Values[i]
		if math.IsNaN(gb) || !(tasks > 0) || math.IsNaN(work) {
			continue
		}
		each := work / tasks
		load.add(i, each)
		if usual := m.At(each); usual > 0 {
			hot.add(i, gb/usual)
		}
		if mean := in.Memory.Values[i] / tasks; mean > 0 {
			ratios = append(ratios, gb/mean)
		}
	}
	m.Hot = 1
	if len(ratios) > 0 {
		slices.Sort(ratios)
		m.Hot = max(1, stat.Quantile(0.95, stat.Empirical, ratios, nil))
	}
	maxima, peaks := hot.maxima(), load.maxima()
	m.Days = len(maxima)
	if m.Days == 0 {
		return
	}
	// By moments: scale = s·√6/π, location = mean − γ·scale, with the scale
	// widened by its own standard error, about scale/√days (E. J. Gumbel, 1958).
	mean, deviation := stat.MeanStdDev(maxima, nil)
	if m.Days == 1 {
		deviation = 0
	}
	scale := deviation * math.Sqrt(6) / math.Pi
	m.Location = mean - 0.5772156649015329*scale
	m.Scale = max(scale*(1+1/math.Sqrt(float64(m.Days))), leastScale*m.Location)
	m.PeakWork = stat.Mean(peaks, nil)
}

// daily gathers maxima by day from the start of the series.
type daily struct {
	perDay float64
	day    int
	max    float64
	values []float64
}

func newDaily(step time.Duration) *daily {
	return &daily{perDay: 24 / step.Hours(), day: -1}
}

func (d *daily) add(i int, value float64) {
	day := int(float64(i) / d.perDay)
	if day != d.day {
		if d.day >= 0 {
			d.values = append(d.values, d.max)
		}
		d.day, d.max = day, value
		return
	}
	d.max = max(d.max, value)
}

func (d *daily) maxima() []float64 {
	if d.day < 0 {
		return nil
	}
	return append(slices.Clone(d.values), d.max)
}

func median(values []float64) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}
