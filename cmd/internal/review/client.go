package review

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Access is how to reach a forge and as whom.
type Access struct {
	// Token is the forge's token. Bitbucket also takes "user:app-password".
	Token string
	TLS   TLS
	// InitActive posts new threads as active (Azure Repos), which a branch
	// policy may want resolved before the merge. Otherwise they are closed.
	InitActive bool
	// HTTP overrides the client that TLS describes.
	HTTP *http.Client
}

// TLS is for servers with certificates of their own.
type TLS struct {
	CertFile           string // the client's certificate, PEM
	KeyFile            string // and its key
	InsecureSkipVerify bool
}

// requestTimeout bounds one request; tries and waits come on top.
const requestTimeout = 30 * time.Second

// client makes the HTTP client for one forge. The header with the token goes
// to the forge's own host only, and a redirect elsewhere is refused.
func (a Access) client(base *url.URL, header, value string) (*http.Client, error) {
	var c http.Client
	if a.HTTP != nil {
		c = *a.HTTP
	} else {
		transport, err := a.TLS.transport()
		if err != nil {
			return nil, err
		}
		c = http.Client{Transport: transport, Timeout: requestTimeout}
	}
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
	}
	c.Transport = &authorizer{next: c.Transport, base: base, header: header, value: value}
	c.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if len(via) >= 5 {
			return errors.New("redirected 5 times")
		}
		if !sameHost(req.URL, base) {
			return fmt.Errorf("redirected to %s, which is not the forge's host %s", req.URL.Host, base.Host)
		}
		return nil
	}
	return &c, nil
}

// transport is the standard one with the certificates.
func (t TLS) transport() (http.RoundTripper, error) {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok || t == (TLS{}) {
		return http.DefaultTransport, nil
	}
	transport := standard.Clone()
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: t.InsecureSkipVerify}
	if t.CertFile != "" || t.KeyFile != "" {
		if t.CertFile == "" || t.KeyFile == "" {
			return nil, errors.New("TLS: want both a certificate file and a key file, or neither")
		}
		pair, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("reading the TLS certificate: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	transport.TLSClientConfig = config
	return transport, nil
}

// authorizer adds the token to requests for the forge's host.
type authorizer struct {
	next   http.RoundTripper
	base   *url.URL
	header string
	value  string
}

// RoundTrip implements http.RoundTripper.
func (a *authorizer) RoundTrip(req *http.Request) (*http.Response, error) {
	if a.value == "" || !sameHost(req.URL, a.base) {
		return a.next.RoundTrip(req)
	}
	req = req.Clone(req.Context())
	req.Header.Set(a.header, a.value)
	return a.next.RoundTrip(req)
}

// sameHost tells that a URL is the forge's own, with the same scheme.
func sameHost(u, base *url.URL) bool {
	return u.Scheme == base.Scheme && strings.EqualFold(u.Host, base.Host)
}

// parseBase reads a server's URL.
func parseBase(what, s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: not a URL", what) // err would print what may hold a password
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return nil, fmt.Errorf("%s: want https://host, got %q", what, u.Redacted())
	case u.User != nil:
		return nil, fmt.Errorf("%s: want a URL without user name and password; the token is given apart", what)
	}
	u.RawQuery, u.Fragment = "", ""
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = ""
	return u, nil
}
