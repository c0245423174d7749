package history

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"
)

// stored is a row of the table report, without its data.
type stored struct {
	Summary
	number int64
	made   time.Time
	sha256 string
}

const storedColumns = "number, id, name, period_from, period_to, made, revision, sha256"

// scan reads storedColumns and refuses a row whose parts contradict its ID.
func (s *sqliteStore) scan(row interface{ Scan(...any) error }) (stored, error) {
	var r stored
	var from, to, made string
	if err := row.Scan(&r.number, &r.ID, &r.Name, &from, &to, &made, &r.Revision, &r.sha256); err != nil {
		return stored{}, err
	}
	var errs [3]error
	r.From, errs[0] = time.Parse(time.RFC3339, from)
	r.To, errs[1] = time.Parse(time.RFC3339, to)
	r.made, errs[2] = time.Parse(time.RFC3339, made)
	err := errors.Join(errs[:]...)
	if err == nil && r.ID != NewID(r.Name, r.From, r.To) {
		err = errors.New("its name or period was changed")
	}
	if err != nil {
		return r, s.damaged(r.Summary, err)
	}
	return r, nil
}

func (s *sqliteStore) damaged(r Summary, err error) error {
	return fmt.Errorf("%w: reading %s: report %s: %w", ErrDamaged, s.path, r.ID, err)
}

func (s *sqliteStore) find(ctx context.Context, q querier, id string) (stored, error) {
	r, err := s.scan(q.QueryRowContext(ctx, "SELECT "+storedColumns+" FROM report WHERE id = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		return stored{}, fmt.Errorf("%w: %s in %s", ErrNotFound, id, s.path)
	}
	return r, err
}

// list is the reports of a name by period, and beside them the errors of those
// that are damaged.
func (s *sqliteStore) list(ctx context.Context, q querier, name string, from, to time.Time) (all []Summary, err error) {
	rows, err := q.QueryContext(ctx, "SELECT "+storedColumns+" FROM report WHERE name = ? ORDER BY period_from, period_to", name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var damaged error
	for rows.Next() {
		r, err := s.scan(rows)
		switch {
		case errors.Is(err, ErrDamaged):
			damaged = errors.Join(damaged, err)
		case err != nil:
			return nil, err
		case within(r.From, from, to):
			all = append(all, r.Summary)
		}
	}
	return all, errors.Join(rows.Err(), damaged)
}

func (s *sqliteStore) List(ctx context.Context, name string, from, to time.Time) ([]Summary, error) {
	var all []Summary
	err := s.read(ctx, func(tx *sql.Tx) (err error) {
		all, err = s.list(ctx, tx, name, from, to)
		return err
	})
	return all, err
}

func (s *sqliteStore) Get(ctx context.Context, id string) (Entry, error) {
	var e Entry
	err := s.read(ctx, func(tx *sql.Tx) error {
		r, err := s.find(ctx, tx, id)
		if err != nil {
			return err
		}
		e, err = s.entry(ctx, tx, r)
		return err
	})
	return e, err
}

// entry reads a report whole and compares it with its SHA-256.
func (s *sqliteStore) entry(ctx context.Context, q querier, r stored) (Entry, error) {
	e := Entry{ID: r.ID, Name: r.Name, From: r.From, To: r.To, Made: r.made}
	if err := q.QueryRowContext(ctx, "SELECT data FROM report WHERE number = ?", r.number).Scan(&e.Data); err != nil {
		return Entry{}, err
	}
	var err error
	if e.Costs, err = s.costs(ctx, q, r, nil); err != nil {
		return Entry{}, err
	}
	if e.Recommendations, err = s.recommendations(ctx, q, r, ""); err != nil {
		return Entry{}, err
	}
	encoded, err := encodeEntry(e)
	if err != nil {
		return Entry{}, s.damaged(r.Summary, err)
	}
	sum := sha256.Sum256(encoded)
	if got := hex.EncodeToString(sum[:]); got != r.sha256 {
		return Entry{}, s.damaged(r.Summary, fmt.Errorf("was changed after it was written: SHA-256 is %s, want %s", got, r.sha256))
	}
	return e, nil
}

// costs reads the cost rows of a report, those that a query asks for where
// there is one.
func (s *sqliteStore) costs(ctx context.Context, q querier, r stored, query *Query) ([]CostRow, error) {
	text := "SELECT account, region, cluster, service, kind, cost_group, tags, usd FROM cost WHERE report = ?"
	args := []any{r.number}
	if query != nil && query.Service != "" { // what has an index; the rest is compared in Go
		text, args = text+" AND service = ?", append(args, query.Service)
	}
	rows, err := q.QueryContext(ctx, text+" ORDER BY line", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var costs []CostRow
	tags := tagReader{}
	for rows.Next() {
		var c CostRow
		var tagText string
		var usd sql.NullFloat64
		if err := rows.Scan(&c.Account, &c.Region, &c.Cluster, &c.Service, &c.Kind, &c.Group, &tagText, &usd); err != nil {
			return nil, err
		}
		c.USD = known(usd)
		if c.Tags, err = tags.read(tagText); err != nil {
			return nil, s.damaged(r.Summary, err)
		}
		if query == nil || query.matches(&c) {
			costs = append(costs, c)
		}
	}
	return costs, rows.Err()
}

func (s *sqliteStore) recommendations(ctx context.Context, q querier, r stored, key string) ([]RecommendationRow, error) {
	text := `SELECT key, lever, account, region, cluster, kind, subject, tags, title,
		before_usd, after_usd, saving_p10_usd, saving_p50_usd, saving_p90_usd, status FROM recommendation WHERE report = ?`
	args := []any{r.number}
	if key != "" {
		text, args = text+" AND key = ?", append(args, key)
	}
	rows, err := q.QueryContext(ctx, text+" ORDER BY line", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []RecommendationRow
	tags := tagReader{}
	for rows.Next() {
		var row RecommendationRow
		var tagText string
		var usd [5]sql.NullFloat64
		of := &row.Subject
		if err := rows.Scan(&row.Key, &row.Lever, &of.Account, &of.Region, &of.Cluster, &of.Kind, &of.Name, &tagText, &row.Title,
			&usd[0], &usd[1], &usd[2], &usd[3], &usd[4], &row.Status); err != nil {
			return nil, err
		}
		for i, into := range []*float64{&row.Before, &row.After, &row.P10, &row.P50, &row.P90} {
			*into = known(usd[i])
		}
		if of.Tags, err = tags.read(tagText); err != nil {
			return nil, s.damaged(r.Summary, err)
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

func known(usd sql.NullFloat64) float64 {
	if !usd.Valid {
		return math.NaN()
	}
	return usd.Float64
}

// tagReader reads tags, those of the same text once: services have many rows.
type tagReader map[string]map[string]string

func (t tagReader) read(text string) (map[string]string, error) {
	if text == "{}" {
		return nil, nil
	}
	if tags, ok := t[text]; ok {
		return tags, nil
	}
	var tags map[string]string
	if err := json.Unmarshal([]byte(text), &tags); err != nil {
		return nil, fmt.Errorf("tags %.80q: %w", text, err)
	}
	t[text] = tags
	return tags, nil
}

func (s *sqliteStore) Last(ctx context.Context, name string, before time.Time) (Entry, error) {
	all, err := s.List(ctx, name, time.Time{}, time.Time{})
	if err != nil {
		return Entry{}, err
	}
	last, found := lastBefore(all, before)
	if !found {
		return Entry{}, noneBefore(s.path, name, before)
	}
	return s.Get(ctx, last.ID)
}

func (s *sqliteStore) All(ctx context.Context, name string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		all, err := s.List(ctx, name, time.Time{}, time.Time{})
		if err != nil && !yield(Entry{}, err) {
			return
		}
		for _, r := range all {
			if !yield(s.Get(ctx, r.ID)) {
				return
			}
		}
	}
}

func (s *sqliteStore) Costs(ctx context.Context, q Query) iter.Seq2[DatedCost, error] {
	read := func(tx *sql.Tx, r stored) ([]CostRow, error) { return s.costs(ctx, tx, r, &q) }
	return func(yield func(DatedCost, error) bool) {
		for d, err := range eachRow(ctx, s, q.Name, q.From, q.To, read) {
			if !yield(DatedCost{d.report, d.row}, err) {
				return
			}
		}
	}
}

func (s *sqliteStore) Recommendations(ctx context.Context, name string, from, to time.Time, key string) iter.Seq2[DatedRecommendation, error] {
	read := func(tx *sql.Tx, r stored) ([]RecommendationRow, error) { return s.recommendations(ctx, tx, r, key) }
	return func(yield func(DatedRecommendation, error) bool) {
		for d, err := range eachRow(ctx, s, name, from, to, read) {
			if !yield(DatedRecommendation{d.report, d.row}, err) {
				return
			}
		}
	}
}

// dated is a row of a report.
type dated[T any] struct {
	report Summary
	row    T
}

// eachRow reads the rows of one report after another. Between two reports no
// transaction is open, so that a slow reader holds up no writer.
func eachRow[T any](ctx context.Context, s *sqliteStore, name string, from, to time.Time, read func(*sql.Tx, stored) ([]T, error)) iter.Seq2[dated[T], error] {
	return func(yield func(dated[T], error) bool) {
		all, err := s.List(ctx, name, from, to)
		if err != nil && !yield(dated[T]{}, err) {
			return
		}
		for _, summary := range all {
			var rows []T
			err := s.read(ctx, func(tx *sql.Tx) error {
				r, err := s.find(ctx, tx, summary.ID)
				if err != nil {
					return err
				}
				summary = r.Summary
				rows, err = read(tx, r)
				return err
			})
			if err != nil {
				if !yield(dated[T]{report: summary}, err) {
					return
				}
				continue
			}
			for _, row := range rows {
				if !yield(dated[T]{summary, row}, nil) {
					return
				}
			}
		}
	}
}
