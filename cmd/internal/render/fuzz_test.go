package render

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzClean: whatever comes in, what goes out is one line that a terminal only
// shows, and cleaning it again changes nothing.
func FuzzClean(f *testing.F) {
	for _, seed := range []string{"api", "\x1b[31mred", "a\x1b]0;t\x07b", "\u009b1m", "\u202Eabc", "\xff\x1b", "a\nb"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := clean(s)
		if !utf8.ValidString(got) {
			t.Errorf("not UTF-8: %q", got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || hides(r) || r == '\u2028' || r == '\u2029' {
				t.Errorf("%q has %U", got, r)
			}
		}
		if again := clean(got); again != got {
			t.Errorf("cleaning twice: %q, then %q", got, again)
		}
	})
}

// FuzzMarkdown: no character that formats, links or mentions stands bare.
func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{"a|b", "[x](http://y)", "<b>", "@me #1", "`x`", `\|`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := mdText(s)
		escaped := false
		for i, r := range got {
			switch {
			case escaped:
				escaped = false
			case r == '\\':
				escaped = true
			case strings.ContainsRune("`*_[]|~!${}<>@", r):
				t.Errorf("bare %q at %d of %q", r, i, got)
			}
		}
		if strings.Contains(got, "://") || strings.ContainsAny(got, "\n\r") {
			t.Errorf("a link or a line break in %q", got)
		}
	})
}

// FuzzWrap: lines fit, nothing is lost.
func FuzzWrap(f *testing.F) {
	f.Add("one two three", 5)
	f.Add("Fargate-EphemeralStorage-GB-Hours", 10)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		s = clean(s)
		if limit < 2 || limit > 200 {
			t.Skip()
		}
		lines := wrap(s, limit)
		for _, line := range lines {
			if width(line) > limit && utf8.RuneCountInString(line) > 1 {
				// A cluster of several characters may be wider than it seems.
				if breakAt(line, limit) < len(line) && width(line[:breakAt(line, limit)]) <= limit {
					t.Errorf("line %q is wider than %d", line, limit)
				}
			}
		}
		joined := strings.Join(strings.Fields(strings.Join(lines, "")), "")
		if want := strings.Join(strings.Fields(s), ""); joined != want {
			t.Errorf("wrapped to %q, want %q", joined, want)
		}
	})
}
