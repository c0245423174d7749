package demand

import (
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

// Trend is how memory grows between restarts.
type Trend struct {
	// PerDay is the slope in the unit of the series per day; Low and High bound it
	// in 90 % of cases.
	PerDay    float64
	Low, High float64
	// Leak says that memory grows until it is given back by a restart. The advice is
	// "restart or fix the leak", never a larger task: no size is enough.
	Leak bool
	// Segments is the number of stretches between restarts that took part.
	Segments int
}

const (
	// leakConfidence is two-sided: a slope of zero passes for one above zero in 5 %.
	leakConfidence = 0.90
	// leakShare is the least growth worth a word: a tenth of the level in 30 days. A
	// choice: below it a leak waits for the next deployment.
	leakShare, leakDays = 0.10, 30
	// warmUp is left out after a restart of a short stretch: caches fill.
	warmUp = time.Hour
)

// Leak tests memory for a leak. Give it the memory of one task (the hottest, or
// the mean), as memory over all tasks grows with their number, and every restart
// and deployment that is known: each begins a new stretch.
//
// Where stretches last days, the slope is Theil and Sen's over the medians of
// days (a day's cycle is gone), pairs within a stretch only, with Sen's interval
// (J. Am. Stat. Assoc. 63, 1968; Gilbert 1987, section 16.4.2). Where they are too
// short for that, it is the median of one slope a stretch, over hours, with the
// interval of a sign test. It is a leak if the slope is above zero and worth a
// word, and holds within the halves of the stretches as well (a step up is no
// leak); for short stretches, if memory falls when they end.
func Leak(memory Series, restarts []time.Time) (Trend, error) {
	if memory.Step <= 0 || memory.Step > time.Hour {
		return Trend{}, fmt.Errorf("leak: steps of %v, want at most 1h0m0s", memory.Step)
	}
	if memory.Count() == 0 {
		return Trend{}, fmt.Errorf("leak: nothing was measured in %d steps", len(memory.Values))
	}
	stretches := between(memory, restarts)
	if trend, ok := slowLeak(stretches); ok {
		return trend, nil
	}
	if trend, ok := fastLeak(stretches); ok {
		return trend, nil
	}
	longest := time.Duration(0)
	for _, s := range stretches {
		longest = max(longest, time.Duration(len(s.Values))*s.Step)
	}
	return Trend{}, fmt.Errorf("leak: needs 5 days, or %d stretches of %d h, without a restart; has %d, the longest of %s h",
		leastStretches, leastStretchHours, len(stretches), rounddown(longest.Hours(), 1))
}

// between cuts a series at restarts. A restart within a step takes that step out:
// it holds memory of before and after.
func between(s Series, restarts []time.Time) []Series {
	cuts := slices.SortedFunc(slices.Values(restarts), time.Time.Compare)
	var out []Series
	from := 0
	add := func(to int) {
		if to > from {
			out = append(out, Series{Start: s.At(from), Step: s.Step, Values: s.Values[from:to]})
		}
	}
	for _, cut := range cuts {
		if cut.Before(s.Start) || !cut.Before(s.End()) {
			continue
		}
		i := int(cut.Sub(s.Start) / s.Step)
		add(i)
		from = max(from, i)
		if cut.After(s.At(i)) {
			from = max(from, i+1)
		}
	}
	add(len(s.Values))
	return out
}

// slowLeak is the pooled slope over the medians of days.
func slowLeak(stretches []Series) (Trend, bool) {
	var slopes, halves, levels []float64
	variance, used := 0.0, 0
	for _, s := range stretches {
		days := blockMedians(s, day)
		n := len(measuredValues(Series{Values: days}))
		if n < 3 {
			continue
		}
		used++
		levels = append(levels, measuredValues(Series{Values: days})...)
		slopes = pairSlopes(slopes, days)
		// A stretch too short to be halved has no room for a step up either.
		if n < 6 {
			halves = pairSlopes(halves, days)
		} else {
			halves = pairSlopes(pairSlopes(halves, days[:len(days)/2]), days[len(days)/2:])
		}
		// Var(S) of Kendall's S; that of independent stretches adds up.
		variance += float64(n) * float64(n-1) * float64(2*n+5) / 18
	}
	z := distuv.UnitNormal.Quantile((1 + leakConfidence) / 2)
	count := float64(len(slopes))
	low, high := (count-z*math.Sqrt(variance))/2, (count+z*math.Sqrt(variance))/2
	if low < 1 || len(halves) == 0 {
		return Trend{}, false
	}
	slices.Sort(slopes)
	trend := Trend{
		PerDay: medianInPlace(slopes), Segments: used,
		Low:  slopes[clampIndex(math.Floor(low)-1, len(slopes))],
		High: slopes[clampIndex(math.Ceil(high), len(slopes))],
	}
	trend.Leak = trend.matters(medianInPlace(levels)) && medianInPlace(halves) >= trend.PerDay/2
	return trend, true
}

// matters is whether the slope is above zero, and large enough beside a level.
func (t Trend) matters(level float64) bool {
	return t.Low > 0 && t.PerDay*leakDays >= leakShare*level
}

const (
	leastStretches    = 6 // the extremes of 6 slopes hold the median in 1 − 2·2^−6, 97 %
	leastStretchHours = 5 // four hours and the warm-up
)

// fastLeak is the median of the slopes of stretches shorter than days.
func fastLeak(stretches []Series) (Trend, bool) {
	var slopes, levels, falls, climbs []float64
	lastHour, lastEnd := math.NaN(), time.Time{}
	var pairs []float64
	for _, s := range stretches {
		skip := min(len(s.Values), int(warmUp/s.Step))
		first := medianInPlace(measuredValues(Series{Values: s.Values[:skip]}))
		hours := blockMedians(Series{Start: s.At(skip), Step: s.Step, Values: s.Values[skip:]}, time.Hour)
		measured := measuredValues(Series{Values: hours})
		if s.Start.Sub(lastEnd) <= 2*s.Step && !math.IsNaN(lastHour-first) {
			falls = append(falls, lastHour-first)
		}
		lastEnd, lastHour = s.End(), math.NaN()
		if len(measured) < leastStretchHours-1 {
			continue
		}
		lastHour = measured[len(measured)-1]
		climbs = append(climbs, lastHour-measured[0])
		pairs = pairSlopes(pairs[:0], hours)
		slopes = append(slopes, 24*medianInPlace(pairs))
		levels = append(levels, medianInPlace(measured))
	}
	if len(slopes) < leastStretches {
		return Trend{}, false
	}
	slices.Sort(slopes)
	// The sign test: the interval from rank k to n+1−k misses the median with
	// probability 2·P(Bin(n, 1/2) < k).
	sign, k := distuv.Binomial{N: float64(len(slopes)), P: 0.5}, 1
	for 2*sign.CDF(float64(k)) <= 1-leakConfidence {
		k++
	}
	trend := Trend{
		PerDay: medianInPlace(slopes), Segments: len(slopes),
		Low: slopes[k-1], High: slopes[len(slopes)-k],
	}
	// What a restart gives back must be what the stretch took.
	back := medianInPlace(falls) >= medianInPlace(climbs)/2
	trend.Leak = trend.matters(medianInPlace(levels)) && back
	return trend, true
}

// blockMedians are the medians of blocks from the start, NaN where less than
// half was measured.
func blockMedians(s Series, block time.Duration) []float64 {
	size := max(1, int(block/s.Step))
	var medians []float64
	values := make([]float64, 0, size)
	for i := 0; i < len(s.Values); i += size {
		values = values[:0]
		for _, v := range s.Values[i:min(i+size, len(s.Values))] {
			if !math.IsNaN(v) {
				values = append(values, v)
			}
		}
		if 2*len(values) < size {
			medians = append(medians, math.NaN())
			continue
		}
		medians = append(medians, medianInPlace(values))
	}
	return medians
}

// pairSlopes appends the slopes of all pairs, per block.
func pairSlopes(slopes, values []float64) []float64 {
	for i, a := range values {
		for j := i + 1; j < len(values); j++ {
			if b := values[j]; !math.IsNaN(a - b) {
				slopes = append(slopes, (b-a)/float64(j-i))
			}
		}
	}
	return slopes
}
