package review

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// azureRepos posts threads on a pull request of Azure DevOps, Services or
// Server. A thread's first comment is the comment.
type azureRepos struct {
	caller
	pull   string // the pull request's address in the API
	page   string // and on the web
	status string // of new threads
}

// azureVersion is the API's version: 5.1 has the threads and is known to
// every server since Azure DevOps Server 2019 Update 1.
const azureVersion = "api-version=5.1"

// openAzureRepos makes the forge. A token that is a JWT (SYSTEM_ACCESSTOKEN,
// Entra) goes as a bearer, any other is a personal access token.
func openAzureRepos(t Target, a Access) (Forge, error) {
	base, project, repo, err := parseAzureRepo(t.Repo)
	if err != nil {
		return nil, err
	}
	if t.Commit != "" {
		return nil, errors.New("commit: Azure Repos takes comments on pull requests only; give --pull-request")
	}
	f := &azureRepos{status: "closed"}
	if a.InitActive {
		f.status = "active"
	}
	f.caller = caller{title: "Azure Repos", base: base, token: a.Token, hints: map[int]string{
		http.StatusUnauthorized: "--azure-access-token (AZURE_ACCESS_TOKEN, SYSTEM_ACCESSTOKEN): it may have expired or be of another organization",
		http.StatusForbidden:    "the token's scope `Code (read & write)` and the build service's permission \"Contribute to pull requests\" on the repository",
		http.StatusNotFound:     "--repo-url and --pull-request, and that the token may see the repository",
	}}
	authorization := ""
	switch {
	case strings.HasPrefix(a.Token, "eyJ") && strings.Count(a.Token, ".") == 2:
		authorization = "Bearer " + a.Token
	case a.Token != "":
		authorization = "Basic " + base64.StdEncoding.EncodeToString([]byte(":"+a.Token))
	}
	if f.http, err = a.client(base, "Authorization", authorization); err != nil {
		return nil, err
	}
	number := fmt.Sprint(t.Number)
	f.pull = segments(base, project, "_apis", "git", "repositories", repo, "pullRequests", number, "threads")
	f.page = segments(base, project, "_git", repo, "pullrequest", number)
	return f, nil
}

// parseAzureRepo takes a repository's web address apart:
//
//	https://dev.azure.com/organization/project/_git/repository
//	https://organization.visualstudio.com/project/_git/repository
//	https://server/tfs/collection/project/_git/repository
//	https://dev.azure.com/organization/_git/repository (the project's namesake)
//
// A user name in it, as in the address to clone from, is dropped.
func parseAzureRepo(address string) (base *url.URL, project, repo string, err error) {
	wrong := errors.New("repo-url: want https://dev.azure.com/organization/project/_git/repository")
	u, parseErr := url.Parse(address)
	if parseErr != nil {
		return nil, "", "", wrong
	}
	u.User = nil
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	at := slices.Index(parts, "_git")
	if at < 0 || at+1 >= len(parts) || parts[at+1] == "" {
		return nil, "", "", fmt.Errorf("%w, got %q", wrong, u.String())
	}
	repo = parts[at+1]
	before := parts[:at]
	// dev.azure.com has the organization as its first segment, a server the
	// collection; *.visualstudio.com may have neither.
	hosted := !strings.HasSuffix(strings.ToLower(u.Host), ".visualstudio.com")
	switch {
	case len(before) >= 2 || len(before) == 1 && !hosted:
		project, before = before[len(before)-1], before[:len(before)-1]
	default:
		project = repo
	}
	if !hosted && strings.EqualFold(project, "DefaultCollection") {
		project, before = repo, append(before, project)
	}
	u.Path, u.RawPath = "/"+strings.Join(before, "/"), ""
	base, err = parseBase("repo-url", u.String())
	return base, project, repo, err
}

// Profile implements Forge. Azure's refusal says "A discussion comment cannot
// be longer than 150000 characters".
func (f *azureRepos) Profile() Profile {
	return Profile{Title: f.title, MaxUnits: 150_000, HTML: true}
}

// azureThread and azureComment are Azure's JSON.
type azureThread struct {
	ID       int64          `json:"id"`
	Deleted  bool           `json:"isDeleted"`
	Comments []azureComment `json:"comments"`
}

type azureComment struct {
	ID        int64     `json:"id"`
	Content   string    `json:"content"`
	Deleted   bool      `json:"isDeleted"`
	Published time.Time `json:"publishedDate"`
}

// posted reads a thread's comment.
func (f *azureRepos) posted(thread int64, c azureComment) Posted {
	return Posted{ID: thread, reply: c.ID, Text: c.Content, Created: c.Published,
		URL: fmt.Sprintf("%s?discussionId=%d", f.page, thread)}
}

// List implements Forge. Azure hands out all threads at once; should it ever
// page them, it does so by a continuation token.
func (f *azureRepos) List(ctx context.Context) ([]Posted, error) {
	var all []Posted
	address := f.pull + "?" + azureVersion
	for continuation := ""; ; {
		var page struct {
			Value []azureThread `json:"value"`
		}
		next := address
		if continuation != "" {
			next += "&continuationToken=" + url.QueryEscape(continuation)
		}
		header, err := f.call(ctx, "listing the threads", http.MethodGet, next, nil, &page)
		if err != nil {
			return nil, err
		}
		for _, t := range page.Value {
			if !t.Deleted && len(t.Comments) > 0 && !t.Comments[0].Deleted {
				all = append(all, f.posted(t.ID, t.Comments[0]))
			}
		}
		token := header.Get("X-Ms-Continuationtoken")
		if token == "" || token == continuation {
			return all, nil
		}
		continuation = token
	}
}

// Get implements Forge.
func (f *azureRepos) Get(ctx context.Context, p Posted) (Posted, error) {
	var c azureComment
	_, err := f.call(ctx, "reading the comment", http.MethodGet, f.one(p), nil, &c)
	switch {
	case err != nil:
		return Posted{}, moved(err)
	case c.Deleted:
		return Posted{}, errMoved
	}
	return f.posted(p.ID, c), nil
}

// Create implements Forge.
func (f *azureRepos) Create(ctx context.Context, text string) (Posted, error) {
	var t azureThread
	thread := map[string]any{
		"status":   f.status,
		"comments": []any{map[string]any{"parentCommentId": 0, "content": text, "commentType": "text"}},
	}
	if _, err := f.call(ctx, "creating the thread", http.MethodPost, f.pull+"?"+azureVersion, thread, &t); err != nil {
		return Posted{}, err
	}
	if len(t.Comments) == 0 {
		return Posted{}, &CallError{Forge: f.title, Doing: "creating the thread", Message: "the answer has no comment"}
	}
	return f.posted(t.ID, t.Comments[0]), nil
}

// Update implements Forge.
func (f *azureRepos) Update(ctx context.Context, p Posted, text string) error {
	var c azureComment
	_, err := f.call(ctx, "updating the comment", http.MethodPatch, f.one(p), map[string]string{"content": text}, &c)
	if err == nil && c.Deleted {
		return errMoved
	}
	return moved(err)
}

// Delete implements Forge.
func (f *azureRepos) Delete(ctx context.Context, p Posted) error {
	_, err := f.call(ctx, "deleting the comment", http.MethodDelete, f.one(p), nil, nil)
	return moved(err)
}

// Hide implements Forge.
func (f *azureRepos) Hide(context.Context, Posted) error { return errCannotHide }

// one is the address of a thread's comment.
func (f *azureRepos) one(p Posted) string {
	return fmt.Sprintf("%s/%d/comments/%d?%s", f.pull, p.ID, p.reply, azureVersion)
}
