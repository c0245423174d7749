package intake

import "ecsavvy/advisor/design"

// ingressDraft is one way in as written, before load balancers are shared.
type ingressDraft struct {
	at     place
	alb    *balancerDraft
	nlb    *balancerDraft
	clb    *balancerDraft
	tunnel *tunnelDraft
}

// balancerDraft is a load balancer: what it is, and the traffic that one
// service, or the balancer itself, brings.
type balancerDraft struct {
	name     string
	kind     *design.LoadBalancerKind
	internal *bool
	azs      design.Fact[float64]
	traffic  design.BalancerTraffic
	tags     map[string]string
}

// tunnelDraft is a Cloudflare Tunnel as written.
type tunnelDraft struct {
	mode string
	design.Tunnel
}

// trafficKeys are the dimensions of capacity units.
func trafficKeys() []key[balancerDraft] {
	type fact = design.Fact[float64]
	return []key[balancerDraft]{
		field("new_connections", "New connections.", amount(perSecond()), func(b *balancerDraft) *fact { return &b.traffic.NewConnections }),
		field("active_connections", "Connections open at a time.", amount(count()), func(b *balancerDraft) *fact { return &b.traffic.ActiveConnections }),
		field("processed", "Data processed, both directions.", amount(monthlyData()), func(b *balancerDraft) *fact { return &b.traffic.Processed }),
		field("requests", "Requests, of an ALB.", amount(perSecond()), func(b *balancerDraft) *fact { return &b.traffic.Requests }),
		field("rules", "Rules evaluated for a request, of an ALB; the first 10 are free.", amount(count()), func(b *balancerDraft) *fact { return &b.traffic.Rules }),
		field("protocol", "The listener's protocol, of an NLB.", oneOf(choice[string]{"tcp", "tcp"}, choice[string]{"udp", "udp"}, choice[string]{"tls", "tls"}),
			func(b *balancerDraft) *string { return &b.traffic.Protocol }),
		field("internal", "Whether it has private addresses only.", optional(boolean()), func(b *balancerDraft) **bool { return &b.internal }),
		field("azs", "Availability Zones that it has a node in; the network's where nothing is said.", amount(whole()), func(b *balancerDraft) *fact { return &b.azs }),
	}
}

// balancerForm reads a load balancer under a service's ingress.
func balancerForm(what string) form[balancerDraft] {
	keys := append([]key[balancerDraft]{
		field("name", "A name under `load_balancers`, or one that several services share; a load balancer of the service's own where it is left out.", text("a name"),
			func(b *balancerDraft) *string { return &b.name }),
	}, trafficKeys()...)
	return mapping(what, "A load balancer in front of a service, with the traffic that the service brings. Its capacity units are counted over all the services behind it.",
		"services:\n  api:\n    task: {cpu: 0.5, memory: 1GB}\n    ingress: {alb: {new_connections: 20/s, active_connections: 3000, processed: 120GB/month, requests: 200/s, rules: 12}}\n", keys...)
}

// sharedBalancerForm reads an entry of load_balancers.
func sharedBalancerForm() form[balancerDraft] {
	kind := func(word string, k design.LoadBalancerKind) choice[design.LoadBalancerKind] {
		return choice[design.LoadBalancerKind]{word, k}
	}
	keys := append([]key[balancerDraft]{
		must(field("type", "alb, nlb, gwlb or clb.", optional(oneOf(kind("alb", design.ALB), kind("nlb", design.NLB), kind("gwlb", design.GWLB), kind("clb", design.CLB),
			kind("application", design.ALB), kind("network", design.NLB), kind("gateway", design.GWLB), kind("classic", design.CLB))),
			func(b *balancerDraft) **design.LoadBalancerKind { return &b.kind })),
		field("tags", "Tags.", tagsForm(), func(b *balancerDraft) *map[string]string { return &b.tags }),
	}, trafficKeys()...)
	return mapping("Shared load balancer", "A load balancer that services name in their ingress, with traffic beside theirs.",
		"load_balancers: {edge: {type: alb, azs: 3}}\nservices:\n  api: {task: {cpu: 0.5, memory: 1GB}, ingress: {alb: {name: edge, new_connections: 20/s}}}\n"+
			"  web: {task: {cpu: 0.5, memory: 1GB}, ingress: {alb: {name: edge, processed: 50GB/month}}}\n", keys...)
}

func tunnelForm() form[tunnelDraft] {
	return mapping("Tunnel", "A Cloudflare Tunnel: cloudflared beside the application in each task, or in tasks of its own that several services may share.",
		"services:\n  api: {task: {cpu: 0.5, memory: 1GB}, ingress: {tunnel: {mode: dedicated, replicas: 2, name: edge}}}\n  web: {task: {cpu: 0.5, memory: 1GB}, ingress: {tunnel: {name: edge}}}\n",
		field("mode", "sidecar or dedicated; dedicated where nothing is said.", oneOf(choice[string]{"sidecar", "sidecar"}, choice[string]{"dedicated", "dedicated"}), func(t *tunnelDraft) *string { return &t.mode }),
		field("replicas", "Dedicated tasks.", amount(whole()), func(t *tunnelDraft) *design.Fact[float64] { return &t.Replicas }),
		field("cpu", "CPU of one cloudflared.", amount(vcpu()), func(t *tunnelDraft) *design.Fact[float64] { return &t.CPU }),
		field("memory", "Memory of one cloudflared.", amount(memory()), func(t *tunnelDraft) *design.Fact[float64] { return &t.Memory }),
		field("arch", "Architecture of dedicated tasks; the service's where nothing is said.", architectureForm(), func(t *tunnelDraft) *design.Fact[design.Architecture] { return &t.Architecture }),
		field("name", "The name under which services share one tunnel.", text("a name"), func(t *tunnelDraft) *string { return &t.Name }),
	)
}

// ingressForm reads the ways in to a service.
func ingressForm() form[[]ingressDraft] {
	item := mapping("Ingress", "The ways in to a service: load balancers, a tunnel. Several keys, or a list, are several ways in.",
		"services: {api: {task: {cpu: 0.5, memory: 1GB}, ingress: [{alb: {requests: 20/s}}, {nlb: {internal: true, protocol: tcp}}]}}\n",
		field("alb", "An Application Load Balancer.", optional(balancerForm("Load balancer")), func(i *ingressDraft) **balancerDraft { return &i.alb }),
		field("nlb", "A Network Load Balancer.", optional(balancerForm("Load balancer")), func(i *ingressDraft) **balancerDraft { return &i.nlb }),
		field("clb", "A Classic Load Balancer.", optional(balancerForm("Load balancer")), func(i *ingressDraft) **balancerDraft { return &i.clb }),
		field("tunnel", "A Cloudflare Tunnel.", optional(tunnelForm()), func(i *ingressDraft) **tunnelDraft { return &i.tunnel }),
	)
	return listOf(placed(item, func(i *ingressDraft) *place { return &i.at }), true)
}

// balancers collects the load balancers of a workload while services name them.
type balancers struct {
	r    *reading
	list []design.LoadBalancer
	// index is the place in the list by name.
	index map[string]int
	// declared tells those of load_balancers from those that a service made.
	declared int
}

func (b *balancers) declare(shared []named[balancerDraft]) {
	for _, s := range shared {
		lb := design.LoadBalancer{Name: s.name, AZs: s.value.azs, Traffic: s.value.traffic, Tags: s.value.tags}
		if s.value.kind != nil {
			lb.Kind = *s.value.kind
		}
		lb.Internal = s.value.internal != nil && *s.value.internal
		b.add(lb)
	}
	b.declared = len(b.list)
}

func (b *balancers) add(lb design.LoadBalancer) {
	if b.index == nil {
		b.index = make(map[string]int)
	}
	b.index[lb.Name] = len(b.list)
	b.list = append(b.list, lb)
}

// attach finds or makes the load balancer of an ingress.
func (b *balancers) attach(service string, kind design.LoadBalancerKind, d *balancerDraft, at place) design.Ingress {
	name := d.name
	if name == "" {
		name = service + "-" + balancerWord(kind)
	}
	in := design.Ingress{LoadBalancer: name, Traffic: d.traffic}
	i, ok := b.index[name]
	if !ok {
		b.add(design.LoadBalancer{Name: name, Kind: kind, AZs: d.azs, Internal: d.internal != nil && *d.internal})
		return in
	}
	lb := &b.list[i]
	switch {
	case lb.Kind != kind:
		b.r.errorAt(at, "the load balancer %q is of type %s, not %s", clip(name), balancerWord(lb.Kind), balancerWord(kind))
	case d.internal != nil && *d.internal != lb.Internal && i < b.declared:
		b.r.errorAt(at, "internal is set for load balancer %q where it is declared; leave it out here", clip(name))
	case d.azs.Stated() && lb.AZs.Stated() && d.azs.Value != lb.AZs.Value:
		b.r.errorAt(at, "load balancer %q has %g AZs elsewhere and %g here", clip(name), lb.AZs.Value, d.azs.Value)
	}
	if d.azs.Stated() {
		lb.AZs = d.azs
	}
	if d.internal != nil && i >= b.declared {
		lb.Internal = *d.internal
	}
	return in
}

// balancerWord is the design file's word for a kind.
func balancerWord(kind design.LoadBalancerKind) string {
	switch kind {
	case design.ALB:
		return "alb"
	case design.NLB:
		return "nlb"
	case design.GWLB:
		return "gwlb"
	default:
		return "clb"
	}
}

// completeTunnel fills in the size of cloudflared where the file is silent.
//
// Cloudflare advises two replicas for a dedicated tunnel; its baseline of 4 GB
// and 4 cores is for some thousand users, so the smallest Fargate task is
// assumed. Beside an application the sidecar of a quiet tunnel is assumed to
// take 64 CPU units and 128 MiB. Both are listed as assumptions: measure yours.
// Source of the advice: developers.cloudflare.com, Tunnel system requirements.
func completeTunnel(d *tunnelDraft, arch design.Fact[design.Architecture]) *design.Tunnel {
	t := d.Tunnel
	t.Sidecar = d.mode == "sidecar"
	if t.Sidecar {
		t.CPU = t.CPU.Or(0.0625, "cloudflared as a sidecar: 64 CPU units")
		t.Memory = t.Memory.Or(0.125, "cloudflared as a sidecar: 128 MiB")
		return &t
	}
	t.Replicas = t.Replicas.Or(2, "two replicas of cloudflared, as Cloudflare advises")
	t.CPU = t.CPU.Or(0.25, "cloudflared in the smallest Fargate task: 0.25 vCPU")
	t.Memory = t.Memory.Or(0.5, "cloudflared in the smallest Fargate task: 0.5 GB")
	if !t.Architecture.Stated() && arch.Stated() {
		t.Architecture = design.Assume(arch.Value, "cloudflared runs on the architecture of the service")
	}
	return &t
}
