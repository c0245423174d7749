package advisor

import "ecsavvy/advisor/estimate"

// Difference is what a change does to the monthly cost of one workload.
type Difference struct {
	Before, After estimate.Result
	// Resources holds every resource of both sides, unchanged ones too: by
	// kind in printing order, then by name.
	Resources []ResourceDiff
	Total     Delta
	// Effect says why the priced parts differ.
	Effect Effect
	Counts Counts
	// Assumptions and Warnings are those that stand on one side only.
	Assumptions, Warnings []NoteChange
	// NotPriced counts the types without a price model on both sides.
	NotPriced []TypeChange
	// Incomplete says why an input does not hold everything.
	Incomplete []string
}

// DiffOptions are what a comparison takes beside the two results.
type DiffOptions struct {
	// Renamed tells what became of resources that were moved or renamed: old
	// to new, by name ("api") or, where names repeat, by Identity.String
	// ("service web/api"). It takes precedence over equal names. What it
	// names and no side has is ignored.
	Renamed map[string]string
	// Incomplete says why an input does not hold everything, such as a plan
	// that ended in an error. It makes the whole difference incomplete.
	Incomplete []string
}

// Change says what happened to a resource or a line.
type Change uint8

// Changes.
const (
	Unchanged Change = iota
	Added
	Removed
	// Changed: its lines or its range differ.
	Changed
	// Renamed: only its name or its cluster differs.
	Renamed
)

func (c Change) String() string {
	switch c {
	case Added:
		return "added"
	case Removed:
		return "removed"
	case Changed:
		return "changed"
	case Renamed:
		return "renamed"
	default:
		return "unchanged"
	}
}

// ResourceDiff is a resource on both sides.
type ResourceDiff struct {
	Change Change
	// Before and After are the resource on each side, nil where it is not.
	// They belong to the results and must not be changed.
	Before, After *estimate.Resource
	// Match says by what they were taken for one; it means nothing where a
	// side is nil.
	Match Match
	Cost  Delta
	// Lines are those of After in their order, then the removed ones.
	Lines []LineDiff
}

// Resource is the resource after the change, or before it if it was removed.
func (r *ResourceDiff) Resource() *estimate.Resource {
	if r.After != nil {
		return r.After
	}
	return r.Before
}

// Moved reports whether the resource has another name or cluster than before.
func (r *ResourceDiff) Moved() bool {
	return r.Before != nil && r.After != nil && IdentityOf(r.Before) != IdentityOf(r.After)
}

// Counts tells how many resources changed in which way, and how many lines
// have no price.
type Counts struct {
	Added, Removed, Changed, Renamed, Unchanged int
	// UnpricedBefore and UnpricedAfter count lines without a price on each
	// side; UnpricedBoth are those that are unpriced in the same way on
	// both, so that the delta takes them for equal.
	UnpricedBefore, UnpricedAfter, UnpricedBoth int
}

func (c Counts) add(o Counts) Counts {
	return Counts{
		Added: c.Added + o.Added, Removed: c.Removed + o.Removed, Changed: c.Changed + o.Changed,
		Renamed: c.Renamed + o.Renamed, Unchanged: c.Unchanged + o.Unchanged,
		UnpricedBefore: c.UnpricedBefore + o.UnpricedBefore, UnpricedAfter: c.UnpricedAfter + o.UnpricedAfter,
		UnpricedBoth: c.UnpricedBoth + o.UnpricedBoth,
	}
}

// KindCommitments is the kind of the resource that stands for commitments that
// are paid and not used: part of the total, and of no resource of a result.
const KindCommitments estimate.Kind = "commitments"

// Diff compares two estimates. It depends on nothing but its arguments, and not
// on the order of resources within them. Diff(b, a) is the inverse of
// Diff(a, b), if Renamed is turned round too.
func Diff(before, after estimate.Result, opts DiffOptions) Difference {
	d := Difference{
		Before: before, After: after,
		Assumptions: noteChanges(before.Assumptions, after.Assumptions),
		Warnings:    noteChanges(before.Warnings, after.Warnings),
		NotPriced:   typeChanges(before.NotPriced, after.NotPriced),
		Incomplete:  opts.Incomplete,
	}
	old, now := withCommitments(before), withCommitments(after)
	d.Resources = make([]ResourceDiff, 0, max(len(old), len(now)))
	for _, pair := range matchResources(old, now, opts.Renamed) {
		d.Resources = append(d.Resources, diffResource(pair))
	}
	for i := range d.Resources {
		d.add(&d.Resources[i])
	}
	d.Total.BeforeRange = rangeOf(before.Range, d.Total.Before)
	d.Total.AfterRange = rangeOf(after.Range, d.Total.After)
	d.Total.Certainty |= d.certainty()
	return d
}

// add puts a resource into the sums.
func (d *Difference) add(r *ResourceDiff) {
	d.Total = d.Total.Add(r.Cost)
	switch r.Change {
	case Added:
		d.Counts.Added++
	case Removed:
		d.Counts.Removed++
	case Changed:
		d.Counts.Changed++
	case Renamed:
		d.Counts.Renamed++
	default:
		d.Counts.Unchanged++
	}
	if len(r.Lines) == 0 {
		d.Effect = d.Effect.Add(effectOf(r))
	}
	for i := range r.Lines {
		l := &r.Lines[i]
		d.Effect = d.Effect.Add(l.Effect())
		was, is := l.Before != nil && l.Before.Unpriced != "", l.After != nil && l.After.Unpriced != ""
		if was {
			d.Counts.UnpricedBefore++
		}
		if is {
			d.Counts.UnpricedAfter++
		}
		if was && is && l.Cost.Certainty == Complete {
			d.Counts.UnpricedBoth++
		}
	}
}

// certainty is what the totals leave open beside unpriced lines: resources of
// types that have no model, counts without an upper end, broken inputs.
func (d *Difference) certainty() Certainty {
	c := Complete
	if len(d.Incomplete) > 0 {
		c = Incomplete
	}
	for _, t := range d.NotPriced {
		if t.After > t.Before {
			c |= AtLeast
		}
		if t.Before > t.After {
			c |= AtMost
		}
	}
	switch was, is := d.Before.Range.Open, d.After.Range.Open; {
	case is && !was:
		c |= AtLeast
	case was && !is:
		c |= AtMost
	}
	return c
}

// Empty reports whether the change does nothing that an estimate can see.
func (d *Difference) Empty() bool {
	n := d.Counts
	return n.Added+n.Removed+n.Changed+n.Renamed == 0 && d.Total.Certainty == Complete &&
		!d.RegionChanged() && d.Total.Direction() == NoChange
}

// RegionChanged reports whether the workload moves to another region.
func (d *Difference) RegionChanged() bool {
	was, is := d.Before.Region, d.After.Region
	return was.Stated() && is.Stated() && was.Value != is.Value
}

// withCommitments is the result's resources with a last one for unused
// commitments, so that resources make up the total.
func withCommitments(r estimate.Result) []*estimate.Resource {
	all := make([]*estimate.Resource, len(r.Resources), len(r.Resources)+1)
	for i := range r.Resources {
		all[i] = &r.Resources[i]
	}
	if r.Commitments == nil || r.Commitments.Unused == 0 {
		return all
	}
	unused := r.Commitments.Unused
	return append(all, &estimate.Resource{
		Kind: KindCommitments, Name: "Unused commitments",
		Cost: estimate.Cost{Effective: unused}, Range: estimate.Range{Low: unused, High: unused},
	})
}

// diffResource compares a resource with itself on the other side.
func diffResource(p pairing) ResourceDiff {
	r := ResourceDiff{Before: p.before, After: p.after, Match: p.match, Lines: diffLines(p.before, p.after)}
	changed := false
	for i := range r.Lines {
		r.Cost.Certainty |= r.Lines[i].Cost.Certainty
		changed = changed || r.Lines[i].Change != Unchanged
	}
	if p.before != nil {
		r.Cost.Before, r.Cost.BeforeRange = p.before.Cost, rangeOf(p.before.Range, p.before.Cost)
	}
	if p.after != nil {
		r.Cost.After, r.Cost.AfterRange = p.after.Cost, rangeOf(p.after.Range, p.after.Cost)
	}
	was, is := r.Cost.BeforeRange, r.Cost.AfterRange
	changed = changed || !near(r.Cost.Before.Effective, r.Cost.After.Effective) || !near(was.Low, is.Low) || !near(was.High, is.High)
	switch {
	case p.before == nil:
		r.Change = Added
	case p.after == nil:
		r.Change = Removed
	case changed:
		r.Change = Changed
	case r.Moved():
		r.Change = Renamed
	}
	return r
}
