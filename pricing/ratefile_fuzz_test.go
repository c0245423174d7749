package pricing

import (
	"math"
	"os"
	"testing"
)

// FuzzSnapshotRates feeds the reader of rates files anything: it must answer
// with an error or with rates that keep the promises of Rate, and never panic.
func FuzzSnapshotRates(f *testing.F) {
	const header = "# ecsavvy rates 1\n# " + rateColumns + "\n"
	for _, name := range []string{"eu-west-2", Global} {
		data, err := os.ReadFile("snapshot/rates/" + name + ".tsv")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add(header + "a\tb\t-\tGB\t0\tInf\t1\t2026-01-01\tpage\tconfirmed\t-\n")
	f.Add(header + "a\tb\tx=1;y=2\tGB\t0\t10\t1\t2026\tpage\tinferred,open\tguess\na\tb\tx=1;y=2\tGB\t10\tInf\t0\t2025\tpage\tconfirmed\t-")
	f.Add(header)
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := parseSnapshotFile("rates/x.tsv", text, "rates", rateColumns)
		if err != nil {
			return
		}
		ids := map[string]string{"page": "a page", "guess": "a guess", "aws-price-ecs-adb1": "ecs.json"}
		rates, err := parseRates(file, "x", ids, ids)
		if err != nil {
			return
		}
		for i, r := range rates {
			if i > 0 && !rates[i-1].SKU.less(r.SKU) {
				t.Errorf("%v does not come after %v", r.SKU, rates[i-1].SKU)
			}
			if r.Unit == "" || r.AsOf == "" || r.Source == "" || len(r.Tiers) == 0 {
				t.Errorf("incomplete: %+v", r)
			}
			end := r.Tiers[0].From
			for _, tier := range r.Tiers {
				if tier.From != end || !(tier.To > tier.From) || !(tier.USD >= 0) || math.IsInf(tier.USD, 0) {
					t.Errorf("%v: tiers %v", r.SKU, r.Tiers)
				}
				end = tier.To
			}
			if !math.IsInf(end, 1) {
				t.Errorf("%v: the last tier ends at %v", r.SKU, end)
			}
		}
	})
}
