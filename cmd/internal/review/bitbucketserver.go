package review

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// bitbucketServer posts on a pull request of a Bitbucket Server or Data
// Center. It is the one forge whose comments have versions: a change must name
// the version that it changes, and is refused with 409 when that is past.
type bitbucketServer struct {
	caller
	pull string // the pull request's address in the API
	page string // and on the web
}

// openBitbucketServer makes the forge.
func openBitbucketServer(c caller, project, repo string, t Target) (Forge, error) {
	if t.Commit != "" {
		return nil, errors.New("commit: a Bitbucket server takes comments on pull requests only; give --pull-request")
	}
	c.title = "Bitbucket Server"
	// Without it, the server takes a change from a client that is no browser
	// for a forged one (XSRF check failed).
	c.extra = map[string]string{"X-Atlassian-Token": "no-check"}
	number := fmt.Sprint(t.Number)
	return &bitbucketServer{
		caller: c,
		pull:   segments(c.base, "rest", "api", "1.0", "projects", project, "repos", repo, "pull-requests", number),
		page:   segments(c.base, "projects", project, "repos", repo, "pull-requests", number, "overview"),
	}, nil
}

// Profile implements Forge.
func (f *bitbucketServer) Profile() Profile {
	return Profile{Title: f.title, MaxUnits: maxBitbucket, MarkerLast: true, Versioned: true}
}

// serverComment is a comment in the server's JSON.
type serverComment struct {
	ID      int64  `json:"id"`
	Version int    `json:"version"`
	Text    string `json:"text"`
	Created int64  `json:"createdDate"` // milliseconds since 1970
}

// posted reads a comment.
func (f *bitbucketServer) posted(c serverComment) Posted {
	return Posted{ID: c.ID, Text: c.Text, version: c.Version, Created: time.UnixMilli(c.Created).UTC(),
		URL: fmt.Sprintf("%s?commentId=%d", f.page, c.ID)}
}

// List implements Forge. The list of comments wants the path of a file, so the
// pull request's own are read from its activities.
func (f *bitbucketServer) List(ctx context.Context) ([]Posted, error) {
	var all []Posted
	seen := map[int64]bool{}
	for start := 0; ; {
		var page struct {
			Values []struct {
				Action        string        `json:"action"`
				CommentAction string        `json:"commentAction"`
				Comment       serverComment `json:"comment"`
			} `json:"values"`
			Last bool `json:"isLastPage"`
			Next int  `json:"nextPageStart"`
		}
		address := fmt.Sprintf("%s/activities?limit=500&start=%d", f.pull, start)
		if _, err := f.call(ctx, "listing the comments", http.MethodGet, address, nil, &page); err != nil {
			return nil, err
		}
		for _, a := range page.Values {
			if a.Action == "COMMENTED" && a.CommentAction == "ADDED" && !seen[a.Comment.ID] {
				seen[a.Comment.ID] = true
				all = append(all, f.posted(a.Comment))
			}
		}
		if page.Last || page.Next <= start {
			return all, nil
		}
		start = page.Next
	}
}

// Get implements Forge.
func (f *bitbucketServer) Get(ctx context.Context, p Posted) (Posted, error) {
	var c serverComment
	_, err := f.call(ctx, "reading the comment", http.MethodGet, f.one(p), nil, &c)
	return f.posted(c), moved(err)
}

// Create implements Forge.
func (f *bitbucketServer) Create(ctx context.Context, text string) (Posted, error) {
	var c serverComment
	_, err := f.call(ctx, "creating the comment", http.MethodPost, f.pull+"/comments", map[string]string{"text": text}, &c)
	return f.posted(c), err
}

// Update implements Forge.
func (f *bitbucketServer) Update(ctx context.Context, p Posted, text string) error {
	_, err := f.call(ctx, "updating the comment", http.MethodPut, f.one(p),
		map[string]any{"text": text, "version": p.version}, nil)
	return outdated(moved(err))
}

// Delete implements Forge.
func (f *bitbucketServer) Delete(ctx context.Context, p Posted) error {
	_, err := f.call(ctx, "deleting the comment", http.MethodDelete, fmt.Sprintf("%s?version=%d", f.one(p), p.version), nil, nil)
	return outdated(moved(err))
}

// Hide implements Forge.
func (f *bitbucketServer) Hide(context.Context, Posted) error { return errCannotHide }

// outdated reads the 409 for a past version as the comment's having changed.
// Other conflicts stay: a comment with replies cannot be deleted either.
func outdated(err error) error {
	var refused *CallError
	if errors.As(err, &refused) && refused.Status == http.StatusConflict &&
		strings.Contains(refused.Message, "CommentOutOfDate") {
		return errMoved
	}
	return err
}

// one is the address of one comment.
func (f *bitbucketServer) one(p Posted) string { return fmt.Sprintf("%s/comments/%d", f.pull, p.ID) }
