package demand

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// fleet is two weeks of tasks of 2 vCPU, the hottest of which works hot times as
// much as the mean; at rest (every third step) it works 20 times as much.
func fleet(rng *rand.Rand, hot float64) Measured {
	m := Measured{TaskVCPU: 2}
	for i := range 14 * 1440 {
		tasks, load, ratio := 4.0, 0.3+0.05*rng.NormFloat64(), hot*(1+0.05*rng.NormFloat64())
		if i%3 == 0 {
			load, ratio = 0.01, 20
		}
		m.Tasks.Values = append(m.Tasks.Values, tasks)
		m.Work.Values = append(m.Work.Values, tasks*load*2)
		m.HotCPU.Values = append(m.HotCPU.Values, load*ratio)
	}
	for _, s := range []*Series{&m.Tasks, &m.Work, &m.HotCPU} {
		s.Start, s.Step = aMonday(), time.Minute
		punch(rng, s.Values, 0.1)
	}
	return m
}

func TestHotTaskRatio(t *testing.T) {
	for _, hot := range []float64{1, 1.5, 2.5} {
		ratio, ok := HotTaskRatio(fleet(rand.New(rand.NewPCG(1, 1)), hot))
		if !ok {
			t.Fatal("cannot judge")
		}
		near(t, "ratio", ratio, hot, 0.02)
	}
}

func TestHotTaskRatioCannotJudge(t *testing.T) {
	whole := fleet(rand.New(rand.NewPCG(1, 1)), 2)
	tests := []struct {
		name   string
		change func(m *Measured)
	}{
		{"size unknown", func(m *Measured) { m.TaskVCPU = 0 }},
		{"size not a number", func(m *Measured) { m.TaskVCPU = math.NaN() }},
		{"hottest task not read", func(m *Measured) { m.HotCPU = Series{} }},
		{"tasks not read", func(m *Measured) { m.Tasks = Series{} }},
		{"one task", func(m *Measured) {
			m.Tasks.Values = make([]float64, len(m.Tasks.Values))
			for i := range m.Tasks.Values {
				m.Tasks.Values[i] = 1
			}
		}},
		{"too short", func(m *Measured) {
			m.Tasks.Values, m.Work.Values, m.HotCPU.Values = m.Tasks.Values[:40], m.Work.Values[:40], m.HotCPU.Values[:40]
		}},
		{"nothing", func(m *Measured) { *m = Measured{TaskVCPU: 1} }},
	}
	for _, test := range tests {
		m := whole
		test.change(&m)
		if ratio, ok := HotTaskRatio(m); ok {
			t.Errorf("%s: a ratio of %v", test.name, ratio)
		}
	}
}

func BenchmarkHotTaskRatio(b *testing.B) {
	m := fleet(rand.New(rand.NewPCG(1, 1)), 2)
	for b.Loop() {
		HotTaskRatio(m)
	}
}
