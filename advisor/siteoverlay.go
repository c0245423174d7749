package advisor

import (
	"math"
	"slices"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
)

// What was measured of shared resources, laid over the workload: capacity units of
// load balancers, gigabytes through NAT gateways and into log groups.

// bytesPerGB is a GB as AWS bills it.
const bytesPerGB = 1 << 30

// flows are the measured sums of a resource as a month of them: GB for metrics in
// bytes. A metric that was not measured is missing.
type flows map[string]float64

// flow reads the series of a resource. Steps without a point are steps without
// traffic: load balancers, NAT gateways and log groups publish nothing then, and
// the resource has points at all.
func (s *site) flow(of account.Resource) (flows, error) {
	all, err := s.snapshot.Series(of)
	if err != nil {
		return nil, err
	}
	out := flows{}
	for _, m := range all {
		if m.Series.Count() == 0 {
			continue
		}
		if m.Metric.Statistic == "Maximum" {
			out[m.Metric.Name] = highest(m.Series.Values)
			continue
		}
		hours := float64(len(m.Series.Values)) * m.Series.Step.Hours()
		out[m.Metric.Name] = total(m.Series) / hours * s.hours()
	}
	return out, nil
}

// total is the sum of what was measured.
func total(s demand.Series) float64 {
	sum := 0.0
	for _, v := range s.Values {
		if !math.IsNaN(v) {
			sum += v
		}
	}
	return sum
}

// hours is the length of the month.
func (s *site) hours() float64 {
	if s.opt.Estimate.HoursPerMonth > 0 {
		return s.opt.Estimate.HoursPerMonth
	}
	return estimate.HoursPerMonth
}

// layOverShared puts measured traffic where the workload has none stated. What was
// measured of resources that the workload does not have belongs to something else.
func (s *site) layOverShared() error {
	s.workload.LoadBalancers = slices.Clone(s.workload.LoadBalancers)
	s.workload.LogGroups = slices.Clone(s.workload.LogGroups)
	s.workload.Network.Endpoints = slices.Clone(s.workload.Network.Endpoints)
	s.flows = map[resourceKey]flows{}
	nat := natFlows{s: s}
	for _, r := range s.snapshot.Resources(s.scope) {
		switch r.Kind {
		case "load-balancer", "nat-gateway", "log-group", "vpc-endpoint":
		default:
			continue
		}
		f, err := s.flow(r)
		if err != nil {
			return err
		}
		s.flows[resourceKey{r.Kind, "", r.Name}] = f
		switch r.Kind {
		case "load-balancer":
			s.layOverBalancer(r.Name, f)
		case "log-group":
			s.layOverLogs(r.Name, f)
		case "vpc-endpoint":
			s.layOverEndpoint(r.Name, f)
		case "nat-gateway":
			if err := nat.add(r, f); err != nil {
				return err
			}
		}
	}
	nat.layOver()
	return nil
}

// natFlows adds up what passed the NAT gateways of a site.
type natFlows struct {
	s        *site
	measured int
	gb, peak float64
}

// add counts a gateway of the workload. Where no gateway of it has an ID, all that
// were measured are its.
func (n *natFlows) add(r account.Resource, f flows) error {
	if ids := n.s.workload.Network.NAT.IDs; len(ids) > 0 && !slices.Contains(ids, r.Name) {
		return nil
	}
	n.measured++
	// Data processing is charged in both directions.
	// Source: aws.amazon.com/vpc/pricing, "NAT Gateway".
	f[natGB] = (f["BytesInFromSource"] + f["BytesInFromDestination"]) / bytesPerGB
	rate, err := n.s.natRate(r)
	if err != nil {
		return err
	}
	f[natP95Mbps] = rate
	n.gb += f[natGB]
	n.peak = max(n.peak, f["PeakBytesPerSecond"]*8/1e6)
	return nil
}

// What is worked out of a NAT gateway's bytes: GB a month, and the P95 over the
// steps of what passes, Mbit/s.
const (
	natGB      = "GB"
	natP95Mbps = "P95 Mbps"
)

// natRate is the P95 of the rate through a gateway: every byte comes in once,
// from the source or from the destination. NaN where it was not measured.
func (s *site) natRate(r account.Resource) (float64, error) {
	all, err := s.snapshot.Series(r)
	if err != nil {
		return 0, err
	}
	var sum demand.Series
	for _, m := range all {
		if m.Metric.Statistic != "Sum" || m.Metric.Name != "BytesInFromSource" && m.Metric.Name != "BytesInFromDestination" {
			continue
		}
		if sum.Values == nil {
			sum = m.Series
			sum.Values = make([]float64, len(m.Series.Values))
		}
		for i, v := range m.Series.Values {
			if i < len(sum.Values) && !math.IsNaN(v) {
				sum.Values[i] += v * 8 / 1e6 / m.Series.Step.Seconds()
			}
		}
	}
	p95, err := demand.QuantileOf(sum, 0.95, 0.9)
	if err != nil {
		return math.NaN(), nil
	}
	return p95.Value, nil
}

// layOver makes the measured sum the NAT's data, where every gateway was measured.
func (n *natFlows) layOver() {
	nat := &n.s.workload.Network.NAT
	if n.measured == 0 || n.measured < len(nat.IDs) || nat.Kind == design.NoNAT {
		return
	}
	nat.Data = design.Know(n.gb)
	if n.peak > 0 {
		nat.PeakMbps = design.Know(n.peak)
	}
}

// layOverEndpoint finds an endpoint by its ID.
func (s *site) layOverEndpoint(id string, f flows) {
	bytes, ok := f["BytesProcessed"]
	for i := range s.workload.Network.Endpoints {
		if e := &s.workload.Network.Endpoints[i]; ok && e.ID == id {
			e.Data = design.Know(bytes / bytesPerGB)
		}
	}
}

// layOverBalancer finds a load balancer by CloudWatch's dimension: app/NAME/ID.
func (s *site) layOverBalancer(dimension string, f flows) {
	for i := range s.workload.LoadBalancers {
		lb := &s.workload.LoadBalancers[i]
		if lb.ID != dimension {
			continue
		}
		if units, ok := f["ConsumedLCUs"]; ok {
			// A minute's value is that minute's part of the hour's units: the Sum
			// over an hour is the hour's LCUs. AWS says so of ReservedLCUs, which
			// is in the same unit ("the one-hour total is 6,000, and the one-minute
			// total is 100" for 6,000 reserved LCUs), and has per-hour Sums compared:
			// docs.aws.amazon.com/elasticloadbalancing/latest/application/monitor-capacity-unit-reservation.html.
			// Of ConsumedLCUs no page says it in as many words.
			lb.CapacityUnits = design.Know(units / s.hours())
		}
		if bytes, ok := f["ProcessedBytes"]; ok {
			lb.Traffic.Processed = design.Know(bytes / bytesPerGB)
		}
		if requests, ok := f["RequestCount"]; ok {
			lb.Traffic.Requests = design.Know(requests / s.hours() / 3600)
		}
	}
}

// layOverLogs makes measured bytes the ingest of a log group; what several services
// share in it is shared out evenly, since nothing says whose the lines are.
func (s *site) layOverLogs(name string, f flows) {
	bytes, ok := f["IncomingBytes"]
	if !ok {
		return
	}
	var streams []*design.LogGroup
	for i := range s.workload.LogGroups {
		if s.workload.LogGroups[i].Name == name {
			streams = append(streams, &s.workload.LogGroups[i])
		}
	}
	for _, g := range streams {
		g.Ingest = design.Know(bytes / bytesPerGB / float64(len(streams)))
	}
}
