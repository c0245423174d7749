package advisor_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
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
	return []advisor.Site{{Scope: bundledScope(), Workload: w, Snapshot: snapshot}}
}

func bundledAdvice(t testing.TB) advisor.Advice {
	t.Helper()
	advice, err := advisor.Advise(context.Background(), bundledSites(t), pricing.Embedded(), advisor.AdviseOptions{Draws: 200, Seed: 1, Workers: 2})
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
		t.Logf("%s %s %s: %.2f -> %.2f  %.2f %.2f %.2f", r.Lever, r.Subject.Name, r.Title, r.Before, r.After, r.Saving.P10, r.Saving.P50, r.Saving.P90)
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
