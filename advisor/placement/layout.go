package placement

import (
	"cmp"
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
	for _, a := range lots {
		at := slices.IndexFunc(l.lots, func(b lot) bool { return a.kind == b.kind && slices.Equal(a.take, b.take) })
		if at < 0 {
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

// firstFit is first-fit decreasing on one kind; nil where a task has no room.
func (m *model) firstFit(t int) []lot {
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
	var bins []*open
	for _, i := range order {
		left := m.items[i].tasks
		for _, b := range bins {
			n := min(left, b.most(m, k, i))
			if n > 0 {
				b.put(m, i, n)
				left -= n
			}
		}
		for left > 0 {
			b := m.empty(k)
			n := min(left, b.most(m, k, i))
			b.put(m, i, n)
			left -= n
			bins = append(bins, b)
		}
	}
	lots := make([]lot, len(bins))
	for i, b := range bins {
		lots[i] = lot{kind: t, count: 1, take: b.take}
	}
	return lots
}
