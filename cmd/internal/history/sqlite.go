package history

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	sqlitedriver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed schema/*.sql
var schema embed.FS

// applicationID is "ecsv", at byte 68 of the file: what file(1) and SQLite's
// application_id show.
const applicationID = 0x65637376

// busyTimeout is how long one process waits for another one's write. A Put of
// 5,000 rows takes under a second.
const busyTimeout = 30 * time.Second

// sqliteSettings are what tests change.
type sqliteSettings struct {
	migrations []string // scripts; that at index i leads to version i+1
	busy       time.Duration
}

// SQLite keeps reports in one SQLite file, which is made where there is none.
//
// Writes use a rollback journal with synchronous=EXTRA: a report is on disk
// when Put returns, and at rest the file is alone and can be copied. A
// write-ahead log would need shared memory, which network file systems such as
// Amazon EFS have not (sqlite.org/wal.html).
func SQLite(ctx context.Context, path string) (Store, error) {
	migrations, err := embeddedMigrations()
	if err != nil {
		return nil, err
	}
	return openSQLite(ctx, path, sqliteSettings{migrations: migrations, busy: busyTimeout})
}

func embeddedMigrations() ([]string, error) {
	names, err := fs.Glob(schema, "schema/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	scripts := make([]string, len(names))
	for i, name := range names {
		script, err := schema.ReadFile(name)
		if err != nil {
			return nil, err
		}
		scripts[i] = string(script)
	}
	return scripts, nil
}

// sqliteStore is a Store. One connection does everything in turn, so that no
// method may hold a statement open while its caller has the word.
type sqliteStore struct {
	path string
	busy time.Duration
	db   *sql.DB
}

func openSQLite(ctx context.Context, path string, settings sqliteSettings) (*sqliteStore, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("history: opening %s: %w", path, err)
	}
	if _, err := os.Stat(filepath.Dir(abs)); err != nil {
		return nil, fmt.Errorf("history: opening %s: its directory: %w", path, err)
	}
	if err := plausible(path, abs); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", dataSource(abs, settings.busy))
	if err != nil {
		return nil, fmt.Errorf("history: opening %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	s := &sqliteStore{path: path, busy: settings.busy, db: db}
	if err := s.prepare(ctx, settings.migrations); err != nil {
		db.Close()
		return nil, err
	}
	return s, nil
}

// smallestFile is the size of the smallest page (sqlite.org/fileformat.html).
const smallestFile = 512

// plausible refuses what SQLite would take for a new file, or fail on in words
// that do not help. With a journal beside it SQLite knows what to do.
func plausible(path, abs string) error {
	info, err := os.Stat(abs)
	if err != nil {
		return nil // not there yet, or SQLite says why
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: opening %s: want a file; a directory of reports is dir:%s", ErrForeign, path, path)
	}
	_, noJournal := os.Stat(abs + "-journal")
	if size := info.Size(); size > 0 && size < smallestFile && noJournal != nil {
		return fmt.Errorf("%w: opening %s: has %d bytes, want none or at least %d; nothing was written", ErrDamaged, path, size, smallestFile)
	}
	return nil
}

// dataSource is the driver's name of a file; a URI, so that '?' and '%' in a
// path mean themselves.
func dataSource(abs string, busy time.Duration) string {
	p := filepath.ToSlash(abs)
	if !strings.HasPrefix(p, "/") { // C:/…
		p = "/" + p
	}
	settings := url.Values{
		"_busy_timeout": {strconv.FormatInt(busy.Milliseconds(), 10)},
		"_foreign_keys": {"1"},
		"_synchronous":  {"EXTRA"},
		"_txlock":       {"immediate"}, // a writer waits at its beginning, not in the middle
		"_error_rc":     {"1"},
		"_dqs":          {"0"},
	}
	return (&url.URL{Scheme: "file", Path: p, RawQuery: settings.Encode()}).String()
}

// prepare finds out what the file is and brings it to this version.
func (s *sqliteStore) prepare(ctx context.Context, migrations []string) error {
	version, err := s.version(ctx, s.db)
	if err != nil {
		return err
	}
	if version > len(migrations) {
		return fmt.Errorf("%w: opening %s: is version %d, this ecsavvy reads up to %d: use a newer ecsavvy", ErrNewer, s.path, version, len(migrations))
	}
	var mode string
	if err := s.db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return s.failed("opening", err)
	}
	if mode == "wal" { // another tool changed it
		if err := s.db.QueryRowContext(ctx, "PRAGMA journal_mode=DELETE").Scan(&mode); err != nil {
			return s.failed("opening", err)
		}
	}
	if version == len(migrations) {
		return nil
	}
	return s.migrate(ctx, migrations)
}

// querier is a database or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// version is the version of a history, 0 of an empty file.
func (s *sqliteStore) version(ctx context.Context, q querier) (int, error) {
	var application, version, things int
	for _, read := range []struct {
		query string
		into  *int
	}{
		{"PRAGMA application_id", &application},
		{"PRAGMA user_version", &version},
		{"SELECT count(*) FROM sqlite_schema", &things},
	} {
		if err := q.QueryRowContext(ctx, read.query).Scan(read.into); err != nil {
			return 0, s.failed("opening", err)
		}
	}
	switch {
	case application == applicationID && version > 0:
		return version, nil
	case application == 0 && version == 0 && things == 0:
		return 0, nil
	default:
		return 0, fmt.Errorf("%w: opening %s: is a SQLite database of something else (application_id %d, user_version %d, %d tables and indices)",
			ErrForeign, s.path, application, version, things)
	}
}

// migrate runs the scripts that the file has not seen, all or none.
func (s *sqliteStore) migrate(ctx context.Context, migrations []string) error {
	return s.write(ctx, "migrating", func(tx *sql.Tx) error {
		version, err := s.version(ctx, tx) // another process may have been faster
		if err != nil {
			return err
		}
		for i := version; i < len(migrations); i++ {
			if _, err := tx.ExecContext(ctx, migrations[i]); err != nil {
				return fmt.Errorf("to version %d: %w", i+1, err)
			}
		}
		_, err = tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id=%d; PRAGMA user_version=%d", applicationID, max(version, len(migrations))))
		return err
	})
}

// write runs a function in a transaction that writes.
func (s *sqliteStore) write(ctx context.Context, doing string, do func(*sql.Tx) error) error {
	return s.transaction(ctx, doing, nil, do)
}

// read runs a function in a transaction that sees one state of the file.
func (s *sqliteStore) read(ctx context.Context, do func(*sql.Tx) error) error {
	return s.transaction(ctx, "reading", &sql.TxOptions{ReadOnly: true}, do)
}

func (s *sqliteStore) transaction(ctx context.Context, doing string, options *sql.TxOptions, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, options)
	if err != nil {
		return s.failed(doing, err)
	}
	defer tx.Rollback() // of no effect after Commit
	if err := do(tx); err != nil {
		return s.failed(doing, err)
	}
	if err := tx.Commit(); err != nil {
		return s.failed(doing, err)
	}
	return nil
}

func (s *sqliteStore) Close() error { return s.db.Close() }

// failed gives an error of SQLite its file and, where callers tell it apart,
// its class; errors that have them already stay. Codes: sqlite.org/rescode.html.
func (s *sqliteStore) failed(doing string, err error) error {
	for _, class := range []error{ErrNotFound, ErrDamaged, ErrNewer, ErrForeign} {
		if errors.Is(err, class) {
			return err
		}
	}
	var coded *sqlitedriver.Error
	if !errors.As(err, &coded) {
		return fmt.Errorf("history: %s %s: %w", doing, s.path, err)
	}
	switch coded.Code() & 0xff { // the rest is a detail
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: %s %s: another process was writing to it for %s: try again when it has ended: %w", ErrLocked, doing, s.path, s.busy, err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%w: %s %s: nothing was written; restore it from a backup, or save what is readable with sqlite3's .recover: %w", ErrDamaged, doing, s.path, err)
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w: %s %s: is no SQLite database, or its beginning is damaged; nothing was written: %w", ErrDamaged, doing, s.path, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: %s %s: nothing was changed: %w", ErrFull, doing, s.path, err)
	default:
		return fmt.Errorf("history: %s %s: %w", doing, s.path, err)
	}
}
