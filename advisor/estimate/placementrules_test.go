package estimate_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
	"ecsavvy/pricing"
)

// m7g.large: 2 vCPU, 8 GiB, 0.0816 USD in us-east-1. web is tasks of 1 vCPU,
// 2 GB: two of them fill an instance.
const twoToAnInstance = `
region: us-east-1
network: {azs: 3}
cluster:
  instances:
    pool: {type: m7g.large, trunking: true, %s}
services:
  web: {task: {cpu: 1, memory: 2GB, arch: arm64, network_mode: awsvpc}, count: %d, capacity: EC2, %s}
`

func TestPlacementRules(t *testing.T) {
	const perInstance = 0.0816 * 730
	for _, c := range []struct {
		name, group, service string
		tasks, want          int
		says                 string
	}{
		{"no rule", "", "", 6, 3, "with no spare capacity"},
		{"spread over three AZs", "spread_azs: true", "", 4, 3, "spread over 3 AZs"},
		{"room for the loss of an AZ", "spare_az: true", "", 8, 6, "the loss of one of 3 AZs"}, // ceil(8 / 2) in each AZ
		{"N+1 in each AZ", "spread_azs: true, spare_instances: 1", "", 6, 6, "1 empty instance in each AZ"},
		{"N+1", "spare_instances: 1", "", 6, 4, "1 empty instance"},
		{"room for a rolling deployment", "headroom: 100%", "", 6, 6, "100 % more tasks"},
		{"room for one more task", "headroom: largest_task", "", 6, 4, "one more task of the largest"},
		{"a target of 75 %", "target_capacity: 75%", "", 6, 4, "a target of 75 %"},
		{"one task an instance", "", "distinct_instance: true", 6, 6, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := runDesign(t, fmt.Sprintf(twoToAnInstance, c.group, c.tasks, c.service))
			if got := instanceCosts(r)["m7g.large"]; math.Abs(got-float64(c.want)*perInstance) > 0.01 {
				t.Errorf("%.2f USD is %.2f instances, want %d", got, got/perInstance, c.want)
			}
			if notes := fmt.Sprint(r.Assumptions); !strings.Contains(notes, c.says) {
				t.Errorf("no assumption says %q: %s", c.says, notes)
			}
		})
	}
}

// An Auto Scaling group over several AZs is of one type all the same: four,
// three and three tasks would be cheapest on types of their own.
func TestOneTypeOverAZs(t *testing.T) {
	r := runDesign(t, `
region: us-east-1
network: {azs: 3}
cluster: {instances: {pool: {families: [m7g, c7g], trunking: true, spread_azs: true}}}
services: {web: {task: {cpu: 1, memory: 2GB, arch: arm64, network_mode: awsvpc}, count: 10, capacity: EC2}}
`)
	if costs := instanceCosts(r); len(costs) != 1 {
		t.Errorf("got %v, want one type", costs)
	}
}

// A daemon of 0.5 vCPU on each instance takes room from the others: three of
// 0.5 vCPU are left to web on each m7g.large, and its share is that of a task
// on every instance.
func TestDaemon(t *testing.T) {
	r := runDesign(t, `
region: us-east-1
cluster:
  instances:
    pool: {type: m7g.large, trunking: true}
services:
  log: {task: {cpu: 0.5, memory: 1GB, arch: arm64}, capacity: EC2, scheduling_strategy: daemon}
  web: {task: {cpu: 0.5, memory: 1GB, arch: arm64}, count: 9, capacity: EC2}
`)
	const month = 3 * 0.0816 * 730
	if got := instanceCosts(r)["m7g.large"]; math.Abs(got-month) > 0.01 {
		t.Errorf("%.2f USD, want three instances, %.2f", got, month)
	}
	// 9:1 weights: a task is 9 × 0.5 + 1 = 5.5 of an instance's 9 × 2 + 8 = 26.
	for name, share := range map[string]float64{"log": 3 * 5.5 / (3 * 26), "web": 9 * 5.5 / (3 * 26), "pool": 1 - 12*5.5/(3*26)} {
		if got := instancesOf(t, r, name); math.Abs(got-month*share) > 0.01 {
			t.Errorf("%s: %.2f USD, want %.2f", name, got, month*share)
		}
	}
}

func instancesOf(t *testing.T, r estimate.Result, name string) float64 {
	t.Helper()
	for _, res := range r.Resources {
		if res.Name != name {
			continue
		}
		for _, line := range res.Lines {
			if line.Name == "EC2 instances" {
				return line.Cost.List
			}
		}
	}
	t.Fatalf("no line of EC2 instances in %s", name)
	return 0
}

// The tasks of a daemon count where tasks are counted: two instances have two
// of it and four of web, each with a container to none, so 26 × 6 metrics.
func TestDaemonInInsights(t *testing.T) {
	r := runDesign(t, `
region: us-east-1
cluster: {insights: enhanced, instances: {pool: {type: m7g.large, count: 2}}}
services:
  log: {task: {cpu: 0.1, memory: 128MB, arch: arm64}, capacity: EC2, scheduling_strategy: daemon}
  web: {task: {cpu: 0.5, memory: 1GB, arch: arm64}, count: 4, capacity: EC2}
`)
	for _, res := range r.Resources {
		for _, line := range res.Lines {
			if line.Name == "Container Insights metrics" {
				if want := 29 + 2*31 + 2*26 + 6*26.0; line.Unpriced != "" || line.Charge.PricingQuantity != want {
					t.Errorf("%v metrics (%s), want %v", line.Charge.PricingQuantity, line.Unpriced, want)
				}
				return
			}
		}
	}
	t.Error("no line of Container Insights")
}

// A daemon that names no group runs on every instance of its cluster, and not
// on Managed Instances.
func TestDaemonOnEveryGroup(t *testing.T) {
	r := runDesign(t, `
region: us-east-1
cluster:
  instances:
    a: {type: m7g.large, count: 2}
    b: {type: m7g.xlarge, count: 1}
    m: {type: m7g.large, count: 1, managed: true}
services:
  log: {task: {cpu: 0.5, memory: 1GB, arch: arm64}, capacity: EC2, scheduling_strategy: daemon}
`)
	got := 0.0
	for _, res := range r.Resources {
		if res.Name != "log" {
			continue
		}
		for _, line := range res.Lines {
			if line.Name == "EC2 instances" {
				got += line.Cost.List
			}
		}
	}
	// 5.5 of 26 and of 52 units: 9 × 0.5 + 1 of 9 × 2 + 8 and of 9 × 4 + 16.
	if want := 730 * (2*0.0816*5.5/26 + 0.1632*5.5/52); math.Abs(got-want) > 0.01 {
		t.Errorf("%.2f USD, want %.2f", got, want)
	}
}

// A daemon alone runs on as many instances as it was seen on, or nobody knows.
func TestDaemonAlone(t *testing.T) {
	w, err := intake.Read("design.yaml", []byte(`
region: us-east-1
cluster: {instances: {pool: {type: m7g.large}}}
services: {log: {task: {cpu: 0.5, memory: 1GB, arch: arm64}, capacity: EC2, scheduling_strategy: daemon}}
`), intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := estimate.Run(w, pricing.Embedded(), estimate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if why := strings.Join(unpriced(r), "; "); !strings.Contains(why, "a daemon runs one task on each instance") {
		t.Errorf("unpriced for %q", why)
	}
	w.Services[0].Count = design.Count(4)
	if r, err = estimate.Run(w, pricing.Embedded(), estimate.Options{}); err != nil {
		t.Fatal(err)
	}
	if got, want := instanceCosts(r)["m7g.large"], 4*0.0816*730; math.Abs(got-want) > 0.01 {
		t.Errorf("%.2f USD, want %.2f", got, want)
	}
}

// Families and sizes limit the choice of the type.
func TestFamiliesAndSizes(t *testing.T) {
	for _, c := range []struct {
		name, group string
		want        string // prefix of the type chosen
	}{
		{"one family", "families: [r7g]", "r7g."},
		{"one size", "sizes: [2xlarge], families: [c7g, m7g]", "c7g.2xlarge"},
		{"burstable at the baseline", "families: [t4g], cpu_baseline: true", "t4g."},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := runDesign(t, `
region: us-east-1
cluster: {instances: {pool: {`+c.group+`, trunking: true}}}
services: {web: {task: {cpu: 0.5, memory: 1GB, arch: arm64}, count: 5, capacity: EC2}}
`)
			costs := instanceCosts(r)
			if len(costs) != 1 {
				t.Fatalf("got %v, want one type", costs)
			}
			for name := range costs {
				if !strings.HasPrefix(name, c.want) {
					t.Errorf("got %s, want %s…", name, c.want)
				}
			}
		})
	}
}

// At its baseline a t4g.large holds 0.6 of its 2 vCPU (30 % each).
// Source: docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html.
func TestBurstableBaseline(t *testing.T) {
	instances := func(rule string) float64 {
		r := runDesign(t, `
region: us-east-1
cluster: {instances: {pool: {type: t4g.large`+rule+`}}}
services: {web: {task: {cpu: 0.3, memory: 512MB, arch: arm64}, count: 6, capacity: EC2}}
`)
		return math.Round(instanceCosts(r)["t4g.large"] / (0.0672 * 730) * 100)
	}
	if a, b := instances(""), instances(", cpu_baseline: true"); a != 100 || b != 300 {
		t.Errorf("%v %% of an instance without the rule, %v %% with it; want 100 and 300", a, b)
	}
}

// The error names the task, the limits and what would do.
func TestNoTypeUnderTheRules(t *testing.T) {
	r := runDesign(t, `
region: eu-west-2
cluster: {instances: {pool: {families: [c7g, m7g]}}}
services: {db: {task: {cpu: 4, memory: 300GB, arch: arm64}, count: 1, capacity: EC2}}
`)
	why := strings.Join(unpriced(r), "; ")
	if !strings.Contains(why, "no instance type in eu-west-2 holds 4 vCPU + 300 GB on arm64 under families c7g,m7g (db); smallest that would: ") {
		t.Errorf("unpriced for %q", why)
	}
}

// Tasks that may not share an instance need as many as there are tasks.
func TestDistinctTasksOnTooFewInstances(t *testing.T) {
	r := runDesign(t, `
region: us-east-1
cluster: {instances: {pool: {type: m7g.large, count: 3}}}
services: {db: {task: {cpu: 0.25, memory: 512MB, arch: arm64}, count: 4, capacity: EC2, distinct_instance: true}}
`)
	if why := strings.Join(unpriced(r), "; "); !strings.Contains(why, "db runs 4 tasks, no two on one instance (distinctInstance): 3 instances are too few") {
		t.Errorf("unpriced for %q", why)
	}
}

// A group that nothing runs on and whose count is not stated has no instances:
// it is no reason to call a total a lower bound.
func TestIdleGroupCostsNothing(t *testing.T) {
	r := runDesign(t, `
region: us-east-1
cluster: {instances: {pool: {type: m7g.large}}}
services: {web: {task: {cpu: 0.5, memory: 1GB}, count: 1}}
`)
	if r.LowerBound() || len(instanceCosts(r)) > 0 {
		t.Errorf("unpriced %q, instances %v", unpriced(r), instanceCosts(r))
	}
}

// Rules that cannot be kept are found before anything is priced.
func TestRulesThatCannotBeKept(t *testing.T) {
	const service = "services: {web: {task: {cpu: 0.5, memory: 1GB}, count: 1, capacity: EC2}}\n"
	for _, c := range []struct{ name, text, want string }{
		{"AZs not stated", service + "cluster: {instances: {pool: {spread_azs: true}}}", "cluster.instances.pool.spread_azs: over how many AZs is not stated: network.azs is missing"},
		{"one AZ", service + "network: {azs: 1}\ncluster: {instances: {pool: {spare_az: true}}}", "cluster.instances.pool.spare_az: room for the loss of an AZ takes two AZs or more; network.azs is 1"},
		{"types and families", service + "cluster: {instances: {pool: {type: m7g.large, families: [m7g]}}}", "cluster.instances.pool: want instance types, or families and sizes to choose from, not both"},
		{"target", service + "cluster: {instances: {pool: {target_capacity: 140%}}}", "cluster.instances.pool.target_capacity: want 1 to 100 percent, got 140"},
		{"a daemon on Fargate", "services: {log: {task: {cpu: 0.5, memory: 1GB}, capacity: FARGATE, scheduling_strategy: daemon}}", "services.log.scheduling_strategy: Fargate has no DAEMON strategy; it is for EC2, where each instance runs one task"},
		{"a constraint on Fargate", "services: {web: {task: {cpu: 0.5, memory: 1GB}, capacity: FARGATE, distinct_instance: true}}", "services.web.distinct_instance: Fargate has no placement constraints: each of its tasks has a machine of its own already"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := intake.Read("design.yaml", []byte("region: us-east-1\n"+c.text), intake.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if problems := w.Validate(); len(problems) != 1 || problems[0].Error() != c.want {
				t.Errorf("got %v, want %s", problems, c.want)
			}
		})
	}
}

// A range over a group of several types is in order, and says that its ends
// mix the types anew.
func TestRangeOfMixedGroup(t *testing.T) {
	r := runDesign(t, `
region: us-east-1
cluster: {instances: {pool: {types: [m7g.large, m7g.2xlarge], trunking: true}}}
services: {web: {task: {cpu: 1, memory: 2GB, arch: arm64, network_mode: awsvpc}, count: {min: 3, max: 21}, capacity: EC2}}
`)
	if !(r.Range.Low <= r.Total.Effective && r.Total.Effective < r.Range.High) {
		t.Errorf("%v around %v", r.Range, r.Total)
	}
	if notes := fmt.Sprint(r.Assumptions); !strings.Contains(notes, "the ends of the range mix these types anew") {
		t.Errorf("no assumption speaks of the ends: %s", notes)
	}
}
