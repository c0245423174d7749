package demand

import (
	"fmt"
	"math"
	"time"
)

// The least that advice is made from. AWS Compute Optimizer asks for 24 h in the
// last 14 days too; the share is ours.
const (
	leastHours = 24
	leastShare = 0.80
)

// Coverage is how much of its window a series was measured for.
type Coverage struct {
	// Hours is the time measured, Share its share of the window, 0 to 1.
	Hours, Share float64
	// LongestGap is the longest time without a value, also at the ends.
	LongestGap time.Duration
	// Weeks is the length of the window, measured or not.
	Weeks float64
}

// CoverageOf counts what was measured. CloudWatch has no point where no task
// ran: a service that is switched off at night has gaps that are no fault, and
// the caller that knows this judges it by Hours.
func CoverageOf(s Series) Coverage {
	gap, longest := 0, 0
	for _, v := range s.Values {
		if gap++; !math.IsNaN(v) {
			gap = 0
		}
		longest = max(longest, gap)
	}
	return Coverage{
		Hours:      float64(s.Count()) * s.Step.Hours(),
		Share:      s.Coverage(),
		LongestGap: time.Duration(longest) * s.Step,
		Weeks:      float64(len(s.Values)) * s.Step.Hours() / hoursPerWeek,
	}
}

// Judge is why no advice can be made from this, or nil.
func (c Coverage) Judge() error {
	if c.Hours < leastHours {
		return fmt.Errorf("needs %d h of metrics, has %s h", leastHours, rounddown(c.Hours, 1))
	}
	if c.Share < leastShare {
		return fmt.Errorf("needs metrics of %.0f %% of the window, has %s %%", 100*leastShare, rounddown(100*c.Share, 1))
	}
	return nil
}

// rounddown prints a number with at most that many decimals, never more than it
// is: 23.98 h are not 24 h.
func rounddown(v float64, decimals int) string {
	scale := math.Pow10(decimals)
	return fmt.Sprint(math.Floor(v*scale+1e-6) / scale)
}
