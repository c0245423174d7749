package review

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// testToken is the token of the tests, of the form user:password so that
// Bitbucket takes it as basic. It must turn up in no error and no log.
const testToken = "robot:s3cr3t-t0k3n"

// day is when the tests take place.
var day = time.Date(2026, 9, 29, 12, 0, 0, 0, time.UTC)

// board holds the comments of one pull request behind a fake forge.
type board struct {
	mu      sync.Mutex
	lastID  int64
	entries []*entry
	faults  []fault
	calls   []string // "POST", "PATCH", … as they came in
	status  string   // Azure: of the thread created last
	page    int      // how many comments a page has
}

// entry is one comment.
type entry struct {
	id      int64
	text    string
	version int
	hidden  bool
	refuses int // answer DELETE with this status
}

// fault makes one request go wrong. It is used up by the first request of its
// method; a fault left over fails the test.
type fault struct {
	method string // empty is any
	do     func(w http.ResponseWriter, r *http.Request, proceed func())
}

// answer is a fault that answers with a status, headers ("Name: value") and a
// JSON body.
func answer(method string, status int, body string, headers ...string) fault {
	return fault{method, func(w http.ResponseWriter, _ *http.Request, _ func()) {
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Set(name, value)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}}
}

// reset is a fault that breaks the connection, before or after the request
// took effect.
func reset(method string, after bool) fault {
	return fault{method, func(_ http.ResponseWriter, _ *http.Request, proceed func()) {
		if after {
			proceed()
		}
		panic(http.ErrAbortHandler)
	}}
}

// add puts a comment on the board.
func (b *board) add(text string) *entry {
	b.lastID++
	e := &entry{id: b.lastID, text: text}
	b.entries = append(b.entries, e)
	return e
}

// texts are the comments that carry our marker, in the order of their ids.
func (b *board) texts() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for _, e := range b.entries {
		if strings.Contains(e.text, markerKey) {
			all = append(all, e.text)
		}
	}
	return all
}

// writes counts the calls that change something.
func (b *board) writes() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, c := range b.calls {
		if c != http.MethodGet {
			n++
		}
	}
	return n
}

// find returns a comment by its id.
func (b *board) find(id int64) *entry {
	i := slices.IndexFunc(b.entries, func(e *entry) bool { return e.id == id })
	if i < 0 {
		return nil
	}
	return b.entries[i]
}

// remove takes a comment off.
func (b *board) remove(id int64) {
	b.entries = slices.DeleteFunc(b.entries, func(e *entry) bool { return e.id == id })
}

// serve wraps a fake forge's handler: it notes the call, checks the token,
// plays the next fault and locks the board.
func (b *board) serve(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proceed := func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			next(w, r)
		}
		b.mu.Lock()
		b.calls = append(b.calls, r.Method)
		var do func(http.ResponseWriter, *http.Request, func())
		if i := slices.IndexFunc(b.faults, func(f fault) bool { return f.method == "" || f.method == r.Method }); i >= 0 {
			do = b.faults[i].do
			b.faults = slices.Delete(b.faults, i, i+1)
		}
		b.mu.Unlock()
		if r.Header.Get("Authorization") == "" && r.Header.Get("Private-Token") == "" {
			http.Error(w, `{"message":"who are you?"}`, http.StatusUnauthorized)
			return
		}
		if do != nil {
			do(w, r, proceed)
			return
		}
		proceed()
	})
}

// stage is one fake forge with its board and a forge that talks to it.
type stage struct {
	*board
	forge Forge
	clock *clock
	logs  []string
}

// post runs Upsert with a clock that nobody waits for.
func (s *stage) post(c Comment, b Behavior) (Outcome, error) {
	return s.poster().Upsert(context.Background(), s.forge, c, b)
}

// poster is a Poster on the stage's clock.
func (s *stage) poster() Poster {
	return Poster{Now: s.clock.now, Sleep: s.clock.sleep, Log: func(line string) { s.logs = append(s.logs, line) }}
}

// comment is a comment whose figures are of some minutes after noon.
func comment(body string, minute int) Comment {
	return Comment{Body: body, ValidAt: day.Add(time.Duration(minute) * time.Minute)}
}

// clock is a clock that moves when somebody sleeps.
type clock struct {
	mu    sync.Mutex
	at    time.Time
	slept []time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

// kind is one sort of forge under test.
type kind struct {
	name string
	// handle speaks the forge's REST for a board.
	handle func(b *board) http.HandlerFunc
	// target is where the comments go, given the server's address.
	target func(url string) Target
}

// kinds are all of them.
func kinds() []kind {
	return []kind{
		{"GitHub", githubREST, func(url string) Target {
			return Target{Forge: GitHub, Repo: "acme/shop", Number: 7, URL: url}
		}},
		{"GitHub commit", githubREST, func(url string) Target {
			return Target{Forge: GitHub, Repo: "acme/shop", Commit: "5eed1234", URL: url}
		}},
		{"GitLab", gitlabREST, func(url string) Target {
			return Target{Forge: GitLab, Repo: "acme/group/shop", Number: 7, URL: url}
		}},
		{"Bitbucket Cloud", cloudREST, func(url string) Target {
			return Target{Forge: Bitbucket, Repo: "acme/shop", Number: 7, URL: url + "/2.0"}
		}},
		{"Bitbucket Cloud commit", cloudREST, func(url string) Target {
			return Target{Forge: Bitbucket, Repo: "acme/shop", Commit: "5eed1234", URL: url + "/2.0"}
		}},
		{"Bitbucket Server", serverREST, func(url string) Target {
			return Target{Forge: Bitbucket, Repo: "ACME/shop", Number: 7, URL: url}
		}},
		{"Azure Repos", azureREST, func(url string) Target {
			return Target{Forge: AzureRepos, Repo: url + "/acme/web%20shop/_git/shop", Number: 7}
		}},
	}
}

// onEveryForge runs a test on each sort of forge, over a loopback server.
func onEveryForge(t *testing.T, test func(t *testing.T, s *stage)) {
	t.Helper()
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) { test(t, k.stage(t)) })
	}
}

// stage starts a loopback server.
func (k kind) stage(t *testing.T) *stage {
	t.Helper()
	b := &board{page: 2, lastID: 100}
	server := httptest.NewUnstartedServer(b.serve(k.handle(b)))
	server.Config.ErrorLog = nil
	server.Start()
	t.Cleanup(server.Close)
	s := &stage{board: b, clock: &clock{at: day.Add(time.Hour)}}
	s.forge = k.open(t, server.URL, Access{Token: testToken})
	t.Cleanup(func() {
		if len(b.faults) > 0 {
			t.Errorf("%d faults were never met", len(b.faults))
		}
		for _, line := range s.logs {
			noToken(t, line)
		}
	})
	return s
}

// open opens the forge.
func (k kind) open(t *testing.T, url string, a Access) Forge {
	t.Helper()
	f, err := Open(k.target(url), a)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// noToken fails where a text has the token in it.
func noToken(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{testToken, "s3cr3t", "cm9ib3Q6", "OnJvYm90"} {
		if strings.Contains(text, secret) {
			t.Errorf("the token is printed: %s", text)
		}
	}
}
