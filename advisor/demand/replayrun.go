package demand

import (
	"math"
	"slices"
	"time"
)

// run replays all steps.
func (r *replay) run() {
	r.low, r.high = r.bounds.at(r.start)
	r.running = r.first()
	for t, work := range r.work {
		if r.bounds.moves {
			r.low, r.high = r.bounds.at(r.start.Add(time.Duration(t) * r.step))
		}
		before := min(max(r.running, r.low), r.high)
		if r.running < before {
			r.inUntil = 0
		}
		slot := t % len(r.asked)
		if r.late > 0 {
			r.running = r.land(before, r.asked[(t+1)%len(r.asked)])
			r.asked[slot] = r.ask(t, work, r.running)
		} else {
			r.asked[slot] = r.ask(t, work, before)
			r.running = r.land(before, r.asked[slot])
		}
		after := r.running
		next := r.shrink(t, work)
		if r.policy.ScaleInDelay == 0 && r.ideal {
			after = next
		}
		r.running = next
		r.count(t, work, before, after)
	}
}

// land lets a request of some time ago take effect.
func (r *replay) land(before, asked float64) float64 {
	if asked = min(asked, r.high); asked > before {
		r.inUntil = 0
		return asked
	}
	return before
}

// first is the count at the start: what the first measured demand needs, by
// the targets, and by the thresholds of step policies.
func (r *replay) first() float64 {
	count := r.low
	for t, work := range r.work {
		if math.IsNaN(work) {
			continue
		}
		for i := range r.tracked {
			if need := r.needs(&r.tracked[i], r.tracked[i].series[t], math.Inf(1)); need == need && !math.IsInf(need, 1) {
				count = max(count, math.Ceil(need-rounding))
			}
		}
		for _, s := range r.stepping {
			if !s.Below && s.Metric == MetricCPU && s.Threshold > 0 {
				count = max(count, math.Ceil(work/(s.Threshold*r.size.VCPU)-rounding))
			}
		}
		break
	}
	return min(count, r.high)
}

// ask is the count that the policies want at least after step t, 0 for none.
func (r *replay) ask(t int, work, running float64) float64 {
	want := 0.0
	if math.IsNaN(work) {
		return want
	}
	for i := range r.tracked {
		if need := r.needs(&r.tracked[i], r.tracked[i].series[t], running); need > running { // false for NaN
			want = max(want, math.Ceil(need-rounding))
		}
	}
	for i := range r.stepping {
		if out := r.stepOut(&r.stepping[i], t, work, running); out > running {
			want = max(want, out)
		}
	}
	return min(want, r.high)
}

// shrink is the count after what may go has gone.
func (r *replay) shrink(t int, work float64) float64 {
	if math.IsNaN(work) {
		return r.running
	}
	leave := math.Inf(1) // the least count that somebody wants, by the one who wants most
	if r.canGo {
		if top, ready := r.idle(t); ready && top < r.band*r.running+rounding {
			leave = math.Ceil(top - rounding)
		}
	}
	for i := range r.stepping {
		if in := r.stepIn(&r.stepping[i], t, work, r.running); in < r.running {
			// The larger capacity has precedence (PutScalingPolicy).
			if math.IsInf(leave, 1) {
				leave = in
			} else {
				leave = max(leave, in)
			}
		}
	}
	leave = max(leave, r.low)
	if leave >= r.running || t < r.inUntil {
		return r.running
	}
	r.inUntil = t + ceilSteps(r.policy.ScaleInCooldown, r.step)
	return leave
}

// idle is the most that tracking needed in the scale-in window, over all
// targets that may scale in (all must agree), and whether the window is whole.
func (r *replay) idle(t int) (top float64, ready bool) {
	for i := range r.tracked {
		f := &r.tracked[i]
		if f.NoScaleIn {
			continue
		}
		need := r.needs(f, f.window[t], r.running)
		if need != need {
			return 0, false
		}
		top = max(top, need)
	}
	return top, true
}

// maxima are the sliding maxima of the demand's series, by series and width.
type maxima map[maximaKey][]float64

type maximaKey struct {
	requests bool
	width    int
}

// of is the maximum of the last width values, NaN where one of them is missing.
func (m maxima) of(requests bool, width int, series []float64) []float64 {
	key := maximaKey{requests, width}
	if known, ok := m[key]; ok {
		return known
	}
	all := make([]float64, len(series))
	var falling []int // steps of this window that no later one exceeds
	whole := 0
	for t, v := range series {
		all[t] = math.NaN()
		if math.IsNaN(v) {
			falling, whole = falling[:0], 0
			continue
		}
		for len(falling) > 0 && series[falling[len(falling)-1]] <= v {
			falling = falling[:len(falling)-1]
		}
		falling = append(falling, t)
		if falling[0] <= t-width {
			falling = falling[1:]
		}
		if whole++; whole >= width {
			all[t] = series[falling[0]]
		}
	}
	m[key] = all
	return all
}

// stepping is a step policy with how long its alarm has been breached.
type stepping struct {
	StepPolicy
	need, breached int
}

// value is the metric of an alarm.
func (r *replay) value(metric string, t int, work, running float64) float64 {
	if running <= 0 {
		return math.NaN()
	}
	switch metric {
	case MetricCPU:
		return min(1, work/(running*r.size.VCPU))
	case MetricMemory:
		return r.mem.At(work/running) / r.size.GB
	default:
		return r.requests[t] * 60 / running
	}
}

// stepOut is the count that a step policy asks for, 0 for none.
func (r *replay) stepOut(s *stepping, t int, work, running float64) float64 {
	if s.Below {
		return 0
	}
	value := r.value(s.Metric, t, work, running)
	if !(value >= s.Threshold) {
		s.breached = 0
		return 0
	}
	if s.breached++; s.breached < s.need {
		return 0
	}
	desired := max(running, slices.Max(r.asked))
	base := desired
	if t < r.outUntil {
		base = r.outBase // what was added in the cooldown counts as part of the next
	}
	want := s.adjust(value, base)
	if want <= desired {
		return 0
	}
	r.outBase, r.outUntil = base, t+r.late+ceilSteps(r.policy.ScaleOutCooldown, r.step)
	return want
}

// stepIn is the count that a step policy shrinks to, +Inf for none.
func (r *replay) stepIn(s *stepping, t int, work, running float64) float64 {
	if !s.Below {
		return math.Inf(1)
	}
	value := r.value(s.Metric, t, work, running)
	if !(value <= s.Threshold) {
		s.breached = 0
		return math.Inf(1)
	}
	if s.breached++; s.breached < s.need || t < r.inUntil {
		return math.Inf(1)
	}
	return max(0, s.adjust(value, running))
}

// boundSweep gives the bounds in force at times that do not go back.
type boundSweep struct {
	moves     bool
	low, high float64
	events    []boundEvent
	next      int
}

type boundEvent struct {
	at        time.Time
	low, high float64
}

func newBoundSweep(p Policy, from, to time.Time) *boundSweep {
	b := &boundSweep{low: p.Min, high: p.Max}
	for _, s := range p.Scheduled {
		where := s.Location
		if where == nil {
			where = time.UTC
		}
		// A week and a day before: what was set last then is still in force.
		first := from.In(where).AddDate(0, 0, -8)
		for day := range int(to.Sub(from)/(24*time.Hour)) + 11 {
			// By the clock on the wall, as AWS does, not by elapsed hours.
			at := time.Date(first.Year(), first.Month(), first.Day()+day, 0, 0, int(s.At/time.Second), 0, where)
			if len(s.Days) == 0 || slices.Contains(s.Days, at.Weekday()) {
				b.events = append(b.events, boundEvent{at, s.Min, s.Max})
			}
		}
	}
	slices.SortStableFunc(b.events, func(x, y boundEvent) int { return x.at.Compare(y.at) })
	b.moves = len(b.events) > 0
	return b
}

func (b *boundSweep) at(t time.Time) (low, high float64) {
	for ; b.next < len(b.events) && !b.events[b.next].at.After(t); b.next++ {
		e := b.events[b.next]
		if !math.IsNaN(e.low) {
			b.low = e.low
		}
		if !math.IsNaN(e.high) {
			b.high = e.high
		}
	}
	return b.low, max(b.low, b.high)
}
