package render

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestApportionAddsUp holds what apportion promises, for random costs over
// nine orders of magnitude, through two levels as a document uses it.
func TestApportionAddsUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	cost := func() float64 {
		switch rng.IntN(5) {
		case 0:
			return 0
		case 1:
			return float64(rng.IntN(10000)) / 100 // whole cents
		default:
			return math.Exp(rng.Float64()*20-8) * 0.01
		}
	}
	for range 5000 {
		lines := make([][]float64, 1+rng.IntN(8))
		subtotals := make([]float64, len(lines))
		sum := 0.0
		for i := range lines {
			lines[i] = make([]float64, 1+rng.IntN(12))
			for j := range lines[i] {
				lines[i][j] = cost()
				subtotals[i] += lines[i][j]
			}
			sum += subtotals[i]
		}
		total := toCents(sum)
		if diff := math.Abs(float64(total) - sum*100); diff > 0.5+1e-6 {
			t.Fatalf("total %d of %v USD is %v cents off", total, sum, diff)
		}
		subs := apportion(total, subtotals)
		checkParts(t, total, subtotals, subs)
		for i := range lines {
			checkParts(t, subs[i], lines[i], apportion(subs[i], lines[i]))
		}
	}
}

// checkParts holds one level: the parts make up the total, each is within a
// cent of its exact value, and what costs nothing gets nothing.
func checkParts(t *testing.T, total int64, exact []float64, cents []int64) {
	t.Helper()
	sum := int64(0)
	for i, c := range cents {
		sum += c
		if diff := math.Abs(float64(c) - exact[i]*100); diff >= 1+1e-6 {
			t.Fatalf("%v USD became %d cents, %v off; all: %v -> %v", exact[i], c, diff, exact, cents)
		}
		if exact[i] == 0 && c != 0 {
			t.Fatalf("a part of 0 became %d cents", c)
		}
	}
	if sum != total {
		t.Fatalf("parts add up to %d, want %d: %v -> %v", sum, total, exact, cents)
	}
}

func TestApportion(t *testing.T) {
	tests := []struct {
		name  string
		parts []float64
		want  []int64
	}{
		{"nothing", nil, nil},
		{"three times 0.004 make one cent", []float64{0.004, 0.004, 0.004}, []int64{1, 0, 0}},
		{"the largest remainder gets the cent", []float64{0.114, 0.118, 0.112}, []int64{11, 12, 11}},
		{"binary noise is no remainder", []float64{0.1, 0.2, 29.55}, []int64{10, 20, 2955}},
		{"halves go up, in order", []float64{0.005, 0.005}, []int64{1, 0}},
		{"free stays free", []float64{0, 0.006, 0}, []int64{0, 1, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sum := 0.0
			for _, p := range tt.parts {
				sum += p
			}
			got := apportion(toCents(sum), tt.parts)
			if len(got) != len(tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Fatalf("got %v, want %v", got, tt.want)
				}
			}
		})
	}
}
