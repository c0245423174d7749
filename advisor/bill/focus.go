package bill

import (
	"fmt"
	"math"
	"strings"
)

// focusColumns are the columns that a FOCUS export cannot lack.
func focusColumns() []string {
	return []string{"BilledCost", "EffectiveCost", "BillingCurrency", "ChargeCategory", "ChargePeriodStart", "ChargePeriodEnd"}
}

// focusCharge reads a row of a FOCUS export. AWS's usage type is SkuMeter in 1.2
// and x_UsageType before; a file with neither (the FOCUS 1.0 sample) has the
// charge's description in its place.
// Source: FOCUS 1.2, Cost and Usage dataset; AWS's columns:
// https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-focus-1-2-aws-columns.html
func focusCharge(r *row, s *sums, add func(*charge) error) error {
	// AWS is alone in this tool; a file of several providers is read for AWS.
	if p := r.text("providername", "serviceprovidername"); p != "" && !strings.Contains(p, "AWS") && !strings.Contains(p, "Amazon") {
		s.note("charges of another provider than AWS are left out: " + short(p))
		return nil
	}
	var c charge
	if err := currency(r, "billingcurrency"); err != nil {
		return err
	}
	var err error
	if c.start, c.end, err = period(r, "chargeperiodstart", "chargeperiodend"); err != nil {
		return err
	}
	if c.key.Period, err = month(r, c, "billingperiodstart"); err != nil {
		return err
	}
	if c.key.Category, err = focusCategory(r); err != nil {
		return err
	}
	if c.cost.Billed, err = r.want("billedcost"); err != nil {
		return err
	}
	if c.cost.Effective, err = r.want("effectivecost"); err != nil {
		return err
	}
	if c.cost.List, err = r.number("listcost"); err != nil {
		return err
	}
	if c.quantity, err = r.number("pricingquantity", "consumedquantity"); err != nil {
		return err
	}
	if math.IsNaN(c.quantity) {
		c.quantity = 0
	} else {
		c.key.Unit = Unit(r.text("pricingunit", "consumedunit"))
	}
	c.key.Account = r.text("subaccountid", "billingaccountid")
	c.key.Region = region(r.text("regionid", "region"))
	c.key.Product = r.text("xservicecode", "servicename")
	c.key.Cluster, c.key.Service = r.ecs()
	c.key.UsageType = usageType(active(r.text("skumeter", "xusagetype", "chargedescription")))
	return add(&c)
}

// focusCategory is a row's category. AWS bills Support as usage of a product
// whose name says so.
func focusCategory(r *row) (Category, error) {
	switch v := Category(r.text("chargecategory")); {
	case r.text("commitmentdiscountstatus") == "Unused":
		return Commitment, nil
	case isSupport(r.text("xservicecode", "servicename")) && (v == Usage || v == Purchase):
		return Support, nil
	case v == Usage || v == Purchase || v == Tax || v == Credit || v == Adjustment:
		return v, nil
	default:
		return "", fmt.Errorf("ChargeCategory %s: want Usage, Purchase, Tax, Credit or Adjustment", quoted(string(v)))
	}
}

// isSupport tells AWS Support's products: AWSSupportBusiness,
// AWSSupportEnterprise, "AWS Support [Business]", OCBPremiumSupport.
func isSupport(product string) bool {
	return strings.HasPrefix(product, "AWSSupport") || strings.HasPrefix(product, "AWS Support") || strings.Contains(product, "PremiumSupport")
}

// active takes off the apostrophe that a writer put before a text that a
// spreadsheet would execute, as cmd/internal/render does.
func active(text string) string {
	if len(text) > 1 && text[0] == '\'' && strings.ContainsAny(text[1:2], "=+-@") {
		return text[1:]
	}
	return text
}
