package review

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// html and basic are profiles of a small forge.
func html(limit int) Profile {
	return Profile{Title: "GitHub", MaxUnits: limit + markerRoom, HTML: true}
}

func basic(limit int) Profile { return Profile{Title: "Bitbucket", MaxUnits: limit + markerRoom} }

func TestBodyThatFitsIsWhole(t *testing.T) {
	b := Body{Head: "#### +$10", Foot: "as of today", Sections: []Section{
		{Title: "Services", Text: "| a | b |\n| - | - |\n| 1 | 2 |"},
		{Title: "Details <of> @all", Text: "~~~diff\n+ x\n~~~", Collapsed: true, Priority: -1},
		{Text: "no title"},
		{},
	}}
	for _, c := range []struct {
		p    Profile
		want string
	}{
		{html(5000), "#### +$10\n\n#### Services\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n" +
			"<details>\n<summary>Details &#60;of&#62; @&#8203;all</summary>\n\n~~~diff\n+ x\n~~~\n\n</details>\n\nno title\n\nas of today"},
		{basic(5000), "#### +$10\n\n#### Services\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n" +
			"#### Details &#60;of&#62; @&#8203;all\n\n~~~diff\n+ x\n~~~\n\nno title\n\nas of today"},
	} {
		if got := b.Render(c.p); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.p.Title, got, c.want)
		}
	}
}

func TestLowestPriorityGoesFirst(t *testing.T) {
	lines := func(word string, n int) string {
		return strings.TrimSpace(strings.Repeat("a line about the "+word+"\n", n))
	}
	b := Body{Head: "total", Foot: "foot", Sections: []Section{
		{Title: "Totals", Text: lines("totals", 10), Priority: 3},
		{Title: "Hints", Text: lines("hints", 100), Priority: 0},
		{Title: "More hints", Text: lines("more", 100), Priority: 0},
		{Title: "Services", Text: lines("services", 100), Priority: 2},
	}}
	got := b.Render(html(2500))
	for _, want := range []string{
		"total\n\n#### Totals", "foot",
		"_Left out, because GitHub takes at most 3,500 characters a comment: 2 sections (More hints, Hints)._",
		"#### Services\n\na line about the services",
		"lines left out here: GitHub takes at most 3,500 characters …_",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "about the totals"); n != 10 {
		t.Errorf("the section of the highest priority has %d lines left of 10", n)
	}
	if strings.Contains(got, "about the hints") || strings.Contains(got, "about the more") {
		t.Errorf("sections of the lowest priority are still there:\n%s", got)
	}
}

func TestCutKeepsBlocksWhole(t *testing.T) {
	rows := func(format string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format+"\n", i)
		}
		return b.String()
	}
	for _, c := range []struct {
		name  string
		text  string
		limit int
		wants []string
	}{
		{"a code fence keeps both its ends", "before\n\n```diff\n" + rows("+ resource %d", 200) + "```\n\nafter", 900,
			[]string{"before\n\n```diff\n+ resource 0\n", "\n… 1", " lines left out here: GitHub takes at most 1,900 characters …\n+ resource", "+ resource 199\n```\n\nafter"}},
		{"a table keeps its header", "before\n\n| name | cost |\n| - | -: |\n" + rows("| s%d | $1 |", 200) + "\nafter", 900,
			[]string{"before\n\n| name | cost |\n| - | -: |\n| s0 | $1 |", "\n| … 1", "… |\n| s", "| s199 | $1 |\n\nafter"}},
		{"an HTML table keeps its tags", "<table>\n<thead><tr><td>name</td></tr></thead>\n<tbody>\n" + rows("<tr><td title=\"a > b\">s%d</td></tr>", 200) + "</tbody>\n</table>", 900,
			[]string{"<table>\n<thead><tr><td>name</td></tr></thead>\n<tbody>\n<tr>", "<tr><td colspan=\"99\">… 1", "</td></tr>\n<tr>", "</tbody>\n</table>"}},
		{"rows over several lines are whole", "<table>\n" + rows("<tr>\n<td\n>s%d</td>\n</tr>", 200) + "</table>", 900,
			[]string{"</tr>\n<tr><td colspan=\"99\">", "</td></tr>\n<tr>\n<td\n>s", "</tr>\n</table>"}},
		{"cells of one row are not parted", "before\n\n<table>\n<tr>\n" + rows("<td>%d</td>", 200) + "</tr>\n</table>\n\n" + rows("line %d", 100), 900,
			[]string{"before\n\n\n_… 2", "…_\n\n\nline "}},
		{"details stay closed", "<details>\n<summary>x</summary>\n\n" + rows("line %d", 300) + "\n</details>", 900,
			[]string{"<summary>x</summary>\n\nline 0", "\n\n_… ", "…_\n\nline", "</details>"}},
		{"characters beyond U+FFFF count twice", rows("💰💰💰💰💰💰💰💰 %d", 100), 900, []string{"💰 0\n", "left out here", "💰 99"}},
		{"a code span is no tag", "costs `<b` a lot\n\n" + rows("line %d", 300), 900, []string{"`<b` a lot\n\nline 0\n", "…_\n\nline", "line 299"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := shortenTo(c.text, c.limit, html(c.limit))
			if !ok || units(got) > c.limit {
				t.Fatalf("ok %v, %d units of %d:\n%s", ok, units(got), c.limit, got)
			}
			if units(got) < c.limit*3/4 {
				t.Errorf("only %d of %d units are used", units(got), c.limit)
			}
			for _, want := range c.wants {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in\n%s", want, got)
				}
			}
		})
	}
}

func TestSectionOfOneEndlessLineIsLeftOut(t *testing.T) {
	b := Body{Head: "total", Sections: []Section{{Title: "One line", Text: strings.Repeat("x", 9000)}}, Foot: "foot"}
	got := b.Render(html(2000))
	if want := "total\n\n_Left out, because GitHub takes at most 3,000 characters a comment: 1 section (One line)._\n\nfoot"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestOpenFenceIsClosed(t *testing.T) {
	b := Body{Head: "```\nhead", Sections: []Section{{Title: "x", Text: "~~~~diff\n~~~\n+ x"}}, Foot: "foot"}
	if got, want := b.Render(html(2000)), "```\nhead\n```\n\n#### x\n\n~~~~diff\n~~~\n+ x\n~~~~\n\nfoot"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestEveryForgeTakesItsGreatestBody(t *testing.T) {
	limits := map[string]int{"GitHub": 65_000, "GitLab": 1_000_000, "Bitbucket": 32_767, "Bitbucket Server": 32_767, "Azure Repos": 150_000}
	onEveryForge(t, func(t *testing.T, s *stage) {
		p := s.forge.Profile()
		if p.MaxUnits != limits[p.Title] {
			t.Errorf("limit %d, want %d", p.MaxUnits, limits[p.Title])
		}
		var text strings.Builder
		for i := range p.MaxUnits / 8 {
			fmt.Fprintf(&text, "💰 service %d\n", i)
		}
		c := comment(Body{Head: "total", Sections: []Section{{Title: "All", Text: text.String()}}}.Render(p), 1)
		c.Tag = strings.Repeat("💰", maxTag)
		if _, err := s.post(c, Update); err != nil {
			t.Fatal(err)
		}
		posted := s.texts()[0]
		if n := units(posted); n > p.MaxUnits || n < p.MaxUnits*9/10 {
			t.Errorf("%d units were posted of %d", n, p.MaxUnits)
		}
		// A body that was not rendered for the forge is cut all the same.
		if _, err := s.post(comment(text.String(), 2), New); err != nil || units(s.texts()[1]) > p.MaxUnits {
			t.Errorf("%d units were posted of %d, %v", units(s.texts()[1]), p.MaxUnits, err)
		}
	})
}

// line is one line of generated markdown: a number tells it from all others.
var numbered = regexp.MustCompile(`#\d+#`)

// generator writes random markdown of whole blocks.
type generator struct {
	*rand.Rand
	n     int
	lines map[string]string // each numbered line and what it is in
}

// line makes a line that is told from all others.
func (g *generator) line(in, format string) string {
	g.n++
	id := fmt.Sprintf("#%d#", g.n)
	g.lines[id] = in
	filler := []string{"", "💰", "a | b", "a longer line of text, with `code` and 1 < 2", "日本"}
	if in != "text" && in != "code" {
		filler[2] = "a b"
	}
	return fmt.Sprintf(format, id+" "+filler[g.IntN(len(filler))])
}

// block writes one block.
func (g *generator) block(depth int) string {
	var b strings.Builder
	count := g.IntN(40)
	switch kind := g.IntN(7); {
	case kind == 0:
		fence := []string{"```", "````", "~~~"}[g.IntN(3)]
		b.WriteString(fence + "diff\n")
		for range count {
			b.WriteString(g.line("code", "+ %s") + "\n")
			if fence != "```" && g.IntN(5) == 0 {
				b.WriteString("```\n")
			}
		}
		b.WriteString(fence + "\n")
	case kind == 1:
		b.WriteString("| name | cost |\n| --- | ---: |\n")
		for range count {
			b.WriteString(g.line("row", "| %s | $1 |") + "\n")
		}
	case kind == 2:
		b.WriteString("<table>\n  <tbody>\n")
		for range count {
			b.WriteString("    <tr>\n" + g.line("cell", `      <td align="right" title="a > b">%s</td>`) + "\n    </tr>\n")
		}
		b.WriteString("  </tbody>\n</table>\n")
	case kind == 3 && depth < 2:
		b.WriteString("<details>\n<summary>" + "more</summary>\n\n")
		for range g.IntN(4) {
			b.WriteString(g.block(depth + 1))
		}
		b.WriteString("</details>\n")
	default:
		for range count % 10 {
			b.WriteString(g.line("text", "%s") + "\n")
		}
	}
	return b.String() + "\n"
}

// markdown writes some blocks.
func (g *generator) markdown() string {
	var b strings.Builder
	for range g.IntN(6) {
		b.WriteString(g.block(0))
	}
	return b.String()
}

// whole checks with a reader of its own that all blocks of a text are whole
// and that every numbered line is still in what it was in.
func whole(text string, lines map[string]string) error {
	fence, header := "", false
	var tags []string
	tag := regexp.MustCompile(`</?(table|tbody|tr|td|details|summary)\b`)
	for i, line := range strings.Split(text, "\n") {
		id := numbered.FindString(line)
		in := lines[id]
		if fence == "" && in == "row" && !header {
			return fmt.Errorf("line %d: a row without its table: %s", i, line)
		}
		header = fence == "" && (strings.HasPrefix(line, "| --- | ---: |") || header && strings.HasPrefix(line, "|"))
		trimmed := strings.TrimSuffix(strings.TrimSpace(line), "diff")
		switch bare := trimmed != "" && len(trimmed) >= 3 && strings.Trim(trimmed, trimmed[:1]) == "" && strings.Contains("`~", trimmed[:1]); {
		case fence == "" && bare:
			fence = trimmed
			continue
		case fence != "" && bare && trimmed == line && trimmed[0] == fence[0] && len(trimmed) >= len(fence):
			fence = ""
			continue
		}
		if (in == "code") != (fence != "") && id != "" {
			return fmt.Errorf("line %d: %s, but the fence is %q: %s", i, in, fence, line)
		}
		if fence != "" {
			continue
		}
		for _, m := range tag.FindAllStringSubmatch(line, -1) {
			if !strings.HasPrefix(m[0], "</") {
				tags = append(tags, m[1])
				continue
			}
			if len(tags) == 0 || tags[len(tags)-1] != m[1] {
				return fmt.Errorf("line %d: </%s> closes %v", i, m[1], tags)
			}
			tags = tags[:len(tags)-1]
		}
	}
	if fence != "" || len(tags) > 0 {
		return fmt.Errorf("left open: fence %q, tags %v", fence, tags)
	}
	return nil
}

// However long the parts of a body are, what is rendered fits and is whole.
func TestRenderedBodiesFitAndAreWhole(t *testing.T) {
	rounds := uint64(400)
	if testing.Short() {
		rounds = 100
	}
	shortened := 0
	for seed := range rounds {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 3)), lines: map[string]string{}}
		b := Body{Head: g.markdown(), Foot: g.line("text", "%s")}
		for range g.IntN(6) {
			b.Sections = append(b.Sections, Section{Title: "section <" + fmt.Sprint(g.n), Text: g.markdown(),
				Collapsed: g.IntN(2) == 0, Priority: g.IntN(4)})
		}
		before := len(b.Render(html(1 << 30)))
		for _, limit := range []int{0, 1, 50, 200, 800, 2000, 5000, 12_000} {
			for _, p := range []Profile{html(limit), basic(limit)} {
				got := b.Render(p)
				if n := units(got); n > limit {
					t.Fatalf("seed %d, limit %d: %d units", seed, limit, n)
				}
				if err := whole(got, g.lines); err != nil && limit >= 800 {
					t.Fatalf("seed %d, limit %d: %v\n%s", seed, limit, err, got)
				}
				if len(got) < before {
					shortened++
				}
			}
		}
	}
	t.Logf("%d bodies of %d were shortened", shortened, rounds*16)
}

// Whatever the text is, the result fits, and no line of it is torn.
func FuzzShorten(f *testing.F) {
	g := &generator{Rand: rand.New(rand.NewPCG(1, 4)), lines: map[string]string{}}
	for range 20 {
		f.Add(g.markdown(), 700)
	}
	f.Add("```\n<table>\n| a |\n|-|\n<!-- \n~~~\n\xff💰", 3)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if limit < 0 || limit > 1<<20 || len(text) > 1<<16 {
			return
		}
		p := html(limit)
		if got := (Body{Head: text, Sections: []Section{{Title: text, Text: text, Collapsed: true}, {Text: text}}, Foot: text}).Render(p); units(got) > limit {
			t.Fatalf("%d units of %d: %q", units(got), limit, got)
		}
		got, ok := shortenTo(text, limit, p)
		if !ok {
			return
		}
		if units(got) > limit {
			t.Fatalf("%d units of %d: %q", units(got), limit, got)
		}
		have := map[string]bool{}
		for line := range strings.SplitSeq(text, "\n") {
			have[line] = true
		}
		for line := range strings.SplitSeq(got, "\n") {
			if !have[line] && line != "" && !strings.Contains(line, "left out here: GitHub takes at most") {
				t.Fatalf("a torn line: %q", line)
			}
		}
		c, err := Compose(p, Comment{Body: text, ValidAt: day}, Update)
		if err == nil && units(c) > p.MaxUnits {
			t.Fatalf("composed: %d units of %d", units(c), p.MaxUnits)
		}
	})
}
