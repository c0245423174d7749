package render

import (
	"math"
	"slices"
	"strings"

	"ecsavvy/pricing"
)

// PriceList is a choice of a region's rates.
type PriceList struct {
	// Region is the code, Location AWS's name of it.
	Region, Location string
	// RegionNote is not empty where the region was assumed; it says so.
	RegionNote string
	// Service is what the user asked for.
	Service  string
	Snapshot string
	AsOf     string
	Rates    []pricing.Rate
}

// Prices makes the document of a price list.
func Prices(list PriceList) Document {
	var sources sourceList
	title := "Prices of " + list.Service + " in " + list.Region
	about := list.Location
	if about != "" {
		about += ", "
	}
	doc := Document{
		Title: title,
		Columns: []Column{
			{Title: "Usage type"}, {Title: "USD", Right: true}, {Title: "per"},
			{Title: "As of"}, {Title: "Status"},
		},
		Tables:  []Table{{Title: title, About: about + "snapshot " + list.Snapshot, Rows: priceRows(list.Rates, &sources)}},
		Footer:  []string{"AWS list prices, USD without tax; snapshot " + list.Snapshot + "."},
		Records: func() Records { return priceRecords(list) },
		Data:    func() any { return priceDataOf(list) },
	}
	if list.AsOf != "" {
		doc.Footer = append(doc.Footer, "As of "+list.AsOf+".")
	}
	doc.Sections = priceSections(list, &sources)
	return doc
}

// priceRows are the rates by service. Rates that share a usage type stand
// below it by what tells them apart, tiers below their rate.
func priceRows(rates []pricing.Rate, sources *sourceList) []Row {
	var rows []Row
	service := ""
	for start := 0; start < len(rates); {
		first := &rates[start].SKU
		end := start + 1
		for end < len(rates) && rates[end].SKU.Service == first.Service && rates[end].SKU.UsageType == first.UsageType {
			end++
		}
		if first.Service != service {
			service = first.Service
			rows = append(rows, Row{Tone: Strong, Cells: []string{service, "", "", "", ""}})
		}
		siblings := rates[start:end]
		if len(siblings) == 1 {
			rows = append(rows, rateRows(&siblings[0], 1, first.UsageType, attributeList(first.Attributes, ""), sources)...)
		} else {
			shared := sharedAttributes(siblings)
			rows = append(rows, Row{Level: 1, Cells: []string{first.UsageType, "", "", "", ""}, About: attributeList(shared, "")})
			for i := range siblings {
				label := attributeList(siblings[i].SKU.Attributes, shared)
				if label == "" {
					label = first.UsageType
				}
				rows = append(rows, rateRows(&siblings[i], 2, label, "", sources)...)
			}
		}
		start = end
	}
	return rows
}

// rateRows are the rows of one rate.
func rateRows(r *pricing.Rate, level int, label, about string, sources *sourceList) []Row {
	row := Row{Level: level, About: about, Cells: []string{
		label, "", per(r), r.AsOf, rateStatus(r) + " " + sources.cite(r.Source),
	}}
	if r.Flat() {
		row.Cells[1] = priceOrFree(r.Tiers[0].USD)
		return []Row{row}
	}
	rows := []Row{row}
	for _, t := range r.Tiers {
		rows = append(rows, Row{Level: level + 1, Cells: []string{tierLabel(t, per(r)), priceOrFree(t.USD), per(r), "", ""}})
	}
	return rows
}

// sharedAttributes are the attributes that all of several rates carry.
func sharedAttributes(rates []pricing.Rate) string {
	var shared []string
	for pair := range strings.SplitSeq(rates[0].SKU.Attributes, ";") {
		everywhere := true
		for i := range rates[1:] {
			everywhere = everywhere && strings.Contains(";"+rates[i+1].SKU.Attributes+";", ";"+pair+";")
		}
		if everywhere {
			shared = append(shared, pair)
		}
	}
	return strings.Join(shared, ";")
}

// attributeList is attributes for reading, without those that stand elsewhere.
func attributeList(attributes, without string) string {
	var list []string
	for pair := range strings.SplitSeq(attributes, ";") {
		if !strings.Contains(";"+without+";", ";"+pair+";") {
			list = append(list, pair)
		}
	}
	return strings.Join(list, ", ")
}

// per is what a rate's price is for.
func per(r *pricing.Rate) string { return unit(r.Unit, r.SKU.UsageType) }

func priceOrFree(usd float64) string {
	if usd == 0 {
		return "free"
	}
	return unitPrice(usd)
}

// rateLabel is a rate's usage type with the attributes that tell it apart.
func rateLabel(r *pricing.Rate) string {
	if r.SKU.Attributes == "" {
		return r.SKU.UsageType
	}
	return r.SKU.UsageType + " (" + strings.ReplaceAll(r.SKU.Attributes, ";", ", ") + ")"
}

// rateStatus is how sure a rate is.
func rateStatus(r *pricing.Rate) string {
	switch {
	case r.Open:
		return "open"
	case r.Floats:
		return "floating"
	case r.Assumed != "":
		return "assumed"
	case r.Inferred:
		return "inferred"
	default:
		return "confirmed"
	}
}

// tierLabel is a tier's span: "first 10,240 GB", "above 153,600 GB".
func tierLabel(t pricing.Tier, unit string) string {
	switch {
	case math.IsInf(t.To, 1):
		return "above " + quantity(t.From) + " " + unit
	case t.From == 0:
		return "first " + quantity(t.To) + " " + unit
	default:
		return quantity(t.From) + " to " + quantity(t.To) + " " + unit
	}
}

func priceSections(list PriceList, sources *sourceList) []Section {
	var computed []Item
	status := map[string]bool{}
	for i := range list.Rates {
		r := &list.Rates[i]
		status[rateStatus(r)] = true
		if r.Assumed != "" {
			computed = append(computed, Item{Place: rateLabel(r), Text: r.Assumed})
		}
	}
	var words []Item
	for _, w := range []Item{
		{"inferred", "the price is published; the usage type's name follows AWS's habit and was not seen in print"},
		{"assumed", "the price is computed, not published; see below"},
		{"floating", "the price moves with supply and demand; this is a reading, not a promise"},
		{"open", "the source gives no tier boundaries, so that no quantity is priced by it"},
	} {
		if status[w.Place] {
			words = append(words, w)
		}
	}
	sections := []Section{
		{Title: "Status", Items: words},
		{Title: "Prices that are computed, not published", Items: grouped(computed)},
		{Title: "Sources", Items: sources.items()},
	}
	if list.RegionNote != "" {
		sections = append([]Section{{Title: "Assumptions", Items: []Item{{Place: "region", Text: list.RegionNote}}}}, sections...)
	}
	return slices.DeleteFunc(sections, func(s Section) bool { return len(s.Items) == 0 })
}

// priceRecords makes one record a tier, in FOCUS's names where it has one.
func priceRecords(list PriceList) Records {
	records := Records{
		Header: []string{
			"RegionId", "ServiceName", "SkuMeter", "SkuPriceDetails", "PricingUnit", "x_TierFrom", "x_TierTo",
			"ListUnitPrice", "PricingCurrency", "x_PriceAsOf", "x_PriceStatus", "x_PriceAssumed", "x_PriceSource",
		},
		Numeric: []bool{false, false, false, false, false, true, true, true, false, false, false, false, false},
	}
	for i := range list.Rates {
		r := &list.Rates[i]
		for _, t := range r.Tiers {
			to := decimal(t.To)
			if math.IsInf(t.To, 1) {
				to = ""
			}
			records.Rows = append(records.Rows, []string{
				r.SKU.Region, r.SKU.Service, r.SKU.UsageType, r.SKU.Attributes, r.Unit, decimal(t.From), to,
				decimal(t.USD), "USD", r.AsOf, rateStatus(r), r.Assumed, r.Source,
			})
		}
	}
	return records
}

// priceData is a price list as JSON.
type priceData struct {
	FormatVersion string     `json:"format_version"`
	AsOf          string     `json:"as_of,omitempty"`
	Region        string     `json:"region"`
	Location      string     `json:"location,omitempty"`
	RegionNote    string     `json:"region_note,omitempty"`
	Service       string     `json:"service"`
	Currency      string     `json:"currency"`
	Snapshot      string     `json:"snapshot"`
	Rates         []rateData `json:"rates"`
}

type rateData struct {
	Service    string            `json:"service"`
	UsageType  string            `json:"usage_type"`
	Region     string            `json:"region"`
	Attributes map[string]string `json:"attributes"`
	Unit       string            `json:"unit"`
	Tiers      []tierExtra       `json:"tiers"`
	AsOf       string            `json:"as_of"`
	Status     string            `json:"status"`
	Assumed    string            `json:"assumed,omitempty"`
	Source     string            `json:"source"`
}

func priceDataOf(list PriceList) priceData {
	data := priceData{
		FormatVersion: formatVersion, AsOf: list.AsOf, Region: list.Region, Location: list.Location,
		RegionNote: list.RegionNote, Service: list.Service, Currency: "USD", Snapshot: list.Snapshot, Rates: []rateData{},
	}
	for i := range list.Rates {
		r := &list.Rates[i]
		rate := rateData{
			Service: r.SKU.Service, UsageType: r.SKU.UsageType, Region: r.SKU.Region, Attributes: map[string]string{},
			Unit: r.Unit, Tiers: tiersOf(r), AsOf: r.AsOf, Status: rateStatus(r), Assumed: r.Assumed, Source: r.Source,
		}
		for pair := range strings.SplitSeq(r.SKU.Attributes, ";") {
			if key, value, ok := strings.Cut(pair, "="); ok {
				rate.Attributes[key] = value
			}
		}
		data.Rates = append(data.Rates, rate)
	}
	return data
}

// tiersOf are a rate's tiers as JSON.
func tiersOf(r *pricing.Rate) []tierExtra {
	tiers := make([]tierExtra, len(r.Tiers))
	for i, t := range r.Tiers {
		tiers[i] = tierExtra{From: decimal(t.From), USD: decimal(t.USD)}
		if !math.IsInf(t.To, 1) {
			tiers[i].To = amount(t.To)
		}
	}
	return tiers
}
