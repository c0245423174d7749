package advisor

import (
	"math"
	"slices"

	"ecsavvy/advisor/design"
)

// siteRun is a site on its way through the plan.
type siteRun struct {
	site *site
	// chosen are the changes to make, in plan order.
	chosen []*Recommendation
	// now is the workload after the steps so far, usd what it costs, and plain
	// what it would without owned commitments (usd where there are none).
	now        design.Workload
	usd, plain float64
	committed  bool
	// batch is how many steps are priced at once.
	batch int
	steps []*Step
}

func newSiteRun(s *site, chosen []*Recommendation) *siteRun {
	return &siteRun{
		site: s, chosen: chosen, now: copyOf(s.workload), usd: s.result.Total.Effective, committed: s.result.Commitments != nil,
		batch: 1 + 16*len(chosen)*len(s.workload.Services)/work,
	}
}

// price prices the workload as it is now.
func (r *siteRun) price() error {
	result, err := r.site.price(r.now)
	if err != nil {
		return err
	}
	r.usd, r.plain = result.Total.Effective, result.Total.Effective
	if !r.committed {
		return nil
	}
	bare := r.now
	bare.Commitments = design.Commitments{}
	result, err = r.site.price(bare)
	r.plain = result.Total.Effective
	return err
}

// stages makes the chosen changes lever by lever in the whole sites and prices
// these after each, so that steps add up to stages and stages to the plan.
func (p *planner) stages(runs []*siteRun) error {
	for _, run := range runs {
		if err := run.price(); err != nil {
			return err
		}
	}
	left := p.plan.Before
	for _, lever := range leverOrder() {
		stage := Stage{Lever: lever, Before: left}
		for _, run := range runs {
			steps, err := run.make(lever)
			if err != nil {
				return err
			}
			stage.Steps = append(stage.Steps, steps...)
		}
		if len(stage.Steps) == 0 {
			continue
		}
		for i := range stage.Steps {
			left -= stage.Steps[i].Incremental
		}
		stage.After = left
		p.plan.Stages = append(p.plan.Stages, stage)
		for i := range stage.Steps {
			step := &p.plan.Stages[len(p.plan.Stages)-1].Steps[i]
			for _, run := range runs {
				if run.site.scope == step.Recommendation.Subject.scope() {
					run.steps = append(run.steps, step)
				}
			}
		}
	}
	p.plan.After = left
	return nil
}

// make makes the changes of a lever and prices them. What several that are priced
// at once save is shared by what each saves alone.
func (r *siteRun) make(lever Lever) ([]Step, error) {
	var steps []Step
	var batch []*Recommendation
	for i, rec := range r.chosen {
		if rec.Lever != lever {
			continue
		}
		if err := rec.Change(&r.now); err != nil {
			return nil, err
		}
		batch = append(batch, rec)
		if last := i+1 == len(r.chosen) || r.chosen[i+1].Lever != lever; !last && len(batch) < r.batch {
			continue
		}
		usd, plain := r.usd, r.plain
		if err := r.price(); err != nil {
			return nil, err
		}
		alone := 0.0
		for _, b := range batch {
			alone += b.Before - b.After
		}
		for _, b := range batch {
			part := 1 / float64(len(batch))
			if len(batch) > 1 && alone != 0 {
				part = (b.Before - b.After) / alone
			}
			step := Step{Recommendation: b, Incremental: (usd - r.usd) * part, Standalone: b.Before - b.After}
			step.free = (plain - r.plain) * part
			step.Committed = step.Incremental < step.free-differs(step.free)
			step.Saving = quantilesOf(step.draws())
			steps = append(steps, step)
		}
		batch = nil
	}
	return steps, nil
}

// differs is the step between two savings that is worth a sentence: a cent, and
// one per cent.
func differs(saving float64) float64 { return max(cent, math.Abs(saving)/100) }

// draws are the step's savings by bootstrap draw: the recommendation's, as far as
// they are left. A recommendation without draws is certain.
func (s *Step) draws() []float64 {
	if s.drawn != nil {
		return s.drawn
	}
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

// months spreads the steps over months in their order, so many a month.
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
