package commitment

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// decision is an option that is active in some months.
type decision struct {
	option
	span
}

// program draws the blocks of every month of every draw. Draws are made in one
// order whatever the decisions are, so that forecasts with one seed are of the
// same futures.
func (f Forecast) program(s *forecastSetup, decisions []decision, risk Risk) (*program, error) {
	h, z := s.bills.hours, &s.bills.horizon
	weekdays, weekends, err := f.days(h)
	if err != nil {
		return nil, err
	}
	p := &program{classes: z.segments[0].ledger.classes, risk: risk, draws: make([]draw, f.draws()), decisions: len(decisions)}
	for _, d := range decisions {
		p.plans, p.spans = append(p.plans, d.option), append(p.spans, d.span)
		p.price = append(p.price, d.financing*float64(d.to-d.from)*HoursPerMonth)
	}
	step := 1
	if s.options.Months > 24 {
		step = 3 // years ahead, a quarter is drawn at once
	}
	ownedCost := 0.0
	for i, owned := range s.options.Owned.Plans {
		p.plans = append(p.plans, option{SavingsPlan: owned.SavingsPlan, financing: 1})
		p.spans, p.owned = append(p.spans, z.spans[i]), append(p.owned, owned.Commitment)
		ownedCost += owned.Commitment * z.spans[i].months() * HoursPerMonth
	}
	classOf := map[string]int{}
	for i, l := range h.Lines {
		classOf[l.ID] = z.segments[0].ledger.classOf[i]
	}
	orders := map[string]*order{}
	rng := rand.New(rand.NewPCG(f.Seed, 0x5eed))
	for d := range p.draws {
		p.draws[d].fixed = ownedCost
		future := f.draw(rng)
		for i := range z.segments {
			segment := &z.segments[i]
			p.draws[d].fixed += segment.fixedCost() * float64(segment.to-segment.from) * HoursPerMonth
			for month, n := segment.from, 0; month < segment.to; month += n {
				active := maskOf(p.spans, month)
				key := fmt.Sprint(active)
				for n = 1; n < step && month+n < segment.to && slices.Equal(active, maskOf(p.spans, month+n)); n++ {
				}
				if orders[key] == nil {
					orders[key] = newOrder(p.classes, p.plans, active)
				}
				b := block{draw: d, ledger: segment.ledger, order: orders[key]}
				b.scale, b.moves = future.scale(float64(month)+float64(n)/2, len(p.classes)), f.moves(future, month, classOf)
				for _, b := range []block{
					b.drawn(rng, weekdays, weekdayBlocks, float64(n)*5/7),
					b.drawn(rng, weekends, weekendBlocks, float64(n)*2/7),
				} {
					p.draws[d].fixed += b.left()
					p.blocks = append(p.blocks, b)
				}
			}
		}
	}
	p.cut()
	for d, r := range p.evaluate(make([]float64, p.decisions), false) {
		p.draws[d].list = p.draws[d].fixed + r.onDemand
	}
	return p, nil
}

// future is what is drawn once for a draw.
type future struct {
	level  float64 // logarithm
	growth float64 // of the logarithm, a year
	starts []int   // month in which each migration starts, or never
}

func (f Forecast) draw(rng *rand.Rand) future {
	growth, level := rng.NormFloat64(), rng.NormFloat64()
	d := future{level: f.Level * level, growth: math.Log1p(f.Growth) + f.Spread*growth, starts: make([]int, len(f.Migrations))}
	for i, m := range f.Migrations {
		d.starts[i] = math.MaxInt
		happens, when := rng.Float64() < m.Probability, rng.IntN(m.Until-m.From+1)
		if happens {
			d.starts[i] = m.From + when
		}
	}
	return d
}

// scale is by what each class has grown after so many months.
func (d future) scale(months float64, classes int) []float64 {
	scale := make([]float64, classes)
	for k := range scale {
		scale[k] = math.Exp(d.level + d.growth*months/12)
	}
	return scale
}

// drawn is the block with days drawn from those of a stratum, for so many
// months.
func (b block) drawn(rng *rand.Rand, days []int, blocks int, months float64) block {
	b.weight = HoursPerMonth * months / float64(24*blocks)
	for range blocks {
		day := days[rng.IntN(len(days))]
		for hour := range 24 {
			b.rows = append(b.rows, int32(day+hour))
		}
	}
	return b
}

// left is USD of usage that moved out of the reach of all plans.
func (b *block) left() float64 {
	usd, space := 0.0, make([]float64, len(b.scale))
	for _, hour := range b.rows {
		_, out := b.moved(b.ledger.row(int(hour)), space)
		usd += b.weight * out
	}
	return usd
}

// moves are the effects on classes of the migrations that have started.
func (f Forecast) moves(d future, month int, classOf map[string]int) []move {
	var moves []move
	for i, m := range f.Migrations {
		if month >= d.starts[i] {
			moves = append(moves, m.moves(classOf)...)
		}
	}
	return moves
}

// moves are a migration's effect on classes, each once.
func (m Migration) moves(classOf map[string]int) []move {
	var moves []move
	seen := map[int]bool{}
	for _, id := range m.Lines {
		from, to := classOf[id], -1
		if m.To != "" {
			to = classOf[m.To]
		}
		if from < 0 || seen[from] || from == to {
			continue
		}
		seen[from] = true
		moves = append(moves, move{from: from, to: to, share: m.Share, factor: m.Factor})
	}
	return moves
}

// tags keep lines that move apart from those that stay.
func (f Forecast) tags(lines []Line) []int {
	tags := make([]int, len(lines))
	for i, l := range lines {
		for m, migration := range f.Migrations {
			if slices.Contains(migration.Lines, l.ID) {
				tags[i] |= 1 << m
			}
		}
	}
	return tags
}

// days are the first hours of whole days (UTC) to draw from.
func (f Forecast) days(h *Hours) (weekdays, weekends []int, err error) {
	first := (24 - h.Start.UTC().Hour()) % 24
	if f.LastDays > 0 {
		first = max(first, first+24*((h.Len()-first)/24-f.LastDays))
	}
	for hour := first; hour+24 <= h.Len(); hour += 24 {
		// Sunday is 0.
		switch (int(h.Start.UTC().Weekday()) + (h.Start.UTC().Hour()+hour)/24) % 7 {
		case 0, 6:
			weekends = append(weekends, hour)
		default:
			weekdays = append(weekdays, hour)
		}
	}
	if len(weekdays) < 2 || len(weekends) < 1 {
		return nil, nil, fmt.Errorf("commitment: a forecast needs 2 whole weekdays and 1 of a weekend (UTC), has %d and %d", len(weekdays), len(weekends))
	}
	return weekdays, weekends, nil
}

func (f Forecast) draws() int {
	if f.Draws == 0 {
		return 40
	}
	return f.Draws
}

func (f Forecast) check(h *Hours) error {
	if f.Draws < 0 || f.LastDays < 0 || !(f.Growth > -1) || math.IsInf(f.Growth, 1) || !(f.Spread >= 0 && f.Spread < 5) || !(f.Level >= 0 && f.Level < 5) {
		return fmt.Errorf("commitment: forecast with %d draws, %d last days, growth %v, spread %v and level %v: want numbers of 0 or more, growth above −1, spread and level below 5", f.Draws, f.LastDays, f.Growth, f.Spread, f.Level)
	}
	if len(f.Migrations) > 16 {
		return fmt.Errorf("commitment: %d migrations: want at most 16", len(f.Migrations))
	}
	known := map[string]bool{}
	for _, l := range h.Lines {
		known[l.ID] = true
	}
	for _, m := range f.Migrations {
		for _, id := range m.Lines {
			if !known[id] {
				return fmt.Errorf("commitment: migration %q: no line %q", m.Name, id)
			}
		}
		if m.To != "" && !known[m.To] {
			return fmt.Errorf("commitment: migration %q: no line %q to move to", m.Name, m.To)
		}
		if !(m.Probability >= 0 && m.Probability <= 1) || !(m.Share >= 0 && m.Share <= 1) || !(m.Factor >= 0) || math.IsInf(m.Factor, 1) || m.From < 0 || m.Until < m.From {
			return fmt.Errorf("commitment: migration %q: want probability and share in 0 to 1, a factor of 0 or more, months 0 ≤ From ≤ Until", m.Name)
		}
	}
	return nil
}

func (r Risk) check() error {
	if !(r.Lambda >= 0) || math.IsInf(r.Lambda, 1) || !(r.tail() > 0 && r.tail() <= 1) {
		return fmt.Errorf("commitment: risk with λ %v and tail %v: want λ of 0 or more and a tail above 0, up to 1", r.Lambda, r.Tail)
	}
	return nil
}
