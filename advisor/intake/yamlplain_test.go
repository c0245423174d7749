package intake

import (
	"io/fs"
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ecsavvy/fixtures"
)

// library reads a document with the YAML library alone.
func library(text string) (*node, error) {
	r := &yamlReader{name: "x.yaml"}
	return r.parse(text)
}

func diffNodes(a, b *node) string {
	return cmp.Diff(a, b, cmp.AllowUnexported(node{}, entry{}), cmpopts.EquateEmpty())
}

// samples are all design files at hand.
func samples(tb testing.TB) map[string]string {
	tb.Helper()
	found := make(map[string]string)
	cases := fixtures.Cases()
	err := fs.WalkDir(cases, ".", func(file string, d fs.DirEntry, err error) error {
		if err == nil && path.Base(file) == "design.yaml" {
			var data []byte
			data, err = fs.ReadFile(cases, file)
			found[file] = string(data)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	for _, s := range titled(documentForm().shape, nil) {
		found[s.title] = s.example
	}
	return found
}

// The cases and examples are plain, and read as the library reads them.
func TestPlainYAML(t *testing.T) {
	for name, text := range samples(t) {
		want, err := library(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, ok := parsePlain(text, 0)
		if !ok {
			t.Errorf("%s: not read as plain YAML", name)
			continue
		}
		if diff := diffNodes(want, got); diff != "" {
			t.Errorf("%s (-library +plain):\n%s", name, diff)
		}
	}
}

// Whatever the plain reader accepts, the library accepts with the same result.
func FuzzPlainYAML(f *testing.F) {
	for _, text := range samples(f) {
		f.Add(text)
	}
	f.Add("a: [b, c]\nd:\n- e\n- f: g\n  h: 1.5 # x\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4<<10 || checkNesting("", []byte(text)) != nil {
			return
		}
		got, ok := parsePlain(text, 0)
		if !ok {
			return
		}
		want, err := library(text)
		if err != nil {
			t.Fatalf("%q: plain, but the library says: %v", text, err)
		}
		// The library is off by one in the columns of some scalars.
		if diff := diffNodes(unplaced(want), unplaced(got)); diff != "" {
			t.Fatalf("%q (-library +plain):\n%s", text, diff)
		}
	})
}
