package render

import (
	"bytes"
	"errors"
	"image/png"
	"strings"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/fixtures"
)

// twoDesigns is a sweep of a line and a step that cross, by hand.
func twoDesigns() *advisor.SweepResult {
	r := &advisor.SweepResult{
		X:       advisor.Parameter{Path: "services.api.count", Label: "load", Unit: "tasks", From: 0, To: 10},
		Designs: []string{"line", "step\x1b[31m"},
	}
	var row advisor.SweepRow
	for x := range 11 {
		step := 30.0
		if x > 5 {
			step = 60
		}
		p := advisor.SweepPoint{X: float64(x), Costs: []advisor.PointCost{{USD: 10 * float64(x)}, {USD: step}}}
		if x == 10 {
			p.Costs[1] = advisor.PointCost{Err: errors.New("too large")}
		}
		row.Samples = append(row.Samples, p)
		if x%5 == 0 {
			row.Points = append(row.Points, p)
		}
	}
	row.BreakEvens = []advisor.BreakEven{{X: 3, Until: 3, Below: 0, Above: 1, First: 0, Second: 1, FirstUSD: 30, SecondUSD: 30, Cheapest: true}}
	row.Jumps = []advisor.Jump{{Design: 1, X: 5.5, Before: 30, After: 60}}
	row.Problems = []advisor.SweepProblem{{Design: 1, From: 10, To: 10, Text: "too large"}}
	r.Rows = []advisor.SweepRow{row}
	return r
}

func TestSweepFormats(t *testing.T) {
	for _, format := range Formats() {
		var out bytes.Buffer
		if err := WriteSweep(&out, twoDesigns(), format, SweepInfo{Snapshot: "2026-09-29"}, Options{}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "\x1b") {
			t.Errorf("%s: a name reaches the terminal unclean", format)
		}
		fixtures.Golden(t, out.Bytes(), "testdata/sweep/two."+string(format)+".golden")
	}
}

// Charts decode, carry their names, and are the same bytes each time.
func TestSweepChart(t *testing.T) {
	for _, format := range []string{"svg", "png"} {
		first, err := SweepChart(twoDesigns(), format)
		if err != nil {
			t.Fatal(err)
		}
		again, err := SweepChart(twoDesigns(), format)
		if err != nil || !bytes.Equal(first, again) {
			t.Errorf("%s: other bytes for the same sweep (%v)", format, err)
		}
		if format == "png" {
			if _, err := png.Decode(bytes.NewReader(first)); err != nil {
				t.Error(err)
			}
			continue
		}
		for _, want := range []string{">line<", ">3 tasks<", ">load, tasks<", ">Cost, USD a month<"} {
			if !bytes.Contains(first, []byte(want)) {
				t.Errorf("no %s in the SVG", want)
			}
		}
	}
	if _, err := SweepChart(twoDesigns(), "gif"); err == nil || err.Error() != `unknown picture format "gif": want svg or png` {
		t.Errorf("got %v", err)
	}
}

func TestNoBreakEven(t *testing.T) {
	sweep := func(costs ...[]advisor.PointCost) *advisor.SweepResult {
		r := &advisor.SweepResult{X: advisor.Parameter{From: 0, To: 1, Unit: "tasks"}, Designs: []string{"a", "b"}, Rows: make([]advisor.SweepRow, 1)}
		for i, c := range costs {
			r.Rows[0].Samples = append(r.Rows[0].Samples, advisor.SweepPoint{X: float64(i), Costs: c})
		}
		return r
	}
	usd := func(a, b float64) []advisor.PointCost { return []advisor.PointCost{{USD: a}, {USD: b}} }
	tests := []struct {
		name string
		in   *advisor.SweepResult
		want string
	}{
		{"one is cheaper", sweep(usd(2, 1), usd(3, 2)), "none from 0 to 1 tasks: b costs least in all of it"},
		{"a lower bound", sweep(usd(2, 1), []advisor.PointCost{{USD: 1}, {USD: 0, Unpriced: 1}}), "none from 0 to 1 tasks where the costs are known"},
	}
	for _, tt := range tests {
		if got := noBreakEven(tt.in); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
