package pricing_test

import (
	"math"
	"testing"

	"ecsavvy/pricing"
)

func TestBilledSeconds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		system  string
		seconds float64
		want    float64
	}{
		{"Linux", 30, 60},
		{"Linux", 60, 60},
		{"Linux", 61.2, 62},
		{"Linux", 3600, 3600},
		{"LINUX", 0.1, 60},
		{"", 30, 60},
		{"Windows", 30, 300},
		{"WINDOWS_SERVER_2022_CORE", 299.5, 300},
		{"windows", 300.5, 301},
		{"Linux", 0, 0},
		{"Windows", -1, 0},
		{"Linux", math.Inf(1), math.Inf(1)},
	}
	for _, tt := range tests {
		if got := pricing.BilledSeconds(tt.system, tt.seconds); got != tt.want {
			t.Errorf("%s, %v s: billed %v, want %v", tt.system, tt.seconds, got, tt.want)
		}
	}
	if got := pricing.BilledSeconds("Linux", math.NaN()); !math.IsNaN(got) {
		t.Errorf("unknown time is billed %v, want NaN", got)
	}
}
