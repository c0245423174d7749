package commitment

import (
	"math"
	"slices"
	"testing"

	"ecsavvy/pricing"
)

func TestSpotRate(t *testing.T) {
	// 5 % a month, an hour of work lost each: 0.007 % on top.
	i := Interruption{Low: 0, High: 0.05}
	if got, want := i.Hourly()*HoursPerMonth, -math.Log(0.95); math.Abs(got-want) > 1e-15 {
		t.Errorf("interruptions a month %v, want %v", got, want)
	}
	if got, want := SpotRate(0.03, i.Hourly(), 1), 0.03*(1+0.0512932943875505/730); math.Abs(got-want) > 1e-15 {
		t.Errorf("rate %v, want %v", got, want)
	}
	if got, want := i.Expected(40), 40*0.0512932943875505; math.Abs(got-want) > 1e-12 {
		t.Errorf("expected %v interruptions of 40, want %v", got, want)
	}
	// At the break-even the rate is that of on demand.
	per := SpotBreakEven(0.1, 0.03, 2)
	if got := SpotRate(0.03, per/HoursPerMonth, 2); math.Abs(got-0.1) > 1e-15 {
		t.Errorf("rate at the break-even %v, want 0.1", got)
	}
	if SpotBreakEven(0.03, 0.03, 1) != 0 || !math.IsInf(SpotBreakEven(0.1, 0.03, 0), 1) {
		t.Error("break-even without a discount, or without rework")
	}
}

func TestSpotShare(t *testing.T) {
	s := SpotShare{Base: 2, SpotWeight: 3, OnDemandWeight: 1}
	for _, tc := range []struct{ n, onDemand, spot float64 }{{1, 1, 0}, {2, 2, 0}, {6, 3, 3}, {10, 4, 6}} {
		if o, p := s.Split(tc.n); o != tc.onDemand || p != tc.spot {
			t.Errorf("%v tasks: %v on demand, %v on Spot; want %v and %v", tc.n, o, p, tc.onDemand, tc.spot)
		}
	}
	if o, p := (SpotShare{OnDemandWeight: 1}).Split(5); o != 5 || p != 0 {
		t.Errorf("without Spot: %v and %v", o, p)
	}
}

func TestInterruptionBands(t *testing.T) {
	c := pricing.Embedded()
	types, err := c.InstancesIn("us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for _, name := range types {
		i, err := InstanceInterruption(c, "us-east-1", name)
		if err != nil {
			t.Fatal(err)
		}
		if i.Known() {
			known++
			if !(i.Hourly() > 0 && i.Hourly() < 0.001) {
				t.Errorf("%s: %v interruptions an hour", name, i.Hourly())
			}
		}
	}
	if known == 0 {
		t.Error("no type of us-east-1 has a band")
	}
	if i := FargateInterruption(); i.Known() || !math.IsNaN(i.Hourly()) {
		t.Errorf("Fargate: %+v", i)
	}
	if i, err := InstanceInterruption(c, "us-east-1", "m99.large"); err != nil || i.Known() {
		t.Errorf("unknown type: %+v, %v", i, err)
	}
}

func TestSpotService(t *testing.T) {
	if (SpotService{Tasks: 1}).SpotRefusal() == "" || (SpotService{Tasks: 2}).SpotRefusal() != "" {
		t.Error("want one task refused and two not")
	}
	got := SpotService{Tasks: 3, Stateful: true, StopSeconds: 300}.SpotFlags()
	want := []string{"keeps state: an interruption may lose it", "needs 300 s to stop, AWS gives 120 s"}
	if !slices.Equal(got, want) {
		t.Errorf("flags %q, want %q", got, want)
	}
	if got := (SpotService{Tasks: 3, StopSeconds: 30}).SpotFlags(); len(got) != 0 {
		t.Errorf("flags %q", got)
	}
}
