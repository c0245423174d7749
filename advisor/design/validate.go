package design

import (
	"cmp"
	"fmt"
	"slices"
)

// SizeError says that a task size does not exist on Fargate. Nearest are valid
// sizes; whoever knows prices adds what they cost.
type SizeError struct {
	// Path is the place in the design: "services.api.task".
	Path    string
	Size    Size
	OS      OS
	Nearest []Size
}

func (e *SizeError) Error() string {
	msg := fmt.Sprintf("%s: %s is no Fargate task size", e.Path, e.Size)
	if e.OS == Windows {
		msg += " on Windows"
	}
	return msg
}

// Problem is a design that AWS would not accept.
type Problem struct {
	Path string
	Text string
}

func (p *Problem) Error() string { return p.Path + ": " + p.Text }

// ephemeral storage that a Fargate task may ask for, GiB.
// Source: EphemeralStorage in the ECS API reference; 20 GiB come free.
const (
	FreeEphemeralGiB = 20
	minEphemeralGiB  = 21
	maxEphemeralGiB  = 200
)

// Validate checks the workload against AWS's rules and returns every problem
// found, in the order of the services. It checks what prices depend on, not
// what only a deployment would notice.
func (w *Workload) Validate() []error {
	var problems []error
	balancers := make(map[string]bool, len(w.LoadBalancers))
	for _, lb := range w.LoadBalancers {
		balancers[lb.Name] = true
	}
	for i := range w.Services {
		s := &w.Services[i]
		problems = append(problems, s.validate("services."+s.Name)...)
		if fargate, _ := s.Capacity.uses(); fargate && w.orchestrator(s) == EKS {
			problems = append(problems, s.validateOnEKS("services."+s.Name)...)
		}
		for _, in := range s.Ingress {
			if in.LoadBalancer != "" && !balancers[in.LoadBalancer] {
				problems = append(problems, &Problem{"services." + s.Name + ".ingress", fmt.Sprintf("no load balancer is named %q", in.LoadBalancer)})
			}
		}
	}
	for i := range w.Clusters {
		c := &w.Clusters[i]
		for j := range c.Groups {
			path := clusterPath(c.Name) + ".instances." + c.Groups[j].Name
			problems = append(problems, c.Groups[j].validatePlacement(path, w.Network.AZs)...)
		}
	}
	for _, f := range w.FileSystems {
		if f.ProvisionedMiBps.Stated() && (f.ReadGB.Stated() || f.WriteGB.Stated()) {
			problems = append(problems, &Problem{"file system " + cmp.Or(f.Name, f.Service), "elastic throughput (read, write) and provisioned throughput are two modes; a file system has one"})
		}
	}
	return problems
}

func (s *Service) validate(path string) []error {
	var problems []error
	report := func(at, format string, args ...any) {
		problems = append(problems, &Problem{path + at, fmt.Sprintf(format, args...)})
	}
	t := &s.Task
	fargate, instances := s.Capacity.uses()
	if fargate && instances {
		report(".capacity", "a capacity strategy cannot mix Fargate with EC2 or Managed Instances providers")
	}
	if fargate {
		problems = append(problems, t.validateFargate(path+".task")...)
	}
	problems = append(problems, s.validatePlacement(path, fargate)...)
	if slices.ContainsFunc(s.Capacity.Providers, func(p Provider) bool { return p.Kind == AppRunner }) {
		problems = append(problems, t.validateAppRunner(path+".task")...)
	}
	if t.OS.Value == Windows && slices.ContainsFunc(s.Capacity.Providers, func(p Provider) bool { return p.Kind == FargateSpot }) {
		// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html.
		report(".capacity", "FARGATE_SPOT does not run Windows containers")
	}
	cpu, memory := containerSums(t.Containers)
	if t.CPU.Stated() && cpu > t.CPU.Value+sizeTolerance {
		report(".task", "the containers ask for %s vCPU and the task has %s; ECS refuses to register it", trim(cpu), trim(t.CPU.Value))
	}
	if t.Memory.Stated() && memory > t.Memory.Value+sizeTolerance {
		report(".task", "the containers ask for %s MiB and the task has %s; ECS refuses to register it",
			trim(memory*MiBPerGB), trim(t.Memory.Value*MiBPerGB))
	}
	if s.Count.Scaled != nil {
		problems = append(problems, s.Count.Scaled.validate(path+".count")...)
	}
	if s.Count.Fixed.Value < 0 {
		report(".count", "want a count of 0 or more, got %s", trim(s.Count.Fixed.Value))
	}
	return problems
}

// orchestrator is that of a service's cluster.
func (w *Workload) orchestrator(s *Service) Orchestrator {
	for i := range w.Clusters {
		if w.Clusters[i].Name == s.Cluster {
			return w.Clusters[i].Orchestrator
		}
	}
	return ECS
}

// validateOnEKS checks what EKS does not run on Fargate.
// Source: docs.aws.amazon.com/eks/latest/userguide/fargate.html, AWS Fargate
// considerations; no ARM: github.com/aws/containers-roadmap/issues/1629.
func (s *Service) validateOnEKS(path string) []error {
	var problems []error
	report := func(at, text string) { problems = append(problems, &Problem{path + at, text}) }
	if s.Task.Architecture.Value == ARM64 {
		report(".task", "EKS has Fargate on X86_64 only")
	}
	if s.Task.OS.Value == Windows {
		report(".task", "EKS has Fargate on Linux only")
	}
	if slices.ContainsFunc(s.Capacity.Providers, func(p Provider) bool { return p.Kind == FargateSpot }) {
		report(".capacity", "EKS has no Fargate Spot")
	}
	if s.AssignPublicIP.Value {
		report(".public_ip", "EKS runs Fargate pods in private subnets only")
	}
	return problems
}

// uses reports what kinds of capacity a strategy names.
func (c CapacityStrategy) uses() (fargate, instances bool) {
	for _, p := range c.Providers {
		fargate = fargate || p.Kind.OnFargate()
		instances = instances || p.Kind == EC2 || p.Kind == ManagedInstances
	}
	return fargate, instances
}

func (t *Task) validateFargate(path string) []error {
	var problems []error
	os := t.OS.Value
	switch {
	case t.CPU.Stated() && t.Memory.Stated():
		size := Size{VCPU: t.CPU.Value, GB: t.Memory.Value}
		if !OnLadder(size, os) {
			problems = append(problems, &SizeError{Path: path, Size: size, OS: os, Nearest: NearestSizes(size, os, 3)})
		}
	case t.CPU.Note != "" || t.Memory.Note != "":
		// The input says why the size is unknown (a plan's "known after
		// apply"); the estimate prints it as unpriced.
	default:
		problems = append(problems, &Problem{path, "a Fargate task needs cpu and memory at task level"})
	}
	if os == Windows && t.Architecture.Value == ARM64 {
		problems = append(problems, &Problem{path, "Fargate runs Windows on X86_64 only"})
	}
	if t.GPUs > 0 {
		problems = append(problems, &Problem{path, "Fargate has no GPUs; use EC2 or Managed Instances"})
	}
	if e := t.EphemeralStorage; e.Stated() && e.Value != FreeEphemeralGiB && (e.Value < minEphemeralGiB || e.Value > maxEphemeralGiB) {
		problems = append(problems, &Problem{path, fmt.Sprintf("ephemeral storage is %s GiB; Fargate allows %d to %d", trim(e.Value), minEphemeralGiB, maxEphemeralGiB)})
	}
	return problems
}

func (c *ScaledCount) validate(path string) []error {
	var problems []error
	low, mid, high := c.Min, c.Average, c.Max
	if low.Stated() && low.Value < 0 {
		problems = append(problems, &Problem{path + ".min", fmt.Sprintf("want 0 or more, got %s", trim(low.Value))})
	}
	if low.Stated() && high.Stated() && low.Value > high.Value {
		problems = append(problems, &Problem{path, fmt.Sprintf("min %s is above max %s", trim(low.Value), trim(high.Value))})
	}
	if mid.Stated() && (low.Stated() && mid.Value < low.Value || high.Stated() && mid.Value > high.Value) {
		problems = append(problems, &Problem{path + ".average", fmt.Sprintf("%s is outside min and max", trim(mid.Value))})
	}
	return problems
}
