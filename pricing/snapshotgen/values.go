package main

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// number reads a plain decimal of zero or more ("0.04048"). Exponents, signs,
// NaN and Inf are refused: prices are kept as the text they came as.
func (r row) number(column string) (float64, error) {
	text := r.cell(column)
	whole, fraction, dotted := strings.Cut(text, ".")
	if !digits(whole) || dotted && !digits(fraction) {
		return 0, r.refuse("%s is %q, want a plain decimal of zero or more", column, text)
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, r.refuse("%s is %q, want a plain decimal of zero or more", column, text)
	}
	return v, nil
}

// positive reads a plain decimal above zero.
func (r row) positive(column string) (float64, error) {
	v, err := r.number(column)
	if err == nil && v == 0 {
		err = r.refuse("%s is zero, want more, or nothing where it is not known", column)
	}
	return v, err
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// date reads a day ("2026-09-11") or a month ("2025-05").
func (r row) date(column string) (string, error) {
	text := r.cell(column)
	for _, layout := range []string{"2006-01-02", "2006-01"} {
		if _, err := time.Parse(layout, text); err == nil {
			return text, nil
		}
	}
	return "", r.refuse("%s is %q, want a date like 2026-09-11 or 2025-05", column, text)
}
