package review

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// settled is the pause after a write, where the forge needs one.
func settled(s *stage) []time.Duration {
	if s.forge.Profile().Versioned {
		return nil
	}
	return []time.Duration{2 * time.Second}
}

func TestRefusalsThatPassAreTriedAgain(t *testing.T) {
	noon := day.Format(http.TimeFormat)
	for _, c := range []struct {
		name   string
		faults []fault
		want   []time.Duration // waits before the settling
	}{
		{"500 then success", []fault{answer("GET", 500, `{}`)}, []time.Duration{time.Second}},
		{"each of 500 to 504 doubles the wait",
			[]fault{answer("GET", 500, `{}`), answer("GET", 502, `<html>bad gateway</html>`), answer("GET", 503, ``), answer("GET", 504, ``)},
			[]time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}},
		{"409", []fault{answer("POST", 409, `{"message":"conflict"}`)}, []time.Duration{time.Second}},
		{"429 with seconds", []fault{answer("GET", 429, `{}`, "Retry-After: 37")}, []time.Duration{37 * time.Second}},
		{"429 with a date", []fault{answer("GET", 429, `{}`, "Date: "+noon, "Retry-After: "+day.Add(50*time.Second).Format(http.TimeFormat))},
			[]time.Duration{50 * time.Second}},
		{"429 with a reset by the server's clock",
			[]fault{answer("GET", 429, `{}`, "Date: "+noon, fmt.Sprintf("RateLimit-Reset: %d", day.Add(90*time.Second).Unix()))},
			[]time.Duration{90 * time.Second}},
		{"429 with a reset in seconds", []fault{answer("POST", 429, `{}`, "RateLimit-Reset: 20")}, []time.Duration{20 * time.Second}},
		{"429 that says nothing", []fault{answer("POST", 429, `{}`)}, []time.Duration{time.Second}},
		{"403 of a rate limit",
			[]fault{answer("GET", 403, `{"message":"API rate limit exceeded"}`, "Date: "+noon, "X-RateLimit-Remaining: 0",
				fmt.Sprintf("X-RateLimit-Reset: %d", day.Add(65*time.Second).Unix()))},
			[]time.Duration{65 * time.Second}},
		{"403 with Retry-After", []fault{answer("POST", 403, `{"message":"slow down"}`, "Retry-After: 5")}, []time.Duration{5 * time.Second}},
		{"connection reset before the answer", []fault{reset("POST", false), reset("GET", false)}, []time.Duration{time.Second, 2 * time.Second}},
		{"an answer that is no JSON", []fault{answer("GET", 200, `{"half`)}, []time.Duration{time.Second}},
	} {
		t.Run(c.name, func(t *testing.T) {
			onEveryForge(t, func(t *testing.T, s *stage) {
				s.faults = slices.Clone(c.faults)
				out, err := s.post(comment("costs $10", 1), Update)
				if err != nil || out.Action != Created || out.Tries != len(c.want)+1 {
					t.Fatalf("%+v, %v", out, err)
				}
				if want := append(slices.Clone(c.want), settled(s)...); !slices.Equal(s.clock.slept, want) {
					t.Errorf("slept %v, want %v", s.clock.slept, want)
				}
				if len(s.texts()) != 1 {
					t.Errorf("on the board: %q", s.texts())
				}
			})
		})
	}
}

// A write whose answer is lost was done all the same; the next try finds it.
func TestLostAnswersLeaveOneComment(t *testing.T) {
	for _, b := range []Behavior{Update, New, DeleteAndNew} {
		t.Run(string(b), func(t *testing.T) {
			onEveryForge(t, func(t *testing.T, s *stage) {
				s.faults = []fault{reset("POST", true)}
				out, err := s.post(comment("costs $10", 1), b)
				if err != nil || out.Action != Created || out.Tries != 2 || len(s.texts()) != 1 {
					t.Fatalf("%+v, %v, %q", out, err, s.texts())
				}
			})
		})
	}
	onEveryForge(t, func(t *testing.T, s *stage) {
		if _, err := s.post(comment("costs $10", 1), Update); err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{"PATCH", "PUT"} {
			s.faults = append(s.faults, reset(method, true))
		}
		s.clock.slept = nil
		out, err := s.post(comment("costs $20", 2), Update)
		if err != nil || out.Action != Updated || len(s.texts()) != 1 || !strings.Contains(s.texts()[0], "$20") {
			t.Fatalf("%+v, %v, %q", out, err, s.texts())
		}
		if want := append([]time.Duration{time.Second}, settled(s)...); !slices.Equal(s.clock.slept, want) {
			t.Errorf("slept %v, want %v", s.clock.slept, want)
		}
		s.faults = nil // of the two methods, a forge has one
	})
}

func TestRefusalsThatStayFailAtOnce(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		check  string // what the message must say to check
	}{
		{401, `{"message":"Bad credentials for robot:s3cr3t-t0k3n"}`, "token"},
		{403, `{"message":"Resource not accessible by integration"}`, "scope"},
		{404, `{"message":"Not Found"}`, "request"},
		{422, `{"message":"Validation Failed","errors":[{"message":"Body is too long (maximum is 65536 characters)"}]}`, ""},
	} {
		for _, method := range []string{"GET", "POST"} {
			t.Run(fmt.Sprint(c.status, " to ", method), func(t *testing.T) {
				onEveryForge(t, func(t *testing.T, s *stage) {
					s.faults = []fault{answer(method, c.status, c.body)}
					out, err := s.post(comment("costs $10", 1), Update)
					var not *NotPostedError
					var refused *CallError
					if !errors.As(err, &not) || !errors.As(err, &refused) || out.Tries != 1 || refused.Status != c.status {
						t.Fatalf("%+v, %v", out, err)
					}
					noToken(t, err.Error())
					if !strings.Contains(err.Error(), "the comment was built but not posted") {
						t.Errorf("the message does not say that nothing was posted: %v", err)
					}
					if c.check != "" && !strings.Contains(refused.Hint, c.check) {
						t.Errorf("the hint %q does not mention %q", refused.Hint, c.check)
					}
					if len(s.clock.slept) > 0 {
						t.Errorf("slept %v", s.clock.slept)
					}
				})
			})
		}
	}
}

func TestGivesUpAfterFiveTries(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		for range 5 {
			s.faults = append(s.faults, answer("GET", 503, `{"message":"down for maintenance, robot:s3cr3t-t0k3n"}`))
		}
		out, err := s.post(comment("costs $10", 1), Update)
		if err == nil || out.Tries != 5 || !strings.Contains(err.Error(), "5 tries; the comment was built but not posted") {
			t.Fatalf("%+v, %v", out, err)
		}
		noToken(t, err.Error())
		if want := []time.Duration{1e9, 2e9, 4e9, 8e9}; !slices.Equal(s.clock.slept, want) {
			t.Errorf("slept %v, want %v", s.clock.slept, want)
		}
	})
}

func TestLongRateLimitIsNotWaitedFor(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		s.faults = []fault{answer("GET", 429, `{"message":"too many"}`, "Retry-After: 2460")}
		_, err := s.post(comment("costs $10", 1), Update)
		if err == nil || !strings.Contains(err.Error(), "429 Too Many Requests, rate limit: too many; it asks to wait 41m0s, longer than the 2m0s this run would") {
			t.Fatalf("%v", err)
		}
		if len(s.clock.slept) > 0 {
			t.Errorf("slept %v", s.clock.slept)
		}
	})
}

func TestGitHubSecondaryLimitWaitsAMinute(t *testing.T) {
	s := kinds()[0].stage(t)
	s.faults = []fault{answer("POST", 403, `{"message":"You have exceeded a secondary rate limit",
		"documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`)}
	out, err := s.post(comment("costs $10", 1), Update)
	if err != nil || out.Tries != 2 || s.clock.slept[0] != time.Minute {
		t.Fatalf("%+v, %v, slept %v", out, err, s.clock.slept)
	}
}

func TestHidingThatIsRefused(t *testing.T) {
	s := kinds()[0].stage(t)
	if _, err := s.post(comment("a", 1), HideAndNew); err != nil {
		t.Fatal(err)
	}
	graphql := func(kind string) fault {
		return fault{"POST", func(w http.ResponseWriter, r *http.Request, proceed func()) {
			if r.URL.Path != "/api/graphql" { // the comment itself comes first
				proceed()
				s.mu.Lock()
				defer s.mu.Unlock()
				s.faults = append(s.faults, answer("POST", 200, `{"errors":[{"type":"`+kind+`","message":"no"}]}`))
			}
		}}
	}
	s.faults = []fault{graphql("RATE_LIMITED")}
	out, err := s.post(comment("b", 2), HideAndNew)
	if err != nil || out.Action != Created || out.Tries != 2 || out.Hidden != 1 || len(s.texts()) != 2 {
		t.Fatalf("%+v, %v", out, err)
	}
	s.faults = []fault{graphql("FORBIDDEN")}
	out, err = s.post(comment("c", 3), HideAndNew)
	if err != nil || out.Action != Created || out.Hidden != 0 ||
		!strings.Contains(out.Reason, "an earlier comment stays: hiding the comment on GitHub: 403 Forbidden: no; check the token's scope") {
		t.Fatalf("%+v, %v", out, err)
	}
}

func TestSlowBodyMeetsTheDeadline(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		ctx, cancel := context.WithCancelCause(context.Background())
		s.faults = []fault{{"GET", func(w http.ResponseWriter, r *http.Request, _ func()) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `[`)
			w.(http.Flusher).Flush()
			cancel(context.DeadlineExceeded) // the rest of the body never comes
			<-r.Context().Done()
		}}}
		_, err := s.poster().Upsert(ctx, s.forge, comment("a", 1), Update)
		if !errors.Is(err, context.Canceled) || len(s.clock.slept) > 0 {
			t.Fatalf("%v, slept %v", err, s.clock.slept)
		}
	})
}

func TestSlowBodyOfOneRequestIsTriedAgain(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			s := k.stage(t)
			// The client's own timeout, without waiting for it: the transport
			// says it has passed.
			base := s.address(t, k)
			s.forge = k.open(t, base, Access{Token: testToken, HTTP: &http.Client{Transport: &lateOnce{next: http.DefaultTransport}}})
			out, err := s.post(comment("a", 1), Update)
			if err != nil || out.Tries != 2 {
				t.Fatalf("%+v, %v", out, err)
			}
		})
	}
}

// lateOnce lets the first request time out.
type lateOnce struct {
	next http.RoundTripper
	done bool
}

func (l *lateOnce) RoundTrip(req *http.Request) (*http.Response, error) {
	if !l.done {
		l.done = true
		return nil, context.DeadlineExceeded
	}
	return l.next.RoundTrip(req)
}

func TestRedirectsElsewhereAreRefused(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			elsewhere := k.stage(t)
			s := k.stage(t)
			where := elsewhere.address(t, k)
			s.faults = []fault{{"GET", func(w http.ResponseWriter, r *http.Request, _ func()) {
				http.Redirect(w, r, where+r.URL.Path, http.StatusTemporaryRedirect)
			}}}
			_, err := s.post(comment("a", 1), Update)
			var refused *CallError
			if !errors.As(err, &refused) || refused.Retriable() || !strings.Contains(err.Error(), "which is not the forge's host") {
				t.Fatalf("%v", err)
			}
			if len(elsewhere.calls) > 0 {
				t.Error("the other host was called")
			}
		})
	}
}

func TestNextPageElsewhereIsRefused(t *testing.T) {
	s := kinds()[3].stage(t)
	s.faults = []fault{answer("GET", 200, `{"values":[],"next":"https://evil.example/2.0/x"}`)}
	_, err := s.post(comment("a", 1), Update)
	if err == nil || !strings.Contains(err.Error(), "the forge sent to evil.example for the next page") {
		t.Fatalf("%v", err)
	}
}

func TestAzureSignInPageIsARefusal(t *testing.T) {
	k := kinds()[6]
	s := k.stage(t)
	s.faults = []fault{answer("GET", 203, `<html>Sign in</html>`)}
	_, err := s.post(comment("a", 1), Update)
	var refused *CallError
	if !errors.As(err, &refused) || refused.Status != 401 || !strings.Contains(refused.Hint, "--azure-access-token") {
		t.Fatalf("%v", err)
	}
}

func TestAzureThreadStatus(t *testing.T) {
	k := kinds()[6]
	for active, want := range map[bool]string{false: "closed", true: "active"} {
		s := k.stage(t)
		s.forge = k.open(t, s.address(t, k), Access{Token: testToken, InitActive: active})
		if _, err := s.post(comment("a", 1), Update); err != nil || s.status != want {
			t.Errorf("active %v: status %q, %v", active, s.status, err)
		}
	}
}

// address is the server's address, as the forge was opened with.
func (s *stage) address(t *testing.T, k kind) string {
	t.Helper()
	switch f := s.forge.(type) {
	case *githubForge:
		return "http://" + f.base.Host
	case *gitlabForge:
		return "http://" + f.base.Host
	case *bitbucketCloud:
		return "http://" + f.base.Host
	case *bitbucketServer:
		return "http://" + f.base.Host
	case *azureRepos:
		return "http://" + f.base.Host
	}
	t.Fatalf("%s: unknown forge", k.name)
	return ""
}

func TestErrorsInFull(t *testing.T) {
	s := kinds()[0].stage(t)
	for _, c := range []struct {
		fault fault
		want  string
	}{
		{answer("GET", 404, `{"message":"Not Found"}`), "listing the comments on GitHub: 404 Not Found; check --repo and --pull-request or --commit, " +
			"and that the token may see the repository: GitHub answers 404 to those who may not (1 try; the comment was built but not posted, --dry-run prints it)"},
		{answer("POST", 403, `{"message":"Resource not accessible by integration"}`), "creating the comment on GitHub: 403 Forbidden: " +
			"Resource not accessible by integration; check the token's scope: it needs `pull-requests: write` (and `contents: write` for commits), " +
			"and on pull requests from forks GITHUB_TOKEN may only read (1 try; the comment was built but not posted, --dry-run prints it)"},
	} {
		s.faults = []fault{c.fault}
		if _, err := s.post(comment("x", 1), Update); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// A run that ends while it settles has posted, and must not deny it.
func TestEndWhileSettling(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			s := k.stage(t)
			if s.forge.Profile().Versioned {
				t.Skip("does not settle")
			}
			ctx, cancel := context.WithCancel(context.Background())
			poster := s.poster()
			poster.Sleep = func(context.Context, time.Duration) error { cancel(); return ctx.Err() }
			out, err := poster.Upsert(ctx, s.forge, comment("a", 1), Update)
			want := "context canceled (1 try; the comment was posted, but whether it stands is not confirmed)"
			if err == nil || err.Error() != want || !errors.Is(err, context.Canceled) || out.URL == "" {
				t.Errorf("%+v, %v", out, err)
			}
		})
	}
}

// A wait that is broken off says what it was for.
func TestEndWhileWaiting(t *testing.T) {
	s := kinds()[0].stage(t)
	s.faults = []fault{answer("GET", 503, `{}`)}
	ctx, cancel := context.WithCancel(context.Background())
	poster := s.poster()
	poster.Sleep = func(context.Context, time.Duration) error { cancel(); return ctx.Err() }
	_, err := poster.Upsert(ctx, s.forge, comment("a", 1), Update)
	want := "context canceled while waiting after this: listing the comments on GitHub: 503 Service Unavailable (1 try; the comment was built but not posted, --dry-run prints it)"
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}
