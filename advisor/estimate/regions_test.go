package estimate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// Every region of the snapshot prices a Fargate task on x86 and on ARM, a NAT
// gateway and an ALB, or says which rate is missing; these are all that are.
func TestEveryRegionPricesABasicServiceOrSaysWhatIsMissing(t *testing.T) {
	missing := map[string][]string{
		"ap-southeast-6": {"AWSELB LCUUsage"},
	}
	regions := pricing.Embedded().Regions()
	if len(regions) != 36 {
		t.Fatalf("%d regions, want 36", len(regions))
	}
	for _, region := range regions {
		x86, arm := web("x86", design.Count(1)), web("arm", design.Count(1))
		arm.Task.Architecture = design.Know(design.ARM64)
		w := in(region.Code, x86, arm)
		w.Network = design.Network{AZs: design.Know(2.0), NAT: design.NAT{Kind: design.NATGateway, Data: design.Know(100.0)}}
		w.LoadBalancers = []design.LoadBalancer{{Name: "edge", Kind: design.ALB, Traffic: design.BalancerTraffic{Processed: design.Know(1000.0)}}}
		r := run(t, w)
		var got []string
		for _, res := range r.Resources {
			for _, line := range res.Lines {
				if line.Unpriced == "" {
					if line.Cost.Effective <= 0 {
						t.Errorf("%s: %s %s costs %v", region.Code, res.Name, line.Name, line.Cost)
					}
					continue
				}
				sku := line.Charge.Usage.SKU
				got = append(got, sku.Service+" "+sku.UsageType)
				for _, want := range []string{sku.UsageType, region.Code} {
					if !strings.Contains(line.Unpriced, want) {
						t.Errorf("%s: %q does not name %s", region.Code, line.Unpriced, want)
					}
				}
			}
		}
		if !slices.Equal(got, missing[region.Code]) {
			t.Errorf("%s: missing %q, want %q", region.Code, got, missing[region.Code])
		}
	}
}

// A rate that floats or was computed is named in the result.
func TestAssumedRatesAreListed(t *testing.T) {
	s := web("a", design.Count(1))
	s.Task.Architecture = design.Know(design.ARM64)
	s.Capacity = design.Only(design.FargateSpot)
	r := run(t, in("eu-central-1", s)) // its ARM Spot rate is computed from x86's
	if len(r.AssumedRates) == 0 || !strings.Contains(fmt.Sprint(r.AssumedRates), "ARM on-demand / x86 on-demand") {
		t.Errorf("assumed rates: %v", r.AssumedRates)
	}
}
