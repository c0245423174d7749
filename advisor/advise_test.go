package advisor_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/intake"
	"ecsavvy/pricing"
)

// bundledSites reads the bundled account.
func bundledSites(t testing.TB) []advisor.Site {
	t.Helper()
	data, err := os.ReadFile(bundledAccount)
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := account.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files, err := snapshot.Replies(bundledScope())
	if err != nil {
		t.Fatal(err)
	}
	w, err := intake.ReadDescriptions(files, intake.Options{Region: bundledScope().Region})
	if err != nil {
		t.Fatal(err)
	}
	running := map[string]design.Running{
		"prod/api": {TaskDefinition: "api:42", Scaling: &design.Scaling{Min: 4, Max: 20, Targets: []design.TargetTracking{{
			Name: "cpu", Metric: "ECSServiceAverageCPUUtilization", Value: 40, ScaleInCooldown: 300 * time.Second, ScaleOutCooldown: time.Minute,
		}}}},
		"prod/web": {}, "prod/worker": {}, "prod/admin": {}, "prod/search": {}, "staging/api": {},
	}
	return []advisor.Site{{Scope: bundledScope(), Workload: w, Snapshot: snapshot, Running: running}}
}

func bundledAdvice(t testing.TB) advisor.Advice {
	t.Helper()
	advice, err := advisor.Advise(context.Background(), bundledSites(t), pricing.Embedded(), advisor.AdviseOptions{Penalty: demand.Balanced(), Draws: 200, Seed: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return advice
}

// eu-west-1 by the hour: Fargate's vCPU and GB on x86 and ARM64, a load balancer and
// an address, from the price snapshot, as `ecsavvy prices show` prints them.
const (
	cpuX86, gbX86 = 0.04048, 0.004445
	cpuARM, gbARM = 0.03238, 0.00356
	balancerHour  = 0.0252
	address       = 0.005
	monthHours    = 730.0
)

// TestBundledAdvice: what each service of the bundled account was made to be is what
// is found, with savings worked by hand from the list prices of eu-west-1.
func TestBundledAdvice(t *testing.T) {
	advice := bundledAdvice(t)
	task := func(vcpu, gb float64) float64 { return monthHours * (vcpu*cpuX86 + gb*gbX86) }
	// Enhanced Container Insights: 26 metrics of a task and of each of its two containers.
	const oneTaskSeen = 26 * 3 * 0.07
	onARM := func(vcpu, gb float64) float64 { return monthHours * (vcpu*cpuARM + gb*gbARM) }
	for _, tc := range []struct {
		lever         advisor.Lever
		cluster, name string
		title         string
		saves         float64 // NaN: by replay or by measured bytes, tested elsewhere
	}{
		{advisor.LeverIdle, "prod", "admin", "stop it", math.NaN()},
		{advisor.LeverRightSize, "prod", "web", "1 vCPU + 3 GB → 0.5 vCPU + 1 GB, 4 tasks → 3 tasks", 4*task(1, 3) - 3*task(0.5, 1) + oneTaskSeen},
		{advisor.LeverRightSize, "prod", "api", "1 vCPU + 2 GB, 4 to 20 tasks → 2 to 20 tasks, target 40 % cpu → 60 % cpu", math.NaN()},
		{advisor.LeverRightSize, "staging", "api", "1 vCPU + 2 GB → 0.5 vCPU + 1 GB", task(1, 2)},
		{advisor.LeverSidecar, "prod", "web", "take 64 MiB from router: 1 vCPU + 3 GB → 1 vCPU + 2 GB", 4 * monthHours * gbX86},
		{advisor.LeverSchedule, "staging", "api", "on for 55 of 168 hours a week: on at 08:00 UTC MON-FRI, off at 19:00 UTC MON-FRI", 2 * task(1, 2) * (1 - 55.0/168)},
		{advisor.LeverGraviton, "prod", "search", "X86_64 → ARM64", 2 * (task(1, 4) - onARM(1, 4))},
		{advisor.LeverConsolidate, "", "prod", "mailer + thumbs in one task of 0.25 vCPU + 0.5 GB", math.NaN()},
		{advisor.LeverReservation, "", "batch", "reserve what is needed: etl 3584 → 960 MiB and 1024 → 416 CPU units, index 3072 → 1088 MiB and 512 → 160 CPU units", math.NaN()},
		{advisor.LeverOrphan, "", "legacy", "delete it", monthHours * (balancerHour + 2*address)},
		{advisor.LeverOrphan, "", "without association (1)", "release", monthHours * address},
		{advisor.LeverLoadBalancer, "", "shop", "one for all: take over the services of search", monthHours * (balancerHour + 2*address)},
		{advisor.LeverInsights, "", "prod", "Container Insights: enhanced → disabled", math.NaN()},
		{advisor.LeverLogs, "", "/ecs/prod/api", "keep 30 days instead of all", math.NaN()},
		{advisor.LeverNAT, "", "gateways", "NAT gateways → NAT instances, t4g.nano", math.NaN()},
		{advisor.LeverSpot, "batch", "batch", "70 % of its instances on Spot", math.NaN()},
		// Forty images of 0.4 GB, of which ten stay.
		{advisor.LeverImageStorage, "", "api", "keep the last 10 images", 30 * 0.4 * 0.1},
	} {
		t.Run(fmt.Sprint(tc.lever, " ", tc.cluster, " ", tc.name), func(t *testing.T) {
			for _, r := range advice.Recommendations {
				if r.Lever != tc.lever || r.Subject.Cluster != tc.cluster || r.Subject.Name != tc.name || r.Title != tc.title {
					continue
				}
				if s := r.Saving; !(s.P10 > 0 && s.P10 <= s.P50 && s.P50 <= s.P90) || len(r.Patches) == 0 || len(r.RiskReasons) == 0 {
					t.Errorf("saves %v, patches %d, risks %q", s, len(r.Patches), r.RiskReasons)
				}
				if got := r.Before - r.After; math.Abs(got-tc.saves) > 1e-3 {
					t.Errorf("saves %.4f, want %.4f", got, tc.saves)
				}
				return
			}
			t.Errorf("not found: %q", tc.title)
		})
	}
}

// What is rightly sized, leaks or does not run on Fargate is not made smaller.
func TestBundledAdviceLeavesAlone(t *testing.T) {
	advice := bundledAdvice(t)
	// A P99 of 5.1 vCPU in 6, bursts and a hotter task apart: worker is made larger, if anything.
	for _, r := range advice.Fixes {
		if r.Subject.Name != "worker" {
			t.Errorf("fix of %s: %s", r.Subject.Name, r.Title)
		}
	}
	for _, r := range advice.Recommendations {
		if n := r.Subject.Cluster + "/" + r.Subject.Name; r.Lever == advisor.LeverRightSize && n != "prod/web" && n != "prod/api" && n != "staging/api" && n != "prod/admin" {
			t.Errorf("%s: %s", n, r.Title)
		}
	}
	leak := ""
	for _, a := range advice.Abstentions {
		if a.Lever == advisor.LeverRightSize {
			leak += a.Subject.Name + ": " + a.Missing
		}
	}
	if !strings.HasPrefix(leak, "search: its memory grows by 0.4") || !strings.HasSuffix(leak, "no size is enough for it") {
		t.Errorf("abstentions of right-size: %q, want the leak of search and no other", leak)
	}
}
