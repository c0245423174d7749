package demand

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestWeekProfileKnownHours(t *testing.T) {
	// Hour h of the week is h, from a start on a Wednesday at 05:30.
	s := Series{Start: aMonday().Add(2*day + 5*time.Hour + 30*time.Minute), Step: 5 * time.Minute}
	for i := range 2 * hoursPerWeek * 12 {
		hour := s.At(i).Sub(aMonday()) / time.Hour
		s.Values = append(s.Values, float64(hour%hoursPerWeek))
	}
	profile, err := WeekProfile(s, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	for h, v := range profile {
		if v != float64(h) {
			t.Errorf("hour %d: %v", h, v)
		}
	}
}

func TestWeekProfileQuantileOfNoise(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	s := seriesOf(time.Minute, process(rng, 4*7*1440, 0)...)
	punch(rng, s.Values, 0.2)
	profile, err := WeekProfile(s, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	for h, v := range profile { // about 190 values an hour: a deviation of 0.13
		near(t, "P90 of hour", v, distuv.UnitNormal.Quantile(0.9), 0.45)
		if math.IsNaN(v) {
			t.Errorf("hour %d is missing", h)
		}
	}
}

func TestWeekProfileGapsAndErrors(t *testing.T) {
	s := seriesOf(time.Hour, 1, math.NaN(), 3)
	profile, err := WeekProfile(s, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	if profile[0] != 1 || !math.IsNaN(profile[1]) || profile[2] != 3 || !math.IsNaN(profile[3]) {
		t.Errorf("got %v", profile[:4])
	}
	_, err = WeekProfile(seriesOf(time.Hour, math.NaN()), 0.5)
	wantError(t, err, "week profile: nothing was measured in 1 steps")
	_, err = WeekProfile(seriesOf(2*time.Hour, 1), 0.5)
	wantError(t, err, "week profile: steps of 2h0m0s, want at most 1h0m0s")
	_, err = WeekProfile(seriesOf(time.Hour, 1), 50)
	wantError(t, err, "week profile: probability 50 is not between 0 and 1")
}

func TestSeasonalStrength(t *testing.T) {
	season := func(h int) float64 { return math.Sin(2 * math.Pi * float64(h) / 24) } // variance 1/2
	tests := []struct {
		name             string
		season, noise    float64
		phi, gaps        float64
		want, acceptable float64
	}{
		{"season only", 1, 0, 0, 0, 1, 1e-9},
		{"noise only", 0, 1, 0, 0, 0, 0.12},
		{"correlated noise only", 0, 1, 0.9, 0, 0, 0.25},
		{"half and half", 1, math.Sqrt(0.5), 0, 0, 0.5, 0.1},
		{"half and half with gaps", 1, math.Sqrt(0.5), 0, 0.2, 0.5, 0.12},
		{"nothing happens", 0, 0, 0, 0, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 9))
			values := process(rng, 4*hoursPerWeek, test.phi)
			for i := range values {
				values[i] = test.season*season(i) + test.noise*values[i]
			}
			punch(rng, values, test.gaps)
			near(t, "strength", SeasonalStrength(seriesOf(time.Hour, values...)), test.want, test.acceptable)
		})
	}
	if got := SeasonalStrength(seriesOf(time.Hour, make([]float64, hoursPerWeek)...)); !math.IsNaN(got) {
		t.Errorf("one week says %v of a weekly season, want NaN", got)
	}
}

func BenchmarkWeek(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	s := seriesOf(time.Minute, process(rng, 20160, 0.97)...)
	for b.Loop() {
		if _, err := WeekProfile(s, 0.95); err != nil {
			b.Fatal(err)
		}
		SeasonalStrength(s)
	}
}
