package demand

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Size is the size of one task: vCPU and GB (2^30 bytes).
type Size struct{ VCPU, GB float64 }

// Policy is how many tasks run: bounds, what moves the count between them, and
// how fast. Min == Max without targets, steps and schedule is a fixed count.
//
// All delays zero is the ideal autoscaler, n(t) = max(Min, ceil(W/(u·c))).
type Policy struct {
	Min, Max  float64
	Targets   []Target
	Steps     []StepPolicy
	Scheduled []ScheduledBound
	// ScaleOutDelay is from the rise of the load to the task that serves it.
	ScaleOutDelay time.Duration
	// ScaleInDelay is how long less must have been enough before tasks go.
	ScaleInDelay time.Duration
	// ScaleOutCooldown holds back a further scale-out by steps, unless it is
	// larger. Target tracking is not held back: it asks for a count, and a count
	// above the running one is a larger scale-out.
	ScaleOutCooldown time.Duration
	// ScaleInCooldown holds back a further scale-in; a scale-out ends it.
	ScaleInCooldown time.Duration
}

// Times that AWS's target tracking takes.
const (
	// StandardScaleOut is the total scale-out time with 60 s metrics, and
	// HighResolutionScaleOut with 20 s metrics (aws/containers-roadmap#2113,
	// comment of 2026-09-15). An application's own warm-up comes on top.
	StandardScaleOut       = 386 * time.Second
	HighResolutionScaleOut = 109 * time.Second
	// TrackingScaleIn is how long the low alarm of target tracking waits: 15
	// periods of 60 s. AWS does not document it; it is what its alarms show.
	TrackingScaleIn = 15 * time.Minute
	// DefaultCooldown of ECS services, both ways (Application Auto Scaling API
	// reference, TargetTrackingScalingPolicyConfiguration).
	DefaultCooldown = 300 * time.Second
)

// Tracking is target tracking as AWS runs it on 60 s metrics.
func Tracking(low, high float64, targets ...Target) Policy {
	return Policy{
		Min: low, Max: high, Targets: targets,
		ScaleOutDelay: StandardScaleOut, ScaleInDelay: TrackingScaleIn,
		ScaleOutCooldown: DefaultCooldown, ScaleInCooldown: DefaultCooldown,
	}
}

// Fixed is a count that nothing changes.
func Fixed(count float64) Policy { return Policy{Min: count, Max: count} }

// Metrics that a policy may follow.
const (
	MetricCPU      = "cpu"      // share of the task's vCPU, mean over the tasks
	MetricMemory   = "memory"   // share of the task's GB, mean over the tasks
	MetricRequests = "requests" // requests a minute and task, as ALBRequestCountPerTarget
)

// Target is one target-tracking policy.
type Target struct {
	Metric string
	// Value is a share (0.7 is 70 %), or requests a minute and task.
	Value float64
	// NoScaleIn is AWS's DisableScaleIn.
	NoScaleIn bool
}

// Adjustments of a step, in AWS's words.
const (
	ChangeInCapacity        = "ChangeInCapacity"
	PercentChangeInCapacity = "PercentChangeInCapacity"
	ExactCapacity           = "ExactCapacity"
)

// StepPolicy is one step-scaling policy with its alarm.
type StepPolicy struct {
	Metric    string
	Threshold float64 // of the alarm, in the metric's unit (shares: 0.7)
	Below     bool    // the alarm fires at or below the threshold, else at or above
	For       time.Duration
	// Adjustment is one of AWS's three; Magnitude is MinAdjustmentMagnitude.
	Adjustment string
	Magnitude  float64
	Steps      []StepAdjustment
}

// StepAdjustment is one step. Bounds are relative to the threshold, in the
// metric's unit; an open end is ±Inf.
type StepAdjustment struct{ Lower, Upper, Change float64 }

// ScheduledBound is a scheduled action that recurs weekly: it sets Min and Max
// until the next one. NaN leaves a bound as it is.
type ScheduledBound struct {
	Days     []time.Weekday // empty is every day
	At       time.Duration  // since midnight
	Location *time.Location // nil is UTC
	Min, Max float64
}

// adjust is the count that the policy wants of count, for its metric's value.
func (s StepPolicy) adjust(value, count float64) float64 {
	for _, step := range s.Steps {
		excess := value - s.Threshold
		// Above a threshold the lower bound is inclusive, below it the upper
		// (Application Auto Scaling, "Step adjustments").
		inside := excess >= step.Lower && excess < step.Upper
		if s.Below {
			inside = excess > step.Lower && excess <= step.Upper
		}
		if !inside {
			continue
		}
		switch s.Adjustment {
		case ExactCapacity:
			return step.Change
		case PercentChangeInCapacity:
			// Fractions go towards zero, but for those under 1, which become 1
			// (same source, "Scaling adjustment types").
			change := math.Abs(count * step.Change / 100)
			if change > 0 {
				change = max(1, math.Floor(change+rounding), s.Magnitude)
			}
			return count + math.Copysign(change, step.Change)
		default:
			return count + step.Change
		}
	}
	return count
}

// rounding keeps ceil and floor from a task more or less by the last bit.
const rounding = 1e-9

// check says what is wrong with a policy.
func (p Policy) check() error {
	switch {
	case !(p.Min >= 0) || !(p.Max >= p.Min):
		return fmt.Errorf("demand: policy: bounds %v to %v: want 0 ≤ min ≤ max", p.Min, p.Max)
	case p.Min != p.Max && len(p.Targets)+len(p.Steps)+len(p.Scheduled) == 0:
		return fmt.Errorf("demand: policy: bounds %v to %v and nothing that moves the count: want a target, steps or a schedule", p.Min, p.Max)
	case min(p.ScaleOutDelay, p.ScaleInDelay, p.ScaleOutCooldown, p.ScaleInCooldown) < 0:
		return fmt.Errorf("demand: policy: a negative delay or cooldown")
	}
	for i, t := range p.Targets {
		if !knownMetric(t.Metric) {
			return fmt.Errorf("demand: policy: targets[%d]: metric %q: want cpu, memory or requests", i, t.Metric)
		}
		if !(t.Value > 0) || (t.Metric != MetricRequests && t.Value > 1) {
			return fmt.Errorf("demand: policy: targets[%d]: value %v: want a share above 0 and up to 1, or requests a minute", i, t.Value)
		}
	}
	for i, s := range p.Steps {
		if !knownMetric(s.Metric) {
			return fmt.Errorf("demand: policy: steps[%d]: metric %q: want cpu, memory or requests", i, s.Metric)
		}
		if !slices.Contains([]string{ChangeInCapacity, PercentChangeInCapacity, ExactCapacity}, s.Adjustment) {
			return fmt.Errorf("demand: policy: steps[%d]: adjustment %q: want ChangeInCapacity, PercentChangeInCapacity or ExactCapacity", i, s.Adjustment)
		}
	}
	for i, s := range p.Scheduled {
		if s.At < 0 || s.At >= 24*time.Hour {
			return fmt.Errorf("demand: policy: scheduled[%d]: at %v: want a time of day", i, s.At)
		}
	}
	return nil
}

func knownMetric(name string) bool {
	return name == MetricCPU || name == MetricMemory || name == MetricRequests
}

// follows reports whether the count depends on a metric.
func (p Policy) follows(metric string) bool {
	return slices.ContainsFunc(p.Targets, func(t Target) bool { return t.Metric == metric }) ||
		slices.ContainsFunc(p.Steps, func(s StepPolicy) bool { return s.Metric == metric })
}
