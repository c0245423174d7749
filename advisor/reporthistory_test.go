package advisor

import (
	"math"
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
