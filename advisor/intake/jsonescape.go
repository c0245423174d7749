package intake

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape resolves JSON's escapes.
func (s *jsonScanner) unescape(raw []byte) (string, error) {
	out, err := s.appendUnescaped(make([]byte, 0, len(raw)), raw)
	return string(out), err
}

// appendUnescaped appends a text with its escapes resolved.
func (s *jsonScanner) appendUnescaped(out, raw []byte) ([]byte, error) {
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c < ' ':
			return out, s.errorf("a control character stands in a text")
		case c != '\\':
			next := bytes.IndexByte(raw[i:], '\\')
			if next < 0 {
				next = len(raw) - i
			}
			for _, c := range raw[i : i+next] {
				if c < ' ' {
					return out, s.errorf("a control character stands in a text")
				}
			}
			out = append(out, raw[i:i+next]...)
			i += next
			continue
		case i+1 >= len(raw):
			return out, s.errorf("an escape ends in the middle")
		}
		switch e := raw[i+1]; e {
		case '"', '\\', '/':
			out = append(out, e)
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, n := unicodeEscape(raw[i:])
			if n == 0 {
				return out, s.errorf("want four hexadecimal digits after \\u")
			}
			out = utf8.AppendRune(out, r)
			i += n
			continue
		default:
			return out, s.errorf("the escape \\%c is none of JSON's", e)
		}
		i += 2
	}
	return out, nil
}

// unicodeEscape reads \uXXXX, or a surrogate pair of them; n is the number of
// bytes read, 0 where it is no such escape.
func unicodeEscape(raw []byte) (r rune, n int) {
	hex := func(at int) (rune, bool) {
		if at+6 > len(raw) || raw[at] != '\\' || raw[at+1] != 'u' {
			return 0, false
		}
		v, err := strconv.ParseUint(string(raw[at+2:at+6]), 16, 32)
		return rune(v), err == nil
	}
	first, ok := hex(0)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(first) {
		return first, 6
	}
	if second, ok := hex(6); ok {
		if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
			return r, 12
		}
	}
	return utf8.RuneError, 6
}
