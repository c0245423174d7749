package deliver

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Destination is where a report goes. The zero value is none; Parse makes one.
type Destination struct {
	text    string // as it was given; holds no secret
	kind    Kind
	channel channel
}

// Kind is the kind of a destination, as it is written.
type Kind string

const (
	Stdout Kind = "-"
	Path   Kind = "file"
	S3     Kind = "s3"
	SNS    Kind = "sns"
	Slack  Kind = "slack"
	Teams  Kind = "teams"
	Mail   Kind = "mailto"
	SMTP   Kind = "smtp"
)

// String is the destination as it was given.
func (d Destination) String() string { return d.text }

// Kind is what the destination is.
func (d Destination) Kind() Kind { return d.kind }

// stores reports whether the report can be found there later.
func (d Destination) stores() bool { return d.kind == Path || d.kind == S3 }

// wanted is what an unknown destination is answered with.
const wanted = "want a path, -, s3://bucket/prefix, sns:TOPIC-ARN, slack:REFERENCE, teams:REFERENCE, mailto:ADDRESSES?from=ADDRESS or smtp://HOST:PORT?from=…&to=…"

// Parse reads one destination. Errors never repeat what may be a secret.
func Parse(text string) (Destination, error) {
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return Destination{}, errors.New("a destination has a control character: " + wanted)
	}
	scheme, rest, found := strings.Cut(text, ":")
	d := Destination{text: text, kind: Kind(scheme)}
	var err error
	switch {
	case text == "":
		return d, errors.New("an empty destination: " + wanted)
	case text == "-":
		d.kind, d.channel = Stdout, stdoutChannel{}
	case !found || !schemeLike(scheme):
		d.kind, d.channel = Path, pathChannel{text}
	case d.kind == Path:
		if strings.HasPrefix(rest, "//") && !strings.HasPrefix(rest, "///") {
			return d, errors.New("a file: destination: want file:PATH or file:///PATH")
		}
		d.channel = pathChannel{strings.TrimPrefix(rest, "//")}
		if rest == "" {
			err = errors.New("a file: destination: the path is missing")
		}
	case d.kind == S3:
		d.channel, err = parseS3(rest)
	case d.kind == SNS:
		d.channel, err = parseSNS(rest)
	case d.kind == Slack || d.kind == Teams:
		var ref Reference
		ref, err = ParseReference(rest)
		d.channel = slackChannel{ref}
		if d.kind == Teams {
			d.channel = teamsChannel{ref}
		}
	case d.kind == Mail:
		d.channel, err = parseMail(rest)
	case d.kind == SMTP:
		d.channel, err = parseSMTP(rest)
	default:
		return Destination{}, fmt.Errorf("the destination's scheme %q is not known: %s", scheme+":", wanted)
	}
	if err != nil {
		return Destination{}, fmt.Errorf("the %s destination: %w", d.kind, err)
	}
	return d, nil
}

// schemeLike reports whether what stands before a colon is a scheme, and not
// a drive letter or a part of a path.
func schemeLike(s string) bool {
	if len(s) < 2 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '+' && r != '-'
	})
}

// settings reads what stands behind "?". A plus sign is a plus sign: it stands
// in addresses.
func settings(text string, allowed ...string) (map[string]string, error) {
	values := map[string]string{}
	if text == "" {
		return values, nil
	}
	for pair := range strings.SplitSeq(text, "&") {
		name, value, ok := strings.Cut(pair, "=")
		value, err := url.PathUnescape(value)
		switch {
		case !slices.Contains(allowed, name):
			return nil, fmt.Errorf("a setting behind '?' is not known: want one of %s", strings.Join(allowed, ", "))
		case !ok || value == "" || err != nil || line(value) != value:
			return nil, fmt.Errorf("the setting %q: want %s=VALUE, with %%XX for what is not plain", name, name)
		case values[name] != "":
			return nil, fmt.Errorf("the setting %q stands twice", name)
		}
		values[name] = value
	}
	return values, nil
}
