package advisor

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// TagCost is the cost of the resources with one value of a tag, USD a month.
type TagCost struct {
	Value string
	// Untagged is the row of all that does not have the tag.
	Untagged bool
	// Resources counts them, Cost is theirs, Previous that in the report before,
	// NaN where there is no such report.
	Resources      int
	Cost, Previous float64
	// Saving is what the plan's steps on them save.
	Saving float64
}

// LineGroup is the cost of the lines of one group ("compute", "logs"), USD a month.
type LineGroup struct {
	Group          string
	Cost, Previous float64
}

// ResourceCost is what one resource costs, USD a month.
type ResourceCost struct {
	ResourceKey
	Tags   map[string]string
	Tasks  Measure
	Config *Config
	// Cost is now, Previous in the report before (NaN where it was not there).
	Cost, Previous float64
	Effects        Effects
	// Trend is the cost in each report of Report.Trend, NaN where it was not
	// there.
	Trend []float64
	// Unpriced counts its lines without a cost.
	Unpriced int
	// Lines are what it is made of.
	Lines []KeptLine
}

// resourceCosts are all resources with their history, the dearest first.
func resourceCosts(now *Kept, past []Kept) []ResourceCost {
	at := make(map[ResourceKey]int, len(now.Resources))
	out := make([]ResourceCost, len(now.Resources))
	trends := make([]float64, len(out)*(len(past)+1))
	for i := range trends {
		trends[i] = math.NaN()
	}
	for i := range now.Resources {
		r := &now.Resources[i]
		at[r.ResourceKey] = i
		row := ResourceCost{
			ResourceKey: r.ResourceKey, Tags: r.Tags, Tasks: r.Tasks, Config: r.Config, Cost: r.Cost(), Previous: math.NaN(), Lines: r.Lines,
			Trend: trends[i*(len(past)+1) : (i+1)*(len(past)+1) : (i+1)*(len(past)+1)],
		}
		for j := range r.Lines {
			if r.Lines[j].Unpriced {
				row.Unpriced++
			}
		}
		row.Trend[len(past)] = row.Cost
		out[i] = row
	}
	for k := range past {
		for i := range past[k].Resources {
			if row, ok := at[past[k].Resources[i].ResourceKey]; ok {
				out[row].Trend[k] = past[k].Resources[i].Cost()
			}
		}
	}
	if len(past) > 0 {
		for i := range out {
			out[i].Previous = out[i].Trend[len(past)-1]
		}
	}
	slices.SortStableFunc(out, func(a, b ResourceCost) int { return cmp.Compare(b.Cost, a.Cost) })
	return out
}

// effectsOf gives each resource its part of the change.
func effectsOf(rows []ResourceCost, change *CostChange) {
	at := make(map[ResourceKey]int, len(change.Resources))
	for i := range change.Resources {
		at[change.Resources[i].ResourceKey] = i
	}
	for i := range rows {
		rows[i].Effects = change.Resources[at[rows[i].ResourceKey]].Effects
	}
}

// lineGroups adds the lines up by group, the dearest first.
func lineGroups(now, previous *Kept) []LineGroup {
	rows := sums(now, previous, func(_ *KeptResource, l *KeptLine) string { return l.Group })
	out := make([]LineGroup, len(rows))
	for i, r := range rows {
		out[i] = LineGroup{Group: r.key, Cost: r.cost, Previous: r.previous}
	}
	return out
}

// tagCosts adds resources up by the value of a tag, the dearest first. What does
// not have the tag is one row, the last.
func tagCosts(now, previous *Kept, key string, saves map[ResourceKey]float64) []TagCost {
	value := func(r *KeptResource) string { return r.Tags[key] }
	if key == "" {
		value = func(*KeptResource) string { return "" }
	}
	rows := sums(now, previous, func(r *KeptResource, _ *KeptLine) string { return value(r) })
	untagged := TagCost{Untagged: true, Previous: math.NaN()}
	if previous != nil {
		untagged.Previous = 0
	}
	var out []TagCost
	at := map[string]int{}
	for _, r := range rows {
		if r.key == "" {
			untagged.Cost, untagged.Previous = r.cost, r.previous
			continue
		}
		at[r.key] = len(out)
		out = append(out, TagCost{Value: r.key, Cost: r.cost, Previous: r.previous})
	}
	at[""] = len(out)
	out = append(out, untagged)
	left := maps.Clone(saves)
	for i := range now.Resources {
		r := &now.Resources[i]
		if row, ok := at[value(r)]; ok {
			out[row].Resources++
			out[row].Saving += saves[r.ResourceKey]
			delete(left, r.ResourceKey)
		}
	}
	// Savings on what is no resource of its own (a cluster) belong to nobody.
	for _, k := range slices.SortedFunc(maps.Keys(left), ResourceKey.compare) {
		out[at[""]].Saving += left[k]
	}
	return out
}

// keyedSum is a row of sums.
type keyedSum struct {
	key            string
	cost, previous float64
}

// sums adds lines up by a key, the dearest first.
func sums(now, previous *Kept, key func(*KeptResource, *KeptLine) string) []keyedSum {
	at := map[string]int{}
	var out []keyedSum
	row := func(k string) *keyedSum {
		i, seen := at[k]
		if !seen {
			i = len(out)
			at[k] = i
			out = append(out, keyedSum{key: k})
			if previous == nil {
				out[i].previous = math.NaN()
			}
		}
		return &out[i]
	}
	for i := range now.Resources {
		r := &now.Resources[i]
		for j := range r.Lines {
			row(key(r, &r.Lines[j])).cost += r.Lines[j].Cost
		}
	}
	if previous != nil {
		for i := range previous.Resources {
			r := &previous.Resources[i]
			for j := range r.Lines {
				row(key(r, &r.Lines[j])).previous += r.Lines[j].Cost
			}
		}
	}
	slices.SortStableFunc(out, func(a, b keyedSum) int { return cmp.Or(cmp.Compare(b.cost, a.cost), cmp.Compare(a.key, b.key)) })
	return out
}
