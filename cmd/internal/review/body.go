package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Body is a comment in parts, markdown that is already escaped where it holds
// names (see Escape).
type Body struct {
	Head     string // what must be read: the totals
	Sections []Section
	Foot     string
}

// Section is a part that can be left out.
type Section struct {
	Title     string // plain text; empty for none
	Text      string
	Collapsed bool // folded away under its title where the forge can
	Priority  int  // the lowest is shortened and left out first
}

// minKept is the least that is worth keeping of a shortened section.
const minKept = 400

// listed is how many left-out sections the notice names.
const listed = 5

// Render writes the body so that it fits the forge: it takes the section of
// the lowest priority (of equals, the last), shortens it in the middle if that
// is enough and leaves something to read, or else leaves it out, and goes on
// with the next. What was left out is said. Whatever the parts are, the text
// is never longer than the forge takes, marker included.
func (b Body) Render(p Profile) string {
	limit := p.room()
	l := layout{profile: p, sections: slices.Clone(b.Sections), gone: make([]bool, len(b.Sections))}
	l.head, l.foot = closeFence(tidy(b.Head)), closeFence(tidy(b.Foot))
	for i := range l.sections {
		l.sections[i].Text = closeFence(tidy(l.sections[i].Text))
	}
	l.measure()
	order := make([]int, len(l.sections))
	for i := range order {
		order[i] = len(order) - 1 - i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(l.sections[x].Priority, l.sections[y].Priority) })
	for _, i := range order {
		excess := l.size() - limit
		if excess <= 0 {
			return l.String()
		}
		room := units(l.sections[i].Text) - excess
		if room >= minKept {
			if short, ok := shortenTo(l.sections[i].Text, room, p); ok {
				l.sections[i].Text = short
				return l.String()
			}
		}
		l.leaveOut(i)
	}
	if excess := l.size() - limit; excess > 0 {
		l.foot = shorten(l.foot, max(limit/4, units(l.foot)-excess), p)
	}
	if excess := l.size() - limit; excess > 0 {
		l.head = shorten(l.head, max(units(l.head)-excess, 0), p)
	}
	if l.size() > limit {
		return shorten(l.String(), limit, p)
	}
	return l.String()
}

// layout is a body being fitted.
type layout struct {
	profile  Profile
	head     string
	sections []Section
	gone     []bool
	foot     string

	sizes int // of the sections that are not gone, and the blank lines after them
	out   []int
}

// measure adds up the sections.
func (l *layout) measure() {
	l.sizes = 0
	for i := range l.sections {
		l.sizes += l.weight(i)
	}
}

// weight is what a section adds to the text.
func (l *layout) weight(i int) int {
	if s := l.section(i); s != "" {
		return units(s) + len("\n\n")
	}
	return 0
}

// leaveOut takes a section out.
func (l *layout) leaveOut(i int) {
	l.sizes -= l.weight(i)
	l.gone[i] = true
	l.out = append(l.out, i)
}

// size is the text's length, without writing it.
func (l *layout) size() int {
	n := l.sizes
	for _, part := range []string{l.head, l.notice(), l.foot} {
		if part != "" {
			n += units(part) + len("\n\n")
		}
	}
	return max(n-len("\n\n"), 0)
}

// section writes one section.
func (l *layout) section(i int) string {
	s := l.sections[i]
	title := Escape(s.Title)
	switch {
	case s.Text == "" && title == "":
		return ""
	case title == "":
		return s.Text
	case s.Collapsed && l.profile.HTML:
		return "<details>\n<summary>" + title + "</summary>\n\n" + s.Text + "\n\n</details>"
	}
	return "#### " + title + "\n\n" + s.Text
}

// notice says what was left out, with the names of the first few.
func (l *layout) notice() string {
	if len(l.out) == 0 {
		return ""
	}
	var names []string
	for _, i := range l.out[:min(len(l.out), listed)] {
		if title := clip(l.sections[i].Title, 80); title != "" {
			names = append(names, Escape(title))
		}
	}
	if more := len(l.out) - len(names); more > 0 && len(names) > 0 {
		names = append(names, grouped(more)+" more")
	}
	what := ""
	if len(names) > 0 {
		what = " (" + strings.Join(names, ", ") + ")"
	}
	return fmt.Sprintf("_Left out, because %s takes at most %s characters a comment: %s%s._",
		l.profile.Title, grouped(l.profile.MaxUnits), plural(len(l.out), "section"), what)
}

// String writes the text.
func (l *layout) String() string {
	parts := []string{l.head}
	for i := range l.sections {
		if !l.gone[i] {
			parts = append(parts, l.section(i))
		}
	}
	parts = append(parts, l.notice(), l.foot)
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, "\n\n")
}
