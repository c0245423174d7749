package live

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/time/rate"
)

// Limits are CloudWatch's quotas of GetMetricData for one account and region.
type Limits struct {
	CallsPerSecond float64
	// PointsPerSecond counts the points asked for, there or not.
	PointsPerSecond float64
}

// Quotas of GetMetricData: 500 calls a second, 396,000 points a second where
// the window starts more than 3 hours ago, 180,000 otherwise
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html).
const (
	callsPerSecond        = 500
	pointsPerSecond       = 396_000
	recentPointsPerSecond = 180_000
	recently              = 3 * time.Hour
)

// UsualLimits are the quotas that AWS gives every account, for a window.
func UsualLimits(w Window) Limits {
	// A window ends in the past, so that one longer than 3 hours starts before them.
	if w.To.Sub(w.From) <= recently {
		return Limits{CallsPerSecond: callsPerSecond, PointsPerSecond: recentPointsPerSecond}
	}
	return Limits{CallsPerSecond: callsPerSecond, PointsPerSecond: pointsPerSecond}
}

// budget spends a limit: two token buckets. The bucket of points holds one full
// call and that of calls a tenth of a second, so that nothing comes in bursts.
type budget struct{ calls, points *rate.Limiter }

// newBudget is a full budget.
func newBudget(l Limits) budget {
	return budget{
		calls:  rate.NewLimiter(rate.Limit(l.CallsPerSecond), max(1, int(l.CallsPerSecond/10))),
		points: rate.NewLimiter(rate.Limit(l.PointsPerSecond), maxPoints),
	}
}

// spend waits until a call for n points may be made. Where the context ends
// before that, it says so at once.
func (b budget) spend(ctx context.Context, n int) error {
	err := b.calls.Wait(ctx)
	if err == nil {
		err = b.points.WaitN(ctx, n)
	}
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("waiting for CloudWatch's quota: %w", context.DeadlineExceeded)
	}
	return err
}
