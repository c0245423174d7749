package render

import (
	"fmt"
	"io"
	"strings"

	"ecsavvy/advisor"
)

// FormatDiff is the text format of a diff: what changed as an indented list.
const FormatDiff Format = "diff"

// DiffFormats lists the formats of a diff, the default first. Table is another
// name for diff, so that one --format serves all commands.
func DiffFormats() []Format {
	return []Format{FormatDiff, FormatTable, FormatMarkdown, FormatCSV, FormatJSON}
}

// ParseDiffFormat returns the format of a name.
func ParseDiffFormat(name string) (Format, error) {
	var known []string
	for _, f := range DiffFormats() {
		if string(f) == name {
			return f, nil
		}
		known = append(known, string(f))
	}
	return "", fmt.Errorf("unknown format %q: want %s", name, strings.Join(known, ", "))
}

// WriteDiff prints what a change does in a format.
func WriteDiff(w io.Writer, d advisor.Differences, format Format, info DiffInfo, opts Options) error {
	switch format {
	case FormatDiff, FormatTable:
		return writeDiffText(w, viewOf(d, info), opts)
	case FormatMarkdown:
		_, err := io.WriteString(w, DiffComment(d, info).Markdown())
		return err
	case FormatCSV:
		return writeCSV(w, diffRecords(d))
	case FormatJSON:
		return writeJSON(w, diffJSONOf(d, info))
	default:
		return fmt.Errorf("unknown format %q", format)
	}
}
