package pricing

import "testing"

func TestCarries(t *testing.T) {
	t.Parallel()
	const have = "cpuArchitecture=ARM;memorytype=perGB;os=Linux"
	tests := []struct {
		query string
		want  bool
	}{
		{"", true},
		{have, true},
		{"os=Linux", true},
		{"os=Linux;cpuArchitecture=ARM", true},
		{"os=Lin", false},
		{"os=Linux;term=1yr", false},
		{"s=Linux", false},
		{";", false},
	}
	for _, tt := range tests {
		if got := (SKU{Attributes: have}).carries(tt.query); got != tt.want {
			t.Errorf("%q carries %q: %v, want %v", have, tt.query, got, tt.want)
		}
	}
}

func TestNewSKUSortsAttributesAndLeavesTheCallersAlone(t *testing.T) {
	t.Parallel()
	attributes := []string{"term=1yr", "os=Linux"}
	if got, want := NewSKU("s", "u", "r", attributes...).Attributes, "os=Linux;term=1yr"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if attributes[0] != "term=1yr" {
		t.Error("the caller's attributes were sorted")
	}
}

func TestEditDistance(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"eu-west-2", "eu-wets-2", 2}, {"m5.large", "m5.xlarge", 1}, {"kitten", "sitting", 3}} {
		if got := editDistance(tt.a, tt.b); got != tt.want {
			t.Errorf("%s to %s: %d edits, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestManagedFeeShare(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]float64{
		"g6.xlarge": feeShareG, "gr6.4xlarge": feeShareG, "g5g.xlarge": feeShareG, "p6-b200.48xlarge": feeSharePTrn,
		"trn2.48xlarge": feeSharePTrn, "m9g.large": feeShare, "dl2q.24xlarge": feeShare, "u7i-12tb.224xlarge": feeShare,
	} {
		if got := managedFeeShare(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
