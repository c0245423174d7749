package advisor

import (
	"cmp"
	"math"
	"slices"

	"ecsavvy/advisor/design"
)

// stages makes the taken changes lever by lever in the whole sites and prices these
// in between. What a stage saves is shared among its steps as their components
// have it, so that steps add up to stages and stages to the plan.
func (p *planner) stages(sites []*site, chosen []taken) error {
	now := make(map[*site]design.Workload, len(sites))
	for _, s := range sites {
		now[s] = copyOf(s.workload)
		p.plan.Before += s.result.Total.Effective
	}
	left := p.plan.Before
	committed := slices.ContainsFunc(sites, func(s *site) bool { return s.result.Commitments != nil })
	for _, lever := range leverOrder() {
		var steps []taken
		for _, t := range chosen {
			if t.of.Lever == lever {
				steps = append(steps, t)
			}
		}
		if len(steps) == 0 {
			continue
		}
		next := make(map[*site]design.Workload, len(now))
		total := 0.0
		var made []taken
		for _, s := range sites {
			w := copyOf(now[s])
			for _, t := range steps {
				if t.component.scope != s.scope {
					continue
				}
				if err := t.of.Change(&w); err != nil {
					p.leave(t.of, err.Error())
					continue
				}
				made = append(made, t)
			}
			usd, err := s.total(w)
			if err != nil {
				return err
			}
			next[s] = w
			total += usd
		}
		if left-total < cent {
			for _, t := range made {
				p.leave(t.of, "what it would free is paid for by commitments that are owned already")
			}
			continue
		}
		p.plan.Stages = append(p.plan.Stages, p.plan.newStage(lever, left, total, made, committed))
		now, left = next, total
	}
	p.plan.After = left
	return nil
}

// newStage shares what a stage saves among its steps. What a stage saves less than
// its components say, stages before it took: owned commitments where there are any
// (committed), else the changes of what the components share.
func (p *Plan) newStage(lever Lever, before, after float64, made []taken, committed bool) Stage {
	stage := Stage{Lever: lever, Before: before, After: after}
	sum := 0.0
	for _, t := range made {
		sum += t.saves
	}
	part := (before - after) / sum
	if sum <= 0 {
		part = 0
	}
	rest := before - after
	for i, t := range made {
		step := Step{Recommendation: t.of, Incremental: t.saves * part, Standalone: t.of.Before - t.of.After}
		if i == len(made)-1 {
			step.Incremental = rest // so that they add up exactly
		}
		rest -= step.Incremental
		if math.Abs(t.saves-step.Standalone) > differs(step.Standalone) {
			step.After = t.after
		}
		if less := step.Incremental < t.saves-differs(t.saves); less && committed {
			step.Committed = true
		} else if less {
			for i := range p.Stages {
				if l := p.Stages[i].Lever; !slices.Contains(step.After, l) {
					step.After = append(step.After, l)
				}
			}
		}
		step.Saving = quantilesOf(step.draws())
		stage.Steps = append(stage.Steps, step)
	}
	slices.SortStableFunc(stage.Steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(b.Incremental, a.Incremental), a.Recommendation.Subject.compare(b.Recommendation.Subject))
	})
	return stage
}

// differs is the step between two savings that is worth a sentence: a cent, and
// one per cent.
func differs(saving float64) float64 { return max(cent, math.Abs(saving)/100) }

// draws are the step's savings by bootstrap draw: the recommendation's, as far as
// they are left. A recommendation without draws is certain.
func (s *Step) draws() []float64 {
	if len(s.Recommendation.Draws) == 0 {
		return []float64{s.Incremental}
	}
	part := 0.0
	if s.Standalone != 0 {
		part = s.Incremental / s.Standalone
	}
	draws := make([]float64, len(s.Recommendation.Draws))
	for i, d := range s.Recommendation.Draws {
		draws[i] = d * part
	}
	return draws
}

// interval is the saving of the whole plan: the sum over its steps draw by draw,
// since all services were drawn with the same days.
func (p *Plan) interval() Saving {
	var sum []float64
	certain := 0.0
	for i := range p.Stages {
		for j := range p.Stages[i].Steps {
			draws := p.Stages[i].Steps[j].draws()
			if len(draws) == 1 {
				certain += draws[0]
				continue
			}
			if len(draws) > len(sum) {
				sum = append(sum, make([]float64, len(draws)-len(sum))...)
			}
			for k, d := range draws {
				sum[k] += d
			}
		}
	}
	if len(sum) == 0 {
		sum = []float64{0}
	}
	for i := range sum {
		sum[i] += certain
	}
	return quantilesOf(sum)
}

// quantilesOf are the quantiles of draws, by the nearest rank.
func quantilesOf(draws []float64) Saving {
	sorted := slices.Sorted(slices.Values(draws))
	at := func(p float64) float64 { return sorted[int(math.Round(p*float64(len(sorted)-1)))] }
	return Saving{P10: at(0.1), P50: at(0.5), P90: at(0.9)}
}

// months spreads the steps over months, the largest certain saving of a stage
// first.
func (p *Plan) months(limit int) {
	n := 0
	for i := range p.Stages {
		for j := range p.Stages[i].Steps {
			p.Stages[i].Steps[j].Month = 1
			if limit > 0 {
				p.Stages[i].Steps[j].Month = 1 + n/limit
			}
			n++
		}
	}
}
