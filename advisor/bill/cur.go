package bill

import (
	"fmt"
	"math"
	"strings"
)

// curColumns are the columns that a Cost and Usage Report cannot lack.
func curColumns() []string {
	return []string{"line_item_line_item_type", "line_item_usage_type", "line_item_usage_start_date", "line_item_usage_end_date",
		"line_item_unblended_cost", "line_item_currency_code", "line_item_product_code"}
}

// curCharge reads a row of a Cost and Usage Report.
// Source: https://docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html
func curCharge(r *row, s *sums, add func(*charge) error) error {
	var c charge
	if err := currency(r, "lineitemcurrencycode"); err != nil {
		return err
	}
	var err error
	if c.start, c.end, err = period(r, "lineitemusagestartdate", "lineitemusageenddate"); err != nil {
		return err
	}
	if c.key.Period, err = month(r, c, "billbillingperiodstartdate"); err != nil {
		return err
	}
	c.key.Account = r.text("lineitemusageaccountid", "billpayeraccountid")
	c.key.Region = region(r.text("productregioncode", "productregion"))
	c.key.Product = r.text("lineitemproductcode")
	c.key.Cluster, c.key.Service = r.ecs()
	c.key.UsageType = usageType(r.text("lineitemusagetype"))
	if r.text("splitlineitemparentresourceid") != "" {
		return splitCharges(r, c, add)
	}
	if err := curCost(r, s, &c); err != nil {
		return err
	}
	return add(&c)
}

// curCost fills in category, quantity and costs. The amortised cost is that of
// AWS's own query, amortized_cost_by_charge_type.sql.
// Source: https://github.com/awslabs/aws-well-architected-labs,
// static/Cost/300_CUR_Queries/Code/Global/amortized_cost_by_charge_type.sql,
// read 2026-11-21.
func curCost(r *row, s *sums, c *charge) error {
	var err error
	if c.cost.Billed, err = r.want("lineitemunblendedcost"); err != nil {
		return err
	}
	c.cost.Effective = c.cost.Billed
	amount := func(names ...string) float64 {
		n, failed := r.number(names...)
		if err == nil {
			err = failed
		}
		return n
	}
	kind, counts := r.text("lineitemlineitemtype"), false
	switch kind {
	case "Usage":
		c.key.Category, counts = Usage, true
	case "SavingsPlanCoveredUsage":
		c.key.Category, counts = Usage, true
		c.cost.Effective = amount("savingsplansavingsplaneffectivecost")
	case "DiscountedUsage":
		c.key.Category, counts = Usage, true
		c.cost.Effective = amount("reservationeffectivecost")
	case "SavingsPlanNegation": // takes off what SavingsPlanCoveredUsage billed
		c.key.Category, c.cost.Effective = Usage, 0
	case "SavingsPlanRecurringFee":
		c.key.Category = Commitment
		c.cost.Effective = amount("savingsplantotalcommitmenttodate") - amount("savingsplanusedcommitment")
	case "RIFee":
		c.key.Category = Commitment
		c.cost.Effective = amount("reservationunusedamortizedupfrontfeeforbillingperiod") + amount("reservationunusedrecurringfee")
	case "SavingsPlanUpfrontFee":
		c.key.Category, c.cost.Effective = Purchase, 0
	case "Fee":
		c.key.Category = Purchase
		if r.text("reservationreservationarn") != "" {
			c.cost.Effective = 0
		}
	case "Tax":
		c.key.Category = Tax
	case "Credit":
		c.key.Category = Credit
	case "Refund":
		c.key.Category = Refund
	case "EdpDiscount", "PrivateRateDiscount", "BundledDiscount", "RiVolumeDiscount", "SppDiscount", "Discount":
		c.key.Category = Discount
	default:
		c.key.Category = Adjustment
		s.note("unknown line item type, taken for an adjustment: " + short(kind))
	}
	if isSupport(c.key.Product) && (c.key.Category == Usage || c.key.Category == Purchase) {
		c.key.Category = Support
	}
	if math.IsNaN(c.cost.Effective) && err == nil {
		s.note("no amortised cost on rows of type " + kind + " (the columns of Savings Plans or reservations are not in the export): their effective cost is unknown")
	}
	c.cost.List = amount("pricingpublicondemandcost")
	switch {
	case kind == "SavingsPlanNegation":
		c.cost.List = 0
	case math.IsNaN(c.cost.List) && c.key.Category != Usage:
		c.cost.List = c.cost.Billed // no price list has taxes or credits
	}
	if counts {
		if q := amount("lineitemusageamount"); !math.IsNaN(q) {
			c.quantity, c.key.Unit = q, Unit(r.text("pricingunit"))
		}
	}
	return err
}

// splitCharges reads a row of split cost allocation data of a task on an
// instance: its share of the instance's amortised cost and of what nobody used.
// That is billed with the instance already, so the same amount is taken off the
// instances, as category Allocated. What the tasks' share of the invoice was is
// not told: Billed stays with the instances.
// Source: https://docs.aws.amazon.com/cur/latest/userguide/split-cost-allocation-data.html
// and split-line-item-columns.html, read 2026-11-21.
func splitCharges(r *row, c charge, add func(*charge) error) error {
	var n [4]float64
	for i, name := range []string{"splitlineitemsplitcost", "splitlineitemunusedcost", "splitlineitempublicondemandsplitcost", "splitlineitempublicondemandunusedcost"} {
		var err error
		if n[i], err = r.number(name); err != nil {
			return err
		}
	}
	if math.IsNaN(n[0]) {
		return fmt.Errorf("split_line_item_split_cost is empty beside a split_line_item_parent_resource_id: want a decimal number")
	}
	if math.IsNaN(n[1]) {
		n[1] = 0 // an instance that was used whole has no unused part
	}
	if math.IsNaN(n[3]) {
		n[3] = 0
	}
	own, err := r.number("lineitemunblendedcost")
	if err != nil {
		return err
	}
	if !math.IsNaN(own) && own != 0 {
		return fmt.Errorf("line_item_unblended_cost %v on a row split off an instance: want 0, since the instance's row bills it", own)
	}
	c.key.Category = Usage
	c.cost = Cost{List: n[2] + n[3], Effective: n[0] + n[1]}
	q, err := r.number("splitlineitemsplitusage", "lineitemusageamount")
	if err != nil {
		return err
	}
	off := c
	off.key.Category, off.key.Product, off.key.UsageType = Allocated, "AmazonEC2", ""
	off.key.Cluster, off.key.Service = "", ""
	off.cost = Cost{List: -c.cost.List, Effective: -c.cost.Effective}
	if !math.IsNaN(q) {
		c.quantity, c.key.Unit = q, splitUnit(c.key.UsageType)
	}
	if err := add(&c); err != nil {
		return err
	}
	return add(&off)
}

// splitUnit is the unit of a split row's quantity, which its usage type tells.
func splitUnit(usageType string) string {
	switch {
	case strings.Contains(usageType, "vCPU-Hours"):
		return "vCPU-Hours"
	case strings.Contains(usageType, "GB-Hours"):
		return "GB-Hours"
	default:
		return ""
	}
}
