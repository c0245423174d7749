package commitment

import (
	"fmt"
	"strings"
	"time"
)

// plainRow reads a row of the plain form: hour, usage_type, region and quantity
// or on_demand_cost; os, tenancy.
func plainRow(t *table, r *usageReader) error {
	at, err := t.hour("hour")
	if err != nil {
		return err
	}
	hour, err := r.see(at, t.row)
	if err != nil {
		return err
	}
	key := lineKey{region: t.cell("region"), os: t.cell("os"), tenancy: t.cell("tenancy")}
	if key.region == "" {
		return fmt.Errorf("region is empty: want one such as us-east-1")
	}
	name := t.cell("usage_type")
	if !key.setType(name) {
		return fmt.Errorf("usage_type %q: want BoxUsage:m5.large, Fargate-vCPU-Hours:perCPU, Fargate-GB-Hours, Fargate-ARM-… or Fargate-Windows-…", name)
	}
	column := "quantity"
	if t.cell(column) == "" && t.has("on_demand_cost") {
		column, key.cost = "on_demand_cost", true
	}
	value, err := t.usageNumber(column)
	if err != nil {
		return err
	}
	return r.add(hour, key, value)
}

// curRow reads a row of an AWS Cost and Usage Report, by the column names of
// both editions.
// Source: https://docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html
// and cur-sp.html (line item types), read 2026-11-21.
func curRow(t *table, r *usageReader) error {
	switch t.cell("line_item_line_item_type") {
	case "Usage", "SavingsPlanCoveredUsage", "DiscountedUsage":
	default: // fees, negations, taxes, credits
		return nil
	}
	at, err := t.hour("line_item_usage_start_date")
	if err != nil {
		return err
	}
	if t.cell("line_item_usage_end_date") != "" {
		if err := t.anHour("line_item_usage_start_date", "line_item_usage_end_date"); err != nil {
			return err
		}
	}
	hour, err := r.see(at, t.row)
	if err != nil {
		return err
	}
	key := lineKey{region: t.cell("product_region_code", "product_region"), os: t.cell("product_operating_system")}
	if name := t.cell("line_item_usage_type"); !key.setType(name) {
		r.ignore(name)
		return nil
	}
	if err := key.finish(t.cell("line_item_operation")); err != nil {
		return err
	}
	value, err := t.usageNumber("line_item_usage_amount")
	if err != nil {
		return err
	}
	return r.add(hour, key, value)
}

// focusRow reads a row of a FOCUS export. AWS's usage type is in x_UsageType
// (1.0) or SkuMeter (1.2); without them the description must do, as in the FOCUS
// 1.0 sample data.
// Source: https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-focus-1-2-migrating.html,
// read 2026-11-21.
func focusRow(t *table, r *usageReader) error {
	if t.cell("charge_category") != "Usage" {
		return nil
	}
	if p := t.cell("service_provider_name", "provider_name"); p != "" && p != "AWS" && p != "Amazon Web Services" {
		r.ignore("provider " + p)
		return nil
	}
	name, described := t.cell("x_usage_type", "sku_meter"), false
	if name == "" {
		name, described = t.cell("charge_description"), true
	}
	key := lineKey{region: t.cell("region_id")}
	known := key.setType(name)
	if described {
		known = key.setDescription(name)
	}
	if at, err := t.hour("charge_period_start"); err == nil && !known {
		// Other usage shows that the hour is there.
		if _, err := r.see(at, t.row); err != nil {
			return err
		}
	}
	// Dynamic is Spot.
	if !known || t.cell("pricing_category") == "Dynamic" {
		r.ignore(name)
		return nil
	}
	at, err := t.hour("charge_period_start")
	if err != nil {
		return err
	}
	if err := t.anHour("charge_period_start", "charge_period_end"); err != nil {
		return err
	}
	hour, err := r.see(at, t.row)
	if err != nil {
		return err
	}
	// CommitmentDiscountStatus Unused is of the commitment, not of usage.
	if t.cell("commitment_discount_status") == "Unused" {
		return nil
	}
	if err := key.finish(t.cell("x_operation")); err != nil {
		return err
	}
	value, err := t.usageNumber("pricing_quantity")
	if err != nil {
		return err
	}
	return r.add(hour, key, value)
}

// anHour refuses periods that are not an hour.
func (t *table) anHour(from, to string) error {
	a, err := t.time(from)
	if err != nil {
		return err
	}
	b, err := t.time(to)
	if err != nil {
		return err
	}
	if b.Sub(a) != time.Hour {
		return fmt.Errorf("period of %s to %s: want one hour; make the export with hourly granularity", t.cell(from), t.cell(to))
	}
	return nil
}

// setType sets the usage type without a billing prefix ("EUW2-"), and the
// tenancy that it tells. ok is false for what no Savings Plan covers here:
// Spot, storage, licences, Lambda, other services.
// Source: https://docs.aws.amazon.com/cur/latest/userguide/billing-info-fields.html
// and the price list's usage types of Amazon EC2 and Amazon ECS.
func (k *lineKey) setType(name string) (ok bool) {
	if prefix, rest, found := strings.Cut(name, "-"); found && len(prefix) <= 5 && prefix == strings.ToUpper(prefix) {
		name = rest
	}
	for _, t := range []struct{ prefix, tenancy string }{
		{"BoxUsage:", ""}, {"DedicatedUsage:", "Dedicated"}, {"HeavyUsage:", ""}, // HeavyUsage is reserved
	} {
		if instance, found := strings.CutPrefix(name, t.prefix); found && strings.Contains(strings.Trim(instance, "."), ".") {
			k.usageType = "BoxUsage:" + instance
			if t.tenancy != "" {
				k.tenancy = t.tenancy
			}
			if k.os == "" {
				k.os = "Linux"
			}
			return true
		}
	}
	switch name {
	case "Fargate-vCPU-Hours:perCPU", "Fargate-GB-Hours", "Fargate-ARM-vCPU-Hours:perCPU", "Fargate-ARM-GB-Hours",
		"Fargate-Windows-vCPU-Hours:perCPU", "Fargate-Windows-GB-Hours":
		k.usageType, k.os, k.tenancy = name, "", ""
		return true
	}
	return false
}

// setDescription is setType for a charge that is only described.
func (k *lineKey) setDescription(text string) (ok bool) {
	if _, rest, found := strings.Cut(text, "per On Demand "); found {
		words := strings.Fields(rest)
		if len(words) >= 3 && (words[0] == "Linux" || words[0] == "Windows") && words[2] == "Instance" {
			k.os = words[0]
			return k.setType("BoxUsage:" + words[1])
		}
	}
	rest, found := strings.CutPrefix(text, "AWS Fargate - ")
	arm := strings.Contains(rest, "ARM")
	switch {
	case !found || strings.Contains(rest, "Spot") || strings.Contains(rest, "Windows") || strings.Contains(rest, "Ephemeral"):
		return false
	case strings.Contains(rest, "vCPU") && arm:
		return k.setType("Fargate-ARM-vCPU-Hours:perCPU")
	case strings.Contains(rest, "vCPU"):
		return k.setType("Fargate-vCPU-Hours:perCPU")
	case strings.Contains(rest, "Memory") && arm:
		return k.setType("Fargate-ARM-GB-Hours")
	case strings.Contains(rest, "Memory"):
		return k.setType("Fargate-GB-Hours")
	}
	return false
}

// finish takes the OS from the operation and asks for a region.
// Source of the codes:
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html
// (RunInstances Linux, RunInstances:0002 Windows; others are Linux with a
// licence, whose rates the catalogue has not).
func (k *lineKey) finish(operation string) error {
	if k.region == "" {
		return fmt.Errorf("%s has no region: want one such as us-east-1", k.usageType)
	}
	if code, found := strings.CutPrefix(operation, "RunInstances:"); found && strings.HasPrefix(k.usageType, "BoxUsage:") {
		if k.os = "operation " + code; code == "0002" {
			k.os = "Windows"
		}
	}
	return nil
}
