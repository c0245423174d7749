package demand

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// ladder is every Linux size of Fargate but the largest (AmazonECS developer
// guide, "Task size"; 77 with 32 vCPU).
func ladder() []Size {
	var sizes []Size
	add := func(vcpu, from, to, step float64) {
		for gb := from; gb <= to; gb += step {
			sizes = append(sizes, Size{vcpu, gb})
		}
	}
	sizes = append(sizes, Size{0.25, 0.5}, Size{0.25, 1}, Size{0.25, 2})
	add(0.5, 1, 4, 1)
	add(1, 2, 8, 1)
	add(2, 4, 16, 1)
	add(4, 8, 30, 1)
	add(8, 16, 60, 4)
	add(16, 32, 120, 8)
	return append(sizes, Size{32, 60}, Size{32, 120}, Size{32, 244})
}

// ladderCandidates are all sizes × targets × minimums.
func ladderCandidates(sizes []Size, targets, lows []float64) []Candidate {
	var all []Candidate
	for _, s := range sizes {
		for _, low := range lows {
			for _, u := range targets {
				all = append(all, Candidate{s, usdPerHour(s), Tracking(low, 200, Target{Metric: MetricCPU, Value: u}),
					fmt.Sprintf("%v vCPU %v GB, %v at least, %v %%", s.VCPU, s.GB, low, 100*u)})
			}
		}
	}
	return all
}

// generated is a service of so many days: by day and week, noise, spikes; at
// a fixed count of 1 vCPU tasks whose memory follows the model.
func generated(rng *rand.Rand, days int, step time.Duration) (Measured, Size, MemoryModel) {
	perDay := int(24 * time.Hour / step)
	work := make([]float64, days*perDay)
	level, swing, weekend := 0.3+3*rng.ExpFloat64(), 4*rng.Float64(), 0.4+0.6*rng.Float64()
	noise, spike := 0.0, 0.0
	for i := range work {
		hour := 24 * float64(i%perDay) / float64(perDay)
		w := level * (1 + swing*max(0, math.Sin(math.Pi*(hour-6)/12)))
		if day := i / perDay % 7; day >= 5 {
			w *= weekend
		}
		noise = 0.9*noise + 0.05*rng.NormFloat64()
		spike *= 0.8
		if rng.Float64() < 0.0005 {
			spike = rng.ExpFloat64()
		}
		work[i] = w * max(0.05, 1+noise+spike)
	}
	m := Measured{Work: seriesOf(step, work...)}
	peak := 0.0
	for _, w := range work {
		peak = max(peak, w)
	}
	mem := MemoryModel{Base: 0.2 + rng.Float64(), PerVCPU: 1.5 * rng.Float64(), Hot: 1 + 0.2*rng.Float64()}
	size := Size{1, 4}
	return observe(m, mem, size, Fixed(math.Ceil(peak*1.3)), rng), size, mem
}

// observe is what would be measured of the demand under a policy: work is
// conserved; tasks, memory and utilisation are the policy's.
func observe(m Measured, mem MemoryModel, size Size, p Policy, rng *rand.Rand) Measured {
	out, err := Replay(m, mem, size, p)
	if err != nil {
		panic(err)
	}
	n := len(m.Work.Values)
	like := func() Series { return Series{Start: m.Work.Start, Step: m.Work.Step, Values: make([]float64, n)} }
	seen := Measured{Work: m.Work, Requests: m.Requests, Tasks: out.Tasks, Memory: like(), HotMemory: like(), HotCPU: like(), Source: "generated"}
	for i, tasks := range out.Tasks.Values {
		each := min(m.Work.Values[i]/tasks, size.VCPU)
		seen.Memory.Values[i] = tasks * mem.At(each) * (1 + 0.01*rng.NormFloat64())
		seen.HotMemory.Values[i] = mem.HotAt(each) * (1 + 0.01*rng.NormFloat64()) / size.GB
		seen.HotCPU.Values[i] = each / size.VCPU
	}
	return seen
}

// bruteForce is the definition: every candidate replayed on its own.
func bruteForce(t *testing.T, m Measured, mem MemoryModel, need float64, all []Candidate, p Penalty) (best Option, count int) {
	t.Helper()
	best.Score = math.Inf(1)
	for _, c := range all {
		if c.Policy.Targets[0].Value > p.MaxUtilisation {
			continue
		}
		out, err := ReplayBurst(m, mem, c.Size, c.Policy, p.Burst)
		if err != nil {
			t.Fatal(err)
		}
		if c.Size.GB < need+mem.shift(out.PeakWork)-1e-9 {
			continue
		}
		count++
		o := Option{Candidate: c, Outcome: out, USDPerMonth: out.Mean * 730 * c.USDPerTaskHour,
			ThrottledMinutesPerMonth: out.BurstMinutes * 730 / out.Hours,
			OOMProbability:           mem.OverProbability(c.Size.GB, out.PeakWork, 730.0/24)}
		o.Score = o.USDPerMonth + o.ThrottledMinutesPerMonth*p.USDPerThrottledMinute + mem.OverDays(c.Size.GB, out.PeakWork, 730.0/24)*p.USDPerOOM
		if o.Score < best.Score {
			best = o
		}
	}
	return best, count
}

func TestSearchIsBruteForce(t *testing.T) {
	sizes := []Size{{0.25, 1}, {0.25, 2}, {0.5, 1}, {0.5, 2}, {1, 2}, {1, 3}, {2, 4}, {4, 8}}
	all := ladderCandidates(sizes, []float64{0.4, 0.6, 0.8}, []float64{1, 3})
	for i := range all { // some follow memory, and cannot share a replay
		if i%5 == 0 {
			all[i].Policy.Targets = append(all[i].Policy.Targets, Target{Metric: MetricMemory, Value: 0.7})
		}
	}
	for seed := range uint64(12) {
		m, size, _ := generated(rand.New(rand.NewPCG(seed, 1)), 3, 10*time.Minute)
		mem, err := FitMemory(m, size)
		if err != nil {
			t.Fatal(err)
		}
		for _, penalty := range []Penalty{Cautious(), Balanced(), Bold()} {
			need := 0.8
			want, count := bruteForce(t, m, mem, need, all, penalty)
			got, err := Search(context.Background(), m, mem, need, all, penalty, 730)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != count {
				t.Errorf("seed %d: %d options, want %d", seed, len(got), count)
			}
			near(t, "score", got[0].Score, want.Score, 1e-9*want.Score)
			near(t, "minutes over memory", got[0].Outcome.MemoryOverMinutes, want.Outcome.MemoryOverMinutes, 1e-9)
			if got[0].Label != want.Label {
				t.Errorf("seed %d: %s, want %s", seed, got[0].Label, want.Label)
			}
			for i := range got[1:] {
				if got[i].Score > got[i+1].Score {
					t.Fatalf("seed %d: option %d scores %v, the next %v", seed, i, got[i].Score, got[i+1].Score)
				}
			}
		}
	}
}

// Taking the advice, measuring anew (with other noise in the memory) and
// searching again changes nothing: work is conserved.
func TestSearchDoesNotSpiral(t *testing.T) {
	all := ladderCandidates(ladder()[:40], []float64{0.4, 0.5, 0.6, 0.7}, []float64{2})
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 2))
		m, size, truth := generated(rng, 7, 10*time.Minute)
		var labels []string
		for range 4 {
			mem, err := FitMemory(m, size)
			if err != nil {
				t.Fatal(err)
			}
			options, err := Search(context.Background(), m, mem, math.NaN(), all, Balanced(), 730)
			if err != nil {
				t.Fatal(err)
			}
			labels = append(labels, options[0].Label)
			size = options[0].Size
			m = observe(m, truth, size, options[0].Policy, rng)
		}
		for _, label := range labels[1:] {
			if label != labels[0] {
				t.Errorf("seed %d: %q", seed, labels)
				break
			}
		}
	}
}

func TestSearchPenalties(t *testing.T) {
	m, size, _ := generated(rand.New(rand.NewPCG(5, 5)), 7, 5*time.Minute)
	mem, err := FitMemory(m, size)
	if err != nil {
		t.Fatal(err)
	}
	all := ladderCandidates(ladder()[:20], []float64{0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, []float64{1, 2})
	best := func(p Penalty) Option {
		options, err := Search(context.Background(), m, mem, math.NaN(), all, p, 730)
		if err != nil {
			t.Fatal(err)
		}
		return options[0]
	}
	cautious, balanced, bold := best(Cautious()), best(Balanced()), best(Bold())
	if !(cautious.USDPerMonth >= balanced.USDPerMonth && balanced.USDPerMonth >= bold.USDPerMonth) {
		t.Errorf("USD a month: cautious %v, balanced %v, bold %v: want them to fall", cautious.USDPerMonth, balanced.USDPerMonth, bold.USDPerMonth)
	}
	// For fixed bursts, dearer minutes buy fewer of them.
	last := math.Inf(1)
	for _, usd := range []float64{0, 0.01, 0.1, 1, 10} {
		o := best(Penalty{USDPerThrottledMinute: usd, USDPerOOM: 50, Burst: 1.3})
		if o.ThrottledMinutesPerMonth > last+1e-9 {
			t.Errorf("at %v USD a minute: %v throttled minutes, more than %v", usd, o.ThrottledMinutesPerMonth, last)
		}
		last = o.ThrottledMinutesPerMonth
	}
}

func TestSearchErrors(t *testing.T) {
	m := Measured{Work: seriesOf(time.Minute, 1, 2)}
	one := []Candidate{{Size{1, 2}, 0.05, Fixed(2), "a"}}
	search := func(ctx context.Context, need float64, c []Candidate, p Penalty, hours float64) error {
		_, err := Search(ctx, m, MemoryModel{Base: 1}, need, c, p, hours)
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	wantError(t, search(ctx, 4, one, Bold(), 730), "demand: search: none of 1 candidates has a target of at most 0.9 and the 4 GB that a task needs")
	wantError(t, search(ctx, 1, one, Bold(), 0), "demand: search: 0 hours a month: want more than 0")
	wantError(t, search(ctx, 1, []Candidate{{Size: Size{1, 2}, USDPerTaskHour: math.NaN(), Label: "x"}}, Bold(), 730), "demand: search: candidates[0] x: NaN USD a task-hour: want a price")
	wantError(t, search(ctx, 1, []Candidate{{Size{1, 2}, 1, Policy{Max: 1}, "x"}}, Bold(), 730), "demand: search: candidates[0] x: demand: policy: bounds 0 to 1 and nothing that moves the count: want a target, steps or a schedule")
	wantError(t, search(ctx, 1, one, Penalty{Burst: 0.5}, 730), "demand: search: penalty {USDPerThrottledMinute:0 USDPerOOM:0 Burst:0.5 MaxUtilisation:0}: want no negative values, and a burst factor of 0 or at least 1")
	cancel()
	wantError(t, search(ctx, 1, one, Bold(), 730), "demand: search: context canceled")
}

func TestFitMemory(t *testing.T) {
	for seed := range uint64(20) {
		m, size, truth := generated(rand.New(rand.NewPCG(seed, 3)), 7, 10*time.Minute)
		fit, err := FitMemory(m, size)
		if err != nil {
			t.Fatal(err)
		}
		if fit.Unsure {
			t.Errorf("seed %d: not sure of %+v", seed, truth)
		}
		for _, work := range []float64{0.1, 0.5, 0.9} {
			near(t, "GB", fit.At(work), truth.At(work), 0.03*truth.At(work))
		}
		near(t, "hot task", fit.Hot, truth.Hot, 0.05)
	}
	// Constant work: nothing tells base from slope, so both ends are feared.
	m := Measured{Work: seriesOf(time.Hour, repeat(2, 48)...), Memory: seriesOf(time.Hour, repeat(3, 48)...), Tasks: seriesOf(time.Hour, repeat(4, 48)...)}
	fit, err := FitMemory(m, Size{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	if !fit.Unsure {
		t.Error("sure of a slope that nothing shows")
	}
	near(t, "at half the work", fit.At(0.25), 0.75, 1e-12)
	near(t, "at twice the work", fit.At(1), 1.5, 1e-12)
	_, err = FitMemory(Measured{}, Size{1, 2})
	wantError(t, err, "demand: fitting memory: no step with tasks, work and memory")
	_, err = FitMemory(m, Size{})
	wantError(t, err, "demand: fitting memory: current size 0 vCPU, 0 GB: want both above 0")
}

// BenchmarkSearch is a service: 77 sizes × 6 targets × 3 minimums, 14 days of 60 s.
func BenchmarkSearch(b *testing.B) {
	m, size, _ := generated(rand.New(rand.NewPCG(1, 1)), 14, time.Minute)
	mem, err := FitMemory(m, size)
	if err != nil {
		b.Fatal(err)
	}
	all := ladderCandidates(ladder(), []float64{0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, []float64{1, 2, 3})
	for b.Loop() {
		if _, err := Search(context.Background(), m, mem, math.NaN(), all, Penalty{Burst: 1.3, USDPerOOM: 1, USDPerThrottledMinute: 1}, 730); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(all)), "candidates")
}
