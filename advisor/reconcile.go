package advisor

import (
	"errors"

	"ecsavvy/advisor/bill"
	"ecsavvy/advisor/estimate"
)

// Reconcile compares estimates of the workloads of an account with its bill, by
// ECS service and usage type. hours is the time that the bill is of, 0 for the
// span of its usage. The estimates must have one length of month.
func Reconcile(results []estimate.Result, b *bill.Bill, hours float64) (*bill.Reconciliation, error) {
	e := bill.Estimate{}
	for i := range results {
		r := &results[i]
		if i > 0 && r.HoursPerMonth != e.HoursPerMonth {
			return nil, errors.New("reconciling: estimates of months of different lengths: want one --hours-per-month for all")
		}
		e.HoursPerMonth = r.HoursPerMonth
		e.Lines = append(e.Lines, billLines(r)...)
	}
	return bill.Reconcile(e, b, hours)
}

// billLines are an estimate's line items as a bill would name them.
func billLines(r *estimate.Result) []bill.EstimateLine {
	var lines []bill.EstimateLine
	for i := range r.Resources {
		res := &r.Resources[i]
		for j := range res.Lines {
			l := &res.Lines[j]
			c, sku := &l.Charge, l.Charge.Usage.SKU
			line := bill.EstimateLine{Region: sku.Region, Product: sku.Service, UsageType: sku.UsageType, Unpriced: l.Unpriced}
			if res.Kind == estimate.KindService {
				line.Cluster, line.Service = res.Cluster, res.ECSName()
			}
			if line.Region == "" {
				line.Region = r.Region.Value
			}
			if l.Unpriced == "" {
				line.Quantity, line.Unit, line.List, line.Effective = c.PricingQuantity, c.Rate.Unit, l.Cost.List, l.Cost.Effective
			}
			lines = append(lines, line)
		}
	}
	if r.Commitments != nil && r.Commitments.Unused != 0 {
		lines = append(lines, bill.EstimateLine{Product: "AWSComputeSavingsPlan", Commitment: true, Effective: r.Commitments.Unused})
	}
	return lines
}
