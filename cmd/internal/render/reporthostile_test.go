package render

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"
)

// hostileName gives services names that try to get out of every format.
func hostileName(i int) string {
	names := []string{
		`<script>window.pwned=1</script>`, `"><img src=x onerror="window.pwned=1">`, `=cmd|' /C calc'!A0`, "\u202egnp.exe\u2066", strings.Repeat("long-", 2000),
		"a\x00b\x1b[31m\x07\r\n\tc", "-2+3", "@SUM(A1)", "</style></title><!--", "'; DROP TABLE x;--", "]]>&amp;&#x3c;", "\xff\xfe bad", "[a](javascript:alert(1))", "|x|\n|---|", "＝1+1", "javascript:window.pwned=1",
	}
	return names[i%len(names)] + strings.Repeat(" ", i/len(names)) + string(rune('a'+i%26))
}

func hostileReport(t testing.TB, format Format) []byte {
	t.Helper()
	r := generatedAccount{services: 24, months: 3, seed: 3, name: hostileName}.report(t)
	data, err := reportBytes(&r, ReportInfo{Title: "<b>\"Report\"</b>\u202e\x00", Snapshot: "2026-11-01"}, format)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Nothing of a name is markup: the page has the elements and attributes that we write
// and no others, and every script and style in it is ours by its hash.
func TestHostileNamesInHTML(t *testing.T) {
	page := hostileReport(t, FormatHTML)
	allowed := regexp.MustCompile(`^(html|head|meta|link|title|style|body|a|header|h[1-3]|p|nav|ul|li|main|section|dl|dt|dd|div|span|figure|figcaption|svg|desc|text|rect|line|polyline|g|table|caption|thead|tbody|tfoot|tr|th|td|details|summary|b|footer|script)$`)
	tokens := html.NewTokenizer(bytes.NewReader(page))
	inside := ""
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			if tokens.Err() != io.EOF {
				t.Fatal(tokens.Err())
			}
			break
		}
		token := tokens.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			inside = token.Data
			if !allowed.MatchString(token.Data) {
				t.Errorf("element %s", token)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || a.Key == "href" && !strings.HasPrefix(a.Val, "#") && a.Val != "data:," {
					t.Errorf("attribute %s", token)
				}
			}
		case html.TextToken:
			if inside == "script" && token.Data != pageScript && strings.TrimSpace(token.Data) != "" || inside == "style" && token.Data != pageStyle {
				t.Errorf("%s: %.80q", inside, token.Data)
			}
			for _, r := range token.Data {
				if hides(r) || r < ' ' && r != '\n' {
					t.Errorf("text %.80q has %U", token.Data, r)
				}
			}
		case html.EndTagToken:
			inside = ""
		}
	}
	if bytes.Contains(page, []byte(strings.Repeat("long-", 100))) {
		t.Error("a long name is on the page in full")
	}
}

// The policy allows what is on the page and nothing else.
func TestContentSecurityPolicy(t *testing.T) {
	page := string(hostileReport(t, FormatHTML))
	if strings.Contains(page, "unsafe-") || strings.Count(page, "<script") != 1 || strings.Count(page, "<style") != 1 {
		t.Error("the page allows more than its own script and style")
	}
	for _, want := range []string{"default-src 'none'", inlineHash(between(page, "<script>", "</script>")), inlineHash(between(page, "<style>", "</style>"))} {
		if !strings.Contains(between(page, `Content-Security-Policy" content="`, `"`), want) {
			t.Errorf("the policy lacks %s", want)
		}
	}
}

func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	inner, _, _ := strings.Cut(rest, to)
	return inner
}

// Every cell of a workbook is a number or a text that is no formula, as another
// program reads it.
func TestHostileNamesInXLSX(t *testing.T) {
	data := hostileReport(t, FormatXLSX)
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for _, name := range book.GetSheetList() {
		rows, err := book.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) < 1 {
			t.Errorf("sheet %s is empty", name)
		}
		for i, row := range rows {
			for j, text := range row {
				cell, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := book.GetCellFormula(name, cell); err != nil || formula != "" {
					t.Errorf("%s!%s is the formula %q (%v)", name, cell, formula, err)
				}
				kind, err := book.GetCellType(name, cell)
				if err != nil {
					t.Fatal(err)
				}
				if kind == excelize.CellTypeInlineString && inertCell(text) != text {
					t.Errorf("%s!%s is %.60q, which a spreadsheet executes", name, cell, text)
				}
			}
		}
	}
	checkXMLParts(t, data)
}

// checkXMLParts parses every part of a workbook as XML.
func checkXMLParts(t *testing.T, data []byte) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		decoder := xml.NewDecoder(part)
		for err == nil {
			_, err = decoder.Token()
		}
		if err != io.EOF {
			t.Errorf("%s: %v", f.Name, err)
		}
		part.Close()
	}
}

func TestHostileNamesInTexts(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(hostileReport(t, FormatCSV))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for _, cell := range []string{row[4], row[6], row[7], row[8], row[10]} {
			if inertCell(cell) != cell {
				t.Errorf("CSV cell %.60q is executed", cell)
			}
		}
	}
	var data map[string]any
	if err := json.Unmarshal(hostileReport(t, FormatJSON), &data); err != nil {
		t.Error(err)
	}
	for _, format := range []Format{FormatMarkdown, FormatTable, FormatJSON} {
		text := string(hostileReport(t, format))
		for _, r := range text {
			if hides(r) && r != '\u200b' || r < ' ' && r != '\n' {
				t.Errorf("%s has %U", format, r)
				break
			}
		}
	}
	if markdown := string(hostileReport(t, FormatMarkdown)); strings.Contains(markdown, "<") || regexp.MustCompile(`[^\\]\]\(`).MatchString(markdown) {
		t.Error("markdown has markup of a name")
	}
}
