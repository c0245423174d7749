package advisor

import (
	"cmp"
	"math/bits"
	"slices"

	"ecsavvy/advisor/design"
)

// taken is a recommendation that a plan takes, with what it saves within its
// component after the others.
type taken struct {
	component component
	of        *Recommendation
	saves     float64
	// after are the levers taken before it in its component.
	after []Lever
}

// exhaustive is the most recommendations of a component of which every set is
// priced; of more, steps are dropped one at a time while that lowers the cost.
const exhaustive = 5

// choose finds the recommendations of a component that cost least together. Those
// that lower nothing, or that cannot be made beside the others, are left out.
func (p *planner) choose(c component, all []*Recommendation) ([]taken, error) {
	slices.SortStableFunc(all, func(a, b *Recommendation) int {
		return cmp.Or(cmp.Compare(stageOf(a.Lever), stageOf(b.Lever)), a.Subject.compare(b.Subject), cmp.Compare(b.Saving.P10, a.Saving.P10), cmp.Compare(a.Title, b.Title))
	})
	search := &subsets{planner: p, component: c, all: all}
	best, err := search.least()
	if err != nil {
		return nil, err
	}
	for i, r := range all {
		if !slices.Contains(best, i) {
			p.leave(r, "beside the others it saves nothing, or cannot be made with them")
		}
	}
	return search.steps(best)
}

// subsets prices sets of recommendations of one component.
type subsets struct {
	planner   *planner
	component component
	all       []*Recommendation
	// unpriced counts the lines without a price before any change: what adds one
	// costs nobody knows what.
	unpriced int
}

// cost prices a set, in order. A set in which a change cannot be made, or one
// lever changes one subject twice, is none (ok is false).
func (s *subsets) cost(set []int) (usd float64, ok bool, err error) {
	site := s.planner.sites[s.component.scope]
	w := copyOf(site.sub(s.component))
	for at, i := range set {
		for _, j := range set[:at] {
			if s.all[j].Lever == s.all[i].Lever && s.all[j].Subject.compare(s.all[i].Subject) == 0 {
				return 0, false, nil
			}
		}
		if s.all[i].Change(&w) != nil {
			return 0, false, nil
		}
	}
	r, err := site.price(w)
	if len(set) == 0 {
		s.unpriced = r.Unpriced
	}
	return r.Total.Effective, err == nil && r.Unpriced <= s.unpriced, err
}

// total is the effective cost of a workload, USD a month.
func (s *site) total(w design.Workload) (float64, error) {
	r, err := s.price(w)
	return r.Total.Effective, err
}

// cent is what a step has to save at least to be worth its line, USD a month.
const cent = 0.01

// least is the set of least cost; of sets within a cent the smallest.
func (s *subsets) least() ([]int, error) {
	if len(s.all) > exhaustive {
		return s.dropping()
	}
	var best []int
	least, _, err := s.cost(nil)
	if err != nil {
		return nil, err
	}
	for mask := uint(1); mask < 1<<len(s.all); mask++ {
		set := make([]int, 0, bits.OnesCount(mask))
		for i := range s.all {
			if mask&(1<<i) != 0 {
				set = append(set, i)
			}
		}
		usd, ok, err := s.cost(set)
		if err != nil {
			return nil, err
		}
		if ok && (usd < least-cent || usd < least && len(set) <= len(best)) {
			best, least = set, usd
		}
	}
	return best, nil
}

// dropping takes every recommendation that lowers the cost, in order, and then
// drops one after another while that costs no more.
func (s *subsets) dropping() ([]int, error) {
	var set []int
	least, _, err := s.cost(nil)
	if err != nil {
		return nil, err
	}
	for i := range s.all {
		with := append(slices.Clone(set), i)
		if usd, ok, err := s.cost(with); err != nil {
			return nil, err
		} else if ok && usd < least-cent {
			set, least = with, usd
		}
	}
	for again := true; again; {
		again = false
		for i := range set {
			without := slices.Delete(slices.Clone(set), i, i+1)
			usd, ok, err := s.cost(without)
			if err != nil {
				return nil, err
			}
			if ok && usd <= least {
				set, least, again = without, usd, true
				break
			}
		}
	}
	return set, nil
}

// steps prices each recommendation of a set on what those before it left.
func (s *subsets) steps(set []int) ([]taken, error) {
	steps := make([]taken, 0, len(set))
	before, _, err := s.cost(nil)
	if err != nil {
		return nil, err
	}
	for at, i := range set {
		after, _, err := s.cost(set[:at+1])
		if err != nil {
			return nil, err
		}
		t := taken{component: s.component, of: s.all[i], saves: before - after}
		for _, j := range set[:at] {
			if !slices.Contains(t.after, s.all[j].Lever) {
				t.after = append(t.after, s.all[j].Lever)
			}
		}
		steps = append(steps, t)
		before = after
	}
	return steps, nil
}
