package render

import (
	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// diffHeader are the columns of a diff's records: those of an estimate where
// they fit, with before and after of what can change.
func diffHeader() (header []string, numeric []bool) {
	columns := []struct {
		name    string
		numeric bool
	}{
		{"x_Project", false}, {"x_Change", false}, {"x_ResourceChange", false},
		{"ResourceType", false}, {"ResourceName", false}, {"x_Cluster", false}, {"x_PreviousName", false}, {"x_PreviousCluster", false},
		{"RegionId", false}, {"ServiceName", false}, {"SkuMeter", false}, {"x_CostGroup", false},
		{"ChargeDescription", false}, {"x_PreviousDescription", false}, {"PricingUnit", false},
		{"x_PreviousConsumedQuantity", true}, {"ConsumedQuantity", true},
		{"x_PreviousListUnitPrice", true}, {"ListUnitPrice", true},
		{"x_PreviousListCost", true}, {"ListCost", true},
		{"x_PreviousEffectiveCost", true}, {"EffectiveCost", true}, {"x_EffectiveCostChange", true}, {"x_Certainty", false},
		{"BillingCurrency", false}, {"x_Unpriced", false},
	}
	for _, c := range columns {
		header = append(header, c.name)
		numeric = append(numeric, c.numeric)
	}
	return header, numeric
}

// diffRecords makes one record a line that changed. What is unknown is empty;
// nothing is rounded. A change that is only bounded has no figure.
func diffRecords(d advisor.Differences) Records {
	records := Records{}
	records.Header, records.Numeric = diffHeader()
	for i := range d.Projects {
		p := &d.Projects[i]
		for j := range p.Resources {
			r := &p.Resources[j]
			if r.Change == advisor.Unchanged {
				continue
			}
			of := diffRecordOf{project: p, resource: r}
			made := false
			for k := range r.Lines {
				if l := &r.Lines[k]; l.Change != advisor.Unchanged {
					records.Rows, made = append(records.Rows, of.line(l)), true
				}
			}
			if !made { // renamed, or a resource that has no lines
				records.Rows = append(records.Rows, of.line(&advisor.LineDiff{Change: r.Change, Cost: r.Cost}))
			}
		}
	}
	return records
}

// diffRecordOf makes the records of one resource.
type diffRecordOf struct {
	project  *advisor.ProjectDiff
	resource *advisor.ResourceDiff
}

func (o diffRecordOf) line(l *advisor.LineDiff) []string {
	res := o.resource.Resource()
	oldName, oldCluster := "", ""
	if o.resource.Moved() {
		oldName, oldCluster = o.resource.Before.Name, o.resource.Before.Cluster
	}
	was, is := cellsOf(l.Before), cellsOf(l.After)
	description, oldDescription := is.name, ""
	if l.After == nil {
		description = was.name
	} else if l.Before != nil && was.name != is.name {
		oldDescription = was.name
	}
	now := is
	if l.After == nil {
		now = was
	}
	region := now.region
	if region == "" {
		region = o.project.After.Region.Value
	}
	change := ""
	if l.Cost.Certainty == advisor.Complete {
		change = decimal(l.Cost.Amount().Effective)
	}
	if l.Before == nil && l.After == nil {
		description = resourceLabel(res)
		was.effective, is.effective = decimal(l.Cost.Before.Effective), decimal(l.Cost.After.Effective)
		was.list, is.list = decimal(l.Cost.Before.List), decimal(l.Cost.After.List)
	}
	unpriced := ""
	if l.Before != nil || l.After != nil {
		if unpriced = l.Unpriced(); unpriced == "" {
			unpriced = l.Line().Unpriced
		}
	}
	return []string{
		o.project.Name, l.Change.String(), o.resource.Change.String(),
		string(res.Kind), res.Name, res.Cluster, oldName, oldCluster,
		region, now.service, now.meter, now.group,
		description, oldDescription, now.unit,
		was.quantity, is.quantity, was.price, is.price, was.list, is.list,
		was.effective, is.effective, change, l.Cost.Certainty.String(),
		"USD", unpriced,
	}
}

// lineCells are a line's cells on one side.
type lineCells struct {
	name, region, service, meter, group, unit string
	quantity, price, list, effective          string
}

func cellsOf(l *estimate.Line) lineCells {
	if l == nil {
		return lineCells{}
	}
	sku := l.Charge.Usage.SKU
	c := lineCells{
		name: componentName(l), region: sku.Region, service: sku.Service, meter: sku.UsageType,
		group: string(l.Group), unit: l.Charge.Rate.Unit,
	}
	switch {
	case l.Unpriced == "":
		c.quantity, c.price = decimal(l.Charge.Usage.Quantity), decimal(l.Charge.ListUnitPrice)
		c.list, c.effective = decimal(l.Cost.List), decimal(l.Cost.Effective)
	case l.UnitRate != nil:
		c.unit, c.price = l.UnitRate.Unit, decimal(l.UnitRate.Tiers[0].USD)
	case l.Charge.Err != nil:
		c.quantity = decimal(l.Charge.Usage.Quantity)
	}
	return c
}
