package intake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ecsavvy/advisor/design"
)

// A schedule is a count by hour of the week: {"mon-fri 08:00-20:00": 4,
// default: 0}. Parts of an hour count by their share, so that the mean is
// right.

// span is a part of the week, in minutes from Monday 00:00. It does not wrap.
type span struct{ from, to int }

const (
	minutesPerDay  = 24 * 60
	minutesPerWeek = 7 * minutesPerDay
)

const wantSpan = `days and hours such as "mon-fri 08:00-20:00", "sat,sun" or "22:00-06:00"`

// parseSpans reads the key of a schedule: days, hours, or both. Hours that end
// before they begin go on into the next day.
func parseSpans(text string) ([]span, error) {
	var days []int
	from, to := 0, minutesPerDay
	fields := strings.Fields(strings.ToLower(text))
	if len(fields) == 0 || len(fields) > 2 {
		return nil, errQuantity
	}
	for i, field := range fields {
		var err error
		switch {
		case strings.Contains(field, ":"):
			if i != len(fields)-1 {
				return nil, errQuantity
			}
			from, to, err = parseHours(field)
		case i == 0:
			days, err = parseDays(field)
		default:
			err = errQuantity
		}
		if err != nil {
			return nil, err
		}
	}
	if days == nil {
		days = []int{0, 1, 2, 3, 4, 5, 6}
	}
	var spans []span
	for _, day := range days {
		start := day * minutesPerDay
		end := start + to
		if to <= from {
			end += minutesPerDay
		}
		if end <= minutesPerWeek {
			spans = append(spans, span{start + from, end})
			continue
		}
		spans = append(spans, span{start + from, minutesPerWeek}, span{0, end - minutesPerWeek})
	}
	return slices.DeleteFunc(spans, func(s span) bool { return s.from == s.to }), nil
}

func parseDays(text string) ([]int, error) {
	if text == "daily" {
		return []int{0, 1, 2, 3, 4, 5, 6}, nil
	}
	var days []int
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		from, to := dayIndex(first), dayIndex(last)
		if !isRange {
			to = from
		}
		if from < 0 || to < 0 {
			return nil, errQuantity
		}
		for day := from; ; day = (day + 1) % 7 {
			if !slices.Contains(days, day) {
				days = append(days, day)
			}
			if day == to {
				break
			}
		}
	}
	return days, nil
}

// dayIndex is 0 for mon to 6 for sun, -1 for anything else.
func dayIndex(name string) int {
	return slices.Index([]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, name)
}

func parseHours(text string) (from, to int, err error) {
	first, last, ok := strings.Cut(text, "-")
	if !ok {
		return 0, 0, errQuantity
	}
	from, err = parseClock(first)
	if err != nil {
		return 0, 0, err
	}
	to, err = parseClock(last)
	if err == nil && from == to {
		err = fmt.Errorf("it begins when it ends; leave the hours out for the whole day")
	}
	return from, to, err
}

// parseClock reads "08:30" in minutes; "24:00" ends a day.
func parseClock(text string) (int, error) {
	hour, minute, ok := strings.Cut(text, ":")
	if !ok || len(minute) != 2 {
		return 0, errQuantity
	}
	h, errH := strconv.ParseUint(hour, 10, 8)
	m, errM := strconv.ParseUint(minute, 10, 8)
	total := int(h)*60 + int(m)
	if errH != nil || errM != nil || m > 59 || total > minutesPerDay {
		return 0, errQuantity
	}
	return total, nil
}

// scheduleForm reads a schedule. Two entries may not speak of the same hour,
// and the rest of the week needs a default: silence is not zero.
func scheduleForm() form[design.WeekSchedule] {
	tasks := number(count())
	s := &shape{
		want: "a mapping of " + wantSpan + " to counts, with a default", names: "time of the week", each: tasks.shape,
		keys: []word{{name: "default", doc: "The count outside all the times named.", required: true, value: tasks.shape}},
	}
	return form[design.WeekSchedule]{s, func(r *reading, n *node, into *design.WeekSchedule) {
		if n.kind != mappingNode {
			r.wrong(n, s.want)
			return
		}
		var minutes [minutesPerWeek]float64
		var owner [minutesPerWeek]int // entry number + 1
		rest := -1.0
		for i, e := range n.entries {
			r.push(e)
			var n float64
			tasks.read(r, e.value, &n)
			if e.key == "default" {
				rest = n
			} else if err := fillSpans(e.key, i, n, &minutes, &owner); err != nil {
				r.report(e.line, e.col, r.pathText(), "%v", err)
			}
			r.pop()
		}
		if rest < 0 {
			r.errorf(n, "the key default is missing: the count outside the times named")
		}
		for i := range minutes {
			if owner[i] == 0 {
				minutes[i] = rest
			}
			into.Hours[i/60] += minutes[i]
		}
		for i := range into.Hours {
			into.Hours[i] /= 60
		}
	}}
}

// fillSpans sets the minutes of one entry.
func fillSpans(text string, number int, count float64, minutes *[minutesPerWeek]float64, owner *[minutesPerWeek]int) error {
	spans, err := parseSpans(text)
	if err == errQuantity {
		return fmt.Errorf("want %s, got %q", wantSpan, clip(text))
	}
	if err != nil {
		return fmt.Errorf("%q: %w", clip(text), err)
	}
	for _, s := range spans {
		for i := s.from; i < s.to; i++ {
			if owner[i] != 0 && owner[i] != number+1 {
				return fmt.Errorf("%q names times that an entry before it names too", clip(text))
			}
			owner[i], minutes[i] = number+1, count
		}
	}
	return nil
}
