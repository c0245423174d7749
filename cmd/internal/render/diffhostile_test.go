package render

import (
	"strings"
	"testing"
	"unicode/utf8"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// TestDiffOfHostileNames looks for what must not come out, outside of code
// fences in markdown and anywhere in text.
func TestDiffOfHostileNames(t *testing.T) {
	projects := []advisor.Project{hostileProject()}
	text := printedDiff(t, projects, FormatDiff, diffInfo(), Options{})
	body := DiffComment(advisor.DiffProjects(projects), diffInfo())
	outside := body.Head + body.Foot
	for _, s := range body.Sections {
		if s.Title != "Details" {
			outside += s.Text
		}
	}
	outside = strings.ReplaceAll(outside, `\]`, "")
	for _, bad := range []string{"<script", "<img", "</details>", "@org", " #12", "](", "![", "```"} {
		if strings.Contains(outside, bad) {
			t.Errorf("the comment has %q outside of its code fence", bad)
		}
	}
	for name, out := range map[string]string{"text": text, "comment": body.Markdown()} {
		if strings.ContainsAny(out, "\x1b\u202e\r\x00") || !utf8.ValidString(out) {
			t.Errorf("%s has control characters", name)
		}
		for line := range strings.Lines(out) {
			if len(line) > 8000 {
				t.Errorf("%s has a line of %d bytes", name, len(line))
			}
		}
	}
}

// TestFenced looks for a line inside the fence that could close it.
func TestFenced(t *testing.T) {
	for _, text := range []string{"", "plain\n", "```\n", "a ```` b\n", "`````\n~~~\n"} {
		out := fenced(text)
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		fence := lines[0]
		if fence != lines[len(lines)-1] || len(fence) < 3 {
			t.Errorf("%q is fenced as %q", text, out)
		}
		if strings.Contains(text, fence) {
			t.Errorf("%q closes its fence %q", text, fence)
		}
	}
}

func TestShort(t *testing.T) {
	tests := []struct {
		name, in string
		limit    int
		want     string
	}{
		{"fits", "api", 5, "api"},
		{"cut", "service", 5, "serv…"},
		{"ten thousand", strings.Repeat("a", 10_000), 5, "aaaa…"},
		{"wide", "東京東京", 5, "東京…"},
		{"no width of its own", "a" + strings.Repeat("\u0301", 10_000), 5, "a" + strings.Repeat("\u0301", 19) + "…"},
		{"blanks", "  a\n", 5, "a"},
	}
	for _, tt := range tests {
		if got := short(tt.in, tt.limit); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestCommentOfManyResourcesStaysShort holds the comment of a large change to
// what forges take.
func TestCommentOfManyResourcesStaysShort(t *testing.T) {
	var resources []estimate.Resource
	for i := range 2000 {
		resources = append(resources, with(ofTasks("service-"+quantity(float64(i)), 1), unknownLogs()))
	}
	projects := []advisor.Project{{Name: "shop", Before: shop(), After: shop(resources...)}}
	body := DiffComment(advisor.DiffProjects(projects), diffInfo())
	text := body.Markdown()
	if n := utf8.RuneCountInString(text); n > 65_000 {
		t.Errorf("%d characters", n)
	}
	for _, want := range []string{"1,975 more resources", "more resources are left out here: +$", "2,000 resources"} {
		if !strings.Contains(text, want) {
			t.Errorf("the comment does not say %q", want)
		}
	}
}

func TestParseDiffFormat(t *testing.T) {
	for _, f := range DiffFormats() {
		if got, err := ParseDiffFormat(string(f)); err != nil || got != f {
			t.Errorf("%s: %v, %v", f, got, err)
		}
	}
	if _, err := ParseDiffFormat("html"); err == nil || err.Error() != `unknown format "html": want diff, table, markdown, csv, json` {
		t.Errorf("got %v", err)
	}
}

// BenchmarkDiffText prints 4,000 resources of four lines, of which every tenth
// or all changed. Protocol: go test -run '^$' -bench DiffText -count=10
// ./cmd/internal/render, then benchstat.
func BenchmarkDiffText(b *testing.B) {
	for name, every := range map[string]int{"tenth": 10, "all": 1} {
		var before, after []estimate.Resource
		for i := range 4000 {
			was := with(ofTasks("service-"+quantity(float64(i)), 2), priced("Public IPv4 address", estimate.Egress, ipRate(), 1460, ""), unknownLogs())
			is := was
			if i%every == 0 {
				is = with(ofTasks(was.Name, 3), priced("Public IPv4 address", estimate.Egress, ipRate(), 2190, ""), unknownLogs())
			}
			before, after = append(before, was), append(after, is)
		}
		d := advisor.DiffProjects([]advisor.Project{{Name: "shop", Before: shop(before...), After: shop(after...)}})
		for _, format := range []Format{FormatDiff, FormatMarkdown, FormatJSON} {
			b.Run(name+"/"+string(format), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					var out strings.Builder
					if err := WriteDiff(&out, d, format, diffInfo(), Options{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
