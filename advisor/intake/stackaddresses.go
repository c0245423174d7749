package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// network takes over NAT, endpoints, public addresses and the number of AZs.
func (j *joining) network() {
	n := &j.w.Network
	n.AZs = j.zones()
	counted := make(map[int]bool) // Elastic IPs that something else is billed with
	j.natGateways(n, counted)
	j.natOfInstances(n)
	for i := range j.s.balancers {
		for _, e := range j.eips.distinct(j.s.balancers[i].eips) {
			counted[e] = true
		}
	}
	free := 0.0
	for i := range j.s.eips {
		e := &j.s.eips[i]
		if e.free || counted[i] || j.heldByInstance(e) >= 0 {
			continue
		}
		free++
	}
	if free > 0 {
		n.PublicIPv4 = design.Know(free)
	}
	for i := range j.s.endpoints {
		j.endpoint(&j.s.endpoints[i])
	}
}

// natGateways counts NAT gateways. Each is metered with one address; further
// ones are addresses of their own.
func (j *joining) natGateways(n *design.Network, counted map[int]bool) {
	zonal, regional := 0.0, []*natGateway(nil)
	for i := range j.s.nats {
		g := &j.s.nats[i]
		switch {
		case g.private:
			j.s.unpriced("private NAT gateway")
		case g.regional:
			regional = append(regional, g)
			for _, e := range j.eips.distinct(g.eips) {
				counted[e] = true
			}
		default:
			zonal++
			if g.id != "" {
				n.NAT.IDs = append(n.NAT.IDs, g.id)
			}
			if list := j.eips.distinct(g.eips); len(list) > 0 {
				counted[list[0]] = true
			}
		}
	}
	for _, g := range regional {
		if zonal == 0 && g.id != "" {
			n.NAT.IDs = append(n.NAT.IDs, g.id)
		}
	}
	slices.Sort(n.NAT.IDs)
	switch {
	case zonal > 0:
		n.NAT.Kind, n.NAT.Count = design.NATGateway, design.Know(zonal)
		for range regional {
			j.s.unpriced("regional NAT gateway beside zonal ones")
		}
	case len(regional) == 1:
		n.NAT.Kind, n.NAT.Count = design.RegionalGateway, regional[0].zones
	case len(regional) > 1:
		n.NAT.Kind = design.RegionalGateway
		for _, g := range regional {
			n.NAT.Count = addFacts(n.NAT.Count, orElse(g.zones, n.AZs))
		}
	}
}

// addFacts adds counts; the first may be absent.
func addFacts(a, b fact[float64]) fact[float64] {
	if absent(a) {
		return b
	}
	return design.Plus(a, b)
}

// natInstances are instances that forward other instances' traffic.
type natInstances struct {
	launchSettings
	count float64
}

// natOfInstances takes NAT instances over where there is no gateway; beside
// gateways, or of a second type, they are instances like others.
func (j *joining) natOfInstances(n *design.Network) {
	for i := range j.natInstances {
		l := &j.natInstances[i]
		same := n.NAT.Kind == design.NATInstance && n.NAT.InstanceType == l.instanceType.Value
		switch {
		case !l.instanceType.Stated():
			j.s.unpriced("NAT instance of unknown type")
		case n.NAT.Kind == design.NoNAT:
			n.NAT.Kind, n.NAT.InstanceType = design.NATInstance, l.instanceType.Value
			n.NAT.Count, n.NAT.Volume = design.Know(l.count), l.root
		case same:
			n.NAT.Count.Value += l.count
		default:
			g := j.group(fmt.Sprintf("NAT instance %d", i+1), &l.launchSettings)
			g.Count = design.Count(l.count)
			j.instancesOutside(g)
		}
	}
}

// instancesOutside adds a group to the instances of no cluster.
func (j *joining) instancesOutside(g design.InstanceGroup) {
	i := slices.IndexFunc(j.w.Clusters, func(c design.Cluster) bool { return c.Name == outsideClusters })
	if i < 0 {
		i = len(j.w.Clusters)
		j.w.Clusters = append(j.w.Clusters, design.Cluster{Name: outsideClusters})
	}
	j.w.Clusters[i].Groups = append(j.w.Clusters[i].Groups, g)
}

// heldByInstance is the instance that an Elastic IP belongs to, -1 if none.
// The instance's own public address is replaced by it, so it is counted there.
func (j *joining) heldByInstance(e *elasticIP) int {
	for _, r := range e.holders {
		if i := j.instances.find(r); i >= 0 {
			return i
		}
		if in := j.interfaces.get(r); in != nil {
			if i := j.instances.find(in.instance); i >= 0 {
				return i
			}
		}
	}
	return -1
}

// addressed are the instances that hold an Elastic IP.
func (j *joining) addressed() map[int]bool {
	held := make(map[int]bool)
	for i := range j.s.eips {
		if n := j.heldByInstance(&j.s.eips[i]); n >= 0 {
			held[n] = true
		}
	}
	return held
}

func (j *joining) endpoint(e *vpcEndpoint) {
	kind := design.InterfaceEndpoint
	switch strings.ToLower(e.kind) {
	case "", "gateway":
		kind = design.GatewayEndpoint
	case "interface":
	default:
		j.s.unpriced("VPC endpoint of type " + e.kind)
		return
	}
	out := design.Endpoint{ID: e.id, Kind: kind, Service: endpointService(cmp.Or(e.service.Value, e.title()))}
	if kind == design.InterfaceEndpoint {
		out.AZs = subnetCount(e.subnets)
	}
	j.w.Network.Endpoints = append(j.w.Network.Endpoints, out)
}

// zones is the number of AZs in use: of the subnets that services, Auto Scaling
// groups, load balancers, NAT gateways and endpoints lie in, else of all
// subnets, else as many as the widest load balancer has.
func (j *joining) zones() fact[float64] {
	var used []ref
	for i := range j.joined {
		used = append(used, j.joined[i].subnets...)
	}
	for i := range j.s.autoGroups {
		used = append(used, j.s.autoGroups[i].subnets...)
	}
	for i := range j.s.balancers {
		used = append(used, j.s.balancers[i].subnets...)
	}
	for i := range j.s.nats {
		used = append(used, j.s.nats[i].subnet)
	}
	for i := range j.s.endpoints {
		used = append(used, j.s.endpoints[i].subnets...)
	}
	list := j.subnets.distinct(used)
	if len(list) == 0 {
		for i := range j.s.subnets {
			list = append(list, i)
		}
	}
	zones := make(map[string]bool)
	unknown := 0
	for _, i := range list {
		if z := j.s.subnets[i].zone; z.Stated() {
			zones[z.Value] = true
		} else {
			unknown++
		}
	}
	switch n := float64(len(zones)); {
	case n > 0 && unknown == 0:
		return design.Know(n)
	case n > 0:
		return design.Assume(n, fmt.Sprintf("the Availability Zones of %d subnets are not known; the others lie in %g", unknown, n))
	}
	widest := design.Fact[float64]{}
	for i := range j.s.balancers {
		if n := j.zonesOfBalancer(&j.s.balancers[i]); n.Stated() && n.Value > widest.Value {
			widest = design.Assume(n.Value, "as many Availability Zones as "+j.balancerNames()[i]+" has")
		}
	}
	return widest
}
