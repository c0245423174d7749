package review

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-github/v92/github"
)

// githubForge posts on a pull request or, where sha is set, on a commit.
type githubForge struct {
	caller
	client  *github.Client
	graphql string
	owner   string
	repo    string
	number  int
	sha     string
}

// githubURL is GitHub's own API.
const githubURL = "https://api.github.com"

// openGitHub makes the forge. go-github's own rate-limit memory is off: it
// reads the machine's clock, and waiting is the Poster's job.
func openGitHub(t Target, a Access) (Forge, error) {
	base, err := parseBase("github-api-url", or(t.URL, githubURL))
	if err != nil {
		return nil, err
	}
	// An Enterprise server's address may come without the path of its API.
	if base.Path == "" && !strings.HasPrefix(base.Host, "api.") {
		base.Path = "/api/v3"
	}
	owner, repo, ok := strings.Cut(t.Repo, "/")
	if !ok || owner == "" || repo == "" || strings.ContainsAny(repo, "/") || strings.ContainsAny(t.Repo, "?#% ") {
		return nil, fmt.Errorf("repo: want owner/name, got %q", t.Repo)
	}
	f := &githubForge{owner: owner, repo: repo, number: t.Number, sha: t.Commit}
	f.caller = caller{title: "GitHub", base: base, token: a.Token, hints: map[int]string{
		http.StatusUnauthorized: "--github-token (GITHUB_TOKEN): it may have expired or be of another server",
		http.StatusForbidden: "the token's scope: it needs `pull-requests: write` (and `contents: write` for commits), " +
			"and on pull requests from forks GITHUB_TOKEN may only read",
		http.StatusNotFound:            "--repo and --pull-request or --commit, and that the token may see the repository: GitHub answers 404 to those who may not",
		http.StatusUnprocessableEntity: "that the conversation is not locked and the commit exists",
	}}
	if f.http, err = a.client(base, "Authorization", prefixed("Bearer ", a.Token)); err != nil {
		return nil, err
	}
	address := base.String() + "/"
	f.client, err = github.NewClient(github.WithHTTPClient(f.http), github.WithURLs(&address, &address),
		github.WithDisableRateLimitCheck(), github.WithUserAgent("ecsavvy"))
	if err != nil {
		return nil, fmt.Errorf("github-api-url: %w", err)
	}
	f.graphql = graphqlURL(base)
	return f, nil
}

// graphqlURL is where the API of a REST root has its GraphQL: beside it.
func graphqlURL(base *url.URL) string {
	u := *base
	u.Path = strings.TrimSuffix(u.Path, "/v3") + "/graphql"
	return u.String()
}

// Profile implements Forge. GitHub's refusal says "maximum is 65536
// characters"; see docs/comments.md for what was measured.
func (f *githubForge) Profile() Profile {
	return Profile{Title: f.title, MaxUnits: 65_000, HTML: true, Hides: true}
}

// List implements Forge.
func (f *githubForge) List(ctx context.Context) ([]Posted, error) {
	const doing = "listing the comments"
	var all []Posted
	page := github.ListOptions{PerPage: 100, Page: 1}
	for {
		var resp *github.Response
		var err error
		if f.sha != "" {
			var some []*github.RepositoryComment
			some, resp, err = f.client.Repositories.ListCommitComments(ctx, f.owner, f.repo, f.sha, &page)
			for _, c := range some {
				all = append(all, postedOnCommit(c))
			}
		} else {
			var some []*github.IssueComment
			some, resp, err = f.client.Issues.ListComments(ctx, f.owner, f.repo, f.number,
				&github.IssueListCommentsOptions{ListOptions: page})
			for _, c := range some {
				all = append(all, postedOnIssue(c))
			}
		}
		if err != nil {
			return nil, f.fail(ctx, doing, err)
		}
		if resp.NextPage <= page.Page {
			return all, nil
		}
		page.Page = resp.NextPage
	}
}

// Get implements Forge.
func (f *githubForge) Get(ctx context.Context, p Posted) (Posted, error) {
	if f.sha != "" {
		c, _, err := f.client.Repositories.GetComment(ctx, f.owner, f.repo, p.ID)
		return postedOnCommit(c), moved(f.fail(ctx, "reading the comment", err))
	}
	c, _, err := f.client.Issues.GetComment(ctx, f.owner, f.repo, p.ID)
	return postedOnIssue(c), moved(f.fail(ctx, "reading the comment", err))
}

// Create implements Forge.
func (f *githubForge) Create(ctx context.Context, text string) (Posted, error) {
	if f.sha != "" {
		c, _, err := f.client.Repositories.CreateComment(ctx, f.owner, f.repo, f.sha, github.CreateCommitCommentRequest{Body: text})
		return postedOnCommit(c), f.fail(ctx, "creating the comment", err)
	}
	c, _, err := f.client.Issues.CreateComment(ctx, f.owner, f.repo, f.number, github.IssueCommentRequest{Body: text})
	return postedOnIssue(c), f.fail(ctx, "creating the comment", err)
}

// Update implements Forge.
func (f *githubForge) Update(ctx context.Context, p Posted, text string) error {
	var err error
	if f.sha != "" {
		_, _, err = f.client.Repositories.UpdateComment(ctx, f.owner, f.repo, p.ID, github.UpdateCommitCommentRequest{Body: text})
	} else {
		_, _, err = f.client.Issues.UpdateComment(ctx, f.owner, f.repo, p.ID, github.IssueCommentRequest{Body: text})
	}
	return moved(f.fail(ctx, "updating the comment", err))
}

// Delete implements Forge.
func (f *githubForge) Delete(ctx context.Context, p Posted) error {
	var err error
	if f.sha != "" {
		_, err = f.client.Repositories.DeleteComment(ctx, f.owner, f.repo, p.ID)
	} else {
		_, err = f.client.Issues.DeleteComment(ctx, f.owner, f.repo, p.ID)
	}
	return moved(f.fail(ctx, "deleting the comment", err))
}

// fail turns go-github's errors into a CallError.
func (f *githubForge) fail(ctx context.Context, doing string, err error) error {
	var plain *github.ErrorResponse
	var primary *github.RateLimitError
	var secondary *github.AbuseRateLimitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &primary):
		return f.refused(doing, primary.Response.StatusCode, primary.Response.Header, primary.Message)
	case errors.As(err, &secondary):
		return f.slowedDown(doing, secondary.Response, secondary.Message)
	case errors.As(err, &plain) && plain.Response != nil:
		message := plain.Message
		for _, detail := range plain.Errors {
			message += "; " + or(detail.Message, detail.Code)
		}
		return f.refused(doing, plain.Response.StatusCode, plain.Response.Header, message)
	}
	return f.broken(ctx, doing, err)
}

// slowedDown is GitHub's limit on writing too fast. Where no header says how
// long to wait, its documentation asks for a minute.
func (f *githubForge) slowedDown(doing string, resp *http.Response, message string) *CallError {
	e := f.refused(doing, resp.StatusCode, resp.Header, message)
	e.RateLimited, e.Hint = true, ""
	if e.after == 0 && e.until.IsZero() {
		e.after = secondaryWait
	}
	return e
}

// postedOnIssue reads a pull request's comment.
func postedOnIssue(c *github.IssueComment) Posted {
	return Posted{ID: c.GetID(), Text: c.GetBody(), Created: c.GetCreatedAt().Time, URL: c.GetHTMLURL(),
		Hidden: c != nil && c.Minimized != nil, node: c.GetNodeID()}
}

// postedOnCommit reads a commit's comment.
func postedOnCommit(c *github.RepositoryComment) Posted {
	return Posted{ID: c.GetID(), Text: c.GetBody(), Created: c.GetCreatedAt().Time, URL: c.GetHTMLURL(), node: c.GetNodeID()}
}
