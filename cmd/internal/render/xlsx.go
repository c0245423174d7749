package render

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// A workbook is written by hand: a zip of a few parts of Office Open XML
// (ECMA-376, part 1, chapter 18, SpreadsheetML). The excelize module would do it
// too, but it calls methods by name, which keeps the linker from leaving out the
// methods that nobody calls: the program would grow from 41 to 60 MB. Tests read
// the workbooks with it.

// sheet is one page of a workbook.
type sheet struct {
	// name is its tab, at most 31 characters.
	name    string
	columns []reportColumn
	rows    [][]reportCell
	total   []reportCell
}

// Styles by their place in xlsxStyles.
const (
	styleText = iota
	styleHead
	styleMoney
	stylePercent
	styleNumber
	styleDate
	styleTotalText
	styleTotalMoney
	styleTotalNumber
	styleTotalPercent
)

// xlsxStyles are number formats and fonts: 4 is #,##0.00, 10 is 0.00%, 14 a date.
// Source: ECMA-376, 18.8.30 (numFmt).
const xlsxStyles = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE8EDF3"/></patternFill></fill></fills>` +
	`<borders count="2"><border/><border><left/><right/><top style="thin"/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="10">` +
	`<xf/><xf fontId="1" fillId="2" applyFont="1" applyFill="1"><alignment wrapText="1" vertical="top"/></xf>` +
	`<xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="10" applyNumberFormat="1"/><xf/><xf numFmtId="14" applyNumberFormat="1"/>` +
	`<xf fontId="1" borderId="1" applyFont="1" applyBorder="1"/><xf numFmtId="4" fontId="1" borderId="1" applyNumberFormat="1" applyFont="1" applyBorder="1"/>` +
	`<xf fontId="1" borderId="1" applyFont="1" applyBorder="1"/><xf numFmtId="10" fontId="1" borderId="1" applyNumberFormat="1" applyFont="1" applyBorder="1"/>` +
	`</cellXfs></styleSheet>`

// maxCellText is the longest text of a cell, in characters. Source: Excel
// specifications and limits, support.microsoft.com.
const maxCellText = 32767

// writeXLSX writes a workbook with a sheet for each of sheets.
func writeXLSX(w io.Writer, sheets []sheet) error {
	archive := zip.NewWriter(w)
	parts := []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes(len(sheets))},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", workbookPart(sheets)},
		{"xl/_rels/workbook.xml.rels", workbookRelations(len(sheets))},
		{"xl/styles.xml", xlsxStyles},
	}
	for _, p := range parts {
		if err := writePart(archive, p.name, func(out *bufio.Writer) { out.WriteString(p.text) }); err != nil {
			return err
		}
	}
	for i := range sheets {
		if err := writePart(archive, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), sheets[i].write); err != nil {
			return err
		}
	}
	return archive.Close()
}

// writePart writes one part. It has no time, so that equal reports are equal bytes.
func writePart(archive *zip.Writer, name string, write func(*bufio.Writer)) error {
	part, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	out := bufio.NewWriterSize(part, 1<<16)
	out.WriteString(xml.Header)
	write(out)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

func contentTypes(sheets int) string {
	var b strings.Builder
	b.WriteString(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>`)
	for i := range sheets {
		fmt.Fprintf(&b, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, i+1)
	}
	b.WriteString(`</Types>`)
	return b.String()
}

func workbookPart(sheets []sheet) string {
	var b strings.Builder
	b.WriteString(`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>`)
	for i := range sheets {
		fmt.Fprintf(&b, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, xmlText(sheets[i].name), i+1, i+1)
	}
	b.WriteString(`</sheets></workbook>`)
	return b.String()
}

func workbookRelations(sheets int) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i := range sheets {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, i+1)
	}
	fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`, sheets+1)
	return b.String()
}

// write prints the sheet: a head that stays in view, the rows, the sums.
func (s *sheet) write(out *bufio.Writer) {
	out.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews><cols>`)
	for i := range s.columns {
		fmt.Fprintf(out, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, s.width(i))
	}
	out.WriteString(`</cols><sheetData><row>`)
	for _, c := range s.columns {
		writeTextCell(out, c.title, styleHead)
	}
	out.WriteString(`</row>`)
	for _, row := range s.rows {
		s.row(out, row, false)
	}
	if s.total != nil {
		s.row(out, s.total, true)
	}
	out.WriteString(`</sheetData>`)
	if len(s.rows) > 0 {
		fmt.Fprintf(out, `<autoFilter ref="A1:%s%d"/>`, columnName(len(s.columns)-1), len(s.rows)+1)
	}
	out.WriteString(`</worksheet>`)
}

// columnName is a column's letters: A, …, Z, AA.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// Widths of columns in characters.
const (
	leastWidth  = 9
	widestWidth = 60
	widthSample = 200 // rows that are looked at
)

func (s *sheet) width(column int) int {
	widest := min(len(s.columns[column].title), 16)
	for i := range min(len(s.rows), widthSample) {
		widest = max(widest, width(s.rows[i][column].print(s.columns[column].kind)))
	}
	return min(max(widest+2, leastWidth), widestWidth)
}

func (s *sheet) row(out *bufio.Writer, cells []reportCell, total bool) {
	out.WriteString(`<row>`)
	for i := range cells {
		writeXLSXCell(out, &cells[i], s.columns[i].kind, total)
	}
	out.WriteString(`</row>`)
}

// excelEpoch is day 0 of Excel's dates, so that those since March 1900 come out
// right. Source: ECMA-376, 18.17.4.1, with the leap year 1900 that never was.
func excelEpoch() time.Time { return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC) }

// writeXLSXCell writes a typed cell: amounts to the printed cent, so that sums in
// the sheet are those of the report.
func writeXLSXCell(out *bufio.Writer, c *reportCell, kind cellKind, total bool) {
	style := func(plain, bold int) int {
		if total {
			return bold
		}
		return plain
	}
	switch {
	case c.none && !(total && kind == ofText):
		fmt.Fprintf(out, `<c s="%d"/>`, style(styleText, styleTotalText))
	case kind == ofMoney, kind == ofChange:
		writeNumberCell(out, float64(c.cents)/100, style(styleMoney, styleTotalMoney))
	case kind == ofPercent:
		writeNumberCell(out, c.exact, style(stylePercent, styleTotalPercent))
	case kind == ofNumber:
		writeNumberCell(out, c.exact, style(styleNumber, styleTotalNumber))
	case kind == ofDate:
		writeNumberCell(out, c.date.Sub(excelEpoch()).Hours()/24, styleDate)
	default:
		writeTextCell(out, c.text, style(styleText, styleTotalText))
	}
}

func writeNumberCell(out *bufio.Writer, v float64, style int) {
	fmt.Fprintf(out, `<c s="%d"><v>%s</v></c>`, style, strconv.FormatFloat(v, 'f', -1, 64))
}

// writeTextCell writes a text as a text: no spreadsheet takes an inline string for a
// formula. What looks like one is marked all the same, since the sheet may be saved
// as CSV.
func writeTextCell(out *bufio.Writer, text string, style int) {
	text = inertCell(text)
	if runes := []rune(text); len(runes) > maxCellText {
		text = string(runes[:maxCellText-1]) + "…"
	}
	fmt.Fprintf(out, `<c s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, style, xmlText(text))
}

// xmlText is a text as XML has it; what XML cannot hold is U+FFFD.
func xmlText(s string) string {
	var b strings.Builder
	// Writing to a Builder does not fail.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
