package render

import (
	"bytes"
	"errors"
	"image/png"
	"math"
	"regexp"
	"strconv"
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

// Over two parameters the chart is the break-even value over the second one,
// with the name of what costs less on each side of it.
func TestSweepChartOfTwoParameters(t *testing.T) {
	r := twoDesigns()
	r.Y = &advisor.Parameter{Path: "services.api.hours_per_week", Label: "on", Unit: "hours a week", From: 40, To: 168}
	one := r.Rows[0]
	r.Rows = nil
	for i, x := range []float64{8, 5, 3} {
		row := one
		row.Y = []float64{40, 100, 168}[i]
		row.BreakEvens = []advisor.BreakEven{
			{X: x, Until: x, Below: 0, Above: 1, First: 0, Second: 1, Cheapest: true},
			{X: x + 1, Until: x + 1, Below: 1, Above: 0, First: 0, Second: 1}, // below which another costs less: not drawn
		}
		r.Rows = append(r.Rows, row)
	}
	picture, err := SweepChart(r, "svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{">line below<", ">on, hours a week<", ">Break-even load, tasks<", ">40<", ">160<"} {
		if !bytes.Contains(picture, []byte(want)) {
			t.Errorf("no %s in the SVG", want)
		}
	}
	if bytes.Contains(picture, []byte(">line above<")) {
		t.Error("a break-even point that decides nothing is drawn")
	}
	if bytes.Contains(picture, []byte("\x1b")) {
		t.Error("a name reaches the picture unclean")
	}
	// The curve itself: three points, falling to the right (an SVG's y grows
	// downwards, its group is turned over: falling is falling).
	xs, ys := curvePoints(t, picture)
	if len(xs) != 3 {
		t.Fatalf("points %v %v, want three", xs, ys)
	}
	if !(xs[0] < xs[1] && xs[1] < xs[2] && ys[0] > ys[1] && ys[1] > ys[2]) {
		t.Errorf("points %v %v, want three that fall", xs, ys)
	}
	if math.Abs((xs[1]-xs[0])/(xs[2]-xs[0])-60.0/128) > 0.01 || math.Abs((ys[0]-ys[1])/(ys[0]-ys[2])-3.0/5) > 0.01 {
		t.Errorf("points %v %v are not in proportion to 40, 100, 168 and 8, 5, 3", xs, ys)
	}
	r.Rows = r.Rows[:1]
	if _, err := SweepChart(r, "svg"); err == nil || err.Error() != "no break-even point of services.api.count at two values of services.api.hours_per_week" {
		t.Errorf("one point alone: got %v", err)
	}
}

// curvePoints are the points of the widest line of a picture: the curve's.
func curvePoints(t *testing.T, picture []byte) (xs, ys []float64) {
	t.Helper()
	for _, path := range regexp.MustCompile(`<path d="M([^"]*)"[^>]*stroke-width:1\.8`).FindAllSubmatch(picture, -1) {
		for point := range strings.SplitSeq(string(path[1]), "L") {
			x, y, _ := strings.Cut(strings.TrimSpace(point), ",")
			fx, errX := strconv.ParseFloat(x, 64)
			fy, errY := strconv.ParseFloat(strings.TrimSpace(y), 64)
			if errX != nil || errY != nil {
				t.Fatalf("no point: %q", point)
			}
			xs, ys = append(xs, fx), append(ys, fy)
		}
	}
	return xs, ys
}

// The axis of the chart of characters has round labels and loses nothing.
func TestRoundSpan(t *testing.T) {
	for _, c := range []struct{ low, high, from, to float64 }{
		{0, 346, 0, 360}, {0, 128.66, 0, 150}, {0, 1277, 0, 1500}, {75, 90, 75, 90}, {412, 498, 400, 520},
		{5, 5, 4.8, 6}, {0, 0.02, 0, 0.024}, {99.9, 100.1, 99.9, 100.2}, {0, 3, 0, 3},
	} {
		from, to := roundSpan(c.low, c.high, 3)
		if math.Abs(from-c.from) > 1e-9 || math.Abs(to-c.to) > 1e-9 {
			t.Errorf("%v to %v: got %v to %v, want %v to %v", c.low, c.high, from, to, c.from, c.to)
		}
	}
}

// A unit that counts things agrees with its value.
func TestWithUnit(t *testing.T) {
	for want, got := range map[string]string{
		"1 task": withUnit(1, "tasks"), "2 tasks": withUnit(2, "tasks"), "0.5 tasks": withUnit(0.5, "tasks"),
		"1 GB a month": withUnit(1, "GB a month"), "1": withUnit(1, ""),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Where instances come in steps the best choice changes at every step: what
// holds on both sides of all of them is said first, and the chart names the ends.
func TestManyBreakEvens(t *testing.T) {
	r := twoDesigns()
	row := &r.Rows[0]
	row.BreakEvens = nil
	for i := range maxMarked + 1 {
		below, above := i%2, 1-i%2
		row.BreakEvens = append(row.BreakEvens, advisor.BreakEven{
			X: float64(i + 1), Kind: advisor.Between, Below: below, Above: above, First: 0, Second: 1, FirstUSD: 30, SecondUSD: 30, Cheapest: true,
		})
	}
	r.Designs = []string{"line", "step"}
	const want = "The best choice changes 7 times: below 1 task it is always line, from 7 tasks on always step."
	if got := manyChanges(r, row); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	picture, err := SweepChart(r, "svg")
	if err != nil {
		t.Fatal(err)
	}
	for i := range maxMarked + 1 {
		named := bytes.Contains(picture, []byte(">"+withUnit(float64(i+1), "tasks")+"<"))
		if ends := i == 0 || i == maxMarked; named != ends {
			t.Errorf("break-even point %d is named: %v, want %v", i+1, named, ends)
		}
	}
	row.BreakEvens = row.BreakEvens[:maxMarked]
	if got := manyChanges(r, row); got != "" {
		t.Errorf("few points are summed up: %q", got)
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
