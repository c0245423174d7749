package bill

import (
	"cmp"
	"slices"
	"time"
)

// Bill is what one or more files of an export add up to.
type Bill struct {
	// Form is "FOCUS" or "CUR".
	Form string
	// Start and End span the usage: the first hour's start, the last one's end,
	// UTC. They are the billing periods' where there is no usage.
	Start, End time.Time
	// Lines are sorted by all of their names.
	Lines []Line
	// Total adds up the lines.
	Total Cost
	Rows  int
	// Notes say what was read over or taken for something else.
	Notes []Note
}

// Hours is the length of the span of the usage.
func (b *Bill) Hours() float64 { return b.End.Sub(b.Start).Hours() }

// Cost is USD of one or more charges. What the file does not tell is NaN, and
// so is every sum with it.
type Cost struct {
	// List is at public rates, Billed as on the invoice, Effective amortised:
	// with what was paid up front or committed spread over what it covers.
	List, Billed, Effective float64
}

// Add returns the sum of two costs.
func (c Cost) Add(o Cost) Cost {
	return Cost{c.List + o.List, c.Billed + o.Billed, c.Effective + o.Effective}
}

// Line is the sum of alike charges.
type Line struct {
	Key
	// Quantity is in Key.Unit, zero where a charge has none.
	Quantity float64
	Cost     Cost
	Rows     int
}

// Key is what charges of one line have in common. A text that a file does not
// tell is empty.
type Key struct {
	// Period is the month billed: "2026-10".
	Period          string
	Account, Region string
	// Product is AWS's service: its code ("AmazonECS") where the file has it, or
	// else its name.
	Product string
	// Cluster and Service are ECS's, from the tags aws:ecs:clusterName and
	// aws:ecs:serviceName.
	Cluster, Service string
	// UsageType is AWS's without the region's prefix: "Fargate-GB-Hours".
	UsageType string
	Category  Category
	// Unit is the unit of the quantity as FOCUS spells it: "Hours".
	Unit string
}

func (k Key) compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Period, o.Period), cmp.Compare(k.Account, o.Account), cmp.Compare(k.Region, o.Region),
		cmp.Compare(k.Cluster, o.Cluster), cmp.Compare(k.Service, o.Service), cmp.Compare(k.Product, o.Product),
		cmp.Compare(k.UsageType, o.UsageType), cmp.Compare(k.Category, o.Category), cmp.Compare(k.Unit, o.Unit))
}

// Category is the kind of a charge: FOCUS's ChargeCategory, with those that
// FOCUS has no word for kept apart.
type Category string

// Categories. Commitment is a commitment's recurring fee, of which the unused
// part is the effective cost; Refund and Discount are the CUR's; Allocated is
// what tasks on instances took over from them.
const (
	Usage      Category = "Usage"
	Purchase   Category = "Purchase"
	Tax        Category = "Tax"
	Credit     Category = "Credit"
	Adjustment Category = "Adjustment"
	Commitment Category = "Commitment"
	Refund     Category = "Refund"
	Discount   Category = "Discount"
	Support    Category = "Support"
	Allocated  Category = "Allocated"
)

// Note is a remark on rows of the export.
type Note struct {
	Text string
	Rows int
}

// charge is one row.
type charge struct {
	key        Key
	start, end time.Time // the charge's period; zero if the row tells none
	quantity   float64
	cost       Cost
}

// Bounds of what is kept of an export: names come from outside.
const (
	maxLines     = 1_000_000
	maxKeyBytes  = 256 << 20
	maxNoteKinds = 100
)

// sums adds charges up.
type sums struct {
	lines      map[Key]*Line
	names      map[string]string
	keyBytes   int
	rows       int
	start, end time.Time // of usage
	low, high  time.Time // of anything
	notes      map[string]int
}

func newSums() *sums {
	return &sums{lines: map[Key]*Line{}, names: map[string]string{}, notes: map[string]int{}}
}

func (s *sums) note(text string) {
	if _, ok := s.notes[text]; ok || len(s.notes) < maxNoteKinds {
		s.notes[text]++
	}
}

// name is one copy of a text that many keys hold; a cell of a file would keep
// its whole row in memory.
func (s *sums) name(text string) string {
	if known, ok := s.names[text]; ok {
		return known
	}
	own := string([]byte(text))
	s.names[own] = own
	s.keyBytes += len(own)
	return own
}

func (s *sums) add(c *charge) error {
	s.span(c)
	line, ok := s.lines[c.key]
	if !ok {
		if len(s.lines) == maxLines || s.keyBytes > maxKeyBytes {
			return errTooMany
		}
		k := c.key
		for _, text := range []*string{&k.Period, &k.Account, &k.Region, &k.Product, &k.Cluster, &k.Service, &k.UsageType, &k.Unit} {
			*text = s.name(*text)
		}
		line = &Line{Key: k}
		s.lines[k] = line
	}
	line.Rows++
	line.Quantity += c.quantity
	line.Cost = line.Cost.Add(c.cost)
	return nil
}

// span widens the time that the charges cover.
func (s *sums) span(c *charge) {
	if c.start.IsZero() || c.end.IsZero() {
		return
	}
	widen := func(low, high *time.Time) {
		if low.IsZero() || c.start.Before(*low) {
			*low = c.start
		}
		if c.end.After(*high) {
			*high = c.end
		}
	}
	widen(&s.low, &s.high)
	if c.key.Category == Usage {
		widen(&s.start, &s.end)
	}
}

func (s *sums) bill(form string) *Bill {
	b := &Bill{Form: form, Start: s.start, End: s.end, Rows: s.rows}
	if b.Start.IsZero() {
		b.Start, b.End = s.low, s.high
	}
	for _, l := range s.lines {
		b.Lines = append(b.Lines, *l)
	}
	slices.SortFunc(b.Lines, func(a, c Line) int { return a.compare(c.Key) })
	for _, l := range b.Lines {
		b.Total = b.Total.Add(l.Cost)
	}
	for text, rows := range s.notes {
		b.Notes = append(b.Notes, Note{text, rows})
	}
	slices.SortFunc(b.Notes, func(a, c Note) int { return cmp.Compare(a.Text, c.Text) })
	return b
}
