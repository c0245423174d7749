package review

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// bitbucketCloud posts on a pull request or a commit of bitbucket.org.
type bitbucketCloud struct {
	caller
	comments string // the address of the list
}

// The two names of Bitbucket Cloud.
const (
	bitbucketSite = "https://bitbucket.org"
	bitbucketAPI  = "https://api.bitbucket.org/2.0"
)

// maxBitbucket is one less than the number in Bitbucket Server's refusal,
// "Please enter a non-empty value less than 32768 characters". That of Cloud
// is not published.
const maxBitbucket = 32_767

// openBitbucket makes the forge: Cloud for bitbucket.org and for an address
// that ends in Cloud's /2.0, a Server or Data Center for any other.
func openBitbucket(t Target, a Access) (Forge, error) {
	address := strings.TrimRight(or(t.URL, bitbucketSite), "/")
	if strings.EqualFold(address, bitbucketSite) {
		address = bitbucketAPI
	}
	base, err := parseBase("bitbucket-server-url", address)
	if err != nil {
		return nil, err
	}
	owner, repo, ok := strings.Cut(t.Repo, "/")
	if !ok || owner == "" || repo == "" || strings.Contains(repo, "/") {
		return nil, fmt.Errorf("repo: want workspace/repository, or PROJECT/repository on a server, got %q", t.Repo)
	}
	c := caller{title: "Bitbucket", base: base, token: a.Token, hints: map[int]string{
		http.StatusUnauthorized: "--bitbucket-token (BITBUCKET_TOKEN): an access token, or 'user:app-password', or 'e-mail:API-token'",
		http.StatusForbidden:    "the token's scope: it needs `pullrequest:write` (Cloud) or permission to read the repository (Server)",
		http.StatusNotFound:     "--repo and --pull-request, and that the token may see the repository",
		http.StatusBadRequest:   "that the pull request is open and the comment within the server's limit",
	}}
	authorization := prefixed("Bearer ", a.Token)
	if strings.Contains(a.Token, ":") {
		authorization = "Basic " + base64.StdEncoding.EncodeToString([]byte(a.Token))
	}
	if c.http, err = a.client(base, "Authorization", authorization); err != nil {
		return nil, err
	}
	if !strings.HasSuffix(base.Path, "/2.0") {
		return openBitbucketServer(c, owner, repo, t)
	}
	f := &bitbucketCloud{caller: c}
	where := segments(base, "repositories", owner, repo)
	if t.Commit != "" {
		f.comments = where + "/commit/" + t.Commit + "/comments"
	} else {
		f.comments = fmt.Sprintf("%s/pullrequests/%d/comments", where, t.Number)
	}
	return f, nil
}

// Profile implements Forge.
func (f *bitbucketCloud) Profile() Profile {
	return Profile{Title: f.title, MaxUnits: maxBitbucket, MarkerLast: true}
}

// cloudComment is a comment in Cloud's JSON.
type cloudComment struct {
	ID      int64     `json:"id"`
	Created time.Time `json:"created_on"`
	Deleted bool      `json:"deleted"`
	Content struct {
		Raw string `json:"raw"`
	} `json:"content"`
	Links struct {
		HTML struct {
			Href string `json:"href"`
		} `json:"html"`
	} `json:"links"`
}

// posted reads a comment.
func (c cloudComment) posted() Posted {
	return Posted{ID: c.ID, Text: c.Content.Raw, Created: c.Created, URL: c.Links.HTML.Href}
}

// cloudBody is what Cloud takes for a comment's text.
func cloudBody(text string) any {
	return map[string]any{"content": map[string]string{"raw": text}}
}

// List implements Forge. Each page names the next by its whole address, which
// call follows to the forge's own host only.
func (f *bitbucketCloud) List(ctx context.Context) ([]Posted, error) {
	var all []Posted
	seen := map[string]bool{}
	for next := f.comments + "?pagelen=100"; next != "" && !seen[next]; {
		seen[next] = true
		var page struct {
			Values []cloudComment `json:"values"`
			Next   string         `json:"next"`
		}
		if _, err := f.call(ctx, "listing the comments", http.MethodGet, next, nil, &page); err != nil {
			return nil, err
		}
		for _, c := range page.Values {
			if !c.Deleted {
				all = append(all, c.posted())
			}
		}
		next = page.Next
	}
	return all, nil
}

// Get implements Forge.
func (f *bitbucketCloud) Get(ctx context.Context, p Posted) (Posted, error) {
	var c cloudComment
	_, err := f.call(ctx, "reading the comment", http.MethodGet, f.one(p), nil, &c)
	switch {
	case err != nil:
		return Posted{}, moved(err)
	case c.Deleted:
		return Posted{}, errMoved
	}
	return c.posted(), nil
}

// Create implements Forge.
func (f *bitbucketCloud) Create(ctx context.Context, text string) (Posted, error) {
	var c cloudComment
	_, err := f.call(ctx, "creating the comment", http.MethodPost, f.comments, cloudBody(text), &c)
	return c.posted(), err
}

// Update implements Forge.
func (f *bitbucketCloud) Update(ctx context.Context, p Posted, text string) error {
	_, err := f.call(ctx, "updating the comment", http.MethodPut, f.one(p), cloudBody(text), nil)
	return moved(err)
}

// Delete implements Forge.
func (f *bitbucketCloud) Delete(ctx context.Context, p Posted) error {
	_, err := f.call(ctx, "deleting the comment", http.MethodDelete, f.one(p), nil, nil)
	return moved(err)
}

// Hide implements Forge.
func (f *bitbucketCloud) Hide(context.Context, Posted) error { return errCannotHide }

// one is the address of one comment.
func (f *bitbucketCloud) one(p Posted) string { return fmt.Sprintf("%s/%d", f.comments, p.ID) }
