package advisor_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// pairs are how many random pairs of results each property is held to.
const pairs = 600

// eachPair runs a property on random results, related and unrelated ones.
func eachPair(t *testing.T, f func(t *testing.T, d dice, before, after estimate.Result)) {
	t.Helper()
	for seed := range uint64(pairs) {
		d := roll(seed)
		before := d.result()
		after := d.change(before)
		if seed%4 == 0 {
			after = d.result()
		}
		f(t, d, before, after)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestDiffOfEqualResultsIsEmpty(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, _ dice, before, _ estimate.Result) {
		d := advisor.Diff(before, before, advisor.DiffOptions{})
		if !d.Empty() {
			t.Errorf("Diff(a, a) = %+v", d.Counts)
		}
		if amount := d.Total.Amount(); amount != (estimate.Cost{}) {
			t.Errorf("Diff(a, a) costs %v", amount)
		}
		if d.Effect != (advisor.Effect{}) || len(d.Assumptions) > 0 || d.Total.Direction() != advisor.NoChange {
			t.Errorf("Diff(a, a) has effect %v, notes %v, direction %v", d.Effect, d.Assumptions, d.Total.Direction())
		}
	})
}

func TestDiffIsAntisymmetric(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, _ dice, before, after estimate.Result) {
		there := advisor.Diff(before, after, advisor.DiffOptions{})
		back := advisor.Diff(after, before, advisor.DiffOptions{})
		equalDelta(t, "total", back.Total, there.Total.Inverse())
		if !nearly(there.Effect.Quantity, -back.Effect.Quantity) || !nearly(there.Effect.Price, -back.Effect.Price) || !nearly(there.Effect.Commitment, -back.Effect.Commitment) {
			t.Errorf("effects %v and %v", there.Effect, back.Effect)
		}
		if len(there.Resources) != len(back.Resources) {
			t.Fatalf("%d resources there, %d back", len(there.Resources), len(back.Resources))
		}
		forth := map[string][]advisor.Delta{}
		for i := range there.Resources {
			r := &there.Resources[i]
			forth[sides(r.Before, r.After)] = append(forth[sides(r.Before, r.After)], r.Cost)
		}
		for i := range back.Resources {
			r := &back.Resources[i]
			key := sides(r.After, r.Before)
			want := forth[key]
			if len(want) == 0 {
				t.Errorf("back pairs %s, there does not", key)
				continue
			}
			equalDelta(t, key, r.Cost, want[0].Inverse())
			forth[key] = want[1:]
		}
	})
}

// sides names a pair with all that its resources hold.
func sides(before, after *estimate.Resource) string {
	text := func(r *estimate.Resource) string {
		if r == nil {
			return "nothing"
		}
		return fmt.Sprintf("%s %v %v", advisor.IdentityOf(r), r.Lines, r.Range)
	}
	return text(before) + " | " + text(after)
}

func equalDelta(t *testing.T, what string, got, want advisor.Delta) {
	t.Helper()
	if got.Certainty != want.Certainty || !nearly(got.Before.Effective, want.Before.Effective) || !nearly(got.After.Effective, want.After.Effective) ||
		!nearly(got.BeforeRange.High, want.BeforeRange.High) || !nearly(got.AfterRange.High, want.AfterRange.High) {
		t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}

func TestDiffAddsUp(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, _ dice, before, after estimate.Result) {
		d := advisor.Diff(before, after, advisor.DiffOptions{})
		if !nearly(d.Total.Amount().Effective, after.Total.Effective-before.Total.Effective) || !nearly(d.Total.Amount().List, after.Total.List-before.Total.List) {
			t.Errorf("total %v, want %v − %v", d.Total.Amount(), after.Total, before.Total)
		}
		sum, known := 0.0, 0.0
		for i := range d.Resources {
			r := &d.Resources[i]
			sum += r.Cost.Amount().Effective
			lines := 0.0
			for j := range r.Lines {
				lines += r.Lines[j].Cost.Amount().Effective
				if r.Lines[j].Cost.Certainty == advisor.Complete {
					known += r.Lines[j].Cost.Amount().Effective
				}
			}
			if len(r.Lines) > 0 && !nearly(lines, r.Cost.Amount().Effective) {
				t.Errorf("%s: lines add up to %v, the resource says %v", r.Resource().Name, lines, r.Cost.Amount())
			}
			if len(r.Lines) == 0 {
				known += r.Cost.Amount().Effective
			}
		}
		if !nearly(sum, d.Total.Amount().Effective) {
			t.Errorf("resources add up to %v, the total says %v", sum, d.Total.Amount())
		}
		if e := d.Effect; !nearly(e.Quantity+e.Price+e.Commitment, known) {
			t.Errorf("effects %v add up to %v, want %v", e, e.Quantity+e.Price+e.Commitment, known)
		}
	})
}

func TestDiffIgnoresTheOrderOfResources(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, dice dice, before, after estimate.Result) {
		want := advisor.Diff(before, after, advisor.DiffOptions{})
		got := advisor.Diff(dice.shuffled(before), dice.shuffled(after), advisor.DiffOptions{})
		got.Before, got.After = want.Before, want.After
		if !reflect.DeepEqual(got, want) {
			t.Errorf("in another order the difference is another one:\n%+v\n%+v", got.Counts, want.Counts)
		}
	})
}

func TestDiffHoldsEveryResourceAndLineOnce(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, _ dice, before, after estimate.Result) {
		before.Commitments, after.Commitments = nil, nil
		for i := range after.Resources { // change shares lines
			after.Resources[i].Lines = append([]estimate.Line(nil), after.Resources[i].Lines...)
		}
		d := advisor.Diff(before, after, advisor.DiffOptions{})
		resources, lines := map[*estimate.Resource]int{}, map[*estimate.Line]int{}
		for i := range d.Resources {
			r := &d.Resources[i]
			resources[r.Before]++
			resources[r.After]++
			if r.Before != nil && r.After != nil && r.Before.Kind != r.After.Kind {
				t.Errorf("%s became %s", advisor.IdentityOf(r.Before), advisor.IdentityOf(r.After))
			}
			for j := range r.Lines {
				lines[r.Lines[j].Before]++
				lines[r.Lines[j].After]++
			}
		}
		for _, side := range [][]estimate.Resource{before.Resources, after.Resources} {
			for i := range side {
				if resources[&side[i]] != 1 {
					t.Errorf("%s stands %d times", side[i].Name, resources[&side[i]])
				}
				for j := range side[i].Lines {
					if lines[&side[i].Lines[j]] != 1 {
						t.Errorf("%s, %s stands %d times", side[i].Name, side[i].Lines[j].Name, lines[&side[i].Lines[j]])
					}
				}
			}
		}
	})
}

// TestDiffNeverCallsTheUnknownCheaper replaces any priced line of the result by
// an unpriced one: whatever else happens, that is no decrease that anybody knows.
func TestDiffNeverCallsTheUnknownCheaper(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, dice dice, before, _ estimate.Result) {
		var resources []estimate.Resource
		lost := false
		for _, res := range before.Resources {
			lines := append([]estimate.Line(nil), res.Lines...)
			for i := range lines {
				if lines[i].Unpriced == "" && dice.IntN(2) == 0 {
					lines[i].Unpriced, lost = "depends on usage", true
				}
			}
			resources = append(resources, resource(res.Kind, res.Cluster, res.Name, lines...))
		}
		d := advisor.Diff(result(before.Resources...), result(resources...), advisor.DiffOptions{})
		if !lost {
			return
		}
		if d.Total.Direction() == advisor.Decrease || d.Total.Certainty&advisor.AtLeast == 0 {
			t.Errorf("direction %v, certainty %v, amount %v", d.Total.Direction(), d.Total.Certainty, d.Total.Amount())
		}
		if _, ok := d.Total.Percent(); ok {
			t.Error("a change that is not known has a percentage")
		}
	})
}

func nearly(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }
