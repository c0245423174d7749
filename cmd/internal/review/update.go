package review

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// update is one round of the default behaviour: look, then at most one write.
// It returns errAgain or errMoved to ask for another round.
//
// Every write is decided on what was read a moment before, and a run ends only
// on a look that comes, settled, after its last write and shows the comment it
// wants or a newer one. Why that leaves one comment with the newest valid-at,
// however the runs interleave, is argued in docs/comments.md.
func (r *run) update(ctx context.Context) (Outcome, error) {
	all, err := r.look(ctx)
	if err != nil {
		return Outcome{}, err
	}
	all = slices.DeleteFunc(all, func(f found) bool { return f.Hidden })
	if len(all) == 0 {
		if r.comment.OnlyIfPosted && r.did == "" {
			return Outcome{Action: Skipped, Reason: quietReason}, nil
		}
		if err := r.create(ctx); err != nil {
			return Outcome{}, err
		}
		return Outcome{}, r.settle(ctx)
	}
	standing, extra := all[0], extras(all)
	switch {
	case r.newer(standing):
		return r.end(ctx, Skipped, standing, extra, newerReason(standing))
	case tidy(standing.Text) == r.text && r.unsettled:
		return Outcome{}, r.settle(ctx)
	case tidy(standing.Text) == r.text && r.did != "":
		return r.end(ctx, r.did, standing, extra, "")
	case standing.body == r.body && r.did == "":
		return r.end(ctx, Unchanged, standing, extra, sameReason)
	case standing.mark.validAt.Equal(r.comment.ValidAt) && r.did != "":
		return r.end(ctx, Skipped, standing, extra, "another run with the same valid-at wrote last")
	}
	return Outcome{}, r.edit(ctx, standing)
}

// create posts a comment. It notes the write before making it: when the answer
// is lost, the next look must take the comment it finds for this run's own.
func (r *run) create(ctx context.Context) error {
	r.did, r.unsettled, r.mine = Created, true, Posted{}
	p, err := timed(r, func() (Posted, error) { return r.forge.Create(ctx, r.text) })
	if err == nil {
		r.mine, r.written = p, true
	}
	return err
}

// edit changes the standing comment and settles.
func (r *run) edit(ctx context.Context, standing found) error {
	p, err := r.fresh(ctx, standing)
	if err != nil {
		return err
	}
	before := *r
	if r.did == "" {
		r.did = Updated
	}
	r.unsettled, r.mine = true, p
	_, err = timed(r, func() (struct{}, error) { return struct{}{}, r.forge.Update(ctx, p, r.text) })
	if errors.Is(err, errMoved) {
		r.did, r.unsettled, r.mine = before.did, before.unsettled, before.mine // nothing was written
	}
	if err != nil {
		return err
	}
	r.written = true
	return r.settle(ctx)
}

// end tidies up and ends the run.
func (r *run) end(ctx context.Context, a Action, standing found, extra []found, reason string) (Outcome, error) {
	if err := r.remove(ctx, extra); err != nil {
		return Outcome{}, err
	}
	return Outcome{Action: a, URL: standing.URL, Reason: reason}, nil
}

// extras are the comments that a race left beside the standing one. Those
// posted to stay side by side (behaviour new) are no extras.
func extras(all []found) []found {
	var extra []found
	for _, f := range all[1:] {
		if f.mark.behavior == "" {
			extra = append(extra, f)
		}
	}
	return extra
}

// Why a run wrote nothing.
const (
	quietReason = "nothing was posted before, and this change is too small to begin"
	sameReason  = "the comment that stands says the same"
)

// newerReason says why a run gave way.
func newerReason(standing found) string {
	return fmt.Sprintf("the comment that stands is newer, valid at %s", standing.mark.validAt.Format(time.RFC3339Nano))
}
