package intake

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// titled lists the mappings of the vocabulary that have a title, in the order
// in which a reader meets them.
func titled(s *shape, list []*shape) []*shape {
	for _, have := range list {
		if have.title != "" && have.title == s.title {
			return list
		}
	}
	if s.title != "" {
		list = append(list, s)
	}
	for i := range s.keys {
		list = titled(s.keys[i].value, list)
	}
	for _, below := range append([]*shape{s.each, s.items}, s.any...) {
		if below != nil {
			list = titled(below, list)
		}
	}
	return list
}

// The reference page lists every key, as the table has it now.
func TestReferencePage(t *testing.T) {
	const file = "docs/design-file.md"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	end := strings.Index(string(page), "-->\n")
	if end < 0 {
		t.Fatal("no marker in " + file)
	}
	head := string(page[:end+len("-->\n")])
	var b strings.Builder
	b.WriteString(head)
	for _, s := range titled(documentForm().shape, nil) {
		writeSection(&b, s)
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(page), b.String()); diff != "" {
		t.Errorf("%s is out of date (UPDATE_GOLDEN=1 go test writes it):\n%s", file, diff)
	}
}

func writeSection(b *strings.Builder, s *shape) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n", s.title, s.doc)
	if len(s.keys) > 0 {
		b.WriteString("\n| key | value | meaning |\n|---|---|---|\n")
		for _, k := range s.keys {
			name := "`" + k.name + "`"
			if k.required {
				name += " (required)"
			}
			fmt.Fprintf(b, "| %s | %s | %s |\n", name, cell(k.value), k.doc)
		}
	}
	if s.example != "" {
		fmt.Fprintf(b, "\n```yaml\n%s```\n", s.example)
	}
}

// cell says what a value may be, with links to what has a section of its own.
func cell(s *shape) string {
	switch {
	case s.any != nil:
		var parts []string
		for _, a := range s.any {
			parts = append(parts, cell(a))
		}
		return strings.Join(parts, "; or ")
	case s.items != nil:
		return "a list: " + cell(s.items)
	case s.title != "":
		return fmt.Sprintf("[%s](#%s)", s.title, strings.ReplaceAll(strings.ToLower(s.title), " ", "-"))
	case s.each != nil && len(s.keys) == 0:
		return s.names + " names: " + cell(s.each)
	case s.words != nil:
		return "`" + strings.Join(s.words, "`, `") + "`"
	default:
		return s.want
	}
}

// Every example of the reference reads, and validates.
func TestReferenceExamples(t *testing.T) {
	for _, s := range titled(documentForm().shape, nil) {
		if s.example == "" {
			t.Errorf("%s has no example", s.title)
			continue
		}
		w, err := Read("example.yaml", []byte(s.example), Options{Region: "eu-west-2"})
		if err != nil {
			t.Errorf("%s: %v", s.title, err)
			continue
		}
		for _, problem := range w.Validate() {
			t.Errorf("%s: %v", s.title, problem)
		}
	}
}

// One title is one shape: the schema and the page have one place for it.
func TestTitlesAreUnique(t *testing.T) {
	seen := make(map[string]string)
	var walk func(s *shape)
	walk = func(s *shape) {
		if s.title != "" {
			keys := strings.Join(s.keyNames(), " ")
			if have, ok := seen[s.title]; ok && have != keys {
				t.Errorf("%q names two mappings: %s; %s", s.title, have, keys)
			}
			seen[s.title] = keys
		}
		for i := range s.keys {
			if s.keys[i].doc == "" || !strings.HasSuffix(s.keys[i].doc, ".") {
				t.Errorf("%s.%s: want a sentence, got %q", s.title, s.keys[i].name, s.keys[i].doc)
			}
			walk(s.keys[i].value)
		}
		for _, below := range append([]*shape{s.each, s.items}, s.any...) {
			if below != nil {
				walk(below)
			}
		}
	}
	walk(documentForm().shape)
	if len(seen) < 20 {
		t.Errorf("only %d mappings have a title", len(seen))
	}
}
