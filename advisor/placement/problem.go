package placement

import (
	"fmt"
	"strings"
)

// Offer is an instance type at a price: On-Demand or Spot, with the fee of
// Managed Instances where it applies.
type Offer struct {
	Node       Node
	USDPerHour float64
}

// Problem is to place all tasks of the demands on instances of the offered
// types at the least cost per hour.
type Problem struct {
	Demands []Demand
	Offers  []Offer
	Options Options

	// Region, Limits and Elsewhere word the error where a task fits no offer:
	// "no instance type in <Region> holds … under <Limits>; smallest that
	// would: <the cheapest of Elsewhere>".
	Region    string
	Limits    string
	Elsewhere []Offer
}

// Options are the rules of a placement. The zero value asks for the cheapest
// mix of types, in one zone, with no spare capacity.
type Options struct {
	// Homogeneous asks for one type for the whole group.
	Homogeneous bool
	// Daemons run once on every instance and take their room first.
	Daemons []Shape

	// Zones is the number of Availability Zones; 0 is 1. SpreadZones splits
	// each demand evenly over them, the remainder of the k-th demand from zone
	// k on, as ECS's spread strategy does. Without it zones do not matter.
	Zones       int
	SpreadZones bool
	// SpareZone keeps room for every task when any one zone is lost: each
	// zone holds ceil(tasks / (zones − 1)). It implies SpreadZones.
	SpareZone bool
	// SpareInstances per zone stand empty: N+1 with 1.
	SpareInstances int

	// HeadroomLargest keeps room for one more task of the largest shape, per
	// zone; HeadroomPercent for so many percent more tasks of every demand:
	// what a rolling deployment starts before it stops (maximumPercent − 100).
	HeadroomLargest bool
	HeadroomPercent float64
	// TargetCapacity is managed scaling's target in percent: N instances in
	// use, ceil(N × 100 / target) running. 0 is 100.
	TargetCapacity float64

	// Seed of the local search.
	Seed uint64
	// Effort is the number of search nodes to spend, the same on every
	// machine; 0 is DefaultEffort, or ExactEffort for fewer than 50 tasks. For a limit of time, cancel the context:
	// Solve then returns the best plan so far with Status Interrupted.
	Effort int
}

// DefaultEffort is the number of search nodes that Solve spends at most where
// it cannot prove an optimum before: less than a second of one core of 2024.
const DefaultEffort = 16_000_000

// ExactTasks is the number of tasks below which Solve searches on to a proven
// optimum, for ExactEffort nodes at most: some five seconds of one core of 2024,
// which only tasks of very many different shapes need.
const (
	ExactTasks  = 50
	ExactEffort = 100_000_000
)

// Status says how far a plan is known to be from the best possible.
type Status uint8

const (
	// Optimal: no plan costs less.
	Optimal Status = iota
	// WithinGap: the effort ran out; no plan costs less than Bound.
	WithinGap
	// Interrupted: the context ended first; Bound holds all the same.
	Interrupted
)

func (s Status) String() string {
	return [...]string{"optimal", "within the gap", "interrupted"}[s]
}

// Plan is a placement.
type Plan struct {
	// Instances by zone, type and what runs on them.
	Instances  []InstanceCount
	USDPerHour float64
	// Bound is a proven floor: no plan under the same options costs less.
	Bound float64
	// Gap is USDPerHour / Bound − 1.
	Gap float64
	// Binding is the dimension that is used most.
	Binding string
	Status  Status
}

// InstanceCount is a number of equal instances with the same tasks on each.
type InstanceCount struct {
	Type       string
	Offer      int // index in Problem.Offers
	USDPerHour float64
	Count      int
	Zone       int // 1, 2, …; 0 where zones do not matter
	// Tasks on each of them; none on a spare instance.
	Tasks []TaskCount
}

// TaskCount is a number of tasks of one demand.
type TaskCount struct {
	Demand int // index in Problem.Demands
	Name   string
	Tasks  int
	// Headroom says that the room is kept and no task runs there.
	Headroom bool
}

// Count is the number of instances.
func (p Plan) Count() int {
	n := 0
	for _, i := range p.Instances {
		n += i.Count
	}
	return n
}

// NoRoomError says that a task fits no instance type on offer.
type NoRoomError struct {
	Shape  Shape
	Region string
	Limits string
	// Smallest is the cheapest type elsewhere that holds the task, or "".
	Smallest string
}

func (e *NoRoomError) Error() string {
	s := e.Shape
	var b strings.Builder
	b.WriteString("placement: no instance type")
	if e.Region != "" {
		b.WriteString(" in " + e.Region)
	}
	fmt.Fprintf(&b, " holds %.4g vCPU + %.4g GB", s.VCPU, s.GB)
	if s.GPUs > 0 {
		fmt.Fprintf(&b, " + %d GPU", s.GPUs)
	}
	if s.ENI {
		b.WriteString(" + a network interface")
	}
	for _, p := range s.Ports {
		fmt.Fprintf(&b, " + host port %d", p)
	}
	if s.Architecture != "" {
		b.WriteString(" on " + s.Architecture)
	}
	if e.Limits != "" {
		b.WriteString(" under " + e.Limits)
	}
	if s.Name != "" {
		b.WriteString(" (" + s.Name + ")")
	}
	if e.Smallest != "" {
		b.WriteString("; smallest that would: " + e.Smallest)
	}
	return b.String()
}

// check refuses what is no problem at all.
func (p *Problem) check() error {
	o := p.Options
	switch {
	case len(p.Offers) == 0:
		return fmt.Errorf("placement: no instance type is on offer")
	case o.Zones < 0 || o.SpareInstances < 0 || o.HeadroomPercent < 0 || o.Effort < 0:
		return fmt.Errorf("placement: zones, spare instances, headroom and effort are zero or more")
	case o.SpareZone && o.Zones < 2:
		return fmt.Errorf("placement: room for the loss of a zone needs two zones or more, got %d", o.Zones)
	case o.TargetCapacity != 0 && !(o.TargetCapacity >= 1 && o.TargetCapacity <= 100):
		return fmt.Errorf("placement: target capacity is %g, want 1 to 100 percent", o.TargetCapacity)
	}
	for _, d := range p.Demands {
		s := d.Shape
		if d.Tasks < 0 || s.GPUs < 0 || !(s.VCPU >= 0 && s.VCPU < largest) || !(s.GB >= 0 && s.GB < largest) {
			return fmt.Errorf("placement: demand %s has a size or a count that is negative or no number", s.Name)
		}
	}
	for _, f := range p.Offers {
		if !(f.USDPerHour > 0 && f.USDPerHour < largest) || !(f.Node.VCPU < largest) || !(f.Node.GB < largest) {
			return fmt.Errorf("placement: offer %s has no price or no size", f.Node.Type)
		}
	}
	return nil
}

// largest bounds every size and price, so that sums stay whole.
const largest = 1e6
