package estimate

import (
	"fmt"
	"math"
	"strings"

	"ecsavvy/advisor/design"
)

const elb = "AWSELB"

// unitRule is what one capacity unit holds in each dimension.
// Source: aws.amazon.com/elasticloadbalancing/pricing, "LCU details" and
// "NLCU details".
type unitRule struct {
	newPerSecond float64
	active       float64
	gbPerHour    float64
	rulesPerSec  float64 // 0: the dimension does not exist
	freeRules    float64
}

// unitRuleOf returns the rule of a load balancer's listener protocol.
func unitRuleOf(kind design.LoadBalancerKind, protocol string) unitRule {
	switch {
	case kind == design.ALB:
		return unitRule{newPerSecond: 25, active: 3000, gbPerHour: 1, rulesPerSec: 1000, freeRules: 10}
	case kind == design.GWLB:
		return unitRule{newPerSecond: 600, active: 60000, gbPerHour: 1}
	case strings.EqualFold(protocol, "tls"):
		return unitRule{newPerSecond: 50, active: 3000, gbPerHour: 1}
	case strings.EqualFold(protocol, "udp"):
		return unitRule{newPerSecond: 400, active: 50000, gbPerHour: 1}
	default:
		return unitRule{newPerSecond: 800, active: 100000, gbPerHour: 1}
	}
}

// balancerName is the name of a kind as on the pricing page, and the operation
// that tells its SKUs apart.
func balancerName(kind design.LoadBalancerKind) (name, operation, unit string) {
	switch kind {
	case design.NLB:
		return "Network Load Balancer", "operation=LoadBalancing:Network", "NLCU"
	case design.GWLB:
		return "Gateway Load Balancer", "operation=LoadBalancing:Gateway", "GLCU"
	case design.CLB:
		return "Classic Load Balancer", "operation=LoadBalancing", ""
	default:
		return "Application Load Balancer", "operation=LoadBalancing:Application", "LCU"
	}
}

// loadBalancer meters one load balancer with the traffic of every service
// behind it:
//
//	hours, a part of an hour as a whole one
//	units × hours, units = max over dimensions of Σ traffic / rule
//	public IPv4 addresses: one in each AZ, where it faces the internet
func (m *meter) loadBalancer(lb *design.LoadBalancer) {
	path := "load_balancers." + lb.Name
	r := m.open(KindLoadBalancer, lb.Name)
	r.data().Tags = lb.Tags
	name, operation, unit := balancerName(lb.Kind)
	r.data().Summary = name
	hours := design.Know(m.hours)
	r.use(Ingress, name+" hours", "", m.elbSKU("LoadBalancerUsage", operation), hours, num(m.hours)+" h")
	total := m.trafficOf(lb)
	if lb.Kind == design.CLB {
		r.use(Ingress, name+" data", "", m.elbSKU("DataProcessing-Bytes", operation), total.Processed, num(total.Processed.Value)+" GB")
	} else {
		units, why := m.units(path, lb, total)
		r.use(Ingress, name+" capacity units", "", m.elbSKU("LCUUsage", operation), design.Scale(units, m.hours), why+" "+unit+" × "+num(m.hours)+" h")
	}
	if lb.Internal || lb.Kind == design.GWLB {
		return
	}
	azs := lb.AZs
	if !azs.Stated() {
		azs = m.azs()
	}
	azs = take(m, path+".azs", azs)
	r.use(Ingress, "Public IPv4 address", "one in each AZ", m.sku("AmazonVPC", "PublicIPv4:InUseAddress"),
		design.Scale(azs, m.hours), num(azs.Value)+" AZs × "+num(m.hours)+" h")
}

// elbSKU names a load balancer's SKU.
func (m *meter) elbSKU(usageType, operation string) pricingSKU {
	return m.sku(elb, usageType, operation)
}

// azs is the number of Availability Zones of the network, two where it is not
// stated: an ALB needs two.
func (m *meter) azs() quantity {
	return m.w.Network.AZs.Or(2, "two Availability Zones")
}

// trafficOf adds up the load balancer's own traffic and that of the services
// behind it. A dimension is unknown where nobody states it; rules are the most
// that any of them has, since rules belong to the load balancer.
func (m *meter) trafficOf(lb *design.LoadBalancer) design.BalancerTraffic {
	total := lb.Traffic
	for i := range m.w.Services {
		for _, in := range m.w.Services[i].Ingress {
			if in.LoadBalancer != lb.Name || in.LoadBalancer == "" {
				continue
			}
			t := in.Traffic
			total.NewConnections = addStated(total.NewConnections, t.NewConnections)
			total.ActiveConnections = addStated(total.ActiveConnections, t.ActiveConnections)
			total.Processed = addStated(total.Processed, t.Processed)
			total.Requests = addStated(total.Requests, t.Requests)
			if t.Rules.Stated() && (!total.Rules.Stated() || t.Rules.Value > total.Rules.Value) {
				total.Rules = t.Rules
			}
			if total.Protocol == "" {
				total.Protocol = t.Protocol
			}
		}
	}
	return total
}

// addStated adds what is stated: a sum over services is a lower bound where
// one of them is silent, and unknown where all are.
func addStated(a, b quantity) quantity {
	switch {
	case !a.Stated():
		return b
	case !b.Stated():
		return a
	default:
		return design.Plus(a, b)
	}
}

// units is the number of capacity units: the largest dimension.
func (m *meter) units(path string, lb *design.LoadBalancer, t design.BalancerTraffic) (units quantity, why string) {
	if lb.CapacityUnits.Stated() {
		return take(m, path+".capacity_units", lb.CapacityUnits), num(lb.CapacityUnits.Value)
	}
	rule := unitRuleOf(lb.Kind, t.Protocol)
	type dimension struct {
		name  string
		units quantity
	}
	dimensions := []dimension{
		{"new connections", design.Scale(t.NewConnections, 1/rule.newPerSecond)},
		{"active connections", design.Scale(t.ActiveConnections, 1/rule.active)},
		{"processed bytes", design.Scale(t.Processed, 1/(rule.gbPerHour*m.hours))},
	}
	if rule.rulesPerSec > 0 {
		rules := t.Rules
		evaluations := design.Fact[float64]{Value: math.Max(0, rules.Value-rule.freeRules) / rule.rulesPerSec, Basis: rules.Basis}
		if rules.Stated() && rules.Value <= rule.freeRules {
			evaluations = design.Know(0.0)
		} else {
			evaluations = design.Times(t.Requests, evaluations)
		}
		dimensions = append(dimensions, dimension{"rule evaluations", evaluations})
	}
	units = design.NotKnown[float64]("the load balancer's traffic is not stated")
	largest := ""
	var silent []string
	for _, d := range dimensions {
		if !d.units.Stated() {
			silent = append(silent, d.name)
			continue
		}
		if !units.Stated() || d.units.Value > units.Value {
			units, largest = d.units, d.name
		}
	}
	if !units.Stated() || len(silent) == len(dimensions)-1 && largest == "rule evaluations" && units.Value == 0 {
		return design.NotKnown[float64]("the load balancer's traffic is not stated"), ""
	}
	if len(silent) > 0 {
		m.assume(path, "capacity units from "+largest+"; not stated: "+strings.Join(silent, ", "))
		units.Basis = design.Assumed
	}
	return units, fmt.Sprintf("%s (%s)", num(units.Value), largest)
}
