package pricing_test

import (
	"math"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"ecsavvy/pricing"

	"github.com/google/go-cmp/cmp"
)

func TestEmbeddedSnapshotReadsCompletely(t *testing.T) {
	t.Parallel()
	catalog := pricing.Embedded()
	if err := catalog.Check(); err != nil {
		t.Fatal(err)
	}
	for _, region := range append(catalog.Regions(), pricing.RegionInfo{Code: pricing.Global}) {
		rates, err := catalog.Rates(region.Code)
		if err != nil {
			t.Fatal(err)
		}
		if len(rates) == 0 {
			t.Errorf("%s has no rates", region.Code)
		}
		for _, r := range rates {
			if r.AsOf > catalog.SnapshotDate() {
				t.Errorf("%v is of %s, but the snapshot of %s", r.SKU, r.AsOf, catalog.SnapshotDate())
			}
		}
	}
	if len(catalog.InstanceTypes()) == 0 {
		t.Error("no instance types")
	}
}

// What every region has, or else stands in the list of what is missing.
func TestEveryRegionPricesABasicService(t *testing.T) {
	t.Parallel()
	basic := []pricing.SKU{
		{Service: "AmazonECS", UsageType: "Fargate-vCPU-Hours:perCPU"},
		{Service: "AmazonECS", UsageType: "Fargate-GB-Hours"},
		{Service: "AmazonECS", UsageType: "Fargate-ARM-vCPU-Hours:perCPU"},
		{Service: "AmazonECS", UsageType: "Fargate-ARM-GB-Hours"},
		{Service: "AmazonECS", UsageType: "Fargate-EphemeralStorage-GB-Hours"},
		{Service: "AmazonECS", UsageType: "Fargate-Windows-vCPU-Hours:perCPU"},
		{Service: "AmazonECS", UsageType: "SpotUsage-Fargate-vCPU-Hours:perCPU"},
		{Service: "AmazonEC2", UsageType: "NatGateway-Hours"},
		{Service: "AmazonEC2", UsageType: "NatGateway-Bytes"},
		{Service: "AmazonEC2", UsageType: "EBS:VolumeUsage.gp3"},
		{Service: "AWSELB", UsageType: "LoadBalancerUsage", Attributes: "operation=LoadBalancing:Application"},
		{Service: "AWSELB", UsageType: "LCUUsage", Attributes: "operation=LoadBalancing:Application"},
		{Service: "AmazonVPC", UsageType: "PublicIPv4:InUseAddress"},
		{Service: "AmazonVPC", UsageType: "VpcEndpoint-Hours"},
		{Service: "AmazonVPC", UsageType: "VpcEndpoint-Bytes"},
		{Service: "AWSDataTransfer", UsageType: "DataTransfer-Out-Bytes"},
		{Service: "AWSDataTransfer", UsageType: "DataTransfer-Regional-Bytes"},
		{Service: "AmazonCloudWatch", UsageType: "DataProcessing-Bytes"},
		{Service: "AmazonECR", UsageType: "TimedStorage-ByteHrs"},
		{Service: "AmazonEC2", UsageType: "BoxUsage:m5.large", Attributes: "operatingSystem=Linux"},
	}
	missing := map[string]string{} // regions by usage type
	catalog := pricing.Embedded()
	for _, sku := range basic {
		for _, region := range catalog.Regions() {
			sku.Region = region.Code
			if _, err := catalog.Lookup(sku); err != nil {
				missing[sku.Service+" "+sku.UsageType] += " " + region.Code
			}
		}
	}
	for name, regions := range missing {
		missing[name] = strings.TrimSpace(regions)
	}
	want := map[string]string{
		"AWSDataTransfer DataTransfer-Out-Bytes": "ap-southeast-6",
		"AWSDataTransfer DataTransfer-Regional-Bytes": "ap-east-2 ap-southeast-3 ap-southeast-4 ap-southeast-6 ap-southeast-7 " +
			"eu-central-2 eu-south-2 me-central-1 mx-central-1",
		"AWSELB LCUUsage":                             "ap-southeast-6",
		"AmazonEC2 BoxUsage:m5.large":                 "ap-east-2 ap-southeast-5 ap-southeast-6 ap-southeast-7 mx-central-1",
		"AmazonECR TimedStorage-ByteHrs":              "ap-southeast-6",
		"AmazonECS Fargate-Windows-vCPU-Hours:perCPU": "ap-east-2 ap-southeast-6",
		"AmazonECS SpotUsage-Fargate-vCPU-Hours:perCPU": "ap-east-2 ap-northeast-3 ap-southeast-3 ap-southeast-4 ap-southeast-5 " +
			"ap-southeast-6 ap-southeast-7 ca-west-1 eu-central-2 eu-south-2 il-central-1 me-central-1 mx-central-1",
	}
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Errorf("regions without a rate (-want +got):\n%s", diff)
	}
}

func flat(sku pricing.SKU, usd float64) pricing.Rate {
	return pricing.Rate{SKU: sku, Unit: "hours", Tiers: []pricing.Tier{{To: math.Inf(1), USD: usd}}, AsOf: "2026-10-01", Source: "test"}
}

func TestWithReplacesEqualSKUsOnly(t *testing.T) {
	t.Parallel()
	base := pricing.Embedded()
	windows := pricing.NewSKU("AmazonEC2", "BoxUsage:m5.large", "us-east-1", "operatingSystem=Windows")
	linux := pricing.NewSKU("AmazonEC2", "BoxUsage:m5.large", "us-east-1", "operatingSystem=Linux")
	nat := pricing.NewSKU("AmazonEC2", "NatGateway-Hours", "us-east-1")
	standing, err := base.Lookup(nat)
	if err != nil {
		t.Fatal(err)
	}
	with := base.With(flat(windows, 9), flat(standing.SKU, 8)).With(flat(windows, 7))
	for _, tt := range []struct {
		sku  pricing.SKU
		want float64
	}{{windows, 7}, {linux, 0.096}, {nat, 8}} {
		rate, err := with.Lookup(tt.sku)
		if err != nil {
			t.Error(err)
		} else if rate.Tiers[0].USD != tt.want {
			t.Errorf("%v: USD %v, want %v", tt.sku, rate.Tiers[0].USD, tt.want)
		}
	}
	if rate, err := base.Lookup(nat); err != nil || rate.Tiers[0].USD != standing.Tiers[0].USD {
		t.Errorf("the catalogue that was laid over changed: %+v, %v", rate, err)
	}
	before, err := base.Rates("us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	after, err := with.Rates("us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(after), len(before)+1; got != want { // the instance's rate is listed as well
		t.Errorf("%d rates after, want %d", got, want)
	}
}

func TestCatalogInMemory(t *testing.T) {
	t.Parallel()
	sku := pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "xx-test-1", "os=Linux")
	catalog := pricing.NewCatalog("2026-10-01", []pricing.Rate{flat(sku, 1), flat(sku, 2)})
	rate, err := catalog.Lookup(pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "xx-test-1"))
	if err != nil {
		t.Fatal(err)
	}
	if rate.Tiers[0].USD != 2 {
		t.Errorf("USD %v, want that of the last rate", rate.Tiers[0].USD)
	}
	if diff := cmp.Diff([]pricing.RegionInfo{{Code: "xx-test-1"}}, catalog.Regions()); diff != "" {
		t.Errorf("regions (-want +got):\n%s", diff)
	}
	_, err = catalog.Lookup(pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "xx-test-2"))
	if want := `pricing: no prices for region "xx-test-2"; did you mean xx-test-1?`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = catalog.Lookup(pricing.NewSKU("AmazonEC2", "BoxUsage:m5.large", "xx-test-1"))
	if want := "pricing: no rate for AmazonEC2 BoxUsage:m5.large in xx-test-1 in the price snapshot of 2026-10-01"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := catalog.InstanceType("m5.large"); err == nil {
		t.Error("knows an instance type without a file of them")
	}
}

func TestRegions(t *testing.T) {
	t.Parallel()
	for _, r := range pricing.Embedded().Regions() {
		if r.Code == "eu-west-1" {
			want := pricing.RegionInfo{Code: "eu-west-1", BillingPrefix: "EU", Location: "EU (Ireland)", Partition: "aws"}
			if r != want {
				t.Errorf("%+v, want %+v", r, want)
			}
			return
		}
	}
	t.Error("no eu-west-1")
}

func TestInstanceType(t *testing.T) {
	t.Parallel()
	catalog := pricing.Embedded()
	got, err := catalog.InstanceType("t3.large")
	if err != nil {
		t.Fatal(err)
	}
	want := pricing.InstanceType{
		Name: "t3.large", VCPU: 2, MemoryGiB: 8, Architectures: []string{"x86_64"}, Processor: "Intel Skylake E5 2686 v5",
		BurstBaseline: 0.6, NetworkPerformance: "Up to 5 Gigabit", BandwidthMbps: 512, MaxENIs: 3, IPv4PerENI: 12, TrunkingKnown: true,
		Source: "ec2-instances-info@32acf84f42eb (ec2instances.info; MIT)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("t3.large (-want +got):\n%s", diff)
	}
	newer, err := catalog.InstanceType("c9g.large")
	if err != nil {
		t.Fatal(err)
	}
	if !newer.Has("arm64") || newer.Has("x86_64") || newer.TrunkingKnown || !math.IsNaN(newer.MaxENIs) || !math.IsNaN(newer.BurstBaseline) {
		t.Errorf("c9g.large is an ARM type of unknown interfaces: %+v", newer)
	}
	_, err = catalog.InstanceType("m5.2xlarg")
	if want := `pricing: no EC2 instance type "m5.2xlarg"; did you mean m5.2xlarge, c5.2xlarge or g5.2xlarge?`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestInterruption(t *testing.T) {
	t.Parallel()
	catalog := pricing.Embedded()
	if band, ok := catalog.Interruption("us-east-1", "a1.metal"); band != "<5%" || !ok {
		t.Errorf("a1.metal: %q, %v", band, ok)
	}
	for _, of := range [][2]string{{"us-east-1", "m9g.large"}, {"us-east-1", "none.large"}, {"ap-east-2", "m5.large"}, {"nowhere", "m5.large"}} {
		if band, ok := catalog.Interruption(of[0], of[1]); ok {
			t.Errorf("%v: %q, want none", of, band)
		}
	}
}

func TestLookupFromManyGoroutines(t *testing.T) {
	t.Parallel()
	catalog := pricing.Embedded()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, r := range catalog.Regions() {
				if _, err := catalog.Lookup(pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", r.Code)); err != nil {
					t.Error(err)
				}
				if _, err := catalog.InstanceRates(r.Code, "m5.large"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// small is a snapshot of one region.
func small() fstest.MapFS {
	return fstest.MapFS{
		"regions.tsv":     {Data: []byte("# ecsavvy regions 1\n# as of 2026-09-29\n# region\tbilling_prefix\tlocation\tpartition\tnote\neu-west-2\tEUW2\tEU (London)\taws\t-\n")},
		"sources.tsv":     {Data: []byte("# ecsavvy sources 1\n# id\ttext\npage\ta page\n")},
		"assumptions.tsv": {Data: []byte("# ecsavvy assumptions 1\n# id\ttext\nguess\ta guess\n")},
		"instance_types.tsv": {Data: []byte("# ecsavvy instance-types 1\n# instance_type\tvcpu\tmemory_gib\tarch\tprocessor\tgeneration\tgpus\tburst_baseline\t" +
			"network_performance\tbandwidth_mbps\tmax_enis\tipv4_per_eni\ttrunking\tbranch_enis\tinstance_storage_gb\tsource\n" +
			"m5.large\t2\t8\tx86_64\tintel\tcurrent\t0\t-\t-\t-\t-\t-\t-\t-\t0\tpage\n")},
		"rates/eu-west-2.tsv": {Data: []byte("# ecsavvy rates 1\n# region eu-west-2\n# service\tusage_type\tattributes\tunit\tfrom\tto\tusd\tas_of\tsource\tstatus\tassumed\n" +
			"AWSDataTransfer\tDataTransfer-Out-Bytes\t-\tGB\t0\t10\t0.09\t2026-01-01\tpage\tconfirmed\t-\n" +
			"AWSDataTransfer\tDataTransfer-Out-Bytes\t-\tGB\t10\tInf\t0.05\t2025-01-01\tpage\tconfirmed\tguess\n" +
			"AmazonECS\tFargate-GB-Hours\t-\thours\t0\tInf\t0.005\t2026-01-01\tpage\tinferred\t-\n")},
		"ec2/eu-west-2.tsv": {Data: []byte("# ecsavvy ec2 1\n# region eu-west-2\n# windows, reserved and spot as of 2025-05 from page\n" +
			"# fee as of 2026-07-01, former_fee as of 2025-10-27 from page\n# instance_type\tlinux\tlinux_as_of\tlinux_source\twindows\t" +
			"convertible_1y_no\tconvertible_1y_partial\tconvertible_1y_all\tconvertible_3y_no\tconvertible_3y_partial\tconvertible_3y_all\t" +
			"standard_1y_no\tstandard_1y_partial\tstandard_1y_all\tstandard_3y_no\tstandard_3y_partial\tstandard_3y_all\tspot\tinterruption\tformer_fee\tfee\n" +
			"m5.large\t0.1\t2026-07\tpage\t-" + strings.Repeat("\t-", 12) + "\t0.04\t<5%\t0.012\t0.012\n")},
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	catalog := pricing.Open(small())
	if err := catalog.Check(); err != nil {
		t.Fatal(err)
	}
	rates, err := catalog.Rates("eu-west-2")
	if err != nil {
		t.Fatal(err)
	}
	want := []pricing.Rate{
		{
			SKU: pricing.SKU{Service: "AWSDataTransfer", UsageType: "DataTransfer-Out-Bytes", Region: "eu-west-2"}, Unit: "GB",
			Tiers: []pricing.Tier{{To: 10, USD: 0.09}, {From: 10, To: math.Inf(1), USD: 0.05}},
			AsOf:  "2025-01-01", Source: "a page", Assumed: "a guess",
		},
		{
			SKU: pricing.SKU{Service: "AmazonECS", UsageType: "Fargate-GB-Hours", Region: "eu-west-2"}, Unit: "hours",
			Tiers: []pricing.Tier{{To: math.Inf(1), USD: 0.005}}, AsOf: "2026-01-01", Source: "a page", Inferred: true,
		},
	}
	if diff := cmp.Diff(want, rates); diff != "" {
		t.Errorf("rates (-want +got):\n%s", diff)
	}
	instance, err := catalog.InstanceRates("eu-west-2", "m5.large")
	if err != nil || len(instance) != 3 {
		t.Errorf("%d rates of m5.large, %v; want On-Demand, Spot and fee", len(instance), err)
	}
}

// A file that cannot be trusted is refused with its place, and only then.
func TestOpenRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file, old, new string
		want                 string
	}{
		{"other form", "rates/eu-west-2.tsv", "rates 1", "rates 2", `pricing: reading rates/eu-west-2.tsv:1: want the header "# ecsavvy rates 1"`},
		{"columns swapped", "rates/eu-west-2.tsv", "from\tto", "to\tfrom", `pricing: reading rates/eu-west-2.tsv:3: want the columns "service\tusage_type\tattributes\tunit\tfrom\tto\tusd\tas_of\tsource\tstatus\tassumed"`},
		{"cell missing", "rates/eu-west-2.tsv", "Fargate-GB-Hours\t-\t", "Fargate-GB-Hours\t", "pricing: reading rates/eu-west-2.tsv:6: want 11 cells"},
		{"cell empty", "rates/eu-west-2.tsv", "Fargate-GB-Hours\t-\t", "Fargate-GB-Hours\t\t", "pricing: reading rates/eu-west-2.tsv:6: cell 3 is empty; an absent value is written -"},
		{"no unit", "rates/eu-west-2.tsv", "hours", "-", "pricing: reading rates/eu-west-2.tsv:6: service, usage_type, unit and as_of must be given"},
		{"no number", "rates/eu-west-2.tsv", "0.005", "NaN", `pricing: reading rates/eu-west-2.tsv:6: usd is "NaN", want a number of zero or more`},
		{"negative", "rates/eu-west-2.tsv", "0.005", "-0.005", `pricing: reading rates/eu-west-2.tsv:6: usd is "-0.005", want a number of zero or more`},
		{"unknown source", "rates/eu-west-2.tsv", "page\tinferred", "book\tinferred", `pricing: reading rates/eu-west-2.tsv:6: source "book" has no text`},
		{"unknown assumption", "rates/eu-west-2.tsv", "guess", "hope", `pricing: reading rates/eu-west-2.tsv:5: assumption "hope" has no text`},
		{"gap", "rates/eu-west-2.tsv", "GB\t10\tInf", "GB\t11\tInf", "pricing: reading rates/eu-west-2.tsv:5: AWSDataTransfer DataTransfer-Out-Bytes in eu-west-2: tier starts at 11 where the one below ends at 10"},
		{"last tier ends", "rates/eu-west-2.tsv", "GB\t10\tInf", "GB\t10\t20", "pricing: reading rates/eu-west-2.tsv:6: AWSDataTransfer DataTransfer-Out-Bytes in eu-west-2: nothing prices what lies above 20"},
		{"units differ", "rates/eu-west-2.tsv", "GB\t10\tInf", "MB\t10\tInf", `pricing: reading rates/eu-west-2.tsv:5: AWSDataTransfer DataTransfer-Out-Bytes in eu-west-2: unit "MB", but "GB" in the tier below`},
		{"out of order", "rates/eu-west-2.tsv", "AmazonECS\t", "AAA\t", "pricing: reading rates/eu-west-2.tsv:6: AAA Fargate-GB-Hours in eu-west-2 is out of order after AWSDataTransfer DataTransfer-Out-Bytes in eu-west-2"},
		{"instance price of zero", "ec2/eu-west-2.tsv", "\t0.1\t", "\t0\t", `checking the prices of eu-west-2: pricing: reading ec2/eu-west-2.tsv:6: cell 2 is "0", want a price above zero or -`},
		{"instance without On-Demand price", "ec2/eu-west-2.tsv", "\t0.1\t", "\t-\t", "checking the prices of eu-west-2: pricing: reading ec2/eu-west-2.tsv:6: m5.large lacks an On-Demand price, its date or a known source"},
		{"instance price without source", "ec2/eu-west-2.tsv", "2026-07\tpage", "2026-07\tbook", "checking the prices of eu-west-2: pricing: reading ec2/eu-west-2.tsv:6: m5.large lacks an On-Demand price, its date or a known source"},
		{"no date of the fee", "ec2/eu-west-2.tsv", "# fee as of 2026-07-01, ", "# ", `checking the prices of eu-west-2: pricing: reading ec2/eu-west-2.tsv:1: want a header line "# fee as of <date> from <source id>"`},
		{"instance type without memory", "instance_types.tsv", "\t8\t", "\t-\t", "pricing: reading instance_types.tsv:3: m5.large lacks vCPU, memory, architecture or a known source"},
		{"region twice", "regions.tsv", "eu-west-2\tEUW2\tEU (London)\taws\t-\n", "b\tB\tB\taws\t-\na\tA\tA\taws\t-\n", `pricing: reading regions.tsv:5: region "a" is absent, out of order or listed twice`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := small()
			fsys[tt.file].Data = []byte(strings.Replace(string(fsys[tt.file].Data), tt.old, tt.new, 1))
			err := pricing.Open(fsys).Check()
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("error:\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}
