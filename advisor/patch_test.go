package advisor

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"ecsavvy/advisor/design"
)

// ECS refuses a task whose containers ask for more than it has: what does not fit
// goes, what fits stays.
func TestLimitsAbove(t *testing.T) {
	web := []design.Container{{Name: "router", MemoryReservation: 0.0625, CPU: 0.125}, {Name: "app", MemoryReservation: 2, Memory: 2.5, CPU: 0.875}}
	for _, tc := range []struct {
		name  string
		size  design.Size
		first []string
		want  string
	}{
		{"all fit", design.Size{VCPU: 1, GB: 3}, nil, "[]"},
		{"one is larger than the task", design.Size{VCPU: 1, GB: 2}, nil, "[1/memory 1/memoryReservation]"},
		{"all but one fit without the first", design.Size{VCPU: 1, GB: 2}, []string{"router"}, "[0/memoryReservation 1/memory 1/memoryReservation]"},
		{"CPU, too", design.Size{VCPU: 0.5, GB: 1}, nil, "[1/memory 1/memoryReservation 1/cpu]"},
		{"nothing fits", design.Size{VCPU: 0, GB: 0}, nil, "[0/memoryReservation 0/cpu 1/memory 1/memoryReservation 1/cpu]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := limitsAbove(&design.Task{Containers: web}, tc.size, tc.first...)
			paths := []string{}
			for _, op := range p.ops {
				paths = append(paths, strings.TrimPrefix(op.Path, "/containerDefinitions/"))
			}
			if got := fmt.Sprint(paths); got != tc.want {
				t.Errorf("removes %s, want %s", got, tc.want)
			}
			if len(p.jq) != len(p.ops) || strings.Count(p.terraform, "\n#") != len(p.ops) {
				t.Errorf("forms differ: %q %q", p.jq, p.terraform)
			}
		})
	}
	// Sums count by what is reserved: soft limits, else hard ones.
	two := []design.Container{{Name: "a", Memory: 1.5, MemoryReservation: 0.5}, {Name: "b", Memory: 0.5}}
	if p := limitsAbove(&design.Task{Containers: two}, design.Size{VCPU: 1, GB: 1.5}); len(p.ops) != 0 {
		t.Errorf("0.5 + 0.5 GB fit 1.5 GB: %v", p.ops)
	}
	if p := limitsAbove(&design.Task{Containers: two[1:]}, design.Size{VCPU: math.Inf(1), GB: 0.4}); len(p.names) != 1 {
		t.Errorf("0.5 GB do not fit 0.4: %v", p.names)
	}
}

// Names come from outside: in a patch they are text, whatever they hold.
func TestHostileNamesInPatches(t *testing.T) {
	hostile := "a'b\"c $(touch x) `touch x` ${path.module} %{if}\n\\\u202e\x1b[31m"
	c := &serviceCase{
		site:    &site{},
		subject: Subject{Region: "eu-west-1", Cluster: hostile, Kind: "service", Name: hostile},
		service: design.Service{Task: design.Task{Family: hostile, Containers: []design.Container{{Name: hostile, Memory: 2}}}},
	}
	for _, p := range c.sizePatches(design.Size{VCPU: 0.5, GB: 1}) {
		switch p.Form {
		case FormTaskDefinition:
			var ops []jsonOp
			if err := json.Unmarshal([]byte(p.Text), &ops); err != nil || len(ops) != 3 {
				t.Errorf("%v: %s", err, p.Text)
			}
		case FormTerraform:
			lines := strings.Split(p.Text, "\n")
			if len(lines) != 3 || !strings.HasPrefix(lines[2], "# ") || strings.Contains(p.Text, " ${") || strings.Contains(p.Text, " %{") {
				t.Errorf("a name leaves its comment:\n%s", p.Text)
			}
		case FormCLI:
			// Outside of single quotes nothing of a name stands.
			for i, part := range strings.Split(strings.ReplaceAll(p.Text, `'\''`, "·"), "'") {
				if i%2 == 0 && strings.ContainsAny(part, "$`\"(\x1b") {
					t.Errorf("not quoted: %q", part)
				}
			}
		}
	}
	s := &site{}
	s.scope.Region = "eu-west-1$(touch x)"
	s.workload = design.Workload{Services: []design.Service{c.service, c.service}}
	s.workload.Services[0].Task.Containers = []design.Container{{Name: "sidecar"}, {Name: "app", LogGroup: hostile}}
	l := logGroup{site: s, group: design.LogGroup{Name: hostile}}
	writers := l.writers(hostile + "-ia")
	if len(writers) != 1 {
		t.Fatalf("%d patches, want one of the one that writes to it", len(writers))
	}
	var ops []struct{ Op, Path, Value string }
	if err := json.Unmarshal([]byte(writers[0].Text), &ops); err != nil || len(ops) != 2 {
		t.Fatalf("%v: %s", err, writers[0].Text)
	}
	if ops[0].Op != "test" || ops[0].Value != hostile || ops[1].Path != "/containerDefinitions/1/logConfiguration/options/awslogs-group" || ops[1].Value != hostile+"-ia" {
		t.Errorf("operations %q", ops)
	}
}
