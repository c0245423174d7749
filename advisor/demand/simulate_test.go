package demand

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// aMonday is a Monday, so that hour 0 of the week is step 0.
func aMonday() time.Time { return time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC) }

func seriesOf(step time.Duration, values ...float64) Series {
	return Series{Start: aMonday(), Step: step, Values: values}
}

// process is a stationary AR(1) with standard normal margins.
func process(rng *rand.Rand, n int, phi float64) []float64 {
	values := make([]float64, n)
	x, noise := rng.NormFloat64(), math.Sqrt(1-phi*phi)
	for i := range values {
		values[i] = x
		x = phi*x + noise*rng.NormFloat64()
	}
	return values
}

// punch makes share of the values NaN, in runs of 1 to 60 steps.
func punch(rng *rand.Rand, values []float64, share float64) {
	for missing := 0; missing < int(share*float64(len(values))); {
		from := rng.IntN(len(values))
		for i := from; i < min(from+1+rng.IntN(60), len(values)); i++ {
			if !math.IsNaN(values[i]) {
				missing++
			}
			values[i] = math.NaN()
		}
	}
}

// holds runs trials and checks how many of the intervals hold the truth.
func holds(t *testing.T, trials int, low, high float64, trial func(rng *rand.Rand) bool) {
	t.Helper()
	held := 0
	for i := range trials {
		if trial(rand.New(rand.NewPCG(20261121, uint64(i)))) {
			held++
		}
	}
	share := float64(held) / float64(trials)
	t.Logf("%d of %d hold: %.1f %%", held, trials, 100*share)
	if share < low || share > high {
		t.Errorf("%.1f %% of %d intervals hold the truth, want %.0f to %.0f %%", 100*share, trials, 100*low, 100*high)
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %v, want %v ± %v", what, got, want, tolerance)
	}
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("error %q, want %q", errorText(err), want)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
