package intake

import (
	"bytes"
	"fmt"
)

// jsonScanner walks JSON in place: objects and lists are visited value by value,
// what nobody asks for is passed over without being decoded. It exists because
// a plan of a thousand services is some 20 MB, of which a price depends on a
// tenth; encoding/json takes seconds to minutes of a CI budget for what this
// reads in a hundredth. FuzzJSONScanner holds it to what encoding/json accepts.
type jsonScanner struct {
	name string
	data []byte
	pos  int
	// keyFrom and keyTo are where the key that is being visited stands.
	keyFrom, keyTo int
	// words are texts seen before, so that repeated keys share memory.
	words map[string]string
	// nodes are blocks of nodes, of which the first few are in use.
	nodes [][]node
	used  int
}

func newScanner(name string, data []byte) *jsonScanner {
	return &jsonScanner{name: name, data: data, words: make(map[string]string)}
}

// space moves to the next byte that is no white space and returns it; 0 at the end.
func (s *jsonScanner) space() byte {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// object visits the members of an object. visit must consume the value.
func (s *jsonScanner) object(visit func(key []byte) error) error {
	if s.space() != '{' {
		return s.errorf("want an object")
	}
	if s.open('}') {
		return nil
	}
	for {
		key, err := s.member()
		if err != nil {
			return err
		}
		if err := visit(key); err != nil {
			return err
		}
		if done, err := s.next('}', "an object"); done || err != nil {
			return err
		}
	}
}

// open steps into an object or a list, and out again where it is empty.
func (s *jsonScanner) open(end byte) (empty bool) {
	s.pos++
	if s.space() != end {
		return false
	}
	s.pos++
	return true
}

// next steps over what stands after a member or an item.
func (s *jsonScanner) next(end byte, of string) (done bool, err error) {
	switch s.space() {
	case ',':
		s.pos++
		return false, nil
	case end:
		s.pos++
		return true, nil
	default:
		return false, s.errorf("want a comma or the end of %s", of)
	}
}

// member reads a key with its colon.
func (s *jsonScanner) member() ([]byte, error) {
	if s.space() != '"' {
		return nil, s.errorf("want a key in quotes")
	}
	key, err := s.key()
	if err != nil {
		return nil, err
	}
	if s.space() != ':' {
		return nil, s.errorf("want a colon after a key")
	}
	s.pos++
	return key, nil
}

// key reads the key of a member.
func (s *jsonScanner) key() ([]byte, error) {
	raw, err := s.rawText()
	if err != nil {
		return nil, err
	}
	s.keyFrom, s.keyTo = s.pos-1-len(raw), s.pos-1
	for _, c := range raw {
		if c == '\\' {
			decoded, err := s.unescape(raw)
			return []byte(decoded), err
		}
		if c < ' ' {
			return nil, s.errorf("a control character stands in a key")
		}
	}
	return raw, nil
}

// list visits the items of a list. visit must consume the value.
func (s *jsonScanner) list(visit func(i int) error) error {
	if s.space() != '[' {
		return s.errorf("want a list")
	}
	if s.open(']') {
		return nil
	}
	for i := 0; ; i++ {
		if err := visit(i); err != nil {
			return err
		}
		if done, err := s.next(']', "a list"); done || err != nil {
			return err
		}
	}
}

// skip passes over a value. It checks brackets and quotes, no more: what is
// passed over has no say in the result.
func (s *jsonScanner) skip() error {
	switch s.space() {
	case 0:
		return s.errorf("the JSON ends in the middle; is the file complete?")
	case '"':
		_, err := s.rawText()
		return err
	case '{', '[':
		return s.skipNested()
	}
	if len(s.plainWord()) == 0 {
		return s.errorf("want a value")
	}
	return nil
}

// skipNested passes over an object or a list.
func (s *jsonScanner) skipNested() error {
	depth := 0
	data, pos := s.data, s.pos
	for pos < len(data) {
		switch data[pos] {
		case '"':
			s.pos = pos
			if _, err := s.rawText(); err != nil {
				return err
			}
			pos = s.pos
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				s.pos = pos + 1
				return nil
			}
		}
		pos++
	}
	s.pos = pos
	return s.errorf("the JSON ends in the middle; is the file complete?")
}

// plainWord reads what stands without quotes: a number, true, false, null.
func (s *jsonScanner) plainWord() []byte {
	start := s.pos
	for s.pos < len(s.data) && !ends(s.data[s.pos]) {
		s.pos++
	}
	return s.data[start:s.pos]
}

// ends reports whether a byte ends a number or a word.
func ends(c byte) bool {
	switch c {
	case ',', '}', ']', ' ', '\n', '\t', '\r', ':', '"', '{', '[':
		return true
	}
	return false
}

// rawText passes over a text and returns it without quotes, escapes and all.
func (s *jsonScanner) rawText() ([]byte, error) {
	start := s.pos + 1
	pos := start
	for {
		quote := bytes.IndexByte(s.data[pos:], '"')
		if quote < 0 {
			s.pos = len(s.data)
			return nil, s.errorf("the JSON ends in the middle of a text; is the file complete?")
		}
		end := pos + quote
		slashes := 0
		for end-slashes > start && s.data[end-slashes-1] == '\\' {
			slashes++
		}
		pos = end + 1
		if slashes%2 == 0 {
			s.pos = pos
			return s.data[start:end], nil
		}
	}
}

// text reads a text.
func (s *jsonScanner) text() (string, error) {
	if s.space() != '"' {
		return "", s.errorf("want a text")
	}
	raw, err := s.rawText()
	if err != nil {
		return "", err
	}
	return s.decode(raw)
}

// decode turns the inside of quotes into a text.
func (s *jsonScanner) decode(raw []byte) (string, error) {
	if bytes.IndexByte(raw, '\\') >= 0 {
		return s.unescape(raw)
	}
	for _, c := range raw {
		if c < ' ' {
			return "", s.errorf("a control character stands in a text")
		}
	}
	const short = 24
	if len(raw) > short {
		return string(raw), nil
	}
	return s.word(raw), nil
}

// word is a text that stays; short ones that come often share memory.
func (s *jsonScanner) word(key []byte) string {
	if word, ok := s.words[string(key)]; ok {
		return word
	}
	const most = 4096 // more are no repeated words
	word := string(key)
	if len(s.words) < most {
		s.words[word] = word
	}
	return word
}

// jsonNumber reports whether a text is a number by JSON's grammar.
func jsonNumber(text string) bool {
	digits := func() int {
		n := 0
		for n < len(text) && '0' <= text[n] && text[n] <= '9' {
			n++
		}
		text = text[n:]
		return n
	}
	if len(text) > 0 && text[0] == '-' {
		text = text[1:]
	}
	leadingZero := len(text) > 1 && text[0] == '0' && '0' <= text[1] && text[1] <= '9'
	if digits() == 0 || leadingZero {
		return false
	}
	if len(text) > 0 && text[0] == '.' {
		text = text[1:]
		if digits() == 0 {
			return false
		}
	}
	if len(text) > 0 && (text[0] == 'e' || text[0] == 'E') {
		text = text[1:]
		if len(text) > 0 && (text[0] == '+' || text[0] == '-') {
			text = text[1:]
		}
		if digits() == 0 {
			return false
		}
	}
	return text == ""
}

// trailing is the error of a text that goes on after its document.
func (s *jsonScanner) trailing() *Error {
	e := s.errorf("")
	e.Text = "unexpected text after the end of the document"
	if c := s.space(); c == '{' || c == '[' {
		e.Text = "a second JSON document follows the first; hand in one at a time"
	}
	return e
}

// errorf makes an error with the line and column of the position.
func (s *jsonScanner) errorf(format string, args ...any) *Error {
	before := s.data[:min(s.pos, len(s.data))]
	line := 1 + bytes.Count(before, []byte("\n"))
	col := len(before) - bytes.LastIndexByte(before, '\n')
	return &Error{File: s.name, Line: line, Col: col, Text: "not valid JSON: " + fmt.Sprintf(format, args...)}
}
