package deliver

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Tries of one destination: after 1, 2, 4 and 8 s, or as long as the server
// asks for, up to a minute.
const (
	tries      = 5
	firstPause = time.Second
	mostPause  = time.Minute
)

// passing is an error after which trying again is right: nothing was accepted.
type passing struct {
	err   error
	pause time.Duration // what the server asks for, 0 for nothing
}

func (e *passing) Error() string { return e.err.Error() }

// retry does something until it works, fails for good, or was tried enough.
func (s *session) retry(ctx context.Context, once func() error) error {
	pause := firstPause
	for n := 1; ; n++ {
		err := once()
		p, again := errors.AsType[*passing](err)
		if !again {
			return err
		}
		wait := max(pause, p.pause)
		if wait > mostPause {
			return fmt.Errorf("%w; it asks for a pause of %s", p.err, wait)
		}
		if n == tries {
			return fmt.Errorf("%w; tried %d times", p.err, n)
		}
		if err := s.sleep(ctx, wait); err != nil {
			return fmt.Errorf("%w; stopped after %d tries: %w", p.err, n, err)
		}
		pause *= 2
	}
}

func (s *session) sleep(ctx context.Context, d time.Duration) error {
	if s.Sleep != nil {
		return s.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
