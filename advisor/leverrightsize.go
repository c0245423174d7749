package advisor

import (
	"context"
	"fmt"
	"math"
	"slices"

	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
)

// rightSize sizes task, count and scaling target of a Fargate service together, by
// replaying its demand through the autoscaler at every size of the ladder.
// docs/rightsize.md.
func rightSize(ctx context.Context, c *serviceCase, f *findings) error {
	if !onFargate(&c.service) || len(c.service.Capacity.Providers) == 0 || c.service.Count.Runs != nil {
		return nil
	}
	if c.missing != "" {
		f.abstain(LeverRightSize, c.subject, c.missing)
		return nil
	}
	s, missing, err := newSizing(c)
	if err != nil {
		return err
	}
	if missing != "" {
		f.abstain(LeverRightSize, c.subject, missing)
		return nil
	}
	best, err := s.search(ctx)
	if err != nil {
		return err
	}
	if best != nil && sameChoice(best, &s.present) {
		best = nil
	}
	if c.site.opt.Loads && c.site.opt.matches(c.subject) {
		f.loads = append(f.loads, s.load(best))
	}
	if s.leak.Leak && (best == nil || best.Size.GB > s.present.Size.GB) {
		// Not even a fix: a larger task is killed later, and killed.
		f.abstain(LeverRightSize, c.subject, s.leakText())
		return nil
	}
	if best == nil {
		return nil
	}
	return s.recommend(best, f)
}

// sizing is one service while its size is looked for.
type sizing struct {
	*serviceCase
	memory demand.MemoryModel
	// needGB is the memory that the hottest task needs, with its interval; NaN
	// where no memory was measured.
	need   demand.Level
	needGB float64
	leak   demand.Trend
	// hot is the hottest task's CPU over the mean task's, at least 1.
	hot float64
	// censored is the share of steps in which CPU was at the limit: the demand may
	// have been higher.
	censored float64
	// present is the size and policy as they are, outcome what the replay makes
	// of them, and off the measured mean count over the replayed one.
	present demand.Candidate
	outcome demand.Outcome
	// asIs is what the search makes of present; nil where it does not hold.
	asIs *demand.Option
	off  float64
	// perHour is USD a task-hour by size.
	perHour map[demand.Size]float64
	// unpriced counts the lines without a price as the service is, −1 before they
	// were counted.
	unpriced int
	penalty  demand.Penalty
}

// mostOff is how far the replay of the present policy may be from the tasks that
// ran, as a share: beyond it the policy that was read is not what moves the count.
const mostOff = 0.25

// newSizing measures what the sizing rests on, or says what is missing.
func newSizing(c *serviceCase) (*sizing, string, error) {
	cpu, gb := c.service.Task.Sizes()
	size := demand.Size{VCPU: cpu.Value, GB: gb.Value}
	s := &sizing{serviceCase: c, needGB: math.NaN(), hot: 1, penalty: c.site.opt.Penalty, perHour: map[demand.Size]float64{}, unpriced: -1}
	if c.measured.Tasks.Count() == 0 {
		return nil, "needs the number of running tasks: read it with depth standard", nil
	}
	var err error
	if s.memory, err = demand.FitMemory(c.measured, size); err != nil {
		return nil, "needs the memory of its tasks: read it with depth standard", nil
	}
	if missing := s.memoryNeed(size); missing != "" {
		return nil, missing, nil
	}
	if ratio, ok := demand.HotTaskRatio(c.measured); ok {
		s.hot = max(1, ratio)
	}
	// Hot tasks and bursts come on top of each other: a task that has more than
	// its share has it within the minute, too.
	s.penalty.Burst = max(1, s.penalty.Burst) * s.hot
	s.censored = demand.Censored(utilisation(c.measured, size.VCPU), censoredAt).Share
	policy, missing := c.policy()
	if missing != "" {
		return nil, missing, nil
	}
	s.present = demand.Candidate{Size: size, Policy: policy}
	if s.outcome, err = demand.Replay(c.measured, s.memory, size, policy); err != nil {
		return nil, "its scaling policy cannot be replayed: " + err.Error(), nil
	}
	measured := mean(c.measured.Tasks.Values)
	s.off = measured / s.outcome.Mean
	if math.Abs(s.off-1) > mostOff {
		return nil, fmt.Sprintf("its policy makes %.1f tasks of its demand, and %.1f ran: something else moves the count", s.outcome.Mean, measured), nil
	}
	return s, "", nil
}

// censoredAt is the utilisation from which demand counts as cut off by the limit,
// and mostCensored the share of such steps from which no task is made smaller.
const (
	censoredAt   = 0.95
	mostCensored = 0.01
)

// memoryHorizon is how long the memory has to be enough, days.
const memoryHorizon = 30

// memoryNeed is the return level of the hottest task's daily maxima, raised to the
// floor of limits that were too small.
func (s *sizing) memoryNeed(size demand.Size) (missing string) {
	hot := s.measured.HotMemory
	if hot.Count() == 0 {
		return "needs the memory of its hottest task: read it with depth standard"
	}
	inGB := hot
	inGB.Values = make([]float64, len(hot.Values))
	for i, v := range hot.Values {
		inGB.Values[i] = v * size.GB
	}
	level, err := demand.ReturnLevel(demand.DailyMax(inGB), memoryHorizon, 0.9)
	if err != nil {
		return err.Error()
	}
	s.need, s.needGB = level, level.Value
	if s.running != nil && len(s.running.OOMKills) > 0 {
		var limits []float64
		for _, k := range s.running.OOMKills {
			if limit := k.LimitGB; !math.IsNaN(limit) && limit > 0 {
				limits = append(limits, limit)
			} else {
				limits = append(limits, size.GB)
			}
		}
		s.needGB = demand.OOMFloor(s.needGB, limits)
	}
	if leak, err := demand.Leak(inGB, demand.Restarts(inGB)); err == nil {
		s.leak = leak
	}
	return ""
}

// utilisation is the mean task's CPU as a share of its size.
func utilisation(m demand.Measured, vcpu float64) demand.Series {
	u := m.Work
	u.Values = make([]float64, len(m.Work.Values))
	for i, w := range m.Work.Values {
		u.Values[i] = math.NaN()
		if i < len(m.Tasks.Values) && m.Tasks.Values[i] > 0 {
			u.Values[i] = w / (m.Tasks.Values[i] * vcpu)
		}
	}
	return u
}

// search replays every candidate and returns the best, nil where the present
// one cannot be beaten.
func (s *sizing) search(ctx context.Context) (*demand.Option, error) {
	candidates, err := s.candidates()
	if err != nil {
		return nil, err
	}
	options, err := demand.Search(ctx, s.measured, s.memory, s.needGB, candidates, s.penalty, s.site.hours())
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, nil // nothing on the ladder holds it: it stays
	}
	best := options[0]
	for i := range options {
		o := &options[i]
		if !sameChoice(o, &s.present) {
			continue
		}
		s.asIs = o
		if o.Score-best.Score < worthwhile(o.Score) {
			return nil, nil // a change for so little would come and go with the noise
		}
	}
	return &best, nil
}

// worthwhile is the step in score from which a change is worth its deployment: a
// dollar a month, and three per cent.
func worthwhile(score float64) float64 { return max(1, 0.03*score) }

// recommend makes the recommendation of an option.
func (s *sizing) recommend(best *demand.Option, f *findings) error {
	ratio := best.Outcome.Mean / s.outcome.Mean
	change := func(svc *design.Service) error {
		svc.Task.CPU, svc.Task.Memory = design.Know(best.Size.VCPU), design.Know(best.Size.GB)
		scaleCount(svc, ratio)
		s.bounds(svc, best.Policy)
		return nil
	}
	r, ok, err := s.serviceCase.recommend(LeverRightSize, s.title(best), change)
	fix := r.Change != nil && r.After > r.Before
	if err != nil || !ok && !fix {
		return err
	}
	if draws := s.replayed(best, r.Before, r.After); draws != nil {
		r.Draws, r.Saving = draws, quantilesOf(draws)
	}
	r.Effort = EffortDeploy
	if best.Size == s.present.Size {
		r.Effort = EffortSetting
	}
	s.explain(&r, best)
	r.Patches = s.patches(best)
	if fix {
		r.Reasons = append([]string{s.danger(best)}, r.Reasons...)
		f.fixes = append(f.fixes, r)
		return nil
	}
	f.recommend(r)
	return nil
}

// danger is what a choice that costs more takes away: the search weighs it above
// the money.
func (s *sizing) danger(best *demand.Option) string {
	if s.asIs == nil {
		return fmt.Sprintf("as it is, its hottest task needs %.2f GB of memory and has %.2f, or it may not run at such a utilisation", s.needGB, s.present.Size.GB)
	}
	return fmt.Sprintf("as it is, it is above its CPU for %.1f minutes a month and the chance that a task runs out of memory in a month is %.1f %%; then %.1f minutes and %.1f %%",
		s.asIs.ThrottledMinutesPerMonth, 100*s.asIs.OOMProbability, best.ThrottledMinutesPerMonth, 100*best.OOMProbability)
}

// replayed are the draws of the saving: each measured day with the tasks that the
// replays ran on it, before and after. nil where too few days were measured.
func (s *sizing) replayed(best *demand.Option, before, after float64) []float64 {
	was, will := s.outcome.Days, best.Outcome.Days
	byDay := make([]float64, min(len(was), len(will)))
	for i := range byDay {
		byDay[i] = before*was[i]/s.outcome.Mean - after*will[i]/best.Outcome.Mean
	}
	return s.predict(byDay)
}

// sizesOf are the Fargate sizes of an operating system as the replay knows them.
func sizesOf(os design.OS) []demand.Size {
	var sizes []demand.Size
	for _, s := range design.Ladder(os) {
		sizes = append(sizes, demand.Size{VCPU: s.VCPU, GB: s.GB})
	}
	return sizes
}

// sameBounds reports whether two policies move a count alike.
func sameBounds(a, b demand.Policy) bool {
	return a.Min == b.Min && a.Max == b.Max && slices.EqualFunc(a.Targets, b.Targets, func(x, y demand.Target) bool { return x == y })
}
