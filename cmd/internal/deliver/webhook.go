package deliver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// webhookTimeout is how long one answer of a webhook is waited for.
const webhookTimeout = 30 * time.Second

// post sends JSON to the webhook that a reference stands for. It tries again
// where the server says that it did not take the message, and where no
// connection came about; where an answer was lost, it does not: the message may
// be there.
func (s *session) post(ctx context.Context, ref Reference, body []byte, refused func(host string) string) error {
	secret, err := s.secret(ctx, ref)
	if err != nil {
		return err
	}
	target, err := url.Parse(secret)
	if err != nil || target.Host == "" || (target.Scheme != "https" && !(target.Scheme == "http" && loopback(target.Hostname()))) {
		return fmt.Errorf("the secret %s is no https:// address", ref)
	}
	if why := refused(target.Hostname()); why != "" {
		return errors.New(why)
	}
	client := http.Client{Timeout: webhookTimeout}
	if s.HTTP != nil {
		client = *s.HTTP
	}
	// A redirect would carry the report to wherever the answer says.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s.retry(ctx, func() error { return postOnce(ctx, &client, secret, body) })
}

func postOnce(ctx context.Context, client *http.Client, target string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return errors.New("the webhook's address is not understood")
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := client.Do(req)
	if err != nil {
		return noAnswer(err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(res.Body, 2048))
	if res.StatusCode/100 == 2 {
		return nil
	}
	failure := fmt.Errorf("the webhook answers %s", strings.TrimSpace(res.Status+": "+atMost(line(string(text)), 200)))
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500 {
		return &passing{err: failure, pause: retryAfter(res.Header)}
	}
	return failure
}

// noAnswer says why a request got none; the error of net/http holds the
// address, which is a secret.
func noAnswer(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return &passing{err: fmt.Errorf("the webhook cannot be reached: %w", err)}
	}
	return fmt.Errorf("the webhook gives no answer, so the message may have arrived or not: %w", err)
}

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, 86400)) * time.Second
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
