package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ecsavvy/advisor/design"
)

// FuzzTerraformPlan holds what has to hold for any plan: no panic, errors of this
// package that name the file, finite and normal workloads on both sides with the
// same regions, and the same result twice.
func FuzzTerraformPlan(f *testing.F) {
	for _, pattern := range []string{"../../fixtures/cases/*/plan.json", "../../../shared/cases/tfplan/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			if len(data) < 64<<10 {
				f.Add(data)
			}
		}
	}
	f.Add(writePlan(f, "region: eu-west-1\nresources:"+apiTask+apiService))
	f.Fuzz(func(t *testing.T, data []byte) {
		opts := Options{DefaultRegion: "us-east-1", Count: 2}
		p, err := ReadPlan("plan.json", data, opts)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%T is no Error: %v", err, err)
			}
			if text := err.Error(); !strings.HasPrefix(text, "plan.json") || len(text) > 16<<10 {
				t.Fatalf("error of %d bytes: %.300q", len(text), text)
			}
			return
		}
		if len(p.Before) != len(p.After) || len(p.After) == 0 {
			t.Fatalf("%d regions before, %d after", len(p.Before), len(p.After))
		}
		for i := range p.After {
			if p.Before[i].Region.Value != p.After[i].Region.Value {
				t.Errorf("region %q before, %q after", p.Before[i].Region.Value, p.After[i].Region.Value)
			}
			for _, w := range []design.Workload{p.Before[i], p.After[i]} {
				checkFinite(t, "", reflect.ValueOf(w))
				again := w
				again.Normalize()
				if diff := diffValues(w, again); diff != "" {
					t.Fatalf("not normal: %s", diff)
				}
				w.Validate()
			}
		}
		again, err := ReadPlan("plan.json", data, opts)
		if err != nil {
			t.Fatalf("the second reading fails: %v", err)
		}
		if diff := diffValues(p, again); diff != "" {
			t.Fatalf("two readings differ: %s", diff)
		}
	})
}

// TestPlanWithAnyValue replaces every value of our plans, one at a time, by
// values of other kinds: the reader says what is wrong or goes on, and what it
// reads is finite and normal.
func TestPlanWithAnyValue(t *testing.T) {
	files, err := filepath.Glob("../../fixtures/cases/*/plan.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no plans in fixtures", err)
	}
	stride := 7
	if testing.Short() {
		stride = 61
	}
	replacements := []any{nil, "", "x", -1.0, 1e300, true, []any{}, map[string]any{}, []any{nil, []any{map[string]any{"references": "x"}}}, map[string]any{"references": []any{"var.a.b", "module.a.b.c", "each.value", "local", ""}}}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var root any
		if err := json.Unmarshal(data, &root); err != nil {
			t.Fatal(err)
		}
		places := placesIn(nil, root, nil)
		for i := 0; i < len(places)*len(replacements); i += stride {
			place, value := places[i/len(replacements)], replacements[i%len(replacements)]
			old := place.set(value)
			changed, err := json.Marshal(root)
			place.set(old)
			if err != nil {
				t.Fatal(err)
			}
			p, err := ReadPlan("plan.json", changed, Options{})
			if err != nil {
				if !strings.HasPrefix(err.Error(), "plan.json") {
					t.Fatalf("%s: %v = %v: %v", file, place.path, value, err)
				}
				continue
			}
			for _, w := range append(slices.Clone(p.Before), p.After...) {
				checkFinite(t, fmt.Sprint(file, place.path, value), reflect.ValueOf(w))
			}
		}
	}
}

// placeIn is a place in a tree of JSON whose value can be replaced.
type placeIn struct {
	path []string
	set  func(any) (old any)
}

// placesIn lists the places below a value, in a fixed order.
func placesIn(path []string, v any, list []placeIn) []placeIn {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			at := append(slices.Clone(path), key)
			list = append(list, placeIn{at, func(new any) any { old := v[key]; v[key] = new; return old }})
			list = placesIn(at, v[key], list)
		}
	case []any:
		for i := range v {
			at := append(slices.Clone(path), fmt.Sprint(i))
			list = append(list, placeIn{at, func(new any) any { old := v[i]; v[i] = new; return old }})
			list = placesIn(at, v[i], list)
		}
	}
	return list
}
