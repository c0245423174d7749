package demand

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// leaky is memory of a task at 5 minutes: 1 GB, a daily cycle, correlated noise,
// and a slope per day since the last of the restarts.
func leaky(rng *rand.Rand, days int, perDay float64, restarts ...time.Time) Series {
	s := seriesOf(5*time.Minute, process(rng, days*288, 0.95)...)
	since := s.Start
	for i, noise := range s.Values {
		for _, r := range restarts {
			if !r.After(s.At(i)) {
				since = r
			}
		}
		hours := s.At(i).Sub(s.Start).Hours()
		s.Values[i] = 1 + 0.05*math.Sin(2*math.Pi*hours/24) + 0.02*noise + perDay*s.At(i).Sub(since).Hours()/24
	}
	return s
}

// every is a restart each so often within days.
func every(hours float64, days int) []time.Time {
	var out []time.Time
	for h := hours; h < float64(24*days); h += hours {
		out = append(out, aMonday().Add(time.Duration(h*float64(time.Hour))))
	}
	return out
}

func TestLeakInterval(t *testing.T) {
	tests := []struct {
		name      string
		days      int
		perDay    float64
		restarts  []time.Time
		gaps      float64
		low, high float64
	}{
		{"no leak", 14, 0, nil, 0, 0.87, 0.95},
		{"leak of 2 % a day", 14, 0.02, nil, 0, 0.87, 0.95},
		{"leak with gaps", 14, 0.02, nil, 0.2, 0.86, 0.95},
		{"restarts every 5 days", 14, 0.02, every(120, 14), 0, 0.87, 0.97},
		// 17 h and 24 h have no common phase, so that the day's cycle averages out;
		// an interval of the median of so few slopes is wider than it must be.
		{"restarts every 17 h", 14, 1, every(17, 14), 0, 0.87, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found := 0
			holds(t, 200, test.low, test.high, func(rng *rand.Rand) bool {
				s := leaky(rng, test.days, test.perDay, test.restarts...)
				punch(rng, s.Values, test.gaps)
				trend, err := Leak(s, test.restarts)
				if err != nil {
					t.Fatal(err)
				}
				if trend.Leak {
					found++
				}
				return trend.Low <= test.perDay && test.perDay <= trend.High
			})
			t.Logf("%d of 200 are called a leak", found)
			if test.perDay == 0 && found > 10 {
				t.Errorf("%d of 200 series without a leak are called one, want at most 5 %%", found)
			}
			if test.perDay > 0 && found < 190 {
				t.Errorf("%d of 200 leaks are found, want 95 %%", found)
			}
		})
	}
}

func TestNoLeak(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	shift := leaky(rng, 14, 0)
	for i := range shift.Values[7*288:] {
		shift.Values[7*288+i] += 0.3
	}
	tests := []struct {
		name     string
		memory   Series
		restarts []time.Time
	}{
		{"a step up at a deployment nobody told of", shift, nil},
		{"a step up at a known deployment", shift, []time.Time{aMonday().Add(7 * day)}},
		{"significant but not worth a word", leaky(rng, 14, 0.002), nil},
		{"shrinks", leaky(rng, 14, -0.02), nil},
		{"a daily cycle between daily restarts at noon", leaky(rng, 14, 0), every(12, 14)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			trend, err := Leak(test.memory, test.restarts)
			if err != nil {
				t.Fatal(err)
			}
			if trend.Leak {
				t.Errorf("called a leak: %+v", trend)
			}
		})
	}
}

func TestLeakExact(t *testing.T) {
	var values []float64
	for h := range 14 * 24 {
		values = append(values, 1+0.024*float64(h%120)) // restarts after 5 and 10 days
	}
	trend, err := Leak(seriesOf(time.Hour, values...), every(120, 14))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "slope", trend.PerDay, 0.576, 1e-9)
	near(t, "low", trend.Low, 0.576, 1e-9)
	if !trend.Leak || trend.Segments != 3 {
		t.Errorf("got %+v, want a leak in 3 segments", trend)
	}
}

func TestLeakErrors(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	_, err := Leak(leaky(rng, 3, 0), every(12, 3)[:2])
	wantError(t, err, "leak: needs 5 days, or 6 stretches of 5 h, without a restart; has 3, the longest of 48 h")
	_, err = Leak(seriesOf(time.Hour, math.NaN(), math.NaN()), nil)
	wantError(t, err, "leak: nothing was measured in 2 steps")
	_, err = Leak(seriesOf(2*time.Hour, 1), nil)
	wantError(t, err, "leak: steps of 2h0m0s, want at most 1h0m0s")
}

func BenchmarkLeak(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	s := seriesOf(time.Minute, process(rng, 20160, 0.97)...)
	for b.Loop() {
		if _, err := Leak(s, nil); err != nil {
			b.Fatal(err)
		}
	}
}
