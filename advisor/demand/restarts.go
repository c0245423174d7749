package demand

import (
	"math"
	"slices"
	"time"
)

const (
	// restartFall is the least share of its memory that a task gives back at a
	// restart that is looked for, and restartApart the least time between two. A
	// choice: what falls more often is a cycle of the load, and cutting it at its
	// falls would leave rises alone, which look like leaks.
	restartFall, restartApart = 0.20, 3 * day
)

// Restarts finds restarts that nobody told of in the memory of one task: falls of
// a fifth of it within a step that last for an hour. nil where they come more
// often than every three days, and where there are none.
func Restarts(memory Series) []time.Time {
	if memory.Step <= 0 || memory.Step > time.Hour {
		return nil
	}
	// Gaps are closed first: a task that restarts may not be measured for a while.
	var v []float64
	var at []time.Time
	for i, x := range memory.Values {
		if !math.IsNaN(x) {
			v, at = append(v, x), append(at, memory.At(i))
		}
	}
	hour := int(time.Hour / memory.Step)
	median := func(from, to int) float64 { return medianInPlace(slices.Clone(v[max(0, from):min(to, len(v))])) }
	var found []time.Time
	for i := 1; i < len(v); i++ {
		if v[i-1]-v[i] < restartFall*v[i-1] {
			continue
		}
		if before, after := median(i-hour, i), median(i, i+hour); before-after < restartFall*before {
			continue
		}
		if len(found) > 0 && at[i].Sub(found[len(found)-1]) < restartApart {
			return nil
		}
		found = append(found, at[i])
	}
	return found
}
