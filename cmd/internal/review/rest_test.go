package review

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The fake forges. Each speaks as much of its REST as the product asks for,
// from the forges' documentation, and answers 404 to anything else.

// reply writes JSON.
func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if v != nil {
		_ = json.NewEncoder(w).Encode(v)
	}
}

// notFound is the answer for what is not there.
func notFound(w http.ResponseWriter) {
	reply(w, http.StatusNotFound, map[string]string{"message": "Not Found"})
}

// field reads one string of a JSON body, by its path.
func field(r *http.Request, path ...string) string {
	data, _ := io.ReadAll(r.Body)
	var v any
	_ = json.Unmarshal(data, &v)
	for _, key := range path {
		switch in := v.(type) {
		case map[string]any:
			v = in[key]
		case []any:
			i, _ := strconv.Atoi(key)
			v = in[i]
		}
	}
	s, _ := v.(string)
	return s
}

// tail reads the number at the end of a path that begins with prefix.
func tail(path, prefix string) (int64, bool) {
	rest, ok := strings.CutPrefix(path, prefix+"/")
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(rest, 10, 64)
	return n, err == nil
}

// pageOf cuts a page out of the board and says whether there are more.
func (b *board) pageOf(page int) ([]*entry, bool) {
	from := min((page-1)*b.page, len(b.entries))
	to := min(from+b.page, len(b.entries))
	return b.entries[from:to], to < len(b.entries)
}

// created is when a comment was made.
func (e *entry) created() time.Time { return day.Add(time.Duration(e.id) * time.Second) }

// githubREST speaks GitHub's.
func githubREST(b *board) http.HandlerFunc {
	show := func(e *entry) map[string]any {
		m := map[string]any{"id": e.id, "node_id": fmt.Sprint("N", e.id), "body": e.text, "created_at": e.created(),
			"html_url": fmt.Sprintf("https://github.example/acme/shop/pull/7#issuecomment-%d", e.id)}
		if e.hidden {
			m["minimized"] = map[string]string{"reason": "outdated"}
		}
		return m
	}
	return func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, "/api/v3/repos/acme/shop")
		if r.URL.Path == "/api/graphql" {
			var in struct{ Variables struct{ ID string } }
			_ = json.NewDecoder(r.Body).Decode(&in)
			id, _ := strconv.ParseInt(strings.TrimPrefix(in.Variables.ID, "N"), 10, 64)
			e := b.find(id)
			if e == nil {
				reply(w, 200, map[string]any{"errors": []any{map[string]string{"type": "NOT_FOUND", "message": "no such node"}}})
				return
			}
			e.hidden = true
			reply(w, 200, map[string]any{"data": map[string]any{}})
			return
		}
		list := map[string]bool{"/issues/7/comments": true, "/commits/5eed1234/comments": true}
		id, one := tail(path, "/issues/comments")
		if !one {
			id, one = tail(path, "/comments")
		}
		switch {
		case list[path] && r.Method == http.MethodGet:
			page, _ := strconv.Atoi(r.URL.Query().Get("page"))
			entries, more := b.pageOf(max(page, 1))
			if more {
				w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?page=%d>; rel="next", <http://%s%s?page=99>; rel="last"`,
					r.Host, r.URL.Path, max(page, 1)+1, r.Host, r.URL.Path))
			}
			shown := []any{}
			for _, e := range entries {
				shown = append(shown, show(e))
			}
			reply(w, 200, shown)
		case list[path] && r.Method == http.MethodPost:
			reply(w, 201, show(b.add(field(r, "body"))))
		case !one || b.find(id) == nil:
			notFound(w)
		case r.Method == http.MethodGet:
			reply(w, 200, show(b.find(id)))
		case r.Method == http.MethodPatch:
			b.find(id).text = field(r, "body")
			reply(w, 200, show(b.find(id)))
		case r.Method == http.MethodDelete:
			b.erase(w, id, 204)
		}
	}
}

// erase deletes a comment, unless it refuses.
func (b *board) erase(w http.ResponseWriter, id int64, status int) {
	if refuses := b.find(id).refuses; refuses != 0 {
		reply(w, refuses, map[string]any{"errors": []any{map[string]string{"message": "it has replies", "exceptionName": "CommentDeletionException"}}})
		return
	}
	b.remove(id)
	w.WriteHeader(status)
}

// gitlabREST speaks GitLab's. The second comment of the board is a system note.
func gitlabREST(b *board) http.HandlerFunc {
	show := func(e *entry) any {
		return map[string]any{"id": e.id, "body": e.text, "created_at": e.created(), "system": strings.HasPrefix(e.text, "changed the")}
	}
	return func(w http.ResponseWriter, r *http.Request) {
		const notes = "/api/v4/projects/acme%2Fgroup%2Fshop/merge_requests/7/notes"
		path := r.URL.EscapedPath()
		id, one := tail(path, notes)
		switch {
		case path == notes && r.Method == http.MethodGet:
			page, _ := strconv.Atoi(r.URL.Query().Get("page"))
			entries, more := b.pageOf(max(page, 1))
			if more {
				w.Header().Set("X-Next-Page", strconv.Itoa(max(page, 1)+1))
			}
			shown := []any{}
			for _, e := range entries {
				shown = append(shown, show(e))
			}
			reply(w, 200, shown)
		case path == notes && r.Method == http.MethodPost:
			reply(w, 201, show(b.add(field(r, "body"))))
		case !one || b.find(id) == nil:
			notFound(w)
		case r.Method == http.MethodGet:
			reply(w, 200, show(b.find(id)))
		case r.Method == http.MethodPut:
			b.find(id).text = field(r, "body")
			reply(w, 200, show(b.find(id)))
		case r.Method == http.MethodDelete:
			b.erase(w, id, 204)
		}
	}
}

// cloudREST speaks Bitbucket Cloud's.
func cloudREST(b *board) http.HandlerFunc {
	show := func(e *entry) any {
		return map[string]any{"id": e.id, "content": map[string]string{"raw": e.text}, "created_on": e.created(), "deleted": false,
			"links": map[string]any{"html": map[string]string{"href": fmt.Sprintf("https://bitbucket.example/acme/shop/7#comment-%d", e.id)}}}
	}
	return func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, "/2.0/repositories/acme/shop")
		comments := "/pullrequests/7/comments"
		if strings.HasPrefix(path, "/commit/") {
			comments = "/commit/5eed1234/comments"
		}
		id, one := tail(path, comments)
		switch {
		case path == comments && r.Method == http.MethodGet:
			page, _ := strconv.Atoi(r.URL.Query().Get("page"))
			entries, more := b.pageOf(max(page, 1))
			// A deleted comment stays in the list, without text.
			shown := []any{map[string]any{"id": 1, "deleted": true, "content": map[string]string{"raw": ""}}}
			for _, e := range entries {
				shown = append(shown, show(e))
			}
			out := map[string]any{"values": shown}
			if more {
				out["next"] = fmt.Sprintf("http://%s%s?page=%d", r.Host, r.URL.Path, max(page, 1)+1)
			}
			reply(w, 200, out)
		case path == comments && r.Method == http.MethodPost:
			reply(w, 201, show(b.add(field(r, "content", "raw"))))
		case !one || b.find(id) == nil:
			notFound(w)
		case r.Method == http.MethodGet:
			reply(w, 200, show(b.find(id)))
		case r.Method == http.MethodPut:
			b.find(id).text = field(r, "content", "raw")
			reply(w, 200, show(b.find(id)))
		case r.Method == http.MethodDelete:
			b.erase(w, id, 204)
		}
	}
}

// serverREST speaks Bitbucket Server's, which compares versions.
func serverREST(b *board) http.HandlerFunc {
	show := func(e *entry) any {
		return map[string]any{"id": e.id, "version": e.version, "text": e.text, "createdDate": e.created().UnixMilli()}
	}
	stale := func(w http.ResponseWriter) {
		reply(w, 409, map[string]any{"errors": []any{map[string]string{"message": "You are attempting to modify a comment based on out-of-date information.",
			"exceptionName": "com.atlassian.bitbucket.comment.CommentOutOfDateException"}}})
	}
	return func(w http.ResponseWriter, r *http.Request) {
		const pull = "/rest/api/1.0/projects/ACME/repos/shop/pull-requests/7"
		id, one := tail(r.URL.Path, pull+"/comments")
		switch {
		case r.Header.Get("X-Atlassian-Token") != "no-check":
			reply(w, 403, map[string]any{"errors": []any{map[string]string{"message": "XSRF check failed"}}})
		case r.URL.Path == pull+"/activities":
			start, _ := strconv.Atoi(r.URL.Query().Get("start"))
			entries, more := b.pageOf(start/b.page + 1)
			shown := []any{map[string]any{"action": "OPENED"}}
			for _, e := range entries {
				shown = append(shown, map[string]any{"action": "COMMENTED", "commentAction": "ADDED", "comment": show(e)})
			}
			reply(w, 200, map[string]any{"values": shown, "isLastPage": !more, "nextPageStart": start + b.page})
		case r.URL.Path == pull+"/comments" && r.Method == http.MethodPost:
			reply(w, 201, show(b.add(field(r, "text"))))
		case !one || b.find(id) == nil:
			notFound(w)
		case r.Method == http.MethodGet:
			reply(w, 200, show(b.find(id)))
		case r.Method == http.MethodPut:
			var in struct {
				Text    string
				Version int
			}
			_ = json.NewDecoder(r.Body).Decode(&in)
			e := b.find(id)
			if e.version != in.Version {
				stale(w)
				return
			}
			e.text, e.version = in.Text, e.version+1
			reply(w, 200, show(e))
		case r.Method == http.MethodDelete:
			if r.URL.Query().Get("version") != strconv.Itoa(b.find(id).version) {
				stale(w)
				return
			}
			b.erase(w, id, 204)
		}
	}
}

// azureREST speaks Azure DevOps'. A deleted comment stays, marked as deleted.
func azureREST(b *board) http.HandlerFunc {
	part := func(e *entry) map[string]any {
		return map[string]any{"id": 1, "content": e.text, "publishedDate": e.created(), "isDeleted": false}
	}
	thread := func(e *entry) any { return map[string]any{"id": e.id, "comments": []any{part(e)}} }
	return func(w http.ResponseWriter, r *http.Request) {
		const threads = "/acme/web shop/_apis/git/repositories/shop/pullRequests/7/threads"
		id, one := tail(strings.TrimSuffix(r.URL.Path, "/comments/1"), threads)
		switch {
		case r.URL.Query().Get("api-version") == "":
			reply(w, 400, map[string]string{"message": "No api-version was supplied"})
		case r.URL.Path == threads && r.Method == http.MethodGet:
			page, _ := strconv.Atoi(r.URL.Query().Get("continuationToken"))
			entries, more := b.pageOf(max(page, 1))
			shown := []any{map[string]any{"id": 1, "isDeleted": true, "comments": []any{}},
				map[string]any{"id": 2, "comments": []any{map[string]any{"id": 1, "isDeleted": true}}}}
			for _, e := range entries {
				shown = append(shown, thread(e))
			}
			if more {
				w.Header().Set("X-Ms-ContinuationToken", strconv.Itoa(max(page, 1)+1))
			}
			reply(w, 200, map[string]any{"value": shown, "count": len(shown)})
		case r.URL.Path == threads && r.Method == http.MethodPost:
			var in struct {
				Status   string
				Comments []struct{ Content string }
			}
			_ = json.NewDecoder(r.Body).Decode(&in)
			b.status = in.Status
			reply(w, 200, thread(b.add(in.Comments[0].Content)))
		case !one:
			notFound(w)
		case b.find(id) == nil && r.Method == http.MethodGet:
			reply(w, 200, map[string]any{"id": 1, "isDeleted": true})
		case b.find(id) == nil:
			notFound(w)
		case r.Method == http.MethodGet:
			reply(w, 200, part(b.find(id)))
		case r.Method == http.MethodPatch:
			b.find(id).text = field(r, "content")
			reply(w, 200, part(b.find(id)))
		case r.Method == http.MethodDelete:
			b.erase(w, id, 200)
		}
	}
}
