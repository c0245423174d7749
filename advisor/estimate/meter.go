package estimate

import (
	"strconv"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// quantity is a month's quantity with its basis.
type quantity = design.Fact[float64]

// meter turns a workload into usages. It knows ECS and no prices: what a
// quantity costs is decided afterwards, over all usages together, because
// tiers and allowances are filled by the whole workload.
type meter struct {
	w      *design.Workload
	cat    *pricing.Catalog // for instance types and their choice
	owners owners
	region string
	hours  float64 // a month
	count  countOf
	chosen chosenInstances
	// daemons are the task-hours of daemons, known once instances are placed.
	daemons map[*design.Service]quantity

	resources []Resource
	pending   []pendingUsage
	terms     pricing.Terms
	noted     map[Note]bool
	notes     []Note
	warnings  []Note
	eligible  []eligibleLine
}

// countOf picks the count that an estimate is made at.
type countOf uint8

const (
	atMean countOf = iota
	atLeast
	atMost
)

// pendingUsage is a usage that waits for its rate, and the line it is for.
type pendingUsage struct {
	resource, line int
	usage          pricing.Usage
}

// of returns the profile's count at the meter's point of the range.
func (m *meter) of(p design.CountProfile) quantity {
	low, high := p.Bounds()
	switch m.count {
	case atLeast:
		return low
	case atMost:
		if !high.Stated() {
			return low
		}
		return high
	default:
		return p.Mean()
	}
}

// take returns a fact after noting it where it is assumed.
func take[T any](m *meter, path string, f design.Fact[T]) design.Fact[T] {
	if f.Basis == design.Assumed {
		m.assume(path, f.Note)
	}
	return f
}

// assume lists an assumption once.
func (m *meter) assume(path, text string) {
	note := Note{Path: path, Text: text}
	if text == "" || m.noted[note] {
		return
	}
	m.noted[note] = true
	m.notes = append(m.notes, note)
}

// warn lists what a price does not say.
func (m *meter) warn(path, text string) {
	m.warnings = append(m.warnings, Note{Path: path, Text: text})
}

// resource is a handle on a resource that is being metered.
type resource struct {
	m     *meter
	index int
}

// open starts a resource; its lines follow.
func (m *meter) open(kind Kind, name string) resource {
	m.resources = append(m.resources, Resource{Kind: kind, Name: name})
	return resource{m: m, index: len(m.resources) - 1}
}

func (r resource) data() *Resource { return &r.m.resources[r.index] }

// use meters one line: a month's quantity of a SKU. An unknown quantity makes
// an unpriced line, never a line of zero.
func (r resource) use(group Group, name, detail string, sku pricing.SKU, q quantity, why string) {
	res := r.data()
	line := Line{Name: name, Detail: detail, Group: group, Basis: q.Basis}
	line.Charge.Usage = pricing.Usage{SKU: sku, Quantity: q.Value, Why: why}
	if !q.Stated() {
		line.Unpriced = q.Note
		if line.Unpriced == "" {
			line.Unpriced = "depends on usage that is not stated"
		}
		res.Lines = append(res.Lines, line)
		return
	}
	res.Lines = append(res.Lines, line)
	r.m.pending = append(r.m.pending, pendingUsage{resource: r.index, line: len(res.Lines) - 1, usage: line.Charge.Usage})
}

// unpriced adds a line that has no price for a reason other than its quantity.
func (r resource) unpriced(group Group, name, why string) {
	res := r.data()
	res.Lines = append(res.Lines, Line{Name: name, Group: group, Unpriced: why})
}

// sku names a SKU of the workload's region.
func (m *meter) sku(service, usageType string, attributes ...string) pricing.SKU {
	return pricing.NewSKU(service, usageType, m.region, attributes...)
}

// num writes a number for a formula or a summary: at most four decimals, no
// needless digits. It is no rounding of money.
func num(f float64) string {
	s := strconv.FormatFloat(f, 'f', 4, 64)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}
