package commitment

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// shards is into how many parts hours are cut, on whatever number of cores:
// sums are added up in the order of the shards, so that equal input gives equal
// bytes everywhere.
const shards = 16

// inParallel calls do for 0 to n−1 on all cores.
func inParallel(n int, do func(i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
}

func firstError(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
