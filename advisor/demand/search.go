package demand

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// Candidate is a size and a policy with its price.
type Candidate struct {
	Size           Size
	USDPerTaskHour float64
	Policy         Policy
	Label          string
}

// Option is a candidate that holds the service, with what it costs.
type Option struct {
	Candidate
	USDPerMonth              float64 // of the tasks
	ThrottledMinutesPerMonth float64 // expected, with bursts
	OOMProbability           float64 // of at least one kill in a month
	// Score is USD a month with the penalties: the lower the better.
	Score float64
	// Outcome is that of ReplayBurst, without the series of tasks.
	Outcome Outcome
}

// Search replays the demand through every candidate and returns those that
// hold it, best first:
//
//	score = USD + V_throttle·E[throttled minutes] + V_oom·E[days with an OOM kill]
//
// The expected days are the probability of a kill where that is small; where
// it is not, a service that is killed daily is not as good as one killed once.
// Equal scores go by cost, size and the order of the candidates.
//
// needGB is what the hottest task needs at the measured load (the return level
// of its memory, raised to its floor after an OOM kill), NaN where nothing is
// known; a candidate that gives a task more work needs as much more as the
// model says. hoursPerMonth scales from the measured hours.
//
// Every candidate is replayed exactly. That is affordable because the number
// of tasks does not depend on a task's memory: one replay serves all sizes of
// equal vCPU, of a policy that does not follow memory.
func Search(ctx context.Context, m Measured, mem MemoryModel, needGB float64, candidates []Candidate, penalty Penalty, hoursPerMonth float64) ([]Option, error) {
	if err := penalty.check(); err != nil {
		return nil, err
	}
	if !(hoursPerMonth > 0) {
		return nil, fmt.Errorf("demand: search: %v hours a month: want more than 0", hoursPerMonth)
	}
	groups, err := alike(candidates, penalty)
	if err != nil {
		return nil, err
	}
	s := searching{mem: mem, needGB: needGB, candidates: candidates, penalty: penalty, hours: hoursPerMonth, windows: make(maxima)}
	var ranks []ranked
	for _, group := range groups {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("demand: search: %w", err)
		}
		if ranks, err = s.replay(ranks, m, group); err != nil {
			return nil, err
		}
	}
	if len(ranks) == 0 {
		return nil, fmt.Errorf("demand: search: none of %d candidates has a target of at most %v and the %.3g GB that a task needs", len(candidates), penalty.MaxUtilisation, needGB)
	}
	slices.SortFunc(ranks, func(a, b ranked) int {
		return cmp.Or(
			cmp.Compare(a.Score, b.Score), cmp.Compare(a.USDPerMonth, b.USDPerMonth),
			cmp.Compare(a.Size.VCPU, b.Size.VCPU), cmp.Compare(a.Size.GB, b.Size.GB), cmp.Compare(a.index, b.index))
	})
	options := make([]Option, len(ranks))
	for i := range ranks {
		options[i] = ranks[i].Option
	}
	return options, nil
}

// ranked is an option with its place among the candidates.
type ranked struct {
	Option
	index int
}

// searching is what the replays of one search share.
type searching struct {
	mem        MemoryModel
	needGB     float64
	candidates []Candidate
	penalty    Penalty
	hours      float64
	windows    maxima
}

// alike groups the candidates whose counts are equal at every step. A group
// is ordered by memory.
func alike(candidates []Candidate, penalty Penalty) ([][]int, error) {
	var groups [][]int
	place := make(map[string]int)
	for i, c := range candidates {
		if !(c.USDPerTaskHour >= 0) {
			return nil, fmt.Errorf("demand: search: candidates[%d] %s: %v USD a task-hour: want a price", i, c.Label, c.USDPerTaskHour)
		}
		if !penalty.allows(c.Policy) {
			continue
		}
		key := fmt.Sprint(c.Size.VCPU, c.Policy)
		if c.Policy.follows(MetricMemory) {
			key = fmt.Sprint(c.Size.GB, key)
		}
		at, known := place[key]
		if !known {
			at = len(groups)
			place[key] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], i)
	}
	for _, g := range groups {
		slices.SortStableFunc(g, func(a, b int) int { return cmp.Compare(candidates[a].Size.GB, candidates[b].Size.GB) })
	}
	return groups, nil
}

// replay adds the options of one group.
func (s *searching) replay(ranks []ranked, m Measured, group []int) ([]ranked, error) {
	first := s.candidates[group[0]]
	run, err := newReplay(m, s.mem, first.Size, first.Policy, max(1, s.penalty.Burst), s.windows)
	if err != nil {
		return nil, fmt.Errorf("demand: search: candidates[%d] %s: %w", group[0], first.Label, err)
	}
	run.rooms, run.sum.memory = nil, make([]float64, len(group))
	for _, i := range group {
		run.rooms = append(run.rooms, s.candidates[i].Size.GB)
	}
	run.run()
	shared := run.outcome()
	scale := s.hours / shared.Hours
	for place, i := range group {
		c := s.candidates[i]
		o := Option{Candidate: c, Outcome: shared}
		o.Outcome.MemoryOverMinutes = run.sum.memory[place] * run.step.Minutes()
		if !math.IsNaN(s.needGB) && c.Size.GB < s.needGB+s.mem.shift(shared.PeakWork)-rounding {
			continue
		}
		o.USDPerMonth = c.USDPerTaskHour * shared.Mean * s.hours
		o.ThrottledMinutesPerMonth = shared.BurstMinutes * scale
		days := s.hours / 24
		kills := s.mem.OverDays(c.Size.GB, shared.PeakWork, days)
		if s.mem.Days == 0 && o.Outcome.MemoryOverMinutes > 0 {
			kills = days // no tail to tell how often: what happened in the window goes on
		}
		o.OOMProbability = 1 - math.Pow(1-kills/days, days)
		o.Score = o.USDPerMonth + s.penalty.USDPerThrottledMinute*o.ThrottledMinutesPerMonth + s.penalty.USDPerOOM*kills
		ranks = append(ranks, ranked{o, i})
	}
	return ranks, nil
}
