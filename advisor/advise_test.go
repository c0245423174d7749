package advisor_test

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/intake"
	"ecsavvy/pricing"
)

// bundledSites reads the bundled account.
func bundledSites(t testing.TB) []advisor.Site {
	t.Helper()
	data, err := os.ReadFile(bundledAccount)
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := account.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files, err := snapshot.Replies(bundledScope())
	if err != nil {
		t.Fatal(err)
	}
	w, err := intake.ReadDescriptions(files, intake.Options{Region: bundledScope().Region})
	if err != nil {
		t.Fatal(err)
	}
	running := map[string]design.Running{
		"prod/api": {TaskDefinition: "api:42", Scaling: &design.Scaling{Min: 4, Max: 20, Targets: []design.TargetTracking{{
			Name: "cpu", Metric: "ECSServiceAverageCPUUtilization", Value: 40, ScaleInCooldown: 300 * time.Second, ScaleOutCooldown: time.Minute,
		}}}},
		"prod/web": {}, "prod/worker": {}, "prod/admin": {}, "prod/search": {}, "staging/api": {},
	}
	return []advisor.Site{{Scope: bundledScope(), Workload: w, Snapshot: snapshot, Running: running}}
}

func bundledAdvice(t testing.TB) advisor.Advice {
	t.Helper()
	advice, err := advisor.Advise(context.Background(), bundledSites(t), pricing.Embedded(), advisor.AdviseOptions{Penalty: demand.Balanced(), Draws: 200, Seed: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return advice
}

func TestX(t *testing.T) {
	a := bundledAdvice(t)
	for _, s := range a.Sites {
		for _, r := range s.Result.Resources {
			t.Logf("%-14s %-30s %8.2f %s unpriced %d", r.Kind, r.Name, r.Cost.Effective, r.Summary, r.Unpriced)
		}
	}
	for _, r := range a.Recommendations {
		if r.Lever == "right-size" {
			t.Log(r.Evidence, r.RiskReasons, r.Reasons, r.Risk, r.Patches)
		}
		t.Logf("%s %s %s: %.2f -> %.2f  %.2f %.2f %.2f", r.Lever, r.Subject.Name, r.Title, r.Before, r.After, r.Saving.P10, r.Saving.P50, r.Saving.P90)
	}
	for _, r := range a.Abstentions {
		t.Log(r)
	}
	plan, err := a.MakePlan(advisor.PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range plan.Stages {
		t.Logf("%s %.2f %.2f", s.Lever, s.Before, s.After)
	}
	t.Log(plan.Before, plan.After, plan.Saving)
}
