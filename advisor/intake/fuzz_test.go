package intake

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"ecsavvy/advisor/design"
	"ecsavvy/fixtures"
)

// checkRead reads an input and checks what has to hold for any: an error names
// the file, is of this package and of a readable length; a workload is finite,
// normal, and validates without a panic.
func checkRead(t *testing.T, name string, data []byte, opts Options) (design.Workload, bool) {
	t.Helper()
	w, err := Read(name, data, opts)
	if err != nil {
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("%T is no Error: %v", err, err)
		}
		if text := err.Error(); !strings.HasPrefix(text, name) && !strings.HasPrefix(text, "taskdef.json") || len(text) > 16<<10 {
			t.Fatalf("error of %d bytes: %.300q", len(text), text)
		}
		return w, false
	}
	checkFinite(t, "", reflect.ValueOf(w))
	again := w
	again.Normalize()
	if diff := diffValues(w, again); diff != "" {
		t.Fatalf("not normal: %s", diff)
	}
	for _, problem := range w.Validate() {
		if problem.Error() == "" {
			t.Fatal("a problem without a text")
		}
	}
	return w, true
}

// checkFinite walks a value: no number in a model is NaN, infinite or negative,
// and an unknown fact has no value.
func checkFinite(t *testing.T, at string, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) || f < 0 {
			t.Fatalf("%s is %v", at, f)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			checkFinite(t, at, v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			checkFinite(t, fmt.Sprintf("%s[%d]", at, i), v.Index(i))
		}
	case reflect.Struct:
		if b := v.FieldByName("Basis"); b.IsValid() && b.Uint() == uint64(design.Unknown) && !v.FieldByName("Value").IsZero() {
			t.Fatalf("%s is unknown and has the value %v", at, v.FieldByName("Value"))
		}
		for i := range v.NumField() {
			checkFinite(t, at+"."+v.Type().Field(i).Name, v.Field(i))
		}
	}
}

func FuzzTaskDefinition(f *testing.F) {
	for _, pattern := range []string{"../../fixtures/cases/*/*taskdef.json", "../../../shared/cases/taskdef/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Add([]byte("family: f\ncpu: 256\ncontainerDefinitions: [{name: a, image: b}]\n"))
	f.Add([]byte(`[{"name": "a", "image": "b", "memory": "${M}"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		w, ok := checkRead(t, "input", data, Options{Kind: TaskDefinition})
		if !ok {
			return
		}
		if len(w.Services) != 1 {
			t.Fatalf("%d services", len(w.Services))
		}
		// The same reads the same, detected or not.
		if kind, err := Detect("input", data); err == nil && kind == TaskDefinition {
			detected, err := Read("input", data, Options{})
			if err != nil || diffValues(w, detected) != "" {
				t.Fatalf("detected, it reads otherwise: %v\n%s", err, diffValues(w, detected))
			}
		}
	})
}

func FuzzDesignFile(f *testing.F) {
	for _, text := range samples(f) {
		f.Add([]byte(text))
	}
	f.Add([]byte(variantsFile))
	f.Add([]byte("x-a: &a {cpu: 0.25, memory: 512MB}\nservices: {a: {task: {<<: *a, arch: arm64}, count: {schedule: {\"fri-mon 22:00-06:30\": 2, default: 1}}}}\n"))
	opts := Options{Kind: DesignFile, ReadFile: func(string) ([]byte, error) {
		return []byte(`{"family": "f", "cpu": "256", "memory": "512", "containerDefinitions": [{"name": "a", "image": "b"}]}`), nil
	}}
	f.Fuzz(func(t *testing.T, data []byte) {
		w, ok := checkRead(t, "input", data, opts)
		if !ok {
			return
		}
		// What a file says of its variants reads, and its changes read back.
		for _, v := range w.Variants {
			want, err := ReadVariant("input", data, v.Name, opts)
			if err != nil {
				t.Fatalf("variant %q: %v", v.Name, err)
			}
			got, err := ReadChanged("input", data, v.Changes, opts)
			if err != nil || diffValues(want, got) != "" {
				t.Fatalf("variant %q reads back otherwise: %v\n%s", v.Name, err, diffValues(want, got))
			}
		}
	})
}

// A document cut in small pieces is the document, or an error, never another.
func FuzzPieces(f *testing.F) {
	for _, text := range samples(f) {
		f.Add(text, 64)
	}
	f.Fuzz(func(t *testing.T, text string, size int) {
		// The library gives a tag without a value the lines after it, and takes a key
		// that is a dash for a value or for a key by what stands before it.
		if len(text) > 4<<10 || strings.Contains(text, "!") || strings.Contains(text, "-:") {
			return
		}
		pieces, err := parseYAMLIn("x", []byte(text), max(1, size))
		if err != nil {
			return
		}
		whole, err := parseYAMLIn("x", []byte(text), 1<<20)
		if err != nil {
			return // the library is strict about some indentation that no piece shows
		}
		if diff := diffNodes(unplaced(whole), unplaced(pieces)); diff != "" {
			t.Fatalf("%q in pieces of %d (-whole +pieces):\n%s", text, size, diff)
		}
	})
}

// The seeds of the fuzz targets are in the fixtures; this holds them there.
func TestSeeds(t *testing.T) {
	matches, err := fs.Glob(fixtures.Cases(), path.Join("*", "*taskdef.json"))
	if err != nil || len(matches) < 4 {
		t.Errorf("%d task definitions among the cases, %v", len(matches), err)
	}
}
