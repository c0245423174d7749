package advisor

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"ecsavvy/advisor/estimate"
)

// NoteChange is a remark that stands on one side only, or that says something
// else on each.
type NoteChange struct {
	Path string
	// Before and After are its texts, "" where it is not.
	Before, After string
}

// TypeChange counts the resources of a type that has no price model.
type TypeChange struct {
	Type          string
	Before, After int
}

// noteChanges lists what two lists of notes do not share, by path. Different
// texts of one path are taken for one note that changed.
func noteChanges(before, after []estimate.Note) []NoteChange {
	count := make(map[estimate.Note]int, len(before))
	for _, n := range before {
		count[n]++
	}
	var was, is []estimate.Note
	for _, n := range after {
		if count[n] > 0 {
			count[n]--
			continue
		}
		is = append(is, n)
	}
	for _, n := range before {
		if count[n] > 0 {
			count[n]--
			was = append(was, n)
		}
	}
	sortNotes(was)
	sortNotes(is)
	var out []NoteChange
	for len(was) > 0 || len(is) > 0 {
		switch {
		case len(is) == 0 || len(was) > 0 && was[0].Path < is[0].Path:
			out = append(out, NoteChange{Path: was[0].Path, Before: was[0].Text})
			was = was[1:]
		case len(was) == 0 || is[0].Path < was[0].Path:
			out = append(out, NoteChange{Path: is[0].Path, After: is[0].Text})
			is = is[1:]
		default:
			out = append(out, NoteChange{Path: is[0].Path, Before: was[0].Text, After: is[0].Text})
			was, is = was[1:], is[1:]
		}
	}
	return out
}

func sortNotes(notes []estimate.Note) {
	slices.SortFunc(notes, func(a, b estimate.Note) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Text, b.Text))
	})
}

// typeChanges counts types without a model on both sides, by name.
func typeChanges(before, after map[string]int) []TypeChange {
	var out []TypeChange
	for _, name := range slices.Sorted(maps.Keys(before)) {
		out = append(out, TypeChange{Type: name, Before: before[name], After: after[name]})
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if _, seen := before[name]; !seen {
			out = append(out, TypeChange{Type: name, After: after[name]})
		}
	}
	slices.SortFunc(out, func(a, b TypeChange) int { return strings.Compare(a.Type, b.Type) })
	return out
}
