package demand

import (
	"math"
	"testing"
	"time"
)

// usdPerHour is Fargate, x86, us-east-1 (AWS Fargate pricing).
func usdPerHour(s Size) float64 { return 0.04048*s.VCPU + 0.004445*s.GB }

// textbookWork is the week of algorithms.md 7: 2 to 10 vCPU, half a sine by
// day, the whole at 60 % on two days. The text gives only the range; this shape
// was found by search, as the one whose task-hours (3,940, 1,995, 1,006, 584
// and 412) give all five bills to the cent. Where in the day the sine lies
// makes no difference.
func textbookWork() Measured {
	week := make([]float64, 168)
	for h := range week {
		week[h] = 2 + 8*max(0, math.Sin(math.Pi*float64(h%24-6)/12))
		if h/24 >= 5 {
			week[h] *= 0.6
		}
	}
	return Measured{Work: seriesOf(time.Hour, week...)}
}

// textbookSize is the memory of algorithms.md 7, (0.4 + 0.8c)·1.15 GB, at the
// next size that Fargate has.
func textbookSize(vcpu float64) Size {
	need := (0.4 + 0.8*vcpu) * 1.15
	for _, gb := range []float64{0.5, 1, 2, 3, 4, 5, 6, 7, 8} {
		if gb >= need && gb >= 2*vcpu {
			return Size{vcpu, gb}
		}
	}
	return Size{}
}

func idealTracking(low, target float64) Policy {
	return Policy{Min: low, Max: math.Inf(1), Targets: []Target{{Metric: MetricCPU, Value: target}}}
}

func monthly(t *testing.T, m Measured, size Size, p Policy) float64 {
	t.Helper()
	out, err := Replay(m, MemoryModel{Base: 0.4, PerVCPU: 0.8}, size, p)
	if err != nil {
		t.Fatal(err)
	}
	return out.Mean * 730 * usdPerHour(size)
}

func TestReplayTextbook(t *testing.T) {
	m := textbookWork()
	bill := make(map[float64]float64)
	for vcpu, want := range map[float64]float64{0.25: 249.36, 0.5: 213.99, 1: 215.81, 2: 250.56, 4: 353.54} {
		bill[vcpu] = monthly(t, m, textbookSize(vcpu), idealTracking(2, 0.7))
		if math.Abs(bill[vcpu]-want) > 0.005 {
			t.Errorf("%v vCPU: %.4f USD a month, want %.2f", vcpu, bill[vcpu], want)
		}
	}
	percent := func(name string, got, want, within float64) {
		if math.Abs(100*got-want) > within {
			t.Errorf("%s: %.2f %%, want %v %%", name, 100*got, want)
		}
	}
	// Half the CPU and all of the memory at an unchanged count.
	percent("naive halving", 1-usdPerHour(Size{0.5, 2})/usdPerHour(Size{1, 2}), 41, 0.05)
	percent("1 to 0.5 vCPU", 1-bill[0.5]/bill[1], 0.8, 0.05)
	percent("1 to 0.25 vCPU", bill[0.25]/bill[1]-1, 15.5, 0.06)
	percent("target 50 to 70 %", 1-bill[1]/monthly(t, m, textbookSize(1), idealTracking(2, 0.5)), 28, 0.5)
}

// counts are the tasks that a policy runs for the work, at 1 vCPU a task.
func counts(t *testing.T, p Policy, work ...float64) []float64 {
	t.Helper()
	m := Measured{Work: seriesOf(time.Minute, work...)}
	out, err := Replay(m, MemoryModel{}, Size{1, 2}, p)
	if err != nil {
		t.Fatal(err)
	}
	return out.Tasks.Values
}

func repeat(value float64, times int, rest ...float64) []float64 {
	all := make([]float64, 0, times+len(rest))
	for range times {
		all = append(all, value)
	}
	return append(all, rest...)
}

func join(parts ...[]float64) []float64 {
	var all []float64
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestReplayPolicies(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	half := []Target{{Metric: MetricCPU, Value: 0.5}}
	up := StepPolicy{Metric: MetricCPU, Threshold: 0.6, For: 2 * time.Minute, Adjustment: ChangeInCapacity,
		Steps: []StepAdjustment{{0, 0.2, 1}, {0.2, inf, 3}}}
	down := StepPolicy{Metric: MetricCPU, Threshold: 0.3, Below: true, For: 2 * time.Minute, Adjustment: PercentChangeInCapacity,
		Steps: []StepAdjustment{{-inf, 0, -50}}}
	tests := []struct {
		name       string
		policy     Policy
		work, want []float64
	}{
		{"fixed", Fixed(3), []float64{0, 5, nan, 1}, []float64{3, 3, nan, 3}},
		{"ideal", Policy{Min: 1, Max: 9, Targets: half}, []float64{0.2, 1, 1.1, 4, 6, 0}, []float64{1, 2, 3, 8, 9, 1}},
		// Four minutes late. At first the metric says 100 %, so twice the count is asked for; then, with
		// 4 running, 2 × 4.
		{"late, by full utilisation only", Policy{Min: 2, Max: 20, Targets: half, ScaleOutDelay: 4 * time.Minute},
			repeat(1, 2, repeat(5, 10)...), join(repeat(2, 6), repeat(4, 4), repeat(8, 2))},
		{"late by half a step", Policy{Min: 2, Max: 9, Targets: half, ScaleOutDelay: 90 * time.Second},
			[]float64{1, 2, 2, 2}, []float64{2, 2, 3, 4}},
		{"in after the delay", Policy{Min: 1, Max: 9, Targets: half, ScaleInDelay: 3 * time.Minute},
			[]float64{3, 1, 1, 1, 1, 1}, []float64{6, 6, 6, 6, 6, 2}},
		{"a gap holds the count and starts the wait anew", Policy{Min: 1, Max: 9, Targets: half, ScaleInDelay: 2 * time.Minute},
			[]float64{3, 1, 1, nan, 1, 1, 1, 1}, []float64{6, 6, 6, nan, 6, 6, 6, 2}},
		{"not within a tenth of the target", Policy{Min: 1, Max: 40, Targets: half, ScaleInDelay: time.Minute},
			[]float64{10, 9.2, 9.2, 9.2, 8.9, 8.9, 8.9}, []float64{20, 20, 20, 20, 20, 20, 18}},
		{"cooldown of scale-in", Policy{Min: 1, Max: 9, Targets: half, ScaleInDelay: time.Minute, ScaleInCooldown: 4 * time.Minute},
			[]float64{4, 3, 3, 1, 1, 1, 1, 1, 1}, []float64{8, 8, 8, 6, 6, 6, 6, 2, 2}},
		{"no scale-in", Policy{Min: 1, Max: 9, Targets: []Target{{Metric: MetricCPU, Value: 0.5, NoScaleIn: true}}},
			[]float64{1, 3, 1}, []float64{2, 6, 6}},
		{"steps: after two minutes, one more, or three; halved when idle",
			Policy{Min: 2, Max: 9, Steps: []StepPolicy{up, down}},
			[]float64{1, 1.3, 1.3, 2.8, 2.8, 2.8, 0.5, 0.5, 0.5}, []float64{2, 2, 3, 6, 6, 6, 6, 3, 2}},
		{"steps: in the cooldown only what is larger", Policy{Min: 2, Max: 9, Steps: []StepPolicy{up}, ScaleOutCooldown: time.Hour},
			[]float64{1, 1.3, 1.3, 2, 2, 2.9, 2.9}, []float64{2, 2, 3, 3, 3, 5, 5}},
	}
	for _, test := range tests {
		got := counts(t, test.policy, test.work...)
		for i := range test.want {
			if got[i] != test.want[i] && !(math.IsNaN(got[i]) && math.IsNaN(test.want[i])) {
				t.Errorf("%s: work %v: tasks\n%v, want\n%v", test.name, test.work, got, test.want)
				break
			}
		}
	}
}
