package render

import (
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
)

// Priced is one input file with its estimate: a project, in Infracost's word.
type Priced struct {
	// Name is what tables call it; several projects of one document have
	// different names.
	Name string
	// Path is the file, "-" for standard input; Kind what it was read as.
	Path, Kind string
	Result     estimate.Result
}

// EstimateInfo is what an estimate's document says beside its results.
type EstimateInfo struct {
	// Snapshot is the date of the price catalogue.
	Snapshot string
	// AsOf is the date that the output carries, "" for none: the clock never
	// gets into it unasked.
	AsOf string
	// Explain adds each line's formula and the source of its price.
	Explain bool
}

// Estimate makes the document of one or more estimates.
func Estimate(projects []Priced, info EstimateInfo) Document {
	projects = slices.Clone(projects)
	for i := range projects {
		projects[i].Result.Resources = withUnusedCommitments(projects[i].Result)
	}
	printed := centsOf(projects)
	doc := Document{
		Title: estimateTitle(projects),
		Columns: []Column{
			{Title: "Resource"}, {Title: "Quantity", Right: true}, {Title: "Unit"},
			{Title: "Unit price", Right: true}, {Title: "USD/month", Right: true},
		},
		Footer:  estimateFooter(projects, info),
		Records: func() Records { return estimateRecords(projects) },
		Data:    func() any { return infracostOf(projects, info) },
	}
	explain := explainer{on: info.Explain}
	for i, p := range projects {
		total := totalOf("Total, USD a month", []estimate.Result{p.Result}, printed.projects[i].total)
		if len(projects) > 1 {
			total.Label = "Total of " + p.Name + ", USD a month"
		}
		doc.Tables = append(doc.Tables, Table{
			Title: p.Name,
			About: p.Result.Region.Value + ", " + quantity(p.Result.HoursPerMonth) + " h a month",
			Rows:  resourceRows(p.Result, printed.projects[i], &explain),
			Total: &total,
		})
	}
	if len(projects) > 1 {
		results := make([]estimate.Result, len(projects))
		for i, p := range projects {
			results[i] = p.Result
		}
		total := totalOf("Total, USD a month", results, printed.total)
		doc.Total = &total
	}
	doc.Sections = estimateSections(projects, &explain.sources)
	return doc
}

func estimateTitle(projects []Priced) string {
	if len(projects) == 1 {
		return "Monthly cost of " + projects[0].Name
	}
	return fmt.Sprintf("Monthly cost of %d projects", len(projects))
}

// kindCommitments is the kind of the row that holds what was committed and not
// used, which is part of the total and of no resource.
const kindCommitments estimate.Kind = "commitments"

// withUnusedCommitments is the result's resources with a last one for unused
// commitments, so that the rows make up the total.
func withUnusedCommitments(r estimate.Result) []estimate.Resource {
	if r.Commitments == nil || r.Commitments.Unused == 0 {
		return r.Resources
	}
	cost := estimate.Cost{Effective: r.Commitments.Unused}
	unused := estimate.Resource{
		Kind: kindCommitments, Name: "Unused commitments", Cost: cost,
		Summary: "paid for and not used; see Commitments",
		Range:   estimate.Range{Low: cost.Effective, High: cost.Effective},
	}
	return append(r.Resources[:len(r.Resources):len(r.Resources)], unused)
}

// resourceRows are the rows of one result: resources with their lines.
func resourceRows(r estimate.Result, printed projectCents, explain *explainer) []Row {
	var rows []Row
	for i := range r.Resources {
		res := &r.Resources[i]
		rows = append(rows, Row{
			Tone:  Strong,
			Cells: []string{resourceLabel(res), "", "", "", resourceCost(res, printed.resources[i].total)},
			About: resourceAbout(res),
		})
		for j := range res.Lines {
			rows = append(rows, lineRow(&res.Lines[j], printed.resources[i].lines[j], explain))
		}
	}
	return rows
}

// resourceLabel is a resource's name, with its kind unless it is a service or
// the name says it.
func resourceLabel(res *estimate.Resource) string {
	switch {
	case res.Name == "":
		return string(res.Kind)
	case res.Kind == estimate.KindService || res.Kind == kindCommitments:
		return res.Name
	case strings.Contains(strings.ToLower(res.Name), strings.ToLower(string(res.Kind))):
		return res.Name
	default:
		return res.Name + " (" + string(res.Kind) + ")"
	}
}

// resourceCost is a resource's subtotal as far as it is known.
func resourceCost(res *estimate.Resource, cents int64) string {
	switch {
	case res.Unpriced > 0 && res.Unpriced == len(res.Lines):
		return nothingPriced
	case res.Unpriced > 0:
		return "≥ " + printedCost(cents, res.Cost.Effective)
	default:
		return printedCost(cents, res.Cost.Effective)
	}
}

// resourceAbout is the remark under a resource's name.
func resourceAbout(res *estimate.Resource) string {
	about := res.Summary
	if low, high := toCents(res.Range.Low), toCents(res.Range.High); low < high {
		if about != "" {
			about += "; "
		}
		bound := ""
		if res.Unpriced > 0 {
			bound = "≥ "
		}
		about += bound + money(low) + " to " + bound + money(high) + " a month"
	}
	return about
}

// lineRow is the row of one line item.
func lineRow(l *estimate.Line, cents int64, explain *explainer) Row {
	row := Row{Level: 1, Cells: []string{lineLabel(l), "", "", "", ""}}
	sku := l.Charge.Usage.SKU
	if l.Unpriced != "" {
		row.Tone = Alert
		row.Cells[4] = nothingPriced
		if l.UnitRate != nil {
			row.Cells[2] = unit(l.UnitRate.Unit, sku.UsageType)
			row.Cells[3] = unitPrice(l.UnitRate.Tiers[0].USD)
		} else if l.Charge.Err != nil {
			row.Cells[1] = assumedMark(l) + quantity(l.Charge.Usage.Quantity)
		}
		return row
	}
	row.Cells[1] = assumedMark(l) + quantity(l.Charge.Usage.Quantity)
	row.Cells[2] = unit(l.Charge.Rate.Unit, sku.UsageType)
	row.Cells[3] = unitPrice(l.Charge.ListUnitPrice)
	row.Cells[4] = printedCost(cents, l.Cost.Effective)
	if l.Cost.List == 0 && l.Charge.ListUnitPrice == 0 {
		row.Cells[3] = "free"
	}
	row.About = explain.line(l)
	return row
}

// assumedMark marks a quantity that rests on an assumption.
func assumedMark(l *estimate.Line) string {
	if l.Basis == design.Assumed {
		return "~"
	}
	return ""
}

// lineLabel is a line's name with what changes in brackets.
func lineLabel(l *estimate.Line) string {
	var details []string
	if l.Detail != "" {
		details = append(details, l.Detail)
	}
	if free := l.Charge.FreeQuantity; free > 0 && l.Unpriced == "" {
		details = append(details, quantity(free)+" "+unit(l.Charge.Rate.Unit, l.Charge.Usage.SKU.UsageType)+" of it free")
	}
	if l.Unpriced == "" && toCents(l.Cost.List) != toCents(l.Cost.Effective) {
		details = append(details, money(toCents(l.Cost.List))+" at list price")
	}
	if len(details) == 0 {
		return l.Name
	}
	return l.Name + " (" + strings.Join(details, ", ") + ")"
}

// explainer says under each line where its figures come from, if asked to.
type explainer struct {
	on      bool
	sources sourceList
}

// line is a line's formula, the name of its rate on a bill, and the date and
// source of the price.
func (e *explainer) line(l *estimate.Line) string {
	if !e.on {
		return ""
	}
	formula := "= " + l.Charge.Usage.Why
	if l.Charge.Usage.Why == "" {
		formula = "= " + quantity(l.Charge.Usage.Quantity)
	}
	rate := &l.Charge.Rate
	formula += "; " + rate.SKU.Service + " " + rate.SKU.UsageType + " of " + rate.AsOf
	if rate.Assumed != "" {
		return formula + ", computed: " + rate.Assumed
	}
	return formula + " " + e.sources.cite(rate.Source)
}
