//go:build unix

package placement_test

import (
	"context"
	"flag"
	"fmt"
	"math"
	"slices"
	"syscall"
	"testing"

	"ecsavvy/advisor/placement"
)

// row is one line of the table in docs/placement.md.
type row struct{ gaps, seconds []float64 }

func measure(t testing.TB, tasks, shapes int, homogeneous bool, offers []placement.Offer, seeds int) row {
	var r row
	for seed := range seeds {
		p := generated(tasks, shapes, uint64(seed+1), offers)
		if p.Options.Homogeneous = homogeneous; homogeneous {
			for i := range p.Demands {
				p.Demands[i].Shape.Architecture = "arm64"
			}
		}
		start := userSeconds()
		plan, err := placement.Solve(context.Background(), p)
		r.seconds = append(r.seconds, userSeconds()-start)
		if err != nil {
			t.Fatal(err)
		}
		checkPlan(t, p, plan)
		r.gaps = append(r.gaps, plan.Gap)
	}
	slices.Sort(r.gaps)
	slices.Sort(r.seconds)
	return r
}

// userSeconds is the processor time that this process has used, which does
// not count what else the machine does.
func userSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return math.NaN()
	}
	return float64(u.Utime.Sec) + float64(u.Utime.Usec)/1e6
}

// at is a quantile of sorted values: the smallest that so many are at or below.
func at(sorted []float64, q float64) float64 {
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

var table = flag.Bool("table", false, "measure the table of docs/placement.md")

// TestGapTable prints the gap to the proven bound and the time:
//
//	go test ./advisor/placement -run TestGapTable -table -v
//
// Without -table it runs a few rows with one seed.
func TestGapTable(t *testing.T) {
	offers := catalogueOffers(t)
	sizes := []int{10, 20, 49, 50, 100, 200, 500, 1000, 2000, 5000}
	seeds := 10
	if !*table {
		sizes, seeds = []int{10, 100, 1000}, 1
	}
	fmt.Printf("%d offers\n\n| group | tasks | shapes | median gap | p95 gap | optimal | median CPU s | max CPU s |\n|---|---|---|---|---|---|---|---|\n", len(offers))
	for _, homogeneous := range []bool{true, false} {
		var all []float64
		for _, n := range sizes {
			for _, shapes := range slices.Compact([]int{1, 5, min(20, n), min(50, n)}) {
				r := measure(t, n, shapes, homogeneous, offers, seeds)
				if n >= 50 {
					all = append(all, r.gaps...)
				}
				optimal := 0
				for _, g := range r.gaps {
					if g == 0 {
						optimal++
					}
				}
				if n < placement.ExactTasks && shapes <= 20 && optimal < seeds {
					t.Errorf("homogeneous %v, %d tasks of %d shapes: %d of %d are optimal", homogeneous, n, shapes, optimal, seeds)
				}
				if p95 := at(r.gaps, 0.95); n >= placement.ExactTasks && p95 > 0.03 {
					t.Errorf("homogeneous %v, %d tasks of %d shapes: 95th percentile %.2f %%", homogeneous, n, shapes, 100*p95)
				}
				fmt.Printf("| %s | %d | %d | %.2f %% | %.2f %% | %d/%d | %.2f | %.2f |\n", map[bool]string{true: "one type", false: "mix"}[homogeneous], n, shapes,
					100*at(r.gaps, 0.5), 100*at(r.gaps, 0.95), optimal, seeds, at(r.seconds, 0.5), r.seconds[len(r.seconds)-1])
			}
		}
		slices.Sort(all)
		if median, p95 := at(all, 0.5), at(all, 0.95); median > 0.01 || p95 > 0.03 {
			t.Errorf("homogeneous %v, from 50 tasks: median gap %.2f %%, 95th percentile %.2f %%", homogeneous, 100*median, 100*p95)
		} else {
			fmt.Printf("homogeneous %v, from 50 tasks: median gap %.2f %%, 95th percentile %.2f %%\n", homogeneous, 100*median, 100*p95)
		}
	}
}
