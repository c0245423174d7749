package render

import (
	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// DiffInfo is what the output of a diff says beside the difference.
type DiffInfo struct {
	// Snapshot is the date of the price catalogue.
	Snapshot string
	// AsOf is the date that the output carries, "" for none.
	AsOf string
	// Inputs tells of each project, by its name, what was read.
	Inputs map[string]DiffInput
	// AllProjects lists projects that do not change, too.
	AllProjects bool
	// Brief leaves out the lines of resources.
	Brief bool
	// Guardrails are the checks that were made, in order.
	Guardrails []Guardrail
}

// DiffInput is what a project was read from, after the change.
type DiffInput struct {
	Path, Kind string
}

// Guardrail is a check and what came of it.
type Guardrail struct {
	Title string
	// Text says what broke it or why it could not be decided; it may be
	// empty.
	Text  string
	State GuardrailState
}

// GuardrailState is what came of a check.
type GuardrailState uint8

// Guardrail states.
const (
	GuardrailPassed GuardrailState = iota
	GuardrailBroken
	// GuardrailUndecided: what it asks for is not known. It counts as
	// broken.
	GuardrailUndecided
)

// diffView is a difference with every amount rounded so that the printed ones
// add up.
type diffView struct {
	diff     advisor.Differences
	info     DiffInfo
	unit     diffUnit
	total    step
	projects []projectView
}

type projectView struct {
	diff *advisor.ProjectDiff
	step
	resources []resourceView
}

type resourceView struct {
	diff *advisor.ResourceDiff
	step
	// lines are the steps of the lines, nil where nothing of them is printed.
	lines []step
}

// viewOf rounds a difference from the total down.
func viewOf(d advisor.Differences, info DiffInfo) *diffView {
	v := &diffView{diff: d, info: info, unit: unitOf(d), projects: make([]projectView, len(d.Projects))}
	g := grainsFor(v.unit.usd(), max(d.Total.Before.Effective, d.Total.After.Effective))
	exact := make([]step, len(d.Projects))
	resources := make([][]step, len(d.Projects))
	lines := make([][][]step, len(d.Projects))
	var sum step
	for i := range d.Projects {
		resources[i], lines[i] = grainsOfResources(g, d.Projects[i].Resources)
		for _, s := range resources[i] {
			exact[i] = exact[i].add(s)
		}
		sum = sum.add(exact[i])
	}
	v.total = g.round(sum)
	for i, s := range g.share(v.total, exact) {
		p := &v.projects[i]
		p.diff, p.step, p.resources = &d.Projects[i], s, make([]resourceView, len(resources[i]))
		for j, s := range g.share(s, resources[i]) {
			r := &p.resources[j]
			r.diff, r.step = &d.Projects[i].Resources[j], s
			if lines[i][j] != nil {
				r.lines = g.share(s, lines[i][j])
			}
		}
	}
	return v
}

// grainsOfResources are the exact amounts of resources, and of the lines of
// those that changed.
func grainsOfResources(g grains, diffs []advisor.ResourceDiff) (resources []step, lines [][]step) {
	resources, lines = make([]step, len(diffs)), make([][]step, len(diffs))
	for i := range diffs {
		r := &diffs[i]
		if len(r.Lines) == 0 || r.Change == advisor.Unchanged || r.Change == advisor.Renamed {
			resources[i] = g.ofDelta(r.Cost, r.Change != advisor.Unchanged && r.Change != advisor.Renamed)
			continue
		}
		lines[i] = make([]step, len(r.Lines))
		for j := range r.Lines {
			lines[i][j] = g.ofDelta(r.Lines[j].Cost, r.Lines[j].Change != advisor.Unchanged)
			resources[i] = resources[i].add(lines[i][j])
		}
	}
	return resources, lines
}

// sides are both sides of a resource as printed.
func (r *resourceView) sides() (before, after side) {
	return resourceSide(r.diff.Before, r.before, r.diff.Cost.BeforeRange), resourceSide(r.diff.After, r.after, r.diff.Cost.AfterRange)
}

func resourceSide(res *estimate.Resource, units int64, rng estimate.Range) side {
	if res == nil {
		return side{}
	}
	return side{
		units: units, exact: res.Cost.Effective, rng: rng,
		partial: res.Unpriced > 0, nothing: res.Unpriced > 0 && res.Unpriced == len(res.Lines),
	}
}

// sides are both sides of a project's total as printed.
func (p *projectView) sides() (before, after side) {
	d := &p.diff.Difference
	return resultSide(&d.Before, p.before, d.Total.Before, d.Total.BeforeRange, len(d.Incomplete) > 0),
		resultSide(&d.After, p.after, d.Total.After, d.Total.AfterRange, len(d.Incomplete) > 0)
}

func resultSide(r *estimate.Result, units int64, cost estimate.Cost, rng estimate.Range, incomplete bool) side {
	lines := 0
	for i := range r.Resources {
		lines += len(r.Resources[i].Lines)
	}
	return side{
		units: units, exact: cost.Effective, rng: rng,
		partial: r.LowerBound() || incomplete, nothing: (r.LowerBound() || incomplete) && r.Unpriced == lines,
	}
}

// sides are both sides of the total of all projects as printed.
func (v *diffView) sides() (before, after side) {
	before = side{units: v.total.before, exact: v.diff.Total.Before.Effective, rng: v.diff.Total.BeforeRange, nothing: true}
	after = side{units: v.total.after, exact: v.diff.Total.After.Effective, rng: v.diff.Total.AfterRange, nothing: true}
	for i := range v.projects {
		b, a := v.projects[i].sides()
		before.partial, before.nothing = before.partial || b.partial, before.nothing && b.nothing
		after.partial, after.nothing = after.partial || a.partial, after.nothing && a.nothing
	}
	return before, after
}

// shown are the projects that are printed in full.
func (v *diffView) shown() []*projectView {
	var shown []*projectView
	for i := range v.projects {
		if v.info.AllProjects || v.projects[i].diff.Change != advisor.Unchanged {
			shown = append(shown, &v.projects[i])
		}
	}
	return shown
}
