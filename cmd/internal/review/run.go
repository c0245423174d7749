package review

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// run is one Upsert under way. It lives through all its tries, so that a try
// after a write with an unknown end finds what the write left.
type run struct {
	poster   Poster
	forge    Forge
	profile  Profile
	comment  Comment
	behavior Behavior
	text     string // as posted, marker included
	body     string // without the marker

	try       int
	did       Action // what this run wrote; empty before it wrote anything
	mine      Posted // the comment it wrote last
	written   bool   // the forge took a write
	unsettled bool   // nothing has confirmed the last write yet
	hidden    int
	deleted   int
	untidy    string        // what could not be removed, and why
	slowest   time.Duration // the slowest call so far
}

// found is a comment that carries this run's marker and tag.
type found struct {
	Posted
	mark marker
	body string
}

// errAgain asks for another round: what was written is to be looked at.
var errAgain = errors.New("review: look again")

// maxRounds bounds how often a try starts over because another run changed
// something meanwhile. Each time it does, some run has made progress.
const maxRounds = 30

// futureSlack is how far ahead of this machine's clock another run's clock may
// be. A valid-at beyond that is a mistake or a forgery and must not silence
// every later run.
const futureSlack = time.Hour

// once is one try.
func (r *run) once(ctx context.Context) (Outcome, error) {
	for range maxRounds {
		var out Outcome
		var err error
		if r.behavior == Update {
			out, err = r.update(ctx)
		} else {
			out, err = r.replace(ctx)
		}
		switch {
		case errors.Is(err, errAgain):
			continue
		case errors.Is(err, errMoved):
			r.log("another run changed the comments meanwhile; looking again")
			if err := r.poster.Sleep(ctx, r.poster.Settle/8); err != nil {
				return Outcome{}, err
			}
			continue
		}
		if r.untidy != "" && out.Reason == "" {
			out.Reason = r.untidy
		}
		return out, err
	}
	return Outcome{}, &CallError{Forge: r.profile.Title, Doing: "posting the comment",
		Message: fmt.Sprintf("other runs kept changing the comments, %d times over", maxRounds)}
}

// look lists the comments of this run's tag, the standing one first: those
// that are visible before hidden ones, then the newest valid-at, then the
// lowest id.
//
// Lists can lag behind writes, so the comment that this run wrote itself is
// asked for by its id where the list does not show it as written.
func (r *run) look(ctx context.Context) ([]found, error) {
	listed, err := timed(r, func() ([]Posted, error) { return r.forge.List(ctx) })
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(listed, func(p Posted) bool { return p.ID == r.mine.ID && p.reply == r.mine.reply })
	if r.mine.ID != 0 && (at < 0 || tidy(listed[at].Text) != r.text) {
		fresh, err := timed(r, func() (Posted, error) { return r.forge.Get(ctx, r.mine) })
		switch {
		case err != nil && !errors.Is(err, errMoved):
			return nil, err
		case err != nil && at >= 0:
			listed = slices.Delete(listed, at, at+1)
		case err == nil && at < 0:
			listed = append(listed, fresh)
		case err == nil:
			fresh.Hidden = listed[at].Hidden
			listed[at] = fresh
		}
	}
	var all []found
	for _, p := range listed {
		if mark, body, ok := split(p.Text, r.profile); ok && mark.tag == r.comment.Tag {
			all = append(all, found{Posted: p, mark: mark, body: body})
		}
	}
	slices.SortFunc(all, standsBefore)
	r.log(fmt.Sprintf("%d comments, %d of this tag", len(listed), len(all)))
	return all, nil
}

// standsBefore orders comments by which of them is to stand.
func standsBefore(a, b found) int {
	switch {
	case a.Hidden != b.Hidden:
		if b.Hidden {
			return -1
		}
		return 1
	case !a.mark.validAt.Equal(b.mark.validAt):
		return b.mark.validAt.Compare(a.mark.validAt)
	case a.ID < b.ID:
		return -1
	case a.ID > b.ID:
		return 1
	}
	return 0
}

// newer tells that a comment's figures are of a later time than this run's.
func (r *run) newer(f found) bool {
	now := r.poster.Now()
	if r.comment.ValidAt.After(now) {
		now = r.comment.ValidAt
	}
	return f.mark.validAt.After(r.comment.ValidAt) && !f.mark.validAt.After(now.Add(futureSlack))
}

// fresh reads a comment again just before it is changed, and returns errMoved
// when it is no longer the one the decision was about.
func (r *run) fresh(ctx context.Context, f found) (Posted, error) {
	p, err := timed(r, func() (Posted, error) { return r.forge.Get(ctx, f.Posted) })
	if err != nil {
		return Posted{}, err
	}
	if tidy(p.Text) != tidy(f.Text) {
		return Posted{}, errMoved
	}
	return p, nil
}

// remove deletes comments that must not stand beside the standing one.
func (r *run) remove(ctx context.Context, extra []found) error {
	for _, f := range extra {
		p, err := r.fresh(ctx, f)
		if err == nil {
			_, err = timed(r, func() (struct{}, error) { return struct{}{}, r.forge.Delete(ctx, p) })
		}
		if err == nil {
			r.deleted++
		} else if err := r.stays(err); err != nil {
			return err
		}
	}
	return nil
}

// stays takes note of what a forge refuses to tidy up for good: another
// author's comment, one with replies. That is reported, not failed on, for the
// right comment stands. Any other error it returns.
func (r *run) stays(err error) error {
	var refused *CallError
	if errors.As(err, &refused) && (!refused.Retriable() || r.try >= r.poster.Tries) {
		r.untidy = fmt.Sprintf("an earlier comment stays: %v", err)
		return nil
	}
	return err
}

// settle waits until writes that other runs had decided on before this run's
// last write are through, and asks for another look.
func (r *run) settle(ctx context.Context) error {
	r.unsettled = false
	if r.profile.Versioned {
		return errAgain
	}
	pause := min(max(r.poster.Settle, 4*r.slowest), 15*time.Second)
	r.log(fmt.Sprintf("waiting %s for racing runs", pause))
	if err := r.poster.Sleep(ctx, pause); err != nil {
		return err
	}
	return errAgain
}

func (r *run) log(line string) { r.poster.Log(r.profile.Title + ": " + line) }

// timed makes a call and keeps the slowest time one took.
func timed[T any](r *run, call func() (T, error)) (T, error) {
	start := r.poster.Now()
	v, err := call()
	r.slowest = max(r.slowest, r.poster.Now().Sub(start))
	return v, err
}
