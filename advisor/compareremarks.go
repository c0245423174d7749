package advisor

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// Topic is what a remark is about.
type Topic string

// Topics, in printing order.
const (
	Availability Topic = "availability"
	Interruption Topic = "interruption"
	Operations   Topic = "operations"
	Limits       Topic = "limits"
	LostFeatures Topic = "lost features"
	Exposure     Topic = "exposure"
	Obligation   Topic = "obligation"
)

// Topics lists the topics in printing order.
func Topics() []Topic {
	return []Topic{Availability, Interruption, Operations, Limits, LostFeatures, Exposure, Obligation}
}

// Remark is one thing about a design that its price does not show. Rules and
// points are listed in docs/compare.md; Rule names the row.
type Remark struct {
	Topic Topic
	Rule  string
	// Path is the place in the design.
	Path string
	Text string
	// Points is what the rule adds to the design's risk score. It ranks
	// designs and is no probability.
	Points float64
}

// remarker collects the remarks of one design.
type remarker struct {
	w   *design.Workload
	cat *pricing.Catalog
	out []Remark
}

// Remarks derives from a design alone what money does not show, by the rules
// of docs/compare.md, by topic.
func Remarks(w *design.Workload, cat *pricing.Catalog) []Remark {
	r := remarker{w: w, cat: cat}
	r.zones()
	r.nat()
	r.singleTasks()
	for i := range w.Services {
		r.spot(&w.Services[i])
	}
	r.behindTunnel()
	r.launchTypes()
	r.groups()
	r.publicTasks()
	r.arm()
	r.commitments()
	var sorted []Remark
	for _, topic := range Topics() {
		for _, remark := range r.out {
			if remark.Topic == topic {
				sorted = append(sorted, remark)
			}
		}
	}
	return sorted
}

func (r *remarker) say(topic Topic, rule, path string, points float64, text string) {
	r.out = append(r.out, Remark{Topic: topic, Rule: rule, Path: path, Text: text, Points: points})
}

// zones: one Availability Zone is one failure.
func (r *remarker) zones() {
	if azs := r.w.Network.AZs; azs.Stated() && azs.Value == 1 {
		r.say(Availability, "one-az", "network.azs", 3, "one AZ: its failure takes everything")
	}
}

// nat: who fails with the way out, what it carries and who patches it.
// 1 Mbit/s for a month of 730 h is 10⁶/8 × 3600 × 730 / 2^30 = 306 GB.
func (r *remarker) nat() {
	const path = "network.egress.nat"
	n := &r.w.Network
	azs := math.Max(n.AZs.Value, 1)
	count := n.NAT.Count.Value
	if !n.NAT.Count.Stated() {
		count = azs
	}
	switch n.NAT.Kind {
	case design.NATInstance:
		switch {
		case count < azs:
			r.say(Availability, "nat-instance", path, 3, fmt.Sprintf("%s for %s AZs: a single point of failure of every task's way out", countOfThings(count, "NAT instance"), short(azs)))
		default:
			r.say(Availability, "nat-instance", path, 2, "a NAT instance is a single point of failure in its AZ; replacing it breaks connections")
		}
		r.say(Operations, "nat-patching", path, 1, "the NAT instance's system is yours to patch and to watch")
		r.bandwidth(path, &n.NAT)
	case design.NATGateway:
		if count < azs {
			r.say(Availability, "nat-shared", path, 2, fmt.Sprintf("%s for %s AZs: the failure of its AZ takes the way out of all", countOfThings(count, "NAT gateway"), short(azs)))
		}
	}
}

func (r *remarker) bandwidth(path string, nat *design.NAT) {
	kind, err := r.cat.InstanceType(nat.InstanceType)
	if err != nil || math.IsNaN(kind.BandwidthMbps) {
		r.say(Limits, "nat-bandwidth", path, 1, nat.InstanceType+"'s sustained bandwidth is not known")
		return
	}
	gbPerMonth := kind.BandwidthMbps * 1e6 / 8 * 3600 * 730 / (1 << 30)
	text := fmt.Sprintf("%s sustains %s Mbps, %s GB a month at most", kind.Name, short(kind.BandwidthMbps), strconv.FormatFloat(math.Floor(gbPerMonth), 'f', 0, 64))
	if nat.PeakMbps.Stated() && nat.PeakMbps.Value > kind.BandwidthMbps {
		r.say(Limits, "nat-bandwidth", path, 4, text+fmt.Sprintf("; %s Mbps are asked of it", short(nat.PeakMbps.Value)))
		return
	}
	r.say(Limits, "nat-bandwidth", path, 1, text)
}

// singleTasks: a service that ever runs on one task has no second one.
func (r *remarker) singleTasks() {
	var names []string
	for i := range r.w.Services {
		if s := &r.w.Services[i]; least(s.Count) == 1 {
			names = append(names, s.Name)
		}
	}
	if len(names) > 0 {
		r.say(Availability, "single-task", "services", float64(len(names)), "one task ("+strings.Join(names, ", ")+"): a failure or an update interrupts the service")
	}
}

// least is the fewest tasks that a service runs on while it runs at all; NaN
// where that is not known or it is one-shot work.
func least(p design.CountProfile) float64 {
	switch {
	case p.Fixed.Stated():
		return p.Fixed.Value
	case p.Scaled != nil && p.Scaled.Min.Stated():
		return p.Scaled.Min.Value
	case p.Week != nil:
		least := math.Inf(1)
		for _, n := range p.Week.Hours {
			if n > 0 {
				least = math.Min(least, n)
			}
		}
		return least
	}
	return math.NaN()
}

// spot: what a two-minute warning can take. The share is that of the tasks
// above every base, by weight.
func (r *remarker) spot(s *design.Service) {
	share := r.spotShare(s)
	if share <= 0 || s.Count.Runs != nil {
		return
	}
	path := "services." + s.Name + ".capacity"
	if share >= 1 && least(s.Count) == 1 {
		r.say(Interruption, "single-task-spot", path, 3, "the only task of "+s.Name+" is on Spot: an interruption, with two minutes' warning, is an outage")
		return
	}
	r.say(Interruption, "spot-share", path, 2*share, fmt.Sprintf("%s %% of %s on Spot: two minutes' warning, and no fallback to On-Demand on Fargate", strconv.FormatFloat(math.Round(share*1000)/10, 'f', -1, 64), s.Name))
}

// spotShare is the part of a service's mean tasks that runs on Spot.
func (r *remarker) spotShare(s *design.Service) float64 {
	n := s.Count.Mean().Value
	if n <= 0 {
		n = 1
	}
	rest, weights := n, 0
	for _, p := range s.Capacity.Providers {
		rest -= math.Min(float64(p.Base), rest)
		weights += p.Weight
	}
	spot, left := 0.0, n
	for i, p := range s.Capacity.Providers {
		base := math.Min(float64(p.Base), left)
		left -= base
		tasks := base
		switch {
		case weights > 0:
			tasks += rest * float64(p.Weight) / float64(weights)
		case i == 0:
			tasks += rest
		}
		spot += tasks / n * r.spotOf(s.Cluster, p)
	}
	return math.Min(spot, 1)
}

// spotOf is the share of Spot in one capacity provider.
func (r *remarker) spotOf(cluster string, p design.Provider) float64 {
	if p.Kind == design.FargateSpot {
		return 1
	}
	if g := groupOf(r.w, cluster, p); g != nil && g.Spot.Stated() {
		return g.Spot.Value
	}
	return 0
}

// groupOf is the instance group of a capacity provider, nil where none is named.
func groupOf(w *design.Workload, cluster string, p design.Provider) *design.InstanceGroup {
	if p.Group == "" {
		return nil
	}
	for i := range w.Clusters {
		for j := range w.Clusters[i].Groups {
			if g := &w.Clusters[i].Groups[j]; g.Name == p.Group && (cluster == "" || w.Clusters[i].Name == cluster) {
				return g
			}
		}
	}
	return nil
}

// behindTunnel: what a load balancer does and a tunnel does not.
func (r *remarker) behindTunnel() {
	var names []string
	for i := range r.w.Services {
		s := &r.w.Services[i]
		if slices.ContainsFunc(s.Ingress, func(in design.Ingress) bool { return in.Tunnel != nil }) {
			names = append(names, s.Name)
		}
	}
	if len(names) > 0 {
		r.say(LostFeatures, "tunnel", "services", float64(len(names)), "behind a tunnel ("+strings.Join(names, ", ")+"): no AWS WAF, no weighted routing for blue/green, no scaling on ALBRequestCountPerTarget; replicas of the tunnel do not drain")
	}
}
