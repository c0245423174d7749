package review

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// caller turns what a forge's clients return into CallErrors, and is the whole
// client for the forges that have no library here.
type caller struct {
	title string // "GitHub"
	base  *url.URL
	http  *http.Client
	token string            // never to be printed
	hints map[int]string    // what to check, by status
	extra map[string]string // headers for every request
}

// maxAnswer bounds what is read of one answer: a page of a hundred comments of
// a forge's greatest length is 100 MB at worst, on GitLab.
const maxAnswer = 128 << 20

// call sends a request with a JSON body and reads a JSON answer into out. It
// returns the headers of the answer.
func (c *caller) call(ctx context.Context, doing, method, address string, in, out any) (http.Header, error) {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", doing, err)
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	if !sameHost(req.URL, c.base) {
		return nil, fmt.Errorf("%s: the forge sent to %s for the next page, which is not its host %s",
			doing, req.URL.Host, c.base.Host)
	}
	req.Header.Set("Accept", "application/json")
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range c.extra {
		req.Header.Set(name, value)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.broken(ctx, doing, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, c.broken(ctx, doing, err)
	}
	if signIn(resp) {
		resp.StatusCode = http.StatusUnauthorized
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, c.refused(doing, resp.StatusCode, resp.Header, words(data))
	}
	if out != nil {
		if err := json.Unmarshal(data, out); err != nil {
			return nil, &CallError{Forge: c.title, Doing: doing, Message: "reading the answer: " + c.hush(err.Error())}
		}
	}
	return resp.Header, nil
}

// signIn recognises the page that Azure DevOps answers with, as 203, where the
// token is not accepted.
func signIn(resp *http.Response) bool {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return resp.StatusCode == http.StatusNonAuthoritativeInfo ||
		resp.StatusCode == http.StatusOK && kind == "text/html"
}

// refused is the error for an answer that is a refusal.
func (c *caller) refused(doing string, status int, h http.Header, message string) *CallError {
	e := &CallError{Forge: c.title, Doing: doing, Status: status, Message: c.hush(message), Hint: c.hints[status]}
	lower := strings.ToLower(message)
	if status == http.StatusForbidden && (strings.Contains(lower, "rate limit") || strings.Contains(lower, "abuse detection")) {
		e.RateLimited = true
	}
	e.readWait(h)
	if e.RateLimited {
		e.Hint = ""
	}
	return e
}

// broken is the error for a request without an answer. Where the context
// ended, that is the error.
func (c *caller) broken(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s on %s: %w", doing, c.title, ctx.Err())
	}
	// The URL is left out: it says nothing that doing and the forge do not.
	var in *url.Error
	if errors.As(err, &in) {
		err = in.Err
	}
	e := &CallError{Forge: c.title, Doing: doing, Message: c.hush(err.Error())}
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	if errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid) {
		e.Hint = "the server's certificate and the system's trusted ones"
	}
	if strings.Contains(e.Message, "redirected ") {
		e.Hint = "the server's address and the token: sign-in pages are elsewhere"
	}
	return e
}

// hush shortens a message and takes the token out, should a proxy quote it.
func (c *caller) hush(message string) string {
	if c.token != "" {
		message = strings.ReplaceAll(message, c.token, "[token]")
		if _, password, ok := strings.Cut(c.token, ":"); ok && password != "" {
			message = strings.ReplaceAll(message, password, "[token]")
		}
	}
	message = strings.Join(strings.Fields(message), " ")
	if runes := []rune(message); len(runes) > 300 {
		message = string(runes[:300]) + "…"
	}
	return message
}

// words finds the message in a forge's refusal; each has its own shape.
func words(data []byte) string {
	var shapes struct {
		Message any `json:"message"` // GitHub, GitLab, Azure
		Error   any `json:"error"`   // Bitbucket Cloud: an object; GitLab: a string
		Errors  []struct {
			Message       string `json:"message"` // Bitbucket Server
			ExceptionName string `json:"exceptionName"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(data, &shapes); err != nil {
		if bytes.HasPrefix(bytes.TrimSpace(data), []byte("<")) {
			return "(an HTML page)"
		}
		return string(data[:min(len(data), 1000)])
	}
	var said []string
	for _, v := range []any{shapes.Message, shapes.Error} {
		switch v := v.(type) {
		case string:
			said = append(said, v)
		case map[string]any:
			if m, ok := v["message"].(string); ok {
				said = append(said, m)
			}
		}
	}
	for _, e := range shapes.Errors {
		said = append(said, strings.TrimSpace(e.Message+" "+e.ExceptionName))
	}
	return strings.Join(said, "; ")
}
