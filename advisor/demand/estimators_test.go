package demand

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestAnySeries gives every estimator series of any length, start and gaps: none
// may panic, return what is not a number without saying so, or leave what was
// measured for an order statistic.
func TestAnySeries(t *testing.T) {
	steps := []time.Duration{20 * time.Second, time.Minute, 5 * time.Minute, 7 * time.Minute, time.Hour}
	for i := range 600 {
		rng := rand.New(rand.NewPCG(99, uint64(i)))
		s := Series{
			Start:  aMonday().Add(time.Duration(rng.IntN(14*86400)) * time.Second),
			Step:   steps[rng.IntN(len(steps))],
			Values: process(rng, rng.IntN(900), rng.Float64()),
		}
		for j, v := range s.Values {
			s.Values[j] = math.Abs(math.Round(v*4) / 4 * float64(i%3)) // ties, and zeroes only
			if i%5 == 0 && rng.Float64() < 0.8 {
				s.Values[j] = 0 // mostly nothing
			}
		}
		punch(rng, s.Values, rng.Float64())
		before := slices.Clone(s.Values)
		checkAny(t, rng, s)
		for j, v := range s.Values {
			if v != before[j] && !math.IsNaN(v) {
				t.Fatalf("series %d: an estimator wrote to its input", i)
			}
		}
		if t.Failed() {
			t.Fatalf("series %d: step %v, %d values", i, s.Step, len(s.Values))
		}
	}
}

func checkAny(t *testing.T, rng *rand.Rand, s Series) {
	number := func(what string, values ...float64) {
		t.Helper()
		for _, v := range values {
			if math.IsNaN(v) {
				t.Errorf("%s is not a number", what)
			}
		}
	}
	p := 0.01 + 0.98*rng.Float64()
	if q, err := QuantileOf(s, p, 0.9); err == nil {
		within := func(v float64) bool { return slices.Contains(s.Values, v) }
		if !within(q.Value) || !within(q.Low) || !within(q.High) || q.Low > q.Value || q.Value > q.High {
			t.Errorf("quantile is not of the series, or out of order: %+v", q)
		}
		if q.Effective < 1 || q.Effective > float64(q.Points) || q.Points != s.Count() {
			t.Errorf("points: %+v", q)
		}
	} else if s.Count() > 0 {
		t.Errorf("quantile of %d values: %v", s.Count(), err)
	}
	if q, err := CensoredQuantile(s, 0.95, p, 0.9); err == nil {
		number("censored quantile", q.Value, q.Low, q.High)
	}
	if level, err := ReturnLevel(DailyMax(s), 30, 0.9); err == nil {
		number("return level", level.Value, level.Low, level.High)
	}
	if trend, err := Leak(s, []time.Time{s.At(rng.IntN(900)), s.Start, s.End()}); err == nil {
		number("trend", trend.PerDay, trend.Low, trend.High)
	}
	if quiet, err := OffHours(s); err == nil {
		number("hours on", quiet.OnHoursPerWeek)
	}
	if strength := SeasonalStrength(s); strength < 0 || strength > 1 {
		t.Errorf("strength of %v", strength)
	}
	if ramp := LoadRamp(s, p); ramp < 0 || math.IsInf(ramp, 0) {
		t.Errorf("ramp of %v", ramp)
	}
	_, _ = WeekProfile(s, p)
	_ = CoverageOf(s).Judge()
	for _, r := range DayBlocks(s, 2, 1) {
		if got := r.Apply(s); len(got.Values) != len(s.Values) {
			t.Errorf("a resample of %d values has %d", len(s.Values), len(got.Values))
		}
	}
}

// BenchmarkAllEstimators is everything that one service is asked, on 14 days at
// 60 s with gaps: at most 10 ms.
func BenchmarkAllEstimators(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	m := fleet(rng, 1.5)
	m.Memory = seriesOf(time.Minute, process(rng, 20160, 0.97)...)
	punch(rng, m.Memory.Values, 0.05)
	util := throttled(process(rng, 20160, 0.9), func(z float64) float64 { return 0.6 + 0.22*z })
	util.Step = time.Minute
	check := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		for _, s := range []Series{m.Work, m.Memory} {
			_, err := QuantilesOf(s, []float64{0.5, 0.95, 0.99, 0.995}, 0.9)
			check(err)
		}
		_, err := WeekProfile(m.Work, 0.95)
		check(err)
		SeasonalStrength(m.Work)
		_, err = ReturnLevel(DailyMax(m.Memory), 30, 0.9)
		check(err)
		_, err = Leak(m.Memory, nil)
		check(err)
		_, err = CensoredQuantile(util, 0.95, 0.99, 0.9)
		check(err)
		HotTaskRatio(m)
		_, err = OffHours(m.Work)
		check(err)
		MaxTarget(LoadRamp(m.Work, 0.99), 386)
		check(CoverageOf(m.Work).Judge())
	}
}
