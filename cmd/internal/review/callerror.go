package review

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// CallError is a call that a forge refused or that did not reach it.
type CallError struct {
	Forge       string
	Doing       string // "listing the comments"
	Status      int    // 0 where no answer came
	Message     string // the forge's own words, or what broke
	Hint        string // what to check
	RateLimited bool

	after time.Duration // how long the forge asks to wait
	until time.Time     // or until when, by its clock,
	date  time.Time     // which said this
}

func (e *CallError) Error() string {
	var b strings.Builder
	b.WriteString(e.Doing + " on " + e.Forge + ": ")
	message := e.Message
	if e.Status != 0 {
		name := http.StatusText(e.Status)
		fmt.Fprintf(&b, "%d %s", e.Status, name)
		if e.RateLimited {
			b.WriteString(", rate limit")
		}
		if message == name {
			message = "" // it says no more than its number
		}
		if message != "" {
			b.WriteString(": ")
		}
	}
	b.WriteString(message)
	if e.Hint != "" {
		b.WriteString("; check " + e.Hint)
	}
	return b.String()
}

// Retriable tells that the same call may succeed later.
func (e *CallError) Retriable() bool {
	switch e.Status {
	case 0:
		return e.Hint == "" // nothing answered; a hint says that waiting will not help
	case http.StatusConflict, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusNotImplemented, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return e.RateLimited
}

// wait is how long the forge asks to wait, seen from now.
func (e *CallError) wait(now time.Time) time.Duration {
	wait := e.after
	if !e.until.IsZero() {
		if !e.date.IsZero() {
			now = e.date
		}
		wait = max(wait, e.until.Sub(now))
	}
	return max(wait, 0)
}

// epochFloor tells the two meanings of a reset header apart: seconds since
// 1970 (GitHub, GitLab) and seconds from now (the IETF's RateLimit draft).
const epochFloor = 1_000_000_000

// readWait takes from an answer's headers how long to wait and whether they
// speak of a rate limit.
func (e *CallError) readWait(h http.Header) {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		e.date = date
	}
	if after := h.Get("Retry-After"); after != "" {
		if n, err := strconv.Atoi(after); err == nil && n >= 0 {
			e.after = time.Duration(min(n, epochFloor)) * time.Second
		} else if until, err := http.ParseTime(after); err == nil {
			e.until = until
		}
	}
	switch e.Status {
	case http.StatusTooManyRequests:
		e.RateLimited = true
	case http.StatusForbidden:
		e.RateLimited = e.RateLimited || h.Get("Retry-After") != "" ||
			h.Get("X-RateLimit-Remaining") == "0" || h.Get("RateLimit-Remaining") == "0"
	}
	if !e.RateLimited || e.after > 0 {
		return
	}
	for _, name := range []string{"X-RateLimit-Reset", "RateLimit-Reset"} {
		n, err := strconv.ParseInt(h.Get(name), 10, 64)
		switch {
		case err != nil || n <= 0:
			continue
		case n >= epochFloor:
			e.until = time.Unix(n, 0)
		default:
			e.after = time.Duration(n) * time.Second
		}
		return
	}
}
