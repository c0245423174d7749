package commitment

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"ecsavvy/pricing"
)

// year is 8,760 hours of lines: half Fargate, half EC2 of some families, with a
// day, a week, noise of their own, and rates of their own.
func year(lines, families int) *Hours {
	rng := rand.New(rand.NewPCG(3, 3))
	h := &Hours{Start: monday(), Quantities: make([]float64, 8760*lines)}
	discount := map[string]float64{"1yr": 0.25, "3yr": 0.48}
	upfront := map[string]float64{"No Upfront": 1, "Partial Upfront": 0.95, "All Upfront": 0.93}
	size := make([]float64, lines)
	for i := range lines {
		l := Line{EligibleUsage: pricing.EligibleUsage{ID: fmt.Sprintf("u%04d", i), Kind: pricing.KindFargate,
			OnDemandRate: []float64{0.04048, 0.004445, 0.03238, 0.00356}[i%4], PlanRates: map[pricing.Offer]float64{}}}
		ratio := 1 + 0.02*float64(i%4)
		if i%2 == 1 {
			l.Kind, l.Region, l.OS = pricing.KindEC2, "us-east-1", "Linux"
			f := rng.IntN(families)
			l.InstanceType = fmt.Sprintf("m%d.%dxlarge", f+4, 1+rng.IntN(16))
			ratio = 0.9 + 0.05*math.Sin(float64(f)) + 0.002*rng.Float64()
			l.OnDemandRate = 0.05 + rng.Float64()
		}
		for _, o := range AllOffers() {
			rate := l.OnDemandRate * ratio * (1 - discount[o.Term]) * upfront[o.Payment]
			if o.Type == pricing.EC2InstancePlan {
				if l.Kind != pricing.KindEC2 {
					continue
				}
				rate *= 0.9
			}
			l.PlanRates[o] = rate
		}
		h.Lines = append(h.Lines, l)
		size[i] = 3 * rng.ExpFloat64()
	}
	for hour := range 8760 {
		day := 1 + 0.5*math.Sin(2*math.Pi*float64(hour%24)/24)
		if hour/24%7 >= 5 {
			day *= 0.6
		}
		for i, q := range h.Row(hour) {
			_ = q
			h.Row(hour)[i] = size[i] * day * (0.7 + 0.6*rng.Float64())
		}
	}
	return h
}

// BenchmarkOptimise is a year of 1,000 lines with 12 options (Compute, and EC2
// Instance of one family), and with 8 families (54 options).
func BenchmarkOptimise(b *testing.B) {
	for _, families := range []int{1, 8} {
		b.Run(fmt.Sprintf("families-%d", families), func(b *testing.B) {
			h := year(1000, families)
			b.ReportAllocs()
			for b.Loop() {
				r, err := Optimise(h, Options{})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(100*r.Gap/r.Best.Cost(), "%gap")
			}
		})
	}
}

// BenchmarkOptimiseForecast is the last 90 days of 1,000 lines, 40 draws of 36
// months, all offers of one family.
func BenchmarkOptimiseForecast(b *testing.B) {
	h := year(1000, 1)
	for b.Loop() {
		e, err := OptimiseForecast(h, Options{}, Forecast{Seed: 1, Growth: 0.1, Spread: 0.2, LastDays: 90}, Risk{Lambda: 0.5, OfLoss: true})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(100*e.Gap/e.Cost, "%gap")
	}
}
