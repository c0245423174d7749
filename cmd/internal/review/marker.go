package review

import (
	"net/url"
	"strings"
	"time"
)

// marker is the hidden line of a comment:
//
//	[//]: <> (ecsavvy-comment, tag=prod, valid-at=2026-01-02T03:04:05Z)
//
// To CommonMark it defines a link that nothing uses, which every renderer
// leaves out; HTML comments are shown as text by some. Bitbucket does not say
// that it leaves such a definition out, so there the line comes last, where it
// would disturb least. A behaviour other than update is noted, for its
// comments are meant to stay side by side, where those of update are not.
type marker struct {
	tag      string
	validAt  time.Time
	behavior Behavior
}

const (
	markerOpen  = "[//]: <> ("
	markerClose = ")"
	markerKey   = "ecsavvy-comment"
)

// String is the marker's line.
func (m marker) String() string {
	var b strings.Builder
	b.WriteString(markerOpen + markerKey)
	if m.tag != "" {
		// Query escaping leaves letters, digits and -_.~ only: no comma,
		// bracket or equal sign of a tag can break the line's grammar.
		b.WriteString(", tag=" + url.QueryEscape(m.tag))
	}
	b.WriteString(", valid-at=" + m.validAt.UTC().Format(time.RFC3339Nano))
	if m.behavior != "" {
		b.WriteString(", behavior=" + string(m.behavior))
	}
	b.WriteString(markerClose)
	return b.String()
}

// parseMarker reads a marker's line. Keys it does not know are passed over; a
// valid-at that is no time reads as the zero time, older than any other.
func parseMarker(line string) (marker, bool) {
	line = strings.TrimSpace(line)
	inner, ok := strings.CutPrefix(line, markerOpen)
	if !ok {
		return marker{}, false
	}
	inner, ok = strings.CutSuffix(inner, markerClose)
	if !ok || strings.ContainsAny(inner, "()") {
		return marker{}, false
	}
	keys := strings.Split(inner, ",")
	if strings.TrimSpace(keys[0]) != markerKey {
		return marker{}, false
	}
	var m marker
	for _, key := range keys[1:] {
		name, value, _ := strings.Cut(strings.TrimSpace(key), "=")
		switch name {
		case "tag":
			tag, err := url.QueryUnescape(value)
			if err != nil {
				return marker{}, false
			}
			m.tag = tag
		case "valid-at":
			if t, err := time.Parse(time.RFC3339Nano, value); err == nil {
				m.validAt = t.UTC()
			}
		case "behavior":
			m.behavior = Behavior(value)
		}
	}
	return m, true
}

// split takes a comment's text apart into its marker and the body without it.
// The marker counts only on the line where this forge has it, so that a
// comment which quotes ours is not taken for ours.
func split(text string, p Profile) (marker, string, bool) {
	text = tidy(text)
	line, body, _ := strings.Cut(text, "\n")
	if p.MarkerLast {
		if at := strings.LastIndexByte(text, '\n'); at < 0 {
			line, body = text, ""
		} else {
			line, body = text[at+1:], text[:at]
		}
	}
	m, ok := parseMarker(line)
	if !ok {
		return marker{}, text, false
	}
	return m, tidy(body), true
}

// tidy brings a text to the form in which forges hand it back: line feeds
// only, valid UTF-8, no NUL, no blank edges.
func tidy(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(text, "\x00", "\uFFFD")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	return strings.Trim(text, " \t\n")
}
