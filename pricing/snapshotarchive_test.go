package pricing_test

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"testing"

	"ecsavvy/pricing"
)

// TestSnapshotArchive holds what is compiled in to the tables that people read.
// UPDATE_GOLDEN=1 writes it.
func TestSnapshotArchive(t *testing.T) {
	tables := os.DirFS("snapshot")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		data, err := pricing.Archive(tables)
		if err == nil {
			err = os.WriteFile("snapshot.zip", data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile("snapshot.zip")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	archived := map[string]bool{}
	for _, f := range archive.File {
		archived[f.Name] = true
		want, err := fs.ReadFile(tables, f.Name)
		if err != nil {
			t.Errorf("snapshot.zip has %s: %v", f.Name, err)
			continue
		}
		if got, err := fs.ReadFile(archive, f.Name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("snapshot.zip: %s is not snapshot/%s (%v): run UPDATE_GOLDEN=1 go test ./pricing -run TestSnapshotArchive", f.Name, f.Name, err)
		}
	}
	for _, pattern := range []string{"*.tsv", "rates/*.tsv", "ec2/*.tsv"} {
		names, err := fs.Glob(tables, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if !archived[name] {
				t.Errorf("snapshot.zip lacks %s", name)
			}
		}
	}
}
