package advisor

import (
	"maps"
	"math"
	"slices"
	"time"
)

// BudgetState is how a team stands against its budget in the calendar month in
// which the report ends, USD.
type BudgetState struct {
	Team string
	// Budget is for the calendar month.
	Budget float64
	// Day is the day of the month that Spent reaches to.
	Day int
	// Spent is from the first of the month to the report's end, Covered the
	// share of these days that lies in the period of a report: the others are
	// taken at the rate of the report next to them.
	Spent, Covered float64
	// Forecast is for the whole month, Margin half of its 80 % interval, NaN
	// where the history is too short for one.
	Forecast, Margin float64
}

// Share is the part of the budget that is spent.
func (b BudgetState) Share() float64 { return b.Spent / b.Budget }

// Verdict says where the month will end.
func (b BudgetState) Verdict() string {
	margin := b.Margin
	if math.IsNaN(margin) {
		margin = 0
	}
	switch {
	case b.Spent == 0 && b.Forecast == 0:
		return "no cost has this tag"
	case b.Spent > b.Budget:
		return "spent"
	case b.Forecast-margin > b.Budget:
		return "will be exceeded"
	case b.Forecast+margin > b.Budget:
		return "may be exceeded"
	default:
		return "within"
	}
}

// forecastSteps is how many changes of the rate a margin needs before it, a choice:
// the median of fewer says nothing of the next one.
const forecastSteps = 3

// z80 makes a standard deviation half an 80 % interval.
const z80 = 1.2816

// teamRate is what a team cost an hour in the period of one report.
type teamRate struct {
	from, to time.Time
	usd      float64 // an hour
}

// budgetStates are the teams with a budget, by name.
func budgetStates(in *ReportInput, past []Kept, now *Kept) []BudgetState {
	var out []BudgetState
	all := append(slices.Clone(past), *now)
	byTeam := make([]map[string]float64, len(all))
	for i := range all {
		byTeam[i] = map[string]float64{}
		for j := range all[i].Resources {
			r := &all[i].Resources[j]
			byTeam[i][r.Tags[in.TeamTag]] += r.Cost()
		}
	}
	for _, team := range slices.Sorted(maps.Keys(in.Budgets)) {
		rates := make([]teamRate, len(all))
		for i := range all {
			rates[i] = teamRate{all[i].From, all[i].To, byTeam[i][team] / all[i].HoursPerMonth}
		}
		out = append(out, budgetState(team, in.Budgets[team], rates))
	}
	return out
}

// budgetState adds up the month so far and carries the last rate on to its end.
func budgetState(team string, budget float64, rates []teamRate) BudgetState {
	last := rates[len(rates)-1]
	end := last.to.UTC()
	// A report that ends at midnight of the first is about the month before.
	inside := end.Add(-time.Nanosecond)
	first := time.Date(inside.Year(), inside.Month(), 1, 0, 0, 0, 0, time.UTC)
	next := first.AddDate(0, 1, 0)
	b := BudgetState{Team: team, Budget: budget, Day: inside.Day(), Margin: math.NaN()}
	covered := 0.0
	for at := first; at.Before(end); at = at.Add(time.Hour) {
		until := at.Add(time.Hour)
		if until.After(end) {
			until = end
		}
		rate, inReport := rateAt(rates, at)
		b.Spent += rate * until.Sub(at).Hours()
		if inReport {
			covered += until.Sub(at).Hours()
		}
	}
	b.Covered = covered / end.Sub(first).Hours()
	rest := next.Sub(end).Hours()
	b.Forecast = b.Spent + last.usd*rest
	if sigma, ok := dailyVolatility(rates); ok {
		// The rate walks at random with a daily deviation σ. What is known is its
		// mean over the last W days: its end is off by the variance σ²W/3, and
		// the sum over the T days that are left by σ²(T²W/3 + T³/3).
		days, known := rest/24, last.to.Sub(last.from).Hours()/24
		b.Margin = z80 * last.usd * 24 * sigma * days * math.Sqrt((known+days)/3)
	}
	return b
}

// rateAt is the rate of the newest report whose period holds the moment, else of
// the first report after it, else of the last one before.
func rateAt(rates []teamRate, at time.Time) (usd float64, inReport bool) {
	for i := len(rates) - 1; i >= 0; i-- {
		if !at.Before(rates[i].from) && at.Before(rates[i].to) {
			return rates[i].usd, true
		}
	}
	for i := range rates {
		if rates[i].from.After(at) {
			return rates[i].usd, false
		}
	}
	return rates[len(rates)-1].usd, false
}

// dailyVolatility is the robust standard deviation of a day's relative change of
// the rate. The means of a walk over two periods of A and B days, G days apart,
// differ by the variance σ²((A+B)/3 + G).
func dailyVolatility(rates []teamRate) (float64, bool) {
	days := func(from, to time.Time) float64 { return to.Sub(from).Hours() / 24 }
	var steps []float64
	for i := 1; i < len(rates); i++ {
		was, is := &rates[i-1], &rates[i]
		apart := (days(was.from, was.to)+days(is.from, is.to))/3 + max(0, days(was.to, is.from))
		if is.usd > 0 && was.usd > 0 {
			steps = append(steps, math.Abs(math.Log(is.usd/was.usd))/math.Sqrt(apart))
		}
	}
	if len(steps) < forecastSteps {
		return 0, false
	}
	return medianOf(steps) / madToSigma, true
}
