package intake

// value reads the next value as a node.
func (s *jsonScanner) value(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, s.errorf("nested deeper than %d levels", maxDepth)
	}
	n := s.node()
	switch s.space() {
	case '{':
		n.kind = mappingNode
		return n, s.members(n, depth)
	case '[':
		n.kind = listNode
		return n, s.items(n, depth)
	case '"':
		text, err := s.text()
		n.kind, n.text = textNode, text
		return n, err
	case 0:
		return nil, s.errorf("the JSON ends in the middle; is the file complete?")
	}
	start := s.pos
	switch word := s.plainWord(); string(word) {
	case "null":
	case "true":
		n.kind, n.text = boolNode, "true"
	case "false":
		n.kind, n.text = boolNode, "false"
	default:
		n.kind, n.text = numberNode, s.word(word)
		if !jsonNumber(n.text) {
			s.pos = start
			return nil, s.errorf("want a value")
		}
	}
	return n, nil
}

// nodeBlock is how many nodes are made at a time.
const nodeBlock = 128

// node makes a node, or takes one that reuse gave back.
func (s *jsonScanner) node() *node {
	block, i := s.used/nodeBlock, s.used%nodeBlock
	if block == len(s.nodes) {
		s.nodes = append(s.nodes, make([]node, nodeBlock))
	}
	s.used++
	n := &s.nodes[block][i]
	*n = node{entries: n.entries[:0], items: n.items[:0]}
	return n
}

// reuse takes back all nodes that the scanner has made: none of them may be in
// use any more.
func (s *jsonScanner) reuse() { s.used = 0 }

// members reads an object into a node.
func (s *jsonScanner) members(n *node, depth int) error {
	if s.open('}') {
		return nil
	}
	if n.entries == nil {
		n.entries = make([]entry, 0, 4)
	}
	for {
		key, err := s.member()
		if err != nil {
			return err
		}
		name := s.word(key)
		value, err := s.value(depth + 1)
		if err != nil {
			return err
		}
		n.entries = append(n.entries, entry{key: name, value: value})
		if done, err := s.next('}', "an object"); done || err != nil {
			return err
		}
	}
}

// items reads a list into a node.
func (s *jsonScanner) items(n *node, depth int) error {
	if s.open(']') {
		return nil
	}
	for {
		item, err := s.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
		if done, err := s.next(']', "a list"); done || err != nil {
			return err
		}
	}
}
