package advisor

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"ecsavvy/advisor/account"
)

// Realised is what recommendations of earlier reports brought, once applied.
type Realised struct {
	// Services are the resources on which something was applied, the newest
	// first.
	Services []RealisedSaving
	// Saved is USD a month over those that are measured, Predicted their P50.
	Saved, Predicted float64
	// Measured counts them; Below, Within and Above count where the saving came
	// out against the predicted P10 to P90. Within should be 8 of 10.
	Measured, Below, Within, Above int
}

// RealisedSaving is what the recommendations applied to one resource between two
// reports brought, USD a month.
type RealisedSaving struct {
	ResourceKey
	Levers []Lever
	// Recommended and Applied are the ends of the report before the change and
	// of the first report after it.
	Recommended, Applied time.Time
	// Predicted is the sum over the levers of what the plan said.
	Predicted Saving
	// Measured says that a whole period lies behind the change; before that
	// Saved is NaN.
	Measured bool
	Saved    float64
	// Held is the cost at which it is measured against: what the resource would
	// cost now had it not been changed.
	Held float64
}

// OpenStep is a recommendation that stands since earlier reports.
type OpenStep struct {
	KeptStep
	// Since is the end of the first report in a row that had it, Reports how
	// many had it, this one included.
	Since   time.Time
	Reports int
}

// realisedOf follows every recommendation through the reports. A report shows that
// a change was made, and its period may hold days before it: the saving is measured
// in the report after that one. docs/report.md has the formula.
func realisedOf(past []Kept, now *Kept) (Realised, []OpenStep) {
	all := append(slices.Clone(past), *now)
	index := make([]map[ResourceKey]*KeptResource, len(all))
	for i := range all {
		index[i] = make(map[ResourceKey]*KeptResource, len(all[i].Resources))
		for j := range all[i].Resources {
			index[i][all[i].Resources[j].ResourceKey] = &all[i].Resources[j]
		}
	}
	var out Realised
	for i := 0; i+1 < len(all); i++ {
		out.Services = append(out.Services, appliedBetween(all, index, i)...)
	}
	slices.SortStableFunc(out.Services, func(a, b RealisedSaving) int {
		return cmp.Or(b.Applied.Compare(a.Applied), a.compare(b.ResourceKey))
	})
	for i := range out.Services {
		s := &out.Services[i]
		if !s.Measured {
			continue
		}
		out.Measured++
		out.Saved += s.Saved
		out.Predicted += s.Predicted.P50
		switch {
		case s.Saved < s.Predicted.P10-cent:
			out.Below++
		case s.Saved > s.Predicted.P90+cent:
			out.Above++
		default:
			out.Within++
		}
	}
	return out, openSteps(all)
}

// appliedBetween are the recommendations of report i that report i+1 shows as made,
// by resource.
func appliedBetween(all []Kept, index []map[ResourceKey]*KeptResource, i int) []RealisedSaving {
	before, after := &all[i], &all[i+1]
	at := map[ResourceKey]int{}
	var out []RealisedSaving
	for s := range before.Plan {
		step := &before.Plan[s]
		if slices.Contains(after.Unread, step.scope()) || !applied(step, index[i][step.ResourceKey], index[i+1][step.ResourceKey], after) {
			continue
		}
		row, seen := at[step.ResourceKey]
		if !seen {
			row = len(out)
			at[step.ResourceKey] = row
			out = append(out, RealisedSaving{ResourceKey: step.ResourceKey, Recommended: before.To, Applied: after.To, Saved: math.NaN(), Held: math.NaN()})
		}
		r := &out[row]
		r.Levers = append(r.Levers, step.Lever)
		r.Predicted.P10 += step.P10
		r.Predicted.P50 += step.P50
		r.Predicted.P90 += step.P90
	}
	for k := range out {
		r := &out[k]
		if i+2 >= len(all) || slices.Contains(all[i+2].Unread, account.Scope{Account: r.Account, Region: r.Region}) {
			continue
		}
		r.measure(index[i][r.ResourceKey], index[i+2][r.ResourceKey])
	}
	return out
}

// applied reports whether a later report shows a recommendation as made: the
// configuration is what it led to, in all that it would change. Where that cannot be
// seen, the finding is gone though its lever judged the resource.
func applied(step *KeptStep, before, after *KeptResource, later *Kept) bool {
	if after == nil {
		// A stopped or deleted resource is what these two ask for.
		return before != nil && (step.Lever == LeverIdle || step.Lever == LeverOrphan)
	}
	if before != nil && before.Config != nil && step.To != nil && after.Config != nil && !same(before.Config, step.To) {
		return reaches(before.Config, step.To, after.Config)
	}
	_, found := slices.BinarySearchFunc(later.Found, step.StepKey, StepKey.compare)
	_, open := slices.BinarySearchFunc(later.NotJudged, step.StepKey, StepKey.compare)
	return !found && !open && before != nil
}

func same(a, b *Config) bool {
	return a.VCPU == b.VCPU && a.GB == b.GB && a.Arch == b.Arch && a.Capacity == b.Capacity && countsAlike(a.Count, b.Count)
}

// reaches reports whether a configuration is the target in every part in which the
// target differs from what was.
func reaches(was, target, is *Config) bool {
	return (was.VCPU == target.VCPU || is.VCPU == target.VCPU) &&
		(was.GB == target.GB || is.GB == target.GB) &&
		(was.Arch == target.Arch || is.Arch == target.Arch) &&
		(was.Capacity == target.Capacity || is.Capacity == target.Capacity) &&
		(countsAlike(was.Count, target.Count) || countsAlike(is.Count, target.Count))
}

// countTolerance is how far a measured mean count may be from the count that was
// asked for: deployments and restarts move it.
const countTolerance = 0.1

// countsAlike compares counts; those that are numbers are measured means.
func countsAlike(a, b string) bool {
	x, errX := strconv.ParseFloat(strings.TrimPrefix(a, "week "), 64)
	y, errY := strconv.ParseFloat(strings.TrimPrefix(b, "week "), 64)
	if errX != nil || errY != nil {
		return a == b
	}
	return math.Abs(x-y) <= countTolerance*max(1, y)
}

// measure sets what was saved: what the resource would cost now at the former
// configuration, less what it costs. Its demand and prices are today's, so that
// neither counts as a saving or eats one up.
func (r *RealisedSaving) measure(before, now *KeptResource) {
	if before == nil {
		return
	}
	r.Measured = true
	r.Held = before.Cost()
	if now == nil {
		r.Saved = r.Held
		return
	}
	r.Held = atPricesOf(before, now) * growth(before, now)
	r.Saved = r.Held - now.Cost()
}

// atPricesOf is what the former quantities cost at today's unit prices; lines that
// are gone have none, and keep theirs.
func atPricesOf(before, now *KeptResource) float64 {
	sum := 0.0
	for i := range before.Lines {
		l := &before.Lines[i]
		at := slices.IndexFunc(now.Lines, func(o KeptLine) bool { return o.key() == l.key() && !o.Unpriced && o.Quantity > 0 })
		if at < 0 {
			sum += l.Cost
			continue
		}
		sum += l.Quantity * now.Lines[at].UnitPrice
	}
	return sum
}

// growth is how many times the work has become, for a service whose tasks follow
// it; 1 where they do not, or where either was not measured.
func growth(before, now *KeptResource) float64 {
	if before.Config == nil || !strings.Contains(before.Config.Count, "-") || !before.Demand.Known() || !now.Demand.Known() || !(before.Demand > 0) {
		return 1
	}
	return float64(now.Demand / before.Demand)
}

// openSteps are the steps of the last plan with how long they have stood.
func openSteps(all []Kept) []OpenStep {
	last := &all[len(all)-1]
	out := make([]OpenStep, len(last.Plan))
	at := make(map[StepKey]int, len(out))
	for i := range last.Plan {
		out[i] = OpenStep{KeptStep: last.Plan[i], Since: last.To, Reports: 1}
		at[last.Plan[i].StepKey] = i
	}
	for k := len(all) - 2; k >= 0; k-- {
		seen := 0
		for s := range all[k].Plan {
			// In a row: it stood in every report since.
			if i, ok := at[all[k].Plan[s].StepKey]; ok && out[i].Reports == len(all)-1-k {
				out[i].Since = all[k].To
				out[i].Reports++
				seen++
			}
		}
		if seen == 0 {
			break
		}
	}
	return out
}
