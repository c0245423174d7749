package intake

import (
	"io/fs"
	"path"
	"testing"

	"ecsavvy/advisor/design"
	"ecsavvy/fixtures"

	"github.com/google/go-cmp/cmp"
)

// TestTemplatesSayWhatDesignsSay holds the templates of the cases to the design
// files beside them: in everything that a template can say, both are the same
// workload. withoutUsage lists what it cannot say.
func TestTemplatesSayWhatDesignsSay(t *testing.T) {
	files, err := fs.Glob(fixtures.Cases(), "*/template.*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		folder := path.Dir(file)
		t.Run(folder, func(t *testing.T) {
			read := func(name string, opts Options) design.Workload {
				opts.ReadFile = func(name string) ([]byte, error) { return fs.ReadFile(fixtures.Cases(), path.Join(folder, name)) }
				data, err := opts.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				w, err := Read(name, data, opts)
				if err != nil {
					t.Fatal(err)
				}
				return w
			}
			want := read("design.yaml", Options{})
			got := read(path.Base(file), Options{Region: want.Region.Value})
			withoutUsage(&want, &got)
			withoutUsage(&got, &want)
			if diff := cmp.Diff(want, got, sameModel()...); diff != "" {
				t.Errorf("the template differs from the design (-design +template):\n%s", diff)
			}
		})
	}
}

// withoutUsage takes from a workload what infrastructure code cannot say, what
// an account decides, and what one of two forms leaves to a default of AWS.
func withoutUsage(w, other *design.Workload) {
	w.Name, w.Variants, w.Commitments = "", nil, design.Commitments{}
	w.Repositories = nil // the cases' templates make none
	for i := range w.Services {
		s := &w.Services[i]
		serviceWithoutUsage(s)
		if i < len(other.Services) && other.Services[i].Cluster == "" {
			s.Cluster = "" // a design's only cluster needs no name
		}
	}
	for i := range w.Clusters {
		c := &w.Clusters[i]
		if i < len(other.Clusters) && other.Clusters[i].Name == "" {
			c.Name = ""
		}
		for g := range c.Groups {
			group := &c.Groups[g]
			group.Trunking, group.UnlimitedCPU = design.Fact[bool]{}, design.Fact[float64]{}
			group.OS = design.Fact[design.OS]{Value: group.OS.Value}
			if group.Managed {
				group.Count = design.CountProfile{} // ECS decides
			}
			countWithoutUsage(&group.Count)
		}
	}
	for i := range w.LoadBalancers {
		b := &w.LoadBalancers[i]
		b.Traffic = design.BalancerTraffic{}
		if i < len(other.LoadBalancers) && !other.LoadBalancers[i].AZs.Stated() {
			b.AZs = design.Fact[float64]{}
		}
	}
	n := &w.Network
	n.NAT.Data = design.Fact[float64]{}
	if !other.Network.AZs.Stated() {
		n.AZs = design.Fact[float64]{}
	}
	if !other.Network.NAT.Count.Stated() {
		n.NAT.Count = design.Fact[float64]{} // one for each AZ
	}
	for i := range w.LogGroups {
		g := &w.LogGroups[i]
		g.Name, g.Ingest = "", design.Fact[float64]{}
	}
	for i := range w.Secrets {
		p := &w.Secrets[i].StandardParameters
		*p = design.Fact[float64]{Value: p.Value}
	}
}

func serviceWithoutUsage(s *design.Service) {
	s.Traffic, s.Rework = design.Traffic{}, design.Fact[float64]{}
	s.Capacity.Assumed = ""
	if s.Deployment.Kind == "" {
		s.Deployment.Kind = design.Rolling
	}
	s.Deployment = design.Deployment{Kind: s.Deployment.Kind}
	for i := range s.Ingress {
		s.Ingress[i].Traffic = design.BalancerTraffic{}
	}
	countWithoutUsage(&s.Count)
	t := &s.Task
	t.NetworkMode, t.Compatibilities = "", nil
	t.OS, t.Architecture = design.Fact[design.OS]{Value: t.OS.Value}, design.Fact[design.Architecture]{Value: t.Architecture.Value}
	var sizes []design.Container
	for _, c := range t.Containers {
		if c.CPU+c.Memory+c.MemoryReservation > 0 {
			sizes = append(sizes, design.Container{Name: c.Name, CPU: c.CPU, Memory: c.Memory, MemoryReservation: c.MemoryReservation})
		}
	}
	t.Containers = sizes
}

func countWithoutUsage(p *design.CountProfile) {
	if p.Scaled != nil {
		p.Scaled.Average = design.Fact[float64]{}
	}
	if p.Runs != nil {
		p.Runs.Seconds = design.Fact[float64]{}
	}
}
