package intake

import (
	"math"
	"slices"
	"strings"
	"time"

	"ecsavvy/advisor/design"
)

// defaultCooldown is that of scaling policies of ECS services where none is
// stated. Source: docs.aws.amazon.com/autoscaling/application/userguide/
// target-tracking-scaling-policy-overview.html and step-scaling-policy-overview.html.
const defaultCooldown = 300 * time.Second

// scalingReader gathers the scaling of one service.
type scalingReader struct {
	result design.Scaling
	// target says that a scalable target was read; policies alone do nothing.
	target bool
	// noScaleIn, noScaleOut and noSchedule are suspended.
	noScaleIn, noScaleOut, noSchedule bool
	// alarmOf is the alarm of each step policy, in their order.
	alarmOf []string
}

// seenAlarm is what a step policy needs of its alarm.
type seenAlarm struct {
	metric    string
	threshold fact[float64]
}

// scalingOf finds the scaling of the service that an item is about; nil where it is
// about something else than an ECS service.
func (r *runningReader) scalingOf(at cursor) *scalingReader {
	key, ok := strings.CutPrefix(at.get("ResourceId").name("a resource ID"), "service/")
	if !ok || at.get("ServiceNamespace").name("a namespace") != "ecs" {
		return nil
	}
	if r.targets[key] == nil {
		r.targets[key] = &scalingReader{}
	}
	return r.targets[key]
}

// scalableTarget reads bounds and what is suspended.
// Source: docs.aws.amazon.com/autoscaling/application/APIReference/API_ScalableTarget.html.
func (r *runningReader) scalableTarget(at cursor) {
	s := r.scalingOf(at)
	if s == nil {
		return
	}
	s.target = true
	s.result.Min = at.get("MinCapacity").count("a number of tasks").Value
	s.result.Max = at.get("MaxCapacity").count("a number of tasks").Value
	off := at.get("SuspendedState")
	s.noScaleIn = off.get("DynamicScalingInSuspended").flag(false)
	s.noScaleOut = off.get("DynamicScalingOutSuspended").flag(false)
	s.noSchedule = off.get("ScheduledScalingSuspended").flag(false)
}

// cooldown reads a number of seconds.
func (c cursor) cooldown() time.Duration {
	if seconds := c.count("a number of seconds"); seconds.Stated() {
		return time.Duration(seconds.Value) * time.Second
	}
	return defaultCooldown
}

// signed reads a number of any sign; otherwise where nothing stands.
func (c cursor) signed(otherwise float64) float64 {
	negative := false
	f := c.number(func(text string) (float64, error) {
		text, negative = strings.CutPrefix(text, "-")
		return parseNumber(text)
	}, "a number")
	switch {
	case !f.Stated():
		return otherwise
	case negative:
		return -f.Value
	default:
		return f.Value
	}
}

// scalingPolicy reads a policy.
// Source: docs.aws.amazon.com/autoscaling/application/APIReference/API_ScalingPolicy.html.
func (r *runningReader) scalingPolicy(at cursor) {
	s := r.scalingOf(at)
	if s == nil {
		return
	}
	name := at.get("PolicyName").name("a name")
	if !r.first("policy/" + at.get("ResourceId").name("a resource ID") + "/" + name) {
		return
	}
	if t := at.get("TargetTrackingScalingPolicyConfiguration"); t.here() {
		predefined, custom := t.get("PredefinedMetricSpecification"), t.get("CustomizedMetricSpecification")
		metric := cmpOr(predefined.get("PredefinedMetricType").name("a metric"), custom.get("MetricName").name("a metric"))
		if metric == "" && custom.here() {
			metric = "an expression of several metrics"
		}
		s.result.Targets = append(s.result.Targets, design.TargetTracking{
			Name: name, Metric: metric, Value: t.get("TargetValue").number(parseNumber, "a number").Value,
			ResourceLabel:   predefined.get("ResourceLabel").name("a label"),
			ScaleInCooldown: t.get("ScaleInCooldown").cooldown(), ScaleOutCooldown: t.get("ScaleOutCooldown").cooldown(),
			DisableScaleIn: t.get("DisableScaleIn").flag(false),
		})
	}
	if t := at.get("StepScalingPolicyConfiguration"); t.here() {
		p := design.StepScaling{Name: name, AdjustmentType: t.get("AdjustmentType").name("an adjustment type"), Cooldown: t.get("Cooldown").cooldown()}
		for _, step := range t.get("StepAdjustments").items("a list of steps") {
			p.Steps = append(p.Steps, design.StepAdjustment{
				Lower:      step.get("MetricIntervalLowerBound").signed(math.Inf(-1)),
				Upper:      step.get("MetricIntervalUpperBound").signed(math.Inf(1)),
				Adjustment: step.get("ScalingAdjustment").signed(0),
			})
		}
		alarm := ""
		for _, a := range at.get("Alarms").items("a list of alarms") {
			alarm = cmpOr(alarm, a.get("AlarmName").name("a name"))
		}
		s.result.Steps, s.alarmOf = append(s.result.Steps, p), append(s.alarmOf, alarm)
	}
}

// scheduledAction reads a change of the bounds at times.
// Source: docs.aws.amazon.com/autoscaling/application/APIReference/API_ScheduledAction.html.
func (r *runningReader) scheduledAction(at cursor) {
	s := r.scalingOf(at)
	if s == nil {
		return
	}
	if !r.first("action/" + at.get("ResourceId").name("a resource ID") + "/" + at.get("ScheduledActionName").name("a name")) {
		return
	}
	action := at.get("ScalableTargetAction")
	s.result.Scheduled = append(s.result.Scheduled, design.ScheduledScaling{
		Name: at.get("ScheduledActionName").name("a name"), Schedule: at.get("Schedule").name("a schedule"), Timezone: at.get("Timezone").name("a time zone"),
		Min: action.get("MinCapacity").count("a number of tasks"), Max: action.get("MaxCapacity").count("a number of tasks"),
	})
}

// alarm notes the metric and the threshold of an alarm.
func (r *runningReader) alarm(at cursor) {
	a := seenAlarm{metric: at.get("MetricName").name("a metric")}
	if t := at.get("Threshold"); t.here() {
		a.threshold = design.Know(t.signed(0))
	}
	r.alarms[at.get("AlarmName").name("a name")] = a
}

// scaling is a service's scaling as far as it is not suspended; nil where no
// target was read or nothing of it works.
func (s *scalingReader) scaling(alarms map[string]seenAlarm) *design.Scaling {
	if !s.target || s.noScaleIn && s.noScaleOut && s.noSchedule {
		return nil
	}
	out := s.result
	for i := range out.Steps {
		if a, ok := alarms[s.alarmOf[i]]; ok && a.threshold.Stated() {
			out.Steps[i].Metric, out.Steps[i].Threshold = a.metric, a.threshold.Value
		}
	}
	switch {
	case s.noScaleOut:
		// Nothing adds tasks; what policies take away does not come back.
		out.Targets, out.Steps = nil, nil
	case s.noScaleIn:
		for i := range out.Targets {
			out.Targets[i].DisableScaleIn = true
		}
		out.Steps = slices.DeleteFunc(out.Steps, removesTasks)
	}
	if s.noSchedule {
		out.Scheduled = nil
	}
	byName := func(a, b string) int { return strings.Compare(a, b) }
	slices.SortStableFunc(out.Targets, func(a, b design.TargetTracking) int { return byName(a.Name, b.Name) })
	slices.SortStableFunc(out.Steps, func(a, b design.StepScaling) int { return byName(a.Name, b.Name) })
	slices.SortStableFunc(out.Scheduled, func(a, b design.ScheduledScaling) int { return byName(a.Name, b.Name) })
	return &out
}

// removesTasks reports whether a step policy takes tasks away.
func removesTasks(p design.StepScaling) bool {
	return len(p.Steps) > 0 && !slices.ContainsFunc(p.Steps, func(s design.StepAdjustment) bool { return s.Adjustment >= 0 })
}
