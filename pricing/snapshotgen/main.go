// Command snapshotgen turns the compiled price tables (CSV) into the snapshot
// that package pricing embeds.
//
//	go run ./pricing/snapshotgen -from ../shared/prices -to pricing/snapshot
//
// It refuses a row that it cannot vouch for, naming file, line and reason, and
// then writes nothing. Equal tables give equal bytes. What it changes on the
// way, and by which rule, is printed to stderr.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"

	"ecsavvy/pricing"
)

func main() {
	from := flag.String("from", "../shared/prices", "folder of the price tables")
	to := flag.String("to", "pricing/snapshot", "folder of the snapshot")
	flag.Parse()
	if err := run(*from, *to, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "snapshotgen:", err)
		os.Exit(1)
	}
}

// run generates the snapshot of the tables in folder from and writes it to
// folder to, where it replaces every snapshot file.
func run(from, to string, log io.Writer) error {
	files, err := generate(os.DirFS(from), log)
	if err != nil {
		return err
	}
	for _, pattern := range []string{"*.tsv", "rates/*.tsv", "ec2/*.tsv"} {
		old, err := filepath.Glob(filepath.Join(to, filepath.FromSlash(pattern)))
		if err != nil {
			return err
		}
		for _, path := range old {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("removing the former snapshot: %w", err)
			}
		}
	}
	for _, name := range sortedKeys(files) {
		path := filepath.Join(to, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("writing the snapshot: %w", err)
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil {
			return fmt.Errorf("writing the snapshot: %w", err)
		}
	}
	archive, err := pricing.Archive(os.DirFS(to))
	if err != nil {
		return fmt.Errorf("compressing the snapshot: %w", err)
	}
	return os.WriteFile(filepath.Clean(to)+".zip", archive, 0o644)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// tsvFile is one snapshot file in the making.
type tsvFile struct{ bytes.Buffer }

// newTSVFile starts a file with its header: the form and its version, remarks
// ("region eu-west-2"), the names of the columns.
func newTSVFile(form string, remarks []string, columns ...string) *tsvFile {
	f := &tsvFile{}
	fmt.Fprintf(f, "# ecsavvy %s 1\n", form)
	for _, r := range remarks {
		fmt.Fprintf(f, "# %s\n", r)
	}
	f.WriteString("# ")
	f.row(columns...)
	return f
}

// row writes one line; an empty cell becomes "-", which stands for absent.
func (f *tsvFile) row(cells ...string) {
	for i, c := range cells {
		if i > 0 {
			f.WriteByte('\t')
		}
		if c == "" {
			c = "-"
		}
		f.WriteString(c)
	}
	f.WriteByte('\n')
}
