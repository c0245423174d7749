package pricing

import "testing"

// TestNormalizationFactor has rows of AWS's two tables, and types that they
// leave out.
func TestNormalizationFactor(t *testing.T) {
	tests := []struct {
		instanceType string
		want         float64 // 0: not known
	}{
		{"t3.nano", 0.25}, {"t3.micro", 0.5}, {"t3.small", 1}, {"t2.medium", 2}, {"m5.large", 4},
		{"m5.xlarge", 8}, {"m5.2xlarge", 16}, {"r5.4xlarge", 32}, {"c5.9xlarge", 72}, {"m5.24xlarge", 192},
		{"m7a.48xlarge", 384}, {"u-3tb1.56xlarge", 448}, {"u-6tb1.112xlarge", 896},
		{"i3.metal", 128}, {"c5.metal", 192}, {"c5n.metal", 144}, {"a1.metal", 32}, {"m6i.metal", 256}, {"u-24tb1.metal", 448},
		{"m5zn.metal", 96}, {"u-6tb1.metal", 896},
		{"m7i.metal-24xl", 192}, {"m7a.metal-48xl", 384},
		{"c7g.metal", 0}, {"c6a.metal", 0}, {"m5", 0}, {"", 0}, {"m5.huge", 0}, {"m5.0xlarge", 0}, {"m5.metal-24", 0}, {"m5.-2xlarge", 0},
	}
	for _, tt := range tests {
		got, known := normalizationFactor(tt.instanceType)
		if got != tt.want || known != (tt.want != 0) {
			t.Errorf("%q: %v, %v; want %v", tt.instanceType, got, known, tt.want)
		}
	}
}
