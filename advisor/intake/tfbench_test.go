package intake

import (
	"fmt"
	"testing"

	"ecsavvy/fixtures"
)

// The budget of a whole diff is 300 ms and 100 MB for 1,000 services (some 4,000
// resources), 50 ms and 40 MB for 100; reading may take less than half of it.
func BenchmarkReadPlan(b *testing.B) {
	for _, services := range []int{10, 100, 1000} {
		data := fixtures.LargePlan(services)
		b.Run(fmt.Sprintf("%d", services), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ReadPlan("plan.json", data, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
