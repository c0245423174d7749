package review

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Comment is what a run wants to stand on the pull request.
type Comment struct {
	// Body is markdown, without the marker.
	Body string
	// Tag tells apart several comments on one pull request; empty is the
	// comment without a tag.
	Tag string
	// ValidAt is when the figures were taken. Of two runs the one with the
	// newer ValidAt wins, whichever writes first.
	ValidAt time.Time
	// OnlyIfPosted keeps quiet where nothing was posted before, yet brings a
	// comment that stands up to date: for changes below a threshold.
	OnlyIfPosted bool
}

// Behavior is what happens to the comments of earlier runs.
type Behavior string

// The behaviours, named as their users know them.
const (
	Update       Behavior = "update"
	New          Behavior = "new"
	HideAndNew   Behavior = "hide-and-new"
	DeleteAndNew Behavior = "delete-and-new"
)

// ParseBehavior reads a behaviour; the empty string is Update.
func ParseBehavior(s string) (Behavior, error) {
	switch b := Behavior(s); b {
	case "":
		return Update, nil
	case Update, New, HideAndNew, DeleteAndNew:
		return b, nil
	}
	return "", fmt.Errorf("behavior: want %s, %s, %s (GitHub only) or %s, got %q",
		Update, New, HideAndNew, DeleteAndNew, s)
}

// Action is what became of a comment.
type Action string

// What a run did.
const (
	Created   Action = "created"
	Updated   Action = "updated"
	Unchanged Action = "unchanged" // the comment that stands says the same
	Skipped   Action = "skipped"   // Outcome.Reason says why
)

// Outcome is what a run did and why.
type Outcome struct {
	Action  Action
	URL     string // of the comment that stands; empty where none does or the forge tells none
	Reason  string // why nothing was written, or what could not be tidied up
	Hidden  int    // earlier comments hidden
	Deleted int    // earlier or racing comments deleted
	Tries   int    // how many times finding and posting was begun
}

// maxTag is the longest tag in characters; escaped in the marker it stays
// within markerRoom.
const maxTag = 64

// check says what is wrong with a comment.
func (c Comment) check() error {
	switch {
	case strings.TrimSpace(c.Body) == "":
		return errors.New("comment: the body is empty, there is nothing to post")
	case c.ValidAt.IsZero():
		return errors.New("comment: valid-at is not set, racing runs could not be told apart")
	case len([]rune(c.Tag)) > maxTag:
		return fmt.Errorf("comment: tag: want at most %d characters, got %d", maxTag, len([]rune(c.Tag)))
	}
	return nil
}

// Compose returns the text that Upsert would post: the body with its marker,
// shortened where it exceeds what the forge takes. It is all that a dry run
// needs.
func Compose(p Profile, c Comment, b Behavior) (string, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	mark := marker{tag: c.Tag, validAt: c.ValidAt}
	if b != Update {
		mark.behavior = b
	}
	body := tidy(c.Body)
	if room := p.room(); units(body) > room {
		body = shorten(body, room, p)
	}
	if p.MarkerLast {
		return body + "\n\n" + mark.String(), nil
	}
	return mark.String() + "\n\n" + body, nil
}
