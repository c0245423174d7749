package account

import (
	"bytes"
	"compress/flate"
	"io"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"ecsavvy/advisor/demand"
)

// diurnal is a day's wave with noise, as a service has it: 14 days of minutes.
func diurnal(seed uint64, noise float64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	values := make([]float64, 14*1440)
	for i := range values {
		wave := 50 + 30*math.Sin(2*math.Pi*float64(i)/1440) + 5*math.Sin(2*math.Pi*float64(i)/10080)
		values[i] = max(0, wave*(1+noise*r.NormFloat64()))
	}
	return values
}

func series(values []float64) demand.Series {
	return demand.Series{Start: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Step: time.Minute, Values: values}
}

func measurement(name, statistic string, values ...float64) Measurement {
	return Measurement{Metric: Metric{Namespace: "AWS/ECS", Name: name, Statistic: statistic}, Series: series(values)}
}

// roundTrip encodes and decodes.
func roundTrip(t *testing.T, all []Measurement) []Measurement {
	t.Helper()
	b, err := appendSeries(nil, all)
	if err != nil {
		t.Fatal(err)
	}
	back, err := readSeries(b)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// What is read differs from what was written by less than the stated resolution,
// and a second writing changes nothing.
func TestSeriesKeepResolution(t *testing.T) {
	nan := math.NaN()
	for name, values := range map[string][]float64{
		"empty":       {},
		"one":         {42.5},
		"gaps":        {nan, nan, 1.25, nan, 3, nan},
		"all missing": {nan, nan, nan},
		"zeros":       {0, 0, 0, 0},
		"negative":    {-3.7, 2, -1e6},
		"tiny":        {1e-300, 2e-300, 3e-300},
		"denormal":    {5e-324, 0},
		"huge":        {0x1p360, -0x1p360, 5},
		"one peak":    {1, 1, 1, 1, 1e15, 1, 1},
		"bytes":       {1 << 50, 3, nan, 1<<50 + 1},
		"diurnal":     diurnal(1, 0.1),
		"percent":     {0.012345, 0.98765, 13.55555},
	} {
		t.Run(name, func(t *testing.T) {
			back := roundTrip(t, []Measurement{measurement("CPUUtilization", "Average", values...)})[0].Series.Values
			if len(back) != len(values) {
				t.Fatalf("%d points, want %d", len(back), len(values))
			}
			r := Resolution(values)
			for i, v := range values {
				if math.IsNaN(v) != math.IsNaN(back[i]) || math.Abs(v-back[i]) > r/2 {
					t.Errorf("point %d: got %g, want %g within %g", i, back[i], v, r/2)
				}
			}
			again := roundTrip(t, []Measurement{measurement("CPUUtilization", "Average", back...)})[0].Series.Values
			for i := range back {
				if math.Abs(again[i]-back[i]) > Resolution(back)/2 {
					t.Errorf("point %d drifts: %g, then %g", i, back[i], again[i])
				}
			}
		})
	}
}

// Counts of tasks are exact.
func TestSeriesKeepsCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	values := make([]float64, 5000)
	for i := range values {
		values[i] = float64(r.IntN(2000))
	}
	back := roundTrip(t, []Measurement{measurement("RunningTaskCount", "Average", values...)})[0].Series.Values
	for i := range values {
		if values[i] != back[i] {
			t.Fatalf("point %d: got %g, want %g", i, back[i], values[i])
		}
	}
}

func TestSeriesRefuses(t *testing.T) {
	odd := measurement("CPUUtilization", "Average", 1)
	odd.Series.Step = 1500 * time.Millisecond
	for name, row := range map[string]struct {
		m    Measurement
		want string
	}{
		"infinite": {measurement("CPUUtilization", "Average", 1, math.Inf(1)), "CPUUtilization: point 1 is +Inf; CloudWatch has values up to 2^360"},
		"no step":  {odd, "CPUUtilization: want a start and a step of whole seconds, got 2026-11-01T00:00:00Z and 1.5s"},
	} {
		if _, err := appendSeries(nil, []Measurement{row.m}); err == nil || err.Error() != row.want {
			t.Errorf("%s: got %v, want %s", name, err, row.want)
		}
	}
}

// Fourteen days of minutes with 5 % of noise take less than 1.5 bytes a point.
func TestSeriesAreSmall(t *testing.T) {
	for seed := range uint64(5) {
		values := diurnal(seed, 0.05)
		b, err := appendSeries(nil, []Measurement{measurement("CPUUtilization", "Average", values...)})
		if err != nil {
			t.Fatal(err)
		}
		var packed bytes.Buffer
		NewWriter(io.Discard, WriterOptions{}).pack(&packed, b)
		if perPoint := float64(packed.Len()) / float64(len(values)); perPoint > 1.5 {
			t.Errorf("seed %d: %.2f bytes a point", seed, perPoint)
		}
	}
}

// What is cut off at any byte is refused, never read as less.
func TestSeriesCutOff(t *testing.T) {
	b, err := appendSeries(nil, []Measurement{
		measurement("CPUUtilization", "Average", 1, 2, math.NaN(), 4e9), measurement("MemoryUtilization", "Average", 5, 6.5),
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range b {
		if all, err := readSeries(b[:n]); err == nil {
			t.Errorf("%d of %d bytes read as %d series", n, len(b), len(all))
		}
	}
	if _, err := readSeries(append(b, 0)); err == nil {
		t.Error("a byte too many is read")
	}
}

// A few bytes that claim points without end are refused before memory is asked for.
func TestSeriesOfGapsAreBounded(t *testing.T) {
	gaps := make([]float64, maxPoints)
	for i := range gaps {
		gaps[i] = math.NaN()
	}
	var all []Measurement
	for range maxEntryPoints/maxPoints + 1 {
		all = append(all, measurement("CPUUtilization", "Average", gaps...))
	}
	b, err := appendSeries(nil, all)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readSeries(b); err == nil {
		t.Error("gaps of any length are read")
	}
}

func FuzzSeries(f *testing.F) {
	b, _ := appendSeries(nil, []Measurement{measurement("CPUUtilization", "Average", 1, 2.5, math.NaN(), 4e9)})
	f.Add(b)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := readSeries(b)
		if err != nil {
			return
		}
		for _, m := range all {
			if m.Series.Step == 0 {
				return // readable, but nothing that a writer takes
			}
		}
		// What the writer makes of what was read, reads as the same to its resolution.
		again, err := appendSeries(nil, all)
		if err != nil {
			return
		}
		back, err := readSeries(again)
		if err != nil {
			t.Fatal(err)
		}
		for i := range all {
			r := Resolution(all[i].Series.Values)
			for j, v := range all[i].Series.Values {
				if w := back[i].Series.Values[j]; math.IsNaN(v) != math.IsNaN(w) || math.Abs(v-w) > r/2 {
					t.Fatalf("got %g, want %g", w, v)
				}
			}
		}
	})
}

// BenchmarkReadSeries inflates and decodes; a point counts as a byte of MB/s.
func BenchmarkReadSeries(b *testing.B) {
	values := diurnal(1, 0.05)
	plain, _ := appendSeries(nil, []Measurement{measurement("CPUUtilization", "Average", values...)})
	var packed bytes.Buffer
	NewWriter(io.Discard, WriterOptions{}).pack(&packed, plain)
	b.SetBytes(int64(len(values)))
	b.ReportMetric(float64(packed.Len())/float64(len(values)), "B/point")
	in := flate.NewReader(nil)
	var buffer bytes.Buffer
	for b.Loop() {
		if err := in.(flate.Resetter).Reset(bytes.NewReader(packed.Bytes()), nil); err != nil {
			b.Fatal(err)
		}
		buffer.Reset()
		if _, err := buffer.ReadFrom(in); err != nil {
			b.Fatal(err)
		}
		if _, err := readSeries(buffer.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendSeries(b *testing.B) {
	values := diurnal(1, 0.05)
	w := NewWriter(io.Discard, WriterOptions{})
	b.SetBytes(int64(len(values)))
	for b.Loop() {
		plain, _ := appendSeries(nil, []Measurement{measurement("CPUUtilization", "Average", values...)})
		var packed bytes.Buffer
		w.pack(&packed, plain)
	}
}
