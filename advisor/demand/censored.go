package demand

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
	"gonum.org/v1/gonum/stat/distuv"
)

// Censoring is how often utilisation was at its limit, where the demand behind
// it is not seen, only that it is at least this.
type Censoring struct {
	// Share is of the measured steps, 0 to 1, NaN where nothing was measured.
	Share float64
	// Steps is the number of steps at the limit.
	Steps int
}

// Censored counts the steps at or above a limit: 0.95 of a Fargate task's CPU.
func Censored(util Series, limit float64) Censoring {
	steps := 0
	for _, v := range util.Values {
		if v >= limit {
			steps++
		}
	}
	return Censoring{Share: float64(steps) / float64(util.Count()), Steps: steps}
}

// mostCensored is the share of steps at the limit up to which a law fitted to the
// rest is trusted beyond it. A choice.
const mostCensored = 0.20

// CensoredQuantile is the quantile p of the demand behind utilisation, with steps
// at or above the limit known only to be at least the limit.
//
// A quantile below the limit is Kaplan and Meier's; with one limit that is the
// plain order statistic. Above it, it is Tobit's: a normal or log-normal law
// fitted to the upper half (the lower half and the censored steps by their
// numbers only), whichever is closer to what was measured below the limit. Such
// a quantile is extrapolated and never Bounded; so is one whose High is at the
// limit. It is an error where more than a fifth of the steps are at the limit or
// neither law fits: then nobody may make the task smaller.
func CensoredQuantile(util Series, limit, p, confidence float64) (Quantile, error) {
	sorted, err := sortedFor(util, []float64{p}, confidence)
	if err != nil {
		return Quantile{}, fmt.Errorf("censored %w", err)
	}
	plain := interval(sorted, p, confidence, effectivePoints(util, sorted, orderStatistic(sorted, p)))
	if plain.Value < limit {
		plain.Bounded = plain.Bounded && plain.High < limit
		return plain, nil
	}
	censoring := Censored(util, limit)
	if censoring.Share > mostCensored {
		return Quantile{}, fmt.Errorf("censored quantile: %.1f %% of the steps are at the limit of %v, the demand above it cannot be told from more than %.0f %%",
			100*censoring.Share, limit, 100*mostCensored)
	}
	middle := orderStatistic(sorted, 0.5)
	// The fit mixes what is correlated like the middle and like the limit: the
	// smaller number is right for strong correlation and cautious for weak.
	effective := min(effectivePoints(util, sorted, middle), plain.Effective)
	best := tobit{distance: math.Inf(1)}
	for _, law := range []law{normal(), logNormal()} {
		if fit, ok := fitTobit(sorted, middle, limit, law); ok && fit.distance < best.distance {
			best = fit
		}
	}
	// Lilliefors' 5 % point, as the law is fitted; far more points find fault with
	// any law, so that 2 % of probability are forgiven.
	if best.distance > math.Max(0.02, 0.9/math.Sqrt(effective)) {
		return Quantile{}, fmt.Errorf("censored quantile: P%v is above the limit of %v, and the steps below it follow neither a normal nor a log-normal law", 100*p, limit)
	}
	q := Quantile{P: p, Confidence: confidence, Points: len(sorted), Effective: effective}
	q.Value, q.Low, q.High = best.quantile(p, confidence, float64(len(sorted))/effective)
	q.Low = max(q.Low, limit) // that much was seen
	return q, nil
}

// law is a law whose values are normal after to, and back after from.
type law struct{ to, from func(float64) float64 }

func normal() law {
	same := func(v float64) float64 { return v }
	return law{same, same}
}

func logNormal() law { return law{math.Log, math.Exp} }

// tobit is a fitted law: mean and deviation of the values after law.to.
type tobit struct {
	law         law
	mean, sigma float64
	covariance  mat.SymDense // of mean and ln sigma, for independent steps
	distance    float64      // the largest of |fitted − measured| share below the limit
}

// fitTobit maximises the likelihood of ascending values, of which those up to
// middle and those from limit on are known by their number only.
func fitTobit(sorted []float64, middle, limit float64, law law) (tobit, bool) {
	from, _ := slices.BinarySearch(sorted, math.Nextafter(middle, math.Inf(1)))
	to, _ := slices.BinarySearch(sorted, limit)
	low, high := law.to(middle), law.to(limit)
	k := float64(to - from)
	if k < 30 || math.IsNaN(low) || math.IsInf(low, 0) {
		return tobit{}, false
	}
	// Values are scaled by the width of what is seen, to help the search.
	scale, sum, squares := high-low, 0.0, 0.0
	for _, v := range sorted[from:to] {
		x := (law.to(v) - low) / scale
		sum += x
		squares += x * x
	}
	below, above := float64(from), float64(len(sorted)-to)
	cost := func(x []float64) float64 {
		mean, sigma := x[0], math.Exp(x[1])
		return -below*logPhi(-mean/sigma) - above*logPhi((mean-1)/sigma) +
			k*x[1] + (squares-2*mean*sum+k*mean*mean)/(2*sigma*sigma)
	}
	result, err := optimize.Minimize(optimize.Problem{Func: cost}, []float64{0, math.Log(0.5)}, nil, &optimize.NelderMead{})
	if err != nil {
		return tobit{}, false
	}
	hessian := mat.NewSymDense(2, nil)
	fd.Hessian(hessian, cost, result.X, nil)
	var cholesky mat.Cholesky
	if !cholesky.Factorize(hessian) {
		return tobit{}, false
	}
	fit := tobit{law: law, mean: low + scale*result.X[0], sigma: scale * math.Exp(result.X[1])}
	if cholesky.InverseTo(&fit.covariance) != nil {
		return tobit{}, false
	}
	// The mean is in units of scale so far, ln sigma has none.
	fit.covariance.SetSym(0, 0, fit.covariance.At(0, 0)*scale*scale)
	fit.covariance.SetSym(0, 1, fit.covariance.At(0, 1)*scale)
	n := float64(len(sorted))
	for i := from; i < to; i += 1 + (to-from)/1000 { // a thousand places are enough
		share := distuv.UnitNormal.CDF((law.to(sorted[i]) - fit.mean) / fit.sigma)
		fit.distance = max(fit.distance, math.Abs(share-(float64(i)+0.5)/n))
	}
	return fit, true
}

// quantile is the fitted quantile and its interval by the delta method, with the
// variance times what correlation makes of it.
func (t tobit) quantile(p, confidence, inflation float64) (value, low, high float64) {
	z := distuv.UnitNormal.Quantile(p)
	at := t.mean + z*t.sigma
	slope := z * t.sigma // d at / d ln sigma
	variance := t.covariance.At(0, 0) + 2*slope*t.covariance.At(0, 1) + slope*slope*t.covariance.At(1, 1)
	half := distuv.UnitNormal.Quantile((1+confidence)/2) * math.Sqrt(variance*inflation)
	return t.law.from(at), t.law.from(at - half), t.law.from(at + half)
}

// logPhi is ln Φ(x), finite far below too.
func logPhi(x float64) float64 {
	if x > -30 {
		return math.Log(math.Erfc(-x/math.Sqrt2) / 2)
	}
	return -x*x/2 - math.Log(-x) - math.Log(2*math.Pi)/2
}
