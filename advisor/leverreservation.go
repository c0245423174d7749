package advisor

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
)

// farAbove is the share of a reservation that has to be free before it is worth a
// deployment. A choice.
const farAbove = 0.2

// Reservations are rounded up to steps that ECS's own examples use.
const (
	memoryStepGB = 64.0 / design.MiBPerGB
	cpuStep      = 32.0 / design.CPUUnitsPerVCPU
)

// reservations compares what services on instances reserve with what their tasks
// need, and counts the instances that are left over when all of a cluster reserve
// what they need: by placing the tasks, since instances come whole.
// docs/reservation.md.
func reservations(s *site, f *findings) error {
	for i := range s.workload.Clusters {
		if err := s.clusterReservations(&s.workload.Clusters[i], f); err != nil {
			return err
		}
	}
	return nil
}

// reserving is a service that reserves more than it needs.
type reserving struct {
	name     string
	vcpu, gb float64 // to reserve
	text     string
	bound    string
	hard     bool // the task has a size of its own, which is a limit too
	patch    string
}

func (s *site) clusterReservations(c *design.Cluster, f *findings) error {
	name := clusterName(c)
	subject := s.subject("cluster", "", name, c.Tags)
	var over []reserving
	for i := range s.workload.Services {
		svc := &s.workload.Services[i]
		if clusterKey(svc) != name || onFargate(svc) || svc.Count.Runs != nil || svc.Scheduling == design.Daemon {
			continue
		}
		need := &s.facts[i].need
		if need.Missing != "" {
			f.abstain(LeverReservation, s.subject("service", name, shortName(svc), svc.Tags), need.Missing)
			continue
		}
		if r, ok := s.reserving(svc, need); ok {
			over = append(over, r)
		}
	}
	if len(over) == 0 {
		return nil
	}
	change := func(w *design.Workload) error { return reserveLess(w, name, over) }
	r := Recommendation{
		Lever: LeverReservation, Subject: subject, Title: "reserve what is needed: ",
		Risk: RiskMedium, RiskReasons: []string{"tasks lie closer together: on a busy instance the memory above a reservation is no longer there for all at once"},
		Effort: EffortDeploy,
		Reasons: []string{
			"instances are counted by placing the tasks before and after, at the mean number of each, whole tasks and whole instances; nothing was drawn",
			"it saves once the Auto Scaling group follows: managed scaling does, a fixed desired capacity has to be lowered",
		},
		Change: s.freeing(name, change),
	}
	var texts, bounds, lines []string
	for _, o := range over {
		texts, bounds, lines = append(texts, o.text), append(bounds, o.bound), append(lines, o.patch)
		if o.hard {
			r.RiskReasons = append(r.RiskReasons, o.name+" has a task-level memory, which is its limit as well: it is killed above it")
		}
	}
	r.Title += strings.Join(texts, ", ")
	r.Evidence = Evidence{Source: "AWS/ECS", Bound: strings.Join(bounds, "; "), Next: "one instance less takes as much again from the reservations as an instance has"}
	r.Patches = []Patch{{FormTerraform, strings.Join(lines, "\n")}, {FormCLI, fmt.Sprintf("aws ecs register-task-definition --region %s --cli-input-json file://task-definition.json   # of each, with the reservations above", shell(s.scope.Region))}}
	return s.offer(r, f)
}

// reserving compares one service's reservation with its need; ok is false where it
// is close enough.
func (s *site) reserving(svc *design.Service, need *taskNeed) (r reserving, ok bool) {
	cpu, gb := svc.Task.Sizes()
	r = reserving{
		name: svc.Name, vcpu: cpu.Value, gb: gb.Value, bound: need.Bound, hard: svc.Task.Memory.Stated(),
	}
	if to := math.Ceil(need.GB/memoryStepGB-1e-9) * memoryStepGB; to <= (1-farAbove)*gb.Value {
		r.gb, ok = to, true
	}
	if to := max(cpuStep, math.Ceil(need.VCPU/cpuStep-1e-9)*cpuStep); cpu.Value > 0 && to <= (1-farAbove)*cpu.Value {
		r.vcpu, ok = to, true
	}
	r.text = fmt.Sprintf("%s %s → %s MiB and %s → %s CPU units", svc.Name, mebibytes(gb.Value), mebibytes(r.gb), units(cpu.Value), units(r.vcpu))
	r.patch = fmt.Sprintf("# task definition %s\nmemoryReservation = %s\ncpu               = %s", hcl(svc.Task.Family), mebibytes(r.gb), units(r.vcpu))
	return r, ok
}

// reserveLess sets the reservations of some services of a cluster. What another
// change has made smaller already stays.
func reserveLess(w *design.Workload, cluster string, over []reserving) error {
	for _, o := range over {
		i := slices.IndexFunc(w.Services, func(svc design.Service) bool { return clusterKey(&svc) == cluster && svc.Name == o.name })
		if i < 0 {
			continue // stopped, or part of another task
		}
		svc := &w.Services[i]
		if onFargate(svc) {
			return fmt.Errorf("%s runs on Fargate now, which has sizes and no reservations", svc.Name)
		}
		cpu, gb := svc.Task.Sizes()
		svc.Task.CPU, svc.Task.Memory = design.Know(min(cpu.Value, o.vcpu)), design.Know(min(gb.Value, o.gb))
	}
	return nil
}

// freeing makes a change of what a cluster's tasks reserve, and takes as many
// instances from its groups with a stated count as the placement of the tasks needs
// less after it. Groups without a count are placed anyway.
func (s *site) freeing(cluster string, change func(*design.Workload) error) func(*design.Workload) error {
	return func(w *design.Workload) error {
		before := copyOf(*w)
		if err := change(w); err != nil {
			return err
		}
		for i := range w.Clusters {
			c := &w.Clusters[i]
			if clusterName(c) != cluster {
				continue
			}
			for j := range c.Groups {
				g := &c.Groups[j]
				stated := g.Count.Mean()
				if !stated.Stated() || g.Count.Week != nil {
					continue
				}
				was, err := s.placedInstances(&before, cluster, g.Name)
				if err != nil {
					return err
				}
				will, err := s.placedInstances(w, cluster, g.Name)
				if err != nil {
					return err
				}
				g.Count = design.Count(max(min(will, stated.Value), stated.Value-(was-will)))
			}
		}
		return nil
	}
}

// placedInstances is how many instances of a group hold its tasks, whatever count
// is stated.
func (s *site) placedInstances(w *design.Workload, cluster, group string) (float64, error) {
	only := design.Workload{Name: w.Name, Region: w.Region}
	only.Network.AZs = w.Network.AZs
	groups := 0
	for _, c := range w.Clusters {
		if clusterName(&c) != cluster {
			continue
		}
		groups = len(c.Groups)
		i := slices.IndexFunc(c.Groups, func(g design.InstanceGroup) bool { return g.Name == group })
		g := c.Groups[i]
		g.Count, g.Elastic = design.CountProfile{}, true
		c.Groups, c.Insights = []design.InstanceGroup{g}, design.Fact[design.Insights]{}
		only.Clusters = append(only.Clusters, c)
	}
	for _, svc := range w.Services {
		if clusterKey(&svc) == cluster && slices.ContainsFunc(svc.Capacity.Providers, func(p design.Provider) bool {
			return !p.Kind.OnFargate() && (p.Group == group || p.Group == "" && groups == 1)
		}) {
			only.Services = append(only.Services, svc)
		}
	}
	r, err := s.price(only)
	if err != nil {
		return 0, err
	}
	hours := 0.0
	for i := range r.Resources {
		for j := range r.Resources[i].Lines {
			l := &r.Resources[i].Lines[j]
			if l.Group != estimate.Compute || l.Name != "EC2 instances" && l.Name != "EC2 Spot instances" {
				continue
			}
			if l.Unpriced != "" {
				return 0, fmt.Errorf("the instances of %s: %s", group, l.Unpriced)
			}
			hours += l.Charge.Usage.Quantity
		}
	}
	return math.Round(hours/s.hours()*1e6) / 1e6, nil
}
