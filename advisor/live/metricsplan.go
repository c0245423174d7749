package live

import (
	"fmt"
	"math"

	"ecsavvy/advisor/account"
)

// Limits of one GetMetricData call
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html),
// and how many statistics of one metric it bills as one metric
// (https://aws.amazon.com/cloudwatch/pricing/, quoted in
// https://github.com/prometheus/cloudwatch_exporter/pull/482).
const (
	maxQueries          = 500
	maxPoints           = 100_800
	statisticsPerMetric = 5
)

// ReadingPlan is what will be read and what that costs, before it is read.
type ReadingPlan struct {
	Window Window
	// Calls is the number of GetMetricData calls, retries apart.
	Calls int
	// Metrics is how many metrics they are billed for: up to five statistics of
	// one metric in one call are one.
	Metrics int
	// Series is how many series are read, Points how many points they have if
	// none is missing.
	Series, Points int
	// USD is the price of Metrics.
	USD float64

	usdPerMetric float64
	subjects     []Subject
	requests     []request
}

// Cost is the plan's cost in the words of a snapshot.
func (p ReadingPlan) Cost() account.ReadingCost {
	return account.ReadingCost{Calls: p.Calls, Metrics: p.Metrics, USD: p.USD}
}

// query is one series of a call.
type query struct {
	subject int // of the plan
	slot    int // of the subject's measurements
	metric  account.Metric
	dims    []dimension
}

// request is one GetMetricData call: its queries and the metrics it is billed for.
type request struct {
	queries []query
	metrics int
}

// Plan plans the reading of subjects of one account and region over a window.
// usdPerMetric is the price of one metric requested, usage type
// CW:GMD-Metrics ($0.01 per 1,000 in most regions; nothing of it is free).
//
// A metric is asked for in one call with all its statistics wherever that
// leaves fewer than 1.05 times the calls that whole series need at least. Where
// it would not, some metrics are split over two calls and billed twice. Windows
// are never split: that would bill every metric twice.
func Plan(subjects []Subject, window Window, depth Depth, usdPerMetric float64) (ReadingPlan, error) {
	if math.IsNaN(usdPerMetric) || usdPerMetric < 0 {
		return ReadingPlan{}, fmt.Errorf("live: planning a reading at %g USD for a metric: want a price of 0 or more", usdPerMetric)
	}
	if window.Points() <= 0 || window.Points() > maxPoints {
		return ReadingPlan{}, fmt.Errorf("live: planning a reading of %d points a series: want 1 to %d", window.Points(), maxPoints)
	}
	plan := ReadingPlan{Window: window, usdPerMetric: usdPerMetric, subjects: subjects}
	var groups [][]query // the statistics of one metric
	seen := make(map[account.Resource]bool, len(subjects))
	for i, s := range subjects {
		if s.Scope != subjects[0].Scope {
			return ReadingPlan{}, fmt.Errorf("live: planning one reading of %v and %v: one client reads one account and region", subjects[0].Scope, s.Scope)
		}
		if seen[s.Resource] {
			return ReadingPlan{}, fmt.Errorf("live: planning a reading: %s %s is there twice", s.Kind, s.Name)
		}
		seen[s.Resource] = true
		metrics, err := wants(s, depth)
		if err != nil {
			return ReadingPlan{}, err
		}
		slot := 0
		for _, w := range metrics {
			var group []query
			for _, statistic := range w.statistics {
				metric := account.Metric{Namespace: w.namespace, Name: w.name, Statistic: statistic}
				group = append(group, query{subject: i, slot: slot, metric: metric, dims: w.dimensions})
				slot++
			}
			groups = append(groups, group)
		}
		plan.Series += slot
	}
	plan.requests = pack(groups, seriesPerCall(window))
	for _, r := range plan.requests {
		plan.Metrics += r.metrics
	}
	plan.Calls, plan.Points = len(plan.requests), plan.Series*window.Points()
	plan.USD = float64(plan.Metrics) * usdPerMetric
	return plan, nil
}

// seriesPerCall is how many whole series of a window one call can ask for.
func seriesPerCall(w Window) int { return min(maxQueries, maxPoints/w.Points()) }

// lookahead is how far pack looks for a group that fills a hole. It is short so
// that the series of a resource stay close together, and little of them is in
// memory at once.
const lookahead = 64

// pack puts groups into calls of at most c queries, in nearly their order. A
// group that does not fit is left for the next call, as long as the holes that
// this makes keep the calls under 1.05 times their least number; then groups
// are split.
func pack(groups [][]query, c int) []request {
	total := 0
	for _, g := range groups {
		total += len(g)
	}
	spare := mostCalls((total+c-1)/c)*c - total
	var requests []request
	for len(groups) > 0 {
		r := request{}
		for len(r.queries) < c && len(groups) > 0 {
			room := c - len(r.queries)
			fits := -1
			for i := 0; i < min(lookahead, len(groups)) && fits < 0; i++ {
				if len(groups[i]) <= room {
					fits = i
				}
			}
			switch {
			case fits >= 0:
				r.queries = append(r.queries, groups[fits]...)
				r.metrics += billed(len(groups[fits]))
				// The groups before it move one on, so that the slice loses its first.
				copy(groups[1:fits+1], groups[:fits])
				groups = groups[1:]
				continue
			case spare < room:
				r.queries = append(r.queries, groups[0][:room]...)
				r.metrics += billed(room)
				groups[0] = groups[0][room:]
			default:
				spare -= room
			}
			break
		}
		requests = append(requests, r)
	}
	return requests
}

// mostCalls is the largest number of calls below 1.05 times the least one.
func mostCalls(least int) int { return max(least, (105*least+99)/100-1) }

// billed is how many metrics a call is billed for that asks for n statistics of one.
func billed(n int) int { return (n + statisticsPerMetric - 1) / statisticsPerMetric }
