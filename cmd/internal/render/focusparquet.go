package render

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
)

// WriteFocusParquet writes FOCUS rows as Parquet, with the types of AWS's own
// FOCUS exports: doubles, times in milliseconds, texts; a text stays a text,
// and no spreadsheet executes it, so it is written as it is.
// Source: https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-focus-1-2-aws-columns.html
func WriteFocusParquet(w io.Writer, records Records) error {
	kinds := map[string]focusType{}
	for _, c := range focusColumns(true) {
		kinds[c.name] = c.kind
	}
	group := parquet.Group{}
	for _, name := range records.Header {
		switch kinds[name] {
		case focusNumber:
			group[name] = parquet.Optional(parquet.Leaf(parquet.DoubleType))
		case focusTime:
			group[name] = parquet.Optional(parquet.Timestamp(parquet.Millisecond))
		default:
			group[name] = parquet.Optional(parquet.String())
		}
	}
	schema := parquet.NewSchema("focus", group)
	at := make([]int, len(records.Header)) // the schema sorts its columns
	for i, name := range records.Header {
		leaf, ok := schema.Lookup(name)
		if !ok {
			return fmt.Errorf("writing FOCUS: no column %s", name)
		}
		at[i] = leaf.ColumnIndex
	}
	out := parquet.NewWriter(w, schema, parquet.Compression(&parquet.Snappy))
	row := make(parquet.Row, len(records.Header))
	for _, cells := range records.Rows {
		for i, cell := range cells {
			value, err := focusValue(kinds[records.Header[i]], cell)
			if err != nil {
				return fmt.Errorf("writing FOCUS: %s: %w", records.Header[i], err)
			}
			row[at[i]] = value.Level(0, min(len(cell), 1), at[i])
		}
		if _, err := out.WriteRows([]parquet.Row{row}); err != nil {
			return fmt.Errorf("writing FOCUS: %w", err)
		}
	}
	return out.Close()
}

// focusValue is a cell in its column's type.
func focusValue(kind focusType, cell string) (parquet.Value, error) {
	switch {
	case cell == "":
		return parquet.NullValue(), nil
	case kind == focusNumber:
		n, err := strconv.ParseFloat(cell, 64)
		return parquet.DoubleValue(n), err
	case kind == focusTime:
		t, err := time.Parse(time.RFC3339, cell)
		return parquet.Int64Value(t.UnixMilli()), err
	default:
		return parquet.ByteArrayValue([]byte(cell)), nil
	}
}
