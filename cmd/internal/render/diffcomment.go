package render

import (
	"bufio"
	"strings"

	"ecsavvy/advisor"
)

// CommentBody is a diff as markdown for a pull request or a chat, in parts, so
// that whoever posts it can leave some out where it is too long.
type CommentBody struct {
	// Head is the sentence and the table, Foot the small print.
	Head     string
	Sections []CommentSection
	Foot     string
}

// CommentSection is a part of a comment, in printing order.
type CommentSection struct {
	Title, Text string
	// Collapsed says that it is read on demand.
	Collapsed bool
	// Priority is higher the longer the section is to be kept.
	Priority int
}

// Priorities of the sections of a comment.
const (
	PriorityGuardrails  = 90
	PriorityLeftOut     = 80
	PriorityWarnings    = 60
	PriorityDetails     = 40
	PriorityAssumptions = 20
)

const (
	// commentRows is how many rows the table has at most.
	commentRows = 25
	// commentDetails is how many bytes of details go into a comment; GitHub
	// takes 65,536 characters in all.
	commentDetails = 40_000
	// commentItems is how many notes of a kind go into a comment.
	commentItems = 40
)

// DiffComment makes the markdown of a difference.
func DiffComment(d advisor.Differences, info DiffInfo) CommentBody {
	return viewOf(d, info).comment()
}

// Markdown is the whole body, with collapsed sections as HTML details.
func (b CommentBody) Markdown() string {
	var out strings.Builder
	out.WriteString(b.Head)
	for _, s := range b.Sections {
		out.WriteString("\n")
		if s.Collapsed {
			out.WriteString("<details>\n<summary>" + s.Title + "</summary>\n\n" + s.Text + "\n</details>\n")
			continue
		}
		out.WriteString("#### " + s.Title + "\n\n" + s.Text)
	}
	if b.Foot != "" {
		out.WriteString("\n" + b.Foot)
	}
	return out.String()
}

func (v *diffView) comment() CommentBody {
	body := CommentBody{Head: v.head()}
	if text := guardrailList(v.info.Guardrails); text != "" {
		body.Sections = append(body.Sections, CommentSection{Title: guardrailTitle(v.info.Guardrails), Text: text, Priority: PriorityGuardrails})
	}
	sections := v.sections()
	for _, s := range sections {
		switch s.Title {
		case titleLeftOut:
			body.Sections = append(body.Sections, CommentSection{Title: s.Title, Text: itemList(s.Items), Priority: PriorityLeftOut})
		case titleWarnings:
			body.Sections = append(body.Sections, CommentSection{Title: s.Title, Text: itemList(s.Items), Priority: PriorityWarnings})
		}
	}
	if len(v.shown()) > 0 {
		body.Sections = append(body.Sections, CommentSection{Title: "Details", Text: fenced(v.details(commentDetails)), Collapsed: true, Priority: PriorityDetails})
	}
	for _, s := range sections {
		if s.Title == titleAssumptions {
			body.Sections = append(body.Sections, CommentSection{Title: s.Title, Text: itemList(s.Items), Collapsed: true, Priority: PriorityAssumptions})
		}
	}
	body.Foot = mdText(strings.Join(append(v.counts(), v.footer()...), " ")) + "\n"
	return body
}

// head is the sentence and the table of what changed.
func (v *diffView) head() string {
	text := "### " + mdText(v.sentence()) + " " + arrow(v.diff.Total.Direction()) + "\n"
	for _, r := range v.remarks() {
		text += "\n" + mdText(r) + "\n"
	}
	if len(v.shown()) == 0 {
		return text
	}
	rows := v.commentRows()
	first := "Resource"
	if len(v.projects) > 1 {
		first = "Project"
	}
	text += "\n| " + first + " | Baseline | Change | New cost | Percent |\n|---|---:|---:|---:|---:|\n"
	for _, r := range rows {
		text += "| " + strings.Join(r, " | ") + " |\n"
	}
	return text
}

// commentRows are the rows of the table: projects, or the resources of a single
// one, then the sum. Together they make it up.
func (v *diffView) commentRows() [][]string {
	var rows [][]string
	var rest remainder
	if len(v.projects) == 1 {
		rows = v.resourceRows(&rest)
	} else {
		rows = v.projectRows(&rest)
	}
	if rest.n > 0 {
		rows = append(rows, v.row(rest.label(), rest.Delta, rest.step, rest.before(), rest.after()))
	}
	before, after := v.sides()
	total := v.row("Total", v.diff.Total, v.total, before, after)
	for i, cell := range total {
		if cell != "" {
			total[i] = "**" + cell + "**"
		}
	}
	return append(rows, total)
}

// remainder gathers what has no row of its own.
type remainder struct {
	advisor.Delta
	step
	n, changed int
	what       [2]string // one, many
	partial    [2]bool
}

func (r *remainder) add(d advisor.Delta, s step, changed bool, before, after side) {
	r.Delta, r.step = r.Delta.Add(d), r.step.add(s)
	r.n++
	if changed {
		r.changed++
	}
	r.partial[0] = r.partial[0] || before.partial
	r.partial[1] = r.partial[1] || after.partial
}

func (r *remainder) label() string {
	noun := plural(r.n, r.what[0], r.what[1])
	switch {
	case r.changed == 0:
		return strings.Replace(noun, " ", " unchanged ", 1)
	case r.changed == r.n:
		return strings.Replace(noun, " ", " more ", 1)
	default:
		return strings.Replace(noun, " ", " other ", 1)
	}
}

func (r *remainder) before() side {
	return side{units: r.step.before, exact: r.Before.Effective, rng: r.BeforeRange, partial: r.partial[0]}
}

func (r *remainder) after() side {
	return side{units: r.step.after, exact: r.After.Effective, rng: r.AfterRange, partial: r.partial[1]}
}

func (v *diffView) resourceRows(rest *remainder) [][]string {
	rest.what = [2]string{"resource", "resources"}
	var rows [][]string
	p := &v.projects[0]
	for i := range p.resources {
		r := &p.resources[i]
		before, after := r.sides()
		changed := r.diff.Change != advisor.Unchanged
		if !changed || len(rows) == commentRows {
			rest.add(r.diff.Cost, r.step, changed, before, after)
			continue
		}
		label := sourceSign(r.diff.Change) + " " + resourceTitle(r.diff.Resource(), ambiguous(p.resources, i)) + movedFrom(r.diff)
		rows = append(rows, v.row(label, r.diff.Cost, r.step, before, after))
	}
	return rows
}

func (v *diffView) projectRows(rest *remainder) [][]string {
	rest.what = [2]string{"project", "projects"}
	var rows [][]string
	for i := range v.projects {
		p := &v.projects[i]
		before, after := p.sides()
		changed := p.diff.Change != advisor.Unchanged
		if !changed && !v.info.AllProjects || len(rows) == commentRows {
			rest.add(p.diff.Total, p.step, changed, before, after)
			continue
		}
		rows = append(rows, v.row(short(p.diff.Name, longestName), p.diff.Total, p.step, before, after))
	}
	return rows
}

// sourceSign is the sign of a change in plain text.
func sourceSign(c advisor.Change) string {
	switch c {
	case advisor.Added:
		return "+"
	case advisor.Removed:
		return "-"
	default:
		return "~"
	}
}

// row is one row's cells, safe for markdown.
func (v *diffView) row(label string, d advisor.Delta, s step, before, after side) []string {
	cells := []string{label, v.unit.side(before), v.unit.amount(d, s), v.unit.side(after), percent(d)}
	for i := range cells {
		cells[i] = mdText(cells[i])
	}
	return cells
}

// details is the text diff, in at most limit bytes: without lines where it is
// too long with them, then with fewer resources.
func (v *diffView) details(limit int) string {
	const leastFull, leastBrief = 100, 40 // bytes of a resource
	changed := v.diff.Counts.Added + v.diff.Counts.Removed + v.diff.Counts.Changed
	text := ""
	if changed*leastFull <= limit {
		text = v.bodyText(v.info.Brief, 0)
	}
	if (text == "" || len(text) > limit) && changed*leastBrief <= limit {
		text = v.bodyText(true, 0)
	}
	for n := limit / leastFull; (text == "" || len(text) > limit) && n > 0; n /= 2 {
		text = v.bodyText(true, n)
	}
	return text
}

// bodyText prints the projects and totals of the text format.
func (v *diffView) bodyText(brief bool, limit int) string {
	var b strings.Builder
	out := bufio.NewWriter(&b)
	t := textDiff{out: out, view: v, width: defaultWidth, brief: brief, limit: limit}
	t.body()
	out.Flush()
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// fenced puts text into a code fence that nothing in it can close.
func fenced(text string) string {
	longest, run := 2, 0
	for i := range len(text) {
		if text[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	return fence + "\n" + text + fence + "\n"
}

// itemList is notes as a markdown list.
func itemList(items []Item) string {
	var b strings.Builder
	for i, item := range items {
		if i == commentItems {
			b.WriteString("- " + mdText(plural(len(items)-i, "more is", "more are")+" left out here") + "\n")
			break
		}
		text := mdText(item.Text)
		if item.Place != "" {
			text = "**" + mdText(item.Place) + "**: " + text
		}
		b.WriteString("- " + text + "\n")
	}
	return b.String()
}

// guardrailTitle says at a glance whether a guardrail needs action.
func guardrailTitle(checks []Guardrail) string {
	for _, g := range checks {
		if g.State != GuardrailPassed {
			return "❌ Guardrails: action needed"
		}
	}
	return "✅ Guardrails: all passed"
}

// guardrailList names the checks, those that need action first.
func guardrailList(checks []Guardrail) string {
	text := ""
	for _, state := range []GuardrailState{GuardrailBroken, GuardrailUndecided, GuardrailPassed} {
		for _, g := range checks {
			if g.State != state {
				continue
			}
			mark := map[GuardrailState]string{GuardrailBroken: "❌", GuardrailUndecided: "❔", GuardrailPassed: "✅"}[state]
			text += "- " + mark + " **" + mdText(short(g.Title, longestText)) + "**"
			if g.Text != "" {
				text += ": " + mdText(short(g.Text, longestText))
			}
			text += "\n"
		}
	}
	return text
}
