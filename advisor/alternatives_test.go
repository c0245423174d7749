package advisor_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
	"ecsavvy/pricing"
)

// Every launch type is among the alternatives, or dropped with its reason.
func TestAlternativeLaunchTypes(t *testing.T) {
	launches := []string{"EC2", "Managed Instances", "App Runner", "EKS on Fargate", "EKS on EC2"}
	for _, c := range []struct {
		name, service string
		dropped       map[string]string // launch type to reason
	}{
		{"a web service", "{task: {cpu: 0.5, memory: 1GB}, count: 2, capacity: FARGATE, ingress: {alb: {processed: 1GB/month}}}", nil},
		{"on arm64", "{task: {cpu: 0.5, memory: 1GB, arch: arm64}, count: 2, ingress: {alb: {processed: 1GB/month}}}",
			map[string]string{"App Runner": "web runs on ARM64; App Runner runs x86_64 only", "EKS on Fargate": "services.web.task: EKS has Fargate on X86_64 only"}},
		{"a worker", "{task: {cpu: 0.5, memory: 1GB}, count: 2}",
			map[string]string{"App Runner": "web takes no requests; App Runner runs web services, and gives CPU while it serves them"}},
		{"one-shot", "{task: {cpu: 0.5, memory: 1GB}, runs: {per_day: 4, duration: 10m}}", map[string]string{"App Runner": "web starts, runs and ends; App Runner runs web services"}},
		{"behind an NLB", "{task: {cpu: 0.5, memory: 1GB}, count: 2, ingress: {nlb: {processed: 1GB/month}}}",
			map[string]string{"App Runner": "web is behind a load balancer of kind network; App Runner serves HTTP"}},
		{"large", "{task: {cpu: 8, memory: 16GB}, count: 2, ingress: {alb: {processed: 1GB/month}}}",
			map[string]string{"App Runner": "web is larger than App Runner's largest size, 4 vCPU + 12 GB"}},
		{"with a sidecar", "{task: {cpu: 1, memory: 2GB}, count: 2, sidecars: {log: {cpu: 0.1, memory: 128MB}}, ingress: {alb: {processed: 1GB/month}}}",
			map[string]string{"App Runner": "web has several containers; App Runner runs one"}},
		{"on Spot", "{task: {cpu: 1, memory: 2GB}, count: 2, capacity: FARGATE_SPOT, ingress: {alb: {processed: 1GB/month}}}",
			map[string]string{"EKS on Fargate": "services.web.capacity: EKS has no Fargate Spot"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := advisor.Alternatives(candidate(t, "region: us-east-1\nservices: {web: "+c.service+"}\n"), pricing.Embedded(), estimate.Options{})
			if set.Base.Err != nil {
				t.Fatal(set.Base.Err)
			}
			for _, launch := range launches {
				got := "no such variant"
				for i := range set.Designs {
					if set.Designs[i].Name == launch {
						got = ""
					}
				}
				for _, d := range set.Dropped {
					if slices.Contains(d.Names, launch) {
						got = d.Reason
					}
				}
				if got != c.dropped[launch] {
					t.Errorf("%s: got %q, want %q", launch, got, c.dropped[launch])
				}
			}
		})
	}
}

// What each launch type costs, added up by hand at the prices of us-east-1.
func TestAlternativeLaunchCosts(t *testing.T) {
	set := advisor.Alternatives(candidate(t, "region: us-east-1\nservices: {web: {task: {cpu: 1, memory: 2GB}, count: 2, ingress: {alb: {processed: 0GB/month}}}}\n"), pricing.Embedded(), estimate.Options{})
	for name, want := range map[string]float64{
		// No load balancer: 2 × 730 × (0.064 + 2 × 0.007).
		"App Runner": 113.88,
		// 256 MB more lift 2 GB to 3: 2 × 730 × (0.04048 + 3 × 0.004445), 73.00
		// for the control plane, the balancer as it was.
		"EKS on Fargate": 2*730*(0.04048+3*0.004445) + 73 + set.Base.Groups[estimate.Ingress].USD,
	} {
		found := false
		for i := range set.Designs {
			if d := &set.Designs[i]; d.Name == name {
				found = true
				if math.Abs(d.Result.Total.Effective-want) > 0.005 {
					t.Errorf("%s: %.2f, want %.2f", name, d.Result.Total.Effective, want)
				}
			}
		}
		if !found {
			t.Errorf("no variant %s", name)
		}
	}
}

// A share on Spot is of several: one task, or the one instance that holds all of
// them, stays On-Demand.
func TestSpotNeedsSeveral(t *testing.T) {
	const one = "one instance holds all tasks of a group, and no share of it can be Spot"
	for _, c := range []struct{ name, services, want string }{
		{"one task", "{web: {task: {cpu: 1, memory: 2GB}, count: 1}}",
			"nothing can move to Spot: services of one task, groups that run one, Windows, launch types without Spot, or on it already"},
		{"one of two services has one task", "{web: {task: {cpu: 1, memory: 2GB}, count: 1}, api: {task: {cpu: 1, memory: 2GB}, count: 20}}",
			"nothing can move to Spot: services of one task, groups that run one, Windows, launch types without Spot, or on it already"},
		{"one instance", "{web: {task: {cpu: 0.25, memory: 0.5GB}, count: 2}}", one},
		{"several instances", "{web: {task: {cpu: 1, memory: 2GB}, count: 300}}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := advisor.Alternatives(candidate(t, "region: us-east-1\nservices: "+c.services+"\n"), pricing.Embedded(), estimate.Options{})
			got := "no such variant"
			for i := range set.Designs {
				if set.Designs[i].Name == "EC2 + 70 % Spot" {
					got = ""
				}
			}
			for _, d := range set.Dropped {
				if slices.Contains(d.Names, "EC2 + 70 % Spot") {
					got = d.Reason
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The commitment of an alternative is solved for the design and says how.
func TestAlternativeCommitment(t *testing.T) {
	const rate = 0.032384 + 2*0.003556 // 1 vCPU + 2 GB under the plan
	for _, c := range []struct {
		name, count string
		tasks       float64
		says        string
	}{
		{"constant", "4", 4, "all that it reaches, since no count changes"},
		{"autoscaled", "{min: 2, average: 5, max: 9}", 2, "of web the minimum count, since how often more run is not stated"},
		{"scheduled", "{schedule: {\"mon-fri 08:00-20:00\": 6, default: 1}}", 1, "what costs least over the schedule (r × Q_d), used whole in 100 % of the hours"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := advisor.Alternatives(candidate(t, "region: us-east-1\nservices: {web: {task: {cpu: 1, memory: 2GB}, count: "+c.count+"}}\n"), pricing.Embedded(), estimate.Options{})
			for i := range set.Designs {
				d := &set.Designs[i]
				if d.Name != "Compute SP 1yr" {
					continue
				}
				if got := d.Workload.Commitments.SavingsPlans[0].Hourly; math.Abs(got-c.tasks*rate) > 1e-6 {
					t.Errorf("%.6f USD an hour, want %.6f", got, c.tasks*rate)
				}
				if !strings.Contains(d.Commitment, c.says) {
					t.Errorf("says %q, want %q", d.Commitment, c.says)
				}
				return
			}
			t.Error("no variant with a Savings Plan")
		})
	}
}

func candidate(t *testing.T, text string) advisor.Candidate {
	t.Helper()
	w, err := intake.Read("design.yaml", []byte(text), intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return advisor.Candidate{Name: "as it is", Workload: w}
}
