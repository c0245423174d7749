package render

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/fixtures"
	"ecsavvy/pricing"
)

// Rates of the hand-built results. Prices are us-east-1's, dates are made up.
func vcpuRate() pricing.Rate {
	return pricing.Rate{
		SKU:  pricing.NewSKU("AmazonECS", "Fargate-vCPU-Hours:perCPU", "us-east-1", "os=Linux"),
		Unit: "hours", AsOf: "2026-09-11", Source: "price list of 2026-09-11",
		Tiers: []pricing.Tier{{From: 0, To: math.Inf(1), USD: 0.04048}},
	}
}

func gbRate() pricing.Rate {
	return pricing.Rate{
		SKU:  pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "us-east-1", "os=Linux"),
		Unit: "hours", AsOf: "2026-09-11", Source: "price list of 2026-09-11",
		Tiers: []pricing.Tier{{From: 0, To: math.Inf(1), USD: 0.004445}},
	}
}

func egressRate() pricing.Rate {
	return pricing.Rate{
		SKU:  pricing.NewSKU("AWSDataTransfer", "DataTransfer-Out-Bytes", "us-east-1"),
		Unit: "GB", AsOf: "2025-06", Source: "transfer page",
		Tiers: []pricing.Tier{{From: 0, To: 10240, USD: 0.09}, {From: 10240, To: math.Inf(1), USD: 0.085}},
	}
}

// priced makes a line of a rate as rating would.
func priced(name string, group estimate.Group, rate pricing.Rate, quantity float64, why string) estimate.Line {
	cost, _ := rate.Cost(quantity)
	return estimate.Line{
		Name: name, Group: group, Basis: design.Known,
		Charge: pricing.Charge{
			Usage: pricing.Usage{SKU: rate.SKU, Quantity: quantity, Why: why}, Rate: rate,
			PricingQuantity: quantity, PricingUnit: rate.Unit, ListUnitPrice: cost / quantity,
			ListCost: cost, EffectiveCost: cost,
		},
		Cost: estimate.Cost{List: cost, Effective: cost},
	}
}

// addUp fills in the sums of a hand-built result.
func addUp(r estimate.Result) estimate.Result {
	for i := range r.Resources {
		res := &r.Resources[i]
		for j := range res.Lines {
			if res.Lines[j].Unpriced != "" {
				res.Unpriced++
				continue
			}
			res.Cost = res.Cost.Add(res.Lines[j].Cost)
		}
		r.Total = r.Total.Add(res.Cost)
		r.Unpriced += res.Unpriced
		if res.Range == (estimate.Range{}) {
			res.Range = estimate.Range{Low: res.Cost.Effective, High: res.Cost.Effective}
		}
	}
	if r.Commitments != nil {
		r.Total.Effective += r.Commitments.Unused
	}
	if r.Range == (estimate.Range{}) {
		r.Range = estimate.Range{Low: r.Total.Effective, High: r.Total.Effective}
	}
	return r
}

// wholeResult is a service whose every line has a price.
func wholeResult() estimate.Result {
	return addUp(estimate.Result{
		Workload: "shop", Region: design.Know("us-east-1"), HoursPerMonth: 730,
		OldestPrice: "2026-09-11", NewestPrice: "2026-09-11",
		Resources: []estimate.Resource{{
			Kind: estimate.KindService, Name: "api", Summary: "1 task × 1 vCPU, 2 GB, FARGATE",
			Tags: map[string]string{"team": "checkout"},
			Lines: []estimate.Line{
				priced("Fargate vCPU", estimate.Compute, vcpuRate(), 730, "1 task × 730 h × 1 vCPU"),
				priced("Fargate GB", estimate.Compute, gbRate(), 1460, "1 task × 730 h × 2 GB"),
			},
		}},
	})
}

// fullResult has everything that a result can have.
func fullResult() estimate.Result {
	covered := priced("Fargate vCPU", estimate.Compute, vcpuRate(), 2920, "4 tasks × 730 h × 1 vCPU")
	covered.Cost.Effective = 94.5613
	assumed := priced("Data transfer out to the internet", estimate.Transfer, egressRate(), 20480, "20 TB")
	assumed.Basis = design.Assumed
	assumed.Charge.FreeQuantity = 100
	tiny := priced("Fargate GB", estimate.Compute, gbRate(), 0.5, "0.5 GB-hours")
	logs := egressRate()
	logs.SKU, logs.Unit = pricing.NewSKU("AmazonCloudWatch", "DataProcessing-Bytes", "us-east-1"), "GB"
	unknown := estimate.Line{
		Name: "CloudWatch Logs ingestion", Detail: "standard", Group: estimate.Logs,
		Unpriced: "log volume is not stated", UnitRate: &logs,
		Charge: pricing.Charge{Usage: pricing.Usage{SKU: logs.SKU}},
	}
	missing := estimate.Line{
		Name: "Interface endpoint hours", Group: estimate.Egress, Basis: design.Known,
		Unpriced: "no rate for AmazonVPC VpcEndpoint-Hours in us-east-1",
		Charge: pricing.Charge{
			Usage: pricing.Usage{SKU: pricing.NewSKU("AmazonVPC", "VpcEndpoint-Hours", "us-east-1"), Quantity: 1460},
			Err:   &pricing.NotFoundError{SKU: pricing.NewSKU("AmazonVPC", "VpcEndpoint-Hours", "us-east-1"), Snapshot: "2026-09-29"},
		},
	}
	return addUp(estimate.Result{
		Workload: "everything", Region: design.Assume("us-east-1", "no region is stated; us-east-1 is taken"), HoursPerMonth: 730,
		OldestPrice: "2025-06", NewestPrice: "2026-09-11",
		Range: estimate.Range{Low: 1910.4, High: 4000.125},
		Resources: []estimate.Resource{
			{
				Kind: estimate.KindService, Name: "api", Cluster: "prod", Summary: "4 to 10 tasks × 1 vCPU, 2 GB, FARGATE",
				Range: estimate.Range{Low: 1880, High: 3969.725},
				Lines: []estimate.Line{covered, tiny, assumed, unknown},
			},
			{Kind: estimate.KindEndpoint, Name: "s3", Summary: "gateway endpoint: free"},
			{Kind: estimate.KindEndpoint, Name: "ecr.api", Lines: []estimate.Line{missing}},
		},
		Assumptions: []estimate.Note{
			{Path: "region", Text: "no region is stated; us-east-1 is taken"},
			{Path: "services.api.count", Text: "average count not stated: priced at the minimum, a lower bound"},
			{Path: "services.web.count", Text: "average count not stated: priced at the minimum, a lower bound"},
			{Path: "services.w3.count", Text: "average count not stated: priced at the minimum, a lower bound"},
			{Path: "services.w4.count", Text: "average count not stated: priced at the minimum, a lower bound"},
		},
		Warnings:     []estimate.Note{{Path: "network.nat", Text: "a t4g.nano carries 32 Mbit/s for long, the design asks for 100"}},
		NotPriced:    map[string]int{"aws_kinesis_stream": 2, "aws_dax_cluster": 1},
		AssumedRates: []estimate.Note{{Path: "Fargate Spot ARM vCPU", Text: "x86 Spot × (ARM / x86)"}},
		Commitments: &estimate.CommitmentUse{
			Unused: 12.5,
			Plans:  []estimate.PlanUse{{Name: "compute", Committed: 100, Used: 87.5}},
		},
	})
}

// hostileResult is wholeResult with names that attack every format.
func hostileResult() estimate.Result {
	r := wholeResult()
	r.Workload = "=HYPERLINK(\"http://evil.example\")|<script>alert(1)</script>"
	r.Resources[0].Name = "\x1b[31m@org/team\x1b[0m|`x`\u202Egpj.exe\r\n=cmd"
	r.Resources[0].Summary = "![x](http://evil.example/x.png) <img src=x onerror=alert(1)>"
	r.Resources[0].Lines[0].Detail = "+1+1 | #12 " + strings.Repeat("very-long-name-", 20)
	r.Assumptions = []estimate.Note{{Path: "services.@admin", Text: "- [click](javascript:alert(1))\n# heading"}}
	r.NotPriced = map[string]int{"@SUM(1+1)|\x1b]0;title\x07": 1}
	return r
}

func one(r estimate.Result) []Priced {
	return []Priced{{Name: r.Workload, Path: "shop.yaml", Kind: "design", Result: r}}
}

func info() EstimateInfo { return EstimateInfo{Snapshot: "2026-09-29", AsOf: "2026-10-01"} }

// TestEstimateGolden prints results in every format.
func TestEstimateGolden(t *testing.T) {
	several := append(one(wholeResult()), Priced{Name: "everything", Path: "b/all.yaml", Kind: "design", Result: fullResult()})
	explained := info()
	explained.Explain = true
	cases := map[string]struct {
		projects []Priced
		info     EstimateInfo
		opts     Options
	}{
		"whole":    {projects: one(wholeResult()), info: info()},
		"full":     {projects: one(fullResult()), info: info()},
		"hostile":  {projects: one(hostileResult()), info: info()},
		"several":  {projects: several, info: info()},
		"explain":  {projects: one(fullResult()), info: explained},
		"color":    {projects: one(fullResult()), info: info(), opts: Options{Color: true}},
		"narrow":   {projects: one(fullResult()), info: info(), opts: Options{Width: 60}},
		"unpriced": {projects: one(unpricedResult()), info: info()},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for _, format := range Formats() {
				if (name == "color" || name == "narrow" || name == "explain") && format != FormatTable {
					continue
				}
				first := printed(t, Estimate(c.projects, c.info), format, c.opts)
				if again := printed(t, Estimate(c.projects, c.info), format, c.opts); again != first {
					t.Errorf("%s: the same result printed twice differs", format)
				}
				fixtures.Golden(t, []byte(first), "testdata/"+name+"."+string(format)+".golden")
			}
		})
	}
}

// unpricedResult is a result of which nothing is known.
func unpricedResult() estimate.Result {
	r := wholeResult()
	r.Resources[0].Cost, r.Total, r.Range, r.OldestPrice = estimate.Cost{}, estimate.Cost{}, estimate.Range{}, ""
	r.Resources[0].Range = estimate.Range{}
	for i := range r.Resources[0].Lines {
		l := &r.Resources[0].Lines[i]
		l.Cost, l.Unpriced = estimate.Cost{}, "the count is not known"
		rate := l.Charge.Rate
		l.UnitRate, l.Charge = &rate, pricing.Charge{Usage: pricing.Usage{SKU: rate.SKU}}
	}
	return addUp(r)
}

func printed(t *testing.T, doc Document, format Format, opts Options) string {
	t.Helper()
	var buf bytes.Buffer
	if err := Write(&buf, doc, format, opts); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}
