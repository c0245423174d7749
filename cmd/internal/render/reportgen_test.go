package render

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// A generated organisation: services in four regions of two accounts over months,
// with prices of the catalogue, growth, releases, a plan and what was applied of it.

// generatedAccount makes reports of services, a month each.
type generatedAccount struct {
	services, months int
	// name gives the names; nil means regular ones.
	name func(i int) string
	seed uint64
}

func generatedScopes() []account.Scope {
	return []account.Scope{
		{Account: "111122223333", Region: "eu-west-1"}, {Account: "111122223333", Region: "us-east-1"},
		{Account: "444455556666", Region: "eu-central-1"}, {Account: "444455556666", Region: "eu-west-1"},
	}
}

// inputs makes what each month's report takes.
func (g generatedAccount) inputs(t testing.TB) []advisor.ReportInput {
	t.Helper()
	rng := rand.New(rand.NewPCG(g.seed, 11))
	services := make([]design.Service, g.services)
	for i := range services {
		services[i] = g.service(rng, i)
	}
	first := time.Date(2025, 10, 1, 0, 0, 0, 0, time.UTC)
	var inputs []advisor.ReportInput
	for m := range g.months {
		if m > 0 {
			drift(rng, services, m == g.months-1)
		}
		to := first.AddDate(0, m+1, 0)
		if m == g.months-1 {
			to = first.AddDate(0, m, 20)
		}
		in := advisor.ReportInput{
			Advice: g.advice(t, services, first.AddDate(0, m, 0), to), From: first.AddDate(0, m, 0), To: to, TeamTag: "team", EnvironmentTag: "env",
			Budgets: map[string]float64{"payments": float64(g.services) * 8, "search": float64(g.services) * 30, "mobile": float64(g.services) * 3},
		}
		in.Plan = generatedPlan(rng, in.Advice)
		inputs = append(inputs, in)
	}
	return inputs
}

func (g generatedAccount) service(rng *rand.Rand, i int) design.Service {
	name := fmt.Sprintf("%s-%03d", []string{"api", "web", "worker", "cron", "search", "admin"}[i%6], i)
	if g.name != nil {
		name = g.name(i)
	}
	s := design.Service{
		Name: name, Cluster: []string{"prod", "staging"}[i%5/4],
		Count: design.Count(float64(1 + rng.IntN(8))),
		Task: design.Task{
			CPU: design.Know([]float64{0.25, 0.5, 1, 2, 4}[rng.IntN(5)]), OS: design.Know(design.Linux), Architecture: design.Know(design.X86),
		},
		Capacity: design.CapacityStrategy{Providers: []design.Provider{{Kind: design.Fargate, Weight: 1}}}, AssignPublicIP: design.Know(i%7 == 0),
	}
	s.Task.Memory = design.Know(2 * s.Task.CPU.Value)
	if team := []string{"payments", "search", "mobile", "platform", "data", "growth", ""}[i%7]; team != "" {
		s.Tags = map[string]string{"team": team, "env": s.Cluster}
	}
	return s
}

// drift is what happens in a month: counts move, some releases change sizes and
// architectures. In the last month some services go wrong.
func drift(rng *rand.Rand, services []design.Service, last bool) {
	for i := range services {
		s := &services[i]
		n := s.Count.Mean().Value * (0.98 + 0.05*rng.Float64())
		switch {
		case rng.IntN(40) == 0:
			s.Task.Architecture = design.Know(design.ARM64)
		case rng.IntN(60) == 0 && s.Task.CPU.Value < 4:
			s.Task.CPU, s.Task.Memory = design.Know(2*s.Task.CPU.Value), design.Know(4*s.Task.CPU.Value)
		}
		if last && i%211 == 5 {
			n *= 4
		}
		if last && i == 17 {
			s.Task.CPU, s.Task.Memory = design.Know(16.0), design.Know(32.0)
		}
		s.Count = design.Count(n)
	}
}

func (g generatedAccount) advice(t testing.TB, services []design.Service, from, to time.Time) *advisor.Advice {
	t.Helper()
	scopes := generatedScopes()
	a := &advisor.Advice{Manifest: account.Manifest{From: from, To: to, Period: 5 * time.Minute, Scopes: scopes, Cost: account.ReadingCost{Calls: 20, Metrics: 9600, USD: 0.096}}}
	for k, scope := range scopes {
		w := design.Workload{Name: scope.Account, Region: design.Know(scope.Region)}
		for i := range services {
			if i%len(scopes) == k {
				w.Services = append(w.Services, services[i])
			}
		}
		if k == 0 {
			w.Commitments.SavingsPlans = []design.SavingsPlan{{
				Name: "sp-compute", Kind: "Compute", Term: "1yr", Payment: "No Upfront", Hourly: 0.01 * float64(g.services), End: to.AddDate(0, 1, 0),
			}}
		}
		r, err := estimate.Run(w, pricing.Embedded(), estimate.Options{})
		if err != nil {
			t.Fatal(err)
		}
		a.Sites = append(a.Sites, advisor.SiteEstimate{Scope: scope, Workload: w, Result: r})
		for i := range w.Services {
			if i%9 == 0 {
				a.Abstentions = append(a.Abstentions, advisor.Abstention{
					Lever: advisor.LeverRightSize, Subject: generatedSubject(scope, &w.Services[i]), Missing: fmt.Sprintf("needs 24 h of metrics, has %d h", i%23),
				})
			}
		}
	}
	a.Manifest.Failures = []account.Failure{{Scope: scopes[3], Call: "ec2:DescribeNatGateways", Why: "AccessDenied: not authorized"}}
	return a
}

func generatedSubject(scope account.Scope, s *design.Service) advisor.Subject {
	return advisor.Subject{Account: scope.Account, Region: scope.Region, Cluster: s.Cluster, Kind: "service", Name: s.Name, Tags: s.Tags}
}

// generatedPlan takes a share of most services' cost in three stages.
func generatedPlan(rng *rand.Rand, a *advisor.Advice) *advisor.Plan {
	plan := &advisor.Plan{}
	for i := range a.Sites {
		plan.Before += a.Sites[i].Result.Total.Effective
	}
	left := plan.Before
	for _, lever := range []advisor.Lever{advisor.LeverIdle, advisor.LeverRightSize, advisor.LeverGraviton, advisor.LeverSpot} {
		stage := advisor.Stage{Lever: lever, Before: left}
		for i := range a.Sites {
			site := &a.Sites[i]
			for j := range site.Workload.Services {
				s := &site.Workload.Services[j]
				cost := site.Result.Resources[j].Cost.Effective
				if lever == advisor.LeverIdle && j%31 != 3 || lever != advisor.LeverIdle && rng.IntN(4) == 0 || s.Task.Architecture.Value == design.ARM64 && lever == advisor.LeverGraviton {
					continue
				}
				step := generatedStep(lever, generatedSubject(site.Scope, s), cost, 0.05+0.1*rng.Float64())
				left -= step.Incremental
				a.Recommendations = append(a.Recommendations, *step.Recommendation)
				stage.Steps = append(stage.Steps, step)
			}
		}
		stage.After = left
		plan.Stages = append(plan.Stages, stage)
	}
	plan.After = left
	saves := plan.Before - left
	plan.Saving = advisor.Saving{P10: 0.9 * saves, P50: saves, P90: 1.12 * saves}
	return plan
}

func generatedStep(lever advisor.Lever, subject advisor.Subject, cost, share float64) advisor.Step {
	usd := cost * share
	titles := map[advisor.Lever]string{
		advisor.LeverIdle: "stop it", advisor.LeverRightSize: "2 vCPU + 4 GB → 1 vCPU + 2 GB, 4 tasks → 3 tasks", advisor.LeverGraviton: "X86_64 → ARM64",
		advisor.LeverSpot: "2 On-Demand tasks, the rest on Fargate Spot",
	}
	r := &advisor.Recommendation{
		Lever: lever, Subject: subject, Title: titles[lever], Before: cost, After: cost - usd, Risk: advisor.RiskMedium, Effort: advisor.EffortDeploy,
		Saving: advisor.Saving{P10: 0.8 * usd, P50: usd, P90: 1.2 * usd},
		Change: func(w *design.Workload) error {
			s := &w.Services[0]
			switch lever {
			case advisor.LeverGraviton:
				s.Task.Architecture = design.Know(design.ARM64)
			case advisor.LeverSpot:
				s.Capacity.Providers = append(s.Capacity.Providers, design.Provider{Kind: design.FargateSpot, Weight: 3})
			case advisor.LeverRightSize:
				s.Task.CPU, s.Task.Memory = design.Know(s.Task.CPU.Value/2), design.Know(s.Task.Memory.Value/2)
			default:
				s.Count = design.Count(0)
			}
			return nil
		},
	}
	step := advisor.Step{Recommendation: r, Incremental: usd, Standalone: usd, Saving: r.Saving, Month: 1}
	if lever == advisor.LeverSpot {
		step.Standalone, step.After = usd*1.3, []advisor.Lever{advisor.LeverRightSize, advisor.LeverGraviton}
	}
	return step
}

// report makes the last month's report with those before it as history.
func (g generatedAccount) report(t testing.TB) advisor.Report {
	t.Helper()
	var history []advisor.Kept
	var last advisor.Report
	for _, in := range g.inputs(t) {
		r, err := advisor.MakeReport(in, history)
		if err != nil {
			t.Fatal(err)
		}
		history = append(history, r.Kept())
		last = r
	}
	return last
}
