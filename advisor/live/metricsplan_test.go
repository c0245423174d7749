package live

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"ecsavvy/advisor/account"
)

func TestNewWindow(t *testing.T) {
	const day = 24 * time.Hour
	for _, tt := range []struct {
		period, length time.Duration
		from, to       string
		points         int
		want           string
	}{
		{period: time.Minute, length: 14 * day, from: "2026-11-06T09:00:00Z", to: "2026-11-20T09:00:00Z", points: 20_160},
		// 63 days before 09:41 would lie beyond the retention; 11:00 lies an hour within.
		{period: 5 * time.Minute, length: 63 * day, from: "2026-09-18T11:00:00Z", to: "2026-11-20T09:00:00Z", points: 63*288 - 24},
		{period: 5 * time.Minute, length: 56 * day, from: "2026-09-25T09:00:00Z", to: "2026-11-20T09:00:00Z", points: 56 * 288},
		{period: time.Hour, length: 455 * day, from: "2025-08-22T11:00:00Z", to: "2026-11-20T09:00:00Z", points: 455*24 - 2},
		{period: 24 * time.Hour, length: 100 * day, from: "2026-08-12T00:00:00Z", to: "2026-11-20T00:00:00Z", points: 100},
		{period: time.Minute, length: 90 * time.Minute, from: "2026-11-20T08:00:00Z", to: "2026-11-20T09:00:00Z", points: 60},
		{period: time.Minute, length: 16 * day, want: "live: a window of 384h0m0s: CloudWatch keeps points of 1m0s for 15 days only"},
		{period: 30 * time.Second, length: day, want: "live: a period of 30s: want one of whole minutes that divides an hour, or of whole hours"},
		{period: 7 * time.Minute, length: day, want: "live: a period of 7m0s: want one of whole minutes that divides an hour, or of whole hours"},
		{period: 90 * time.Minute, length: day, want: "live: a period of 1h30m0s: want one of whole minutes that divides an hour, or of whole hours"},
		{period: time.Minute, length: time.Minute, want: "live: a window of 1m0s: want at least 1h0m0s with a period of 1m0s"},
	} {
		w, err := NewWindow(now(), tt.period, tt.length)
		if tt.want != "" {
			if err == nil || err.Error() != tt.want {
				t.Errorf("%s of %s: got %v, want %s", tt.length, tt.period, err, tt.want)
			}
			continue
		}
		if from, to := w.From.Format(time.RFC3339), w.To.Format(time.RFC3339); err != nil || from != tt.from || to != tt.to || w.Points() != tt.points {
			t.Errorf("%s of %s: got %s to %s, %d points, %v; want %s to %s, %d", tt.length, tt.period, from, to, w.Points(), err, tt.from, tt.to, tt.points)
		}
	}
}

// A whole window stays within CloudWatch's retention for an hour at least,
// whenever it is made.
func TestNewWindowRetention(t *testing.T) {
	for minute := range 60 {
		at := now().Truncate(time.Hour).Add(time.Duration(minute) * time.Minute)
		for _, period := range []time.Duration{time.Minute, 5 * time.Minute, time.Hour} {
			w, err := NewWindow(at, period, UsualLength(period))
			if err != nil {
				t.Fatal(err)
			}
			if left := w.From.Sub(at.Add(-retention(period))); left < time.Hour {
				t.Errorf("at %s, period %s: the window leaves the retention in %s", at, period, left)
			}
			if w.To.After(at) || w.To.Before(at.Add(-time.Hour)) {
				t.Errorf("at %s the window ends %s", at, w.To)
			}
		}
	}
}

func TestPlanCost(t *testing.T) {
	const day = 24 * time.Hour
	for _, tt := range []struct {
		name           string
		n              int
		level          Insights
		depth          Depth
		period, length time.Duration
		calls, metrics int
		points         int
	}{
		// 1,000 services, CPU and memory: 40 M points, five series a call.
		{"1,000 of 14 days", 1000, InsightsEnabled, Lean, time.Minute, 14 * day, 400, 2000, 40_320_000},
		// 25 series of 4,032 points fill a call: 80 M points.
		{"10,000 at 300 s", 10_000, InsightsEnabled, Lean, 5 * time.Minute, 14 * day, 800, 20_000, 80_640_000},
		// Five series of a service fill a call and are two metrics.
		{"standard", 1000, InsightsDisabled, Standard, time.Minute, 14 * day, 1000, 2000, 100_800_000},
		{"standard with Insights", 1000, InsightsEnabled, Standard, time.Minute, 14 * day, 1000, 2000, 100_800_000},
		{"lean without Insights", 1000, InsightsDisabled, Lean, time.Minute, 14 * day, 600, 2000, 60_480_000},
		{"hours", 1000, InsightsEnabled, Lean, time.Hour, 455 * day, 223, 2000, 2000 * (455*24 - 2)},
		// The limit of 500 queries.
		{"one hour", 1000, InsightsEnabled, Lean, time.Minute, time.Hour, 4, 2000, 120_000},
	} {
		w, err := NewWindow(now(), tt.period, tt.length)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := Plan(services(tt.n, tt.level), w, tt.depth, 0.00001)
		if err != nil {
			t.Fatal(err)
		}
		if plan.Calls != tt.calls || plan.Metrics != tt.metrics || plan.Points != tt.points || plan.USD != float64(tt.metrics)*0.00001 {
			t.Errorf("%s: got %d calls, %d metrics, %d points, %g USD; want %d, %d, %d", tt.name, plan.Calls, plan.Metrics, plan.Points, plan.USD, tt.calls, tt.metrics, tt.points)
		}
		if want := (account.ReadingCost{Calls: tt.calls, Metrics: tt.metrics, USD: plan.USD}); plan.Cost() != want {
			t.Errorf("%s: cost %v, want %v", tt.name, plan.Cost(), want)
		}
	}
}

// everyKind is n resources of every kind, mixed.
func everyKind(n int, random *rand.Rand) []Subject {
	levels := []Insights{InsightsDisabled, InsightsEnabled, InsightsEnhanced}
	kinds := []string{"service", "task-family", "container", "load-balancer", "nat-gateway", "log-group", "vpc-endpoint"}
	all := make([]Subject, n)
	for i := range all {
		all[i] = Subject{
			Insights: levels[random.IntN(3)], Endpoint: Endpoint{"Interface", "com.amazonaws.eu-west-1.logs", "vpc-1"},
			Resource: account.Resource{Kind: kinds[random.IntN(len(kinds))], Cluster: "c", Name: fmt.Sprint("n", i), Container: "app"},
		}
	}
	return all
}

// Plans ask for every series once, keep AWS's limits, stay under 1.05 times the
// least number of calls, and pay for few metrics twice.
func TestPlanProperties(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		period := []time.Duration{time.Minute, 5 * time.Minute, time.Hour}[random.IntN(3)]
		length := time.Duration(1+random.IntN(14*24)) * time.Hour
		depth := []Depth{Lean, Standard, Full}[random.IntN(3)]
		subjects := everyKind(1+random.IntN(400), random)
		if random.IntN(3) == 0 { // equal sizes are the hardest to pack
			subjects = services(1+random.IntN(400), InsightsDisabled)
		}
		w, err := NewWindow(now(), period, length)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := Plan(subjects, w, depth, 0.00001)
		if err != nil {
			t.Fatal(err)
		}
		checkPlan(t, plan, subjects, depth)
	}
}

// checkPlan is what holds of every plan.
func checkPlan(t *testing.T, plan ReadingPlan, subjects []Subject, depth Depth) {
	t.Helper()
	metrics, series := 0, 0
	for _, s := range subjects {
		all, err := wants(s, depth)
		if err != nil {
			t.Fatal(err)
		}
		metrics += len(all)
		for _, w := range all {
			series += len(w.statistics)
		}
	}
	points := plan.Window.Points()
	asked := map[string]bool{}
	billed := 0
	for _, r := range plan.requests {
		if len(r.queries) == 0 || len(r.queries) > 500 || len(r.queries)*points > 100_800 {
			t.Fatalf("a call of %d queries of %d points", len(r.queries), points)
		}
		inCall := map[string]bool{}
		for _, q := range r.queries {
			key := fmt.Sprint(q.subject, q.metric.Namespace, q.metric.Name, q.dims)
			inCall[key] = true
			if key += q.metric.Statistic; asked[key] {
				t.Fatalf("%s is asked for twice", key)
			}
			asked[key] = true
		}
		billed += len(inCall)
	}
	if len(asked) != series || plan.Series != series || plan.Points != series*points {
		t.Fatalf("%d series asked for, %d planned, want %d", len(asked), plan.Series, series)
	}
	if plan.Metrics != billed || billed < metrics {
		t.Fatalf("plan says %d metrics, its calls have %d, at least %d are needed", plan.Metrics, billed, metrics)
	}
	// Whole series: the least is what 100,800 points and 500 queries hold of them.
	least := (series + seriesPerCall(plan.Window) - 1) / seriesPerCall(plan.Window)
	if plan.Calls < least || (plan.Calls > least && float64(plan.Calls) >= 1.05*float64(least)) {
		t.Fatalf("%d calls for %d series of %d points, want at least %d and less than %g", plan.Calls, series, points, least, 1.05*float64(least))
	}
	if twice := billed - metrics; twice > plan.Calls {
		t.Fatalf("%d metrics of %d are paid for twice in %d calls", twice, metrics, plan.Calls)
	}
}

func TestPlanRefuses(t *testing.T) {
	w, err := NewWindow(now(), time.Minute, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	far := services(2, InsightsDisabled)
	far[1].Region = "us-east-1"
	twice := services(1, InsightsDisabled)
	for _, tt := range []struct {
		name     string
		subjects []Subject
		window   Window
		depth    Depth
		price    float64
		want     string
	}{
		{"depth", services(1, ""), w, "deep", 0, `live: measuring at depth "deep": want lean, standard or full`},
		{"kind", []Subject{{Resource: account.Resource{Kind: "queue", Name: "jobs"}}}, w, Lean, 0, `live: measuring jobs: a resource of kind "queue": want service, task-family, container, load-balancer, nat-gateway, log-group or vpc-endpoint`},
		{"dimension", []Subject{{Resource: account.Resource{Kind: "vpc-endpoint", Name: "vpce-1"}}}, w, Lean, 0, `live: measuring vpc-endpoint vpce-1: its dimension "Endpoint Type" is empty`},
		{"region", far, w, Lean, 0, "live: planning one reading of {123456789012 eu-west-1} and {123456789012 us-east-1}: one client reads one account and region"},
		{"twice", append(twice, twice...), w, Lean, 0, "live: planning a reading: service web-0000 is there twice"},
		{"price", nil, w, Lean, -1, "live: planning a reading at -1 USD for a metric: want a price of 0 or more"},
		{"window", nil, Window{Period: time.Minute}, Lean, 0, "live: planning a reading of 0 points a series: want 1 to 100800"},
	} {
		if _, err := Plan(tt.subjects, tt.window, tt.depth, tt.price); err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

// The table in words: what each depth reads of each resource.
func TestSources(t *testing.T) {
	for _, tt := range []struct {
		kind  string
		level Insights
		depth Depth
		want  string
	}{
		{"service", "", Lean, "CPUUtilization:Average,SampleCount MemoryUtilization:Average"},
		{"service", InsightsDisabled, Standard, "CPUUtilization:Average,SampleCount,Maximum MemoryUtilization:Average,Maximum"},
		{"service", InsightsEnabled, Lean, "CpuUtilized:Sum MemoryUtilized:Sum"},
		{"service", InsightsEnhanced, Standard, "CpuUtilized:Sum,Maximum,SampleCount MemoryUtilized:Sum,Maximum"},
		{"service", InsightsEnabled, Full, "CpuUtilized:Sum,Maximum,SampleCount,Minimum MemoryUtilized:Sum,Maximum,Minimum RunningTaskCount:Average CPUUtilization:Average,Maximum MemoryUtilization:Average,Maximum CpuReserved:Average MemoryReserved:Average NetworkRxBytes:Average NetworkTxBytes:Average EphemeralStorageUtilized:Maximum"},
		{"task-family", InsightsDisabled, Full, ""},
		{"task-family", InsightsEnabled, Standard, "CpuUtilized:Sum,Maximum,SampleCount MemoryUtilized:Sum,Maximum"},
		{"container", InsightsEnabled, Full, ""},
		{"container", InsightsEnhanced, Full, "ContainerCpuUtilized:Average,Maximum ContainerMemoryUtilized:Average,Maximum"},
		{"load-balancer", "", Lean, "ConsumedLCUs:Sum RequestCount:Sum ProcessedBytes:Sum"},
		{"load-balancer", "", Standard, "ConsumedLCUs:Sum RequestCount:Sum ProcessedBytes:Sum NewConnectionCount:Sum ActiveConnectionCount:Sum RuleEvaluations:Sum TargetResponseTime:p99"},
		{"nat-gateway", "", Standard, "BytesInFromSource:Sum BytesInFromDestination:Sum BytesOutToDestination:Sum PeakBytesPerSecond:Maximum ActiveConnectionCount:Maximum"},
		{"log-group", "", Lean, "IncomingBytes:Sum"},
		{"vpc-endpoint", "", Full, "BytesProcessed:Sum"},
	} {
		s := Subject{
			Insights: tt.level, Endpoint: Endpoint{"Interface", "s3", "vpc-1"},
			Resource: account.Resource{Kind: tt.kind, Cluster: "c", Name: "n", Container: "app"},
		}
		all, err := wants(s, tt.depth)
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, w := range all {
			if len(w.statistics) > statisticsPerMetric {
				t.Errorf("%s reads %d statistics, which are billed as two metrics", w.name, len(w.statistics))
			}
			words = append(words, w.name+":"+strings.Join(w.statistics, ","))
		}
		if got := strings.Join(words, " "); got != tt.want {
			t.Errorf("%s %s %s: got %s, want %s", tt.kind, tt.level, tt.depth, got, tt.want)
		}
	}
}

// Holes are cheaper than metrics that are paid for twice: of 100 pairs in calls
// of five, as many calls as the limit leaves take two pairs and a hole, the
// others share a pair in twos.
func TestPackSplitsLast(t *testing.T) {
	groups := make([][]query, 100)
	for i := range groups {
		groups[i] = []query{{subject: i}, {subject: i, slot: 1}}
	}
	requests, metrics := pack(groups, 5), 0
	for _, r := range requests {
		metrics += r.metrics
	}
	// 40 calls at least, so 41 at most: 5 holes, and 36 calls that split 18 pairs.
	if len(requests) != 41 || metrics != 118 {
		t.Errorf("%d calls and %d metrics, want 41 and 118", len(requests), metrics)
	}
}
