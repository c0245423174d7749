package history

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

func (s *sqliteStore) Put(ctx context.Context, e Entry) error {
	e, err := e.normal()
	if err != nil {
		return err
	}
	encoded, err := encodeEntry(e)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(encoded)
	sum := hex.EncodeToString(hash[:])
	return s.write(ctx, "writing", func(tx *sql.Tx) error {
		if err := s.check(ctx, tx); err != nil {
			return err
		}
		revision := 1
		old, err := s.find(ctx, tx, e.ID)
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return err
		default:
			if old.sha256 == sum {
				if _, err := s.entry(ctx, tx, old); err == nil {
					return nil
				}
			}
			revision = old.Revision + 1
			if _, err := tx.ExecContext(ctx, "DELETE FROM report WHERE number = ?", old.number); err != nil {
				return err
			}
		}
		return insert(ctx, tx, e, revision, sum)
	})
}

// check looks for damage before anything is written, because a write to a
// damaged file can make the damage worse. It reads the whole file.
func (s *sqliteStore) check(ctx context.Context, tx *sql.Tx) error {
	var found string
	if err := tx.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("%w: writing %s: nothing was written; restore it from a backup, or save what is readable with sqlite3's .recover: %s", ErrDamaged, s.path, found)
	}
	return nil
}

func insert(ctx context.Context, tx *sql.Tx, e Entry, revision int, sum string) error {
	result, err := tx.ExecContext(ctx, `INSERT INTO report
		(id, name, period_from, period_to, made, revision, sha256, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.Name, timeText(e.From), timeText(e.To), timeText(e.Made), revision, sum, string(e.Data))
	if err != nil {
		return err
	}
	number, err := result.LastInsertId()
	if err != nil {
		return err
	}
	err = insertRows(ctx, tx, `INSERT INTO cost
		(report, line, account, region, cluster, service, kind, cost_group, tags, usd) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		len(e.Costs), func(i int) ([]any, error) {
			c := &e.Costs[i]
			tags, err := tagsText(c.Tags)
			return []any{number, i, c.Account, c.Region, c.Cluster, c.Service, c.Kind, c.Group, tags, amount(c.USD)}, err
		})
	if err != nil {
		return err
	}
	return insertRows(ctx, tx, `INSERT INTO recommendation
		(report, line, key, lever, account, region, cluster, kind, subject, tags, title,
		 before_usd, after_usd, saving_p10_usd, saving_p50_usd, saving_p90_usd, status)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		len(e.Recommendations), func(i int) ([]any, error) {
			r := &e.Recommendations[i]
			tags, err := tagsText(r.Subject.Tags)
			return []any{number, i, r.Key, r.Lever, r.Subject.Account, r.Subject.Region, r.Subject.Cluster, r.Subject.Kind, r.Subject.Name,
				tags, r.Title, amount(r.Before), amount(r.After), amount(r.P10), amount(r.P50), amount(r.P90), string(r.Status)}, err
		})
}

func insertRows(ctx context.Context, tx *sql.Tx, query string, rows int, row func(i int) ([]any, error)) error {
	statement, err := tx.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer statement.Close()
	for i := range rows {
		values, err := row(i)
		if err != nil {
			return err
		}
		if _, err := statement.ExecContext(ctx, values...); err != nil {
			return err
		}
	}
	return nil
}

// amount is NULL where unknown.
func amount(usd float64) sql.NullFloat64 {
	return sql.NullFloat64{Float64: usd, Valid: !math.IsNaN(usd)}
}

func timeText(t time.Time) string { return t.Format(time.RFC3339) }

func tagsText(tags map[string]string) (string, error) {
	if len(tags) == 0 {
		return "{}", nil
	}
	text, err := json.Marshal(tags) // sorts the keys
	return string(text), err
}
