package demand

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// numbered has value 100·day + hour, so that a value says where it came from.
func numbered(days int) Series {
	var values []float64
	for d := range days {
		for h := range 24 {
			values = append(values, float64(100*d+h))
		}
	}
	return seriesOf(time.Hour, values...)
}

func TestDayBlocksKeepKindAndTimeOfDay(t *testing.T) {
	s := numbered(14)
	s.Start = s.Start.Add(18 * time.Hour) // blocks run from 18:00 to 18:00
	s.Values = append(s.Values, 1400, 1401, 1402)
	seen := map[int]bool{}
	for _, r := range DayBlocks(s, 50, 7) {
		drawn := r.Apply(s)
		if len(drawn.Values) != len(s.Values) || !drawn.Start.Equal(s.Start) || drawn.Step != s.Step {
			t.Fatalf("a resample of %d steps has %d", len(s.Values), len(drawn.Values))
		}
		for i, v := range drawn.Values {
			from, hour := int(v)/100, int(v)%100
			if hour != i%24 {
				t.Fatalf("hour %d of a day holds hour %d", i%24, hour)
			}
			if weekend(s, from) != weekend(s, i/24) {
				t.Fatalf("block %d is drawn from block %d, a day of the other kind", i/24, from)
			}
			seen[from] = true
		}
	}
	for d := range 14 {
		if !seen[d] {
			t.Errorf("day %d is never drawn", d)
		}
	}
	if seen[14] {
		t.Error("the part of a day at the end is drawn as a whole one")
	}
}

func TestDayBlocksAreRepeatable(t *testing.T) {
	s := numbered(14)
	few, many := DayBlocks(s, 5, 1), DayBlocks(s, 9, 1)
	if diff := cmp.Diff(few, many[:5]); diff != "" {
		t.Errorf("the first draws depend on their number: %s", diff)
	}
	if cmp.Equal(few, DayBlocks(s, 5, 2)) {
		t.Error("the seed changes nothing")
	}
}

func TestDayBlocksWithoutDays(t *testing.T) {
	unmeasured := numbered(14)
	for i := range unmeasured.Values {
		unmeasured.Values[i] = math.NaN()
	}
	if got := DayBlocks(unmeasured, 3, 1); got != nil {
		t.Errorf("days without a value are drawn: %v", got)
	}
	if got := DayBlocks(numbered(1), 3, 1); got != nil {
		t.Errorf("one day is resampled: %v", got)
	}
	odd := numbered(14)
	odd.Step = 7 * time.Minute
	if got := DayBlocks(odd, 3, 1); got != nil {
		t.Errorf("steps that do not divide a day are resampled: %v", got)
	}
	// A weekend that was not measured is drawn from weekdays, a day that was not
	// measured from others.
	holes := numbered(7)
	for i := 5 * 24; i < len(holes.Values); i++ {
		holes.Values[i] = math.NaN()
	}
	for _, r := range DayBlocks(holes, 20, 1) {
		if len(r.Days) != 7 || slices.Max(r.Days) > 4 {
			t.Errorf("draw %v, want 7 of the days 0 to 4", r.Days)
		}
	}
}

func TestResampleKeepsSeriesTogether(t *testing.T) {
	m := Measured{Work: numbered(14), Memory: numbered(14), Source: "AWS/ECS"}
	m.Memory.Values[30] = math.NaN()
	r := DayBlocks(m.Work, 1, 3)[0]
	drawn := m.Resample(r)
	for i, w := range drawn.Work.Values {
		if got := drawn.Memory.Values[i]; got != w && !(w == 106 && math.IsNaN(got)) {
			t.Fatalf("step %d: work of %v beside memory of %v", i, w, got)
		}
	}
	if len(drawn.Requests.Values) != 0 || drawn.Source != "AWS/ECS" {
		t.Error("a series that was not read appeared, or the source is lost")
	}
	short := r.Apply(numbered(3)) // fewer days than were drawn from
	for i, v := range short.Values {
		if from := r.Days[i/24]; math.IsNaN(v) != (from > 2) {
			t.Errorf("step %d from day %d of 3 is %v", i, from, v)
		}
	}
}

// TestBootstrapInterval: days of independent levels, 8 weeks, the mean.
func TestBootstrapInterval(t *testing.T) {
	holds(t, 400, 0.86, 0.93, func(rng *rand.Rand) bool {
		var values []float64
		for range 56 {
			level := 3 + rng.NormFloat64()
			for h := range 24 {
				values = append(values, level+math.Sin(2*math.Pi*float64(h)/24)+0.1*rng.NormFloat64())
			}
		}
		s := seriesOf(time.Hour, values...)
		var means []float64
		for _, r := range DayBlocks(s, 99, rng.Uint64()) {
			sum := 0.0
			for _, v := range r.Apply(s).Values {
				sum += v
			}
			means = append(means, sum/float64(len(values)))
		}
		slices.Sort(means)
		return means[4] <= 3 && 3 <= means[94]
	})
}

func BenchmarkApply(b *testing.B) {
	s := seriesOf(time.Minute, make([]float64, 20160)...)
	r := DayBlocks(s, 1, 1)[0]
	for b.Loop() {
		r.Apply(s)
	}
}
