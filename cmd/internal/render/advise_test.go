package render

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
)

// madeAdvice is advice on one service of a name, and on one cluster that rests on no points.
func madeAdvice(name string) (*advisor.Advice, *advisor.Plan) {
	from := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	a := &advisor.Advice{
		Manifest: account.Manifest{From: from, To: from.AddDate(0, 0, 14), Period: time.Minute, Failures: []account.Failure{{Call: "ecs:ListTasks", Resource: name, Why: name}}},
		Recommendations: []advisor.Recommendation{
			{
				Lever: advisor.LeverRightSize, Subject: advisor.Subject{Region: "eu-west-1", Cluster: name, Kind: "service", Name: name}, Title: "0.5 vCPU + 1 GB",
				Before: 20, After: 10, Saving: advisor.Saving{P10: 9, P50: 10, P90: 11}, Risk: advisor.RiskLow, RiskReasons: []string{name}, Effort: advisor.EffortDeploy,
				Evidence: advisor.Evidence{From: from, To: from.AddDate(0, 0, 14), Step: time.Minute, Points: 20160, Coverage: 1, Source: "AWS/ECS", Bound: name},
				Reasons:  []string{name}, Patches: []advisor.Patch{{Form: advisor.FormCLI, Text: name}},
			},
			{Lever: advisor.LeverInsights, Subject: advisor.Subject{Region: "eu-west-1", Kind: "cluster", Name: "c"}, Title: "off", Before: 20, After: 19, Saving: advisor.Saving{P10: 1, P50: 1, P90: 1}},
		},
		Abstentions: []advisor.Abstention{{Lever: advisor.LeverLogs, Subject: advisor.Subject{Kind: "log group", Name: name}, Missing: name}},
	}
	r := &a.Recommendations[0]
	return a, &advisor.Plan{Before: 20, After: 10, Saving: r.Saving, Stages: []advisor.Stage{{
		Lever: r.Lever, Before: 20, After: 10, Steps: []advisor.Step{{Recommendation: r, Incremental: 10, Standalone: 10, Saving: r.Saving, Month: 1}},
	}}}
}

func advisePrinted(t *testing.T, name string, format Format) string {
	t.Helper()
	a, plan := madeAdvice(name)
	var buf bytes.Buffer
	if err := Write(&buf, Advise(a, plan, AdviseInfo{Snapshot: "2026-09-29", Preset: "balanced"}), format, Options{}); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// Programs read these names. A new one may come; one that goes, or means something
// else, needs another format_version.
func TestAdviceJSONNames(t *testing.T) {
	var data struct {
		FormatVersion string                       `json:"format_version"`
		Findings      []map[string]json.RawMessage `json:"findings"`
		Plan          map[string]json.RawMessage   `json:"plan"`
	}
	text := advisePrinted(t, "api", FormatJSON)
	var all map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &data); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	if data.FormatVersion != "1" {
		t.Fatalf("format_version %q: then this test is about another one", data.FormatVersion)
	}
	has := func(where string, m map[string]json.RawMessage, names string) {
		for _, n := range strings.Fields(names) {
			if _, ok := m[n]; !ok {
				t.Errorf("%s has no %s any more, only %q", where, n, slices.Sorted(maps.Keys(m)))
			}
		}
	}
	has("the document", all, "format_version kind currency price_snapshot measured_from measured_to period_seconds partial failures plan findings not_judged below_min_saving")
	has("the plan", data.Plan, "before after saving stages")
	has("a finding", data.Findings[0], "lever subject title before after saving risk risk_reasons effort reasons evidence patches")
	var evidence map[string]json.RawMessage
	if err := json.Unmarshal(data.Findings[0]["evidence"], &evidence); err != nil {
		t.Fatal(err)
	}
	has("evidence", evidence, "from to step_seconds points coverage source bound_by")
	// What rests on no points has no coverage: 0 would be a measured one.
	if e := string(data.Findings[1]["evidence"]); strings.Contains(e, "coverage") || strings.Contains(e, "points") {
		t.Errorf("a coverage of nothing: %s", e)
	}
}

func TestHostileNamesInAdvice(t *testing.T) {
	const hostile = "=cmd()<script>alert(1)</script>|`x`\x1b[31m\u202e\n**b**"
	for _, format := range []Format{FormatTable, FormatMarkdown, FormatCSV, FormatJSON} {
		out := advisePrinted(t, hostile, format)
		if strings.ContainsAny(out, "\x1b\u202e") {
			t.Errorf("%s: a control character is printed", format)
		}
		if format == FormatMarkdown && (strings.Contains(out, "<script") || strings.Contains(out, "`x`") || strings.Contains(out, "**b**")) {
			t.Errorf("markdown: a name is markup:\n%s", out)
		}
		if format == FormatCSV && (strings.Contains(out, ",=cmd") || strings.Contains(out, "\n=cmd")) {
			t.Errorf("csv: a name is a formula:\n%s", out)
		}
	}
}

// TestAdviseRecordsAddUp: what a spreadsheet adds up is what the plan says it saves.
func TestAdviseRecordsAddUp(t *testing.T) {
	commit := &advisor.Recommendation{Lever: advisor.LeverCommitment, Title: "buy"}
	a := &advisor.Advice{Recommendations: []advisor.Recommendation{{Lever: advisor.LeverRightSize, Title: "smaller"}, {Lever: advisor.LeverSpot, Title: "spot"}}}
	plan := &advisor.Plan{Before: 100, After: 50, Stages: []advisor.Stage{
		{Lever: advisor.LeverRightSize, Before: 100, After: 70, Steps: []advisor.Step{{Recommendation: &a.Recommendations[0], Incremental: 30, Month: 1}}},
		{Lever: advisor.LeverCommitment, Before: 70, After: 50, Steps: []advisor.Step{{Recommendation: commit, Incremental: 20, Month: 1}}},
	}}
	records, sum := adviseRecords(a, plan), 0.0
	for _, row := range records.Rows {
		usd, err := strconv.ParseFloat(row[15], 64)
		if (err == nil) != (row[14] == "yes") {
			t.Errorf("row %v: incremental %q, in the plan %q", row, row[15], row[14])
		}
		sum += usd
	}
	if len(records.Rows) != 3 || sum != plan.Before-plan.After {
		t.Errorf("%d rows add up to %v, want 3 and %v", len(records.Rows), sum, plan.Before-plan.After)
	}
}
