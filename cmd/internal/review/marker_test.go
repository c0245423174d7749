package review

import (
	"strings"
	"testing"
	"time"
)

func TestMarkerLine(t *testing.T) {
	at := time.Date(2026, 1, 2, 4, 4, 5, 0, time.FixedZone("CET", 3600))
	for _, c := range []struct {
		m    marker
		want string
	}{
		{marker{validAt: at}, "[//]: <> (ecsavvy-comment, valid-at=2026-01-02T03:04:05Z)"},
		{marker{tag: "prod", validAt: at}, "[//]: <> (ecsavvy-comment, tag=prod, valid-at=2026-01-02T03:04:05Z)"},
		{marker{tag: "a, b=(c)\n", validAt: at.Add(5e8)}, "[//]: <> (ecsavvy-comment, tag=a%2C+b%3D%28c%29%0A, valid-at=2026-01-02T03:04:05.5Z)"},
		{marker{validAt: at, behavior: New}, "[//]: <> (ecsavvy-comment, valid-at=2026-01-02T03:04:05Z, behavior=new)"},
	} {
		if got := c.m.String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
		if m, ok := parseMarker(c.want); !ok || m.tag != c.m.tag || !m.validAt.Equal(c.m.validAt) || m.behavior != c.m.behavior {
			t.Errorf("%s reads as %+v, %v", c.want, m, ok)
		}
	}
}

func TestParseMarker(t *testing.T) {
	for _, c := range []struct {
		name, line string
		ok         bool
		tag        string
		year       int
	}{
		{"with a key of a later version", "[//]: <> (ecsavvy-comment, valid-at=2026-01-02T03:04:05Z, mood=good)", true, "", 2026},
		{"with blanks", "  [//]: <> (ecsavvy-comment , valid-at=2026-01-02T03:04:05Z)\t", true, "", 2026},
		{"with another time zone", "[//]: <> (ecsavvy-comment, valid-at=2026-01-02T03:04:05+02:00)", true, "", 2026},
		{"a time that is none is old", "[//]: <> (ecsavvy-comment, valid-at=tomorrow)", true, "", 1},
		{"no time is old", "[//]: <> (ecsavvy-comment)", true, "", 1},
		{"another tool's", "[//]: <> (infracost-comment, valid-at=2026-01-02T03:04:05Z)", false, "", 0},
		{"a longer key", "[//]: <> (ecsavvy-comments, valid-at=2026-01-02T03:04:05Z)", false, "", 0},
		{"quoted", "> [//]: <> (ecsavvy-comment, valid-at=2026-01-02T03:04:05Z)", false, "", 0},
		{"not closed", "[//]: <> (ecsavvy-comment, valid-at=2026-01-02T03:04:05Z", false, "", 0},
		{"brackets inside", "[//]: <> (ecsavvy-comment, tag=(), valid-at=2026-01-02T03:04:05Z)", false, "", 0},
		{"a tag that is not encoded", "[//]: <> (ecsavvy-comment, tag=%zz)", false, "", 0},
		{"nothing", "", false, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, ok := parseMarker(c.line)
			if ok != c.ok || m.tag != c.tag || ok && m.validAt.Year() != c.year {
				t.Errorf("got %+v, %v", m, ok)
			}
		})
	}
}

func TestMarkerIsFirstOrLast(t *testing.T) {
	c := comment("one\r\ntwo\n", 1)
	for _, p := range []Profile{{MaxUnits: 5000}, {MaxUnits: 5000, MarkerLast: true}} {
		text, err := Compose(p, c, Update)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(text, markerOpen) == p.MarkerLast || strings.HasSuffix(text, ")") != p.MarkerLast {
			t.Errorf("last %v: %q", p.MarkerLast, text)
		}
		m, body, ok := split(text, p)
		if !ok || body != "one\ntwo" || !m.validAt.Equal(c.ValidAt) {
			t.Errorf("last %v: split into %+v, %q, %v", p.MarkerLast, m, body, ok)
		}
		p.MarkerLast = !p.MarkerLast
		if _, _, ok := split(text, p); ok {
			t.Errorf("last %v: the marker counts at the wrong end", p.MarkerLast)
		}
	}
}

func FuzzMarker(f *testing.F) {
	f.Add("prod", "[//]: <> (ecsavvy-comment, tag=prod, valid-at=2026-01-02T03:04:05Z)\n\nbody")
	f.Add("a,b=(c)%", "[//]: <> (ecsavvy-comment, tag=%zz)")
	f.Add("\xff\n\r", "> [//]: <> (ecsavvy-comment)")
	f.Fuzz(func(t *testing.T, tag, text string) {
		line := marker{tag: tag, validAt: day, behavior: New}.String()
		if strings.ContainsAny(line, "\r\n") {
			t.Fatalf("a marker of two lines: %q", line)
		}
		if m, ok := parseMarker(line); !ok || m.tag != tag || !m.validAt.Equal(day) || m.behavior != New {
			t.Fatalf("%q reads as %+v, %v", line, m, ok)
		}
		if m, ok := parseMarker(text); ok { // what is read is written again as it was meant
			if again, ok := parseMarker(m.String()); !ok || again.tag != m.tag {
				t.Fatalf("%q reads as %+v, written as %q", text, m, m.String())
			}
		}
		for _, last := range []bool{false, true} {
			p := Profile{MaxUnits: 1 << 30, MarkerLast: last}
			composed, err := Compose(p, Comment{Body: text, ValidAt: day}, Update)
			if err != nil {
				continue
			}
			if m, body, ok := split(composed, p); !ok || m.tag != "" || body != tidy(text) {
				t.Fatalf("composed %q, split into %+v, %q, %v", composed, m, body, ok)
			}
		}
	})
}
