package demand

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestPredictSaving(t *testing.T) {
	load := []float64{2, 2.2, 1.9, 2.1, 2, 1.2, 1.1, 2, 2.1, 2.2, 1.8, 2, 1.1, 1.2}
	predict := func(saving []float64) Prediction {
		p, err := PredictSaving(load, saving, aMonday(), 14, 2000, 1)
		if err != nil {
			t.Fatal(err)
		}
		if !(p.P10 <= p.P50 && p.P50 <= p.P90) {
			t.Errorf("P10 %v, P50 %v, P90 %v", p.P10, p.P50, p.P90)
		}
		return p
	}
	// A saving that the load does not move is certain.
	p := predict(repeat(7, 14))
	near(t, "P10 of a constant", p.P10, 7, 1e-9)
	near(t, "P90 of a constant", p.P90, 7, 1e-9)
	// One that is the load has the load's width, around its mean.
	p = predict(load)
	near(t, "P50", p.P50, 1.78, 0.05)
	if width := (p.P90 - p.P10) / 1.78; width < 0.08 || width > 0.3 {
		t.Errorf("P10 to P90 are %v of the load, want 0.08 to 0.3", width)
	}
	if again := predict(load); !slices.Equal(p.Draws, again.Draws) {
		t.Error("two predictions of one seed differ")
	}
	// Draw i is one future for all changes: savings of twice the size are twice
	// the saving in each.
	twice := make([]float64, len(load))
	for i, v := range load {
		twice[i] = 2 * v
	}
	for i, v := range predict(twice).Draws {
		near(t, "draw", v, 2*p.Draws[i], 1e-9)
	}
}

func TestPredictSavingErrors(t *testing.T) {
	predict := func(load, saving []float64, horizon int) error {
		_, err := PredictSaving(load, saving, aMonday(), horizon, 10, 1)
		return err
	}
	nan := math.NaN()
	wantError(t, predict([]float64{1}, nil, 7), "demand: predicting a saving: 1 days of load, 0 of saving: want equal numbers")
	wantError(t, predict([]float64{1, nan, 1, 1}, []float64{1, 1, 1, nan}, 7), "demand: predicting a saving: needs 3 days, has 2")
	wantError(t, predict([]float64{1, 1, 1}, []float64{1, 1, 1}, 0), "demand: predicting a saving: horizon 0 days, 10 draws: want at least 1")
}

func TestDailyMean(t *testing.T) {
	nan := math.NaN()
	days, err := DailyMean(seriesOf(6*time.Hour, 1, 2, 3, 6, nan, nan, nan, 4, 5, nan, nan, 7, 1))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{3, nan, 6, nan} {
		if days[i] != want && !(math.IsNaN(days[i]) && math.IsNaN(want)) {
			t.Errorf("days %v: day %d want %v", days, i, want)
		}
	}
	// A replay's days are the same days.
	out, err := Replay(Measured{Work: seriesOf(6*time.Hour, 1, 2, 3, 6, nan, nan, nan, 4, 5, nan, nan, 7, 1)}, MemoryModel{}, Size{1, 2}, idealTracking(0, 1))
	if err != nil {
		t.Fatal(err)
	}
	for i := range days {
		if out.Days[i] != days[i] && !(math.IsNaN(days[i]) && math.IsNaN(out.Days[i])) {
			t.Errorf("replay's days %v, want %v", out.Days, days)
			break
		}
	}
}
