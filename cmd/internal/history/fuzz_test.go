package history

import (
	"bytes"
	"errors"
	"math"
	"testing"
)

// FuzzFile reads files. Each is an entry or an error of a known class, and an
// entry is written and read as itself. Because a fuzzer finds no SHA-256, the
// bytes are also read as an entry of a file that is whole.
func FuzzFile(f *testing.F) {
	from, to := week(0)
	// Small, because a fuzzer makes smaller what it finds.
	entry := must(encodeEntry(must(Entry{Name: "w", From: from, To: to, Made: to, Data: []byte("{}"),
		Costs: []CostRow{{USD: math.NaN(), Tags: map[string]string{"a": "b"}}}}.normal())))
	f.Add(entry)
	f.Add(seal(entry))
	f.Add([]byte(`{"ecsavvy_history":2}`))
	f.Add([]byte(`{"ecsavvy_history":1,"sha256":"","entry":null}`))
	f.Add([]byte(`{"id":"-.","costs":[{"usd":null}],"recommendations":[null],"report":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, file := range [][]byte{data, seal(data)} {
			got, err := unseal(file)
			if err != nil {
				if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrForeign) && !errors.Is(err, ErrNewer) {
					t.Errorf("error of no class: %v", err)
				}
				continue
			}
			kept := must(encodeEntry(got))
			again, err := unseal(seal(kept))
			if err != nil {
				t.Fatalf("what was read cannot be kept: %v", err)
			}
			if twice := must(encodeEntry(again)); !bytes.Equal(kept, twice) {
				t.Errorf("kept  %s\ntwice %s", kept, twice)
			}
		}
	})
}

// FuzzKey reads names of files: a key is of a report, or is not.
func FuzzKey(f *testing.F) {
	from, to := week(0)
	f.Add(Summary{ID: NewID("weekly", from, to), Revision: 1}.key())
	f.Add("....json")
	f.Add("a.20261102T000000Z.20261109T000000Z.-00001.json")
	f.Fuzz(func(t *testing.T, key string) {
		if s, ok := summaryOfKey(key); ok && s.key() != key {
			t.Errorf("key %q is read as %q", key, s.key())
		}
	})
}
