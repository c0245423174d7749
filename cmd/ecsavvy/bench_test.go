package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// BenchmarkProcess is the whole process as a user starts it: one task
// definition in, a table out. It reports the peak of memory beside the time.
func BenchmarkProcess(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "ecsavvy")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	file := filepath.Join(b.TempDir(), "taskdef.json")
	if err := os.WriteFile(file, []byte(`{"family": "api", "cpu": "512", "memory": "1 GB", "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{"name": "app", "image": "x"}]}`), 0o600); err != nil {
		b.Fatal(err)
	}
	for _, args := range [][]string{{"version"}, {"estimate", file}, {"estimate", file, "--format", "json"}} {
		b.Run(args[0]+fmt.Sprint(len(args)), func(b *testing.B) {
			peak := int64(0)
			for b.Loop() {
				cmd := exec.Command(binary, args...)
				if err := cmd.Run(); err != nil {
					b.Fatal(err)
				}
				if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
					peak = max(peak, int64(usage.Maxrss))
				}
			}
			b.ReportMetric(float64(peak)/1024, "MB-peak")
		})
	}
}

// BenchmarkDesign is a design of many services, from its bytes to the printed
// document. The time should grow with the services and not faster.
func BenchmarkDesign(b *testing.B) {
	for _, services := range []int{10, 100, 1000} {
		design := manyServices(services)
		for _, format := range []string{"table", "json"} {
			b.Run(fmt.Sprintf("services=%d/%s", services, format), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					d, stdout, stderr := testDeps()
					d.stdin = bytes.NewReader(design)
					if code := run([]string{"estimate", "-", "--format", format}, d); code != 0 {
						b.Fatal(stderr.String())
					}
					if stdout.Len() == 0 {
						b.Fatal("nothing printed")
					}
				}
			})
		}
	}
}

// manyServices is a design file of n services behind one load balancer each.
func manyServices(n int) []byte {
	var design bytes.Buffer
	design.WriteString("region: eu-west-2\nservices:\n")
	for i := range n {
		fmt.Fprintf(&design, `  service%04d:
    task: {cpu: 0.5, memory: 1GB, arch: arm64}
    count: {min: 2, average: 3.4, max: 10}
    capacity: {FARGATE: {base: 1, weight: 1}, FARGATE_SPOT: {weight: 3}}
    ingress: {alb: {new_connections: 20/s, processed: 120GB/month, rules: 12}}
    logs: {ingest: 20GB/month, retention: 30d}
`, i)
	}
	design.WriteString("network: {azs: 2, egress: {nat: gateway, internet: 100GB/month}}\n")
	return design.Bytes()
}
