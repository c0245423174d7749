package advisor

import (
	"context"
	"fmt"
	"math"

	"ecsavvy/advisor/demand"
)

// taskNeed is what one task of a service needs, for levers that put services
// together or size their reservations.
type taskNeed struct {
	// VCPU is the P99 of the mean task's CPU × the hottest task's ratio, GB the
	// return level of the hottest task's memory, raised to the floor of kills.
	VCPU, GB float64
	// Idle says that it does nothing (idle).
	Idle bool
	// Bound says so with figures.
	Bound string
	// Missing says why it is not known, "" where it is.
	Missing string
}

// fits reports whether a size holds the need.
func (n *taskNeed) fits(size demand.Size) bool { return n.VCPU <= size.VCPU && n.GB <= size.GB }

// taskNeeds notes what a task of the service needs. It recommends nothing itself:
// the levers that look at several services come after all services.
func taskNeeds(_ context.Context, c *serviceCase, _ *findings) error {
	facts := &c.site.facts[c.index]
	facts.need, facts.Starts = c.taskNeed(), c.starts()
	return nil
}

// starts adds up the rises of the number of running tasks, a month. Tasks that are
// replaced within a step do not show.
func (c *serviceCase) starts() float64 {
	n := c.measured.Tasks
	if n.Count() == 0 {
		return math.NaN()
	}
	rises, last := 0.0, math.NaN()
	for _, v := range n.Values {
		if math.IsNaN(v) {
			continue
		}
		if v = math.Round(v); v > last {
			rises += v - last
		}
		last = v
	}
	return rises * c.site.hours() / (float64(n.Count()) * n.Step.Hours())
}

func (c *serviceCase) taskNeed() taskNeed {
	if c.missing != "" {
		return taskNeed{Missing: c.missing}
	}
	if c.measured.Tasks.Count() == 0 {
		return taskNeed{Missing: "needs the number of running tasks: read it with depth standard"}
	}
	cpu, gb := c.service.Task.Sizes()
	s := &sizing{serviceCase: c, needGB: math.NaN(), hot: 1}
	if missing := s.memoryNeed(demand.Size{VCPU: cpu.Value, GB: gb.Value}); missing != "" {
		return taskNeed{Missing: missing}
	}
	p99, err := demand.QuantileOf(utilisation(c.measured, cpu.Value), 0.99, 0.9)
	if err != nil {
		return taskNeed{Missing: err.Error()}
	}
	if ratio, ok := demand.HotTaskRatio(c.measured); ok {
		s.hot = max(1, ratio)
	}
	n := taskNeed{VCPU: p99.Value * cpu.Value * s.hot, GB: s.needGB, Idle: p99.Value < idleAt}
	n.Bound = fmt.Sprintf("%s: P99 CPU of the hottest task %.3g vCPU, %d-day return level of its memory %.3g GB [%.3g, %.3g]",
		c.subject.Name, n.VCPU, memoryHorizon, n.GB, s.need.Low, s.need.High)
	return n
}
