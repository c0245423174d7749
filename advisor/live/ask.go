package live

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"

	"ecsavvy/advisor/account"
)

// asker makes the calls to one account and region: as many at once as it may, each
// in its pace, and keeps what failed.
type asker struct {
	scope account.Scope
	w     *account.Writer
	pace  *pace
	slots chan struct{}

	mu       sync.Mutex
	failures []account.Failure
	// refused are calls that AWS denied: they are not made again.
	refused map[string]bool
}

// fail keeps a failure.
func (a *asker) fail(call, resource, why string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failures = append(a.failures, account.Failure{Scope: a.scope, Call: call, Resource: resource, Why: why})
}

// ask makes one call, and reports whether it was answered. Where it was not, the
// failure is kept; a call that is denied is denied for all.
func ask[I, O, P any](ctx context.Context, a *asker, call, resource string, do func(context.Context, *I, ...func(*P)) (*O, error), in *I) (*O, bool) {
	select {
	case a.slots <- struct{}{}:
		defer func() { <-a.slots }()
	case <-ctx.Done():
		return nil, false
	}
	a.mu.Lock()
	refused := a.refused[call]
	a.mu.Unlock()
	if refused {
		return nil, false
	}
	out, err := do(withCall(ctx, &attempts{call: call, pace: a.pace}), in)
	if err == nil {
		return out, true
	}
	if denied(err) {
		a.mu.Lock()
		again := a.refused[call]
		a.refused[call] = true
		a.mu.Unlock()
		if again {
			return nil, false
		}
		resource = ""
	}
	if ctx.Err() == nil && !nothingThere(err) {
		a.fail(call, resource, why(err))
	}
	return nil, false
}

// nothingThere reports the errors that say no more than that there is nothing: a
// repository without a lifecycle policy, or deleted since its image was deployed.
func nothingThere(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains([]string{"LifecyclePolicyNotFoundException", "RepositoryNotFoundException"}, api.ErrorCode())
}

// pages makes a call for each page, and hands each page on.
func pages[I, O, P any](ctx context.Context, a *asker, call, resource string, do func(context.Context, *I, ...func(*P)) (*O, error), in *I,
	token func(*I, *O) *string, each func(*O)) bool {
	for last := ""; ; {
		out, ok := ask(ctx, a, call, resource, do, in)
		if !ok {
			return false
		}
		each(out)
		next := aws.ToString(token(in, out))
		if next == "" {
			return true
		}
		if next == last {
			a.fail(call, resource, "AWS gave the same page token twice")
			return false
		}
		last = next
	}
}

// keep writes a reply into the snapshot, which keeps what its list allows.
func (a *asker) keep(scope account.Scope, call string, reply any) {
	b, err := json.Marshal(reply)
	if err == nil {
		err = a.w.AddReplies(scope, call, b)
	}
	if err != nil {
		a.fail(call, "", err.Error())
	}
}

// attempts is what the retryer knows of a call.
type attempts struct {
	call   string
	pace   *pace
	failed int
}

type attemptsKey struct{}

func withCall(ctx context.Context, a *attempts) context.Context {
	return context.WithValue(ctx, attemptsKey{}, a)
}

// patientRetryer is the SDK's retryer for every call of an asker: an attempt waits
// for the pace of its call, throttling is borne longer than failure.
type patientRetryer struct {
	patience Patience
	standard *retry.Standard
	throttle retry.IsErrorThrottles
}

var _ aws.RetryerV2 = (*patientRetryer)(nil)

func newPatientRetryer(p Patience) *patientRetryer {
	inner := newRetryer(p, budget{}, 0)
	return &patientRetryer{patience: p, standard: inner.standard, throttle: inner.throttle}
}

// MaxAttempts is how often a call is made.
func (r *patientRetryer) MaxAttempts() int { return r.patience.Throttled }

// IsErrorRetryable reports whether another attempt may help. A host that does not
// exist is a region that does not, and who refuses the connection is not AWS.
func (r *patientRetryer) IsErrorRetryable(err error) bool {
	var host *net.DNSError
	if errors.As(err, &host) && host.IsNotFound || errors.Is(err, syscall.ECONNREFUSED) {
		return false
	}
	return r.standard.IsErrorRetryable(err)
}

// RetryDelay is the pause before an attempt.
func (r *patientRetryer) RetryDelay(attempt int, err error) (time.Duration, error) {
	return r.standard.RetryDelay(attempt, err)
}

// GetRetryToken refuses another attempt after too many failures.
func (r *patientRetryer) GetRetryToken(ctx context.Context, err error) (func(error) error, error) {
	if a, ok := ctx.Value(attemptsKey{}).(*attempts); ok && r.throttle.IsErrorThrottle(err) != aws.TrueTernary {
		if a.failed++; a.failed >= r.patience.Failed {
			return nil, err
		}
	}
	return released, nil
}

// GetInitialToken is of the SDK's older interface.
func (r *patientRetryer) GetInitialToken() func(error) error { return released }

// GetAttemptToken waits until the call may be made.
func (r *patientRetryer) GetAttemptToken(ctx context.Context) (func(error) error, error) {
	if a, ok := ctx.Value(attemptsKey{}).(*attempts); ok && a.pace != nil {
		return released, a.pace.wait(ctx, a.call)
	}
	return released, nil
}

// patient is a configuration whose calls are made with patience. The SDK's own log
// is off: what fails for good is a failure, and what does not is nobody's concern.
func patient(cfg aws.Config, p Patience) aws.Config {
	cfg = cfg.Copy()
	r := newPatientRetryer(p.usual())
	cfg.Retryer = func() aws.Retryer { return r }
	cfg.Logger = logging.Nop{}
	cfg.APIOptions = append(slices.Clone(cfg.APIOptions), attemptTimeout(p.usual().Timeout))
	return cfg
}

// why is an error in a line, without request IDs, accounts and users.
func why(err error) string {
	var host *net.DNSError
	if errors.As(err, &host) {
		return "no host " + host.Name
	}
	return metricsWhy(err)
}
