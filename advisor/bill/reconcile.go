package bill

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Estimate is what was estimated for a month of HoursPerMonth hours.
type Estimate struct {
	HoursPerMonth float64
	Lines         []EstimateLine
}

// EstimateLine is one estimated usage of a month.
type EstimateLine struct {
	// Cluster and Service are ECS's, empty for what is shared. A cluster that
	// the estimate does not tell is taken from the bill where it has the
	// service in one cluster only.
	Cluster, Service string
	// Region is the code, empty or "global" for what has none.
	Region string
	// Product is AWS's service code; UsageType has no region prefix.
	Product, UsageType string
	// Quantity is what is paid for, in Unit, a month.
	Quantity float64
	Unit     string
	// List and Effective are USD a month.
	List, Effective float64
	// Commitment says that the line is what was committed and not used.
	Commitment bool
	// Unpriced says why the line has no cost; empty for a priced line.
	Unpriced string
}

// Reason is why an amount of the bill is not in the estimate, or the reverse.
type Reason string

// Reasons, in printing order. The first three split the difference of what both
// have: the quantity, the list price, and what is paid of the list price.
const (
	ByQuantity     Reason = "quantity differs"
	ByRate         Reason = "list price differs"
	ByDiscount     Reason = "discounts and commitments differ"
	ByCost         Reason = "quantity or price differs (units cannot be compared)"
	NotBilled      Reason = "estimated, not billed"
	NoPrice        Reason = "unpriced in the estimate"
	NoUsageType    Reason = "usage type without estimate"
	NoService      Reason = "ECS service not in the estimate"
	NoProduct      Reason = "AWS service not in the estimate"
	ByAllocation   Reason = "instance cost that tasks took over"
	ByCommitment   Reason = "commitments not used"
	ByPurchase     Reason = "purchases and one-time fees"
	ByTax          Reason = "taxes"
	BySupport      Reason = "AWS Support"
	ByCredit       Reason = "credits"
	ByRefund       Reason = "refunds"
	ByBillDiscount Reason = "discounts on the invoice"
	ByAdjustment   Reason = "adjustments"
)

// Reasons lists them in printing order.
func Reasons() []Reason {
	return []Reason{ByQuantity, ByRate, ByDiscount, ByCost, NotBilled, NoPrice, NoUsageType, NoService, NoProduct, ByAllocation,
		ByCommitment, ByPurchase, ByTax, BySupport, ByCredit, ByRefund, ByBillDiscount, ByAdjustment}
}

// Part is a part of a difference: USD, billed less estimated.
type Part struct {
	Reason Reason
	USD    float64
}

// Reconciliation is an estimate beside the bill of the same hours. Amounts are
// USD of effective cost in the bill's time; Difference is Billed − Estimated
// and the sum of its parts.
type Reconciliation struct {
	// Hours is the time billed, Scale what a month's estimate was multiplied by.
	Hours, Scale float64
	Difference
	// Services are the ECS services by cluster and name; the last has no name
	// and holds what belongs to none of them.
	Services []ServiceDifference
	// Notes say what the reader of the comparison has to know.
	Notes []string
}

// Difference is estimated against billed, and why they differ.
type Difference struct {
	Estimated, Billed float64
	// Parts have a reason each, in the order of Reasons.
	Parts []Part
}

// USD is billed less estimated.
func (d Difference) USD() float64 { return d.Billed - d.Estimated }

// ServiceDifference is the difference of one ECS service.
type ServiceDifference struct {
	Cluster, Service string
	Difference
	Lines []LineDifference
}

// LineDifference is the difference of one usage type in one region.
type LineDifference struct {
	Product, UsageType, Region string
	Category                   Category
	// EstimatedQuantity and BilledQuantity are in their units; a unit is empty
	// where a side has no quantity or several units.
	EstimatedQuantity, BilledQuantity float64
	EstimatedUnit, BilledUnit         string
	Difference
}

// Reconcile compares an estimate with a bill. hours is the time that the bill
// is of, 0 for the span of its usage. What both sides have of one service, usage
// type and region is split into quantity, list price and discount:
//
//	quantity (q₁ − q₀) × e₀/q₀ · list price q₁ × (l₁/q₁ − l₀/q₀) · discount: the rest
//
// with q quantity, l list cost, e effective cost, 0 estimated and 1 billed.
func Reconcile(e Estimate, b *Bill, hours float64) (*Reconciliation, error) {
	if hours == 0 {
		hours = b.Hours()
	}
	if !(hours > 0) || math.IsInf(hours, 0) {
		return nil, errors.New("bill: reconciling: the bill covers no time: want hours above 0")
	}
	if !(e.HoursPerMonth > 0) {
		return nil, fmt.Errorf("bill: reconciling: a month of %v hours: want a number above 0", e.HoursPerMonth)
	}
	r := &reconciler{scale: hours / e.HoursPerMonth, pairs: map[pairKey]*pair{}, products: map[string]bool{}, services: map[[2]string]bool{}}
	r.attribute(b)
	for i := range e.Lines {
		if err := r.estimated(&e.Lines[i]); err != nil {
			return nil, err
		}
	}
	for i := range b.Lines {
		if err := r.billed(&b.Lines[i]); err != nil {
			return nil, err
		}
	}
	result := r.result()
	result.Hours, result.Scale = hours, r.scale
	return result, nil
}

// pairKey is what an estimated and a billed line must have in common.
type pairKey struct {
	cluster, service, region, usageType string
	category                            Category
}

func (k pairKey) compare(o pairKey) int {
	return cmp.Or(cmp.Compare(k.usageType, o.usageType), cmp.Compare(k.region, o.region), cmp.Compare(k.category, o.category))
}

// side is one side of a pair.
type side struct {
	lines           int
	product         string
	quantity        float64
	unit            string
	mixed           bool // several units
	list, effective float64
}

func (s *side) add(product string, quantity float64, unit string, list, effective float64) {
	if s.lines == 0 || s.product > product {
		s.product = product
	}
	s.lines++
	if quantity != 0 {
		s.mixed = s.mixed || s.unit != "" && s.unit != unit
		s.unit = unit
	}
	s.quantity += quantity
	s.list += list
	s.effective += effective
}

type pair struct {
	estimate, bill side
	unpriced       bool
}

type reconciler struct {
	scale    float64
	pairs    map[pairKey]*pair
	products map[string]bool    // of the estimate
	services map[[2]string]bool // of the estimate
	// clusters are the clusters in which the bill has a service.
	clusters map[string][]string
	unpriced int
	notes    []string
}

// attribute notes which services the bill names.
func (r *reconciler) attribute(b *Bill) {
	r.clusters = map[string][]string{}
	for i := range b.Lines {
		l := &b.Lines[i]
		if l.Service != "" && !slices.Contains(r.clusters[l.Service], l.Cluster) {
			r.clusters[l.Service] = append(r.clusters[l.Service], l.Cluster)
		}
	}
	if len(r.clusters) == 0 {
		r.notes = append(r.notes, "the bill names no ECS service (the cost allocation tags aws:ecs:clusterName and aws:ecs:serviceName are not activated): compared by usage type only")
	}
}

func (r *reconciler) at(k pairKey) *pair {
	p, ok := r.pairs[k]
	if !ok {
		p = &pair{}
		r.pairs[k] = p
	}
	return p
}

func (r *reconciler) estimated(l *EstimateLine) error {
	k := pairKey{cluster: l.Cluster, service: l.Service, region: region(l.Region), usageType: usageType(l.UsageType), category: Usage}
	switch known := r.clusters[l.Service]; {
	case l.Service == "" || len(r.clusters) == 0:
		k.cluster, k.service = "", ""
	case k.cluster == "" && len(known) == 1:
		k.cluster = known[0]
	case len(known) == 1 && known[0] == "": // the bill has the service's tag only
		k.cluster = ""
	}
	if l.Commitment {
		k.category, k.region, k.usageType = Commitment, "", ""
	}
	r.products[l.Product] = true
	r.services[[2]string{k.cluster, k.service}] = true
	p := r.at(k)
	if l.Unpriced != "" {
		p.unpriced = true
		r.unpriced++
		return nil
	}
	for _, n := range []float64{l.Quantity, l.List, l.Effective} {
		if math.IsNaN(n) || math.IsInf(n, 0) {
			return fmt.Errorf("bill: reconciling: estimate of %s %s: quantity %v, list cost %v, effective cost %v: want numbers, or the line marked as unpriced",
				l.Product, l.UsageType, l.Quantity, l.List, l.Effective)
		}
	}
	p.estimate.add(l.Product, l.Quantity*r.scale, Unit(l.Unit), l.List*r.scale, l.Effective*r.scale)
	return nil
}

func (r *reconciler) billed(l *Line) error {
	if math.IsNaN(l.Cost.Effective) {
		return fmt.Errorf("bill: reconciling: the export tells no effective cost of %s %s in %s: it lacks the columns of Savings Plans or reservations", l.Product, l.UsageType, l.Period)
	}
	k := pairKey{cluster: l.Cluster, service: l.Service, region: l.Region, usageType: l.UsageType, category: l.Category}
	switch {
	case k.service == "": // a task of no service is shared too
		k.cluster = ""
	case l.Category == Commitment:
		k.cluster, k.service = "", ""
	}
	if l.Category == Commitment {
		k.region, k.usageType = "", ""
	}
	r.at(k).bill.add(l.Product, l.Quantity, l.Unit, l.Cost.List, l.Cost.Effective)
	return nil
}

// result puts the pairs in order and adds them up.
func (r *reconciler) result() *Reconciliation {
	byService := map[[2]string][]pairKey{}
	for k := range r.pairs {
		at := [2]string{k.cluster, k.service}
		byService[at] = append(byService[at], k)
	}
	names := slices.SortedFunc(maps.Keys(byService), func(a, b [2]string) int {
		if (a[1] == "") != (b[1] == "") { // what has no name comes last
			return -cmp.Compare(a[1], b[1])
		}
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	out := &Reconciliation{Notes: r.notes}
	for _, name := range names {
		s := ServiceDifference{Cluster: name[0], Service: name[1]}
		keys := byService[name]
		slices.SortFunc(keys, pairKey.compare)
		for _, k := range keys {
			if line := r.line(k, r.pairs[k]); line.Estimated != 0 || line.Billed != 0 || line.BilledQuantity != 0 || line.EstimatedQuantity != 0 {
				s.Lines = append(s.Lines, line)
				s.Difference.add(line.Difference)
			}
		}
		if len(s.Lines) > 0 {
			out.Services = append(out.Services, s)
			out.Difference.add(s.Difference)
		}
	}
	if r.unpriced > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("the estimate leaves %d lines unpriced: it is a lower bound", r.unpriced))
	}
	return out
}

// add adds a difference and its parts.
func (d *Difference) add(o Difference) {
	d.Estimated += o.Estimated
	d.Billed += o.Billed
	sum := map[Reason]float64{}
	for _, p := range append(slices.Clone(d.Parts), o.Parts...) {
		sum[p.Reason] += p.USD
	}
	d.Parts = d.Parts[:0:0]
	for _, reason := range Reasons() {
		if usd, ok := sum[reason]; ok {
			d.Parts = append(d.Parts, Part{reason, usd})
		}
	}
}

func (r *reconciler) line(k pairKey, p *pair) LineDifference {
	l := LineDifference{Product: first(p.estimate.product, p.bill.product), UsageType: k.usageType, Region: k.region, Category: k.category,
		Difference: Difference{Estimated: p.estimate.effective, Billed: p.bill.effective}}
	if !p.estimate.mixed {
		l.EstimatedQuantity, l.EstimatedUnit = p.estimate.quantity, p.estimate.unit
	}
	if !p.bill.mixed {
		l.BilledQuantity, l.BilledUnit = p.bill.quantity, p.bill.unit
	}
	l.Parts = r.parts(k, p)
	return l
}
