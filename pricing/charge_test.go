package pricing_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"ecsavvy/pricing"
)

func inf() float64 { return math.Inf(1) }

// egress is a rate in tiers, of the shape of AWS's egress.
func egress(region string) pricing.Rate {
	return pricing.Rate{
		SKU: pricing.NewSKU("AWSDataTransfer", "DataTransfer-Out-Bytes", region, "transferType=AWS Outbound"), Unit: "GB",
		Tiers: []pricing.Tier{{To: 10240, USD: 0.09}, {From: 10240, To: 51200, USD: 0.085}, {From: 51200, To: inf(), USD: 0.07}},
		AsOf:  "2026-10-01", Source: "test",
	}
}

func TestCharge(t *testing.T) {
	t.Parallel()
	hours := pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "eu-west-2", "cpuArchitecture=X86", "os=Linux")
	open := flat(pricing.NewSKU("AWSLambda", "Lambda-GB-Second", "eu-west-2", "tier=2"), 1)
	open.Open = true
	catalog := pricing.NewCatalog("2026-10-01", []pricing.Rate{flat(hours, 0.005), egress("eu-west-2"), egress("us-east-1"), egress("us-gov-west-1"), open})
	query := func(attributes ...string) pricing.SKU {
		return pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "eu-west-2", attributes...)
	}
	out := func(region string, gb float64) pricing.Usage {
		return pricing.Usage{SKU: pricing.NewSKU("AWSDataTransfer", "DataTransfer-Out-Bytes", region), Quantity: gb}
	}
	tests := []struct {
		name   string
		usages []pricing.Usage
		terms  pricing.Terms
		want   []float64 // ListCost; NaN for an error
		free   []float64 // FreeQuantity; nil: none
		err    string    // of the first usage
	}{
		{name: "nothing"},
		{name: "flat", usages: []pricing.Usage{{SKU: query(), Quantity: 730}}, want: []float64{3.65}},
		{
			name:   "tiers fill together, whatever the query was",
			usages: []pricing.Usage{out("eu-west-2", 10240), {SKU: egress("eu-west-2").SKU, Quantity: 10240}},
			want:   []float64{10240 * 0.0875, 10240 * 0.0875},
		},
		{
			name:   "an allowance is for all usage of the month, shared by quantity",
			usages: []pricing.Usage{out("eu-west-2", 150), out("eu-west-2", 50)},
			terms:  pricing.Terms{Allowances: pricing.DefaultAllowances()},
			want:   []float64{75 * 0.09, 25 * 0.09}, free: []float64{75, 25},
		},
		{
			name:   "an allowance of the account is not given twice to two regions",
			usages: []pricing.Usage{out("us-east-1", 100), out("eu-west-2", 60)},
			terms:  pricing.Terms{Allowances: pricing.DefaultAllowances()},
			want:   []float64{60 * 0.09, 0}, free: []float64{40, 60},
		},
		{
			name:   "nor given in GovCloud",
			usages: []pricing.Usage{out("us-gov-west-1", 100)},
			terms:  pricing.Terms{Allowances: pricing.DefaultAllowances()},
			want:   []float64{9}, free: []float64{0},
		},
		{name: "nothing used costs nothing", usages: []pricing.Usage{{SKU: query(), Quantity: 0}}, want: []float64{0}},
		{
			name: "unpriced is not free", usages: []pricing.Usage{{SKU: query("os=Windows"), Quantity: 1}, {SKU: query(), Quantity: 1}},
			want: []float64{math.NaN(), 0.005},
			err: "pricing: no rate for AmazonECS Fargate-GB-Hours in eu-west-2 (os=Windows) in the price snapshot of 2026-10-01: " +
				"there is (cpuArchitecture=X86;os=Linux)",
		},
		{
			name: "open tier", usages: []pricing.Usage{{SKU: open.SKU, Quantity: 1}}, want: []float64{math.NaN()},
			err: "pricing: AWSLambda Lambda-GB-Second in eu-west-2 (tier=2): the source gives no tier boundaries",
		},
		{
			name: "negative", usages: []pricing.Usage{{SKU: query(), Quantity: -1}, {SKU: query(), Quantity: 10}}, want: []float64{math.NaN(), 0.05},
			err: "pricing: AmazonECS Fargate-GB-Hours in eu-west-2: quantity is -1, want a finite number of zero or more",
		},
		{
			name: "unknown quantity", usages: []pricing.Usage{{SKU: query(), Quantity: math.NaN()}}, want: []float64{math.NaN()},
			err: "pricing: AmazonECS Fargate-GB-Hours in eu-west-2: quantity is NaN, want a finite number of zero or more",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			charges := catalog.Charge(tt.usages, tt.terms)
			if len(charges) != len(tt.want) {
				t.Fatalf("%d charges, want %d", len(charges), len(tt.want))
			}
			for i, c := range charges {
				if c.Usage.SKU != tt.usages[i].SKU {
					t.Errorf("charge %d is of %v: order lost", i, c.Usage.SKU)
				}
				if math.IsNaN(tt.want[i]) != (c.Err != nil) {
					t.Errorf("charge %d: error %v, want cost %v", i, c.Err, tt.want[i])
				}
				if c.Err != nil {
					if i == 0 && c.Err.Error() != tt.err {
						t.Errorf("error:\n got %v\nwant %s", c.Err, tt.err)
					}
					continue
				}
				if !near(c.ListCost, tt.want[i]) || !near(c.EffectiveCost, tt.want[i]) || !near(c.ListUnitPrice*c.PricingQuantity, c.ListCost) {
					t.Errorf("charge %d: %v × %v is list %v and effective %v, want %v", i, c.ListUnitPrice, c.PricingQuantity, c.ListCost, c.EffectiveCost, tt.want[i])
				}
				if tt.free != nil && !near(c.FreeQuantity, tt.free[i]) {
					t.Errorf("charge %d: %v free, want %v", i, c.FreeQuantity, tt.free[i])
				}
			}
		})
	}
}

// near compares sums of money to within the rounding of their additions.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(a)) }

func TestSplittingAUsageNeverChangesTheSum(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	catalog := pricing.NewCatalog("2026-10-01", []pricing.Rate{egress("eu-west-2"), egress("us-east-1")})
	terms := pricing.Terms{Allowances: pricing.DefaultAllowances()}
	sum := func(usages []pricing.Usage) (list, free float64) {
		for _, c := range catalog.Charge(usages, terms) {
			if c.Err != nil {
				t.Fatal(c.Err)
			}
			list += c.ListCost
			free += c.FreeQuantity
		}
		return list, free
	}
	for range 500 {
		var whole, split []pricing.Usage
		for _, region := range []string{"us-east-1", "eu-west-2"} {
			u := pricing.Usage{SKU: pricing.NewSKU("AWSDataTransfer", "DataTransfer-Out-Bytes", region), Quantity: random.Float64() * 200_000 * random.Float64()}
			whole = append(whole, u)
			for rest := u.Quantity; ; {
				part := rest * random.Float64()
				if random.IntN(4) == 0 {
					part = rest
				}
				split = append(split, pricing.Usage{SKU: u.SKU, Quantity: part})
				if rest -= part; rest == 0 {
					break
				}
			}
		}
		random.Shuffle(len(split), func(i, j int) { split[i], split[j] = split[j], split[i] })
		a, freeA := sum(whole)
		b, freeB := sum(split)
		if !near(a, b) || !near(freeA, freeB) {
			t.Fatalf("whole %v and %v free, in %d parts %v and %v free", a, freeA, len(split), b, freeB)
		}
	}
}

func TestRateCost(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		tiers    []pricing.Tier
		quantity float64
		want     float64
		parts    int
	}{
		{"nothing", egress("x").Tiers, 0, 0, 0},
		{"first tier", egress("x").Tiers, 100, 9, 1},
		{"to the end of the first tier", egress("x").Tiers, 10240, 921.6, 1},
		{"into the second", egress("x").Tiers, 10241, 921.685, 2},
		{"all tiers", egress("x").Tiers, 61200, 10240*0.09 + 40960*0.085 + 10000*0.07, 3},
		{"below a first tier that starts late", []pricing.Tier{{From: 3000, To: inf(), USD: 0.005}}, 3000, 0, 0},
		{"above it", []pricing.Tier{{From: 3000, To: inf(), USD: 0.005}}, 4000, 5, 1},
		{"negative", egress("x").Tiers, -5, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, parts := pricing.Rate{Tiers: tt.tiers}.Cost(tt.quantity)
			if !near(got, tt.want) || len(parts) != tt.parts {
				t.Errorf("USD %v in %d parts, want %v in %d", got, len(parts), tt.want, tt.parts)
			}
		})
	}
}

func TestRateCostProperties(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		var r pricing.Rate
		from := 0.0
		for range random.IntN(5) {
			to := from + 1 + random.Float64()*1000
			r.Tiers = append(r.Tiers, pricing.Tier{From: from, To: to, USD: random.Float64()})
			from = to
		}
		r.Tiers = append(r.Tiers, pricing.Tier{From: from, To: inf(), USD: random.Float64()})
		q := random.Float64() * 6000
		usd, parts := r.Cost(q)
		more, _ := r.Cost(q + random.Float64())
		if more < usd {
			t.Fatalf("%v: %v units cost %v, more of them %v", r.Tiers, q, usd, more)
		}
		var cost, quantity float64
		for _, p := range parts {
			cost += p.Cost
			quantity += p.Quantity
			if !near(p.Cost, p.Quantity*p.Tier.USD) {
				t.Fatalf("%+v: cost is not quantity × price", p)
			}
		}
		if !near(cost, usd) || !near(quantity, q) {
			t.Fatalf("%v: parts sum to %v for %v units, want %v for %v", r.Tiers, cost, quantity, usd, q)
		}
	}
}
