package deliver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"
)

// webhookSecret is what must never be seen anywhere but at the server.
const webhookSecret = "/services/T0TOPSECRET/B0TOPSECRET/XtopSECRETx"

// hostile is a name that tries to break out of every format.
const hostile = "<!channel> <@U123> *b* [x](https://evil.example) ```\n\r\nBcc: evil@example.com\r\n\x1b[31m\u202eexe\u202c {{DATE(2026-01-01,SHORT)}} </script>"

func report() Package {
	return Package{
		Name: "weekly", Period: "2026-W40", Title: "ECS costs, week 40 – payments",
		Summary:  "1,234.56 USD a month, +2.1 %.\n3 recommendations save 120 USD.",
		Markdown: "# ECS costs\n\n| Service | USD |\n|---|---|\n| api | 12.00 |\n",
		Files: []File{
			{Name: "report.html", MediaType: "text/html; charset=utf-8", Data: []byte("<!doctype html>")},
			{Name: "report.json", MediaType: "application/json", Data: []byte(`{"format_version":"1"}`)},
		},
	}
}

// inbox is a server for all that goes by HTTP: webhooks and AWS.
type inbox struct {
	*httptest.Server
	mutex    sync.Mutex
	requests []request
	answers  []answer // of the next requests; then 200
	objects  map[string]string
}

type request struct {
	method, path, body string
	header             http.Header
}

type answer struct {
	code        int
	body, after string
}

func newInbox(t *testing.T) *inbox {
	t.Helper()
	in := &inbox{objects: map[string]string{}}
	in.Server = httptest.NewServer(in)
	t.Cleanup(in.Close)
	return in
}

func (in *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	in.mutex.Lock()
	defer in.mutex.Unlock()
	in.requests = append(in.requests, request{r.Method, r.URL.Path, string(body), r.Header})
	if len(in.answers) > 0 {
		a := in.answers[0]
		in.answers = in.answers[1:]
		if a.after != "" {
			w.Header().Set("Retry-After", a.after)
		}
		w.WriteHeader(a.code)
		fmt.Fprint(w, a.body)
		return
	}
	target := r.Header.Get("X-Amz-Target")
	switch {
	case strings.HasPrefix(r.URL.Path, "/services/"):
		fmt.Fprint(w, "ok")
	case strings.HasSuffix(target, "GetParameter"):
		fmt.Fprintf(w, `{"Parameter":{"Name":"/x","Value":%q}}`, in.URL+webhookSecret+"\n")
	case strings.HasSuffix(target, "GetSecretValue"):
		object, _ := json.Marshal(map[string]string{"url": in.URL + webhookSecret})
		_ = json.NewEncoder(w).Encode(map[string]string{"SecretString": string(object)})
	case r.Header.Get("X-Amz-Query-Mode") == "true" || strings.Contains(string(body), "Action=Publish"):
		fmt.Fprint(w, `<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`)
	case strings.HasPrefix(r.URL.Path, "/v2/email/"):
		fmt.Fprint(w, `{"MessageId":"1"}`)
	default:
		in.bucket(w, r, string(body))
	}
}

// bucket is as much of S3 as delivery uses.
func (in *inbox) bucket(w http.ResponseWriter, r *http.Request, body string) {
	_, there := in.objects[r.URL.Path]
	switch {
	case r.Method == http.MethodHead && !there:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodPut && there && r.Header.Get("If-None-Match") == "*":
		w.WriteHeader(http.StatusPreconditionFailed)
		fmt.Fprint(w, `<Error><Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message></Error>`)
	case r.Method == http.MethodPut:
		in.objects[r.URL.Path] = body
	}
}

// outside is a system whose network is the inbox.
type outside struct {
	System
	printed bytes.Buffer
	pauses  []time.Duration
}

func newOutside(in *inbox, env map[string]string) *outside {
	o := &outside{}
	o.System = System{
		Stdout: &o.printed,
		Env:    func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		AWS: func(context.Context) (aws.Config, error) {
			return aws.Config{
				Region: "eu-west-1", BaseEndpoint: aws.String(in.URL), RetryMaxAttempts: 1,
				Credentials: credentials.NewStaticCredentialsProvider("key", "none", ""),
			}, nil
		},
		HTTP: in.Client(),
		Now:  func() time.Time { return time.Date(2026, 10, 5, 6, 0, 0, 0, time.UTC) },
		Sleep: func(_ context.Context, d time.Duration) error {
			o.pauses = append(o.pauses, d)
			return nil
		},
	}
	return o
}

func parse(t *testing.T, texts ...string) []Destination {
	t.Helper()
	var all []Destination
	for _, text := range texts {
		d, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

// everywhere is one destination of each kind that goes by HTTP or to a file.
func everywhere(t *testing.T, dir string) []Destination {
	return parse(t, "slack:env:HOOK", "teams:ssm:/ecsavvy/teams", "slack:secretsmanager:hooks#url", "-",
		"sns:arn:aws:sns:eu-west-1:111122223333:finops", "mailto:a@example.com?from=r@example.com", dir+"/", "s3://bucket/costs?sse=AES256")
}

func states(receipts []Receipt) string {
	var all []string
	for _, r := range receipts {
		all = append(all, string(r.State))
	}
	return strings.Join(all, ", ")
}

func TestEveryDestinationOnce(t *testing.T) {
	in, dir := newInbox(t), t.TempDir()
	o := newOutside(in, map[string]string{"HOOK": in.URL + webhookSecret})
	to, ledger := everywhere(t, dir), NewFileLedger(filepath.Join(dir, "state", "ledger"))
	ctx := context.Background()

	// A dry run shows all, and asks and sends nothing.
	dry := Deliver(ctx, o.System, report(), to, Options{Ledger: ledger, DryRun: true})
	if got := states(dry); strings.ReplaceAll(got, "planned, ", "") != "planned" || len(in.requests) > 0 || o.printed.Len() > 0 {
		t.Errorf("dry run: %s, %d requests, printed %q; %v", got, len(in.requests), o.printed.String(), Err(dry))
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("the dry run wrote %v", entries)
	}

	first := Deliver(ctx, o.System, report(), to, Options{Ledger: ledger})
	if err := Err(first); err != nil {
		t.Fatal(err)
	}
	for i := range dry {
		if to[i].Kind() != S3 && to[i].Kind() != Slack { // env: says (set) in both
			if diff := cmp.Diff(dry[i].Lines, first[i].Lines); diff != "" {
				t.Errorf("%s: what was planned is not what was sent:\n%s", to[i], diff)
			}
		}
	}
	if got, want := o.printed.String(), report().Markdown; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
	if got := in.objects["/bucket/costs/weekly/2026-W40/report.html"]; got != "<!doctype html>" {
		t.Errorf("S3 has %q of %v", got, in.objects)
	}
	messages := func() int {
		n := 0
		for _, r := range in.requests {
			if strings.HasPrefix(r.path, "/services/") || strings.Contains(r.body, "Publish") || strings.HasPrefix(r.path, "/v2/email/") {
				n++
			}
		}
		return n
	}
	if messages() != 5 {
		t.Fatalf("%d messages, want 5", messages())
	}
	// Messages point to what was stored before them.
	for _, r := range in.requests {
		if strings.HasPrefix(r.path, "/services/") && !strings.Contains(r.body, "The whole report: "+dir+"/weekly/2026-W40/report.html") {
			t.Errorf("a message does not say where the report is: %s", r.body)
		}
	}

	second := Deliver(ctx, o.System, report(), to, Options{Ledger: ledger})
	if err := Err(second); err != nil || messages() != 5 {
		t.Errorf("the second run sent %d messages more: %v", messages()-5, err)
	}
	if got, want := states(second), "delivered before, delivered before, delivered before, sent, delivered before, delivered before, sent, sent"; got != want {
		t.Errorf("second run: %s, want %s", got, want)
	}
	if got := second[7].Lines[2]; got != "2 of 2 files were there from an earlier run of this period and stay as they are" {
		t.Errorf("S3 says %q", got)
	}
	again := Deliver(ctx, o.System, report(), to, Options{Ledger: ledger, Again: true})
	if err := Err(again); err != nil || messages() != 10 || len(again[7].Lines) != 2 {
		t.Errorf("--again: %d messages, %v, S3 %q", messages(), err, again[7].Lines)
	}
	next := report()
	next.Period = "2026-W41"
	if err := Err(Deliver(ctx, o.System, next, to, Options{Ledger: ledger})); err != nil || messages() != 15 {
		t.Errorf("the next period: %d messages, %v", messages(), err)
	}
	seen := fmt.Sprint(dry, first, second, again, o.printed.String())
	for _, name := range []string{"state/ledger", "weekly/2026-W40/report.html", "weekly/2026-W40/report.json"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		seen += string(data)
	}
	if strings.Contains(seen, "SECRET") {
		t.Errorf("a secret is seen: %s", seen)
	}
}

func TestS3Request(t *testing.T) {
	in := newInbox(t)
	o := newOutside(in, nil)
	in.answers = []answer{{code: 409, body: `<Error><Code>ConditionalRequestConflict</Code></Error>`}}
	receipts := Deliver(context.Background(), o.System, report(), parse(t, "s3://bucket/a?sse=aws:kms&kms-key=alias/x"), Options{})
	if err := Err(receipts); err != nil {
		t.Fatal(err)
	}
	h := in.requests[1].header
	got := []string{h.Get("Content-Type"), h.Get("If-None-Match"), h.Get("X-Amz-Server-Side-Encryption"), h.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id")}
	if diff := cmp.Diff([]string{"text/html; charset=utf-8", "*", "aws:kms", "alias/x"}, got); diff != "" || len(o.pauses) != 1 {
		t.Errorf("pauses %v\n%s", o.pauses, diff)
	}
}

func TestLedgers(t *testing.T) {
	in := newInbox(t)
	inS3, err := NewS3Ledger(newOutside(in, nil).System, "s3://bucket/state")
	if err != nil {
		t.Fatal(err)
	}
	torn := filepath.Join(t.TempDir(), "torn")
	if err := os.WriteFile(torn, []byte("weekly/2026-W39/slack:env:A\nweekly/2026-W40/sl"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, ledger := range map[string]Ledger{"file": NewFileLedger(filepath.Join(t.TempDir(), "a", "b")), "torn file": NewFileLedger(torn), "S3": inS3} {
		ctx, key := context.Background(), "weekly/2026-W40/slack:env:HOOK"
		for i, want := range []bool{false, true, true} {
			got, err := ledger.Delivered(ctx, key)
			if err != nil || got != want {
				t.Errorf("%s: after %d marks: %v, %v", name, i, got, err)
			}
			if err := ledger.Mark(ctx, key); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got, _ := ledger.Delivered(ctx, "weekly/2026-W40"); got {
			t.Errorf("%s: a part of a key is a key", name)
		}
	}
	in.answers = []answer{{code: 403}}
	if _, err := inS3.Delivered(context.Background(), "x"); err == nil || !strings.Contains(err.Error(), "the ledger needs s3:GetObject and s3:ListBucket") {
		t.Errorf("a refused ledger says %v", err)
	}
}

// forgetful is a ledger whose disk is full.
type forgetful struct{}

func (forgetful) Delivered(context.Context, string) (bool, error) { return false, nil }
func (forgetful) Mark(context.Context, string) error              { return errors.New("disk full") }

func TestFailures(t *testing.T) {
	many := func(n, code int, body, after string) (all []answer) {
		for range n {
			all = append(all, answer{code, body, after})
		}
		return all
	}
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, tt := range []struct {
		name, to string
		answers  []answer
		env      string // of HOOK; "" is the inbox
		ledger   Ledger
		want     string
		pauses   string
	}{
		{name: "invalid payload", to: "slack:env:HOOK", answers: many(1, 400, "invalid_blocks", ""), want: "the webhook answers 400 Bad Request: invalid_blocks", pauses: "[]"},
		{name: "revoked", to: "slack:env:HOOK", answers: many(1, 404, "no_service", ""), want: "the webhook answers 404 Not Found: no_service", pauses: "[]"},
		{name: "an echo of the address", to: "slack:env:HOOK", answers: many(1, 403, "bad token "+webhookSecret+" XtopSECRETx", ""), want: "the webhook answers 403 Forbidden: bad token [env:HOOK] [env:HOOK]", pauses: "[]"},
		{name: "redirect", to: "teams:env:HOOK", answers: many(1, 307, "", ""), want: "the webhook answers 307 Temporary Redirect:", pauses: "[]"},
		{name: "rate limit passes", to: "slack:env:HOOK", answers: many(2, 429, "rate_limited", "7"), pauses: "[7s 7s]"},
		{name: "rate limit too long", to: "slack:env:HOOK", answers: many(1, 429, "rate_limited", "3600"), want: "the webhook answers 429 Too Many Requests: rate_limited; it asks for a pause of 1h0m0s", pauses: "[]"},
		{name: "down", to: "teams:env:HOOK", answers: many(5, 503, "<html>\nbusy", ""), want: "the webhook answers 503 Service Unavailable: <html> busy; tried 5 times", pauses: "[1s 2s 4s 8s]"},
		{name: "not set", to: "slack:env:NONE", want: "reading the secret env:NONE: it is empty or not set", pauses: "[]"},
		{name: "no address", to: "slack:env:HOOK", env: "TOPSECRET", want: "the secret env:HOOK is no https:// address", pauses: "[]"},
		{name: "no TLS", to: "slack:env:HOOK", env: "http://hooks.example.com/TOPSECRET", want: "the secret env:HOOK is no https:// address", pauses: "[]"},
		{name: "retired", to: "teams:env:HOOK", env: "https://x.webhook.office.com/webhookb2/TOPSECRET", want: retiredConnector("x.webhook.office.com"), pauses: "[]"},
		{name: "nobody there", to: "slack:env:HOOK", env: closed.URL + webhookSecret, want: "the webhook cannot be reached: dial tcp " + closed.Listener.Addr().String() + ": connect: connection refused; tried 5 times", pauses: "[1s 2s 4s 8s]"},
		{name: "wrong key", to: "slack:secretsmanager:hooks#no", want: `reading the secret secretsmanager:hooks#no: it is no JSON object with a text under "no"`, pauses: "[]"},
		{name: "SSM refuses", to: "slack:ssm:/x", answers: many(1, 400, `{"__type":"ParameterNotFound","message":"no such"}`, ""), want: "ParameterNotFound", pauses: "[]"},
		{name: "S3 refuses", to: "s3://bucket", answers: many(1, 403, `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`, ""), want: "writing s3://bucket/weekly/2026-W40/report.html: operation error S3: PutObject", pauses: "[]"},
		{name: "no such form", to: "x.pdf", want: "writing x.pdf: the report has no such form, want one of .html .json", pauses: "[]"},
		{name: "forgetful", to: "slack:env:HOOK", ledger: forgetful{}, want: "it was sent, but that is not noted, so the next run sends it again: disk full", pauses: "[]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := newInbox(t)
			in.answers = tt.answers
			hook := in.URL + webhookSecret
			if tt.env != "" {
				hook = tt.env
			}
			o := newOutside(in, map[string]string{"HOOK": hook})
			got := Err(Deliver(context.Background(), o.System, report(), parse(t, tt.to), Options{Ledger: tt.ledger}))
			switch {
			case tt.want == "" && got != nil:
				t.Errorf("error %v", got)
			case tt.want != "" && (got == nil || !strings.Contains(got.Error(), tt.want)):
				t.Errorf("error\n got %v\nwant %s", got, tt.want)
			case got != nil && strings.Contains(got.Error(), "SECRET"):
				t.Errorf("the error holds the secret: %v", got)
			}
			if len(in.answers) > 0 || fmt.Sprint(o.pauses) != tt.pauses {
				t.Errorf("%d answers not asked for, pauses %v, want %s", len(in.answers), o.pauses, tt.pauses)
			}
		})
	}
}

// TestLostAnswer holds that a message whose answer was lost is not sent twice
// by one run.
func TestLostAnswer(t *testing.T) {
	var n atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n.Add(1)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.(*net.TCPConn).Close()
		}
	}))
	defer server.Close()
	in := newInbox(t)
	o := newOutside(in, map[string]string{"HOOK": server.URL + webhookSecret})
	err := Err(Deliver(context.Background(), o.System, report(), parse(t, "slack:env:HOOK"), Options{}))
	if err == nil || err.Error() != "delivering to slack:env:HOOK: the webhook gives no answer, so the message may have arrived or not: EOF" || n.Load() != 1 {
		t.Errorf("%d requests, error %v", n.Load(), err)
	}
}

func TestNames(t *testing.T) {
	o := newOutside(newInbox(t), nil)
	for _, change := range []func(*Package){
		func(p *Package) { p.Period = "../x" },
		func(p *Package) { p.Name = "" },
		func(p *Package) { p.Files[1].Name = "a/b" },
		func(p *Package) { p.Files[1].Name = "report.html" },
		func(p *Package) { p.Files[1].Name = "a\r\nb" },
		func(p *Package) { p.Files = nil },
	} {
		p := report()
		change(&p)
		if r := Deliver(context.Background(), o.System, p, parse(t, "-"), Options{}); r[0].State != Failed {
			t.Errorf("%v was delivered", p)
		}
	}
}

func TestFileForms(t *testing.T) {
	dir := t.TempDir()
	o := newOutside(newInbox(t), nil)
	receipts := Deliver(context.Background(), o.System, report(), parse(t, filepath.Join(dir, "{name}-{period}.HTML"), filepath.Join(dir, "all")), Options{})
	if err := Err(receipts); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"weekly-2026-W40.HTML": "<!doctype html>", "all/weekly/2026-W40/report.json": `{"format_version":"1"}`} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
