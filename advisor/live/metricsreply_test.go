package live

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"

	"ecsavvy/advisor/account"
	"ecsavvy/fixtures/loopback"
)

// scripted is a CloudWatch that answers with prepared pages.
type scripted []cloudwatch.GetMetricDataOutput

func (s *scripted) GetMetricData(context.Context, *cloudwatch.GetMetricDataInput, ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error) {
	page := (*s)[0]
	*s = (*s)[1:]
	return &page, nil
}

// result is a result of a query: minute, value, minute, value …
func result(id string, status types.StatusCode, minutesAndValues ...float64) types.MetricDataResult {
	r := types.MetricDataResult{Id: &id, StatusCode: status}
	for i := 0; i+1 < len(minutesAndValues); i += 2 {
		at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC).Add(time.Duration(minutesAndValues[i] * float64(time.Minute)))
		r.Timestamps, r.Values = append(r.Timestamps, at), append(r.Values, minutesAndValues[i+1])
	}
	return r
}

// page is a reply of results, and the token of the next.
func page(token string, results ...types.MetricDataResult) cloudwatch.GetMetricDataOutput {
	out := cloudwatch.GetMetricDataOutput{MetricDataResults: results}
	if token != "" {
		out.NextToken = &token
	}
	return out
}

func TestReplies(t *testing.T) {
	torn := result("q0", types.StatusCodeComplete, 1, 1)
	torn.Values = nil
	for name, tt := range map[string]struct {
		pages []cloudwatch.GetMetricDataOutput
		cpu   map[int]float64 // by minute; the other minutes are missing
		want  string          // failures
	}{
		"in order":             {pages: []cloudwatch.GetMetricDataOutput{page("", result("q0", "Complete", 0, 5, 59, 6), result("q1", "Complete"))}, cpu: map[int]float64{0: 5, 59: 6}},
		"a true zero":          {pages: []cloudwatch.GetMetricDataOutput{page("", result("q0", "Complete", 7, 0), result("q1", "Complete"))}, cpu: map[int]float64{7: 0}},
		"newest first":         {pages: []cloudwatch.GetMetricDataOutput{page("", result("q1", "Complete"), result("q0", "Complete", 9, 9, 3, 3))}, cpu: map[int]float64{3: 3, 9: 9}},
		"off the minute":       {pages: []cloudwatch.GetMetricDataOutput{page("", result("q0", "Complete", 9.5, 9, 3.99, 3), result("q1", "Complete"))}, cpu: map[int]float64{3: 3, 9: 9}},
		"outside of the hour":  {pages: []cloudwatch.GetMetricDataOutput{page("", result("q0", "Complete", -0.01, 1, 0, 2, 60, 3, 1e6, 4), result("q1", "Complete"))}, cpu: map[int]float64{0: 2}},
		"twice the same":       {pages: []cloudwatch.GetMetricDataOutput{page("", result("q0", "Complete", 4, 8, 4, 8), result("q1", "Complete"))}, cpu: map[int]float64{4: 8}},
		"twice another":        {pages: []cloudwatch.GetMetricDataOutput{page("", result("q0", "Complete", 4, 8, 4, 9), result("q1", "Complete"))}, cpu: map[int]float64{4: 8}, want: "CpuUtilized: CloudWatch sent 8 and 9 for 2026-11-20T08:04Z"},
		"pages":                {pages: []cloudwatch.GetMetricDataOutput{page("a", result("q0", "PartialData", 1, 1)), page("b", result("q0", "PartialData", 2, 2)), page("", result("q0", "Complete", 3, 3), result("q1", "Complete"))}, cpu: map[int]float64{1: 1, 2: 2, 3: 3}},
		"an end without pages": {pages: []cloudwatch.GetMetricDataOutput{page("", result("q0", "PartialData", 1, 1), result("q1", "Complete"))}, cpu: map[int]float64{1: 1}, want: "CpuUtilized: CloudWatch answered without all of its points"},
		"no result":            {pages: []cloudwatch.GetMetricDataOutput{page("", result("q1", "Complete"), result("q7", "Complete", 1, 1), result("", "Complete"))}, want: "CpuUtilized: CloudWatch answered without all of its points"},
		"forbidden":            {pages: []cloudwatch.GetMetricDataOutput{page("", result("q0", "Forbidden"), result("q1", "Complete"))}, want: "CpuUtilized: CloudWatch answered Forbidden"},
		"times without values": {pages: []cloudwatch.GetMetricDataOutput{page("", torn, result("q1", "Complete"))}, want: "CpuUtilized: CloudWatch sent 1 times and 0 values"},
		"pages without end":    {pages: []cloudwatch.GetMetricDataOutput{page("a", result("q0", "PartialData", 1, 1)), page("a")}, want: `CloudWatch sent the page token "a" twice`},
	} {
		t.Run(name, func(t *testing.T) {
			pages := scripted(tt.pages)
			plan := planned(t, services(1, InsightsEnabled), Lean, time.Hour)
			got := &collected{}
			failures, cost, err := ReadMetrics(t.Context(), &pages, plan, got, ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if cost.Calls != len(tt.pages) || cost.Metrics != 2*len(tt.pages) || len(pages) != 0 {
				t.Errorf("cost %v, %d pages left", cost, len(pages))
			}
			var why []string
			for _, f := range failures {
				why = append(why, f.Why)
			}
			if strings.Join(why, "\n") != tt.want {
				t.Errorf("got failures %q, want %q", why, tt.want)
			}
			var cpu []float64
			for _, m := range got.all[plan.subjects[0].Resource] {
				if m.Metric.Name == "CpuUtilized" {
					cpu = m.Series.Values
				}
			}
			if (cpu != nil) != (tt.cpu != nil) {
				t.Fatalf("got series %v, want %v", cpu, tt.cpu)
			}
			for i, v := range cpu {
				if want, there := tt.cpu[i]; there && v != want || !there && !math.IsNaN(v) {
					t.Errorf("minute %d is %g, want %g, %v", i, v, want, there)
				}
			}
		})
	}
}

// No account ID, name of a user or request ID gets into a failure.
func TestMetricsWhy(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&smithy.GenericAPIError{Code: "AccessDenied", Message: "User: arn:aws:sts::123456789012:assumed-role/x/bob is not\nauthorized"}, "AccessDenied: User: (ARN) is not authorized"},
		{&smithy.GenericAPIError{Code: "Odd", Message: "account 123456789012 of 1234567890123"}, "Odd: account (account) of 1234567890123"},
		{errors.New("https response error StatusCode: 200, RequestID: 0af3-1, torn"), "https response error StatusCode: 200, torn"},
		{&lateReply{time.Second}, "no reply within 1s"},
	} {
		if got := metricsWhy(tt.err); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// Attempts that are throttled spend of the quota like the first: the second one
// would have to wait for longer than the deadline, and that is said at once.
func TestRetriesSpendTheBudget(t *testing.T) {
	server, client := metricsServer(t, &loopback.CloudWatch{}, "")
	server.Misbehave(loopback.Faults{ThrottleShare: 1})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	opts := quickly()
	opts.Limits.PointsPerSecond = 100
	failures, cost, err := ReadMetrics(ctx, client, planned(t, services(1, InsightsDisabled), Standard, 14*24*time.Hour), &collected{}, opts)
	if !errors.Is(err, context.DeadlineExceeded) || cost != (account.ReadingCost{}) {
		t.Errorf("got %v, %v", cost, err)
	}
	if len(failures) != 1 || failures[0].Why != "ended with 1 of 1 resources unread: context deadline exceeded" {
		t.Errorf("got failures %v", failures)
	}
	calls := 0
	for _, n := range server.Calls() {
		calls += n
	}
	if calls != 1 {
		t.Errorf("%d attempts, want 1", calls)
	}
}

// A configuration with a timeout of its own can be read with.
func TestTimeoutOnce(t *testing.T) {
	server, _ := metricsServer(t, &loopback.CloudWatch{}, "")
	cfg := loopbackConfig(server.URL)
	cfg.APIOptions = append(cfg.APIOptions, attemptTimeout(time.Minute))
	client, err := CloudWatch(cfg, "")
	if err != nil {
		t.Fatal(err)
	}
	failures, _, err := ReadMetrics(t.Context(), client, planned(t, services(1, InsightsDisabled), Lean, time.Hour), &collected{}, quickly())
	if err != nil || len(failures) > 0 {
		t.Errorf("got %v, %v", failures, err)
	}
}

// The retryer bears throttling longer than failure.
func TestRetryerPatience(t *testing.T) {
	r := newRetryer(Patience{}.usual(), newBudget(UsualLimits(Window{})), 1)
	throttled := &smithy.GenericAPIError{Code: "Throttling"}
	for range 30 {
		if _, err := r.GetRetryToken(t.Context(), throttled); err != nil {
			t.Fatal("throttling counts as failure")
		}
	}
	for i := 1; i <= 6; i++ {
		_, err := r.GetRetryToken(t.Context(), &lateReply{})
		if (err != nil) != (i == 6) {
			t.Errorf("failure %d: %v", i, err)
		}
	}
	for err, want := range map[error]bool{
		throttled: true, &lateReply{}: true, &smithy.DeserializationError{Err: errors.New("torn")}: true,
		&smithy.GenericAPIError{Code: "ValidationError"}: false, &aws.RequestCanceledError{Err: context.Canceled}: false,
	} {
		if got := r.IsErrorRetryable(err); got != want {
			t.Errorf("%v: another attempt is %v, want %v", err, got, want)
		}
	}
}
