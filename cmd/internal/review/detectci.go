package review

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// githubTarget reads GitHub Actions' variables, and Azure Pipelines' where
// these build a repository on GitHub.
func githubTarget(l *lookout) Target {
	t := Target{Repo: l.get("GITHUB_REPOSITORY"), URL: l.get("GITHUB_API_URL")}
	t.Number = pullOfRef(l.get("GITHUB_REF"))
	event := l.get("GITHUB_EVENT_NAME")
	if t.Number == 0 {
		t.Number = l.pullOfEvent(l.get("GITHUB_EVENT_PATH"))
	}
	// On a push there is no pull request, and the commit takes comments too.
	// An event of a pull request without its number must not end up there:
	// GITHUB_SHA would be that of the base branch.
	if sha := l.get("GITHUB_SHA"); t.Number == 0 && event == "push" {
		t.Commit = sha
	}
	if t.Repo == "" && strings.HasPrefix(l.get("BUILD_REPOSITORY_PROVIDER"), "GitHub") {
		t.Repo = l.get("BUILD_REPOSITORY_NAME")
		t.Number = l.number("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER")
	}
	return t
}

// pullOfRef reads the number in refs/pull/N/merge.
func pullOfRef(ref string) int {
	rest, ok := strings.CutPrefix(ref, "refs/pull/")
	if !ok {
		return 0
	}
	number, _, _ := strings.Cut(rest, "/")
	n, _ := digits(number)
	return n
}

// pullOfEvent reads the number from the file that describes the event that
// started the workflow.
func (l *lookout) pullOfEvent(path string) int {
	if path == "" || l.env.ReadFile == nil {
		return 0
	}
	data, err := l.env.ReadFile(path)
	if err != nil {
		l.notes = append(l.notes, fmt.Sprintf("GITHUB_EVENT_PATH: %v", err))
		return 0
	}
	type pull struct {
		Number int `json:"number"`
	}
	var event struct {
		Pull  pull `json:"pull_request"`
		Issue struct {
			pull
			Pull *struct{} `json:"pull_request"` // an issue that is a pull request
		} `json:"issue"`
		WorkflowRun struct {
			Pulls []pull `json:"pull_requests"`
		} `json:"workflow_run"`
	}
	if err := json.Unmarshal(data, &event); err != nil {
		l.notes = append(l.notes, fmt.Sprintf("GITHUB_EVENT_PATH: reading %s: %v", path, err))
		return 0
	}
	switch {
	case event.Pull.Number > 0:
		return event.Pull.Number
	case event.Issue.Pull != nil && event.Issue.Number > 0:
		return event.Issue.Number
	case len(event.WorkflowRun.Pulls) == 1:
		return max(event.WorkflowRun.Pulls[0].Number, 0)
	}
	return 0
}

// gitlabTarget reads GitLab CI's variables. A merge request from a fork runs
// in the fork's project; its number counts in the project it is for.
func gitlabTarget(l *lookout) Target {
	t := Target{
		Number: l.number("CI_MERGE_REQUEST_IID"),
		Repo: l.first("CI_MERGE_REQUEST_PROJECT_PATH", "CI_MERGE_REQUEST_PROJECT_ID",
			"CI_PROJECT_PATH", "CI_PROJECT_ID"),
		URL: l.first("CI_API_V4_URL", "CI_SERVER_URL"),
	}
	if t.Number != 0 {
		return t
	}
	// A branch's pipeline names the merge requests open for the branch, as
	// group/project!12,group/project!13.
	open := l.get("CI_OPEN_MERGE_REQUESTS")
	switch repo, number, ok := strings.Cut(open, "!"); {
	case open == "":
	case strings.Contains(open, ","):
		l.notes = append(l.notes, fmt.Sprintf("CI_OPEN_MERGE_REQUESTS names several (%s)", open))
	case ok:
		if n, ok := digits(number); ok {
			t.Repo, t.Number = repo, n
		}
	}
	return t
}

// bitbucketTarget reads Bitbucket Pipelines' variables.
func bitbucketTarget(l *lookout) Target {
	t := Target{Repo: l.get("BITBUCKET_REPO_FULL_NAME"), Number: l.number("BITBUCKET_PR_ID")}
	if t.Repo == "" {
		workspace, slug := l.get("BITBUCKET_WORKSPACE"), l.get("BITBUCKET_REPO_SLUG")
		if workspace != "" && slug != "" {
			t.Repo = workspace + "/" + slug
		}
	}
	return t
}

// azureTarget reads Azure Pipelines' variables.
func azureTarget(l *lookout) Target {
	t := Target{Number: l.number("SYSTEM_PULLREQUEST_PULLREQUESTID")}
	provider := l.get("BUILD_REPOSITORY_PROVIDER")
	if provider != "" && provider != "TfsGit" {
		l.notes = append(l.notes, fmt.Sprintf("BUILD_REPOSITORY_PROVIDER is %q, not TfsGit: the repository is not in Azure Repos", provider))
		return Target{}
	}
	if address := l.get("BUILD_REPOSITORY_URI"); strings.Contains(address, "/_git/") {
		t.Repo = address
		return t
	}
	collection, project := l.get("SYSTEM_COLLECTIONURI"), l.get("SYSTEM_TEAMPROJECT")
	repo := l.first("BUILD_REPOSITORY_NAME", "BUILD_REPOSITORY_ID")
	if collection != "" && project != "" && repo != "" {
		t.Repo = strings.TrimRight(collection, "/") + "/" + url.PathEscape(project) + "/_git/" + url.PathEscape(repo)
	}
	return t
}
