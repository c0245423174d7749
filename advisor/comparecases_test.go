package advisor_test

import (
	"fmt"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// The figures of docs/comparisons.md.
func TestQuotedFigures(t *testing.T) {
	tests := []struct {
		name string
		want string // totals in the order of the designs
	}{
		{"compare-nat", "base 36.50, t4g.micro 10.42, t4g.nano 7.36"},
		{"compare-tunnel", "base 52.96, dedicated 43.25, sidecar 57.67"},
		{"compare-graviton", "base 72.08, graviton 57.67"},
		{"compare-eks", "base 36.04, eks 115.53, eks-extended 480.53"},
		{"compare-seoul", "base 20.72, graviton 16.58"},
		{"compare-spot", "base 144.16, one-on-demand 70.46, spot 45.89"},
		{"compare-offhours", "base 132.99, 10x5 82.36, 12x5 86.65"},
		// Not quoted anywhere; advisor/estimate/docs/metering.md shows it.
		{"spare-capacity", "base 309.84, lost-az 482.76, one-more 418.39, rolling 607.68, spread 321.84"},
		{"compare-stages", "base 163.11, development 2.95, staging 65.39"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := advisor.Compare(variants(t, tt.name), pricing.Embedded(), estimate.Options{})
			got := ""
			for i, d := range c.Designs {
				if d.Err != nil {
					t.Fatal(d.Err)
				}
				if d.Result.LowerBound() {
					t.Errorf("%s is a lower bound", d.Name)
				}
				if i > 0 {
					got += ", "
				}
				got += fmt.Sprintf("%s %.2f", d.Name, d.Result.Total.Effective)
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
