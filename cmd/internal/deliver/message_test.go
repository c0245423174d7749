package deliver

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// long is a report that fits nowhere.
func long() Package {
	p := report()
	p.Markdown = strings.Repeat("| service-with-a-name | 12.34 | € |\n", 20_000)
	return p
}

func named(name string) Package {
	p := report()
	p.Title, p.Summary = "Costs of "+name, "Most: "+name
	p.Markdown = "| " + name + " | 1 |\n"
	return p
}

// sentTo is what a destination gets of a report.
func sentTo(t *testing.T, p Package, to string) (body string, r Receipt) {
	t.Helper()
	in := newInbox(t)
	o := newOutside(in, map[string]string{"HOOK": in.URL + webhookSecret})
	r = Deliver(context.Background(), o.System, p, parse(t, to), Options{})[0]
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	return in.requests[len(in.requests)-1].body, r
}

// texts are the texts of a JSON value under one key, with the types of the
// objects that hold them.
func texts(value any, found map[string][]string) {
	switch v := value.(type) {
	case map[string]any:
		if text, ok := v["text"].(string); ok {
			kind, _ := v["type"].(string)
			found[kind] = append(found[kind], text)
		}
		for _, inner := range v {
			texts(inner, found)
		}
	case []any:
		for _, inner := range v {
			texts(inner, found)
		}
	}
}

func TestHostileNamesInWebhooks(t *testing.T) {
	for to, literal := range map[string]string{"slack:env:HOOK": "text", "teams:env:HOOK": "TextRun"} {
		body, _ := sentTo(t, named(hostile), to)
		var message any
		if err := json.Unmarshal([]byte(body), &message); err != nil {
			t.Fatal(err)
		}
		found := map[string][]string{}
		texts(message, found)
		for kind, all := range found {
			for _, text := range all {
				if strings.ContainsAny(text, "\r\x1b\u202e") {
					t.Errorf("%s: control characters in %q", to, text)
				}
				// Only texts that are shown as they are may hold markup.
				if kind != literal && strings.Contains(text, "<") {
					t.Errorf("%s: markup in a text of type %q: %q", to, kind, text)
				}
			}
		}
		if !strings.Contains(strings.Join(found[literal], ""), "<!channel>") {
			t.Errorf("%s: the name is not shown as it is: %v", to, found)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, tt := range []struct {
		to    string
		bytes int
	}{{"slack:env:HOOK", 160_000}, {"teams:env:HOOK", 28_000}, {"sns:arn:aws:sns:eu-west-1:111122223333:t", 1 << 20}} {
		body, r := sentTo(t, long(), tt.to)
		if len(body) > tt.bytes || !strings.Contains(body, "shortened") || len(r.Lines) < 2 || !strings.HasPrefix(r.Lines[1], "shortened from 720000 to ") {
			t.Errorf("%s: %d bytes, %q", tt.to, len(body), r.Lines)
		}
		if strings.HasPrefix(tt.to, "sns") {
			form, err := url.ParseQuery(body)
			if got := len(form.Get("Message")); err != nil || got > 256*1024 || got < 255*1024 || !utf8.ValidString(form.Get("Message")) {
				t.Errorf("SNS: %d bytes, %v", got, err)
			}
			if got := form.Get("Subject"); got != "ECS costs, week 40 - payments" {
				t.Errorf("subject %q", got)
			}
			continue
		}
		var message any
		if err := json.Unmarshal([]byte(body), &message); err != nil {
			t.Fatal(err)
		}
		found := map[string][]string{}
		texts(message, found)
		total := 0
		for _, all := range found {
			for _, text := range all {
				n := utf8.RuneCountInString(text)
				total += n
				if n > slackText {
					t.Errorf("%s: a text of %d characters", tt.to, n)
				}
			}
		}
		if total > slackMessage || total < 15_000 && tt.to[:5] == "slack" {
			t.Errorf("%s: %d characters in all", tt.to, total)
		}
		if blocks, _ := message.(map[string]any)["blocks"].([]any); len(blocks) > slackBlocks {
			t.Errorf("%d blocks", len(blocks))
		}
	}
	p := report()
	p.Summary = strings.Repeat("x", 300_000)
	for _, to := range []string{"slack:env:HOOK", "teams:env:HOOK", "sns:arn:aws:sns:eu-west-1:111122223333:t"} {
		o := newOutside(newInbox(t), nil)
		if err := Err(Deliver(context.Background(), o.System, p, parse(t, to), Options{DryRun: true})); err == nil || !strings.Contains(err.Error(), "the summary of 300000 characters does not fit into a message of") {
			t.Errorf("%s: %v", to, err)
		}
	}
}

// opened is a mail, taken apart.
type opened struct {
	header mail.Header
	parts  []opened2
}

type opened2 struct{ name, kind, body string }

func open(t *testing.T, raw string) opened {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	o := opened{header: m.Header}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextPart() // decodes quoted-printable itself
		if err == io.EOF {
			return o
		}
		if err != nil {
			t.Fatal(err)
		}
		var body io.Reader = part
		if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			body = base64.NewDecoder(base64.StdEncoding, part)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		o.parts = append(o.parts, opened2{part.FileName(), part.Header.Get("Content-Type"), string(text)})
	}
}

func TestMail(t *testing.T) {
	to := parse(t, "mailto:Finance <a@example.com>,b@example.com?from=ecsavvy <r@example.com>")[0]
	who := to.channel.(sesChannel).envelope
	at := time.Date(2026, 10, 5, 6, 0, 0, 0, time.UTC)
	raw, _, err := who.message(named(hostile), "s3://b/k", at, sesMessage)
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.SplitSeq(string(raw), "\r\n") {
		if len(l) > 998 || strings.ContainsAny(l, "\r\n") {
			t.Errorf("a line that RFC 5322 does not allow: %q", l)
		}
	}
	m := open(t, string(raw))
	var names []string
	for name := range m.header {
		names = append(names, name)
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "Auto-Submitted Content-Type Date From Message-Id Mime-Version Subject To" {
		t.Errorf("headers %s", got)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.header.Get("Subject"))
	if err != nil || subject != line("Costs of "+hostile) {
		t.Errorf("subject %q, %v", subject, err)
	}
	if got := m.header.Get("To"); got != `"Finance" <a@example.com>, <b@example.com>` {
		t.Errorf("to %q", got)
	}
	if len(m.parts) != 3 || m.parts[1].name != "report.html" || m.parts[2].body != `{"format_version":"1"}` || m.parts[1].kind != "text/html; charset=utf-8" {
		t.Errorf("parts %q", m.parts)
	}
	if !strings.Contains(m.parts[0].body, "The whole report: s3://b/k") || strings.Contains(m.parts[0].body, "\x1b") {
		t.Errorf("text %q", m.parts[0].body)
	}
	again, _, _ := who.message(named(hostile), "s3://b/k", at, sesMessage)
	if string(again) != string(raw) {
		t.Error("equal input gives other bytes")
	}

	// What does not fit is left out, the longest first.
	p := report()
	p.Files[0].Data = []byte(strings.Repeat("x", 9000))
	raw, lines, err := who.message(p, "", at, 8000)
	if m := open(t, string(raw)); err != nil || len(raw) > 8000 || len(m.parts) != 2 || m.parts[1].name != "report.json" ||
		!strings.Contains(m.parts[0].body, "Too long for a mail: report.html. The whole report is not stored") || lines[1] != "not attached, too long: report.html" {
		t.Errorf("%d bytes, %v, %q", len(raw), err, lines)
	}
	if _, _, err := who.message(p, "", at, 500); err == nil || !strings.Contains(err.Error(), "the text alone makes a mail of") {
		t.Errorf("error %v", err)
	}

	body, _ := sentTo(t, report(), to.String())
	var sent struct {
		FromEmailAddress string
		Destination      struct{ ToAddresses []string }
		Content          struct{ Raw struct{ Data []byte } }
	}
	if err := json.Unmarshal([]byte(body), &sent); err != nil || len(sent.Destination.ToAddresses) != 2 || len(open(t, string(sent.Content.Raw.Data)).parts) != 3 {
		t.Errorf("SES got %s, %v", body, err)
	}
}

func TestFit(t *testing.T) {
	text := "one\ntwo\nthree\n"
	for limit := range 60 {
		got, ok := fit(text, "R", func(s string) bool { return len(s) <= limit })
		if ok && len(got) > limit || ok != (limit >= 14) || ok && limit >= len(text) && got != text {
			t.Errorf("limit %d: %q, %v", limit, got, ok)
		}
	}
}
