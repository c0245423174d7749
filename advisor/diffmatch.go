package advisor

import (
	"cmp"
	"maps"
	"slices"

	"ecsavvy/advisor/estimate"
)

// Identity is what makes a resource the same one on both sides of a change.
type Identity struct {
	Kind          estimate.Kind
	Cluster, Name string
}

// IdentityOf returns the identity of a resource.
func IdentityOf(r *estimate.Resource) Identity {
	return Identity{Kind: r.Kind, Cluster: r.Cluster, Name: r.Name}
}

// String is "service web/api", or "NAT shared" without a cluster.
func (i Identity) String() string {
	if i.Cluster == "" {
		return string(i.Kind) + " " + i.Name
	}
	return string(i.Kind) + " " + i.Cluster + "/" + i.Name
}

// Match says by what two resources were taken for one.
type Match uint8

// Matches.
const (
	// ByIdentity: kind, cluster and name are equal.
	ByIdentity Match = iota
	// Declared: DiffOptions.Renamed says so.
	Declared
	// ByName: kind and name are equal and no other resource of that kind
	// and name changed its cluster.
	ByName
	// ByLikeness: kind, summary, tags and lines are equal, and no other
	// resource is like them.
	ByLikeness
)

// pairing is a resource on both sides; one of them may be nil.
type pairing struct {
	before, after *estimate.Resource
	match         Match
	rank          int // of its kind, in printing order
}

// matcher pairs resources. Every resource ends in exactly one pairing.
type matcher struct {
	old, now []*estimate.Resource
	// oldDone and nowDone mark what is paired.
	oldDone, nowDone []bool
	pairs            []pairing
}

// matchResources pairs the resources of two results: as declared, then by
// identity, then by name in another cluster, then by likeness. What is left has
// no partner.
func matchResources(old, now []*estimate.Resource, renamed map[string]string) []pairing {
	m := &matcher{
		old: old, now: now,
		oldDone: make([]bool, len(old)), nowDone: make([]bool, len(now)),
		pairs: make([]pairing, 0, max(len(old), len(now))),
	}
	if len(renamed) > 0 {
		m.declared(renamed)
	}
	m.byIdentity()
	m.unique(ByName, func(r *estimate.Resource) string { return string(r.Kind) + "\x00" + r.Name })
	m.unique(ByLikeness, likeness)
	for i, r := range old {
		if !m.oldDone[i] {
			m.pairs = append(m.pairs, pairing{before: r})
		}
	}
	for i, r := range now {
		if !m.nowDone[i] {
			m.pairs = append(m.pairs, pairing{after: r})
		}
	}
	sortPairs(m.pairs)
	return m.pairs
}

func (m *matcher) pair(i, j int, by Match) {
	m.oldDone[i], m.nowDone[j] = true, true
	m.pairs = append(m.pairs, pairing{before: m.old[i], after: m.now[j], match: by})
}

// declared pairs what was declared as moved. A bare name can mean resources of
// several kinds: each goes to the one of its kind, in its cluster if possible.
func (m *matcher) declared(renamed map[string]string) {
	oldNamed, nowNamed := namedIndex(m.old), namedIndex(m.now)
	for _, from := range slices.Sorted(maps.Keys(renamed)) {
		was, is := oldNamed[from], nowNamed[renamed[from]]
		for _, i := range was {
			for _, j := range is {
				a, b := m.old[i], m.now[j]
				if !m.oldDone[i] && !m.nowDone[j] && a.Kind == b.Kind && a.Cluster == b.Cluster {
					m.pair(i, j, Declared)
				}
			}
		}
		for _, i := range was {
			for _, j := range is {
				if !m.oldDone[i] && !m.nowDone[j] && m.onlyOfKind(i, was, m.old, m.oldDone) && m.onlyOfKind(j, is, m.now, m.nowDone) && m.old[i].Kind == m.now[j].Kind {
					m.pair(i, j, Declared)
				}
			}
		}
	}
}

// onlyOfKind reports whether no other of the indices that is not paired has
// the kind of i.
func (m *matcher) onlyOfKind(i int, among []int, all []*estimate.Resource, done []bool) bool {
	for _, k := range among {
		if k != i && !done[k] && all[k].Kind == all[i].Kind {
			return false
		}
	}
	return true
}

// namedIndex finds resources by name and by Identity.String.
func namedIndex(resources []*estimate.Resource) map[string][]int {
	index := make(map[string][]int, 2*len(resources))
	for i, r := range resources {
		full := IdentityOf(r).String()
		index[full] = append(index[full], i)
		if r.Name != full {
			index[r.Name] = append(index[r.Name], i)
		}
	}
	return index
}

// bucket is the resources of one key that are not paired yet.
type bucket struct{ old, now []int }

// byIdentity pairs equal identities. Several resources of one identity, which
// a valid design does not have, are paired equal content first, then in order
// of content.
func (m *matcher) byIdentity() {
	single := make(map[Identity]int, len(m.now))
	repeated := map[Identity]*bucket{}
	for j, r := range m.now {
		if m.nowDone[j] {
			continue
		}
		id := IdentityOf(r)
		if _, again := single[id]; again {
			repeated[id] = &bucket{}
		}
		single[id] = j
	}
	partner := make([]int, len(m.old))
	taken := make([]bool, len(m.now))
	for i, r := range m.old {
		partner[i] = -1
		if m.oldDone[i] {
			continue
		}
		id := IdentityOf(r)
		j, found := single[id]
		if !found {
			continue
		}
		if taken[j] && repeated[id] == nil {
			repeated[id] = &bucket{}
		}
		partner[i], taken[j] = j, true
	}
	for i, j := range partner {
		if j < 0 {
			continue
		}
		if b := repeated[IdentityOf(m.old[i])]; b != nil {
			b.old = append(b.old, i)
			continue
		}
		m.pair(i, j, ByIdentity)
	}
	m.repeatedIdentities(repeated)
}

// repeatedIdentities pairs within each identity that several resources have.
func (m *matcher) repeatedIdentities(repeated map[Identity]*bucket) {
	if len(repeated) == 0 {
		return
	}
	for j, r := range m.now {
		if b := repeated[IdentityOf(r)]; b != nil && !m.nowDone[j] {
			b.now = append(b.now, j)
		}
	}
	for _, b := range repeated {
		m.byContent(b)
	}
}

// byContent pairs a bucket's resources: equal content first, the rest in order.
func (m *matcher) byContent(b *bucket) {
	key := make(map[*estimate.Resource]string, len(b.old)+len(b.now))
	for _, i := range b.old {
		key[m.old[i]] = content(m.old[i])
	}
	for _, j := range b.now {
		key[m.now[j]] = content(m.now[j])
	}
	sorted := func(list []int, all []*estimate.Resource) {
		slices.SortStableFunc(list, func(i, j int) int { return cmp.Compare(key[all[i]], key[all[j]]) })
	}
	sorted(b.old, m.old)
	sorted(b.now, m.now)
	var oldRest, nowRest []int
	was, is := b.old, b.now
	for len(was) > 0 && len(is) > 0 {
		switch order := cmp.Compare(key[m.old[was[0]]], key[m.now[is[0]]]); {
		case order == 0:
			m.pair(was[0], is[0], ByIdentity)
			was, is = was[1:], is[1:]
		case order < 0:
			oldRest, was = append(oldRest, was[0]), was[1:]
		default:
			nowRest, is = append(nowRest, is[0]), is[1:]
		}
	}
	oldRest, nowRest = append(oldRest, was...), append(nowRest, is...)
	for i := range min(len(oldRest), len(nowRest)) {
		m.pair(oldRest[i], nowRest[i], ByIdentity)
	}
}

// unique pairs what is left where a key stands exactly once on both sides. An
// empty key matches nothing.
func (m *matcher) unique(by Match, key func(*estimate.Resource) string) {
	buckets := map[string]*bucket{}
	at := func(k string) *bucket {
		b := buckets[k]
		if b == nil {
			b = &bucket{}
			buckets[k] = b
		}
		return b
	}
	if !slices.Contains(m.oldDone, false) || !slices.Contains(m.nowDone, false) {
		return
	}
	for i, r := range m.old {
		if !m.oldDone[i] {
			b := at(key(r))
			b.old = append(b.old, i)
		}
	}
	for j, r := range m.now {
		if !m.nowDone[j] {
			b := at(key(r))
			b.now = append(b.now, j)
		}
	}
	for k, b := range buckets {
		if k != "" && len(b.old) == 1 && len(b.now) == 1 {
			m.pair(b.old[0], b.now[0], by)
		}
	}
}
