package intake

import "strings"

// The YAML library takes the first colon of "AWS::Region" for the end of a key
// where the text stands without quotes in a flow mapping ({Value: !Ref
// AWS::Region}, {Fn::Sub: x}), against the specification. CloudFormation is full
// of such texts, so the library gets them without their colons: two code points
// of the private use area stand for them, and columns stay what they are.

const (
	colons = "::"
	masked = "\uE0C0\uE0C1"
)

// maskColons replaces each "::" between letters, digits or underscores, where
// it can be nothing but a part of a text, and reports whether there may be any.
// A document that has the code points already is left alone.
func maskColons(text string) (out string, found bool) {
	if !strings.Contains(text, colons) || strings.Contains(text, masked) {
		return text, false
	}
	var b strings.Builder
	b.Grow(len(text) + len(text)/16)
	for {
		i := strings.Index(text, colons)
		if i < 0 {
			break
		}
		b.WriteString(text[:i])
		if end := i + len(colons); i > 0 && wordByte(text[i-1]) && end < len(text) && wordByte(text[end]) {
			b.WriteString(masked)
		} else {
			b.WriteString(colons)
		}
		text = text[i+len(colons):]
	}
	b.WriteString(text)
	return b.String(), true
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'
}

// unmask puts back what maskColons took from this piece.
func (r *yamlReader) unmask(text string) string {
	if !r.masked {
		return text
	}
	return strings.ReplaceAll(text, masked, colons)
}
