package estimate_test

import (
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
	"ecsavvy/pricing"
)

// TestAcceptance runs the texts of fixtures/acceptance: a design, and what it
// has to cost to the cent. Their head says in words where the figures come
// from. Sections:
//
//	design.yaml  the design file
//	hours        hours of the month, if not 730
//	rates        rates that replace the catalogue's: service, usage type, USD
//	expect       name | cents: the sum of the lines of that name, or one of
//	             total, list, low, high; "assumed | words" is an assumption,
//	             "unpriced | words" a reason
func TestAcceptance(t *testing.T) {
	cases, err := filepath.Glob("../../fixtures/acceptance/*.txt")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no acceptance cases: %v", err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			runAcceptance(t, path)
		})
	}
}

func runAcceptance(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(archive.Comment), "Source:") && !strings.Contains(string(archive.Comment), "average is stated") {
		t.Error("the case names no source")
	}
	sections := map[string]string{}
	for _, f := range archive.Files {
		sections[f.Name] = string(f.Data)
	}
	w, err := intake.Read("design.yaml", []byte(sections["design.yaml"]), intake.Options{HoursPerMonth: hoursOf(t, sections["hours"])})
	if err != nil {
		t.Fatal(err)
	}
	if problems := w.Validate(); len(problems) > 0 {
		t.Fatal(problems)
	}
	cat := withRates(t, pricing.Embedded(), w.Region.Value, sections["rates"])
	result, err := estimate.Run(w, cat, estimate.Options{HoursPerMonth: hoursOf(t, sections["hours"])})
	if err != nil {
		t.Fatal(err)
	}
	for want := range strings.Lines(sections["expect"]) {
		name, value, _ := strings.Cut(strings.TrimSpace(want), " | ")
		check(t, result, strings.TrimSpace(name), strings.TrimSpace(value))
	}
	checkSums(t, result)
}

func check(t *testing.T, r estimate.Result, name, want string) {
	t.Helper()
	var got float64
	switch name {
	case "total":
		got = r.Total.Effective
	case "list":
		got = r.Total.List
	case "low":
		got = r.Range.Low
	case "high":
		got = r.Range.High
	case "assumed":
		if !strings.Contains(fmt.Sprint(r.Assumptions), want) {
			t.Errorf("no assumption says %q: %v", want, r.Assumptions)
		}
		return
	case "unpriced":
		if !strings.Contains(fmt.Sprint(unpriced(r)), want) {
			t.Errorf("nothing is unpriced for %q: %v", want, unpriced(r))
		}
		return
	default:
		found := false
		for _, res := range r.Resources {
			for _, line := range res.Lines {
				if line.Name == name {
					got += line.Cost.Effective
					found = true
				}
			}
		}
		if !found {
			t.Errorf("no line is named %q", name)
		}
	}
	if cents := strconv.FormatFloat(got, 'f', 2, 64); cents != want {
		t.Errorf("%s is %s, want %s", name, cents, want)
	}
}

func unpriced(r estimate.Result) []string {
	var reasons []string
	for _, res := range r.Resources {
		for _, line := range res.Lines {
			if line.Unpriced != "" {
				reasons = append(reasons, line.Unpriced)
			}
		}
	}
	return reasons
}

func hoursOf(t *testing.T, section string) float64 {
	t.Helper()
	if section == "" {
		return estimate.HoursPerMonth
	}
	h, err := strconv.ParseFloat(strings.TrimSpace(section), 64)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func withRates(t *testing.T, cat *pricing.Catalog, region, section string) *pricing.Catalog {
	t.Helper()
	var rates []pricing.Rate
	for row := range strings.Lines(section) {
		fields := strings.Fields(row)
		if len(fields) != 3 {
			t.Fatalf("rates: want service, usage type, USD: %q", row)
		}
		usd, err := strconv.ParseFloat(fields[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		old, err := cat.Lookup(pricing.NewSKU(fields[0], fields[1], region))
		if err != nil {
			t.Fatal(err)
		}
		old.Tiers = []pricing.Tier{{To: math.Inf(1), USD: usd}}
		rates = append(rates, old)
	}
	if len(rates) == 0 {
		return cat
	}
	return cat.With(rates...)
}
