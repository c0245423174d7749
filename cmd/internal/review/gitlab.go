package review

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	gitlab "gitlab.com/gitlab-org/api/client-go/v2"
)

// gitlabForge posts notes on a merge request.
type gitlabForge struct {
	caller
	client  *gitlab.Client
	project string // path or numeric id
	number  int64
	page    string // the merge request's web page, empty where not known
}

// unlimited replaces the client's own limiter, which sleeps by itself.
type unlimited struct{}

// Wait implements gitlab.RateLimiter.
func (unlimited) Wait(context.Context) error { return nil }

// openGitLab makes the forge.
func openGitLab(t Target, a Access) (Forge, error) {
	base, err := parseBase("gitlab-server-url", or(t.URL, "https://gitlab.com"))
	if err != nil {
		return nil, err
	}
	if t.Repo == "" || strings.HasPrefix(t.Repo, "/") {
		return nil, fmt.Errorf("repo: want group/project or a project's number, got %q", t.Repo)
	}
	server := *base
	server.Path = strings.TrimSuffix(base.Path, "/api/v4")
	base.Path = server.Path + "/api/v4"
	f := &gitlabForge{project: t.Repo, number: int64(t.Number)}
	if strings.Contains(t.Repo, "/") {
		f.page = fmt.Sprintf("%s/%s/-/merge_requests/%d", server.String(), t.Repo, t.Number)
	}
	f.caller = caller{title: "GitLab", base: base, token: a.Token, hints: map[int]string{
		http.StatusUnauthorized: "--gitlab-token (GITLAB_TOKEN): it may have expired or be of another server; CI_JOB_TOKEN cannot write notes",
		http.StatusForbidden:    "the token's scope: it needs `api` and the role Reporter or higher; CI_JOB_TOKEN cannot write notes",
		http.StatusNotFound:     "--repo and --merge-request (its number in the project, CI_MERGE_REQUEST_IID), and that the token may see the project",
	}}
	if f.http, err = a.client(base, gitlab.AccessTokenHeaderName, a.Token); err != nil {
		return nil, err
	}
	f.client, err = gitlab.NewAuthSourceClient(gitlab.Unauthenticated{}, gitlab.WithHTTPClient(f.http),
		gitlab.WithBaseURL(base.String()), gitlab.WithoutRetries(), gitlab.WithCustomLimiter(unlimited{}),
		gitlab.WithURLWarningLogger(slog.New(slog.DiscardHandler)), gitlab.WithUserAgent("ecsavvy"))
	if err != nil {
		return nil, fmt.Errorf("gitlab-server-url: %w", err)
	}
	return f, nil
}

// Profile implements Forge. GitLab: "Limited to 1,000,000 characters",
// https://docs.gitlab.com/api/notes/.
func (f *gitlabForge) Profile() Profile {
	return Profile{Title: f.title, MaxUnits: 1_000_000, HTML: true}
}

// List implements Forge.
func (f *gitlabForge) List(ctx context.Context) ([]Posted, error) {
	var all []Posted
	opt := &gitlab.ListMergeRequestNotesOptions{
		ListOptions: gitlab.ListOptions{PerPage: 100, Page: 1},
		OrderBy:     gitlab.Ptr("created_at"), Sort: gitlab.Ptr("asc"),
	}
	for {
		notes, resp, err := f.client.Notes.ListMergeRequestNotes(f.project, f.number, opt, gitlab.WithContext(ctx))
		if err != nil {
			return nil, f.fail(ctx, "listing the notes", resp, err)
		}
		for _, n := range notes {
			if !n.System {
				all = append(all, f.posted(n))
			}
		}
		if resp.NextPage <= opt.Page {
			return all, nil
		}
		opt.Page = resp.NextPage
	}
}

// Get implements Forge.
func (f *gitlabForge) Get(ctx context.Context, p Posted) (Posted, error) {
	n, resp, err := f.client.Notes.GetMergeRequestNote(f.project, f.number, p.ID, gitlab.WithContext(ctx))
	if err != nil {
		return Posted{}, moved(f.fail(ctx, "reading the note", resp, err))
	}
	return f.posted(n), nil
}

// Create implements Forge.
func (f *gitlabForge) Create(ctx context.Context, text string) (Posted, error) {
	n, resp, err := f.client.Notes.CreateMergeRequestNote(f.project, f.number,
		&gitlab.CreateMergeRequestNoteOptions{Body: &text}, gitlab.WithContext(ctx))
	if err != nil {
		return Posted{}, f.fail(ctx, "creating the note", resp, err)
	}
	return f.posted(n), nil
}

// Update implements Forge.
func (f *gitlabForge) Update(ctx context.Context, p Posted, text string) error {
	_, resp, err := f.client.Notes.UpdateMergeRequestNote(f.project, f.number, p.ID,
		&gitlab.UpdateMergeRequestNoteOptions{Body: &text}, gitlab.WithContext(ctx))
	return moved(f.fail(ctx, "updating the note", resp, err))
}

// Delete implements Forge.
func (f *gitlabForge) Delete(ctx context.Context, p Posted) error {
	resp, err := f.client.Notes.DeleteMergeRequestNote(f.project, f.number, p.ID, gitlab.WithContext(ctx))
	return moved(f.fail(ctx, "deleting the note", resp, err))
}

// Hide implements Forge.
func (f *gitlabForge) Hide(context.Context, Posted) error { return errCannotHide }

// fail turns the client's errors into a CallError.
func (f *gitlabForge) fail(ctx context.Context, doing string, resp *gitlab.Response, err error) error {
	if err == nil {
		return nil
	}
	if resp == nil || resp.Response == nil || resp.StatusCode < 300 {
		return f.broken(ctx, doing, err)
	}
	var message string
	var refusal *gitlab.ErrorResponse
	if errors.As(err, &refusal) {
		message = words(refusal.Body)
	}
	return f.refused(doing, resp.StatusCode, resp.Header, message)
}

// posted reads a note.
func (f *gitlabForge) posted(n *gitlab.Note) Posted {
	p := Posted{ID: n.ID, Text: n.Body}
	if n.CreatedAt != nil {
		p.Created = *n.CreatedAt
	}
	if f.page != "" {
		p.URL = fmt.Sprintf("%s#note_%d", f.page, n.ID)
	}
	return p
}

// or is the first of two strings that is not empty.
func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// prefixed puts a scheme before a token, and nothing before none.
func prefixed(scheme, token string) string {
	if token == "" {
		return ""
	}
	return scheme + token
}

// moved reads a 404 on one comment as its having gone.
func moved(err error) error {
	var refused *CallError
	if errors.As(err, &refused) && (refused.Status == http.StatusNotFound || refused.Status == http.StatusGone) {
		return errMoved
	}
	return err
}

// segments joins path segments, each escaped.
func segments(base *url.URL, parts ...string) string {
	address := base.Scheme + "://" + base.Host + base.EscapedPath()
	for _, part := range parts {
		address += "/" + url.PathEscape(part)
	}
	return address
}
