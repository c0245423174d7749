package estimate

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// PlanSize is how much of a Savings Plan a design would best buy, in USD an
// hour at the plan's rates.
type PlanSize struct {
	// Hourly costs least over the week that the design states.
	Hourly float64
	// Least and Most are what the hours of the week would use of a plan
	// without end.
	Least, Most float64
	// WholeHours is the share of the hours that use all of Hourly.
	WholeHours float64
}

// SizePlan finds the commitment of a Savings Plan that costs least for a
// design: the least C of
//
//	Σ hours (C + what C leaves, at On-Demand rates)
//
// where AWS spends C of each hour on the highest discount first. The cost is
// convex in C, so that it falls up to the answer: with one discount d that is
// r × Q_d, r = 1 − d. Where no count changes, every hour is the same and it is
// all that the plan reaches. The plan's own Hourly is not read; other
// commitments of the design are left out.
func SizePlan(w design.Workload, plan design.SavingsPlan, cat *pricing.Catalog, opt Options) (PlanSize, error) {
	if !w.Region.Stated() {
		return PlanSize{}, errors.New("estimate: the design states no region")
	}
	w.Commitments = design.Commitments{}
	w.Normalize()
	m := newMeter(&w, cat, cmp.Or(opt.HoursPerMonth, float64(HoursPerMonth)), atMean, chosenInstances{})
	m.run()
	if _, err := m.rate(opt.Terms); err != nil {
		return PlanSize{}, err
	}
	plan.Hourly = 1
	w.Commitments.SavingsPlans = []design.SavingsPlan{plan}
	owned, err := m.ownedCommitments()
	if err != nil {
		return PlanSize{}, err
	}
	hours := m.plannedHours(*owned)
	if len(hours) == 0 || hours[len(hours)-1].plan < 1e-12 {
		return PlanSize{}, fmt.Errorf("a %s Savings Plan reaches nothing of it", plan.Kind)
	}
	return sizeOver(hours), nil
}

// plannedHour is what one hour of the week holds that a plan may cover, by
// falling discount.
type plannedHour struct {
	parts []plannedPart
	plan  float64 // USD at the plan's rates, all parts
}

type plannedPart struct{ plan, onDemand float64 } // USD an hour

// plannedHours are the hours of the week in order of what they would use of
// the plan.
func (m *meter) plannedHours(owned pricing.Commitments) []plannedHour {
	usages, lines := m.eligibleUsages(owned)
	offer := owned.Plans[0].Offer
	order := make([]int, 0, len(usages))
	for i := range usages {
		if rate, ok := usages[i].PlanRates[offer]; ok && rate > 0 && rate < usages[i].OnDemandRate && reaches(owned.Plans[0], &usages[i]) {
			order = append(order, i)
		}
	}
	share := func(i int) float64 { return usages[i].PlanRates[offer] / usages[i].OnDemandRate }
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(share(a), share(b)), cmp.Compare(usages[a].PlanRates[offer], usages[b].PlanRates[offer]))
	})
	perTask := make([]float64, len(usages))
	for i := range usages {
		perTask[i] = m.perTaskHour(lines[i])
	}
	hours := make([]plannedHour, design.HoursPerWeek)
	for h := range hours {
		for _, i := range order {
			q := perTask[i]
			if shape := lines[i].shape; shape != nil {
				q *= shape[h]
			}
			if q > 0 {
				part := plannedPart{plan: q * usages[i].PlanRates[offer], onDemand: q * usages[i].OnDemandRate}
				hours[h].parts = append(hours[h].parts, part)
				hours[h].plan += part.plan
			}
		}
	}
	slices.SortStableFunc(hours, func(a, b plannedHour) int { return cmp.Compare(a.plan, b.plan) })
	return hours
}

// reaches reports whether a plan may cover a usage at all: an EC2 Instance
// Savings Plan is for one family in one region.
func reaches(p pricing.SavingsPlan, u *pricing.EligibleUsage) bool {
	if p.Offer.Type != pricing.EC2InstancePlan {
		return true
	}
	return u.Kind == pricing.KindEC2 && u.Region == p.Region && len(u.InstanceType) > len(p.Family) && u.InstanceType[:len(p.Family)+1] == p.Family+"."
}

// sizeOver finds the least cost by the slope: one more dollar an hour costs one
// in every hour, and saves in each the On-Demand price of what it covers there.
// The slope rises with C and steps only where some hour ends one of its parts,
// so that the answer is such a place: the first behind which it is not negative.
func sizeOver(hours []plannedHour) PlanSize {
	var steps []float64
	for i := range hours {
		sum := 0.0
		for _, p := range hours[i].parts {
			sum += p.plan
			steps = append(steps, sum)
		}
	}
	slices.Sort(steps)
	steps = slices.CompactFunc(steps, func(a, b float64) bool { return math.Abs(b-a) <= 1e-12*math.Max(a, b) })
	slope := func(c float64) float64 { // just above c
		s := float64(len(hours))
		for i := range hours {
			sum := 0.0
			for _, p := range hours[i].parts {
				if sum += p.plan; sum > c*(1+1e-9) {
					s -= p.onDemand / p.plan
					break
				}
			}
		}
		return s
	}
	size := PlanSize{Least: hours[0].plan, Most: hours[len(hours)-1].plan}
	if slope(0) < 0 {
		i, _ := slices.BinarySearchFunc(steps, 0, func(c float64, _ int) int {
			if slope(c) < 0 {
				return -1
			}
			return 1
		})
		size.Hourly = steps[i]
	}
	whole := 0
	for i := range hours {
		if hours[i].plan >= size.Hourly*(1-1e-9) {
			whole++
		}
	}
	size.WholeHours = float64(whole) / float64(len(hours))
	return size
}
