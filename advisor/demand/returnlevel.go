package demand

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Level is a return level: the value that a daily maximum exceeds once in the
// horizon on average.
type Level struct {
	// Value and its interval are in the unit of the maxima.
	Value, Low, High float64
	// Method says how: "constant", "Gumbel" or "GPD".
	Method string
	// Days is the number of days that were measured.
	Days int
}

const (
	// leastDays is the fewest daily maxima to extrapolate from: one week.
	leastDays = 7
	// daysForShape is the fewest to doubt the Gumbel law on: below it, its shape test
	// rejects next to nothing and a fitted shape is mostly noise. A choice; 63 days
	// is what CloudWatch keeps at 300 s.
	daysForShape = 60
	// shapeDoubt is the two-sided 1 % point of a standard normal score.
	shapeDoubt = 2.5758
	// tailShare is the share of days that are the tail of a GPD. A choice: 15 of 60.
	tailShare = 0.25
	// shapeLimit bounds the fitted shape of a GPD. Probability-weighted moments are
	// normal in the limit for shapes below 1/2 only: Hosking & Wallis 1987.
	shapeLimit = 0.5
)

// ReturnLevel is what the daily maximum exceeds once in horizonDays on average,
// with an interval, from daily maxima (NaN for days not measured). Days are
// taken as independent; a trend must be gone before (Leak).
//
// The rule for the method: equal maxima are "constant". Otherwise the Gumbel law
// by L-moments, unless 60 days or more reject it at 1 % (Hosking, Wallis & Wood
// 1985, a test of the GEV's shape); then a generalised Pareto distribution over
// the top quarter of days.
func ReturnLevel(dailyMax []float64, horizonDays, confidence float64) (Level, error) {
	if !(horizonDays > 1) || math.IsInf(horizonDays, 1) {
		return Level{}, fmt.Errorf("return level: horizon of %v days, want more than 1", horizonDays)
	}
	if !(confidence > 0 && confidence < 1) {
		return Level{}, fmt.Errorf("return level: confidence %v is not between 0 and 1", confidence)
	}
	maxima := measuredValues(Series{Values: dailyMax})
	days := len(maxima)
	if days < leastDays {
		return Level{}, fmt.Errorf("return level: needs %d measured days, has %d", leastDays, days)
	}
	slices.Sort(maxima)
	if maxima[0] == maxima[days-1] {
		return Level{Value: maxima[0], Low: maxima[0], High: maxima[0], Method: "constant", Days: days}, nil
	}
	tail := (1 - confidence) / 2
	if days >= daysForShape && horizonDays*tailShare > 1 && math.Abs(shapeScore(maxima)) > shapeDoubt {
		return paretoLevel(maxima, horizonDays, tail), nil
	}
	return gumbelLevel(maxima, horizonDays, tail), nil
}

// gumbelLevel is the level of a Gumbel law, loc − scale·ln(−ln(1 − 1/T)). The
// interval is exact but for the number of draws: (level − estimate) ÷ estimated
// scale has one distribution for all Gumbel laws, which is drawn from.
func gumbelLevel(sorted []float64, horizon, tail float64) Level {
	reduced := -math.Log(-math.Log1p(-1 / horizon))
	loc, scale := gumbelFit(sorted)
	value := loc + scale*reduced
	rng := rand.New(rand.NewPCG(uint64(len(sorted)), 1985)) // a fixed seed: equal input, equal output
	sample := make([]float64, len(sorted))
	pivots := make([]float64, draws(len(sorted)))
	for i := range pivots {
		// Descending exponentials are ascending Gumbel values.
		sortedExponentials(rng, sample)
		slices.Reverse(sample)
		for j, e := range sample {
			sample[j] = -math.Log(e)
		}
		drawnLoc, drawnScale := gumbelFit(sample)
		pivots[i] = (reduced - drawnLoc - drawnScale*reduced) / drawnScale
	}
	slices.Sort(pivots)
	return Level{
		Value:  value,
		Low:    value + scale*orderStatistic(pivots, tail),
		High:   value + scale*orderStatistic(pivots, 1-tail),
		Method: "Gumbel", Days: len(sorted),
	}
}

// draws is how often to draw a sample of n: enough for the ends of an interval,
// few enough for a millisecond or two.
func draws(n int) int { return min(1999, max(399, 60000/n)) }

// gumbelFit is location and scale by L-moments: Hosking, J. R. Statist. Soc. B 52
// (1990), table 2. Where all values are equal, the scale is 0.
func gumbelFit(sorted []float64) (loc, scale float64) {
	l1, l2, _ := lMoments(sorted)
	scale = l2 / math.Ln2
	const euler = 0.57721566490153286
	return l1 - euler*scale, scale
}

// lMoments are the first three sample L-moments of ascending values, unbiased.
func lMoments(sorted []float64) (l1, l2, l3 float64) {
	n := float64(len(sorted))
	var b0, b1, b2 float64
	for i, v := range sorted {
		j := float64(i)
		b0 += v
		b1 += v * j / (n - 1)
		b2 += v * j * (j - 1) / ((n - 1) * (n - 2))
	}
	b0, b1, b2 = b0/n, b1/n, b2/n
	return b0, 2*b1 - b0, 6*b2 - 6*b1 + b0
}

// shapeScore is the standard normal score of the GEV's shape under the Gumbel
// law, k·√(n ÷ 0.5633): Hosking, Wallis & Wood, Technometrics 27 (1985).
// Negative is a tail heavier than Gumbel's.
func shapeScore(sorted []float64) float64 {
	_, l2, l3 := lMoments(sorted)
	c := 2/(3+l3/l2) - math.Ln2/math.Log(3)
	return (7.8590*c + 2.9554*c*c) * math.Sqrt(float64(len(sorted))/0.5633)
}

// paretoLevel is the level of a generalised Pareto distribution over a
// threshold, u + scale/shape·((T·share)^shape − 1). The interval is a parametric
// bootstrap of the logarithm of what the level exceeds u by.
func paretoLevel(sorted []float64, horizon, tail float64) Level {
	days := len(sorted)
	m := int(math.Ceil(tailShare * float64(days)))
	u := sorted[days-m-1]
	excess := make([]float64, m)
	for i := range excess {
		excess[i] = sorted[days-m+i] - u
	}
	share := float64(m) / float64(days)
	above := func(shape, scale float64) float64 {
		return scale * growth(shape, math.Log(horizon*share))
	}
	shape, scale := paretoFit(excess)
	value := above(shape, scale)
	rng := rand.New(rand.NewPCG(uint64(days), 1987))
	ratios := make([]float64, draws(m)/2)
	for i := range ratios {
		sortedExponentials(rng, excess)
		for j, e := range excess {
			excess[j] = scale * growth(shape, e)
		}
		ratios[i] = math.Log(above(paretoFit(excess)) / value)
	}
	slices.Sort(ratios)
	return Level{
		Value:  u + value,
		Low:    u + value*math.Exp(-orderStatistic(ratios, 1-tail)),
		High:   u + value*math.Exp(-orderStatistic(ratios, tail)),
		Method: "GPD", Days: days,
	}
}

// growth is (e^(shape·x) − 1) ÷ shape, x where the shape is 0.
func growth(shape, x float64) float64 {
	if math.Abs(shape) < 1e-9 {
		return x
	}
	return math.Expm1(shape*x) / shape
}

// paretoFit is shape (positive is heavy) and scale of excesses, ascending, by
// probability-weighted moments: Hosking & Wallis, Technometrics 29 (1987).
func paretoFit(sorted []float64) (shape, scale float64) {
	n := float64(len(sorted))
	a0, a1 := stat.Mean(sorted, nil), 0.0
	for i, v := range sorted {
		a1 += v * (n - 1 - float64(i)) / (n - 1) / n
	}
	shape = min(shapeLimit, max(-shapeLimit, 2-a0/(a0-2*a1)))
	return shape, a0 * (1 - shape) // the mean is scale ÷ (1 − shape)
}

// sortedExponentials fills a slice with standard exponentials, ascending, without
// sorting: their spacings are independent exponentials (Rényi 1953).
func sortedExponentials(rng *rand.Rand, out []float64) {
	sum := 0.0
	for i := range out {
		sum += rng.ExpFloat64() / float64(len(out)-i)
		out[i] = sum
	}
}

// DailyMax is the maximum of each 24 h from the start, NaN where a day was not
// measured. A day measured for less than half is NaN too, as its maximum is only
// a lower bound, unless it exceeds all others.
func DailyMax(s Series) []float64 {
	size := blockSize(s.Step)
	if size == 0 {
		return nil
	}
	var maxima, partial []float64
	highest := math.Inf(-1)
	for i := 0; i < len(s.Values); i += size {
		values := s.Values[i:min(i+size, len(s.Values))]
		top, n := math.Inf(-1), 0
		for _, v := range values {
			if !math.IsNaN(v) {
				top = max(top, v)
				n++
			}
		}
		whole, part := math.NaN(), math.NaN()
		switch {
		case 2*n >= size:
			whole = top
			highest = max(highest, top)
		case n > 0:
			part = top
		}
		maxima, partial = append(maxima, whole), append(partial, part)
	}
	for i, v := range partial {
		if v > highest {
			maxima[i] = v
		}
	}
	return maxima
}

// oomMiB is what a task that was killed gets more at least, in GB (2^30 bytes),
// and oomFactor the least factor: Kubernetes' VPA, config.go,
// --oom-min-bump-up-bytes and --oom-bump-up-ratio.
const (
	oomMiB    = 100.0 / 1024
	oomFactor = 1.2
)

// OOMFloor is the least memory in GB for a level in GB and the limits at which
// tasks were killed for want of it: the level, 1.2 times each limit, and each
// limit and 100 MiB. A limit that is not known (NaN, or not positive) is no floor.
// It is of the limit, not of the use: use cannot exceed a limit that killed.
func OOMFloor(level float64, oomLimitsGB []float64) float64 {
	for _, limit := range oomLimitsGB {
		if limit > 0 {
			// A level that is not known does not hide a kill.
			if floor := max(oomFactor*limit, limit+oomMiB); !(level >= floor) {
				level = floor
			}
		}
	}
	return level
}
