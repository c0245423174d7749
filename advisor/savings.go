package advisor

import (
	"errors"

	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
)

// errGone is a change of a service that an earlier change removed.
var errGone = errors.New("the service is not in the workload any more")

// Saving intervals of a service's changes: what the next month saves, predicted
// from the measured days (advisor/demand/docs/backtest.md has how often such
// intervals hold). Equal seeds draw equal futures for every change.

// savingHorizon is what a saving is predicted for, days.
const savingHorizon = 30

// predict are the draws of a saving that was so many USD a month on each measured
// day; nil where too few days were measured to say.
func (c *serviceCase) predict(byDay []float64) []float64 {
	load, err := demand.DailyMean(c.measured.Work)
	if err != nil {
		return nil
	}
	n := min(len(load), len(byDay))
	p, err := demand.PredictSaving(load[:n], byDay[:n], c.measured.Work.Start, savingHorizon, c.site.opt.Draws, c.site.opt.Seed)
	if err != nil {
		return nil
	}
	return p.Draws
}

// inProportion are the draws of a saving that grows with the number of tasks.
func (c *serviceCase) inProportion(saving float64) []float64 {
	tasks, err := demand.DailyMean(c.measured.Tasks)
	if err != nil || c.measured.Tasks.Count() == 0 {
		return nil
	}
	whole := mean(c.measured.Tasks.Values)
	byDay := make([]float64, len(tasks))
	for i, n := range tasks {
		byDay[i] = saving * n / whole
	}
	return c.predict(byDay)
}

// recommend makes a recommendation of a change of this service whose saving is in
// proportion to its tasks: before and after are priced with the services that
// share its instances. ok is false where it saves nothing, cannot be made, or has
// no price.
func (c *serviceCase) recommend(lever Lever, title string, change func(*design.Service) error) (r Recommendation, ok bool, err error) {
	after := copyService(c.service)
	if err := change(&after); err != nil {
		return r, false, nil
	}
	before, unpricedBefore, err := c.cost(c.service)
	if err != nil {
		return r, false, err
	}
	r = Recommendation{Lever: lever, Subject: c.subject, Title: title, Before: before, Evidence: c.evidence()}
	cost, unpriced, err := c.cost(after)
	if err != nil || unpriced > unpricedBefore {
		return r, false, err
	}
	r.After = cost
	saving := r.Before - r.After
	r.Draws = c.inProportion(saving)
	r.Saving = Saving{saving, saving, saving}
	if len(r.Draws) > 0 {
		r.Saving = quantilesOf(r.Draws)
	}
	r.Change = c.changeService(change)
	return r, saving >= cent, nil
}

// changeService makes a change of this service in any workload that has it.
func (c *serviceCase) changeService(change func(*design.Service) error) func(*design.Workload) error {
	cluster, name := c.subject.Cluster, c.subject.Name
	return func(w *design.Workload) error {
		for i := range w.Services {
			if s := &w.Services[i]; shortName(s) == name && clusterKey(s) == cluster {
				return change(s)
			}
		}
		return errGone
	}
}

// copyService is a service that can be changed without changing the other.
func copyService(s design.Service) design.Service {
	return copyOf(design.Workload{Services: []design.Service{s}}).Services[0]
}

// scaleCount multiplies the number of tasks of a service, so that a change made
// after another one works on what that one left.
func scaleCount(s *design.Service, by float64) {
	switch {
	case s.Count.Scaled != nil:
		scaled := *s.Count.Scaled
		scaled.Average = design.Scale(scaled.Average, by)
		s.Count.Scaled = &scaled
	case s.Count.Week != nil:
		week := *s.Count.Week
		for i := range week.Hours {
			week.Hours[i] *= by
		}
		s.Count.Week = &week
	case s.Count.Fixed.Stated():
		s.Count.Fixed = design.Scale(s.Count.Fixed, by)
	}
}
