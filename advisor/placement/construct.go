package placement

import (
	"math"
	"math/rand/v2"
	"slices"
)

const fillBudget = 400 // nodes of one knapsack of a heuristic

// construct places the rest greedily: again and again the pattern that is
// worth most at prices y per dollar, as often as the rest fills it; and at
// each step the cheapest single instance for all of the rest is tried as the
// last. kinds are those to use. ok is false where some task had no room.
func (s *search) construct(y []float64, rest []int, kinds []int) (lots []lot, ok bool) {
	rest = slices.Clone(rest)
	best, bestUSD, spent := []lot(nil), math.Inf(1), 0.0
	for sum(rest) > 0 {
		if t := s.holdsAll(rest); t >= 0 && spent+s.m.kinds[t].usd < bestUSD {
			bestUSD = spent + s.m.kinds[t].usd
			best = append(slices.Clone(lots), lot{t, 1, slices.Clone(rest)})
		}
		t, take := s.densest(y, rest, kinds)
		if t < 0 {
			return best, best != nil
		}
		count := math.MaxInt
		for i, n := range take {
			if n > 0 {
				count = min(count, rest[i]/n)
			}
		}
		for i, n := range take {
			rest[i] -= n * count
		}
		lots = append(lots, lot{t, count, take})
		if spent += s.m.kinds[t].usd * float64(count); spent >= bestUSD {
			return best, true
		}
	}
	return lots, true
}

// densest is the pattern worth most per dollar.
func (s *search) densest(y []float64, rest, kinds []int) (int, []int) {
	best, density, found := []int(nil), 0.0, -1
	for _, t := range kinds {
		usd := s.m.kinds[t].usd
		if s.worth(y, t, rest)/usd <= density*roundUp {
			continue
		}
		if value, _, take := s.pattern(y, t, rest, fillBudget); value/usd > density*roundUp && value > 0 {
			best, density, found = slices.Clone(take), value/usd, t
		}
	}
	return found, best
}

// holdsAll is the cheapest kind that holds all of the rest, or -1.
func (s *search) holdsAll(rest []int) int {
	var need vec
	for i, n := range rest {
		need = need.minus(s.m.items[i].need, -n)
	}
	ports := make([]bool, s.m.ports)
	for i, n := range rest {
		if n > s.m.items[i].limit {
			return -1
		}
		for _, p := range s.m.items[i].ports {
			if n > 0 && ports[p] {
				return -1
			}
			ports[p] = ports[p] || n > 0
		}
	}
	for t := range s.m.kinds { // by price
		if s.m.kinds[t].room.atLeast(need) && covers(s.m.kinds[t].most, rest) {
			return t
		}
	}
	return -1
}

// rounded places the whole parts of the linear solution, then the rest. up is
// the fraction from which a pattern is taken once more.
func (s *search) rounded(r *relaxation, kinds []int, up float64) (layout, bool) {
	rest := s.m.demand()
	var lots []lot
	order := make([]int, len(r.columns))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if r.x[a] > r.x[b] {
			return -1
		}
		return 1
	})
	for _, j := range order {
		c := r.columns[j]
		if c.kind < 0 || r.x[j] <= 0 {
			continue
		}
		for range int(r.x[j] + 1 - up) {
			if take := lesser(c.take, rest); slices.Equal(take, c.take) {
				for i := range rest {
					rest[i] -= take[i]
				}
				lots = append(lots, lot{c.kind, 1, take})
			}
		}
	}
	last, ok := s.construct(r.y, rest, kinds)
	return s.m.layout(append(lots, last...)), ok
}

// lesser is the smaller of two, item by item.
func lesser(a, b []int) []int {
	out := make([]int, len(a))
	for i := range a {
		out[i] = min(a[i], b[i])
	}
	return out
}

// shrink moves each instance's tasks to the cheapest kind that holds them.
func (s *search) shrink(l layout) layout {
	lots := slices.Clone(l.lots)
	for i := range lots {
		if t := s.holdsAll(lots[i].take); t >= 0 {
			lots[i].kind = t
		}
	}
	return s.m.layout(lots)
}

// improve removes a few instances at random and places their tasks anew, at
// disturbed prices, keeping what costs no more; until the target is reached,
// rounds are over or the effort is spent.
func (s *search) improve(l layout, y []float64, kinds []int, target float64, rounds int, random *rand.Rand) layout {
	noisy := make([]float64, len(y))
	for range rounds {
		if l.usd <= target*roundUp || s.stopped() || len(l.lots) == 0 {
			break
		}
		total := 0
		for _, a := range l.lots {
			total += a.count
		}
		lots := slices.Clone(l.lots)
		rest := make([]int, len(y))
		old := 0.0
		for range min(total, 2+random.IntN(5)) {
			at := random.IntN(total)
			for j := range lots {
				if at -= lots[j].count; at < 0 {
					lots[j].count--
					old += s.m.kinds[lots[j].kind].usd
					for i, n := range lots[j].take {
						rest[i] += n
					}
					break
				}
			}
			total--
		}
		for i := range y {
			noisy[i] = y[i] * (0.7 + 0.6*random.Float64())
		}
		fresh, ok := s.construct(noisy, rest, kinds)
		if !ok {
			continue
		}
		usd := 0.0
		for _, a := range fresh {
			usd += s.m.kinds[a.kind].usd * float64(a.count)
		}
		if usd <= old*roundUp {
			lots = slices.DeleteFunc(append(lots, fresh...), func(a lot) bool { return a.count == 0 })
			l = s.shrink(s.m.layout(lots))
		}
	}
	return l
}
