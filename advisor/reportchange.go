package advisor

import (
	"math"
	"slices"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/estimate"
)

// Effects split a change of cost, USD a month. They add up to it.
type Effects struct {
	// Price is other unit prices: AWS's, tiers, allowances, discounts and
	// commitments. Volume is other quantities: more tasks, more gigabytes.
	// Configuration is more or other resources for each task.
	Price, Volume, Configuration float64
	// New and Gone are resources of only one of the two reports.
	New, Gone float64
	// Data is what only one of the reports could price or read.
	Data float64
}

// Sum is the whole change.
func (e Effects) Sum() float64 {
	return e.Price + e.Volume + e.Configuration + e.New + e.Gone + e.Data
}

func (e *Effects) add(o Effects) {
	e.Price += o.Price
	e.Volume += o.Volume
	e.Configuration += o.Configuration
	e.New += o.New
	e.Gone += o.Gone
	e.Data += o.Data
}

// CostChange is a change of cost between two reports, USD a month.
type CostChange struct {
	Before, After float64
	// Effects add up to After less Before.
	Effects Effects
	// Resources are all that either report has, sorted by key.
	Resources []ResourceChange
}

// ResourceChange is the change of one resource; its cost is NaN in a report that
// does not have it.
type ResourceChange struct {
	ResourceKey
	Before, After float64
	Effects       Effects
	// TasksBefore and TasksAfter are unknown where there are none.
	TasksBefore, TasksAfter   Measure
	ConfigBefore, ConfigAfter *Config
}

// changeOf splits the change between two reports. docs/report.md has the formulas.
func changeOf(before, after *Kept) *CostChange {
	c := &CostChange{Before: before.Cost, After: after.Cost}
	i, j := 0, 0
	for i < len(before.Resources) || j < len(after.Resources) {
		var b, a *KeptResource
		switch order := compareHeads(before.Resources[i:], after.Resources[j:]); {
		case order < 0:
			b = &before.Resources[i]
			i++
		case order > 0:
			a = &after.Resources[j]
			j++
		default:
			b, a = &before.Resources[i], &after.Resources[j]
			i, j = i+1, j+1
		}
		change := resourceChange(b, a, before.Unread, after.Unread)
		c.Effects.add(change.Effects)
		c.Resources = append(c.Resources, change)
	}
	return c
}

// compareHeads compares the first of two sorted lists; an empty one comes last.
func compareHeads(a, b []KeptResource) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return a[0].compare(b[0].ResourceKey)
}

// resourceChange splits the change of one resource, of which one side may be
// missing. What is missing where AWS did not answer is no change of the account.
func resourceChange(b, a *KeptResource, unreadBefore, unreadAfter []account.Scope) ResourceChange {
	nan := math.NaN()
	c := ResourceChange{Before: nan, After: nan, TasksBefore: Measure(nan), TasksAfter: Measure(nan)}
	if b != nil {
		c.ResourceKey, c.Before, c.TasksBefore, c.ConfigBefore = b.ResourceKey, b.Cost(), b.Tasks, b.Config
	}
	if a != nil {
		c.ResourceKey, c.After, c.TasksAfter, c.ConfigAfter = a.ResourceKey, a.Cost(), a.Tasks, a.Config
	}
	switch {
	case b == nil && slices.Contains(unreadBefore, a.scope()):
		c.Effects.Data = c.After
	case b == nil:
		c.Effects.New = c.After
	case a == nil && slices.Contains(unreadAfter, b.scope()):
		c.Effects.Data = -c.Before
	case a == nil:
		c.Effects.Gone = -c.Before
	default:
		c.Effects = lineEffects(b, a)
	}
	return c
}

// lineEffects splits the change of a resource that both reports have, line by line.
// Lines of only one report are other resources for the same work.
func lineEffects(b, a *KeptResource) Effects {
	var e Effects
	tasks := bothRun(b, a)
	var gone, came float64 // computing lines of one report only
	matched := make([]bool, len(a.Lines))
	for i := range b.Lines {
		was := &b.Lines[i]
		at := slices.IndexFunc(a.Lines, func(l KeptLine) bool { return l.key() == was.key() })
		switch {
		case at >= 0:
			matched[at] = true
			e.add(matchedEffects(was, &a.Lines[at], float64(b.Tasks), float64(a.Tasks), tasks))
		case tasks && was.Group == string(estimate.Compute):
			gone += was.Cost
		default:
			e.Configuration -= was.Cost
		}
	}
	for j := range a.Lines {
		is := &a.Lines[j]
		switch {
		case matched[j]:
		case tasks && is.Group == string(estimate.Compute):
			came += is.Cost
		default:
			e.Configuration += is.Cost
		}
	}
	if gone != 0 || came != 0 {
		// Tasks × cost a task: another architecture is another cost a task.
		n0, n1 := float64(b.Tasks), float64(a.Tasks)
		volume, configuration := bennet(n0, gone/n0, n1, came/n1)
		e.Volume += volume
		e.Configuration += configuration
	}
	return e
}

// bothRun reports whether both sides are a service with tasks, so that quantities
// can be told apart into tasks and size.
func bothRun(b, a *KeptResource) bool {
	return b.Tasks.Known() && a.Tasks.Known() && b.Tasks > 0 && a.Tasks > 0
}

// matchedEffects splits the change of one line. Of a computing line the quantity is
// tasks × units a task, so that there are three factors.
func matchedEffects(was, is *KeptLine, n0, n1 float64, tasks bool) Effects {
	switch {
	case was.Unpriced != is.Unpriced:
		return Effects{Data: is.Cost - was.Cost}
	case tasks && was.Group == string(estimate.Compute):
		price, volume, configuration := shapley3(
			[3]float64{was.UnitPrice, n0, was.Quantity / n0},
			[3]float64{is.UnitPrice, n1, is.Quantity / n1},
		)
		return Effects{Price: price, Volume: volume, Configuration: configuration}
	default:
		p0, p1 := was.UnitPrice, is.UnitPrice
		// What was not used has no price of its own.
		if was.Quantity == 0 {
			p0 = p1
		}
		if is.Quantity == 0 {
			p1 = p0
		}
		volume, price := bennet(was.Quantity, p0, is.Quantity, p1)
		return Effects{Price: price, Volume: volume}
	}
}

// bennet splits q1·p1 − q0·p0 at the means of the other factor, which favours
// neither the old nor the new one:
//
//	volume = (q1−q0)·(p0+p1)/2    price = (p1−p0)·(q0+q1)/2
//
// Source: T. L. Bennet, The theory of measurement of changes in cost of living,
// Journal of the Royal Statistical Society 83 (1920), 455–462.
func bennet(q0, p0, q1, p1 float64) (quantity, price float64) {
	return (q1 - q0) * (p0 + p1) / 2, (p1 - p0) * (q0 + q1) / 2
}

// shapley3 splits the change of a product of three factors: each factor's change
// times the mean of the others over all orders in which the three may change.
// Source: L. S. Shapley, A value for n-person games (1953); for cost changes
// J. W. Sun, Energy Economics 20 (1998), 85–100.
func shapley3(was, is [3]float64) (first, second, third float64) {
	effect := func(i, j, k int) float64 {
		same := was[j]*was[k] + is[j]*is[k]
		crossed := was[j]*is[k] + is[j]*was[k]
		return (is[i] - was[i]) * (same/3 + crossed/6)
	}
	return effect(0, 1, 2), effect(1, 0, 2), effect(2, 0, 1)
}
