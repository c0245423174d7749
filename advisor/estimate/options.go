package estimate

import "ecsavvy/pricing"

// HoursPerMonth is the default month: 730 h = 365 × 24 / 12, as AWS's pricing
// calculator uses it. AWS's own worked examples often use 720 (30 days).
const HoursPerMonth = 730

// Options are what an estimate takes beside the design and the prices.
type Options struct {
	// HoursPerMonth is the length of the month; 0 means the default.
	HoursPerMonth float64
	// Terms are what the account pays by, beside public rates.
	Terms pricing.Terms
}
