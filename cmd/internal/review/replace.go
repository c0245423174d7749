package review

import (
	"context"
	"slices"
)

// replace is one round of the behaviours that post a new comment. The new one
// comes first, the old ones go after it: a run that breaks off in between
// leaves one comment too many, never none.
//
// Comments are only added and removed, so the newest stands however runs
// interleave: none removes it, and the last to look removes the others.
func (r *run) replace(ctx context.Context) (Outcome, error) {
	all, err := r.look(ctx)
	if err != nil {
		return Outcome{}, err
	}
	switch {
	case r.did == "":
		if out, done, err := r.before(ctx, all); done || err != nil {
			return out, err
		}
		return r.post(ctx)
	case r.mine.ID == 0 && !slices.ContainsFunc(all, r.own):
		return r.post(ctx) // the answer was lost, and so was the comment
	case r.behavior == New:
		own := all[slices.IndexFunc(all, r.own)]
		return Outcome{Action: Created, URL: own.URL}, nil
	case len(all) > 0 && !r.own(all[0]):
		return r.retire(ctx, Skipped, all, "another run posted meanwhile, "+newerReason(all[0]))
	}
	return r.retire(ctx, Created, all, "")
}

// own tells that a comment is the one this run posted.
func (r *run) own(f found) bool { return tidy(f.Text) == r.text }

// before decides whether there is anything to post.
func (r *run) before(ctx context.Context, all []found) (Outcome, bool, error) {
	visible := slices.DeleteFunc(slices.Clone(all), func(f found) bool { return f.Hidden })
	switch {
	case len(visible) == 0:
		return Outcome{Action: Skipped, Reason: quietReason}, r.comment.OnlyIfPosted, nil
	case r.behavior == New:
		return Outcome{}, false, nil
	case r.newer(visible[0]):
		out, err := r.retire(ctx, Skipped, all, newerReason(visible[0]))
		return out, true, err
	case visible[0].body == r.body:
		out, err := r.retire(ctx, Unchanged, all, sameReason)
		return out, true, err
	}
	return Outcome{}, false, nil
}

// post adds the comment and asks for a look at what stands beside it.
func (r *run) post(ctx context.Context) (Outcome, error) {
	if err := r.create(ctx); err != nil {
		return Outcome{}, err
	}
	if r.behavior == New {
		return Outcome{Action: Created, URL: r.mine.URL}, nil
	}
	return Outcome{}, errAgain
}

// retire hides or deletes every comment but the first, the standing one.
func (r *run) retire(ctx context.Context, a Action, all []found, reason string) (Outcome, error) {
	if len(all) == 0 {
		return Outcome{Action: Skipped, Reason: "another run removed the comment again"}, nil
	}
	if r.behavior == DeleteAndNew {
		return r.end(ctx, a, all[0], all[1:], reason)
	}
	for _, f := range all[1:] {
		if f.Hidden {
			continue
		}
		_, err := timed(r, func() (struct{}, error) { return struct{}{}, r.forge.Hide(ctx, f.Posted) })
		if err == nil {
			r.hidden++
		} else if err := r.stays(err); err != nil {
			return Outcome{}, err
		}
	}
	return Outcome{Action: a, URL: all[0].URL, Reason: reason}, nil
}
