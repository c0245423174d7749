package intake

import (
	"slices"
	"strconv"
	"strings"

	"ecsavvy/advisor/design"
)

// composePort is a published port.
type composePort struct {
	target         int // 0 where it is not known
	protocol, mode string
	// http says that the port states itself that it speaks HTTP.
	http bool
}

// published reads the ports that somebody outside may reach. Those bound to the
// loopback address are for the developer's machine.
func (u *composeUnit) published() {
	for _, at := range u.at.get("ports").items("a list of ports") {
		if !at.here() {
			continue
		}
		if at.node.kind != mappingNode {
			if port, outside := shortPort(at.name("a port, such as 8080:80")); outside {
				u.ports = append(u.ports, port)
			}
			continue
		}
		if ip := at.get("host_ip").name("an address"); loopback(ip) {
			continue
		}
		p := composePort{
			target:   portNumber(at.get("target").name("a port")),
			protocol: strings.ToLower(at.get("protocol").name("tcp or udp")),
			mode:     at.get("mode").name("ingress or host"),
		}
		speaks := strings.ToLower(at.get("x-aws-protocol").name("a protocol"))
		p.http = speaks == "http" || speaks == "https" || at.has("x-aws-certificate")
		u.ports = append(u.ports, p)
	}
}

// shortPort reads [[ADDRESS:]PUBLISHED:]TARGET[/PROTOCOL]. outside is false where
// only the machine itself can reach it.
func shortPort(text string) (p composePort, outside bool) {
	text, p.protocol, _ = strings.Cut(text, "/")
	host, target := "", text
	depth := 0
	for i := len(text) - 1; i >= 0 && target == text; i-- {
		switch text[i] {
		case '}', ']':
			depth++
		case '{', '[':
			depth--
		case ':':
			if depth == 0 {
				host, target = text[:i], text[i+1:]
			}
		}
	}
	p.target, p.mode = portNumber(target), "ingress"
	return p, !loopback(host)
}

func loopback(address string) bool {
	return strings.HasPrefix(address, "127.") || strings.HasPrefix(address, "localhost") || strings.HasPrefix(address, "[::1]") || address == "::1"
}

// portNumber is the first port of a range; 0 where it is not known.
func portNumber(text string) int {
	first, _, _ := strings.Cut(text, "-")
	n, err := strconv.Atoi(first)
	if err != nil || n < 0 || n > 65535 {
		return 0
	}
	return n
}

// ingress adds the load balancers. A file that no ECS tool's key stands in
// publishes ports, but says nothing of a load balancer: on a developer's machine
// none is needed, and half of the ports of such files are databases'. So none is
// priced, and the output counts what is missing; a design file states it.
func (r *composeReader) ingress(tasks []*composeTask) {
	switch r.tool {
	case dockerECS:
		r.dockerBalancer(tasks)
	case composeX:
		r.composeXBalancers(tasks)
	case defang:
		r.defangBalancer(tasks)
	default:
		for _, t := range tasks {
			if slices.ContainsFunc(t.units, func(u *composeUnit) bool { return len(u.ports) > 0 }) {
				r.unpriced("load balancer for the published ports of a Compose service")
			}
		}
	}
}

// dockerBalancer is the one load balancer that Docker's ECS integration makes for
// all published ports of a project: an Application Load Balancer where every port
// speaks HTTP, else a Network Load Balancer, facing the internet.
// Source: ensureLoadBalancer, getRequiredLoadBalancerType and portIsHTTP in
// github.com/docker-archive/compose-cli, ecs/awsResources.go.
func (r *composeReader) dockerBalancer(tasks []*composeTask) {
	kind, found := design.ALB, false
	for _, t := range tasks {
		for _, u := range t.units {
			for _, p := range u.ports {
				found = true
				if !p.http && p.target != 80 && p.target != 443 {
					kind = design.NLB
				}
			}
		}
	}
	if !found {
		return
	}
	if r.model.root.get("x-aws-loadbalancer").here() {
		r.unpriced("load balancer of somebody else (x-aws-loadbalancer)")
		return
	}
	const why = "two Availability Zones: Docker's ECS integration makes one load balancer for the published ports, in all subnets of the VPC"
	r.w.LoadBalancers = append(r.w.LoadBalancers, design.LoadBalancer{Name: r.model.name, Kind: kind, AZs: design.Assume(2.0, why)})
	r.attach(tasks, r.model.name, kind, func(p composePort) bool { return true })
}

// defangBalancer is the Application Load Balancer that Defang makes for ports in
// ingress mode.
// Source: docs.defang.io/docs/concepts/networking; CreateALB in
// github.com/DefangLabs/pulumi-defang, provider/defangaws/aws/alb.go; two zones:
// NumberOfAvailabilityZones in recipe.go there.
func (r *composeReader) defangBalancer(tasks []*composeTask) {
	ingress := func(p composePort) bool { return (p.mode == "" || p.mode == "ingress") && p.protocol != "udp" }
	if !r.attach(tasks, r.model.name, design.ALB, ingress) {
		return
	}
	const why = "two Availability Zones: Defang makes one load balancer for the ports in ingress mode"
	r.w.LoadBalancers = append(r.w.LoadBalancers, design.LoadBalancer{Name: r.model.name, Kind: design.ALB, AZs: design.Assume(2.0, why)})
}

// attach puts the services with such ports behind a load balancer, and reports
// whether there are any.
func (r *composeReader) attach(tasks []*composeTask, balancer string, kind design.LoadBalancerKind, public func(composePort) bool) bool {
	attached := false
	for i, t := range tasks {
		protocol, found := "", false
		for _, u := range t.units {
			for _, p := range u.ports {
				if public(p) {
					found = true
					protocol = cmpOr(protocol, p.protocol)
				}
			}
		}
		if !found {
			continue
		}
		attached = true
		in := design.Ingress{LoadBalancer: balancer}
		if kind == design.NLB && protocol == "udp" {
			in.Traffic.Protocol = protocol
		}
		r.w.Services[i].Ingress = append(r.w.Services[i].Ingress, in)
	}
	return attached
}

// composeXBalancers are those of x-elbv2 that compose-x creates; those that it
// looks up belong to somebody else.
// Source: docs.compose-x.io/syntax/compose_x/elbv2.html; Elbv2.sort_props in
// github.com/compose-x/ecs_composex, ecs_composex/elbv2/elbv2_stack/elbv2.py.
func (r *composeReader) composeXBalancers(tasks []*composeTask) {
	byName := make(map[string]int, len(tasks))
	for i, t := range tasks {
		byName[t.name] = i
	}
	balancers := r.model.root.get("x-elbv2")
	for _, e := range balancers.entries("a mapping of load balancers") {
		at := balancers.down(join(balancers.path, e.key), e.value)
		if at.get("Lookup").here() || at.get("Use").here() {
			r.unpriced("load balancer of somebody else (x-elbv2)")
			continue
		}
		lb := design.LoadBalancer{Name: e.key, Kind: design.ALB}
		properties := at.get("Properties")
		switch kind := properties.get("Type"); kind.name("application or network") {
		case "", "application":
		case "network":
			lb.Kind = design.NLB
		default:
			kind.wrong("application or network")
		}
		lb.Internal = properties.get("Scheme").name("a scheme") != "internet-facing"
		for _, l := range at.get("Listeners").items("a list of listeners") {
			if protocol := strings.ToLower(l.get("Protocol").name("a protocol")); lb.Kind == design.NLB && protocol != "tcp" {
				lb.Traffic.Protocol = cmpOr(lb.Traffic.Protocol, protocol)
			}
		}
		r.w.LoadBalancers = append(r.w.LoadBalancers, lb)
		behind := make(keySet)
		for _, s := range at.get("Services").items("a list of services") {
			family, _, _ := strings.Cut(s.get("name").name("family:service"), ":")
			if i, ok := byName[family]; ok && behind.add(family) {
				r.w.Services[i].Ingress = append(r.w.Services[i].Ingress, design.Ingress{LoadBalancer: lb.Name})
			}
		}
	}
}
