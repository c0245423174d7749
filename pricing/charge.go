package pricing

import (
	"fmt"
	"math"
	"slices"
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
	// Discounts lower what is paid, not the list cost.
	Discounts []Discount
}

// Allowance is a quantity of a usage type that costs nothing, once a month.
type Allowance struct {
	Service, UsageType string
	// Quantity is in the unit of the usage type's rates.
	Quantity float64
	// NotIn are regions whose usage it does not reach.
	NotIn []string
	// Source says where AWS grants it.
	Source string
}

// Charge rates a month's usages, in their order. Usages that resolve to one
// rate fill its tiers and allowances together, as on a bill, and share the
// result by quantity: splitting a usage in two never changes the sum. A usage
// that cannot be rated has Err set; it is never free.
func (c *Catalog) Charge(usages []Usage, terms Terms) []Charge {
	pools, poolOf := c.pool(usages)
	order := make([]int, len(pools))
	for i := range order {
		order[i] = i
	}
	// Allowances that several rates share go to them in the order of SKUs.
	sort.Slice(order, func(i, j int) bool { return pools[order[i]].rate.SKU.less(pools[order[j]].rate.SKU) })
	free := newAllowanceLedger(terms.Allowances)
	for _, i := range order {
		pools[i].price(free)
	}
	charges := make([]Charge, len(usages))
	for i := range usages {
		charges[i] = pools[poolOf[i]].charge(usages[i], terms)
	}
	return charges
}

// pool is all usage of one rate, or of one query that found none.
type pool struct {
	rate     Rate
	err      error
	quantity float64
	// freeShare is the part of the quantity that allowances took, unitPrice
	// the average USD a unit of the rest.
	freeShare, unitPrice float64
}

// pool gathers usages by the rate that they resolve to and tells which pool
// each of them is in.
func (c *Catalog) pool(usages []Usage) (pools []pool, poolOf []int32) {
	poolOf = make([]int32, len(usages))
	byQuery := make(map[SKU]int32)
	byRate := make(map[SKU]int32)
	for i := range usages {
		at, seen := byQuery[usages[i].SKU]
		if !seen {
			rate, err := c.Lookup(usages[i].SKU)
			switch {
			case err != nil:
				rate = Rate{SKU: usages[i].SKU}
			case rate.Open:
				err = fmt.Errorf("pricing: %s: the source gives no tier boundaries", rate.SKU)
			}
			if err == nil {
				at, seen = byRate[rate.SKU]
			}
			if !seen {
				at = int32(len(pools))
				pools = append(pools, pool{rate: rate, err: err})
				if err == nil {
					byRate[rate.SKU] = at
				}
			}
			byQuery[usages[i].SKU] = at
		}
		poolOf[i] = at
		if isQuantity(usages[i].Quantity) {
			pools[at].quantity += usages[i].Quantity
		}
	}
	return pools, poolOf
}

// isQuantity reports whether q can be billed: finite and not negative.
func isQuantity(q float64) bool { return q >= 0 && !math.IsInf(q, 1) }

// price works out what the pool costs.
func (p *pool) price(free allowanceLedger) {
	if p.err != nil {
		return
	}
	if p.quantity > 0 {
		p.freeShare = free.take(p.rate.SKU, p.quantity) / p.quantity
	}
	p.unitPrice = p.rate.Tiers[0].USD
	if billed := p.quantity * (1 - p.freeShare); billed > 0 && !p.rate.Flat() {
		cost, _ := p.rate.Cost(billed)
		p.unitPrice = cost / billed
	}
}

// charge is a usage's share of the pool.
func (p *pool) charge(u Usage, terms Terms) Charge {
	err := p.err
	if err == nil && !isQuantity(u.Quantity) {
		err = fmt.Errorf("pricing: %s: quantity is %v, want a finite number of zero or more", u.SKU, u.Quantity)
	}
	if err != nil {
		return Charge{Usage: u, Err: err}
	}
	quantity := u.Quantity * (1 - p.freeShare)
	return Charge{
		Usage: u, Rate: p.rate,
		PricingQuantity: quantity, PricingUnit: p.rate.Unit, ListUnitPrice: p.unitPrice,
		ListCost: quantity * p.unitPrice, EffectiveCost: quantity * p.unitPrice * terms.factor(p.rate.SKU.Service),
		FreeQuantity: u.Quantity * p.freeShare,
	}
}

// allowanceLedger keeps what is left of each allowance in the month.
type allowanceLedger struct {
	allowances []Allowance
	left       []float64
}

func newAllowanceLedger(allowances []Allowance) allowanceLedger {
	l := allowanceLedger{allowances: allowances, left: make([]float64, len(allowances))}
	for i, a := range allowances {
		l.left[i] = a.Quantity
	}
	return l
}

// take uses up to quantity of the SKU's allowances and returns what it got.
func (l allowanceLedger) take(sku SKU, quantity float64) float64 {
	total := 0.0
	for i, a := range l.allowances {
		if a.Service != sku.Service || a.UsageType != sku.UsageType || slices.Contains(a.NotIn, sku.Region) {
			continue
		}
		got := min(l.left[i], quantity-total)
		l.left[i] -= got
		total += got
	}
	return total
}
