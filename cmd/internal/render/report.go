package render

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"ecsavvy/advisor"
)

// Formats that only a report has.
const (
	FormatHTML Format = "html"
	FormatXLSX Format = "xlsx"
)

// ReportFormats lists the formats of a report, the default first.
func ReportFormats() []Format {
	return []Format{FormatTable, FormatMarkdown, FormatHTML, FormatXLSX, FormatCSV, FormatJSON}
}

// ReportInfo is what a report says beside its figures.
type ReportInfo struct {
	// Title is the heading: "ECS cost report" where it is "".
	Title string
	// Snapshot is the date of the price catalogue, AsOf the date that the output
	// carries, "" for none.
	Snapshot, AsOf string
	// Top is how many rows a table has in markdown and on a terminal, the rest
	// being one row; 0 means all. HTML and XLSX have all.
	Top int
}

// WriteReport prints a report in a format.
func WriteReport(w io.Writer, r *advisor.Report, info ReportInfo, format Format, opts Options) error {
	if info.Title == "" {
		info.Title = "ECS cost report"
	}
	switch format {
	case FormatHTML:
		return writeReportHTML(w, r, info)
	case FormatXLSX:
		return writeXLSX(w, reportSheets(r, info))
	case FormatCSV:
		return writeCSV(w, reportRecords(r))
	case FormatJSON:
		return writeJSON(w, reportData(r, info))
	case FormatTable, FormatMarkdown:
		for i, doc := range reportDocuments(r, info) {
			if i > 0 {
				if _, err := io.WriteString(w, "\n"); err != nil {
					return err
				}
			}
			if format == FormatTable && i == 0 { // a table prints a title only above several
				if _, err := fmt.Fprintln(w, painter{on: opts.Color}.strong(clean(doc.Title))); err != nil {
					return err
				}
			}
			if format == FormatTable {
				doc = narrow(doc, cmp.Or(opts.Width, defaultWidth))
			}
			if err := Write(w, doc, format, opts); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("a report has no format %q", format)
}

// ReportSummary is a report in a line and in a few, plain text, for messages.
func ReportSummary(r *advisor.Report, info ReportInfo) (title, summary string) {
	if info.Title == "" {
		info.Title = "ECS cost report"
	}
	var lines []string
	for _, f := range reportFigures(r) {
		lines = append(lines, clean(f.label+": "+strings.TrimSpace(f.text()+" "+f.remark)))
	}
	return clean(info.Title + ", " + periodText(r.From, r.To)), strings.Join(lines, "\n")
}

// reportDocuments are a report in the documents of which markdown and terminals are
// made: one for each table, since each has its own columns.
func reportDocuments(r *advisor.Report, info ReportInfo) []Document {
	head := Document{Title: info.Title + ", " + periodText(r.From, r.To)}
	section := Section{Title: "In short"}
	for _, f := range reportFigures(r) {
		section.Items = append(section.Items, Item{Place: f.label, Text: strings.TrimSpace(f.text() + " " + f.remark)})
	}
	head.Sections = []Section{section}
	docs := []Document{head}
	for _, t := range reportTables(r) {
		if len(t.rows) > 0 || t.empty != "" {
			docs = append(docs, t.document(info.Top))
		}
	}
	last := &docs[len(docs)-1]
	last.Sections = append(last.Sections, reportGaps(r)...)
	last.Footer = reportFooter(r, info)
	return docs
}

// periodText is a period by its first and last day.
func periodText(from, to time.Time) string {
	last := to.UTC().Add(-time.Nanosecond)
	if first := from.UTC().Format(time.DateOnly); first != last.Format(time.DateOnly) {
		return first + " to " + last.Format(time.DateOnly)
	}
	return from.UTC().Format(time.DateOnly)
}

// figure is one of the few numbers that a report begins with.
type figure struct {
	label, value, unit, remark string
	// alert says that it is bad news.
	alert bool
}

const perMonth = "USD a month"

// text is the figure in words.
func (f *figure) text() string { return strings.TrimSpace(f.value + " " + f.unit) }

// reportFigures are the headline.
func reportFigures(r *advisor.Report) []figure {
	h := &r.Headline
	cents := toCents(h.Cost)
	cost := figure{label: "Cost", value: money(cents), unit: perMonth, remark: "(" + money(toCents(h.PeriodCost)) + " in the period)"}
	if h.LowerBound {
		cost.remark += ", a lower bound"
		cost.alert = true
	}
	figures := []figure{cost}
	if isKnown(h.Previous) {
		before := toCents(h.Previous)
		f := figure{label: "Since the last report", value: signedMoney(cents - before), unit: perMonth, alert: cents > before}
		if before != 0 {
			f.remark = "(" + signedShare(h.Cost/h.Previous-1) + ")"
		}
		figures = append(figures, f)
	} else {
		figures = append(figures, figure{label: "Since the last report", value: "first report", remark: "nothing to compare with"})
	}
	if r.Plan != nil {
		figures = append(figures, figure{
			label: "The plan saves", value: money(toCents(h.Cost) - toCents(h.AfterPlan)), unit: perMonth,
			remark: fmt.Sprintf("(P10 %s, P90 %s)", money(toCents(h.Saving.P10)), money(toCents(h.Saving.P90))),
		})
	}
	if r.Realised.Measured > 0 {
		figures = append(figures, figure{
			label: "Earlier advice saved", value: money(toCents(r.Realised.Saved)), unit: perMonth,
			remark: fmt.Sprintf("(%s predicted)", money(toCents(r.Realised.Predicted))),
		})
	}
	if n := len(r.Anomalies); n > 0 {
		figures = append(figures, figure{label: "Anomalies", value: quantity(float64(n)), remark: "off their own history", alert: true})
	}
	if r.TeamTag != "" {
		figures = append(figures, figure{label: "Without a team", value: shareText(h.Untagged), remark: fmt.Sprintf("of the cost has no tag %q", clean(r.TeamTag)), alert: h.Untagged > 0.2})
	}
	return figures
}

// reportFooter is what a report rests on.
func reportFooter(r *advisor.Report, info ReportInfo) []string {
	g := &r.Gaps
	demand := "measured in the period"
	switch {
	case g.MeasuredFrom.IsZero():
		demand = "that the files state: nothing was measured"
	case periodText(g.MeasuredFrom.Truncate(24*time.Hour), g.MeasuredTo.Truncate(24*time.Hour)) != periodText(r.From, r.To):
		demand = "that was measured, which is not of the same days as the period"
	}
	footer := []string{fmt.Sprintf("Amounts are USD a month of %s h, after discounts and commitments, at the demand %s.", quantity(r.HoursPerMonth), demand)}
	if !g.MeasuredFrom.IsZero() {
		footer = append(footer, fmt.Sprintf("Measured %s at %s; reading it cost %s USD.", periodText(g.MeasuredFrom, g.MeasuredTo), stepText(g.Step), printedCost(toCents(g.ReadingCost.USD), g.ReadingCost.USD)))
	}
	prices := "Prices of " + info.Snapshot
	if g.OldestPrice != "" {
		prices += ", the oldest of " + g.OldestPrice
	}
	footer = append(footer, prices+"; "+countedNoun(g.Assumptions, "assumption")+" took part.")
	if info.AsOf != "" {
		footer = append(footer, "As of "+info.AsOf+".")
	}
	return footer
}

// reportBytes is a report in a format, for tests and attachments.
func reportBytes(r *advisor.Report, info ReportInfo, format Format) ([]byte, error) {
	var buf bytes.Buffer
	err := WriteReport(&buf, r, info, format, Options{})
	return buf.Bytes(), err
}
