package demand

import "math"

const (
	// leastBusySteps is the fewest steps to judge an imbalance by: half an hour at
	// 60 s. A choice.
	leastBusySteps = 30
	// busyShare is the share of steps, the busiest ones, that count: at rest the
	// ratio is that of background jobs.
	busyShare = 0.5
)

// HotTaskRatio is the CPU of the hottest task over that of the mean task: the
// median over the busier half of the steps with two tasks or more, 1 for a
// balanced service. Above 1.5 the load balancer is to be mended before the task
// is resized.
//
// It needs Work, Tasks and HotCPU, and the size that HotCPU is a share of
// (TaskVCPU); ok is false where one is missing or fewer than 30 steps qualify.
// At steps longer than 60 s HotCPU is a maximum over time as well, and the ratio
// is too high: read it at 60 s.
func HotTaskRatio(m Measured) (ratio float64, ok bool) {
	n := len(m.Work.Values)
	if !(m.TaskVCPU > 0) || len(m.Tasks.Values) != n || len(m.HotCPU.Values) != n {
		return 0, false
	}
	several := func(i int) bool {
		return m.Tasks.Values[i] >= 2 && m.Work.Values[i] > 0 && !math.IsNaN(m.HotCPU.Values[i])
	}
	values := make([]float64, 0, n)
	for i := range n {
		if several(i) {
			values = append(values, m.Work.Values[i])
		}
	}
	busy := quantileInPlace(values, 1-busyShare)
	values = values[:0]
	for i := range n {
		if several(i) && m.Work.Values[i] >= busy {
			mean := m.Work.Values[i] / m.Tasks.Values[i]
			values = append(values, m.HotCPU.Values[i]*m.TaskVCPU/mean)
		}
	}
	if len(values) < leastBusySteps {
		return 0, false
	}
	return medianInPlace(values), true
}
