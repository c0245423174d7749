package advisor_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// pricedLine is a line of quantity × price.
func pricedLine(name, detail string, quantity, price float64) estimate.Line {
	sku := pricing.NewSKU("AmazonECS", name, "eu-west-2")
	return estimate.Line{
		Name: name, Detail: detail, Group: estimate.Compute, Basis: design.Known,
		Cost: estimate.Cost{List: quantity * price, Effective: quantity * price},
		Charge: pricing.Charge{
			Usage:           pricing.Usage{SKU: sku, Quantity: quantity, Why: fmt.Sprint(quantity)},
			Rate:            pricing.Rate{SKU: sku, Unit: "hours", AsOf: "2026-09-29", Tiers: []pricing.Tier{{To: math.Inf(1), USD: price}}},
			PricingQuantity: quantity, PricingUnit: "hours", ListUnitPrice: price,
			ListCost: quantity * price, EffectiveCost: quantity * price,
		},
	}
}

// unpricedLine is a line whose quantity nobody states.
func unpricedLine(name, why string) estimate.Line {
	return estimate.Line{
		Name: name, Group: estimate.Logs, Unpriced: why,
		Charge: pricing.Charge{Usage: pricing.Usage{SKU: pricing.NewSKU("AmazonCloudWatch", name, "eu-west-2"), Why: "GB"}},
	}
}

// service is a resource of lines, added up.
func service(name string, lines ...estimate.Line) estimate.Resource {
	return resource(estimate.KindService, "web", name, lines...)
}

func resource(kind estimate.Kind, cluster, name string, lines ...estimate.Line) estimate.Resource {
	if len(lines) == 0 {
		lines = nil
	}
	r := estimate.Resource{Kind: kind, Cluster: cluster, Name: name, Lines: lines}
	for _, l := range lines {
		if l.Unpriced != "" {
			r.Unpriced++
			continue
		}
		r.Cost = r.Cost.Add(l.Cost)
	}
	r.Range = estimate.Range{Low: r.Cost.Effective, High: r.Cost.Effective}
	return r
}

// result adds resources up.
func result(resources ...estimate.Resource) estimate.Result {
	r := estimate.Result{Workload: "shop", Region: design.Know("eu-west-2"), HoursPerMonth: 730, Resources: resources}
	for _, res := range resources {
		r.Total = r.Total.Add(res.Cost)
		r.Range.Low += res.Range.Low
		r.Range.High += res.Range.High
		r.Unpriced += res.Unpriced
	}
	return r
}

// dice builds results at random. Names come from a small set, so that some
// identities repeat and some lines of a resource have one name.
type dice struct{ *rand.Rand }

func roll(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 20260929))} }

func (d dice) pick(from ...string) string { return from[d.IntN(len(from))] }

func (d dice) line() estimate.Line {
	name := d.pick("vCPU", "GB", "IPv4", "EBS gp3 volume")
	if d.IntN(8) == 0 {
		return unpricedLine(name, d.pick("not stated", "no rate"))
	}
	l := pricedLine(name, d.pick("", "", "small", "large"), float64(d.IntN(5))*d.Float64()*730, float64(1+d.IntN(3))*0.04)
	if d.IntN(6) == 0 {
		l.Cost.Effective *= 0.8
	}
	return l
}

func (d dice) resource() estimate.Resource {
	kind := estimate.Kind(d.pick(string(estimate.KindService), string(estimate.KindNAT), string(estimate.KindLogGroup)))
	var lines []estimate.Line
	for range d.IntN(6) {
		lines = append(lines, d.line())
	}
	r := resource(kind, d.pick("", "web", "batch"), fmt.Sprintf("r%d", d.IntN(12)), lines...)
	if d.IntN(3) == 0 {
		r.Tags = map[string]string{"team": d.pick("a", "b")}
	}
	if d.IntN(5) == 0 {
		r.Range.High *= 3
	}
	return r
}

func (d dice) result() estimate.Result {
	var resources []estimate.Resource
	for range d.IntN(20) {
		resources = append(resources, d.resource())
	}
	r := result(resources...)
	if d.IntN(4) == 0 {
		r.NotPriced = map[string]int{"aws_kinesis_stream": 1 + d.IntN(2)}
	}
	if d.IntN(5) == 0 {
		r.Range.Open = true
	}
	if d.IntN(4) == 0 {
		r.Commitments = &estimate.CommitmentUse{Unused: d.Float64() * 100}
		r.Total.Effective += r.Commitments.Unused
	}
	for range d.IntN(4) {
		r.Assumptions = append(r.Assumptions, estimate.Note{Path: d.pick("a", "b"), Text: d.pick("x", "y", "z")})
	}
	return r
}

// change is a result with some resources dropped, changed, renamed and added.
func (d dice) change(r estimate.Result) estimate.Result {
	var resources []estimate.Resource
	for _, res := range r.Resources {
		switch d.IntN(6) {
		case 0:
			continue
		case 1:
			res.Name += "-new"
		case 2:
			res = resource(res.Kind, res.Cluster, res.Name, append(res.Lines[:len(res.Lines):len(res.Lines)], d.line())...)
		case 3:
			res = resource(res.Kind, res.Cluster, res.Name, res.Lines[:d.IntN(len(res.Lines)+1)]...)
		}
		resources = append(resources, res)
	}
	for range d.IntN(3) {
		resources = append(resources, d.resource())
	}
	return result(resources...)
}

// shuffled is the result with its resources in another order.
func (d dice) shuffled(r estimate.Result) estimate.Result {
	resources := append([]estimate.Resource(nil), r.Resources...)
	d.Shuffle(len(resources), func(i, j int) { resources[i], resources[j] = resources[j], resources[i] })
	r.Resources = resources
	return r
}
