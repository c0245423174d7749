package review

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

func TestOpenRefusesWhatCannotBe(t *testing.T) {
	for _, c := range []struct {
		name   string
		target Target
		want   string
	}{
		{"no forge", Target{Number: 1}, `forge: want github, gitlab, bitbucket or azure-repos, got ""`},
		{"no number", Target{Forge: GitHub, Repo: "a/b"}, "--pull-request: want the number of the request to comment on"},
		{"no number on GitLab", Target{Forge: GitLab, Repo: "a/b"}, "--merge-request: want the number of the request to comment on"},
		{"a negative number", Target{Forge: GitHub, Repo: "a/b", Number: -1}, "--pull-request: want a number from 1, got -1"},
		{"both", Target{Forge: GitHub, Repo: "a/b", Number: 1, Commit: "5eed1234"}, "--pull-request and --commit: want one of them"},
		{"no commit", Target{Forge: GitHub, Repo: "a/b", Commit: "../x"}, `--commit: want 7 to 64 hexadecimal digits, got "../x"`},
		{"no owner", Target{Forge: GitHub, Repo: "shop", Number: 1}, `repo: want owner/name, got "shop"`},
		{"too deep", Target{Forge: GitHub, Repo: "a/b/c", Number: 1}, `repo: want owner/name, got "a/b/c"`},
		{"a query", Target{Forge: GitHub, Repo: "a/b?c", Number: 1}, `repo: want owner/name, got "a/b?c"`},
		{"no project", Target{Forge: GitLab, Number: 1}, `repo: want group/project or a project's number, got ""`},
		{"a commit on GitLab", Target{Forge: GitLab, Repo: "a/b", Commit: "5eed1234"}, "commit: on GitLab comments go on merge requests only; give --merge-request"},
		{"no repository", Target{Forge: Bitbucket, Repo: "shop", Number: 1}, `repo: want workspace/repository, or PROJECT/repository on a server, got "shop"`},
		{"a commit on a server", Target{Forge: Bitbucket, Repo: "a/b", Commit: "5eed1234", URL: "https://git.example"},
			"commit: a Bitbucket server takes comments on pull requests only; give --pull-request"},
		{"a commit on Azure", Target{Forge: AzureRepos, Repo: "https://dev.azure.com/a/b/_git/c", Commit: "5eed1234"},
			"commit: Azure Repos takes comments on pull requests only; give --pull-request"},
		{"no address", Target{Forge: AzureRepos, Repo: "a/b", Number: 1},
			`repo-url: want https://dev.azure.com/organization/project/_git/repository, got "a/b"`},
		{"a relative server", Target{Forge: GitLab, Repo: "a/b", Number: 1, URL: "gitlab.example"}, `gitlab-server-url: want https://host, got "gitlab.example"`},
		{"a password in the address", Target{Forge: GitHub, Repo: "a/b", Number: 1, URL: "https://me:hunter2@ghe.example"},
			"github-api-url: want a URL without user name and password; the token is given apart"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(c.target, Access{})
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestAzureAddresses(t *testing.T) {
	for _, c := range []struct{ in, base, project, repo string }{
		{"https://dev.azure.com/org/project/_git/repo", "https://dev.azure.com/org", "project", "repo"},
		{"https://org@dev.azure.com/org/my%20project/_git/my%20repo", "https://dev.azure.com/org", "my project", "my repo"},
		{"https://dev.azure.com/org/_git/repo", "https://dev.azure.com/org", "repo", "repo"},
		{"https://org.visualstudio.com/project/_git/repo", "https://org.visualstudio.com", "project", "repo"},
		{"https://org.visualstudio.com/DefaultCollection/project/_git/repo", "https://org.visualstudio.com/DefaultCollection", "project", "repo"},
		{"https://org.visualstudio.com/DefaultCollection/_git/repo", "https://org.visualstudio.com/DefaultCollection", "repo", "repo"},
		{"https://org.visualstudio.com/_git/repo", "https://org.visualstudio.com", "repo", "repo"},
		{"https://tfs.example:8080/tfs/Main/project/_git/repo/", "https://tfs.example:8080/tfs/Main", "project", "repo"},
	} {
		base, project, repo, err := parseAzureRepo(c.in)
		if err != nil || base.String() != c.base || project != c.project || repo != c.repo {
			t.Errorf("%s: got %v, %q, %q, %v", c.in, base, project, repo, err)
		}
	}
}

func TestAddressesOfTheAPI(t *testing.T) {
	for _, c := range []struct{ url, rest, graphql string }{
		{"", "https://api.github.com/", "https://api.github.com/graphql"},
		{"https://ghe.example", "https://ghe.example/api/v3/", "https://ghe.example/api/graphql"},
		{"https://ghe.example/api/v3/", "https://ghe.example/api/v3/", "https://ghe.example/api/graphql"},
		{"https://api.acme.ghe.com", "https://api.acme.ghe.com/", "https://api.acme.ghe.com/graphql"},
	} {
		f, err := Open(Target{Forge: GitHub, Repo: "a/b", Number: 1, URL: c.url}, Access{})
		if err != nil {
			t.Fatal(err)
		}
		if g := f.(*githubForge); g.client.BaseURL() != c.rest || g.graphql != c.graphql {
			t.Errorf("%q: %s and %s", c.url, g.client.BaseURL(), g.graphql)
		}
	}
	for url, want := range map[string]string{
		"":                              "https://gitlab.com/api/v4/",
		"https://gitlab.example/git":    "https://gitlab.example/git/api/v4/",
		"https://gitlab.example/api/v4": "https://gitlab.example/api/v4/",
	} {
		f, err := Open(Target{Forge: GitLab, Repo: "a/b", Number: 1, URL: url}, Access{})
		if err != nil || f.(*gitlabForge).client.BaseURL().String() != want {
			t.Errorf("%q: %v, want %s", url, f.(*gitlabForge).client.BaseURL(), want)
		}
	}
	f, err := Open(Target{Forge: Bitbucket, Repo: "a/b c", Number: 1, URL: "https://bitbucket.org/"}, Access{})
	if err != nil || f.(*bitbucketCloud).comments != "https://api.bitbucket.org/2.0/repositories/a/b%20c/pullrequests/1/comments" {
		t.Errorf("%+v, %v", f, err)
	}
}

// headerOf is the header with which a forge sends a token.
func headerOf(t *testing.T, target Target, token, header string) string {
	t.Helper()
	var got string
	f, err := Open(target, Access{Token: token, HTTP: &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		got = r.Header.Get(header)
		return nil, http.ErrHandlerTimeout
	})}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.List(t.Context()); err == nil {
		t.Fatal("no error")
	}
	return got
}

// roundTrip is a function as an http.RoundTripper.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTokens(t *testing.T) {
	azure := Target{Forge: AzureRepos, Repo: "https://dev.azure.com/a/b/_git/c", Number: 1}
	for _, c := range []struct {
		name          string
		target        Target
		token, header string
		want          string
	}{
		{"GitHub", Target{Forge: GitHub, Repo: "a/b", Number: 1}, "tok", "Authorization", "Bearer tok"},
		{"GitLab", Target{Forge: GitLab, Repo: "a/b", Number: 1}, "tok", "Private-Token", "tok"},
		{"Bitbucket, an access token", Target{Forge: Bitbucket, Repo: "a/b", Number: 1}, "tok", "Authorization", "Bearer tok"},
		{"Bitbucket, an app password", Target{Forge: Bitbucket, Repo: "a/b", Number: 1}, "me:pw", "Authorization", "Basic bWU6cHc="},
		{"Azure, a personal token", azure, "tok", "Authorization", "Basic OnRvaw=="},
		{"Azure, the job's token", azure, "eyJ0.x.y", "Authorization", "Bearer eyJ0.x.y"},
		{"none", azure, "", "Authorization", ""},
	} {
		if got := headerOf(t, c.target, c.token, c.header); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTokenStaysAtHome(t *testing.T) {
	base, err := parseBase("url", "https://forge.example/api")
	if err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{
		"https://forge.example/x": "tok", "https://FORGE.example/x": "tok",
		"http://forge.example/x": "", "https://forge.example:8443/x": "", "https://forge.example.evil/x": "",
	} {
		var got string
		a := &authorizer{base: base, header: "Authorization", value: "tok", next: roundTrip(func(r *http.Request) (*http.Response, error) {
			got = r.Header.Get("Authorization")
			return nil, http.ErrHandlerTimeout
		})}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.RoundTrip(req); err == nil || got != want {
			t.Errorf("%s: sent %q, want %q", url, got, want)
		}
	}
}

func TestTLSFiles(t *testing.T) {
	target := Target{Forge: GitHub, Repo: "a/b", Number: 1}
	if _, err := Open(target, Access{TLS: TLS{CertFile: "x.pem"}}); err == nil || err.Error() != "TLS: want both a certificate file and a key file, or neither" {
		t.Errorf("%v", err)
	}
	broken := filepath.Join(t.TempDir(), "x.pem")
	if err := os.WriteFile(broken, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(target, Access{TLS: TLS{CertFile: broken, KeyFile: broken}}); err == nil {
		t.Error("a file that is no certificate is taken")
	}
	if _, err := Open(target, Access{TLS: TLS{InsecureSkipVerify: true}}); err != nil {
		t.Error(err)
	}
}
