package history

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Objects is a place for whole objects: a directory, a bucket.
type Objects interface {
	// Get is an object's bytes, or an error that wraps ErrNotFound.
	Get(ctx context.Context, key string) ([]byte, error)
	// PutIfAbsent writes an object whole or not at all, and is false where
	// there is one of that key. Of several writers of a key one gets true.
	PutIfAbsent(ctx context.Context, key string, data []byte) (bool, error)
	// List is every key that begins with a prefix, in any order. What was put
	// before is in it.
	List(ctx context.Context, prefix string) ([]string, error)
	// Locate is how to name an object, or with "" the whole place, to people.
	Locate(key string) string
}

// NewObjects keeps reports as objects, one a revision:
//
//	<ID>.<revision, 6 digits>.json
//
// A replacement is a new object, so nothing is ever overwritten, and of two
// writers the second takes the next revision.
func NewObjects(o Objects) Store { return objectStore{o} }

type objectStore struct{ objects Objects }

// parallelGets is how many objects are read ahead: enough to hide the tens of
// milliseconds that a request to S3 takes, few enough to hold in memory.
const parallelGets = 8

// maxPuts is how many writers of one period at once are thought possible.
const maxPuts = 20

func (s objectStore) Close() error { return nil }

func (s objectStore) Put(ctx context.Context, e Entry) error {
	e, err := e.normal()
	if err != nil {
		return err
	}
	entry, err := encodeEntry(e)
	if err != nil {
		return err
	}
	file := seal(entry)
	for range maxPuts {
		found, err := s.list(ctx, e.ID+".")
		if err != nil {
			return err
		}
		revision := 1
		if len(found) > 0 {
			newest := found[len(found)-1]
			got, err := s.objects.Get(ctx, newest.key())
			if err != nil {
				return err
			}
			if bytes.Equal(got, file) {
				return nil
			}
			revision = newest.Revision + 1
		}
		// Where the answer to a put that succeeded was lost, the client's second
		// try finds its own object; the next round then sees equal bytes.
		done, err := s.objects.PutIfAbsent(ctx, Summary{ID: e.ID, Revision: revision}.key(), file)
		if done || err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: %s: %d others were faster to write report %q", ErrLocked, s.objects.Locate(""), maxPuts, e.Name)
}

// key is the object of a revision.
func (s Summary) key() string { return fmt.Sprintf("%s.%06d.json", s.ID, s.Revision) }

// summaryOfKey reads a key, without the name; false where it is not of a report.
func summaryOfKey(key string) (Summary, bool) {
	parts := strings.Split(key, ".") // slug-hash, from, to, revision, json
	if len(parts) != 5 || parts[4] != "json" {
		return Summary{}, false
	}
	from, errFrom := time.Parse(idTime, parts[1])
	to, errTo := time.Parse(idTime, parts[2])
	revision, errRevision := strconv.Atoi(parts[3])
	if errFrom != nil || errTo != nil || errRevision != nil {
		return Summary{}, false
	}
	s := Summary{ID: strings.Join(parts[:3], "."), From: from, To: to, Revision: revision}
	return s, s.key() == key
}

// list is the newest revision of every report whose key begins with a prefix,
// by period.
func (s objectStore) list(ctx context.Context, prefix string) ([]Summary, error) {
	keys, err := s.objects.List(ctx, prefix)
	if err != nil {
		return nil, err
	}
	var all []Summary
	for _, key := range keys {
		if summary, ok := summaryOfKey(key); ok {
			all = append(all, summary)
		}
	}
	slices.SortFunc(all, func(a, b Summary) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), cmp.Compare(b.Revision, a.Revision))
	})
	all = slices.CompactFunc(all, func(a, b Summary) bool { return a.ID == b.ID })
	sortByPeriod(all)
	return all, nil
}

func sortByPeriod(all []Summary) {
	slices.SortFunc(all, func(a, b Summary) int {
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To))
	})
}

func (s objectStore) List(ctx context.Context, name string, from, to time.Time) ([]Summary, error) {
	all, err := s.list(ctx, idPrefix(name))
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Name = strings.ToValidUTF8(name, "\uFFFD")
	}
	return slices.DeleteFunc(all, func(r Summary) bool { return !within(r.From, from, to) }), nil
}

func (s objectStore) Get(ctx context.Context, id string) (Entry, error) {
	found, err := s.list(ctx, id+".")
	if err != nil {
		return Entry{}, err
	}
	for _, r := range found {
		if r.ID == id {
			return s.read(ctx, r)
		}
	}
	return Entry{}, fmt.Errorf("%w: %s in %s", ErrNotFound, id, s.objects.Locate(""))
}

// read is one revision of a report.
func (s objectStore) read(ctx context.Context, r Summary) (Entry, error) {
	key := r.key()
	file, err := s.objects.Get(ctx, key)
	if err != nil {
		return Entry{}, err
	}
	e, err := unseal(file)
	if err != nil {
		return Entry{}, fmt.Errorf("reading %s: %w", s.objects.Locate(key), err)
	}
	if e.ID != r.ID {
		return Entry{}, fmt.Errorf("reading %s: %w: holds the report %s", s.objects.Locate(key), ErrDamaged, e.ID)
	}
	return e, nil
}

func (s objectStore) Last(ctx context.Context, name string, before time.Time) (Entry, error) {
	all, err := s.List(ctx, name, time.Time{}, time.Time{})
	if err != nil {
		return Entry{}, err
	}
	last, found := lastBefore(all, before)
	if !found {
		return Entry{}, noneBefore(s.objects.Locate(""), name, before)
	}
	return s.read(ctx, last)
}

// lastBefore is the report whose period ended last before a time; of several
// the one that began last.
func lastBefore(all []Summary, before time.Time) (Summary, bool) {
	var last Summary
	for _, r := range all { // by period
		if r.To.Before(before) && !r.To.Before(last.To) {
			last = r
		}
	}
	return last, last.ID != ""
}

func noneBefore(where, name string, before time.Time) error {
	return fmt.Errorf("%w: none of %q in %s that ended before %s", ErrNotFound, name, where, before.UTC().Format(time.RFC3339))
}

func (s objectStore) All(ctx context.Context, name string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for r, err := range s.each(ctx, name, time.Time{}, time.Time{}) {
			if !yield(r.entry, err) {
				return
			}
		}
	}
}

func (s objectStore) Costs(ctx context.Context, q Query) iter.Seq2[DatedCost, error] {
	return func(yield func(DatedCost, error) bool) {
		for r, err := range s.each(ctx, q.Name, q.From, q.To) {
			if err != nil && !yield(DatedCost{Report: r.summary}, err) {
				return
			}
			for i := range r.entry.Costs {
				if q.matches(&r.entry.Costs[i]) && !yield(DatedCost{r.summary, r.entry.Costs[i]}, nil) {
					return
				}
			}
		}
	}
}

func (s objectStore) Recommendations(ctx context.Context, name string, from, to time.Time, key string) iter.Seq2[DatedRecommendation, error] {
	return func(yield func(DatedRecommendation, error) bool) {
		for r, err := range s.each(ctx, name, from, to) {
			if err != nil && !yield(DatedRecommendation{Report: r.summary}, err) {
				return
			}
			for _, row := range r.entry.Recommendations {
				if (key == "" || row.Key == key) && !yield(DatedRecommendation{r.summary, row}, nil) {
					return
				}
			}
		}
	}
}

// reading is a report that was read.
type reading struct {
	summary Summary
	entry   Entry
}

// each yields reports by period, reading some of them ahead.
func (s objectStore) each(ctx context.Context, name string, from, to time.Time) iter.Seq2[reading, error] {
	type result struct {
		entry Entry
		err   error
	}
	return func(yield func(reading, error) bool) {
		all, err := s.List(ctx, name, from, to)
		if err != nil {
			yield(reading{}, err)
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		results := make([]chan result, len(all))
		start := func(i int) {
			results[i] = make(chan result, 1) // so that an early end leaves nobody waiting
			go func() {
				e, err := s.read(ctx, all[i])
				results[i] <- result{e, err}
			}()
		}
		for i := range min(parallelGets, len(all)) {
			start(i)
		}
		for i := range all {
			r := <-results[i]
			results[i] = nil
			if next := i + parallelGets; next < len(all) {
				start(next)
			}
			if errors.Is(r.err, context.Canceled) && ctx.Err() != nil {
				yield(reading{summary: all[i]}, r.err)
				return
			}
			if !yield(reading{all[i], r.entry}, r.err) {
				return
			}
		}
	}
}
