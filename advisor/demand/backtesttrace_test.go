package demand

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// traceFolder holds CPU traces of real instances (Numenta Anomaly Benchmark,
// realAWSCloudwatch): five minutes, two weeks. It is not part of this project.
const traceFolder = "../../../shared/cases/trace"

// trace is a demand with a name.
type trace struct {
	name string
	work Series
}

// realTraces are the CPU traces and the requests of a load balancer, which
// are a service's load too; it skips the test where they are absent.
func realTraces(t *testing.T) []trace {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(traceFolder, "nab__*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var all []trace
	for _, path := range paths {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "nab__"), ".csv")
		if strings.HasPrefix(name, "ec2_cpu") || strings.HasPrefix(name, "elb_request") {
			all = append(all, trace{name, readTrace(t, path)})
		}
	}
	if len(all) == 0 {
		t.Skipf("no traces in %s", traceFolder)
	}
	return all
}

// readTrace puts a trace on a grid of five minutes: what falls on one step
// twice is averaged, what is not there is not measured.
func readTrace(t *testing.T, path string) Series {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s := Series{Step: 5 * time.Minute}
	var count []float64
	for _, row := range rows[1:] {
		at, err := time.Parse(time.DateTime, row[0])
		if err != nil {
			t.Fatal(err)
		}
		value, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		if s.Start.IsZero() {
			s.Start = at
		}
		i := int(at.Sub(s.Start).Round(s.Step) / s.Step)
		for len(s.Values) <= i {
			s.Values, count = append(s.Values, 0), append(count, 0)
		}
		s.Values[i] += value
		count[i]++
	}
	for i, n := range count {
		s.Values[i] /= n // 0/0 is NaN: not measured
	}
	return s
}

// drifts are the kinds of generated services: what their level does from one
// day to the next. The shares are a guess at a fleet, and stated as one.
func drifts() []string { return []string{"steady", "steady", "wandering", "growing", "shifting"} }

// generatedTrace is a service of so many days at five minutes.
func generatedTrace(seed uint64, days int) trace {
	rng := rand.New(rand.NewPCG(seed, 2026))
	kind := drifts()[rng.IntN(len(drifts()))]
	const perDay = 288
	swing, weekend := 4*rng.Float64(), 0.3+0.7*rng.Float64()
	dayNoise, growth := 0.02+0.06*rng.Float64(), 0.02*(rng.Float64()-0.3)
	shiftDay, shift := rng.IntN(2*days), math.Exp(0.2*rng.NormFloat64())
	noise, spike, wander, work := 0.0, 0.0, 0.0, make([]float64, days*perDay)
	today := 1.0
	for i := range work {
		day := i / perDay
		if i%perDay == 0 {
			today = math.Exp(dayNoise * rng.NormFloat64())
			wander += 0.02 * rng.NormFloat64()
		}
		w := today * (1 + swing*max(0, math.Sin(2*math.Pi*(float64(i%perDay)/perDay-0.25))))
		if day%7 >= 5 {
			w *= weekend
		}
		switch kind {
		case "wandering":
			w *= math.Exp(wander)
		case "growing":
			w *= 1 + growth*float64(day)
		case "shifting":
			if day >= shiftDay {
				w *= shift
			}
		}
		noise = 0.9*noise + 0.03*rng.NormFloat64()
		spike *= 0.7
		if rng.Float64() < 0.0007 {
			spike = rng.ExpFloat64()
		}
		work[i] = w * max(0.05, 1+noise+spike)
	}
	return trace{kind, Series{Start: aMonday(), Step: 5 * time.Minute, Values: work}}
}

// cut is part of a series.
func (s Series) cut(from, to int) Series {
	return Series{Start: s.At(from), Step: s.Step, Values: s.Values[from:to]}
}

// service is a trace as a service: a mean of 2 vCPU in the part that is
// learnt from.
func service(w Series, learn int) Series {
	sum, count := 0.0, 0.0
	for _, v := range w.Values[:learn] {
		if !math.IsNaN(v) {
			sum, count = sum+v, count+1
		}
	}
	out := Series{Start: w.Start, Step: w.Step, Values: make([]float64, len(w.Values))}
	for i, v := range w.Values {
		out.Values[i] = v * 2 * count / sum
	}
	return out
}

// disturbance is the memory of the hottest task over what the model says, by
// step: a slow wave, noise and rare spikes, the same for every design.
func disturbance(seed uint64, steps int) []float64 {
	rng := rand.New(rand.NewPCG(seed, 77))
	wave, spike, out := 0.0, 0.0, make([]float64, steps)
	for i := range out {
		wave = 0.99*wave + 0.004*rng.NormFloat64()
		spike *= 0.5
		if rng.Float64() < 0.0005 {
			spike = 0.15 * rng.ExpFloat64()
		}
		out[i] = max(0.5, 1+wave+spike)
	}
	return out
}
