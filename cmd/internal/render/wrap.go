package render

import (
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

// width is how many columns of a terminal a text takes.
func width(s string) int { return displaywidth.String(s) }

// wrap breaks a text into lines of at most limit columns, at spaces. A word
// that is too long for a line of its own is broken after punctuation, or
// anywhere if it has none.
func wrap(text string, limit int) []string {
	var lines []string
	line := ""
	end := func() {
		if line != "" {
			lines = append(lines, line)
		}
		line = ""
	}
	for _, word := range strings.Fields(text) {
		if line != "" && width(line)+1+width(word) <= limit {
			line += " " + word
			continue
		}
		end()
		for width(word) > limit {
			cut := breakAt(word, limit)
			lines = append(lines, word[:cut])
			word = word[cut:]
		}
		line = word
	}
	end()
	if lines == nil {
		return []string{""}
	}
	return lines
}

// truncate cuts a text to limit columns, the last one being an ellipsis.
func truncate(s string, limit int) string {
	if width(s) <= limit {
		return s
	}
	return displaywidth.TruncateString(s, limit, "…")
}

// breakAt is where to break a word that is wider than limit: after the last
// punctuation in the second half of what fits, else at the last character that
// fits.
func breakAt(word string, limit int) int {
	fits := len(displaywidth.TruncateString(word, limit, ""))
	if fits == 0 { // not even one character fits: take it all the same
		_, fits = utf8.DecodeRuneInString(word)
	}
	if i := strings.LastIndexAny(word[:fits], "-:/._,;"); i >= fits/2 {
		return i + 1
	}
	return fits
}

// nameLines is how many lines a name may take in a table.
const nameLines = 3

// wrapName is wrap with no more than nameLines lines; an ellipsis ends what
// does not fit.
func wrapName(text string, limit int) []string {
	lines := wrap(text, limit)
	if len(lines) <= nameLines {
		return lines
	}
	lines = lines[:nameLines]
	lines[nameLines-1] = truncate(lines[nameLines-1]+strings.Repeat("…", limit), limit)
	return lines
}
