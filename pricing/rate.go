package pricing

import "math"

// Rate is the unit price of one SKU, in tiers, with where it comes from.
type Rate struct {
	SKU SKU
	// Unit is AWS's pricing unit: "hours", "GB", "LCU-Hrs".
	Unit string
	// Tiers are sorted and contiguous; the last one has no end. What lies
	// below the first tier's From is free; in the snapshot the first tier
	// starts at 0. What is free to each resource (a gp3 volume's first 3,000
	// IOPS, a task's first 20 GB) cannot be a tier, since tiers count all
	// usage of the SKU together: whoever meters takes it off.
	Tiers []Tier
	// AsOf is the date of the price, "2026-09-11" or "2025-05": the oldest
	// of its tiers.
	AsOf string
	// Source is the file or page that the price was read from.
	Source string
	// Assumed is not empty where the price was computed and not published;
	// it holds the formula.
	Assumed string
	// Open says that the source gives no boundaries for this tier, so that
	// it cannot rate a quantity (AWSLambda's second and third tiers).
	Open bool
	// Inferred says that the usage type's name follows AWS's habit but was
	// not seen in print: match such a rate to a bill by service and
	// attributes.
	Inferred bool
	// Private says that it is an account's own and no list price.
	Private bool
	// Floats says that the price moves with supply and demand (Spot).
	Floats bool
}

// Tier is one step of a rate: USD a unit for quantities above From up to To.
type Tier struct {
	From, To float64 // in units a month; To is +Inf on the last tier
	USD      float64 // a unit
}

// TierCost is the part of a quantity that fell into one tier.
type TierCost struct {
	Tier     Tier
	Quantity float64
	Cost     float64 // USD
}

// Flat reports whether every unit costs the same.
func (r Rate) Flat() bool { return len(r.Tiers) == 1 && r.Tiers[0].From == 0 }

// Cost prices a month's quantity tier by tier. The parts add up to the cost.
func (r Rate) Cost(quantity float64) (usd float64, parts []TierCost) {
	for _, t := range r.Tiers {
		q := math.Min(quantity, t.To) - t.From
		if q <= 0 {
			continue
		}
		parts = append(parts, TierCost{Tier: t, Quantity: q, Cost: q * t.USD})
		usd += q * t.USD
	}
	return usd, parts
}
