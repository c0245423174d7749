package live

import (
	"context"
	"errors"
	"sort"
	"sync"

	"ecsavvy/advisor/account"
)

// Sink takes what was measured of a resource. It is called concurrently.
type Sink interface {
	AddSeries(account.Resource, []account.Measurement) error
}

// ReadOptions is how a plan is read. The zero value is the usual way.
type ReadOptions struct {
	// Limits are the account's quotas, AWS's usual ones where zero.
	Limits Limits
	// InFlight is how many calls are made at once, 8 where 0. Each holds up to
	// 100,800 points, about 6 MB.
	InFlight int
	Patience Patience
	// Progress is told how many of the plan's calls are done; not concurrently.
	Progress func(done, total int)
}

// outage is after how many calls that failed for good one after the other the
// rest is given up.
const outage = 3

// ReadMetrics reads a plan: every resource's series go to the sink as soon as
// the last of them is there, in any order. A point that CloudWatch does not have
// is NaN; a series that could not be read is left out and its failure returned,
// sorted by resource. Access denied and an outage end the reading, and leave
// one failure for everything that was not read. The cost is of the calls that
// were answered.
//
// The error is the sink's or the context's; the failures then name all that is
// missing too.
func ReadMetrics(ctx context.Context, client MetricsAPI, plan ReadingPlan, sink Sink, opts ReadOptions) ([]account.Failure, account.ReadingCost, error) {
	if opts.Limits == (Limits{}) {
		opts.Limits = UsualLimits(plan.Window)
	}
	if opts.InFlight == 0 {
		opts.InFlight = 8
	}
	opts.Patience = opts.Patience.usual()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	r := &reading{
		client: client, plan: plan, sink: sink, opts: opts, budget: newBudget(opts.Limits), stop: stop,
		parts: make([]part, len(plan.subjects)),
	}
	for i := range r.parts {
		r.parts[i].metrics = map[int]account.Measurement{}
	}
	for _, request := range plan.requests {
		for _, q := range request.queries {
			r.parts[q.subject].left++
		}
	}
	next := make(chan request)
	var workers sync.WaitGroup
	for range min(opts.InFlight, len(plan.requests)) {
		workers.Go(func() {
			for request := range next {
				r.read(ctx, request)
			}
		})
	}
	for _, request := range plan.requests {
		select {
		case next <- request:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	workers.Wait()
	return r.end(ctx)
}

// reading is one run of ReadMetrics.
type reading struct {
	client MetricsAPI
	plan   ReadingPlan
	sink   Sink
	opts   ReadOptions
	budget budget
	stop   context.CancelCauseFunc

	mu       sync.Mutex
	parts    []part // by subject
	failures []account.Failure
	cost     account.ReadingCost
	done     int // calls
	failing  int // calls that failed one after the other
	err      error
}

// part is what is there of one subject.
type part struct {
	left    int // series
	metrics map[int]account.Measurement
}

// gaveUp is why a reading ended early.
type gaveUp struct{ why string }

func (e *gaveUp) Error() string { return e.why }

// read makes one call and hands on what it completes.
func (r *reading) read(ctx context.Context, req request) {
	series, err := r.ask(ctx, req)
	var complete []int
	r.mu.Lock()
	// What ended the reading is said once, at the end, for all that it left.
	late := errors.Is(err, context.DeadlineExceeded)
	ended := err != nil && (ctx.Err() != nil || late || denied(err))
	switch {
	case late:
		r.stop(context.DeadlineExceeded)
	case ended:
		r.stop(&gaveUp{metricsWhy(err)}) // does nothing where the context ended
	case err != nil:
		if r.failing++; r.failing >= outage {
			r.stop(&gaveUp{metricsWhy(err)})
		}
		for _, q := range req.queries {
			r.failed(q, metricsWhy(err))
		}
	default:
		r.failing = 0
		for i, q := range req.queries {
			if series[i].why != "" {
				r.failed(q, series[i].why)
			}
			if series[i].read {
				r.parts[q.subject].metrics[q.slot] = account.Measurement{Metric: q.metric, Series: series[i].values}
			}
		}
	}
	if !ended {
		r.done++
		for _, q := range req.queries {
			if r.parts[q.subject].left--; r.parts[q.subject].left == 0 {
				complete = append(complete, q.subject)
			}
		}
		if r.opts.Progress != nil {
			r.opts.Progress(r.done, len(r.plan.requests))
		}
	}
	r.mu.Unlock()
	for _, subject := range complete {
		r.hand(subject)
	}
}

// failed notes a series that could not be read; once for one resource and reason.
func (r *reading) failed(q query, why string) {
	f := account.Failure{Scope: r.plan.subjects[q.subject].Scope, Call: "cloudwatch:GetMetricData", Resource: name(r.plan.subjects[q.subject].Resource), Why: why}
	for _, known := range r.failures[max(0, len(r.failures)-maxQueries):] {
		if known == f {
			return
		}
	}
	r.failures = append(r.failures, f)
}

// name is a resource in a failure: "service shop/web".
func name(r account.Resource) string {
	s := r.Kind + " "
	if r.Cluster != "" {
		s += r.Cluster + "/"
	}
	s += r.Name
	if r.Container != "" {
		s += "/" + r.Container
	}
	return s
}

// hand gives a complete resource to the sink and forgets it.
func (r *reading) hand(subject int) {
	r.mu.Lock()
	metrics := r.parts[subject].metrics
	r.parts[subject].metrics = nil
	r.mu.Unlock()
	if len(metrics) == 0 {
		return
	}
	slots := make([]int, 0, len(metrics))
	for slot := range metrics {
		slots = append(slots, slot)
	}
	sort.Ints(slots)
	all := make([]account.Measurement, 0, len(slots))
	for _, slot := range slots {
		all = append(all, metrics[slot])
	}
	if err := r.sink.AddSeries(r.plan.subjects[subject].Resource, all); err != nil {
		r.mu.Lock()
		if r.err == nil {
			r.err = err
		}
		r.mu.Unlock()
		r.stop(err)
	}
}

// end hands on what was begun, and says what is missing.
func (r *reading) end(ctx context.Context) ([]account.Failure, account.ReadingCost, error) {
	early := context.Cause(ctx)
	var given *gaveUp
	err := r.err
	if early != nil {
		for i := range r.parts {
			if r.err == nil && r.parts[i].left > 0 {
				r.hand(i)
			}
		}
		if err == nil {
			err = r.err
		}
		if err == nil && !errors.As(early, &given) {
			err = early
		}
		if len(r.plan.subjects) > 0 {
			r.failures = append(r.failures, account.Failure{
				Scope: r.plan.subjects[0].Scope, Call: "cloudwatch:GetMetricData", Why: r.rest(early),
			})
		}
	}
	sort.Slice(r.failures, func(i, j int) bool {
		a, b := r.failures[i], r.failures[j]
		if a.Resource != b.Resource {
			return a.Resource < b.Resource
		}
		return a.Why < b.Why
	})
	r.cost.USD = float64(r.cost.Metrics) * r.plan.usdPerMetric
	return r.failures, r.cost, err
}
