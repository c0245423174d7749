package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// Patience is how long a call is tried. Its zero value is the usual one.
type Patience struct {
	// Throttled is how often a call is made at most while AWS throttles it, 20
	// where 0: with half of all calls throttled, one of a million fails.
	Throttled int
	// Failed is how often a call may fail otherwise (5xx, broken or late
	// replies), 6 where 0.
	Failed int
	// Longest is the longest pause before a call is made again, 20 s where 0. Pauses
	// double and are drawn at random.
	Longest time.Duration
	// Timeout is how long one attempt may take, its reply included, 60 s where 0.
	Timeout time.Duration
}

// usual fills in what is not set.
func (p Patience) usual() Patience {
	if p.Throttled == 0 {
		p.Throttled = 20
	}
	if p.Failed == 0 {
		p.Failed = 6
	}
	if p.Longest == 0 {
		p.Longest = 20 * time.Second
	}
	if p.Timeout == 0 {
		p.Timeout = time.Minute
	}
	return p
}

// retryer is the SDK's retryer for one call: every attempt spends of the
// budget, throttling is borne longer than failure.
type retryer struct {
	patience Patience
	budget   budget
	points   int
	failed   int // attempts that failed for another reason than throttling
	standard *retry.Standard
	throttle retry.IsErrorThrottles
}

var _ aws.RetryerV2 = (*retryer)(nil)

// newRetryer is the retryer of one call for a number of points.
func newRetryer(p Patience, b budget, points int) *retryer {
	return &retryer{
		patience: p, budget: b, points: points, throttle: retry.DefaultThrottles,
		standard: retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.NewExponentialJitterBackoff(p.Longest)
			// A reply that ends in the middle of a value may still be whole HTTP.
			o.Retryables = append(append([]retry.IsErrorRetryable{}, o.Retryables...), retry.IsErrorRetryableFunc(brokenReply))
		}),
	}
}

// brokenReply reports replies that cannot be read as worth another attempt.
func brokenReply(err error) aws.Ternary {
	var broken *smithy.DeserializationError
	if errors.As(err, &broken) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

// MaxAttempts is how often a call is made.
func (r *retryer) MaxAttempts() int { return r.patience.Throttled }

// IsErrorRetryable reports whether another attempt may help.
func (r *retryer) IsErrorRetryable(err error) bool { return r.standard.IsErrorRetryable(err) }

// RetryDelay is the pause before an attempt.
func (r *retryer) RetryDelay(attempt int, err error) (time.Duration, error) {
	return r.standard.RetryDelay(attempt, err)
}

// GetRetryToken refuses another attempt after too many failures.
func (r *retryer) GetRetryToken(_ context.Context, err error) (func(error) error, error) {
	if r.throttle.IsErrorThrottle(err) != aws.TrueTernary {
		if r.failed++; r.failed >= r.patience.Failed {
			return nil, fmt.Errorf("gave up after %d failures", r.failed)
		}
	}
	return released, nil
}

// GetInitialToken is of the SDK's older interface.
func (r *retryer) GetInitialToken() func(error) error { return released }

// GetAttemptToken waits until the budget allows an attempt.
func (r *retryer) GetAttemptToken(ctx context.Context) (func(error) error, error) {
	return released, r.budget.spend(ctx, r.points)
}

// released gives back a token that nobody counts.
func released(error) error { return nil }

// lateReply is an attempt that took longer than its timeout.
type lateReply struct{ after time.Duration }

func (e *lateReply) Error() string { return fmt.Sprintf("no reply within %s", e.after) }

// RetryableError tells the SDK that another attempt may be made.
func (e *lateReply) RetryableError() bool { return true }

// Timeout says so in the words of package net.
func (e *lateReply) Timeout() bool { return true }

// attemptTimeout ends every attempt of a call, its reply included, after d. The
// SDK itself would wait for ever for a server that does not answer. A client that
// has a timeout already keeps it.
func attemptTimeout(d time.Duration) func(*middleware.Stack) error {
	const id = "AttemptTimeout"
	return func(stack *middleware.Stack) error {
		if _, there := stack.Finalize.Get(id); there {
			return nil
		}
		return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc(id,
			func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
				attempt, cancel := context.WithTimeout(ctx, d)
				defer cancel()
				out, metadata, err := next.HandleFinalize(attempt, in)
				if err != nil && attempt.Err() != nil && ctx.Err() == nil {
					// Not wrapped: the SDK takes the cancelled attempt for a cancelled call.
					err = &lateReply{after: d}
				}
				return out, metadata, err
			}), "Retry", middleware.After)
	}
}
