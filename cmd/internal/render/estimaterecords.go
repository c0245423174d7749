package render

import (
	"ecsavvy/advisor/estimate"
)

// estimateHeader are the columns of an estimate's records: FOCUS's names where
// it has one, with x_ before ours.
func estimateHeader() (header []string, numeric []bool) {
	columns := []struct {
		name    string
		numeric bool
	}{
		{"x_Project", false}, {"RegionId", false}, {"ResourceType", false}, {"ResourceName", false}, {"x_Cluster", false},
		{"ServiceName", false}, {"SkuMeter", false}, {"SkuPriceDetails", false}, {"x_CostGroup", false},
		{"ChargeDescription", false}, {"ConsumedQuantity", true}, {"PricingQuantity", true}, {"PricingUnit", false},
		{"ListUnitPrice", true}, {"ListCost", true}, {"EffectiveCost", true}, {"BillingCurrency", false},
		{"x_Basis", false}, {"x_Unpriced", false}, {"x_Formula", false},
		{"x_PriceAsOf", false}, {"x_PriceSource", false}, {"x_PriceAssumed", false},
	}
	for _, c := range columns {
		header = append(header, c.name)
		numeric = append(numeric, c.numeric)
	}
	return header, numeric
}

// estimateRecords makes one record a line item. What is unknown is empty, as
// FOCUS writes null; nothing is rounded.
func estimateRecords(projects []Priced) Records {
	records := Records{}
	records.Header, records.Numeric = estimateHeader()
	for _, p := range projects {
		for i := range p.Result.Resources {
			res := &p.Result.Resources[i]
			of := recordOf{project: p.Name, region: p.Result.Region.Value, res: res}
			for j := range res.Lines {
				records.Rows = append(records.Rows, of.line(&res.Lines[j]))
			}
			if len(res.Lines) == 0 {
				records.Rows = append(records.Rows, of.line(&estimate.Line{Name: resourceLabel(res), Detail: res.Summary, Cost: res.Cost}))
			}
		}
	}
	return records
}

// recordOf makes the records of one resource.
type recordOf struct {
	project, region string
	res             *estimate.Resource
}

func (r recordOf) line(l *estimate.Line) []string {
	charge := &l.Charge
	rate := &charge.Rate
	if l.UnitRate != nil {
		rate = l.UnitRate
	}
	consumed, priced, price, list, effective := "", "", "", "", ""
	switch {
	case l.Unpriced == "" && charge.Usage.SKU.UsageType == "": // a resource without lines
		list, effective = decimal(l.Cost.List), decimal(l.Cost.Effective)
	case l.Unpriced == "":
		consumed, priced = decimal(charge.Usage.Quantity), decimal(charge.PricingQuantity)
		price = decimal(charge.ListUnitPrice)
		list, effective = decimal(l.Cost.List), decimal(l.Cost.Effective)
	case l.UnitRate != nil:
		price = decimal(l.UnitRate.Tiers[0].USD)
	case charge.Err != nil:
		consumed = decimal(charge.Usage.Quantity)
	}
	sku := charge.Usage.SKU
	region := sku.Region
	if region == "" {
		region = r.region
	}
	basis := l.Basis.String()
	if sku.UsageType == "" && l.Unpriced == "" {
		basis = ""
	}
	return []string{
		r.project, region, string(r.res.Kind), r.res.Name, r.res.Cluster,
		sku.Service, sku.UsageType, rate.SKU.Attributes, string(l.Group),
		componentName(l), consumed, priced, rate.Unit,
		price, list, effective, "USD",
		basis, l.Unpriced, charge.Usage.Why,
		rate.AsOf, rate.Source, rate.Assumed,
	}
}
