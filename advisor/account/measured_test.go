package account

import (
	"fmt"
	"math"
	"testing"
	"time"

	"ecsavvy/advisor/demand"
)

// read is a measurement of five-minute points.
func read(namespace, name, statistic string, values ...float64) Measurement {
	s := series(values)
	s.Step = 5 * time.Minute
	return Measurement{Metric: Metric{namespace, name, statistic}, Series: s}
}

// The units of CloudWatch come out as vCPU, GB and tasks, by hand.
func TestMeasured(t *testing.T) {
	nan := math.NaN()
	free := []Measurement{
		read(Free, "CPUUtilization", "Average", 50, 25, nan), read(Free, "CPUUtilization", "Maximum", 80, 40, nan), read(Free, "CPUUtilization", "SampleCount", 20, 10, nan),
		read(Free, "MemoryUtilization", "Average", 40, 40, nan), read(Free, "MemoryUtilization", "Maximum", 60, 50, nan),
	}
	insights := []Measurement{
		// Two tasks, each of 256 CPU units: 10 samples in five minutes, 2,560 in all, of which the mean minute has 512 = 0.5 vCPU.
		read(Insights, "CpuUtilized", "Sum", 2560, 5120, nan), read(Insights, "CpuUtilized", "Maximum", 300, 512, nan),
		// 10 samples of 1,024 MiB: 2 GB over both tasks.
		read(Insights, "MemoryUtilized", "Sum", 10240, 5120, nan), read(Insights, "MemoryUtilized", "Maximum", 1536, 1024, nan),
		read(Insights, "RunningTaskCount", "Average", 2, 2, 0),
	}
	for name, row := range map[string]struct {
		all  []Measurement
		task Size
		want string
	}{
		// 50 % of 1 vCPU in 20 ÷ 5 = 4 tasks is 2 vCPU.
		"free metrics": {free, Size{1, 2}, "AWS/ECS work[2 0.5 NaN] memory[3.2 1.6 NaN] hot[0.8 0.4 NaN] [0.6 0.5 NaN] tasks[4 2 NaN] requests[]"},
		"insights":     {insights, Size{1, 2}, "ECS/ContainerInsights work[0.5 1 NaN] memory[2 1 NaN] hot[0.29296875 0.5 NaN] [0.75 0.5 NaN] tasks[2 2 0] requests[]"},
		"both": {append(append([]Measurement{}, free...), insights...), Size{1, 2},
			"ECS/ContainerInsights work[0.5 1 NaN] memory[2 1 NaN] hot[0.29296875 0.5 NaN] [0.75 0.5 NaN] tasks[2 2 0] requests[]"},
		"averages of insights": {[]Measurement{read(Insights, "CpuUtilized", "Average", 256), read(Insights, "MemoryUtilized", "Average", 1024), read(Insights, "RunningTaskCount", "Average", 3)},
			Size{1, 2}, "ECS/ContainerInsights work[0.75] memory[3] hot[] [] tasks[3] requests[]"},
		// AWS labels it "Megabytes"; it is MiB: 512 on a task of 1,024 MiB is a half.
		"the unit of insights' memory": {[]Measurement{read(Insights, "MemoryUtilized", "Maximum", 512), read(Insights, "RunningTaskCount", "Average", 1)},
			Size{0.25, 1}, "ECS/ContainerInsights work[] memory[] hot[] [0.5] tasks[1] requests[]"},
		"a size that nobody knows": {free, Size{math.NaN(), 0}, "AWS/ECS work[] memory[] hot[0.8 0.4 NaN] [0.6 0.5 NaN] tasks[4 2 NaN] requests[]"},
		"no number of tasks":       {free[:1], Size{1, 2}, "AWS/ECS work[] memory[] hot[] [] tasks[] requests[]"},
		"requests":                 {[]Measurement{read("AWS/ApplicationELB", "RequestCount", "Sum", 600)}, Size{1, 2}, "ECS/ContainerInsights work[] memory[] hot[] [] tasks[] requests[2]"},
		"nothing":                  {nil, Size{1, 2}, " work[] memory[] hot[] [] tasks[] requests[]"},
	} {
		t.Run(name, func(t *testing.T) {
			m := MeasuredOf(row.all, row.task)
			got := fmt.Sprint(m.Source, " work", m.Work.Values, " memory", m.Memory.Values, " hot", m.HotCPU.Values, m.HotMemory.Values, " tasks", m.Tasks.Values, " requests", m.Requests.Values)
			if got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

// Series of one step lie on one grid; those of another are left out.
func TestMeasuredOnOneGrid(t *testing.T) {
	late := read(Insights, "RunningTaskCount", "Average", 3, 3)
	late.Series.Start = late.Series.Start.Add(10 * time.Minute)
	coarse := read(Free, "CPUUtilization", "Maximum", 90)
	coarse.Series.Step = time.Hour
	m := MeasuredOf([]Measurement{read(Insights, "CpuUtilized", "Sum", 5120, 5120, 5120), late, coarse}, Size{1, 2})
	for _, s := range []demand.Series{m.Work, m.Tasks} {
		if !s.Start.Equal(late.Series.Start.Add(-10*time.Minute)) || s.Step != 5*time.Minute || len(s.Values) != 4 {
			t.Errorf("%v", s)
		}
	}
	if got := fmt.Sprint(m.Work.Values, m.Tasks.Values, len(m.HotCPU.Values)); got != "[1 1 1 NaN] [NaN NaN 3 3] 0" {
		t.Error(got)
	}
}
