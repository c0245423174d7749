package intake

import (
	"fmt"
	"strings"
)

// suggest completes a message about an unknown word: the nearest allowed one,
// or all of them where none is near.
func suggest(word string, allowed []string) string {
	best, least := "", 0
	for _, candidate := range allowed {
		d := editDistance(strings.ToLower(word), strings.ToLower(candidate))
		if best == "" || d < least {
			best, least = candidate, d
		}
	}
	switch {
	case best == "":
		return ""
	case least <= max(1, len(best)/3):
		return fmt.Sprintf("; did you mean %q?", best)
	case len(allowed) > mostNamed:
		return fmt.Sprintf("; allowed are %s and %d more", strings.Join(allowed[:mostNamed], ", "), len(allowed)-mostNamed)
	default:
		return "; allowed are " + strings.Join(allowed, ", ")
	}
}

// mostNamed is how many allowed words a message lists: keys of a form are fewer,
// services of an account are more.
const mostNamed = 40

// editDistance is the least number of insertions, deletions, replacements and
// swaps of neighbours between two words (optimal string alignment). Words are
// cut at 64 bytes: no key is longer.
func editDistance(a, b string) int {
	const longest = 64
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	var before, last, row [longest + 1]int
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

// Suggest completes a message about an unknown word for other readers of
// configuration: "; did you mean …?" or "; allowed are …".
func Suggest(word string, allowed []string) string { return suggest(word, allowed) }
