package advisor

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// reportScope is where the services of these tests run.
func reportScope() account.Scope { return account.Scope{Account: "111122223333", Region: "eu-west-1"} }

func reportDay(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// fargateService is a service on Fargate with tasks of vcpu and twice as many GB.
func fargateService(name, team string, tasks, vcpu float64) design.Service {
	s := design.Service{
		Name: name, Cluster: "prod", Count: design.Count(tasks),
		Task:           design.Task{CPU: design.Know(vcpu), Memory: design.Know(2 * vcpu), OS: design.Know(design.Linux), Architecture: design.Know(design.X86)},
		Capacity:       design.CapacityStrategy{Providers: []design.Provider{{Kind: design.Fargate, Weight: 1}}},
		AssignPublicIP: design.Know(true),
	}
	if team != "" {
		s.Tags = map[string]string{"team": team}
	}
	return s
}

// reportAdvice is the estimate of services as a report takes it.
func reportAdvice(t testing.TB, commitments design.Commitments, services ...design.Service) *Advice {
	t.Helper()
	w := design.Workload{Name: "test", Region: design.Know("eu-west-1"), Services: services, Commitments: commitments}
	r, err := estimate.Run(w, pricing.Embedded(), estimate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &Advice{Sites: []SiteEstimate{{Scope: reportScope(), Workload: w, Result: r}}}
}

// inPeriod is the input of a report about services in a calendar month.
func inPeriod(t testing.TB, from time.Time, services ...design.Service) ReportInput {
	t.Helper()
	return ReportInput{Advice: reportAdvice(t, design.Commitments{}, services...), From: from, To: from.AddDate(0, 1, 0), TeamTag: "team"}
}

func mustReport(t testing.TB, in ReportInput, history ...Kept) Report {
	t.Helper()
	r, err := MakeReport(in, history)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func alike(a, b float64) bool { return math.Abs(a-b) <= 1e-7*max(1, math.Abs(a), math.Abs(b)) }

// Every table of every report adds up to the headline, whatever the services do
// between the reports.
func TestReportAddsUp(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 7))
		var history []Kept
		for month := range 4 {
			in := inPeriod(t, reportDay(2026, time.Month(1+month), 1), randomServices(rng)...)
			if rng.IntN(3) == 0 {
				in.Advice = reportAdvice(t, design.Commitments{SavingsPlans: []design.SavingsPlan{{
					Name: "sp", Kind: "Compute", Term: "1yr", Payment: "No Upfront", Hourly: rng.Float64() * 2,
				}}}, in.Advice.Sites[0].Workload.Services...)
			}
			if rng.IntN(5) == 0 {
				in.Advice.Manifest.Failures = []account.Failure{{Scope: reportScope(), Call: "ecs:DescribeServices", Why: "AccessDenied"}}
			}
			r := mustReport(t, in, history...)
			checkSums(t, &r)
			history = append(history, reread(t, r.Kept()))
		}
	}
}

// randomServices are up to 12 services that come, go, grow and change.
func randomServices(rng *rand.Rand) []design.Service {
	var out []design.Service
	for i := range 12 {
		if rng.IntN(4) == 0 {
			continue
		}
		s := fargateService(fmt.Sprintf("s%02d", i), []string{"", "a", "b"}[i%3], float64(rng.IntN(6)), []float64{0.25, 0.5, 1, 2, 4}[rng.IntN(5)])
		if rng.IntN(3) == 0 {
			s.Task.Architecture = design.Know(design.ARM64)
		}
		if rng.IntN(4) == 0 {
			s.Capacity.Providers = append(s.Capacity.Providers, design.Provider{Kind: design.FargateSpot, Weight: 2})
		}
		if rng.IntN(10) == 0 {
			s.Task.OS = design.NotKnown[design.OS]("nobody said") // unpriced
		}
		out = append(out, s)
	}
	return out
}

func checkSums(t *testing.T, r *Report) {
	t.Helper()
	want := r.Headline.Cost
	if !alike(want, r.kept.Cost) {
		t.Errorf("headline %v, kept %v", want, r.kept.Cost)
	}
	total := func(what string, got float64) {
		t.Helper()
		if !alike(got, want) {
			t.Errorf("%s add up to %v, want the headline %v", what, got, want)
		}
	}
	teams, teamsBefore, environments, groups, resources, effects := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	for _, x := range r.Teams {
		teams += x.Cost
		teamsBefore += x.Previous
	}
	for _, x := range r.Environments {
		environments += x.Cost
	}
	for _, x := range r.Groups {
		groups += x.Cost
	}
	for _, x := range r.Resources {
		resources += x.Cost
		if r.Change != nil && !alike(x.Effects.Sum(), x.Cost-orZero(x.Previous)) {
			t.Errorf("%s: effects %+v do not add up to %v − %v", x.Name, x.Effects, x.Cost, x.Previous)
		}
	}
	total("teams", teams)
	total("environments", environments)
	total("groups", groups)
	total("resources", resources)
	total("the last point of the trend", r.Trend[len(r.Trend)-1].Cost)
	if r.Change == nil {
		return
	}
	for _, x := range r.Change.Resources {
		effects += x.Effects.Sum()
	}
	change := want - r.Headline.Previous
	if !alike(r.Change.Effects.Sum(), change) || !alike(effects, change) {
		t.Errorf("effects %+v add up to %v, those of resources to %v: want %v", r.Change.Effects, r.Change.Effects.Sum(), effects, change)
	}
	if !alike(teamsBefore, r.Headline.Previous) {
		t.Errorf("teams cost %v before, want %v", teamsBefore, r.Headline.Previous)
	}
}

func orZero(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// reread is a kept report after a round trip through JSON, which must not change it.
func reread(t *testing.T, k Kept) Kept {
	t.Helper()
	data, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	var back Kept
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != string(data) {
		t.Fatalf("a kept report changes on a round trip: %v\n%s", err, cmp.Diff(string(data), string(again)))
	}
	return back
}

// The headline is the estimates' own total.
func TestReportCostIsTheEstimate(t *testing.T) {
	a := reportAdvice(t, design.Commitments{SavingsPlans: []design.SavingsPlan{{
		Name: "sp", Kind: "Compute", Term: "1yr", Payment: "No Upfront", Hourly: 3, End: reportDay(2026, 3, 1),
	}}}, fargateService("api", "a", 4, 1), fargateService("web", "", 2, 0.5))
	r := mustReport(t, ReportInput{Advice: a, From: reportDay(2026, 1, 1), To: reportDay(2026, 2, 1), TeamTag: "team"})
	if want := a.Sites[0].Result.Total.Effective; !alike(r.Headline.Cost, want) {
		t.Errorf("cost %v, want %v", r.Headline.Cost, want)
	}
	use := a.Sites[0].Result.Commitments
	c := r.Commitments
	if !alike(c.Committed-c.Used, use.Unused) || !(c.Utilisation() < 1) || c.Coverage() < 0.999 {
		t.Errorf("commitments %+v: utilisation %v, coverage %v; %v USD are unused and all is covered", c, c.Utilisation(), c.Coverage(), use.Unused)
	}
	if len(c.Expiring) != 1 || c.Expiring[0].Name != "sp" {
		t.Errorf("expiring %+v, want sp, which ends 28 days later", c.Expiring)
	}
	if u := r.Headline.Untagged; !(u > 0 && u < 1) {
		t.Errorf("untagged share %v", u)
	}
}

// The effect that a change has is the one that it is named after.
func TestChangeEffects(t *testing.T) {
	base := fargateService("api", "", 4, 1)
	with := func(change func(*design.Service)) []design.Service {
		s := base
		s.Capacity.Providers = slices.Clone(base.Capacity.Providers)
		change(&s)
		return []design.Service{s}
	}
	tests := []struct {
		name     string
		after    []design.Service
		nonZero  string
		negative bool
	}{
		{"more tasks", with(func(s *design.Service) { s.Count = design.Count(6) }), "Volume", false},
		{"bigger tasks", with(func(s *design.Service) { s.Task.CPU = design.Know(2.0) }), "Configuration", false},
		{"another architecture", with(func(s *design.Service) { s.Task.Architecture = design.Know(design.ARM64) }), "Configuration", true},
		{"half on Spot", with(func(s *design.Service) {
			s.Capacity.Providers = append(s.Capacity.Providers, design.Provider{Kind: design.FargateSpot, Weight: 1})
		}), "Configuration", true},
		{"no public addresses", with(func(s *design.Service) { s.AssignPublicIP = design.Know(false) }), "Configuration", true},
		{"gone", nil, "Gone", true},
		{"one more", append(with(func(*design.Service) {}), fargateService("web", "", 1, 1)), "New", false},
		{"no longer priced", with(func(s *design.Service) { s.Task.OS = design.NotKnown[design.OS]("") }), "Data,Configuration", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := mustReport(t, inPeriod(t, reportDay(2026, 1, 1), base))
			after := mustReport(t, inPeriod(t, reportDay(2026, 2, 1), tt.after...), before.Kept())
			e := after.Change.Effects
			sum := 0.0
			for name, v := range map[string]float64{"Price": e.Price, "Volume": e.Volume, "Configuration": e.Configuration, "New": e.New, "Gone": e.Gone, "Data": e.Data} {
				if !strings.Contains(tt.nonZero, name) && math.Abs(v) > 1e-9 {
					t.Errorf("%s effect %v, want none: %+v", name, v, e)
				}
				sum += v
			}
			if sum == 0 || (sum < 0) != tt.negative {
				t.Errorf("change %v, negative %v: %+v", sum, tt.negative, e)
			}
		})
	}
}

// A price that changes alone is all price; the split of a change and of its reverse
// are each other's negatives, which a split at old or at new prices is not.
func TestChangeSplitFavoursNoSide(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		var was, is [3]float64
		for i := range was {
			was[i], is[i] = 10*rng.Float64(), 10*rng.Float64()
		}
		a1, a2, a3 := shapley3(was, is)
		b1, b2, b3 := shapley3(is, was)
		if !alike(a1, -b1) || !alike(a2, -b2) || !alike(a3, -b3) {
			t.Fatalf("%v → %v: %v %v %v, back %v %v %v", was, is, a1, a2, a3, b1, b2, b3)
		}
		if product := is[0]*is[1]*is[2] - was[0]*was[1]*was[2]; !alike(a1+a2+a3, product) {
			t.Fatalf("%v → %v: parts add up to %v, want %v", was, is, a1+a2+a3, product)
		}
		// By brute force: the mean over the six orders.
		if want := byOrders(was, is); !alike(a1, want[0]) || !alike(a2, want[1]) || !alike(a3, want[2]) {
			t.Fatalf("%v → %v: %v %v %v, want %v", was, is, a1, a2, a3, want)
		}
	}
}

// byOrders changes three factors one after the other in all six orders.
func byOrders(was, is [3]float64) (mean [3]float64) {
	for _, order := range [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		v := was
		for _, i := range order {
			before := v[0] * v[1] * v[2]
			v[i] = is[i]
			mean[i] += (v[0]*v[1]*v[2] - before) / 6
		}
	}
	return mean
}

func TestUnreadRegionIsNoSaving(t *testing.T) {
	before := mustReport(t, inPeriod(t, reportDay(2026, 1, 1), fargateService("api", "", 4, 1), fargateService("web", "", 1, 1)))
	in := inPeriod(t, reportDay(2026, 2, 1), fargateService("api", "", 4, 1))
	in.Advice.Manifest.Failures = []account.Failure{{Scope: reportScope(), Call: "ecs:DescribeServices", Why: "AccessDenied"}}
	r := mustReport(t, in, before.Kept())
	if e := r.Change.Effects; e.Gone != 0 || !(e.Data < 0) {
		t.Errorf("effects %+v, want what was not read under Data", e)
	}
	if !r.Headline.LowerBound {
		t.Error("the cost is no lower bound, though a call failed")
	}
}

func TestMakeReportErrors(t *testing.T) {
	good := inPeriod(t, reportDay(2026, 1, 1), fargateService("api", "", 1, 1))
	first := mustReport(t, good)
	kept := first.Kept()
	tests := []struct {
		name    string
		in      func() ReportInput
		history []Kept
		want    string
	}{
		{"no period", func() ReportInput { in := good; in.To = in.From; return in }, nil, "report: period from 2026-01-01T00:00:00Z to 2026-01-01T00:00:00Z: want an end after the beginning"},
		{"no region", func() ReportInput { in := good; in.Advice = &Advice{}; return in }, nil, "report: no region of any account to report on"},
		{"newer history", func() ReportInput { return good }, []Kept{{Version: 2, To: reportDay(2025, 1, 1)}}, "report: the kept report of 2025-01-01 has version 2: this program reads version 1"},
		{"damaged history", func() ReportInput { return good }, []Kept{{Version: 1, To: reportDay(2025, 1, 1), From: reportDay(2025, 2, 1)}}, "report: the kept report from 2025-02-01T00:00:00Z to 2025-01-01T00:00:00Z with 0 hours a month is damaged"},
		{"made again", func() ReportInput { return good }, []Kept{kept}, ""},
	}
	for _, tt := range tests {
		r, err := MakeReport(tt.in(), tt.history)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if err == nil && r.Change != nil {
			t.Errorf("%s: a report compares itself with itself", tt.name)
		}
	}
}
