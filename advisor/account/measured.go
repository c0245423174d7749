package account

import (
	"math"
	"time"

	"ecsavvy/advisor/demand"
)

// Size is what a task is given.
type Size struct{ VCPU, GB float64 }

// The namespaces of what is measured of services.
const (
	Insights = "ECS/ContainerInsights"
	Free     = "AWS/ECS"
)

// Measured turns the measurements of a service, or of a task family, into the units
// of the demand. What was not measured is an empty series; what needs the size of
// the task, and task does not say it (NaN or 0), is too.
//
//   - ECS/ContainerInsights has a sample of each task each minute. The Sum of
//     CpuUtilized over the minutes of a step is CPU units over all tasks, of which
//     1,024 are a vCPU; the Average is that of one task, and needs the number of
//     tasks. MemoryUtilized is labelled Megabytes and is MiB. RunningTaskCount is a
//     sample of the service each minute.
//   - AWS/ECS has percentages of the task's size, a sample of each task each minute:
//     their Average × tasks × size is what is used, their SampleCount is how many
//     tasks there were, their Maximum is the hottest task.
//
// Container Insights comes first, since a change of the task's size does not bend its
// units; AWS/ECS, whose percentages are of the size at the time, stands in for what
// it does not have. Of a container, take its Series.
// Sources: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html,
// docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html. The
// console's own graphs divide the Sum of CpuUtilized by that of CpuReserved.
func (s *Snapshot) Measured(resource Resource, task Size) (demand.Measured, error) {
	all, err := s.Series(resource)
	if err != nil {
		return demand.Measured{}, err
	}
	return MeasuredOf(all, task), nil
}

// MeasuredOf is Measured of measurements at hand, all of one service.
func MeasuredOf(all []Measurement, task Size) demand.Measured {
	g, ok := newGrid(all)
	if !ok {
		return demand.Measured{}
	}
	minutes := g.step.Minutes()
	cpu, memory := func(stat string) []float64 { return g.get(Free, "CPUUtilization", stat) },
		func(stat string) []float64 { return g.get(Free, "MemoryUtilization", stat) }

	tasks := g.get(Insights, "RunningTaskCount", "Average")
	if tasks == nil {
		tasks = scaled(firstOf(g.get(Insights, "CpuUtilized", "SampleCount"), cpu("SampleCount"),
			g.get(Insights, "MemoryUtilized", "SampleCount"), memory("SampleCount")), 1/minutes)
	}
	percent := func(values []float64, size float64) []float64 {
		if !(size > 0) {
			return nil
		}
		return times(scaled(values, size/100), tasks)
	}
	share := func(values []float64, unit, size float64) []float64 {
		if !(size > 0) {
			return nil
		}
		return scaled(values, 1/(unit*size))
	}
	m := demand.Measured{Tasks: g.series(tasks), TaskVCPU: max(0, task.VCPU)}
	work := firstOf(
		scaled(g.get(Insights, "CpuUtilized", "Sum"), 1/(1024*minutes)),
		times(scaled(g.get(Insights, "CpuUtilized", "Average"), 1.0/1024), tasks),
	)
	if m.Source = Insights; work == nil && cpu("Average") != nil {
		m.Source, work = Free, percent(cpu("Average"), task.VCPU)
	}
	m.Work = g.series(work)
	m.Memory = g.series(firstOf(
		scaled(g.get(Insights, "MemoryUtilized", "Sum"), 1/(1024*minutes)),
		times(scaled(g.get(Insights, "MemoryUtilized", "Average"), 1.0/1024), tasks),
		percent(memory("Average"), task.GB),
	))
	m.HotCPU = g.series(firstOf(
		share(g.get(Insights, "CpuUtilized", "Maximum"), 1024, task.VCPU),
		scaled(cpu("Maximum"), 1.0/100),
	))
	m.HotMemory = g.series(firstOf(
		share(g.get(Insights, "MemoryUtilized", "Maximum"), 1024, task.GB),
		scaled(memory("Maximum"), 1.0/100),
	))
	m.Requests = g.series(scaled(g.get("AWS/ApplicationELB", "RequestCount", "Sum"), 1/g.step.Seconds()))
	return m
}

// grid puts measurements on one start and one step: the finest step that the CPU
// was measured in, else that any was. Other steps are left out.
type grid struct {
	start time.Time
	step  time.Duration
	n     int
	all   []Measurement
}

func newGrid(all []Measurement) (*grid, bool) {
	g := &grid{}
	for _, cpuOnly := range []bool{true, false} {
		for _, m := range all {
			isCPU := m.Metric.Name == "CpuUtilized" || m.Metric.Name == "CPUUtilization"
			if (isCPU || !cpuOnly) && len(m.Series.Values) > 0 && m.Series.Step > 0 && (g.step == 0 || m.Series.Step < g.step) {
				g.step = m.Series.Step
			}
		}
		if g.step > 0 {
			break
		}
	}
	var end time.Time
	for _, m := range all {
		if m.Series.Step != g.step || len(m.Series.Values) == 0 {
			continue
		}
		if g.start.IsZero() || m.Series.Start.Before(g.start) {
			g.start = m.Series.Start
		}
		if e := m.Series.End(); e.After(end) {
			end = e
		}
		g.all = append(g.all, m)
	}
	if g.step == 0 || end.Sub(g.start)/g.step > maxPoints {
		return nil, false
	}
	g.n = int(end.Sub(g.start) / g.step)
	return g, true
}

// get is a metric on the grid, nil where it was not measured.
func (g *grid) get(namespace, name, statistic string) []float64 {
	for _, m := range g.all {
		if m.Metric != (Metric{namespace, name, statistic}) {
			continue
		}
		offset := int(m.Series.Start.Sub(g.start) / g.step)
		if offset == 0 && len(m.Series.Values) == g.n {
			return m.Series.Values
		}
		values := make([]float64, g.n)
		for i := range values {
			values[i] = math.NaN()
		}
		copy(values[offset:], m.Series.Values)
		return values
	}
	return nil
}

func (g *grid) series(values []float64) demand.Series {
	if values == nil {
		return demand.Series{}
	}
	return demand.Series{Start: g.start, Step: g.step, Values: values}
}

// scaled is values × factor, nil for none.
func scaled(values []float64, factor float64) []float64 {
	if values == nil {
		return nil
	}
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v * factor
	}
	return out
}

// times multiplies point by point, nil where either is not there.
func times(a, b []float64) []float64 {
	if a == nil || b == nil {
		return nil
	}
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] * b[i]
	}
	return out
}

// firstOf is the first that is there.
func firstOf(all ...[]float64) []float64 {
	for _, values := range all {
		if values != nil {
			return values
		}
	}
	return nil
}
