package advisor

import (
	"fmt"
	"math"
	"slices"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// Parameter is what a sweep varies.
type Parameter struct {
	// Path is the place in the design: "services.api.count".
	Path string
	// Label and Unit name it in sentences and on axes: "tasks", "GB a month".
	// Without a Label the path is the name.
	Label, Unit string
	From, To    float64
	// Whole says that only whole values exist.
	Whole bool
	// Steps is how many values are listed, evenly spaced, both ends included;
	// 0 means 21. Break-even points do not depend on it.
	Steps int
}

// Swept is a design as a function of the parameters. The second one means
// nothing in a sweep over one.
type Swept struct {
	Name string
	At   func(x, y float64) (design.Workload, error)
}

// SweepOptions are what a sweep takes beside designs and parameters.
type SweepOptions struct {
	Estimate estimate.Options
	// Groups restricts the cost to these cost groups; none means all.
	Groups []estimate.Group
	// Evaluations bounds the estimates of each design in a row; 0 means 6,000.
	Evaluations int
}

// SweepResult is the cost of designs over one or two parameters.
type SweepResult struct {
	X Parameter
	// Y is nil in a sweep over one parameter.
	Y       *Parameter
	Designs []string
	// Rows are one for each value of Y, in order; one without it.
	Rows []SweepRow
	// OldestPrice is the date of the oldest rate that took part.
	OldestPrice string
}

// SweepRow is the cost over X at one value of Y.
type SweepRow struct {
	Y float64
	// Points are the listed values of X; Samples all that were priced, for a
	// chart. Both ascend.
	Points, Samples []SweepPoint
	BreakEvens      []BreakEven
	Jumps           []Jump
	// MoreJumps counts the jumps that were seen and not located.
	MoreJumps int
	Problems  []SweepProblem
}

// SweepPoint is what each design costs at one value.
type SweepPoint struct {
	X     float64
	Costs []PointCost
}

// PointCost is what one design costs a month at one value.
type PointCost struct {
	USD float64
	// Unpriced counts lines without a price; USD is then a lower bound.
	Unpriced int
	// Err says why the design cannot be had at this value.
	Err error
	// open names the unpriced lines, why says why they are: designs with the same
	// ones compare, whatever the value makes of the reasons.
	open, why string
}

// SweepProblem is why a design has no cost at some values.
type SweepProblem struct {
	Design   int
	From, To float64 // the first and the last such value that was priced
	Text     string
}

// Limits of a sweep.
const (
	defaultSteps       = 21
	defaultEvaluations = 6000
	// firstCuts is how many intervals are looked into before any is refined:
	// two crossings or a dent narrower than 1/128 of the range can be missed.
	firstCuts = 64
	// refinements halve an interval whose cost bends: to 1/16,384 of the range.
	refinements = 8
	// bend is how far a cost may be off the straight line, relative to itself.
	bend = 1e-9
	// maxJumps is how many jumps of a row are located exactly.
	maxJumps = 20
)

// Sweep prices designs over a parameter, or two, and solves for the values at
// which the cheaper one of any two changes. The result depends on nothing but
// the arguments.
func Sweep(designs []Swept, x Parameter, y *Parameter, cat *pricing.Catalog, opt SweepOptions) (SweepResult, error) {
	if err := x.check(); err != nil {
		return SweepResult{}, err
	}
	result := SweepResult{X: x, Y: y}
	for _, d := range designs {
		result.Designs = append(result.Designs, d.Name)
	}
	rows := []float64{0}
	if y != nil {
		if err := y.check(); err != nil {
			return SweepResult{}, err
		}
		rows = y.grid(y.steps(), nil)
	}
	for _, at := range rows {
		s := newSweeper(designs, x, at, cat, opt)
		result.Rows = append(result.Rows, s.row())
		if result.OldestPrice == "" || s.oldest != "" && s.oldest < result.OldestPrice {
			result.OldestPrice = s.oldest
		}
	}
	return result, nil
}

func (p *Parameter) check() error {
	finite := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
	switch {
	case !finite(p.From) || !finite(p.To):
		return fmt.Errorf("%s: want numbers, got %v to %v", p.Path, p.From, p.To)
	case p.From >= p.To:
		return fmt.Errorf("%s: want a range that ascends, got %s to %s", p.Path, short(p.From), short(p.To))
	case p.Steps != 0 && p.Steps < 2:
		return fmt.Errorf("%s: want at least 2 steps, got %d", p.Path, p.Steps)
	case p.Whole && (p.From != math.Trunc(p.From) || p.To != math.Trunc(p.To)):
		return fmt.Errorf("%s: only whole values exist, got %s to %s", p.Path, short(p.From), short(p.To))
	}
	return nil
}

// Name is what sentences call the parameter.
func (p *Parameter) Name() string {
	if p.Label != "" {
		return p.Label
	}
	return p.Path
}

func (p *Parameter) steps() int {
	if p.Steps == 0 {
		return defaultSteps
	}
	return p.Steps
}

// grid adds n evenly spaced values to a sorted list, without repeats.
func (p *Parameter) grid(n int, values []float64) []float64 {
	for i := range n {
		v := p.From + (p.To-p.From)*float64(i)/float64(n-1)
		if i == n-1 {
			v = p.To
		}
		if p.Whole {
			v = math.Round(v)
		}
		values = append(values, v)
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// sweeper prices the designs of one row and remembers what it priced.
type sweeper struct {
	designs []Swept
	x       Parameter
	y       float64
	cat     *pricing.Catalog
	opt     SweepOptions
	known   map[float64][]PointCost
	left    int // estimates of each design that may still be made
	oldest  string
}

func newSweeper(designs []Swept, x Parameter, y float64, cat *pricing.Catalog, opt SweepOptions) *sweeper {
	s := &sweeper{designs: designs, x: x, y: y, cat: cat, opt: opt, known: map[float64][]PointCost{}, left: opt.Evaluations}
	if s.left == 0 {
		s.left = defaultEvaluations
	}
	return s
}

// at prices every design at one value.
func (s *sweeper) at(x float64) []PointCost {
	if costs, ok := s.known[x]; ok {
		return costs
	}
	s.left--
	costs := make([]PointCost, len(s.designs))
	for i, d := range s.designs {
		costs[i] = s.price(d, x)
	}
	s.known[x] = costs
	return costs
}

func (s *sweeper) price(d Swept, x float64) PointCost {
	w, err := d.At(x, s.y)
	if err != nil {
		return PointCost{Err: err}
	}
	r, err := estimate.Run(w, s.cat, s.opt.Estimate)
	if err == nil {
		err = noInstances(&r)
	}
	if err != nil {
		return PointCost{Err: err}
	}
	if r.OldestPrice != "" && (s.oldest == "" || r.OldestPrice < s.oldest) {
		s.oldest = r.OldestPrice
	}
	return s.costOf(&r)
}

// costOf is a result as far as it counts in the sweep.
func (s *sweeper) costOf(r *estimate.Result) PointCost {
	c := PointCost{USD: r.Total.Effective}
	all := len(s.opt.Groups) == 0
	if !all {
		c.USD = 0
	}
	for i := range r.Resources {
		for j := range r.Resources[i].Lines {
			l := &r.Resources[i].Lines[j]
			if !all && !slices.Contains(s.opt.Groups, l.Group) {
				continue
			}
			if l.Unpriced != "" {
				c.Unpriced++
				line := string(r.Resources[i].Kind) + " " + r.Resources[i].Name + ": " + l.Name
				c.open += line + "\n"
				c.why += line + ": " + l.Unpriced + "\n"
			} else if !all {
				c.USD += l.Cost.Effective
			}
		}
	}
	return c
}

// row samples, refines and solves.
func (s *sweeper) row() SweepRow {
	listed := s.x.grid(s.x.steps(), nil)
	samples := s.samples(listed)
	row := SweepRow{Y: s.y}
	for _, x := range listed {
		row.Points = append(row.Points, SweepPoint{X: x, Costs: s.at(x)})
	}
	for i := range s.designs {
		for j := i + 1; j < len(s.designs); j++ {
			row.BreakEvens = append(row.BreakEvens, s.breakEvens(samples, i, j)...)
		}
	}
	slices.SortStableFunc(row.BreakEvens, func(a, b BreakEven) int {
		switch {
		case a.X < b.X:
			return -1
		case a.X > b.X:
			return 1
		default:
			return 0
		}
	})
	if !s.x.Whole {
		row.Jumps, row.MoreJumps = s.jumps(samples)
	}
	row.Problems = s.problems(samples)
	for _, x := range s.sampled() {
		row.Samples = append(row.Samples, SweepPoint{X: x, Costs: s.known[x]})
	}
	return row
}

// sampled are all values that were priced, in order.
func (s *sweeper) sampled() []float64 {
	all := make([]float64, 0, len(s.known))
	for x := range s.known {
		all = append(all, x)
	}
	slices.Sort(all)
	return all
}

// samples are values close enough that every cost is a straight line between
// neighbours, or jumps or bends in an interval of 1/16,384 of the range.
func (s *sweeper) samples(listed []float64) []float64 {
	first := s.x.grid(firstCuts+1, slices.Clone(listed))
	all := []float64{first[0]}
	for i := 1; i < len(first); i++ {
		all = s.refine(all, first[i-1], first[i], refinements)
	}
	return all
}

// refine appends the samples after a up to b.
func (s *sweeper) refine(all []float64, a, b float64, depth int) []float64 {
	m := s.between(a, b)
	if s.left <= 0 || m <= a || m >= b {
		return append(all, b)
	}
	if s.straight(a, m, b) || depth == 0 && !s.x.Whole {
		return append(all, b)
	}
	all = s.refine(all, a, m, depth-1)
	return s.refine(all, m, b, depth-1)
}

// between is the middle of an interval, or one end where nothing is between.
func (s *sweeper) between(a, b float64) float64 {
	m := a + (b-a)/2
	if s.x.Whole {
		m = math.Floor(m)
	}
	return m
}

// straight reports whether every design's cost at m lies on the line from a to
// b, and nothing about a price changes there.
func (s *sweeper) straight(a, m, b float64) bool {
	ca, cm, cb := s.at(a), s.at(m), s.at(b)
	for i := range s.designs {
		if cm[i].open != ca[i].open || cm[i].open != cb[i].open || (cm[i].Err == nil) != (ca[i].Err == nil) || (cm[i].Err == nil) != (cb[i].Err == nil) {
			return false
		}
		if cm[i].Err != nil {
			continue
		}
		line := ca[i].USD + (cb[i].USD-ca[i].USD)*(m-a)/(b-a)
		if math.Abs(cm[i].USD-line) > bend*math.Max(1, math.Abs(cm[i].USD)) {
			return false
		}
	}
	return true
}

// problems tells where designs have no cost or a lower bound. Neighbouring
// values without any cost are one problem, with the first one's reason.
func (s *sweeper) problems(samples []float64) []SweepProblem {
	var out []SweepProblem
	for i := range s.designs {
		kind := "" // of the last sample's problem
		for _, x := range samples {
			c := s.at(x)[i]
			now, text := c.open, c.why
			if c.Err != nil {
				now, text = "infeasible", c.Err.Error()
			}
			switch {
			case now == "":
			case now == kind:
				out[len(out)-1].To = x
			default:
				out = append(out, SweepProblem{Design: i, From: x, To: x, Text: text})
			}
			kind = now
		}
	}
	return out
}
