package estimate

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// eligibleLine is a line that a commitment may cover.
type eligibleLine struct {
	resource, line int
	shape          *[design.HoursPerWeek]float64
}

// eligibleUse meters a line that Savings Plans or Reserved Instances may cover:
// On-Demand instances, vCPU and GB of Fargate. Spot, licences, storage and
// fees are never covered.
// Source: docs.aws.amazon.com/savingsplans/latest/userguide/plan-types.html.
func (m *meter) eligibleUse(r resource, group Group, name, detail string, sku pricing.SKU, q quantity, why string, shape *[design.HoursPerWeek]float64) {
	r.use(group, name, detail, sku, q, why)
	if q.Stated() && !strings.HasPrefix(sku.UsageType, "SpotUsage") {
		m.eligible = append(m.eligible, eligibleLine{resource: r.index, line: len(r.data().Lines) - 1, shape: shape})
	}
}

// commit applies the design's commitments to each hour of a typical week, as
// AWS applies them, and lowers the effective cost of the lines they cover.
func (m *meter) commit() (*CommitmentUse, error) {
	owned, err := m.ownedCommitments()
	if err != nil || owned == nil {
		return nil, err
	}
	usages, lines := m.eligibleUsages(*owned)
	applier, err := pricing.NewApplier(usages, *owned)
	if err != nil {
		return nil, err
	}
	tally := applier.NewTally()
	quantities := make([]float64, len(lines))
	perTask := make([]float64, len(lines))
	for i, e := range lines {
		perTask[i] = m.perTaskHour(e)
	}
	for h := range design.HoursPerWeek {
		for i, e := range lines {
			quantities[i] = perTask[i]
			if e.shape != nil {
				quantities[i] *= e.shape[h]
			}
		}
		if err := tally.Add(quantities, m.hours/design.HoursPerWeek); err != nil {
			return nil, err
		}
	}
	for i, e := range lines {
		line := &m.resources[e.resource].Lines[e.line]
		line.Cost.Effective = tally.Usages[i].EffectiveCost
		line.Charge.EffectiveCost = tally.Usages[i].EffectiveCost
	}
	use := &CommitmentUse{}
	for j, p := range owned.Plans {
		use.Plans = append(use.Plans, PlanUse{Name: p.ID, Committed: tally.Plans[j].Cost, Used: tally.Plans[j].Used})
		use.Unused += tally.Plans[j].Unused
	}
	for j, res := range owned.Reservations {
		use.Plans = append(use.Plans, PlanUse{Name: res.ID, Committed: tally.Reservations[j].Cost, Used: tally.Reservations[j].Used})
		use.Unused += tally.Reservations[j].Unused
	}
	return use, nil
}

// perTaskHour is a line's units in an hour: its month spread evenly, or, of a
// count with a shape, the units of one task in an hour that it runs.
func (m *meter) perTaskHour(e eligibleLine) float64 {
	perHour := m.resources[e.resource].Lines[e.line].Charge.PricingQuantity / m.hours
	if e.shape == nil {
		return perHour
	}
	week := design.WeekSchedule{Hours: *e.shape}
	if mean := week.Mean(); mean > 0 {
		return perHour / mean
	}
	return 0
}

// eligibleUsages describes the priced eligible lines to the billing rule, with
// their rate under every plan that could reach them. A line whose rate under
// one of the plans is not known is left uncovered by all, and the output says
// so: which plan would have covered it cannot be told.
func (m *meter) eligibleUsages(owned pricing.Commitments) ([]pricing.EligibleUsage, []eligibleLine) {
	var usages []pricing.EligibleUsage
	var lines []eligibleLine
	for _, e := range m.eligible {
		line := &m.resources[e.resource].Lines[e.line]
		if line.Unpriced != "" {
			continue
		}
		sku := line.Charge.Rate.SKU
		u := pricing.EligibleUsage{
			ID: fmt.Sprintf("%08d", len(usages)), Kind: pricing.KindFargate,
			OnDemandRate: m.terms.Paid(sku.Service, line.Charge.ListUnitPrice), PlanRates: map[pricing.Offer]float64{},
		}
		attributes := []string{}
		if name, isInstance := strings.CutPrefix(sku.UsageType, "BoxUsage:"); isInstance {
			u.Kind, u.InstanceType, u.Region, u.OS = pricing.KindEC2, name, m.region, "Linux"
			if strings.Contains(sku.Attributes, "operatingSystem=Windows") {
				u.OS = "Windows"
			}
			attributes = append(attributes, "os="+u.OS)
		}
		known := true
		for _, p := range owned.Plans {
			if p.Offer.Type == pricing.EC2InstancePlan && u.Kind != pricing.KindEC2 {
				continue
			}
			query := pricing.NewSKU("AWSComputeSavingsPlan", sku.UsageType, m.region,
				append(attributes, "plan="+string(p.Offer.Type), "term="+p.Offer.Term, "payment="+p.Offer.Payment)...)
			rate, err := m.cat.Lookup(query)
			if err != nil {
				known = false
				m.warn("commitments."+p.ID, "does not cover "+sku.UsageType+" here: "+strings.TrimPrefix(err.Error(), "pricing: "))
				break
			}
			if rate.Assumed != "" {
				m.assume("commitments."+p.ID, rate.Assumed)
			}
			u.PlanRates[p.Offer] = m.terms.Paid(sku.Service, rate.Tiers[0].USD)
		}
		if known {
			usages, lines = append(usages, u), append(lines, e)
		}
	}
	return usages, lines
}

// ownedCommitments translates the design's commitments; nil if it has none.
func (m *meter) ownedCommitments() (*pricing.Commitments, error) {
	c := m.w.Commitments
	if len(c.SavingsPlans) == 0 && len(c.Reservations) == 0 {
		return nil, nil
	}
	owned := &pricing.Commitments{}
	for i, p := range c.SavingsPlans {
		name := p.Name
		if name == "" {
			name = p.Kind + " Savings Plan " + strconv.Itoa(i+1)
		}
		owned.Plans = append(owned.Plans, pricing.SavingsPlan{
			ID:     name,
			Offer:  pricing.Offer{Type: pricing.PlanType(p.Kind), Term: p.Term, Payment: p.Payment},
			Family: p.Family, Region: p.Region, Commitment: p.Hourly,
		})
	}
	for i, r := range c.Reservations {
		if r.OS == design.Windows {
			return nil, fmt.Errorf("commitments.reservations[%d]: the price snapshot has Reserved Instance rates of Linux only", i)
		}
		if r.Count != math.Trunc(r.Count) {
			return nil, fmt.Errorf("commitments.reservations[%d]: count %s: want a whole number of instances", i, num(r.Count))
		}
		rate, err := m.cat.Lookup(m.sku(ec2, "HeavyUsage:"+r.InstanceType, "offeringClass="+r.Offering, "term="+r.Term, "payment="+r.Payment))
		if err != nil {
			return nil, fmt.Errorf("commitments.reservations[%d]: %w", i, err)
		}
		owned.Reservations = append(owned.Reservations, pricing.Reservation{
			ID: "Reserved " + r.InstanceType + " " + strconv.Itoa(i+1), InstanceType: r.InstanceType, Region: m.region, OS: "Linux",
			Count: int(r.Count), Rate: rate.Tiers[0].USD,
		})
	}
	return owned, nil
}
