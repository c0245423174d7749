package demand

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

func TestQuantileInterval(t *testing.T) {
	tests := []struct {
		name       string
		steps      int
		step       time.Duration
		phi, p     float64
		confidence float64
		gaps       float64
	}{
		{"independent P95", 4032, 5 * time.Minute, 0, 0.95, 0.90, 0},
		{"AR(1) 0.5 P50", 4032, 5 * time.Minute, 0.5, 0.50, 0.90, 0},
		{"AR(1) 0.9 P95", 4032, 5 * time.Minute, 0.9, 0.95, 0.90, 0},
		{"AR(1) 0.9 P95 with gaps", 4032, 5 * time.Minute, 0.9, 0.95, 0.90, 0.15},
		{"AR(1) 0.97 P99", 20160, time.Minute, 0.97, 0.99, 0.90, 0},
		{"AR(1) 0.9 P95 at 80 %", 4032, 5 * time.Minute, 0.9, 0.95, 0.80, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			truth := distuv.UnitNormal.Quantile(test.p)
			holds(t, max(400, 4_000_000/test.steps), test.confidence-0.03, test.confidence+0.03, func(rng *rand.Rand) bool {
				values := process(rng, test.steps, test.phi)
				punch(rng, values, test.gaps)
				q, err := QuantileOf(seriesOf(test.step, values...), test.p, test.confidence)
				if err != nil {
					t.Fatal(err)
				}
				return q.Low <= truth && truth <= q.High
			})
		})
	}
}

func TestBusyDaysWidenTheInterval(t *testing.T) {
	// Every day has its own level: 28 days tell as much as 28 points, however
	// many minutes they have.
	rng := rand.New(rand.NewPCG(1, 2))
	var values []float64
	for range 28 {
		level := rng.NormFloat64()
		for range 288 {
			values = append(values, level+0.05*rng.NormFloat64())
		}
	}
	q, err := QuantileOf(seriesOf(5*time.Minute, values...), 0.8, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	if q.Effective < 10 || q.Effective > 60 {
		t.Errorf("%v effective points of 28 days, want 10 to 60", q.Effective)
	}
}

func TestBounded(t *testing.T) {
	tests := []struct {
		p, effective float64
		want         bool
	}{
		{0.95, 58, false}, {0.95, 59, true},
		{0.99, 298, false}, {0.99, 299, true},
		{0.995, 597, false}, {0.995, 598, true},
	}
	sorted := make([]float64, 2000)
	for i := range sorted {
		sorted[i] = float64(i)
	}
	for _, test := range tests {
		q := interval(sorted, test.p, 0.95, test.effective)
		if q.Bounded != test.want {
			t.Errorf("P%v with %v effective points: bounded is %v", 100*test.p, test.effective, q.Bounded)
		}
		if !q.Bounded && q.High != 1999 {
			t.Errorf("P%v unbounded: High is %v, want the maximum", 100*test.p, q.High)
		}
	}
}

// TestRanksAgainstBinomial compares the real ranks with the whole ones that a
// count of exceedances gives.
func TestRanksAgainstBinomial(t *testing.T) {
	for _, n := range []float64{20, 59, 100, 500} {
		for _, p := range []float64{0.5, 0.9, 0.95} {
			count := distuv.Binomial{N: n, P: p}
			low, high := rankBounds(n, p, 0.05)
			// P(U_(r) > p) is P(Bin(n, p) < r).
			for r := 1.0; r <= n; r++ {
				above := count.CDF(r - 1) // U_(r) > p
				if r <= low && 1-above < 0.95-1e-9 {
					t.Errorf("n %v, p %v: rank %v is below the quantile with %v only", n, p, r, 1-above)
				}
				if r >= high && high < n-1e-6 && above < 0.95-1e-9 {
					t.Errorf("n %v, p %v: rank %v is above the quantile with %v only", n, p, r, above)
				}
			}
			if whole := math.Ceil(high) - 1; high < n-1e-6 && count.CDF(whole-1) >= 0.95 {
				t.Errorf("n %v, p %v: rank %v would do, got %v", n, p, whole, high)
			}
		}
	}
}

func TestMissingValuesTakeNoPart(t *testing.T) {
	nan := math.NaN()
	with, err := QuantileOf(seriesOf(time.Hour, nan, 5, nan, nan, 1, 2, nan, 3, 4, nan), 0.5, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	if with.Value != 3 || with.Points != 5 || with.Low < 1 || with.High > 5 {
		t.Errorf("got %+v, want the median 3 of 5 points", with)
	}
	_, err = QuantileOf(seriesOf(time.Hour, nan, nan), 0.5, 0.5)
	wantError(t, err, "quantile: nothing was measured in 2 steps")
	_, err = QuantileOf(seriesOf(time.Hour, 1), 95, 0.5)
	wantError(t, err, "quantile: probability 95 is not between 0 and 1")
	_, err = QuantileOf(seriesOf(time.Hour, 1), 0.95, 90)
	wantError(t, err, "quantile: confidence 90 is not between 0 and 1")
}

func TestStillSeries(t *testing.T) {
	values := make([]float64, 14*1440)
	for i := range values {
		values[i] = 0.2
	}
	q, err := QuantileOf(seriesOf(time.Minute, values...), 0.95, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	if q.Value != 0.2 || q.Low != 0.2 || q.High != 0.2 || q.Effective != 336 || !q.Bounded {
		t.Errorf("a series that never moves: %+v", q)
	}
}

// TestEffectiveCountsTheSame compares correlations counted on bits, with and
// without gaps, with a plain sum.
func TestEffectiveCountsTheSame(t *testing.T) {
	for _, gaps := range []float64{0, 0.2} {
		rng := rand.New(rand.NewPCG(3, 4))
		values := process(rng, 500, 0.8)
		punch(rng, values, gaps)
		m := marksAbove(values, 0.7)
		for _, k := range []int{1, 2, 63, 64, 65, 127, 128, 200} {
			pairs, both, one := 0, 0, 0
			for i := range len(values) - k {
				a, b := values[i], values[i+k]
				if math.IsNaN(a) || math.IsNaN(b) {
					continue
				}
				pairs++
				switch {
				case a > 0.7 && b > 0.7:
					both++
					one += 2
				case a > 0.7 || b > 0.7:
					one++
				}
			}
			if p, b, o := m.lag(k); p != pairs || b != both || o != one {
				t.Errorf("gaps %v, lag %d: %d pairs, %d both, %d ends, want %d, %d, %d", gaps, k, p, b, o, pairs, both, one)
			}
		}
	}
}

func TestSelectionAgainstSort(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for n := 1; n < 60; n++ {
		values := make([]float64, n)
		for i := range values {
			values[i] = float64(rng.IntN(20))
		}
		sorted := slices.Sorted(slices.Values(values))
		for _, p := range []float64{0.01, 0.5, 0.9, 0.99} {
			want := stat.Quantile(p, stat.Empirical, sorted, nil)
			if got := quantileInPlace(slices.Clone(values), p); got != want {
				t.Fatalf("P%v of %v: %v, want %v", 100*p, sorted, got, want)
			}
		}
		want := (sorted[(n-1)/2] + sorted[n/2]) / 2
		if got := medianInPlace(slices.Clone(values)); got != want {
			t.Fatalf("median of %v: %v, want %v", sorted, got, want)
		}
	}
	if !math.IsNaN(quantileInPlace(nil, 0.5)) || !math.IsNaN(medianInPlace(nil)) {
		t.Error("quantile of nothing is a number")
	}
}

func BenchmarkQuantiles(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	s := seriesOf(time.Minute, process(rng, 20160, 0.97)...)
	for b.Loop() {
		if _, err := QuantilesOf(s, []float64{0.5, 0.95, 0.99}, 0.9); err != nil {
			b.Fatal(err)
		}
	}
}
