package advisor

import (
	"errors"
	"fmt"
	"slices"

	"ecsavvy/advisor/design"
)

// toAppRunner moves every service to App Runner, which brings its own load
// balancer. A NAT stays as it is: what reaches private resources goes through
// a VPC connector and from there the VPC's way out.
// Source: docs.aws.amazon.com/apprunner/latest/dg/architecture.html, develop.html
// and network-vpc.html.
func toAppRunner(w *design.Workload) error {
	if len(w.Services) == 0 {
		return errors.New("there is no service to move")
	}
	if countKind(w, design.AppRunner) == len(w.Services) {
		return errAsIs
	}
	kinds := map[string]design.LoadBalancerKind{}
	for i := range w.LoadBalancers {
		kinds[w.LoadBalancers[i].Name] = w.LoadBalancers[i].Kind
	}
	behind := map[string]bool{}
	for i := range w.Services {
		s := &w.Services[i]
		if err := refusedByAppRunner(s, kinds); err != nil {
			return err
		}
		cpu, memory := s.Task.Sizes()
		if !cpu.Stated() || !memory.Stated() {
			return fmt.Errorf("the size of a task of %s is not known", s.Name)
		}
		size, ok := design.FitAppRunner(cpu.Value, memory.Value)
		if !ok {
			return fmt.Errorf("%s is larger than App Runner's largest size, 4 vCPU + 12 GB", s.Name)
		}
		for _, in := range s.Ingress {
			behind[in.LoadBalancer] = true
		}
		s.Task.CPU, s.Task.Memory = design.Know(size.VCPU), design.Know(size.GB)
		s.Task.NetworkMode = ""
		s.Ingress = nil
		s.AssignPublicIP = design.Know(false)
		s.DistinctInstance = false
		s.Capacity = design.Only(design.AppRunner)
	}
	w.LoadBalancers = slices.DeleteFunc(w.LoadBalancers, func(lb design.LoadBalancer) bool { return behind[lb.Name] })
	dropIdleGroups(w)
	return nil
}

// refusedByAppRunner is why App Runner cannot run a service; nil where it can.
func refusedByAppRunner(s *design.Service, kinds map[string]design.LoadBalancerKind) error {
	switch t := &s.Task; {
	case s.Count.Runs != nil:
		return fmt.Errorf("%s starts, runs and ends; App Runner runs web services", s.Name)
	case s.Scheduling == design.Daemon:
		return fmt.Errorf("%s is a daemon; App Runner runs web services", s.Name)
	case len(s.Ingress) == 0:
		return fmt.Errorf("%s takes no requests; App Runner runs web services, and gives CPU while it serves them", s.Name)
	case t.OS.Value == design.Windows:
		return fmt.Errorf("%s runs Windows; App Runner runs Linux only", s.Name)
	case t.Architecture.Value == design.ARM64:
		return fmt.Errorf("%s runs on ARM64; App Runner runs x86_64 only", s.Name)
	case t.GPUs > 0:
		return fmt.Errorf("%s has GPUs, which App Runner does not", s.Name)
	case len(t.Containers) > 1 || len(s.Sidecars) > 0:
		return fmt.Errorf("%s has several containers; App Runner runs one", s.Name)
	case len(t.Volumes) > 0:
		return fmt.Errorf("%s has volumes, which App Runner does not", s.Name)
	}
	for _, in := range s.Ingress {
		if kind := kinds[in.LoadBalancer]; in.Tunnel == nil && kind != design.ALB {
			return fmt.Errorf("%s is behind a load balancer of kind %s; App Runner serves HTTP", s.Name, kind)
		}
	}
	return nil
}

// toEKS moves every service to a launch type and every cluster to EKS. The
// control plane is one for each cluster that runs something.
func toEKS(launch func(*design.Workload) error) func(*design.Workload) error {
	return func(w *design.Workload) error {
		moved := launch(w)
		if moved != nil && !errors.Is(moved, errAsIs) {
			return moved
		}
		changed := false
		for i := range w.Services {
			s := &w.Services[i]
			c := clusterOf(w, s)
			changed = changed || c.Orchestrator != design.EKS
			c.Orchestrator = design.EKS
		}
		if !changed && moved != nil {
			return errAsIs
		}
		return nil
	}
}

func onAppRunner(s *design.Service) bool {
	return slices.ContainsFunc(s.Capacity.Providers, func(p design.Provider) bool { return p.Kind == design.AppRunner })
}

// onEKS reports whether a service's cluster is an EKS cluster.
func onEKS(w *design.Workload, s *design.Service) bool {
	return slices.ContainsFunc(w.Clusters, func(c design.Cluster) bool { return c.Name == s.Cluster && c.Orchestrator == design.EKS })
}
