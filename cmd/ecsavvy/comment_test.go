package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// conversation is one pull request of a forge that speaks GitHub's and
// GitLab's REST as far as comments go. What the forges do when something goes
// wrong is tested in the package review; here it is the wiring of the command.
type conversation struct {
	mu     sync.Mutex
	next   int64
	posted map[int64]string
	writes int
	paths  []string
	tokens []string
}

func newConversation(t *testing.T) (*conversation, string) {
	c := &conversation{next: 1, posted: map[int64]string{}}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	return c, server.URL
}

func (c *conversation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paths = append(c.paths, r.URL.Path)
	c.tokens = append(c.tokens, r.Header.Get("Authorization")+r.Header.Get("Private-Token"))
	var sent struct {
		Body string `json:"body"`
	}
	data, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(data, &sent)
	id, _ := strconv.ParseInt(r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:], 10, 64)
	_, known := c.posted[id]
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.Method == http.MethodPost:
		c.writes++
		id, c.next = c.next, c.next+1
		c.posted[id] = sent.Body
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, c.comment(id))
	case r.Method == http.MethodPatch && known, r.Method == http.MethodPut && known:
		c.writes++
		c.posted[id] = sent.Body
		fmt.Fprint(w, c.comment(id))
	case r.Method == http.MethodDelete && known:
		c.writes++
		delete(c.posted, id)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet && known:
		fmt.Fprint(w, c.comment(id))
	case r.Method == http.MethodGet && id == 0:
		var all []string
		for id := range c.posted {
			all = append(all, c.comment(id))
		}
		slices.Sort(all)
		fmt.Fprintf(w, "[%s]", strings.Join(all, ","))
	default:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"message": "Not Found"}`)
	}
}

func (c *conversation) comment(id int64) string {
	body, _ := json.Marshal(c.posted[id])
	return fmt.Sprintf(`{"id": %d, "node_id": "n%d", "body": %s, "created_at": "2026-10-01T12:00:00Z", "html_url": "https://forge.example/comments/%d"}`, id, id, body, id)
}

// text is the one comment that is there.
func (c *conversation) text(t *testing.T) string {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.posted) != 1 {
		t.Fatalf("%d comments, want one: %v", len(c.posted), c.posted)
	}
	for _, text := range c.posted {
		return text
	}
	return ""
}

// commentDeps read files of a folder and know the variables of a CI system.
func commentDeps(t *testing.T, env map[string]string) (*deps, *bytes.Buffer, *bytes.Buffer) {
	d, stdout, stderr := testDeps()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	service := "name: shop\nregion: eu-west-2\nservices: {'@octocat api': {task: {cpu: 0.5, memory: 1GB}, count: %d}}\n"
	write("old.yaml", fmt.Sprintf(service, 1))
	write("new.yaml", fmt.Sprintf(service, 2))
	write("newer.yaml", fmt.Sprintf(service, 3))
	write("none.yaml", "guardrails: []\n")
	write("settings.yaml", "comment: {tag: from-file, min_change: $1000}\n")
	write("limits.yaml", "guardrails: [{name: small steps, when: diff.monthly > 1, message: too much}]\n")
	at := func(name string) string {
		if filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(dir, name)
	}
	d.files = fileSystem{
		read:  func(name string) ([]byte, error) { return readLimited(at(name)) },
		stat:  func(name string) (os.FileInfo, error) { return os.Stat(at(name)) },
		list:  func(name string) ([]os.DirEntry, error) { return os.ReadDir(at(name)) },
		write: func(name string, data []byte) error { return writeAtomically(at(name), data) },
		glob: func(pattern string) ([]string, error) {
			found, err := filepath.Glob(at(pattern))
			for i := range found {
				found[i] = filepath.Base(found[i])
			}
			return found, err
		},
	}
	d.env = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	d.sleep = func(context.Context, time.Duration) error { return nil }
	return d, stdout, stderr
}

// github are the variables of a workflow that a pull request started.
func github(url string) map[string]string {
	return map[string]string{
		"GITHUB_API_URL": url, "GITHUB_REPOSITORY": "shop/infra", "GITHUB_REF": "refs/pull/7/merge",
		"GITHUB_EVENT_NAME": "pull_request", "GITHUB_TOKEN": "s3cret",
	}
}

func TestCommentPostsUpdatesAndKeepsQuiet(t *testing.T) {
	forge, url := newConversation(t)
	d, stdout, stderr := commentDeps(t, github(url))
	post := func(want int, args ...string) string {
		t.Helper()
		stdout.Reset()
		stderr.Reset()
		if code := run(append([]string{"comment", "github", "--config-file", "none.yaml"}, args...), d); code != want {
			t.Fatalf("exit code %d, want %d: %s", code, want, stderr)
		}
		return stdout.String()
	}
	out := post(0, "old.yaml", "new.yaml")
	if want := "Comment created on GitHub: https://forge.example/comments/1\n"; out != want {
		t.Errorf("printed %q, want %q", out, want)
	}
	text := forge.text(t)
	if !strings.HasPrefix(text, "[//]: <> (ecsavvy-comment, valid-at=2026-10-01T12:00:00Z)\n\n### Monthly cost increases by \\$20.73 (+100%)") {
		t.Errorf("posted:\n%s", text)
	}
	if table, _, _ := strings.Cut(text, "<details>"); strings.Contains(table, "@octocat") {
		t.Errorf("a name mentions somebody:\n%s", text)
	}
	if !slices.Contains(forge.paths, "/api/v3/repos/shop/infra/issues/7/comments") || forge.tokens[0] != "Bearer s3cret" {
		t.Errorf("asked %q with %q", forge.paths, forge.tokens)
	}

	writes := forge.writes
	if out := post(0, "old.yaml", "new.yaml"); !strings.HasPrefix(out, "Comment unchanged on GitHub") || forge.writes != writes {
		t.Errorf("printed %q after %d more writes", out, forge.writes-writes)
	}
	post(0, "old.yaml", "newer.yaml")
	if text := forge.text(t); !strings.Contains(text, "+200%") {
		t.Errorf("posted:\n%s", text)
	}

	// A small change brings a comment that is there up to date.
	post(0, "old.yaml", "new.yaml", "--min-change", "$1000|500%")
	if text := forge.text(t); !strings.Contains(text, "+100%") {
		t.Errorf("posted:\n%s", text)
	}
	// Another tag has no comment yet, and the change is too small for one.
	if out := post(0, "old.yaml", "new.yaml", "--min-change", "$1000|500%", "--tag", "other"); out != "No comment on GitHub: the change is below --min-change $1000|500%\n" {
		t.Errorf("printed %q", out)
	}
	forge.text(t)
	if out := post(0, "old.yaml", "old.yaml", "--skip-no-diff", "--tag", "other"); !strings.HasPrefix(out, "No comment on GitHub") {
		t.Errorf("printed %q", out)
	}
	// The tag and the threshold of the settings file, and a flag before it.
	if out := post(0, "old.yaml", "new.yaml", "--config-file", "settings.yaml"); out != "No comment on GitHub: the change is below --min-change $1000\n" {
		t.Errorf("printed %q", out)
	}
	post(0, "old.yaml", "new.yaml", "--config-file", "settings.yaml", "--min-change", "$1")
	if len(forge.posted) != 2 || !strings.Contains(forge.posted[2], "tag=from-file") {
		t.Errorf("posted %v", forge.posted)
	}
}

func TestCommentOfBrokenGuardrailIsPosted(t *testing.T) {
	forge, url := newConversation(t)
	d, _, stderr := commentDeps(t, github(url))
	// Small or not, what breaks a guardrail is worth a comment.
	if code := run([]string{"comment", "github", "old.yaml", "new.yaml", "--config-file", "limits.yaml", "--min-change", "$1000"}, d); code != 3 {
		t.Fatalf("exit code %d, want 3: %s", code, stderr)
	}
	if text := forge.text(t); !strings.Contains(text, "❌ **small steps**: too much") {
		t.Errorf("posted:\n%s", text)
	}
	if want := "ecsavvy: guardrail \"small steps\" is broken: too much (diff.monthly = 20.72)\n"; stderr.String() != want {
		t.Errorf("stderr %q, want %q", stderr, want)
	}
}

func TestCommentOfSavedDiffs(t *testing.T) {
	forge, url := newConversation(t)
	d, stdout, stderr := commentDeps(t, github(url))
	must := func(want int, args ...string) {
		t.Helper()
		stderr.Reset()
		if code := run(args, d); code != want {
			t.Fatalf("%q: exit code %d, want %d: %s", args, code, want, stderr)
		}
	}
	must(0, "diff", "old.yaml", "new.yaml", "--config-file", "none.yaml", "--format", "json", "--out-file", "a.diff.json")
	must(0, "comment", "github", "old.yaml", "new.yaml", "--config-file", "none.yaml")
	direct := forge.text(t)
	must(0, "comment", "github", "--path", "*.diff.json", "--config-file", "none.yaml")
	if saved := forge.text(t); saved != direct {
		t.Errorf("the comment of the saved diff differs:\n%s\nwant\n%s", saved, direct)
	}
	// What the diff's own run decided is printed and counts.
	must(3, "diff", "old.yaml", "new.yaml", "--config-file", "limits.yaml", "--format", "json", "--out-file", "a.diff.json")
	must(3, "comment", "github", "--path", "a.diff.json", "--config-file", "limits.yaml")
	if text := forge.text(t); strings.Count(text, "small steps") != 1 {
		t.Errorf("posted:\n%s", text)
	}
	// Several diffs are one comment.
	must(0, "diff", "old.yaml", "new.yaml", "--config-file", "none.yaml", "--format", "json", "--out-file", "a.diff.json")
	must(0, "diff", "/dev/null", "newer.yaml", "--config-file", "none.yaml", "--format", "json", "--out-file", "b.diff.json")
	must(0, "comment", "github", "--path", "[ab].diff.json", "--config-file", "none.yaml")
	if text := forge.text(t); !strings.Contains(text, "| Project |") {
		t.Errorf("posted:\n%s", text)
	}
	// An estimate has one side.
	must(0, "estimate", "old.yaml", "--format", "json", "--out-file", "one.json")
	must(2, "comment", "github", "--path", "one.json", "--config-file", "none.yaml")
	if want := "ecsavvy: reading one.json: it is an estimate of one side; want the JSON of ecsavvy diff\n"; stderr.String() != want {
		t.Errorf("stderr %q, want %q", stderr, want)
	}
	_ = stdout
}

func TestCommentOnGitLab(t *testing.T) {
	forge, url := newConversation(t)
	d, stdout, stderr := commentDeps(t, map[string]string{
		"CI_API_V4_URL": url + "/api/v4", "CI_PROJECT_PATH": "shop/infra", "CI_MERGE_REQUEST_IID": "9", "GITLAB_TOKEN": "s3cret",
	})
	if code := run([]string{"comment", "gitlab", "old.yaml", "new.yaml", "--config-file", "none.yaml"}, d); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	if !strings.HasPrefix(stdout.String(), "Comment created on GitLab") || !strings.Contains(forge.text(t), "+100%") {
		t.Errorf("printed %q, posted %v", stdout, forge.posted)
	}
	if !slices.Contains(forge.paths, "/api/v4/projects/shop/infra/merge_requests/9/notes") {
		t.Errorf("asked %q", forge.paths)
	}
}

func TestCommentThatIsRefused(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"message": "Bad credentials"}`)
	}))
	t.Cleanup(server.Close)
	d, _, stderr := commentDeps(t, github(server.URL))
	if code := run([]string{"comment", "github", "old.yaml", "new.yaml", "--config-file", "none.yaml"}, d); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	for _, want := range []string{"Bad credentials", "built but not posted", "GITHUB_TOKEN"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("stderr %q does not say %q", stderr, want)
		}
	}
	if strings.Contains(stderr.String(), "s3cret") {
		t.Errorf("stderr holds the token: %q", stderr)
	}
}

func TestCommentUsage(t *testing.T) {
	tests := []struct {
		name, want string
		env        map[string]string
		args       []string
	}{
		{name: "nothing to read", args: []string{"github"}, want: "want BASE and HEAD, or a Terraform plan, or --git with paths; got nothing"},
		{name: "no request", args: []string{"github", "old.yaml", "new.yaml"}, want: "no repository and no pull request found in the environment: give --repo and --pull-request; looked at "},
		{name: "no token", env: map[string]string{"GITHUB_REPOSITORY": "a/b", "GITHUB_REF": "refs/pull/7/merge"}, args: []string{"github", "old.yaml", "new.yaml"},
			want: "no token for GitHub: set GITHUB_TOKEN or GH_TOKEN, or give --github-token"},
		{name: "behaviour", args: []string{"gitlab", "old.yaml", "new.yaml", "--behavior", "hide-and-new"}, want: `--behavior: want update, new, delete-and-new on GitLab, got "hide-and-new"`},
		{name: "threshold", args: []string{"github", "old.yaml", "new.yaml", "--min-change", "some"}, want: "--min-change: want USD a month"},
		{name: "path and inputs", args: []string{"github", "old.yaml", "--path", "x.json"}, want: "--path: it names everything to read; want no other inputs beside it"},
		{name: "pattern", args: []string{"github", "--path", "*.nothing"}, want: "--path *.nothing: no file is like that"},
		{name: "policy", args: []string{"github", "--path", "x.json", "--policy-path", "p.rego"}, want: "--policy-path: Rego policies are not run here"},
		{name: "design as path", args: []string{"github", "--path", "old.yaml"}, want: "reading old.yaml: a design has one side only"},
		{name: "forge", args: []string{"gitea"}, want: `unknown command "gitea" for "ecsavvy comment"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, _, stderr := commentDeps(t, tt.env)
			code := run(append([]string{"comment"}, tt.args...), d)
			if code != 2 || !strings.Contains(stderr.String(), tt.want) {
				t.Errorf("exit code %d, stderr %q, want 2 and %q", code, stderr, tt.want)
			}
		})
	}
}
