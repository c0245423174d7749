package design

import "testing"

func TestCountProfile(t *testing.T) {
	var office WeekSchedule
	for day := range 5 {
		for hour := 8; hour < 20; hour++ {
			office.Hours[day*24+hour] = 4
		}
	}
	const lower = "average count not stated: priced at the minimum, a lower bound"
	tests := []struct {
		name            string
		in              CountProfile
		mean, low, high Fact[float64]
		peak            Fact[float64]
	}{
		{"unknown", CountProfile{}, Fact[float64]{}, Fact[float64]{}, Fact[float64]{}, Fact[float64]{}},
		{"fixed", Count(3), Know(3.0), Know(3.0), Know(3.0), Know(3.0)},
		{"zero is a count", Count(0), Know(0.0), Know(0.0), Know(0.0), Know(0.0)},
		{"assumed", CountProfile{Fixed: Assume(1.0, "why")}, Assume(1.0, "why"), Assume(1.0, "why"), Assume(1.0, "why"), Assume(1.0, "why")},
		{"scaled with an average", CountProfile{Scaled: &ScaledCount{Know(2.0), Know(3.4), Know(10.0)}},
			Know(3.4), Know(3.4), Know(3.4), Know(10.0)},
		{"scaled without an average", CountProfile{Scaled: &ScaledCount{Min: Know(4.0), Max: Know(10.0)}},
			Assume(4.0, lower), Know(4.0), Know(10.0), Know(10.0)},
		{"scaled without a maximum", CountProfile{Scaled: &ScaledCount{Min: Know(4.0)}},
			Assume(4.0, lower), Know(4.0), NotKnown[float64]("no maximum count is stated"), Know(4.0)},
		{"scaled with a maximum only", CountProfile{Scaled: &ScaledCount{Max: Know(4.0)}},
			NotKnown[float64]("neither an average nor a minimum count is stated"), Fact[float64]{}, Know(4.0), Know(4.0)},
		{"by the hour of the week", CountProfile{Week: &office}, Know(4 * 60.0 / 168), Know(4 * 60.0 / 168), Know(4 * 60.0 / 168), Know(4.0)},
		{"runs", CountProfile{Runs: &Runs{PerDay: Know(24.0), Tasks: Know(2.0), Seconds: Know(45.0)}},
			NotKnown[float64]("one-shot tasks have no running count"), NotKnown[float64]("one-shot tasks have no running count"),
			NotKnown[float64]("one-shot tasks have no running count"), Know(2.0)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			low, high := tt.in.Bounds()
			for _, check := range []struct {
				what      string
				got, want Fact[float64]
			}{{"mean", tt.in.Mean(), tt.mean}, {"low", low, tt.low}, {"high", high, tt.high}, {"peak", tt.in.Peak(), tt.peak}} {
				if check.got != check.want {
					t.Errorf("%s is %+v, want %+v", check.what, check.got, check.want)
				}
			}
		})
	}
}

func TestFacts(t *testing.T) {
	if f := (Fact[float64]{}); f.Stated() || f.Basis.String() != "unknown" {
		t.Error("the zero fact is not unknown")
	}
	if f := NotKnown[float64]("why").Or(2, "default"); f != Assume(2.0, "default") {
		t.Errorf("got %+v", f)
	}
	if f := Know(3.0).Or(2, "default"); f != Know(3.0) {
		t.Errorf("got %+v", f)
	}
	if b := Weakest(Known, Assumed, Known); b != Assumed {
		t.Errorf("got %s", b)
	}
	if b := Weakest(Known, Unknown, Assumed); b != Unknown {
		t.Errorf("got %s", b)
	}
	if f := Times(Know(2.0), Assume(3.0, "guess")); f != Assume(6.0, "guess") {
		t.Errorf("got %+v", f)
	}
	if f := Times(Know(2.0), NotKnown[float64]("missing")); f != NotKnown[float64]("missing") {
		t.Errorf("a product with an unknown factor is %+v", f)
	}
	if f := Plus(Know(2.0), NotKnown[float64]("missing")); f != NotKnown[float64]("missing") {
		t.Errorf("a sum with an unknown part is %+v", f)
	}
}
