package history

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocumentedQueries runs the SQL of the manual on a history.
func TestDocumentedQueries(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := must(openSQLite(t.Context(), path, sqliteSettings{must(embeddedMigrations()), busyTimeout}))
	defer s.Close()
	for n := range 2 {
		e := entryOf("weekly", n, 2, 0)
		e.Recommendations[0].Status = StatusApplied
		if err := s.Put(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"2026-11-02T00:00:00Z team-0 0 0; 2026-11-02T00:00:00Z team-1 0.1 0; 2026-11-09T00:00:00Z team-0 1 0; 2026-11-09T00:00:00Z team-1 1.1 0; ",
		"right-size/service-0000 2026-11-02T00:00:00Z 9.5; ",
	}
	blocks := strings.Split(string(must(os.ReadFile("docs/history.md"))), "```sql\n")[1:]
	if len(blocks) != len(want) {
		t.Fatalf("%d queries in the manual, want %d", len(blocks), len(want))
	}
	for i, block := range blocks {
		query, _, _ := strings.Cut(block, "```")
		rows := must(s.db.QueryContext(t.Context(), query))
		columns := must(rows.Columns())
		got := ""
		for rows.Next() {
			values := make([]any, len(columns))
			into := make([]any, len(columns))
			for j := range values {
				into[j] = &values[j]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			got += strings.TrimSuffix(fmt.Sprintln(values...), "\n") + "; "
		}
		if err := rows.Err(); err != nil || got != want[i] {
			t.Errorf("%s: %v\ngot  %s\nwant %s", query, err, got, want[i])
		}
	}
}
