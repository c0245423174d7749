package estimate_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
	"ecsavvy/pricing"
)

func runDesign(t *testing.T, text string) estimate.Result {
	t.Helper()
	w, err := intake.Read("design.yaml", []byte(text), intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if problems := w.Validate(); len(problems) > 0 {
		t.Fatal(problems)
	}
	r, err := estimate.Run(w, pricing.Embedded(), estimate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkSums(t, r)
	return r
}

// instanceCosts adds up the lines of EC2 instances by type.
func instanceCosts(r estimate.Result) map[string]float64 {
	costs := map[string]float64{}
	for _, res := range r.Resources {
		for _, line := range res.Lines {
			if line.Name == "EC2 instances" {
				costs[line.Detail] += line.Cost.List
			}
		}
	}
	return costs
}

// Where several types are allowed they are mixed: nine tasks of 1 vCPU are
// one 2xlarge and one large.
func TestAllowedTypesAreMixed(t *testing.T) {
	r := runDesign(t, `
region: us-east-1
cluster:
  instances:
    pool: {types: [m7g.large, m7g.2xlarge], trunking: true}
services:
  web: {task: {cpu: 1, memory: 2GB, arch: arm64, network_mode: awsvpc}, count: 9, capacity: EC2}
`)
	costs := instanceCosts(r)
	if len(costs) != 2 || math.Abs(costs["m7g.large"]-0.0816*730) > 0.01 || math.Abs(costs["m7g.2xlarge"]-0.3264*730) > 0.01 {
		t.Errorf("got %v, want one instance of each", costs)
	}
	if notes := fmt.Sprint(r.Assumptions); !strings.Contains(notes, "no placement costs less") {
		t.Errorf("no assumption says how good the placement is: %s", notes)
	}
}

// A target capacity of 50 % doubles the instances.
func TestTargetCapacityKeepsInstancesSpare(t *testing.T) {
	design := func(target string) string {
		return `
region: us-east-1
cluster:
  instances:
    pool: {type: m5.large, trunking: true` + target + `}
services:
  web: {task: {cpu: 0.25, memory: 0.5GB, network_mode: awsvpc}, count: 12, capacity: EC2}
`
	}
	all, half := runDesign(t, design("")), runDesign(t, design(", target_capacity: 50%"))
	if a, b := instanceCosts(all)["m5.large"], instanceCosts(half)["m5.large"]; math.Abs(b-2*a) > 0.01 || a == 0 {
		t.Errorf("got %g and %g at half the target", a, b)
	}
}

// A task that no allowed type holds says which would.
func TestGroupTooSmallForATask(t *testing.T) {
	r := runDesign(t, `
region: us-east-1
cluster:
  instances:
    pool: {types: [c7g.large, m7g.large]}
services:
  db: {task: {cpu: 4, memory: 100GB, arch: arm64}, count: 1, capacity: EC2}
`)
	if why := strings.Join(unpriced(r), "; "); !strings.Contains(why, "holds 4 vCPU + 100 GB") || !strings.Contains(why, "smallest that would: ") {
		t.Errorf("unpriced for %q", why)
	}
}

// A thousand services on one group are placed within the budget of an
// estimate, and twice the same.
func TestThousandServicesOnInstances(t *testing.T) {
	var b strings.Builder
	b.WriteString("region: us-east-1\ncluster:\n  instances:\n    pool: {types: [m7g.large, m7g.2xlarge, m7g.8xlarge, r7g.2xlarge, c7g.2xlarge], trunking: true}\nservices:\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "  s%d: {task: {cpu: %g, memory: %dMB, arch: arm64, network_mode: awsvpc}, count: %d, capacity: EC2}\n",
			i, []float64{0.25, 0.5, 1}[i%3], 512*(1+i%7), 1+i%4)
	}
	start := time.Now()
	first := runDesign(t, b.String())
	t.Logf("read and estimated in %v", time.Since(start))
	if second := runDesign(t, b.String()); first.Total != second.Total {
		t.Errorf("%v, then %v", first.Total, second.Total)
	}
	if notes := fmt.Sprint(first.Assumptions); !strings.Contains(notes, "of the best possible") && !strings.Contains(notes, "no placement costs less") {
		t.Error("no assumption says how good the placement is")
	}
}
