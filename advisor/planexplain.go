package advisor

import (
	"slices"
)

// explain finds, for every step that saves something else than alone, which of the
// levers before it are the reason: those without which it would save another
// amount.
func (r *siteRun) explain() error {
	if r.batch > 1 {
		return r.explainByPlace()
	}
	places := make([]component, len(r.chosen))
	for i, rec := range r.chosen {
		places[i] = r.site.componentOf(rec)
	}
	for at, step := range r.steps {
		if !step.interacts() {
			continue
		}
		part, before := r.neighbours(places, at)
		saves, ok, err := part.saves(before, at)
		if err != nil {
			return err
		}
		if !ok {
			continue // something of the whole site makes it possible
		}
		for _, lever := range leversOfSet(r.chosen, before) {
			without := slices.DeleteFunc(slices.Clone(before), func(i int) bool { return r.chosen[i].Lever == lever })
			other, ok, err := part.saves(without, at)
			if err != nil {
				return err
			}
			// A step that cannot be made without an earlier one rests on it.
			if !ok || abs(other-saves) > differs(step.Standalone) {
				step.After = append(step.After, lever)
			}
		}
		if len(step.After) == 0 {
			// None of them alone: all of them together.
			step.After = leversOfSet(r.chosen, before)
		}
	}
	return nil
}

// interacts reports whether a step saves something else than alone.
func (s *Step) interacts() bool { return abs(s.free-s.Standalone) > differs(s.Standalone) }

// neighbours are the steps before one that touch what it touches, and the part of
// the site in which all of them are, without owned commitments.
func (r *siteRun) neighbours(places []component, at int) (subsets, []int) {
	var before []int
	place := places[at]
	for i := range at {
		if !places[i].touches(places[at]) || places[i].kind == "site" && places[at].kind != "site" {
			continue
		}
		before = append(before, i)
		if places[i].kind == "cluster" && place.kind == "service" {
			place = places[i]
		}
	}
	return subsets{site: r.site, base: r.site.sub(place), all: r.chosen}, before
}

// saves is what a step saves after others; ok is false where it cannot be made.
func (s *subsets) saves(before []int, at int) (usd float64, ok bool, err error) {
	was, ok, err := s.cost(before)
	if err != nil || !ok {
		return 0, false, err
	}
	is, ok, err := s.cost(append(slices.Clone(before), at))
	return was - is, ok, err
}

// leversOfSet are the levers of a set, in plan order.
func leversOfSet(all []*Recommendation, set []int) []Lever {
	var levers []Lever
	for _, i := range set {
		if !slices.Contains(levers, all[i].Lever) {
			levers = append(levers, all[i].Lever)
		}
	}
	return levers
}

// explainByPlace names the levers that changed the same component, where there is
// too much to price.
func (r *siteRun) explainByPlace() error {
	seen := map[component][]Lever{}
	for _, step := range r.steps {
		c := r.site.componentOf(step.Recommendation)
		if step.interacts() {
			step.After = slices.Clone(seen[c])
		}
		if l := step.Recommendation.Lever; !slices.Contains(seen[c], l) {
			seen[c] = append(seen[c], l)
		}
	}
	return nil
}

// abs of a saving.
func abs(usd float64) float64 { return max(usd, -usd) }
