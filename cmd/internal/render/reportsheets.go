package render

import (
	"ecsavvy/advisor"
)

// reportSheets are a report as a workbook: the headline, a sheet for each section,
// and the cost lines behind all of them.
func reportSheets(r *advisor.Report, info ReportInfo) []sheet {
	summary := sheet{name: "Summary", columns: []reportColumn{{title: "figure", kind: ofText}, {title: "value", kind: ofText}, {title: "remark", kind: ofText}}}
	row := func(label, value, remark string) {
		summary.rows = append(summary.rows, []reportCell{textOf(label), textOf(value), textOf(remark)})
	}
	row("Report", info.Title, "")
	row("Period", periodText(r.From, r.To), "")
	for _, f := range reportFigures(r) {
		row(f.label, f.text(), f.remark)
	}
	for _, line := range reportFooter(r, info) {
		row("Method", line, "")
	}
	sheets := []sheet{summary}
	for _, t := range reportTables(r) {
		if len(t.rows) == 0 {
			continue
		}
		sheets = append(sheets, t.sheet())
	}
	return append(sheets, gapSheet(r), lineSheet(r), trendSheet(r))
}

// sheet is the table without what a sheet cannot hold.
func (t *reportTable) sheet() sheet {
	s := sheet{name: string(t.id[0]-'a'+'A') + t.id[1:]}
	var at []int
	for i, c := range t.columns {
		if c.kind != ofTrend {
			at = append(at, i)
			s.columns = append(s.columns, c)
		}
	}
	pick := func(row []reportCell) []reportCell {
		out := make([]reportCell, len(at))
		for i, c := range at {
			out[i] = row[c]
		}
		return out
	}
	for _, row := range t.rows {
		s.rows = append(s.rows, pick(row))
	}
	if t.total != nil {
		s.total = pick(t.total)
	}
	return s
}

// gapSheet is what is not known.
func gapSheet(r *advisor.Report) sheet {
	s := sheet{name: "Gaps", columns: []reportColumn{{title: "gap", kind: ofText}, {title: "place", kind: ofText}, {title: "what is missing", kind: ofText}}}
	for _, section := range reportGaps(r) {
		for _, item := range section.Items {
			s.rows = append(s.rows, []reportCell{textOf(section.Title), textOf(item.Place), textOf(item.Text)})
		}
	}
	return s
}

// lineSheet is the cost lines. They are exact, and may add up to a cent more or less
// than the printed cost.
func lineSheet(r *advisor.Report) sheet {
	s := sheet{name: "Lines", columns: []reportColumn{
		{title: "account", kind: ofText}, {title: "region", kind: ofText}, {title: "cluster", kind: ofText}, {title: "kind", kind: ofText}, {title: "name", kind: ofText},
		{title: "line", kind: ofText}, {title: "usage type", kind: ofText}, {title: "group", kind: ofText}, {title: "unit", kind: ofText},
		{title: "quantity", kind: ofNumber}, {title: "unit price", kind: ofNumber}, {title: "cost, USD a month", kind: ofNumber},
	}}
	for i := range r.Resources {
		x := &r.Resources[i]
		for j := range x.Lines {
			l := &x.Lines[j]
			row := []reportCell{
				textOf(x.Account), textOf(x.Region), textOf(x.Cluster), textOf(x.Kind), textOf(x.Name), textOf(l.Name), textOf(l.UsageType), textOf(l.Group), textOf(l.Unit),
				numberOf(l.Quantity), numberOf(l.UnitPrice), numberOf(l.Cost),
			}
			if l.Unpriced {
				row[9], row[10], row[11] = noCell(), noCell(), noCell()
			}
			s.rows = append(s.rows, row)
		}
	}
	return s
}

func trendSheet(r *advisor.Report) sheet {
	s := sheet{name: "Trend", columns: []reportColumn{{title: "report of", kind: ofDate}, {title: "USD a month", kind: ofMoney}}}
	for _, p := range r.Trend {
		s.rows = append(s.rows, []reportCell{dayOf(p.To), exactUSD(p.Cost)})
	}
	return s
}
