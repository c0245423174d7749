package deliver

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
	"time"
)

// envelope is who a mail is from, and to whom.
type envelope struct {
	from *mail.Address
	to   []*mail.Address
}

// maxRecipients is what SES takes in one message.
// Source: docs.aws.amazon.com/ses/latest/dg/quotas.html.
const maxRecipients = 50

func newEnvelope(from, to string) (envelope, error) {
	sender, err := mail.ParseAddress(from)
	if err != nil || line(from) != from {
		return envelope{}, fmt.Errorf("the sender %q: want from=ADDRESS", from)
	}
	list, err := mail.ParseAddressList(to)
	if err != nil || line(to) != to {
		return envelope{}, fmt.Errorf("the recipients %q: want addresses, with commas between them", to)
	}
	if len(list) > maxRecipients {
		return envelope{}, fmt.Errorf("%d recipients, more than %d: use a list", len(list), maxRecipients)
	}
	return envelope{from: sender, to: list}, nil
}

// addresses are the bare addresses of the recipients.
func (e envelope) addresses() []string {
	var all []string
	for _, a := range e.to {
		all = append(all, a.Address)
	}
	return all
}

// message is a mail with the files of a report attached, at most limit bytes
// long; what does not fit is left out, the longest first, and the text says so.
// Equal input gives equal bytes.
func (e envelope) message(p Package, where string, at time.Time, limit int) (raw []byte, lines []string, err error) {
	files := slices.Clone(p.Files)
	var left []string
	for {
		raw = e.compose(p, where, at, files, left)
		if len(raw) <= limit {
			break
		}
		if len(files) == 0 {
			return nil, nil, fmt.Errorf("the text alone makes a mail of %d bytes, more than %d", len(raw), limit)
		}
		longest := 0
		for i, f := range files {
			if len(f.Data) > len(files[longest].Data) {
				longest = i
			}
		}
		left = append(left, files[longest].Name)
		files = slices.Delete(files, longest, longest+1)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	lines = []string{fmt.Sprintf("mail of %d bytes from %s to %s, attached: %s", len(raw), e.from.Address, strings.Join(e.addresses(), ", "), strings.Join(names, " "))}
	if len(left) > 0 {
		lines = append(lines, "not attached, too long: "+strings.Join(left, " "))
	}
	return raw, lines, nil
}

func (e envelope) compose(p Package, where string, at time.Time, files []File, left []string) []byte {
	text := strings.TrimSpace(plain(p.Summary)) + "\n\n"
	if len(left) > 0 {
		text += "Too long for a mail: " + strings.Join(left, ", ") + ". " + pointer(where) + "\n\n"
	} else if where != "" {
		text += pointer(where) + "\n\n"
	}
	text += plain(p.Markdown)

	// The boundary comes from the content, so no content can hold it.
	sum := sha256.New()
	for _, part := range append([][]byte{[]byte(p.Name), []byte(p.Period), []byte(text)}, datas(files)...) {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	id := hex.EncodeToString(sum.Sum(nil))[:40]

	var out bytes.Buffer
	var to []string
	for _, a := range e.to {
		to = append(to, a.String())
	}
	_, domain, _ := strings.Cut(e.from.Address, "@")
	for _, h := range [][2]string{
		{"From", e.from.String()},
		{"To", strings.Join(to, ",\r\n ")},
		{"Subject", mime.QEncoding.Encode("utf-8", atMost(line(p.Title), 200))},
		{"Date", at.Format(time.RFC1123Z)},
		{"Message-ID", "<" + id + "@" + domain + ">"},
		{"Auto-Submitted", "auto-generated"}, // RFC 3834: no holiday replies
		{"MIME-Version", "1.0"},
		{"Content-Type", `multipart/mixed; boundary="` + id + `"`},
	} {
		fmt.Fprintf(&out, "%s: %s\r\n", h[0], h[1])
	}
	out.WriteString("\r\n")
	parts := multipart.NewWriter(&out)
	if err := parts.SetBoundary(id); err != nil {
		panic(fmt.Sprintf("deliver: %v", err)) // 40 hexadecimal digits are a boundary
	}
	add := func(header textproto.MIMEHeader, write func(w *bytes.Buffer)) {
		part, err := parts.CreatePart(header)
		if err == nil {
			var body bytes.Buffer
			write(&body)
			_, err = part.Write(body.Bytes())
		}
		if err != nil {
			panic(fmt.Sprintf("deliver: writing to memory: %v", err)) // cannot be
		}
	}
	add(textproto.MIMEHeader{
		"Content-Type": {"text/plain; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"},
	}, func(w *bytes.Buffer) {
		q := quotedprintable.NewWriter(w)
		_, _ = q.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
		_ = q.Close()
	})
	for _, f := range files {
		kind, params, err := mime.ParseMediaType(f.MediaType)
		if err != nil {
			kind, params = "application/octet-stream", nil
		}
		add(textproto.MIMEHeader{
			"Content-Type": {mime.FormatMediaType(kind, params)}, "Content-Transfer-Encoding": {"base64"},
			"Content-Disposition": {mime.FormatMediaType("attachment", map[string]string{"filename": f.Name})},
		}, func(w *bytes.Buffer) { wrapped(w, f.Data) })
	}
	_ = parts.Close()
	return out.Bytes()
}

func datas(files []File) [][]byte {
	var all [][]byte
	for _, f := range files {
		all = append(all, f.Data)
	}
	return all
}

// wrapped writes base64 in the lines of 76 characters that RFC 2045 asks for.
func wrapped(w *bytes.Buffer, data []byte) {
	const bytesPerLine = 57
	for chunk := range slices.Chunk(data, bytesPerLine) {
		w.WriteString(base64.StdEncoding.EncodeToString(chunk))
		w.WriteString("\r\n")
	}
}

// errNoSender is what a mail without a sender is refused with.
var errNoSender = errors.New("the sender is missing: want from=ADDRESS behind '?'")
