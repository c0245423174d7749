package commitment

import (
	"cmp"
	"math"
	"slices"

	"ecsavvy/pricing"
)

// pair is one plan that may cover one class.
type pair struct {
	class, plan int32
	paid        float64 // USD of commitment for a USD on demand
	lowest      float64 // the least of that among the class's lines
}

// order is the order in which a set of plans is spent in an hour: that of
// pricing.NewApplier (EC2 Instance before Compute, highest savings percentage,
// lowest rate, ID), on classes instead of lines.
type order struct {
	pairs   []pair
	plans   []int32 // that are active
	touched []int32 // classes that one of them reaches
	merged  bool    // a class holds lines of different rates
}

// newOrder orders the active plans over the classes.
func newOrder(classes []class, plans []option, active []bool) *order {
	o := &order{}
	touched := make([]bool, len(classes))
	for j := range plans {
		if !active[j] {
			continue
		}
		o.plans = append(o.plans, int32(j))
		for k := range classes {
			c := &classes[k]
			if paid, ok := c.paid[plans[j].Offer]; ok && c.reachedBy(plans[j].SavingsPlan) {
				low := min(paid, c.least[plans[j].Offer])
				o.merged = o.merged || paid-low > 1e-9
				o.pairs = append(o.pairs, pair{class: int32(k), plan: int32(j), paid: paid, lowest: low})
				touched[k] = true
			}
		}
	}
	for k := range touched {
		if touched[k] {
			o.touched = append(o.touched, int32(k))
		}
	}
	slices.SortFunc(o.pairs, func(a, b pair) int {
		ca, cb, pa, pb := &classes[a.class], &classes[b.class], plans[a.plan], plans[b.plan]
		return cmp.Or(
			-cmp.Compare(pa.Offer.Type, pb.Offer.Type), // "EC2Instance" before "Compute"
			cmp.Compare(math.Round(a.paid*1e9), math.Round(b.paid*1e9)),
			cmp.Compare(ca.lowest[pa.Offer], cb.lowest[pb.Offer]),
			cmp.Compare(ca.id, cb.id),
			cmp.Compare(pa.ID, pb.ID),
			cmp.Compare(a.plan, b.plan),
		)
	})
	return o
}

// settler settles hours. It is of one goroutine.
type settler struct {
	left, funds, worth []float64
	last               []int32 // by class: the plan that covered it last
	short              []bool  // by plan: ran out while something was left to cover
	ends               []end   // plans that ran out, in the order of the hour
}

// end is where a plan ran out.
type end struct {
	plan, class int32
	paid        float64
}

func newSettler(classes, plans int) *settler {
	return &settler{
		left: make([]float64, classes), last: make([]int32, classes),
		funds: make([]float64, plans), worth: make([]float64, plans), short: make([]bool, plans),
		ends: make([]end, 0, plans),
	}
}

// settle spends the amounts on an hour's money as AWS does and returns what
// stays on demand of the classes that the plans reach. s.funds then holds what
// was lost, and s.worth what one more USD of each plan would take off.
func (s *settler) settle(row []float64, o *order, amounts []float64) (onDemand float64) {
	copy(s.funds, amounts)
	clear(s.worth)
	clear(s.short)
	s.ends = s.ends[:0]
	several := len(o.plans) > 1
	for _, k := range o.touched {
		s.left[k], s.last[k] = row[k], -1
	}
	open := len(o.plans)
	for i := range o.pairs {
		p := &o.pairs[i]
		left := s.left[p.class]
		if left <= 0 || s.short[p.plan] {
			continue
		}
		if cost := left * p.paid; cost <= s.funds[p.plan] {
			s.funds[p.plan] -= cost
			s.left[p.class] = 0
		} else {
			if s.funds[p.plan] > 0 {
				s.left[p.class] = max(0, left-s.funds[p.plan]/p.paid)
				s.funds[p.plan] = 0
			}
			s.short[p.plan] = true
			s.ends = append(s.ends, end{p.plan, p.class, p.paid})
			if open--; open == 0 {
				break
			}
			continue
		}
		if several {
			s.last[p.class] = p.plan
		}
	}
	for _, k := range o.touched {
		onDemand += s.left[k]
	}
	// A plan that ran out is worth what the class where it did costs without
	// it: on demand, or as much of the plan that covered the rest of it.
	for i := len(s.ends) - 1; i >= 0; i-- {
		e := s.ends[i]
		price := 1.0
		if s.left[e.class] <= 0 && several {
			if by := s.last[e.class]; by >= 0 {
				price = s.worth[by] * o.paid(e.class, by)
			}
		}
		s.worth[e.plan] = min(price, 1) / e.paid
	}
	return onDemand
}

// paid is the pair's ratio; 1 if there is no such pair.
func (o *order) paid(class, plan int32) float64 {
	for i := range o.pairs {
		if o.pairs[i].class == class && o.pairs[i].plan == plan {
			return o.pairs[i].paid
		}
	}
	return 1
}

// value is the dual value of s.worth: an hour cannot cost less on demand than
// value − Σ worth × amount, whatever the amounts and however they are spent.
// With least it is that of the least ratio in each class, which holds for the
// lines themselves.
func (s *settler) value(row []float64, o *order, least bool) (value float64) {
	price := s.left // no longer needed
	for _, k := range o.touched {
		price[k] = 1
	}
	for i := range o.pairs {
		p := &o.pairs[i]
		paid := p.paid
		if least {
			paid = p.lowest
		}
		price[p.class] = min(price[p.class], paid*s.worth[p.plan])
	}
	for _, k := range o.touched {
		value += row[k] * price[k]
	}
	return value
}

// family is "m5" of "m5.large".
func family(instanceType string) string {
	for i := range len(instanceType) {
		if instanceType[i] == '.' {
			return instanceType[:i]
		}
	}
	return instanceType
}

// maskOf says which of the plans are active in a month.
func maskOf(spans []span, month int) []bool {
	active := make([]bool, len(spans))
	for j, s := range spans {
		active[j] = s.holds(month)
	}
	return active
}

// span is the months in which a plan is active, the first one 0.
type span struct{ from, to int }

func offersOf(options []option, owned []OwnedPlan) []pricing.Offer {
	var offers []pricing.Offer
	for _, o := range options {
		offers = append(offers, o.Offer)
	}
	for _, p := range owned {
		offers = append(offers, p.Offer)
	}
	slices.SortFunc(offers, func(a, b pricing.Offer) int { return cmp.Compare(a.String(), b.String()) })
	return slices.Compact(offers)
}
