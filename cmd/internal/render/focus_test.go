package render

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/bill"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
	"ecsavvy/fixtures"
	"ecsavvy/pricing"

	"github.com/google/go-cmp/cmp"
)

// october is a period of 744 hours, unlike the estimates' month of 730.
func october() FocusInfo {
	return FocusInfo{
		Start: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		BillingAccountID: "012345678901", BillingAccountName: "Example Corp", SubAccountID: "111122223333", SubAccountName: "shop-prod",
		Regions: pricing.Embedded().Regions(),
	}
}

// designs are estimates of the cases' designs.
func designs(t testing.TB) []Priced {
	t.Helper()
	files, err := fs.Glob(fixtures.Cases(), "*/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var projects []Priced
	for _, file := range files {
		data, err := fs.ReadFile(fixtures.Cases(), file)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(file, "/")
		w, err := intake.Read(file, data, intake.Options{ReadFile: func(path string) ([]byte, error) { return fs.ReadFile(fixtures.Cases(), name+"/"+path) }})
		if err != nil {
			t.Logf("%s is left out: %v", name, err)
			continue
		}
		r, err := estimate.Run(w, pricing.Embedded(), estimate.Options{})
		if err != nil {
			t.Logf("%s is left out: %v", name, err)
			continue
		}
		projects = append(projects, Priced{Name: name, Path: file, Result: r})
	}
	if len(projects) < 15 {
		t.Fatalf("%d designs, want most of %d", len(projects), len(files))
	}
	return projects
}

func focusCSV(t testing.TB, projects []Priced) (text string, omitted []Item) {
	t.Helper()
	records, omitted, err := Focus(projects, october())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := WriteFocus(&out, records); err != nil {
		t.Fatal(err)
	}
	return out.String(), omitted
}

// TestFocusColumns holds our table to the one taken from the specification.
func TestFocusColumns(t *testing.T) {
	f, err := os.Open("../../../../shared/cases/reference/focus-columns-1.2.csv")
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]focusType{"String": focusText, "Decimal": focusNumber, "Date/Time": focusTime, "JSON": focusObject}
	ours := focusColumns(true)
	for _, r := range rows[1:] {
		name := r[0]
		if strings.HasPrefix(name, "CapacityReservation") {
			if r[2] == "Mandatory" {
				t.Errorf("%s is mandatory", name)
			}
			continue
		}
		c := ours[0]
		ours = ours[1:]
		kind := kinds[r[4]]
		if name == "BillingCurrency" || name == "PricingCurrency" {
			kind = focusCurrency
		}
		allowed := r[8]
		if name == "ServiceSubcategory" {
			allowed = "" // held by TestFocusServices
		}
		positive := strings.Contains(r[6], "non-negative")
		if c.name != name || c.kind != kind || c.nullable != (r[3] == "True") || strings.Join(c.allowed, ";") != allowed || c.positive != positive {
			t.Errorf("ours %+v\nspecification %q", c, r)
		}
	}
	for _, c := range ours {
		if !strings.HasPrefix(c.name, "x_") || !c.nullable {
			t.Errorf("%+v: want a custom column with x_ that may be null", c)
		}
	}
	services := map[string]bool{}
	for _, r := range rows[1:] {
		if r[0] == "ServiceSubcategory" {
			for _, s := range strings.Split(r[8], ";") {
				services[s] = true
			}
		}
	}
	for _, region := range []string{"us-east-1", pricing.Global} {
		rates, err := pricing.Embedded().Rates(region)
		if err != nil {
			t.Fatal(err)
		}
		for _, rate := range rates {
			s := focusServiceOf(rate.SKU.Service)
			if !services[s.category+">"+s.subcategory] || s.category == "Other" {
				t.Errorf("%s: %+v is no pair of FOCUS, or other", rate.SKU.Service, s)
			}
		}
	}
}

func TestFocusGolden(t *testing.T) {
	text, omitted := focusCSV(t, append(one(fullResult()), one(wholeResult())...))
	fixtures.Golden(t, []byte(text), "testdata/focus.csv.golden")
	if len(omitted) != 2 {
		t.Errorf("%d lines omitted, want the 2 without price: %v", len(omitted), omitted)
	}
}

// TestFocusRoundTrip reads our own files as bills and reconciles them to zero,
// hostile names included.
func TestFocusRoundTrip(t *testing.T) {
	cases := map[string][]Priced{"full": one(fullResult()), "whole": one(wholeResult()), "hostile": one(hostileResult())}
	for _, p := range designs(t) {
		cases[p.Name] = []Priced{p}
	}
	for name, projects := range cases {
		text, _ := focusCSV(t, projects)
		b, err := bill.Read(name, strings.NewReader(text), int64(len(text)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		r := projects[0].Result
		for _, hours := range []float64{0, 744} {
			got, err := advisor.Reconcile([]estimate.Result{r}, b, hours)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			want := r.Total.Effective * 744 / r.HoursPerMonth
			if len(got.Parts) != 0 || math.Abs(got.USD()) > 1e-8*max(1, want) || math.Abs(got.Billed-want) > 1e-8*max(1, want) {
				t.Errorf("%s: billed %v of %v, parts %v", name, got.Billed, want, got.Parts)
			}
		}
	}
	// Parquet says the same as CSV.
	records, _, err := Focus(one(hostileResult()), october())
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := WriteFocusParquet(&file, records); err != nil {
		t.Fatal(err)
	}
	inParquet, err := bill.Read("x", bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	hostile, _ := focusCSV(t, one(hostileResult()))
	inCSV, err := bill.Read("x", strings.NewReader(hostile), int64(len(hostile)))
	if err != nil || !cmp.Equal(inCSV, inParquet) {
		t.Errorf("Parquet and CSV differ: %v\n%s", err, cmp.Diff(inCSV, inParquet))
	}
	// It can differ, too.
	text, _ := focusCSV(t, one(wholeResult()))
	b, err := bill.Read("x", strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	half := wholeResult()
	half.Resources[0].Lines = half.Resources[0].Lines[:1]
	got, err := advisor.Reconcile([]estimate.Result{half}, b, 0)
	if err != nil || len(got.Parts) != 1 || got.Parts[0].Reason != bill.NoUsageType {
		t.Errorf("a line less: %+v, %v", got, err)
	}
}

// TestFocusHostile: nothing in the file that a spreadsheet executes, and names
// can be had back from the tags as they were.
func TestFocusHostile(t *testing.T) {
	for _, name := range []string{"=cmd()", "@SUM(1)", "-1+1", "<script>", "\u202egpj", strings.Repeat("x", 10_000), "a,\"b\"\n=c", "NULL", "\t=x"} {
		r := wholeResult()
		r.Resources[0].Name, r.Resources[0].Cluster = name, name
		r.Resources[0].Tags = map[string]string{name: name}
		text, _ := focusCSV(t, []Priced{{Name: name, Result: r}})
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range focusColumns(false) {
			for _, row := range rows[1:] {
				cell := strings.TrimLeft(row[i], " ")
				if c.kind != focusNumber && cell != "" && strings.ContainsAny(cell[:1], "=+-@\t") {
					t.Errorf("%q: %s is executed: %q", name, c.name, cell)
				}
				if strings.Contains(cell, "\u202e") {
					t.Errorf("%q: %s hides text", name, c.name)
				}
			}
		}
		b, err := bill.Read("x", strings.NewReader(text), int64(len(text)))
		if err != nil {
			t.Fatal(err)
		}
		if l := b.Lines[0]; l.Service != name || l.Cluster != name {
			t.Errorf("%q is read as service %q, cluster %q", name, l.Service, l.Cluster)
		}
	}
}

func TestFocusErrors(t *testing.T) {
	nobody, backwards := october(), october()
	nobody.BillingAccountID = ""
	backwards.End = backwards.Start
	for _, c := range []struct {
		info FocusInfo
		want string
	}{
		{nobody, "writing FOCUS: BillingAccountId may not be null: want the ID of the account that pays"},
		{backwards, "writing FOCUS: the period ends at 2026-10-01T00:00:00Z, not after its start 2026-10-01T00:00:00Z"},
	} {
		if _, _, err := Focus(one(wholeResult()), c.info); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// TestFocusCheck breaks good rows, a cell at a time: the check finds each.
func TestFocusCheck(t *testing.T) {
	for _, c := range []struct{ column, cell, want string }{
		{"ListCost", "", `ListCost "": may not be null`},
		{"ListCost", "1e3", `ListCost "1e3": want a decimal number, not negative if a price`},
		{"ListUnitPrice", "-1", `ListUnitPrice "-1": want a decimal number, not negative if a price`},
		{"ListUnitPrice", "1", `ListUnitPrice 1 × PricingQuantity 744 = 744, not ListCost 30.11712`},
		{"ContractedCost", "2", `ContractedUnitPrice 0.04048 × PricingQuantity 744 = 30.11712, not ContractedCost 2`},
		{"ChargeCategory", "usage", `ChargeCategory "usage": want one of Usage, Purchase, Tax, Credit, Adjustment`},
		{"BillingPeriodEnd", "2026-11-01", `BillingPeriodEnd "2026-11-01": want a time as 2026-10-01T00:00:00Z`},
		{"BillingCurrency", "EUR", `BillingCurrency "EUR": want USD`},
		{"Tags", "NULL", `Tags "NULL": want a JSON object: invalid character 'N' looking for beginning of value`},
		{"RegionName", "", `RegionName "" and RegionId "us-east-1": want both or none`},
		{"SkuId", "", `SkuId may not be null on usage`},
		{"x_ConsumedQuantity", "", `ConsumedQuantity "": want a quantity of usage, null for an unused commitment`},
	} {
		records, _, err := Focus(one(wholeResult()), october())
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range records.Header {
			if name == c.column {
				records.Rows[0][i] = c.cell
			}
		}
		if err := checkFocus(focusColumns(false), records); err == nil || err.Error() != "writing FOCUS: row 1: "+c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// TestFocusAddsUp: what the rows cost is the printed total, for the hours.
func TestFocusAddsUp(t *testing.T) {
	for _, p := range append(designs(t), one(fullResult())...) {
		records, _, err := Focus([]Priced{p}, october())
		if err != nil {
			t.Fatal(err)
		}
		for column, want := range map[string]float64{"EffectiveCost": p.Result.Total.Effective, "BilledCost": p.Result.Total.Effective, "ListCost": p.Result.Total.List} {
			sum := 0.0
			for i, name := range records.Header {
				if name == column {
					for _, row := range records.Rows {
						n, err := strconv.ParseFloat(row[i], 64)
						if err != nil {
							t.Fatal(err)
						}
						sum += n
					}
				}
			}
			if want *= 744.0 / 730; math.Abs(sum-want) > 1e-8*max(1, want) {
				t.Errorf("%s: rows' %s is %v, the estimate's %v", p.Name, column, sum, want)
			}
		}
	}
}

// TestFocusUnusedPlans: a row each where the plans' figures make up the whole.
func TestFocusUnusedPlans(t *testing.T) {
	r := wholeResult()
	r.Commitments = &estimate.CommitmentUse{Unused: 30, Plans: []estimate.PlanUse{{Name: "a", Committed: 50, Used: 30}, {Name: "b", Committed: 10}, {Name: "c", Committed: 5, Used: 5}}}
	r.Total.Effective += 30
	r.Region = design.Know("us-east-1")
	text, _ := focusCSV(t, one(r))
	if n := strings.Count(text, "Committed and not used"); n != 2 {
		t.Errorf("%d rows of unused commitments, want those of a and b:\n%s", n, text)
	}
}
