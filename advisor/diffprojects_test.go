package advisor_test

import (
	"fmt"
	"strings"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

func TestDiffProjects(t *testing.T) {
	t.Parallel()
	small := result(service("api", pricedLine("vCPU", "", 100, 0.10)))
	large := result(service("api", pricedLine("vCPU", "", 200, 0.10)))
	tests := []struct {
		name     string
		projects []advisor.Project
		want     string
	}{
		{"none", nil, "no change +0.00"},
		{
			"sides in one entry",
			[]advisor.Project{{Name: "a", Before: &small, After: &large}, {Name: "b", Before: &small, After: &small}},
			"a changed +10.00, b unchanged +0.00, increase +10.00",
		},
		{
			"sides in two entries, by name",
			[]advisor.Project{{Name: "a", Before: &small}, {Name: "b", Before: &small}, {Name: "b", After: &large}, {Name: "a", After: &small}},
			"a unchanged +0.00, b changed +10.00, increase +10.00",
		},
		{
			"a project that is new and one that is gone",
			[]advisor.Project{{Name: "a", Before: &small, After: &small}, {Name: "old", Before: &small}, {Name: "new", After: &large}},
			"a unchanged +0.00, old removed -10.00, new added +20.00, increase +10.00",
		},
		{
			"a single project on each side is the same",
			[]advisor.Project{{Name: "base/", Before: &small}, {Name: "head/", After: &large}},
			"head/ (base/) changed +10.00, increase +10.00",
		},
		{
			"an input that could not be read in full",
			[]advisor.Project{{Name: "a", Before: &large, After: &small, Options: advisor.DiffOptions{Incomplete: []string{"errored plan"}}}},
			"a changed -10.00, unclear -10.00",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			all := advisor.DiffProjects(tt.projects)
			var parts []string
			for _, p := range all.Projects {
				name := p.Name
				if p.OldName != "" {
					name += " (" + p.OldName + ")"
				}
				parts = append(parts, fmt.Sprintf("%s %s %+.2f", name, p.Change, p.Total.Amount().Effective))
			}
			parts = append(parts, fmt.Sprintf("%s %+.2f", all.Total.Direction(), all.Total.Amount().Effective))
			if got := strings.Join(parts, ", "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func ExampleDiff() {
	before := estimate.Result{Resources: []estimate.Resource{{Kind: estimate.KindNAT, Name: "shared", Cost: estimate.Cost{List: 70.08, Effective: 70.08}}}}
	after := estimate.Result{Resources: []estimate.Resource{{Kind: estimate.KindNAT, Name: "shared", Cost: estimate.Cost{List: 35.04, Effective: 35.04}}}}
	d := advisor.Diff(before, after, advisor.DiffOptions{})
	percent, _ := d.Total.Percent()
	fmt.Printf("%s of %.2f USD a month (%.0f %%)\n", d.Total.Direction(), -d.Total.Amount().Effective, percent)
	// Output: decrease of 35.04 USD a month (-50 %)
}
