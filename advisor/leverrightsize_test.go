package advisor_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/design"
)

// AWS Compute Optimizer has gates, and this is what stands behind them here.
// Source: docs.aws.amazon.com/compute-optimizer/latest/ug/requirements.html,
// "Requirements for Amazon ECS services on Fargate".
func TestComputeOptimizersGates(t *testing.T) {
	onCPU := design.TargetTracking{Name: "cpu", Metric: "ECSServiceAverageCPUUtilization", Value: 40, ScaleInCooldown: 300 * time.Second, ScaleOutCooldown: 60 * time.Second}
	onMemory := onCPU
	onMemory.Name, onMemory.Metric, onMemory.Value = "memory", "ECSServiceAverageMemoryUtilization", 80
	step := func(metric string) design.Scaling {
		return design.Scaling{Min: 2, Max: 10, Steps: []design.StepScaling{{
			Name: "out", AdjustmentType: "ChangeInCapacity", Metric: metric, Threshold: 90, Steps: []design.StepAdjustment{{Lower: 0, Upper: 100, Adjustment: 1}},
		}}}
	}
	tracking := func(targets ...design.TargetTracking) design.Scaling {
		return design.Scaling{Min: 2, Max: 10, Targets: targets}
	}
	for _, tc := range []struct {
		name string
		// theirs is what Compute Optimizer recommends.
		theirs  string
		scaling *design.Scaling
		hours   int
		// ours is what is recommended here; where that is nothing, missing says why.
		ours, missing string
	}{
		{"no scaling", "CPU and memory", nil, madeHours, "1 vCPU + 8 GB → 0.5 vCPU + 1 GB", ""},
		{"a step policy", "nothing", new(step("CPUUtilization")), madeHours, "1 vCPU + 8 GB → 0.5 vCPU + 1 GB", ""},
		{"a step policy whose alarm nobody read", "nothing", new(step("")), madeHours, "", "the alarm of its step policy out is not in the snapshot"},
		{"target tracking on CPU", "memory", new(tracking(onCPU)), madeHours, "1 vCPU + 8 GB → 0.25 vCPU + 1 GB, 2 to 10 tasks → 2 to 40 tasks, target 40 % cpu → 60 % cpu", ""},
		{"target tracking on CPU and memory", "nothing", new(tracking(onCPU, onMemory)), madeHours, "1 vCPU + 8 GB → 0.5 vCPU + 1 GB, 2 to 10 tasks → 2 to 20 tasks", ""},
		{"target tracking on a metric of its own", "CPU and memory", new(tracking(design.TargetTracking{Name: "own", Metric: "Backlog", Value: 10})), madeHours, "", "it scales on Backlog, which was not measured"},
		{"23 hours", "nothing", nil, 23, "", "needs 24 h of metrics"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			svc := fargateService("api", 1, 8, 2)
			w := design.Workload{Services: []design.Service{svc}, Clusters: []design.Cluster{{Name: "c"}}}
			site := madeSite(t, w, []madeDemand{{name: "api", tasks: 2, work: until(tc.hours, 0.4), memory: until(tc.hours, 0.7)}}, nil)
			site.Running = map[string]design.Running{"c/api": {Scaling: tc.scaling}}
			advice := madeAdvice(t, site, advisor.LeverRightSize)
			if tc.ours == "" {
				if len(advice.Recommendations) > 0 || len(advice.Abstentions) != 1 || !strings.Contains(advice.Abstentions[0].Missing, tc.missing) {
					t.Errorf("Compute Optimizer: %s; here: %v, abstentions %v, want %q", tc.theirs, advice.Recommendations, advice.Abstentions, tc.missing)
				}
				return
			}
			if len(advice.Recommendations) != 1 {
				t.Fatalf("Compute Optimizer: %s; here: %d recommendations, abstentions %v", tc.theirs, len(advice.Recommendations), advice.Abstentions)
			}
			if r := advice.Recommendations[0]; r.Title != tc.ours || r.Saving.P10 <= 0 {
				t.Errorf("Compute Optimizer: %s; here: %s, which saves %v, want %s", tc.theirs, r.Title, r.Saving, tc.ours)
			}
		})
	}
}

// A leak between restarts is named, and no size is proposed for it, not a larger one either.
func TestLeakIsNotSized(t *testing.T) {
	w := design.Workload{Services: []design.Service{fargateService("api", 1, 2, 2)}, Clusters: []design.Cluster{{Name: "c"}}}
	saw := func(hour int) float64 { return 0.4 + 1.58*float64(hour%144)/144 } // up to 1.98 of 2 GB in six days
	site := madeSite(t, w, []madeDemand{{"api", 2, steady(1.2), saw}}, nil)
	site.Running = map[string]design.Running{"c/api": {OOMKills: []design.OOMKill{{LimitGB: 2}}}}
	advice := madeAdvice(t, site, advisor.LeverRightSize)
	if len(advice.Recommendations)+len(advice.Fixes) > 0 || len(advice.Abstentions) != 1 {
		t.Fatalf("recommendations %v, fixes %v, abstentions %v", advice.Recommendations, advice.Fixes, advice.Abstentions)
	}
	if want := "its memory grows by 0.263 GB a day between restarts: restart it or fix the leak, no size is enough for it"; advice.Abstentions[0].Missing != want {
		t.Errorf("got %q, want %q", advice.Abstentions[0].Missing, want)
	}
}

// until is a constant that was measured in the last hours of the two weeks only.
func until(hours int, v float64) func(int) float64 {
	return func(hour int) float64 {
		if hour < madeHours-hours {
			return math.NaN()
		}
		return v
	}
}
