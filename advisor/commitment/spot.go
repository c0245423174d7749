package commitment

import (
	"fmt"
	"math"

	"ecsavvy/pricing"
)

// Interruption is how often a Spot task or instance is taken away.
type Interruption struct {
	// Low and High bound the share that is interrupted within a month: 0.05
	// and 0.10. High is NaN where the band has no upper end, both are NaN
	// where nothing is published.
	Low, High float64
	// Source says where that is from, or that there is none.
	Source string
}

// FargateInterruption is unknown: AWS publishes interruption bands of EC2
// instance types and none for Fargate Spot.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
// (two minutes of warning, no rates).
func FargateInterruption() Interruption {
	return Interruption{Low: math.NaN(), High: math.NaN(), Source: "AWS publishes no interruption rates of Fargate Spot"}
}

// InstanceInterruption is the band of an instance type, as the catalogue has it
// from AWS's Spot Instance advisor; unknown where it has none.
func InstanceInterruption(c *pricing.Catalog, region, instanceType string) (Interruption, error) {
	band, ok := c.Interruption(region, instanceType)
	if !ok {
		return Interruption{Low: math.NaN(), High: math.NaN(), Source: fmt.Sprintf("no interruption band of %s in %s", instanceType, region)}, nil
	}
	i := Interruption{Source: "AWS Spot Instance advisor: " + band + " a month"}
	switch band {
	case "<5%":
		i.Low, i.High = 0, 0.05
	case "5-10%":
		i.Low, i.High = 0.05, 0.10
	case "10-15%":
		i.Low, i.High = 0.10, 0.15
	case "15-20%":
		i.Low, i.High = 0.15, 0.20
	case ">20%":
		i.Low, i.High = 0.20, math.NaN()
	default:
		return i, fmt.Errorf("commitment: interruption band %q of %s: want <5%%, 5-10%%, 10-15%%, 15-20%% or >20%%", band, instanceType)
	}
	return i, nil
}

// Known reports whether anything is published.
func (i Interruption) Known() bool { return !math.IsNaN(i.Low) }

// Hourly is the rate of interruptions of one task or instance in an hour at the
// upper end of the band, at its lower end where it has no upper one: a share f
// a month is −ln(1−f) ÷ 730 an hour, if they come evenly. NaN if unknown.
func (i Interruption) Hourly() float64 {
	f := i.High
	if math.IsNaN(f) {
		f = i.Low
	}
	return -math.Log1p(-f) / HoursPerMonth
}

// Expected is how many interruptions n tasks or instances see in a month.
func (i Interruption) Expected(n float64) float64 { return n * i.Hourly() * HoursPerMonth }

// SpotShare is a service's tasks on demand and on Spot, as a capacity provider
// strategy makes them: Base tasks on demand first, the rest by weights.
type SpotShare struct {
	Base float64
	// Weight of Spot and of on demand among the tasks above the base.
	SpotWeight, OnDemandWeight float64
}

// Split is how many of n tasks run on demand and on Spot on average. ECS counts
// whole tasks; over deployments its rounding evens out.
func (s SpotShare) Split(n float64) (onDemand, spot float64) {
	over := max(0, n-s.Base)
	if s.SpotWeight > 0 {
		spot = over * s.SpotWeight / (s.SpotWeight + s.OnDemandWeight)
	}
	return n - spot, spot
}

// SpotRate is USD an hour that an hour of work costs on Spot: what an
// interruption throws away is done, and paid, again.
//
//	rate × (1 + interruptions an hour × hours of rework each)
func SpotRate(rate, interruptionsPerHour, reworkHours float64) float64 {
	return rate * (1 + interruptionsPerHour*reworkHours)
}

// SpotBreakEven is how many interruptions a month one task may see before Spot
// costs as much as on demand; +Inf without rework. It is what can be said of
// Fargate Spot, whose interruptions nobody publishes.
func SpotBreakEven(onDemand, spot, reworkHours float64) float64 {
	if onDemand <= spot {
		return 0
	}
	return (onDemand/spot - 1) / reworkHours * HoursPerMonth
}

// SpotService is what decides whether a service may run on Spot at all.
type SpotService struct {
	// Tasks is the least number of tasks that run.
	Tasks float64
	// Stateful: it keeps what it would lose on its own disk.
	Stateful bool
	// StopSeconds is what it needs to stop in good order; NaN if not known.
	StopSeconds float64
}

// spotWarning is how long before an interruption AWS tells, in seconds.
// Source: as FargateInterruption; the same for EC2 instances.
const spotWarning = 120

// SpotRefusal says why a service must not run on Spot; "" if it may.
func (s SpotService) SpotRefusal() string {
	if s.Tasks <= 1 {
		return "one task: every interruption is an outage"
	}
	return ""
}

// SpotFlags are reasons to think twice.
func (s SpotService) SpotFlags() []string {
	var flags []string
	if s.Stateful {
		flags = append(flags, "keeps state: an interruption may lose it")
	}
	switch {
	case math.IsNaN(s.StopSeconds):
		flags = append(flags, fmt.Sprintf("time to stop is not known: AWS gives %d s", spotWarning))
	case s.StopSeconds > spotWarning:
		flags = append(flags, fmt.Sprintf("needs %.0f s to stop, AWS gives %d s", s.StopSeconds, spotWarning))
	}
	return flags
}
