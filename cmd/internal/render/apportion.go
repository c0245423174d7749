package render

import (
	"math"
	"slices"
)

// Rounding each line by itself would print columns that do not add up: three
// times 0.004 is 0.012, one cent, while every line rounds to none. Cents are
// therefore handed out from the total down, by the method of largest
// remainders (Hamilton's):
//
//	total   = the exact sum, rounded half up to a cent
//	part i  = ⌊exact cents⌋, and one cent more for those with the largest
//	          remainders until the parts make up the total
//
// Each printed part is then less than one cent off its exact value, and a part
// that is zero stays zero. Applied to resources and then to each resource's
// lines it stays within a cent, because a resource's cents are its exact cost
// rounded down or up, and its lines can make up either.

// centNoise is the relative error that sums of binary fractions carry: lifting
// it makes 14.499999999999998 cents the 14.5 that the decimals meant.
// maxCentNoise keeps it far below a cent for amounts of any size.
const (
	centNoise    = 1e-12
	maxCentNoise = 1e-3 // cents
)

// toCents rounds USD to cents, half up.
func toCents(usd float64) int64 {
	return int64(math.Floor(exactCents(usd) + 0.5))
}

// exactCents is USD in cents with the noise of binary fractions lifted.
func exactCents(usd float64) float64 {
	c := usd * 100
	return c + min(math.Abs(c)*centNoise, maxCentNoise)
}

// apportion splits a total of cents over parts in USD, so that the results add
// up to the total. Equal remainders are served in order.
func apportion(total int64, parts []float64) []int64 {
	cents := make([]int64, len(parts))
	remainders := make([]float64, len(parts))
	order := make([]int, len(parts))
	rest := total
	for i, usd := range parts {
		exact := exactCents(usd)
		whole := math.Floor(exact)
		cents[i], remainders[i], order[i] = int64(whole), exact-whole, i
		rest -= cents[i]
	}
	if rest == 0 {
		return cents
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case remainders[a] > remainders[b]:
			return -1
		case remainders[a] < remainders[b]:
			return 1
		default:
			return 0
		}
	})
	for i := 0; rest > 0 && len(order) > 0; i++ {
		cents[order[i%len(order)]]++
		rest--
	}
	// A negative rest takes noise: parts whose floor passed a whole cent.
	for i := len(order) - 1; rest < 0 && i >= 0; i-- {
		cents[order[i]]--
		rest++
	}
	return cents
}
