package demand

import "fmt"

// Penalty is what a user would pay to avoid harm: it turns risk into money, so
// that one sum decides. The weights of under- and over-provisioning follow
// Autopilot (Rzadca et al., EuroSys 2020), in USD instead of its unitless ones.
type Penalty struct {
	// USDPerThrottledMinute is for a minute in which the service needs more CPU
	// than all of its tasks have.
	USDPerThrottledMinute float64
	// USDPerOOM is for a day on which a task is killed for its memory.
	USDPerOOM float64
	// Burst is the sub-minute burst factor (see ReplayBurst); 0 counts as 1.
	Burst float64
	// MaxUtilisation is the highest target for CPU that is considered, a share;
	// 0 is no limit.
	MaxUtilisation float64
}

// The presets. Their values are this project's. Balanced takes a throttled
// minute for about what an engineer's minute costs, and a kill for an hour and
// a half; cautious is five times, bold a tenth and a fifth of that. The burst
// factors are the range 1.2 to 1.5 that is assumed where no 20 s metrics exist.
// What they do to real loads is in docs/backtest.md.

// Cautious is for what customers wait for.
func Cautious() Penalty {
	return Penalty{USDPerThrottledMinute: 5, USDPerOOM: 500, Burst: 1.5, MaxUtilisation: 0.6}
}

// Balanced is the default.
func Balanced() Penalty {
	return Penalty{USDPerThrottledMinute: 1, USDPerOOM: 100, Burst: 1.3, MaxUtilisation: 0.75}
}

// Bold is for what may be late: workers, development.
func Bold() Penalty {
	return Penalty{USDPerThrottledMinute: 0.1, USDPerOOM: 20, Burst: 1.2, MaxUtilisation: 0.9}
}

func (p Penalty) check() error {
	if !(p.USDPerThrottledMinute >= 0) || !(p.USDPerOOM >= 0) || (p.Burst != 0 && !(p.Burst >= 1)) || !(p.MaxUtilisation >= 0) {
		return fmt.Errorf("demand: search: penalty %+v: want no negative values, and a burst factor of 0 or at least 1", p)
	}
	return nil
}

// allows reports whether a policy stays within the highest target.
func (p Penalty) allows(policy Policy) bool {
	for _, t := range policy.Targets {
		if t.Metric == MetricCPU && p.MaxUtilisation > 0 && t.Value > p.MaxUtilisation+rounding {
			return false
		}
	}
	return true
}
