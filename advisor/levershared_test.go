package advisor_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/design"
)

const bytesPerGB = 1 << 30

// flowOf is a metric whose hours add up to so much a month of 730 h.
func flowOf(space, name string, aMonth float64) account.Measurement {
	return madeMetric(space, name, "Sum", steady(aMonth/730))
}

func logFlow(name string, gb float64) map[account.Resource][]account.Measurement {
	return map[account.Resource][]account.Measurement{{Kind: "log-group", Name: name}: {flowOf("AWS/Logs", "IncomingBytes", gb*bytesPerGB)}}
}

func TestLogs(t *testing.T) {
	w := design.Workload{LogGroups: []design.LogGroup{{Name: "/ecs/api", RetentionDays: design.Know(0.0), Stored: design.Know(400.0)}}}
	advice := madeAdvice(t, madeSite(t, w, nil, logFlow("/ecs/api", 100)), advisor.LeverLogs)
	// Stored: 400 GB → 100 × 0.15 × 30/30.4167 GB, at 0.03.
	retention := (400 - 100*0.15*30/(365.0/12)) * 0.03
	wantSaving(t, advice, "keep 30 days instead of all", retention)
	// Ingested: 100 GB at 0.25 less.
	r := wantSaving(t, advice, "Infrequent Access class in a new group, keeping 30 days", retention+25)
	if r.Effort != advisor.EffortMigration {
		t.Errorf("effort %q: a group's class cannot change", r.Effort)
	}
	// A plan takes one of the two.
	plan, err := advice.MakePlan(advisor.PlanOptions{})
	if err != nil || len(plan.Stages) != 1 || len(plan.Stages[0].Steps) != 1 || plan.Stages[0].Steps[0].Recommendation != r {
		t.Errorf("plan %+v, %v", plan, err)
	}

	w.LogGroups[0].RetentionDays, w.LogGroups[0].Class = design.Know(30.0), design.LogInfrequentAccess
	wantNone(t, madeAdvice(t, madeSite(t, w, nil, logFlow("/ecs/api", 100)), advisor.LeverLogs))

	w.LogGroups[0].Class, w.LogGroups[0].Ingest = design.LogStandard, design.NotKnown[float64]("not in the replies")
	advice = madeAdvice(t, madeSite(t, w, nil, nil), advisor.LeverLogs)
	if len(advice.Abstentions) != 1 || advice.Abstentions[0].Missing != "needs the bytes that it ingests: not in the replies" {
		t.Errorf("abstentions %v", advice.Abstentions)
	}
}

// A service that pays more for logs than for a fifth of itself is told so.
func TestLogsDominate(t *testing.T) {
	w := design.Workload{
		Services: []design.Service{fargateService("api", 0.25, 0.5, 1)}, Clusters: []design.Cluster{{Name: "c"}},
		LogGroups: []design.LogGroup{{Name: "/ecs/api", Service: "api", RetentionDays: design.Know(30.0)}},
	}
	advice := madeAdvice(t, madeSite(t, w, []madeDemand{{"api", 1, steady(0.1), steady(0.3)}}, logFlow("/ecs/api", 100)), advisor.LeverLogs)
	r := wantSaving(t, advice, "Infrequent Access class in a new group", 25)
	// 50 USD of logs, 0.44 of storage, 9.01 of tasks.
	if !strings.Contains(strings.Join(r.Reasons, "\n"), "ingesting logs is 84 % of what api costs ($49.99 of $59.45)") {
		t.Errorf("reasons %q", r.Reasons)
	}
}

func TestImages(t *testing.T) {
	w := design.Workload{Repositories: []design.Repository{{
		Name: "api", Stored: design.Know(100.0), ImageGB: design.Know(0.5), KeepImages: design.NotKnown[float64]("the repository has no lifecycle policy: it keeps every image"),
	}}}
	// 100 GB → 10 × 0.5 GB at 0.10.
	wantSaving(t, madeAdvice(t, madeSite(t, w, nil, nil), advisor.LeverImageStorage), "keep the last 10 images", 9.5)
	w.Repositories[0].ImageGB = design.NotKnown[float64]("image sizes are not in the replies")
	if a := madeAdvice(t, madeSite(t, w, nil, nil), advisor.LeverImageStorage).Abstentions; len(a) != 1 || a[0].Missing != "needs the sizes of its images: image sizes are not in the replies" {
		t.Errorf("abstentions %v", a)
	}
	// A snapshot that holds neither a policy nor a failure to read it: there is none.
	w.Repositories[0].ImageGB = design.Know(0.5)
	w.Repositories[0].KeepImages = design.NotKnown[float64]("the lifecycle policy is not known: it is not in this input")
	wantSaving(t, madeAdvice(t, madeSite(t, w, nil, nil), advisor.LeverImageStorage), "keep the last 10 images", 9.5)
	site := madeSite(t, w, nil, nil)
	site.Snapshot = refusedPolicies(t)
	if a := madeAdvice(t, site, advisor.LeverImageStorage).Abstentions; len(a) != 1 || a[0].Missing != "needs its lifecycle policy, which AWS did not let be read" {
		t.Errorf("abstentions %v", a)
	}
	w.Repositories[0].KeepImages = design.Know(10.0)
	wantNone(t, madeAdvice(t, madeSite(t, w, nil, nil), advisor.LeverImageStorage))
}

// refusedPolicies is a snapshot of an account that may not read lifecycle policies.
func refusedPolicies(t *testing.T) *account.Snapshot {
	t.Helper()
	var buf bytes.Buffer
	w := account.NewWriter(&buf, account.WriterOptions{})
	if err := w.Close(account.Manifest{
		Version: account.FormatVersion, Period: time.Hour, Scopes: []account.Scope{madeScope()},
		Failures: []account.Failure{{Scope: madeScope(), Call: "ecr:GetLifecyclePolicy", Resource: "api", Why: "AccessDeniedException"}},
	}); err != nil {
		t.Fatal(err)
	}
	s, err := account.Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// natFlow is a gateway with GB a month from both sides and a peak in Mbit/s.
func natFlow(id string, gb, peak float64) (account.Resource, []account.Measurement) {
	return account.Resource{Kind: "nat-gateway", Name: id}, []account.Measurement{
		flowOf("AWS/NATGateway", "BytesInFromSource", gb/4*bytesPerGB), flowOf("AWS/NATGateway", "BytesInFromDestination", gb*3/4*bytesPerGB),
		madeMetric("AWS/NATGateway", "PeakBytesPerSecond", "Maximum", steady(peak*1e6/8)),
	}
}

func natWorkload() design.Workload {
	w := design.Workload{Services: []design.Service{fargateService("api", 1, 2, 3)}, Clusters: []design.Cluster{{Name: "c"}}}
	w.Network = design.Network{AZs: design.Know(2.0), NAT: design.NAT{Kind: design.NATGateway, Count: design.Know(2.0), IDs: []string{"nat-1", "nat-2"}}}
	return w
}

// Two gateways cost 2 × 730 × (0.045 + 0.005) = 73.00, 400 GB 18.00.
func TestNAT(t *testing.T) {
	flows := map[account.Resource][]account.Measurement{}
	for id, gb := range map[string]float64{"nat-1": 100, "nat-2": 300, "nat-of-another-vpc": 5000} {
		r, m := natFlow(id, gb, 20)
		flows[r] = m
	}
	demands := []madeDemand{{"api", 3, steady(1), steady(1)}}
	advice := madeAdvice(t, madeSite(t, natWorkload(), demands, flows), advisor.LeverNAT)
	// 91 − 2 × (730 × (0.0042 + 0.005) + 8 GB × 0.08).
	wantSaving(t, advice, "NAT gateways → NAT instances, t4g.nano", 91-2*(6.716+0.64))
	// A gateway less; the 100 GB of the quieter one cross AZs at 2 × 0.01.
	wantSaving(t, advice, "one NAT gateway instead of 2", 36.5-2)
	// Three addresses at 0.005.
	wantSaving(t, advice, "public IPv4 addresses for tasks instead of NAT", 91-3*3.65)
	// Free, whatever passes: nothing is known to.
	wantSaving(t, advice, "add a gateway endpoint of s3, which is free", 0)
	// A plan takes one way out.
	plan, err := advice.MakePlan(advisor.PlanOptions{MaxRisk: advisor.RiskHigh})
	if err != nil || len(plan.Stages) != 1 || len(plan.Stages[0].Steps) != 1 || plan.Stages[0].Steps[0].Recommendation.Title != "public IPv4 addresses for tasks instead of NAT" {
		t.Errorf("plan %+v, %v", plan.Stages, err)
	}
	for _, r := range advice.Recommendations {
		if strings.Contains(r.Title, "regional") {
			t.Error("a regional gateway is billed by AZ: it saves nothing over one gateway each")
		}
	}
}

// A regional gateway saves where there are more gateways than AZs.
func TestRegionalGateway(t *testing.T) {
	w := natWorkload()
	w.Network.NAT.Count, w.Network.NAT.IDs = design.Know(3.0), []string{"nat-1", "nat-2", "nat-3"}
	flows := map[account.Resource][]account.Measurement{}
	for _, id := range w.Network.NAT.IDs {
		r, m := natFlow(id, 100, 20)
		flows[r] = m
	}
	advice := madeAdvice(t, madeSite(t, w, []madeDemand{{"api", 3, steady(1), steady(1)}}, flows), advisor.LeverNAT)
	wantSaving(t, advice, "a regional NAT gateway over 2 AZs instead of 3 gateways", 36.5)
}

// The instance is the smallest that sustains twice the P95, and none above 5 Gbit/s.
func TestNATInstanceBandwidth(t *testing.T) {
	// GB a month of a steady rate: Mbit/s × 730 h × 3600 / 8 / 1024 MiB, in 2^30.
	gb := func(mbps float64) float64 { return mbps * 1e6 / 8 * 730 * 3600 / bytesPerGB }
	for _, c := range []struct {
		mbps, peak float64
		want       string
	}{
		{10, 20, "t4g.nano"}, {15.9, 4000, "t4g.nano"}, {16.1, 20, "t4g.micro"}, {60, 70, "t4g.small"}, {100, 110, "c6gn.medium"}, {10, 5100, ""},
	} {
		flows := map[account.Resource][]account.Measurement{}
		for _, id := range []string{"nat-1", "nat-2"} {
			r, m := natFlow(id, gb(c.mbps), c.peak)
			flows[r] = m
		}
		got := ""
		for _, r := range madeAdvice(t, madeSite(t, natWorkload(), []madeDemand{{"api", 3, steady(1), steady(1)}}, flows), advisor.LeverNAT).Recommendations {
			if kind, ok := strings.CutPrefix(r.Title, "NAT gateways → NAT instances, "); ok {
				got = kind
			}
		}
		if got != c.want {
			t.Errorf("%v Mbit/s with peaks of %v: %q, want %q", c.mbps, c.peak, got, c.want)
		}
	}
}

// Over two AZs an endpoint pays for itself from 2 × 208.57 = 417.14 GB a month.
func TestLogsEndpointBreakEven(t *testing.T) {
	for _, c := range []struct{ gb, want float64 }{{417, 0}, {418, 418*0.035 - 14.6}, {500, 2.9}} {
		flows := logFlow("/ecs/api", c.gb)
		for _, id := range []string{"nat-1", "nat-2"} {
			r, m := natFlow(id, 300, 20)
			flows[r] = m
		}
		w := natWorkload()
		w.LogGroups = []design.LogGroup{{Name: "/ecs/api", Service: "api", RetentionDays: design.Know(30.0)}}
		advice := madeAdvice(t, madeSite(t, w, []madeDemand{{"api", 3, steady(1), steady(1)}}, flows), advisor.LeverNAT)
		if c.want > 0 {
			wantSaving(t, advice, "add an interface endpoint of logs", c.want)
			continue
		}
		for _, r := range advice.Recommendations {
			if r.Title == "add an interface endpoint of logs" {
				t.Errorf("%v GB: saves %v", c.gb, r.Saving)
			}
		}
	}
}

func balancerFlow(id string, lcu, requests float64) (account.Resource, []account.Measurement) {
	return account.Resource{Kind: "load-balancer", Name: id}, []account.Measurement{
		madeMetric("AWS/ApplicationELB", "ConsumedLCUs", "Sum", steady(lcu)), madeMetric("AWS/ApplicationELB", "RequestCount", "Sum", steady(requests)),
	}
}

// A load balancer costs 730 × (0.0225 + 2 × 0.005) = 23.725 before its units.
func TestLoadBalancersAndOrphans(t *testing.T) {
	w := design.Workload{
		Services: []design.Service{fargateService("api", 1, 2, 2), fargateService("web", 1, 2, 2)}, Clusters: []design.Cluster{{Name: "c"}},
		LoadBalancers: []design.LoadBalancer{
			{Name: "api", ID: "app/api/1", Kind: design.ALB}, {Name: "old", ID: "app/old/2", Kind: design.ALB},
			{Name: "other", ID: "app/other/3", Kind: design.ALB}, {Name: "web", ID: "app/web/4", Kind: design.ALB},
		},
	}
	w.Services[0].Ingress = []design.Ingress{{LoadBalancer: "api"}}
	w.Services[1].Ingress = []design.Ingress{{LoadBalancer: "web"}}
	w.Network = design.Network{AZs: design.Know(2.0), PublicIPv4: design.Know(2.0), NAT: design.NAT{Kind: design.NATGateway, Count: design.Know(2.0), IDs: []string{"nat-1", "nat-2"}}}
	flows := map[account.Resource][]account.Measurement{}
	// "other" serves something that is not ECS; app/old/9 is another one of the name.
	for id, lcu := range map[string]float64{"app/api/1": 0.5, "app/old/2": 0, "app/old/9": 7, "app/other/3": 0.1, "app/web/4": 0.25} {
		r, m := balancerFlow(id, lcu, 100*lcu)
		flows[r] = m
	}
	for id, gb := range map[string]float64{"nat-1": 100, "nat-2": 0} {
		r, m := natFlow(id, gb, 20)
		flows[r] = m
	}
	demands := []madeDemand{{"api", 2, steady(1), steady(1)}, {"web", 2, steady(1), steady(1)}}
	advice := madeAdvice(t, madeSite(t, w, demands, flows), advisor.LeverOrphan, advisor.LeverLoadBalancer)
	// Its units go on costing 0.25 × 730 × 0.008 at the other.
	wantSaving(t, advice, "one for all: take over the services of web", 23.725)
	wantSaving(t, advice, "release", 2*3.65)
	orphaned := map[string]float64{}
	for _, r := range advice.Recommendations {
		if r.Title == "delete it" {
			orphaned[r.Subject.Kind+" "+r.Subject.Name] = r.Saving.P10
		}
	}
	want := map[string]float64{"load balancer old": 23.725, "NAT gateway nat-2": 36.5}
	for name, usd := range want {
		if got := orphaned[name]; got < usd-1e-6 || got > usd+1e-6 {
			t.Errorf("%s: %v, want %v", name, got, usd)
		}
	}
	if len(orphaned) != len(want) {
		t.Errorf("orphans %v, want %v", orphaned, want)
	}
	// An hour's Sum of ConsumedLCUs is the hour's units: 0.5 × 730 × 0.008.
	for _, r := range advice.Sites[0].Result.Resources {
		if r.Name == "api" && r.Kind == "load balancer" && (r.Cost.Effective < 26.645-1e-6 || r.Cost.Effective > 26.645+1e-6) {
			t.Errorf("load balancer api costs %v, want 23.725 + 2.92", r.Cost.Effective)
		}
	}

	// Where no load balancer was measured, nobody knows who calls it.
	for r := range flows {
		if r.Kind == "load-balancer" {
			delete(flows, r)
		}
	}
	advice = madeAdvice(t, madeSite(t, w, demands, flows), advisor.LeverOrphan)
	if len(advice.Abstentions) != 2 || !strings.Contains(advice.Abstentions[0].Missing, "whether anything calls it was not measured") {
		t.Errorf("abstentions %v", advice.Abstentions)
	}
}
