package bill

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

// maxRecord is how long a row of a CSV file may be, bytes. Rows of a CUR take
// some kB; a quote that is never closed would take the whole file.
const maxRecord = 4 << 20

var errLongRecord = errors.New("a row of more than 4 MiB: is a quote not closed?")

// recordLimit ends reading when one record takes too much.
type recordLimit struct {
	from io.Reader
	used int // since the last record
}

func (l *recordLimit) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	if l.used += n; l.used > maxRecord {
		return 0, errLongRecord
	}
	return n, err
}

// addCSV adds up the rows of a CSV file.
func (r *Reader) addCSV(name string, file io.Reader) error {
	limit := &recordLimit{from: file}
	c := csv.NewReader(limit)
	c.ReuseRecord, c.FieldsPerRecord, c.LazyQuotes = true, -1, true
	header, err := c.Read()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: empty: want a CSV header", name)
	}
	if err != nil {
		return fmt.Errorf("%s: reading CSV: %w", name, err)
	}
	read, err := r.open(name, header)
	if err != nil {
		return err
	}
	rows := newRow(headerOf(header))
	for {
		limit.used = 0
		rows.cells, err = c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: reading CSV: %w", name, err)
		}
		r.sums.rows++
		if err := read(rows, r.sums, r.sums.add); err != nil {
			line, _ := c.FieldPos(0)
			return fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
}
