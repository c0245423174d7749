package render

import (
	"bytes"
	"context"
	"maps"
	"os"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/intake"
	"ecsavvy/pricing"
)

// bundledReport is the report of the bundled account, as `ecsavvy report` makes it.
func bundledReport(t testing.TB) advisor.Report {
	t.Helper()
	data, err := os.ReadFile("../../../fixtures/account/shop.snapshot")
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := account.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	scope := snapshot.Scopes()[0]
	files, err := snapshot.Replies(scope)
	if err != nil {
		t.Fatal(err)
	}
	global, err := snapshot.Replies(account.Scope{Account: scope.Account, Region: account.Global})
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(files, global)
	w, err := intake.ReadDescriptions(files, intake.Options{Region: scope.Region})
	if err != nil {
		t.Fatal(err)
	}
	running, err := intake.ReadRunning(files)
	if err != nil {
		t.Fatal(err)
	}
	a, err := advisor.Advise(context.Background(), []advisor.Site{{Scope: scope, Workload: w, Running: running, Snapshot: snapshot}}, pricing.Embedded(),
		advisor.AdviseOptions{Penalty: demand.Balanced(), MinSaving: 1, Draws: 50, Seed: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := a.MakePlan(advisor.PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := snapshot.Manifest()
	r, err := advisor.MakeReport(advisor.ReportInput{
		Advice: &a, Plan: &plan, From: m.From, To: m.To, TeamTag: "team", EnvironmentTag: "env", Budgets: map[string]float64{"shop": 1200},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
