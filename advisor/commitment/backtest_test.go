package commitment

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"ecsavvy/fixtures"
	"ecsavvy/pricing"
)

// The simulated account: months of history that a buyer sees first, a year of
// monthly decisions, and a year in which what was bought runs off.
const (
	history   = 2
	decisions = 12
	runOff    = 12
	allMonths = history + decisions + runOff
	lookback  = 60 * 24
)

// world is hourly usage of Fargate in us-east-1, x86 and ARM, at the rates of
// the snapshot of 2026-09 (1 year, no upfront: x86 0.032384 of 0.04048 a vCPU
// and 0.003556 of 0.004445 a GB; ARM 0.0255 of 0.03238 and 0.0028 of 0.00356).
// Usage grows by 20 % a year with a wandering level; from month 6 of the year
// on 40 % of x86 moves to ARM over two months, and from month 9 on 25 % of all
// moves to Spot.
func world(seed uint64) *Hours {
	rng := rand.New(rand.NewPCG(seed, 99))
	h := &Hours{Start: monday()}
	for _, l := range []struct {
		id             string
		onDemand, plan float64
	}{{"x86 vCPU", 0.04048, 0.032384}, {"x86 GB", 0.004445, 0.003556}, {"ARM vCPU", 0.03238, 0.0255}, {"ARM GB", 0.00356, 0.0028}} {
		h.Lines = append(h.Lines, Line{EligibleUsage: pricing.EligibleUsage{ID: l.id, Kind: pricing.KindFargate, OnDemandRate: l.onDemand,
			PlanRates: map[pricing.Offer]float64{compute1: l.plan}}})
	}
	level := 0.0
	for hour := range allMonths * HoursPerMonth {
		if hour%24 == 0 {
			level = 0.97*level + 0.02*rng.NormFloat64()
		}
		month := float64(hour)/HoursPerMonth - history // of the year
		vcpu := 400 * math.Exp(math.Log(1.2)*month/12+level)
		vcpu *= 1 + 0.45*math.Sin(2*math.Pi*float64(hour%24-9)/24) + 0.05*rng.NormFloat64()
		if hour/24%7 >= 5 {
			vcpu *= 0.65
		}
		vcpu = max(vcpu, 0)
		if month >= 9 {
			vcpu *= 0.75
		}
		arm := 0.4 * min(1, max(0, (month-6)/2))
		h.Quantities = append(h.Quantities, vcpu*(1-arm), 2*vcpu*(1-arm), vcpu*arm, 2*vcpu*arm)
	}
	return h
}

// between are the hours of months of the world.
func between(h *Hours, from, to int) *Hours {
	n := len(h.Lines) * HoursPerMonth
	cut := *h
	cut.Start = h.Start.Add(time.Duration(from*HoursPerMonth) * time.Hour)
	cut.Quantities = h.Quantities[from*n : to*n]
	return &cut
}

// buyer says how much to commit in total from a month on, having seen the hours
// before it, with what is active and until when.
type buyer struct {
	name string
	buy  func(t *testing.T, seen *Hours, owned Owned, month int, active float64) float64
}

func buyers() []buyer {
	// covering is the plan cost of covering all usage, hour by hour.
	covering := func(seen *Hours) []float64 {
		usd := make([]float64, seen.Len())
		for hour := range usd {
			for i, q := range seen.Row(hour) {
				usd[hour] += q * seen.Lines[i].PlanRates[compute1]
			}
		}
		return usd
	}
	ours := func(f func(month int) Forecast) func(*testing.T, *Hours, Owned, int, float64) float64 {
		return func(t *testing.T, seen *Hours, owned Owned, month int, active float64) float64 {
			forecast := f(month)
			forecast.Draws, forecast.Seed, forecast.Spread, forecast.Level = 20, 1, 0.1, 0.08
			e, err := OptimiseForecast(seen, Options{Offers: []pricing.Offer{compute1}, Owned: owned, RenewOwned: true}, forecast, Risk{Lambda: 0.5, Tail: 0.2, OfLoss: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range e.Purchases {
				active += p.Plan.Commitment
			}
			return active
		}
	}
	return []buyer{
		{"never commit", func(*testing.T, *Hours, Owned, int, float64) float64 { return 0 }},
		{"cover the minimum", func(_ *testing.T, seen *Hours, _ Owned, _ int, _ float64) float64 {
			least := math.Inf(1)
			for _, usd := range covering(seen) {
				least = min(least, usd)
			}
			return least
		}},
		{"cover the average", func(_ *testing.T, seen *Hours, _ Owned, _ int, _ float64) float64 {
			sum := 0.0
			for _, usd := range covering(seen) {
				sum += usd / float64(seen.Len())
			}
			return sum
		}},
		{"ours, told nothing", ours(func(int) Forecast { return Forecast{} })},
		{"ours, told the plans", ours(func(month int) Forecast {
			return Forecast{Growth: 0.2, Migrations: []Migration{
				{Name: "ARM", Lines: []string{"x86 vCPU"}, To: "ARM vCPU", Factor: 0.8, Probability: 0.8, From: max(0, 6-month), Until: max(0, 8-month), Share: still(0.4, month, 7)},
				{Name: "ARM memory", Lines: []string{"x86 GB"}, To: "ARM GB", Factor: 0.8, Probability: 0.8, From: max(0, 6-month), Until: max(0, 8-month), Share: still(0.4, month, 7)},
				{Name: "Spot", Lines: []string{"x86 vCPU", "x86 GB", "ARM vCPU", "ARM GB"}, Factor: 0.32, Probability: 0.8, From: max(0, 9-month), Until: max(0, 10-month), Share: still(0.25, month, 9)},
			}}
		})},
	}
}

// still is the share while a migration is to come, and 0 once it has happened.
func still(share float64, month, done int) float64 {
	if month >= done {
		return 0
	}
	return share
}

// account is what a buyer's year came to, in USD.
type account struct{ year, both, unused, list, covered, peak float64 }

// live lets a buyer decide month by month, and settles every hour by pricing's
// rule.
func live(t *testing.T, h *Hours, b buyer) account {
	t.Helper()
	plan := pricing.SavingsPlan{ID: "sp", Offer: compute1}
	base, err := pricing.NewApplier(h.usages(), pricing.Commitments{Plans: []pricing.SavingsPlan{plan}})
	if err != nil {
		t.Fatal(err)
	}
	var a account
	bought := make([]float64, decisions)
	for month := range decisions + runOff {
		active := 0.0
		var owned Owned
		for m := max(0, month-11); m < min(month, decisions); m++ {
			active += bought[m]
			if bought[m] > 0 {
				end := h.Start.Add(time.Duration((history+m+12)*HoursPerMonth) * time.Hour)
				owned.Plans = append(owned.Plans, OwnedPlan{SavingsPlan: pricing.SavingsPlan{ID: fmt.Sprint("sp-", m), Offer: compute1, Commitment: bought[m]}, End: end})
			}
		}
		if month < decisions {
			seen := between(h, 0, history+month)
			bought[month] = max(0, b.buy(t, seen.Last(lookback), owned, month, active)-active)
			active += bought[month]
		}
		a.peak = max(a.peak, active)
		applier, err := base.WithCommitments([]float64{active})
		if err != nil {
			t.Fatal(err)
		}
		tally, now := applier.NewTally(), between(h, history+month, history+month+1)
		for hour := range now.Len() {
			if err := tally.Add(now.Row(hour), 1); err != nil {
				t.Fatal(err)
			}
		}
		total := tally.Total()
		a.both += total.Cost()
		a.unused += total.UnusedCost
		if month < decisions {
			a.year += total.Cost()
			a.list += total.ListCost
			a.covered += total.ListCost - total.OnDemandCost
		}
	}
	return a
}

// TestBacktest regenerates docs/backtest.md's table, and holds it to what it is
// to show.
func TestBacktest(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulated year takes seconds")
	}
	const seeds = 5
	var out bytes.Buffer
	fmt.Fprint(&out, backtestIntro)
	never := make([]account, seeds)
	saved := map[string]float64{}
	for _, b := range buyers() {
		var sum account
		worst := math.Inf(1)
		for seed := range seeds {
			a := live(t, world(uint64(seed)), b)
			if b.name == "never commit" {
				never[seed] = a
			}
			worst = min(worst, 100*(1-a.both/never[seed].both))
			sum.year, sum.both, sum.unused = sum.year+a.year/seeds, sum.both+a.both/seeds, sum.unused+a.unused/seeds
			sum.list, sum.covered, sum.peak = sum.list+a.list/seeds, sum.covered+a.covered/seeds, sum.peak+a.peak/seeds
		}
		base := account{}
		for _, n := range never {
			base.year, base.both = base.year+n.year/seeds, base.both+n.both/seeds
		}
		saved[b.name] = base.both - sum.both
		fmt.Fprintf(&out, "| %s | %.0f | %.1f %% | %.0f | %.0f | %.2f %% | %.2f %% | %.0f %% | %.0f | %.2f |\n", b.name,
			sum.year, 100*(1-sum.year/base.year), sum.both, saved[b.name], 100*saved[b.name]/base.both, worst, 100*sum.covered/sum.list, sum.unused, sum.peak)
	}
	fmt.Fprint(&out, backtestOutro)
	fixtures.Golden(t, out.Bytes(), "testdata/../docs/backtest.md")
	if !(saved["ours, told nothing"] > 1.2*saved["cover the minimum"] && saved["ours, told the plans"] > saved["ours, told nothing"] &&
		saved["ours, told the plans"] > saved["cover the average"]) {
		t.Errorf("saved %v", saved)
	}
}

const backtestIntro = `# A simulated year of purchases

Written by TestBacktest (UPDATE_GOLDEN=1 writes it); do not edit.

Fargate in us-east-1, about 400 vCPU and 800 GB, days, weekends, noise and a
level that wanders by 8 %; 20 % growth a year; from month 6 on 40 % of x86 moves to ARM
within two months, in month 9 a quarter of all goes to Spot. Two months of
history, then a decision at the start of each of 12 months: the target less what
is active is bought as a 1-year Compute Savings Plan without upfront payment
(20 % off on x86, 21 % on ARM). Then nothing is bought and all runs off in a
second year, so that nobody looks good by what others must pay later. Every
buyer sees the last 60 days. Spot's own cost is the same for all and left out.
Means of five seeds.

| buyer | year 1, USD | saved | both years, USD | saved, USD | saved | worst seed | covered in year 1 | unused, USD | peak, USD/h |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
`

const backtestOutro = `
- **cover the minimum**: the commitment that the lowest hour seen uses up.
- **cover the average**: the commitment that covers the mean hour.
- **ours, told nothing**: OptimiseForecast beside what is active (RenewOwned), 20 draws with
  no growth expected, its logarithm spread by 0.1, the level uncertain by 0.08,
  λ = 0.5 on the loss in the worst fifth.
- **ours, told the plans**: the same, with 20 % growth and the two migrations
  expected with a probability of 80 %, until they have happened.
`
