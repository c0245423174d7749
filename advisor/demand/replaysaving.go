package demand

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"
)

// Prediction is a saving over days that are still to come, in the unit of the
// daily savings that it was made from.
type Prediction struct {
	P10, P50, P90 float64
	// Draws are of the mean over the horizon, not sorted: draw i of one seed is
	// the same future for every change of a service.
	Draws []float64
}

// The drift of a load's level from one window to the next of equal length, as
// a share of the load. They were set on generated services and hold on others
// (docs/backtest.md).
const (
	usualDrift  = 0.04 // of a service of which nothing else is known
	usualWeight = 3.0  // that counts as so many windows that were seen
	trendShare  = 1.0  // of the change within the window is taken to persist
)

// PredictSaving is the mean daily saving of the next horizon days.
//
// load and saving are by day from start, NaN where one is not known: the mean
// work, and the bill of the one policy less that of the other (the costs of
// Outcome.Days). It needs three days of both.
//
// The saving is a regression on load and day kind (weekday, weekend); its
// residuals are resampled twice, as what was seen and as what will be. The
// future load moves by the change that was seen between the window's halves
// and what is usual, and with it the saving. So a saving that no load can
// change has no width, and one that hangs on the load has the load's.
func PredictSaving(load, saving []float64, start time.Time, horizon, draws int, seed uint64) (Prediction, error) {
	if len(load) != len(saving) {
		return Prediction{}, fmt.Errorf("demand: predicting a saving: %d days of load, %d of saving: want equal numbers", len(load), len(saving))
	}
	if horizon < 1 || draws < 1 {
		return Prediction{}, fmt.Errorf("demand: predicting a saving: horizon %d days, %d draws: want at least 1", horizon, draws)
	}
	s := newSavings(load, saving, start)
	if len(s.load) < 3 {
		return Prediction{}, fmt.Errorf("demand: predicting a saving: needs 3 days, has %d", len(s.load))
	}
	out := Prediction{Draws: make([]float64, draws)}
	for i := range out.Draws {
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		out.Draws[i] = s.draw(rng, horizon)
	}
	sorted := slices.Sorted(slices.Values(out.Draws))
	at := func(p float64) float64 { return stat.Quantile(p, stat.LinInterp, sorted, nil) }
	out.P10, out.P50, out.P90 = at(0.1), at(0.5), at(0.9)
	return out, nil
}

// savings is the model of a daily saving.
type savings struct {
	load, saving []float64 // known days
	kinds        []int     // 1 for the weekend
	sensitivity  float64   // of the saving to the relative level of the load
	relative     []float64 // load over that of its kind of day, less 1
	residuals    []float64 // of the saving
	centre       float64
	drift, trend float64 // of the load, relative
	// What days have in common with their neighbours widens their means.
	widen, widenLoad float64
}

func newSavings(load, saving []float64, start time.Time) *savings {
	s := &savings{}
	for i := range load {
		if math.IsNaN(load[i]) || math.IsNaN(saving[i]) {
			continue
		}
		kind := 0
		if d := start.Add(time.Duration(i)*24*time.Hour + 12*time.Hour).UTC().Weekday(); d == time.Saturday || d == time.Sunday {
			kind = 1
		}
		s.load, s.saving, s.kinds = append(s.load, load[i]), append(s.saving, saving[i]), append(s.kinds, kind)
	}
	if len(s.load) < 3 {
		return s
	}
	s.relative = s.byKind()
	s.centre = stat.Mean(s.saving, nil)
	savings := s.withoutKinds(s.saving)
	var xy, xx float64
	for i, x := range s.relative {
		xy, xx = xy+x*savings[i], xx+x*x
	}
	if xx > 1e-12 {
		s.sensitivity = xy / xx
	}
	s.residuals = make([]float64, len(savings))
	for i, x := range s.relative {
		s.residuals[i] = savings[i] - s.sensitivity*x
	}
	s.widen, s.widenLoad = neighbours(s.residuals), neighbours(s.relative)
	s.level()
	return s
}

// byKind is the load by day over that of its kind of day, less 1.
func (s *savings) byKind() []float64 {
	apart := s.withoutKinds(s.load)
	out := make([]float64, len(apart))
	for i, v := range apart {
		if usual := s.load[i] - v; usual > 0 {
			out[i] = v / usual
		}
	}
	return out
}

// leastOfKind is how many days of a kind tell it from the others: more than
// one weekend. A single one may be a week whose load fell.
const leastOfKind = 3

// withoutKinds is a series less the mean of its kind of day, or of all days
// where one kind has too few.
func (s *savings) withoutKinds(values []float64) []float64 {
	var sum, count [2]float64
	for i, v := range values {
		sum[s.kinds[i]] += v
		count[s.kinds[i]]++
	}
	out := make([]float64, len(values))
	for i, v := range values {
		kind := s.kinds[i]
		if min(count[0], count[1]) < leastOfKind {
			out[i] = v - (sum[0]+sum[1])/(count[0]+count[1])
			continue
		}
		out[i] = v - sum[kind]/count[kind]
	}
	return out
}

// neighbours is by how much days that follow each other widen the error of a
// mean: √((1+ρ)/(1−ρ)), ρ their correlation, shrunk towards none by a week.
func neighbours(residuals []float64) float64 {
	var product, square float64
	for i, r := range residuals {
		square += r * r
		if i > 0 {
			product += r * residuals[i-1]
		}
	}
	if square == 0 {
		return 1
	}
	n := float64(len(residuals))
	rho := min(0.7, max(0, product/square*n/(n+7)))
	return math.Sqrt((1 + rho) / (1 - rho))
}

// level finds the drift of the load from the change between the halves, as far
// as it exceeds what days that differ at random would show.
func (s *savings) level() {
	half := len(s.relative) / 2
	change := stat.Mean(s.relative[len(s.relative)-half:], nil) - stat.Mean(s.relative[:half], nil)
	random := s.widenLoad * s.widenLoad * stat.Variance(s.relative, nil) * 2 / float64(half)
	moved := max(0, change*change-random)
	if moved > 0 {
		s.trend = trendShare * moved / change
	}
	s.drift = math.Sqrt((usualWeight*usualDrift*usualDrift + moved) / (usualWeight + 1))
}

// draw is one future.
func (s *savings) draw(rng *rand.Rand, horizon int) float64 {
	// Days that were seen, and days that will be: each as the past drew them.
	var load, noise float64
	for _, days := range []int{len(s.residuals), horizon} {
		for range days {
			i := rng.IntN(len(s.residuals))
			load += s.relative[i] / float64(days)
			noise += s.residuals[i] / float64(days)
		}
	}
	n := float64(len(s.residuals))
	small := math.Sqrt(n / max(1, n-2)) // two kinds of days have been fitted
	// A level that wanders moves with the root of the way: from the middle of
	// the window to the middle of the horizon.
	way := math.Sqrt((n + float64(horizon)) / (2 * n))
	level := s.trend + s.drift*way*rng.NormFloat64() + small*s.widenLoad*load
	return s.centre + s.sensitivity*max(level, -1) + small*s.widen*noise
}

// DailyMean is the mean of each 24 h from the start, NaN for one of which less
// than half was measured: what PredictSaving calls load.
func DailyMean(s Series) ([]float64, error) {
	if s.Step <= 0 || s.Step > 24*time.Hour {
		return nil, errors.New("demand: daily mean: want a step above 0 and up to a day")
	}
	perDay := int(24 * time.Hour / s.Step)
	var means []float64
	for from := 0; from < len(s.Values); from += perDay {
		sum, count := 0.0, 0
		for _, v := range s.Values[from:min(from+perDay, len(s.Values))] {
			if !math.IsNaN(v) {
				sum, count = sum+v, count+1
			}
		}
		mean := math.NaN()
		if 2*count >= perDay {
			mean = sum / float64(count)
		}
		means = append(means, mean)
	}
	return means, nil
}
