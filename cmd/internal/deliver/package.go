package deliver

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Package is one report of one period.
type Package struct {
	// Name and Period tell reports apart ("weekly", "2026-W40"); they become
	// parts of paths and keys: letters, digits, ".", "_" and "-".
	Name, Period string
	// Title is one line, Summary a few, both plain text.
	Title, Summary string
	// Markdown is the whole report, for standard output and messages.
	Markdown string
	// Files are what is stored and attached; messages point to the first.
	Files []File
}

// File is one form of the report.
type File struct {
	Name      string // as Name and Period
	MediaType string // "text/html; charset=utf-8"
	Data      []byte
}

// check holds what becomes part of a path to plain names.
func (p Package) check() error {
	if !PlainName(p.Name) || !PlainName(p.Period) {
		return fmt.Errorf("the report's name %q and period %q: want letters, digits, '.', '_' and '-'", p.Name, p.Period)
	}
	if len(p.Files) == 0 {
		return errors.New("the report has no files")
	}
	seen := map[string]bool{}
	for _, f := range p.Files {
		if !PlainName(f.Name) || seen[f.Name] {
			return fmt.Errorf("the file name %q: want letters, digits, '.', '_' and '-', each name once", f.Name)
		}
		seen[f.Name] = true
	}
	return nil
}

func PlainName(s string) bool {
	ok := s != "" && s[0] != '.' && s[0] != '-' && len(s) <= 128
	for _, r := range s {
		ok = ok && r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r))
	}
	return ok
}

// plain is a text without what acts instead of being read: control characters
// other than newline and tab, marks that turn the direction of writing or hide,
// and bytes that are no UTF-8.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// line is a plain text of one line.
func line(text string) string { return strings.Join(strings.Fields(plain(text)), " ") }

// atMost is a text of at most n runes.
func atMost(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-1]) + "…"
}

// fit is as many whole lines of a text as fits accepts, with a last line that
// says what is missing; done is false where not even that fits. fits accepts
// shorter texts than those that it accepts.
func fit(text, rest string, fits func(string) bool) (short string, done bool) {
	if fits(text) {
		return text, true
	}
	lines := strings.SplitAfter(text, "\n")
	low, high := -1, len(lines)
	cut := func(n int) string { return strings.Join(lines[:n], "") + "… shortened. " + rest }
	for high-low > 1 {
		if mid := (low + high) / 2; fits(cut(mid)) {
			low = mid
		} else {
			high = mid
		}
	}
	if low < 0 {
		return "", false
	}
	return cut(low), true
}

// pointer is the sentence that tells where the whole report is.
func pointer(where string) string {
	if where == "" {
		return "The whole report is not stored: add a directory or an s3:// destination."
	}
	return "The whole report: " + where
}
