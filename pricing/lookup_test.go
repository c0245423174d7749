package pricing_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"ecsavvy/pricing"
)

// Figures below are those of the price tables that the snapshot was made of;
// their sources are in pricing/snapshot/sources.tsv.
func TestLookup(t *testing.T) {
	t.Parallel()
	const plan = "AWSComputeSavingsPlan"
	tests := []struct {
		name  string
		query pricing.SKU
		want  float64 // USD a unit of the first tier
		tiers int     // 1 if zero
	}{
		{name: "Fargate x86 vCPU", query: pricing.NewSKU("AmazonECS", "Fargate-vCPU-Hours:perCPU", "us-east-1"), want: 0.04048},
		{name: "Fargate x86 GB", query: pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "us-east-1", "os=Linux", "cpuArchitecture=X86"), want: 0.004445},
		{name: "Fargate ARM vCPU", query: pricing.NewSKU("AmazonECS", "Fargate-ARM-vCPU-Hours:perCPU", "us-east-1"), want: 0.03238},
		{name: "Fargate Windows licence", query: pricing.NewSKU("AmazonECS", "Fargate-Windows-OS-Hours:perCPU", "us-east-1"), want: 0.046},
		{name: "Fargate Spot", query: pricing.NewSKU("AmazonECS", "SpotUsage-Fargate-vCPU-Hours:perCPU", "us-east-1"), want: 0.01288561},
		{name: "Fargate Spot ARM, computed", query: pricing.NewSKU("AmazonECS", "SpotUsage-Fargate-ARM-GB-Hours", "af-south-1", "capacity=FARGATE_SPOT", "os=Linux"), want: 0.00144},
		{name: "ECS control plane is free, by its global row", query: pricing.NewSKU("AmazonECS", "(orchestration)", pricing.Global), want: 0},
		{name: "published Fargate plan", query: pricing.NewSKU(plan, "Fargate-GB-Hours", "us-east-1", "plan=Compute", "term=1yr", "payment=No Upfront", "cpuArchitecture=X86"), want: 0.003556},
		{name: "computed Fargate plan, same attributes", query: pricing.NewSKU(plan, "Fargate-GB-Hours", "eu-west-2", "plan=Compute", "term=1yr", "payment=No Upfront", "cpuArchitecture=X86"), want: 0.004088},
		{name: "KMS, whose usage types start with the region's code", query: pricing.NewSKU("awskms", "KMS-Keys", "us-east-1"), want: 1},
		{name: "EFS reads", query: pricing.NewSKU("AmazonEFS", "ETDataAccess-Bytes", "us-east-1", "operation=read"), want: 0.03},
		{name: "EFS writes", query: pricing.NewSKU("AmazonEFS", "ETDataAccess-Bytes", "us-east-1", "operation=write"), want: 0.06},
		{name: "egress in tiers", query: pricing.NewSKU("AWSDataTransfer", "DataTransfer-Out-Bytes", "us-east-1"), want: 0.09, tiers: 4},
		{name: "to another region", query: pricing.NewSKU("AWSDataTransfer", "AWS-Out-Bytes", "af-south-1", "toRegion=ap-east-1"), want: 0.147},
		{name: "gp3 IOPS above what each volume has free", query: pricing.NewSKU("AmazonEC2", "EBS:VolumeP-IOPS.gp3", "us-east-1"), want: 0.005},
		{name: "EC2 Linux", query: pricing.NewSKU("AmazonEC2", "BoxUsage:m5.large", "us-east-1", "operatingSystem=Linux"), want: 0.096},
		{name: "EC2 Windows", query: pricing.NewSKU("AmazonEC2", "BoxUsage:m5.large", "us-east-1", "operatingSystem=Windows"), want: 0.188},
		{name: "EC2 Spot", query: pricing.NewSKU("AmazonEC2", "SpotUsage:m5.large", "us-east-1"), want: 0.03168},
		{name: "EC2 reserved", query: pricing.NewSKU("AmazonEC2", "HeavyUsage:m5.large", "us-east-1", "offeringClass=standard", "term=3yr", "payment=No Upfront"), want: 0.041},
		{name: "EC2 Instance plan is the standard reservation", query: pricing.NewSKU(plan, "BoxUsage:m5.large", "us-east-1", "plan=EC2Instance", "term=3yr", "payment=No Upfront", "os=Linux"), want: 0.041},
		{name: "EC2 under a Compute plan is 1.10 convertible reservations", query: pricing.NewSKU(plan, "BoxUsage:m6a.xlarge", "us-east-1", "plan=Compute", "term=1yr", "payment=No Upfront"), want: 0.12695 * 1.10},
		{name: "Managed Instances fee of a G type, as cut in July 2026", query: pricing.NewSKU("AmazonECS", "ECS-Managed-Instances:g6.xlarge-management-hours", "ap-northeast-1"), want: 0.0910416},
		{name: "fee of a type newer than the fee table, 12 % of 0.0978", query: pricing.NewSKU("AmazonECS", "ECS-Managed-Instances:m9g.large-management-hours", "us-east-1"), want: 0.0978 * 0.12},
	}
	catalog := pricing.Embedded()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rate, err := catalog.Lookup(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			if got := rate.Tiers[0].USD; math.Abs(got-tt.want) > 1e-12 {
				t.Errorf("%v: USD %v a unit, want %v", rate.SKU, got, tt.want)
			}
			if got := len(rate.Tiers); got != max(tt.tiers, 1) {
				t.Errorf("%v: %d tiers, want %d", rate.SKU, got, max(tt.tiers, 1))
			}
			if rate.AsOf == "" || rate.Source == "" || rate.Unit == "" {
				t.Errorf("%v: a rate without date, source or unit: %+v", rate.SKU, rate)
			}
		})
	}
}

func TestLookupErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		query pricing.SKU
		want  string
	}{
		{
			name:  "no such usage type",
			query: pricing.NewSKU("AmazonECS", "Fargate-TPU-Hours", "eu-west-2"),
			want:  "pricing: no rate for AmazonECS Fargate-TPU-Hours in eu-west-2 in the price snapshot of {date}",
		},
		{
			name:  "attribute that no rate carries",
			query: pricing.NewSKU("AWSELB", "TS-LoadBalancerUsage", "eu-west-1", "operation=LoadBalancing:Network"),
			want: "pricing: no rate for AWSELB TS-LoadBalancerUsage in eu-west-1 (operation=LoadBalancing:Network) in the price snapshot of {date}: " +
				"there is (operation=LoadBalancing:Application)",
		},
		{
			name:  "attribute missing",
			query: pricing.NewSKU("AmazonEC2", "BoxUsage:m5.large", "us-east-1"),
			want: "pricing: 2 rates match AmazonEC2 BoxUsage:m5.large in us-east-1: (operatingSystem=Linux), (operatingSystem=Windows); " +
				"name the attribute that tells them apart",
		},
		{
			name:  "instance type misspelt",
			query: pricing.NewSKU("AmazonEC2", "BoxUsage:m5.larg", "us-east-1", "operatingSystem=Linux"),
			want: "pricing: no rate for AmazonEC2 BoxUsage:m5.larg in us-east-1 (operatingSystem=Linux) in the price snapshot of {date}: " +
				`no EC2 instance type "m5.larg"; did you mean m5.large, c5.large or m1.large?`,
		},
		{
			name:  "instance type not sold there",
			query: pricing.NewSKU("AmazonEC2", "BoxUsage:p4d.24xlarge", "eu-west-3", "operatingSystem=Linux"),
			want: "pricing: no rate for AmazonEC2 BoxUsage:p4d.24xlarge in eu-west-3 (operatingSystem=Linux) in the price snapshot of {date}: " +
				"p4d.24xlarge has no price in eu-west-3",
		},
		{
			name:  "region without EC2 prices",
			query: pricing.NewSKU("AmazonEC2", "BoxUsage:m5.large", "ap-southeast-6", "operatingSystem=Linux"),
			want: "pricing: no rate for AmazonEC2 BoxUsage:m5.large in ap-southeast-6 (operatingSystem=Linux) in the price snapshot of {date}: " +
				"the snapshot has no EC2 prices of ap-southeast-6",
		},
		{
			name:  "a1 had no Spot history",
			query: pricing.NewSKU("AmazonEC2", "SpotUsage:a1.large", "us-east-1"),
			want:  "pricing: no rate for AmazonEC2 SpotUsage:a1.large in us-east-1 in the price snapshot of {date}",
		},
		{
			name:  "type that Managed Instances leave out",
			query: pricing.NewSKU("AmazonECS", "ECS-Managed-Instances:t2.medium-management-hours", "us-east-1"),
			want:  "pricing: no rate for AmazonECS ECS-Managed-Instances:t2.medium-management-hours in us-east-1 in the price snapshot of {date}",
		},
		{
			name:  "Availability Zone",
			query: pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "eu-west-2a"),
			want:  `pricing: "eu-west-2a" is an Availability Zone; name its region, eu-west-2`,
		},
		{
			name:  "region misspelt",
			query: pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "eu-wets-2"),
			want:  `pricing: no prices for region "eu-wets-2"; did you mean eu-west-2, eu-west-1 or eu-west-3?`,
		},
		{
			name:  "no region like it",
			query: pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "moon"),
			want:  `pricing: no prices for region "moon"`,
		},
	}
	catalog := pricing.Embedded()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rate, err := catalog.Lookup(tt.query)
			if err == nil {
				t.Fatalf("found %+v", rate)
			}
			want := strings.ReplaceAll(tt.want, "{date}", catalog.SnapshotDate())
			if got := err.Error(); got != want {
				t.Errorf("error:\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestLookupErrorsAreTyped(t *testing.T) {
	t.Parallel()
	catalog := pricing.Embedded()
	_, err := catalog.Lookup(pricing.NewSKU("AmazonEC2", "BoxUsage:m5.large", "us-east-1"))
	var ambiguous *pricing.AmbiguousError
	if !errors.As(err, &ambiguous) || len(ambiguous.Matches) != 2 {
		t.Errorf("%v is no *AmbiguousError of two", err)
	}
	_, err = catalog.Lookup(pricing.NewSKU("AmazonECS", "x", "us-east-1"))
	var notFound *pricing.NotFoundError
	if !errors.As(err, &notFound) || notFound.Snapshot != catalog.SnapshotDate() {
		t.Errorf("%v is no *NotFoundError of the snapshot", err)
	}
	_, err = catalog.Lookup(pricing.NewSKU("AmazonECS", "x", "eu-west-2b"))
	var region *pricing.RegionError
	if !errors.As(err, &region) || !region.Zone {
		t.Errorf("%v is no *RegionError of a zone", err)
	}
}

// A rate that was computed, guessed or floats says so.
func TestRatesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	catalog := pricing.Embedded()
	lookup := func(sku pricing.SKU) pricing.Rate {
		t.Helper()
		rate, err := catalog.Lookup(sku)
		if err != nil {
			t.Fatal(err)
		}
		return rate
	}
	if r := lookup(pricing.NewSKU("AmazonEC2", "SpotUsage:m5.large", "us-east-1")); r.Assumed == "" || !r.Floats {
		t.Errorf("average Spot price: %+v", r)
	}
	if r := lookup(pricing.NewSKU("AmazonECS", "SpotUsage-Fargate-GB-Hours", "us-east-1")); r.Assumed != "" || !r.Floats {
		t.Errorf("published Fargate Spot price: %+v", r)
	}
	if r := lookup(pricing.NewSKU("AmazonECS", "SpotUsage-Fargate-ARM-GB-Hours", "sa-east-1")); r.Assumed == "" || !r.Floats || !r.Inferred {
		t.Errorf("computed Fargate Spot price: %+v", r)
	}
	if r := lookup(pricing.NewSKU("AWSLambda", "Lambda-GB-Second", "us-east-1", "tier=1")); r.Open || r.Assumed == "" {
		t.Errorf("first tier of Lambda, whose end is not known: %+v", r)
	}
	if r := lookup(pricing.NewSKU("AWSLambda", "Lambda-GB-Second", "us-east-1", "tier=2")); !r.Open {
		t.Errorf("second tier of Lambda, of unknown start: %+v", r)
	}
	if r := lookup(pricing.NewSKU("AmazonS3", "TimedStorage-ByteHrs", "us-east-1")); r.AsOf != "2025-10-22" {
		t.Errorf("tiers of 2026-09-27 and 2025-10-22 are as of %s", r.AsOf)
	}
}

// A Savings Plan or reservation that costs more than On-Demand would be no
// plan: the stand-ins never do.
func TestPlanRatesStayBelowOnDemand(t *testing.T) {
	t.Parallel()
	catalog := pricing.Embedded()
	capped := 0
	for _, region := range catalog.Regions() {
		names, err := catalog.InstancesIn(region.Code)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			rates, err := catalog.InstanceRates(region.Code, name)
			if err != nil {
				t.Fatal(err)
			}
			onDemand := math.Inf(1)
			for _, r := range rates {
				if r.SKU.Service == "AmazonEC2" && r.SKU.UsageType == "BoxUsage:"+name && r.SKU.Attributes == "operatingSystem=Linux" {
					onDemand = r.Tiers[0].USD
				}
			}
			for _, r := range rates {
				if r.SKU.Service != "AWSComputeSavingsPlan" {
					continue
				}
				if r.Tiers[0].USD > onDemand || r.Assumed == "" {
					t.Errorf("%v costs %v beside %v On-Demand, assumed %q", r.SKU, r.Tiers[0].USD, onDemand, r.Assumed)
				}
				if r.Tiers[0].USD == onDemand {
					capped++
				}
			}
		}
	}
	if capped == 0 {
		t.Error("no rate was capped: the cap is not tested")
	}
}
