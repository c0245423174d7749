package advisor

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ecsavvy/advisor/estimate"
)

// likeness is the key of what a resource is without its name: kind, summary,
// tags, and the names of its lines. A resource without lines has none.
func likeness(r *estimate.Resource) string {
	if len(r.Lines) == 0 {
		return ""
	}
	var k keyWriter
	k.about(r)
	for _, i := range lineOrder(r.Lines) {
		k.add(r.Lines[i].Name, r.Lines[i].Detail)
	}
	return k.b.String()
}

// content is the key of everything that a comparison looks at.
func content(r *estimate.Resource) string {
	var k keyWriter
	k.about(r)
	k.number(r.Cost.List, r.Cost.Effective, r.Range.Low, r.Range.High)
	for _, i := range lineOrder(r.Lines) {
		l := &r.Lines[i]
		k.add(l.Name, l.Detail, l.Unpriced, l.Charge.Usage.SKU.String(), l.Charge.Usage.Why)
		k.number(l.Charge.Usage.Quantity, l.Charge.ListUnitPrice, l.Cost.List, l.Cost.Effective)
	}
	return k.b.String()
}

// keyWriter joins texts so that different texts never give one key.
type keyWriter struct{ b strings.Builder }

func (k *keyWriter) add(texts ...string) {
	for _, t := range texts {
		k.b.WriteString(strconv.Itoa(len(t)))
		k.b.WriteByte(':')
		k.b.WriteString(t)
	}
}

func (k *keyWriter) number(numbers ...float64) {
	for _, f := range numbers {
		k.add(strconv.FormatFloat(f, 'g', -1, 64))
	}
}

// about adds what describes a resource beside its name and its lines.
func (k *keyWriter) about(r *estimate.Resource) {
	k.add(string(r.Kind), r.Summary, strconv.Itoa(len(r.Tags)))
	for _, name := range slices.Sorted(maps.Keys(r.Tags)) {
		k.add(name, r.Tags[name])
	}
}

// sortPairs puts pairs in printing order: by kind, name and cluster, what is
// on both sides first, then what was removed; then by what they were.
func sortPairs(pairs []pairing) {
	rank := make(map[estimate.Kind]int)
	for i, kind := range kinds() {
		rank[kind] = i - len(kinds()) // kinds not listed come last
	}
	for i := range pairs {
		pairs[i].rank = rank[pairs[i].resource().Kind]
	}
	slices.SortFunc(pairs, func(x, y pairing) int {
		a, b := x.resource(), y.resource()
		order := cmp.Or(x.rank-y.rank, strings.Compare(string(a.Kind), string(b.Kind)),
			strings.Compare(a.Name, b.Name), strings.Compare(a.Cluster, b.Cluster), x.sides()-y.sides())
		if order != 0 {
			return order
		}
		order = strings.Compare(content(a), content(b)) // one identity twice
		if order == 0 && x.before != nil && y.before != nil {
			order = cmp.Or(strings.Compare(IdentityOf(x.before).String(), IdentityOf(y.before).String()),
				strings.Compare(content(x.before), content(y.before)))
		}
		return order
	})
}

// resource is the resource after the change, or before it.
func (p *pairing) resource() *estimate.Resource {
	if p.after != nil {
		return p.after
	}
	return p.before
}

// sides orders pairs by the sides they have.
func (p *pairing) sides() int {
	switch {
	case p.before != nil && p.after != nil:
		return 0
	case p.before != nil:
		return 1
	default:
		return 2
	}
}

// kinds lists the kinds of resources in printing order.
func kinds() []estimate.Kind {
	return []estimate.Kind{
		estimate.KindService, estimate.KindInstances, estimate.KindCluster, estimate.KindLoadBalancer,
		estimate.KindTunnel, estimate.KindNAT, estimate.KindEndpoint, estimate.KindNetwork, estimate.KindLogGroup,
		estimate.KindRepository, estimate.KindSecrets, estimate.KindFileSystem, estimate.KindAlarms,
		estimate.KindNamespace, KindCommitments,
	}
}
