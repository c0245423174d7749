package advisor

import (
	"math"
	"strings"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
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
	return 730
}

// layOverShared puts measured traffic where the workload has none stated.
func (s *site) layOverShared() error {
	s.workload.LoadBalancers = append([]design.LoadBalancer(nil), s.workload.LoadBalancers...)
	s.workload.LogGroups = append([]design.LogGroup(nil), s.workload.LogGroups...)
	nat, through, peak := 0, 0.0, 0.0
	for _, r := range s.snapshot.Resources(s.scope) {
		if r.Kind != "load-balancer" && r.Kind != "nat-gateway" && r.Kind != "log-group" {
			continue
		}
		f, err := s.flow(r)
		if err != nil {
			return err
		}
		switch r.Kind {
		case "load-balancer":
			s.layOverBalancer(r.Name, f)
		case "log-group":
			s.layOverLogs(r.Name, f)
		case "nat-gateway":
			nat++
			// Data processing is charged in both directions.
			// Source: aws.amazon.com/vpc/pricing, "NAT Gateway".
			through += (f["BytesInFromSource"] + f["BytesInFromDestination"]) / bytesPerGB
			peak = max(peak, f["PeakBytesPerSecond"]*8/1e6)
		}
	}
	if nat > 0 && s.workload.Network.NAT.Kind != design.NoNAT {
		s.workload.Network.NAT.Data = design.Know(through)
		if peak > 0 {
			s.workload.Network.NAT.PeakMbps = design.Know(peak)
		}
	}
	return nil
}

// layOverBalancer finds a load balancer by CloudWatch's dimension: app/NAME/ID.
func (s *site) layOverBalancer(dimension string, f flows) {
	parts := strings.Split(dimension, "/")
	if len(parts) != 3 {
		return
	}
	for i := range s.workload.LoadBalancers {
		lb := &s.workload.LoadBalancers[i]
		if lb.Name != parts[1] {
			continue
		}
		if units, ok := f["ConsumedLCUs"]; ok {
			// ConsumedLCUs is published each minute as that minute's part of an
			// hour's units: its sum over an hour is the hour's units.
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
