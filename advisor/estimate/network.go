package estimate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

type pricingSKU = pricing.SKU

const (
	vpc      = "AmazonVPC"
	transfer = "AWSDataTransfer"
)

// flow is data that leaves or enters tasks, by what it is and where it goes, so
// that it can be charged on the path it takes. One flow is that of all services
// together.
type flow struct {
	what string
	to   string // "internet", "s3" (image layers), "logs"
	gb   quantity
	// silent are the services that do not state theirs.
	silent []string
}

// network meters what the services share on the way in and out.
func (m *meter) network(flows []flow) {
	n := &m.w.Network
	m.nat(n, flows)
	for i := range n.Endpoints {
		m.endpoint(&n.Endpoints[i], flows)
	}
	r := m.open(KindNetwork, "network")
	m.trafficLines(r, "network.egress", n.Traffic)
	if n.PublicIPv4.Stated() {
		r.use(Egress, "Public IPv4 address", "", m.sku(vpc, "PublicIPv4:InUseAddress"),
			design.Scale(take(m, "network.public_ipv4", n.PublicIPv4), m.hours), num(n.PublicIPv4.Value)+" addresses × "+num(m.hours)+" h")
	}
	m.dropIfEmpty(r)
}

// dropIfEmpty removes the last resource if nothing was metered for it.
func (m *meter) dropIfEmpty(r resource) {
	if len(r.data().Lines) == 0 && r.index == len(m.resources)-1 {
		m.resources = m.resources[:r.index]
	}
}

// trafficLines meters data transfer. Internet egress is tiered, after 100 GB
// free a month; traffic between AZs is billed on both sides; traffic into a
// region is free.
// Source: aws.amazon.com/ec2/pricing/on-demand, "Data Transfer".
func (m *meter) trafficLines(r resource, path string, t design.Traffic) {
	if t.InternetOut.Basis != design.Unknown || t.InternetOut.Note != "" {
		gb := take(m, path+".internet_out", t.InternetOut)
		m.assumeAllowance()
		r.use(Transfer, "Data transfer out to the internet", "", m.sku(transfer, "DataTransfer-Out-Bytes"), gb, num(gb.Value)+" GB")
	}
	if t.CrossAZ.Stated() {
		gb := take(m, path+".cross_az", t.CrossAZ)
		r.use(Transfer, "Data transfer between AZs", "both directions", m.sku(transfer, "DataTransfer-Regional-Bytes"),
			design.Scale(gb, 2), "2 × "+num(gb.Value)+" GB")
	}
	for _, to := range t.ToRegion {
		gb := take(m, path+".to_regions."+to.Region, to.GB)
		r.use(Transfer, "Data transfer to another region", to.Region, m.sku(transfer, "AWS-Out-Bytes", "toRegion="+to.Region), gb, num(gb.Value)+" GB")
	}
}

// assumeAllowance notes that the free egress is taken for this workload.
func (m *meter) assumeAllowance() {
	if !m.w.Network.EgressAllowance.Stated() {
		m.assume("network.egress.allowance", "the account's 100 GB a month of free internet egress are all this workload's")
	}
}

// nat meters the way out of private subnets:
//
//	gateway: hours × AZs, GB in both directions, an IPv4 address each
//	instance: the instance, its volume and its IPv4 address; no charge by GB
//
// Source: aws.amazon.com/vpc/pricing, "NAT Gateway"; a regional NAT gateway is
// billed for each AZ it spans, at the price of a zonal one.
func (m *meter) nat(n *design.Network, flows []flow) {
	nat := &n.NAT
	if nat.Kind == design.NoNAT {
		return
	}
	const path = "network.egress.nat"
	r := m.open(KindNAT, "NAT "+strings.ReplaceAll(string(nat.Kind), "-", " "))
	count := nat.Count
	if !count.Stated() {
		count = m.azs()
		count.Note = "one NAT in each of " + num(count.Value) + " AZs"
		count.Basis = design.Assumed
	}
	count = take(m, path, count)
	hours := design.Scale(count, m.hours)
	why := num(count.Value) + " × " + num(m.hours) + " h"
	if nat.Kind == design.NATInstance {
		m.natInstance(r, path, nat, hours, why)
		return
	}
	name, detail := "NAT gateway", ""
	if nat.Kind == design.RegionalGateway {
		detail = "regional, by AZ"
		m.assume(path, "a regional NAT gateway at the zonal rate for each AZ it spans")
	}
	r.use(Egress, name+" hours", detail, m.sku(ec2, "NatGateway-Hours"), hours, why)
	m.natData(r, n, flows)
	r.use(Egress, "Public IPv4 address", "", m.sku(vpc, "PublicIPv4:InUseAddress"), hours, why)
}

// natData meters the GB through a NAT gateway: stated, or the sum of the flows
// that have no other way.
func (m *meter) natData(r resource, n *design.Network, flows []flow) {
	sku := m.sku(ec2, "NatGateway-Bytes")
	if n.NAT.Data.Stated() {
		gb := take(m, "network.egress.nat_data", n.NAT.Data)
		r.use(Egress, "NAT gateway data", "", sku, gb, num(gb.Value)+" GB")
		return
	}
	metered := false
	var silent []string
	for _, f := range flows {
		if bypassesNAT(n, f.to) {
			continue
		}
		if len(f.silent) > 0 {
			silent = append(silent, f.what+" of "+listOf(f.silent, 3))
		}
		if f.gb.Value == 0 {
			continue
		}
		metered = true
		r.use(Egress, "NAT gateway data", f.what, sku, f.gb, num(f.gb.Value)+" GB")
	}
	if metered && len(silent) > 0 {
		m.assume("network.egress.nat_data", "counted from what is stated; not in it: "+strings.Join(silent, "; "))
	}
	if !metered {
		r.use(Egress, "NAT gateway data", "", sku, design.NotKnown[float64]("the data through the NAT gateway is not stated"), "")
	}
}

// listOf joins the first n names and counts the rest.
func listOf(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:n], ", ") + fmt.Sprintf(" and %d more", len(names)-n)
}

// natInstance meters a NAT instance and warns where it cannot carry the load.
func (m *meter) natInstance(r resource, path string, nat *design.NAT, hours quantity, why string) {
	kind, err := m.cat.InstanceType(nat.InstanceType)
	if err != nil {
		r.unpriced(Egress, "NAT instance", err.Error())
		return
	}
	r.use(Egress, "NAT instance", kind.Name, m.sku(ec2, "BoxUsage:"+kind.Name, "operatingSystem=Linux"), hours, why)
	volume := nat.Volume
	if volume == nil {
		volume = &design.Volume{Type: "gp3", GB: design.Assume(float64(natVolumeGB), "a gp3 root volume of 8 GB")}
	}
	m.volumeLines(r, path+".volume", volume, hours, why)
	r.use(Egress, "Public IPv4 address", "", m.sku(vpc, "PublicIPv4:InUseAddress"), hours, why)
	baseline := kind.BandwidthMbps
	switch {
	case math.IsNaN(baseline):
		m.warn(path, kind.Name+"'s sustained bandwidth is not known")
	case nat.PeakMbps.Stated() && nat.PeakMbps.Value > baseline:
		m.warn(path, fmt.Sprintf("%s sustains %s Mbps; %s Mbps are asked of it", kind.Name, num(baseline), num(nat.PeakMbps.Value)))
	default:
		m.warn(path, fmt.Sprintf("%s sustains %s Mbps; above that it throttles, and it is a single point of failure in its AZ", kind.Name, num(baseline)))
	}
}

// natVolumeGB is the root volume of an Amazon Linux 2023 AMI.
const natVolumeGB = 8

// bypassesNAT reports whether an endpoint of the network takes a flow off the
// NAT. Image layers of ECR come from S3, so it is the S3 endpoint that counts.
// Source: docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html.
func bypassesNAT(n *design.Network, to string) bool {
	return slices.ContainsFunc(n.Endpoints, func(e design.Endpoint) bool { return e.Service == to })
}

// endpoint meters a VPC endpoint. Gateway endpoints (S3, DynamoDB) are free;
// an interface endpoint costs its hours in each AZ and its GB.
// Source: aws.amazon.com/privatelink/pricing.
func (m *meter) endpoint(e *design.Endpoint, flows []flow) {
	path := "network.endpoints." + e.Service
	r := m.open(KindEndpoint, e.Service)
	if e.Kind == design.GatewayEndpoint {
		r.data().Summary = "gateway endpoint: free"
		return
	}
	r.data().Summary = "interface endpoint"
	azs := e.AZs
	if !azs.Stated() {
		azs = m.azs()
	}
	azs = take(m, path+".azs", azs)
	r.use(Egress, "Interface endpoint hours", "", m.sku(vpc, "VpcEndpoint-Hours"),
		design.Scale(azs, m.hours), num(azs.Value)+" AZs × "+num(m.hours)+" h")
	sku := m.sku(vpc, "VpcEndpoint-Bytes")
	if e.Data.Stated() {
		gb := take(m, path+".data", e.Data)
		r.use(Egress, "Interface endpoint data", "", sku, gb, num(gb.Value)+" GB")
		return
	}
	metered := false
	for _, f := range flows {
		if f.to == e.Service && f.gb.Value > 0 {
			metered = true
			r.use(Egress, "Interface endpoint data", f.what, sku, f.gb, num(f.gb.Value)+" GB")
		}
	}
	switch {
	case metered:
	case callsOnly(e.Service):
		m.assume(path, "API calls only: their data is taken as nothing")
	default:
		r.use(Egress, "Interface endpoint data", "", sku, design.NotKnown[float64]("the data through the endpoint is not stated"), "")
	}
}

// callsOnly reports whether an endpoint carries API calls of a few kB and no
// bulk data.
func callsOnly(service string) bool {
	switch service {
	case "ecr.api", "ecr.dkr", "secretsmanager", "ssm", "ssmmessages", "sts", "kms", "ecs", "ecs-agent", "ecs-telemetry", "monitoring", "events":
		return true
	default:
		return false
	}
}
