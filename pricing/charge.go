package pricing

import (
	"fmt"
	"sort"
)

// Usage is a month's quantity of one SKU, in that SKU's pricing unit, with why.
type Usage struct {
	SKU      SKU
	Quantity float64
	// Why is the quantity's formula in words: "2 tasks × 0.5 vCPU × 730 h".
	Why string
}

// Charge is a usage rated. Field names are FOCUS's.
type Charge struct {
	Usage Usage
	Rate  Rate
	// PricingQuantity is what is billed: the quantity less its part of a
	// free allowance.
	PricingQuantity float64
	// PricingUnit is the unit of PricingQuantity and ListUnitPrice.
	PricingUnit string
	// ListUnitPrice is USD a PricingUnit; where tiers mix, the average over
	// all usage of the SKU, so that ListUnitPrice × PricingQuantity = ListCost.
	ListUnitPrice float64
	// ListCost is USD at public rates, EffectiveCost after discounts and
	// commitments. Without any the two are equal.
	ListCost, EffectiveCost float64
	// FreeQuantity is what an allowance took off.
	FreeQuantity float64
	// Err says why the usage is unpriced; the costs then mean nothing.
	Err error
}

// Terms are what an account pays by, beside the public rates.
type Terms struct {
	// Allowances are given once a month over all usage.
	Allowances []Allowance
}

// Allowance is a quantity of a usage type that costs nothing, once a month.
type Allowance struct {
	Service, UsageType string
	Quantity           float64
	// Source says where AWS grants it.
	Source string
}

// Charge rates a month's usages, in their order. Usages of one SKU fill its
// tiers and allowances together, as on a bill, and share the result by
// quantity: splitting a usage in two never changes the sum. A usage that
// cannot be rated has Err set; it is never free.
func (c *Catalog) Charge(usages []Usage, terms Terms) []Charge {
	charges := make([]Charge, len(usages))
	groups := make(map[SKU][]int, len(usages))
	order := make([]SKU, 0, len(usages))
	for i, u := range usages {
		if _, seen := groups[u.SKU]; !seen {
			order = append(order, u.SKU)
		}
		groups[u.SKU] = append(groups[u.SKU], i)
	}
	free := newAllowanceLedger(terms.Allowances)
	sort.Slice(order, func(i, j int) bool { return order[i].less(order[j]) })
	for _, sku := range order {
		members := groups[sku]
		rate, err := c.Lookup(sku)
		if err == nil && rate.Open {
			err = fmt.Errorf("pricing: %s: the source gives no tier boundaries", sku)
		}
		if err != nil {
			for _, i := range members {
				charges[i] = Charge{Usage: usages[i], Err: err}
			}
			continue
		}
		total := 0.0
		for _, i := range members {
			total += usages[i].Quantity
		}
		freeShare := 0.0
		if total > 0 {
			freeShare = free.take(sku, total) / total
		}
		billed := total * (1 - freeShare)
		cost, _ := rate.Cost(billed)
		unit := rate.Tiers[0].USD
		if billed > 0 {
			unit = cost / billed
		}
		for _, i := range members {
			quantity := usages[i].Quantity * (1 - freeShare)
			charges[i] = Charge{
				Usage: usages[i], Rate: rate,
				PricingQuantity: quantity, PricingUnit: rate.Unit, ListUnitPrice: unit,
				ListCost: quantity * unit, EffectiveCost: quantity * unit,
				FreeQuantity: usages[i].Quantity * freeShare,
			}
		}
	}
	return charges
}

// allowanceLedger keeps what is left of each allowance in the month.
type allowanceLedger map[[2]string]float64

func newAllowanceLedger(allowances []Allowance) allowanceLedger {
	ledger := make(allowanceLedger, len(allowances))
	for _, a := range allowances {
		ledger[[2]string{a.Service, a.UsageType}] += a.Quantity
	}
	return ledger
}

// take uses up to quantity of the SKU's allowance and returns what it got.
func (l allowanceLedger) take(sku SKU, quantity float64) float64 {
	key := [2]string{sku.Service, sku.UsageType}
	got := min(l[key], quantity)
	if got > 0 {
		l[key] -= got
	}
	return got
}
