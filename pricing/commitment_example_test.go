package pricing_test

import (
	"fmt"

	"ecsavvy/pricing"
)

// A week of 168 hours stands for a month of 730: ten Fargate vCPUs by day and
// two by night, with 0.10 USD an hour committed. The commitment is used up by
// day; by night part of it is lost.
func ExampleApplier() {
	offer := pricing.Offer{Type: pricing.ComputePlan, Term: "1yr", Payment: "No Upfront"}
	applier, err := pricing.NewApplier(
		[]pricing.EligibleUsage{{
			ID: "web vCPU", Kind: pricing.KindFargate,
			OnDemandRate: 0.04048, PlanRates: map[pricing.Offer]float64{offer: 0.032384},
		}},
		pricing.Commitments{Plans: []pricing.SavingsPlan{{ID: "sp-1", Offer: offer, Commitment: 0.10}}},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	month := applier.NewTally()
	for hour := range 168 {
		vcpus := 2.0
		if hour%24 >= 8 && hour%24 < 20 {
			vcpus = 10
		}
		if err := month.Add([]float64{vcpus}, 730.0/168); err != nil {
			fmt.Println(err)
			return
		}
	}
	c := month.Total()
	fmt.Printf("on demand only %.2f USD\n", c.ListCost)
	fmt.Printf("with the plan  %.2f USD, of it %.2f committed, %.2f unused\n", c.Cost(), c.CommitmentCost, c.UnusedCost)
	// Output:
	// on demand only 177.30 USD
	// with the plan  175.13 USD, of it 73.00 committed, 12.86 unused
}
