package demand

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// changes are pairs of designs whose saving is predicted and then scored. The
// last is a saving that no load changes: its interval has no width and always
// holds, so it is counted apart.
func changes(past Series) []struct {
	name          string
	before, after design
} {
	fixed, tracked := present(past, false), present(past, true)
	follow := func(size Size, target float64) design {
		return design{size, Tracking(2, 400, Target{Metric: MetricCPU, Value: target})}
	}
	smaller := fixed
	smaller.size = Size{1, 3}
	return []struct {
		name          string
		before, after design
	}{
		{"fixed → tracking 60 %", fixed, follow(Size{0.5, 1}, 0.6)},
		{"tracking 40 → 70 %", tracked, follow(Size{1, 4}, 0.7)},
		{"tracking 40 %, a quarter of the size", tracked, follow(Size{0.25, 1}, 0.4)},
		{"fixed, less memory", fixed, smaller},
	}
}

// usdPerDay is the bill of a design by day.
func usdPerDay(t *testing.T, work Series, d design) []float64 {
	t.Helper()
	out, err := Replay(Measured{Work: work}, backtestMemory(), d.size, d.policy)
	if err != nil {
		t.Fatal(err)
	}
	days := make([]float64, len(out.Days))
	for i, tasks := range out.Days {
		days[i] = 24 * tasks * usdPerHour(d.size)
	}
	return days
}

// held predicts the saving of a change from the past and says whether the
// future's lies between P10 and P90.
func held(t *testing.T, past, future Series, before, after design, seed uint64) (below, inside bool) {
	t.Helper()
	minus := func(work Series) []float64 {
		days, less := usdPerDay(t, work, before), usdPerDay(t, work, after)
		for i := range days {
			days[i] -= less[i]
		}
		return days
	}
	load, err := DailyMean(past)
	if err != nil {
		t.Fatal(err)
	}
	saving := minus(past)
	horizon := int(future.End().Sub(future.Start) / (24 * time.Hour))
	p, err := PredictSaving(load, saving, past.Start, horizon, 400, seed)
	if err != nil {
		t.Fatal(err)
	}
	sum, days := 0.0, 0.0
	for _, usd := range minus(future) {
		if usd == usd {
			sum, days = sum+usd, days+1
		}
	}
	got := sum / days
	return got < p.P10-1e-9, got >= p.P10-1e-9 && got <= p.P90+1e-9
}

// calibration is how often 80 % intervals held, by change.
func calibration(t *testing.T, traces []trace, learn func(steps int) int) (text string, share float64) {
	t.Helper()
	var names []string
	inside, below := make(map[string]int), make(map[string]int)
	for i, tr := range traces {
		cut := learn(len(tr.work.Values))
		work := service(tr.work, cut)
		past, future := work.cut(0, cut), work.cut(cut, len(work.Values))
		for _, c := range changes(past) {
			if i == 0 {
				names = append(names, c.name)
			}
			low, in := held(t, past, future, c.before, c.after, uint64(i))
			if low {
				below[c.name]++
			}
			if in {
				inside[c.name]++
			}
		}
	}
	var out strings.Builder
	sum, n := 0, len(traces)
	for i, name := range names {
		fmt.Fprintf(&out, "| %s | %d | %.1f %% | %.1f %% | %.1f %% |\n", name, n, 100*float64(inside[name])/float64(n),
			100*float64(below[name])/float64(n), 100*float64(n-inside[name]-below[name])/float64(n))
		if i < len(names)-1 {
			sum += inside[name]
		}
	}
	return out.String(), float64(sum) / float64(n*(len(names)-1))
}

func TestBacktestCalibration(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	half := func(steps int) int { return steps / 2 }
	head := "\n| change | services | inside P10–P90 | below P10 | above P90 |\n|---|---:|---:|---:|---:|\n"
	var text strings.Builder
	for _, set := range []struct {
		name        string
		from, count uint64
	}{{"tuned on", 100_000, 300}, {"held out", 200_000, 300}} {
		var traces []trace
		for seed := range set.count {
			traces = append(traces, generatedTrace(set.from+seed, 28))
		}
		rows, share := calibration(t, traces, half)
		fmt.Fprintf(&text, "\n%s, seeds from %d: %.1f %% inside (the last row apart).\n%s%s", set.name, set.from, 100*share, head, rows)
		if share < 0.75 || share > 0.85 {
			t.Errorf("%s: %.1f %% of 80 %% intervals hold, want 75 to 85 %%", set.name, 100*share)
		}
	}
	t.Log(text.String())
	golden(t, "calibration", text.String())
}

// The advice itself is chosen on the past that its saving is predicted from:
// a search takes what looked best there. Its intervals hold no less.
func TestBacktestCalibrationOfAdvice(t *testing.T) {
	inside, below, count := 0, 0, 60
	for seed := range uint64(count) {
		tr := generatedTrace(300_000+seed, 28)
		cut := len(tr.work.Values) / 2
		work := service(tr.work, cut)
		past, future := work.cut(0, cut), work.cut(cut, len(work.Values))
		now := present(past, true)
		choice := ours(Balanced())(t, seen(t, past, now, disturbance(seed, cut)), now)
		low, in := held(t, past, future, now, choice, seed)
		if low {
			below++
		}
		if in {
			inside++
		}
	}
	share := 100 * float64(inside) / float64(count)
	text := fmt.Sprintf("\n%d services, seeds from 300000, tracking at 40 %% → the balanced choice: %.1f %% inside, %.1f %% below P10.\n",
		count, share, 100*float64(below)/float64(count))
	t.Log(text)
	// 60 draws of 80 % are within 70 to 90 % in 95 of 100 cases.
	if share < 70 || share > 90 {
		t.Errorf("%.1f %% of 80 %% intervals hold", share)
	}
	golden(t, "calibration of advice", text)
}

// Real traces are too few to tune on or to fail by: five, cut at three places.
func TestBacktestCalibrationTraces(t *testing.T) {
	traces := realTraces(t)
	var text strings.Builder
	for _, days := range []int{5, 7, 9} {
		rows, share := calibration(t, traces, func(int) int { return days * 288 })
		fmt.Fprintf(&text, "\nLearnt on %d days: %.1f %% inside (the last row apart).\n\n| change | services | inside P10–P90 | below P10 | above P90 |\n|---|---:|---:|---:|---:|\n%s", days, 100*share, rows)
	}
	t.Log(text.String())
	golden(t, "calibration on traces", text.String())
}
