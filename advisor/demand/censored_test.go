package demand

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

// throttled is utilisation of a demand from standard normal values, cut at 1.
func throttled(values []float64, demand func(z float64) float64) Series {
	s := seriesOf(5*time.Minute, values...)
	for i, z := range s.Values {
		if !math.IsNaN(z) {
			s.Values[i] = min(1, demand(z))
		}
	}
	return s
}

func TestCensored(t *testing.T) {
	got := Censored(seriesOf(time.Minute, 0.5, math.NaN(), 0.95, 1, math.NaN(), 0.2, 0.949), 0.95)
	if want := (Censoring{Share: 0.4, Steps: 2}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if none := Censored(seriesOf(time.Minute, math.NaN()), 0.95); !math.IsNaN(none.Share) {
		t.Errorf("nothing measured is censored by %v", none.Share)
	}
}

func TestCensoredQuantileInterval(t *testing.T) {
	normal := func(z float64) float64 { return 0.6 + 0.22*z } // 5.6 % at the limit
	logNormal := func(z float64) float64 { return math.Exp(-1 + 0.6*z) }
	tests := []struct {
		name   string
		demand func(z float64) float64
		p, phi float64
		gaps   float64
		high   float64 // of the share that holds
	}{
		{"normal P99, above the limit", normal, 0.99, 0, 0, 0.94},
		{"normal P99, correlated", normal, 0.99, 0.9, 0, 0.94},
		{"log-normal P99, above the limit, gaps", logNormal, 0.99, 0.5, 0.1, 0.99},
		{"normal P90, below the limit", normal, 0.90, 0.5, 0, 0.94},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			truth := test.demand(distuv.UnitNormal.Quantile(test.p))
			holds(t, 200, 0.86, test.high, func(rng *rand.Rand) bool {
				values := process(rng, 4032, test.phi)
				punch(rng, values, test.gaps)
				q, err := CensoredQuantile(throttled(values, test.demand), 0.95, test.p, 0.9)
				if err != nil {
					t.Fatal(err)
				}
				if q.Bounded != (test.p < 0.94) {
					t.Fatalf("bounded is %v: %+v", q.Bounded, q)
				}
				return q.Low <= truth && truth <= q.High
			})
		})
	}
}

func TestCensoredQuantileCannotTell(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	busy := throttled(process(rng, 4032, 0.5), func(z float64) float64 { return 0.8 + 0.3*z })
	_, err := CensoredQuantile(busy, 0.95, 0.95, 0.9)
	wantError(t, err, "censored quantile: 29.1 % of the steps are at the limit of 0.95, the demand above it cannot be told from more than 20 %")
	// Idle or flat out: nothing between says how much more was wanted.
	batch := throttled(process(rng, 4032, 0), func(z float64) float64 {
		if z > 1.2 {
			return 1
		}
		return 0.1 + 0.02*math.Abs(math.Sin(50*z))
	})
	_, err = CensoredQuantile(batch, 0.95, 0.99, 0.9)
	wantError(t, err, "censored quantile: P99 is above the limit of 0.95, and the steps below it follow neither a normal nor a log-normal law")
	_, err = CensoredQuantile(seriesOf(time.Minute, math.NaN()), 0.95, 0.99, 0.9)
	wantError(t, err, "censored quantile: nothing was measured in 1 steps")
}

func BenchmarkCensoredQuantile(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	s := throttled(process(rng, 20160, 0.9), func(z float64) float64 { return 0.6 + 0.22*z })
	for b.Loop() {
		if _, err := CensoredQuantile(s, 0.95, 0.99, 0.9); err != nil {
			b.Fatal(err)
		}
	}
}
