package intake

import (
	"fmt"
	"strings"
)

// Most design files are plain YAML, which yamlplain.go reads; for all else there is a
// YAML library. Its time grows with the square of the keys of one block
// mapping, and its tree takes some hundred bytes for each byte of text. So a
// long document is handed to it in pieces, cut where YAML's indentation says
// that a new key begins: a line at exactly the indentation of its mapping, since
// whatever continues a value (flow, quotes, block text) stands further in.
// Time and memory then grow with the length of the document.

// pieceSize is how many bytes of a document the parser gets at a time.
const pieceSize = 8 << 10

// maxYAML bounds a document. A design of 1,000 services has some 350 KB.
const maxYAML = 16 << 20

// parseYAML reads exactly one YAML document.
func parseYAML(name string, data []byte) (*node, error) {
	return parseYAMLIn(name, data, pieceSize)
}

func parseYAMLIn(name string, data []byte, size int) (*node, error) {
	if len(data) > maxYAML {
		return nil, fail(name, "the document has %d MB; at most %d MB are read", len(data)>>20, maxYAML>>20)
	}
	if err := checkNesting(name, data); err != nil {
		return nil, err
	}
	lines := strings.SplitAfter(string(data), "\n")
	if err := oneDocument(name, lines); err != nil {
		return nil, err
	}
	c := &cutter{yamlReader: yamlReader{name: name}, size: size, lines: lines}
	return c.block(0, len(lines))
}

// oneDocument blanks the marker that may begin a document and refuses a second one.
func oneDocument(name string, lines []string) error {
	begun := false
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "---"):
			if begun {
				return &Error{File: name, Line: i + 1, Col: 1, Text: "a second YAML document begins here; hand in one at a time"}
			}
			begun = true
			lines[i] = "   " + line[3:]
		case strings.HasPrefix(line, "%"):
			return &Error{File: name, Line: i + 1, Col: 1, Text: "YAML directives (%…) are not used here"}
		case !begun && !blank(line):
			begun = true
		}
	}
	return nil
}

// checkNesting refuses brackets nested so deeply that a recursive parser would
// run out of stack. Brackets inside of texts count too, which no real document
// comes near.
func checkNesting(name string, data []byte) error {
	const most = 1000
	depth, line, tags, dashes := 0, 1, 0, 0
	for _, c := range data {
		switch c {
		case '\n':
			line++
			dashes = 0
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		case '!', '&', '?':
			tags++
		case '-':
			dashes++
		}
		if depth > most || tags > 100*most || dashes > 100*most {
			return &Error{File: name, Line: line, Col: 1, Text: fmt.Sprintf("nested deeper than %d levels", maxDepth)}
		}
	}
	return nil
}

// blank reports whether a line is empty or only a comment.
func blank(line string) bool {
	line = strings.TrimLeft(line, " \t\r\n")
	return line == "" || line[0] == '#'
}

// indentOf counts leading spaces.
func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// cutter reads a document piece by piece.
type cutter struct {
	yamlReader
	size  int
	lines []string
}

// block reads the lines [from, to), which hold one value.
func (c *cutter) block(from, to int) (*node, error) {
	first := from
	for first < to && blank(c.lines[first]) {
		first++
	}
	if first == to || c.bytes(from, to) <= c.size {
		return c.piece(from, to)
	}
	indent := indentOf(c.lines[first])
	if !c.startsKey(first, indent) || c.indivisible(first, to, indent) {
		return c.piece(from, to)
	}
	n := &node{kind: mappingNode, line: int32(first + 1), col: int32(indent + 1)}
	for at := first; at < to; {
		next, err := c.children(n, at, to, indent)
		if err != nil {
			return nil, err
		}
		at = next
	}
	return n, unique(c.name, n)
}

// children reads as many keys of a mapping as fit into one piece, at least
// one, and returns the line after them.
func (c *cutter) children(n *node, at, to, indent int) (next int, err error) {
	end, err := c.keyEnd(at, to, indent)
	if err != nil {
		return 0, err
	}
	if c.bytes(at, end) > c.size {
		if key, ok := bareKey(c.lines[at]); ok {
			value, err := c.block(at+1, end)
			if err != nil {
				return 0, err
			}
			n.entries = append(n.entries, entry{key: key, line: int32(at + 1), col: int32(indent + 1), value: value})
			return end, nil
		}
	}
	for end < to {
		more, err := c.keyEnd(end, to, indent)
		if err != nil {
			return 0, err
		}
		if c.bytes(at, more) > c.size {
			break
		}
		end = more
	}
	part, err := c.piece(at, end)
	if err != nil {
		return 0, err
	}
	if part.kind != mappingNode {
		return 0, &Error{File: c.name, Line: at + 1, Col: indent + 1, Text: "want a key with a value here, got " + part.describe()}
	}
	n.entries = append(n.entries, part.entries...)
	return end, nil
}

// keyEnd returns the line after the key that begins at line at.
func (c *cutter) keyEnd(at, to, indent int) (int, error) {
	for i := at + 1; i < to; i++ {
		line := c.lines[i]
		if blank(line) {
			continue
		}
		if in := indentOf(line); in < indent && !closes(line) {
			return 0, &Error{File: c.name, Line: i + 1, Col: in + 1, Text: "this line stands further left than the keys before it and further right than those around them"}
		}
		if c.startsKey(i, indent) {
			return i, nil
		}
	}
	return to, nil
}

// startsKey reports whether a line begins a key of a mapping at an indentation.
func (c *cutter) startsKey(i, indent int) bool {
	line := c.lines[i]
	if blank(line) || indentOf(line) != indent {
		return false
	}
	rest := line[indent:]
	return !closes(line) && rest[0] != '-' && rest[0] != '\t' && rest[0] != '{' && rest[0] != '['
}

// indivisible reports whether a mapping has a key that is only understood
// beside its siblings: a merge, or a key announced by a question mark.
func (c *cutter) indivisible(from, to, indent int) bool {
	for i := from; i < to; i++ {
		if rest := strings.TrimLeft(c.lines[i], " "); indentOf(c.lines[i]) == indent && (strings.HasPrefix(rest, "<<") || strings.HasPrefix(rest, "?")) {
			return true
		}
	}
	return false
}

// closes reports whether a line begins with the end of a flow mapping or list.
// Strictly it must be indented, and the parser is lenient about it.
func closes(line string) bool {
	line = strings.TrimLeft(line, " ")
	return line != "" && (line[0] == '}' || line[0] == ']')
}

// bareKey reads a line that is nothing but an unquoted key.
func bareKey(line string) (string, bool) {
	line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
	key, ok := strings.CutSuffix(strings.TrimRight(line, " "), ":")
	if !ok || key == "" {
		return "", false
	}
	for _, c := range []byte(key) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-', c == '.', c == '/':
		default:
			return "", false
		}
	}
	return key, true
}

func (c *cutter) bytes(from, to int) int {
	n := 0
	for _, line := range c.lines[from:to] {
		n += len(line)
		if n > c.size {
			break
		}
	}
	return n
}

// piece hands lines to the parser.
func (c *cutter) piece(from, to int) (*node, error) {
	c.line = from
	text := strings.Join(c.lines[from:to], "")
	if n, ok := parsePlain(text, from); ok {
		return n, nil
	}
	return c.parse(text)
}
