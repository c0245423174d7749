package advisor_test

import (
	"fmt"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// estate is a workload of n resources with four lines each, of which every
// tenth changes and some move.
func estate(n int, changed bool) estimate.Result {
	resources := make([]estimate.Resource, n)
	for i := range resources {
		name, tasks := fmt.Sprintf("service-%05d", i), 2.0
		if changed && i%10 == 0 {
			tasks = 4
		}
		if changed && i%100 == 1 {
			name += "-renamed"
		}
		hours := tasks * 730
		resources[i] = service(name,
			pricedLine("Fargate vCPU", "", hours*0.5, 0.04656), pricedLine("Fargate GB", "", hours, 0.00511),
			pricedLine("Public IPv4 address", "one for each task", hours, 0.005), unpricedLine("CloudWatch Logs ingestion", "the volume is not stated"))
		resources[i].Summary = fmt.Sprintf("%v tasks × 0.5 vCPU, 1 GB, FARGATE", tasks)
	}
	return result(resources...)
}

// BenchmarkDiff compares estates; time per resource stays level as they grow.
// Protocol: go test -run '^$' -bench Diff -count=10 ./advisor, then benchstat.
func BenchmarkDiff(b *testing.B) {
	for _, n := range []int{400, 4000, 40000} {
		before, after := estate(n, false), estate(n, true)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				advisor.Diff(before, after, advisor.DiffOptions{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/resource")
		})
	}
}
