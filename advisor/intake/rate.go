package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// Rates: an amount by a period. A month is Options.HoursPerMonth hours, so
// that 10M/month and the requests a second that it means price the same.

// secondsIn is the length of a period. "m" is refused: it could be either.
func secondsIn(period string, month float64) (seconds float64, ok bool) {
	const hour = 3600
	switch strings.ToLower(period) {
	case "s", "sec", "second":
		return 1, true
	case "min", "minute":
		return 60, true
	case "h", "hour":
		return hour, true
	case "d", "day":
		return 24 * hour, true
	case "w", "week":
		return 7 * 24 * hour, true
	case "mo", "month":
		return month * hour, true
	case "y", "year":
		return 12 * month * hour, true
	default:
		return 0, false
	}
}

// cutPeriod cuts "10M/month" at the slash; seconds are of the default period
// where there is none.
func cutPeriod(text, byDefault string, month float64) (amount string, seconds float64, err error) {
	amount, period, found := strings.Cut(text, "/")
	if !found {
		period = byDefault
	}
	seconds, ok := secondsIn(strings.TrimSpace(period), month)
	if !ok {
		return "", 0, errQuantity
	}
	return strings.TrimSpace(amount), seconds, nil
}

// every is a count by some period, converted to another.
func every(byDefault, want string, examples ...string) quantity {
	return quantity{want, examples, func(text string, month float64) (float64, error) {
		amount, seconds, err := cutPeriod(text, byDefault, month)
		if err != nil {
			return 0, err
		}
		n, err := parseAmount(amount)
		if err != nil {
			return 0, err
		}
		target, _ := secondsIn(byDefault, month)
		if seconds == target { // exactly, not by way of seconds
			return n, nil
		}
		return bounded(n / seconds * target)
	}}
}

// perSecond, perDay and perMonth are counts by the period they are named for;
// plain numbers are of that period.
func perSecond() quantity {
	return every("s", "a rate such as 20/s or 10M/month", "20/s", "10M/month")
}
func perDay() quantity { return every("day", "a rate such as 24/day or 1/h", "24", "1/h") }
func perMonth() quantity {
	return every("month", "a number a month such as 20 or 5/day", "20", "5/day")
}

// monthlyData is GB a month: "120GB/month", "300KB/s", "50Mbps". Plain numbers
// are GB a month.
func monthlyData() quantity {
	return quantity{"an amount a month such as 120GB/month or 300KB/s", []string{"120GB/month", "300KB/s"}, func(text string, month float64) (float64, error) {
		n, unit, err := splitNumber(text)
		if err != nil {
			return 0, err
		}
		target, _ := secondsIn("month", month)
		if mbps, ok := bitScale(unit); ok {
			const bytesPerMbit = 1e6 / 8
			return bounded(n * mbps * bytesPerMbit / (1 << 30) * target)
		}
		unit, seconds, err := cutPeriod(unit, "month", month)
		if err != nil {
			return 0, err
		}
		if unit != "" {
			one, err := design.ParseGB("1" + unit)
			if err != nil {
				return 0, errQuantity
			}
			n *= one
		}
		if seconds == target {
			return bounded(n)
		}
		return bounded(n / seconds * target)
	}}
}

// parseDuration reads "45s", "1h30m", "2d" in seconds.
func parseDuration(text string) (float64, error) {
	total := 0.0
	rest := strings.TrimSpace(text)
	if rest == "" {
		return 0, errQuantity
	}
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		n, err := parseNumber(rest[:digits])
		if err != nil {
			return 0, err
		}
		rest = rest[digits:]
		letters := len(rest) - len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz"))
		scale, ok := durationUnit(rest[:letters])
		if !ok {
			return 0, errQuantity
		}
		total += n * scale
		rest = strings.TrimLeft(rest[letters:], " ")
	}
	return bounded(total)
}

// durationUnit is seconds per unit. Here m is a minute, as in Go and systemd.
func durationUnit(unit string) (seconds float64, ok bool) {
	switch unit {
	case "ms":
		return 1e-3, true
	case "s", "sec":
		return 1, true
	case "m", "min":
		return 60, true
	case "h":
		return 3600, true
	case "d":
		return 24 * 3600, true
	case "w":
		return 7 * 24 * 3600, true
	default:
		return 0, false
	}
}

// duration is seconds; a plain number has no unit, so it is refused.
func duration() quantity {
	return quantity{"a duration such as 45s, 10m or 1h30m", []string{"45s", "1h30m"}, func(text string, _ float64) (float64, error) {
		return parseDuration(text)
	}}
}

// minutes is a duration in minutes; plain numbers are minutes.
func minutes() quantity {
	return quantity{"a duration such as 6m", []string{"6m", "90s", "6"}, func(text string, _ float64) (float64, error) {
		if n, err := parseNumber(text); err == nil {
			return n, nil
		}
		seconds, err := parseDuration(text)
		return seconds / 60, err
	}}
}
