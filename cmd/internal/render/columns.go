package render

import (
	"bytes"
	"runtime"
	"strings"
	"sync"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// chunkRows is how many rows one table takes at a time. Rows stand on their
// own once the widths are known, so a long table is aligned in chunks on all
// cores: a design of 1,000 services has some 10,000 rows, and tablewriter
// takes about 10 µs for each.
const chunkRows = 500

// alignColumns aligns the lines' cells under the column titles and returns the
// printed lines, the titles first. Widths are known, so tables are streamed
// and nothing is measured twice.
func alignColumns(columns []Column, widths []int, titles []string, rows [][]string) ([]string, error) {
	rows = append([][]string{titles}, rows...)
	chunks := make([][]string, (len(rows)+chunkRows-1)/chunkRows)
	errs := make([]error, len(chunks))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(chunks)) {
		workers.Go(func() {
			for i := range next {
				chunks[i], errs[i] = alignChunk(columns, widths, rows[i*chunkRows:min((i+1)*chunkRows, len(rows))])
			}
		})
	}
	for i := range chunks {
		next <- i
	}
	close(next)
	workers.Wait()
	printed := make([]string, 0, len(rows))
	for i := range chunks {
		if errs[i] != nil {
			return nil, errs[i]
		}
		printed = append(printed, chunks[i]...)
	}
	return printed, nil
}

// alignChunk aligns rows that follow each other. Every printed line begins
// with a blank, as every cell does; it is taken off.
func alignChunk(columns []Column, widths []int, rows [][]string) ([]string, error) {
	align := make(tw.Alignment, len(columns))
	full := tw.NewMapper[int, int]()
	for i, c := range columns {
		align[i] = tw.AlignLeft
		if c.Right {
			align[i] = tw.AlignRight
		}
		full.Set(i, widths[i]+columnGap)
	}
	var out bytes.Buffer
	t := tablewriter.NewTable(&out,
		tablewriter.WithStreaming(tw.StreamConfig{Enable: true}),
		tablewriter.WithColumnWidths(full),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithAlignment(align),
		// One blank on either side makes columnGap.
		tablewriter.WithPadding(tw.Padding{Left: " ", Right: " ", Overwrite: true}),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:   tw.BorderNone,
			Symbols:   tw.NewSymbols(tw.StyleNone),
			Settings:  tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone},
			Streaming: true,
		})),
		// Widths must not depend on the locale of whoever runs it.
		tablewriter.WithEastAsian(tw.Off),
	)
	if err := t.Start(); err != nil {
		return nil, err
	}
	for _, cells := range rows {
		if err := t.Append(cells); err != nil {
			return nil, err
		}
	}
	if err := t.Close(); err != nil {
		return nil, err
	}
	printed := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	for i := range printed {
		printed[i] = strings.TrimPrefix(printed[i], " ")
	}
	return printed, nil
}
