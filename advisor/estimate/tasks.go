package estimate

import (
	"math"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// taskHours is what one provider of a service runs in a month.
type taskHours struct {
	provider design.Provider
	// hours is task-hours a month; why is its formula.
	hours quantity
	why   string
	// shape is the provider's tasks by hour of the week; nil where the count
	// does not change.
	shape *[design.HoursPerWeek]float64
}

// taskHours spreads a service's running tasks over its capacity providers.
func (m *meter) taskHours(s *design.Service) []taskHours {
	providers := s.Capacity.Providers
	if len(providers) == 0 {
		return nil // where the tasks run is not known; the service says so
	}
	out := make([]taskHours, len(providers))
	for i, p := range providers {
		out[i].provider = p
	}
	switch {
	case s.Count.Runs != nil:
		hours, why := m.runHours(s.Count.Runs, s.Task.OS.Value)
		for i, share := range weightShares(providers) {
			out[i].hours, out[i].why = design.Scale(hours, share), why
		}
	case s.Count.Week != nil:
		m.weekHours(s.Count.Week, providers, out)
	default:
		count := m.of(s.Count)
		split := spread(count.Value, providers, constant(s.Count))
		for i := range out {
			tasks := quantity{Value: split[i], Basis: count.Basis, Note: count.Note}
			out[i].hours = design.Scale(tasks, m.hours)
			out[i].why = num(split[i]) + " tasks × " + num(m.hours) + " h"
		}
	}
	return out
}

// weekHours spreads each hour of a schedule by itself, since base tasks are
// the first to start and the last to stop.
func (m *meter) weekHours(week *design.WeekSchedule, providers []design.Provider, out []taskHours) {
	shapes := make([][design.HoursPerWeek]float64, len(providers))
	for h, n := range week.Hours {
		for i, tasks := range spread(n, providers, true) {
			shapes[i][h] = tasks
		}
	}
	weeks := m.hours / design.HoursPerWeek
	for i := range out {
		sum := 0.0
		for _, n := range shapes[i] {
			sum += n
		}
		out[i].hours = design.Know(sum * weeks)
		out[i].why = num(sum) + " task-hours a week × " + num(weeks) + " weeks"
		out[i].shape = &shapes[i]
	}
}

// runHours is the billed task-hours of one-shot work: runs × tasks × billed
// seconds, each task rounded up and not below the platform's minimum.
func (m *meter) runHours(r *design.Runs, os design.OS) (hours quantity, why string) {
	tasks := r.Tasks.Or(1, "one task a run")
	if !r.Seconds.Stated() {
		return design.NotKnown[float64]("how long a run lasts is not stated"), ""
	}
	billed := pricing.BilledSeconds(string(os), r.Seconds.Value)
	runs := design.Scale(r.PerDay, m.hours/24)
	hours = design.Times(runs, tasks, design.Fact[float64]{Value: billed / 3600, Basis: r.Seconds.Basis, Note: r.Seconds.Note})
	return hours, num(runs.Value) + " runs × " + num(tasks.Value) + " tasks × " + num(billed) + " s"
}

// starts is how many tasks start in a month, as far as the design tells:
// deployments replace every task, runs start theirs. Starts by autoscaling and
// by failures are not known from a design.
func (m *meter) starts(s *design.Service) quantity {
	if r := s.Count.Runs; r != nil {
		return design.Times(design.Scale(r.PerDay, m.hours/24), r.Tasks.Or(1, "one task a run"))
	}
	if !s.Deployment.PerMonth.Stated() {
		return design.NotKnown[float64]("deployments a month are not stated")
	}
	return design.Times(s.Deployment.PerMonth, m.of(s.Count))
}

// constant reports whether the count that is priced is one that runs, not the
// mean of several. Without an average a scaled count is priced at its bounds.
func constant(p design.CountProfile) bool {
	s := p.Scaled
	return s == nil || !s.Average.Stated() || s.Min.Stated() && s.Max.Stated() && s.Min.Value == s.Max.Value
}

// spread distributes n running tasks over providers: the base of each first,
// in order, then the rest in proportion to the weights. Whole tasks stay
// whole: the remainder goes to the largest fractions, first in order on a tie.
// A count that is not whole, or not constant, is a mean and spread in proportion:
// were a mean of 6 spread like 6 tasks, it would cost more or less than 5.99 and 6.01.
// Source: "for every one task … four tasks", Capacity provider strategy
// concepts, docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html;
// how AWS rounds is not published.
func spread(n float64, providers []design.Provider, constant bool) []float64 {
	split := make([]float64, len(providers))
	if len(providers) == 1 {
		split[0] = n
		return split
	}
	rest := n
	for i, p := range providers {
		take := math.Min(float64(p.Base), rest)
		split[i] = take
		rest -= take
	}
	if rest <= 0 {
		return split
	}
	shares := weightShares(providers)
	if !constant || rest != math.Trunc(rest) {
		for i, share := range shares {
			split[i] += rest * share
		}
		return split
	}
	fractions := make([]float64, len(providers))
	left := rest
	for i, share := range shares {
		whole := math.Floor(rest*share + 1e-9)
		fractions[i] = rest*share - whole
		split[i] += whole
		left -= whole
	}
	for ; left > 0.5; left-- {
		best := 0
		for i := range fractions {
			if fractions[i] > fractions[best]+1e-9 {
				best = i
			}
		}
		split[best]++
		fractions[best] = -1
	}
	return split
}

// weightShares are the providers' weights as shares of one. Where no provider
// has a weight the first takes all.
func weightShares(providers []design.Provider) []float64 {
	shares := make([]float64, len(providers))
	sum := 0
	for _, p := range providers {
		sum += p.Weight
	}
	if sum == 0 {
		if len(shares) > 0 {
			shares[0] = 1
		}
		return shares
	}
	for i, p := range providers {
		shares[i] = float64(p.Weight) / float64(sum)
	}
	return shares
}
