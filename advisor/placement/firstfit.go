package placement

import (
	"cmp"
	"slices"
)

// fitTolerance absorbs the rounding of sums of sizes written as decimals.
const fitTolerance = 1e-9

// bin is the room left on one instance.
type bin struct {
	vcpu, gb float64
	slots    int // -1: not limited
	gpus     int
	ports    map[int]bool
}

func (b *bin) holds(s Shape) bool {
	if s.VCPU > b.vcpu+fitTolerance || s.GB > b.gb+fitTolerance || s.GPUs > b.gpus || s.ENI && b.slots == 0 {
		return false
	}
	for _, p := range s.Ports {
		if b.ports[p] {
			return false
		}
	}
	return true
}

func (b *bin) put(s Shape) {
	b.vcpu -= s.VCPU
	b.gb -= s.GB
	b.gpus -= s.GPUs
	if s.ENI && b.slots > 0 {
		b.slots--
	}
	for _, p := range s.Ports {
		if b.ports == nil {
			b.ports = map[int]bool{}
		}
		b.ports[p] = true
	}
}

// FirstFit packs tasks onto instances of one type by first-fit decreasing: the
// tasks that fill most of an instance go first, each to the first instance
// with room. It returns a NoFitError where a task exceeds an empty instance.
func FirstFit(demands []Demand, n Node) (Packing, error) {
	sorted := slices.Clone(demands)
	weight := func(s Shape) float64 { return max(s.VCPU/n.VCPU, s.GB/n.GB) }
	slices.SortStableFunc(sorted, func(a, b Demand) int {
		return cmp.Or(cmp.Compare(weight(b.Shape), weight(a.Shape)), cmp.Compare(a.Shape.Name, b.Shape.Name))
	})
	var bins []bin
	for _, d := range sorted {
		empty := bin{vcpu: n.VCPU, gb: n.GB, slots: n.Slots, gpus: n.GPUs}
		if d.Tasks > 0 && !(empty.holds(d.Shape) && n.runs(d.Shape.Architecture)) {
			return Packing{}, &NoFitError{Shape: d.Shape, Node: n}
		}
		// Tasks of one shape never fit an instance that refused the one
		// before, so the search goes on where it stopped.
		at := 0
		for range d.Tasks {
			for at < len(bins) && !bins[at].holds(d.Shape) {
				at++
			}
			if at == len(bins) {
				bins = append(bins, empty)
			}
			bins[at].put(d.Shape)
			if d.Shape.Distinct {
				at++
			}
		}
	}
	bound, binding := LowerBound(demands, n)
	return Packing{Instances: len(bins), Bound: bound, Binding: binding}, nil
}
