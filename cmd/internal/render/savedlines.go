package render

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// savedReader reads the figures of a saved document and keeps the first
// mistake with its place.
type savedReader struct {
	file, path string
	ours       bool
	err        error
}

// number reads a decimal string; nothing is zero.
func (r *savedReader) number(text, field string) float64 {
	if text == "" {
		return 0
	}
	v, err := strconv.ParseFloat(text, 64)
	if (err != nil || math.IsNaN(v) || math.IsInf(v, 0)) && r.err == nil {
		r.err = fmt.Errorf("reading %s: %s.%s: want a decimal number in a string, got %q", r.file, r.path, field, text)
	}
	return v
}

func (r *savedReader) optional(text *string, field string) (v float64, stated bool) {
	if text == nil {
		return 0, false
	}
	return r.number(*text, field), true
}

// rangeBack is a range, or the cost alone where none was written.
func (r *savedReader) rangeBack(e rangeExtra, cost estimate.Cost) estimate.Range {
	if e.Low == "" {
		return estimate.Range{Low: cost.Effective, High: cost.Effective}
	}
	out := estimate.Range{Low: r.number(e.Low, "range.low"), Open: e.High == nil}
	out.High, _ = r.optional(e.High, "range.high")
	if out.Open {
		out.High = out.Low
	}
	return out
}

// resource makes a resource; the lines of subresources become its own.
func (r *savedReader) resource(in *infracostResource) estimate.Resource {
	res := estimate.Resource{
		Kind: estimate.Kind(in.Ecsavvy.Kind), Name: in.Ecsavvy.Name, Cluster: in.Ecsavvy.Cluster,
		Tags: in.Tags, Summary: in.Ecsavvy.Summary,
	}
	if res.Kind == "" {
		res.Kind, res.Name = kindOfType(in.ResourceType), strings.TrimPrefix(in.Name, in.ResourceType+".")
	}
	r.lines(&res, in, "")
	for i := range res.Lines {
		if res.Lines[i].Unpriced == "" {
			res.Cost = res.Cost.Add(res.Lines[i].Cost)
		} else {
			res.Unpriced++
		}
	}
	if len(res.Lines) == 0 {
		res.Cost.Effective, _ = r.optional(in.MonthlyCost, "monthlyCost")
		res.Cost.List = r.number(in.Ecsavvy.ListCost, "ecsavvy.list_monthly_cost")
	}
	res.Range = r.rangeBack(in.Ecsavvy.Range, res.Cost)
	return res
}

func (r *savedReader) lines(res *estimate.Resource, in *infracostResource, prefix string) {
	at := r.path
	for i := range in.CostComponents {
		r.path = fmt.Sprintf("%s.costComponents[%d]", at, i)
		line := r.line(&in.CostComponents[i])
		line.Name = prefix + line.Name
		res.Lines = append(res.Lines, line)
	}
	for i := range in.Subresources {
		r.path = fmt.Sprintf("%s.subresources[%d]", at, i)
		r.lines(res, &in.Subresources[i], prefix+in.Subresources[i].Name+" ∙ ")
	}
	r.path = at
}

// line makes a line. One without a cost is unpriced, never free.
func (r *savedReader) line(c *infracostComponent) estimate.Line {
	e := &c.Ecsavvy
	l := estimate.Line{
		Name: c.Name, Detail: e.Detail, Group: estimate.Group(e.Group), Basis: basisBack(e.Basis), Unpriced: e.Unpriced,
	}
	if e.Detail != "" {
		l.Name = strings.TrimSuffix(c.Name, " ("+e.Detail+")")
	}
	sku := pricing.SKU{Service: e.Service, UsageType: e.UsageType, Region: e.Region, Attributes: e.Attributes}
	rate := pricing.Rate{SKU: sku, Unit: c.Unit, AsOf: e.AsOf, Source: e.Source, Assumed: e.Assumed, Floats: e.Floats, Tiers: r.tiers(c)}
	charge := &l.Charge
	charge.Usage = pricing.Usage{SKU: sku, Why: e.Formula}
	charge.Usage.Quantity, _ = r.optional(e.UsageQuantity, "ecsavvy.usage_quantity")
	charge.PricingUnit = c.Unit
	cost, priced := r.optional(c.MonthlyCost, "monthlyCost")
	if !priced && l.Unpriced == "" {
		l.Unpriced = "the saved estimate has no cost for it"
		if c.UsageBased {
			l.Unpriced = "the saved estimate has no usage for it"
		}
	}
	if l.Unpriced != "" {
		if c.PriceNotFound {
			charge.Err = errors.New(l.Unpriced)
		}
		if len(rate.Tiers) > 0 {
			l.UnitRate = &rate
		}
		return l
	}
	charge.Rate = rate
	charge.PricingQuantity, _ = r.optional(c.MonthlyQuantity, "monthlyQuantity")
	if e.UsageQuantity == nil {
		charge.Usage.Quantity = charge.PricingQuantity
	}
	charge.FreeQuantity = r.number(e.FreeQuantity, "ecsavvy.free_quantity")
	charge.ListUnitPrice, _ = r.optional(c.Price, "price")
	l.Cost = estimate.Cost{List: cost, Effective: cost}
	if list, ok := r.optional(e.ListCost, "ecsavvy.list_monthly_cost"); ok {
		l.Cost.List = list
	}
	charge.ListCost, charge.EffectiveCost = l.Cost.List, l.Cost.Effective
	return l
}

// tiers are those that were written, or the one of the price alone.
func (r *savedReader) tiers(c *infracostComponent) []pricing.Tier {
	if c.Ecsavvy.Tiers == nil {
		price, ok := r.optional(c.Price, "price")
		if !ok {
			return nil
		}
		return []pricing.Tier{{To: math.Inf(1), USD: price}}
	}
	tiers := make([]pricing.Tier, len(c.Ecsavvy.Tiers))
	for i, t := range c.Ecsavvy.Tiers {
		tiers[i] = pricing.Tier{From: r.number(t.From, "tiers.from"), To: math.Inf(1), USD: r.number(t.USD, "tiers.usd")}
		if to, ok := r.optional(t.To, "tiers.to"); ok {
			tiers[i].To = to
		}
	}
	return tiers
}

// kindOfType is the kind of resource that a Terraform type stands for, or the
// type itself.
func kindOfType(name string) estimate.Kind {
	for _, kind := range []estimate.Kind{
		estimate.KindService, estimate.KindInstances, estimate.KindCluster, estimate.KindLoadBalancer,
		estimate.KindNAT, estimate.KindEndpoint, estimate.KindLogGroup, estimate.KindRepository,
		estimate.KindSecrets, estimate.KindFileSystem, estimate.KindAlarms, estimate.KindNamespace,
	} {
		if resourceType(&estimate.Resource{Kind: kind}) == name {
			return kind
		}
	}
	return estimate.Kind(name)
}
