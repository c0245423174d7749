package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// writeJSON prints data indented by two blanks. Characters that reorder or
// hide text on a screen are escaped: the value stays, the trick does not.
func writeJSON(w io.Writer, data any) error {
	var compact bytes.Buffer
	enc := json.NewEncoder(&compact)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(data); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	if buffer, ok := w.(interface{ Grow(n int) }); ok {
		buffer.Grow(2 * compact.Len()) // indented it takes about twice the room
	}
	out := bufio.NewWriterSize(w, 1<<16)
	layOut(out, bytes.TrimSuffix(compact.Bytes(), []byte("\n")))
	out.WriteByte('\n')
	return out.Flush()
}

// layOut indents compact JSON, as json.Indent would, and escapes what hides.
// It trusts its input, which the encoder has just made, and so takes one pass
// where json.Indent validates every byte again.
func layOut(out *bufio.Writer, in []byte) {
	depth := 0
	newline := func() {
		out.WriteByte('\n')
		for range depth {
			out.WriteString("  ")
		}
	}
	for i := 0; i < len(in); i++ {
		switch c := in[i]; c {
		case '"':
			end := stringEnd(in, i)
			writeString(out, in[i:end])
			i = end - 1
		case '{', '[':
			out.WriteByte(c)
			if closing := in[i+1]; closing == '}' || closing == ']' {
				out.WriteByte(closing)
				i++
				continue
			}
			depth++
			newline()
		case '}', ']':
			depth--
			newline()
			out.WriteByte(c)
		case ',':
			out.WriteByte(c)
			newline()
		case ':':
			out.WriteString(": ")
		default:
			out.WriteByte(c)
		}
	}
}

// stringEnd is where the string that begins at start ends, quotes included.
func stringEnd(in []byte, start int) int {
	for i := start + 1; ; i++ {
		switch in[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

// writeString prints a string token with control and format characters beyond
// ASCII as \uXXXX, which means the same.
func writeString(out *bufio.Writer, token []byte) {
	done := 0
	for i := 0; i < len(token); {
		if token[i] < 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRune(token[i:])
		if hides(r) || unicode.IsControl(r) {
			out.Write(token[done:i])
			writeEscaped(out, r)
			done = i + size
		}
		i += size
	}
	out.Write(token[done:])
}

// writeEscaped prints a character in JSON's UTF-16 form.
func writeEscaped(out *bufio.Writer, r rune) {
	if r > 0xffff {
		r -= 0x10000
		fmt.Fprintf(out, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		return
	}
	fmt.Fprintf(out, `\u%04x`, r)
}
