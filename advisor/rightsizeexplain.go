package advisor

import (
	"fmt"
	"math"
	"strings"

	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
)

// explain fills in what a size rests on: what bound it, what would be next, what
// may go wrong.
func (s *sizing) explain(r *Recommendation, best *demand.Option) {
	e := &r.Evidence
	e.Bound, e.Next = s.bound(best), s.next(best)
	r.Reasons = append(r.Reasons, fmt.Sprintf("replayed, it runs %.2f tasks on average (now %.2f, measured %.2f), %.1f minutes a month above its CPU, and the chance that a task runs out of memory in a month is %.1f %%",
		best.Outcome.Mean, s.outcome.Mean, mean(s.measured.Tasks.Values), best.ThrottledMinutesPerMonth, 100*best.OOMProbability))
	if s.present.Size.VCPU != best.Size.VCPU && len(best.Policy.Targets) > 0 {
		r.Reasons = append(r.Reasons, "under target tracking the work stays the same: smaller tasks mean more of them, which the saving counts")
	}
	s.risk(r, best)
	if s.leak.Leak {
		r.RiskReasons = append(r.RiskReasons, s.leakText())
		r.Risk = max(r.Risk, RiskMedium)
	}
	if s.hot > hotTask {
		r.RiskReasons = append(r.RiskReasons, fmt.Sprintf("its hottest task has %.1f times the mean's CPU: spread the load (least outstanding requests) before making tasks smaller", s.hot))
		r.Risk = max(r.Risk, RiskMedium)
	}
	if above := limitsAbove(&s.service.Task, design.Size(best.Size)).names; len(above) > 0 {
		r.RiskReasons = append(r.RiskReasons, "the limits of "+strings.Join(above, ", ")+" exceed the new task size: the patch takes them away, and the size is the limit then")
	}
}

// leakText names a leak.
func (s *sizing) leakText() string {
	return fmt.Sprintf("its memory grows by %.3g GB a day between restarts: restart it or fix the leak, no size is enough for it", s.leak.PerDay)
}

// hotTask is the ratio of the hottest task to the mean from which the load is
// spread badly.
const hotTask = 1.5

// risk puts the change into a class.
func (s *sizing) risk(r *Recommendation, best *demand.Option) {
	days := s.measured.Work.End().Sub(s.measured.Work.Start).Hours() / 24
	smaller := best.Size.VCPU < s.present.Size.VCPU || best.Size.GB < s.present.Size.GB
	switch {
	case best.ThrottledMinutesPerMonth > 60 || best.OOMProbability > 0.05:
		r.Risk = RiskHigh
		r.RiskReasons = append(r.RiskReasons, "it is throttled, or runs out of memory, often enough to be noticed")
	case best.Policy.Max < 2 || days < 14:
		r.Risk = RiskMedium
		r.RiskReasons = append(r.RiskReasons, fmt.Sprintf("measured over %.0f days: what happens less often is not in it", days))
	case best.ThrottledMinutesPerMonth < 1 && best.OOMProbability < 0.01 && !smaller:
		r.Risk = RiskLow
		r.RiskReasons = append(r.RiskReasons, "no task gets smaller")
	default:
		r.Risk = RiskMedium
		r.RiskReasons = append(r.RiskReasons, "tasks get smaller or fewer: months that are busier than the measured days have less room")
		if best.ThrottledMinutesPerMonth < 1 && best.OOMProbability < 0.001 && days >= 28 {
			r.Risk = RiskLow
		}
	}
}

// bound is the statistic that bound the choice: memory where less of it would not
// hold the hottest task, else CPU.
func (s *sizing) bound(best *demand.Option) string {
	below := lowerMemory(s.service.Task.OS.Value, best.Size)
	if below > 0 && below < s.needGB {
		return fmt.Sprintf("the %d-day return level of the hottest task's memory, %.2f GB [%.2f, %.2f] (%s, %d days)",
			memoryHorizon, s.need.Value, s.need.Low, s.need.High, s.need.Method, s.need.Days)
	}
	if q, err := demand.QuantileOf(s.measured.Work, 0.99, 0.9); err == nil {
		return fmt.Sprintf("the P99 of its CPU over all tasks, %.2f vCPU [%.2f, %.2f] (%.0f effective points)", q.Value, q.Low, q.High, q.Effective)
	}
	return "its CPU"
}

// lowerMemory is the next memory below a size at its vCPU, 0 where there is none.
func lowerMemory(os design.OS, size demand.Size) float64 {
	lower := 0.0
	for _, o := range sizesOf(os) {
		if o.VCPU == size.VCPU && o.GB < size.GB && o.GB > lower {
			lower = o.GB
		}
	}
	return lower
}

// next is the next cheaper size, and what it would need.
func (s *sizing) next(best *demand.Option) string {
	var next demand.Size
	price := -1.0
	for _, size := range sizesOf(s.service.Task.OS.Value) {
		usd, ok := s.perHour[size], false
		ok = usd > 0 && usd < s.perHour[best.Size]
		if ok && usd > price {
			next, price = size, usd
		}
	}
	if price < 0 {
		return "no smaller size exists"
	}
	if next.GB < s.needGB {
		return fmt.Sprintf("%s would need its memory to stay below %.2f GB", sizeText(next), next.GB)
	}
	return fmt.Sprintf("%s costs less a task, and more with the tasks or the throttling that it needs", sizeText(next))
}

// patches are the change in each form.
func (s *sizing) patches(best *demand.Option) []Patch {
	var patches []Patch
	size := best.Size
	if size != s.present.Size {
		patches = s.sizePatches(design.Size(size))
	}
	if sameBounds(best.Policy, s.present.Policy) {
		return patches
	}
	p := best.Policy
	if len(p.Targets)+len(p.Steps) == 0 {
		return append(patches,
			Patch{FormTerraform, fmt.Sprintf("desired_count = %v", p.Min)},
			Patch{FormCLI, s.updateService(fmt.Sprintf("--desired-count %v", p.Min))})
	}
	terraform := fmt.Sprintf("min_capacity = %v\nmax_capacity = %v", p.Min, p.Max)
	cli := fmt.Sprintf("aws application-autoscaling register-scalable-target %s --min-capacity %v --max-capacity %v", s.scalableTarget(), p.Min, p.Max)
	if len(p.Targets) == 1 && p.Targets[0].Metric == demand.MetricCPU && p.Targets[0] != s.present.Policy.Targets[0] {
		target := math.Round(p.Targets[0].Value * 100)
		t := s.running.Scaling.Targets[0]
		terraform += fmt.Sprintf("\n# target_tracking_scaling_policy_configuration of %s\ntarget_value = %v", hcl(t.Name), target)
		cli += fmt.Sprintf("\naws application-autoscaling put-scaling-policy %s --policy-name %s --policy-type TargetTrackingScaling \\\n  --target-tracking-scaling-policy-configuration %s",
			s.scalableTarget(), shell(t.Name), shell(fmt.Sprintf(`{"TargetValue":%v,"PredefinedMetricSpecification":{"PredefinedMetricType":%q},"ScaleInCooldown":%d,"ScaleOutCooldown":%d,"DisableScaleIn":%v}`,
				target, t.Metric, int(t.ScaleInCooldown.Seconds()), int(t.ScaleOutCooldown.Seconds()), t.DisableScaleIn)))
	}
	return append(patches, Patch{FormTerraform, terraform}, Patch{FormCLI, cli})
}
