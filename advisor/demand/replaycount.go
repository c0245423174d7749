package demand

import (
	"math"
	"time"
)

// sums are what a replay adds up, in steps.
type sums struct {
	steps, missing              int
	tasks, peak                 float64
	throttled, burst, over      float64
	memory                      []float64 // by r.rooms
	day                         float64   // steps in one
	today                       int
	dayTasks, daySteps, dayPeak float64
	days, peaks                 []float64
}

// count adds step t, of which the share r.early ran on the tasks before.
func (r *replay) count(t int, work, before, after float64) {
	s := &r.sum
	if day := int(float64(t) / s.day); day != s.today {
		s.closeDay()
		s.today = day
	}
	if math.IsNaN(work) {
		s.missing++
		if r.tasks != nil {
			r.tasks[t] = math.NaN()
		}
		return
	}
	s.steps++
	tasks := after
	if r.early > 0 && after > before {
		tasks = r.early*before + (1-r.early)*after
		r.strain(work, before, r.early)
		r.strain(work, after, 1-r.early)
	} else {
		r.strain(work, after, 1)
	}
	if r.tasks != nil {
		r.tasks[t] = tasks
	}
	s.tasks += tasks
	s.peak = max(s.peak, after)
	s.dayTasks += tasks
	s.daySteps++
}

// strain adds a share of a step with work on so many tasks.
func (r *replay) strain(work, tasks, share float64) {
	s := &r.sum
	capacity := tasks * r.size.VCPU
	if work > capacity+rounding {
		s.throttled += share
		s.burst += share
		s.over += share * (work - capacity)
	} else if r.burst > 0 && work > 0 {
		// Beyond 14 the exponential is under one in a million.
		if excess := r.burst * (capacity/work - 1); excess < 14 {
			s.burst += share / 3 * math.Exp(-excess)
		}
	}
	if tasks > 0 {
		each := min(work/tasks, r.size.VCPU)
		s.dayPeak = max(s.dayPeak, each)
		hot := r.mem.HotAt(each)
		for i, room := range r.rooms {
			if hot <= room {
				break
			}
			s.memory[i] += share
		}
	}
}

// closeDay ends a day.
func (s *sums) closeDay() {
	for len(s.days) < s.today {
		s.days = append(s.days, math.NaN())
	}
	mean := math.NaN()
	if s.daySteps >= s.day/2 {
		mean = s.dayTasks / s.daySteps
	}
	if s.daySteps > 0 {
		s.peaks = append(s.peaks, s.dayPeak)
	}
	s.days = append(s.days, mean)
	s.dayTasks, s.daySteps, s.dayPeak = 0, 0, 0
}

// outcome is the result of a run.
func (r *replay) outcome() Outcome {
	s := &r.sum
	s.closeDay()
	minutes, hours := float64(r.step)/float64(time.Minute), r.step.Hours()
	out := Outcome{
		TaskHours: s.tasks * hours, Mean: s.tasks / float64(s.steps), Peak: s.peak, Days: s.days,
		ThrottledMinutes: s.throttled * minutes, OverrunVCPUHours: s.over * hours, BurstMinutes: s.burst * minutes,
		MemoryOverMinutes: s.memory[0] * minutes,
		Steps:             s.steps, Missing: s.missing, Hours: float64(s.steps) * hours,
	}
	for _, p := range s.peaks {
		out.PeakWork += p / float64(len(s.peaks))
	}
	return out
}
