package live

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"

	"ecsavvy/fixtures/loopback"
)

// The loopback server answers the SDK as AWS does: its limits, its errors, its
// pages. (The server itself may not use the SDK.)

// asked is a call for n series of CPUUtilization.
func asked(n int, period int32, from, to time.Time) *cloudwatch.GetMetricDataInput {
	in := &cloudwatch.GetMetricDataInput{StartTime: &from, EndTime: &to, ScanBy: types.ScanByTimestampAscending}
	for i := range n {
		in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{
			Id: aws.String(fmt.Sprint("q", i)),
			MetricStat: &types.MetricStat{
				Metric: &types.Metric{Namespace: aws.String("AWS/ECS"), MetricName: aws.String("CPUUtilization"), Dimensions: []types.Dimension{
					{Name: aws.String("ClusterName"), Value: aws.String("shop")}, {Name: aws.String("ServiceName"), Value: aws.String(fmt.Sprint("2026", i))},
				}},
				Period: aws.Int32(period), Stat: aws.String("Average"),
			},
		})
	}
	return in
}

func TestServerRefuses(t *testing.T) {
	const day = 24 * time.Hour
	ago := func(d time.Duration) time.Time { return now().Add(-d) }
	twice := asked(2, 60, ago(time.Hour), now())
	twice.MetricDataQueries[1].Id = twice.MetricDataQueries[0].Id
	token := asked(1, 60, ago(time.Hour), now())
	token.NextToken = aws.String("page 7")
	for _, protocol := range []string{ProtocolCBOR, ProtocolQuery} {
		server, api := metricsServer(t, &loopback.CloudWatch{}, protocol)
		once := func(o *cloudwatch.Options) { o.Retryer = aws.NopRetryer{} }
		for _, tt := range []struct {
			name   string
			in     *cloudwatch.GetMetricDataInput
			faults loopback.Faults
			want   string
		}{
			{name: "queries", in: asked(501, 60, ago(time.Hour), now()), want: "ValidationError: The collection MetricDataQueries must not have a size greater than 500."},
			{name: "minutes", in: asked(1, 60, ago(15*day+time.Minute), now()), want: "ValidationError: Period must be a multiple of 300 for a StartTime more than 15 days ago, got 60."},
			{name: "five minutes", in: asked(1, 300, ago(63*day+time.Minute), now()), want: "ValidationError: Period must be a multiple of 3600 for a StartTime more than 63 days ago, got 300."},
			{name: "seconds", in: asked(1, 90, ago(time.Hour), now()), want: "ValidationError: Period must be a multiple of 60, got 90."},
			{name: "backwards", in: asked(1, 60, now(), ago(time.Hour)), want: "ValidationError: The parameter StartTime must be less than the parameter EndTime."},
			{name: "IDs", in: twice, want: `ValidationError: The value "q0" for MetricDataQueries[1].Id is not unique.`},
			{name: "token", in: token, want: "ValidationError: The value for parameter NextToken is not valid."},
			{name: "throttled", in: asked(1, 60, ago(time.Hour), now()), faults: loopback.Faults{ThrottleShare: 1}, want: "Throttling: Rate exceeded"},
			{name: "down", in: asked(1, 60, ago(time.Hour), now()), faults: loopback.Faults{ServerErrorShare: 1}, want: "ServiceUnavailable: try later"},
		} {
			server.Misbehave(tt.faults)
			if protocol == ProtocolQuery { // the SDK renames this code in this protocol
				tt.want = strings.Replace(tt.want, "ValidationError", "ValidationException", 1)
			}
			_, err := api.GetMetricData(t.Context(), tt.in, once)
			var refused smithy.APIError
			if !errors.As(err, &refused) {
				t.Errorf("%s, %s: got %v, want an error of AWS", protocol, tt.name, err)
			} else if got := refused.ErrorCode() + ": " + refused.ErrorMessage(); got != tt.want {
				t.Errorf("%s, %s: got %s, want %s", protocol, tt.name, got, tt.want)
			}
		}
		if got := retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(&smithy.GenericAPIError{Code: "Throttling"}); got != aws.TrueTernary {
			t.Error("the SDK does not know the code of throttling")
		}
	}
}

func TestServerPages(t *testing.T) {
	for _, protocol := range []string{ProtocolCBOR, ProtocolQuery} {
		for _, tt := range []struct {
			name      string
			max       *int32
			ascending bool
			pages     int
		}{
			{"whole", nil, true, 1},
			{"500 points", aws.Int32(500), true, 3},
			{"newest first", aws.Int32(700), false, 3},
		} {
			cw := &loopback.CloudWatch{}
			_, api := metricsServer(t, cw, protocol)
			in := asked(3, 60, now().Add(-8*time.Hour).Truncate(time.Minute), now().Truncate(time.Minute))
			in.MaxDatapoints = tt.max
			if !tt.ascending {
				in.ScanBy = types.ScanByTimestampDescending
			}
			points, pages := map[string]map[time.Time]float64{}, 0
			last := map[string]time.Time{}
			for in.NextToken = nil; pages == 0 || in.NextToken != nil; pages++ {
				out, err := api.GetMetricData(t.Context(), in)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range out.MetricDataResults {
					if partial := r.StatusCode == types.StatusCodePartialData; partial && out.NextToken == nil {
						t.Errorf("%s, %s: part of %s and no next page", protocol, tt.name, *r.Id)
					}
					if points[*r.Id] == nil {
						points[*r.Id] = map[time.Time]float64{}
					}
					for i, at := range r.Timestamps {
						if before, ok := last[*r.Id]; ok && at.Before(before) == tt.ascending {
							t.Errorf("%s, %s: %s after %s", protocol, tt.name, at, before)
						}
						last[*r.Id], points[*r.Id][at.UTC()] = at, r.Values[i]
					}
				}
				in.NextToken = out.NextToken
			}
			if pages != tt.pages {
				t.Errorf("%s, %s: %d pages, want %d", protocol, tt.name, pages, tt.pages)
			}
			for i := range 3 {
				for at := *in.StartTime; at.Before(*in.EndTime); at = at.Add(time.Minute) {
					want, ok := cw.Value("AWS/ECS", "CPUUtilization", "Average", time.Minute, at, "ClusterName=shop", fmt.Sprint("ServiceName=2026", i))
					if got, there := points[fmt.Sprint("q", i)][at]; there != ok || got != want {
						t.Fatalf("%s, %s: q%d at %s is %g, %v; want %g, %v", protocol, tt.name, i, at, got, there, want, ok)
					}
				}
			}
		}
	}
}

func TestServerListMetrics(t *testing.T) {
	cw := &loopback.CloudWatch{}
	for i := range 1200 {
		cw.Listed = append(cw.Listed, loopback.ListedMetric{Namespace: "AWS/ECS", Name: "CPUUtilization", Dimensions: []string{"ClusterName=c", fmt.Sprint("ServiceName=s", i)}})
	}
	cw.Listed = append(cw.Listed, loopback.ListedMetric{Namespace: "AWS/Logs", Name: "IncomingBytes", Dimensions: []string{"LogGroupName=/ecs/a&b"}})
	for _, protocol := range []string{ProtocolCBOR, ProtocolQuery} {
		_, api := metricsServer(t, cw, protocol)
		client := api.(*cloudwatch.Client)
		for _, tt := range []struct {
			name  string
			in    cloudwatch.ListMetricsInput
			want  int
			pages int
		}{
			{"all", cloudwatch.ListMetricsInput{}, 1201, 3},
			{"namespace", cloudwatch.ListMetricsInput{Namespace: aws.String("AWS/Logs")}, 1, 1},
			{"name", cloudwatch.ListMetricsInput{MetricName: aws.String("CPUUtilization")}, 1200, 3},
			{"dimension", cloudwatch.ListMetricsInput{Dimensions: []types.DimensionFilter{{Name: aws.String("ServiceName"), Value: aws.String("s7")}}}, 1, 1},
			{"any value", cloudwatch.ListMetricsInput{Dimensions: []types.DimensionFilter{{Name: aws.String("LogGroupName")}}}, 1, 1},
			{"nothing", cloudwatch.ListMetricsInput{Namespace: aws.String("AWS/EC2")}, 0, 1},
		} {
			pages, found := cloudwatch.NewListMetricsPaginator(client, &tt.in), 0
			n := 0
			for ; pages.HasMorePages(); n++ {
				out, err := pages.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				found += len(out.Metrics)
				for _, m := range out.Metrics {
					if len(m.Dimensions) == 1 && *m.Dimensions[0].Value != "/ecs/a&b" {
						t.Errorf("%s, %s: got dimension %s", protocol, tt.name, *m.Dimensions[0].Value)
					}
				}
			}
			if found != tt.want || n != tt.pages {
				t.Errorf("%s, %s: %d metrics on %d pages, want %d on %d", protocol, tt.name, found, n, tt.want, tt.pages)
			}
		}
	}
}
