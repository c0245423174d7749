package commitment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"ecsavvy/pricing"
)

// maxClasses is how many classes the search works with at most. More lines
// than that with rates of their own are put together where their rates are
// nearly alike; a choice's bill is always that of the lines themselves.
const maxClasses = 96

// class is a set of lines that commitments cannot tell apart: what one USD of
// their on-demand cost is under each offer, and which plans reach it.
type class struct {
	kind   reach // of its EC2 Instance plans; the zero reach for Fargate, Lambda
	paid   map[pricing.Offer]float64
	least  map[pricing.Offer]float64 // the least of that among its lines
	lowest map[pricing.Offer]float64 // the lowest rate, which settles ties
	id     string
}

// reachedBy reports whether a plan covers the class.
func (c *class) reachedBy(p pricing.SavingsPlan) bool {
	return p.Offer.Type == pricing.ComputePlan || p.Family != "" && c.kind == reach{p.Family, p.Region}
}

// ledger is usage as the search sees it: USD on demand of each class in each
// hour, after reservations.
type ledger struct {
	classes []class
	classOf []int     // by line; −1 where no plan reaches
	money   []float64 // hour × class
	totals  []float64 // by class, over all hours
	other   float64   // USD an hour that no plan reaches, the mean
	hours   int
}

// row is an hour's USD on demand by class.
func (l *ledger) row(hour int) []float64 {
	return l.money[hour*len(l.classes) : (hour+1)*len(l.classes)]
}

// newLedger puts lines into classes and adds up their money. Lines that have
// different tags never share a class; tags may be nil.
func newLedger(h *Hours, offers []pricing.Offer, reservations []pricing.Reservation, tags []int) (*ledger, error) {
	l := &ledger{hours: h.Len()}
	list := make([]float64, len(h.Lines)) // USD on demand of each line, over all hours
	for hour := range l.hours {
		for i, q := range h.Row(hour) {
			list[i] += q
		}
	}
	for i := range list {
		list[i] *= h.Lines[i].OnDemandRate
		if _, ok := reachOf(pricing.ComputePlan, h.Lines[i].EligibleUsage); !ok {
			l.other += list[i] / float64(l.hours)
		}
	}
	for tolerance := 0.0; ; tolerance = max(1e-4, 2*tolerance) {
		l.sort(h.Lines, offers, tags, list, tolerance)
		if len(l.classes) <= maxClasses || tolerance > 0.05 {
			break
		}
	}
	return l, l.fill(h, reservations)
}

// sort puts lines whose rates agree within the tolerance into one class.
func (l *ledger) sort(lines []Line, offers []pricing.Offer, tags []int, list []float64, tolerance float64) {
	l.classes, l.classOf = nil, make([]int, len(lines))
	index := map[string]int{}
	var weight []float64
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(lines[a].ID, lines[b].ID) })
	for _, i := range order {
		line := &lines[i]
		l.classOf[i] = -1
		if _, ok := reachOf(pricing.ComputePlan, line.EligibleUsage); !ok || line.OnDemandRate == 0 {
			continue
		}
		kind, _ := reachOf(pricing.EC2InstancePlan, line.EligibleUsage)
		key := classKey(line, kind, offers, tolerance)
		if tags != nil {
			key += fmt.Sprint(tags[i])
		}
		k, ok := index[key]
		if !ok {
			k = len(l.classes)
			index[key] = k
			l.classes = append(l.classes, class{kind: kind, id: line.ID,
				paid: map[pricing.Offer]float64{}, least: map[pricing.Offer]float64{}, lowest: map[pricing.Offer]float64{}})
			weight = append(weight, 0)
		}
		l.classOf[i] = k
		l.classes[k].join(line, offers, list[i], weight[k])
		weight[k] += list[i]
	}
}

// classKey is equal for lines of one class. Ratios are compared to the
// billionth, as pricing compares them, or within the tolerance.
func classKey(line *Line, kind reach, offers []pricing.Offer, tolerance float64) string {
	var key strings.Builder
	fmt.Fprintf(&key, "%s/%s/", kind.family, kind.region)
	for _, o := range offers {
		rate, ok := line.PlanRates[o]
		switch paid := rate / line.OnDemandRate; {
		case !ok:
			key.WriteString("-/")
		case tolerance == 0:
			fmt.Fprintf(&key, "%.0f/", paid*1e9)
		default:
			fmt.Fprintf(&key, "%.0f/", math.Log(paid)/tolerance)
		}
	}
	return key.String()
}

// join takes a line into the class. Ratios are means by money, so that the cost
// of covering all of the class is exact.
func (c *class) join(line *Line, offers []pricing.Offer, money, before float64) {
	share := 1.0
	if before > 0 {
		share = money / (before + money)
	}
	for _, o := range offers {
		rate, ok := line.PlanRates[o]
		if !ok {
			continue
		}
		paid := rate / line.OnDemandRate
		least := paid
		if old, ok := c.paid[o]; ok {
			least = min(paid, c.least[o])
			paid = old + share*(paid-old)
			rate = min(rate, c.lowest[o])
		}
		c.paid[o], c.least[o], c.lowest[o] = paid, least, rate
	}
}

// fill adds up each hour's money, after reservations.
func (l *ledger) fill(h *Hours, reservations []pricing.Reservation) error {
	n := len(l.classes)
	l.money = make([]float64, l.hours*n)
	applier, err := pricing.NewApplier(h.usages(), pricing.Commitments{Reservations: reservations})
	if err != nil {
		return err
	}
	errs := make([]error, shards)
	inParallel(shards, func(s int) {
		tally := applier.NewTally()
		left := make([]float64, len(h.Lines))
		for hour := s * l.hours / shards; hour < (s+1)*l.hours/shards; hour++ {
			quantities := h.Row(hour)
			if len(reservations) > 0 {
				tally.Reset()
				if errs[s] = tally.Add(quantities, 1); errs[s] != nil {
					return
				}
				for i := range left {
					left[i] = tally.Usages[i].OnDemandQuantity
				}
				quantities = left
			}
			row := l.row(hour)
			for i, q := range quantities {
				if k := l.classOf[i]; k >= 0 {
					row[k] += q * h.Lines[i].OnDemandRate
				}
			}
		}
	})
	l.totals = make([]float64, n)
	for hour := range l.hours {
		for k, money := range l.row(hour) {
			l.totals[k] += money
		}
	}
	return firstError(errs)
}
