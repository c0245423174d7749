package advisor

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// TestFixes: two tasks that are at their CPU limit every noon need more than they
// have. That is no saving, and not a step of the plan.
func TestFixes(t *testing.T) {
	scope := account.Scope{Account: "111122223333", Region: "eu-west-1"}
	from := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	rnd := rand.New(rand.NewPCG(1, 1))
	s := generatedService(rnd, 0)
	s.Count, s.Task.CPU, s.Task.Memory = design.Count(2), design.Know(0.5), design.Know(1.0)
	var buf bytes.Buffer
	out := account.NewWriter(&buf, account.WriterOptions{})
	series := func(f func(i int) float64) demand.Series {
		v := demand.Series{Start: from, Step: 5 * time.Minute, Values: make([]float64, 14*288)}
		for i := range v.Values {
			v.Values[i] = f(i)
		}
		return v
	}
	metric := func(name, stat string, f func(i int) float64) account.Measurement {
		return account.Measurement{Metric: account.Metric{Namespace: "AWS/ECS", Name: name, Statistic: stat}, Series: series(f)}
	}
	cpu := func(i int) float64 { return math.Min(94, 60+40*math.Sin(float64(i%288)/288*math.Pi)) }
	if err := out.AddSeries(account.Resource{Scope: scope, Kind: "service", Cluster: s.Cluster, Name: s.Name}, []account.Measurement{
		metric("CPUUtilization", "Average", cpu),
		metric("CPUUtilization", "Maximum", func(i int) float64 { return math.Min(100, 1.3*cpu(i)) }),
		metric("CPUUtilization", "SampleCount", func(int) float64 { return 10 }),
		metric("MemoryUtilization", "Average", func(int) float64 { return 90 }),
		metric("MemoryUtilization", "Maximum", func(int) float64 { return 96 + 3*rnd.Float64() }),
	}); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(account.Manifest{Version: account.FormatVersion, From: from, To: from.AddDate(0, 0, 14), Period: 5 * time.Minute, Scopes: []account.Scope{scope}}); err != nil {
		t.Fatal(err)
	}
	snapshot, err := account.Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	w := design.Workload{Region: design.Know(scope.Region), Services: []design.Service{s}}
	site := Site{Scope: scope, Workload: w, Snapshot: snapshot, Running: map[string]design.Running{s.Cluster + "/" + s.Name: {}}}
	a, err := Advise(context.Background(), []Site{site}, pricing.Embedded(), AdviseOptions{Penalty: demand.Balanced(), Draws: 20, Seed: 1, Loads: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Fixes) != 1 {
		t.Fatalf("%d fixes of a service that is throttled daily: %v", len(a.Fixes), a.Abstentions)
	}
	fix := a.Fixes[0]
	if fix.After <= fix.Before || fix.Saving.P50 >= 0 {
		t.Errorf("a fix from %v to %v saves %v", fix.Before, fix.After, fix.Saving)
	}
	if !strings.HasPrefix(fix.Reasons[0], "as it is, ") {
		t.Errorf("it does not say what is wrong: %q", fix.Reasons)
	}
	for _, r := range a.Recommendations {
		if r.Lever == LeverRightSize {
			t.Errorf("it is recommended as a saving, too: %s", r.Title)
		}
	}
	if len(a.Loads) != 1 || len(a.Loads[0].Then) != len(a.Loads[0].Work) || a.Loads[0].MemoryThen <= a.Loads[0].MemoryNow {
		t.Errorf("its load has no capacity after the fix: %d loads", len(a.Loads))
	}
}
