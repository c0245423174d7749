package account

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"ecsavvy/advisor/demand"
)

// Limits of one entry of series. Fifteen months of minutes are 650,000 points.
const (
	maxPoints = 1 << 21
	// Of one entry: gaps take no bytes, so that a small file could ask for any memory.
	maxEntryPoints = 1 << 23
	maxName        = 1 << 10
	maxMetrics     = 1 << 12
)

// maxMagnitude is CloudWatch's limit.
// Source: docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html.
const maxMagnitude = 0x1p360

// shareOfMean is the resolution that a series is kept to: at most this share of
// the mean of its magnitudes. CloudWatch's numbers are samples of a minute, whose
// noise is far above; a sum over the series is off by less than half of it.
const shareOfMean = 1.0 / 1024

// Resolution is the step that the values of a series are rounded to in a
// snapshot: a power of two, so that every multiple of it is an exact float64. It
// is at most 1/1024 of the mean magnitude. Whole numbers are kept as they are up
// to a mean of 2048: counts of tasks are exact. A series without values, or of
// zeros, has 1.
func Resolution(values []float64) float64 { return math.Ldexp(1, exponent(values)) }

func exponent(values []float64) int {
	sum, most, n, whole := 0.0, 0.0, 0, true
	for _, v := range values {
		if math.IsNaN(v) {
			continue
		}
		v = math.Abs(v)
		sum, most, n = sum+v, max(most, v), n+1
		whole = whole && v == math.Trunc(v)
	}
	if n == 0 || sum == 0 || math.IsInf(sum, 0) {
		return 0
	}
	e := int(math.Floor(math.Log2(sum / float64(n) * shareOfMean)))
	if whole {
		e = max(e, 0)
	}
	// Multiples of the resolution are integers that a float64 holds.
	return max(e, int(math.Ceil(math.Log2(most)))-52, -1000)
}

// appendSeries appends the measurements of one resource:
//
//	number of series, and of each
//	  namespace, name, statistic   length and bytes
//	  start, step                  seconds
//	  exponent                     the resolution is 2^exponent
//	  points                       with those that are missing
//	  runs                         how many, then the lengths of present and
//	                               missing points in turn, present first
//	  deltas                       of the present points, in resolutions
//
// All numbers are varints. Noise of a few per cent makes deltas of one or two
// bytes, which deflate takes to little more than one.
func appendSeries(b []byte, all []Measurement) ([]byte, error) {
	b = binary.AppendUvarint(b, uint64(len(all)))
	for _, m := range all {
		s := m.Series
		if s.Step <= 0 || s.Step%time.Second != 0 || s.Start.Nanosecond() != 0 {
			return nil, fmt.Errorf("%s: want a start and a step of whole seconds, got %s and %s", m.Metric.Name, s.Start.UTC().Format(time.RFC3339Nano), s.Step)
		}
		if len(s.Values) > maxPoints {
			return nil, fmt.Errorf("%s: %d points, more than %d", m.Metric.Name, len(s.Values), maxPoints)
		}
		for _, text := range []string{m.Metric.Namespace, m.Metric.Name, m.Metric.Statistic} {
			if len(text) > maxName {
				return nil, fmt.Errorf("a metric's name has %d characters, more than %d", len(text), maxName)
			}
			b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
		}
		b = binary.AppendVarint(b, s.Start.Unix())
		b = binary.AppendUvarint(b, uint64(s.Step/time.Second))
		e := exponent(s.Values)
		b = binary.AppendVarint(b, int64(e))
		b = binary.AppendUvarint(b, uint64(len(s.Values)))
		b = appendRuns(b, s.Values)
		last := int64(0)
		for i, v := range s.Values {
			if math.Abs(v) > maxMagnitude {
				return nil, fmt.Errorf("%s: point %d is %g; CloudWatch has values up to 2^360", m.Metric.Name, i, v)
			}
			if !math.IsNaN(v) {
				q := int64(math.RoundToEven(math.Ldexp(v, -e)))
				b = binary.AppendVarint(b, q-last)
				last = q
			}
		}
	}
	return b, nil
}

// appendRuns appends how many runs there are and their lengths.
func appendRuns(b []byte, values []float64) []byte {
	var runs []uint64
	missing, length := false, uint64(0)
	for _, v := range values {
		if math.IsNaN(v) != missing {
			runs, missing, length = append(runs, length), !missing, 0
		}
		length++
	}
	runs = append(runs, length)
	b = binary.AppendUvarint(b, uint64(len(runs)))
	for _, n := range runs {
		b = binary.AppendUvarint(b, n)
	}
	return b
}

var errCutOff = errors.New("the series are cut off or corrupt")

// seriesReader takes numbers off the bytes of an entry. The first error stays.
type seriesReader struct {
	b   []byte
	err error
	// points is how many more there may be.
	points int
}

func (r *seriesReader) uvarint(most uint64) uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > most {
		r.b, r.err = nil, errCutOff
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *seriesReader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.b, r.err = nil, errCutOff
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *seriesReader) text() string {
	n := int(r.uvarint(maxName))
	if n > len(r.b) {
		r.b, r.err = nil, errCutOff
		return ""
	}
	text := string(r.b[:n])
	r.b = r.b[n:]
	return text
}

// readSeries reads what appendSeries wrote.
func readSeries(b []byte) ([]Measurement, error) {
	r := &seriesReader{b: b, points: maxEntryPoints}
	n := int(r.uvarint(maxMetrics))
	all := make([]Measurement, 0, min(n, len(b)/8))
	for range n {
		m := Measurement{Metric: Metric{Namespace: r.text(), Name: r.text(), Statistic: r.text()}}
		start := r.varint()
		step := r.uvarint(uint64(math.MaxInt64 / int64(time.Second)))
		e := r.varint()
		m.Series = demand.Series{Start: time.Unix(start, 0).UTC(), Step: time.Duration(step) * time.Second}
		m.Series.Values = r.values(e)
		if r.err != nil {
			return nil, r.err
		}
		all = append(all, m)
	}
	if len(r.b) > 0 || r.err != nil {
		return nil, errCutOff
	}
	return all, nil
}

// values reads the runs and deltas of one series.
func (r *seriesReader) values(e int64) []float64 {
	points := int(r.uvarint(maxPoints))
	runs := make([]int, min(int(r.uvarint(uint64(points)+1)), len(r.b)))
	sum, present := 0, 0
	for i := range runs {
		n := int(r.uvarint(uint64(points - sum)))
		runs[i], sum = n, sum+n
		if i%2 == 0 {
			present += n
		}
	}
	if r.points -= points; r.err != nil || sum != points || present > len(r.b) || e < -1000 || e > 400 || r.points < 0 {
		r.b, r.err = nil, errCutOff
		return nil
	}
	values := make([]float64, points)
	scale := math.Ldexp(1, int(e))
	b, at, last := r.b, 0, int64(0)
	for i, n := range runs {
		part := values[at : at+n]
		at += n
		if i%2 == 1 {
			for j := range part {
				part[j] = math.NaN()
			}
			continue
		}
		for j := range part {
			// Deltas of one and two bytes are nearly all; the rest is left to the library.
			var u uint64
			switch {
			case len(b) > 0 && b[0] < 0x80:
				u, b = uint64(b[0]), b[1:]
			case len(b) > 1 && b[1] < 0x80:
				u, b = uint64(b[0]&0x7f)|uint64(b[1])<<7, b[2:]
			default:
				v, n := binary.Uvarint(b)
				if n <= 0 {
					r.b, r.err = nil, errCutOff
					return nil
				}
				u, b = v, b[n:]
			}
			last += int64(u>>1) ^ -int64(u&1)
			part[j] = float64(last) * scale
		}
	}
	r.b = b
	return values
}
