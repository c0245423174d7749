package advisor

import (
	"errors"
	"fmt"
	"slices"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
)

// dimensions are the choices that a design has; the first of each keeps what
// it is. The order is that in which they are applied: Spot after the launch
// type that it is of, the commitment after everything that it is for.
func dimensions(w *design.Workload) [][]choice {
	keep := choice{}
	all := [][]choice{
		{
			keep, {"Fargate", toFargate}, {"EC2", toInstances(false)}, {"Managed Instances", toInstances(true)},
			{"App Runner", toAppRunner}, {"EKS on Fargate", toEKS(toFargate)}, {"EKS on EC2", toEKS(toInstances(false))},
		},
		{keep, otherArchitecture(w)},
		{keep, {"NAT gateway", toGateway}, {"NAT instance", toNATInstance}, {"public IPs, no NAT", toPublicIPs}},
		{keep},
		{keep, {spotName, toSpot(spotShare)}},
		{keep},
	}
	behind := func(tunnel bool) bool {
		return slices.ContainsFunc(w.Services, func(s design.Service) bool {
			return slices.ContainsFunc(s.Ingress, func(in design.Ingress) bool { return (in.Tunnel != nil) == tunnel })
		})
	}
	if behind(false) {
		all[3] = append(all[3], choice{"tunnel", toTunnel})
	}
	if behind(true) {
		all[3] = append(all[3], choice{"ALB", toALB})
	}
	if len(w.Commitments.SavingsPlans)+len(w.Commitments.Reservations) == 0 {
		all[5] = append(all[5], choice{savingsPlanName, func(*design.Workload) error { return nil }})
	}
	return all
}

// errAsIs is why a variant is no other design.
var errAsIs = errors.New("the design has it already")

// otherArchitecture is arm64 for designs that are not wholly on it, else x86.
func otherArchitecture(w *design.Workload) choice {
	onARM := func(s design.Service) bool { return s.Task.Architecture.Value == design.ARM64 }
	if len(w.Services) > 0 && !slices.ContainsFunc(w.Services, func(s design.Service) bool { return !onARM(s) }) {
		return choice{"x86", toArchitecture(design.X86)}
	}
	return choice{"Graviton", toArchitecture(design.ARM64)}
}

func toArchitecture(arch design.Architecture) func(*design.Workload) error {
	return func(w *design.Workload) error {
		for i := range w.Services {
			s := &w.Services[i]
			switch {
			case arch == design.ARM64 && s.Task.OS.Value == design.Windows:
				return fmt.Errorf("%s runs Windows, which ECS has on x86 only", s.Name)
			case s.Task.GPUs > 0 && s.Task.Architecture.Value != arch:
				return fmt.Errorf("%s has GPUs, whose instance types and images are not moved to another architecture", s.Name)
			}
			s.Task.Architecture = design.Know(arch)
		}
		for i := range w.Clusters {
			for j := range w.Clusters[i].Groups {
				// The types of the other architecture are the estimate's to choose.
				w.Clusters[i].Groups[j].InstanceTypes = nil
				w.Clusters[i].Groups[j].Placement.Families = nil
				w.Clusters[i].Groups[j].Count = design.CountProfile{}
			}
		}
		return nil
	}
}

func toFargate(w *design.Workload) error {
	changed := false
	for i := range w.Services {
		s := &w.Services[i]
		switch {
		case s.Scheduling == design.Daemon:
			return fmt.Errorf("%s is a daemon, which Fargate does not have", s.Name)
		case s.Task.GPUs > 0:
			return fmt.Errorf("%s has GPUs, which Fargate does not", s.Name)
		case s.Task.NetworkMode != "" && s.Task.NetworkMode != "awsvpc":
			return fmt.Errorf("%s uses %s networking; Fargate has awsvpc only", s.Name, s.Task.NetworkMode)
		}
		if onFargate(s) {
			continue
		}
		cpu, memory := s.Task.Sizes()
		if !cpu.Stated() || !memory.Stated() {
			return fmt.Errorf("the size of a task of %s is not known", s.Name)
		}
		size, ok := design.FitLadder(cpu.Value, memory.Value, s.Task.OS.Value)
		if !ok {
			return fmt.Errorf("%s is larger than Fargate's largest size", s.Name)
		}
		s.Task.CPU, s.Task.Memory = design.Know(size.VCPU), design.Know(size.GB)
		s.Task.NetworkMode = "awsvpc"
		s.Capacity = design.Only(design.Fargate)
		s.DistinctInstance = false // each Fargate task has a machine of its own
		changed = true
	}
	if !changed {
		return errAsIs
	}
	dropIdleGroups(w)
	return nil
}

func onFargate(s *design.Service) bool {
	return !slices.ContainsFunc(s.Capacity.Providers, func(p design.Provider) bool { return !p.Kind.OnFargate() })
}

// dropIdleGroups removes the instance groups that no service runs on any more.
func dropIdleGroups(w *design.Workload) {
	for i := range w.Clusters {
		w.Clusters[i].Groups = slices.DeleteFunc(w.Clusters[i].Groups, func(g design.InstanceGroup) bool {
			return !slices.ContainsFunc(w.Services, func(s design.Service) bool {
				return slices.ContainsFunc(s.Capacity.Providers, func(p design.Provider) bool { return p.Group == g.Name })
			})
		})
	}
}

// toInstances moves every service onto one group of instances for each cluster
// and architecture, of the type that holds it for least, with trunking.
func toInstances(managed bool) func(*design.Workload) error {
	return func(w *design.Workload) error {
		kind, name := design.EC2, "alternative"
		if managed {
			kind = design.ManagedInstances
		}
		for i := range w.Services {
			if s := &w.Services[i]; s.AssignPublicIP.Value {
				return fmt.Errorf("tasks of %s have public addresses, which awsvpc tasks on instances cannot", s.Name)
			}
		}
		if as := countKind(w, kind); as == len(w.Services) {
			return errAsIs
		}
		for i := range w.Services {
			s := &w.Services[i]
			cluster := clusterOf(w, s)
			group := name
			if s.Task.Architecture.Value == design.ARM64 {
				group += "-arm64"
			}
			if s.Task.OS.Value == design.Windows {
				group += "-windows"
			}
			if !slices.ContainsFunc(cluster.Groups, func(g design.InstanceGroup) bool { return g.Name == group }) {
				cluster.Groups = append(cluster.Groups, design.InstanceGroup{
					Name: group, Managed: managed, Trunking: design.Know(true), Elastic: true, Placement: keptRules(w, s),
				})
			}
			if s.Task.NetworkMode == "" {
				s.Task.NetworkMode = "awsvpc"
			}
			s.Capacity = design.CapacityStrategy{Providers: []design.Provider{{Kind: kind, Group: group, Weight: 1}}}
		}
		dropIdleGroups(w)
		return nil
	}
}

// keptRules are the rules of the group that a service comes from, without those
// that choose types.
func keptRules(w *design.Workload, s *design.Service) design.PlacementRules {
	for _, p := range s.Capacity.Providers {
		if g := groupOf(w, s.Cluster, p); g != nil {
			r := g.Placement
			r.Families, r.Sizes, r.CPUBaseline = nil, nil, false
			return r
		}
	}
	return design.PlacementRules{}
}

// countKind counts the services that run on nothing but a launch type.
func countKind(w *design.Workload, kind design.ProviderKind) int {
	n := 0
	for i := range w.Services {
		p := w.Services[i].Capacity.Providers
		if len(p) == 1 && p[0].Kind == kind {
			n++
		}
	}
	return n
}

// clusterOf is the cluster of a service, made where the design has none.
func clusterOf(w *design.Workload, s *design.Service) *design.Cluster {
	for i := range w.Clusters {
		if w.Clusters[i].Name == s.Cluster || s.Cluster == "" {
			return &w.Clusters[i]
		}
	}
	w.Clusters = append(w.Clusters, design.Cluster{Name: s.Cluster})
	return &w.Clusters[len(w.Clusters)-1]
}

// toSpot puts a share of every service's tasks on Spot: by weights on Fargate,
// by the group's own share on instances. Services of one task stay where they
// are, and so does the group that runs one: the share of one task is an outage.
func toSpot(share float64) func(*design.Workload) error {
	return func(w *design.Workload) error {
		changed := false
		for i := range w.Services {
			s := &w.Services[i]
			if least(s.Count) == 1 || onEKS(w, s) || s.Task.OS.Value == design.Windows || !onFargate(s) || slices.ContainsFunc(s.Capacity.Providers, func(p design.Provider) bool { return p.Kind == design.FargateSpot }) {
				continue
			}
			SetSpotShare(s, share)
			changed = true
		}
		for i := range w.Clusters {
			for j := range w.Clusters[i].Groups {
				if g := &w.Clusters[i].Groups[j]; (!g.Spot.Stated() || g.Spot.Value == 0) && !runsOnlyTask(w, w.Clusters[i].Name, g) {
					g.Spot = design.Know(share)
					changed = true
				}
			}
		}
		if !changed {
			return errors.New("nothing can move to Spot: services of one task, groups that run one, Windows, launch types without Spot, or on it already")
		}
		return nil
	}
}

// runsOnlyTask reports whether a service of one task runs on a group.
func runsOnlyTask(w *design.Workload, cluster string, g *design.InstanceGroup) bool {
	return slices.ContainsFunc(w.Services, func(s design.Service) bool {
		return (s.Cluster == "" || s.Cluster == cluster) && s.Scheduling != design.Daemon && least(s.Count) == 1 &&
			slices.ContainsFunc(s.Capacity.Providers, func(p design.Provider) bool { return p.Group == g.Name })
	})
}

// partOfOne says which group that moved to Spot runs on one instance, of which
// no share can be Spot; nil where none does.
func partOfOne(w *design.Workload, r *estimate.Result) error {
	for i := range r.Resources {
		at := &r.Resources[i]
		if at.Kind != estimate.KindInstances || at.Instances == 0 || at.Instances > 1 {
			continue
		}
		if g := groupOf(w, at.Cluster, design.Provider{Group: at.Name}); g != nil && g.Spot.Stated() && g.Spot.Value == spotShare {
			return errors.New("one instance holds all tasks of a group, and no share of it can be Spot")
		}
	}
	return nil
}

// spotName names the choice that puts spotShare of the tasks on Spot.
const (
	spotName  = "70 % Spot"
	spotShare = 0.7
)

// spotWeights is the sum of the weights that stand for a share: fine enough
// for a share to 1e-9.
const spotWeights = 1_000_000_000

// SetSpotShare puts a share of a Fargate service's tasks on Fargate Spot.
func SetSpotShare(s *design.Service, share float64) {
	spot := int(share*spotWeights + 0.5)
	s.Capacity = design.CapacityStrategy{Providers: []design.Provider{
		{Kind: design.Fargate, Weight: spotWeights - spot}, {Kind: design.FargateSpot, Weight: spot},
	}}
}
