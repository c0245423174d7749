package estimate

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/placement"
	"ecsavvy/pricing"
)

const ec2 = "AmazonEC2"

// AWS split cost allocation weighs a vCPU as nine GB when it shares the cost
// of an instance among its tasks.
// Source: docs.aws.amazon.com/cur/latest/userguide/example-split-cost-allocation-data.html.
const vcpuWeight = 9

// tenant is a service on a group of instances.
type tenant struct {
	service  *design.Service
	resource resource
	hours    taskHours
	size     facts
}

// group is a group of instances with the services on it.
type group struct {
	design       design.InstanceGroup
	cluster      string
	orchestrator design.Orchestrator
	tenants      []tenant
}

// instances meters every group of EC2 instances once: the share of each
// service by what it reserves, the rest as unused capacity. The instances are
// never free and never counted by the service and by the group.
func (m *meter) instances(groups []*group) {
	for _, g := range groups {
		m.instanceGroup(g)
	}
}

// fleet is what runs for a group in a month.
type fleet struct {
	parts []fleetPart
	hours quantity // instance-hours of all parts
	why   string
}

// fleetPart is the instances of one type.
type fleetPart struct {
	kind  pricing.InstanceType
	hours quantity // instance-hours
	why   string
	shape *[design.HoursPerWeek]float64 // instances by hour of the week
}

// atOnce is the most instances of a fleet that run at once; 0 where that is not
// known.
func (m *meter) atOnce(f fleet) float64 {
	if !f.hours.Stated() {
		return 0
	}
	most := 0.0
	for h := range design.HoursPerWeek {
		sum := 0.0
		for _, p := range f.parts {
			if p.shape != nil {
				sum += p.shape[h]
			} else {
				sum += p.hours.Value / m.hours
			}
		}
		most = math.Max(most, sum)
	}
	return most
}

func fleetOf(part fleetPart) fleet {
	return fleet{parts: []fleetPart{part}, hours: part.hours, why: part.why}
}

func (m *meter) instanceGroup(g *group) {
	path := clusterPath(g.cluster) + ".instances." + g.design.Name
	unused := m.open(KindInstances, g.design.Name)
	unused.data().Cluster, unused.data().Tags = g.cluster, g.design.Tags
	g.defaultVolumes()
	fleet, err := m.fleet(path, g)
	if err != nil {
		why := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "pricing: "), "placement: ")
		if room := (*placement.NoRoomError)(nil); errors.As(err, &room) {
			unused.data().Infeasible = why
		}
		unused.unpriced(Compute, "EC2 instances", why)
		for _, t := range g.tenants {
			t.resource.unpriced(Compute, "EC2 instances", "its share of the instances of "+g.design.Name+", which are not priced")
		}
		return
	}
	unused.data().Summary, unused.data().Instances = fleet.why, m.atOnce(fleet)
	if len(fleet.parts) == 0 {
		return
	}
	m.countDaemons(g, fleet)
	m.checkDistinct(path, g, fleet, unused)
	shares, over := m.shares(g, fleet)
	if over > 1+1e-9 {
		why := fmt.Sprintf("the tasks reserve %.0f %% of these instances: what does not fit needs more of them", over*100)
		m.warn(path, why)
		unused.unpriced(Compute, "EC2 instances beyond those stated", why)
	}
	rest := 1.0
	for i, t := range g.tenants {
		rest -= shares[i]
		m.fleetLines(t.resource, path, g, fleet, shares[i], " for "+t.service.Name)
	}
	if rest > 1e-9 || len(g.tenants) == 0 {
		m.fleetLines(unused, path, g, fleet, math.Max(rest, 0), " unused")
	}
}

// shares is each tenant's part of the fleet, and what all of them reserve of it;
// of more than the whole they share the whole:
//
//	(9 × vCPU-hours + GB-hours reserved) / (9 × vCPU-hours + GB-hours of the instances)
func (m *meter) shares(g *group, f fleet) (shares []float64, reserved float64) {
	whole := 0.0
	for _, p := range f.parts {
		whole += p.hours.Value * (vcpuWeight*p.kind.VCPU + p.kind.MemoryGiB)
	}
	shares = make([]float64, len(g.tenants))
	for i, t := range g.tenants {
		if whole > 0 && t.hours.hours.Stated() {
			shares[i] = t.hours.hours.Value * (vcpuWeight*t.size.vcpu.Value + t.size.gb.Value) / whole
		}
		reserved += shares[i]
	}
	if reserved > 1 {
		for i := range shares {
			shares[i] /= reserved
		}
	}
	return shares, reserved
}

// fleetLines meters a share of a fleet: instances, their fee, volumes and
// addresses.
func (m *meter) fleetLines(r resource, path string, g *group, f fleet, share float64, whose string) {
	d := &g.design
	of := func(why string) string {
		if share != 1 {
			why += fmt.Sprintf(" × %.2f %%%s", share*100, whose)
		}
		return why
	}
	take(m, path+".os", d.OS)
	os := g.osAttribute()
	spot := d.Spot
	if !spot.Stated() {
		spot = design.Know(0.0)
	}
	spot = take(m, path+".spot", spot)
	for _, p := range f.parts {
		name, hours, why := p.kind.Name, design.Scale(p.hours, share), of(p.why)
		if spot.Value < 1 {
			m.eligibleUse(r, Compute, "EC2 instances", name, m.sku(ec2, "BoxUsage:"+name, os), design.Scale(hours, 1-spot.Value), why, p.shape)
		}
		if spot.Value > 0 {
			r.use(Compute, "EC2 Spot instances", name, m.sku(ec2, "SpotUsage:"+name, os), design.Scale(hours, spot.Value), why)
		}
		if d.Managed {
			r.use(Compute, "ECS Managed Instances fee", name, m.sku(ecs, "ECS-Managed-Instances:"+name+"-management-hours"), hours, why)
		}
	}
	hours, why := design.Scale(f.hours, share), of(f.why)
	m.volumeLines(r, path+".root_volume", d.RootVolume, hours, why)
	m.volumeLines(r, path+".data_volume", d.DataVolume, hours, why)
	m.publicIPv4(r, path+".public_ip", "", d.PublicIP, hours, why)
	for _, p := range f.parts {
		m.surplusCredits(r, path, g, p, design.Scale(p.hours, share), of(p.why))
	}
}

// surplusCredits meters burstable instances in unlimited mode:
//
//	vCPU-hours = instance-hours × vCPU × max(0, utilisation − baseline)
//
// AWS averages over 24 hours; a monthly mean therefore understates bursts.
// Source: docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode-concepts.html.
func (m *meter) surplusCredits(r resource, path string, g *group, f fleetPart, hours quantity, why string) {
	d := &g.design
	if !d.UnlimitedCPU.Stated() {
		return
	}
	if math.IsNaN(f.kind.BurstBaseline) {
		m.warn(path+".unlimited_cpu", f.kind.Name+" has no known CPU baseline: unlimited_cpu has no effect")
		return
	}
	over := math.Max(0, d.UnlimitedCPU.Value/100-f.kind.BurstBaseline/f.kind.VCPU)
	family, _, _ := strings.Cut(f.kind.Name, ".")
	family = strings.TrimSuffix(family, "a") // T3a has the rate of T3
	q := design.Times(hours, design.Fact[float64]{Value: over * f.kind.VCPU, Basis: d.UnlimitedCPU.Basis, Note: d.UnlimitedCPU.Note})
	r.use(Compute, "CPU credits above the baseline", family, m.sku(ec2, "CPUCredits:"+family, g.osAttribute()), q,
		why+" × "+num(f.kind.VCPU)+" vCPU × "+num(over*100)+" % above the baseline")
}

// EBS volumes, GB-months: GB × volume-hours / hours of the month.
// gp3 has 3,000 IOPS and 125 MiB/s free; above that each is billed.
// Source: aws.amazon.com/ebs/pricing.
func (m *meter) volumeLines(r resource, path string, v *design.Volume, hours quantity, why string) {
	if v == nil {
		return
	}
	usageType := map[string]string{"": "gp3", "io1": "piops"}[v.Type]
	if usageType == "" {
		usageType = v.Type
	}
	months := design.Scale(hours, 1/m.hours)
	gb := take(m, path, v.GB)
	r.use(Storage, "EBS "+usageType+" volume", "", m.sku(ec2, "EBS:VolumeUsage."+usageType), design.Times(months, gb), why+" × "+num(gb.Value)+" GB")
	if v.IOPS.Stated() && (usageType == "piops" || usageType == "io2") {
		// Every provisioned IOPS of these types is billed.
		r.use(Storage, "EBS "+usageType+" IOPS", "", m.sku(ec2, "EBS:VolumeP-IOPS."+usageType),
			design.Times(months, take(m, path, v.IOPS)), why+" × "+num(v.IOPS.Value)+" IOPS")
	}
	if v.IOPS.Stated() && usageType == "gp3" {
		r.use(Storage, "EBS gp3 IOPS", "above 3,000", m.sku(ec2, "EBS:VolumeP-IOPS.gp3"),
			design.Times(months, above(v.IOPS, freeGP3IOPS)), why+" × "+num(above(v.IOPS, freeGP3IOPS).Value)+" IOPS above 3,000")
	}
	if v.Throughput.Stated() && usageType == "gp3" {
		r.use(Storage, "EBS gp3 throughput", "above 125 MiB/s", m.sku(ec2, "EBS:VolumeP-Throughput.gp3"),
			design.Times(months, above(v.Throughput, freeGP3MiBps)), why+" × "+num(above(v.Throughput, freeGP3MiBps).Value)+" MiB/s above 125")
	}
}

// What gp3 gives free, for each volume. Source: aws.amazon.com/ebs/pricing.
const (
	freeGP3IOPS  = 3000
	freeGP3MiBps = 125
)

// above is the part of a fact over a free amount.
func above(f quantity, free float64) quantity {
	f.Value = math.Max(0, f.Value-free)
	return f
}
