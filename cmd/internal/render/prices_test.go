package render

import (
	"encoding/json"
	"math"
	"testing"

	"ecsavvy/fixtures"
	"ecsavvy/pricing"
)

// priceList has a rate of every status and shape.
func priceList() PriceList {
	flat := func(usd float64) []pricing.Tier { return []pricing.Tier{{From: 0, To: math.Inf(1), USD: usd}} }
	spot := vcpuRate()
	spot.SKU.UsageType, spot.Tiers, spot.Floats = "SpotUsage-Fargate-vCPU-Hours:perCPU", flat(0.0129), true
	arm := spot
	arm.SKU = pricing.NewSKU("AmazonECS", spot.SKU.UsageType, "us-east-1", "os=Linux", "cpuArchitecture=ARM")
	arm.Floats, arm.Assumed = false, "x86 Spot × (ARM / x86)"
	open := egressRate()
	open.SKU.UsageType, open.Tiers, open.Open = "Unbounded-Bytes", flat(0.02), true
	inferred := egressRate()
	inferred.SKU.UsageType, inferred.Tiers, inferred.Inferred = "Guessed-Bytes", flat(0), true
	return PriceList{
		Region: "us-east-1", Location: "US East (N. Virginia)", RegionNote: "no region is stated; us-east-1 is taken",
		Service: "all services", Snapshot: "2026-09-29", AsOf: "2026-10-01",
		Rates: []pricing.Rate{egressRate(), inferred, open, vcpuRate(), arm, spot},
	}
}

func TestPricesGolden(t *testing.T) {
	for _, format := range Formats() {
		first := printed(t, Prices(priceList()), format, Options{})
		if again := printed(t, Prices(priceList()), format, Options{}); again != first {
			t.Errorf("%s: the same list printed twice differs", format)
		}
		fixtures.Golden(t, []byte(first), "testdata/prices."+string(format)+".golden")
	}
}

func TestPricesJSONHasEveryTier(t *testing.T) {
	var data priceData
	if err := json.Unmarshal([]byte(printed(t, Prices(priceList()), FormatJSON, Options{})), &data); err != nil {
		t.Fatal(err)
	}
	tiers := data.Rates[0].Tiers
	if len(tiers) != 2 || tiers[0].From != "0" || *tiers[0].To != "10240" || tiers[0].USD != "0.09" || tiers[1].To != nil {
		t.Errorf("tiers of the first rate: %+v", tiers)
	}
	if got := data.Rates[4].Attributes["cpuArchitecture"]; got != "ARM" {
		t.Errorf("attribute cpuArchitecture is %q", got)
	}
}

func TestParseFormat(t *testing.T) {
	if f, err := ParseFormat("markdown"); f != FormatMarkdown || err != nil {
		t.Errorf("markdown: %q, %v", f, err)
	}
	_, err := ParseFormat("html")
	if err == nil || err.Error() != `unknown format "html": want table, markdown, csv, json` {
		t.Errorf("html: %v", err)
	}
}
