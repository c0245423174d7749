package intake

import "ecsavvy/advisor/design"

// countDraft is a count that is no constant, as written.
type countDraft struct {
	min, average, max design.Fact[float64]
	schedule          *design.WeekSchedule
}

// countForm reads how many tasks or instances run.
func countForm() form[design.CountProfile] {
	fixed := as(number(whole()), func(n float64) design.CountProfile { return design.Count(n) })
	scaled := mapping("Count",
		"How many run. A number is a constant. A mapping is what autoscaling makes of it (min, average, max), or a schedule by the hour of the week. "+
			"Without an average the least is priced, and the range to the most is shown.",
		"services:\n  api:\n    task: {cpu: 0.5, memory: 1GB}\n    count: {min: 2, average: 3.4, max: 10}\n"+
			"  office:\n    task: {cpu: 0.5, memory: 1GB}\n    count: {schedule: {\"mon-fri 08:00-20:00\": 4, default: 0}}\n",
		field("min", "The least that autoscaling keeps.", amount(whole()), func(c *countDraft) *design.Fact[float64] { return &c.min }),
		field("average", "The mean over the month, measured or guessed.", amount(count()), func(c *countDraft) *design.Fact[float64] { return &c.average }),
		field("max", "The most that autoscaling allows.", amount(whole()), func(c *countDraft) *design.Fact[float64] { return &c.max }),
		field("schedule", "Counts by days and hours, with a default for the rest of the week.", optional(scheduleForm()),
			func(c *countDraft) **design.WeekSchedule { return &c.schedule }),
	)
	bounds := form[design.CountProfile]{scaled.shape, func(r *reading, n *node, into *design.CountProfile) {
		var c countDraft
		before := len(r.errs)
		scaled.read(r, n, &c)
		if len(r.errs) > before {
			return
		}
		scales := c.min.Stated() || c.average.Stated() || c.max.Stated()
		switch {
		case scales && c.schedule != nil:
			r.errorf(n, "want min, average and max, or a schedule, not both")
		case c.schedule != nil:
			into.Week = c.schedule
		case scales:
			into.Scaled = &design.ScaledCount{Min: c.min, Average: c.average, Max: c.max}
		default:
			r.errorf(n, "want a number, or min, average and max, or a schedule; got none of them")
		}
	}}
	return either(fixed, bounds)
}

// runsForm reads one-shot work.
func runsForm() form[design.Runs] {
	return mapping("Runs",
		"Work that starts and ends, instead of a count: RunTask, a scheduled task, a batch job. Every run is billed from the image pull to the end.",
		"services:\n  report:\n    task: {cpu: 0.5, memory: 1GB}\n    runs: {per_day: 24, tasks: 1, duration: 45s}\n",
		must(field("per_day", "Runs a day.", amount(perDay()), func(d *design.Runs) *design.Fact[float64] { return &d.PerDay })),
		field("tasks", "Tasks of one run; 1 where nothing is said, as RunTask has it.", amount(whole()), func(d *design.Runs) *design.Fact[float64] { return &d.Tasks }),
		must(field("duration", "How long one task is billed for, image pull and stop included.", amount(duration()), func(d *design.Runs) *design.Fact[float64] { return &d.Seconds })),
	)
}
