package review

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// lull stands for time in races over real connections: a pause ends when every
// other run has ended or pauses too, which is what a pause that is long enough
// comes to.
type lull struct {
	mu     sync.Mutex
	cond   *sync.Cond
	active int
	turn   int
}

// newLull is a lull for a number of runs.
func newLull(runs int) *lull {
	l := &lull{active: runs}
	l.cond = sync.NewCond(&l.mu)
	return l
}

// leave ends a run.
func (l *lull) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest()
}

// rest counts a run out and lets the others go on when it was the last.
func (l *lull) rest() {
	if l.active--; l.active == 0 {
		l.turn++
		l.cond.Broadcast()
	}
}

// sleep pauses a run.
func (l *lull) sleep(ctx context.Context, _ time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	turn := l.turn
	l.rest()
	for turn == l.turn {
		l.cond.Wait()
	}
	l.active++
	return ctx.Err()
}

// raceResult checks the end of a race of runs with the minutes 1 to n.
func raceResult(t *testing.T, b *board, outcomes []Outcome, errs []error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	texts := b.texts()
	if len(texts) != 1 || !strings.Contains(texts[0], fmt.Sprintf("run %d\n", len(outcomes))) {
		t.Fatalf("after %d runs there stand %d comments: %.300q\n%+v", len(outcomes), len(texts), texts, outcomes)
	}
	if last := outcomes[len(outcomes)-1].Action; last != Created && last != Updated {
		t.Errorf("the newest run says %s", last)
	}
}

// Runs race over real connections, with the race detector watching.
func TestRacingRunsOverLoopback(t *testing.T) {
	const runs = 8
	for _, behavior := range []Behavior{Update, DeleteAndNew} {
		for _, standing := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, standing %v", behavior, standing), func(t *testing.T) {
				onEveryForge(t, func(t *testing.T, s *stage) {
					if standing {
						if _, err := s.post(comment("run 0\nof "+"yesterday", 0), Update); err != nil {
							t.Fatal(err)
						}
					}
					l := newLull(runs)
					outcomes, errs := make([]Outcome, runs), make([]error, runs)
					var group sync.WaitGroup
					for i := range runs {
						group.Go(func() {
							defer l.leave()
							poster := Poster{Now: func() time.Time { return day }, Sleep: l.sleep}
							c := comment(fmt.Sprintf("run %d\nof today", i+1), i+1)
							outcomes[i], errs[i] = poster.Upsert(context.Background(), s.forge, c, behavior)
						})
					}
					group.Wait()
					raceResult(t, s.board, outcomes, errs)
				})
			})
		}
	}
}

// roundTripper answers requests from a handler, without a connection, and as
// slowly as it is told.
type roundTripper struct {
	handler http.Handler
	delay   func() time.Duration
}

func (r roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	time.Sleep(r.delay())
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, req)
	time.Sleep(r.delay())
	return w.Result(), nil
}

// Runs race in a world with a clock of its own: they start within some
// seconds, every call takes up to 0.4 s there and 0.4 s back, and the pauses
// are those of production. Real time hardly passes.
func TestRacingRunsOnTheClock(t *testing.T) {
	rounds := uint64(40)
	if testing.Short() {
		rounds = 5
	}
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			for seed := range rounds {
				synctest.Test(t, func(t *testing.T) { onTheClock(t, k, seed) })
			}
		})
	}
}

// onTheClock is one race.
func onTheClock(t *testing.T, k kind, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 2))
	runs := 2 + random.IntN(6)
	b := &board{page: 100, lastID: 100}
	handler := b.serve(k.handle(b))
	outcomes, errs := make([]Outcome, runs), make([]error, runs)
	var group sync.WaitGroup
	for i, minute := range random.Perm(runs) {
		start := time.Duration(random.IntN(3000)) * time.Millisecond
		own := rand.New(rand.NewPCG(seed, uint64(i)))
		forge := k.open(t, "http://forge.example", Access{Token: testToken, HTTP: &http.Client{Transport: roundTripper{handler,
			func() time.Duration { return time.Duration(own.IntN(400)) * time.Millisecond }}}})
		group.Go(func() {
			time.Sleep(start)
			c := comment(fmt.Sprintf("run %d\nof today", minute+1), minute+1)
			c.ValidAt = c.ValidAt.AddDate(-30, 0, 0) // the clock in here starts in 2000
			outcomes[minute], errs[minute] = Upsert(t.Context(), forge, c, Update)
		})
	}
	group.Wait()
	raceResult(t, b, outcomes, errs)
}

// lagging is a forge whose list shows the first state it had, a number of
// times over.
type lagging struct {
	Forge
	lag   int
	first []Posted
	known bool
}

func (l *lagging) List(ctx context.Context) ([]Posted, error) {
	now, err := l.Forge.List(ctx)
	if err != nil || l.lag == 0 {
		return now, err
	}
	l.lag--
	if !l.known {
		l.first, l.known = slices.Clone(now), true
	}
	return slices.Clone(l.first), nil
}

// A list that lags behind makes a run neither post twice nor edit twice.
func TestListThatLags(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		forge := s.forge
		for minute, c := range []struct {
			body string
			want Action
		}{{"costs $10", Created}, {"costs $20", Updated}} {
			s.forge = &lagging{Forge: forge, lag: 3}
			before := s.writes()
			out, err := s.post(comment(c.body, minute), Update)
			if err != nil || out.Action != c.want || out.Deleted > 0 || len(s.texts()) != 1 || !strings.Contains(s.texts()[0], c.body) {
				t.Fatalf("%+v, %v, %q", out, err, s.texts())
			}
			if n := s.writes() - before; n != 1 {
				t.Errorf("%s: %d calls changed something, want 1", c.body, n)
			}
		}
	})
}

// Of comments with the same valid-at the first stands, so that links to it
// stay good.
func TestOfEqualsTheFirstStands(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		for _, body := range []string{"one", "two"} {
			text, err := Compose(s.forge.Profile(), comment(body, 1), Update)
			if err != nil {
				t.Fatal(err)
			}
			s.add(text)
		}
		out, err := s.post(comment("older", 0), Update)
		if err != nil || out.Action != Skipped || out.Deleted != 1 || len(s.texts()) != 1 || !strings.Contains(s.texts()[0], "one") {
			t.Fatalf("%+v, %v, %q", out, err, s.texts())
		}
	})
}

// An edit that was refused because the comment had changed is as if it had not
// been tried.
func TestRefusedEditIsForgotten(t *testing.T) {
	s := kinds()[5].stage(t)
	if _, err := s.post(comment("costs $10", 1), Update); err != nil {
		t.Fatal(err)
	}
	s.faults = []fault{{"PUT", func(w http.ResponseWriter, _ *http.Request, _ func()) {
		s.mu.Lock()
		defer s.mu.Unlock()
		e := s.board.entries[0]
		e.text, e.version = strings.Replace(e.text, "$10", "$20", 1), e.version+1
		reply(w, 409, map[string]any{"errors": []any{map[string]string{"exceptionName": "com.atlassian.bitbucket.comment.CommentOutOfDateException"}}})
	}}}
	out, err := s.post(comment("costs $20", 2), Update)
	if err != nil || out.Action != Unchanged || out.Tries != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
}
