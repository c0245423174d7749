package demand

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gonum.org/v1/gonum/stat/distuv"
)

func TestReturnLevelInterval(t *testing.T) {
	gumbel := distuv.GumbelRight{Mu: 2, Beta: 0.1}
	normal := distuv.Normal{Mu: 2, Sigma: 0.1}
	// Frechet of shape 0.3: the top quarter of days is close to a Pareto tail.
	frechet := func(p float64) float64 { return 1 + math.Pow(-math.Log(p), -0.3) }
	tests := []struct {
		name          string
		days, missing int
		quantile      func(p float64) float64
		low, high     float64
	}{
		{"Gumbel, 14 days", 14, 0, gumbel.Quantile, 0.87, 0.93},
		{"Gumbel, 14 of 20 days", 20, 6, gumbel.Quantile, 0.87, 0.93},
		{"Gumbel, 63 days", 63, 0, gumbel.Quantile, 0.86, 0.93},
		{"heavy tail, 455 days", 455, 0, frechet, 0.86, 0.93},
		{"normal, 14 days", 14, 0, normal.Quantile, 0.87, 0.97},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			truth := test.quantile(1 - 1.0/30)
			methods := map[string]int{}
			holds(t, 400, test.low, test.high, func(rng *rand.Rand) bool {
				maxima := make([]float64, test.days)
				for i := range maxima {
					maxima[i] = test.quantile(rng.Float64())
				}
				for i := range test.missing {
					maxima[3*i] = math.NaN()
				}
				level, err := ReturnLevel(maxima, 30, 0.9)
				if err != nil {
					t.Fatal(err)
				}
				if level.Days != test.days-test.missing {
					t.Fatalf("%d days, want %d", level.Days, test.days-test.missing)
				}
				methods[level.Method]++
				return level.Low <= truth && truth <= level.High
			})
			t.Log(methods)
		})
	}
}

func TestReturnLevelOfManyDays(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	draw := func(quantile func(p float64) float64) []float64 {
		out := make([]float64, 20000)
		for i := range out {
			out[i] = quantile(rng.Float64())
		}
		return out
	}
	gumbel := distuv.GumbelRight{Mu: 2, Beta: 0.1}
	level, err := ReturnLevel(draw(gumbel.Quantile), 30, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Gumbel level", level.Value, gumbel.Quantile(1-1.0/30), 0.01)
	// A Pareto tail of shape 0.25 from 3 on, with probability 1/4.
	pareto := func(p float64) float64 {
		if p < 0.75 {
			return 3 * p / 0.75
		}
		return 3 + 0.5*growth(0.25, -math.Log(4*(1-p)))
	}
	level, err = ReturnLevel(draw(pareto), 30, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	if level.Method != "GPD" {
		t.Errorf("method %s of a Pareto tail, want GPD", level.Method)
	}
	near(t, "GPD level", level.Value, pareto(1-1.0/30), 0.05)
}

func TestReturnLevelErrors(t *testing.T) {
	nan := math.NaN()
	week := []float64{1, 2, 3, 4, 5, 6, 7}
	_, err := ReturnLevel([]float64{1, nan, 2, 3, nan}, 30, 0.9)
	wantError(t, err, "return level: needs 7 measured days, has 3")
	_, err = ReturnLevel(week, 1, 0.9)
	wantError(t, err, "return level: horizon of 1 days, want more than 1")
	_, err = ReturnLevel(week, 30, 90)
	wantError(t, err, "return level: confidence 90 is not between 0 and 1")
	level, err := ReturnLevel([]float64{2, 2, 2, nan, 2, 2, 2, 2}, 30, 0.9)
	if want := (Level{Value: 2, Low: 2, High: 2, Method: "constant", Days: 7}); err != nil || level != want {
		t.Errorf("got %+v, %v, want %+v", level, err, want)
	}
	again, _ := ReturnLevel(week, 30, 0.9)
	if first, _ := ReturnLevel(week, 30, 0.9); first != again {
		t.Errorf("equal maxima give %+v and %+v", first, again)
	}
}

func TestDailyMax(t *testing.T) {
	nan := math.NaN()
	s := seriesOf(6*time.Hour,
		1, 2, nan, 0, // half and more
		nan, nan, nan, nan, // nothing
		9, nan, nan, nan, // a quarter, and above all others
		1, nan, nan, nan, // a quarter, below
		-1, -2, -3, -4,
		3) // the beginning of a day
	if diff := cmp.Diff([]float64{2, nan, 9, nan, -1, 3}, DailyMax(s), cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
}

func TestOOMFloor(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		level  float64
		limits []float64
		want   float64
	}{
		{0.8, nil, 0.8},
		{0.8, []float64{1}, 1.2},
		{0.1, []float64{0.25}, 0.25 + 100.0/1024}, // the MiB count for small ones
		{5, []float64{1, 2}, 5},
		{1, []float64{2, 1}, 2.4},
		{1, []float64{nan, 0}, 1},
		{nan, []float64{1}, 1.2},
	}
	for _, test := range tests {
		near(t, "floor", OOMFloor(test.level, test.limits), test.want, 1e-12)
	}
	if !math.IsNaN(OOMFloor(nan, nil)) {
		t.Error("no level and no kill is a number")
	}
}

func BenchmarkReturnLevel(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	s := seriesOf(time.Minute, process(rng, 20160, 0.97)...)
	for b.Loop() {
		if _, err := ReturnLevel(DailyMax(s), 30, 0.9); err != nil {
			b.Fatal(err)
		}
	}
}
