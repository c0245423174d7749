package intake_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ecsavvy/advisor/intake"
)

func TestReadSettings(t *testing.T) {
	got, err := intake.ReadSettings("ecsavvy.yaml", []byte(`region: eu-west-2
hours_per_month: 720
guardrails:
  - name: small steps
    when: diff.monthly > 200
    message: More than $200 a month needs an approval.
  - {name: no dev on demand, per: service, when: 'service.capacity == "FARGATE" && env == "dev"'}
discounts: [{off: 5%, source: EDP 2026}, {off: 0.1, service: AmazonECS}]
rates: rates.csv
comment: {tag: prod, min_change: 5%|$20, behavior: delete-and-new}
report: {name: shop, title: Costs, period: week, history: h.db, to: [a/, "slack:env:S"], files: xlsx, team_tag: squad, environment_tag: stage, budgets: {orders: $400}}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := intake.Settings{
		Region: "eu-west-2", HoursPerMonth: 720,
		Discounts: []intake.Discount{{Off: 0.05, Source: "EDP 2026"}, {Off: 0.1, Service: "AmazonECS"}}, Rates: "rates.csv",
		Guardrails: []intake.Guardrail{
			{Name: "small steps", Message: "More than $200 a month needs an approval.", When: intake.Placed{Text: "diff.monthly > 200", Line: 5, Col: 11}},
			{Name: "no dev on demand", Per: "service", When: intake.Placed{Text: `service.capacity == "FARGATE" && env == "dev"`, Line: 7, Col: 50}},
		},
		Comment: intake.CommentSettings{Tag: "prod", Behavior: "delete-and-new", MinChange: intake.Placed{Text: "5%|$20", Line: 10, Col: 34}},
		Report: intake.ReportSettings{
			Name: "shop", Title: "Costs", Period: "week", History: "h.db", To: []string{"a/", "slack:env:S"}, Files: []string{"xlsx"},
			TeamTag: "squad", EnvironmentTag: "stage", Budgets: map[string]float64{"orders": 400},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSettingsErrors(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"misspelt key", "guardrail: []", `ecsavvy.yaml:1:1: unknown key "guardrail"; did you mean "guardrails"?`},
		{"misspelt key of a guardrail", "guardrails:\n  - name: a\n    whem: 1 > 2", "ecsavvy.yaml:2:5: guardrails[0]: the key when is missing: an expression such as diff.monthly > 200\n" +
			`ecsavvy.yaml:3:5: guardrails[0]: unknown key "whem"; did you mean "when"?`},
		{"far-off key", "qwertyuiop: 1", `ecsavvy.yaml:1:1: unknown key "qwertyuiop"; allowed are region, hours_per_month, discounts, rates, guardrails, comment, report`},
		{"no list", "guardrails: {name: a}", `ecsavvy.yaml:1:13: guardrails: want a list, got a mapping`},
		{"scope", "guardrails:\n  - {name: a, when: 'true', per: project}", `ecsavvy.yaml:2:34: guardrails[0].per: want one of diff, service, resource, got "project"`},
		{"behaviour", "comment: {behavior: newest}", `ecsavvy.yaml:1:21: comment.behavior: want one of update, new, hide-and-new, delete-and-new, got "newest"`},
		{"region", "region: europe", `ecsavvy.yaml:1:9: region: want a region such as eu-west-2, got "europe"`},
		{"hours", "hours_per_month: 800", `ecsavvy.yaml:1:18: hours_per_month: want hours a month, more than 0 and at most 744, got 800`},
		{"discount", "discounts:\n  - {off: 5%}\n  - {off: 100%, service: AmazonECS}", `ecsavvy.yaml:3:11: discounts[1].off: want a share of less than 100%, such as 5% or 0.05, got "100%"`},
		{"no discount", "discounts:\n  - {service: AmazonECS}", `ecsavvy.yaml:2:5: discounts[0]: the key off is missing: a share of less than 100%, such as 5% or 0.05`},
		{"service", "discounts:\n  - {off: 0.1, service: fargate}", `ecsavvy.yaml:2:25: discounts[0].service: want one of AmazonECS, AmazonEC2, AmazonEKS, AmazonECR, AmazonEFS, AmazonVPC, AmazonCloudWatch, AmazonRoute53, AmazonS3, AWSELB, AWSDataTransfer, AWSAppRunner, AWSLambda, AWSCloudMap, AWSSecretsManager, AWSSystemsManager, awskms, awswaf, got "fargate"`},
		{"budget", "report: {budgets: {orders: 0}}", `ecsavvy.yaml:1:28: report.budgets.orders: want an amount in USD above 0 such as 4000, got 0`},
		{"form of a report", "report: {files: [pdf]}", `ecsavvy.yaml:1:18: report.files[0]: want one of html, xlsx, markdown, csv, json, focus, table, got "pdf"`},
		{"one name twice", "guardrails:\n  - {name: a, when: 'true'}\n  - {name: a, when: 'false'}", `ecsavvy.yaml:3:5: guardrails[1]: a second guardrail is called "a"`},
		{"a design", "services: {a: {}}\nguardrails: []", `ecsavvy.yaml:1:1: services belongs in a design file; settings (guardrails, comment, …) stand in a file of their own`},
		{"empty", "", "ecsavvy.yaml: the file is empty; want a task definition or a design file"},
		{"no YAML", "guardrails: [", "ecsavvy.yaml:1:13: not valid YAML: sequence end token ']' not found"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := intake.ReadSettings("ecsavvy.yaml", []byte(tt.in))
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestIsSettings(t *testing.T) {
	tests := []struct {
		in   string
		want bool
	}{
		{"guardrails: []", true},
		{"comment: {tag: a}", true},
		{"region: eu-west-2", true},
		{"guardrails: []\nservices: {}", true}, // ReadSettings says what is wrong
		{"guardrails: []\ntypo: 1", true},
		{"region: eu-west-2\nservices: {a: {}}", false},
		{"services: {a: {}}", false},
		{"network: {azs: 2}", false},
		{"- a", false},
		{"", false},
		{"{", false},
	}
	for _, tt := range tests {
		if got := intake.IsSettings("x", []byte(tt.in)); got != tt.want {
			t.Errorf("IsSettings(%q) = %v, want %v", tt.in, got, tt.want)
		}
	}
	if kind, err := intake.Detect("x", []byte("guardrails: []")); err != nil || kind != intake.SettingsFile {
		t.Errorf("Detect: %v, %v", kind, err)
	}
}

func FuzzReadSettings(f *testing.F) {
	f.Add([]byte("guardrails:\n  - {name: a, when: 'true'}\ncomment: {tag: a}\n"))
	f.Add([]byte("region: x\nhours_per_month: 1e9"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := intake.ReadSettings("f", data)
		if err == nil && s.HoursPerMonth < 0 {
			t.Errorf("negative hours: %v", s.HoursPerMonth)
		}
		intake.IsSettings("f", data)
	})
}
