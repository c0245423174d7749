package history

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// week is the period that begins n weeks after 2 November 2026.
func week(n int) (from, to time.Time) {
	from = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*n)
	return from, from.AddDate(0, 0, 7)
}

// entryOf is a report of a week over some services. Version changes figures, so
// that a mixture of two versions shows.
func entryOf(name string, n, services, version int) Entry {
	from, to := week(n)
	e := Entry{Name: name, From: from, To: to, Made: to.Add(time.Hour * time.Duration(version+1))}
	for i := range services {
		tags := map[string]string{"team": fmt.Sprintf("team-%d", i%7), "env": "prod"}
		service := fmt.Sprintf("service-%04d", i)
		e.Costs = append(e.Costs, CostRow{
			Account: "111122223333", Region: "eu-west-1", Cluster: "main", Service: service, Kind: "service", Group: "compute",
			Tags: tags, USD: 0.1*float64(i) + float64(n) + 1000*float64(version),
		})
		if i%10 == 0 {
			e.Recommendations = append(e.Recommendations, RecommendationRow{
				Key: "right-size/" + service, Lever: "right-size", Title: "1 vCPU + 2 GB → 0.5 vCPU + 1 GB",
				Subject: Subject{Account: "111122223333", Region: "eu-west-1", Cluster: "main", Kind: "service", Name: service, Tags: tags},
				Before:  20, After: 10.5, P10: 8, P50: 9.5 + float64(version), P90: math.NaN(), Status: StatusOpen,
			})
		}
	}
	data, err := json.Marshal(map[string]any{"version": 1, "week": n, "of": version, "filler": strings.Repeat("x", services)})
	if err != nil {
		panic(err)
	}
	e.Data = data
	e.ID = NewID(name, from, to)
	return e
}

// sameEntry compares entries; NaN is equal to NaN.
func sameEntry(t *testing.T, got, want Entry) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("entry (-want +got):\n%s", diff)
	}
}

// must is the value of a call that has to succeed.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// collect reads a sequence, without its errors, and its errors.
func collect[T any](seq func(func(T, error) bool)) (all []T, err error) {
	for v, e := range seq {
		if e != nil {
			err = errors.Join(err, e)
			continue
		}
		all = append(all, v)
	}
	return all, err
}

// memory is Objects in memory.
type memory struct {
	mu      sync.Mutex
	objects map[string][]byte
	// before is called by every operation, with its name and key, and may fail.
	before func(operation, key string) error
}

func newMemory() *memory { return &memory{objects: map[string][]byte{}} }

func (m *memory) Locate(key string) string { return "memory:" + key }

func (m *memory) begin(ctx context.Context, operation, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.before != nil {
		return m.before(operation, key)
	}
	return nil
}

func (m *memory) Get(ctx context.Context, key string) ([]byte, error) {
	if err := m.begin(ctx, "get", key); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.objects[key]
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, key)
	}
	return slices.Clone(data), nil
}

func (m *memory) PutIfAbsent(ctx context.Context, key string, data []byte) (bool, error) {
	if err := m.begin(ctx, "put", key); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, taken := m.objects[key]; taken {
		return false, nil
	}
	m.objects[key] = slices.Clone(data)
	return true, nil
}

func (m *memory) List(ctx context.Context, prefix string) ([]string, error) {
	if err := m.begin(ctx, "list", prefix); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []string
	for key := range m.objects { // in any order, as Objects allows
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// place is one kind of store, in a place of its own that can be opened again.
type place struct {
	name string
	open func(t *testing.T) Store
}

func places(t *testing.T) []place {
	dir := t.TempDir()
	objects := newMemory()
	bucket := newFakeS3(t)
	opened := func(t *testing.T, where string) Store {
		t.Helper()
		s, err := Open(t.Context(), where)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	return []place{
		{"SQLite", func(t *testing.T) Store { return opened(t, filepath.Join(dir, "a ?%23#b.db")) }},
		{"directory", func(t *testing.T) Store { return opened(t, "dir:"+filepath.Join(dir, "new", "reports")) }},
		{"memory", func(t *testing.T) Store { return NewObjects(objects) }},
		{"S3", func(t *testing.T) Store { return NewObjects(S3(bucket.client(), "bucket", "/team/reports/")) }},
	}
}
