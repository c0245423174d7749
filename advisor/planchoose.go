package advisor

import (
	"errors"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"ecsavvy/advisor/design"
)

// cent is what a step has to save at least to be worth its line, USD a month.
const cent = 0.01

// exhaustive is the most recommendations of a component of which every set is
// priced; of more, sets are improved step by step.
const exhaustive = 5

// work is how many services may be priced in a pass over the steps of a site: a
// second of CPU. Beyond it sets are chosen by component only, and steps are
// priced several at once.
const work = 200_000

// choose finds the recommendations of a site that cost least together: the best
// of each component, and then of the whole site, with its owned commitments and
// what components share. The result is in the order of all.
func (p *planner) choose(s *site, all []*Recommendation) ([]*Recommendation, error) {
	groups := s.components(all)
	order := sortedComponents(groups)
	found, errs := make([][]int, len(order)), make([]error, len(order))
	inParallel(s.opt.Workers, len(order), func(at int) {
		c := order[at]
		part := subsets{site: s, base: s.sub(c)}
		for _, i := range groups[c] {
			part.all = append(part.all, all[i])
		}
		best, err := part.least()
		for _, i := range best {
			found[at] = append(found[at], groups[c][i])
		}
		errs[at] = err
	})
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	start := slices.Concat(found...)
	slices.Sort(start)
	whole := subsets{site: s, base: s.workload, all: all}
	best := whole.possible(start)
	small := len(all)*len(s.workload.Services) <= work
	if small {
		var err error
		if best, err = whole.improve(best); err != nil {
			return nil, err
		}
	}
	var chosen []*Recommendation
	for i, r := range all {
		if slices.Contains(best, i) {
			chosen = append(chosen, r)
			continue
		}
		if !small { // trying each would take longer than the plan
			p.leave(r, "beside the others it saves nothing, or cannot be made with them")
			continue
		}
		p.leave(r, whole.why(best, i))
	}
	return chosen, nil
}

// inParallel runs f for 0 to n−1 on several workers.
func inParallel(workers, n int, f func(int)) {
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(max(1, workers), n) {
		wait.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wait.Wait()
}

// subsets prices sets of recommendations on a part of a site. A set is indices
// into all, ascending: the order in which its changes are made.
type subsets struct {
	site *site
	base design.Workload
	all  []*Recommendation
	// unpriced counts the lines without a price before any change: what adds one
	// costs nobody knows what.
	unpriced int
	priced   bool
	// conflicts are the pairs that cannot be made together, found when needed.
	conflicts [][]bool
	// same is, of each, the first of its lever and subject, found when needed.
	same []int
}

// errTwice is one lever changing one subject in two ways.
var errTwice = errors.New("another choice for the same is taken")

// apply makes the changes of a set in a copy of the part.
func (s *subsets) apply(set []int) (design.Workload, error) {
	if s.same == nil {
		s.findSame()
	}
	w := copyOf(s.base)
	taken := make([]bool, len(s.all))
	for _, i := range set {
		if taken[s.same[i]] {
			return w, errTwice
		}
		taken[s.same[i]] = true
		if err := s.all[i].Change(&w); err != nil {
			return w, err
		}
	}
	return w, nil
}

// findSame finds, of each recommendation, the first one of its lever and subject.
func (s *subsets) findSame() {
	s.same = make([]int, len(s.all))
	first := map[string]int{}
	for i, r := range s.all {
		x := r.Subject
		key := strings.Join([]string{string(r.Lever), x.Account, x.Region, x.Cluster, x.Kind, x.Name}, "\x00")
		if _, seen := first[key]; !seen {
			first[key] = i
		}
		s.same[i] = first[key]
	}
}

// cost prices a set; ok is false for one that cannot be made or has no price.
func (s *subsets) cost(set []int) (usd float64, ok bool, err error) {
	if !s.priced {
		r, err := s.site.price(s.base)
		if err != nil {
			return 0, false, err
		}
		s.unpriced, s.priced = r.Unpriced, true
	}
	w, err := s.apply(set)
	if err != nil {
		return 0, false, nil
	}
	r, err := s.site.price(w)
	return r.Total.Effective, err == nil && r.Unpriced <= s.unpriced, err
}

// least is the set of least cost; of sets within a cent the smallest.
func (s *subsets) least() ([]int, error) {
	switch {
	case len(s.all) > exhaustive && len(s.all)*len(s.base.Services) > work/10:
		return s.byService()
	case len(s.all) > exhaustive:
		return s.improve(nil)
	}
	least, _, err := s.cost(nil)
	if err != nil {
		return nil, err
	}
	var best []int
	for mask := uint(1); mask < 1<<len(s.all); mask++ {
		var set []int
		for i := range s.all {
			if mask&(1<<i) != 0 {
				set = append(set, i)
			}
		}
		usd, ok, err := s.cost(set)
		if err != nil {
			return nil, err
		}
		if more := bits.OnesCount(mask) - len(best); ok && usd < least-cent*float64(max(0, more)) {
			best, least = set, usd
		}
	}
	return best, nil
}

// byService is the way of large clusters, in which what is recommended for the whole
// joins all services: the best set of each service on Fargate by itself, and then
// what the whole cluster may have, where it lowers the cost of that.
func (s *subsets) byService() ([]int, error) {
	alone := make(map[string][]int)
	var names []string
	var others, set []int
	for i, r := range s.all {
		if r.Subject.Kind != "service" || r.Lever == LeverLaunchType || r.Lever == LeverConsolidate {
			others = append(others, i)
			continue
		}
		name := r.Subject.Cluster + "/" + r.Subject.Name
		if alone[name] == nil {
			names = append(names, name)
		}
		alone[name] = append(alone[name], i)
	}
	for _, name := range names {
		part := subsets{site: s.site, base: s.site.sub(component{scope: s.site.scope, kind: "service", name: name})}
		for _, i := range alone[name] {
			part.all = append(part.all, s.all[i])
		}
		best, err := part.least()
		if err != nil {
			return nil, err
		}
		for _, at := range best {
			set = append(set, alone[name][at])
		}
	}
	slices.Sort(set)
	set = s.possible(set)
	least, _, err := s.cost(set)
	if err != nil {
		return nil, err
	}
	for _, i := range others {
		trial := s.with(set, i)
		usd, ok, err := s.cost(trial)
		if err != nil {
			return nil, err
		}
		if ok && usd < least-cent {
			set, least = trial, usd
		}
	}
	return set, nil
}

// improve takes and drops recommendations one at a time, whichever lowers the
// cost, until none does. One that is taken puts out those that cannot be made
// beside it. It ends: what is taken saves more than a cent, what is dropped
// costs no more than a cent.
func (s *subsets) improve(set []int) ([]int, error) {
	least, _, err := s.cost(set)
	if err != nil {
		return nil, err
	}
	for again := true; again; {
		again = false
		for i := range s.all {
			trial, limit := s.with(set, i), least-cent
			if at, in := slices.BinarySearch(set, i); in {
				trial, limit = slices.Delete(slices.Clone(set), at, at+1), least+cent
			}
			usd, ok, err := s.cost(trial)
			if err != nil {
				return nil, err
			}
			if ok && usd < limit {
				set, least, again = trial, usd, true
			}
		}
	}
	return set, nil
}

// with is a set with one more, without what cannot be made beside it.
func (s *subsets) with(set []int, i int) []int {
	if s.conflicts == nil {
		s.findConflicts()
	}
	var trial []int
	for _, j := range set {
		if !s.conflicts[i][j] {
			trial = append(trial, j)
		}
	}
	at, _ := slices.BinarySearch(trial, i)
	return slices.Insert(trial, at, i)
}

// findConflicts tries every pair of changes that share a component or a cluster.
func (s *subsets) findConflicts() {
	s.conflicts = make([][]bool, len(s.all))
	for i := range s.all {
		s.conflicts[i] = make([]bool, len(s.all))
	}
	places := make([]component, len(s.all))
	for i, r := range s.all {
		places[i] = s.site.componentOf(r)
	}
	for i := range s.all {
		for j := range i {
			if !places[i].touches(places[j]) {
				continue
			}
			if _, err := s.apply([]int{j, i}); err != nil {
				s.conflicts[i][j], s.conflicts[j][i] = true, true
			}
		}
	}
}

// possible is as much of a set as can be made, from its first one on.
func (s *subsets) possible(set []int) []int {
	if _, err := s.apply(set); err == nil {
		return set
	}
	var out []int
	for _, i := range set {
		trial := append(slices.Clone(out), i)
		if _, err := s.apply(trial); err == nil {
			out = trial
		}
	}
	return out
}

// why says why a recommendation is not in a set.
func (s *subsets) why(set []int, i int) string {
	trial := slices.Clone(set)
	at, _ := slices.BinarySearch(trial, i)
	_, err := s.apply(slices.Insert(trial, at, i))
	switch {
	case errors.Is(err, errTwice):
		return "another choice for the same saves more"
	case err != nil:
		return "cannot be made beside the others: " + err.Error()
	}
	return "beside the others it saves nothing"
}
