package render

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ecsavvy/advisor"
	"ecsavvy/fixtures"
)

// Every printed table adds up in printed cents: to its own total row, and that to the
// headline, folded or not.
func TestReportTablesAddUp(t *testing.T) {
	for seed := range uint64(6) {
		r := generatedAccount{services: 40, months: 4, seed: seed}.report(t)
		cost, change := toCents(r.Headline.Cost), toCents(r.Headline.Cost)-toCents(r.Headline.Previous)
		saving := toCents(r.Plan.Before) - toCents(r.Plan.After)
		want := map[string]map[string]int64{
			"teams":        {"USD a month": cost, "change": change, "the plan saves": saving},
			"environments": {"USD a month": cost, "change": change, "the plan saves": saving},
			"groups":       {"USD a month": cost, "change": change},
			"change":       {"USD a month": change},
			"changed":      {"before": toCents(r.Headline.Previous), "after": cost, "change": change},
			"services":     {"USD a month": cost, "change": change},
			"plan":         {"saves, USD a month": saving},
			"waste":        {"saves, USD a month": toCents(r.Waste.Total)},
		}
		for _, full := range reportTables(&r) {
			for _, top := range []int{0, 5} {
				table := full.folded(top)
				if top > 0 && len(full.rows) > top+1 && len(table.rows) != top+1 {
					t.Errorf("%s folded to %d rows, want %d", table.id, len(table.rows), top+1)
				}
				for i, c := range table.columns {
					if !c.adds || table.total == nil || c.kind == ofNumber {
						continue
					}
					sum := int64(0)
					for _, row := range table.rows {
						sum += row[i].cents
					}
					if sum != table.total[i].cents {
						t.Errorf("seed %d, %s, %s: rows add up to %d cents, the total is %d", seed, table.id, c.title, sum, table.total[i].cents)
					}
					if wanted, ok := want[table.id][c.title]; ok && sum != wanted {
						t.Errorf("seed %d, %s, %s: %d cents, want %d", seed, table.id, c.title, sum, wanted)
					}
				}
			}
		}
	}
}

// The effects of a resource add up to its change in printed cents.
func TestChangedRowsAddUp(t *testing.T) {
	r := generatedAccount{services: 70, months: 3, seed: 5}.report(t)
	table := changedTable(&r)
	for _, row := range table.rows {
		sum := int64(0)
		for _, c := range row[4:10] {
			sum += c.cents
		}
		if sum != row[3].cents || row[2].cents-row[1].cents != row[3].cents {
			t.Errorf("%s: effects %d, change %d, before %d, after %d", row[0].text, sum, row[3].cents, row[1].cents, row[2].cents)
		}
	}
}

// Equal reports are equal bytes in every format.
func TestReportBytesRepeat(t *testing.T) {
	for _, format := range ReportFormats() {
		var pages [2][]byte
		for i := range pages {
			r := generatedAccount{services: 20, months: 3, seed: 2}.report(t)
			page, err := reportBytes(&r, ReportInfo{Snapshot: "2026-11-01", Top: 10}, format)
			if err != nil {
				t.Fatal(err)
			}
			pages[i] = page
		}
		if !bytes.Equal(pages[0], pages[1]) {
			t.Errorf("%s: two reports of one account differ", format)
		}
	}
	if err := WriteReport(&bytes.Buffer{}, &advisor.Report{}, ReportInfo{}, "pdf", Options{}); err == nil || err.Error() != `a report has no format "pdf"` {
		t.Errorf("pdf: %v", err)
	}
}

// CSV and JSON hold every line: they add up to the headline as exact numbers.
func TestReportDataAddsUp(t *testing.T) {
	r := generatedAccount{services: 30, months: 2, seed: 4}.report(t)
	page, err := reportBytes(&r, ReportInfo{}, FormatCSV)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(page)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[16], 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += v
	}
	if math.Abs(sum-r.Headline.Cost) > 1e-6 {
		t.Errorf("CSV lines add up to %v, want %v", sum, r.Headline.Cost)
	}
	if page, err = reportBytes(&r, ReportInfo{}, FormatJSON); err != nil {
		t.Fatal(err)
	}
	var data struct {
		FormatVersion string `json:"format_version"`
		Resources     []struct {
			Lines []struct {
				Cost *string
			}
		}
	}
	if err := json.Unmarshal(page, &data); err != nil {
		t.Fatal(err)
	}
	sum = 0
	for _, x := range data.Resources {
		for _, l := range x.Lines {
			v, err := strconv.ParseFloat(*l.Cost, 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += v
		}
	}
	if data.FormatVersion != "1" || math.Abs(sum-r.Headline.Cost) > 1e-6 {
		t.Errorf("JSON version %q: lines add up to %v, want %v", data.FormatVersion, sum, r.Headline.Cost)
	}
}

// The workbook as another program reads it: a sheet a section, numbers as numbers,
// dates as dates, a head that stays.
func TestReportXLSX(t *testing.T) {
	r := generatedAccount{services: 120, months: 4, seed: 4}.report(t)
	page, err := reportBytes(&r, ReportInfo{}, FormatXLSX)
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := strings.Join(book.GetSheetList(), " "); got != "Summary Teams Environments Groups Change Changed Budgets Anomalies Waste Plan Commitments Expiring Realised Services Gaps Lines Trend" {
		t.Errorf("sheets %s", got)
	}
	if panes, err := book.GetPanes("Services"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v (%v)", panes, err)
	}
	rows, err := book.GetRows("Services", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(r.Resources)+2 {
		t.Errorf("%d rows, want a head, %d and the sum", len(rows), len(r.Resources))
	}
	sum := 0.0
	for _, row := range rows[1 : len(rows)-1] {
		v, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += v
	}
	if math.Abs(sum-float64(toCents(r.Headline.Cost))/100) > 1e-6 {
		t.Errorf("costs add up to %v, want %v", sum, r.Headline.Cost)
	}
	if got, err := book.GetCellValue("Expiring", "C2"); err != nil || !strings.Contains(got, "02-21-26") {
		t.Errorf("the end of a commitment prints %q (%v), want 21 February 2026", got, err)
	}
}

func TestColumnName(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := columnName(i); got != want {
			t.Errorf("column %d is %s, want %s", i, got, want)
		}
	}
}

// The report of the bundled account, as it is mailed: goldens that a reviewer reads.
func TestBundledReport(t *testing.T) {
	r := bundledReport(t)
	for _, format := range []Format{FormatMarkdown, FormatTable} {
		page, err := reportBytes(&r, ReportInfo{Snapshot: "the test's", Top: 10}, format)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(page, []byte("In short")) {
			t.Errorf("%s lacks its head", format)
		}
	}
	small := generatedAccount{services: 12, months: 8, seed: 9}.report(t)
	page, err := reportBytes(&small, ReportInfo{Snapshot: "the test's", Top: 8}, FormatMarkdown)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Golden(t, page, "testdata/report.golden.md")
}

// How to compare: go test -run '^$' -bench Report -count 10 ./cmd/internal/render.

// BenchmarkReport is the report of 1,000 services with 13 months of history: made from
// what was kept, and written as a page.
func BenchmarkReport(b *testing.B) {
	account := generatedAccount{services: 1000, months: 13, seed: 1}
	inputs := account.inputs(b)
	var history []advisor.Kept
	for _, in := range inputs[:12] {
		r, err := advisor.MakeReport(in, history)
		if err != nil {
			b.Fatal(err)
		}
		history = append(history, r.Kept())
	}
	b.ReportAllocs()
	for b.Loop() {
		r, err := advisor.MakeReport(inputs[12], history)
		if err != nil {
			b.Fatal(err)
		}
		page, err := reportBytes(&r, ReportInfo{}, FormatHTML)
		if err != nil {
			b.Fatal(err)
		}
		if len(page) > 5<<20 {
			b.Fatalf("the page has %d bytes, more than 5 MiB", len(page))
		}
		b.ReportMetric(float64(len(page)), "page-bytes")
	}
}
