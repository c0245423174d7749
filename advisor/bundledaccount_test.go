package advisor_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
)

// The bundled account: what README's examples and the tests of advice run on. Its
// replies stand in fixtures/account/replies.json, its measurements are generated
// here: 14 days at 300 s of ten services, each with a story.

const bundledAccount = "../fixtures/account/shop.snapshot"

// bundledScope is where the bundled account lies.
func bundledScope() account.Scope { return account.Scope{Account: "111122223333", Region: "eu-west-1"} }

// story is how a service of the bundled account behaves.
type story struct {
	cluster, name string
	vcpu, gb      float64
	// tasks, cpu and memory are at step i, h hours into the week: running tasks,
	// vCPU in use over all of them, GB in use of one.
	tasks, cpu, memory func(i int, h float64) float64
	// hot is the hottest task's share beside the mean.
	hot float64
}

// busy is the load of office hours on weekdays: 0 at night, 1 at noon.
func busy(h float64) float64 {
	day, hour := int(h/24), math.Mod(h, 24)
	load := math.Max(0, math.Sin((hour-6)/14*math.Pi))
	if hour < 6 || hour > 20 {
		load = 0
	}
	if day >= 5 {
		load *= 0.4
	}
	return load
}

func always(v float64) func(int, float64) float64 { return func(int, float64) float64 { return v } }

func bundledStories() []story {
	apiWork := func(_ int, h float64) float64 { return 0.9 + 3.2*busy(h) }
	return []story{
		// Scaled by a target of 40 %, which is lower than it has to be.
		{"prod", "api", 1, 2, func(i int, h float64) float64 { return math.Max(4, math.Ceil(apiWork(i, h)/0.4)) }, apiWork, always(1.1), 1.2},
		// Four tasks of twice the size that it needs.
		{"prod", "web", 1, 3, always(4), func(_ int, h float64) float64 { return 0.15 + 0.5*busy(h) }, always(0.45), 1.15},
		// Busy and rightly sized.
		{"prod", "worker", 2, 4, always(3), func(_ int, h float64) float64 { return 4.1 + 0.3*busy(h) }, always(3.2), 1.1},
		// Nobody uses it.
		{"prod", "admin", 0.5, 1, always(1), always(0.002), always(0.12), 1},
		// Leaks memory, and is restarted by it every six days.
		{"prod", "search", 1, 4, always(2), func(_ int, h float64) float64 { return 0.3 + 0.2*busy(h) }, func(i int, _ float64) float64 { return 1.2 + 2.4*float64(i%1728)/1728 }, 1.05},
		// Runs day and night, and works on weekdays.
		{"staging", "api", 1, 2, always(2), func(_ int, h float64) float64 {
			if day, hour := int(h/24), math.Mod(h, 24); day >= 5 || hour < 8 || hour >= 19 {
				return 0.004
			}
			return 0.5
		}, always(0.6), 1.1},
		// Two that are smaller than Fargate's smallest size.
		{"prod", "mailer", 0.25, 0.5, always(1), always(0.02), always(0.11), 1.1},
		{"prod", "thumbs", 0.25, 0.5, always(1), func(_ int, h float64) float64 { return 0.02 + 0.05*busy(h) }, always(0.16), 1.1},
		// Two on instances that reserve three times what they need.
		{"batch", "etl", 1, 3.5, always(6), func(_ int, h float64) float64 { return 1 + 0.8*busy(h) }, always(0.85), 1.1},
		{"batch", "index", 0.5, 3, always(4), always(0.4), always(1), 1.1},
	}
}

func writeBundledAccount(t *testing.T) []byte {
	t.Helper()
	var replies map[string]json.RawMessage
	data, err := os.ReadFile("../fixtures/account/replies.json")
	if err == nil {
		err = json.Unmarshal(data, &replies)
	}
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	w := account.NewWriter(&buf, account.WriterOptions{})
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for call, reply := range replies {
		var list []json.RawMessage
		if json.Unmarshal(reply, &list) != nil {
			list = []json.RawMessage{reply}
		}
		for _, r := range list {
			check(w.AddReplies(bundledScope(), call, r))
		}
	}
	from := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC) // a Monday
	const steps = 14 * 288
	rnd := rand.New(rand.NewPCG(1, 2))
	series := func(f func(i int) float64) demand.Series {
		s := demand.Series{Start: from, Step: 5 * time.Minute, Values: make([]float64, steps)}
		for i := range s.Values {
			s.Values[i] = f(i)
		}
		return s
	}
	hour := func(i int) float64 { return math.Mod(float64(i)/12, 168) }
	noise := func() float64 { return math.Exp(0.08 * rnd.NormFloat64()) }
	metric := func(space, name, stat string, f func(i int) float64) account.Measurement {
		return account.Measurement{Metric: account.Metric{Namespace: space, Name: name, Statistic: stat}, Series: series(f)}
	}
	for _, s := range bundledStories() {
		cpu := series(func(i int) float64 { return 100 * s.cpu(i, hour(i)) * noise() / s.tasks(i, hour(i)) / s.vcpu })
		memory := series(func(i int) float64 { return 100 * s.memory(i, hour(i)) / s.gb })
		check(w.AddSeries(account.Resource{Scope: bundledScope(), Kind: "service", Cluster: s.cluster, Name: s.name}, []account.Measurement{
			metric("AWS/ECS", "CPUUtilization", "Average", func(i int) float64 { return math.Min(100, cpu.Values[i]) }),
			metric("AWS/ECS", "CPUUtilization", "Maximum", func(i int) float64 { return math.Min(100, cpu.Values[i]*s.hot*(1+0.1*rnd.Float64())) }),
			metric("AWS/ECS", "CPUUtilization", "SampleCount", func(i int) float64 { return 5 * s.tasks(i, hour(i)) }),
			metric("AWS/ECS", "MemoryUtilization", "Average", func(i int) float64 { return memory.Values[i] }),
			metric("AWS/ECS", "MemoryUtilization", "Maximum", func(i int) float64 { return memory.Values[i] * (1.02 + 0.03*rnd.Float64()) }),
		}))
	}
	const gb = 1 << 30
	perStep := func(gbAMonth float64) func(int) float64 {
		return func(i int) float64 { return math.Round(gbAMonth * gb / 8760 * (0.4 + 1.6*busy(hour(i)))) }
	}
	for _, id := range []string{"nat-0a11111111111111", "nat-0b22222222222222"} {
		check(w.AddSeries(account.Resource{Scope: bundledScope(), Kind: "nat-gateway", Name: id}, []account.Measurement{
			metric("AWS/NATGateway", "BytesInFromSource", "Sum", perStep(60)),
			metric("AWS/NATGateway", "BytesInFromDestination", "Sum", perStep(340)),
			metric("AWS/NATGateway", "BytesOutToDestination", "Sum", perStep(60)),
			metric("AWS/NATGateway", "PeakBytesPerSecond", "Maximum", func(i int) float64 { return 2e6 * (0.5 + busy(hour(i))) }),
		}))
	}
	check(w.AddSeries(account.Resource{Scope: bundledScope(), Kind: "load-balancer", Name: "app/shop/50dc6c495c0c9188"}, []account.Measurement{
		metric("AWS/ApplicationELB", "ConsumedLCUs", "Sum", func(i int) float64 { return 0.05 + 0.2*busy(hour(i)) }),
		metric("AWS/ApplicationELB", "RequestCount", "Sum", func(i int) float64 { return math.Round(3000 + 30000*busy(hour(i))) }),
		metric("AWS/ApplicationELB", "ProcessedBytes", "Sum", perStep(900)),
		metric("AWS/ApplicationELB", "NewConnectionCount", "Sum", func(i int) float64 { return math.Round(600 + 6000*busy(hour(i))) }),
		metric("AWS/ApplicationELB", "ActiveConnectionCount", "Sum", func(i int) float64 { return math.Round(200 + 2000*busy(hour(i))) }),
	}))
	check(w.AddSeries(account.Resource{Scope: bundledScope(), Kind: "load-balancer", Name: "app/search/70dc6c495c0c9188"}, []account.Measurement{
		metric("AWS/ApplicationELB", "ConsumedLCUs", "Sum", func(i int) float64 { return 0.005 + 0.01*busy(hour(i)) }),
		metric("AWS/ApplicationELB", "RequestCount", "Sum", func(i int) float64 { return math.Round(300 + 900*busy(hour(i))) }),
	}))
	for name, gbAMonth := range map[string]float64{"/ecs/prod/api": 90, "/ecs/prod/web": 20, "/ecs/prod/worker": 11, "/ecs/staging/api": 1} {
		check(w.AddSeries(account.Resource{Scope: bundledScope(), Kind: "log-group", Name: name}, []account.Measurement{
			metric("AWS/Logs", "IncomingBytes", "Sum", perStep(gbAMonth)),
		}))
	}
	check(w.Close(account.Manifest{
		Version: account.FormatVersion, From: from, To: from.AddDate(0, 0, 14), Period: 5 * time.Minute,
		Scopes: []account.Scope{bundledScope()}, Cost: account.ReadingCost{Calls: 2, Metrics: 47, USD: 0.00025},
	}))
	return buf.Bytes()
}

// TestBundledAccount holds the bundled file to its replies and stories.
// UPDATE_GOLDEN=1 writes it.
func TestBundledAccount(t *testing.T) {
	want := writeBundledAccount(t)
	if again := writeBundledAccount(t); !bytes.Equal(want, again) {
		t.Fatal("two snapshots of one account differ")
	}
	path := filepath.FromSlash(bundledAccount)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what its replies and stories make: run UPDATE_GOLDEN=1 go test ./advisor -run TestBundledAccount", path)
	}
}
