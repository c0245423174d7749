package demand

import (
	"math"
	"math/bits"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

const day = 24 * time.Hour

// sokalWindow is c in Sokal's rule: sum the correlations up to the first lag
// that is at least c times the sum so far. Sokal, Monte Carlo Methods in
// Statistical Mechanics, 1989, section 3: c of 4 to 6 where the correlation
// decays exponentially.
const sokalWindow = 5

// stillBlock is the block that counts as one independent point where a series
// never leaves one value, so that its correlation cannot be measured. A choice:
// one hour makes 336 points of 14 days, enough to bound P99 at 95 %.
const stillBlock = time.Hour

// effectivePoints is the number of independent values that would tell as much
// about the quantile q as the series does: measured points ÷ τ, where τ is the
// integrated autocorrelation time of "this step exceeds q".
//
// It is the correlation of the exceedances that sets the variance of an order
// statistic under dependence (Bahadur's representation for mixing series: Sen,
// J. Multivariate Analysis 2, 1972), not that of the values: n(1−ρ)/(1+ρ) is for
// a mean of an AR(1), and overstates the interval of a high quantile.
// τ is by Sokal's window over the short lags, or by the spread of whole days where
// that is significantly more: it sees that one busy day differs from another.
// sorted holds the measured values of s, ascending.
func effectivePoints(s Series, sorted []float64, q float64) float64 {
	n := float64(len(sorted))
	first, last := sorted[0], sorted[len(sorted)-1]
	if first == last {
		return math.Max(1, math.Min(n, n*float64(s.Step)/float64(stillBlock)))
	}
	if q >= last { // nothing exceeds q: count the steps that reach it
		q = math.Nextafter(last, math.Inf(-1))
	}
	marks := marksAbove(s.Values, q)
	tau := math.Max(1, marks.sokal())
	if days := float64(marks.steps) * float64(s.Step) / float64(day); days >= daysForSpread {
		if spread := marks.wholeDays(int(day / s.Step)); spread > tau*spreadByChance(days) {
			tau = spread
		}
	}
	return math.Max(1, n/tau)
}

// marks are one bit a step: whether it was measured, whether it exceeds a level.
type marks struct {
	seen, above []uint64
	steps       int
	points      int     // steps measured
	share       float64 // of the measured steps, those above
}

func marksAbove(values []float64, level float64) marks {
	words := (len(values) + 63) / 64
	all := make([]uint64, 2*words)
	m := marks{seen: all[:words:words], above: all[words:], steps: len(values)}
	over := 0
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		m.points++
		m.seen[i/64] |= 1 << (i % 64)
		if v > level {
			over++
			m.above[i/64] |= 1 << (i % 64)
		}
	}
	m.share = float64(over) / float64(max(m.points, 1))
	return m
}

// at is whether bit i is set, as 0 or 1.
func at(bitset []uint64, i int) int { return int(bitset[i/64]>>(i%64)) & 1 }

// sokal is 1 + 2 Σ ρ(k), cut at Sokal's window; pairs with a step that was not
// measured take no part.
func (m marks) sokal() float64 {
	variance := m.share * (1 - m.share)
	if variance == 0 {
		return 1
	}
	tau := 1.0
	for k := 1; k < m.points/2; k++ {
		if float64(k) >= sokalWindow*tau {
			break
		}
		pairs, both, one := m.lag(k)
		if pairs == 0 {
			continue
		}
		covariance := (float64(both)-m.share*float64(one))/float64(pairs) + m.share*m.share
		tau += 2 * covariance / variance
	}
	return tau
}

// lag counts, over steps k apart: pairs that were both measured, pairs both
// above, and ends above (0, 1 or 2 a pair).
func (m marks) lag(k int) (pairs, both, one int) {
	whole, part := k/64, k%64
	shifted := func(set []uint64, i int) uint64 {
		word := set[i+whole] >> part
		if i+whole+1 < len(set) {
			word |= set[i+whole+1] << (64 - part)
		}
		return word
	}
	if m.points == m.steps { // no gaps: the ends are counted by what falls off
		ones := 0
		for i := range m.above {
			ones += bits.OnesCount64(m.above[i])
			if i+whole < len(m.above) {
				both += bits.OnesCount64(m.above[i] & shifted(m.above, i))
			}
		}
		one = 2 * ones
		for i := range k {
			one -= at(m.above, i) + at(m.above, m.steps-1-i)
		}
		return m.steps - k, both, one
	}
	for i := 0; i+whole < len(m.above); i++ {
		above, seen := shifted(m.above, i), shifted(m.seen, i)
		pairs += bits.OnesCount64(m.seen[i] & seen)
		both += bits.OnesCount64(m.above[i] & above)
		one += bits.OnesCount64(m.above[i]&seen) + bits.OnesCount64(m.seen[i]&above)
	}
	return pairs, both, one
}

// spreadByChance is the factor that the spread of days exceeds in one case of 20
// where days are alike: chi-squared over its degrees of freedom, of which
// overlapping batches have 3/2 as many as separate ones. Taking the larger of
// the two estimates without it would widen every interval.
func spreadByChance(days float64) float64 {
	freedom := 1.5 * (days - 1)
	return distuv.ChiSquared{K: freedom}.Quantile(0.95) / freedom
}

// daysForSpread is how many days a spread of days needs: fewer say too little
// about it.
const daysForSpread = 7

// wholeDays is τ by overlapping batch means with a batch of a day (Meketon &
// Schmeiser 1984): the variance of a day's count of exceedances over what
// independent steps would have.
func (m marks) wholeDays(batch int) float64 {
	variance := m.share * (1 - m.share)
	if batch < 1 || variance == 0 {
		return 0
	}
	over, seen := 0, 0
	squares, measured, windows := 0.0, 0.0, 0.0
	for i := range m.steps {
		over += at(m.above, i)
		seen += at(m.seen, i)
		if i >= batch {
			over -= at(m.above, i-batch)
			seen -= at(m.seen, i-batch)
		}
		if i >= batch-1 {
			d := float64(over) - m.share*float64(seen)
			squares += d * d
			measured += float64(seen)
			windows++
		}
	}
	if measured == 0 {
		return 0
	}
	days := float64(m.steps) / float64(batch)
	return squares / measured / variance * days / (days - 1)
}
