package demand

import (
	"math"
	"testing"
	"time"
)

func TestCoverage(t *testing.T) {
	nan := math.NaN()
	c := CoverageOf(seriesOf(30*time.Minute, nan, nan, nan, 1, 0, nan, 2, nan, nan))
	want := Coverage{Hours: 1.5, Share: 1.0 / 3, LongestGap: 90 * time.Minute, Weeks: 4.5 / 168}
	if c != want {
		t.Errorf("got %+v, want %+v", c, want)
	}
	if c := CoverageOf(Series{Step: time.Minute}); c != (Coverage{}) {
		t.Errorf("an empty series covers %+v", c)
	}
}

func TestJudge(t *testing.T) {
	tests := []struct {
		hours, share float64
		want         string
	}{
		{7, 1, "needs 24 h of metrics, has 7 h"},
		{23.99, 1, "needs 24 h of metrics, has 23.9 h"},
		{0, 0, "needs 24 h of metrics, has 0 h"},
		{204.96, 0.61, "needs metrics of 80 % of the window, has 61 %"},
		{268, 0.7999, "needs metrics of 80 % of the window, has 79.9 %"},
		{24, 0.8, ""},
	}
	for _, test := range tests {
		if got := errorText(Coverage{Hours: test.hours, Share: test.share}.Judge()); got != test.want {
			t.Errorf("%v h, %v: %q, want %q", test.hours, test.share, got, test.want)
		}
	}
}
