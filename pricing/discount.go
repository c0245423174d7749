package pricing

import (
	"fmt"
	"math"
)

// Discount is a part of the list price that an account does not pay: of an
// Enterprise Discount Program (all services) or of a private pricing agreement
// (one service).
type Discount struct {
	// Service is the service code that it is of ("AmazonECS"), "" for all.
	Service string
	// Share is what is off: 0.05 is 5 %.
	Share float64
	// Source says where it is agreed.
	Source string
}

// factor is what is paid of the list price of a service's usage. A discount on
// everything is taken off what a service's own leaves, as cross-service discounts
// are on a bill.
// Source: docs.aws.amazon.com/cur/latest/userguide/discount-details.html (a
// line's total discount is the sum of what each discount took off in turn).
func (t Terms) factor(service string) float64 {
	factor := 1.0
	for _, d := range t.Discounts {
		if d.Service == "" || d.Service == service {
			factor *= 1 - d.Share
		}
	}
	return factor
}

// Paid is what is paid of a list price of a service, in USD, under the terms.
func (t Terms) Paid(service string, list float64) float64 { return list * t.factor(service) }

// Check refuses discounts that nobody has.
func (t Terms) Check() error {
	for _, d := range t.Discounts {
		if math.IsNaN(d.Share) || d.Share < 0 || d.Share >= 1 {
			return fmt.Errorf("pricing: a discount of %v: want a share of 0 or more and less than 1", d.Share)
		}
	}
	return nil
}
