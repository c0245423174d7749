package estimate

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

func TestSpread(t *testing.T) {
	on := func(base, weight int) design.Provider { return design.Provider{Base: base, Weight: weight} }
	for _, c := range []struct {
		name      string
		n         float64
		mean      bool
		providers []design.Provider
		want      []float64
	}{
		{"one provider takes all", 7, false, []design.Provider{on(0, 1)}, []float64{7}},
		{"the base comes first", 1, false, []design.Provider{on(1, 1), on(0, 3)}, []float64{1, 0}},
		{"then the weights", 5, false, []design.Provider{on(1, 1), on(0, 3)}, []float64{2, 3}},
		{"one of each of weight one", 4, false, []design.Provider{on(0, 1), on(0, 1)}, []float64{2, 2}},
		{"for every task on the first, four on the second", 10, false, []design.Provider{on(0, 1), on(0, 4)}, []float64{2, 8}},
		{"whole tasks stay whole", 4, false, []design.Provider{on(1, 1), on(0, 3)}, []float64{2, 2}},
		{"a mean that is whole is still a mean", 6, true, []design.Provider{on(1, 1), on(0, 3)}, []float64{2.25, 3.75}},
		{"a mean is spread in proportion", 3.4, false, []design.Provider{on(1, 1), on(0, 3)}, []float64{1.6, 1.8}},
		{"fewer tasks than the base", 0.5, false, []design.Provider{on(1, 0), on(0, 1)}, []float64{0.5, 0}},
		{"no weights: the first takes what the base leaves", 3, false, []design.Provider{on(1, 0), on(0, 0)}, []float64{3, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := spread(c.n, c.providers, !c.mean)
			if !slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
				t.Errorf("spread(%v) = %v, want %v", c.n, got, c.want)
			}
		})
	}
}

// The cost over a mean count is a straight line: it has no dents where the mean
// happens to be whole.
func TestMeanCountIsSpreadEvenly(t *testing.T) {
	at := func(average float64) float64 {
		s := design.Service{
			Name: "web",
			Task: design.Task{
				CPU: design.Know(0.5), Memory: design.Know(1.0),
				OS: design.Know(design.Linux), Architecture: design.Know(design.X86),
			},
			Count: design.CountProfile{Scaled: &design.ScaledCount{
				Min: design.Know(2.0), Average: design.Know(average), Max: design.Know(10.0),
			}},
			Capacity: design.CapacityStrategy{Providers: []design.Provider{
				{Kind: design.Fargate, Base: 1, Weight: 1}, {Kind: design.FargateSpot, Weight: 3},
			}},
		}
		r, err := Run(design.Workload{Region: design.Know("us-east-1"), Services: []design.Service{s}}, pricing.Embedded(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.LowerBound() || r.Total.Effective <= 0 {
			t.Fatalf("a mean of %v tasks is not priced: %+v", average, r.Warnings)
		}
		return r.Total.Effective
	}
	for _, n := range []float64{3, 4, 6, 7} {
		between := (at(n-0.1) + at(n+0.1)) / 2
		if got := at(n); math.Abs(got-between) > 1e-9 {
			t.Errorf("a mean of %v tasks costs %v, beside it %v", n, got, between)
		}
	}
}

// Whatever the strategy, no task is lost and none is made up, and a base is
// served before any weight.
func TestSpreadKeepsEveryTask(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4)) // fixed seed: same cases every run
	for range 2000 {
		providers := make([]design.Provider, 1+random.IntN(4))
		for i := range providers {
			providers[i] = design.Provider{Base: random.IntN(3), Weight: random.IntN(5)}
		}
		n := float64(random.IntN(50))
		if random.IntN(2) == 0 {
			n += random.Float64()
		}
		sum, left := 0.0, n
		for i, tasks := range spread(n, providers, true) {
			sum += tasks
			base := math.Min(float64(providers[i].Base), left)
			left -= base
			if tasks < base-1e-9 {
				t.Fatalf("spread(%v, %+v): provider %d has %v tasks, its base is %v", n, providers, i, tasks, base)
			}
		}
		if math.Abs(sum-n) > 1e-9 {
			t.Fatalf("spread(%v, %+v) adds up to %v", n, providers, sum)
		}
	}
}
