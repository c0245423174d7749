package intake

import (
	"fmt"
	"strings"
	"testing"
)

// A document cut in pieces of any size is the document.
func TestPieces(t *testing.T) {
	for name, text := range samples(t) {
		want, err := library(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, 60, 300, 8 << 10} {
			got, err := parseYAMLIn(name, []byte(text), size)
			if err != nil {
				t.Errorf("%s in pieces of %d: %v", name, size, err)
				continue
			}
			if diff := diffNodes(want, got); diff != "" {
				t.Errorf("%s in pieces of %d:\n%s", name, size, diff)
			}
		}
	}
}

// Errors in a piece have the line of the document.
func TestErrorsInPieces(t *testing.T) {
	text := string(largeDesign(200)) + "  last:\n    task: {cpu: 1, memory: 2GB}\n    cuont: 3\n"
	line := strings.Count(text, "\n")
	_, err := Read("x.yaml", []byte(text), Options{})
	want := fmt.Sprintf(`x.yaml:%d:5: services.last: unknown key "cuont"; did you mean "count"?`, line)
	if got := errorText(err); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	_, err = Read("x.yaml", []byte(text+"    count: \"3\n"), Options{})
	want = fmt.Sprintf("x.yaml:%d:12: not valid YAML: could not find end character of double-quoted text", line+1)
	if got := errorText(err); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	_, err = Read("x.yaml", []byte(text+"  service-0001:\n    count: 3\n"), Options{})
	want = fmt.Sprintf(`x.yaml:%d:3: the key "service-0001" is there twice`, line+1)
	if got := errorText(err); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A few lines of aliases or merges do not grow without bound, and end in an
// error that says why.
func TestAliasBombs(t *testing.T) {
	var aliases strings.Builder
	aliases.WriteString("x-a: &a {s0: {cpu: 0.1, memory: 8MB}}\n")
	for i := range 400 {
		fmt.Fprintf(&aliases, "x-%d: {s%d: {}}\n", i, i)
	}
	aliases.WriteString("x-many: &many {")
	for i := range 1000 {
		fmt.Fprintf(&aliases, "s%d: {cpu: 0.1, memory: 8MB}, ", i)
	}
	aliases.WriteString("last: {}}\nservices:\n")
	for i := range 1000 {
		fmt.Fprintf(&aliases, "  s%d: {task: {cpu: 1, memory: 2GB}, sidecars: *many}\n", i)
	}
	_, err := Read("x.yaml", []byte(aliases.String()), Options{})
	if got := errorText(err); !strings.Contains(got, "with its aliases the document comes to more than 1000000 values") {
		t.Errorf("got %.200s", got)
	}

	var merges strings.Builder
	merges.WriteString("x-0: &m0 {")
	for i := range 1000 {
		fmt.Fprintf(&merges, "k%d: 1, ", i)
	}
	merges.WriteString("last: 1}\n")
	for i := range 200 {
		fmt.Fprintf(&merges, "x-%d: &m%d {<<: *m%d, j%d: 1}\n", i+1, i+1, i, i)
	}
	_, err = Read("x.yaml", []byte(merges.String()+"services: {}\n"), Options{})
	if got := errorText(err); !strings.Contains(got, "the merge keys (<<) of this document copy more than 100000 entries") {
		t.Errorf("got %.200s", got)
	}

	laughs := "x-0: &l0 [lol]\n"
	for i := range 30 {
		laughs += fmt.Sprintf("x-%d: &l%d [*l%d, *l%d, *l%d]\n", i+1, i+1, i, i, i)
	}
	if _, err := Read("x.yaml", []byte(laughs+"services: {a: {task: {cpu: 1, memory: 2GB}, ingress: *l30}}\n"), Options{}); err == nil {
		t.Error("a list of lists is no ingress")
	}
	_, err = Read("x.yaml", []byte("services: &s {a: *s}\n"), Options{})
	if got := errorText(err); got != "x.yaml:1:18: the alias *s refers to no anchor before it" {
		t.Error(got)
	}
}

// A document larger than any design is refused before it is parsed.
func TestLargeDocument(t *testing.T) {
	_, err := parseYAML("x.yaml", make([]byte, maxYAML+1))
	if got := errorText(err); got != "x.yaml: the document has 16 MB; at most 16 MB are read" {
		t.Error(got)
	}
}
