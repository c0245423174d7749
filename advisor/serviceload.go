package advisor

import (
	"math"
	"time"

	"ecsavvy/advisor/demand"
)

// ServiceLoad is what a service used against what it has, and would have by its
// right-size recommendation or fix, step by step. NaN where nothing was measured.
type ServiceLoad struct {
	Subject Subject
	Start   time.Time
	Step    time.Duration
	// Work is vCPU in use over all tasks; Now and Then are vCPU of the tasks that
	// the present policy and the recommended one run, by replay. Then is nil where
	// nothing is recommended.
	Work, Now, Then []float64
	// Memory is GB in use of the hottest task, empty where not measured, beside
	// the task's memory now and then.
	Memory                []float64
	MemoryNow, MemoryThen float64
}

// load is the load of the service being sized; best is nil where it stays as it is.
func (s *sizing) load(best *demand.Option) ServiceLoad {
	work := s.measured.Work
	l := ServiceLoad{
		Subject: s.subject, Start: work.Start, Step: work.Step, Work: work.Values,
		Now: capacityOf(s.outcome, s.present.Size), MemoryNow: s.present.Size.GB, MemoryThen: s.present.Size.GB,
	}
	for _, v := range s.measured.HotMemory.Values {
		l.Memory = append(l.Memory, v*s.present.Size.GB)
	}
	if best == nil {
		return l
	}
	// Its policy was replayed in the search already, which keeps no series.
	if o, err := demand.Replay(s.measured, s.memory, best.Size, best.Policy); err == nil {
		l.Then, l.MemoryThen = capacityOf(o, best.Size), best.Size.GB
	}
	return l
}

// capacityOf is the vCPU of a replay's tasks.
func capacityOf(o demand.Outcome, size demand.Size) []float64 {
	out := make([]float64, len(o.Tasks.Values))
	for i, n := range o.Tasks.Values {
		out[i] = math.NaN()
		if !math.IsNaN(n) {
			out[i] = n * size.VCPU
		}
	}
	return out
}
