package render

import (
	"slices"
	"testing"
)

func TestWrap(t *testing.T) {
	tests := []struct {
		name  string
		in    string
		limit int
		want  []string
	}{
		{"empty", "", 10, []string{""}},
		{"fits", "a b c", 10, []string{"a b c"}},
		{"at spaces", "one two three", 7, []string{"one two", "three"}},
		{"after punctuation", "Fargate-EphemeralStorage-GB-Hours", 30, []string{"Fargate-EphemeralStorage-GB-", "Hours"}},
		{"anywhere", "abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"a long word after a short one", "a abcdefgh b", 4, []string{"a", "abcd", "efgh", "b"}},
		{"wide characters", "東京都港区", 4, []string{"東京", "都港", "区"}},
		{"narrower than a character", "東京", 1, []string{"東", "京"}},
	}
	for _, tt := range tests {
		if got := wrap(tt.in, tt.limit); !slices.Equal(got, tt.want) {
			t.Errorf("%s: wrap(%q, %d) = %q, want %q", tt.name, tt.in, tt.limit, got, tt.want)
		}
	}
}

func TestWrapNameEndsInEllipsis(t *testing.T) {
	got := wrapName("aaaa bbbb cccc dddd eeee", 4)
	if want := []string{"aaaa", "bbbb", "ccc…"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
