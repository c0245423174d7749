package render

import (
	"bufio"
	"io"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// diffKey is the first line of a text diff.
const diffKey = "Key: ~ changed, + added, - removed; USD a month"

// diffRule separates projects.
const diffRule = "──────────────────────────────────"

// textDiff prints a difference as an indented list, in the shape that readers
// of cost diffs know.
type textDiff struct {
	out   *bufio.Writer
	view  *diffView
	paint painter
	width int
	// brief leaves out the lines of resources.
	brief bool
	// limit is how many resources are printed, the rest as one; 0 is all.
	limit int
}

// writeDiffText prints the whole text format: projects, totals, counts, notes.
func writeDiffText(w io.Writer, v *diffView, opts Options) error {
	out := bufio.NewWriter(w)
	t := textDiff{out: out, view: v, paint: painter{on: opts.Color}, width: opts.Width, brief: v.info.Brief}
	if t.width == 0 {
		t.width = defaultWidth
	}
	t.body()
	t.line(diffRule)
	t.line(t.paint.strong(v.sentence()))
	for _, text := range v.counts() {
		t.line(text)
	}
	t.guardrails()
	notes := tablePrinter{out: out, paint: t.paint, limit: t.width}
	for _, s := range v.sections() {
		notes.section(s)
	}
	t.line("")
	for _, f := range v.footer() {
		for _, text := range wrap(clean(f), t.width) {
			t.line(t.paint.quiet(text))
		}
	}
	return out.Flush()
}

// body prints projects and totals.
func (t *textDiff) body() {
	shown := t.view.shown()
	if len(shown) > 0 {
		t.line(diffKey)
		t.line("")
	}
	for _, p := range shown {
		t.line(diffRule)
		t.project(p)
	}
	if n := len(t.view.projects) - len(shown); n > 0 {
		t.line(diffRule)
		t.line(plural(n, "project does not change", "projects do not change"))
		t.line("")
	}
	if len(t.view.projects) > 1 {
		t.line(diffRule)
		before, after := t.view.sides()
		t.total("all projects", t.view.diff.Total, t.view.total, before, after, "")
	}
}

func (t *textDiff) line(text string) {
	t.out.WriteString(text)
	t.out.WriteByte('\n')
}

func (t *textDiff) project(p *projectView) {
	name := short(p.diff.Name, longestName)
	t.line(t.paint.strong("Project: " + name))
	if p.diff.OldName != "" {
		t.line("Compared with: " + short(p.diff.OldName, longestName))
	}
	if d := &p.diff.Difference; d.RegionChanged() {
		t.line("Region: " + short(d.Before.Region.Value, longestName) + " → " + short(d.After.Region.Value, longestName))
	}
	t.line("")
	printed := 0
	var rest step
	left := 0
	for i := range p.resources {
		r := &p.resources[i]
		if r.diff.Change == advisor.Unchanged {
			continue
		}
		if t.limit > 0 && printed >= t.limit {
			rest, left = rest.add(r.step), left+1
			continue
		}
		printed++
		t.resource(r, ambiguous(p.resources, i))
	}
	if left > 0 {
		t.line("  " + plural(left, "more resource is left out here", "more resources are left out here") + ": " +
			t.view.unit.change(rest.change(), 0) + " (" + t.view.unit.text(rest.before) + " → " + t.view.unit.text(rest.after) + ")")
		t.line("")
	}
	before, after := p.sides()
	t.total(name, p.diff.Total, p.step, before, after, t.view.causes(&p.diff.Difference, p.step))
}

// total prints the change of a project, or of all.
func (t *textDiff) total(of string, d advisor.Delta, s step, before, after side, causes string) {
	unit := t.view.unit
	t.line(t.paint.strong("Monthly cost change for " + of))
	t.line("Amount:  " + t.tone(d, unit.amount(d, s)) + " (" + unit.side(before) + " → " + unit.side(after) + ")")
	if p := percent(d); p != "" {
		t.line("Percent: " + p)
	}
	if causes != "" {
		t.line("Causes:  " + causes)
	}
	t.line("")
}

// tone colours an amount by what it means to the one who pays.
func (t *textDiff) tone(d advisor.Delta, text string) string {
	switch d.Direction() {
	case advisor.Increase:
		return t.paint.with(sgrRed, text)
	case advisor.Decrease:
		return t.paint.with(sgrGreen, text)
	case advisor.Unclear:
		return t.paint.alert(text)
	default:
		return text
	}
}

// Colours of a diff: what costs more, what costs less.
const (
	sgrRed   = "\x1b[31m"
	sgrGreen = "\x1b[32m"
)

// sign is the sign of a change, in the colours that diffs have everywhere.
func (t *textDiff) sign(c advisor.Change) string {
	switch c {
	case advisor.Added:
		return t.paint.with(sgrGreen, "+")
	case advisor.Removed:
		return t.paint.with(sgrRed, "-")
	default:
		return t.paint.alert("~")
	}
}

func (t *textDiff) resource(r *resourceView, ambiguous bool) {
	unit, d := t.view.unit, r.diff
	t.line(t.sign(d.Change) + " " + t.paint.strong(resourceTitle(d.Resource(), ambiguous)) + movedFrom(d))
	before, after := r.sides()
	text := t.tone(d.Cost, unit.amount(d.Cost, r.step))
	switch {
	case d.Change == advisor.Renamed:
		text = "no change (" + unit.side(after) + ")"
	case d.Before == nil && after.nothing:
		text = "cannot be priced"
	case d.Before != nil && d.After != nil:
		text += " (" + unit.side(before) + " → " + unit.side(after) + ")"
	case d.Cost.Certainty != advisor.Complete && d.Before == nil:
		text += " (" + unit.side(after) + ")"
	}
	t.line("  " + text)
	if about := summaryChange(d); about != "" {
		t.line("  " + t.paint.quiet(about))
	}
	t.line("")
	if t.brief || r.lines == nil {
		return
	}
	for i := range d.Lines {
		if l := &d.Lines[i]; l.Change != advisor.Unchanged {
			t.item(l, r.lines[i])
		}
	}
}

// summaryChange is what describes a resource, before and after if it differs.
func summaryChange(d *advisor.ResourceDiff) string {
	about := func(res *estimate.Resource) string {
		if res == nil {
			return ""
		}
		return short(res.Summary, longestText)
	}
	was, is := about(d.Before), about(d.After)
	switch {
	case was == is, was == "":
		return is
	case is == "":
		return was
	default:
		return was + " → " + is
	}
}

// item prints a line of a resource.
func (t *textDiff) item(l *advisor.LineDiff, s step) {
	t.line("    " + t.sign(l.Change) + " " + lineTitle(l))
	t.line("      " + t.itemAmount(l, s))
	if text := t.view.unit.lineQuantity(l); text != "" {
		t.line("      " + t.paint.quiet(text))
	}
	t.line("")
}

func (t *textDiff) itemAmount(l *advisor.LineDiff, s step) string {
	unit := t.view.unit
	was, is := unit.cost(s.before, l.Cost.Before.Effective), unit.cost(s.after, l.Cost.After.Effective)
	switch {
	case l.Unpriced() != "":
		text := t.paint.alert("cannot be priced: " + lineReason(l))
		switch {
		case l.Before != nil && l.Before.Unpriced == "":
			text += " (was " + was + ")"
		case l.After != nil && l.After.Unpriced == "":
			text += " (before; now " + is + ")"
		case l.After == nil:
			text += " (removed)"
		}
		return text
	case l.Line().Unpriced != "": // its detail changed, its cost is unknown in the same way
		return t.paint.alert("unpriced: " + short(l.Line().Unpriced, longestText))
	}
	text := t.tone(l.Cost, unit.change(s.change(), l.Cost.Amount().Effective))
	if l.Before != nil && l.After != nil {
		text += " (" + was + " → " + is + ")"
	}
	return text
}

// guardrails prints the checks, those that need action first.
func (t *textDiff) guardrails() {
	if len(t.view.info.Guardrails) == 0 {
		return
	}
	t.line("")
	t.line(t.paint.strong("Guardrails"))
	for _, state := range []GuardrailState{GuardrailBroken, GuardrailUndecided, GuardrailPassed} {
		for _, g := range t.view.info.Guardrails {
			if g.State != state {
				continue
			}
			text := state.String() + ": " + short(g.Title, longestText)
			if g.Text != "" {
				text += ": " + short(g.Text, longestText)
			}
			if state != GuardrailPassed {
				text = t.paint.alert(text)
			}
			t.line("  - " + text)
		}
	}
}

func (s GuardrailState) String() string {
	switch s {
	case GuardrailBroken:
		return "broken"
	case GuardrailUndecided:
		return "undecided"
	default:
		return "passed"
	}
}
