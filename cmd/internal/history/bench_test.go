package history

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// 13 months of weekly reports on an account of 1,000 services, with rowsEach
// cost rows of each service.
const (
	benchReports  = 56
	benchServices = 1000
	rowsEach      = 5
)

func benchEntry(n int) Entry {
	e := entryOf("weekly", n, benchServices, 0)
	rows := make([]CostRow, 0, rowsEach*benchServices)
	for _, row := range e.Costs {
		for i := range rowsEach {
			row.Group = fmt.Sprint("group ", i)
			rows = append(rows, row)
		}
	}
	e.Costs = rows
	filler := make([]byte, 500_000) // as large as a report's JSON
	for i := range filler {
		filler[i] = 'a' + byte(i%26)
	}
	e.Data = fmt.Appendf(nil, `{"filler":%q}`, filler)
	return e
}

func benchStores(b *testing.B, run func(b *testing.B, s Store)) {
	for _, kind := range []string{"sqlite", "dir"} {
		b.Run(kind, func(b *testing.B) {
			s := must(Open(b.Context(), kind+":"+filepath.Join(b.TempDir(), "history")))
			defer s.Close()
			for n := range benchReports {
				if err := s.Put(b.Context(), benchEntry(n)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			run(b, s)
		})
	}
}

// BenchmarkPut keeps one report more.
func BenchmarkPut(b *testing.B) {
	benchStores(b, func(b *testing.B, s Store) {
		n := benchReports
		for b.Loop() {
			b.StopTimer()
			e := benchEntry(n)
			n++
			b.StartTimer()
			if err := s.Put(b.Context(), e); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkTrend asks for one service over all reports.
func BenchmarkTrend(b *testing.B) {
	benchStores(b, func(b *testing.B, s Store) {
		for b.Loop() {
			if points, err := Trend(b.Context(), s, Query{Name: "weekly", Service: "service-0500"}); err != nil || len(points) != benchReports {
				b.Fatal(len(points), err)
			}
		}
	})
}

// BenchmarkCosts reads all 280,000 cost rows.
func BenchmarkCosts(b *testing.B) {
	benchStores(b, func(b *testing.B, s Store) {
		for b.Loop() {
			rows := 0
			for _, err := range s.Costs(b.Context(), Query{Name: "weekly"}) {
				if err != nil {
					b.Fatal(err)
				}
				rows++
			}
			if rows != benchReports*benchServices*rowsEach {
				b.Fatal(rows)
			}
		}
	})
}

// BenchmarkLast reads the report before.
func BenchmarkLast(b *testing.B) {
	benchStores(b, func(b *testing.B, s Store) {
		for b.Loop() {
			if _, err := s.Last(b.Context(), "weekly", time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
