package pricing

import (
	"sort"
	"strings"
)

// lineIndex finds the rows of a snapshot file by their first cell without
// reading the rest of them.
type lineIndex struct {
	file   snapshotFile
	starts []int // offset of each row in file.body
}

// newLineIndex indexes a file, whose rows must be in strict order of their
// first cell.
func newLineIndex(f snapshotFile) (*lineIndex, error) {
	x := &lineIndex{file: f, starts: make([]int, 0, strings.Count(f.body, "\n")+1)}
	last := ""
	for at := 0; at < len(f.body); {
		x.starts = append(x.starts, at)
		i := len(x.starts) - 1
		name := x.name(i)
		if name <= last {
			return nil, f.fail(x.line(i), "%q is out of order after %q", name, last)
		}
		last = name
		at += len(x.row(i)) + 1
	}
	return x, nil
}

// line is the number of row i in the file.
func (x *lineIndex) line(i int) int { return x.file.line + i }

// row is the text of row i.
func (x *lineIndex) row(i int) string {
	row := x.file.body[x.starts[i]:]
	if end := strings.IndexByte(row, '\n'); end >= 0 {
		return row[:end]
	}
	return row
}

// name is the first cell of row i.
func (x *lineIndex) name(i int) string {
	row := x.file.body[x.starts[i]:]
	if end := strings.IndexAny(row, "\t\n"); end >= 0 {
		return row[:end]
	}
	return row
}

// names are the first cells, in order.
func (x *lineIndex) names() []string {
	names := make([]string, len(x.starts))
	for i := range names {
		names[i] = x.name(i)
	}
	return names
}

// find returns the row with the first cell, or ok false.
func (x *lineIndex) find(name string) (i int, ok bool) {
	i = sort.Search(len(x.starts), func(i int) bool { return x.name(i) >= name })
	return i, i < len(x.starts) && x.name(i) == name
}
