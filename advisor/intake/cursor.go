package intake

import (
	"fmt"
	"strconv"

	"ecsavvy/advisor/design"
)

// cursor is a value of a document with its place, for readers that pick what
// they know out of a larger text and leave the rest alone. Where nothing stands
// it is still a cursor, so that a path of keys can be followed without asking at
// each step. Mistakes are collected.
type cursor struct {
	file, path string
	node       *node // nil where nothing stands
	errs       *Errors
	// merged says that parts of the value come from another file, whose line
	// numbers are not this one's.
	merged bool
	// fill completes a text with what it states itself about its variables;
	// nil where the format has none.
	fill func(string) filled
	// visited counts the values of all lists and mappings that were gone
	// through, which YAML's aliases can make many of; nil where there are none.
	visited *int
}

// filled is a text after its variables were replaced.
type filled struct {
	text string
	// assumed says that a default took the place of a variable; open that a
	// variable without one is left.
	assumed, open bool
}

// here reports whether anything stands here.
func (c cursor) here() bool { return c.node != nil }

// down moves to a value below.
func (c cursor) down(path string, n *node) cursor {
	if n != nil && (n.kind == nullNode || n.kind == tagNode && n.text == "!reset") {
		n = nil // Compose: "!reset" takes back what another file stated
	}
	c.path, c.node = path, n
	return c
}

// get moves to the value of a key.
func (c cursor) get(key string) cursor { return c.down(join(c.path, key), c.node.get(key)) }

// fold moves to the value of a key in any capitalisation.
func (c cursor) fold(key string) cursor {
	value, written := c.node.fold(key)
	return c.down(join(c.path, written), value)
}

// has reports whether a key is there, with or without a value.
func (c cursor) has(key string) bool { return c.node.get(key) != nil }

// entries are the values of a mapping; anything else is a mistake.
func (c cursor) entries(want string) []entry {
	if c.node == nil {
		return nil
	}
	if c.node.kind != mappingNode {
		c.wrong(want)
		return nil
	}
	if !c.visit(len(c.node.entries)) {
		return nil
	}
	return c.node.entries
}

// items are the values of a list; anything else is a mistake.
func (c cursor) items(want string) []cursor {
	if c.node == nil {
		return nil
	}
	if c.node.kind != listNode {
		c.wrong(want)
		return nil
	}
	if !c.visit(len(c.node.items)) {
		return nil
	}
	list := make([]cursor, len(c.node.items))
	for i, n := range c.node.items {
		list[i] = c.down(index(c.path, i), n)
	}
	return list
}

// visit counts values and reports whether reading may go on.
func (c cursor) visit(n int) bool {
	if c.visited == nil {
		return true
	}
	before := *c.visited
	*c.visited += n
	if before <= maxVisited && *c.visited > maxVisited {
		c.say("with its aliases the document comes to more than %d values", maxVisited)
	}
	return *c.visited <= maxVisited
}

// text is a scalar as it was written, with its defaults filled in; "" where
// nothing stands. ok is false where another tool decides it.
func (c cursor) text(want string) (text string, ok bool) {
	switch {
	case c.node == nil:
		return "", true
	case c.node.kind == tagNode:
		return c.node.text, false
	case !c.node.scalar() && c.node.kind != boolNode:
		c.wrong(want)
		return "", false
	}
	f := c.filled()
	return f.text, !f.open
}

func (c cursor) filled() filled {
	if c.fill == nil {
		return filled{text: c.node.text}
	}
	return c.fill(c.node.text)
}

// name is text for what is shown only: an image, a group.
func (c cursor) name(want string) string {
	text, _ := c.text(want)
	return text
}

// number reads a quantity. What another tool decides is unknown, not wrong.
func (c cursor) number(parse func(string) (float64, error), want string) design.Fact[float64] {
	if c.node == nil {
		return design.Fact[float64]{}
	}
	if c.node.kind == tagNode {
		return design.NotKnown[float64](fmt.Sprintf("%s is the YAML tag %s", c.path, clip(c.node.text)))
	}
	if !c.node.scalar() {
		c.wrong(want)
		return design.Fact[float64]{}
	}
	f := c.filled()
	if f.open {
		return design.NotKnown[float64](fmt.Sprintf("%s is %s, which the environment decides", c.path, clip(c.node.text)))
	}
	value, err := parse(f.text)
	switch {
	case err != nil && err.Error() != "":
		c.say("want %s, got %s: %v", want, c.node.describe(), err)
		return design.Fact[float64]{}
	case err != nil:
		c.wrong(want)
		return design.Fact[float64]{}
	case f.assumed:
		return design.Assume(value, "the default of "+clip(c.node.text))
	default:
		return design.Know(value)
	}
}

// count reads a whole number, 0 or more.
func (c cursor) count(want string) design.Fact[float64] { return c.number(parseCount, want) }

// parseCount reads a whole number, 0 or more.
func parseCount(text string) (float64, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, errPlain
	}
	return float64(n), nil
}

// errPlain is the error of a parser that has nothing to add to what is wanted.
const errPlain = plainError("")

type plainError string

func (e plainError) Error() string { return string(e) }

// flag reads true or false, also as a text; otherwise where nothing stands.
func (c cursor) flag(otherwise bool) bool {
	if c.node == nil {
		return otherwise
	}
	text, ok := c.text("true or false")
	if !ok {
		return otherwise
	}
	switch text {
	case "true", "True", "TRUE", "yes":
		return true
	case "false", "False", "FALSE", "no":
		return false
	}
	c.wrong("true or false")
	return otherwise
}

// wrong reports a value of the wrong type or form.
func (c cursor) wrong(want string) {
	got := nullNode.String()
	if c.node != nil {
		got = c.node.describe()
	}
	c.say("want %s, got %s", want, got)
}

// say reports a mistake at this place.
func (c cursor) say(format string, args ...any) {
	e := &Error{File: c.file, Path: c.path, Text: fmt.Sprintf(format, args...)}
	if c.node != nil && !c.merged {
		e.Line, e.Col = int(c.node.line), int(c.node.col)
	}
	*c.errs = append(*c.errs, e)
}
