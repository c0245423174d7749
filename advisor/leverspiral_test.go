package advisor_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// living is a service whose work goes on whatever its size: what is measured of it
// follows from its size and policy.
type living struct {
	name   string
	size   demand.Size
	policy demand.Policy
	// work is vCPU in use over all tasks; memory GB of a task at so many vCPU of
	// work of its own.
	work   func(i int) float64
	memory func(i int, perTask float64) float64
	hot    float64
	seed   uint64
}

const livingSteps = 14 * 288

func (l *living) hour(i int) float64 { return math.Mod(float64(i)/12, 168) }

// measured are the metrics of AWS/ECS under the present size and policy.
func (l *living) measured(t testing.TB) []account.Measurement {
	t.Helper()
	from := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	rnd := rand.New(rand.NewPCG(l.seed, 7))
	series := func() demand.Series {
		return demand.Series{Start: from, Step: 5 * time.Minute, Values: make([]float64, livingSteps)}
	}
	work, mean, top, count, memory, most := series(), series(), series(), series(), series(), series()
	for i := range work.Values {
		work.Values[i] = l.work(i) * math.Exp(0.05*rnd.NormFloat64())
	}
	replayed, err := demand.Replay(demand.Measured{Work: work}, demand.MemoryModel{}, l.size, l.policy)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range work.Values {
		n := max(1, math.Round(replayed.Tasks.Values[i]))
		use := w / n / l.size.VCPU
		mean.Values[i], top.Values[i] = 100*min(1, use), 100*min(1, use*l.hot)
		count.Values[i] = 5 * n
		gb := l.memory(i, min(w/n, l.size.VCPU))
		memory.Values[i], most.Values[i] = 100*gb/l.size.GB, 100*gb*(1.01+0.02*rnd.Float64())/l.size.GB
	}
	metric := func(name, statistic string, s demand.Series) account.Measurement {
		return account.Measurement{Metric: account.Metric{Namespace: "AWS/ECS", Name: name, Statistic: statistic}, Series: s}
	}
	return []account.Measurement{
		metric("CPUUtilization", "Average", mean), metric("CPUUtilization", "Maximum", top), metric("CPUUtilization", "SampleCount", count),
		metric("MemoryUtilization", "Average", memory), metric("MemoryUtilization", "Maximum", most),
	}
}

// livingSite is a site of them.
func livingSite(t testing.TB, all []living) advisor.Site {
	t.Helper()
	var buf bytes.Buffer
	out := account.NewWriter(&buf, account.WriterOptions{})
	w := design.Workload{Name: "living", Region: design.Know("us-east-1"), Clusters: []design.Cluster{{Name: "c"}}}
	running := map[string]design.Running{}
	if err := out.AddReplies(madeScope(), "ecs:DescribeClusters", []byte(`{"clusters":[]}`)); err != nil {
		t.Fatal(err)
	}
	for i := range all {
		l := &all[i]
		svc := fargateService(l.name, l.size.VCPU, l.size.GB, l.policy.Min)
		state := design.Running{}
		if len(l.policy.Targets) > 0 {
			svc.Count = design.CountProfile{Scaled: &design.ScaledCount{Min: design.Know(l.policy.Min), Max: design.Know(l.policy.Max)}}
			state.Scaling = &design.Scaling{Min: l.policy.Min, Max: l.policy.Max, Targets: []design.TargetTracking{{
				Name: "cpu", Metric: "ECSServiceAverageCPUUtilization", Value: 100 * l.policy.Targets[0].Value,
			}}}
		}
		w.Services = append(w.Services, svc)
		running["c/"+l.name] = state
		if err := out.AddSeries(account.Resource{Scope: madeScope(), Kind: "service", Cluster: "c", Name: l.name}, l.measured(t)); err != nil {
			t.Fatal(err)
		}
	}
	from := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	if err := out.Close(account.Manifest{Version: account.FormatVersion, From: from, To: from.AddDate(0, 0, 14), Period: 5 * time.Minute, Scopes: []account.Scope{madeScope()}}); err != nil {
		t.Fatal(err)
	}
	snapshot, err := account.Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return advisor.Site{Scope: madeScope(), Workload: w, Snapshot: snapshot, Running: running}
}

// follow makes a right-size recommendation: size and bounds as its change leaves
// them in the workload, the target as its patch sets it.
func (l *living) follow(t testing.TB, r *advisor.Recommendation, w design.Workload) {
	t.Helper()
	w.Services = slices.Clone(w.Services)
	at := slices.IndexFunc(w.Services, func(s design.Service) bool { return s.Name == l.name })
	tasks := w.Services[at].Count.Mean().Value
	if err := r.Change(&w); err != nil {
		t.Fatal(err)
	}
	svc := &w.Services[at]
	l.size = demand.Size{VCPU: svc.Task.CPU.Value, GB: svc.Task.Memory.Value}
	if len(l.policy.Targets) == 0 {
		l.policy = demand.Fixed(math.Round(l.policy.Min * svc.Count.Mean().Value / tasks))
		return
	}
	target := l.policy.Targets[0]
	for _, p := range r.Patches {
		if m := regexp.MustCompile(`"TargetValue":([0-9.]+)`).FindStringSubmatch(p.Text); m != nil {
			percent, err := strconv.ParseFloat(m[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			target.Value = percent / 100
		}
	}
	l.policy = demand.Tracking(svc.Count.Scaled.Min.Value, svc.Count.Scaled.Max.Value, target)
}

// bundledLiving are the Fargate stories of the bundled account.
func bundledLiving() []living {
	var all []living
	for k, s := range bundledStories() {
		if s.cluster == "batch" {
			continue
		}
		l := living{name: s.cluster + "-" + s.name, size: demand.Size{VCPU: s.vcpu, GB: s.gb}, policy: demand.Fixed(s.tasks(0, 0)), hot: s.hot, seed: uint64(k)}
		if s.cluster+s.name == "prodapi" {
			l.policy = demand.Tracking(4, 20, demand.Target{Metric: demand.MetricCPU, Value: 0.4})
		}
		l.work = func(i int) float64 { return s.cpu(i, l.hour(i)) }
		l.memory = func(i int, _ float64) float64 { return s.memory(i, l.hour(i)) }
		all = append(all, l)
	}
	return all
}

// generatedLiving are services of every kind: sizes of the ladder, fixed and
// scaled, with memory that is there and memory that follows the work.
func generatedLiving(n int, seed uint64) []living {
	rnd := rand.New(rand.NewPCG(seed, 1))
	ladder := design.Ladder(design.Linux)
	var all []living
	for k := range n {
		size := ladder[rnd.IntN(45)] // up to 2 vCPU
		l := living{name: fmt.Sprintf("s%d", k), size: demand.Size(size), hot: 1 + 0.3*rnd.Float64(), seed: rnd.Uint64()}
		count := float64(1 + rnd.IntN(5))
		l.policy = demand.Fixed(count)
		if k%2 == 1 {
			l.policy = demand.Tracking(count, 4*count, demand.Target{Metric: demand.MetricCPU, Value: 0.3 + 0.1*float64(rnd.IntN(5))})
		}
		most := count * size.VCPU * (0.1 + 0.5*rnd.Float64())
		base, per := size.GB*(0.1+0.4*rnd.Float64()), 0.2*rnd.Float64()*size.GB/size.VCPU
		l.work = func(i int) float64 { return most * (0.3 + 0.7*busy(l.hour(i))) }
		l.memory = func(_ int, w float64) float64 { return base + per*w }
		all = append(all, l)
	}
	return all
}

func adviseLiving(t testing.TB, site advisor.Site) advisor.Advice {
	t.Helper()
	return madeAdvice(t, site, advisor.LeverRightSize)
}

// The advice on its own outcome is to leave it: what was made smaller for its low
// utilisation is not made smaller again for what it then has.
func TestNoSpiral(t *testing.T) {
	n := 24
	if testing.Short() {
		n = 6
	}
	for name, all := range map[string][]living{"bundled": bundledLiving(), "generated": generatedLiving(n, 5)} {
		site := livingSite(t, all)
		changed := map[string]string{}
		for _, r := range adviseLiving(t, site).Recommendations {
			at := slices.IndexFunc(all, func(l living) bool { return l.name == r.Subject.Name })
			all[at].follow(t, &r, site.Workload)
			changed[r.Subject.Name] = r.Title
		}
		if len(changed) < 3 {
			t.Fatalf("%s: only %v were right-sized: the test proves nothing", name, changed)
		}
		again := adviseLiving(t, livingSite(t, all))
		for _, r := range again.Recommendations {
			t.Errorf("%s: %s: after %q comes %q, saving %.2f of %.2f", name, r.Subject.Name, changed[r.Subject.Name], r.Title, r.Saving.P50, r.Before)
		}
		for _, a := range again.Abstentions {
			if changed[a.Subject.Name] != "" {
				t.Errorf("%s: %s: after %q: %s", name, a.Subject.Name, changed[a.Subject.Name], a.Missing)
			}
		}
	}
}

// Where a new size lets memory be told from work for the first time, a second step
// may follow (4 of 480 services of seeds 10 to 29); a third does not.
func TestSecondStepIsTheLast(t *testing.T) {
	if testing.Short() {
		t.Skip("three rounds of 24 services")
	}
	all := generatedLiving(24, 13)
	var rounds []int
	for range 3 {
		site := livingSite(t, all)
		recommendations := adviseLiving(t, site).Recommendations
		for _, r := range recommendations {
			at := slices.IndexFunc(all, func(l living) bool { return l.name == r.Subject.Name })
			all[at].follow(t, &r, site.Workload)
		}
		rounds = append(rounds, len(recommendations))
	}
	if rounds[0] < 12 || rounds[1] > 1 || rounds[2] != 0 {
		t.Errorf("%v services change in three rounds, want many, one at most, none", rounds)
	}
}

// What services share has nothing left to change either.
func TestPlanLeavesNothingShared(t *testing.T) {
	shared := []advisor.Lever{advisor.LeverOrphan, advisor.LeverLogs, advisor.LeverImageStorage, advisor.LeverInsights, advisor.LeverNAT, advisor.LeverLoadBalancer}
	sites := bundledSites(t)
	options := advisor.AdviseOptions{Penalty: demand.Balanced(), Draws: 50, Seed: 1, Workers: 2, Only: shared}
	advice, err := advisor.Advise(context.Background(), sites, pricing.Embedded(), options)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := advice.MakePlan(advisor.PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Before-plan.After < 200 {
		t.Fatalf("the plan saves %v: the test proves nothing", plan.Before-plan.After)
	}
	w := &sites[0].Workload
	w.Services, w.LogGroups, w.LoadBalancers = slices.Clone(w.Services), slices.Clone(w.LogGroups), slices.Clone(w.LoadBalancers)
	for _, stage := range plan.Stages {
		for _, step := range stage.Steps {
			if err := step.Recommendation.Change(w); err != nil {
				t.Errorf("%s: %v", step.Recommendation.Title, err)
			}
		}
	}
	again, err := advisor.Advise(context.Background(), sites, pricing.Embedded(), options)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range again.Recommendations {
		if r.Saving.P50 >= 0.01 {
			t.Errorf("%s %s: %s still saves %.2f", r.Lever, r.Subject.Name, r.Title, r.Saving.P50)
		}
	}
}

// Advice is the same twice, by one worker and by many.
func TestAdviceTwice(t *testing.T) {
	text := func(workers int) string {
		advice, err := advisor.Advise(context.Background(), bundledSites(t), pricing.Embedded(), advisor.AdviseOptions{Penalty: demand.Balanced(), Draws: 50, Seed: 1, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		for i := range advice.Recommendations {
			advice.Recommendations[i].Change = nil // functions have no text
		}
		return fmt.Sprintf("%+v\n%+v", advice.Recommendations, advice.Abstentions)
	}
	one, many := text(1), text(4)
	if one != many || many != text(4) {
		t.Error("two runs on one account differ")
	}
}
