package pricing

import "sort"

// nearest returns up to three of the names spelt most like s, best first; a
// name that needs more than maxEdits edits is not like it.
func nearest(s string, names []string) []string {
	type candidate struct {
		name  string
		edits int
	}
	const maxEdits, most = 3, 3
	var near []candidate
	for _, n := range names {
		if d := len(n) - len(s); d > maxEdits || d < -maxEdits {
			continue
		}
		if e := editDistance(s, n); e <= maxEdits {
			near = append(near, candidate{n, e})
		}
	}
	sort.Slice(near, func(i, j int) bool {
		if near[i].edits != near[j].edits {
			return near[i].edits < near[j].edits
		}
		return near[i].name < near[j].name
	})
	var out []string
	for _, c := range near[:min(most, len(near))] {
		out = append(out, c.name)
	}
	return out
}

// editDistance is the number of single-byte insertions, deletions and
// replacements that turn a into b (Levenshtein, 1966).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost = 1 + min(diagonal, row[j], row[j-1])
			}
			diagonal, row[j] = row[j], cost
		}
	}
	return row[len(b)]
}
