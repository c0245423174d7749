package bill

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// addParquet adds up the rows of a Parquet file, one row group after the other
// and of each only the columns that are read. The library panics on some broken
// files; that is an error of the file.
func (r *Reader) addParquet(name string, file io.ReaderAt, size int64) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: reading Parquet: broken file: %v", name, p)
		}
	}()
	f, err := parquet.OpenFile(file, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return fmt.Errorf("%s: reading Parquet: %w", name, err)
	}
	var header []string
	var columns []*column
	for _, c := range f.Root().Columns() {
		header = append(header, c.Name())
		if wanted(columnName(c.Name())) {
			columns = append(columns, &column{at: len(header) - 1, of: c})
		}
	}
	read, err := r.open(name, header)
	if err != nil {
		return err
	}
	rows := newRow(headerOf(header))
	rows.cells = make([]string, len(header))
	n := 0
	for _, group := range f.RowGroups() {
		if err := r.addGroup(name, group, columns, rows, read, &n); err != nil {
			return err
		}
	}
	return nil
}

// addGroup adds up the rows of one row group; n counts rows of the file.
func (r *Reader) addGroup(name string, group parquet.RowGroup, columns []*column, rows *row, read rowReader, n *int) error {
	chunks := group.ColumnChunks()
	for _, c := range columns {
		c.open(chunks)
		defer c.close()
	}
	for range group.NumRows() {
		*n++
		for _, c := range columns {
			cell, err := c.cell()
			if err != nil {
				return fmt.Errorf("%s:%d: reading Parquet: column %s: %w", name, *n, c.of.Name(), err)
			}
			rows.cells[c.at] = cell
		}
		r.sums.rows++
		if err := read(rows, r.sums, r.sums.add); err != nil {
			return fmt.Errorf("%s:%d: %w", name, *n, err)
		}
	}
	return nil
}

// column reads a column of the file row by row: a value, or a map of texts, of
// which it makes the JSON that CSV files have in its place.
type column struct {
	at     int // in the row
	of     *parquet.Column
	leaves []*leaf
}

func (c *column) open(chunks []parquet.ColumnChunk) {
	c.leaves = nil
	var walk func(*parquet.Column)
	walk = func(of *parquet.Column) {
		if of.Leaf() {
			c.leaves = append(c.leaves, &leaf{of: of, pages: chunks[of.Index()].Pages(), buffer: make([]parquet.Value, 256)})
		}
		for _, child := range of.Columns() {
			walk(child)
		}
	}
	walk(c.of)
}

func (c *column) close() {
	for _, l := range c.leaves {
		l.pages.Close()
	}
}

// cell is the column's cell of the next row, empty for null.
func (c *column) cell() (string, error) {
	if c.of.Leaf() {
		values, err := c.leaves[0].row()
		if err != nil || len(values) == 0 {
			return "", err
		}
		return values[0], nil
	}
	if len(c.leaves) != 2 {
		return "", nil // no map: not a form that AWS writes
	}
	keys, err := c.leaves[0].row()
	if err != nil {
		return "", err
	}
	values, err := c.leaves[1].row()
	if err != nil {
		return "", err
	}
	tags := make(map[string]string, len(keys))
	for i, k := range keys {
		if i < len(values) && k != "" {
			tags[k] = values[i]
		}
	}
	if len(tags) == 0 {
		return "", nil
	}
	text, err := json.Marshal(tags)
	return string(text), err
}

// leaf reads the values of one leaf of the schema.
type leaf struct {
	of     *parquet.Column
	pages  parquet.Pages
	values parquet.ValueReader
	buffer []parquet.Value
	at, n  int
	cells  []string
}

// maxValues is how many values of a repeated column one row may have: AWS
// allows 50 tags on a resource.
const maxValues = 10_000

// row is the values of the next row: those up to the next of repetition level 0.
func (l *leaf) row() ([]string, error) {
	l.cells = l.cells[:0]
	for started := false; ; started = true {
		if l.at == l.n {
			if err := l.fill(); err != nil {
				if started && errors.Is(err, io.EOF) {
					return l.cells, nil
				}
				if errors.Is(err, io.EOF) {
					err = io.ErrUnexpectedEOF
				}
				return nil, err
			}
		}
		v := l.buffer[l.at]
		if started && v.RepetitionLevel() == 0 {
			return l.cells, nil
		}
		l.at++
		if len(l.cells) == maxValues {
			return nil, fmt.Errorf("more than %d values in a row", maxValues)
		}
		text := ""
		if !v.IsNull() {
			text = cellOf(l.of.Type(), v)
		}
		l.cells = append(l.cells, text)
	}
}

// fill reads more values, of the next page if need be.
func (l *leaf) fill() error {
	for {
		if l.values != nil {
			n, err := l.values.ReadValues(l.buffer)
			if n > 0 {
				l.at, l.n = 0, n
				return nil
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return err
			}
		}
		page, err := l.pages.ReadPage()
		if err != nil {
			return err
		}
		l.values = page.Values()
	}
}

// cellOf is a value as CSV would have it: times in RFC 3339, decimals as such.
func cellOf(t parquet.Type, v parquet.Value) string {
	if logical := t.LogicalType(); logical != nil {
		switch kind := logical.Value.(type) {
		case *format.TimestampType:
			if kind.Unit.Value != nil {
				unit := int64(kind.Unit.Value.Duration())
				perSecond := int64(time.Second) / unit
				return time.Unix(v.Int64()/perSecond, v.Int64()%perSecond*unit).UTC().Format(time.RFC3339)
			}
		case *format.DateType:
			return time.Unix(int64(v.Int32())*86400, 0).UTC().Format(time.DateOnly)
		case *format.DecimalType:
			return decimalOf(v, int(kind.Scale))
		}
	}
	switch v.Kind() {
	case parquet.ByteArray, parquet.FixedLenByteArray:
		return string(v.ByteArray())
	case parquet.Double:
		return strconv.FormatFloat(v.Double(), 'g', -1, 64)
	case parquet.Float:
		return strconv.FormatFloat(float64(v.Float()), 'g', -1, 32)
	case parquet.Int96:
		// Nanoseconds of the day, then the Julian day; 2440588 is 1970-01-01.
		// Source: https://github.com/apache/parquet-format/issues/49 and
		// Apache Hive's NanoTime.
		w := v.Int96()
		nanos := int64(uint64(w[1])<<32 | uint64(w[0]))
		return time.Unix((int64(w[2])-2440588)*86400, nanos).UTC().Format(time.RFC3339)
	default:
		return v.String()
	}
}

// decimalOf is an unscaled integer with a decimal point.
func decimalOf(v parquet.Value, scale int) string {
	var unscaled *big.Int
	switch v.Kind() {
	case parquet.Int32:
		unscaled = big.NewInt(int64(v.Int32()))
	case parquet.Int64:
		unscaled = big.NewInt(v.Int64())
	default: // two's complement, big-endian
		b := v.ByteArray()
		unscaled = new(big.Int).SetBytes(b)
		if len(b) > 0 && b[0] >= 0x80 {
			unscaled.Sub(unscaled, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
	}
	if scale < 0 || scale > 100 || unscaled.BitLen() > 512 {
		return "out of range"
	}
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	return new(big.Rat).SetFrac(unscaled, power).FloatString(scale)
}
