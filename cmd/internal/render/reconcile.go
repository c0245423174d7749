package render

import (
	"fmt"
	"math"
	"time"

	"ecsavvy/advisor/bill"
)

// ReconcileInfo is what the document of a reconciliation says beside it.
type ReconcileInfo struct {
	Bill           string // the file
	Form           string // "FOCUS", "CUR"
	Start, End     time.Time
	Snapshot, AsOf string
}

// Reconciled makes the document of an estimate beside its bill: a row a service,
// below it why the two differ. Parts add up to differences, and these to the total,
// in printed cents.
func Reconciled(r *bill.Reconciliation, info ReconcileInfo) Document {
	t := Table{
		Title: "Estimated and billed",
		About: fmt.Sprintf("%s to %s, %s h", info.Start.UTC().Format(time.DateOnly), info.End.UTC().Format(time.DateOnly), quantity(r.Hours)),
	}
	total := toCents(r.Billed) - toCents(r.Estimated)
	exact := make([]float64, len(r.Services))
	for i := range r.Services {
		exact[i] = r.Services[i].USD()
	}
	differences := apportion(total, exact)
	for i := range r.Services {
		s := &r.Services[i]
		name := s.Service
		if name == "" {
			name = "shared and other"
		} else if s.Cluster != "" {
			name += " (" + s.Cluster + ")"
		}
		t.Rows = append(t.Rows, Row{Tone: Strong, Cells: []string{name, money(toCents(s.Estimated)), money(toCents(s.Billed)), plusMoney(differences[i])}})
		parts := make([]float64, len(s.Parts))
		for j, p := range s.Parts {
			parts[j] = p.USD
		}
		for j, cents := range apportion(differences[i], parts) {
			if cents == 0 {
				continue
			}
			t.Rows = append(t.Rows, Row{Level: 1, Cells: []string{string(s.Parts[j].Reason), "", "", plusMoney(cents)}})
		}
	}
	t.Total = &Total{Label: "Billed less estimated", Amount: plusMoney(total), Remarks: reasonRemarks(&r.Difference)}
	doc := Document{
		Title: "Reconciliation", Columns: []Column{{Title: "Service"}, {Title: "estimated", Right: true}, {Title: "billed", Right: true}, {Title: "difference", Right: true}},
		Tables:  []Table{t},
		Footer:  []string{"Bill: " + info.Bill + " (" + info.Form + "), effective cost. Estimate: price snapshot " + info.Snapshot + "."},
		Records: func() Records { return reconcileRecords(r) },
		Data:    func() any { return reconcileData(r, info) },
	}
	if info.AsOf != "" {
		doc.Footer = append(doc.Footer, "As of "+info.AsOf+".")
	}
	if len(r.Notes) > 0 {
		section := Section{Title: "Notes", Alert: true}
		for _, n := range r.Notes {
			section.Items = append(section.Items, Item{Text: n})
		}
		doc.Sections = append(doc.Sections, section)
	}
	return doc
}

// reasonRemarks are the parts of the whole difference.
func reasonRemarks(d *bill.Difference) []string {
	var remarks []string
	for _, p := range d.Parts {
		if math.Abs(p.USD) >= 0.005 {
			remarks = append(remarks, fmt.Sprintf("%s: %s", p.Reason, plusMoney(toCents(p.USD))))
		}
	}
	return remarks
}

// plusMoney is money with its sign.
func plusMoney(cents int64) string {
	if cents > 0 {
		return "+" + money(cents)
	}
	return money(cents)
}

func reconcileRecords(r *bill.Reconciliation) Records {
	records := Records{
		Header:  []string{"cluster", "service", "product", "usage_type", "region", "category", "estimated", "billed", "difference", "reason", "usd"},
		Numeric: []bool{false, false, false, false, false, false, true, true, true, false, true},
	}
	for i := range r.Services {
		s := &r.Services[i]
		for j := range s.Lines {
			l := &s.Lines[j]
			for _, p := range l.Parts {
				records.Rows = append(records.Rows, []string{
					s.Cluster, s.Service, l.Product, l.UsageType, l.Region, string(l.Category),
					decimal(l.Estimated), decimal(l.Billed), decimal(l.USD()), string(p.Reason), decimal(p.USD),
				})
			}
		}
	}
	return records
}

// reconcileVersion is the version of the reconciliation's JSON.
const reconcileVersion = "1"

type reconcileJSON struct {
	FormatVersion string          `json:"format_version"`
	Kind          string          `json:"kind"`
	Currency      string          `json:"currency"`
	Bill          string          `json:"bill"`
	Form          string          `json:"form"`
	Start         time.Time       `json:"start"`
	End           time.Time       `json:"end"`
	Hours         string          `json:"hours"`
	Total         differenceJSON  `json:"total"`
	Services      []reconcileItem `json:"services"`
	Notes         []string        `json:"notes,omitempty"`
}

type differenceJSON struct {
	Estimated  string     `json:"estimated"`
	Billed     string     `json:"billed"`
	Difference string     `json:"difference"`
	Parts      []partJSON `json:"parts"`
}

type partJSON struct {
	Reason string `json:"reason"`
	USD    string `json:"usd"`
}

type reconcileItem struct {
	Cluster string `json:"cluster,omitempty"`
	Service string `json:"service,omitempty"`
	differenceJSON
}

func reconcileData(r *bill.Reconciliation, info ReconcileInfo) reconcileJSON {
	data := reconcileJSON{
		FormatVersion: reconcileVersion, Kind: "reconciliation", Currency: "USD", Bill: info.Bill, Form: info.Form,
		Start: info.Start.UTC(), End: info.End.UTC(), Hours: decimal(r.Hours), Total: differenceOf(&r.Difference), Notes: r.Notes,
	}
	for i := range r.Services {
		data.Services = append(data.Services, reconcileItem{r.Services[i].Cluster, r.Services[i].Service, differenceOf(&r.Services[i].Difference)})
	}
	return data
}

func differenceOf(d *bill.Difference) differenceJSON {
	out := differenceJSON{Estimated: decimal(d.Estimated), Billed: decimal(d.Billed), Difference: decimal(d.USD()), Parts: []partJSON{}}
	for _, p := range d.Parts {
		out.Parts = append(out.Parts, partJSON{string(p.Reason), decimal(p.USD)})
	}
	return out
}
