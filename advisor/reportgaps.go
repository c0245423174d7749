package advisor

import (
	"maps"
	"slices"
	"time"

	"ecsavvy/advisor/account"
)

// Gaps is what a report does not know, and what it rests on.
type Gaps struct {
	// MeasuredFrom and MeasuredTo are the window of the measurements, Step
	// their step; zero where there are none.
	MeasuredFrom, MeasuredTo time.Time
	Step                     time.Duration
	// ReadingCost is what reading them cost.
	ReadingCost account.ReadingCost
	// Failures are what AWS did not answer, Abstentions what levers could not
	// judge.
	Failures    []account.Failure
	Abstentions []Abstention
	// Unpriced are the lines without a price, NotPriced the resources without a
	// model, by type.
	Unpriced  []UnpricedLine
	NotPriced map[string]int
	// Assumptions counts the defaults that took part.
	Assumptions int
	// OldestPrice is the date of the oldest price that took part, "" for none.
	OldestPrice string
	// Reports counts the earlier reports, Short the resources whose history is
	// too short for an anomaly in their cost.
	Reports, Short int
}

// UnpricedLine is a line that is in no sum.
type UnpricedLine struct {
	ResourceKey
	Line, Why string
}

// gapsOf gathers what was not known.
func gapsOf(in *ReportInput, past []Kept, now *Kept) Gaps {
	a := in.Advice
	g := Gaps{
		MeasuredFrom: a.Manifest.From, MeasuredTo: a.Manifest.To, Step: a.Manifest.Period, ReadingCost: a.Manifest.Cost,
		Failures: a.Manifest.Failures, Abstentions: a.Abstentions, NotPriced: map[string]int{}, Reports: len(past),
	}
	for i := range a.Sites {
		site := &a.Sites[i]
		g.Assumptions += len(site.Result.Assumptions)
		if old := site.Result.OldestPrice; old != "" && (g.OldestPrice == "" || old < g.OldestPrice) {
			g.OldestPrice = old
		}
		for _, name := range slices.Sorted(maps.Keys(site.Result.NotPriced)) {
			g.NotPriced[name] += site.Result.NotPriced[name]
		}
		for j := range site.Result.Resources {
			res := &site.Result.Resources[j]
			for k := range res.Lines {
				if l := &res.Lines[k]; l.Unpriced != "" {
					g.Unpriced = append(g.Unpriced, UnpricedLine{
						ResourceKey{site.Scope.Account, site.Scope.Region, res.Cluster, string(res.Kind), res.Name}, l.Name, l.Unpriced,
					})
				}
			}
		}
	}
	costs, _ := histories(past)
	for i := range now.Resources {
		if len(costs[now.Resources[i].ResourceKey]) < anomalyHistory {
			g.Short++
		}
	}
	return g
}
