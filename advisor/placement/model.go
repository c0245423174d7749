package placement

import (
	"cmp"
	"math"
	"slices"
)

// vec is an amount in every dimension.
type vec [dimensions]int64

const (
	cpuDimension = iota
	memoryDimension
	interfaceDimension
	gpuDimension
	dimensions
)

// units is how many whole units a vCPU or a GB has: 1,000 to an ECS CPU unit
// or a MiB. Sums of whole units are exact, so that ten tasks of 0.1 vCPU fill
// one vCPU.
const units = 1024 * 1000

// boundless is the room of a dimension that has no known limit.
const boundless = int64(1) << 50

// item is all tasks of one shape: those of several demands where they are the
// same, except for distinctInstance, which counts by demand.
type item struct {
	shape Shape
	need  vec
	ports []int // indices
	tasks int
	limit int // most on one instance
	from  []source
}

// source is where tasks of an item come from.
type source struct {
	demand, tasks int
	headroom      bool
}

// kind is an offer as the search sees it.
type kind struct {
	offer int
	usd   float64
	room  vec
	most  []int // of each item on an instance of its own; 0: none
}

// model is one zone's problem with shapes merged, daemons taken off and
// dominated offers left out.
type model struct {
	items []item
	kinds []kind
	ports int
	// places of the items in the model that this is a part of
	places []int
}

func needOf(s Shape) vec {
	v := vec{cpuDimension: int64(math.Round(s.VCPU * units)), memoryDimension: int64(math.Round(s.GB * units)), gpuDimension: int64(s.GPUs)}
	if s.ENI {
		v[interfaceDimension] = 1
	}
	return v
}

func roomOf(n Node) vec {
	v := vec{int64(math.Round(n.VCPU * units)), int64(math.Round(n.GB * units)), int64(n.Slots), int64(n.GPUs)}
	if n.Slots < 0 {
		v[interfaceDimension] = boundless
	}
	return v
}

// copies is how many of need the room holds.
func (v vec) copies(need vec) int {
	n := int64(math.MaxInt32)
	for k := range v {
		if v[k] < 0 {
			return 0
		}
		if need[k] > 0 {
			n = min(n, v[k]/need[k])
		}
	}
	return int(n)
}

func (v vec) minus(w vec, times int) vec {
	for k := range v {
		v[k] -= w[k] * int64(times)
	}
	return v
}

func (v vec) atLeast(w vec) bool {
	for k := range v {
		if v[k] < w[k] {
			return false
		}
	}
	return true
}

// newModel merges the demands and prepares the offers. Its order does not
// depend on the order of the input.
func newModel(p *Problem, wanted []want) (*model, error) {
	m := &model{}
	m.merge(wanted)
	taken := map[int]bool{}
	var daemons vec
	for _, d := range p.Options.Daemons {
		daemons = daemons.minus(needOf(d), -1)
		for _, port := range d.Ports {
			taken[port] = true
		}
	}
	for i, f := range p.Offers {
		runs := true
		for _, d := range p.Options.Daemons {
			runs = runs && f.Node.runs(d.Architecture)
		}
		room := roomOf(f.Node).minus(daemons, 1)
		if runs && room.atLeast(vec{}) {
			m.kinds = append(m.kinds, m.kind(i, f, room, taken))
		}
	}
	for i := range m.items {
		if !slices.ContainsFunc(m.kinds, func(k kind) bool { return k.most[i] > 0 }) {
			return nil, m.noRoom(p, i, daemons, taken)
		}
	}
	m.prune(p.Offers)
	return m, nil
}

// kind is an offer with its room; what exceeds all demand is cut off, which
// makes more offers equal.
func (m *model) kind(offer int, f Offer, room vec, taken map[int]bool) kind {
	k := kind{offer: offer, usd: f.USDPerHour, room: room, most: make([]int, len(m.items))}
	var total vec
	for i := range m.items {
		it := &m.items[i]
		total = total.minus(it.need, -it.tasks)
		if f.Node.runs(it.shape.Architecture) && !slices.ContainsFunc(it.shape.Ports, func(p int) bool { return taken[p] }) {
			k.most[i] = min(room.copies(it.need), it.limit, it.tasks)
		}
	}
	for d := range k.room {
		k.room[d] = min(k.room[d], total[d])
	}
	return k
}

func (m *model) noRoom(p *Problem, i int, daemons vec, taken map[int]bool) error {
	e := &NoRoomError{Shape: m.items[i].shape, Region: p.Region, Limits: p.Limits}
	price := math.Inf(1)
	for _, f := range p.Elsewhere {
		k := m.kind(0, f, roomOf(f.Node).minus(daemons, 1), taken)
		if k.most[i] > 0 && (f.USDPerHour < price || f.USDPerHour == price && f.Node.Type < e.Smallest) {
			e.Smallest, price = f.Node.Type, f.USDPerHour
		}
	}
	return e
}

// want is a demand of one zone.
type want struct {
	Demand
	index    int
	headroom bool
}

// merge makes the items: equal shapes are one, ports by index.
func (m *model) merge(wanted []want) {
	sorted := slices.Clone(wanted)
	slices.SortStableFunc(sorted, func(a, b want) int {
		return cmp.Or(compareShapes(a.Shape, b.Shape), cmp.Compare(a.Shape.Name, b.Shape.Name), cmp.Compare(a.Tasks, b.Tasks))
	})
	index := map[int]int{}
	for _, w := range sorted {
		if w.Tasks == 0 {
			continue
		}
		from := source{demand: w.index, tasks: w.Tasks, headroom: w.headroom}
		if last := len(m.items) - 1; last >= 0 && !w.Shape.Distinct && compareShapes(m.items[last].shape, w.Shape) == 0 {
			m.items[last].tasks += w.Tasks
			m.items[last].from = append(m.items[last].from, from)
			continue
		}
		it := item{shape: w.Shape, need: needOf(w.Shape), tasks: w.Tasks, limit: math.MaxInt32, from: []source{from}}
		if w.Shape.Distinct || len(w.Shape.Ports) > 0 {
			it.limit = 1
		}
		for _, p := range w.Shape.Ports {
			if _, known := index[p]; !known {
				index[p] = len(index)
			}
			if !slices.Contains(it.ports, index[p]) {
				it.ports = append(it.ports, index[p])
			}
		}
		m.items = append(m.items, it)
	}
	m.ports = len(index)
}

func compareShapes(a, b Shape) int {
	x, y := needOf(a), needOf(b)
	distinct := 0
	if a.Distinct != b.Distinct {
		distinct = 1
		if b.Distinct {
			distinct = -1
		}
	}
	return cmp.Or(slices.Compare(y[:], x[:]), cmp.Compare(a.Architecture, b.Architecture), slices.Compare(a.Ports, b.Ports), distinct)
}

// prune leaves out a kind where another costs no more and holds whatever it
// holds.
func (m *model) prune(offers []Offer) {
	slices.SortStableFunc(m.kinds, func(a, b kind) int {
		return cmp.Or(cmp.Compare(a.usd, b.usd), slices.Compare(b.room[:], a.room[:]), slices.Compare(b.most, a.most),
			cmp.Compare(offers[a.offer].Node.Type, offers[b.offer].Node.Type), cmp.Compare(a.offer, b.offer))
	})
	var kept []kind
	for _, k := range m.kinds {
		if slices.Max(append([]int{0}, k.most...)) == 0 {
			continue
		}
		if !slices.ContainsFunc(kept, func(o kind) bool { return o.room.atLeast(k.room) && covers(o.most, k.most) }) {
			kept = append(kept, k)
		}
	}
	m.kinds = kept
}

// covers reports whether a[i] ≥ b[i] for all i.
func covers(a, b []int) bool {
	for i := range a {
		if a[i] < b[i] {
			return false
		}
	}
	return true
}

// demand is the number of tasks by item.
func (m *model) demand() []int {
	d := make([]int, len(m.items))
	for i := range d {
		d[i] = m.items[i].tasks
	}
	return d
}
