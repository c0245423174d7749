package history

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Store keeps reports. Its methods may be called from several goroutines, also
// while a sequence is read. A damaged entry is an error that wraps ErrDamaged;
// a sequence yields it and goes on, if its reader does.
type Store interface {
	// Put keeps a report. A report of the same name and period replaces the one
	// before; the same report again changes nothing. When Put has returned nil
	// the report is on disk.
	Put(ctx context.Context, e Entry) error
	// List names the reports of a name whose period begins in [from, to), by
	// period. A zero time is no limit. An error that wraps ErrDamaged is about
	// some; the others stand beside it.
	List(ctx context.Context, name string, from, to time.Time) ([]Summary, error)
	// Get is one report, or an error that wraps ErrNotFound.
	Get(ctx context.Context, id string) (Entry, error)
	// Last is the report of a name whose period ended last, before a time: to
	// find the one before a new report, give the new one's To. The error wraps
	// ErrNotFound where there is none.
	Last(ctx context.Context, name string, before time.Time) (Entry, error)
	// All yields every report of a name, by period.
	All(ctx context.Context, name string) iter.Seq2[Entry, error]
	// Costs yields the cost rows that a query asks for, by period and in the
	// order of their report. Rows may share their tags: do not change them.
	Costs(ctx context.Context, q Query) iter.Seq2[DatedCost, error]
	// Recommendations yields the recommendation rows of the reports whose
	// period begins in [from, to), by period and in the order of their report;
	// only those of a key where one is given.
	Recommendations(ctx context.Context, name string, from, to time.Time, key string) iter.Seq2[DatedRecommendation, error]
	// Close ends the use of the store.
	Close() error
}

// Errors that callers tell apart. They are wrapped with the file's name.
var (
	// ErrNotFound: no such report.
	ErrNotFound = errors.New("history: no such report")
	// ErrDamaged: the bytes are not those that were written.
	ErrDamaged = errors.New("history: damaged")
	// ErrNewer: written by a newer ecsavvy.
	ErrNewer = errors.New("history: of a newer version")
	// ErrForeign: the file is something else than a history.
	ErrForeign = errors.New("history: not a history")
	// ErrLocked: another process is writing and did not end in time.
	ErrLocked = errors.New("history: in use")
	// ErrFull: the disk is full, or a quota is used up.
	ErrFull = errors.New("history: disk full")
)

// Summary names a report.
type Summary struct {
	ID       string
	Name     string
	From, To time.Time
	Revision int
}

// Query chooses cost rows.
type Query struct {
	// Name is the report's; From and To choose reports whose period begins in
	// [From, To), and a zero time is no limit.
	Name     string
	From, To time.Time
	// What is empty below chooses nothing; the rest must be equal.
	Account, Region, Cluster string
	Service, Kind, Group     string
	// Tag is a tag's key. Rows must have it, with the value TagValue.
	Tag, TagValue string
}

// DatedCost is a cost row of a report.
type DatedCost struct {
	Report Summary
	CostRow
}

// DatedRecommendation is a recommendation as a report had it.
type DatedRecommendation struct {
	Report Summary
	RecommendationRow
}

// matches reports whether a query asks for a row.
func (q *Query) matches(c *CostRow) bool {
	same := func(want, got string) bool { return want == "" || want == got }
	if !same(q.Account, c.Account) || !same(q.Region, c.Region) || !same(q.Cluster, c.Cluster) ||
		!same(q.Service, c.Service) || !same(q.Kind, c.Kind) || !same(q.Group, c.Group) {
		return false
	}
	if q.Tag == "" {
		return true
	}
	value, ok := c.Tags[q.Tag]
	return ok && value == q.TagValue
}

// within reports whether a period begins in [from, to), where zero is no limit.
func within(begin, from, to time.Time) bool {
	return (from.IsZero() || !begin.Before(from)) && (to.IsZero() || begin.Before(to))
}
