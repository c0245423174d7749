package intake

import "strings"

// flowSpace skips what may stand between the parts of a flow value: spaces,
// ends of lines, comments. What goes on on another line must stand further in
// than the block around it.
func (p *plainYAML) flowSpace(column int) bool {
	for {
		p.spaces()
		if p.pos == len(p.text) {
			return false
		}
		if c := p.text[p.pos]; c != '\n' && c != '#' {
			return c != '\t' && (p.column() > column || p.text[p.begin:p.pos] != strings.Repeat(" ", p.column()))
		}
		if p.text[p.pos] == '#' && p.pos > p.begin && p.text[p.pos-1] != ' ' {
			return false
		}
		if !p.endLine() {
			return false
		}
	}
}

func (p *plainYAML) flowMapping(n *node, column, depth int) bool {
	n.kind = mappingNode
	p.pos++
	if depth > maxPlainDepth || !p.flowSpace(column) {
		return false
	}
	if p.peek() == '}' {
		p.pos++
		return true
	}
	for {
		e, ok := p.key()
		if !ok || p.peek() != ':' || p.after() != ' ' {
			return false
		}
		p.pos++
		line := p.line
		if !p.flowSpace(column) || p.line != line {
			return false
		}
		if e.value, ok = p.value(column, depth, true); !ok || !p.flowSpace(column) {
			return false
		}
		n.entries = append(n.entries, e)
		switch p.peek() {
		case '}':
			p.pos++
			return unique("", n) == nil
		case ',':
			p.pos++
			if !p.flowSpace(column) {
				return false
			}
		default:
			return false
		}
	}
}

func (p *plainYAML) flowList(n *node, column, depth int) bool {
	n.kind = listNode
	p.pos++
	if depth > maxPlainDepth || !p.flowSpace(column) {
		return false
	}
	if p.peek() == ']' {
		p.pos++
		return true
	}
	for {
		item, ok := p.value(column, depth, true)
		if !ok || !p.flowSpace(column) {
			return false
		}
		n.items = append(n.items, item)
		switch p.peek() {
		case ']':
			p.pos++
			return true
		case ',':
			p.pos++
			if !p.flowSpace(column) {
				return false
			}
		default:
			return false
		}
	}
}
