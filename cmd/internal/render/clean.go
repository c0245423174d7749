package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes outside text safe to show on one line of a terminal or a page:
// escape sequences are cut out whole, line breaks and tabs become spaces,
// other control characters go. Characters that reorder or hide text (bidi
// controls, zero-width format characters) and broken UTF-8 show as U+FFFD, so
// that a reader sees that something was there.
func clean(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if n := escapeLength(s[i:]); n > 0 {
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			b.WriteByte(' ')
		case unicode.IsControl(r):
		case hides(r):
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isPlain reports whether a text has only printable ASCII.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// hides reports whether a character changes how others are shown. The two
// joiners stay: scripts and emoji need them.
func hides(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.Is(unicode.Cf, r) && r != nonJoiner && r != joiner
}

// escapeLength is the length of the terminal escape sequence that s starts
// with, 0 if it starts with none: CSI and OSC and their like, in the 7-bit and
// the 8-bit form. A sequence without end reaches to the end of the text.
// Source: ECMA-48, 5th edition, sections 5.4 and 5.6.
func escapeLength(s string) int {
	var kind byte
	start := 0
	switch {
	case len(s) >= 2 && s[0] == 0x1b:
		kind, start = s[1], 2
	case len(s) >= 2 && s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f: // C1 in UTF-8
		kind, start = s[1]-0x40, 2
	case s[0] == 0x1b:
		return 1
	default:
		return 0
	}
	switch kind {
	case '[': // control sequence: up to a byte from @ to ~
		for i := start; i < len(s); i++ {
			if s[i] >= '@' && s[i] <= '~' {
				return i + 1
			}
			if s[i] < ' ' || s[i] > '~' {
				return i
			}
		}
		return len(s)
	case ']', 'P', 'X', '^', '_': // command string: up to BEL or ST
		for i := start; i < len(s); i++ {
			if s[i] == 0x07 {
				return i + 1
			}
			if strings.HasPrefix(s[i:], "\x1b\\") || strings.HasPrefix(s[i:], "\u009c") {
				return i + 2
			}
		}
		return len(s)
	default:
		return start
	}
}

// Printable is a text from outside made safe for one line of a terminal.
func Printable(s string) string { return clean(s) }
