package advisor

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// How a value is told from its own history. The score is Iglewicz and Hoaglin's
// modified z-score, 0.6745 × (value − median) / MAD, and 3.5 the limit they
// recommend: How to Detect and Handle Outliers, ASQC 1993, chapter 3. 0.6745 makes
// the MAD of normal values their standard deviation.
const (
	anomalyScore = 3.5
	madToSigma   = 0.6745
	// anomalyHistory is how many reports a score needs before it, a choice: of
	// fewer a median and a MAD say little.
	anomalyHistory = 6
	// A history that hardly moves makes every cent an anomaly: a value has to
	// differ by this share of the median and by this many USD a month too.
	anomalyShare = 0.2
	anomalyUSD   = 10
	// leastSpread is the least spread that a history is taken to have, as a
	// share of its median: measured means jitter by more than a per cent.
	leastSpread = 0.02
	// taskJump is how many times as many tasks as ever before are a jump.
	taskJump = 2
)

// AnomalyKind is what is strange.
type AnomalyKind string

// Kinds of anomalies.
const (
	// AnomalyCost is a cost off the resource's own history.
	AnomalyCost AnomalyKind = "cost"
	// AnomalyTasks is more tasks than ever.
	AnomalyTasks AnomalyKind = "tasks"
	// AnomalyNewClass is a task size, launch type or instance type that never
	// ran before in any account of the report.
	AnomalyNewClass AnomalyKind = "new class"
)

// Anomaly is something that was never so.
type Anomaly struct {
	ResourceKey
	Kind AnomalyKind
	// Value is what it is now, Usual what it was in the median: USD a month, or
	// tasks where they alone are strange. Usual is NaN where nothing but the
	// class is.
	Value, Usual float64
	// Score is the modified z-score, NaN where none was needed.
	Score float64
	// Excess is USD a month above the usual.
	Excess float64
	// Cause is the likely cause in words: the largest effect.
	Cause string
}

// anomalies compares every resource with its own history, the dearest first.
func anomalies(past []Kept, now *Kept, change *CostChange) []Anomaly {
	if len(past) == 0 {
		return nil
	}
	costs, tasks := histories(past)
	changes := map[ResourceKey]*ResourceChange{}
	for i := range change.Resources {
		changes[change.Resources[i].ResourceKey] = &change.Resources[i]
	}
	var out []Anomaly
	for i := range now.Resources {
		r := &now.Resources[i]
		cause := causeOf(changes[r.ResourceKey])
		if a, ok := costAnomaly(r, costs[r.ResourceKey]); ok {
			a.Cause = cause
			out = append(out, a)
		} else if a, ok := taskAnomaly(r, tasks[r.ResourceKey]); ok {
			a.Cause = cause
			out = append(out, a)
		}
	}
	out = mergeNewClasses(out, newClasses(past, now))
	slices.SortStableFunc(out, func(a, b Anomaly) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Excess), math.Abs(a.Excess)), a.compare(b.ResourceKey), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Cause, b.Cause))
	})
	return out
}

// histories are the costs and the known task counts of every resource by report.
func histories(past []Kept) (costs, tasks map[ResourceKey][]float64) {
	costs, tasks = map[ResourceKey][]float64{}, map[ResourceKey][]float64{}
	for i := range past {
		for j := range past[i].Resources {
			r := &past[i].Resources[j]
			costs[r.ResourceKey] = append(costs[r.ResourceKey], r.Cost())
			if r.Tasks.Known() {
				tasks[r.ResourceKey] = append(tasks[r.ResourceKey], float64(r.Tasks))
			}
		}
	}
	return costs, tasks
}

func costAnomaly(r *KeptResource, history []float64) (Anomaly, bool) {
	if len(history) < anomalyHistory {
		return Anomaly{}, false
	}
	cost := r.Cost()
	usual, spread := centre(history)
	score := madToSigma * (cost - usual) / spread
	// Once a level has lasted for a report it is no news: the alarm is for the move.
	least, moved := max(anomalyUSD, anomalyShare*usual), cost-history[len(history)-1]
	if math.Abs(score) < anomalyScore || math.Abs(cost-usual) < least || math.Abs(moved) < least || (moved > 0) != (cost > usual) {
		return Anomaly{}, false
	}
	return Anomaly{ResourceKey: r.ResourceKey, Kind: AnomalyCost, Value: cost, Usual: usual, Score: score, Excess: cost - usual}, true
}

// taskAnomaly finds more tasks than ever, which a short history can tell too.
func taskAnomaly(r *KeptResource, history []float64) (Anomaly, bool) {
	if len(history) == 0 || !r.Tasks.Known() {
		return Anomaly{}, false
	}
	n := float64(r.Tasks)
	usual, _ := centre(history)
	excess := r.Cost() * (1 - usual/n)
	if n < taskJump*slices.Max(history) || n < 2 || excess < anomalyUSD {
		return Anomaly{}, false
	}
	return Anomaly{ResourceKey: r.ResourceKey, Kind: AnomalyTasks, Value: n, Usual: usual, Score: math.NaN(), Excess: excess}, true
}

// centre is the median and the median absolute deviation of a history, at the least
// leastSpread of the median.
func centre(history []float64) (median, mad float64) {
	median = medianOf(history)
	deviations := make([]float64, len(history))
	for i, v := range history {
		deviations[i] = math.Abs(v - median)
	}
	return median, max(medianOf(deviations), madToSigma*leastSpread*math.Abs(median), 1e-9)
}

// medianOf is the median; of an even number of values the mean of the middle two.
func medianOf(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// newClasses finds task sizes, launch types and instance types that no report
// before had.
func newClasses(past []Kept, now *Kept) []Anomaly {
	known := map[string]bool{}
	for i := range past {
		for j := range past[i].Resources {
			for _, class := range classesOf(&past[i].Resources[j]) {
				known[class] = true
			}
		}
	}
	var out []Anomaly
	for i := range now.Resources {
		r := &now.Resources[i]
		for _, class := range classesOf(r) {
			if !known[class] && r.Cost() >= anomalyUSD {
				out = append(out, Anomaly{
					ResourceKey: r.ResourceKey, Kind: AnomalyNewClass, Value: r.Cost(), Usual: math.NaN(), Score: math.NaN(), Excess: r.Cost(),
					Cause: class + " never ran before",
				})
			}
		}
	}
	return out
}

// mergeNewClasses joins what is new in a resource to what its cost or its tasks said,
// so that a resource is one anomaly.
func mergeNewClasses(found, fresh []Anomaly) []Anomaly {
	at := make(map[ResourceKey]int, len(found))
	for i := range found {
		at[found[i].ResourceKey] = i
	}
	for _, a := range fresh {
		i, seen := at[a.ResourceKey]
		if !seen {
			at[a.ResourceKey] = len(found)
			found = append(found, a)
			continue
		}
		f := &found[i]
		f.Kind = AnomalyNewClass
		f.Cause = strings.TrimSuffix(a.Cause+"; "+f.Cause, "; ")
	}
	return found
}

// classesOf names what kind of capacity a resource runs on: "16 vCPU tasks",
// "FARGATE_SPOT", "c7i.4xlarge instances".
func classesOf(r *KeptResource) []string {
	var classes []string
	if c := r.Config; c != nil && r.Cost() > 0 {
		if c.VCPU > 0 {
			classes = append(classes, number(c.VCPU)+" vCPU tasks")
		}
		if c.Arch != "" {
			classes = append(classes, c.Arch)
		}
		for provider := range strings.FieldsSeq(c.Capacity) {
			kind, _, _ := strings.Cut(provider, ":")
			classes = append(classes, kind)
		}
	}
	for i := range r.Lines {
		if _, instance, ok := strings.Cut(r.Lines[i].UsageType, "BoxUsage:"); ok {
			classes = append(classes, instance+" instances")
		}
	}
	slices.Sort(classes)
	return slices.Compact(classes)
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// causeOf says the largest effect of a change in words.
func causeOf(c *ResourceChange) string {
	if c == nil {
		return ""
	}
	e := c.Effects
	causes := []struct {
		size float64
		text string
	}{
		{e.Configuration, "configuration" + configText(c.ConfigBefore, c.ConfigAfter)},
		{e.Volume, "volume" + tasksText(c.TasksBefore, c.TasksAfter)},
		{e.Price, "what a unit costs: prices, discounts or commitments"},
		{e.New, "it is new"},
		{e.Data, "it could not be priced or read in one of the two reports"},
	}
	best := causes[0]
	for _, x := range causes[1:] {
		if math.Abs(x.size) > math.Abs(best.size) {
			best = x
		}
	}
	if best.size == 0 {
		return "unchanged since the last report: it began before"
	}
	return best.text
}

func tasksText(before, after Measure) string {
	if !before.Known() || !after.Known() || before == after {
		return ""
	}
	return fmt.Sprintf(": %s → %s tasks", number(math.Round(float64(before)*10)/10), number(math.Round(float64(after)*10)/10))
}

// configText is what differs between two configurations.
func configText(before, after *Config) string {
	if before == nil || after == nil {
		return ""
	}
	var parts []string
	if before.VCPU != after.VCPU || before.GB != after.GB {
		parts = append(parts, fmt.Sprintf("%s vCPU + %s GB → %s vCPU + %s GB", number(before.VCPU), number(before.GB), number(after.VCPU), number(after.GB)))
	}
	for _, pair := range [][2]string{{before.Arch, after.Arch}, {before.Capacity, after.Capacity}} {
		if pair[0] != pair[1] {
			parts = append(parts, pair[0]+" → "+pair[1])
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}
