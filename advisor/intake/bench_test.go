package intake

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"ecsavvy/fixtures"
)

// largeDesign is a design file of n services, each as rich as a real one.
func largeDesign(n int) []byte {
	var b strings.Builder
	b.WriteString("name: large\nregion: eu-west-2\nnetwork: {azs: 2, egress: {nat: gateway}}\nload_balancers: {edge: {type: alb}}\nservices:\n")
	for i := range n {
		fmt.Fprintf(&b, `  service-%04d:
    task: {cpu: 0.5, memory: 1GB, arch: arm64, containers: {app: {image: shop/app, image_size: 300MB}}}
    count: {min: 2, average: 3.4, max: 10}
    capacity: {FARGATE: {base: 1, weight: 1}, FARGATE_SPOT: {weight: 3}}
    ingress:
      alb: {name: edge, new_connections: 20/s, processed: 120GB/month, rules: 12}
    logs: {ingest: 20GB/month, retention: 30d}
`, i)
	}
	return []byte(b.String())
}

func BenchmarkTaskDefinition(b *testing.B) {
	data, err := fs.ReadFile(fixtures.Cases(), "shop/web.taskdef.json")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read("taskdef.json", data, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDesignFile(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000, 10000} {
		data := largeDesign(n)
		b.Run(fmt.Sprintf("services=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read("design.yaml", data, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPieceSize is why pieceSize is what it is.
func BenchmarkPieceSize(b *testing.B) {
	data := largeDesign(1000)
	for _, size := range []int{512, 2 << 10, 4 << 10, 8 << 10, 16 << 10, 64 << 10, 1 << 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := parseYAMLIn("design.yaml", data, size); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
