package review

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Poster posts comments. Its zero value is ready: unset fields take the
// defaults named beside them.
type Poster struct {
	Tries   int           // of finding and posting: 5
	Backoff time.Duration // before the second try, doubling after: 1 s
	MaxWait time.Duration // the longest wait a forge may ask for: 2 min
	Settle  time.Duration // the least pause between a write and the look that confirms it: 2 s
	Now     func() time.Time
	Sleep   func(context.Context, time.Duration) error
	// Log takes progress, one line a call; never a token.
	Log func(line string)
}

// Upsert brings a comment to stand on the pull request with the default
// patience. See Poster.Upsert.
func Upsert(ctx context.Context, f Forge, c Comment, b Behavior) (Outcome, error) {
	return Poster{}.Upsert(ctx, f, c, b)
}

// Upsert finds the comments of earlier runs and posts, updates, hides or
// deletes as the behaviour says. Runs that race on one pull request leave one
// comment between them, that of the newest ValidAt. An error of type
// *NotPostedError means that the comment was built but is not known to stand.
func (p Poster) Upsert(ctx context.Context, f Forge, c Comment, b Behavior) (Outcome, error) {
	p = p.withDefaults()
	profile := f.Profile()
	b, err := ParseBehavior(string(b))
	if err != nil {
		return Outcome{}, err
	}
	if b == HideAndNew && !profile.Hides {
		return Outcome{}, fmt.Errorf("behavior %s: only GitHub can hide comments; want %s, %s or %s on %s",
			b, Update, New, DeleteAndNew, profile.Title)
	}
	text, err := Compose(profile, c, b)
	if err != nil {
		return Outcome{}, err
	}
	r := &run{poster: p, forge: f, profile: profile, comment: c, behavior: b, text: text, slowest: p.Settle / 4}
	_, r.body, _ = split(text, profile)
	for try := 1; ; try++ {
		r.try = try
		out, err := r.once(ctx)
		if err == nil {
			out.Tries, out.Hidden, out.Deleted = try, r.hidden, r.deleted
			return out, nil
		}
		wait, why := p.next(ctx, err, try)
		if why == nil {
			p.Log(fmt.Sprintf("%s: try %d of %d: %v; trying again in %s", profile.Title, try, p.Tries, err, wait))
			if ended := p.Sleep(ctx, wait); ended != nil {
				why = fmt.Errorf("%w while waiting after this: %w", ended, err)
			}
		}
		if why != nil {
			return Outcome{URL: r.mine.URL, Tries: try, Hidden: r.hidden, Deleted: r.deleted},
				&NotPostedError{Forge: profile.Title, Tries: try, Written: r.written, Err: why}
		}
	}
}

// NotPostedError tells that a comment was built but does not stand, or that
// nothing confirms that it does.
type NotPostedError struct {
	Forge string
	Tries int
	// Written tells that the forge took the comment and something failed
	// after that.
	Written bool
	Err     error
}

func (e *NotPostedError) Error() string {
	tries := "1 try"
	if e.Tries != 1 {
		tries = fmt.Sprintf("%d tries", e.Tries)
	}
	end := "the comment was built but not posted, --dry-run prints it"
	if e.Written {
		end = "the comment was posted, but whether it stands is not confirmed"
	}
	return fmt.Sprintf("%v (%s; %s)", e.Err, tries, end)
}

func (e *NotPostedError) Unwrap() error { return e.Err }

// withDefaults fills the fields that are not set.
func (p Poster) withDefaults() Poster {
	if p.Tries <= 0 {
		p.Tries = 5
	}
	if p.Backoff <= 0 {
		p.Backoff = time.Second
	}
	if p.MaxWait <= 0 {
		p.MaxWait = 2 * time.Minute
	}
	if p.Settle <= 0 {
		p.Settle = 2 * time.Second
	}
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Sleep == nil {
		p.Sleep = sleep
	}
	if p.Log == nil {
		p.Log = func(string) {}
	}
	return p
}

// next decides about a failed try: how long to wait for another, or the error
// to give up with.
func (p Poster) next(ctx context.Context, err error, try int) (time.Duration, error) {
	var refused *CallError
	switch {
	case ctx.Err() != nil && !errors.Is(err, ctx.Err()):
		return 0, fmt.Errorf("%w: %w", ctx.Err(), err)
	case ctx.Err() != nil:
		return 0, err
	case !errors.As(err, &refused) || !refused.Retriable():
		return 0, err
	case try >= p.Tries:
		return 0, err
	}
	wait := p.Backoff << (try - 1)
	asked := refused.wait(p.Now())
	if asked > p.MaxWait {
		return 0, fmt.Errorf("%w; it asks to wait %s, longer than the %s this run would", err, asked.Round(time.Second), p.MaxWait)
	}
	return max(wait, asked), nil
}

// sleep waits, or returns early when the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
