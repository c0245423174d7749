package placement

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// packInto tries to place all tasks on n_t instances of each kind, by greedy
// patterns at several disturbed prices.
func (s *search) packInto(c *cover, n []int, y []float64, random *rand.Rand) ([]lot, bool) {
	var slots []int
	for i, count := range n {
		for range count {
			slots = append(slots, c.kinds[i])
		}
	}
	noisy := slices.Clone(y)
	for try := range 24 {
		if s.stopped() {
			return nil, false
		}
		// Large instances last, then first, then in any order.
		switch try {
		case 0:
			slices.SortStableFunc(slots, func(a, b int) int { return cmp.Compare(a, b) })
		case 1:
			slices.Reverse(slots)
		default:
			random.Shuffle(len(slots), func(a, b int) { slots[a], slots[b] = slots[b], slots[a] })
		}
		for i := range noisy {
			// Larger tasks are harder to place later: their price counts more.
			noisy[i] = y[i] * (1 + 0.15*float64(try%3))
			if try > 1 {
				noisy[i] *= 0.6 + 0.8*random.Float64()
			}
		}
		rest := s.m.demand()
		var lots []lot
		for _, t := range slots {
			s.worth(noisy, t, rest)
			_, _, take := s.pattern(noisy, t, rest, fillBudget)
			if sum(take) == 0 {
				continue
			}
			for i, k := range take {
				rest[i] -= k
			}
			lots = append(lots, lot{t, 1, slices.Clone(take)})
		}
		if sum(rest) == 0 {
			return lots, true
		}
	}
	return nil, false
}
