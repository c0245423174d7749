package pricing_test

import (
	"fmt"
	"math"

	"ecsavvy/pricing"
)

// A price is looked up by what the bill calls it; what is not known is an error
// and never zero.
func ExampleCatalog_Lookup() {
	catalog := pricing.NewCatalog("2026-09-29", []pricing.Rate{{
		SKU: pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "eu-west-2", "os=Linux", "cpuArchitecture=X86"), Unit: "hours",
		Tiers: []pricing.Tier{{To: math.Inf(1), USD: 0.00511}}, AsOf: "2026-09-11", Source: "the price list",
	}})
	rate, err := catalog.Lookup(pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "eu-west-2"))
	fmt.Println(rate.Tiers[0].USD, "USD an hour as of", rate.AsOf, err)
	_, err = catalog.Lookup(pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "eu-west-2", "cpuArchitecture=ARM"))
	fmt.Println(err)
	// Output:
	// 0.00511 USD an hour as of 2026-09-11 <nil>
	// pricing: no rate for AmazonECS Fargate-GB-Hours in eu-west-2 (cpuArchitecture=ARM) in the price snapshot of 2026-09-29: there is (cpuArchitecture=X86;os=Linux)
}

// Two lines of one month share the tiers and the free allowance of their SKU.
func ExampleCatalog_Charge() {
	out := pricing.NewSKU("AWSDataTransfer", "DataTransfer-Out-Bytes", "us-east-1")
	catalog := pricing.NewCatalog("2026-09-29", []pricing.Rate{{
		SKU: out, Unit: "GB", AsOf: "2026-09-11", Source: "the price list",
		Tiers: []pricing.Tier{{To: 10240, USD: 0.09}, {From: 10240, To: math.Inf(1), USD: 0.085}},
	}})
	charges := catalog.Charge([]pricing.Usage{
		{SKU: out, Quantity: 300, Why: "3 tasks × 100 GB"},
		{SKU: out, Quantity: 100, Why: "a batch of 100 GB"},
	}, pricing.Terms{Allowances: pricing.DefaultAllowances()})
	for _, c := range charges {
		fmt.Printf("%s: %.0f %s billed, %.0f free, USD %.2f\n", c.Usage.Why, c.PricingQuantity, c.PricingUnit, c.FreeQuantity, c.ListCost)
	}
	// Output:
	// 3 tasks × 100 GB: 225 GB billed, 75 free, USD 20.25
	// a batch of 100 GB: 75 GB billed, 25 free, USD 6.75
}
