package review

import (
	"slices"
	"strings"
)

// place is what a point between two lines of markdown lies in. A stretch of
// lines can be taken out between two points of the same place and leaves
// everything around it whole: both in the same code fence, the same table, or
// within the same HTML elements.
type place struct {
	// in is the innermost HTML element, each with a number of its own, and with
	// it all those around it; block is the fence or table, 0 for none.
	in, block int
	form      form
}

// form is how a notice reads at a place.
type form int

const (
	nowhere   form = iota // no cut may touch this point
	paragraph             // between blank lines
	plain                 // a line of its own: in code, in HTML without blank lines
	pipeRow               // a row of a markdown table
	htmlRow               // a row of an HTML table
	listItem              // an item of an HTML list
)

// write is a notice in its form.
func (f form) write(notice string) string {
	switch f {
	case plain:
		return notice
	case pipeRow:
		return "| " + notice + " |"
	case htmlRow:
		return `<tr><td colspan="99">` + notice + "</td></tr>"
	case listItem:
		return "<li>" + notice + "</li>"
	}
	return "\n_" + notice + "_\n"
}

// scanner walks over lines of markdown and knows the place it is at.
type scanner struct {
	fence   string // what closes the open fence: its characters; empty outside
	fenceID int
	table   int  // the number of the open table; 0 outside
	header  bool // its line of dashes is still to come
	open    []element
	named   map[string]int // how many of a name are open
	pending string         // how an unfinished tag or comment that goes on in the next line begins
	count   int
}

// element is an open HTML element.
type element struct {
	name string
	id   int
}

// places returns the place before each line and the one after the last.
func places(lines []string) []place {
	all := make([]place, 0, len(lines)+1)
	var s scanner
	for i, line := range lines {
		all = append(all, s.place())
		next := ""
		if i+1 < len(lines) {
			next = lines[i+1]
		}
		s.line(line, next)
	}
	return append(all, s.place())
}

// line takes one line in.
func (s *scanner) line(line, next string) {
	if s.fence != "" {
		if closesFence(line, s.fence) {
			s.fence = ""
		}
		return
	}
	if strings.TrimSpace(line) == "" {
		s.table, s.pending = 0, "" // a tag that a blank line breaks was none
		return
	}
	if opening := opensFence(line); opening != "" && s.pending != commentOpen {
		s.count++
		s.fence, s.fenceID, s.table, s.pending = opening, s.count, 0, ""
		return
	}
	if s.pending == "" && s.inTable(line, next) {
		return
	}
	s.html(line)
}

// inTable follows a markdown table: a header, a row of dashes, rows.
func (s *scanner) inTable(line, next string) bool {
	switch {
	case s.table > 0 && s.header:
		s.header = false
	case s.table > 0 && strings.Contains(line, "|"):
	case strings.Contains(line, "|") && isDashes(next):
		s.count++
		s.table, s.header = s.count, true
	default:
		s.table = 0
		return false
	}
	return true
}

// place is where the scanner is.
func (s *scanner) place() place {
	var in element
	if len(s.open) > 0 {
		in = s.open[len(s.open)-1]
	}
	switch {
	case s.fence != "":
		return place{in.id, s.fenceID, plain}
	case s.pending != "" || s.header:
		return place{}
	case s.table > 0:
		return place{in.id, s.table, pipeRow}
	}
	switch in.name {
	case "", "details", "div", "blockquote":
		return place{in.id, 0, paragraph}
	case "table", "thead", "tbody", "tfoot":
		return place{in.id, 0, htmlRow}
	case "ul", "ol":
		return place{in.id, 0, listItem}
	case "pre":
		return place{in.id, 0, plain}
	}
	return place{}
}

// commentOpen begins an HTML comment.
const commentOpen = "<!--"

// html follows the tags of a line.
func (s *scanner) html(line string) {
	line = s.pending + line
	s.pending = ""
	for line != "" {
		at := strings.IndexAny(line, "<`")
		if at < 0 {
			return
		}
		line = line[at:]
		switch {
		case line[0] == '`':
			line = line[spanLength(line):]
		case strings.HasPrefix(line, commentOpen):
			end := strings.Index(line, "-->")
			if end < 0 {
				s.pending = commentOpen
				return
			}
			line = line[end+len("-->"):]
		default:
			t := readTag(line)
			s.pending = t.pending
			if t.pending != "" {
				return
			}
			if t.closing {
				s.close(t.name)
			} else if t.name != "" && !t.empty {
				s.start(t.name)
			}
			line = line[t.length:]
		}
	}
}

// start opens an element.
func (s *scanner) start(name string) {
	if s.named == nil {
		s.named = map[string]int{}
	}
	s.count++
	s.named[name]++
	s.open = append(s.open, element{name, s.count})
}

// close takes an end tag: it closes its element and those left open in it.
func (s *scanner) close(name string) {
	for s.named[name] > 0 {
		last := s.open[len(s.open)-1]
		s.open = s.open[:len(s.open)-1]
		s.named[last.name]--
		if last.name == name {
			return
		}
	}
}

// spanLength is the length of the code span that a line begins with, or of
// its backticks where nothing closes them.
func spanLength(line string) int {
	ticks := len(line) - len(strings.TrimLeft(line, "`"))
	rest := line[ticks:]
	for at := 0; at < len(rest); {
		next := strings.IndexByte(rest[at:], '`')
		if next < 0 {
			break
		}
		at += next
		run := len(rest[at:]) - len(strings.TrimLeft(rest[at:], "`"))
		if run == ticks {
			return ticks + at + run
		}
		at += run
	}
	return ticks
}

// tag is an HTML tag at the start of a text.
type tag struct {
	name    string // empty where the text begins with no tag
	closing bool
	empty   bool // has no content: <br>, <x/>
	length  int
	pending string // where the tag does not end: a text that goes on like it
}

// readTag reads the tag that a text begins with.
func readTag(s string) tag {
	t := tag{length: 1}
	at := 1
	if at < len(s) && s[at] == '/' {
		t.closing = true
		at++
	}
	start := at
	for at < len(s) && (isLetter(s[at]) || at > start && (s[at] >= '0' && s[at] <= '9' || s[at] == '-')) {
		at++
	}
	if at == start || at < len(s) && !strings.ContainsRune(" \t/>", rune(s[at])) {
		return tag{length: 1}
	}
	begin := s[:at]
	t.name = strings.ToLower(s[start:at])
	quote := ""
	for ; at < len(s); at++ {
		switch c := s[at : at+1]; {
		case quote != "":
			if c == quote {
				quote = ""
			}
		case c == `"` || c == "'":
			quote = c
		case c == ">":
			t.empty = s[at-1] == '/' || slices.Contains([]string{"br", "hr", "img", "input", "wbr", "col"}, t.name)
			t.length = at + 1
			return t
		}
	}
	return tag{pending: begin + " " + quote}
}

// isLetter tells a letter of a tag's name.
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// opensFence returns the characters of the fence that a line opens.
func opensFence(line string) string {
	body := strings.TrimLeft(line, " ")
	if len(line)-len(body) > 3 || body == "" {
		return ""
	}
	mark := body[:1]
	if mark != "`" && mark != "~" {
		return ""
	}
	info := strings.TrimLeft(body, mark)
	if length := len(body) - len(info); length >= 3 && (mark == "~" || !strings.Contains(info, "`")) {
		return body[:length]
	}
	return ""
}

// closesFence tells that a line closes the fence.
func closesFence(line, fence string) bool {
	body := strings.TrimLeft(line, " ")
	if len(line)-len(body) > 3 {
		return false
	}
	body = strings.TrimRight(body, " \t")
	return len(body) >= len(fence) && strings.Trim(body, fence[:1]) == ""
}

// isDashes tells the line that makes the line before it a table's header.
func isDashes(line string) bool {
	return strings.Contains(line, "-") && strings.Contains(line, "|") && strings.Trim(line, " \t|:-") == ""
}
