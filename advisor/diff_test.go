package advisor_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
)

// summary prints a difference in one line for each thing that changed.
func summary(d advisor.Difference) string {
	var b strings.Builder
	for i := range d.Resources {
		r := &d.Resources[i]
		if r.Change == advisor.Unchanged {
			continue
		}
		fmt.Fprintf(&b, "%s %s", r.Change, advisor.IdentityOf(r.Resource()))
		if r.Moved() {
			fmt.Fprintf(&b, " was %s", advisor.IdentityOf(r.Before))
		}
		fmt.Fprintf(&b, " %+.2f", r.Cost.Amount().Effective)
		if r.Cost.Certainty != advisor.Complete {
			fmt.Fprintf(&b, " (%s)", r.Cost.Certainty)
		}
		b.WriteByte('\n')
		for j := range r.Lines {
			if l := &r.Lines[j]; l.Change != advisor.Unchanged {
				fmt.Fprintf(&b, "  %s %s %s%+.2f%s\n", l.Change, l.Line().Name, bracketed(l.Line().Detail), l.Cost.Amount().Effective, reason(l))
			}
		}
	}
	fmt.Fprintf(&b, "%s: %s %+.2f", d.Total.Direction(), d.Total.Certainty, d.Total.Amount().Effective)
	if p, ok := d.Total.Percent(); ok {
		fmt.Fprintf(&b, " (%+.0f %%)", p)
	}
	return b.String()
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ") "
}

func reason(l *advisor.LineDiff) string {
	if l.Unpriced() == "" {
		return ""
	}
	return " unpriced: " + l.Unpriced()
}

func TestDiff(t *testing.T) {
	t.Parallel()
	api := service("api", pricedLine("vCPU", "", 730, 0.04), pricedLine("GB", "", 1460, 0.004))
	apiTwice := service("api", pricedLine("vCPU", "", 1460, 0.04), pricedLine("GB", "", 1460, 0.004))
	named := func(r estimate.Resource, name string) estimate.Resource { r.Name = name; return r }
	in := func(r estimate.Resource, cluster string) estimate.Resource { r.Cluster = cluster; return r }
	tagged := func(r estimate.Resource, team string) estimate.Resource {
		r.Tags = map[string]string{"team": team}
		return r
	}
	ranged := func(r estimate.Resource, low, high float64) estimate.Resource {
		r.Range = estimate.Range{Low: low, High: high}
		return r
	}
	withUnpriced := func(name, why string) estimate.Resource {
		return service(name, pricedLine("vCPU", "", 100, 0.10), unpricedLine("log ingestion", why))
	}
	tests := []struct {
		name          string
		before, after estimate.Result
		options       advisor.DiffOptions
		want          string
	}{
		{
			name: "more of one line", before: result(api), after: result(apiTwice),
			want: "changed service web/api +29.20\n  changed vCPU +29.20\nincrease: complete +29.20 (+83 %)",
		},
		{
			name: "nothing was paid before: no percentage", before: result(), after: result(api),
			want: "added service web/api +35.04\n  added vCPU +29.20\n  added GB +5.84\nincrease: complete +35.04",
		},
		{
			name: "removed", before: result(api), after: result(),
			want: "removed service web/api -35.04\n  removed vCPU -29.20\n  removed GB -5.84\ndecrease: complete -35.04 (-100 %)",
		},
		{
			name: "priced before, unpriced after is no saving", before: result(service("api", pricedLine("GB", "", 100, 0.5))),
			after: result(service("api", unpricedLine("GB", "the volume is not stated"))),
			want:  "changed service web/api -50.00 (at least)\n  changed GB -50.00 unpriced: the volume is not stated\nunclear: at least -50.00",
		},
		{
			name: "unpriced before, priced after is no increase", before: result(service("api", unpricedLine("GB", "the volume is not stated"))),
			after: result(service("api", pricedLine("GB", "", 100, 0.5))),
			want:  "changed service web/api +50.00 (at most)\n  changed GB +50.00 unpriced: the volume is not stated\nunclear: at most +50.00",
		},
		{
			name: "what is added and unpriced makes a lower bound", before: result(api), after: result(api, withUnpriced("web", "depends on usage")),
			want: "added service web/web +10.00 (at least)\n  added vCPU +10.00\n  added log ingestion +0.00 unpriced: depends on usage\nincrease: at least +10.00",
		},
		{
			name: "removing what was unpriced is a decrease of that at least", before: result(api, withUnpriced("web", "depends on usage")), after: result(api),
			want: "removed service web/web -10.00 (at most)\n  removed vCPU -10.00\n  removed log ingestion +0.00 unpriced: depends on usage\ndecrease: at most -10.00",
		},
		{
			name: "unpriced in the same way on both sides cancels", before: result(withUnpriced("web", "depends on usage")), after: result(withUnpriced("web", "depends on usage"), api),
			want: "added service web/api +35.04\n  added vCPU +29.20\n  added GB +5.84\nincrease: complete +35.04 (+350 %)",
		},
		{
			name:   "an unknown quantity of another formula does not cancel",
			before: result(service("api", unpricedLine("GB", "count unknown"))),
			after: func() estimate.Result {
				l := unpricedLine("GB", "count unknown")
				l.Charge.Usage.Why = "2 × GB"
				return result(service("api", l))
			}(),
			want: "changed service web/api +0.00 (incomplete)\n  changed GB +0.00 unpriced: count unknown\nunclear: incomplete +0.00",
		},
		{
			name: "renamed as declared, and changed", before: result(api), after: result(named(apiTwice, "front")),
			options: advisor.DiffOptions{Renamed: map[string]string{"api": "front"}},
			want:    "changed service web/front was service web/api +29.20\n  changed vCPU +29.20\nincrease: complete +29.20 (+83 %)",
		},
		{
			name: "a declared move wins over an equal name", before: result(api), after: result(named(api, "old"), apiTwice),
			options: advisor.DiffOptions{Renamed: map[string]string{"service web/api": "service web/old"}},
			want:    "added service web/api +64.24\n  added vCPU +58.40\n  added GB +5.84\nrenamed service web/old was service web/api +0.00\nincrease: complete +64.24 (+183 %)",
		},
		{
			name: "a declared move of what is not there is ignored", before: result(api), after: result(api),
			options: advisor.DiffOptions{Renamed: map[string]string{"no": "such", "api": "such"}},
			want:    "no change: complete +0.00 (+0 %)",
		},
		{
			name: "renamed by likeness", before: result(api, withUnpriced("web", "")), after: result(named(api, "front"), withUnpriced("web", "")),
			want: "renamed service web/front was service web/api +0.00\nno change: complete +0.00 (+0 %)",
		},
		{
			name: "likeness needs a single candidate", before: result(api), after: result(named(api, "a"), named(api, "b")),
			want: "added service web/a +35.04\n  added vCPU +29.20\n  added GB +5.84\nremoved service web/api -35.04\n  removed vCPU -29.20\n  removed GB -5.84\n" +
				"added service web/b +35.04\n  added vCPU +29.20\n  added GB +5.84\nincrease: complete +35.04 (+100 %)",
		},
		{
			name: "likeness needs equal tags", before: result(tagged(api, "a")), after: result(tagged(named(api, "front"), "b")),
			want: "removed service web/api -35.04\n  removed vCPU -29.20\n  removed GB -5.84\n" +
				"added service web/front +35.04\n  added vCPU +29.20\n  added GB +5.84\nno change: complete +0.00 (+0 %)",
		},
		{
			name: "moved to another cluster", before: result(in(api, "blue")), after: result(in(apiTwice, "green")),
			want: "changed service green/api was service blue/api +29.20\n  changed vCPU +29.20\nincrease: complete +29.20 (+83 %)",
		},
		{
			name: "the detail of a line changed", before: result(service("api", pricedLine("EC2 instances", "m5.large", 730, 0.10))),
			after: result(service("api", pricedLine("EC2 instances", "m6g.large", 730, 0.08))),
			want:  "changed service web/api -14.60\n  changed EC2 instances (m6g.large) -14.60\ndecrease: complete -14.60 (-20 %)",
		},
		{
			name:   "details tell lines of one name apart",
			before: result(service("api", pricedLine("EFS storage", "standard", 10, 0.3), pricedLine("EFS storage", "archive", 10, 0.01))),
			after:  result(service("api", pricedLine("EFS storage", "archive", 30, 0.01), pricedLine("EFS storage", "standard", 10, 0.3))),
			want:   "changed service web/api +0.20\n  changed EFS storage (archive) +0.20\nincrease: complete +0.20 (+6 %)",
		},
		{
			name:   "two lines of one name and detail pair by quantity",
			before: result(service("api", pricedLine("EBS", "", 30, 0.1), pricedLine("EBS", "", 80, 0.1))),
			after:  result(service("api", pricedLine("EBS", "", 80, 0.1), pricedLine("EBS", "", 40, 0.1))),
			want:   "changed service web/api +1.00\n  changed EBS +1.00\nincrease: complete +1.00 (+9 %)",
		},
		{
			name: "a count without an average could turn it either way", before: result(ranged(api, 35.04, 35.04)), after: result(ranged(service("api", pricedLine("vCPU", "", 365, 0.04), pricedLine("GB", "", 730, 0.004)), 17.52, 87.60)),
			want: "changed service web/api -17.52\n  changed vCPU -14.60\n  changed GB -2.92\nunclear: complete -17.52 (-50 %)",
		},
		{
			name: "an incomplete input", before: result(api), after: result(),
			options: advisor.DiffOptions{Incomplete: []string{"the plan ended in an error"}},
			want:    "removed service web/api -35.04\n  removed vCPU -29.20\n  removed GB -5.84\nunclear: incomplete -35.04",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := advisor.Diff(tt.before, tt.after, tt.options)
			if got := summary(d); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestDiffOfTypesWithoutModel(t *testing.T) {
	t.Parallel()
	before, after := result(), result()
	before.NotPriced = map[string]int{"aws_a": 1, "aws_b": 2}
	after.NotPriced = map[string]int{"aws_b": 2, "aws_c": 1}
	d := advisor.Diff(before, after, advisor.DiffOptions{})
	want := []advisor.TypeChange{{Type: "aws_a", Before: 1}, {Type: "aws_b", Before: 2, After: 2}, {Type: "aws_c", After: 1}}
	if !reflect.DeepEqual(d.NotPriced, want) {
		t.Errorf("got %v, want %v", d.NotPriced, want)
	}
	if d.Total.Certainty != advisor.Incomplete || d.Empty() {
		t.Errorf("certainty %v", d.Total.Certainty)
	}
}

func TestDiffOfAssumptions(t *testing.T) {
	t.Parallel()
	before, after := result(), result()
	before.Assumptions = []estimate.Note{{Path: "api.os", Text: "Linux"}, {Path: "api.count", Text: "1 task"}, {Path: "web.os", Text: "Linux"}}
	after.Assumptions = []estimate.Note{{Path: "api.count", Text: "2 tasks"}, {Path: "api.os", Text: "Linux"}, {Path: "new.os", Text: "Linux"}}
	want := []advisor.NoteChange{
		{Path: "api.count", Before: "1 task", After: "2 tasks"},
		{Path: "new.os", After: "Linux"},
		{Path: "web.os", Before: "Linux"},
	}
	if got := advisor.Diff(before, after, advisor.DiffOptions{}).Assumptions; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestDiffTellsPricesFromQuantities(t *testing.T) {
	t.Parallel()
	before := result(service("api", pricedLine("vCPU", "", 100, 0.10)))
	after := result(service("api", pricedLine("vCPU", "", 200, 0.20)))
	d := advisor.Diff(before, after, advisor.DiffOptions{})
	line := d.Resources[0].Lines[0]
	if !line.PriceChanged() || !line.QuantityChanged() {
		t.Errorf("price changed: %v, quantity changed: %v", line.PriceChanged(), line.QuantityChanged())
	}
	// 100 × 0.15 for twice the quantity, 0.10 × 150 for twice the price.
	if want := (advisor.Effect{Quantity: 15, Price: 15}); !nearly(d.Effect.Quantity, want.Quantity) || !nearly(d.Effect.Price, want.Price) {
		t.Errorf("effect %v, want %v", d.Effect, want)
	}
}

func TestDiffOfRegions(t *testing.T) {
	t.Parallel()
	in := func(region string, r estimate.Result) estimate.Result {
		r.Region = design.Know(region)
		for i := range r.Resources[0].Lines {
			charge := &r.Resources[0].Lines[i].Charge
			charge.Usage.SKU.Region, charge.Rate.SKU.Region = region, region
		}
		return r
	}
	before := in("eu-west-2", result(service("api", pricedLine("vCPU", "", 100, 0.10), pricedLine("IPv4", "", 730, 0.005), unpricedLine("log ingestion", "depends on usage"))))
	after := in("us-east-1", result(service("api", pricedLine("vCPU", "", 100, 0.08), pricedLine("IPv4", "", 730, 0.005), unpricedLine("log ingestion", "depends on usage"))))
	d := advisor.Diff(before, after, advisor.DiffOptions{})
	want := "changed service web/api -2.00 (incomplete)\n  changed vCPU -2.00\n  changed log ingestion +0.00 unpriced: depends on usage\nunclear: incomplete -2.00"
	if got := summary(d); got != want || !d.RegionChanged() {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if line := d.Resources[0].Lines[0]; !line.PriceChanged() || line.QuantityChanged() {
		t.Error("another region's price is no change of quantity")
	}
	if equal := advisor.Diff(in("eu-west-2", result(service("api"))), in("us-east-1", result(service("api"))), advisor.DiffOptions{}); equal.Empty() {
		t.Error("a move to another region at equal prices is a change")
	}
}
