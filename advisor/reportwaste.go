package advisor

import (
	"cmp"
	"slices"
)

// WasteClass is why something is wasted.
type WasteClass string

// Classes of waste, in printing order.
const (
	WasteIdle      WasteClass = "idle"      // runs and does nothing
	WasteOversized WasteClass = "oversized" // bigger or more than the demand needs
	WasteOffHours  WasteClass = "off-hours" // runs while nobody works
	WasteOrphaned  WasteClass = "orphaned"  // used by nothing
	WasteRetained  WasteClass = "retained"  // logs and images kept for ever
)

// WasteClasses lists the classes in printing order.
func WasteClasses() []WasteClass {
	return []WasteClass{WasteIdle, WasteOversized, WasteOffHours, WasteOrphaned, WasteRetained}
}

// wasteClass is the class of what a lever finds, "" where it is another design and
// no waste.
func wasteClass(l Lever) WasteClass {
	switch l {
	case LeverIdle:
		return WasteIdle
	case LeverRightSize, LeverSidecar, LeverReservation, LeverConsolidate:
		return WasteOversized
	case LeverSchedule:
		return WasteOffHours
	case LeverOrphan:
		return WasteOrphaned
	case LeverLogs, LeverImageStorage:
		return WasteRetained
	}
	return ""
}

// Waste is the part of the plan that takes away what nobody uses. Its amounts are
// those of the plan's steps, each on what the steps before it left, so that they
// add up and never exceed the plan.
type Waste struct {
	Total float64
	Items []WasteItem
	// Found are findings of waste that the plan does not take, with the reason:
	// they are in no sum.
	Found []LeftOut
}

// WasteItem is one step of the plan that is waste, USD a month.
type WasteItem struct {
	Class WasteClass
	Step  *Step
}

// wasteOf sorts the plan's steps by class, the largest first.
func wasteOf(plan *Plan) Waste {
	var w Waste
	if plan == nil {
		return w
	}
	for i := range plan.Stages {
		for j := range plan.Stages[i].Steps {
			step := &plan.Stages[i].Steps[j]
			if class := wasteClass(step.Recommendation.Lever); class != "" {
				w.Items = append(w.Items, WasteItem{class, step})
			}
		}
	}
	slices.SortStableFunc(w.Items, func(a, b WasteItem) int {
		return cmp.Or(slices.Index(WasteClasses(), a.Class)-slices.Index(WasteClasses(), b.Class), cmp.Compare(b.Step.Incremental, a.Step.Incremental))
	})
	for _, item := range w.Items {
		w.Total += item.Step.Incremental
	}
	for _, l := range plan.Left {
		if wasteClass(l.Recommendation.Lever) != "" {
			w.Found = append(w.Found, l)
		}
	}
	return w
}

// savingByResource is what the plan's steps save, by what they are about.
func savingByResource(plan *Plan) map[ResourceKey]float64 {
	saves := map[ResourceKey]float64{}
	if plan == nil {
		return saves
	}
	for i := range plan.Stages {
		for j := range plan.Stages[i].Steps {
			step := &plan.Stages[i].Steps[j]
			saves[stepKey(step.Recommendation.Lever, step.Recommendation.Subject).ResourceKey] += step.Incremental
		}
	}
	return saves
}
