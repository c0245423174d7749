package intake

import (
	"errors"
	"math"
	"strconv"
	"testing"
)

// quantityTest is one text and what it means in a month of 730 hours.
type quantityTest struct {
	q       quantity
	in      string
	want    float64
	wantErr string // of its own; "?" is the general one
}

func TestAmounts(t *testing.T) {
	checkQuantities(t, []quantityTest{
		{q: count(), in: "3.4", want: 3.4},
		{q: count(), in: "1_000", want: 1000},
		{q: count(), in: "10M", want: 1e7},
		{q: count(), in: "1.5k", want: 1500},
		{q: count(), in: "-1", wantErr: "?"},
		{q: count(), in: "", wantErr: "?"},
		{q: count(), in: "NaN", wantErr: "?"},
		{q: count(), in: "1e16", wantErr: "it is too large to be meant"},
		{q: whole(), in: "3", want: 3},
		{q: whole(), in: "2.5", wantErr: "it has a fraction"},
		{q: share(), in: "30%", want: 0.3},
		{q: share(), in: "0.3", want: 0.3},
		{q: share(), in: "1", want: 1},
		{q: share(), in: "30", wantErr: "30 percent is written 30%"},
		{q: share(), in: "130%", wantErr: "it is more than all"},
		{q: share(), in: "30 percent", wantErr: "?"},
		{q: percent(), in: "90%", want: 90},
		{q: percent(), in: "200", want: 200},
		{q: vcpu(), in: "0.5", want: 0.5},
		{q: vcpu(), in: "64", want: 64},
		{q: vcpu(), in: "65", wantErr: "a plain number up to 64 is vCPU and a whole one from 128 on is CPU units; write 65 units or 65 vCPU"},
		{q: vcpu(), in: "127", wantErr: "a plain number up to 64 is vCPU and a whole one from 128 on is CPU units; write 127 units or 127 vCPU"},
		{q: vcpu(), in: "128", want: 0.125},
		{q: vcpu(), in: "1024", want: 1},
		{q: vcpu(), in: "100 units", want: 100.0 / 1024},
		{q: vcpu(), in: "96 vCPU", want: 96},
		{q: vcpu(), in: "2 cores", wantErr: "?"},
		{q: memory(), in: "1GB", want: 1},
		{q: memory(), in: "512", want: 0.5},
		{q: memory(), in: "512MB", want: 0.5},
		{q: memory(), in: "2", wantErr: "a plain number is MiB, and 2 of them hold no container; write 2GB"},
		{q: memory(), in: "0.5", wantErr: "a plain number is MiB, and 0.5 of them hold no container; write 0.5GB"},
		{q: size(), in: "1.5TB", want: 1536},
		{q: size(), in: "20", want: 20},
		{q: size(), in: "20GB/month", wantErr: "?"},
	})
}

func TestRatesAndTimes(t *testing.T) {
	checkQuantities(t, []quantityTest{
		{q: perSecond(), in: "20/s", want: 20},
		{q: perSecond(), in: "20", want: 20},
		{q: perSecond(), in: "1200/min", want: 20},
		{q: perSecond(), in: "10M/month", want: 1e7 / (730 * 3600)},
		{q: perSecond(), in: "10/m", wantErr: "?"},
		{q: perSecond(), in: "10/fortnight", wantErr: "?"},
		{q: perMonth(), in: "20", want: 20},
		{q: perMonth(), in: "1000/month", want: 1000},
		{q: perMonth(), in: "1/s", want: 730 * 3600},
		{q: perMonth(), in: "12/year", want: 1},
		{q: perDay(), in: "24", want: 24},
		{q: perDay(), in: "1/h", want: 24},
		{q: perDay(), in: "7/week", want: 1},
		{q: monthlyData(), in: "120GB/month", want: 120},
		{q: monthlyData(), in: "120", want: 120},
		{q: monthlyData(), in: "120GB", want: 120},
		{q: monthlyData(), in: "300KB/s", want: 300.0 / (1 << 20) * 730 * 3600},
		{q: monthlyData(), in: "24GB/day", want: 730},
		{q: monthlyData(), in: "8Mbps", want: 1e6 / float64(1<<30) * 730 * 3600},
		{q: monthlyData(), in: "5/month", want: 5},
		{q: monthlyData(), in: "5 parsecs", wantErr: "?"},
		{q: megabits(), in: "50Mbps", want: 50},
		{q: megabits(), in: "1Gbps", want: 1000},
		{q: megabits(), in: "32", want: 32},
		{q: megabits(), in: "50MB/s", wantErr: "?"},
		{q: throughput(), in: "125MB/s", want: 125},
		{q: throughput(), in: "1GB/s", want: 1024},
		{q: throughput(), in: "125", want: 125},
		{q: throughput(), in: "125MB/h", wantErr: "?"},
		{q: duration(), in: "45s", want: 45},
		{q: duration(), in: "1h30m", want: 5400},
		{q: duration(), in: "2d", want: 172800},
		{q: duration(), in: "1h 30m", want: 5400},
		{q: duration(), in: "45", wantErr: "?"},
		{q: duration(), in: "5 minutes ago", wantErr: "?"},
		{q: minutes(), in: "6m", want: 6},
		{q: minutes(), in: "6", want: 6},
		{q: minutes(), in: "90s", want: 1.5},
		{q: retention(), in: "30d", want: 30},
		{q: retention(), in: "30", want: 30},
		{q: retention(), in: "2w", want: 14},
		{q: retention(), in: "never", want: 0},
		{q: retention(), in: "31d", wantErr: "CloudWatch Logs keeps 30d or 60d, not what lies between"},
		{q: retention(), in: "0", wantErr: "CloudWatch Logs keeps 1d at least"},
		{q: retention(), in: "9999d", wantErr: "CloudWatch Logs keeps at most 3653d, or never"},
		{q: retention(), in: "a while", wantErr: "?"},
		{q: dollars(), in: "2.00", want: 2},
		{q: dollars(), in: "$2.50", want: 2.5},
		{q: dollars(), in: "2 EUR", wantErr: "?"},
	})
}

func checkQuantities(t *testing.T, tests []quantityTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.q.want+": "+tt.in, func(t *testing.T) {
			got, err := tt.q.parse(tt.in, hoursPerMonth)
			text := errorText(err)
			if errors.Is(err, errQuantity) {
				text = "?"
			}
			if text != tt.wantErr {
				t.Fatalf("error %q, want %q", text, tt.wantErr)
			}
			if err == nil && math.Abs(got-tt.want) > 1e-9*max(1, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// Examples in messages and in the reference are of the form that they are for.
func TestQuantityExamples(t *testing.T) {
	for _, q := range quantities() {
		if len(q.examples) == 0 {
			t.Errorf("%s: no example", q.want)
		}
		for _, example := range q.examples {
			if _, err := q.parse(example, hoursPerMonth); err != nil {
				t.Errorf("%s: %q: %v", q.want, example, err)
			}
		}
	}
}

// The month is the caller's.
func TestRatesKnowTheMonth(t *testing.T) {
	a, errA := perSecond().parse("720/month", 720)
	b, errB := monthlyData().parse("1GB/h", 720)
	if errA != nil || errB != nil || math.Abs(a*3600-1) > 1e-12 || math.Abs(b-720) > 1e-9 {
		t.Errorf("got %v, %v, %v, %v", a, b, errA, errB)
	}
}

func quantities() []quantity {
	return []quantity{count(), whole(), share(), percent(), vcpu(), memory(), size(), perSecond(), perDay(), perMonth(),
		monthlyData(), megabits(), throughput(), duration(), minutes(), retention(), dollars()}
}

// No text makes a quantity that is not finite or below zero, and a plain number
// that one accepts means the same with spaces around it.
func FuzzQuantity(f *testing.F) {
	for _, q := range quantities() {
		for _, example := range q.examples {
			f.Add(example)
		}
	}
	f.Add("1e400GB")
	f.Add("9999999999999999999/s")
	f.Add("1e15PB/s")
	f.Fuzz(func(t *testing.T, text string) {
		for _, q := range quantities() {
			got, err := q.parse(text, hoursPerMonth)
			if err != nil {
				continue
			}
			if math.IsNaN(got) || math.IsInf(got, 0) || got < 0 {
				t.Errorf("%s: %q is %v", q.want, text, got)
			}
			if spaced, err := q.parse(" "+text+" ", hoursPerMonth); err != nil || spaced != got {
				t.Errorf("%s: %q is %v, with spaces %v, %v", q.want, text, got, spaced, err)
			}
			_ = strconv.FormatFloat(got, 'g', -1, 64)
		}
	})
}

func TestSchedule(t *testing.T) {
	tests := []struct {
		in      string
		want    []span
		wantErr string
	}{
		{in: "mon 08:00-20:00", want: []span{{480, 1200}}},
		{in: "mon-tue 08:00-20:00", want: []span{{480, 1200}, {1920, 2640}}},
		{in: "sat,sun", want: []span{{5 * 1440, 6 * 1440}, {6 * 1440, 7 * 1440}}},
		{in: "fri-sat", want: []span{{4 * 1440, 5 * 1440}, {5 * 1440, 6 * 1440}}},
		{in: "sun-mon 00:00-01:30", want: []span{{6 * 1440, 6*1440 + 90}, {0, 90}}},
		{in: "mon 22:00-06:00", want: []span{{1320, 1800}}},
		{in: "sun 22:00-06:00", want: []span{{6*1440 + 1320, 7 * 1440}, {0, 360}}},
		{in: "Mon 08:00-24:00", want: []span{{480, 1440}}},
		{in: "mon 08:00-08:00", wantErr: "it begins when it ends; leave the hours out for the whole day"},
		{in: "mon 25:00-26:00", wantErr: "?"},
		{in: "mon 8-20", wantErr: "?"},
		{in: "monday", wantErr: "?"},
		{in: "08:00-20:00 mon", wantErr: "?"},
		{in: "", wantErr: "?"},
		{in: "mon 08:00-20:00 extra", wantErr: "?"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got, err := parseSpans(tt.in)
			text := errorText(err)
			if errors.Is(err, errQuantity) {
				text = "?"
			}
			if text != tt.wantErr {
				t.Fatalf("error %q, want %q", text, tt.wantErr)
			}
			if err == nil && diffValues(tt.want, got) != "" {
				t.Error(diffValues(tt.want, got))
			}
		})
	}
}
