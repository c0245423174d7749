package advisor_test

import (
	"bytes"
	"context"
	"math"
	"testing"
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// Sites made for one lever: two weeks of hours in us-east-1, whose rates are round.

func madeScope() account.Scope { return account.Scope{Account: "111122223333", Region: "us-east-1"} }

// madeDemand is what is measured of a service: constants, or by hour of the two weeks.
type madeDemand struct {
	name  string
	tasks float64
	// work is vCPU in use over all tasks, memory GB of one task.
	work, memory func(hour int) float64
}

func steady(v float64) func(int) float64 { return func(int) float64 { return v } }

const madeHours = 14 * 24

func madeSeries(f func(hour int) float64) demand.Series {
	s := demand.Series{Start: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), Step: time.Hour, Values: make([]float64, madeHours)}
	for i := range s.Values {
		s.Values[i] = f(i)
	}
	return s
}

func madeMetric(space, name, statistic string, f func(int) float64) account.Measurement {
	return account.Measurement{Metric: account.Metric{Namespace: space, Name: name, Statistic: statistic}, Series: madeSeries(f)}
}

// madeSite is a site of a workload with what was measured of its services and of
// what they share: flows are sums of each hour.
func madeSite(t testing.TB, w design.Workload, demands []madeDemand, flows map[account.Resource][]account.Measurement) advisor.Site {
	t.Helper()
	var buf bytes.Buffer
	out := account.NewWriter(&buf, account.WriterOptions{})
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(out.AddReplies(madeScope(), "ecs:DescribeClusters", []byte(`{"clusters":[]}`)))
	for _, d := range demands {
		var size design.Task
		for _, s := range w.Services {
			if s.Name == d.name {
				size = s.Task
			}
		}
		cpu, gb := size.Sizes()
		percent := func(of func(int) float64, whole float64) func(int) float64 {
			return func(i int) float64 { return 100 * of(i) / whole }
		}
		check(out.AddSeries(account.Resource{Scope: madeScope(), Kind: "service", Cluster: "c", Name: d.name}, []account.Measurement{
			madeMetric("AWS/ECS", "CPUUtilization", "Average", percent(d.work, d.tasks*cpu.Value)),
			madeMetric("AWS/ECS", "CPUUtilization", "Maximum", percent(d.work, d.tasks*cpu.Value)),
			madeMetric("AWS/ECS", "CPUUtilization", "SampleCount", steady(60*d.tasks)),
			madeMetric("AWS/ECS", "MemoryUtilization", "Average", percent(d.memory, gb.Value)),
			madeMetric("AWS/ECS", "MemoryUtilization", "Maximum", percent(d.memory, gb.Value)),
		}))
	}
	for r, m := range flows {
		r.Scope = madeScope()
		check(out.AddSeries(r, m))
	}
	from := madeSeries(steady(0)).Start
	check(out.Close(account.Manifest{Version: account.FormatVersion, From: from, To: from.AddDate(0, 0, 14), Period: time.Hour, Scopes: []account.Scope{madeScope()}}))
	snapshot, err := account.Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	check(err)
	w.Name, w.Region = "made", design.Know("us-east-1")
	return advisor.Site{Scope: madeScope(), Workload: w, Snapshot: snapshot}
}

func madeAdvice(t testing.TB, site advisor.Site, only ...advisor.Lever) advisor.Advice {
	t.Helper()
	advice, err := advisor.Advise(context.Background(), []advisor.Site{site}, pricing.Embedded(), advisor.AdviseOptions{
		Penalty: demand.Balanced(), Draws: 50, Seed: 1, Workers: 2, Only: only,
	})
	if err != nil {
		t.Fatal(err)
	}
	return advice
}

// fargateService is one of cluster c with an x86 task.
func fargateService(name string, vcpu, gb, count float64) design.Service {
	return design.Service{
		Name: name, Cluster: "c", Count: design.Count(count), Capacity: design.Only(design.Fargate),
		Task: design.Task{Family: name, CPU: design.Know(vcpu), Memory: design.Know(gb), OS: design.Know(design.Linux), Architecture: design.Know(design.X86), NetworkMode: "awsvpc"},
	}
}

// aboutCent is how far a snapshot's rounding of what was measured moves a saving.
const aboutCent = 0.01

// wantSaving finds the recommendation of a title and compares its saving.
func wantSaving(t *testing.T, advice advisor.Advice, title string, want float64) *advisor.Recommendation {
	t.Helper()
	for i := range advice.Recommendations {
		r := &advice.Recommendations[i]
		if r.Title != title {
			continue
		}
		if got := r.Saving.P50; math.Abs(got-want) > aboutCent || math.Abs(r.Before-r.After-want) > aboutCent {
			t.Errorf("%s: saves %.6f (%.6f → %.6f), want %.6f", title, got, r.Before, r.After, want)
		}
		if r.Risk == advisor.RiskUnknown || len(r.RiskReasons) == 0 || r.Effort == "" || r.Evidence.Bound == "" || len(r.Patches) == 0 || r.Change == nil {
			t.Errorf("%s: something is missing of %+v", title, *r)
		}
		if !r.Evidence.From.Before(r.Evidence.To) {
			t.Errorf("%s: no window", title)
		}
		return r
	}
	var titles []string
	for _, r := range advice.Recommendations {
		titles = append(titles, r.Title)
	}
	t.Fatalf("no recommendation %q among %q; abstentions %v", title, titles, advice.Abstentions)
	return nil
}

func wantNone(t *testing.T, advice advisor.Advice) {
	t.Helper()
	for _, r := range advice.Recommendations {
		t.Errorf("%s %s saves %v: want none", r.Lever, r.Title, r.Saving)
	}
}
