package review

import (
	"errors"
	"strings"
	"testing"
)

// variables is an environment of a map, with files.
func variables(set map[string]string, files map[string]string) Environment {
	return Environment{
		Getenv: func(name string) string { return set[name] },
		ReadFile: func(path string) ([]byte, error) {
			if text, ok := files[path]; ok {
				return []byte(text), nil
			}
			return nil, errors.New("no such file")
		},
	}
}

func TestDetect(t *testing.T) {
	actions := func(more ...string) map[string]string {
		set := map[string]string{"GITHUB_REPOSITORY": "acme/shop", "GITHUB_API_URL": "https://api.github.com",
			"GITHUB_SHA": "5eed1234", "GITHUB_EVENT_PATH": "event.json"}
		for i := 0; i < len(more); i += 2 {
			set[more[i]] = more[i+1]
		}
		return set
	}
	onGitHub := Target{Forge: GitHub, Repo: "acme/shop", Number: 12, URL: "https://api.github.com"}
	for _, c := range []struct {
		name  string
		forge Name
		set   map[string]string
		event string
		want  Target
	}{
		{"pull_request", GitHub, actions("GITHUB_REF", "refs/pull/12/merge", "GITHUB_EVENT_NAME", "pull_request"), "", onGitHub},
		{"pull_request_target", GitHub, actions("GITHUB_REF", "refs/heads/main", "GITHUB_EVENT_NAME", "pull_request_target"),
			`{"number": 12, "pull_request": {"number": 12}}`, onGitHub},
		{"a comment on a pull request", GitHub, actions("GITHUB_REF", "refs/heads/main", "GITHUB_EVENT_NAME", "issue_comment"),
			`{"issue": {"number": 12, "pull_request": {"url": "x"}}}`, onGitHub},
		{"workflow_run", GitHub, actions("GITHUB_REF", "refs/heads/main", "GITHUB_EVENT_NAME", "workflow_run"),
			`{"workflow_run": {"pull_requests": [{"number": 12}]}}`, onGitHub},
		{"push", GitHub, actions("GITHUB_REF", "refs/heads/main", "GITHUB_EVENT_NAME", "push"), `{}`,
			Target{Forge: GitHub, Repo: "acme/shop", Commit: "5eed1234", URL: "https://api.github.com"}},
		{"GitHub in Azure Pipelines", GitHub, map[string]string{"BUILD_REPOSITORY_PROVIDER": "GitHub", "BUILD_REPOSITORY_NAME": "acme/shop",
			"SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "12", "SYSTEM_PULLREQUEST_PULLREQUESTID": "998877"}, "",
			Target{Forge: GitHub, Repo: "acme/shop", Number: 12}},
		{"GitLab", GitLab, map[string]string{"CI_MERGE_REQUEST_IID": "12", "CI_PROJECT_ID": "77", "CI_PROJECT_PATH": "acme/group/shop",
			"CI_API_V4_URL": "https://gitlab.example/api/v4", "CI_SERVER_URL": "https://gitlab.example"}, "",
			Target{Forge: GitLab, Repo: "acme/group/shop", Number: 12, URL: "https://gitlab.example/api/v4"}},
		{"GitLab, from a fork", GitLab, map[string]string{"CI_MERGE_REQUEST_IID": "12", "CI_PROJECT_PATH": "fork/shop",
			"CI_MERGE_REQUEST_PROJECT_PATH": "acme/shop", "CI_SERVER_URL": "https://gitlab.example"}, "",
			Target{Forge: GitLab, Repo: "acme/shop", Number: 12, URL: "https://gitlab.example"}},
		{"GitLab, by number", GitLab, map[string]string{"CI_MERGE_REQUEST_IID": "12", "CI_PROJECT_ID": "77"}, "",
			Target{Forge: GitLab, Repo: "77", Number: 12}},
		{"GitLab, a branch's pipeline", GitLab, map[string]string{"CI_PROJECT_PATH": "fork/shop", "CI_OPEN_MERGE_REQUESTS": "acme/shop!12"}, "",
			Target{Forge: GitLab, Repo: "acme/shop", Number: 12}},
		{"Bitbucket", Bitbucket, map[string]string{"BITBUCKET_REPO_FULL_NAME": "acme/shop", "BITBUCKET_PR_ID": "12"}, "",
			Target{Forge: Bitbucket, Repo: "acme/shop", Number: 12}},
		{"Bitbucket in parts", Bitbucket, map[string]string{"BITBUCKET_WORKSPACE": "acme", "BITBUCKET_REPO_SLUG": "shop", "BITBUCKET_PR_ID": "12"}, "",
			Target{Forge: Bitbucket, Repo: "acme/shop", Number: 12}},
		{"Azure", AzureRepos, map[string]string{"SYSTEM_COLLECTIONURI": "https://dev.azure.com/acme/", "SYSTEM_TEAMPROJECT": "web shop",
			"BUILD_REPOSITORY_NAME": "shop", "BUILD_REPOSITORY_PROVIDER": "TfsGit", "SYSTEM_PULLREQUEST_PULLREQUESTID": "12"}, "",
			Target{Forge: AzureRepos, Repo: "https://dev.azure.com/acme/web%20shop/_git/shop", Number: 12}},
		{"Azure by address", AzureRepos, map[string]string{"BUILD_REPOSITORY_URI": "https://acme@dev.azure.com/acme/web%20shop/_git/shop",
			"BUILD_REPOSITORY_PROVIDER": "TfsGit", "SYSTEM_PULLREQUEST_PULLREQUESTID": "12"}, "",
			Target{Forge: AzureRepos, Repo: "https://acme@dev.azure.com/acme/web%20shop/_git/shop", Number: 12}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := variables(c.set, map[string]string{"event.json": c.event})
			for _, forge := range []Name{c.forge, ""} { // the forge asked for, and any
				got, err := e.Detect(forge)
				if err != nil || got != c.want {
					t.Errorf("forge %q: got %+v, %v\nwant %+v", forge, got, err, c.want)
				}
			}
		})
	}
}

func TestNothingDetected(t *testing.T) {
	for _, c := range []struct {
		name  string
		forge Name
		set   map[string]string
		want  string
	}{
		{"GitHub", GitHub, nil, "no repository and no pull request found in the environment: give --repo and --pull-request; looked at " +
			"GITHUB_REPOSITORY (not set), GITHUB_API_URL (not set), GITHUB_REF (not set), GITHUB_EVENT_NAME (not set), " +
			"GITHUB_EVENT_PATH (not set), GITHUB_SHA (not set), BUILD_REPOSITORY_PROVIDER (not set)"},
		{"GitHub, no event file", GitHub, map[string]string{"GITHUB_REPOSITORY": "acme/shop", "GITHUB_REF": "refs/heads/main", "GITHUB_SHA": "5eed1234",
			"GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_EVENT_PATH": "gone.json"},
			"no pull request found in the environment: give --pull-request; looked at GITHUB_REPOSITORY (set), GITHUB_API_URL (not set), " +
				"GITHUB_REF (set), GITHUB_EVENT_NAME (set), GITHUB_EVENT_PATH (set), GITHUB_SHA (set); GITHUB_EVENT_PATH: no such file"},
		{"GitLab, several", GitLab, map[string]string{"CI_PROJECT_PATH": "a/b", "CI_OPEN_MERGE_REQUESTS": "a/b!1,a/b!2"},
			"no pull request found in the environment: give --merge-request; looked at CI_MERGE_REQUEST_IID (not set), CI_MERGE_REQUEST_PROJECT_PATH (not set), " +
				"CI_MERGE_REQUEST_PROJECT_ID (not set), CI_PROJECT_PATH (set), CI_API_V4_URL (not set), CI_SERVER_URL (not set), CI_OPEN_MERGE_REQUESTS (set); " +
				"CI_OPEN_MERGE_REQUESTS names several (a/b!1,a/b!2)"},
		{"Bitbucket, no number", Bitbucket, map[string]string{"BITBUCKET_REPO_FULL_NAME": "a/b", "BITBUCKET_PR_ID": "twelve"},
			"no pull request found in the environment: give --pull-request; looked at BITBUCKET_REPO_FULL_NAME (set), BITBUCKET_PR_ID (set); " +
				`BITBUCKET_PR_ID is "twelve", which is no number`},
		{"Azure with code elsewhere", AzureRepos, map[string]string{"BUILD_REPOSITORY_PROVIDER": "GitHub", "SYSTEM_PULLREQUEST_PULLREQUESTID": "$(System.PullRequest.PullRequestId)"},
			"no repository and no pull request found in the environment: give --repo-url and --pull-request; looked at SYSTEM_PULLREQUEST_PULLREQUESTID (set), " +
				`BUILD_REPOSITORY_PROVIDER (set); BUILD_REPOSITORY_PROVIDER is "GitHub", not TfsGit: the repository is not in Azure Repos`},
		{"an unknown forge", "gitea", nil, `forge: want github, gitlab, bitbucket or azure-repos, got "gitea"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := variables(c.set, nil).Detect(c.forge)
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
	_, err := Environment{}.Detect("")
	if err == nil || !strings.Contains(err.Error(), "give a forge and its flags") || !strings.Contains(err.Error(), "SYSTEM_COLLECTIONURI") {
		t.Errorf("any forge: %v", err)
	}
}

func TestFlagsOverrideTheEnvironment(t *testing.T) {
	set := map[string]string{"GITHUB_REPOSITORY": "acme/shop", "GITHUB_REF": "refs/pull/12/merge", "GITHUB_API_URL": "https://api.github.com"}
	for _, c := range []struct {
		name        string
		set         map[string]string
		flags, want Target
	}{
		{"none", set, Target{}, Target{Forge: GitHub, Repo: "acme/shop", Number: 12, URL: "https://api.github.com"}},
		{"all, and nothing is set", nil, Target{Repo: "x/y", Number: 3}, Target{Forge: GitHub, Repo: "x/y", Number: 3}},
		{"the number", set, Target{Number: 3}, Target{Forge: GitHub, Repo: "acme/shop", Number: 3, URL: "https://api.github.com"}},
		{"a commit in place of the number", set, Target{Commit: "5eed1234"}, Target{Forge: GitHub, Repo: "acme/shop", Commit: "5eed1234", URL: "https://api.github.com"}},
		{"the address", set, Target{URL: "https://ghe.example/api/v3"}, Target{Forge: GitHub, Repo: "acme/shop", Number: 12, URL: "https://ghe.example/api/v3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := variables(c.set, nil).Resolve(GitHub, c.flags)
			if err != nil || got != c.want {
				t.Errorf("got %+v, %v\nwant %+v", got, err, c.want)
			}
		})
	}
	if _, err := variables(nil, nil).Resolve(GitHub, Target{Repo: "x/y"}); err == nil {
		t.Error("a number is missing, and nobody says so")
	}
}
