package live

import (
	"context"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"

	"ecsavvy/advisor/demand"
)

// reply is what a call brought of one query.
type reply struct {
	values demand.Series
	read   bool   // CloudWatch sent a result, with points or without
	done   bool   // and it was the last of this query
	why    string // what is wrong with it
}

// ask makes one call with all of its pages.
func (r *reading) ask(ctx context.Context, req request) ([]reply, error) {
	w := r.plan.Window
	in := &cloudwatch.GetMetricDataInput{StartTime: &w.From, EndTime: &w.To, ScanBy: types.ScanByTimestampAscending}
	for i, q := range req.queries {
		in.MetricDataQueries = append(in.MetricDataQueries, q.input(i, w))
	}
	replies := make([]reply, len(req.queries))
	points := w.Points() * len(req.queries)
	for {
		out, err := r.client.GetMetricData(ctx, in, func(o *cloudwatch.Options) {
			o.Retryer = newRetryer(r.opts.Patience, r.budget, points)
			o.APIOptions = append(o.APIOptions, attemptTimeout(r.opts.Patience.Timeout))
		})
		if err != nil {
			return nil, err
		}
		r.mu.Lock()
		r.cost.Calls++
		// Whether AWS bills a further page again is not said; counting it can only overstate.
		r.cost.Metrics += req.metrics
		r.mu.Unlock()
		for _, result := range out.MetricDataResults {
			add(replies, result, w)
		}
		token := aws.ToString(out.NextToken)
		if token == "" {
			break
		}
		if token == aws.ToString(in.NextToken) {
			return nil, fmt.Errorf("CloudWatch sent the page token %q twice", token)
		}
		in.NextToken = &token
	}
	for i := range replies {
		if one := &replies[i]; one.why == "" && !one.done {
			one.why = fmt.Sprintf("%s: CloudWatch answered without all of its points", req.queries[i].metric.Name)
		} else if one.why != "" {
			one.why = req.queries[i].metric.Name + ": " + one.why
		}
	}
	return replies, nil
}

// input is a query in CloudWatch's words; its ID is its place in the call.
func (q query) input(i int, w Window) types.MetricDataQuery {
	dimensions := make([]types.Dimension, len(q.dims))
	for j := range q.dims {
		dimensions[j] = types.Dimension{Name: &q.dims[j].name, Value: &q.dims[j].value}
	}
	return types.MetricDataQuery{
		Id: aws.String("q" + strconv.Itoa(i)),
		MetricStat: &types.MetricStat{
			Metric: &types.Metric{Namespace: &q.metric.Namespace, MetricName: &q.metric.Name, Dimensions: dimensions},
			Period: aws.Int32(int32(w.Period.Seconds())),
			Stat:   &q.metric.Statistic,
		},
	}
}

// add puts a result into the reply of its query. Points may come in any order
// and off the minute; one that comes twice must be the same, and one outside of
// the window is dropped.
func add(replies []reply, result types.MetricDataResult, w Window) {
	i, err := strconv.Atoi(strings.TrimPrefix(aws.ToString(result.Id), "q"))
	if err != nil || i < 0 || i >= len(replies) {
		return // of no query: that one stays unanswered and says so
	}
	one := &replies[i]
	switch result.StatusCode {
	case types.StatusCodeComplete:
		one.done = true
	case types.StatusCodePartialData:
	default:
		one.why = fmt.Sprintf("CloudWatch answered %s", result.StatusCode)
		return
	}
	if len(result.Timestamps) != len(result.Values) {
		one.why = fmt.Sprintf("CloudWatch sent %d times and %d values", len(result.Timestamps), len(result.Values))
		return
	}
	if !one.read {
		one.read = true
		one.values = demand.Series{Start: w.From, Step: w.Period, Values: make([]float64, w.Points())}
		for j := range one.values.Values {
			one.values.Values[j] = math.NaN()
		}
	}
	for j, at := range result.Timestamps {
		if at.Before(w.From) || !at.Before(w.To) {
			continue
		}
		place := &one.values.Values[at.Sub(w.From)/w.Period]
		if !math.IsNaN(*place) && *place != result.Values[j] {
			one.why = fmt.Sprintf("CloudWatch sent %g and %g for %s", *place, result.Values[j], at.UTC().Format("2006-01-02T15:04Z"))
			continue
		}
		*place = result.Values[j]
	}
}

// denied reports an error that every further call will have too.
func denied(err error) bool {
	var refused smithy.APIError
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.ErrorCode() {
	case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedException", "NotAuthorized",
		"AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException", "ExpiredToken", "ExpiredTokenException",
		"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "MissingAuthenticationToken", "OptInRequired":
		return true
	}
	return false
}

// metricsWhy is an error in a line, without account IDs and names of users.
func metricsWhy(err error) string {
	why := err.Error()
	var refused smithy.APIError
	var late *lateReply
	var broken *smithy.DeserializationError
	switch {
	case errors.As(err, &refused):
		why = refused.ErrorCode() + ": " + refused.ErrorMessage()
	case errors.As(err, &late):
		why = late.Error()
	case errors.As(err, &broken):
		why = "a reply that ends early or cannot be read"
	}
	why = regexp.MustCompile(`RequestID: [^,]*, `).ReplaceAllString(why, "")
	why = regexp.MustCompile(`arn:\S+`).ReplaceAllString(why, "(ARN)")
	why = regexp.MustCompile(`\b\d{12}\b`).ReplaceAllString(why, "(account)")
	return strings.Join(strings.Fields(why), " ")
}

// rest says what was not read because the reading ended.
func (r *reading) rest(early error) string {
	left := 0
	for _, p := range r.parts {
		if p.left > 0 {
			left++
		}
	}
	return fmt.Sprintf("ended with %d of %d resources unread: %s", left, len(r.parts), metricsWhy(early))
}
