package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// writeJSON prints data indented. Characters that reorder or hide text on a
// screen are escaped: the value stays, the trick does not.
func writeJSON(w io.Writer, data any) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(data); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	_, err := w.Write(escapeHidden(buf.Bytes()))
	return err
}

// escapeHidden writes control and format characters beyond ASCII as \uXXXX.
// They stand in strings only, where the two forms mean the same.
func escapeHidden(in []byte) []byte {
	if isPlainJSON(in) {
		return in
	}
	out := make([]byte, 0, len(in)+64)
	for i := 0; i < len(in); {
		r, size := utf8.DecodeRune(in[i:])
		if r >= 0x7f && (hides(r) || unicode.IsControl(r)) {
			out = appendEscaped(out, r)
		} else {
			out = append(out, in[i:i+size]...)
		}
		i += size
	}
	return out
}

// appendEscaped appends a character in JSON's UTF-16 form.
func appendEscaped(out []byte, r rune) []byte {
	if r > 0xffff {
		r -= 0x10000
		return fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
	}
	return fmt.Appendf(out, `\u%04x`, r)
}

// isPlainJSON reports whether there is nothing beyond printable ASCII and line
// breaks, so that nothing has to be looked at twice.
func isPlainJSON(in []byte) bool {
	for _, c := range in {
		if c >= 0x7f {
			return false
		}
	}
	return true
}
