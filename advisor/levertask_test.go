package advisor_test

import (
	"slices"
	"strings"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// 64 MiB of a log router push 2,048 MiB of the application over the edge.
func TestSidecarForcesATier(t *testing.T) {
	svc := fargateService("web", 1, 3, 2)
	svc.Task.Containers = []design.Container{
		{Name: "app", Image: "web:1", Essential: true, MemoryReservation: 2},
		{Name: "router", Image: "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable", MemoryReservation: 64.0 / 1024},
	}
	w := design.Workload{Services: []design.Service{svc}, Clusters: []design.Cluster{{Name: "c"}}}
	busy := []madeDemand{{"web", 2, steady(0.8), steady(1.2)}}
	advice := madeAdvice(t, madeSite(t, w, busy, nil), advisor.LeverSidecar)
	// 2 tasks × 730 h × 1 GB × 0.004445 USD.
	r := wantSaving(t, advice, "take 64 MiB from router: 1 vCPU + 3 GB → 1 vCPU + 2 GB", 6.4897)
	// 2 × 730 × (0.04048 + 3 × 0.004445) = 78.5699; the router has 64 / 2,112 of it.
	want := "memory fixes the size; by it the $78.57 a month are those of app 97.0 % ($76.19), router 3.0 % ($2.38)"
	if !slices.Contains(r.Reasons, want) {
		t.Errorf("reasons %q, want one to be %q", r.Reasons, want)
	}

	// What its tasks were measured to need does not fit without the router either.
	needy := []madeDemand{{"web", 2, steady(0.8), steady(2.05)}}
	wantNone(t, madeAdvice(t, madeSite(t, w, needy, nil), advisor.LeverSidecar))

	// Without a reservation the container has to be measured.
	w.Services[0].Task.Containers = slices.Clone(svc.Task.Containers)
	w.Services[0].Task.Containers[0].MemoryReservation = 0
	advice = madeAdvice(t, madeSite(t, w, busy, nil), advisor.LeverSidecar)
	if len(advice.Abstentions) != 1 || !strings.Contains(advice.Abstentions[0].Missing, "needs the memory of its container app") {
		t.Errorf("abstentions %v", advice.Abstentions)
	}
	measured := map[account.Resource][]account.Measurement{
		{Kind: "container", Cluster: "c", Name: "web", Container: "app"}: {madeMetric("ECS/ContainerInsights", "ContainerMemoryUtilized", "Maximum", steady(2000))},
	}
	advice = madeAdvice(t, madeSite(t, w, busy, measured), advisor.LeverSidecar)
	// 2,000 + 64 = 2,064 MiB are 16 more than 2 GB.
	wantSaving(t, advice, "take 16 MiB from router: 1 vCPU + 3 GB → 1 vCPU + 2 GB", 6.4897)
}

// onInstances is a service on the only group of cluster c.
func onInstances(name string, vcpu, gb, count float64) design.Service {
	s := fargateService(name, vcpu, gb, count)
	s.Capacity = design.Only(design.EC2)
	s.Task = design.Task{
		Family: name, OS: s.Task.OS, Architecture: s.Task.Architecture, NetworkMode: "bridge",
		Containers: []design.Container{{Name: "app", Image: name + ":1", Essential: true, CPU: vcpu, MemoryReservation: gb}},
	}
	return s
}

func groupOf(count float64, types ...string) []design.Cluster {
	return []design.Cluster{{Name: "c", Groups: []design.InstanceGroup{{Name: "g", InstanceTypes: types, Count: design.Count(count)}}}}
}

// Ten tasks reserve five m6i.large (2 vCPU, 8 GiB) and need two. No ratio of
// reservations to needs says two: memory needs 28 % of what is reserved, CPU 34 %.
func TestReservationsByPlacement(t *testing.T) {
	w := design.Workload{Services: []design.Service{onInstances("etl", 1, 3.5, 6), onInstances("index", 0.5, 3, 4)}, Clusters: groupOf(5, "m6i.large")}
	demands := []madeDemand{{"etl", 6, steady(2.1), steady(0.85)}, {"index", 4, steady(0.5), steady(0.99)}}
	// Before: two etl to an instance by CPU, two index by memory: 3 + 2. After:
	// 6 × 0.375 + 4 × 0.125 = 2.75 vCPU and 6 × 0.875 + 4 × 1 = 9.25 GB fit two.
	// 3 × (730 h × 0.096 + 30 GB × 0.08) = 3 × 72.48.
	advice := madeAdvice(t, madeSite(t, w, demands, nil), advisor.LeverReservation)
	r := wantSaving(t, advice, "reserve what is needed: etl 3584 → 896 MiB and 1024 → 384 CPU units, index 3072 → 1024 MiB and 512 → 128 CPU units", 217.44)

	// The same change of a larger group frees as many instances, no more.
	w.Clusters, w.Region = groupOf(7, "m6i.large"), design.Know("us-east-1")
	if err := r.Change(&w); err != nil {
		t.Fatal(err)
	}
	if n := w.Clusters[0].Groups[0].Count.Mean().Value; n != 4 {
		t.Errorf("7 instances become %v, want 4", n)
	}

	// A fifth of the reservation has to be free, and instances come whole.
	w = design.Workload{Services: []design.Service{onInstances("etl", 1, 3.5, 6)}, Clusters: groupOf(3, "m6i.large")}
	wantNone(t, madeAdvice(t, madeSite(t, w, []madeDemand{{"etl", 6, steady(5.5), steady(2.9)}}, nil), advisor.LeverReservation))
	wantNone(t, madeAdvice(t, madeSite(t, w, []madeDemand{{"etl", 6, steady(5.5), steady(2)}}, nil), advisor.LeverReservation))
	advice = madeAdvice(t, madeSite(t, w, nil, nil), advisor.LeverReservation)
	if len(advice.Abstentions) != 1 || advice.Abstentions[0].Missing != "no metrics of it are in the snapshot" {
		t.Errorf("abstentions %v", advice.Abstentions)
	}
}

// Two services below Fargate's smallest size fit one task of it.
func TestConsolidateBelowTheFloor(t *testing.T) {
	w := design.Workload{Services: []design.Service{fargateService("mailer", 0.25, 0.5, 1), fargateService("thumbs", 0.25, 0.5, 1)}, Clusters: []design.Cluster{{Name: "c"}}}
	small := []madeDemand{{"mailer", 1, steady(0.02), steady(0.2)}, {"thumbs", 1, steady(0.1), steady(0.25)}}
	advice := madeAdvice(t, madeSite(t, w, small, nil), advisor.LeverConsolidate)
	// One task less: 730 h × (0.25 × 0.04048 + 0.5 × 0.004445).
	wantSaving(t, advice, "mailer + thumbs in one task of 0.25 vCPU + 0.5 GB", 9.010025)

	// 0.3 + 0.25 GB need 1 GB: half a GB less is saved.
	larger := []madeDemand{{"mailer", 1, steady(0.02), steady(0.3)}, {"thumbs", 1, steady(0.1), steady(0.25)}}
	wantSaving(t, madeAdvice(t, madeSite(t, w, larger, nil), advisor.LeverConsolidate), "mailer + thumbs in one task of 0.25 vCPU + 1 GB", 9.010025-730*0.5*0.004445)

	// What does nothing is not worth a task, shared or not.
	idle := []madeDemand{{"mailer", 1, steady(0.001), steady(0.2)}, {"thumbs", 1, steady(0.1), steady(0.25)}}
	wantNone(t, madeAdvice(t, madeSite(t, w, idle, nil), advisor.LeverConsolidate))
	// Neither are services of different numbers of tasks.
	w.Services[1].Count = design.Count(2)
	two := []madeDemand{{"mailer", 1, steady(0.02), steady(0.2)}, {"thumbs", 2, steady(0.1), steady(0.25)}}
	wantNone(t, madeAdvice(t, madeSite(t, w, two, nil), advisor.LeverConsolidate))
}

// Ten instances for two small tasks cost twenty times what Fargate does.
func TestLaunchType(t *testing.T) {
	svc := onInstances("api", 0.5, 1, 2)
	svc.Task.NetworkMode = "awsvpc"
	w := design.Workload{Services: []design.Service{svc}, Clusters: groupOf(10, "m6i.large")}
	demands := []madeDemand{{"api", 2, steady(0.4), steady(0.6)}}
	advice := madeAdvice(t, madeSite(t, w, demands, nil), advisor.LeverLaunchType)
	// 10 × 72.48 − 2 × 730 × (0.5 × 0.04048 + 0.004445) = 724.80 − 36.0401.
	wantSaving(t, advice, "all services on Fargate", 688.7599)

	// Forty tasks that fill instances are cheaper on them, and the placement says on which.
	w = design.Workload{Services: []design.Service{fargateService("api", 1, 4, 40)}, Clusters: []design.Cluster{{Name: "c"}}}
	advice = madeAdvice(t, madeSite(t, w, []madeDemand{{"api", 40, steady(30), steady(3)}}, nil), advisor.LeverLaunchType)
	if len(advice.Recommendations) == 0 || advice.Recommendations[0].Title != "all services on EC2" || !strings.Contains(advice.Recommendations[0].Evidence.Bound, " × 730 h") {
		t.Errorf("recommendations %v", advice.Recommendations)
	}
	// Two tasks alone are not worth an instance.
	w.Services[0].Count = design.Count(2)
	wantNone(t, madeAdvice(t, madeSite(t, w, []madeDemand{{"api", 2, steady(1.5), steady(3)}}, nil), advisor.LeverLaunchType))
}

func TestSpotOnInstances(t *testing.T) {
	w := design.Workload{Services: []design.Service{onInstances("etl", 1, 3.5, 6)}, Clusters: groupOf(5, "m6i.large")}
	demands := []madeDemand{{"etl", 6, steady(5.5), steady(3)}}
	advice := madeAdvice(t, madeSite(t, w, demands, nil), advisor.LeverSpot)
	spot, err := pricing.Embedded().Lookup(pricing.NewSKU("AmazonEC2", "SpotUsage:m6i.large", "us-east-1", "operatingSystem=Linux"))
	if err != nil {
		t.Fatal(err)
	}
	r := wantSaving(t, advice, "70 % of its instances on Spot", 0.7*5*730*(0.096-spot.Tiers[0].USD))
	if r.Risk != advisor.RiskMedium || !strings.Contains(r.Reasons[1], "price-capacity-optimized from: ") || strings.Count(r.Reasons[1], ",") < 2 {
		t.Errorf("risk %v, reasons %q: want medium, and three types or more", r.Risk, r.Reasons)
	}
	// A service of one task makes it a risk of an outage.
	w.Services = append(w.Services, onInstances("one", 0.25, 0.5, 1))
	advice = madeAdvice(t, madeSite(t, w, append(demands, madeDemand{"one", 1, steady(0.2), steady(0.4)}), nil), advisor.LeverSpot)
	if r := advice.Recommendations[0]; r.Risk != advisor.RiskHigh || !strings.Contains(strings.Join(r.RiskReasons, "\n"), "an outage of services of one task: one") {
		t.Errorf("risk %v: %q", r.Risk, r.RiskReasons)
	}
}
