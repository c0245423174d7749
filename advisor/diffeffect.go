package advisor

// Effect splits a change of cost by its cause, USD a month. The parts add up
// to the change of everything whose change can be priced.
type Effect struct {
	// Quantity is what comes of using more or less, new and removed lines
	// included, Price what comes of other rates, Commitment what discounts
	// and commitments take off or add.
	Quantity, Price, Commitment float64
}

// Add returns the sum of two effects.
func (e Effect) Add(o Effect) Effect {
	return Effect{e.Quantity + o.Quantity, e.Price + o.Price, e.Commitment + o.Commitment}
}

// Effect splits the line's change of cost:
//
//	quantity = (q₁ − q₀) × (p₀ + p₁) / 2
//	price    = (p₁ − p₀) × (q₀ + q₁) / 2
//
// with list prices and the quantities that are billed. Means keep it the same
// in both directions. Where the rate did not change all of it is quantity;
// where the change cannot be priced there is none.
func (l *LineDiff) Effect() Effect {
	if l.Change == Unchanged || l.Cost.Certainty != Complete {
		return Effect{}
	}
	e := ofAmount(l.Cost)
	if l.PriceChanged() {
		was, is := &l.Before.Charge, &l.After.Charge
		e.Price = (is.ListUnitPrice - was.ListUnitPrice) * (was.PricingQuantity + is.PricingQuantity) / 2
		e.Quantity -= e.Price
	}
	return e
}

// effectOf is the effect of a resource that has no lines.
func effectOf(r *ResourceDiff) Effect {
	if r.Change == Unchanged {
		return Effect{}
	}
	return ofAmount(r.Cost)
}

// ofAmount splits a delta as if all of its list cost were quantity.
func ofAmount(d Delta) Effect {
	amount := d.Amount()
	return Effect{Quantity: amount.List, Commitment: amount.Effective - amount.List}
}
