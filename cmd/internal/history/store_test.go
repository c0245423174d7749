package history

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestStore holds every store to the same behaviour.
func TestStore(t *testing.T) {
	for _, p := range places(t) {
		t.Run(p.name, func(t *testing.T) {
			ctx := t.Context()
			s := p.open(t)
			testEmpty(ctx, t, s)
			var want []Entry
			for _, n := range []int{2, 0, 4, 1, 3} { // not in order
				e := entryOf("weekly", n, 20, 0)
				if err := s.Put(ctx, e); err != nil {
					t.Fatal(err)
				}
			}
			for n := range 5 {
				want = append(want, entryOf("weekly", n, 20, 0))
			}
			for _, other := range []string{"Weekly", "weekly-", "weekl", "wéékly"} {
				if err := s.Put(ctx, entryOf(other, 0, 2, 9)); err != nil {
					t.Fatal(err)
				}
			}
			testKept(ctx, t, s, want)
			testKept(ctx, t, p.open(t), want)
			testReplace(ctx, t, s, p.open(t))
		})
	}
}

func testEmpty(ctx context.Context, t *testing.T, s Store) {
	t.Helper()
	if all, err := s.List(ctx, "weekly", time.Time{}, time.Time{}); err != nil || len(all) != 0 {
		t.Errorf("List of nothing: %v, %v", all, err)
	}
	if _, err := s.Get(ctx, "weekly"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Get of nothing: %v", err)
	}
	if _, err := s.Last(ctx, "weekly", time.Now()); !errors.Is(err, ErrNotFound) {
		t.Errorf("Last of nothing: %v", err)
	}
	if all, err := collect(s.All(ctx, "weekly")); err != nil || len(all) != 0 {
		t.Errorf("All of nothing: %v, %v", all, err)
	}
}

// testKept reads five weeks in every way.
func testKept(ctx context.Context, t *testing.T, s Store, want []Entry) {
	t.Helper()
	all := must(collect(s.All(ctx, "weekly")))
	if len(all) != len(want) {
		t.Fatalf("%d entries, want %d", len(all), len(want))
	}
	for i := range want {
		sameEntry(t, all[i], want[i])
		got, err := s.Get(ctx, want[i].ID)
		sameEntry(t, must(got, err), want[i])
	}
	list, err := s.List(ctx, "weekly", want[1].From, want[3].From)
	if err != nil || len(list) != 2 || list[0].ID != want[1].ID || list[1].ID != want[2].ID || list[0].Revision != 1 ||
		list[0].Name != "weekly" || !list[0].From.Equal(want[1].From) || !list[0].To.Equal(want[1].To) {
		t.Errorf("List of weeks 1 and 2: %+v, %v", list, err)
	}
	last, err := s.Last(ctx, "weekly", want[3].To)
	sameEntry(t, must(last, err), want[2])
	if _, err := s.Last(ctx, "weekly", want[0].To); !errors.Is(err, ErrNotFound) {
		t.Errorf("Last before the first: %v", err)
	}
	points, err := Trend(ctx, s, Query{Name: "weekly", Service: "service-0003", Tag: "team", TagValue: "team-3"})
	if err != nil || len(points) != 5 {
		t.Fatalf("Trend: %v, %v", points, err)
	}
	for i, p := range points {
		if p.USD != want[i].Costs[3].USD || p.Rows != 1 || p.Report.ID != want[i].ID {
			t.Errorf("point %d: %+v, want %v", i, p, want[i].Costs[3].USD)
		}
	}
	for _, none := range []Query{{Service: "service-9999"}, {Service: "service-0003", Tag: "team", TagValue: "team-4"}, {Tag: "owner"}, {Group: "network"}} {
		none.Name = "weekly"
		points, err := Trend(ctx, s, none)
		if err != nil || len(points) != 5 || !math.IsNaN(points[0].USD) || points[0].Rows != 0 {
			t.Errorf("Trend of %+v: %v, %v", none, points, err)
		}
	}
	rows := must(collect(s.Recommendations(ctx, "weekly", want[2].From, time.Time{}, "right-size/service-0010")))
	if len(rows) != 3 || rows[0].Report.ID != want[2].ID || rows[0].P50 != 9.5 || !math.IsNaN(rows[0].P90) || rows[0].Status != StatusOpen {
		t.Errorf("Recommendations: %+v", rows)
	}
	if rows := must(collect(s.Recommendations(ctx, "weekly", time.Time{}, time.Time{}, ""))); len(rows) != 10 {
		t.Errorf("%d recommendations, want 10", len(rows))
	}
	for range s.All(ctx, "weekly") { // an early end leaves the store usable
		if err := s.Put(ctx, want[0]); err != nil { // and a write within a loop does not wait for itself
			t.Fatal(err)
		}
		break
	}
}

func testReplace(ctx context.Context, t *testing.T, s, other Store) {
	t.Helper()
	second := entryOf("weekly", 1, 7, 1)
	for range 2 { // the same again changes nothing
		if err := s.Put(ctx, second); err != nil {
			t.Fatal(err)
		}
	}
	got, err := other.Get(ctx, second.ID)
	sameEntry(t, must(got, err), second)
	list := must(other.List(ctx, "weekly", time.Time{}, time.Time{}))
	if len(list) != 5 || list[1].Revision != 2 || list[0].Revision != 1 {
		t.Errorf("after a replacement: %+v", list)
	}
	if rows := must(collect(other.Costs(ctx, Query{Name: "weekly", From: second.From, To: second.To}))); len(rows) != 7 {
		t.Errorf("%d cost rows, want the 7 of the replacement", len(rows))
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Put(cancelled, entryOf("weekly", 9, 1, 0)); !errors.Is(err, context.Canceled) {
		t.Errorf("Put with a context that has ended: %v", err)
	}
}

// TestWritersAtOnce has several open stores write the same and different
// periods.
func TestWritersAtOnce(t *testing.T) {
	for _, p := range places(t) {
		t.Run(p.name, func(t *testing.T) {
			const writers = 4
			stores := make([]Store, writers)
			for w := range stores {
				stores[w] = p.open(t)
			}
			var wait sync.WaitGroup
			for w, s := range stores {
				wait.Go(func() {
					for n := range 3 {
						if err := s.Put(t.Context(), entryOf("weekly", n, 5, w)); err != nil {
							t.Error(err)
						}
						if err := s.Put(t.Context(), entryOf(fmt.Sprint("own ", w), n, 5, w)); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wait.Wait()
			s := p.open(t)
			all := must(collect(s.All(t.Context(), "weekly")))
			if len(all) != 3 {
				t.Fatalf("%d entries, want 3", len(all))
			}
			for n, e := range all {
				version := int(e.Costs[0].USD / 1000)
				sameEntry(t, e, entryOf("weekly", n, 5, version))
			}
			for _, r := range must(s.List(t.Context(), "weekly", time.Time{}, time.Time{})) {
				if r.Revision != writers {
					t.Errorf("%s has revision %d, want %d: a write was lost", r.ID, r.Revision, writers)
				}
			}
			for w := range writers {
				if own := must(collect(s.All(t.Context(), fmt.Sprint("own ", w)))); len(own) != 3 {
					t.Errorf("writer %d has %d entries, want 3", w, len(own))
				}
			}
		})
	}
}

// TestHostileText keeps what names may hold.
func TestHostileText(t *testing.T) {
	for _, p := range places(t) {
		t.Run(p.name, func(t *testing.T) {
			s := p.open(t)
			for i, name := range []string{"<script>alert(1)</script>", "=cmd()", "../../etc/passwd", "a\x00b", "\u202eright to left", "a.b.c",
				"'; DROP TABLE report; --", "\u2028", strings.Repeat("ü", 5_000), "CON", " ", "%_", "NUL\n"} {
				e := entryOf(name, i, 1, 0)
				e.Costs[0].Service, e.Costs[0].Tags = name, map[string]string{name: name, "": ""}
				e.Recommendations[0].Key, e.Recommendations[0].Title = name, name
				e.Data = []byte(`{"html":"<&>\u2028","n":1e2,"` + strings.Repeat("k", 9) + `":[ ]}`)
				if err := s.Put(t.Context(), e); err != nil {
					t.Fatalf("%.40q: %v", name, err)
				}
				e.Data = []byte(`{"html":"<&>\u2028","n":1e2,"kkkkkkkkk":[]}`) // the same without white space
				got, err := s.Last(t.Context(), name, e.To.AddDate(1, 0, 0))
				sameEntry(t, must(got, err), e)
				rows := must(collect(s.Costs(t.Context(), Query{Name: name, Service: name, Tag: name, TagValue: name})))
				if len(rows) != 1 {
					t.Errorf("%.40q: %d rows, want 1", name, len(rows))
				}
			}
			bad := entryOf("bad \xff", 0, 1, 0)
			bad.ID, bad.Costs[0].Service = "", "\xffx"
			if err := s.Put(t.Context(), bad); err != nil {
				t.Fatal(err)
			}
			got := must(s.Last(t.Context(), "bad \uFFFD", bad.To.AddDate(1, 0, 0)))
			if got.Costs[0].Service != "\uFFFDx" || got.Name != "bad \uFFFD" {
				t.Errorf("invalid UTF-8 became %q of %q", got.Costs[0].Service, got.Name)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	tests := map[string]struct {
		change func(*Entry)
		want   string
	}{
		"no name":   {func(e *Entry) { e.Name = "" }, `history: keeping report "": want a name, got none`},
		"wrong ID":  {func(e *Entry) { e.ID = "x" }, `history: keeping report "weekly": want ID weekly-8850eced986ec360.20261102T000000Z.20261109T000000Z, got "x"`},
		"no period": {func(e *Entry) { e.To = e.From }, `history: keeping report "weekly": want a period of at least a second, got 2026-11-02T00:00:00Z to 2026-11-02T00:00:00Z`},
		"not made":  {func(e *Entry) { e.Made = time.Time{} }, `history: keeping report "weekly": want the time at which it was made, got 0001-01-01T00:00:00Z`},
		"no data":   {func(e *Entry) { e.Data = nil }, `history: keeping report "weekly": its data is not JSON: unexpected end of JSON input`},
		"two data":  {func(e *Entry) { e.Data = []byte("{}{}") }, `history: keeping report "weekly": its data is not JSON: invalid character '{' after top-level value`},
		"infinite":  {func(e *Entry) { e.Costs[2].USD = math.Inf(1) }, `history: keeping report "weekly": cost row 2: want a finite amount of USD, got +Inf`},
		"no status": {func(e *Entry) { e.Recommendations[0].Status = "" }, `history: keeping report "weekly": recommendation 0: want status "open", "applied" or "withdrawn", got ""`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := entryOf("weekly", 0, 3, 0)
			test.change(&e)
			m := newMemory()
			if err := NewObjects(m).Put(t.Context(), e); err == nil || err.Error() != test.want {
				t.Errorf("error %v\nwant  %s", err, test.want)
			}
			if len(m.objects) != 0 {
				t.Error("something was written")
			}
		})
	}
}

func TestUnknownCost(t *testing.T) {
	for _, p := range places(t) {
		t.Run(p.name, func(t *testing.T) {
			s := p.open(t)
			e := entryOf("weekly", 0, 4, 0)
			e.Costs[0].USD, e.Costs[1].USD, e.Costs[2].USD = math.NaN(), -0.1, 0.3
			for i := range e.Costs {
				e.Costs[i].Service = "shop"
			}
			e.Costs[3].Service, e.Costs[3].USD = "unpriced", math.NaN()
			if err := s.Put(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			got := must(s.Get(t.Context(), e.ID))
			sameEntry(t, got, e)
			points := must(Trend(t.Context(), s, Query{Name: "weekly", Service: "shop"}))
			if p := points[0]; p.USD != got.Costs[1].USD+got.Costs[2].USD || p.Rows != 3 || p.Unpriced != 1 {
				t.Errorf("shop: %+v", p)
			}
			points = must(Trend(t.Context(), s, Query{Name: "weekly", Service: "unpriced"}))
			if p := points[0]; !math.IsNaN(p.USD) || p.Rows != 1 || p.Unpriced != 1 {
				t.Errorf("unpriced: %+v", p)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	tests := []struct{ where, want string }{
		{"", `history: want FILE.db, sqlite:FILE, dir:DIRECTORY or s3://BUCKET/PREFIX, got ""`},
		{"postgres://host/db", `history: want FILE.db, sqlite:FILE, dir:DIRECTORY or s3://BUCKET/PREFIX, got "postgres://host/db"`},
		{"dir:", `history: want FILE.db, sqlite:FILE, dir:DIRECTORY or s3://BUCKET/PREFIX, got "dir:"`},
		{"s3:///prefix", `history: want FILE.db, sqlite:FILE, dir:DIRECTORY or s3://BUCKET/PREFIX, got "s3:///prefix"`},
		{"s3://bucket/a?acl=public", `history: s3://bucket/a?acl=public: want no parameter but region, got "acl=public"`},
		{"nowhere/history.db", "history: opening nowhere/history.db: its directory: stat "},
		{"testdata/..", "history: not a history: opening testdata/..: want a file; a directory of reports is dir:testdata/.."},
	}
	t.Chdir(t.TempDir())
	if err := os.Mkdir("testdata", 0o777); err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		if _, err := Open(t.Context(), test.where); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("Open(%q): %v\nwant %s", test.where, err, test.want)
		}
	}
	s, err := Open(t.Context(), "s3://bucket/prefix/?region=eu-west-1")
	if got := must(s, err).(objectStore).objects.Locate("x"); got != "s3://bucket/prefix/x" {
		t.Errorf("located %s", got)
	}
}
