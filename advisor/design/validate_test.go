package design

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fargate is a service that AWS accepts.
func fargate(change func(*Service)) Service {
	s := Service{
		Name: "api", Count: Count(1), Capacity: Only(Fargate),
		Task: Task{CPU: Know(0.5), Memory: Know(1.0), OS: Know(Linux), Architecture: Know(X86)},
	}
	change(&s)
	return s
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Service)
		want   []string
	}{
		{"valid", func(*Service) {}, nil},
		{"no size of Fargate", func(s *Service) { s.Task.Memory = Know(5.0) }, []string{"services.api.task: 0.5 vCPU + 5 GB is no Fargate task size"}},
		{"no size of Windows", func(s *Service) { s.Task.OS = Know(Windows) }, []string{"services.api.task: 0.5 vCPU + 1 GB is no Fargate task size on Windows"}},
		{"no size at all", func(s *Service) { s.Task.CPU, s.Task.Memory = Fact[float64]{}, Fact[float64]{} }, []string{"services.api.task: a Fargate task needs cpu and memory at task level"}},
		{"a size that only apply tells", func(s *Service) { s.Task.CPU = NotKnown[float64]("known after apply") }, nil},
		{"any size on EC2", func(s *Service) { s.Task.Memory, s.Capacity = Know(5.0), Only(EC2) }, nil},
		{"Windows on ARM", func(s *Service) {
			s.Task.CPU, s.Task.Memory, s.Task.OS, s.Task.Architecture = Know(1.0), Know(2.0), Know(Windows), Know(ARM64)
		}, []string{"services.api.task: Fargate runs Windows on X86_64 only"}},
		{"Windows on Fargate Spot", func(s *Service) {
			s.Task.CPU, s.Task.Memory, s.Task.OS, s.Capacity = Know(1.0), Know(2.0), Know(Windows), Only(FargateSpot)
		}, []string{"services.api.capacity: FARGATE_SPOT does not run Windows containers"}},
		{"GPUs on Fargate", func(s *Service) { s.Task.GPUs = 1 }, []string{"services.api.task: Fargate has no GPUs; use EC2 or Managed Instances"}},
		{"the free ephemeral storage", func(s *Service) { s.Task.EphemeralStorage = Know(20.0) }, nil},
		{"the least ephemeral storage to pay", func(s *Service) { s.Task.EphemeralStorage = Know(21.0) }, nil},
		{"too much ephemeral storage", func(s *Service) { s.Task.EphemeralStorage = Know(201.0) }, []string{"services.api.task: ephemeral storage is 201 GiB; Fargate allows 21 to 200"}},
		{"containers larger than the task", func(s *Service) { s.Task.Containers = []Container{{CPU: 0.5, Memory: 0.5}, {CPU: 0.25, Memory: 1}} }, []string{
			"services.api.task: the containers ask for 0.75 vCPU and the task has 0.5; ECS refuses to register it",
			"services.api.task: the containers ask for 1536 MiB and the task has 1024; ECS refuses to register it",
		}},
		{"soft limits count, not hard ones", func(s *Service) {
			s.Task.Containers = []Container{{Memory: 1, MemoryReservation: 0.25}, {Memory: 1, MemoryReservation: 0.25}}
		}, nil},
		{"Fargate beside EC2", func(s *Service) { s.Capacity.Providers = append(s.Capacity.Providers, Provider{Kind: EC2, Weight: 1}) },
			[]string{"services.api.capacity: a capacity strategy cannot mix Fargate with EC2 or Managed Instances providers"}},
		{"minimum above maximum", func(s *Service) { s.Count = CountProfile{Scaled: &ScaledCount{Min: Know(4.0), Max: Know(2.0)}} },
			[]string{"services.api.count: min 4 is above max 2"}},
		{"average outside", func(s *Service) {
			s.Count = CountProfile{Scaled: &ScaledCount{Min: Know(1.0), Average: Know(5.0), Max: Know(2.0)}}
		},
			[]string{"services.api.count.average: 5 is outside min and max"}},
		{"negative minimum", func(s *Service) { s.Count = CountProfile{Scaled: &ScaledCount{Min: Know(-1.0)}} }, []string{"services.api.count.min: want 0 or more, got -1"}},
		{"negative count", func(s *Service) { s.Count = Count(-1) }, []string{"services.api.count: want a count of 0 or more, got -1"}},
		{"a load balancer that is not there", func(s *Service) { s.Ingress = []Ingress{{LoadBalancer: "edge"}} }, []string{`services.api.ingress: no load balancer is named "edge"`}},
		{"a tunnel needs none", func(s *Service) { s.Ingress = []Ingress{{Tunnel: &Tunnel{}}} }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := Workload{Services: []Service{fargate(tt.change)}}
			var got []string
			for _, err := range w.Validate() {
				got = append(got, err.Error())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A wrong size names valid ones, for whoever knows their prices.
func TestSizeErrorNamesSizes(t *testing.T) {
	w := Workload{Services: []Service{fargate(func(s *Service) { s.Task.Memory = Know(5.0) })}}
	var size *SizeError
	if err := errors.Join(w.Validate()...); !errors.As(err, &size) {
		t.Fatalf("no SizeError in %v", err)
	}
	for _, s := range size.Nearest {
		if !OnLadder(s, Linux) {
			t.Errorf("%s is no valid size either", s)
		}
	}
	if len(size.Nearest) != 3 {
		t.Errorf("%d sizes named", len(size.Nearest))
	}
}

// The order in which an input wrote its parts does not show.
func TestNormalize(t *testing.T) {
	a := Workload{
		Services:  []Service{{Name: "b"}, {Name: "a"}, {Name: "a", Cluster: "z"}},
		Clusters:  []Cluster{{Name: "z", Groups: []InstanceGroup{{Name: "y"}, {Name: "x"}}}, {Name: ""}},
		LogGroups: []LogGroup{{Name: "a", Service: "s"}, {Name: "z"}},
		Variants:  []Variant{{Name: "v2"}, {Name: "v1"}},
	}
	b := Workload{
		Services:  []Service{{Name: "a", Cluster: "z"}, {Name: "a"}, {Name: "b"}},
		Clusters:  []Cluster{{Name: ""}, {Name: "z", Groups: []InstanceGroup{{Name: "x"}, {Name: "y"}}}},
		LogGroups: []LogGroup{{Name: "z"}, {Name: "a", Service: "s"}},
		Variants:  []Variant{{Name: "v1"}, {Name: "v2"}},
	}
	a.Normalize()
	b.Normalize()
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
}

func TestTaskSizes(t *testing.T) {
	tests := []struct {
		name        string
		in          Task
		cpu, memory Fact[float64]
	}{
		{"of the task", Task{CPU: Know(1.0), Memory: Know(2.0), Containers: []Container{{CPU: 0.25, Memory: 0.5}}}, Know(1.0), Know(2.0)},
		{"of the containers", Task{Containers: []Container{{CPU: 0.25, Memory: 0.5}, {CPU: 0.25, Memory: 1, MemoryReservation: 0.25}}}, Know(0.5), Know(0.75)},
		{"not known, though the containers' are", Task{CPU: NotKnown[float64]("a parameter"), Memory: NotKnown[float64]("a parameter"), Containers: []Container{{CPU: 0.25, Memory: 0.5}}},
			NotKnown[float64]("a parameter"), NotKnown[float64]("a parameter")},
		{"of nothing", Task{}, NotKnown[float64]("the task definition has no cpu"), NotKnown[float64]("neither the task nor its containers state a memory size")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cpu, memory := tt.in.Sizes()
			if cpu != tt.cpu || memory != tt.memory {
				t.Errorf("got %+v and %+v, want %+v and %+v", cpu, memory, tt.cpu, tt.memory)
			}
		})
	}
}
