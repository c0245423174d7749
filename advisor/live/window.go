package live

import (
	"fmt"
	"time"
)

// Window is the time that is measured, in steps of Period. From is inclusive,
// To exclusive; both are whole hours and multiples of Period, which CloudWatch
// answers fastest.
type Window struct {
	From, To time.Time
	Period   time.Duration
}

// Points is the number of steps.
func (w Window) Points() int { return int(w.To.Sub(w.From) / w.Period) }

// UsualLength is how much history is read at a period: 14 days of minutes, 63
// days of five minutes, 455 days of hours. Minutes are kept a day longer, so
// that a reading may take its time.
func UsualLength(period time.Duration) time.Duration {
	if period%time.Hour != 0 && period%(5*time.Minute) != 0 {
		return 14 * 24 * time.Hour
	}
	return retention(period)
}

// retention is how long CloudWatch keeps points of a period: 60 s for 15 days,
// 300 s for 63 days, 3,600 s for 455 days
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html).
func retention(period time.Duration) time.Duration {
	const day = 24 * time.Hour
	switch {
	case period%time.Hour == 0:
		return 455 * day
	case period%(5*time.Minute) == 0:
		return 63 * day
	}
	return 15 * day
}

// readingMargin is how long a reading may take until its first step has left
// CloudWatch's retention.
const readingMargin = time.Hour

// NewWindow is the window of a length that ends with the last whole hour before
// now. A window as long as the retention loses up to two hours at its start:
// older ones are refused with this period.
func NewWindow(now time.Time, period, length time.Duration) (Window, error) {
	step := max(period, time.Hour)
	switch {
	case period < time.Minute || period%time.Minute != 0 || step%period != 0 || step%time.Hour != 0:
		return Window{}, fmt.Errorf("live: a period of %s: want one of whole minutes that divides an hour, or of whole hours", period)
	case length < step:
		return Window{}, fmt.Errorf("live: a window of %s: want at least %s with a period of %s", length, step, period)
	case length > retention(period):
		return Window{}, fmt.Errorf("live: a window of %s: CloudWatch keeps points of %s for %d days only", length, period, retention(period)/(24*time.Hour))
	}
	to := now.UTC().Truncate(step)
	from := to.Add(-length.Truncate(step))
	if oldest := now.UTC().Add(readingMargin - retention(period)).Add(step - 1).Truncate(step); from.Before(oldest) {
		from = oldest
	}
	return Window{From: from, To: to, Period: period}, nil
}
