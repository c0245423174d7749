package render

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
)

// TestPrintedAmountsAddUp reads printed tables back: lines make up their
// resource, resources their project, projects the grand total.
func TestPrintedAmountsAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		var projects []Priced
		for p := range 1 + rng.IntN(3) {
			r := estimate.Result{Workload: "p" + strconv.Itoa(p), Region: design.Know("us-east-1"), HoursPerMonth: 730}
			for i := range 1 + rng.IntN(5) {
				res := estimate.Resource{Kind: estimate.KindService, Name: "s" + strconv.Itoa(i)}
				for range 1 + rng.IntN(6) {
					res.Lines = append(res.Lines, priced("Fargate GB", estimate.Compute, gbRate(), math.Exp(rng.Float64()*16-6), ""))
				}
				r.Resources = append(r.Resources, res)
			}
			if rng.IntN(3) == 0 {
				r.Commitments = &estimate.CommitmentUse{Unused: rng.Float64() * 10}
			}
			projects = append(projects, Priced{Name: r.Workload, Result: addUp(r)})
		}
		doc := Estimate(projects, EstimateInfo{})
		grand, exact := int64(0), 0.0
		for i, table := range doc.Tables {
			total := readCents(t, table.Total.Amount)
			grand += total
			exact += projects[i].Result.Total.Effective
			sum, lines, resource := int64(0), int64(0), int64(-1)
			check := func() {
				if resource >= 0 && lines != resource {
					t.Fatalf("lines add up to %d, their resource prints %d", lines, resource)
				}
			}
			for j, row := range table.Rows {
				amount := readCents(t, row.Cells[4])
				if row.Level == 1 {
					lines += amount
					continue
				}
				check()
				sum += amount
				lines, resource = 0, amount
				if j+1 == len(table.Rows) || table.Rows[j+1].Level == 0 {
					lines = amount // a row without lines of its own
				}
			}
			check()
			if sum != total {
				t.Fatalf("resources add up to %d, the total prints %d", sum, total)
			}
		}
		if doc.Total != nil && readCents(t, doc.Total.Amount) != grand {
			t.Fatalf("projects add up to %d, the grand total prints %s", grand, doc.Total.Amount)
		}
		if math.Abs(float64(grand)-exact*100) > 0.5+1e-6 {
			t.Fatalf("the printed total %d is no rounding of %v", grand, exact)
		}
	}
}

// readCents reads printed money; "<0.01" counts as the nothing that it adds.
func readCents(t *testing.T, text string) int64 {
	t.Helper()
	if text == "<0.01" {
		return 0
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	if err != nil {
		t.Fatal(err)
	}
	return int64(math.Round(f * 100))
}

// TestTableWidth holds tables to 80 columns and to text that a terminal only
// shows, whatever the names are.
func TestTableWidth(t *testing.T) {
	for name, r := range map[string]estimate.Result{"whole": wholeResult(), "full": fullResult(), "hostile": hostileResult()} {
		text := printed(t, Estimate(one(r), info()), FormatTable, Options{})
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			if w := width(line); w > defaultWidth {
				t.Errorf("%s: a line of %d columns: %s", name, w, line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("%s: blanks at the end of %q", name, line)
			}
			if clean(line) != line {
				t.Errorf("%s: not safe for a terminal: %q", name, line)
			}
		}
	}
}

// TestNothingUnpricedPrintsAsZero looks at every cell of an unpriced line.
func TestNothingUnpricedPrintsAsZero(t *testing.T) {
	for _, r := range []estimate.Result{fullResult(), unpricedResult()} {
		doc := Estimate(one(r), info())
		for _, row := range doc.Tables[0].Rows {
			if row.Tone == Alert && row.Cells[4] != "unpriced" {
				t.Errorf("an unpriced line prints %q", row.Cells[4])
			}
		}
		if amount := doc.Tables[0].Total.Amount; !strings.HasPrefix(amount, "≥") && amount != "unpriced" {
			t.Errorf("a total with unpriced lines prints %q", amount)
		}
		for _, record := range doc.Records().Rows {
			if record[18] != "" && (record[14] != "" || record[15] != "") {
				t.Errorf("an unpriced record has a cost: %q", record)
			}
		}
	}
}
