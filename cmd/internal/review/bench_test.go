package review

import (
	"fmt"
	"strings"
	"testing"
)

// A report of 1,000 services, about 1 MB, fitted to GitHub.
func BenchmarkRender(b *testing.B) {
	var text strings.Builder
	text.WriteString("```diff\n")
	for i := range 20_000 {
		fmt.Fprintf(&text, "+ aws_ecs_service.s%d vCPU per hour +$%d.00\n", i, i%100)
	}
	text.WriteString("```\n")
	body := Body{Head: "#### Monthly cost rises by $41", Sections: []Section{{Title: "Every line", Text: text.String(), Collapsed: true}}}
	p := Profile{Title: "GitHub", MaxUnits: 65_000, HTML: true}
	for b.Loop() {
		if s := body.Render(p); units(s) > p.MaxUnits {
			b.Fatal("too long")
		}
	}
}
