package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkDiffProcess is the whole process as a pipeline starts it: a plan in,
// a diff out. Its memory is not measured here: Linux counts the memory of the
// process that starts another to that one's peak (docs/benchmarks.md says how).
func BenchmarkDiffProcess(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "ecsavvy")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for _, services := range []int{10, 100, 1000} {
		plan := filepath.Join(b.TempDir(), "plan.json")
		if err := os.WriteFile(plan, manyServicesPlan(b, services), 0o600); err != nil {
			b.Fatal(err)
		}
		for _, args := range [][]string{
			{"diff", plan},
			{"diff", plan, "--guardrail", `service.capacity == "FARGATE" && env == "dev" && service.monthly > 1000`},
			{"diff", plan, "--format", "json"},
			{"comment", "github", "--dry-run", plan},
		} {
			name := args[0]
			if len(args) > 2 && args[0] == "diff" {
				name += args[2]
			}
			b.Run(fmt.Sprintf("services=%d/%s", services, name), func(b *testing.B) {
				for b.Loop() {
					if err := exec.Command(binary, args...).Run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// TestDiffGrowsWithThePlan holds that a plan of ten times as many services
// takes about ten times as long and no more: a quadratic step would show as a
// hundred.
func TestDiffGrowsWithThePlan(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	seconds := func(services int) float64 {
		plan := manyServicesPlan(t, services)
		least := time.Duration(1 << 62)
		for range 3 {
			d, stdout, stderr := testDeps()
			d.files.read = func(name string) ([]byte, error) {
				if name != "plan.json" {
					return nil, os.ErrNotExist
				}
				return append([]byte{}, plan...), nil
			}
			d.files.stat = func(string) (os.FileInfo, error) { return gitEntry{name: "plan.json"}, nil }
			start := time.Now()
			if code := run([]string{"diff", "plan.json"}, d); code != 0 || stdout.Len() == 0 {
				t.Fatalf("exit code %d: %s", code, stderr)
			}
			least = min(least, time.Since(start))
		}
		return least.Seconds()
	}
	small, large := seconds(200), seconds(2000)
	t.Logf("200 services: %.3f s, 2,000: %.3f s", small, large)
	if large > 40*small {
		t.Errorf("200 services take %.3f s, 2,000 take %.3f s: growth is not linear", small, large)
	}
}
