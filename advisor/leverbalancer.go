package advisor

import (
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// orphans finds what is paid for and used by nothing: load balancers without
// services and requests, NAT gateways without traffic, idle Elastic IPs.
// docs/load-balancer.md.
func orphans(s *site, f *findings) error {
	for i := range s.workload.LoadBalancers {
		if err := s.orphanBalancer(&s.workload.LoadBalancers[i], f); err != nil {
			return err
		}
	}
	if err := s.orphanGateways(f); err != nil {
		return err
	}
	return s.orphanAddresses(f)
}

// servicesBehind are the services that name a load balancer.
func servicesBehind(w *design.Workload, name string) []string {
	var names []string
	for i := range w.Services {
		if slices.ContainsFunc(w.Services[i].Ingress, func(in design.Ingress) bool { return in.Tunnel == nil && in.LoadBalancer == name }) {
			names = append(names, w.Services[i].Name)
		}
	}
	return names
}

// balancerARN is what the AWS CLI calls a load balancer.
func (s *site) balancerARN(lb *design.LoadBalancer) string {
	return fmt.Sprintf("\"$(aws elbv2 describe-load-balancers --region %s --names %s --query 'LoadBalancers[0].LoadBalancerArn' --output text)\"", shell(s.scope.Region), shell(lb.Name))
}

func (s *site) orphanBalancer(lb *design.LoadBalancer, f *findings) error {
	if lb.Kind == design.GWLB || len(servicesBehind(&s.workload, lb.Name)) > 0 {
		return nil
	}
	measured, ok := s.flows[resourceKey{"load-balancer", "", lb.ID}]
	subject := s.subject("load balancer", "", lb.Name, lb.Tags)
	if !ok && lb.Kind == design.ALB {
		// CloudWatch has nothing of a load balancer without requests, and nothing of
		// one that was not asked about either.
		if !slices.ContainsFunc(s.workload.LoadBalancers, func(o design.LoadBalancer) bool { return s.flows[resourceKey{"load-balancer", "", o.ID}] != nil }) {
			f.abstain(LeverOrphan, subject, "no service is behind it, and whether anything calls it was not measured: read it with depth lean")
			return nil
		}
	}
	if measured["RequestCount"] > 0 || measured["ProcessedBytes"] > 0 {
		return nil // something else than ECS is behind it
	}
	r := Recommendation{
		Lever: LeverOrphan, Subject: subject, Title: "delete it",
		Risk: RiskMedium, RiskReasons: []string{"its name may still be in somebody's DNS or configuration"},
		Effort:  EffortSetting,
		Reasons: []string{"no ECS service is behind it, and no request came in the measured days (health checks do not count)"},
		Patches: []Patch{
			{FormTerraform, fmt.Sprintf("# remove the aws_lb named %s with its listeners and target groups", hcl(lb.Name))},
			{FormCLI, fmt.Sprintf("aws elbv2 delete-load-balancer --region %s --load-balancer-arn %s", shell(s.scope.Region), s.balancerARN(lb))},
		},
		Change: func(w *design.Workload) error {
			n := len(w.LoadBalancers)
			w.LoadBalancers = slices.DeleteFunc(w.LoadBalancers, func(o design.LoadBalancer) bool { return o.Name == lb.Name })
			if len(w.LoadBalancers) == n {
				return errGone
			}
			return nil
		},
		Evidence: Evidence{Source: "AWS/ApplicationELB", Bound: "requests: none"},
	}
	if lb.Kind != design.ALB {
		r.Reasons = []string{"no ECS service is behind it; its traffic was not measured"}
		r.RiskReasons = append(r.RiskReasons, "its metrics are not read: look at its flow count first")
		r.Evidence.Source, r.Evidence.Bound = "elasticloadbalancing", "no ECS service is behind it"
	}
	return s.offer(r, f)
}

// offer recommends a change of what services share, where it saves something.
func (s *site) offer(r Recommendation, f *findings) error {
	r, ok, err := s.recommend(r)
	if err == nil && ok {
		f.recommend(r)
	}
	return err
}

// orphanGateways finds NAT gateways through which nothing passed.
func (s *site) orphanGateways(f *findings) error {
	nat := s.workload.Network.NAT
	if nat.Kind != design.NATGateway || !nat.Count.Stated() {
		return nil
	}
	for _, id := range nat.IDs {
		measured, ok := s.flows[resourceKey{"nat-gateway", "", id}]
		if !ok || measured[natGB] > 0 {
			continue
		}
		if err := s.offer(Recommendation{
			Lever: LeverOrphan, Subject: s.subject("NAT gateway", "", id, nil), Title: "delete it",
			Risk: RiskMedium, RiskReasons: []string{"a route may still lead to it: what has been quiet would lose its way out"},
			Effort: EffortSetting, Reasons: []string{"no byte passed it in the measured days"},
			Patches: []Patch{
				{FormTerraform, "# remove the aws_nat_gateway " + hcl(id) + ", its aws_eip and the routes to it"},
				{FormCLI, fmt.Sprintf("aws ec2 delete-nat-gateway --region %s --nat-gateway-id %s", shell(s.scope.Region), shell(id))},
			},
			Change: func(w *design.Workload) error {
				n := &w.Network.NAT
				if n.Kind != design.NATGateway || n.Count.Value < 1 {
					return errGone
				}
				if n.Count = design.Know(n.Count.Value - 1); n.Count.Value == 0 {
					*n = design.NAT{}
				}
				return nil
			},
			Evidence: Evidence{Source: "AWS/NATGateway", Bound: "bytes in from both sides: none"},
		}, f); err != nil {
			return err
		}
	}
	return nil
}

// orphanAddresses finds Elastic IPs that belong to nothing: they cost as much as
// those in use. Source: aws.amazon.com/vpc/pricing, "Public IPv4 addresses".
func (s *site) orphanAddresses(f *findings) error {
	n := s.workload.Network.PublicIPv4
	if !(n.Value > 0) {
		return nil
	}
	return s.offer(Recommendation{
		Lever: LeverOrphan, Subject: s.subject("Elastic IP", "", fmt.Sprintf("without association (%v)", n.Value), nil), Title: "release",
		Risk: RiskMedium, RiskReasons: []string{"a released address does not come back, and a partner may have it on a list"},
		Effort: EffortSetting, Reasons: []string{"they are associated with nothing that runs"},
		Patches: []Patch{
			{FormTerraform, "# remove the aws_eip resources that nothing refers to"},
			// Listed first, released one by one: nobody's script should free what was
			// allocated since.
			{FormCLI, fmt.Sprintf("aws ec2 describe-addresses --region %[1]s --query 'Addresses[?AssociationId==null].[AllocationId,PublicIp]' --output table\n# for each that is not needed:\n# aws ec2 release-address --region %[1]s --allocation-id ID", shell(s.scope.Region))},
		},
		Change: func(w *design.Workload) error {
			if !(w.Network.PublicIPv4.Value > 0) {
				return errGone
			}
			w.Network.PublicIPv4 = design.Fact[float64]{}
			return nil
		},
		Evidence: Evidence{Source: "ec2 describe-addresses", Bound: fmt.Sprintf("addresses without an association: %v", n.Value)},
	}, f)
}

// rulesPerBalancer is the default quota of rules of an Application Load Balancer,
// which is what limits how many services share one.
// Source: docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html.
const rulesPerBalancer = 100

// sharedBalancer puts the services of all Application Load Balancers of one scheme
// behind the busiest of them. docs/load-balancer.md.
func sharedBalancer(s *site, f *findings) error {
	for _, internal := range []bool{false, true} {
		var all []design.LoadBalancer
		rules := 0.0
		for _, lb := range s.workload.LoadBalancers {
			if lb.Kind == design.ALB && lb.Internal == internal && len(servicesBehind(&s.workload, lb.Name)) > 0 {
				all = append(all, lb)
				rules += max(1, lb.Traffic.Rules.Value)
			}
		}
		if len(all) < 2 {
			continue
		}
		slices.SortStableFunc(all, func(a, b design.LoadBalancer) int {
			switch {
			case a.CapacityUnits.Value > b.CapacityUnits.Value:
				return -1
			case a.CapacityUnits.Value < b.CapacityUnits.Value:
				return 1
			}
			return strings.Compare(a.Name, b.Name)
		})
		keep, names := all[0], []string(nil)
		for _, lb := range all[1:] {
			names = append(names, lb.Name)
		}
		subject := s.subject("load balancer", "", keep.Name, keep.Tags)
		if rules > rulesPerBalancer {
			f.abstain(LeverLoadBalancer, subject, fmt.Sprintf("the services of %d load balancers have %.0f rules, and one takes %d unless AWS raises the quota", len(all), rules, rulesPerBalancer))
			continue
		}
		if err := s.offer(Recommendation{
			Lever: LeverLoadBalancer, Subject: subject, Title: "one for all: take over the services of " + strings.Join(names, ", "),
			Risk: RiskMedium, RiskReasons: []string{
				"one load balancer, its certificate list and its firewall rules are then shared: a mistake in them takes down every service behind it",
				"the load balancers have to be in one VPC, and to have no WAF rules or security groups that differ",
			},
			Effort:  EffortMigration,
			Reasons: []string{"each load balancer costs its hours and an address in each AZ, whatever it carries; capacity units add up to what they were at most, since only the largest dimension counts"},
			Patches: []Patch{
				{FormTerraform, fmt.Sprintf("# an aws_lb_listener_rule for each service, on a listener of %s:\ncondition {\n  host_header {\n    values = [\"service.example.com\"]\n  }\n}", hcl(keep.Name))},
				{FormCLI, fmt.Sprintf("LISTENER=$(aws elbv2 describe-listeners --region %[1]s --load-balancer-arn %[2]s --query 'Listeners[0].ListenerArn' --output text)\naws elbv2 create-rule --region %[1]s --listener-arn \"$LISTENER\" --priority 10 --conditions Field=host-header,Values=service.example.com --actions Type=forward,TargetGroupArn=\"$TARGET_GROUP\"",
					shell(s.scope.Region), s.balancerARN(&keep))},
			},
			Change:   mergeBalancers(keep.Name, names),
			Evidence: Evidence{Source: "AWS/ApplicationELB", Bound: fmt.Sprintf("%.3g capacity units on average over %d load balancers", sumUnits(all), len(all)), Next: "a tunnel, or Cloud Map with no load balancer at all"},
		}, f); err != nil {
			return err
		}
	}
	return nil
}

func sumUnits(all []design.LoadBalancer) float64 {
	sum := 0.0
	for _, lb := range all {
		sum += lb.CapacityUnits.Value
	}
	return sum
}

// mergeBalancers moves what is behind some load balancers to another one.
func mergeBalancers(keep string, gone []string) func(*design.Workload) error {
	return func(w *design.Workload) error {
		at := slices.IndexFunc(w.LoadBalancers, func(lb design.LoadBalancer) bool { return lb.Name == keep })
		if at < 0 {
			return errGone
		}
		into := w.LoadBalancers[at]
		for _, name := range gone {
			i := slices.IndexFunc(w.LoadBalancers, func(lb design.LoadBalancer) bool { return lb.Name == name })
			if i < 0 {
				return errGone
			}
			if from := w.LoadBalancers[i].CapacityUnits; from.Stated() && into.CapacityUnits.Stated() {
				into.CapacityUnits = design.Plus(into.CapacityUnits, from)
			} else {
				into.CapacityUnits = design.NotKnown[float64]("the capacity units of " + name + " were not measured")
			}
			w.LoadBalancers = slices.Delete(w.LoadBalancers, i, i+1)
			for j := range w.Services {
				for k := range w.Services[j].Ingress {
					if in := &w.Services[j].Ingress[k]; in.Tunnel == nil && in.LoadBalancer == name {
						in.LoadBalancer = keep
					}
				}
			}
		}
		at = slices.IndexFunc(w.LoadBalancers, func(lb design.LoadBalancer) bool { return lb.Name == keep })
		w.LoadBalancers[at] = into
		return nil
	}
}
