package intake

import (
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// balancersByTargetGroup finds which load balancers lead to each target group:
// through a listener's default actions, through a rule, or as the group itself
// says.
func (j *joining) balancersByTargetGroup() map[int][]int {
	fronts := make(map[int][]int)
	lead := func(balancer int, groups []ref) {
		if balancer < 0 {
			return
		}
		for _, r := range groups {
			for _, g := range j.targetGroups.distinct([]ref{r}) {
				if !slices.Contains(fronts[g], balancer) {
					fronts[g] = append(fronts[g], balancer)
				}
			}
		}
	}
	for i := range j.s.listeners {
		l := &j.s.listeners[i]
		lead(j.balancerBy.find(l.balancer), l.targetGroups)
	}
	for i := range j.s.rules {
		r := &j.s.rules[i]
		if l := j.listeners.get(r.listener); l != nil {
			lead(j.balancerBy.find(l.balancer), r.targetGroups)
		}
	}
	for i := range j.s.targetGroups {
		for _, b := range j.balancerBy.distinct(j.s.targetGroups[i].balancers) {
			lead(b, []ref{refTo(j.s.targetGroups[i].key)})
		}
	}
	return fronts
}

// ingress is a service's ways in. A load balancer outside the stack has its
// price elsewhere.
func (j *joining) ingress(groups, classic []ref) []design.Ingress {
	var ways []design.Ingress
	add := func(balancer int) {
		name := j.balancerNames()[balancer]
		if !slices.ContainsFunc(ways, func(in design.Ingress) bool { return in.LoadBalancer == name }) {
			ways = append(ways, design.Ingress{LoadBalancer: name})
		}
	}
	for _, r := range groups {
		for _, g := range j.targetGroupsOf(r) {
			for _, b := range j.fronts[g] {
				add(b)
			}
		}
	}
	for _, r := range classic {
		if b := j.balancerBy.find(r); b >= 0 {
			add(b)
		}
	}
	return ways
}

// targetGroupsOf are the target groups that a reference may mean: blue and
// green ones behind the same listener lead to the same load balancer, so a
// choice between them need not be decided.
func (j *joining) targetGroupsOf(r ref) []int {
	if i := j.targetGroups.find(r); i >= 0 {
		return []int{i}
	}
	return j.targetGroups.candidates(r)
}

func (j *joining) balancerNames() []string {
	if j.balancerTitles == nil {
		j.balancerTitles = uniqueTitles(j.balancerBy, func(b *elasticBalancer) *cloudResource { return &b.cloudResource })
	}
	return j.balancerTitles
}

// balancers takes over the load balancers.
func (j *joining) balancers() {
	rules, protocols := j.rulesByBalancer(), j.protocolsByBalancer()
	for i := range j.s.balancers {
		b := &j.s.balancers[i]
		lb := design.LoadBalancer{Name: j.balancerNames()[i], ID: b.id, Kind: b.kind, Internal: b.internal.Value, Tags: b.tags}
		lb.AZs = j.zonesOfBalancer(b)
		if !absent(b.internal) && !b.internal.Stated() {
			// Whether it has public addresses at all is not known.
			lb.AZs = design.NotKnown[float64]("whether it is internal is not known: " + b.internal.Note)
		}
		switch b.kind {
		case design.ALB:
			lb.Traffic.Rules = design.Know(float64(rules[i]))
		case design.NLB:
			lb.Traffic.Protocol = protocols[i]
		}
		j.w.LoadBalancers = append(j.w.LoadBalancers, lb)
	}
}

// zonesOfBalancer counts the AZs that a load balancer has a node in. It takes
// one subnet of each AZ.
// Source: CreateLoadBalancer, "You must specify subnets from … Availability
// Zones. You can specify only one subnet per Availability Zone".
func (j *joining) zonesOfBalancer(b *elasticBalancer) fact[float64] {
	if len(b.zones) > 0 {
		return design.Know(float64(len(b.zones)))
	}
	return subnetCount(b.subnets)
}

// subnetCount counts subnets where each lies in an AZ of its own.
func subnetCount(subnets []ref) fact[float64] {
	if len(subnets) == 0 {
		return design.Fact[float64]{}
	}
	for _, s := range subnets {
		if s.note != "" && len(s.keys) == 0 && s.text == "" {
			return design.NotKnown[float64]("the number of subnets is not known: " + s.note)
		}
	}
	return design.Know(float64(len(subnets)))
}

// rulesByBalancer counts the rules of each ALB beside the default ones: those
// of the listener with the most, since a request passes one listener.
func (j *joining) rulesByBalancer() map[int]int {
	byListener := make(map[int]int)
	for i := range j.s.rules {
		byListener[j.listeners.find(j.s.rules[i].listener)]++
	}
	most := make(map[int]int)
	for i := range j.s.listeners {
		b := j.balancerBy.find(j.s.listeners[i].balancer)
		most[b] = max(most[b], byListener[i])
	}
	return most
}

// protocolsByBalancer is the protocol of each NLB that its capacity units are
// counted by: of several the one with the smallest unit.
func (j *joining) protocolsByBalancer() map[int]string {
	rank := map[string]int{"": 0, "udp": 1, "tls": 2}
	protocols := make(map[int]string)
	for i := range j.s.listeners {
		b := j.balancerBy.find(j.s.listeners[i].balancer)
		protocol := strings.ToLower(j.s.listeners[i].protocol)
		switch protocol {
		case "tcp_udp", "quic", "tcp_quic":
			protocol = "udp"
		case "tcp":
			protocol = ""
		}
		if rank[protocol] > rank[protocols[b]] {
			protocols[b] = protocol
		}
	}
	return protocols
}
