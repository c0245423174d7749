package pricing_test

import (
	"math"
	"testing"

	"ecsavvy/pricing"
)

func TestDiscounts(t *testing.T) {
	cat := pricing.Embedded()
	usage := []pricing.Usage{{SKU: pricing.NewSKU("AmazonECS", "Fargate-vCPU-Hours:perCPU", "us-east-1"), Quantity: 1000}}
	for _, tc := range []struct {
		name      string
		discounts []pricing.Discount
		paid      float64 // of 1,000 vCPU-hours at 0.04048
	}{
		{"none", nil, 40.48},
		{"on everything", []pricing.Discount{{Share: 0.05}}, 38.456},
		{"on the service", []pricing.Discount{{Service: "AmazonECS", Share: 0.1}}, 36.432},
		{"on another service", []pricing.Discount{{Service: "AmazonEC2", Share: 0.1}}, 40.48},
		{"both, one after the other", []pricing.Discount{{Share: 0.05}, {Service: "AmazonECS", Share: 0.1}}, 34.6104},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := cat.Charge(usage, pricing.Terms{Discounts: tc.discounts})[0]
			if c.Err != nil {
				t.Fatal(c.Err)
			}
			if math.Abs(c.ListCost-40.48) > 1e-9 {
				t.Errorf("list cost %v, want 40.48: a discount never changes it", c.ListCost)
			}
			if math.Abs(c.EffectiveCost-tc.paid) > 1e-9 {
				t.Errorf("effective cost %v, want %v", c.EffectiveCost, tc.paid)
			}
		})
	}
}

func TestDiscountsThatNobodyHas(t *testing.T) {
	for _, share := range []float64{-0.1, 1, 1.2, math.NaN()} {
		if err := (pricing.Terms{Discounts: []pricing.Discount{{Share: share}}}).Check(); err == nil {
			t.Errorf("a discount of %v is taken", share)
		}
	}
}
