package render

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"

	"ecsavvy/advisor"
)

// The page's only style and script: no file, font or script comes from elsewhere.
var (
	//go:embed html/report.css
	pageStyle string
	//go:embed html/report.js
	pageScript string
)

// htmlPage writes a page. It escapes by itself: html/template calls methods by name,
// which keeps the linker from leaving out the methods that nobody calls, and the
// program would grow from 41 to 58 MB. text is the only way for outside text in.
type htmlPage struct{ out *bufio.Writer }

// raw writes markup of ours.
func (p htmlPage) raw(markup string) { p.out.WriteString(markup) }

// text writes a text that may come from outside.
func (p htmlPage) text(s string) { p.out.WriteString(htmlText(s)) }

// longestPageText is how many characters of a text a page shows: names in AWS are at
// most 255 long, reasons a sentence or two.
const longestPageText = 400

// htmlText is a text as HTML has it, in content and in quoted attributes alike.
func htmlText(s string) string {
	s = clean(s)
	if len(s) > longestPageText {
		if runes := []rune(s); len(runes) > longestPageText {
			s = string(runes[:longestPageText]) + "…"
		}
	}
	return html.EscapeString(s)
}

// inlineHash is the hash by which a Content-Security-Policy allows an inline script
// or style. Source: www.w3.org/TR/CSP3/#grammardef-hash-source.
func inlineHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// contentPolicy allows the page its own style and script, and no address at all.
func contentPolicy() string {
	return "default-src 'none'; style-src " + inlineHash(pageStyle) + "; script-src " + inlineHash(pageScript) + "; img-src data:; base-uri 'none'; form-action 'none'"
}

// writeReportHTML writes a report as one page.
func writeReportHTML(w io.Writer, r *advisor.Report, info ReportInfo) error {
	p := htmlPage{bufio.NewWriterSize(w, 1<<16)}
	title := info.Title + ", " + periodText(r.From, r.To)
	p.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"" + contentPolicy() + "\">\n")
	p.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<link rel=\"icon\" href=\"data:,\">\n<title>")
	p.text(title)
	p.raw("</title>\n<style>" + pageStyle + "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header>\n<h1>")
	p.text(info.Title)
	p.raw("</h1>\n<p class=\"soft\">")
	p.text(periodText(r.From, r.To) + scopesText(r))
	p.raw("</p>\n")
	tables := reportTables(r)
	p.contents(tables)
	p.raw("</header>\n<main id=\"main\" tabindex=\"-1\">\n")
	p.headline(r)
	for i := range tables {
		p.section(r, &tables[i])
	}
	p.gaps(r)
	p.raw("</main>\n<footer>\n")
	for _, line := range reportFooter(r, info) {
		p.raw("<p>")
		p.text(line)
		p.raw("</p>\n")
	}
	p.raw("</footer>\n<script>" + pageScript + "</script>\n</body>\n</html>\n")
	return p.out.Flush()
}

// namedScopes is how many regions the heading names.
const namedScopes = 6

func scopesText(r *advisor.Report) string {
	var names []string
	for i, s := range r.Scopes {
		if i == namedScopes {
			names = append(names, fmt.Sprintf("%d more", len(r.Scopes)-namedScopes))
			break
		}
		names = append(names, s.Account+" "+s.Region)
	}
	return " · " + strings.Join(names, ", ")
}

// shown reports whether a table is on the page.
func (t *reportTable) shown() bool { return len(t.rows) > 0 || t.empty != "" }

func (p htmlPage) contents(tables []reportTable) {
	p.raw("<nav aria-label=\"Sections\"><ul>")
	for i := range tables {
		if t := &tables[i]; t.shown() {
			p.raw("<li><a href=\"#" + t.id + "\">")
			p.text(t.title)
			p.raw("</a></li>")
		}
	}
	p.raw("<li><a href=\"#gaps\">What is not known</a></li></ul></nav>\n")
}

// headline is the figures and the trend.
func (p htmlPage) headline(r *advisor.Report) {
	p.raw("<dl class=\"figures\">\n")
	for _, f := range reportFigures(r) {
		class := ""
		if f.alert {
			class = " class=\"alert\""
		}
		p.raw("<div" + class + "><dt>")
		p.text(f.label)
		p.raw("</dt><dd class=\"value\">")
		p.text(f.value)
		if f.unit != "" {
			p.raw(" <span class=\"unit\">")
			p.text(f.unit)
			p.raw("</span>")
		}
		p.raw("</dd><dd class=\"remark\">")
		p.text(f.remark)
		p.raw("</dd></div>\n")
	}
	p.raw("</dl>\n")
	if len(r.Trend) > 1 {
		p.trendChart(r.Trend)
	}
}

// section is a table with its chart.
func (p htmlPage) section(r *advisor.Report, t *reportTable) {
	if !t.shown() {
		return
	}
	p.raw("<section aria-labelledby=\"" + t.id + "\">\n<h2 id=\"" + t.id + "\" tabindex=\"-1\">")
	p.text(t.title)
	p.raw("</h2>\n")
	if len(t.rows) == 0 {
		p.raw("<p>")
		p.text(t.empty)
		p.raw("</p>\n</section>\n")
		return
	}
	if t.about != "" {
		p.raw("<p class=\"about\">")
		p.text(t.about)
		p.raw("</p>\n")
	}
	switch t.id {
	case "teams", "environments", "groups":
		p.shareBars(t)
	case "change":
		p.changeWaterfall(r)
	case "plan":
		p.planWaterfall(r)
	}
	p.table(t)
	p.raw("</section>\n")
}

// openItems is how many items of a list are shown at once; longer lists are closed.
const openItems = 12

// gaps is what the report does not know.
func (p htmlPage) gaps(r *advisor.Report) {
	p.raw("<section aria-labelledby=\"gaps\">\n<h2 id=\"gaps\" tabindex=\"-1\">What is not known</h2>\n")
	sections := reportGaps(r)
	if len(sections) == 0 {
		p.raw("<p>Everything was read, priced and judged.</p>\n")
	}
	for _, s := range sections {
		open, class := "", ""
		if len(s.Items) <= openItems {
			open = " open"
		}
		if s.Alert {
			class = " class=\"alert\""
		}
		p.raw("<details" + open + "><summary" + class + ">")
		p.text(s.Title)
		p.raw(fmt.Sprintf(" (%s)</summary>\n<ul>\n", quantity(float64(len(s.Items)))))
		for _, item := range s.Items {
			p.raw("<li>")
			if item.Place != "" {
				p.raw("<b>")
				p.text(item.Place)
				p.raw("</b>: ")
			}
			p.text(item.Text)
			p.raw("</li>\n")
		}
		p.raw("</ul>\n</details>\n")
	}
	p.raw("</section>\n")
}
