package commitment

import (
	"fmt"

	"ecsavvy/pricing"
)

// Point is one point of the curve of cost over commitment.
type Point struct {
	Commitment float64 // USD an hour
	Cost       float64 // USD a month, financing included
	// Utilisation of the plan, NaN at 0, and Marginal the share of hours in
	// which one more USD would be used.
	Utilisation, Marginal float64
}

// Curve is the cost over the commitment of one option alone.
type Curve struct {
	Plan   pricing.SavingsPlan // without a commitment
	Points []Point
}

// Curves are the curves of all options, in the order of their names: n+1 equal
// steps from 0 to where all that the option reaches is covered, beside what is
// owned.
func Curves(h *Hours, o Options, n int) ([]Curve, error) {
	if n < 1 {
		return nil, fmt.Errorf("commitment: %d steps of a curve: want at least 1", n)
	}
	o, err := o.normal()
	if err != nil {
		return nil, err
	}
	if err := h.check(); err != nil {
		return nil, err
	}
	h, _ = withoutRateless(h, o)
	z, err := newHorizon(h, o)
	if err != nil {
		return nil, err
	}
	options, _ := o.optionsFor(h.Lines)
	if err := z.fill(h, offersOf(options, o.Owned.Plans), nil); err != nil {
		return nil, err
	}
	curves := make([]Curve, len(options))
	for i := range options {
		p := z.program(options[i:i+1], o)
		hours := float64(o.Months) * HoursPerMonth
		curve := make([]Point, n+1)
		for k := range curve {
			amount := p.most() * float64(k) / float64(n)
			r := p.evaluate([]float64{amount}, false)[0]
			curve[k] = Point{
				Commitment:  amount,
				Cost:        (p.draws[0].fixed + r.onDemand + p.price[0]*amount) / float64(o.Months),
				Utilisation: ratio(r.used[0], amount*hours), Marginal: r.hit[0] / hours,
			}
		}
		curves[i] = Curve{Plan: options[i].SavingsPlan, Points: curve}
	}
	return curves, nil
}

// most is the commitment of the first decision that covers all that it reaches
// in the dearest hour.
func (p *program) most() float64 {
	most := 0.0
	for i := range p.blocks {
		b := &p.blocks[i]
		for hour := range b.len() {
			usd, row := 0.0, b.ledger.row(hour)
			for _, pair := range b.order.pairs {
				if pair.plan == 0 {
					usd += row[pair.class] * pair.paid
				}
			}
			most = max(most, usd)
		}
	}
	return most
}
