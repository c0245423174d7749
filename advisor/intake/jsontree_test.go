package intake

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"testing"

	"ecsavvy/fixtures"
)

// The scanner reads what encoding/json reads, and leaves the mistakes to it.
func TestScanJSON(t *testing.T) {
	documents := map[string]string{
		"escapes":          `{"a\u0062\n": "\ud83d\ude00 \\ \" \/", "c": "\ud800"}`,
		"numbers":          `[0, -1, 1.50, 1e3, -2.5E-7, 12345678901234567890]`,
		"nothing":          `{"a": {}, "b": [], "c": null}`,
		"white space":      " \n\t[ 1 ,\r\n2 ] \n",
		"key twice":        `{"a": 1, "a": 2}`,
		"key twice inside": `[{"x": {"a": 1, "\u0061": 2}}]`,
		"two documents":    `{} {}`,
		"number by half":   `[1.]`,
		"leading zero":     `[01]`,
		"cut short":        `{"a": [1, {"b": `,
		"comma at the end": `[1,]`,
		"word":             `[nul]`,
		"control":          "[\"a\nb\"]",
		"empty":            ``,
	}
	err := fs.WalkDir(fixtures.Cases(), ".", func(file string, _ fs.DirEntry, err error) error {
		if err == nil && path.Ext(file) == ".json" {
			var data []byte
			data, err = fs.ReadFile(fixtures.Cases(), file)
			documents[file] = string(data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wild, _ := filepath.Glob("../../../shared/cases/*/*.json")
	for _, file := range wild {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		documents[filepath.Base(file)] = string(data)
	}
	for name, text := range documents {
		want, err := decodeJSON("x.json", []byte(text))
		got, ok := scanJSON("x.json", []byte(text))
		if ok != (err == nil) {
			t.Errorf("%s: scanned %t, decoded with %v", name, ok, err)
			continue
		}
		if ok {
			if at := difference(want, got); at != "" {
				t.Errorf("%s: decoded and scanned differ at %s", name, at)
			}
		}
	}
}

// difference is the path of the first value in which two trees differ; cmp
// takes minutes for large ones.
func difference(a, b *node) string {
	if a.kind != b.kind || a.text != b.text || len(a.entries) != len(b.entries) || len(a.items) != len(b.items) {
		return "here"
	}
	for i := range a.entries {
		if a.entries[i].key != b.entries[i].key {
			return "key " + a.entries[i].key
		}
		if at := difference(a.entries[i].value, b.entries[i].value); at != "" {
			return a.entries[i].key + "." + at
		}
	}
	for i := range a.items {
		if at := difference(a.items[i], b.items[i]); at != "" {
			return index("", i) + at
		}
	}
	return ""
}
