package pricing

import (
	"fmt"
	"io/fs"
	"strings"
)

// snapshotFile is one file of a snapshot: header lines that start with '#',
// then rows of tab-separated cells, "-" standing for absent.
type snapshotFile struct {
	name   string
	header []string // without "# "
	body   string   // the rows
	line   int      // number of the body's first line
}

// readSnapshotFile reads a file of the form ("rates") whose header names
// exactly these columns.
func readSnapshotFile(fsys fs.FS, name, form, columns string) (snapshotFile, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return snapshotFile{}, fmt.Errorf("pricing: reading the price snapshot: %w", err)
	}
	return parseSnapshotFile(name, string(data), form, columns)
}

func parseSnapshotFile(name, text, form, columns string) (snapshotFile, error) {
	f := snapshotFile{name: name, body: text, line: 1}
	for strings.HasPrefix(f.body, "#") {
		line, rest, _ := strings.Cut(f.body, "\n")
		f.header = append(f.header, strings.TrimPrefix(strings.TrimPrefix(line, "#"), " "))
		f.body = rest
		f.line++
	}
	want := "ecsavvy " + form + " 1"
	if len(f.header) == 0 || f.header[0] != want {
		return f, fmt.Errorf("pricing: reading %s:1: want the header %q", name, "# "+want)
	}
	if f.header[len(f.header)-1] != columns {
		return f, fmt.Errorf("pricing: reading %s:%d: want the columns %q", name, f.line-1, columns)
	}
	return f, nil
}

// remark returns what follows the prefix in a header line, or "".
func (f *snapshotFile) remark(prefix string) string {
	for _, h := range f.header {
		if rest, ok := strings.CutPrefix(h, prefix); ok {
			return rest
		}
	}
	return ""
}

// fail is the error for a line.
func (f *snapshotFile) fail(line int, format string, args ...any) error {
	return fmt.Errorf("pricing: reading %s:%d: %s", f.name, line, fmt.Sprintf(format, args...))
}

// cut splits a row into cells, all of which must be there and not empty; "-"
// becomes "".
func (f *snapshotFile) cut(line int, row string, cells []string) error {
	for i := range cells {
		end := strings.IndexByte(row, '\t')
		if last := i == len(cells)-1; last != (end < 0) {
			return f.fail(line, "want %d cells", len(cells))
		} else if last {
			end = len(row)
		}
		cells[i] = row[:end]
		switch cells[i] {
		case "":
			return f.fail(line, "cell %d is empty; an absent value is written -", i+1)
		case "-":
			cells[i] = ""
		}
		row = row[min(end+1, len(row)):]
	}
	return nil
}

// readNotes reads an id → text table (sources, assumptions).
func readNotes(fsys fs.FS, name, form string) (map[string]string, error) {
	f, err := readSnapshotFile(fsys, name, form, "id\ttext")
	if err != nil {
		return nil, err
	}
	notes := make(map[string]string, strings.Count(f.body, "\n"))
	var cells [2]string
	line := f.line
	for row := range strings.Lines(f.body) {
		if err := f.cut(line, strings.TrimSuffix(row, "\n"), cells[:]); err != nil {
			return nil, err
		}
		if _, twice := notes[cells[0]]; twice || cells[0] == "" {
			return nil, f.fail(line, "id %q is absent or given twice", cells[0])
		}
		notes[cells[0]] = cells[1]
		line++
	}
	return notes, nil
}
