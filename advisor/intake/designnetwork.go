package intake

import (
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// networkDraft is a network as written.
type networkDraft struct {
	azs        design.Fact[float64]
	egress     egressDraft
	endpoints  endpointsDraft
	publicIPv4 design.Fact[float64]
}

// egressDraft is the way out.
type egressDraft struct {
	nat       design.NAT
	traffic   design.Traffic
	allowance design.Fact[float64]
}

// natDraft is a NAT as a mapping: one of three kinds.
type natDraft struct {
	gateway, regional *natCount
	instance          string
	count             design.Fact[float64]
	volume            *design.Volume
	peak              design.Fact[float64]
}

// natCount is how many.
type natCount struct{ count design.Fact[float64] }

// endpointsDraft is the VPC endpoints by kind.
type endpointsDraft struct {
	interfaces []named[design.Endpoint]
	gateways   []string
}

func networkForm() form[networkDraft] {
	return mapping("Network", "What the services share on the way in and out.",
		"services: {api: {task: {cpu: 0.5, memory: 1GB}}}\nnetwork:\n  azs: 2\n  egress: {nat: gateway, nat_data: 300GB/month, internet: 100GB/month}\n  endpoints: {interface: [ecr.api, ecr.dkr, logs], gateway: [s3]}\n",
		field("azs", "Availability Zones in use.", amount(whole()), func(n *networkDraft) *design.Fact[float64] { return &n.azs }),
		field("egress", "The way out.", egressForm(), func(n *networkDraft) *egressDraft { return &n.egress }),
		field("endpoints", "VPC endpoints.", endpointsForm(), func(n *networkDraft) *endpointsDraft { return &n.endpoints }),
		field("public_ipv4", "Public IPv4 addresses that belong to nothing else here, idle Elastic IPs too.", amount(whole()), func(n *networkDraft) *design.Fact[float64] { return &n.publicIPv4 }),
	)
}

func egressForm() form[egressDraft] {
	return mapping("Egress", "How private subnets reach the internet, and the data of the workload as a whole, beside its services' own.",
		"services: {api: {task: {cpu: 0.5, memory: 1GB}}}\nnetwork: {egress: {nat: {instance: t4g.nano, count: 2, peak: 20Mbps}, internet: 100GB/month, cross_az: 50GB/month, to_regions: {eu-west-1: 10GB/month}}}\n",
		field("nat", "NAT in front of the internet.", natForm(), func(e *egressDraft) *design.NAT { return &e.nat }),
		field("nat_data", "Data through the NAT, both directions; without it what is known to pass is added up.", amount(monthlyData()), func(e *egressDraft) *design.Fact[float64] { return &e.nat.Data }),
		field("internet", "Data to the internet.", amount(monthlyData()), func(e *egressDraft) *design.Fact[float64] { return &e.traffic.InternetOut }),
		field("internet_in", "Data from the internet.", amount(monthlyData()), func(e *egressDraft) *design.Fact[float64] { return &e.traffic.InternetIn }),
		field("cross_az", "Data between Availability Zones, counted once.", amount(monthlyData()), func(e *egressDraft) *design.Fact[float64] { return &e.traffic.CrossAZ }),
		field("to_regions", "Data to other regions, by region.", toRegionsForm(), func(e *egressDraft) *[]design.RegionTraffic { return &e.traffic.ToRegion }),
		field("allowance", "The part of AWS's free 100 GB a month that this workload may use.", amount(size()), func(e *egressDraft) *design.Fact[float64] { return &e.allowance }),
	)
}

func natForm() form[design.NAT] {
	word := as(oneOf(choice[design.NATKind]{"none", design.NoNAT}, choice[design.NATKind]{"gateway", design.NATGateway}, choice[design.NATKind]{"regional", design.RegionalGateway}),
		func(k design.NATKind) design.NAT { return design.NAT{Kind: k} })
	howMany := func() form[natCount] {
		return mapping("NAT gateways", "How many.", "services: {api: {task: {cpu: 0.5, memory: 1GB}}}\nnetwork: {azs: 3, egress: {nat: {gateway: {count: 1}}}}\n",
			field("count", "Gateways, or AZs of a regional one; one for each AZ where nothing is said.", amount(whole()), func(c *natCount) *design.Fact[float64] { return &c.count }))
	}
	several := mapping("NAT", "NAT gateways (none, gateway or regional for the default number), or instances.",
		"services: {api: {task: {cpu: 0.5, memory: 1GB}}}\nnetwork: {egress: {nat: {instance: t4g.nano, count: 2, volume: {type: gp3, size: 8GB}, peak: 50Mbps}}}\n",
		field("gateway", "NAT gateways.", optional(howMany()), func(n *natDraft) **natCount { return &n.gateway }),
		field("regional", "A regional NAT gateway.", optional(howMany()), func(n *natDraft) **natCount { return &n.regional }),
		field("instance", "NAT instances of this type.", text("an instance type such as t4g.nano", "t4g.nano"), func(n *natDraft) *string { return &n.instance }),
		field("count", "NAT instances; one for each AZ where nothing is said.", amount(whole()), func(n *natDraft) *design.Fact[float64] { return &n.count }),
		field("volume", "The instance's root volume.", optional(ebsForm()), func(n *natDraft) **design.Volume { return &n.volume }),
		field("peak", "The rate that the instances must carry, for the warning on their bandwidth.", amount(megabits()), func(n *natDraft) *design.Fact[float64] { return &n.peak }),
	)
	resolved := form[design.NAT]{several.shape, func(r *reading, n *node, into *design.NAT) {
		var d natDraft
		before := len(r.errs)
		several.read(r, n, &d)
		if len(r.errs) > before {
			return
		}
		kinds := 0
		for _, given := range []bool{d.gateway != nil, d.regional != nil, d.instance != ""} {
			if given {
				kinds++
			}
		}
		data := into.Data // nat_data may have been read before
		switch {
		case kinds != 1:
			r.errorf(n, "want exactly one of gateway, regional, instance; got %d", kinds)
		case d.instance != "":
			*into = design.NAT{Kind: design.NATInstance, InstanceType: d.instance, Count: d.count, Volume: d.volume, PeakMbps: d.peak}
		case d.count.Stated() || d.volume != nil || d.peak.Stated():
			r.errorf(n, "count, volume and peak are of NAT instances; a gateway is {gateway: {count: 2}}")
		case d.gateway != nil:
			*into = design.NAT{Kind: design.NATGateway, Count: d.gateway.count}
		default:
			*into = design.NAT{Kind: design.RegionalGateway, Count: d.regional.count}
		}
		into.Data = data
	}}
	kept := form[design.NAT]{word.shape, func(r *reading, n *node, into *design.NAT) {
		data := into.Data
		word.read(r, n, into)
		into.Data = data
	}}
	nat := either(kept, resolved)
	nat.shape.want = "none, gateway, regional, or a mapping such as {instance: t4g.nano}"
	kept.shape.want = nat.shape.want
	return nat
}

func toRegionsForm() form[[]design.RegionTraffic] {
	return as(byName("region", amount(monthlyData())), func(list []named[design.Fact[float64]]) []design.RegionTraffic {
		traffic := make([]design.RegionTraffic, len(list))
		for i, t := range list {
			traffic[i] = design.RegionTraffic{Region: t.name, GB: t.value}
		}
		slices.SortFunc(traffic, func(a, b design.RegionTraffic) int { return strings.Compare(a.Region, b.Region) })
		return traffic
	})
}

func endpointsForm() form[endpointsDraft] {
	item := mapping("Interface endpoint", "One interface endpoint.", "services: {api: {task: {cpu: 0.5, memory: 1GB}}}\nnetwork: {endpoints: {interface: {logs: {azs: 2, data: 20GB/month}}}}\n",
		field("azs", "Its network interfaces; one for each AZ where nothing is said.", amount(whole()), func(e *design.Endpoint) *design.Fact[float64] { return &e.AZs }),
		field("data", "Data through it, both directions.", amount(monthlyData()), func(e *design.Endpoint) *design.Fact[float64] { return &e.Data }),
	)
	names := as(listOf(text("an endpoint's service such as ecr.api", "ecr.api"), false), func(list []string) []named[design.Endpoint] {
		endpoints := make([]named[design.Endpoint], len(list))
		for i, name := range list {
			endpoints[i].name = name
		}
		return endpoints
	})
	return mapping("Endpoints", "VPC endpoints. Interface endpoints are a list of services, or a mapping with AZs and data.",
		"services: {api: {task: {cpu: 0.5, memory: 1GB}}}\nnetwork: {endpoints: {interface: {ecr.api: {azs: 2, data: 1GB/month}, logs: {data: 20GB/month}}, gateway: [s3, dynamodb]}}\n",
		field("interface", "Interface endpoints.", either(names, byName("endpoint service", item)), func(e *endpointsDraft) *[]named[design.Endpoint] { return &e.interfaces }),
		field("gateway", "Gateway endpoints, which are free.", listOf(oneOf(choice[string]{"s3", "s3"}, choice[string]{"dynamodb", "dynamodb"}), false), func(e *endpointsDraft) *[]string { return &e.gateways }),
	)
}

// network turns the draft into the model.
func (d *networkDraft) network() design.Network {
	n := design.Network{AZs: d.azs, NAT: d.egress.nat, Traffic: d.egress.traffic, EgressAllowance: d.egress.allowance, PublicIPv4: d.publicIPv4}
	for _, e := range d.endpoints.interfaces {
		e.value.Service = endpointService(e.name)
		e.value.Kind = design.InterfaceEndpoint
		n.Endpoints = append(n.Endpoints, e.value)
	}
	for _, name := range d.endpoints.gateways {
		n.Endpoints = append(n.Endpoints, design.Endpoint{Service: name, Kind: design.GatewayEndpoint})
	}
	return n
}

// endpointService shortens com.amazonaws.eu-west-2.ecr.api to ecr.api.
func endpointService(name string) string {
	rest, ok := strings.CutPrefix(name, "com.amazonaws.")
	if !ok {
		return name
	}
	if _, service, ok := strings.Cut(rest, "."); ok {
		return service
	}
	return name
}
