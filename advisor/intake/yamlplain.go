package intake

import "strings"

// plainYAML reads the part of YAML that nearly every design file keeps to:
// block and flow mappings and lists of unquoted or simply quoted ASCII words on
// one line, and comments. At anything else (anchors, tags, block texts, escapes,
// texts over several lines, and every mistake) it gives up, and the YAML library
// decides: so what is YAML and what an error says is always the library's word.
// It exists because the library takes some 45 ms and 60 MB for 1,000 services,
// most of what an estimate may take as a whole. FuzzPlainYAML holds the two equal.
type plainYAML struct {
	text string
	pos  int
	// line counts from 1; begin is where the current line begins.
	line  int
	begin int
}

// maxPlainDepth is beyond any design file; deeper ones go to the library, which
// has the error for them.
const maxPlainDepth = 30

// parsePlain reads a document that begins after some lines of a larger one.
// ok is false where it is not plain.
func parsePlain(text string, linesBefore int) (n *node, ok bool) {
	p := &plainYAML{text: text, line: linesBefore + 1}
	if strings.IndexByte(text, '\r') >= 0 || !p.toContent() || p.pos >= len(p.text) {
		return nil, false
	}
	n, ok = p.block(p.column(), 0)
	if !ok || p.pos < len(p.text) {
		return nil, false
	}
	return n, true
}

// column of the next byte, from 0.
func (p *plainYAML) column() int { return p.pos - p.begin }

func (p *plainYAML) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return '\n'
}

// after is the byte after the next one.
func (p *plainYAML) after() byte {
	if p.pos+1 < len(p.text) {
		return p.text[p.pos+1]
	}
	return '\n'
}

func (p *plainYAML) at(n *node) *node {
	n.line, n.col = int32(p.line), int32(p.column()+1)
	return n
}

func (p *plainYAML) spaces() {
	for p.pos < len(p.text) && p.text[p.pos] == ' ' {
		p.pos++
	}
}

// endLine skips spaces, a comment and the end of the line; false where
// something else stands there.
func (p *plainYAML) endLine() bool {
	from := p.pos
	p.spaces()
	if p.pos < len(p.text) && p.text[p.pos] == '#' && (p.pos > from || p.pos == p.begin) {
		end := strings.IndexByte(p.text[p.pos:], '\n')
		if end < 0 {
			end = len(p.text) - p.pos
		}
		p.pos += end
	}
	if p.pos == len(p.text) {
		return true
	}
	if p.text[p.pos] != '\n' {
		return false
	}
	p.pos++
	p.line++
	p.begin = p.pos
	return true
}

// toContent goes to the first byte of the next line with content, or to the end
// of the text. It begins at the beginning of a line.
func (p *plainYAML) toContent() bool {
	for p.pos < len(p.text) {
		p.spaces()
		if c := p.peek(); c != '\n' && c != '#' {
			return c != '\t'
		}
		if c := p.peek(); c == '#' && p.pos > p.begin && p.text[p.pos-1] != ' ' {
			return false
		}
		if !p.endLine() {
			return false
		}
	}
	return true
}

// entryDash reports whether an item of a block list begins here.
func (p *plainYAML) entryDash() bool {
	return p.peek() == '-' && (p.after() == ' ' || p.after() == '\n')
}

// block reads the mapping or list that begins here, at a column.
func (p *plainYAML) block(column, depth int) (*node, bool) {
	if depth > maxPlainDepth {
		return nil, false
	}
	if p.entryDash() {
		return p.blockList(column, depth)
	}
	return p.blockMapping(column, depth)
}

func (p *plainYAML) blockMapping(column, depth int) (*node, bool) {
	n := p.at(&node{kind: mappingNode})
	for {
		e, ok := p.key()
		if !ok || p.peek() != ':' {
			return nil, false
		}
		p.pos++
		if e.value, ok = p.blockValue(column, depth, true); !ok {
			return nil, false
		}
		n.entries = append(n.entries, e)
		if p.pos == len(p.text) || p.column() < column || p.column() == column && p.entryDash() {
			return n, unique("", n) == nil
		}
		if p.column() != column {
			return nil, false
		}
	}
}

func (p *plainYAML) blockList(column, depth int) (*node, bool) {
	n := p.at(&node{kind: listNode})
	for p.pos < len(p.text) && p.column() == column && p.entryDash() {
		p.pos++
		item, ok := p.item(column, depth)
		if !ok {
			return nil, false
		}
		n.items = append(n.items, item)
	}
	return n, p.pos == len(p.text) || p.column() < column || p.column() == column && !p.entryDash()
}

// item reads what follows the dash of a list's item: a mapping that begins on
// the dash's line, or a value.
func (p *plainYAML) item(column, depth int) (*node, bool) {
	mark := *p
	p.spaces()
	inner := p.column()
	if _, ok := p.key(); ok && p.peek() == ':' && (p.after() == ' ' || p.after() == '\n') {
		*p = mark
		p.spaces()
		return p.blockMapping(inner, depth+1)
	}
	*p = mark
	return p.blockValue(column, depth, false)
}

// blockValue reads what follows a colon or a dash, up to the first byte of the
// next line with content: a value on the line, or a block further in.
func (p *plainYAML) blockValue(column, depth int, ofKey bool) (*node, bool) {
	if c := p.peek(); c != ' ' && c != '\n' {
		return nil, false
	}
	if !p.endLine() {
		p.spaces()
		n, ok := p.value(column, depth, false)
		if !ok || !p.endLine() || !p.toContent() {
			return nil, false
		}
		// Something further in would go on with the value.
		return n, p.pos == len(p.text) || p.column() <= column
	}
	if !p.toContent() || p.pos == len(p.text) {
		return nil, false
	}
	if p.column() > column || ofKey && p.column() == column && p.entryDash() {
		return p.block(p.column(), depth+1)
	}
	return nil, false // an empty value: rare, and the library's
}

// key reads an unquoted or quoted key, up to its colon.
func (p *plainYAML) key() (e entry, ok bool) {
	e.line, e.col = int32(p.line), int32(p.column()+1)
	if c := p.peek(); c == '"' || c == '\'' {
		e.key, ok = p.quoted()
		return e, ok
	}
	from := p.pos
	for p.pos < len(p.text) && keyByte(p.text[p.pos]) {
		p.pos++
	}
	e.key = p.text[from:p.pos]
	if e.key == "" || e.key[0] == '-' || e.key[0] == '.' {
		return e, false
	}
	kind, ok := wordKind(e.key)
	return e, ok && (kind == textNode || kind == numberNode)
}

func keyByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' || c == '/'
}

// quoted reads a quoted text without escapes, on one line.
func (p *plainYAML) quoted() (string, bool) {
	quote := p.text[p.pos]
	from := p.pos + 1
	for i := from; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == quote:
			p.pos = i + 1
			return p.text[from:i], p.peek() != quote
		case c < ' ' || c > '~' || c == '\\':
			return "", false
		}
	}
	return "", false
}

// value reads a value on this line, or a flow mapping or list that begins on it.
func (p *plainYAML) value(column, depth int, inFlow bool) (*node, bool) {
	n := p.at(&node{})
	switch c := p.peek(); c {
	case '{':
		return n, p.flowMapping(n, column, depth+1)
	case '[':
		return n, p.flowList(n, column, depth+1)
	case '"', '\'':
		text, ok := p.quoted()
		n.kind, n.text = textNode, text
		return n, ok
	}
	text, ok := p.word(inFlow)
	if !ok {
		return nil, false
	}
	n.kind, ok = wordKind(text)
	switch n.kind {
	case nullNode:
	case boolNode:
		n.text = strings.ToLower(text)
	default:
		n.text = text
	}
	return n, ok
}

// word reads an unquoted scalar: up to the end of the line or a comment, and in
// flow up to a comma or bracket.
func (p *plainYAML) word(inFlow bool) (string, bool) {
	from := p.pos
	if c := p.peek(); !keyByte(c) && c != '$' || c == '-' || c == '.' {
		return "", false
	}
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		if c == '\n' || inFlow && (c == ',' || c == '}' || c == ']') || c == ' ' && p.after() == '#' {
			break
		}
		switch {
		case c < ' ' || c > '~', strings.IndexByte("{}[]\"'`&*!|>%@#\\?<=", c) >= 0 && c != '%':
			return "", false
		case c == ':' && (p.after() == ' ' || p.after() == '\n' || inFlow):
			return "", false
		}
		p.pos++
	}
	text := strings.TrimRight(p.text[from:p.pos], " ")
	p.pos = from + len(text)
	return text, text != ""
}

// wordKind tells a number from a text. ok is false where only the library
// knows: octal, hexadecimal, exponents, dates.
func wordKind(text string) (kind nodeKind, ok bool) {
	switch text {
	case "null", "Null", "NULL", "~":
		return nullNode, true
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return boolNode, true
	}
	if c := text[0]; c < '0' || c > '9' {
		return textNode, true
	}
	if text[0] == '0' && len(text) > 1 && text[1] != '.' {
		return textNode, false
	}
	dots, digits := 0, true
	for i := range len(text) {
		switch c := text[i]; {
		case c == '.':
			dots++
			digits = digits && i+1 < len(text)
		case c >= '0' && c <= '9':
		case strings.IndexByte("_eE+-:", c) >= 0:
			digits = false
		default:
			return textNode, true // "20/s", "30d": no form of number has such a byte
		}
	}
	return numberNode, digits && dots <= 1
}
