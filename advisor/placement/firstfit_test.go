package placement

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// The packing example: 12 tasks of 0.25 vCPU and 0.5 GB in awsvpc mode on
// m5.large (2 vCPU, 8 GiB, 3 network interfaces, trunk of 9 branches). Without
// trunking two tasks have an interface each, so 6 instances; with it 8 fit by
// vCPU, so 2.
func TestAwsvpcTasksOnM5Large(t *testing.T) {
	shape := Shape{Name: "web", VCPU: 0.25, GB: 0.5, ENI: true}
	for _, c := range []struct {
		name      string
		slots     int
		instances int
		binding   string
	}{
		{"without trunking", 2, 6, "network interfaces"},
		{"with trunking", 10, 2, "vCPU"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := FirstFit([]Demand{{shape, 12}}, Node{Type: "m5.large", VCPU: 2, GB: 7.5, Slots: c.slots})
			if err != nil {
				t.Fatal(err)
			}
			if got.Instances != c.instances || got.Binding != c.binding {
				t.Errorf("got %d instances bound by %s, want %d by %s", got.Instances, got.Binding, c.instances, c.binding)
			}
		})
	}
}

func TestHostPortsTakeAnInstanceEach(t *testing.T) {
	got, err := FirstFit([]Demand{{Shape{Name: "proxy", VCPU: 0.1, GB: 0.1, Ports: []int{80}}, 3}}, Node{Type: "m5.large", VCPU: 2, GB: 7.5, Slots: 2})
	if err != nil {
		t.Fatal(err)
	}
	if got.Instances != 3 || got.Binding != "host ports" {
		t.Errorf("got %+v, want 3 instances bound by host ports", got)
	}
}

func TestTaskLargerThanTheInstance(t *testing.T) {
	_, err := FirstFit([]Demand{{Shape{Name: "db", VCPU: 4, GB: 8}, 1}}, Node{Type: "m5.large", VCPU: 2, GB: 7.5, Slots: 2})
	want := "placement: db needs 4 vCPU and 8 GB; an m5.large has 2 vCPU and 7.5 GB for tasks"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

// Every packing is at or above the bound, and at most twice it plus one for
// two dimensions; more tasks never need fewer instances.
func TestPackingAgainstItsBound(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) // fixed seed: same cases every run
	node := Node{Type: "m5.xlarge", VCPU: 4, GB: 15, Slots: -1}
	for range 300 {
		demands := []Demand{}
		for i := range 1 + random.IntN(6) {
			demands = append(demands, Demand{Shape{Name: string(rune('a' + i)), VCPU: 0.05 + random.Float64()*2, GB: 0.1 + random.Float64()*6}, 1 + random.IntN(20)})
		}
		got, err := FirstFit(demands, node)
		if err != nil {
			t.Fatal(err)
		}
		if got.Instances < got.Bound || got.Instances > 4*got.Bound+1 {
			t.Fatalf("%+v: %d instances, bound %d", demands, got.Instances, got.Bound)
		}
		demands[0].Tasks++
		more, err := FirstFit(demands, node)
		if err != nil {
			t.Fatal(err)
		}
		if more.Bound < got.Bound {
			t.Fatalf("one task more lowers the bound from %d to %d", got.Bound, more.Bound)
		}
	}
}
