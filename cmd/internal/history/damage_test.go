package history

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// threeWeeks makes a SQLite history of three weeks and is its bytes.
func threeWeeks(t *testing.T, path string) []byte {
	t.Helper()
	s := must(Open(t.Context(), path))
	for n := range 3 {
		if err := s.Put(t.Context(), entryOf("weekly", n, 60, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return must(os.ReadFile(path))
}

// change runs SQL on a file as another tool would.
func change(t *testing.T, path, text string) {
	t.Helper()
	db := must(sql.Open("sqlite", path))
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}

// TestRefusedFiles: what is no readable history is refused, and stays as it is.
func TestRefusedFiles(t *testing.T) {
	tests := map[string]struct {
		make func(t *testing.T, path string)
		is   error
		want string
	}{
		"a text": {func(t *testing.T, path string) { os.WriteFile(path, []byte(strings.Repeat("costs,1\n", 400)), 0o666) }, ErrDamaged,
			"history: damaged: opening history.db: is no SQLite database, or its beginning is damaged; nothing was written: file is not a database (26)"},
		"a newer history": {func(t *testing.T, path string) { threeWeeks(t, path); change(t, path, "PRAGMA user_version=2") }, ErrNewer,
			"history: of a newer version: opening history.db: is version 2, this ecsavvy reads up to 1: use a newer ecsavvy"},
		"another application's": {func(t *testing.T, path string) { change(t, path, "CREATE TABLE bookmark (url TEXT)") }, ErrForeign,
			"history: not a history: opening history.db: is a SQLite database of something else (application_id 0, user_version 0, 1 tables and indices)"},
		"another application's number": {func(t *testing.T, path string) { change(t, path, "PRAGMA application_id=7; PRAGMA user_version=1") }, ErrForeign,
			"history: not a history: opening history.db: is a SQLite database of something else (application_id 7, user_version 1, 0 tables and indices)"},
		"half of it": {func(t *testing.T, path string) {
			whole := threeWeeks(t, path)
			os.WriteFile(path, whole[:len(whole)/2], 0o666)
		}, ErrDamaged, "history: damaged: opening history.db: nothing was written; restore it from a backup, or save what is readable with sqlite3's .recover: database disk image is malformed (11)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			test.make(t, "history.db")
			before := must(os.ReadFile("history.db"))
			s, err := Open(t.Context(), "history.db")
			if err == nil {
				s.Close()
			}
			if !errors.Is(err, test.is) || err.Error() != test.want {
				t.Errorf("error %v\nwant  %s", err, test.want)
			}
			if !bytes.Equal(before, must(os.ReadFile("history.db"))) {
				t.Error("the file was changed")
			}
		})
	}
}

// TestTruncated cuts a file at many lengths: an error, or what was kept. A file
// of no bytes is new.
func TestTruncated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	whole := threeWeeks(t, path)
	random := rand.New(rand.NewPCG(1, 1))
	lengths := []int{1, 15, 16, 99, 100, 511, 512, 4095, 4096, 8192, len(whole) - 4096, len(whole) - 1}
	for range 40 {
		lengths = append(lengths, 1+random.IntN(len(whole)-1))
	}
	for _, length := range lengths {
		if err := os.WriteFile(path, whole[:length], 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path)
		if err == nil {
			_, err = collect(s.All(t.Context(), "weekly"))
			s.Close()
		}
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%d of %d bytes: %v", length, len(whole), err)
		}
		if !bytes.Equal(whole[:length], must(os.ReadFile(path))) {
			t.Fatalf("%d of %d bytes: the file was changed", length, len(whole))
		}
	}
}

// TestFlippedBits damages single bytes. What is read is then right or an error,
// and never a wrong figure.
func TestFlippedBits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	whole := threeWeeks(t, path)
	random := rand.New(rand.NewPCG(2, 1))
	flips, seen := 150, 0
	if testing.Short() {
		flips = 20
	}
	for range flips {
		at, bit := random.IntN(len(whole)), byte(1)<<random.IntN(8)
		damaged := slices.Clone(whole)
		damaged[at] ^= bit
		if err := os.WriteFile(path, damaged, 0o666); err != nil {
			t.Fatal(err)
		}
		err := readRight(t.Context(), t, path)
		if err != nil {
			seen++
			if !strings.Contains(err.Error(), path) {
				t.Errorf("byte %d: error without the file: %v", at, err)
			}
		}
		if !bytes.Equal(damaged, must(os.ReadFile(path))) {
			t.Fatalf("byte %d: reading changed the file", at)
		}
	}
	t.Logf("%d of %d flips were in what a report is read from", seen, flips)
	if seen == 0 {
		t.Error("no damage was seen")
	}
}

// readRight reads three weeks by ID and fails the test where one is wrong.
func readRight(ctx context.Context, t *testing.T, path string) error {
	t.Helper()
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	defer s.Close()
	var all error
	for n := range 3 {
		want := entryOf("weekly", n, 60, 0)
		got, err := s.Get(ctx, want.ID)
		if err != nil {
			all = errors.Join(all, err)
			continue
		}
		sameEntry(t, got, want)
	}
	return all
}

// TestNoWriteToDamage: a Put into a damaged file writes nothing.
func TestNoWriteToDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	whole := threeWeeks(t, path)
	for page := 3; page < len(whole)/4096; page += 2 {
		damaged := slices.Clone(whole)
		clear(damaged[page*4096 : page*4096+64])
		if err := os.WriteFile(path, damaged, 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path)
		if err == nil {
			err = s.Put(t.Context(), entryOf("weekly", 7, 60, 0))
			s.Close()
		}
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("page %d: %v", page, err)
		}
		if !bytes.Equal(damaged, must(os.ReadFile(path))) {
			t.Fatalf("page %d: the file was changed", page)
		}
	}
}

// TestOneDamagedReport: damage of one report hides no other, in any store.
func TestOneDamagedReport(t *testing.T) {
	dir := t.TempDir()
	m := newMemory()
	middle := entryOf("weekly", 1, 60, 0)
	stores := map[string]struct {
		open   func() Store
		damage func()
		names  string
	}{
		"SQLite": {func() Store { return must(Open(t.Context(), filepath.Join(dir, "history.db"))) }, func() {
			change(t, filepath.Join(dir, "history.db"), "UPDATE cost SET usd = usd + 1 WHERE report = 2 AND line = 5")
		}, "history.db"},
		"directory": {func() Store { return must(Open(t.Context(), "dir:"+filepath.Join(dir, "reports"))) }, func() {
			path := filepath.Join(dir, "reports", middle.ID+".000001.json")
			data := must(os.ReadFile(path))
			os.WriteFile(path, data[:len(data)-100], 0o666)
		}, middle.ID + ".000001.json"},
		"objects": {func() Store { return NewObjects(m) }, func() {
			key := middle.ID + ".000001.json"
			m.objects[key] = bytes.Replace(m.objects[key], []byte("service-0007"), []byte("service-0008"), 1)
		}, "memory:" + middle.ID},
	}
	for name, test := range stores {
		t.Run(name, func(t *testing.T) {
			s := test.open()
			defer s.Close()
			for n := range 3 {
				if err := s.Put(t.Context(), entryOf("weekly", n, 60, 0)); err != nil {
					t.Fatal(err)
				}
			}
			test.damage()
			all, err := collect(s.All(t.Context(), "weekly"))
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), test.names) || !strings.Contains(err.Error(), middle.ID) {
				t.Errorf("error %v", err)
			}
			if len(all) != 2 {
				t.Fatalf("%d reports beside the damaged one, want 2", len(all))
			}
			sameEntry(t, all[0], entryOf("weekly", 0, 60, 0))
			sameEntry(t, all[1], entryOf("weekly", 2, 60, 0))
			if name != "SQLite" { // which reads only the rows that are asked for
				points, err := Trend(t.Context(), s, Query{Name: "weekly", Service: "service-0003"})
				if len(points) != 2 || !errors.Is(err, ErrDamaged) {
					t.Errorf("Trend: %d points, %v", len(points), err)
				}
			}
			if err := s.Put(t.Context(), middle); err != nil { // the report made again heals it
				t.Fatal(err)
			}
			if all, err := collect(s.All(t.Context(), "weekly")); err != nil || len(all) != 3 {
				t.Errorf("made again: %d reports, %v", len(all), err)
			}
		})
	}
}

// TestLocked: a second writer waits, then fails with an error that names the
// file; a reader does not wait.
func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	settings := sqliteSettings{must(embeddedMigrations()), time.Millisecond}
	first := must(openSQLite(t.Context(), path, settings))
	defer first.Close()
	second := must(openSQLite(t.Context(), path, settings))
	defer second.Close()
	e := entryOf("weekly", 0, 5, 0)
	if err := first.Put(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	err := first.write(t.Context(), "writing", func(*sql.Tx) error {
		if _, err := second.Get(t.Context(), e.ID); err != nil {
			t.Errorf("reading beside a writer: %v", err)
		}
		want := fmt.Sprintf("history: in use: writing %s: another process was writing to it for 1ms: try again when it has ended: database is locked (5) (SQLITE_BUSY)", path)
		if err := second.Put(t.Context(), e); !errors.Is(err, ErrLocked) || err.Error() != want {
			t.Errorf("error %v\nwant  %s", err, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Put(t.Context(), entryOf("weekly", 1, 5, 0)); err != nil {
		t.Errorf("after the first writer: %v", err)
	}
}

// TestFull: a Put that finds no room changes nothing.
func TestFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	threeWeeks(t, path)
	s := must(openSQLite(t.Context(), path, sqliteSettings{must(embeddedMigrations()), time.Second}))
	defer s.Close()
	var pages int
	if err := s.db.QueryRowContext(t.Context(), "PRAGMA max_page_count=1").Scan(&pages); err != nil { // as many as there are
		t.Fatal(err)
	}
	for n := range 4 { // replacing needs room too
		err := s.Put(t.Context(), entryOf("weekly", n, 2000, 1))
		if !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v", err)
		}
	}
	if err := readRight(t.Context(), t, path); err != nil {
		t.Error(err)
	}
}

// TestMigration: scripts run in order and once, all or none, and keep what is
// there.
func TestMigration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	threeWeeks(t, path)
	before := must(os.ReadFile(path))
	scripts := must(embeddedMigrations())
	open := func(more ...string) (*sqliteStore, error) {
		return openSQLite(t.Context(), path, sqliteSettings{append(slices.Clone(scripts), more...), time.Second})
	}
	if _, err := open("ALTER TABLE report ADD COLUMN note TEXT", "ALTER TABLE nothing ADD COLUMN note TEXT"); err == nil ||
		!strings.HasPrefix(err.Error(), "history: migrating "+path+": to version 3: ") {
		t.Errorf("a script that fails: %v", err)
	}
	if !bytes.Equal(before, must(os.ReadFile(path))) {
		t.Error("a migration that failed changed the file")
	}
	more := []string{"ALTER TABLE report ADD COLUMN note TEXT", "UPDATE report SET note = 'a note of ' || name"}
	for range 2 {
		s := must(open(more...))
		var version int
		var note string
		if err := s.db.QueryRowContext(t.Context(), "SELECT user_version, (SELECT max(note) FROM report) FROM pragma_user_version").Scan(&version, &note); err != nil {
			t.Fatal(err)
		}
		if version != 3 || note != "a note of weekly" {
			t.Errorf("version %d, note %q", version, note)
		}
		all, err := collect(s.All(t.Context(), "weekly"))
		if err != nil || len(all) != 3 {
			t.Errorf("%d reports, %v", len(all), err)
		}
		s.Close()
	}
	if _, err := open(); !errors.Is(err, ErrNewer) {
		t.Errorf("the older program: %v", err)
	}
}

// TestWALFile: a file that another tool put into WAL mode is read and put back.
func TestWALFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	threeWeeks(t, path)
	change(t, path, "PRAGMA journal_mode=WAL")
	if err := readRight(t.Context(), t, path); err != nil {
		t.Fatal(err)
	}
	s := must(Open(t.Context(), path))
	if err := s.Put(t.Context(), entryOf("weekly", 4, 60, 0)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if files := must(filepath.Glob(path + "*")); len(files) != 1 {
		t.Errorf("files %q, want one", files)
	}
}
