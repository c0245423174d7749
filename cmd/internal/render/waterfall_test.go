package render

import (
	"math/rand/v2"
	"strings"
	"testing"

	"ecsavvy/advisor"
)

// randomPlan is a plan with steps that add up, of amounts with many digits.
func randomPlan(rnd *rand.Rand) *advisor.Plan {
	p := &advisor.Plan{Before: 1000 * rnd.Float64()}
	left := p.Before
	for _, lever := range advisor.Levers()[:1+rnd.IntN(8)] {
		s := advisor.Stage{Lever: lever, Before: left}
		for range 1 + rnd.IntN(4) {
			saves := left * rnd.Float64() / 10
			left -= saves
			s.Steps = append(s.Steps, advisor.Step{
				Recommendation: &advisor.Recommendation{Lever: lever, Title: "a\nb\x1b[31m", Subject: advisor.Subject{Kind: "service", Name: "x; rm -rf\n/"}, Patches: []advisor.Patch{{Form: advisor.FormCLI, Text: "aws ecs\nmore"}}},
				Incremental:    saves, Standalone: saves, Saving: advisor.Saving{P10: saves, P50: saves, P90: saves}, Month: 1,
			})
		}
		s.After = left
		p.Stages = append(p.Stages, s)
	}
	p.After = left
	return p
}

// TestPlanAddsUpInPrint: printed steps add up to printed stages, these to the total,
// in the table as in the waterfall.
func TestPlanAddsUpInPrint(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	cents := func(text string) int64 {
		text = strings.NewReplacer(",", "", ".", "").Replace(text)
		n, sign := int64(0), int64(1)
		for _, r := range text {
			if r == '-' {
				sign = -1
				continue
			}
			n = n*10 + int64(r-'0')
		}
		return sign * n
	}
	for range 200 {
		plan := randomPlan(rnd)
		table := planTable(&advisor.Advice{}, plan, AdviseInfo{})
		left, rest := toCents(plan.Before), int64(0)
		for _, row := range table.Rows {
			if row.Level == 0 {
				if rest != 0 {
					t.Fatalf("steps leave %d cents of their stage", rest)
				}
				if cents(row.Cells[1]) != left || cents(row.Cells[1])-cents(row.Cells[2]) != cents(row.Cells[4]) {
					t.Fatalf("stage %v after %d", row.Cells, left)
				}
				left, rest = cents(row.Cells[2]), cents(row.Cells[4])
				continue
			}
			rest -= cents(row.Cells[4])
		}
		if rest != 0 || left != toCents(plan.After) {
			t.Fatalf("%d cents over, %d left of %v", rest, left, plan.After)
		}
		all := falls(plan)
		sum := int64(0)
		for i := range all[:len(all)-1] {
			sum += cents(all[i].amount())
		}
		if sum != cents(all[len(all)-1].amount()) {
			t.Fatalf("the waterfall adds up to %d, not %s", sum, all[len(all)-1].amount())
		}
		for _, line := range waterfallText(plan) {
			if width(line) > 80 {
				t.Fatalf("%d columns: %s", width(line), line)
			}
		}
	}
}

// TestPlanPatchesStayInComments: what comes from outside cannot end a comment.
func TestPlanPatchesStayInComments(t *testing.T) {
	plan := randomPlan(rand.New(rand.NewPCG(2, 2)))
	for line := range strings.Lines(PlanPatches(plan, advisor.FormCLI)) {
		line = strings.TrimSuffix(line, "\n")
		if line != "" && !strings.HasPrefix(line, "# ") && line != "aws ecs" && line != "more" {
			t.Errorf("%q is neither a comment nor of a patch", line)
		}
		if strings.ContainsRune(line, '\x1b') {
			t.Errorf("an escape sequence: %q", line)
		}
	}
}

func TestWaterfallChart(t *testing.T) {
	plan := randomPlan(rand.New(rand.NewPCG(3, 3)))
	svg, err := WaterfallChart(plan, "svg")
	if err != nil || !strings.Contains(string(svg), "after the plan") || !strings.Contains(string(svg), string(plan.Stages[0].Lever)) {
		t.Errorf("%v: %.200s", err, svg)
	}
	if png, err := WaterfallChart(plan, "png"); err != nil || !strings.HasPrefix(string(png), "\x89PNG") {
		t.Errorf("%v", err)
	}
	if _, err := WaterfallChart(plan, "gif"); err == nil {
		t.Error("gif is not refused")
	}
}
