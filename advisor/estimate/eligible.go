package estimate

import (
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// Eligible is the usage of a workload that Savings Plans may cover, beside what
// is committed already.
type Eligible struct {
	Lines []EligibleLine
	// Owned are the workload's own commitments.
	Owned pricing.Commitments
}

// EligibleLine is one line of such usage.
type EligibleLine struct {
	// Kind, Name and Cluster are of the resource that uses it.
	Kind          Kind
	Name, Cluster string
	// UsageType is AWS's ("BoxUsage:m6i.large", "Fargate-GB-Hours"), without the
	// billing prefix of a region; OS is "Linux" or "Windows", and empty of Fargate,
	// whose usage type says it.
	UsageType, Region, OS string
	// Hours are units in each hour of a typical week, Monday 00:00 first. They
	// are all the same where Shaped is false: the design says no more than a mean.
	Hours  [design.HoursPerWeek]float64
	Shaped bool
}

// EligibleUsage meters a workload and returns what of it commitments may cover. It
// fails as Run does; usage without an On-Demand price is left out.
func EligibleUsage(w design.Workload, cat *pricing.Catalog, opt Options) (Eligible, error) {
	m, _, err := metered(&w, cat, &opt)
	if err != nil {
		return Eligible{}, err
	}
	var out Eligible
	for _, e := range m.eligible {
		line := &m.resources[e.resource].Lines[e.line]
		if line.Unpriced != "" {
			continue
		}
		r, sku := &m.resources[e.resource], line.Charge.Rate.SKU
		l := EligibleLine{Kind: r.Kind, Name: r.Name, Cluster: r.Cluster, UsageType: sku.UsageType, Region: m.region, Shaped: e.shape != nil}
		if strings.HasPrefix(sku.UsageType, "BoxUsage:") {
			l.OS = "Linux"
			if strings.Contains(sku.Attributes, "operatingSystem=Windows") {
				l.OS = "Windows"
			}
		}
		unit := m.perTaskHour(e)
		for h := range l.Hours {
			l.Hours[h] = unit
			if e.shape != nil {
				l.Hours[h] *= e.shape[h]
			}
		}
		out.Lines = append(out.Lines, l)
	}
	owned, err := m.ownedCommitments()
	if err != nil || owned == nil {
		return out, err
	}
	out.Owned = *owned
	return out, nil
}
