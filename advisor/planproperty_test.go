package advisor

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// generatedSite is a small account made from a seed: services on Fargate and, of
// odd seeds, on instances, with clusters, a NAT gateway, log groups and, of every
// third seed, owned Savings Plans; with a week of measurements.
func generatedSite(t testing.TB, seed uint64) Site {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 7))
	scope := account.Scope{Account: "111122223333", Region: "eu-west-1"}
	w := design.Workload{Name: "generated", Region: design.Know(scope.Region)}
	w.Network.AZs = design.Know(2.0)
	w.Network.NAT = design.NAT{Kind: design.NATGateway, Count: design.Know(2.0), Data: design.Know(50 + 400*rnd.Float64())}
	w.Clusters = []design.Cluster{{Name: "prod", Insights: design.Know([]design.Insights{design.InsightsDisabled, design.InsightsEnhanced}[rnd.IntN(2)])}, {Name: "dev"}}
	if seed%3 == 0 {
		w.Commitments.SavingsPlans = []design.SavingsPlan{{Name: "owned", Kind: "Compute", Term: "1yr", Payment: "No Upfront", Hourly: 0.02 + 0.15*rnd.Float64()}}
	}
	var buf bytes.Buffer
	out := account.NewWriter(&buf, account.WriterOptions{})
	from := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	running := map[string]design.Running{}
	for i := range 2 + rnd.IntN(2) {
		s := generatedService(rnd, i)
		w.Services = append(w.Services, s)
		running[s.Cluster+"/"+s.Name] = design.Running{}
		measureGenerated(t, out, rnd, scope, from, &s)
		if rnd.IntN(2) == 0 {
			w.LogGroups = append(w.LogGroups, design.LogGroup{Name: "/ecs/" + s.Name, Service: s.Name, Ingest: design.Know(40 * rnd.Float64()), RetentionDays: design.Know(30.0)})
		}
	}
	if seed%2 == 1 {
		w.Clusters = append(w.Clusters, design.Cluster{Name: "ec2", Groups: []design.InstanceGroup{{Name: "asg", InstanceTypes: []string{"m6i.large"}, Count: design.Count(float64(2 + rnd.IntN(3)))}}})
		s := generatedService(rnd, 9)
		s.Cluster, s.Capacity = "ec2", design.CapacityStrategy{Providers: []design.Provider{{Kind: design.EC2, Group: "asg", Weight: 1}}}
		w.Services = append(w.Services, s)
		measureGenerated(t, out, rnd, scope, from, &s)
	}
	if err := out.Close(account.Manifest{Version: account.FormatVersion, From: from, To: from.AddDate(0, 0, 8), Period: 5 * time.Minute, Scopes: []account.Scope{scope}}); err != nil {
		t.Fatal(err)
	}
	snapshot, err := account.Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return Site{Scope: scope, Workload: w, Snapshot: snapshot, Running: running}
}

func generatedService(rnd *rand.Rand, i int) design.Service {
	sizes := [][2]float64{{0.25, 0.5}, {0.5, 1}, {1, 2}, {1, 4}, {2, 4}}
	size := sizes[rnd.IntN(len(sizes))]
	return design.Service{
		Name: fmt.Sprintf("s%d", i), Cluster: []string{"prod", "dev"}[rnd.IntN(2)], Count: design.Count(float64(1 + rnd.IntN(4))),
		Task: design.Task{
			CPU: design.Know(size[0]), Memory: design.Know(size[1]), Architecture: design.Know(design.X86), OS: design.Know(design.Linux),
			Containers: []design.Container{{Name: "app", Essential: true}},
		},
		Capacity: design.CapacityStrategy{Providers: []design.Provider{{Kind: design.Fargate, Weight: 1}}},
	}
}

// measureGenerated writes eight days of a service's metrics.
func measureGenerated(t testing.TB, out *account.Writer, rnd *rand.Rand, scope account.Scope, from time.Time, s *design.Service) {
	t.Helper()
	const steps = 8 * 288
	cpu, memory, quiet := 0.002+0.6*rnd.Float64()*rnd.Float64(), 0.1+0.6*rnd.Float64(), rnd.IntN(3) == 0
	series := func(f func(i int) float64) demand.Series {
		v := demand.Series{Start: from, Step: 5 * time.Minute, Values: make([]float64, steps)}
		for i := range v.Values {
			v.Values[i] = f(i)
		}
		return v
	}
	load := func(i int) float64 {
		h := float64(i%288) / 12
		if quiet && (h < 7 || h > 19) {
			return 0.001
		}
		return cpu * (1 + 0.5*math.Sin(h/24*2*math.Pi)) * (0.95 + 0.1*rnd.Float64())
	}
	metric := func(name, stat string, f func(i int) float64) account.Measurement {
		return account.Measurement{Metric: account.Metric{Namespace: "AWS/ECS", Name: name, Statistic: stat}, Series: series(f)}
	}
	err := out.AddSeries(account.Resource{Scope: scope, Kind: "service", Cluster: s.Cluster, Name: s.Name}, []account.Measurement{
		metric("CPUUtilization", "Average", func(i int) float64 { return 100 * load(i) }),
		metric("CPUUtilization", "Maximum", func(i int) float64 { return 110 * load(i) }),
		metric("CPUUtilization", "SampleCount", func(int) float64 { return 5 * s.Count.Fixed.Value }),
		metric("MemoryUtilization", "Average", func(int) float64 { return 100 * memory }),
		metric("MemoryUtilization", "Maximum", func(int) float64 { return 100 * memory * (1.01 + 0.02*rnd.Float64()) }),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func generatedAdvice(t testing.TB, seed uint64) Advice {
	t.Helper()
	a, err := Advise(context.Background(), []Site{generatedSite(t, seed)}, pricing.Embedded(), AdviseOptions{Penalty: demand.Balanced(), Draws: 20, Seed: 1, Workers: 2, Skip: []Lever{LeverCommitment}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// costOf prices the whole site after some of its recommendations, in plan order, by
// the estimate alone; ok is false where they cannot all be made.
func costOf(t testing.TB, a *Advice, set []*Recommendation) (float64, bool) {
	t.Helper()
	set = slices.Clone(set)
	slices.SortStableFunc(set, inPlanOrder)
	w := copyOf(a.sites[0].workload)
	for i, r := range set {
		if slices.ContainsFunc(set[:i], func(o *Recommendation) bool { return o.Lever == r.Lever && o.Subject.compare(r.Subject) == 0 }) {
			return 0, false
		}
		if r.Change(&w) != nil {
			return 0, false
		}
	}
	result, err := estimate.Run(w, a.sites[0].cat, estimate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return result.Total.Effective, result.Unpriced <= a.sites[0].result.Unpriced
}

func recommendationsIn(p *Plan) []*Recommendation {
	var all []*Recommendation
	for i := range p.Stages {
		for j := range p.Stages[i].Steps {
			all = append(all, p.Stages[i].Steps[j].Recommendation)
		}
	}
	return all
}

// seeds of generated accounts, fewer with -short.
func seeds() []uint64 {
	n := uint64(24)
	if testing.Short() {
		n = 6
	}
	var all []uint64
	for s := range n {
		all = append(all, s)
	}
	return all
}

func TestPlanOfGeneratedAccounts(t *testing.T) {
	steps, interacting, committed := 0, 0, 0
	for _, seed := range seeds() {
		a := generatedAdvice(t, seed)
		plan, err := a.MakePlan(PlanOptions{})
		if err != nil {
			t.Fatal(err)
		}
		left := plan.Before
		for _, stage := range plan.Stages {
			sum := 0.0
			for _, step := range stage.Steps {
				sum += step.Incremental
				steps++
				if len(step.After) > 0 {
					interacting++
				}
				if step.Committed {
					committed++
				}
			}
			if math.Abs(stage.Before-left) > 1e-9 || math.Abs(stage.Saving()-sum) > 1e-9 {
				t.Errorf("seed %d: stage %s from %v saves %v: steps add up to %v, %v was left", seed, stage.Lever, stage.Before, stage.Saving(), sum, left)
			}
			left = stage.After
		}
		if math.Abs(left-plan.After) > 1e-9 {
			t.Errorf("seed %d: stages end at %v, the plan at %v", seed, left, plan.After)
		}
		made := recommendationsIn(&plan)
		if usd, ok := costOf(t, &a, made); !ok || math.Abs(usd-plan.After) > 1e-6 {
			t.Errorf("seed %d: the plan says %v, its changes cost %v (%v)", seed, plan.After, usd, ok)
		}
		for i, dropped := range made {
			if usd, ok := costOf(t, &a, slices.Delete(slices.Clone(made), i, i+1)); ok && usd < plan.After-1e-9 {
				t.Errorf("seed %d: without %s of %s it costs %v, less than %v", seed, dropped.Lever, dropped.Subject.Name, usd, plan.After)
			}
		}
		if n := len(a.Recommendations); len(made)+len(plan.Left) != n {
			t.Errorf("seed %d: %d steps and %d left out of %d recommendations", seed, len(made), len(plan.Left), n)
		}
	}
	if steps == 0 || interacting == 0 || committed == 0 {
		t.Errorf("%d steps, %d interacting, %d committed: the generator lost its cases", steps, interacting, committed)
	}
	t.Logf("%d steps, %d interacting, %d under commitments", steps, interacting, committed)
}

// TestPlanEqualsBruteForce compares plans with every subset of recommendations.
func TestPlanEqualsBruteForce(t *testing.T) {
	compared := 0
	for _, seed := range seeds()[:6] {
		a := generatedAdvice(t, seed)
		const most = 9
		if len(a.Recommendations) > most {
			a.Recommendations = a.Recommendations[:most]
		}
		plan, err := a.MakePlan(PlanOptions{})
		if err != nil {
			t.Fatal(err)
		}
		least := plan.Before
		for mask := range 1 << len(a.Recommendations) {
			var set []*Recommendation
			for i := range a.Recommendations {
				if mask&(1<<i) != 0 {
					set = append(set, &a.Recommendations[i])
				}
			}
			if usd, ok := costOf(t, &a, set); ok {
				least = min(least, usd)
			}
		}
		compared++
		// What saves less than a cent is not worth a step.
		if plan.After > least+cent*float64(len(a.Recommendations)) {
			t.Errorf("seed %d: the plan costs %.4f, the best subset of %d %.4f", seed, plan.After, len(a.Recommendations), least)
		}
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
}

func TestPlanOrderOfInput(t *testing.T) {
	for _, seed := range seeds()[:3] {
		a := generatedAdvice(t, seed)
		want, err := a.MakePlan(PlanOptions{ChangesPerMonth: 2})
		if err != nil {
			t.Fatal(err)
		}
		text := planText(&want) // before the plan's recommendations are moved
		rnd := rand.New(rand.NewPCG(seed, 1))
		for range 3 {
			rnd.Shuffle(len(a.Recommendations), func(i, j int) {
				a.Recommendations[i], a.Recommendations[j] = a.Recommendations[j], a.Recommendations[i]
			})
			got, err := a.MakePlan(PlanOptions{ChangesPerMonth: 2})
			if err != nil {
				t.Fatal(err)
			}
			if got := planText(&got); got != text {
				t.Fatalf("seed %d: the order of input shows:\n%s\nagainst\n%s", seed, got, text)
			}
		}
	}
}

// planText is everything that a plan says.
func planText(p *Plan) string {
	text := fmt.Sprintln(p.Before, p.After, p.Saving)
	for _, s := range p.Stages {
		text += fmt.Sprintln(s.Lever, s.Before, s.After)
		for _, x := range s.Steps {
			text += fmt.Sprintln(" ", x.Recommendation.Subject.Name, x.Recommendation.Title, x.Incremental, x.Standalone, x.Saving, x.After, x.Committed, x.Month)
		}
	}
	for _, l := range p.Left {
		text += fmt.Sprintln("left", l.Recommendation.Subject.Name, l.Recommendation.Lever, l.Recommendation.Title, l.Why)
	}
	return text
}

func TestPlanKeepsConstraints(t *testing.T) {
	a := generatedAdvice(t, 4)
	free, err := a.MakePlan(PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		options PlanOptions
		ok      func(s *Step) bool
	}{
		{"no Spot", PlanOptions{NoSpot: true}, func(s *Step) bool { return s.Recommendation.Lever != LeverSpot }},
		{"low risk", PlanOptions{MaxRisk: RiskLow}, func(s *Step) bool { return s.Recommendation.Risk == RiskLow }},
		{"medium risk", PlanOptions{MaxRisk: RiskMedium}, func(s *Step) bool { return s.Recommendation.Risk <= RiskMedium }},
		{"keep NAT and sizes", PlanOptions{Keep: []Lever{LeverNAT, LeverRightSize}}, func(s *Step) bool {
			return s.Recommendation.Lever != LeverNAT && s.Recommendation.Lever != LeverRightSize
		}},
		{"a change a month", PlanOptions{ChangesPerMonth: 1}, func(*Step) bool { return true }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plan, err := a.MakePlan(tt.options)
			if err != nil {
				t.Fatal(err)
			}
			if plan.After < free.After-1e-9 {
				t.Errorf("it costs %v, less than without the constraint: %v", plan.After, free.After)
			}
			months := map[int]int{}
			for i := range plan.Stages {
				for j := range plan.Stages[i].Steps {
					step := &plan.Stages[i].Steps[j]
					if !tt.ok(step) {
						t.Errorf("%s of %s breaks it", step.Recommendation.Lever, step.Recommendation.Subject.Name)
					}
					if months[step.Month]++; tt.options.ChangesPerMonth > 0 && months[step.Month] > tt.options.ChangesPerMonth {
						t.Errorf("%d changes in month %d", months[step.Month], step.Month)
					}
				}
			}
		})
	}
}

// TestCausesChangeTheStep holds the levers that a step names as causes to pricing
// without them, and those that it does not name.
func TestCausesChangeTheStep(t *testing.T) {
	named := 0
	for _, seed := range seeds() {
		if seed%3 == 0 {
			continue // under commitments incremental savings have another cause besides
		}
		a := generatedAdvice(t, seed)
		plan, err := a.MakePlan(PlanOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var before []*Recommendation
		for i := range plan.Stages {
			for j := range plan.Stages[i].Steps {
				step := &plan.Stages[i].Steps[j]
				for _, lever := range step.After {
					without := slices.DeleteFunc(slices.Clone(before), func(r *Recommendation) bool { return r.Lever == lever })
					was, ok := costOf(t, &a, without)
					is, makes := costOf(t, &a, append(slices.Clone(without), step.Recommendation))
					named++
					if ok && makes && len(step.After) == 1 && math.Abs(was-is-step.Incremental) < cent/2 {
						t.Errorf("seed %d: %s of %s saves %v with and without %s", seed, step.Recommendation.Lever, step.Recommendation.Subject.Name, step.Incremental, lever)
					}
				}
				if len(step.After) == 0 && math.Abs(step.Incremental-step.Standalone) > 2*differs(step.Standalone) {
					t.Errorf("seed %d: %s of %s saves %v, not %v, and nothing says why", seed, step.Recommendation.Lever, step.Recommendation.Subject.Name, step.Incremental, step.Standalone)
				}
				before = append(before, step.Recommendation)
			}
		}
	}
	if named == 0 {
		t.Error("no step named a cause")
	}
}
