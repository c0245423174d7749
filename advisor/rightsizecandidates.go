package advisor

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
)

// policy is the service's scaling as the replay knows it, or what keeps it from
// being replayed.
func (c *serviceCase) policy() (p demand.Policy, missing string) {
	count := math.Round(mean(c.measured.Tasks.Values))
	if c.running == nil || c.running.Scaling == nil {
		if sc := c.service.Count.Scaled; sc != nil && c.running == nil {
			return p, "needs its scaling policies: none is in the snapshot"
		}
		return demand.Fixed(max(1, count)), ""
	}
	sc := c.running.Scaling
	if len(sc.Scheduled) > 0 {
		// The replay knows scheduled bounds; AWS's cron is not translated into them
		// yet, and a replay without them would be of another policy.
		return p, "scheduled actions change its bounds, and its replay does not know them yet"
	}
	p = demand.Tracking(sc.Min, sc.Max)
	for _, t := range sc.Targets {
		target := demand.Target{Value: t.Value / 100, NoScaleIn: t.DisableScaleIn}
		switch {
		case strings.Contains(t.Metric, "CPUUtilization"):
			target.Metric = demand.MetricCPU
		case strings.Contains(t.Metric, "MemoryUtilization"):
			target.Metric = demand.MetricMemory
		case strings.Contains(t.Metric, "ALBRequestCountPerTarget"):
			target.Metric, target.Value = demand.MetricRequests, t.Value
		default:
			return p, "it scales on " + t.Metric + ", which was not measured"
		}
		if strings.HasSuffix(t.Metric, "HighResolution") {
			p.ScaleOutDelay = demand.HighResolutionScaleOut
		}
		if t.ScaleOutCooldown > 0 {
			p.ScaleOutCooldown = t.ScaleOutCooldown
		}
		if t.ScaleInCooldown > 0 {
			p.ScaleInCooldown = t.ScaleInCooldown
		}
		p.Targets = append(p.Targets, target)
	}
	for _, st := range sc.Steps {
		step, ok := stepPolicy(st)
		if !ok {
			return p, "the alarm of its step policy " + st.Name + " is not in the snapshot"
		}
		p.Steps = append(p.Steps, step)
	}
	if len(p.Targets)+len(p.Steps) == 0 {
		if sc.Min == sc.Max {
			return demand.Fixed(sc.Min), ""
		}
		return demand.Fixed(max(1, count)), ""
	}
	return p, ""
}

// stepPolicy translates a step policy whose alarm is known.
func stepPolicy(st design.StepScaling) (demand.StepPolicy, bool) {
	out := demand.StepPolicy{Adjustment: st.AdjustmentType, Threshold: st.Threshold / 100, For: time.Minute}
	switch {
	case strings.Contains(st.Metric, "CPUUtilization"):
		out.Metric = demand.MetricCPU
	case strings.Contains(st.Metric, "MemoryUtilization"):
		out.Metric = demand.MetricMemory
	default:
		return out, false
	}
	for _, a := range st.Steps {
		out.Steps = append(out.Steps, demand.StepAdjustment{Lower: a.Lower / 100, Upper: a.Upper / 100, Change: a.Adjustment})
		out.Below = out.Below || a.Adjustment < 0
	}
	return out, len(out.Steps) > 0
}

// candidates are the sizes of the ladder × the policies worth trying, with their
// prices. The present one is among them, also where nothing else is.
func (s *sizing) candidates() ([]demand.Candidate, error) {
	var all []demand.Candidate
	policies := s.policies()
	for _, size := range sizesOf(s.service.Task.OS.Value) {
		if s.censored > mostCensored && size.VCPU < s.present.Size.VCPU {
			continue
		}
		usd, ok, err := s.taskHour(size)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue // a size without a rate here
		}
		for _, p := range policies {
			if s.censored > mostCensored && p.Max*size.VCPU < s.present.Policy.Max*s.present.Size.VCPU {
				continue
			}
			// Every size keeps the CPU that the largest count has now.
			if scaled := len(p.Targets) > 0; scaled {
				p.Max = max(p.Max, math.Ceil(s.present.Policy.Max*s.present.Size.VCPU/size.VCPU))
			}
			all = append(all, demand.Candidate{Size: size, USDPerTaskHour: usd, Policy: p})
		}
	}
	return all, nil
}

// policies are those worth trying: the present one, other targets and minimums of a
// service that scales, other counts of one that does not. A service that scales on
// memory, requests or steps keeps its policy: only its size and bounds are looked at.
func (s *sizing) policies() []demand.Policy {
	p := s.present.Policy
	all := []demand.Policy{p}
	lows := []float64{p.Min}
	for _, low := range []float64{2, math.Ceil(p.Min / 2)} {
		// Two tasks are the least that survives the loss of one; a service that
		// runs one has decided otherwise.
		if low < p.Min && low >= 2 && !slices.Contains(lows, low) {
			lows = append(lows, low)
		}
	}
	if len(p.Targets)+len(p.Steps) == 0 {
		for n := p.Min - 1; n >= 2; n-- {
			all = append(all, demand.Fixed(n))
		}
		return all
	}
	onCPU := len(p.Targets) == 1 && p.Targets[0].Metric == demand.MetricCPU && len(p.Steps) == 0
	limit := s.targetLimit()
	for _, low := range lows {
		q := p
		q.Min = low
		if low != p.Min {
			all = append(all, q)
		}
		if !onCPU {
			continue
		}
		for _, u := range []float64{0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8} {
			if u <= limit && u != p.Targets[0].Value {
				q.Targets = []demand.Target{{Metric: demand.MetricCPU, Value: u, NoScaleIn: p.Targets[0].NoScaleIn}}
				all = append(all, q)
			}
		}
	}
	return all
}

// targetLimit is the highest CPU target that leaves room for the load's rise until
// new tasks run, with the hottest task in mind.
func (s *sizing) targetLimit() float64 {
	limit := demand.MaxTarget(demand.LoadRamp(s.measured.Work, 0.99), s.present.Policy.ScaleOutDelay.Seconds()) / s.hot
	if most := s.penalty.MaxUtilisation; most > 0 && !(limit < most) {
		limit = most
	}
	return limit
}

// taskHour prices an hour of a task of a size; ok is false where the size has no
// rate.
func (s *sizing) taskHour(size demand.Size) (usd float64, ok bool, err error) {
	if usd, seen := s.perHour[size]; seen {
		return usd, !math.IsNaN(usd), nil
	}
	svc := copyService(s.service)
	svc.Task.CPU, svc.Task.Memory = design.Know(size.VCPU), design.Know(size.GB)
	tasks := mean(s.measured.Tasks.Values)
	month, unpriced, err := s.cost(svc)
	if err != nil {
		return 0, false, err
	}
	if s.unpriced < 0 {
		if _, s.unpriced, err = s.cost(s.service); err != nil {
			return 0, false, err
		}
	}
	usd = month / tasks / s.site.hours()
	if unpriced > s.unpriced {
		usd = math.NaN()
	}
	s.perHour[size] = usd
	return usd, !math.IsNaN(usd), nil
}

// bounds sets the bounds of a service's count as a policy has them.
func (s *sizing) bounds(svc *design.Service, p demand.Policy) {
	if sc := svc.Count.Scaled; sc != nil {
		scaled := *sc
		scaled.Min, scaled.Max = design.Know(p.Min), design.Know(p.Max)
		svc.Count.Scaled = &scaled
	}
}

// sameChoice reports whether an option is a candidate's size and policy.
func sameChoice(o *demand.Option, c *demand.Candidate) bool {
	return o.Size == c.Size && sameBounds(o.Policy, c.Policy)
}

// title says what changes.
func (s *sizing) title(best *demand.Option) string {
	was, will := s.present, best
	title := fmt.Sprintf("%s → %s", sizeText(was.Size), sizeText(will.Size))
	if was.Size == will.Size {
		title = sizeText(was.Size)
	}
	if was.Policy.Min != will.Policy.Min || was.Policy.Max != will.Policy.Max {
		title += ", " + boundsText(was.Policy) + " → " + boundsText(will.Policy)
	}
	if a, b := targetText(was.Policy), targetText(will.Policy); a != b {
		title += ", target " + a + " → " + b
	}
	return title
}

func sizeText(s demand.Size) string { return design.Size{VCPU: s.VCPU, GB: s.GB}.String() }

func boundsText(p demand.Policy) string {
	if p.Min == p.Max {
		return fmt.Sprintf("%v tasks", p.Min)
	}
	return fmt.Sprintf("%v to %v tasks", p.Min, p.Max)
}

func targetText(p demand.Policy) string {
	var parts []string
	for _, t := range p.Targets {
		if t.Metric == demand.MetricRequests {
			parts = append(parts, fmt.Sprintf("%v requests", t.Value))
		} else {
			parts = append(parts, fmt.Sprintf("%v %% %s", math.Round(t.Value*100), t.Metric))
		}
	}
	return strings.Join(parts, " and ")
}
