package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// maxObject is the largest file that is read. A report of 1,000 services has
// about 1 MB.
const maxObject = 256 << 20

// Names and age of the files of writers that were killed. A write takes well
// under a second, so that a day is never too short.
const (
	temporaryPrefix = ".writing-"
	temporaryAge    = 24 * time.Hour
)

// Directory is objects as the files of a directory, which is made where there
// is none. Its file system must have hard links, as NFS and Amazon EFS have.
func Directory(path string) (Objects, error) {
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, fmt.Errorf("history: making the directory: %w", err)
	}
	return directory(path), nil
}

type directory string

func (d directory) Locate(key string) string { return filepath.Join(string(d), key) }

func (d directory) Get(ctx context.Context, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := os.Open(d.Locate(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxObject+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("history: %w", err)
	case len(data) > maxObject:
		return nil, fmt.Errorf("%w: %s has more than %d bytes", ErrDamaged, f.Name(), maxObject)
	}
	return data, nil
}

// PutIfAbsent writes a temporary file, has it on disk, and links it to its
// name: unlike a rename, a link fails where the name is taken.
func (d directory) PutIfAbsent(ctx context.Context, key string, data []byte) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	temporary, err := d.writeTemporary(data)
	if err != nil {
		return false, d.failed(key, err)
	}
	defer os.Remove(temporary)
	err = os.Link(temporary, d.Locate(key))
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, d.failed(key, fmt.Errorf("%w (a directory of a history needs hard links; use SQLite where it has none)", err))
	}
	if err := d.sync(); err != nil {
		return false, d.failed(key, err)
	}
	return true, nil
}

func (d directory) failed(key string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return fmt.Errorf("%w: writing %s: %w", ErrFull, d.Locate(key), err)
	}
	return fmt.Errorf("history: writing %s: %w", d.Locate(key), err)
}

// writeTemporary writes a file that is no object, and removes those that
// killed writers left behind.
func (d directory) writeTemporary(data []byte) (name string, err error) {
	f, err := os.CreateTemp(string(d), temporaryPrefix+"*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			os.Remove(f.Name())
		}
	}()
	if _, err := f.Write(data); err != nil {
		return "", err
	}
	// Readable like the SQLite file; CreateTemp makes files private.
	if err := f.Chmod(0o644); err != nil {
		return "", err
	}
	if err := f.Sync(); err != nil {
		return "", err
	}
	if now, err := f.Stat(); err == nil {
		d.removeLeftOver(now.ModTime())
	}
	return f.Name(), nil
}

// removeLeftOver compares two times of the file system's clock. What cannot be
// removed does no harm.
func (d directory) removeLeftOver(now time.Time) {
	names, err := d.List(context.Background(), temporaryPrefix)
	if err != nil {
		return
	}
	for _, name := range names {
		if info, err := os.Stat(d.Locate(name)); err == nil && now.Sub(info.ModTime()) > temporaryAge {
			os.Remove(d.Locate(name))
		}
	}
}

// sync has the directory's names on disk. Windows has no such call and needs
// none: NTFS logs them.
func (d directory) sync() error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(string(d))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d directory) List(ctx context.Context, prefix string) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(string(d))
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	var keys []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			keys = append(keys, e.Name())
		}
	}
	return keys, nil
}
