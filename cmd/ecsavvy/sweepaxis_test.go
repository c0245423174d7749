package main

import (
	"math"
	"strconv"
	"testing"
)

func TestSplitValue(t *testing.T) {
	for _, c := range []struct {
		text  string
		value float64
		unit  string
		ok    bool
	}{
		{"200", 200, "", true},
		{"2TB/month", 2, "TB/month", true},
		{"2 TB/month", 2, "TB/month", true},
		{"-0.5 GB", -0.5, "GB", true},
		{"1e3", 1000, "", true},
		{"1.5e3MB/s", 1500, "MB/s", true},
		{"3 eggs", 3, "eggs", true}, // e without digits is no exponent
		{"30%", 30, "%", true},
		{".5", 0.5, "", true},
		{"-0", 0, "", true},
		{"", 0, "", false},
		{"GB", 0, "", false},
		{"1 5", 0, "", false},
		{"1 e5", 0, "", false},
		{"1.2.3", 0, "", false},
		{"1e400", 0, "", false},
		{"--5", 0, "", false},
	} {
		value, unit, err := splitValue(c.text)
		if (err == nil) != c.ok || value != c.value || unit != c.unit {
			t.Errorf("%q: got %v, %q, %v", c.text, value, unit, err)
		}
	}
}

// What is taken apart is written together again and again, with other numbers
// in front of the same unit: it has to come apart at the same place.
func FuzzSplitValue(f *testing.F) {
	for _, seed := range []string{"200", "2TB/month", "1e3", "1.5e-3 MB/s", "3 eggs", "1 5", "-.5%", "0x1F", "1_000", "+7 1/2", "9e", "8e+GB", "5 −3"} {
		f.Add(seed, 12.5)
	}
	f.Fuzz(func(t *testing.T, text string, other float64) {
		value, unit, err := splitValue(text)
		if err != nil {
			return
		}
		if math.IsNaN(value) || math.IsInf(value, 0) {
			t.Fatalf("%q is %v", text, value)
		}
		for _, v := range []float64{value, other} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				continue
			}
			written := strconv.FormatFloat(v, 'f', -1, 64) + unit // as axis.change does
			again, sameUnit, err := splitValue(written)
			if err != nil || again != v || sameUnit != unit {
				t.Fatalf("%q with unit %q, written %q, is %v %q (%v)", text, unit, written, again, sameUnit, err)
			}
		}
	})
}
