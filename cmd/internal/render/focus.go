package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"ecsavvy/advisor/bill"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// FocusInfo is what FOCUS rows hold beside the estimates.
type FocusInfo struct {
	// Start and End are the billing period, UTC; End is exclusive.
	Start, End time.Time
	// BillingAccountID pays; it must be stated. SubAccountID is the account
	// that the workloads run in; empty if the same. Names may be empty.
	BillingAccountID, BillingAccountName string
	SubAccountID, SubAccountName         string
	// Regions give regions their names (pricing.Catalog.Regions).
	Regions []pricing.RegionInfo
}

// Focus makes the rows of FOCUS 1.2 that estimates stand for, a row a line
// item, as an invoice of the period would have them: a month's estimate times
// the hours of the period. docs/focus.md says what each column holds.
//
// A line without a price has no row, since FOCUS has no null for a cost and
// zero would be false; these lines are returned as omitted.
func Focus(projects []Priced, info FocusInfo) (records Records, omitted []Item, err error) {
	if info.BillingAccountID == "" {
		return Records{}, nil, errors.New("writing FOCUS: BillingAccountId may not be null: want the ID of the account that pays")
	}
	info.Start, info.End = info.Start.UTC(), info.End.UTC()
	if !info.End.After(info.Start) {
		return Records{}, nil, fmt.Errorf("writing FOCUS: the period ends at %s, not after its start %s", info.End.Format(time.RFC3339), info.Start.Format(time.RFC3339))
	}
	rows := focusRows{info: info, index: map[string]int{}}
	columns := focusColumns(slices.ContainsFunc(projects, func(p Priced) bool { return p.Result.Commitments != nil }))
	for i, c := range columns {
		records.Header = append(records.Header, c.name)
		records.Numeric = append(records.Numeric, c.kind == focusNumber)
		rows.index[c.name] = i
	}
	for i := range projects {
		rows.project(&projects[i])
	}
	records.Rows = rows.rows
	for _, cells := range records.Rows { // prices are in the billing currency
		for _, pair := range [][2]string{{"ContractedUnitPrice", "PricingCurrencyContractedUnitPrice"}, {"EffectiveCost", "PricingCurrencyEffectiveCost"}, {"ListUnitPrice", "PricingCurrencyListUnitPrice"}} {
			cells[rows.index[pair[1]]] = cells[rows.index[pair[0]]]
		}
	}
	if err := checkFocus(columns, records); err != nil {
		return Records{}, nil, err
	}
	return records, rows.omitted, nil
}

// WriteFocus prints FOCUS rows as CSV. Null is an empty cell; every text is
// quoted, since readers that guess types take an account's ID for a number
// otherwise and lose its leading zeros. Texts that a spreadsheet would execute
// get an apostrophe before them, as in every CSV here.
func WriteFocus(w io.Writer, records Records) error {
	out := bufio.NewWriterSize(w, 1<<16)
	write := func(row []string, quote func(column int) bool) {
		for i, cell := range row {
			if i > 0 {
				out.WriteByte(',')
			}
			if quote(i) && cell != "" {
				cell = `"` + strings.ReplaceAll(inertCell(cell), `"`, `""`) + `"`
			}
			out.WriteString(cell)
		}
		out.WriteByte('\n')
	}
	write(records.Header, func(int) bool { return false })
	for _, row := range records.Rows {
		write(row, func(i int) bool { return !records.Numeric[i] })
	}
	return out.Flush()
}

// focusRows collects rows.
type focusRows struct {
	info    FocusInfo
	index   map[string]int
	rows    [][]string
	omitted []Item
}

// focusRow is a row by the names of its columns.
type focusRow struct {
	index map[string]int
	cells []string
}

// set fills in cells; a column that the file has not is left out.
func (r focusRow) set(pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		if at, ok := r.index[pairs[i]]; ok {
			r.cells[at] = pairs[i+1]
		}
	}
}

// row begins a row with what all rows have.
func (f *focusRows) row(p *Priced) focusRow {
	r := focusRow{f.index, make([]string, len(f.index))}
	start, end := f.info.Start.Format(time.RFC3339), f.info.End.Format(time.RFC3339)
	r.set("BillingAccountId", f.info.BillingAccountID, "BillingAccountName", f.info.BillingAccountName, "BillingAccountType", "Account",
		"BillingCurrency", "USD", "PricingCurrency", "USD", "BillingPeriodStart", start, "BillingPeriodEnd", end, "ChargePeriodStart", start, "ChargePeriodEnd", end,
		"ChargeCategory", "Usage", "ChargeFrequency", "Usage-Based", "PricingCategory", "Standard",
		"InvoiceIssuerName", "AWS", "ProviderName", "AWS", "PublisherName", "AWS",
		"x_Project", p.Name)
	id, name := f.info.SubAccountID, f.info.SubAccountName
	if id == "" {
		id, name = f.info.BillingAccountID, f.info.BillingAccountName
	}
	if name == "" {
		name = id // FOCUS wants a name beside an ID
	}
	r.set("SubAccountId", id, "SubAccountName", name, "SubAccountType", "Account")
	return r
}

func (f *focusRows) project(p *Priced) {
	scale := f.info.End.Sub(f.info.Start).Hours() / p.Result.HoursPerMonth
	for i := range p.Result.Resources {
		res := &p.Result.Resources[i]
		for j := range res.Lines {
			l := &res.Lines[j]
			if l.Unpriced != "" {
				f.omitted = append(f.omitted, Item{Place: resourceLabel(res), Text: componentName(l) + ": " + l.Unpriced})
				continue
			}
			f.line(p, res, l, scale)
		}
	}
	f.unused(p, scale)
}

// line makes the row of one line item.
func (f *focusRows) line(p *Priced, res *estimate.Resource, l *estimate.Line, scale float64) {
	c, sku := &l.Charge, l.Charge.Usage.SKU
	service, unit := focusServiceOf(sku.Service), bill.Unit(c.Rate.Unit)
	list, effective, quantity := l.Cost.List*scale, l.Cost.Effective*scale, c.PricingQuantity*scale
	contracted := effective
	if p.Result.Commitments != nil && effective < list && coverable(sku.Service) {
		contracted = list // what commitments save is no part of it
	}
	contractedPrice := c.ListUnitPrice
	if quantity > 0 {
		contractedPrice = contracted / quantity
	}
	r := f.row(p)
	r.set("BilledCost", decimal(effective), "EffectiveCost", decimal(effective), "ListCost", decimal(list), "ContractedCost", decimal(contracted),
		"ListUnitPrice", decimal(c.ListUnitPrice), "ContractedUnitPrice", decimal(contractedPrice),
		"PricingQuantity", decimal(quantity), "PricingUnit", unit, "ConsumedUnit", unit,
		"ConsumedQuantity", decimal(c.Usage.Quantity*scale), "x_ConsumedQuantity", decimal(c.Usage.Quantity*scale),
		"ServiceName", service.name, "ServiceCategory", service.category, "ServiceSubcategory", service.subcategory, "x_ServiceCode", sku.Service,
		"ChargeDescription", componentName(l), "ResourceName", res.Name, "ResourceType", string(res.Kind), "ResourceId", focusResourceID(p, res),
		"Tags", focusTags(res), "x_CostGroup", string(l.Group), "x_Basis", l.Basis.String(), "x_Formula", c.Usage.Why,
		"x_PriceAsOf", c.Rate.AsOf, "x_PriceSource", c.Rate.Source, "x_PriceAssumed", c.Rate.Assumed)
	if c.Rate.Floats {
		r.set("PricingCategory", "Dynamic")
	}
	f.region(r, sku.Region, p)
	// These are the catalogue's keys. AWS's own 16-character SKUs change with
	// the price list and are in no catalogue here.
	id := sku.Service + "/" + sku.UsageType + "/" + sku.Region
	attributes := first(c.Rate.SKU.Attributes, sku.Attributes)
	r.set("SkuId", id, "SkuMeter", sku.UsageType, "SkuPriceId", strings.TrimSuffix(id+"/"+attributes, "/"), "SkuPriceDetails", skuDetails(attributes))
	f.rows = append(f.rows, r.cells)
}

// first is the first text that is not empty.
func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// coverable tells the services of which commitments cover usage.
func coverable(service string) bool {
	return service == "AmazonECS" || service == "AmazonEC2" || service == "AWSLambda"
}

// unused makes a row of each commitment that was not used whole. They make up
// CommitmentUse.Unused; if the plans' own figures do not, one row has it all.
func (f *focusRows) unused(p *Priced, scale float64) {
	use := p.Result.Commitments
	if use == nil || use.Unused == 0 {
		return
	}
	plans, sum := use.Plans, 0.0
	for _, plan := range plans {
		sum += plan.Committed - plan.Used
	}
	if d := sum - use.Unused; d > 1e-6 || d < -1e-6 {
		plans = []estimate.PlanUse{{Name: "all commitments", Committed: use.Unused}}
	}
	service := focusServiceOf("AWSComputeSavingsPlan")
	for _, plan := range plans {
		usd := (plan.Committed - plan.Used) * scale
		if usd == 0 {
			continue
		}
		id := "commitment/" + plan.Name
		r := f.row(p)
		r.set("BilledCost", decimal(usd), "EffectiveCost", decimal(usd), "ListCost", "0", "ContractedCost", "0", "ListUnitPrice", "0", "ContractedUnitPrice", "0",
			"PricingQuantity", decimal(usd), "PricingUnit", "USD", "PricingCategory", "Committed", "ChargeFrequency", "Recurring",
			"ServiceName", service.name, "ServiceCategory", service.category, "ServiceSubcategory", service.subcategory, "x_ServiceCode", "AWSComputeSavingsPlan",
			"ChargeDescription", "Committed and not used", "ResourceId", id, "ResourceName", plan.Name, "ResourceType", string(kindCommitments),
			"CommitmentDiscountId", id, "CommitmentDiscountName", plan.Name, "CommitmentDiscountCategory", "Spend", "CommitmentDiscountType", "Commitment",
			"CommitmentDiscountStatus", "Unused", "CommitmentDiscountQuantity", decimal(usd), "CommitmentDiscountUnit", "USD",
			"SkuId", "AWSComputeSavingsPlan/Unused", "SkuMeter", "Unused", "SkuPriceId", "AWSComputeSavingsPlan/Unused", "Tags", "{}")
		f.rows = append(f.rows, r.cells)
	}
}

// region sets where a charge is; what AWS charges alike everywhere is in no region.
func (f *focusRows) region(r focusRow, code string, p *Priced) {
	code = first(code, p.Result.Region.Value)
	if code == "" || code == pricing.Global {
		return
	}
	name := code
	if i := slices.IndexFunc(f.info.Regions, func(i pricing.RegionInfo) bool { return i.Code == code }); i >= 0 {
		name = f.info.Regions[i].Location
	}
	r.set("RegionId", code, "RegionName", name)
}

// focusResourceID names a resource that may not exist yet, and so has no ARN.
func focusResourceID(p *Priced, res *estimate.Resource) string {
	id := "ecsavvy/" + p.Name + "/" + string(res.Kind)
	if res.Cluster != "" {
		id += "/" + res.Cluster
	}
	return id + "/" + res.Name
}

// focusTags are a resource's tags, and for a service those that ECS would put on
// its tasks.
func focusTags(res *estimate.Resource) string {
	tags := map[string]string{}
	for k, v := range res.Tags {
		tags[k] = v
	}
	if res.Kind == estimate.KindService {
		tags["aws:ecs:serviceName"] = res.ECSName()
		if res.Cluster != "" {
			tags["aws:ecs:clusterName"] = res.Cluster
		}
	}
	return object(tags)
}

// skuDetails are a SKU's attributes ("os=Linux;…") as FOCUS has them, with x_
// before names that are not FOCUS's; empty for none.
func skuDetails(attributes string) string {
	if attributes == "" {
		return ""
	}
	details := map[string]string{}
	for pair := range strings.SplitSeq(attributes, ";") {
		key, value, _ := strings.Cut(pair, "=")
		details["x_"+key] = value
	}
	return object(details)
}

// object is a JSON object on one line, with characters that hide text escaped,
// so that its texts stay as they are and show.
func object(m map[string]string) string {
	var compact, out bytes.Buffer
	enc := json.NewEncoder(&compact)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		return "" // texts cannot fail
	}
	w := bufio.NewWriter(&out)
	writeString(w, bytes.TrimSuffix(compact.Bytes(), []byte("\n")))
	w.Flush()
	return out.String()
}
