package deliver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Ledger remembers deliveries, by report, period and destination. A key is one
// printable line without secrets. Two runs at the same time may both find
// nothing: who must not have that locks around the delivery.
type Ledger interface {
	Delivered(ctx context.Context, key string) (bool, error)
	Mark(ctx context.Context, key string) error
}

// fileLedger is a text file with one key a line.
type fileLedger struct{ path string }

// NewFileLedger is a ledger in a file, which is made with the first mark.
func NewFileLedger(path string) Ledger { return fileLedger{path} }

func (l fileLedger) Delivered(_ context.Context, key string) (bool, error) {
	f, err := os.Open(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if lines.Text() == key {
			return true, nil
		}
	}
	return false, lines.Err()
}

// Mark adds the key in one write, so that a run that is killed leaves whole
// lines; a line that was cut off nevertheless ends before the next one begins.
func (l fileLedger) Mark(_ context.Context, key string) error {
	if err := os.MkdirAll(filepath.Dir(l.path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	text := key + "\n"
	if info, err := f.Stat(); err == nil && info.Size() > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, info.Size()-1); err == nil && last[0] != '\n' {
			text = "\n" + text
		}
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", l.path, err)
	}
	return nil
}
