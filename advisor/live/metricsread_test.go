package live

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"ecsavvy/advisor/account"
	"ecsavvy/fixtures/loopback"
)

// now is the clock of these tests.
func now() time.Time { return time.Date(2026, 11, 20, 9, 41, 7, 0, time.UTC) }

// collected is a sink that keeps everything.
type collected struct {
	mu   sync.Mutex
	all  map[account.Resource][]account.Measurement
	fail error
}

func (c *collected) AddSeries(r account.Resource, m []account.Measurement) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[account.Resource][]account.Measurement{}
	}
	if _, twice := c.all[r]; twice {
		return fmt.Errorf("%s was added twice", r.Name)
	}
	c.all[r] = m
	return c.fail
}

// metricsServer is a loopback CloudWatch with a client for it.
func metricsServer(t *testing.T, cw *loopback.CloudWatch, protocol string) (*loopback.Server, MetricsAPI) {
	t.Helper()
	cw.Now = now
	server := loopback.New()
	t.Cleanup(server.Close)
	server.ServeMetrics(cw)
	client, err := CloudWatch(loopbackConfig(server.URL), protocol)
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}

// loopbackConfig points the SDK at a server.
func loopbackConfig(url string) aws.Config {
	return aws.Config{
		Region: "eu-west-1", BaseEndpoint: &url,
		Credentials: credentials.NewStaticCredentialsProvider("AKID123456789012", "secret", ""),
	}
}

// services are n services of one account and region.
func services(n int, level Insights) []Subject {
	all := make([]Subject, n)
	for i := range all {
		all[i] = Subject{Insights: level, Resource: account.Resource{
			Scope: account.Scope{Account: "123456789012", Region: "eu-west-1"},
			Kind:  "service", Cluster: "shop", Name: fmt.Sprintf("web-%04d", i),
		}}
	}
	return all
}

// planned is a plan of a few hours.
func planned(t *testing.T, subjects []Subject, depth Depth, length time.Duration) ReadingPlan {
	t.Helper()
	w, err := NewWindow(now(), time.Minute, length)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Plan(subjects, w, depth, 0.00001)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// hasty is a patience for tests.
func hasty() Patience { return Patience{Longest: time.Microsecond, Timeout: 10 * time.Second} }

// quickly reads without pauses and as one client after the other.
func quickly() ReadOptions {
	return ReadOptions{Limits: Limits{CallsPerSecond: 1e9, PointsPerSecond: 1e12}, InFlight: 1, Patience: hasty()}
}

// checkValues compares every point that was read with the one that was served.
func checkValues(t *testing.T, cw *loopback.CloudWatch, plan ReadingPlan, got *collected) {
	t.Helper()
	for _, s := range plan.subjects {
		for _, m := range got.all[s.Resource] {
			gaps := 0
			for i, v := range m.Series.Values {
				want, ok := cw.Value(m.Metric.Namespace, m.Metric.Name, m.Metric.Statistic, m.Series.Step, m.Series.At(i), "ClusterName=shop", "ServiceName="+s.Name)
				if !ok {
					gaps++
					if !math.IsNaN(v) {
						t.Fatalf("%s %v at %s: got %g, want NaN for a missing point", s.Name, m.Metric, m.Series.At(i), v)
					}
				} else if v != want {
					t.Fatalf("%s %v at %s: got %g, want %g", s.Name, m.Metric, m.Series.At(i), v, want)
				}
			}
			if len(m.Series.Values) != plan.Window.Points() || !m.Series.Start.Equal(plan.Window.From) {
				t.Errorf("%s %v: %d points from %s, want %d from %s", s.Name, m.Metric, len(m.Series.Values), m.Series.Start, plan.Window.Points(), plan.Window.From)
			}
			if gaps == len(m.Series.Values) {
				t.Errorf("%s %v has no points", s.Name, m.Metric)
			}
		}
	}
}

func TestReadMetrics(t *testing.T) {
	for name, tt := range map[string]struct {
		cw       loopback.CloudWatch
		protocol string
		faults   loopback.Faults
		depth    Depth
		pages    int // calls beyond the plan's
	}{
		"as AWS serves it":           {depth: Standard},
		"everything":                 {depth: Full},
		"Query protocol":             {depth: Standard, protocol: ProtocolQuery},
		"pages":                      {depth: Standard, cw: loopback.CloudWatch{PagePoints: 1000}, pages: 35},
		"pages in Query":             {depth: Lean, cw: loopback.CloudWatch{PagePoints: 1000}, protocol: ProtocolQuery, pages: 21},
		"late, double, off the step": {depth: Standard, cw: loopback.CloudWatch{Unsteady: true, PagePoints: 777}, pages: 46},
		"half throttled":             {depth: Standard, cw: loopback.CloudWatch{PagePoints: 1000}, faults: loopback.Faults{ThrottleShare: 0.5}, pages: 35},
		"half throttled in Query":    {depth: Lean, cw: loopback.CloudWatch{PagePoints: 1000}, protocol: ProtocolQuery, faults: loopback.Faults{ThrottleShare: 0.5}, pages: 21},
		"a fifth 5xx":                {depth: Standard, cw: loopback.CloudWatch{PagePoints: 1000}, faults: loopback.Faults{ServerErrorShare: 0.2}, pages: 35},
		"a fifth truncated":          {depth: Standard, cw: loopback.CloudWatch{PagePoints: 1000}, faults: loopback.Faults{TruncateShare: 0.2}, pages: 35},
		"truncated in Query":         {depth: Lean, cw: loopback.CloudWatch{PagePoints: 1000}, protocol: ProtocolQuery, faults: loopback.Faults{TruncateShare: 0.2}, pages: 21},
		"a clock an hour behind":     {depth: Standard, faults: loopback.Faults{ClockSkew: time.Hour}},
		"a clock a day ahead":        {depth: Standard, faults: loopback.Faults{ClockSkew: -24 * time.Hour}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.cw.Seed = 7
			server, client := metricsServer(t, &tt.cw, tt.protocol)
			server.Misbehave(tt.faults)
			plan := planned(t, services(10, InsightsDisabled), tt.depth, 12*time.Hour)
			got := &collected{}
			lastDone := 0
			opts := quickly()
			opts.Progress = func(done, total int) {
				if done != lastDone+1 || total != plan.Calls {
					t.Errorf("progress says %d of %d, want %d of %d", done, total, lastDone+1, plan.Calls)
				}
				lastDone = done
			}
			failures, cost, err := ReadMetrics(t.Context(), client, plan, got, opts)
			if err != nil || len(failures) > 0 {
				t.Fatalf("got error %v, failures %v", err, failures)
			}
			if len(got.all) != 10 || lastDone != plan.Calls {
				t.Errorf("got %d services in %d calls, want 10 in %d", len(got.all), lastDone, plan.Calls)
			}
			if cost.Calls != plan.Calls+tt.pages {
				t.Errorf("got %d replies, want %d calls and %d more pages", cost.Calls, plan.Calls, tt.pages)
			}
			checkValues(t, &tt.cw, plan, got)
		})
	}
}

func TestReadMetricsPartial(t *testing.T) {
	for name, tt := range map[string]struct {
		cw     loopback.CloudWatch
		faults loopback.Faults
		opts   func(*ReadOptions)
		read   int // services with series
		whole  int // series of each
		want   []string
	}{
		"access denied": {
			faults: loopback.Faults{DenyOperations: []string{"monitoring:GetMetricData"}},
			want:   []string{": ended with 10 of 10 resources unread: AccessDenied: User: (ARN) is not authorized to perform: monitoring:GetMetricData because no identity-based policy allows the monitoring:GetMetricData action"},
		},
		"nothing but 5xx": {
			faults: loopback.Faults{ServerErrorShare: 1},
			want:   []string{": ended with 7 of 10 resources unread: ServiceUnavailable: try later", "service shop/web-0000: ServiceUnavailable: try later", "service shop/web-0001: ServiceUnavailable: try later", "service shop/web-0002: ServiceUnavailable: try later"},
		},
		"nothing but throttling": {
			faults: loopback.Faults{ThrottleShare: 1},
			want:   []string{": ended with 7 of 10 resources unread: Throttling: Rate exceeded", "service shop/web-0000: Throttling: Rate exceeded", "service shop/web-0001: Throttling: Rate exceeded", "service shop/web-0002: Throttling: Rate exceeded"},
		},
		"nothing but halves": {
			faults: loopback.Faults{TruncateShare: 1},
			want:   []string{": ended with 7 of 10 resources unread: a reply that ends early or cannot be read", "service shop/web-0000: a reply that ends early or cannot be read", "service shop/web-0001: a reply that ends early or cannot be read", "service shop/web-0002: a reply that ends early or cannot be read"},
		},
		"no answer": {
			faults: loopback.Faults{HangShare: 1},
			opts:   func(o *ReadOptions) { o.Patience.Timeout, o.Patience.Failed = time.Millisecond, 2 },
			want:   []string{": ended with 7 of 10 resources unread: no reply within 1ms", "service shop/web-0000: no reply within 1ms", "service shop/web-0001: no reply within 1ms", "service shop/web-0002: no reply within 1ms"},
		},
		"one metric broken": {
			cw:   loopback.CloudWatch{Broken: []string{"MemoryUtilization"}},
			read: 10, whole: 3,
			want: []string{"service shop/web-0000: MemoryUtilization: CloudWatch answered InternalError"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			server, client := metricsServer(t, &tt.cw, "")
			server.Misbehave(tt.faults)
			plan := planned(t, services(10, InsightsDisabled), Standard, 14*24*time.Hour) // one service a call
			got := &collected{}
			opts := quickly()
			if tt.opts != nil {
				tt.opts(&opts)
			}
			failures, cost, err := ReadMetrics(t.Context(), client, plan, got, opts)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, f := range failures {
				if f.Account != "123456789012" || f.Region != "eu-west-1" || f.Call != "cloudwatch:GetMetricData" {
					t.Errorf("failure of %v, %s", f.Scope, f.Call)
				}
				lines = append(lines, f.Resource+": "+f.Why)
			}
			if tt.read > 0 {
				lines = lines[:1]
			}
			if strings.Join(lines, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got failures\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(tt.want, "\n"))
			}
			if len(got.all) != tt.read {
				t.Errorf("read %d services, want %d", len(got.all), tt.read)
			}
			for r, m := range got.all {
				if len(m) != tt.whole {
					t.Errorf("%s has %d series, want %d", r.Name, len(m), tt.whole)
				}
			}
			if tt.read == 0 && cost != (account.ReadingCost{}) {
				t.Errorf("nothing was read for %v", cost)
			}
			checkValues(t, &tt.cw, plan, got)
		})
	}
}

// A call that fails for good leaves out its own resources only.
func TestReadMetricsOneCallLost(t *testing.T) {
	cw := &loopback.CloudWatch{}
	server, client := metricsServer(t, cw, "")
	server.Misbehave(loopback.Faults{ServerErrorShare: 0.3})
	plan := planned(t, services(12, InsightsDisabled), Standard, 14*24*time.Hour)
	opts := quickly()
	opts.Patience.Failed = 1
	got := &collected{}
	failures, _, err := ReadMetrics(t.Context(), client, plan, got, opts)
	if err != nil {
		t.Fatal(err)
	}
	if len(failures) == 0 || len(failures)+len(got.all) != 12 {
		t.Fatalf("%d failures and %d services read, want 12 together", len(failures), len(got.all))
	}
	for _, f := range failures {
		for r := range got.all {
			if f.Resource == name(r) {
				t.Errorf("%s was read and failed", f.Resource)
			}
		}
	}
	checkValues(t, cw, plan, got)
}

// Concurrent calls bring what one after the other does.
func TestReadMetricsConcurrently(t *testing.T) {
	cw := &loopback.CloudWatch{PagePoints: 50_000}
	server, client := metricsServer(t, cw, "")
	server.Misbehave(loopback.Faults{ThrottleShare: 0.2, ServerErrorShare: 0.05, TruncateShare: 0.05})
	plan := planned(t, services(20, InsightsEnabled), Full, 6*time.Hour)
	opts := quickly()
	opts.InFlight = 8
	got := &collected{}
	failures, _, err := ReadMetrics(t.Context(), client, plan, got, opts)
	if err != nil || len(failures) > 0 || len(got.all) != 20 {
		t.Fatalf("error %v, failures %v, %d services", err, failures, len(got.all))
	}
	checkValues(t, cw, plan, got)
}

func TestReadMetricsEndsEarly(t *testing.T) {
	full := errors.New("disk full")
	t.Run("sink", func(t *testing.T) {
		_, client := metricsServer(t, &loopback.CloudWatch{}, "")
		plan := planned(t, services(10, InsightsDisabled), Standard, 14*24*time.Hour)
		_, cost, err := ReadMetrics(t.Context(), client, plan, &collected{fail: full}, quickly())
		if !errors.Is(err, full) || cost.Calls != 1 {
			t.Errorf("got %v after %d calls, want %v after 1", err, cost.Calls, full)
		}
	})
	t.Run("deadline", func(t *testing.T) {
		server, client := metricsServer(t, &loopback.CloudWatch{}, "")
		server.Misbehave(loopback.Faults{HangShare: 1})
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		failures, _, err := ReadMetrics(ctx, client, planned(t, services(3, InsightsDisabled), Lean, time.Hour), &collected{}, quickly())
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
		if len(failures) != 1 || failures[0].Why != "ended with 3 of 3 resources unread: context deadline exceeded" {
			t.Errorf("got failures %v", failures)
		}
	})
	t.Run("nothing to read", func(t *testing.T) {
		_, client := metricsServer(t, &loopback.CloudWatch{}, "")
		failures, cost, err := ReadMetrics(t.Context(), client, planned(t, nil, Full, time.Hour), &collected{}, ReadOptions{})
		if err != nil || failures != nil || cost != (account.ReadingCost{}) {
			t.Errorf("got %v, %v, %v", failures, cost, err)
		}
	})
}

func TestCloudWatchProtocol(t *testing.T) {
	_, err := CloudWatch(aws.Config{}, "json")
	if err == nil || err.Error() != `live: a CloudWatch protocol "json": want "cbor" or "query"` {
		t.Errorf("got %v", err)
	}
}

// The order of measurements is that of the table, whatever comes first.
func TestMeasurementsInOrder(t *testing.T) {
	_, client := metricsServer(t, &loopback.CloudWatch{}, "")
	plan := planned(t, services(7, InsightsEnhanced), Full, 14*24*time.Hour)
	got := &collected{}
	opts := quickly()
	opts.InFlight = 4
	if _, _, err := ReadMetrics(t.Context(), client, plan, got, opts); err != nil {
		t.Fatal(err)
	}
	var first []account.Metric
	for _, m := range got.all[plan.subjects[0].Resource] {
		first = append(first, m.Metric)
	}
	if len(first) != plan.Series/7 {
		t.Fatalf("%d series a service, want %d", len(first), plan.Series/7)
	}
	for r, ms := range got.all {
		for i, m := range ms {
			if m.Metric != first[i] {
				t.Errorf("%s has %v at %d, want %v", r.Name, m.Metric, i, first[i])
			}
		}
	}
}

// waiting is a sink that notes how many calls were done when a resource came.
type waiting struct {
	done int
	came []int
}

func (w *waiting) AddSeries(account.Resource, []account.Measurement) error {
	w.came = append(w.came, w.done)
	return nil
}

// Resources do not wait for others: where each fills a call, each comes with its call.
func TestReadMetricsStreams(t *testing.T) {
	_, client := metricsServer(t, &loopback.CloudWatch{}, "")
	plan := planned(t, services(6, InsightsDisabled), Standard, 14*24*time.Hour)
	sink := &waiting{}
	opts := quickly()
	opts.Progress = func(done, _ int) { sink.done = done }
	if _, _, err := ReadMetrics(t.Context(), client, plan, sink, opts); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(sink.came) != "[1 2 3 4 5 6]" {
		t.Errorf("the services came after calls %v", sink.came)
	}
}
