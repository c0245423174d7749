package advisor

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"ecsavvy/advisor/design"
)

// months makes reports of consecutive months of 2025, the services of each by
// number, and returns the last one with the kept ones before it.
func months(t *testing.T, n int, services func(month int) []design.Service, finish func(month int, in *ReportInput)) (Report, []Kept) {
	t.Helper()
	var history []Kept
	for m := range n {
		in := inPeriod(t, reportDay(2025, time.Month(1+m), 1), services(m)...)
		if finish != nil {
			finish(m, &in)
		}
		r := mustReport(t, in, history...)
		if m == n-1 {
			return r, history
		}
		history = append(history, reread(t, r.Kept()))
	}
	return Report{}, nil
}

func TestAnomalies(t *testing.T) {
	steady := fargateService("steady", "", 10, 1)
	tests := []struct {
		name  string
		month int
		last  design.Service
		want  string // kind and a part of the cause, "" for none
	}{
		{"as always", 8, steady, ""},
		{"a task more", 8, fargateService("steady", "", 10.3, 1), ""},
		{"three times the tasks", 8, fargateService("steady", "", 30, 1), "cost volume: 10 → 30 tasks"},
		{"three times the tasks after two months", 3, fargateService("steady", "", 30, 1), "tasks volume: 10 → 30 tasks"},
		{"a size that never ran", 8, fargateService("steady", "", 10, 16), "new class 16 vCPU tasks never ran before"},
		{"first report", 1, fargateService("steady", "", 30, 16), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := months(t, tt.month, func(m int) []design.Service {
				if m == tt.month-1 {
					return []design.Service{tt.last}
				}
				return []design.Service{steady}
			}, nil)
			var got []string
			for _, a := range r.Anomalies {
				got = append(got, string(a.Kind)+" "+a.Cause)
			}
			if text := strings.Join(got, "; "); (tt.want == "") != (text == "") || !strings.Contains(text, tt.want) {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}

// A level that lasts is no news: the alarm is for the report in which it came.
func TestAnomalyIsSaidOnce(t *testing.T) {
	for n, want := range map[int]int{8: 1, 9: 0} {
		r, _ := months(t, n, func(m int) []design.Service {
			return []design.Service{fargateService("api", "", []float64{10, 10, 10, 10, 10, 10, 10, 30, 30.4}[m], 1)}
		}, nil)
		if len(r.Anomalies) != want {
			t.Errorf("report %d: %+v, want %d anomalies", n, r.Anomalies, want)
		}
	}
}

// What was not used before has no price that could have changed.
func TestEffectsOfFirstUse(t *testing.T) {
	none, some := &KeptLine{Name: "l"}, &KeptLine{Name: "l", Quantity: 10, UnitPrice: 2, Cost: 20}
	if got := matchedEffects(none, some, 0, 0, false); got != (Effects{Volume: 20}) {
		t.Errorf("first use: %+v, want volume", got)
	}
	if got := matchedEffects(some, none, 0, 0, false); got != (Effects{Volume: -20}) {
		t.Errorf("last use: %+v, want volume", got)
	}
}

// Neither a price of AWS's nor a busier month is a saving or eats one up.
func TestMeasuredAtTodaysPricesAndDemand(t *testing.T) {
	resource := func(count string, demand, quantity, price float64) *KeptResource {
		return &KeptResource{
			Config: &Config{Count: count}, Demand: Measure(demand),
			Lines: []KeptLine{{Name: "l", Quantity: quantity, UnitPrice: price, Cost: quantity * price}},
		}
	}
	for _, tt := range []struct {
		name        string
		before, now *KeptResource
		saved       float64
	}{
		{"nothing changed", resource("2-20", 2, 100, 1), resource("2-20", 2, 100, 1), 0},
		{"cheaper by AWS", resource("2-20", 2, 100, 1), resource("2-20", 2, 100, 0.8), 0},
		{"busier", resource("2-20", 2, 100, 1), resource("2-20", 3, 150, 1), 0},
		{"busier, count fixed", resource("4", 2, 100, 1), resource("4", 3, 100, 1), 0},
		{"busier, dearer and smaller", resource("2-20", 2, 100, 1), resource("2-20", 3, 60, 1.1), 100*1.1*1.5 - 66},
		{"demand not measured", resource("2-20", math.NaN(), 100, 1), resource("2-20", 3, 60, 1), 40},
	} {
		var r RealisedSaving
		if r.measure(tt.before, tt.now); !alike(r.Saved, tt.saved) {
			t.Errorf("%s: saved %v, want %v", tt.name, r.Saved, tt.saved)
		}
	}
}

// Eight of ten months end within the margin, where the rate walks at random.
func TestForecastMarginHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const runs, hours, sigma = 600, 24, 0.03
	held := 0
	for range runs {
		level := 1.0
		walk := func(n int) (sum float64) { // an hour each
			for range n {
				level *= math.Exp(sigma / math.Sqrt(hours) * rng.NormFloat64())
				sum += level
			}
			return sum
		}
		var rates []teamRate
		spent := 0.0
		for week := range 30 { // the last three in November
			from := reportDay(2026, 11, 15).AddDate(0, 0, 7*(week-29))
			sum := walk(7 * hours)
			rates = append(rates, teamRate{from, from.AddDate(0, 0, 7), sum / (7 * hours)})
			if from.Month() == time.November && from.Year() == 2026 {
				spent += sum
			}
		}
		b := budgetState("", 1, rates)
		if !alike(b.Spent, spent) {
			t.Fatalf("spent %v, want %v", b.Spent, spent)
		}
		if truth := spent + walk(9*hours); math.Abs(truth-b.Forecast) <= b.Margin {
			held++
		}
	}
	if share := float64(held) / runs; share < 0.74 || share > 0.86 {
		t.Errorf("%v of the months lie within the margin, want 0.8", share)
	} else {
		t.Logf("%v of the months lie within the margin", share)
	}
}

// planOf is a plan of one step that changes a service's size.
func planOf(name string, saving Saving, change func(*design.Service)) *Plan {
	r := &Recommendation{
		Lever: LeverRightSize, Title: "smaller", Saving: saving,
		Subject: Subject{Account: reportScope().Account, Region: reportScope().Region, Cluster: "prod", Kind: "service", Name: name},
		Change:  func(w *design.Workload) error { change(&w.Services[0]); return nil },
	}
	return &Plan{Stages: []Stage{{Lever: LeverRightSize, Steps: []Step{{Recommendation: r, Incremental: saving.P50, Standalone: saving.P50, Saving: saving}}}}, Saving: saving}
}

// What a change saves is what the same work would cost now without it.
func TestRealisedSaving(t *testing.T) {
	half := func(s *design.Service) { s.Task.CPU, s.Task.Memory = design.Know(1.0), design.Know(2.0) }
	big, small := fargateService("api", "", 4, 2), fargateService("api", "", 4, 1)
	big.AssignPublicIP, small.AssignPublicIP = design.Know(false), design.Know(false)
	cost := mustReport(t, inPeriod(t, reportDay(2024, 1, 1), big)).Headline.Cost
	predicted := Saving{P10: cost * 0.4, P50: cost * 0.5, P90: cost * 0.6}
	tests := []struct {
		name     string
		months   int
		services func(m int) []design.Service
		applied  int
		measured int
		saved    float64
		open     int
	}{
		{"not applied", 4, func(int) []design.Service { return []design.Service{big} }, 0, 0, 0, 1},
		{"applied just now", 2, func(m int) []design.Service { return []design.Service{pick(m < 1, big, small)} }, 1, 0, 0, 0},
		{"applied a report ago", 3, func(m int) []design.Service { return []design.Service{pick(m < 1, big, small)} }, 1, 1, cost / 2, 0},
		{"another size than recommended", 3, func(m int) []design.Service {
			return []design.Service{pick(m < 1, big, fargateService("api", "", 4, 0.5))}
		}, 0, 0, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := months(t, tt.months, tt.services, func(_ int, in *ReportInput) {
				if in.Advice.Sites[0].Workload.Services[0].Task.CPU.Value == 2 {
					in.Plan = planOf("api", predicted, half)
				}
			})
			if len(r.Realised.Services) != tt.applied || r.Realised.Measured != tt.measured || !alike(r.Realised.Saved, tt.saved) {
				t.Errorf("realised %+v, want %d applied, %d measured, %v saved", r.Realised, tt.applied, tt.measured, tt.saved)
			}
			if tt.measured > 0 && r.Realised.Within != 1 {
				t.Errorf("calibration %+v, want it within", r.Realised)
			}
			if len(r.Open) != tt.open {
				t.Errorf("open steps %+v, want %d", r.Open, tt.open)
			}
		})
	}
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

// A step that stands is counted from the first report in a row that had it.
func TestOpenSteps(t *testing.T) {
	has := []bool{true, false, true, true, true}
	r, _ := months(t, len(has), func(int) []design.Service { return []design.Service{fargateService("api", "", 4, 2)} }, func(m int, in *ReportInput) {
		if has[m] {
			in.Plan = planOf("api", Saving{1, 2, 3}, func(s *design.Service) { s.Task.CPU = design.Know(0.5) })
		}
	})
	if len(r.Open) != 1 || r.Open[0].Reports != 3 || !r.Open[0].Since.Equal(reportDay(2025, 4, 1)) {
		t.Errorf("open %+v, want one of three reports since April", r.Open)
	}
}

// The budget adds up the days of the month so far and carries the last rate on.
func TestBudgets(t *testing.T) {
	week := func(from time.Time, tasks float64, history ...Kept) Report {
		in := inPeriod(t, from, fargateService("api", "pay", tasks, 1))
		in.To = from.AddDate(0, 0, 7)
		in.Budgets = map[string]float64{"pay": 1000, "idle": 10}
		return mustReport(t, in, history...)
	}
	var history []Kept
	var r Report
	for i := range 3 { // 2026-11-01 to 21
		r = week(reportDay(2026, 11, 1+7*i), 10, history...)
		history = append(history, r.Kept())
	}
	daily := r.Headline.Cost / r.HoursPerMonth * 24
	if len(r.Budgets) != 2 || r.Budgets[0].Team != "idle" || r.Budgets[0].Spent != 0 {
		t.Fatalf("budgets %+v, want idle and pay", r.Budgets)
	}
	b := r.Budgets[1]
	if b.Day != 21 || !alike(b.Spent, 21*daily) || !alike(b.Forecast, 30*daily) || b.Covered != 1 || !math.IsNaN(b.Margin) {
		t.Errorf("%+v, want %v spent by the 21st, %v for November, no margin yet", b, 21*daily, 30*daily)
	}
	// From the 22nd twice as many tasks; the first report that knows is the last.
	r = week(reportDay(2026, 11, 22), 20, history...)
	b = r.Budgets[1]
	if want := 21*daily + 7*2*daily; !alike(b.Spent, want) || !alike(b.Forecast, want+2*2*daily) || !(b.Margin >= 0) {
		t.Errorf("%+v, want %v spent, %v for November and a margin", b, want, want+4*daily)
	}
	// The whole month, and of a report that ends on the first.
	in := inPeriod(t, reportDay(2026, 11, 1), fargateService("api", "pay", 10, 1))
	in.Budgets = map[string]float64{"pay": 30 * daily}
	b = mustReport(t, in).Budgets[0]
	if b.Day != 30 || !alike(b.Spent, b.Forecast) || !alike(b.Share(), 1) {
		t.Errorf("%+v, want November spent whole", b)
	}
}

func TestBudgetVerdict(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		b    BudgetState
		want string
	}{
		{BudgetState{Budget: 100, Spent: 50, Forecast: 90, Margin: 5}, "within"},
		{BudgetState{Budget: 100, Spent: 50, Forecast: 90, Margin: 15}, "may be exceeded"},
		{BudgetState{Budget: 100, Spent: 50, Forecast: 120, Margin: 15}, "will be exceeded"},
		{BudgetState{Budget: 100, Spent: 50, Forecast: 120, Margin: nan}, "will be exceeded"},
		{BudgetState{Budget: 100, Margin: nan}, "no cost has this tag"},
		{BudgetState{Budget: 100, Spent: 101, Forecast: 120, Margin: nan}, "spent"},
	} {
		if got := tt.b.Verdict(); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.b, got, tt.want)
		}
	}
}
