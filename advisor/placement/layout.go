package placement

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// lot is a number of instances of one kind with the same tasks.
type lot struct {
	kind, count int
	take        []int
}

// layout is a placement in the model's terms.
type layout struct {
	lots []lot
	usd  float64
}

func (m *model) layout(lots []lot) layout {
	l := layout{}
	known := make(map[string]int, len(lots))
	var key []byte
	for _, a := range lots {
		key = binary.AppendVarint(key[:0], int64(a.kind))
		for i, n := range a.take {
			if n > 0 {
				key = binary.AppendVarint(binary.AppendVarint(key, int64(i)), int64(n))
			}
		}
		at, ok := known[string(key)]
		if !ok {
			known[string(key)] = len(l.lots)
			l.lots = append(l.lots, a)
		} else {
			l.lots[at].count += a.count
		}
	}
	slices.SortStableFunc(l.lots, func(a, b lot) int { return cmp.Or(cmp.Compare(a.kind, b.kind), slices.Compare(b.take, a.take)) })
	for _, a := range l.lots {
		l.usd += m.kinds[a.kind].usd * float64(a.count)
	}
	return l
}

// open is an instance that is being filled.
type open struct {
	room  vec
	take  []int
	ports []bool
}

// most is how many more of an item the instance holds.
func (b *open) most(m *model, k *kind, i int) int {
	it := &m.items[i]
	for _, p := range it.ports {
		if b.ports[p] {
			return 0
		}
	}
	return min(b.room.copies(it.need), min(it.limit, k.most[i])-b.take[i])
}

func (b *open) put(m *model, i, n int) {
	b.room = b.room.minus(m.items[i].need, n)
	b.take[i] += n
	for _, p := range m.items[i].ports {
		b.ports[p] = n > 0
	}
}

func (m *model) empty(k *kind) *open {
	return &open{room: k.room, take: make([]int, len(m.items)), ports: make([]bool, m.ports)}
}

// decreasing orders the items from the largest part of a kind's vCPU or memory
// down; nil where one has no room.
func (m *model) decreasing(t int) []int {
	k := &m.kinds[t]
	order := make([]int, len(m.items))
	weight := make([]float64, len(m.items))
	for i := range order {
		if k.most[i] == 0 {
			return nil
		}
		order[i] = i
		for _, d := range []int{cpuDimension, memoryDimension} {
			if k.room[d] > 0 {
				weight[i] = max(weight[i], float64(m.items[i].need[d])/float64(k.room[d]))
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weight[b], weight[a]) })
	return order
}

// firstFit is first-fit decreasing on one kind; nil where a task has no room.
func (m *model) firstFit(t int) []lot {
	order := m.decreasing(t)
	if order == nil {
		return nil
	}
	_, put := m.fillFirst(t, order)
	takes := make([][]int, 0, len(put))
	for _, p := range put {
		for len(takes) <= p.bin {
			takes = append(takes, make([]int, len(m.items)))
		}
		takes[p.bin][p.item] += p.tasks
	}
	lots := make([]lot, len(takes))
	for i := range takes {
		lots[i] = lot{kind: t, count: 1, take: takes[i]}
	}
	return lots
}

// firstFitCount is the number of instances of firstFit, 0 where a task has no
// room.
func (m *model) firstFitCount(t int) int {
	order := m.decreasing(t)
	if order == nil {
		return 0
	}
	bins, _ := m.fillFirst(t, order)
	return bins
}

// placed is some tasks of an item on an instance.
type placed struct{ bin, item, tasks int }

// fillFirst puts items in order onto the first instance with room. An instance
// that is too full for all items to come is not looked at again.
func (m *model) fillFirst(t int, order []int) (bins int, put []placed) {
	type bin struct {
		room  vec
		at    int
		ports []bool
	}
	k := &m.kinds[t]
	least := make([]vec, len(order)+1) // of the items from a place on
	least[len(order)] = vec{boundless, boundless, boundless, boundless}
	for j := len(order) - 1; j >= 0; j-- {
		least[j] = m.items[order[j]].need
		for d := range least[j] {
			least[j][d] = min(least[j][d], least[j+1][d])
		}
	}
	var open []bin
	for j, i := range order {
		it := &m.items[i]
		left := it.tasks
		fits := func(b *bin) int {
			if slices.ContainsFunc(it.ports, func(p int) bool { return b.ports[p] }) {
				return 0
			}
			return min(left, b.room.copies(it.need), it.limit, k.most[i])
		}
		fill := func(b *bin, n int) {
			b.room = b.room.minus(it.need, n)
			for _, p := range it.ports {
				b.ports[p] = true
			}
			left -= n
			put = append(put, placed{b.at, i, n})
		}
		kept := open[:0]
		for b := range open {
			if n := fits(&open[b]); n > 0 {
				fill(&open[b], n)
			}
			if open[b].room.atLeast(least[j+1]) {
				kept = append(kept, open[b])
			}
		}
		open = kept
		for left > 0 {
			b := bin{room: k.room, at: bins, ports: make([]bool, m.ports)}
			bins++
			fill(&b, fits(&b))
			if b.room.atLeast(least[j+1]) {
				open = append(open, b)
			}
		}
	}
	return bins, put
}
