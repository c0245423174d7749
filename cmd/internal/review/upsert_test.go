package review

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestUpdatePostsOnceThenEdits(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		s.add("a reviewer's word")
		s.add("changed the description") // on GitLab a system note
		s.add("another")
		out, err := s.post(comment("costs $10", 1), Update)
		if err != nil || out.Action != Created || out.URL == "" {
			t.Fatalf("first run: %+v, %v", out, err)
		}
		out, err = s.post(comment("costs $20", 2), Update)
		if err != nil || out.Action != Updated || out.URL == "" {
			t.Fatalf("second run: %+v, %v", out, err)
		}
		texts := s.texts()
		if len(texts) != 1 || !strings.Contains(texts[0], "costs $20") || !strings.Contains(texts[0], "valid-at=2026-09-29T12:02:00Z") {
			t.Fatalf("on the board: %q", texts)
		}
		if mine := s.board.entries[3]; mine.id != 104 {
			t.Errorf("the comment was replaced, not edited: id %d", mine.id)
		}
	})
}

func TestSameBodyWritesNothing(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		if _, err := s.post(comment("costs $10\nand no more", 1), Update); err != nil {
			t.Fatal(err)
		}
		before := s.writes()
		s.clock.slept = nil
		for i, body := range []string{"costs $10\nand no more", "costs $10\r\nand no more\n\n"} {
			out, err := s.post(comment(body, 5+i), Update)
			if err != nil || out.Action != Unchanged || out.Reason == "" || out.URL == "" {
				t.Fatalf("%+v, %v", out, err)
			}
		}
		if s.writes() != before {
			t.Errorf("%d calls changed something", s.writes()-before)
		}
		if len(s.clock.slept) > 0 {
			t.Errorf("waited %v with nothing written", s.clock.slept)
		}
	})
}

func TestNewerCommentIsLeftAlone(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		if _, err := s.post(comment("of the newer commit", 9), Update); err != nil {
			t.Fatal(err)
		}
		before := s.writes()
		out, err := s.post(comment("of the older commit", 3), Update)
		if err != nil || out.Action != Skipped || !strings.Contains(out.Reason, "newer, valid at 2026-09-29T12:09:00Z") {
			t.Fatalf("%+v, %v", out, err)
		}
		if s.writes() != before || !strings.Contains(s.texts()[0], "newer commit") {
			t.Errorf("the newer comment was touched: %q", s.texts())
		}
	})
}

func TestPagesAreFollowedToTheEnd(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		for range 7 {
			s.add("noise")
		}
		old, err := Compose(s.forge.Profile(), comment("old", 1), Update)
		if err != nil {
			t.Fatal(err)
		}
		s.add(old)
		out, err := s.post(comment("new", 2), Update)
		if err != nil || out.Action != Updated || len(s.texts()) != 1 {
			t.Fatalf("%+v, %v, %q", out, err, s.texts())
		}
	})
}

func TestTagsKeepCommentsApart(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		for _, tag := range []string{"", "prod", "team/api, (eu)=1"} {
			for minute, body := range []string{"first", "second"} {
				c := comment(body+" of "+tag, minute)
				c.Tag = tag
				if _, err := s.post(c, Update); err != nil {
					t.Fatal(err)
				}
			}
		}
		if texts := s.texts(); len(texts) != 3 || slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, "first") }) {
			t.Errorf("on the board: %q", texts)
		}
	})
}

func TestNewLeavesTheOldOnes(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		for minute := range 3 {
			out, err := s.post(comment("same", minute), New)
			if err != nil || out.Action != Created || out.URL == "" {
				t.Fatalf("%+v, %v", out, err)
			}
		}
		if n := len(s.texts()); n != 3 {
			t.Fatalf("%d comments", n)
		}
		// A later update edits the newest and lets the others be.
		out, err := s.post(comment("changed", 7), Update)
		if err != nil || out.Action != Updated || out.Deleted != 0 || len(s.texts()) != 3 {
			t.Fatalf("%+v, %v, %q", out, err, s.texts())
		}
		if !strings.Contains(s.texts()[2], "changed") {
			t.Errorf("not the newest was edited: %q", s.texts())
		}
	})
}

func TestDeleteAndNew(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		for minute, body := range []string{"a", "b"} {
			if _, err := s.post(comment(body, minute), New); err != nil {
				t.Fatal(err)
			}
		}
		out, err := s.post(comment("c", 5), DeleteAndNew)
		if err != nil || out.Action != Created || out.Deleted != 2 {
			t.Fatalf("%+v, %v", out, err)
		}
		if texts := s.texts(); len(texts) != 1 || !strings.Contains(texts[0], "\nc") && !strings.HasPrefix(texts[0], "c\n") {
			t.Fatalf("on the board: %q", texts)
		}
		for _, again := range []struct {
			body   string
			minute int
			want   Action
		}{{"c", 6, Unchanged}, {"d", 2, Skipped}} {
			before := s.writes()
			out, err := s.post(comment(again.body, again.minute), DeleteAndNew)
			if err != nil || out.Action != again.want || len(s.texts()) != 1 || s.writes() != before {
				t.Errorf("%s: %+v, %v, %d writes", again.body, out, err, s.writes()-before)
			}
		}
	})
}

func TestHideAndNew(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		out, err := s.post(comment("a", 1), HideAndNew)
		if !s.forge.Profile().Hides {
			want := "behavior hide-and-new: only GitHub can hide comments; want update, new or delete-and-new on " + s.forge.Profile().Title
			if err == nil || err.Error() != want {
				t.Fatalf("error %v, want %s", err, want)
			}
			return
		}
		if err != nil || out.Action != Created || out.Hidden != 0 {
			t.Fatalf("%+v, %v", out, err)
		}
		for minute, body := range []string{"b", "c"} {
			out, err = s.post(comment(body, minute+2), HideAndNew)
			if err != nil || out.Action != Created || out.Hidden < 1 {
				t.Fatalf("%+v, %v", out, err)
			}
		}
		for i, e := range s.board.entries {
			if e.hidden != (i < 2) {
				t.Errorf("comment %d: hidden is %v", i, e.hidden)
			}
		}
	})
}

func TestOnlyIfPosted(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		small := comment("small", 1)
		small.OnlyIfPosted = true
		for _, b := range []Behavior{Update, New, DeleteAndNew} {
			out, err := s.post(small, b)
			if err != nil || out.Action != Skipped || out.Reason == "" || s.writes() != 0 {
				t.Fatalf("%s on an empty board: %+v, %v", b, out, err)
			}
		}
		if _, err := s.post(comment("large", 2), Update); err != nil {
			t.Fatal(err)
		}
		small.ValidAt = small.ValidAt.Add(time.Hour / 2)
		if out, err := s.post(small, Update); err != nil || out.Action != Updated {
			t.Fatalf("on a comment that stands: %+v, %v", out, err)
		}
	})
}

func TestQuotedMarkerIsNotOurs(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		ours, err := Compose(s.forge.Profile(), comment("x", 1), Update)
		if err != nil {
			t.Fatal(err)
		}
		s.add("> " + strings.ReplaceAll(ours, "\n", "\n> ") + "\n\nwhy so much?")
		s.add("see this:\n" + ours + "\nright?")
		out, err := s.post(comment("x", 2), Update)
		if err != nil || out.Action != Created {
			t.Fatalf("%+v, %v", out, err)
		}
	})
}

func TestForgedFutureDoesNotSilence(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		forged, err := Compose(s.forge.Profile(), Comment{Body: "all is free", ValidAt: day.AddDate(7000, 0, 0)}, Update)
		if err != nil {
			t.Fatal(err)
		}
		s.add(forged)
		out, err := s.post(comment("costs $10", 1), Update)
		if err != nil || out.Action != Updated || !strings.Contains(s.texts()[0], "costs $10") {
			t.Fatalf("%+v, %v, %q", out, err, s.texts())
		}
	})
}

func TestLeftoverOfABrokenRaceIsRemoved(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		for minute, body := range []string{"one", "two"} { // both made by update, by runs that broke off
			text, err := Compose(s.forge.Profile(), comment(body, minute), Update)
			if err != nil {
				t.Fatal(err)
			}
			s.add(text)
		}
		out, err := s.post(comment("two", 6), Update)
		if err != nil || out.Action != Unchanged || out.Deleted != 1 || len(s.texts()) != 1 {
			t.Fatalf("%+v, %v, %q", out, err, s.texts())
		}
	})
}

func TestUndeletableIsReported(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		if _, err := s.post(comment("a", 1), Update); err != nil {
			t.Fatal(err)
		}
		s.board.entries[0].refuses = 403
		out, err := s.post(comment("b", 2), DeleteAndNew)
		if err != nil || out.Action != Created || out.Deleted != 0 || !strings.Contains(out.Reason, "an earlier comment stays: deleting the comment") &&
			!strings.Contains(out.Reason, "an earlier comment stays: deleting the note") {
			t.Fatalf("%+v, %v", out, err)
		}
	})
}

func TestWrongCallsAreRefused(t *testing.T) {
	k := kinds()[0]
	for _, c := range []struct {
		name string
		c    Comment
		b    Behavior
		want string
	}{
		{"no body", comment(" \n", 1), Update, "comment: the body is empty, there is nothing to post"},
		{"no time", Comment{Body: "x"}, Update, "comment: valid-at is not set, racing runs could not be told apart"},
		{"long tag", Comment{Body: "x", ValidAt: day, Tag: strings.Repeat("x", 65)}, Update, "comment: tag: want at most 64 characters, got 65"},
		{"behaviour", comment("x", 1), "replace", `behavior: want update, new, hide-and-new (GitHub only) or delete-and-new, got "replace"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := k.stage(t)
			_, err := s.post(c.c, c.b)
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if len(s.calls) > 0 {
				t.Errorf("calls were made: %v", s.calls)
			}
		})
	}
}

func TestSettlingWaitsOnceAWriteWasMade(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		if _, err := s.post(comment("a", 1), Update); err != nil {
			t.Fatal(err)
		}
		want := []time.Duration{2 * time.Second}
		if s.forge.Profile().Versioned {
			want = nil
		}
		if !slices.Equal(s.clock.slept, want) {
			t.Errorf("slept %v, want %v", s.clock.slept, want)
		}
	})
}

func TestContextEndsEverything(t *testing.T) {
	onEveryForge(t, func(t *testing.T, s *stage) {
		ctx, cancel := context.WithCancel(context.Background())
		s.faults = []fault{{http.MethodGet, func(w http.ResponseWriter, r *http.Request, proceed func()) {
			cancel() // while the answer is under way
			<-r.Context().Done()
		}}}
		_, err := s.poster().Upsert(ctx, s.forge, comment("a", 1), Update)
		var not *NotPostedError
		if !errors.As(err, &not) || !errors.Is(err, context.Canceled) || not.Tries != 1 {
			t.Fatalf("%v", err)
		}
	})
}
