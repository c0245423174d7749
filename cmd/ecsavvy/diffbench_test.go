package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
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
