package demand

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"
)

// design is what a rule chooses: a size and a policy.
type design struct {
	size   Size
	policy Policy
}

// rule is a way to choose a design from what was measured of the present one.
type rule struct {
	name   string
	choose func(t *testing.T, m Measured, now design) design
}

// rules are the incumbents and ours. The incumbents size a task and leave the
// count, or the policy, as it is: that is what they do. KRR's numbers are those
// of its simple strategy, VPA's of its recommender, Compute Optimizer's are the
// published defaults for EC2 instances: for ECS AWS publishes none.
func rules() []rule {
	share := func(f func(sorted []float64) float64, margin float64) func(Series) float64 {
		return func(s Series) float64 {
			known := slices.DeleteFunc(slices.Clone(s.Values), math.IsNaN)
			slices.Sort(known)
			return margin * f(known)
		}
	}
	at := func(p float64) func([]float64) float64 {
		return func(sorted []float64) float64 { return sorted[int(math.Ceil(p*float64(len(sorted))))-1] }
	}
	sized := func(cpu, memory func(Series) float64) func(*testing.T, Measured, design) design {
		return func(_ *testing.T, m Measured, now design) design {
			return design{fitting(Size{cpu(m.HotCPU) * now.size.VCPU, memory(m.HotMemory) * now.size.GB}), now.policy}
		}
	}
	return []rule{
		{"unchanged", func(_ *testing.T, _ Measured, now design) design { return now }},
		{"KRR: P95 CPU, max memory +15 %", sized(share(at(0.95), 1), share(at(1), 1.15))},
		{"VPA: decayed P90 +15 %", sized(decayedP90(false), decayedP90(true))},
		{"Compute Optimizer: P99.5 +20 %", sized(share(at(0.995), 1.2), share(at(0.995), 1.2))},
		{"ours, bold", ours(Bold())},
		{"ours, balanced", ours(Balanced())},
		{"ours, cautious", ours(Cautious())},
	}
}

// fitting is the cheapest size of the ladder that holds a need, the largest
// where none does.
func fitting(need Size) Size {
	var best Size
	for _, s := range ladder() {
		if s.VCPU >= need.VCPU-1e-9 && s.GB >= need.GB-1e-9 && (best.VCPU == 0 || usdPerHour(s) < usdPerHour(best)) {
			best = s
		}
	}
	if best.VCPU == 0 {
		return Size{32, 244}
	}
	return best
}

// decayedP90 is VPA's target: the P90 of samples that lose half their weight a
// day, +15 %; of memory only the peak of each day is a sample.
func decayedP90(dailyPeak bool) func(Series) float64 {
	return func(s Series) float64 {
		type sample struct{ value, weight float64 }
		var samples []sample
		perDay := int(24 * time.Hour / s.Step)
		for i, v := range s.Values {
			if math.IsNaN(v) {
				continue
			}
			if last := len(samples) - 1; dailyPeak && i%perDay != 0 && last >= 0 {
				samples[last].value = max(samples[last].value, v)
				continue
			}
			samples = append(samples, sample{v, math.Exp2(float64(i-len(s.Values)) / float64(perDay))})
		}
		slices.SortFunc(samples, func(a, b sample) int {
			if a.value < b.value {
				return -1
			}
			return 1
		})
		total, sum := 0.0, 0.0
		for _, x := range samples {
			total += x.weight
		}
		for _, x := range samples {
			if sum += x.weight; sum >= 0.9*total {
				return 1.15 * x.value
			}
		}
		return math.NaN()
	}
}

// ours searches size, count and target together.
func ours(penalty Penalty) func(*testing.T, Measured, design) design {
	return func(t *testing.T, m Measured, now design) design {
		mem, err := FitMemory(m, now.size)
		if err != nil {
			t.Fatal(err)
		}
		options, err := Search(context.Background(), m, mem, math.NaN(), backtestCandidates(m), penalty, 730)
		if err != nil {
			t.Fatal(err)
		}
		return design{options[0].Size, options[0].Policy}
	}
}

// backtestCandidates are sizes up to 4 vCPU, by target tracking from 2 tasks
// on, and as fixed counts around what the peak needs.
func backtestCandidates(m Measured) []Candidate {
	sizes := slices.DeleteFunc(ladder(), func(s Size) bool { return s.VCPU > 4 || s.GB > 16 })
	all := ladderCandidates(sizes, []float64{0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9}, []float64{2})
	peak := 0.0
	for _, w := range m.Work.Values {
		if w > peak {
			peak = w
		}
	}
	for _, s := range sizes {
		last := 0.0
		for _, room := range []float64{0.5, 0.75, 1, 1.25, 1.5, 2} {
			if n := max(2, math.Ceil(peak*room/s.VCPU)); n != last {
				all = append(all, Candidate{s, usdPerHour(s), Fixed(n), "fixed"})
				last = n
			}
		}
	}
	return all
}
