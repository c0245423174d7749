package live

import (
	"context"
	"testing"
	"time"
)

func TestUsualLimits(t *testing.T) {
	for length, want := range map[time.Duration]float64{3 * time.Hour: 180_000, 4 * time.Hour: 396_000, 14 * 24 * time.Hour: 396_000} {
		w, err := NewWindow(now(), time.Minute, length)
		if err != nil {
			t.Fatal(err)
		}
		if got := UsualLimits(w); got != (Limits{CallsPerSecond: 500, PointsPerSecond: want}) {
			t.Errorf("%s: got %v, want %g points a second", length, got, want)
		}
	}
}

// Full calls at any pace never ask for more points than the quota and one call
// beyond it.
func TestBudgetPace(t *testing.T) {
	b := newBudget(Limits{CallsPerSecond: 500, PointsPerSecond: 396_000})
	start := now()
	var last time.Duration
	for range 100 {
		r := b.points.ReserveN(start, maxPoints)
		last = r.DelayFrom(start)
	}
	// The first call finds the bucket full, 99 wait for 100,800 points each.
	want := time.Duration(99 * 100_800.0 / 396_000 * float64(time.Second))
	if (last - want).Abs() > time.Millisecond {
		t.Errorf("the 100th call goes out after %s, want %s", last, want)
	}
	calls := newBudget(Limits{CallsPerSecond: 500, PointsPerSecond: 1})
	for range 1050 {
		last = calls.calls.ReserveN(start, 1).DelayFrom(start)
	}
	if want := 2 * time.Second; (last - want).Abs() > time.Millisecond {
		t.Errorf("the 1,050th call goes out after %s, want %s", last, want)
	}
}

func TestBudgetEndsWithContext(t *testing.T) {
	b := newBudget(Limits{CallsPerSecond: 500, PointsPerSecond: 1})
	if err := b.spend(t.Context(), maxPoints); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.spend(ctx, maxPoints); err == nil {
		t.Error("a cancelled call spends of the budget")
	}
}
