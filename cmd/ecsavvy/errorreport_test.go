package main

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// TestErrorMessages holds that several errors are several lines, and that one which
// wraps several keeps its own words.
func TestErrorMessages(t *testing.T) {
	damaged, cause := errors.New("damaged"), errors.New("bad digit")
	for _, tc := range []struct {
		err  error
		want []string
	}{
		{errors.Join(damaged, cause), []string{"damaged", "bad digit"}},
		{fmt.Errorf("reading: %w", errors.Join(damaged, cause)), []string{"damaged", "bad digit"}},
		{fmt.Errorf("reading the history: %w", fmt.Errorf("%w: kept/a.json: %w", damaged, cause)), []string{"reading the history: damaged: kept/a.json: bad digit"}},
	} {
		if got := errorMessages(tc.err); !slices.Equal(got, tc.want) {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
}
