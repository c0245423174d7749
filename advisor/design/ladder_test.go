package design

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Counted by hand from "Task CPU and memory" of the Fargate developer guide:
// 3 + 4 + 7 + 13 + 23 + 12 + 12 + 3.
func TestLadderHas77Sizes(t *testing.T) {
	perRow := make(map[float64]int)
	for _, s := range Ladder(Linux) {
		perRow[s.VCPU]++
	}
	want := map[float64]int{0.25: 3, 0.5: 4, 1: 7, 2: 13, 4: 23, 8: 12, 16: 12, 32: 3}
	if diff := cmp.Diff(want, perRow); diff != "" {
		t.Error(diff)
	}
	if n := len(Ladder(Linux)); n != 77 {
		t.Errorf("%d sizes on Linux, want 77", n)
	}
	if n := len(Ladder(Windows)); n != 7+13+23 {
		t.Errorf("%d sizes on Windows, want 43", n)
	}
	for _, s := range Ladder(Linux) {
		if !OnLadder(s, Linux) {
			t.Errorf("%s is listed and not on the ladder", s)
		}
	}
}

func TestOnLadder(t *testing.T) {
	tests := []struct {
		size Size
		os   OS
		want bool
	}{
		{Size{0.25, 0.5}, Linux, true},
		{Size{0.25, 0.5}, Windows, false},
		{Size{0.25, 3}, Linux, false},
		{Size{0.5, 5}, Linux, false}, // 512 / 5120 of algorithms.md, F6
		{Size{0.5, 1.5}, Linux, false},
		{Size{1, 2}, Windows, true},
		{Size{4, 30}, Linux, true},
		{Size{4, 31}, Linux, false},
		{Size{8, 18}, Linux, false},
		{Size{8, 60}, Linux, true},
		{Size{16, 120}, Linux, true},
		{Size{16, 121}, Linux, false},
		{Size{32, 60}, Linux, true},  // 32768 / 61440
		{Size{32, 64}, Linux, false}, // 32768 / 65536
		{Size{32, 244}, Linux, true},
		{Size{3, 8}, Linux, false},
		{Size{0, 0}, Linux, false},
	}
	for _, tt := range tests {
		if got := OnLadder(tt.size, tt.os); got != tt.want {
			t.Errorf("OnLadder(%s, %s) = %v, want %v", tt.size, tt.os, got, tt.want)
		}
	}
}

// The vectors of cfn-lint, where they are at hand.
func TestLadderAgreesWithCfnLint(t *testing.T) {
	data, err := os.ReadFile("../../../shared/cases/reference/fargate-combo-vectors.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no shared cases here")
	}
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Vectors []struct {
			Cpu, Memory any
			Valid       bool
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) == 0 {
		t.Fatal("no vectors")
	}
	for _, v := range file.Vectors {
		vcpu, errCPU := ParseCPU(fmt.Sprint(v.Cpu))
		gb, errMemory := ParseMemory(fmt.Sprint(v.Memory))
		if errCPU != nil || errMemory != nil {
			t.Errorf("%v / %v: %v, %v", v.Cpu, v.Memory, errCPU, errMemory)
			continue
		}
		if got := OnLadder(Size{vcpu, gb}, Linux); got != v.Valid {
			t.Errorf("%v / %v is valid: %v, want %v", v.Cpu, v.Memory, got, v.Valid)
		}
	}
}

func TestFitLadder(t *testing.T) {
	tests := []struct {
		vcpu, gb float64
		os       OS
		want     Size
		ok       bool
	}{
		{0.25, 0.5, Linux, Size{0.25, 0.5}, true},
		{0.3, 0.5, Linux, Size{0.5, 1}, true},
		{0.25, 2.1, Linux, Size{0.5, 3}, true},
		{0.25, 0.5, Windows, Size{1, 2}, true},
		{1, 8.0625, Linux, Size{2, 9}, true},
		{0, 0, Linux, Size{0.25, 0.5}, true},
		{17, 1, Linux, Size{32, 60}, true},
		{32, 245, Linux, Size{}, false},
		{5, 8, Windows, Size{}, false},
	}
	for _, tt := range tests {
		got, ok := FitLadder(tt.vcpu, tt.gb, tt.os)
		if got != tt.want || ok != tt.ok {
			t.Errorf("FitLadder(%v, %v, %s) = %s, %v; want %s, %v", tt.vcpu, tt.gb, tt.os, got, ok, tt.want, tt.ok)
		}
	}
}

// The first of the nearest sizes holds what was asked for, where any does.
func TestNearestSizes(t *testing.T) {
	for _, s := range []Size{{0.5, 5}, {0.25, 3}, {3, 8}, {8, 18}, {1, 1}, {0.1, 0.1}, {32, 64}, {0, 0}} {
		near := NearestSizes(s, Linux, 3)
		if len(near) != 3 {
			t.Fatalf("%s: %d sizes", s, len(near))
		}
		if near[0].VCPU < s.VCPU || near[0].GB < s.GB {
			t.Errorf("%s: the nearest size %s does not hold it", s, near[0])
		}
	}
	want := []Size{{1, 5}, {1, 6}, {1, 7}}
	if diff := cmp.Diff(want, NearestSizes(Size{0.5, 5}, Linux, 3)); diff != "" {
		t.Error(diff)
	}
	if got := NearestSizes(Size{64, 512}, Linux, 2); got[0] != (Size{32, 244}) {
		t.Errorf("the largest size is nearest to what nothing holds; got %s", got[0])
	}
	if got := NearestSizes(Size{1, 2}, Linux, 1000); len(got) != 77 {
		t.Errorf("%d sizes, want all 77", len(got))
	}
}
