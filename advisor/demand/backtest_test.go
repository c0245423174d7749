package demand

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"
)

// backtestMemory is the stated memory of a task: algorithms.md 7's, its
// hottest task 10 % above.
func backtestMemory() MemoryModel { return MemoryModel{Base: 0.4, PerVCPU: 0.8, Hot: 1.1} }

// seen is what would be measured of work under a design.
func seen(t *testing.T, work Series, d design, memory []float64) Measured {
	t.Helper()
	mem := backtestMemory()
	out, err := Replay(Measured{Work: work}, mem, d.size, d.policy)
	if err != nil {
		t.Fatal(err)
	}
	like := func() Series {
		return Series{Start: work.Start, Step: work.Step, Values: make([]float64, len(work.Values))}
	}
	m := Measured{Work: work, Tasks: out.Tasks, Memory: like(), HotMemory: like(), HotCPU: like(), Source: "backtest"}
	for i, tasks := range out.Tasks.Values {
		each := min(work.Values[i]/tasks, d.size.VCPU)
		m.Memory.Values[i] = tasks * mem.At(each) * memory[i]
		m.HotMemory.Values[i] = min(1, mem.HotAt(each)*memory[i]/d.size.GB)
		m.HotCPU.Values[i] = min(1, 1.05*each/d.size.VCPU)
	}
	return m
}

// score is what a design did.
type score struct {
	usd, throttled, ooms float64 // a month of 730 h
}

// scored replays the future with a design. Out of memory is counted once a
// day: what is killed again and again is one incident.
func scored(t *testing.T, work Series, d design, memory []float64) score {
	t.Helper()
	mem := backtestMemory()
	out, err := Replay(Measured{Work: work}, mem, d.size, d.policy)
	if err != nil {
		t.Fatal(err)
	}
	perDay, lastDay, days := int(24*time.Hour/work.Step), -1, 0.0
	for i, tasks := range out.Tasks.Values {
		each := min(work.Values[i]/tasks, d.size.VCPU)
		if day := i / perDay; mem.HotAt(each)*memory[i] > d.size.GB && day != lastDay {
			days++
			lastDay = day
		}
	}
	scale := 730 / out.Hours
	return score{out.Mean * 730 * usdPerHour(d.size), out.ThrottledMinutes * scale, days * scale}
}

// present is the design that a service has before anybody looks at it.
func present(work Series, tracked bool) design {
	if tracked {
		return design{Size{1, 4}, Tracking(2, 400, Target{Metric: MetricCPU, Value: 0.4})}
	}
	peak := 0.0
	for _, w := range work.Values {
		if w > peak {
			peak = w
		}
	}
	return design{Size{1, 4}, Fixed(max(2, math.Ceil(1.5*peak)))}
}

// backtest learns on the first part of each trace and scores every rule on
// the rest, for a fixed count and for target tracking.
func backtest(t *testing.T, traces []trace) string {
	t.Helper()
	var text strings.Builder
	for _, tracked := range []bool{false, true} {
		name := "a fixed count of 1.5 × the peak learnt"
		if tracked {
			name = "target tracking at 40 % CPU"
		}
		fmt.Fprintf(&text, "\nNow: 1 vCPU + 4 GB, %s.\n\n| rule | USD/month | saving | throttled min/month | worst service | OOM days/month |\n|---|---:|---:|---:|---:|---:|\n", name)
		totals, worst := make([]score, len(rules())), make([]float64, len(rules()))
		for i, tr := range traces {
			learn := len(tr.work.Values) / 2
			work := service(tr.work, learn)
			memory := disturbance(uint64(i), len(work.Values))
			past, future := work.cut(0, learn), work.cut(learn, len(work.Values))
			now := present(past, tracked)
			m := seen(t, past, now, memory[:learn])
			for j, r := range rules() {
				got := scored(t, future, r.choose(t, m, now), memory[learn:])
				totals[j].usd += got.usd
				totals[j].throttled += got.throttled
				totals[j].ooms += got.ooms
				worst[j] = max(worst[j], got.throttled)
			}
		}
		n := float64(len(traces))
		for j, r := range rules() {
			fmt.Fprintf(&text, "| %s | %.2f | %.1f %% | %.1f | %.0f | %.2f |\n", r.name, totals[j].usd/n,
				100*(1-totals[j].usd/totals[0].usd), totals[j].throttled/n, worst[j], totals[j].ooms/n)
		}
	}
	return text.String()
}

const backtestPage = "docs/backtest.md"

// golden compares a part of the page of the backtest, between two comments,
// or writes it anew with UPDATE_GOLDEN=1.
func golden(t *testing.T, part, got string) {
	t.Helper()
	page, err := os.ReadFile(backtestPage)
	if err != nil {
		t.Fatal(err)
	}
	from, to := fmt.Sprintf("<!-- %s -->\n", part), fmt.Sprintf("<!-- end of %s -->\n", part)
	before, rest, ok := bytes.Cut(page, []byte(from))
	want, after, ok2 := bytes.Cut(rest, []byte(to))
	if !ok || !ok2 {
		t.Fatalf("%s has no part %q", backtestPage, part)
	}
	if string(want) == got {
		return
	}
	if os.Getenv("UPDATE_GOLDEN") == "" {
		t.Fatalf("%s, %s: UPDATE_GOLDEN=1 writes it anew\ngot\n%s\nwant\n%s", backtestPage, part, got, want)
	}
	page = []byte(string(before) + from + got + to + string(after))
	if err := os.WriteFile(backtestPage, page, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestBacktestTraces(t *testing.T) {
	text := backtest(t, realTraces(t))
	t.Log(text)
	golden(t, "traces", text)
}

func TestBacktestGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	var traces []trace
	for seed := range uint64(20) {
		traces = append(traces, generatedTrace(seed, 28))
	}
	text := backtest(t, traces)
	t.Log(text)
	golden(t, "generated", text)
}
