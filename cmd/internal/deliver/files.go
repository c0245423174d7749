package deliver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// stdoutChannel prints the report as Markdown.
type stdoutChannel struct{}

func (stdoutChannel) prepare(s *session, p Package, _ string) (parcel, error) {
	text := strings.TrimRight(plain(p.Markdown), "\n") + "\n"
	return parcel{
		lines: []string{fmt.Sprintf("Markdown of %d bytes to standard output", len(text))},
		send: func(context.Context) ([]string, error) {
			_, err := fmt.Fprint(s.Stdout, text)
			return nil, err
		},
	}, nil
}

// pathChannel writes files. A path that ends in a slash, that is a directory,
// or that has no extension is a directory, which gets every file in
// NAME/PERIOD; any other path is one file, in the form of its extension.
// {name} and {period} in it stand for the report's.
type pathChannel struct{ path string }

func (c pathChannel) prepare(_ *session, p Package, _ string) (parcel, error) {
	target := strings.NewReplacer("{name}", p.Name, "{period}", p.Period).Replace(c.path)
	info, err := os.Stat(target)
	isDir := err == nil && info.IsDir() || strings.HasSuffix(target, "/") || filepath.Ext(target) == ""
	files := map[string]File{}
	var order []string
	add := func(path string, f File) { files[path], order = f, append(order, path) }
	if isDir {
		dir := filepath.Join(target, p.Name, p.Period)
		for _, f := range p.Files {
			add(filepath.Join(dir, f.Name), f)
		}
	} else {
		var forms []string
		for _, f := range p.Files {
			if ext := filepath.Ext(f.Name); strings.EqualFold(ext, filepath.Ext(target)) {
				add(target, f)
				break
			} else {
				forms = append(forms, ext)
			}
		}
		if len(order) == 0 {
			return parcel{}, fmt.Errorf("writing %s: the report has no such form, want one of %s", target, strings.Join(forms, " "))
		}
	}
	var lines []string
	for _, path := range order {
		lines = append(lines, fmt.Sprintf("%s, %d bytes", path, len(files[path].Data)))
	}
	return parcel{lines: lines, where: order[0], send: func(context.Context) ([]string, error) {
		for _, path := range order {
			if err := writeWhole(path, files[path].Data); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}}, nil
}

// writeWhole writes a file so that a reader sees all of it or the one before.
func writeWhole(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		if gone := os.Remove(f.Name()); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}
