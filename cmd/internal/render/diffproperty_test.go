package render

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// randomProjects are projects whose amounts need rounding: thirds of cents,
// large and small, some unpriced, some on one side only.
func randomProjects(dice *rand.Rand) []advisor.Project {
	scale := []float64{0.01, 1, 30, 3000}[dice.IntN(4)]
	line := func(i int) estimate.Line {
		if dice.IntN(15) == 0 {
			return unknownLogs()
		}
		return priced(fmt.Sprint("line ", i), estimate.Compute, vcpuRate(), 1+dice.Float64()*scale*40, "")
	}
	var projects []advisor.Project
	for p := range 1 + dice.IntN(3) {
		var before, after []estimate.Resource
		for i := range dice.IntN(12) {
			var was, is []estimate.Line
			for j := range 1 + dice.IntN(4) {
				was = append(was, line(j))
				is = append(is, was[j])
				if dice.IntN(3) == 0 {
					is[j] = line(j)
				}
			}
			name, side := fmt.Sprint("r", i), dice.IntN(6)
			if side != 0 {
				before = append(before, ecsService(name, "", was...))
			}
			if side != 1 {
				after = append(after, ecsService(name, "", is...))
			}
		}
		projects = append(projects, advisor.Project{Name: fmt.Sprint("p", p), Before: shop(before...), After: shop(after...)})
	}
	return projects
}

// TestDiffAmountsAddUp holds what is printed to: lines make up resources, these
// projects, these the total, in every column; what does not change prints no
// change; no change prints with another sign.
func TestDiffAmountsAddUp(t *testing.T) {
	for seed := range uint64(500) {
		d := advisor.DiffProjects(randomProjects(rand.New(rand.NewPCG(seed, 1))))
		v := viewOf(d, DiffInfo{})
		var total step
		for i := range v.projects {
			p := &v.projects[i]
			total = total.add(p.step)
			var resources step
			for j := range p.resources {
				r := &p.resources[j]
				resources = resources.add(r.step)
				checkSign(t, seed, r.diff.Cost, r.step)
				var lines step
				for k, s := range r.lines {
					lines = lines.add(s)
					checkSign(t, seed, r.diff.Lines[k].Cost, s)
				}
				if r.lines != nil && lines != r.step {
					t.Fatalf("seed %d: lines make %v of a resource of %v", seed, lines, r.step)
				}
			}
			if resources != p.step {
				t.Fatalf("seed %d: resources make %v of a project of %v", seed, resources, p.step)
			}
		}
		if total != v.total {
			t.Fatalf("seed %d: projects make %v of %v", seed, total, v.total)
		}
		if want := (step{v.unit.round(d.Total.Before.Effective), v.unit.round(d.Total.After.Effective)}); total != want {
			t.Fatalf("seed %d: the total is %v, want %v", seed, total, want)
		}
	}
}

func checkSign(t *testing.T, seed uint64, d advisor.Delta, s step) {
	t.Helper()
	exact := d.Amount().Effective
	if exact > 0 && s.change() < 0 || exact < 0 && s.change() > 0 || exact == 0 && s.change() != 0 {
		t.Fatalf("seed %d: %v prints as a change of %d", seed, exact, s.change())
	}
}

// printedAmounts reads the table of a comment as its reader does.
func printedAmounts(t *testing.T, row string) (before, change, after int64) {
	t.Helper()
	cells := strings.Split(strings.ReplaceAll(strings.ReplaceAll(row, `\`, ""), "*", ""), " | ")
	digits := regexp.MustCompile(`-?\$[0-9,]+(\.[0-9]{2})?`)
	read := func(cell string) int64 {
		text := digits.FindString(strings.NewReplacer("&lt;$0.01", "$0.00", "&lt;$1", "$0").Replace(cell))
		n, err := strconv.ParseInt(strings.NewReplacer("$", "", ",", "", ".", "").Replace(text), 10, 64)
		if err != nil {
			t.Fatalf("%q in %q: %v", cell, row, err)
		}
		return n
	}
	return read(cells[1]), read(cells[2]), read(cells[3])
}

// TestDiffTableAddsUpAsPrinted adds up the columns of a comment.
func TestDiffTableAddsUpAsPrinted(t *testing.T) {
	for seed := range uint64(200) {
		projects := randomProjects(rand.New(rand.NewPCG(seed, 2)))
		for i := range projects { // a side without any price prints as a word
			for _, r := range []*estimate.Result{projects[i].Before, projects[i].After} {
				r.Resources = append(r.Resources, ofTasks("known", 1))
				for j := range r.Resources {
					r.Resources[j].Cost, r.Resources[j].Range, r.Resources[j].Unpriced = estimate.Cost{}, estimate.Range{}, 0
					r.Resources[j].Lines = append(r.Resources[j].Lines, ofTasks("", 1).Lines...)
				}
				*r = *shop(r.Resources...)
			}
		}
		head := DiffComment(advisor.DiffProjects(projects), DiffInfo{}).Head
		if strings.Contains(head, "incomplete |") || strings.Contains(head, "incomplete** |") {
			continue // unpriced on both sides: no figure to add up
		}
		var sums [3]int64
		for _, row := range strings.Split(head, "\n") {
			if !strings.HasPrefix(row, "| ") || strings.Contains(row, "Baseline") {
				continue
			}
			before, change, after := printedAmounts(t, row)
			if strings.Contains(row, "**Total**") {
				if sums != [3]int64{before, change, after} {
					t.Fatalf("seed %d: rows add up to %v\n%s", seed, sums, head)
				}
			}
			if before+change != after {
				t.Fatalf("seed %d: %d + %d is not %d: %s", seed, before, change, after, row)
			}
			sums[0], sums[1], sums[2] = sums[0]+before, sums[1]+change, sums[2]+after
		}
	}
}

// TestDiffSchema holds the JSON to what readers of Infracost's format rely on.
func TestDiffSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/infracost-0.2.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, projects := range diffCases() {
		text := printedDiff(t, projects, FormatJSON, diffInfo(), Options{})
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		noFloats(t, name, value)
	}
}

// TestDiffJSONArithmetic does the sums that jq users and policies do.
func TestDiffJSONArithmetic(t *testing.T) {
	type amounts struct{ TotalMonthlyCost *string }
	for name, projects := range diffCases() {
		var doc struct {
			PastTotalMonthlyCost, TotalMonthlyCost string
			DiffTotalMonthlyCost                   *string
			Projects                               []struct {
				PastBreakdown, Breakdown amounts
				Diff                     struct {
					amounts
					Resources []struct{ MonthlyCost *string }
				}
			}
		}
		if err := json.Unmarshal([]byte(printedDiff(t, projects, FormatJSON, diffInfo(), Options{})), &doc); err != nil {
			t.Fatal(err)
		}
		past, now := number(t, &doc.PastTotalMonthlyCost), number(t, &doc.TotalMonthlyCost)
		if doc.DiffTotalMonthlyCost != nil && !closeTo(now-past, number(t, doc.DiffTotalMonthlyCost)) {
			t.Errorf("%s: %v − %v is not %s", name, now, past, *doc.DiffTotalMonthlyCost)
		}
		for _, p := range doc.Projects {
			past, now = past-number(t, p.PastBreakdown.TotalMonthlyCost), now-number(t, p.Breakdown.TotalMonthlyCost)
			sum, known := 0.0, true
			for _, r := range p.Diff.Resources {
				if r.MonthlyCost == nil {
					known = false
					continue
				}
				sum += number(t, r.MonthlyCost)
			}
			if known && p.Diff.TotalMonthlyCost != nil && !closeTo(sum, number(t, p.Diff.TotalMonthlyCost)) {
				t.Errorf("%s: resources change by %v, the project by %s", name, sum, *p.Diff.TotalMonthlyCost)
			}
		}
		if !closeTo(past, 0) || !closeTo(now, 0) {
			t.Errorf("%s: projects leave %v and %v of the totals", name, past, now)
		}
	}
}

func number(t *testing.T, text *string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(*text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func closeTo(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }

// TestDiffJSONNeverCallsTheUnknownCheaper looks at what a policy would read.
func TestDiffJSONNeverCallsTheUnknownCheaper(t *testing.T) {
	for _, name := range []string{"lost-price", "unpriced", "several"} {
		text := printedDiff(t, diffCases()[name], FormatJSON, diffInfo(), Options{})
		if !strings.Contains(text, `"diffTotalMonthlyCost": null`) || !strings.Contains(text, `"incomplete": true`) {
			t.Errorf("%s gives a figure for a change that is not known", name)
		}
	}
}
