package commitment

import (
	"cmp"
	"slices"
)

// program is the cost of amounts of plans over blocks of hours, in one or more
// draws of the future. Costs are USD over all months of the horizon.
type program struct {
	classes []class
	plans   []option
	spans   []span
	// decisions come first among plans; the others are owned, of these amounts.
	decisions int
	owned     []float64
	// price is USD over the horizon for 1 USD an hour of each decision.
	price  []float64
	blocks []block
	pieces []piece
	draws  []draw
	risk   Risk
}

// draw is one future.
type draw struct {
	// fixed is what no decision changes: owned commitments, and usage that
	// left the reach of all plans.
	fixed float64
	// list is the cost without any commitment that can still be decided on.
	list float64
}

// block is hours that are billed alike.
type block struct {
	draw   int
	ledger *ledger
	rows   []int32 // hours of the ledger; all if nil
	weight float64 // billed hours for each row
	order  *order
	scale  []float64 // by class; as measured if nil
	moves  []move
	rest   float64 // USD of the classes that no plan reaches, over all rows
}

// move takes a share of a class's money to another one.
type move struct {
	from, to      int // to is −1 where it leaves the reach of all plans
	share, factor float64
}

// piece is a part of a block that is worked on at once.
type piece struct{ block, from, to int }

func (b *block) len() int {
	if b.rows == nil {
		return b.ledger.hours
	}
	return len(b.rows)
}

// cut up the blocks and add up what no plan in them reaches.
func (p *program) cut() {
	const most = 1024
	for i := range p.blocks {
		p.blocks[i].sumRest()
		for from := 0; from < p.blocks[i].len(); from += most {
			p.pieces = append(p.pieces, piece{i, from, min(from+most, p.blocks[i].len())})
		}
	}
}

// sumRest adds up the classes that no plan of the block reaches.
func (b *block) sumRest() {
	touched := make([]bool, len(b.ledger.classes))
	for _, k := range b.order.touched {
		touched[k] = true
	}
	if b.scale == nil && b.rows == nil {
		for k, money := range b.ledger.totals {
			if !touched[k] {
				b.rest += b.weight * money
			}
		}
		return
	}
	space := make([]float64, len(touched))
	for i := range b.len() {
		for k, money := range b.row(i, space) {
			if !touched[k] {
				b.rest += b.weight * money
			}
		}
	}
}

// row is a block's hour after growth and migrations.
func (b *block) row(i int, into []float64) []float64 {
	hour := i
	if b.rows != nil {
		hour = int(b.rows[i])
	}
	row := b.ledger.row(hour)
	if b.scale == nil {
		return row
	}
	row, _ = b.moved(row, into)
	return row
}

// moved is a measured hour after growth and migrations, one after the other,
// and USD of what left the reach of all plans.
func (b *block) moved(row, into []float64) ([]float64, float64) {
	out := 0.0
	for k, money := range row {
		into[k] = money * b.scale[k]
	}
	for _, m := range b.moves {
		usd := into[m.from] * m.share
		into[m.from] -= usd
		if m.to >= 0 {
			into[m.to] += usd * m.factor
		} else {
			out += usd * m.factor
		}
	}
	return into, out
}

// reading is what amounts come to in a piece or a draw.
type reading struct {
	onDemand float64
	value    float64   // Σ dual values
	slope    []float64 // Σ worth, by plan
	used     []float64 // USD of commitment that was not lost, by plan
	hit      []float64 // hours in which the plan was used up and more would have been, by plan
}

// evaluate settles every hour with the amounts of the decisions and returns a
// reading for each draw; with least, dual values are those of the least ratios.
func (p *program) evaluate(amounts []float64, least bool) []reading {
	all := append(slices.Clone(amounts), p.owned...)
	pieces := make([]reading, len(p.pieces))
	inParallel(len(p.pieces), func(i int) { pieces[i] = p.read(p.pieces[i], all, least) })
	draws := make([]reading, len(p.draws))
	for d := range draws {
		draws[d] = newReading(len(all))
	}
	for i := range p.blocks {
		draws[p.blocks[i].draw].onDemand += p.blocks[i].rest
		draws[p.blocks[i].draw].value += p.blocks[i].rest
	}
	for i := range pieces {
		draws[p.blocks[p.pieces[i].block].draw].add(&pieces[i])
	}
	return draws
}

func newReading(plans int) reading {
	all := make([]float64, 3*plans)
	return reading{slope: all[:plans], used: all[plans : 2*plans], hit: all[2*plans:]}
}

func (r *reading) add(o *reading) {
	r.onDemand += o.onDemand
	r.value += o.value
	for j := range r.slope {
		r.slope[j] += o.slope[j]
		r.used[j] += o.used[j]
		r.hit[j] += o.hit[j]
	}
}

// read settles the hours of a piece.
func (p *program) read(at piece, amounts []float64, least bool) reading {
	b := &p.blocks[at.block]
	o := b.order
	s := newSettler(len(p.classes), len(p.plans))
	space := make([]float64, len(p.classes))
	r := newReading(len(amounts))
	for i := at.from; i < at.to; i++ {
		row := b.row(i, space)
		onDemand := s.settle(row, o, amounts)
		r.onDemand += onDemand
		for _, j := range o.plans {
			r.slope[j] += s.worth[j]
			r.used[j] += amounts[j] - s.funds[j]
			if s.short[j] {
				r.hit[j]++
			}
		}
		if len(o.plans) == 1 && !least {
			// One plan is spent greedily, which is best: no gap.
			r.value += onDemand + s.worth[o.plans[0]]*amounts[o.plans[0]]
		} else {
			r.value += s.value(row, o, least)
		}
	}
	r.onDemand *= b.weight
	r.value *= b.weight
	for j := range r.slope {
		r.slope[j] *= b.weight
		r.used[j] *= b.weight
		r.hit[j] *= b.weight
	}
	return r
}

// tangent is a plane below the objective that touches it where it was taken,
// as far as AWS's order is the best one there: objective(amounts) ≥ at +
// Σ slope × amount.
type tangent struct {
	amounts []float64 // where it was taken; nil for the one that always holds
	at      float64
	slope   []float64
}

// objective is E[cost] + λ·CVaR of the amounts, financing included, with its
// tangent and the cost of each draw.
func (p *program) objective(amounts []float64, least bool) (float64, tangent, []float64) {
	readings := p.evaluate(amounts, least)
	costs := make([]float64, len(p.draws))
	paid := 0.0
	for j, a := range amounts {
		paid += p.price[j] * a
	}
	for d := range costs {
		costs[d] = p.draws[d].fixed + readings[d].onDemand + paid
	}
	weights, shift := p.risk.weights(costs, p.draws)
	total, t := -shift, tangent{amounts: slices.Clone(amounts), at: -shift, slope: make([]float64, p.decisions)}
	for d, w := range weights {
		total += w * costs[d]
		at := p.draws[d].fixed
		for j, a := range p.owned {
			at -= readings[d].slope[p.decisions+j] * a
		}
		t.at += w * (at + readings[d].value)
		for j := range t.slope {
			t.slope[j] += w * (p.price[j] - readings[d].slope[j])
		}
	}
	return total, t, costs
}

// Risk is how much bad futures weigh: E[cost] + Lambda × CVaR.
type Risk struct {
	// Lambda is 0 where only the expected cost counts.
	Lambda float64
	// Tail is the share of worst draws that CVaR is the mean of; 0.1 if 0.
	Tail float64
	// OfLoss takes CVaR of what was lost against buying nothing, instead of
	// the cost itself. Cost is highest where usage grew most, and there
	// commitments are at their best, so weighing cost buys more; weighing the
	// loss buys less.
	OfLoss bool
}

// weights are the weights of draws in the objective, and what is taken off it.
// CVaR is the greatest mean over densities of at most 1/Tail (Rockafellar and
// Uryasev, "Optimization of conditional value-at-risk", Journal of Risk 2(3),
// 2000), so with its weights at one set of amounts the objective stays below
// CVaR at all others: the tangent holds.
func (r Risk) weights(costs []float64, draws []draw) (weights []float64, shift float64) {
	n := float64(len(costs))
	weights = make([]float64, len(costs))
	for d := range weights {
		weights[d] = 1 / n
	}
	if r.Lambda == 0 {
		return weights, 0
	}
	bad := slices.Clone(costs)
	order := make([]int, len(costs))
	for d := range order {
		order[d] = d
		if r.OfLoss {
			bad[d] -= draws[d].list
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return -cmp.Compare(bad[a], bad[b]) })
	left := 1.0
	for _, d := range order {
		share := min(left, 1/(r.tail()*n))
		weights[d] += r.Lambda * share
		if r.OfLoss {
			shift += r.Lambda * share * draws[d].list
		}
		if left -= share; left <= 0 {
			break
		}
	}
	return weights, shift
}

func (r Risk) tail() float64 {
	if r.Tail == 0 {
		return 0.1
	}
	return r.Tail
}
