package render

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzJSON compares the layout with the standard library's for any JSON, and
// reads the values back.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `{"a":[],"b":{}}`, `[1,-2.5e3,null,true,"x"]`, `{"a":"\"\\{[,:]}","b":["é \u202e",{"c":[[]]}]}`, `"\u0000\u007f"`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var value any
		dec := json.NewDecoder(bytes.NewReader([]byte(text)))
		dec.UseNumber()
		if dec.Decode(&value) != nil {
			t.Skip()
		}
		var got, want bytes.Buffer
		if err := writeJSON(&got, value); err != nil {
			t.Fatal(err)
		}
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(value); err != nil {
			t.Fatal(err)
		}
		var gotCompact, wantCompact bytes.Buffer
		var back any
		dec = json.NewDecoder(bytes.NewReader(got.Bytes()))
		dec.UseNumber()
		if err := dec.Decode(&back); err != nil {
			t.Fatalf("%v in %q", err, got.String())
		}
		for _, x := range []struct {
			to    *bytes.Buffer
			value any
		}{{&gotCompact, back}, {&wantCompact, value}} {
			if err := json.NewEncoder(x.to).Encode(x.value); err != nil {
				t.Fatal(err)
			}
		}
		if gotCompact.String() != wantCompact.String() {
			t.Errorf("values differ:\n%s\n%s", gotCompact.String(), wantCompact.String())
		}
		if plain := isASCII(want.Bytes()); plain && got.String() != want.String() {
			t.Errorf("layout differs:\n%q\n%q", got.String(), want.String())
		}
	})
}

func isASCII(in []byte) bool {
	for _, c := range in {
		if c >= 0x7f {
			return false
		}
	}
	return true
}
