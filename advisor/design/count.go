package design

// CountProfile says how many tasks (or instances) run, and when. Exactly one
// of its forms is set; the zero profile is unknown.
type CountProfile struct {
	// Fixed is a constant count.
	Fixed Fact[float64]
	// Scaled is a count between bounds.
	Scaled *ScaledCount
	// Week is a count by hour of the week, scale to zero included.
	Week *WeekSchedule
	// Runs is one-shot work: RunTask, a scheduled task, a batch job.
	Runs *Runs
}

// ScaledCount is what an autoscaled service runs: bounds, and the mean where
// somebody measured or guessed it. Without a mean the estimate prices Min and
// prints the range to Max.
type ScaledCount struct {
	Min, Average, Max Fact[float64]
}

// HoursPerWeek is the length of a WeekSchedule.
const HoursPerWeek = 168

// WeekSchedule is a count for each hour of a week, Monday 00:00 first.
type WeekSchedule struct {
	Hours [HoursPerWeek]float64
}

// Mean is the average count over the week.
func (w WeekSchedule) Mean() float64 {
	sum := 0.0
	for _, n := range w.Hours {
		sum += n
	}
	return sum / HoursPerWeek
}

// Runs is work that starts, runs and ends. Every run is billed from the image
// pull to the end, rounded up to a second, with the platform's minimum.
type Runs struct {
	// PerDay is runs a day, of Tasks tasks each.
	PerDay Fact[float64]
	Tasks  Fact[float64]
	// Seconds is how long one task is billed for, pull and stop included.
	Seconds Fact[float64]
}

// Count returns the profile of a constant number of tasks.
func Count(n float64) CountProfile { return CountProfile{Fixed: Know(n)} }

// Mean is the average number of running tasks. It is unknown for Runs, whose
// tasks are counted in seconds, and for a scaled count it is the minimum where
// no average is known: a lower bound, marked assumed.
func (p CountProfile) Mean() Fact[float64] {
	switch {
	case p.Scaled != nil:
		if p.Scaled.Average.Stated() {
			return p.Scaled.Average
		}
		if p.Scaled.Min.Stated() {
			return Assume(p.Scaled.Min.Value, "average count not stated: priced at the minimum, a lower bound")
		}
		return NotKnown[float64]("neither an average nor a minimum count is stated")
	case p.Week != nil:
		return Know(p.Week.Mean())
	case p.Runs != nil:
		return NotKnown[float64]("one-shot tasks have no running count")
	default:
		return p.Fixed
	}
}

// Bounds returns the least and the most mean count that the profile allows.
// Both equal the mean unless a scaled count has no average.
func (p CountProfile) Bounds() (low, high Fact[float64]) {
	mean := p.Mean()
	if p.Scaled == nil || p.Scaled.Average.Stated() {
		return mean, mean
	}
	high = p.Scaled.Max
	if !high.Stated() {
		high = NotKnown[float64]("no maximum count is stated")
	}
	return p.Scaled.Min, high
}

// Peak is the most tasks that ever run at once.
func (p CountProfile) Peak() Fact[float64] {
	switch {
	case p.Scaled != nil && p.Scaled.Max.Stated():
		return p.Scaled.Max
	case p.Scaled != nil && p.Scaled.Average.Stated():
		return p.Scaled.Average
	case p.Scaled != nil:
		return p.Scaled.Min
	case p.Week != nil:
		peak := 0.0
		for _, n := range p.Week.Hours {
			peak = max(peak, n)
		}
		return Know(peak)
	case p.Runs != nil:
		return p.Runs.Tasks
	default:
		return p.Fixed
	}
}
