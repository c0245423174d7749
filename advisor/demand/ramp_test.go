package demand

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func TestLoadRamp(t *testing.T) {
	nan := math.NaN()
	// Work of 1, then up by 0.3 in 5 minutes in one of 20 quarters of an hour.
	steps := seriesOf(5 * time.Minute)
	for range 100 {
		for range 57 {
			steps.Values = append(steps.Values, 1)
		}
		steps.Values = append(steps.Values, 1.3, 1.3, 1.3)
	}
	tests := []struct {
		name string
		work Series
		p    float64
		want float64
	}{
		{"flat", seriesOf(time.Minute, 2, 2, 2, 2, 2, 2, 2), 0.99, 0},
		{"falls", seriesOf(time.Hour, 4, 3, 2, 1), 0.99, 0},
		{"up 30 %, a minute at a time", seriesOf(time.Minute, 3, 3, 3, 3, 3, 3, 3.18, 3.36, 3.54, 3.72, 3.9, 1, 1, 1, 1, 1), 1, 0.001},
		{"one rise in 60 is above P98", steps, 0.98, 0},
		{"one rise in 60 is within P99", steps, 0.99, 0.3 / 1.015 / 300},
		{"from nothing: relative to the mean", seriesOf(5*time.Minute, 2, 2, 0, 2, 2), 1, 2 / 1.6 / 300},
		{"mostly nothing", seriesOf(5*time.Minute, 0, 0, 0, 0, 1), 1, 1 / 0.2 / 300},
		{"nothing", seriesOf(5*time.Minute, 0, 0, 0), 1, 0},
		{"gaps are no ramps", seriesOf(5*time.Minute, 1, nan, 9, nan, 1, 1), 1, 0},
		{"long steps", seriesOf(time.Hour, 2, 2, 4, 0, 0), 1, 1.0 / 3600},
	}
	for _, test := range tests {
		near(t, test.name, LoadRamp(test.work, test.p), test.want, 1e-12)
	}
	for _, s := range []Series{{}, seriesOf(time.Minute, 1, 2), seriesOf(5*time.Minute, nan, 1, nan, 2)} {
		if got := LoadRamp(s, 0.99); !math.IsNaN(got) {
			t.Errorf("%v: a ramp of %v, want NaN", s.Values, got)
		}
	}
}

func TestMaxTarget(t *testing.T) {
	near(t, "ramp of 0.1 % a second, default metrics", MaxTarget(0.001, 386), 0.7215, 1e-4)
	near(t, "ramp of 0.1 % a second, high resolution", MaxTarget(0.001, 109), 0.9017, 1e-4)
	near(t, "no ramp", MaxTarget(0, 386), 1, 0)
	if !math.IsNaN(MaxTarget(math.NaN(), 386)) {
		t.Error("an unknown ramp has a target")
	}
}

func BenchmarkLoadRamp(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	s := seriesOf(time.Minute, process(rng, 20160, 0.97)...)
	for b.Loop() {
		LoadRamp(s, 0.99)
	}
}
