package advisor

import (
	"errors"
	"fmt"
	"slices"

	"ecsavvy/advisor/design"
)

// natType is the type of the NAT instances that alternatives take: AWS's
// smallest current Graviton type with 64 Mbps for good.
const natType = "t4g.micro"

// hasNAT says why the way out cannot change; nil where it can.
func hasNAT(w *design.Workload, kind design.NATKind) error {
	switch nat := w.Network.NAT; {
	case nat.Kind == kind:
		return errAsIs
	case nat.Kind == design.NoNAT && !publicTasks(w):
		return errors.New("the design has no way out to the internet to change")
	}
	return nil
}

func publicTasks(w *design.Workload) bool {
	return slices.ContainsFunc(w.Services, func(s design.Service) bool { return s.AssignPublicIP.Value })
}

func toGateway(w *design.Workload) error {
	if err := hasNAT(w, design.NATGateway); err != nil {
		return err
	}
	private(w)
	w.Network.NAT = design.NAT{Kind: design.NATGateway, Count: w.Network.NAT.Count, Data: w.Network.NAT.Data}
	return nil
}

func toNATInstance(w *design.Workload) error {
	if err := hasNAT(w, design.NATInstance); err != nil {
		return err
	}
	private(w)
	w.Network.NAT = design.NAT{
		Kind: design.NATInstance, InstanceType: natType,
		Count: w.Network.NAT.Count, Data: w.Network.NAT.Data, PeakMbps: w.Network.NAT.PeakMbps,
	}
	return nil
}

// private takes the public addresses from tasks, which then need the NAT.
func private(w *design.Workload) {
	for i := range w.Services {
		w.Services[i].AssignPublicIP = design.Know(false)
	}
}

func toPublicIPs(w *design.Workload) error {
	if w.Network.NAT.Kind == design.NoNAT {
		return errAsIs
	}
	for i := range w.Services {
		s := &w.Services[i]
		switch {
		case onAppRunner(s):
			continue // its own way out is public, without an address to pay for
		case onEKS(w, s):
			// Source: docs.aws.amazon.com/eks/latest/userguide/fargate.html.
			return fmt.Errorf("%s is on EKS, whose Fargate pods run in private subnets only", s.Name)
		case !onFargate(s):
			return fmt.Errorf("%s is not on Fargate: awsvpc tasks on instances cannot have public addresses", s.Name)
		}
		s.AssignPublicIP = design.Know(true)
	}
	w.Network.NAT = design.NAT{}
	return nil
}

// toTunnel puts every service behind an Application Load Balancer behind one
// shared Cloudflare Tunnel of dedicated tasks instead.
func toTunnel(w *design.Workload) error {
	kinds := map[string]design.LoadBalancerKind{}
	for i := range w.LoadBalancers {
		kinds[w.LoadBalancers[i].Name] = w.LoadBalancers[i].Kind
	}
	changed := false
	gone := map[string]bool{}
	for i := range w.Services {
		s := &w.Services[i]
		for j := range s.Ingress {
			in := &s.Ingress[j]
			if in.Tunnel != nil {
				continue
			}
			if kind := kinds[in.LoadBalancer]; kind != design.ALB {
				return fmt.Errorf("%s is behind a load balancer of kind %s: a tunnel carries HTTP", s.Name, kind)
			}
			gone[in.LoadBalancer] = true
			*in = design.Ingress{Tunnel: dedicatedTunnel()}
			changed = true
		}
	}
	if !changed {
		return errors.New("no service is behind a load balancer that a tunnel could replace")
	}
	w.LoadBalancers = slices.DeleteFunc(w.LoadBalancers, func(lb design.LoadBalancer) bool { return gone[lb.Name] })
	return nil
}

// dedicatedTunnel is two tasks of the smallest Fargate size: redundancy, and
// what a tunnel of little traffic needs. Source: algorithms.md 6, from
// Cloudflare's advice of two replicas.
func dedicatedTunnel() *design.Tunnel {
	return &design.Tunnel{
		Name: "alternative", Replicas: design.Assume(2.0, "two dedicated cloudflared tasks"),
		CPU: design.Assume(0.25, "cloudflared on 0.25 vCPU"), Memory: design.Assume(0.5, "cloudflared in 0.5 GB"),
		Architecture: design.Assume(design.ARM64, "cloudflared on ARM64"),
	}
}

// toALB puts every service that is behind a tunnel behind one Application Load
// Balancer. Its capacity units are priced from what the design states of the
// traffic, which behind a tunnel may be nothing.
func toALB(w *design.Workload) error {
	const name = "alternative"
	changed := false
	for i := range w.Services {
		s := &w.Services[i]
		for j := range s.Ingress {
			if s.Ingress[j].Tunnel != nil {
				s.Ingress[j] = design.Ingress{LoadBalancer: name, Traffic: s.Ingress[j].Traffic}
				changed = true
			}
		}
	}
	if !changed {
		return errors.New("no service is behind a tunnel that a load balancer could replace")
	}
	w.LoadBalancers = append(w.LoadBalancers, design.LoadBalancer{Name: name, Kind: design.ALB})
	return nil
}
