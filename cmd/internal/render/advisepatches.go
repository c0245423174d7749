package render

import (
	"fmt"
	"strings"

	"ecsavvy/advisor"
)

// PlanPatches are the patches of a plan in the order of its steps, as a text; of one
// form where form is not "". Names from outside stand in comments of one line.
func PlanPatches(plan *advisor.Plan, form string) string {
	var b strings.Builder
	steps := 0
	for i := range plan.Stages {
		steps += len(plan.Stages[i].Steps)
	}
	n := 0
	for i := range plan.Stages {
		for j := range plan.Stages[i].Steps {
			n++
			step := &plan.Stages[i].Steps[j]
			r := step.Recommendation
			head := fmt.Sprintf("# %d of %d: %s %s: %s\n# saves %s USD a month; %s risk, %s; month %d\n", n, steps, r.Lever,
				comment(subjectLabel(r.Subject)), comment(r.Title), money(toCents(step.Incremental)), r.Risk, effortText(r.Effort), step.Month)
			b.WriteString(head)
			b.WriteString(patchesText(r.Patches, form, "# "))
			b.WriteString("\n")
		}
	}
	return b.String()
}

// patchesText are the patches of a form, or of all, each under its name.
func patchesText(patches []advisor.Patch, form, mark string) string {
	var b strings.Builder
	for _, p := range patches {
		if form != "" && p.Form != form {
			continue
		}
		if form == "" {
			b.WriteString(mark + p.Form + "\n")
		}
		b.WriteString(printableLines(p.Text) + "\n")
	}
	if b.Len() == 0 {
		b.WriteString(mark + "nothing of this form: see the other forms\n")
	}
	return b.String()
}

// comment keeps a text on one line.
func comment(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

// printableLines is a text of several lines without characters that would move a
// terminal's cursor.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = Printable(lines[i])
	}
	return strings.Join(lines, "\n")
}
