package demand

import (
	"fmt"
	"math"
	"time"
)

// Quiet is when a service has nothing to do, hour by hour of the week.
type Quiet struct {
	// OnHours is true for each hour of the week (Monday 00:00 UTC first) in which
	// the service is needed, or in which nobody knows.
	OnHours [hoursPerWeek]bool
	// OnHoursPerWeek is the number of them: the share of task compute that a
	// schedule saves is 1 − OnHoursPerWeek ÷ 168.
	OnHoursPerWeek float64
	// DaysSeen is the number of days measured for half of their hours or more.
	DaysSeen int
	// Share is how many of the hours measured within the off-hours were quiet, NaN
	// where no hour is off.
	Share float64
	// Level is the activity at or below which an hour is quiet, NaN where activity
	// never rests.
	Level float64
}

// Rules of the search, of algorithms.md section 7: "blocks of ≥ 6 h repeating on
// ≥ 80 % of days".
const (
	leastBlock  = 6    // hours
	leastRepeat = 0.80 // of the days of a kind
	leastSeen   = 7    // days: each day of the week once
	// Where no level is given, quiet is P10 and a tenth of the way from there to
	// P99, if that is at most a fifth of P99: at more, the quiet hours have work.
	// Choices, as "CPU below its P10 baseline" alone could never find more than a
	// tenth of the week.
	quietMargin   = 0.10
	quietContrast = 0.20
	// quietWithin is the share of an hour's steps that rest in a quiet hour where no
	// level is given: a job of five minutes does not keep a service on.
	quietWithin = 0.90
)

// OffHoursOption changes how OffHours looks.
type OffHoursOption func(*offHours)

type offHours struct {
	level float64
	given bool
	block int
}

// QuietAt gives the level at or below which every step of a quiet hour is: 0
// for requests.
func QuietAt(level float64) OffHoursOption {
	return func(o *offHours) { o.level, o.given = level, true }
}

// BlockOf sets the fewest hours that a block of off-hours has, 6 if not given.
func BlockOf(hours int) OffHoursOption {
	return func(o *offHours) { o.block = hours }
}

// OffHours finds the hours of the week in which a service could be off: those
// that lie in a quiet block of 6 h or more on 80 % of the weekdays, or of the
// days of the weekend, and on half of the days of that name, and that make up
// blocks of 6 h themselves. activity is work, CPU utilisation, or requests with
// QuietAt(0), where the caller has made 0 of "no point" if it knows that no point
// means no request. Here, what was not measured is never quiet.
//
// It finds a candidate: a quiet CPU does not prove that nobody waits.
func OffHours(activity Series, options ...OffHoursOption) (Quiet, error) {
	o := offHours{block: leastBlock}
	for _, option := range options {
		option(&o)
	}
	if activity.Step <= 0 || activity.Step > time.Hour {
		return Quiet{}, fmt.Errorf("off-hours: steps of %v, want at most 1h0m0s", activity.Step)
	}
	within := quietWithin
	if o.given {
		within = 1
	} else {
		o.level = restLevel(activity)
	}
	hours := quietHours(activity, o.level, within)
	seen := daysSeen(hours)
	if seen < leastSeen {
		return Quiet{}, fmt.Errorf("off-hours: needs %d days measured for half of their hours, has %d", leastSeen, seen)
	}
	inBlocks(hours, o.block)
	off := repeating(hours)
	dropShort(&off, o.block)
	return summary(hours, off, seen, o.level), nil
}

// restLevel is the level of rest, NaN where activity never rests.
func restLevel(s Series) float64 {
	values := measuredValues(s)
	base, top := quantileInPlace(values, 0.10), quantileInPlace(values, 0.99)
	if level := base + quietMargin*(top-base); level <= quietContrast*top {
		return level
	}
	return math.NaN()
}

// hourState is one hour of the window.
type hourState struct {
	of       int // hour of the week
	measured bool
	quiet    bool
	block    bool // quiet, and in a block of quiet hours
}

// quietHours are the hours that a series touches. One measured for less than
// half counts as not measured.
func quietHours(s Series, level, within float64) []hourState {
	var hours []hourState
	perHour := max(1, int(time.Hour/s.Step))
	for i := 0; i < len(s.Values); {
		h, resting, n := hourOfWeek(s, i), 0, 0
		for end := min(len(s.Values), i+untilNextHour(s, i)); i < end; i++ {
			if v := s.Values[i]; !math.IsNaN(v) {
				n++
				if v <= level {
					resting++
				}
			}
		}
		measured := 2*n >= perHour
		hours = append(hours, hourState{of: h, measured: measured, quiet: measured && float64(resting) >= within*float64(n)})
	}
	return hours
}

// untilNextHour is the number of steps that start before the next full hour.
func untilNextHour(s Series, i int) int {
	start := s.At(i)
	left := start.Truncate(time.Hour).Add(time.Hour).Sub(start)
	return int((left + s.Step - 1) / s.Step)
}

func daysSeen(hours []hourState) int {
	seen, n := 0, 0
	for i, h := range hours {
		if h.measured {
			n++
		}
		if i+1 == len(hours) || hours[i+1].of/24 != h.of/24 { // the last hour of a day
			if n >= 12 {
				seen++
			}
			n = 0
		}
	}
	return seen
}

// inBlocks marks the quiet hours that have enough quiet ones beside them. An
// hour that was not measured neither ends a block nor adds to it.
func inBlocks(hours []hourState, least int) {
	for i := 0; i < len(hours); {
		j, n := i, 0
		for ; j < len(hours) && (hours[j].quiet || !hours[j].measured); j++ {
			if hours[j].quiet {
				n++
			}
		}
		for k := i; k < j; k++ {
			hours[k].block = hours[k].quiet && n >= least
		}
		i = max(j, i+1)
	}
}

// repeating is, for each hour of the week, whether it lies in a quiet block often
// enough. Weekdays judge each other, as a fortnight has each day twice only; but
// the day of that name must agree, so that a job of Monday nights is heard.
func repeating(hours []hourState) (off [hoursPerWeek]bool) {
	var own, kind [hoursPerWeek]struct{ quiet, measured float64 } // kind: by first hour of the kind
	kindOf := func(hour int) int {
		if hour/24 >= 5 {
			return 5*24 + hour%24
		}
		return hour % 24
	}
	for _, h := range hours {
		if !h.measured {
			continue
		}
		k := kindOf(h.of)
		own[h.of].measured++
		kind[k].measured++
		if h.block {
			own[h.of].quiet++
			kind[k].quiet++
		}
	}
	for h := range off {
		k := kind[kindOf(h)]
		off[h] = own[h].measured > 0 && k.quiet >= leastRepeat*k.measured && own[h].quiet >= own[h].measured/2
	}
	return off
}

// dropShort turns blocks of off-hours on again that are too short, around the
// end of the week too.
func dropShort(off *[hoursPerWeek]bool, least int) {
	first := 0 // an hour that is on
	for first < hoursPerWeek && off[first] {
		first++
	}
	if first == hoursPerWeek {
		return
	}
	run := 0
	for i := 1; i <= hoursPerWeek; i++ {
		h := (first + i) % hoursPerWeek
		if off[h] {
			run++
			continue
		}
		for k := 1; k <= run && run < least; k++ {
			off[(h-k+hoursPerWeek)%hoursPerWeek] = false
		}
		run = 0
	}
}

func summary(hours []hourState, off [hoursPerWeek]bool, seen int, level float64) Quiet {
	q := Quiet{DaysSeen: seen, Level: level}
	for h := range off {
		q.OnHours[h] = !off[h]
		if q.OnHours[h] {
			q.OnHoursPerWeek++
		}
	}
	quiet, measured := 0.0, 0.0
	for _, h := range hours {
		if off[h.of] && h.measured {
			measured++
			if h.quiet {
				quiet++
			}
		}
	}
	q.Share = quiet / measured
	return q
}
