package intake

import (
	"fmt"
	"strconv"
	"strings"

	"ecsavvy/advisor/design"
)

// The schedule expressions of EventBridge, EventBridge Scheduler and Application
// Auto Scaling: rate(5 minutes), cron(minutes hours day-of-month month
// day-of-week year), at(2026-01-01T00:00:00).
// Source: docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html.

// cronTimes is a cron expression, expanded.
type cronTimes struct {
	minutes, hours []int
	// weekdays are 0 for Monday to 6 for Sunday; all seven where the
	// expression names days of the month instead.
	weekdays []int
	// daysPerYear is on how many days it fires.
	daysPerYear float64
	// weekly says that every week is like any other.
	weekly bool
}

// daysPerYear is the mean year.
const daysPerYear = 365.25

// runsPerDay is how often a schedule starts something, on the average day.
func runsPerDay(expression string) fact[float64] {
	kind, inner, ok := strings.Cut(strings.TrimSuffix(strings.TrimSpace(expression), ")"), "(")
	if !ok {
		return design.NotKnown[float64](fmt.Sprintf("the schedule %q is neither rate(…) nor cron(…)", clip(expression)))
	}
	switch kind {
	case "rate":
		n, unit, _ := strings.Cut(strings.TrimSpace(inner), " ")
		every, err := strconv.ParseFloat(n, 64)
		perDay := map[string]float64{"minute": 24 * 60, "hour": 24, "day": 1}[strings.TrimSuffix(strings.TrimSpace(unit), "s")]
		if err != nil || every < 1 || perDay == 0 {
			return design.NotKnown[float64](fmt.Sprintf("the schedule %q is not understood; want rate(N minutes), hours or days", clip(expression)))
		}
		return design.Know(perDay / every)
	case "cron":
		times, err := parseCron(inner)
		if err != nil {
			return design.NotKnown[float64](fmt.Sprintf("the schedule %q is not understood: %v", clip(expression), err))
		}
		return design.Know(float64(len(times.minutes)*len(times.hours)) * times.daysPerYear / daysPerYear)
	case "at":
		return design.NotKnown[float64](fmt.Sprintf("%s happens once, not every month", clip(expression)))
	default:
		return design.NotKnown[float64](fmt.Sprintf("the schedule %q is neither rate(…) nor cron(…)", clip(expression)))
	}
}

// weeklyMoments are the minutes of the week (Monday 00:00 first) at which a
// cron expression fires; ok is false of other schedules, and of those whose
// weeks differ.
func weeklyMoments(expression string) (moments []int, ok bool) {
	inner, isCron := strings.CutPrefix(strings.TrimSpace(expression), "cron(")
	times, err := parseCron(strings.TrimSuffix(inner, ")"))
	if !isCron || err != nil || !times.weekly {
		return nil, false
	}
	for _, day := range times.weekdays {
		for _, hour := range times.hours {
			for _, minute := range times.minutes {
				moments = append(moments, day*minutesPerDay+hour*60+minute)
			}
		}
	}
	return moments, true
}

// parseCron reads the six fields of AWS's cron.
func parseCron(text string) (cronTimes, error) {
	fields := strings.Fields(text)
	if len(fields) != 6 {
		return cronTimes{}, fmt.Errorf("want 6 fields, got %d", len(fields))
	}
	var t cronTimes
	var err error
	if t.minutes, err = cronField(fields[0], 0, 59, nil); err != nil {
		return t, fmt.Errorf("minutes: %w", err)
	}
	if t.hours, err = cronField(fields[1], 0, 23, nil); err != nil {
		return t, fmt.Errorf("hours: %w", err)
	}
	months, err := cronField(fields[3], 1, 12, strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec"))
	if err != nil {
		return t, fmt.Errorf("months: %w", err)
	}
	if fields[5] != "*" {
		return t, fmt.Errorf("it is limited to the years %s", clip(fields[5]))
	}
	share := float64(len(months)) / 12
	t.weekly = len(months) == 12
	t.weekdays = []int{0, 1, 2, 3, 4, 5, 6}
	monthDays, weekDays := fields[2], fields[4]
	anyDay := func(field string) bool { return field == "*" || field == "?" }
	switch {
	case anyDay(monthDays) && anyDay(weekDays):
		t.daysPerYear = daysPerYear
	case anyDay(monthDays) && strings.ContainsAny(weekDays, "#L"): // the second Monday, the last Friday
		t.daysPerYear, t.weekly = 12, false
	case anyDay(monthDays):
		days, err := cronField(weekDays, 1, 7, strings.Fields("sun mon tue wed thu fri sat"))
		if err != nil {
			return t, fmt.Errorf("days of the week: %w", err)
		}
		t.weekdays = t.weekdays[:0]
		for _, day := range days {
			t.weekdays = append(t.weekdays, (day+5)%7) // 1 is Sunday
		}
		t.daysPerYear = daysPerYear * float64(len(days)) / 7
	case strings.ContainsAny(monthDays, "LW"): // the last day, the weekday nearest to one
		t.daysPerYear, t.weekly = 12, false
	default:
		days, err := cronField(monthDays, 1, 31, nil)
		if err != nil {
			return t, fmt.Errorf("days of the month: %w", err)
		}
		t.daysPerYear, t.weekly = min(12*float64(len(days)), daysPerYear), false
	}
	t.daysPerYear *= share
	return t, nil
}

// cronField expands one field: *, lists, ranges, steps and names.
func cronField(field string, low, high int, names []string) ([]int, error) {
	set := make(map[int]bool)
	for part := range strings.SplitSeq(field, ",") {
		span, stepText, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			n, err := strconv.Atoi(stepText)
			if err != nil || n < 1 {
				return nil, fmt.Errorf("the step %q is no number", clip(stepText))
			}
			step = min(n, high+1)
		}
		from, to := low, high
		if span != "*" && span != "?" {
			first, last, isRange := strings.Cut(span, "-")
			var err error
			if from, err = cronValue(first, low, high, names); err != nil {
				return nil, err
			}
			switch {
			case isRange:
				if to, err = cronValue(last, low, high, names); err != nil {
					return nil, err
				}
			case !stepped:
				to = from
			}
		}
		if to < from { // FRI-MON
			to += high - low + 1
		}
		for v := from; v <= to; v += step {
			set[low+(v-low)%(high-low+1)] = true
		}
	}
	var list []int
	for v := low; v <= high; v++ {
		if set[v] {
			list = append(list, v)
		}
	}
	return list, nil
}

func cronValue(text string, low, high int, names []string) (int, error) {
	for i, name := range names {
		if strings.EqualFold(text, name) {
			return low + i, nil
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("want %d to %d, got %q", low, high, clip(text))
	}
	return n, nil
}
