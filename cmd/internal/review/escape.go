package review

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// unlinked is an invisible character (U+200B, as an entity so that it is seen
// in the source) that keeps a forge from making a reference of what surrounds
// it. Escaping the sign itself does not: forges look for references in the
// rendered text, where &#64;name is @name again.
// https://github.com/github/cmark-gfm/issues/181
const unlinked = "&#8203;"

// Escape makes a name from somebody else's file safe in a comment: in running
// markdown, in a table's cell, and in HTML's text and attributes. It cannot
// start markup of any kind, mention a user, refer to an issue or merge
// request, link an address, run a GitLab quick action, break a line, or hide or
// turn around what follows. It is not for code, where entities are not read;
// see Fence.
func Escape(name string) string {
	runes := []rune(strings.TrimSpace(strings.Map(visible, strings.ToValidUTF8(name, "\uFFFD"))))
	var b strings.Builder
	for i, r := range runes {
		var before, after rune
		if i > 0 {
			before = runes[i-1]
		}
		if i+1 < len(runes) {
			after = runes[i+1]
		}
		switch {
		case strings.ContainsRune("&<>\"'`|*[](){}\\$^=", r):
			writeEntity(&b, r)
		case strings.ContainsRune("_~", r) && !(wordly(before) && wordly(after)):
			writeEntity(&b, r) // within a word it marks nothing up
		case i == 0 && strings.ContainsRune("#+-/!.:", r):
			writeEntity(&b, r) // at a line's start: heading, list, quick action
		case r == '.' && numbers(runes[:i]):
			writeEntity(&b, r) // likewise, a numbered list
		default:
			b.WriteRune(r)
		}
		if refers(runes[:i], r, after) {
			b.WriteString(unlinked)
		}
	}
	return b.String()
}

// refers tells that a forge might take a character, coming after others, for
// the start of a reference or the middle of an address: @user #1 !1 ~label
// %milestone $snippet &epic ^alert, GH-1 and JIRA-1, https://, www.example.com.
func refers(before []rune, r, after rune) bool {
	switch r {
	case '@', '#', '!', '~', '%', '$', '&', '^':
		return wordly(after) || strings.ContainsRune(`"'@_-`, after)
	case ':':
		return after == '/'
	case 'w', 'W':
		return after == '.' && len(before) > 0 && unicode.ToLower(before[len(before)-1]) == 'w'
	case '-':
		return after >= '0' && after <= '9' && issueKey(before)
	}
	return false
}

// issueKey tells that characters end in what a tracker may take for a
// project's key: GH, JIRA2. It is generous, for the price is one invisible
// character.
func issueKey(before []rune) bool {
	for _, r := range slices.Backward(before) {
		switch {
		case r >= 'A' && r <= 'Z':
			return true
		case r != '_' && (r < '0' || r > '9'):
			return false
		}
	}
	return false
}

// numbers tells that characters are digits, at least one.
func numbers(runes []rune) bool {
	for _, r := range runes {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(runes) > 0
}

// wordly tells a letter or digit.
func wordly(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// writeEntity writes a character as a numeric entity.
func writeEntity(b *strings.Builder, r rune) { fmt.Fprintf(b, "&#%d;", r) }

// visible puts a space for what breaks lines and U+FFFD for what cannot be
// seen: controls, characters of no width, those that turn the direction of
// text, and the tag characters.
func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\r' || r == '\t' || r == '\v' || r == '\f' || r == '\u2028' || r == '\u2029' || r == '\u0085':
		return ' '
	case unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) && r != '\u200D':
		return '\uFFFD'
	}
	return r
}

// Fence sets text as a code block that it cannot end: the fence is longer than
// any run of backticks in it. Tabs and line ends stay, what cannot be seen is
// shown as U+FFFD, and a line that starts with a slash gets a space before it,
// because GitLab reads quick actions line by line.
func Fence(language, text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return visible(r)
	}, strings.ToValidUTF8(text, "\uFFFD"))
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	longest := 2
	for i, line := range lines {
		if strings.HasPrefix(line, "/") {
			lines[i] = " " + line
		}
		run := 0
		for _, r := range line {
			if r != '`' {
				run = 0
				continue
			}
			run++
			longest = max(longest, run)
		}
	}
	language = strings.Map(func(r rune) rune {
		if wordly(r) && r < 128 || r == '-' || r == '+' {
			return r
		}
		return -1
	}, language)
	fence := strings.Repeat("`", longest+1)
	return fence + language + "\n" + strings.Join(lines, "\n") + "\n" + fence
}
