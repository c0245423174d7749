package guardrail

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shop is a change with a service of each sort.
func shop() *Facts {
	return &Facts{
		Past: 400, Total: 650.5,
		Resources: []Resource{
			{Kind: "service", Name: "web", Cluster: "main", Change: "changed", Past: 100, Monthly: 300.5, Tags: map[string]string{"Environment": "prod", "team": "storefront"},
				Design: &Design{Capacity: Known([]string{"FARGATE"}), Arch: Known("X86_64"), OS: Known("LINUX"), VCPU: Known(4.0), GB: Known(8.0), Count: Known(3.4), PublicIP: Known(false)}},
			{Kind: "service", Name: "worker", Change: "added", Monthly: 50, Tags: map[string]string{"env": "dev", "owner": "ops"},
				Design: &Design{Capacity: Known([]string{"FARGATE", "FARGATE_SPOT"}), Arch: Known("ARM64"), VCPU: Missing[float64]("the task definition has no cpu"), GB: Known(2.0), Count: Known(2.0)}},
			{Kind: "NAT", Name: "nat", Change: "unchanged", Past: 300, Monthly: 300},
		},
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name, when string
		per        Scope
		facts      *Facts
		want       Status
		wantText   []string
	}{
		{name: "whole change broken", when: "diff.monthly > 200", want: Broken, wantText: []string{"diff.monthly = 250.50"}},
		{name: "whole change kept", when: "diff.monthly > 300.0", want: Passed},
		{name: "percent", when: "diff.percent > 60 && past.monthly > 0", want: Broken, wantText: []string{"diff.percent = 62.62, past.monthly = 400.00"}},
		{name: "percent of nothing is infinite", when: "diff.percent > 1000", facts: &Facts{Total: 5}, want: Broken, wantText: []string{"diff.percent = +Inf"}},
		{name: "nothing stays nothing", when: "diff.percent > 0", facts: &Facts{}, want: Passed},
		{name: "total", when: "total.monthly > 650", want: Broken, wantText: []string{"total.monthly = 650.50"}},
		{name: "unpriced", when: "unpriced > 0", facts: &Facts{Unpriced: 2}, want: Broken, wantText: []string{"unpriced = 2"}},
		{name: "unsupported", when: "unsupported == 3", facts: &Facts{Unsupported: 3}, want: Broken, wantText: []string{"unsupported = 3"}},
		{name: "incomplete asked for", when: "incomplete", facts: &Facts{Incomplete: []string{"the plan ended in an error"}}, want: Broken, wantText: []string{"incomplete = true"}},
		{name: "an amount of an incomplete input is never passed", when: "diff.monthly > 200", facts: &Facts{Incomplete: []string{"the plan ended in an error"}},
			want: Undecided, wantText: []string{"the input is incomplete: the plan ended in an error"}},
		{name: "what is broken for sure stays broken", when: "diff.monthly > 200", facts: &Facts{Total: 300, Incomplete: []string{"x"}}, want: Broken, wantText: []string{"diff.monthly = 300.00"}},
		{name: "per service by its names", when: `service.capacity == "FARGATE" && env == "prod"`, want: Broken, wantText: []string{`web: service.capacity = "FARGATE", env = "prod"`}},
		{name: "mixed capacity is joined", when: `service.capacity == "FARGATE+FARGATE_SPOT"`, want: Broken, wantText: []string{`worker: service.capacity = "FARGATE+FARGATE_SPOT"`}},
		{name: "capacities", when: `"FARGATE" in service.capacities`, want: Broken, wantText: []string{
			"web: service.capacities = FARGATE", "worker: service.capacities = FARGATE, FARGATE_SPOT"}},
		{name: "short names alone make it per service", when: `team == "" && kind == "service"`, want: Broken, wantText: []string{`worker: team = "", kind = "service"`}},
		{name: "a missing size is undecided", when: "service.vcpu > 8", want: Undecided, wantText: []string{"worker: service.vcpu is not known: the task definition has no cpu"}},
		{name: "a missing size that decides nothing", when: `service.name == "web" && service.vcpu > 8`, want: Passed},
		{name: "missing asked for", when: "!has(service.vcpu)", want: Broken, wantText: []string{"worker: "}},
		{name: "broken outweighs undecided", when: "service.vcpu > 2", want: Broken, wantText: []string{
			"web: service.vcpu = 4", "worker: service.vcpu is not known: the task definition has no cpu"}},
		{name: "tags", when: `"owner" in tags && tags["owner"] == "ops"`, want: Broken, wantText: []string{"worker: "}},
		{name: "a tag that is not there", when: `tags["owner"] == "ops" && service.name != "worker"`, want: Undecided, wantText: []string{`web: there is no owner among the tags; ask with "in tags" first`}},
		{name: "per resource", when: `kind == "NAT" && resource.monthly > 100`, want: Broken, wantText: []string{`NAT nat: kind = "NAT", resource.monthly = 300.00`}},
		{name: "per as written", per: PerResource, when: `kind != "service"`, want: Broken, wantText: []string{`NAT nat: kind = "NAT"`}},
		{name: "change and diff of a service", when: `service.change == "added" && service.diff >= 50`, want: Broken,
			wantText: []string{`worker: service.change = "added", service.diff = 50.00`}},
		{name: "no resource to look at", when: `service.monthly > 0`, facts: &Facts{}, want: Passed},
		{name: "too many steps", when: `[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, a+b+c+d+e > 0)))))`,
			want: Undecided, wantText: []string{"stopped after 100000 steps; simplify the expression"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, err := Compile([]Rule{{Name: "rule", When: tt.when, Per: tt.per}})
			if err != nil {
				t.Fatal(err)
			}
			facts := tt.facts
			if facts == nil {
				facts = shop()
			}
			got := set.Check(facts)[0]
			var text []string
			for _, f := range got.Findings {
				line := f.Text
				if f.Resource != "" {
					line = f.Resource + ": " + line
				}
				text = append(text, line)
			}
			if got.Status != tt.want {
				t.Errorf("status %q, want %q; findings %q", got.Status, tt.want, text)
			}
			if diff := cmp.Diff(tt.wantText, text); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if Failing([]Outcome{got}) != (tt.want != Passed) {
				t.Errorf("Failing disagrees with status %q", got.Status)
			}
		})
	}
}

func TestCaveatOfLowerBounds(t *testing.T) {
	set, err := Compile([]Rule{{Name: "money", When: "total.monthly > 100"}, {Name: "other", When: "incomplete"}})
	if err != nil {
		t.Fatal(err)
	}
	got := set.Check(&Facts{Total: 50, Unpriced: 1, Unsupported: 2})
	want := "passed on what is priced, which leaves out 1 line without a price and 2 resources without a price model"
	if got[0].Caveat != want || got[1].Caveat != "" {
		t.Errorf("caveats %q and %q, want %q and none", got[0].Caveat, got[1].Caveat, want)
	}
}

func TestCompileErrors(t *testing.T) {
	tests := []struct {
		name string
		rule Rule
		want string
	}{
		{"empty", Rule{}, `the expression is empty; want one that is true when the guardrail is broken, such as diff.monthly > 200`},
		{"place", Rule{When: "1", Place: "ecsavvy.yaml:7:11"}, `ecsavvy.yaml:7:11: guardrail "r": want an expression that is true or false, this one is a whole number`},
		{"not a bool", Rule{When: "diff.monthly"}, `this one is a number`},
		{"syntax", Rule{When: "diff.monthly >"}, `column 15: mismatched input 'the end of the expression'`},
		{"syntax in the second line", Rule{When: "diff.monthly > 1.0 &&\n  ) true"}, `line 2, column 3: extraneous input ')'`},
		{"currency sign", Rule{When: "diff.monthly > $200"}, `column 16: token recognition error at: '$'`},
		{"misspelt name", Rule{When: "dif.monthly > 2"}, `column 1: unknown name "dif"; did you mean "diff"?`},
		{"far-off name", Rule{When: "qwertyuiop"}, `column 1: unknown name "qwertyuiop"; allowed are diff, incomplete, past, total, unpriced, unsupported`},
		{"misspelt field", Rule{When: "diff.montly > 2"}, `column 5: diff has no "montly"; did you mean "monthly"?`},
		{"field without its object", Rule{When: "vcpu > 4"}, `column 1: unknown name "vcpu"; did you mean service.vcpu?`},
		{"service in a diff rule", Rule{When: "service.vcpu > 4", Per: Diff}, `column 1: service is there in guardrails per service only, this one is per diff`},
		{"env in a diff rule", Rule{When: `env == "dev"`, Per: Diff}, `column 1: env is there in guardrails per service or resource only, this one is per diff`},
		{"service and resource", Rule{When: `service.vcpu > 4 && resource.monthly > 3`}, `service is there in guardrails per service only, this one is per resource`},
		{"text against number", Rule{When: `service.capacity > 4`}, `> does not work on a text and a whole number`},
		{"double against int", Rule{When: `service.count == 4`}, `== does not work on a number and a whole number; write whole numbers as 2.0`},
		{"product with int", Rule{When: `past.monthly * 2 > 4`}, `* does not work on a number and a whole number; write whole numbers as 2.0`},
		{"object itself", Rule{When: `diff > 4`}, `> does not work on diff itself, which has fields and a whole number`},
		{"negated number", Rule{When: `!diff.monthly`}, `! does not work on a number`},
		{"unknown function", Rule{When: `diff.monthly.round() > 2`}, `column 19: there is no function "round"`},
		{"wrong scope", Rule{When: "true", Per: "project"}, `per: want diff, service or resource, got "project"`},
		{"long", Rule{When: strings.Repeat("true && ", 2000) + "true"}, `expression code point size exceeds limit`},
		{"deep", Rule{When: strings.Repeat("(", 500) + "true" + strings.Repeat(")", 500)}, `recursion`},
		{"regular expression that no engine takes", Rule{When: `service.name.matches("(((a{30}){30}){30})")`}, `column 22: want a regular expression of RE2 syntax`},
		{"long regular expression", Rule{When: `service.name.matches("a{900}b{900}")`}, `regex program size`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.rule.Name = "r"
			_, err := Compile([]Rule{tt.rule})
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %s\nwant %s", err, tt.want)
			}
		})
	}
}

func TestCompileReportsEveryMistake(t *testing.T) {
	_, err := Compile([]Rule{{Name: "a", When: "x"}, {Name: "b", When: "true"}, {Name: "c", When: "y"}})
	if err == nil || !strings.Contains(err.Error(), `"a"`) || !strings.Contains(err.Error(), `"c"`) {
		t.Errorf("want both mistakes, got %v", err)
	}
}

func TestThreshold(t *testing.T) {
	tests := []struct {
		text        string
		past, total float64
		want        bool
	}{
		{"$20", 100, 119.99, false},
		{"$20", 100, 120, true},
		{"$20", 120, 100, true},
		{"5%", 100, 104, false},
		{"5%", 100, 105, true},
		{"5%", 100, 95, true},
		{"5%|$20", 1000, 1021, true},
		{"5%|$20", 10, 11, true},
		{"5%|$20", 1000, 1001, false},
		{"$20 | 5%", 0, 1, true},
		{"5%", 0, 0, false},
		{"0%", 100, 100, false},
		{"$0", 100, 100, true},
		{"200", 0, 200, true},
	}
	for _, tt := range tests {
		th, err := ParseThreshold(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := th.ReachedBy(tt.past, tt.total); got != tt.want {
			t.Errorf("%q reached by %v -> %v: got %v, want %v", tt.text, tt.past, tt.total, got, tt.want)
		}
	}
	for _, text := range []string{"", "$", "%", "five", "$20|$30", "5%|6%", "-5", "NaN", "$inf", "5%|", "€5", "1e999"} {
		if _, err := ParseThreshold(text); err == nil {
			t.Errorf("ParseThreshold(%q): want an error", text)
		}
	}
}

func TestLimits(t *testing.T) {
	limit := func(text string) Limits {
		th, err := ParseThreshold(text)
		if err != nil {
			t.Fatal(err)
		}
		return Limits{MaxIncrease: th}
	}
	most := 600.0
	tests := []struct {
		name   string
		limits Limits
		facts  Facts
		want   Status
		text   string
	}{
		{"within", limit("$300|70%"), *shop(), Passed, ""},
		{"too many dollars", limit("$200|70%"), *shop(), Broken, "the bill rises by $250.50, 62.6%"},
		{"too many percent", limit("$300|10%"), *shop(), Broken, "the bill rises by $250.50, 62.6%"},
		{"exactly the limit", limit("$250.50"), *shop(), Passed, ""},
		{"from nothing", limit("10%"), Facts{Total: 5}, Broken, "the bill rises by $5.00 from nothing"},
		{"a fall", limit("$0|0%"), Facts{Past: 10, Total: 5}, Passed, ""},
		{"too much a month", Limits{MaxMonthly: &most}, *shop(), Broken, "the bill is $650.50 a month"},
		{"incomplete", Limits{MaxMonthly: &most}, Facts{Incomplete: []string{"errored"}}, Undecided, "the input is incomplete: errored"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.limits.Check(&tt.facts)
			if len(got) != 1 || got[0].Status != tt.want {
				t.Fatalf("got %+v, want %s", got, tt.want)
			}
			text := ""
			if len(got[0].Findings) > 0 {
				text = got[0].Findings[0].Text
			}
			if text != tt.text {
				t.Errorf("text %q, want %q", text, tt.text)
			}
		})
	}
}

func TestAThousandServicesTakeLittle(t *testing.T) {
	facts := &Facts{}
	for range 1000 {
		facts.Resources = append(facts.Resources, shop().Resources...)
	}
	set, err := Compile([]Rule{{Name: "a", When: `service.capacity == "FARGATE" && env == "prod" && service.monthly > 1000`}})
	if err != nil {
		t.Fatal(err)
	}
	if got := set.Check(facts)[0]; got.Status != Passed || got.Checked != 2000 {
		t.Errorf("got %s after %d services", got.Status, got.Checked)
	}
}
