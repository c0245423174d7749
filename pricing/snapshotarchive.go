package pricing

import (
	"archive/zip"
	"bytes"
	"cmp"
	_ "embed"
	"io"
	"io/fs"
	"slices"
	"time"
)

// snapshotArchive is the snapshot's tables, compressed: what is compiled in is a
// quarter of what lies in snapshot/, and a region is inflated when it is asked for.
//
//go:embed snapshot.zip
var snapshotArchive []byte

// openArchive is an archive as files.
func openArchive(data []byte) (fs.FS, error) {
	return zip.NewReader(bytes.NewReader(data), int64(len(data)))
}

// Archive compresses the tables of a snapshot, as they are compiled in. Equal tables
// make equal bytes.
func Archive(fsys fs.FS) ([]byte, error) {
	var names []string
	for _, pattern := range []string{"*.tsv", "rates/*.tsv", "ec2/*.tsv"} {
		found, err := fs.Glob(fsys, pattern)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	slices.SortFunc(names, cmp.Compare)
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Time{}})
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(entry, bytes.NewReader(data)); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
