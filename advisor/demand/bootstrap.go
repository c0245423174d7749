package demand

import (
	"math"
	"math/rand/v2"
	"time"
)

// Resample is one draw of the day-block bootstrap: block i of the new series is
// block Days[i] of the old one. Blocks are 24 h long and count from the start of
// the series, so that every value keeps its time of day.
type Resample struct{ Days []int }

// DayBlocks draws resamples of a series, each of its days replaced by a measured
// one of the same kind: weekdays by weekdays, days of the weekend (Saturday and
// Sunday, UTC, by the middle of the block) by days of the weekend. A kind that
// was never measured is drawn from all days. What happens within a day stays
// together; dependence from one day to the next is lost.
//
// It is nil where there is nothing to draw from: fewer than two whole days with
// a measured value, or a step that does not divide a day. Equal series and seed
// give equal draws, and draw i does not depend on how many are asked for.
func DayBlocks(s Series, draws int, seed uint64) []Resample {
	size := blockSize(s.Step)
	if size == 0 || draws <= 0 {
		return nil
	}
	weekdays, weekends := measuredDays(s, size)
	all := append(append([]int{}, weekdays...), weekends...)
	if len(all) < 2 {
		return nil
	}
	blocks := (len(s.Values) + size - 1) / size
	sources := make([][]int, blocks)
	for i := range sources {
		sources[i] = weekdays
		if weekend(s, i) {
			sources[i] = weekends
		}
		if len(sources[i]) == 0 {
			sources[i] = all
		}
	}
	drawn := make([]Resample, draws)
	for i := range drawn {
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		days := make([]int, blocks)
		for b, from := range sources {
			days[b] = from[rng.IntN(len(from))]
		}
		drawn[i] = Resample{Days: days}
	}
	return drawn
}

// measuredDays are the whole blocks with a measured value, by kind.
func measuredDays(s Series, size int) (weekdays, weekends []int) {
	for i := range len(s.Values) / size {
		if countMeasured(s.Values[i*size:(i+1)*size]) == 0 {
			continue
		}
		if weekend(s, i) {
			weekends = append(weekends, i)
		} else {
			weekdays = append(weekdays, i)
		}
	}
	return weekdays, weekends
}

// Apply is the series with its days as drawn. A day that the series does not
// have is not measured (NaN).
func (r Resample) Apply(s Series) Series {
	size := blockSize(s.Step)
	out := Series{Start: s.Start, Step: s.Step, Values: make([]float64, len(s.Values))}
	for i := 0; i < len(out.Values); {
		n := 1
		if size > 0 {
			n = min(size, len(out.Values)-i)
		}
		copied := 0
		if b := i / max(size, 1); size > 0 && b < len(r.Days) {
			if from := r.Days[b] * size; from >= 0 && from < len(s.Values) {
				copied = copy(out.Values[i:i+n], s.Values[from:])
			}
		}
		for j := i + copied; j < i+n; j++ {
			out.Values[j] = math.NaN()
		}
		i += n
	}
	return out
}

// Resample is what was measured with its days as drawn, the same days in every
// series, so that work, memory and tasks of one minute stay together.
func (m Measured) Resample(r Resample) Measured {
	m.Work = r.Apply(m.Work)
	m.Memory = r.Apply(m.Memory)
	m.HotCPU = r.Apply(m.HotCPU)
	m.HotMemory = r.Apply(m.HotMemory)
	m.Tasks = r.Apply(m.Tasks)
	m.Requests = r.Apply(m.Requests)
	return m
}

// blockSize is the number of steps of a day, 0 where they do not divide it.
func blockSize(step time.Duration) int {
	if step <= 0 || day%step != 0 {
		return 0
	}
	return int(day / step)
}

// weekend is whether the middle of block i is on a Saturday or Sunday, UTC.
func weekend(s Series, i int) bool {
	middle := s.Start.Add(time.Duration(i)*day + day/2).UTC().Weekday()
	return middle == time.Saturday || middle == time.Sunday
}

func countMeasured(values []float64) int { return Series{Values: values}.Count() }
