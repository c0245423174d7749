package demand

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func TestReplaySums(t *testing.T) {
	m := Measured{Work: seriesOf(5*time.Minute, 1, 4, 4, math.NaN(), 2, 0)}
	// 109 s late: of the five minutes in which the load comes, 109 s are short
	// of 2 vCPU; then 200 % of what runs is asked for, 4 vCPU at half of it.
	p := Policy{Min: 2, Max: 8, Targets: []Target{{Metric: MetricCPU, Value: 0.5}}, ScaleOutDelay: 109 * time.Second}
	out, err := Replay(m, MemoryModel{Base: 1, PerVCPU: 2}, Size{1, 2.9}, p)
	if err != nil {
		t.Fatal(err)
	}
	late := 109.0 / 300
	near(t, "tasks of step 1", out.Tasks.Values[1], late*2+(1-late)*4, 1e-12)
	near(t, "tasks of step 2", out.Tasks.Values[2], late*4+(1-late)*8, 1e-12)
	near(t, "throttled minutes", out.ThrottledMinutes, 109.0/60, 1e-9)
	near(t, "overrun", out.OverrunVCPUHours, 2*109.0/3600, 1e-9)
	near(t, "minutes over memory", out.MemoryOverMinutes, 5+109.0/60, 1e-9) // at full CPU a task needs 3 GB
	if out.Steps != 5 || out.Missing != 1 {
		t.Errorf("%d steps, %d missing, want 5 and 1", out.Steps, out.Missing)
	}
	near(t, "hours", out.Hours, 5.0/12, 1e-12)
	near(t, "task-hours", out.TaskHours, out.Mean*out.Hours, 1e-12)
	near(t, "peak", out.Peak, 8, 0)
}

func TestReplayMetrics(t *testing.T) {
	m := Measured{Work: seriesOf(time.Minute, 1, 2, 4), Requests: seriesOf(time.Minute, 1, 5, math.NaN())}
	tasks := func(mem MemoryModel, targets ...Target) []float64 {
		out, err := Replay(m, mem, Size{1, 4}, Policy{Min: 1, Max: 9, Targets: targets})
		if err != nil {
			t.Fatal(err)
		}
		return out.Tasks.Values
	}
	same := func(name string, got []float64, want ...float64) {
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %v, want %v", name, got, want)
				return
			}
		}
	}
	// Half of 4 GB less 1 GB at rest leaves 1 GB for 2 GB per vCPU of work.
	same("memory", tasks(MemoryModel{Base: 1, PerVCPU: 2}, Target{Metric: MetricMemory, Value: 0.5}), 2, 4, 8)
	same("memory at rest above the target", tasks(MemoryModel{Base: 3}, Target{Metric: MetricMemory, Value: 0.5}), 9, 9, 9)
	// 60 requests a minute and task; the missing one holds.
	same("requests", tasks(MemoryModel{}, Target{Metric: MetricRequests, Value: 60}), 1, 5, 5)
	// Both: the larger, and CPU may act while requests are missing.
	same("both", tasks(MemoryModel{}, Target{Metric: MetricRequests, Value: 60}, Target{Metric: MetricCPU, Value: 0.5}), 2, 5, 8)
}

func TestReplaySchedule(t *testing.T) {
	week := make([]float64, 168)
	for i := range week {
		week[i] = 0.1
	}
	m := Measured{Work: seriesOf(time.Hour, week...)}
	days := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	p := Policy{Min: 4, Max: 4, Scheduled: []ScheduledBound{
		{Days: days, At: 8 * time.Hour, Min: 4, Max: 4},
		{Days: days, At: 20 * time.Hour, Min: 0, Max: 0},
	}}
	out, err := Replay(m, MemoryModel{}, Size{1, 2}, p)
	if err != nil {
		t.Fatal(err)
	}
	// 12×5: off for 64.3 % of the week (algorithms.md 7), from its first hour on.
	near(t, "task-hours", out.TaskHours, 4*60, 0)
	near(t, "Monday 07:00", out.Tasks.Values[7], 0, 0)
	near(t, "Monday 08:00", out.Tasks.Values[8], 4, 0)
	near(t, "Saturday", out.Tasks.Values[5*24+12], 0, 0)

	// 08:00 at UTC+9 is 23:00 UTC of the day before; a bound alone leaves the other.
	p = Policy{Min: 2, Max: 4, Scheduled: []ScheduledBound{
		{At: 8 * time.Hour, Location: time.FixedZone("", 9*3600), Min: 3, Max: math.NaN()},
		{At: 9 * time.Hour, Location: time.FixedZone("", 9*3600), Min: 2, Max: math.NaN()},
	}, Targets: []Target{{Metric: MetricCPU, Value: 0.5}}}
	if out, err = Replay(m, MemoryModel{}, Size{1, 2}, p); err != nil {
		t.Fatal(err)
	}
	for hour, want := range map[int]float64{22: 2, 23: 3, 24: 2} {
		near(t, "tasks", out.Tasks.Values[hour], want, 0)
	}
}

func TestReplayErrors(t *testing.T) {
	m := Measured{Work: seriesOf(time.Minute, 1, 2)}
	size := Size{1, 2}
	tests := []struct {
		m    Measured
		size Size
		p    Policy
		want string
	}{
		{Measured{}, size, Fixed(1), "demand: replay: no work was measured"},
		{Measured{Work: seriesOf(time.Minute, math.NaN())}, size, Fixed(1), "demand: replay: no work was measured"},
		{m, Size{}, Fixed(1), "demand: replay: size 0 vCPU, 0 GB: want both above 0"},
		{m, size, Policy{Min: 1, Max: 2}, "demand: policy: bounds 1 to 2 and nothing that moves the count: want a target, steps or a schedule"},
		{m, size, Policy{Min: 3, Max: 2}, "demand: policy: bounds 3 to 2: want 0 ≤ min ≤ max"},
		{m, size, Policy{Max: 2, Targets: []Target{{Metric: "latency", Value: 1}}}, `demand: policy: targets[0]: metric "latency": want cpu, memory or requests`},
		{m, size, Policy{Max: 2, Targets: []Target{{Metric: MetricCPU, Value: 70}}}, "demand: policy: targets[0]: value 70: want a share above 0 and up to 1, or requests a minute"},
		{m, size, Policy{Max: 2, Steps: []StepPolicy{{Metric: MetricCPU, Adjustment: "add"}}}, `demand: policy: steps[0]: adjustment "add": want ChangeInCapacity, PercentChangeInCapacity or ExactCapacity`},
		{m, size, Policy{Max: 2, Targets: []Target{{Metric: MetricRequests, Value: 70}}}, "demand: replay: the policy follows requests, which were not measured"},
		{m, size, Policy{Max: 2, ScaleInDelay: -1, Steps: []StepPolicy{{}}}, "demand: policy: a negative delay or cooldown"},
	}
	for _, test := range tests {
		_, err := Replay(test.m, MemoryModel{}, test.size, test.p)
		wantError(t, err, test.want)
	}
	_, err := ReplayBurst(m, MemoryModel{}, size, Fixed(1), 0.5)
	wantError(t, err, "demand: replay: burst factor 0.5: want at least 1")
}

// The ideal replay is the formula, for any demand.
func TestReplayIdealIsTheFormula(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range 200 {
		work := make([]float64, 50)
		for i := range work {
			work[i] = rng.ExpFloat64() * 3
		}
		size, target, low := Size{float64(1+rng.IntN(8)) / 4, 4}, 0.3+0.6*rng.Float64(), float64(rng.IntN(4))
		out, err := Replay(Measured{Work: seriesOf(time.Minute, work...)}, MemoryModel{}, size, idealTracking(low, target))
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range work {
			near(t, "tasks", out.Tasks.Values[i], max(low, math.Ceil(w/(target*size.VCPU))), 0)
		}
		near(t, "throttled minutes", out.ThrottledMinutes, 0, 0)
	}
}

// The expected minutes of bursts grow with the factor, contain the plain ones,
// and are what a drawn minute gives on average.
func TestReplayBursts(t *testing.T) {
	m := Measured{Work: seriesOf(time.Minute, 0.8, 0.9, 1.1)}
	last := 0.0
	for _, burst := range []float64{1, 1.2, 1.5} {
		out, err := ReplayBurst(m, MemoryModel{}, Size{1, 2}, Fixed(1), burst)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "throttled minutes", out.ThrottledMinutes, 1, 1e-12)
		if burst == 1 {
			near(t, "burst minutes", out.BurstMinutes, 1, 1e-12)
		} else if !(out.BurstMinutes > last) {
			t.Errorf("burst %v: %v minutes, want more than %v", burst, out.BurstMinutes, last)
		}
		last = out.BurstMinutes
	}
	// A highest third of a minute over its mean of 1 + Exp with P99 at 1.5.
	rng := rand.New(rand.NewPCG(1, 2))
	drawn, draws := 0.0, 200_000
	for range draws {
		top := 1 + rng.ExpFloat64()*0.5/math.Log(100)
		for _, work := range m.Work.Values[:2] {
			if work*top > 1 {
				drawn += 1.0 / 3
			}
		}
	}
	near(t, "burst minutes against draws", last, 1+drawn/float64(draws), 0.003)
}

// Whatever the policy and the gaps: counts stay within the bounds, are there
// exactly where work was measured, and add up.
func TestReplayInvariants(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 4))
		work := make([]float64, 400)
		for i := range work {
			work[i] = 5 * rng.Float64() * (1 + math.Sin(float64(i)/40))
		}
		if seed%2 == 0 {
			punch(rng, work, 0.2)
		}
		minutes := func(n int) time.Duration { return time.Duration(rng.IntN(n*60)) * time.Second }
		low := float64(rng.IntN(4))
		p := Policy{Min: low, Max: low + 1 + float64(rng.IntN(20)), ScaleOutDelay: minutes(20), ScaleInDelay: minutes(30),
			ScaleOutCooldown: minutes(10), ScaleInCooldown: minutes(10)}
		if rng.IntN(3) > 0 {
			p.Targets = append(p.Targets, Target{MetricCPU, 0.2 + 0.8*rng.Float64(), rng.IntN(5) == 0}, Target{MetricMemory, 0.5, false})
		}
		if len(p.Targets) == 0 || rng.IntN(2) == 0 {
			p.Steps = append(p.Steps,
				StepPolicy{Metric: MetricCPU, Threshold: 0.7, For: minutes(5), Adjustment: PercentChangeInCapacity, Magnitude: 2, Steps: []StepAdjustment{{0, math.Inf(1), 20}}},
				StepPolicy{Metric: MetricCPU, Threshold: 0.3, Below: true, For: minutes(5), Adjustment: ExactCapacity, Steps: []StepAdjustment{{math.Inf(-1), 0, 1}}})
		}
		out, err := ReplayBurst(Measured{Work: seriesOf(time.Minute, work...)}, MemoryModel{Base: 0.5, PerVCPU: 1}, Size{0.5, 2}, p, 1.3)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for i, n := range out.Tasks.Values {
			if math.IsNaN(n) != math.IsNaN(work[i]) {
				t.Fatalf("seed %d: step %d: %v tasks for work of %v", seed, i, n, work[i])
			}
			if n < p.Min || n > p.Max {
				t.Fatalf("seed %d: step %d: %v tasks, bounds %v to %v", seed, i, n, p.Min, p.Max)
			}
			if n == n {
				sum += n / 60
			}
		}
		near(t, "task-hours", out.TaskHours, sum, 1e-9*(1+sum))
		if out.Steps+out.Missing != len(work) || out.BurstMinutes < out.ThrottledMinutes {
			t.Fatalf("seed %d: %d + %d steps of %d, %v burst minutes, %v throttled", seed, out.Steps, out.Missing, len(work), out.BurstMinutes, out.ThrottledMinutes)
		}
	}
}
