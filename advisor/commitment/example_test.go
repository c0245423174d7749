package commitment_test

import (
	"fmt"
	"time"

	"ecsavvy/advisor/commitment"
	"ecsavvy/pricing"
)

// Ten tasks by day and four by night: at 20 % off, the best commitment covers
// the 20 % quantile of the hours, which is the night's.
func ExampleOptimise() {
	offer := pricing.Offer{Type: pricing.ComputePlan, Term: "1yr", Payment: "No Upfront"}
	h := &commitment.Hours{
		Start: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC),
		Lines: []commitment.Line{{EligibleUsage: pricing.EligibleUsage{
			ID: "vCPU", Kind: pricing.KindFargate, OnDemandRate: 0.04048, PlanRates: map[pricing.Offer]float64{offer: 0.032384}}}},
	}
	for hour := range 168 {
		tasks := 4.0
		if hour%24 >= 8 && hour%24 < 20 {
			tasks = 10
		}
		h.Quantities = append(h.Quantities, tasks)
	}
	r, err := commitment.Optimise(h, commitment.Options{Offers: []pricing.Offer{offer}})
	if err != nil {
		fmt.Println(err)
		return
	}
	p := r.Best.Purchases[0]
	fmt.Printf("%s: %.5f USD an hour, used %.0f %%, covers %.0f %%\n", p.Plan.Offer, p.Plan.Commitment, 100*p.Utilisation(), 100*r.Best.Coverage())
	fmt.Printf("%.2f USD a month instead of %.2f, break-even after %.1f months\n", r.Best.Cost(), r.Before.Cost(), p.BreakEvenMonth())
	// Output:
	// Compute 1yr No Upfront: 0.12954 USD an hour, used 100 %, covers 57 %
	// 183.21 USD a month instead of 206.85, break-even after 9.6 months
}
