package pricing_test

import (
	"strings"
	"testing"

	"ecsavvy/pricing"
)

const privateHeader = "service,usage_type,region,unit,usd,as_of,source,attributes\n"

func TestPrivateRates(t *testing.T) {
	cat, err := pricing.Embedded().WithPrivateRates("rates.csv", strings.NewReader(privateHeader+
		"AmazonECS,Fargate-vCPU-Hours:perCPU,eu-west-1,hours,0.0365,2026-10-01,PPA 2026,\n"+
		"AmazonEC2,BoxUsage:m6i.large,eu-west-1,Hrs,0.09,2026-10-01,,operatingSystem=Linux\n"))
	if err != nil {
		t.Fatal(err)
	}
	own, err := cat.Lookup(pricing.NewSKU("AmazonECS", "Fargate-vCPU-Hours:perCPU", "eu-west-1"))
	if err != nil || own.Tiers[0].USD != 0.0365 || !own.Private || own.Source != "rates.csv:2 PPA 2026" {
		t.Errorf("%+v, %v", own, err)
	}
	if box, err := cat.Lookup(pricing.NewSKU("AmazonEC2", "BoxUsage:m6i.large", "eu-west-1", "operatingSystem=Linux")); err != nil || box.Tiers[0].USD != 0.09 {
		t.Errorf("%+v, %v", box, err)
	}
	if list, err := cat.Lookup(pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "eu-west-1")); err != nil || list.Private {
		t.Errorf("what no row names is not private: %+v, %v", list, err)
	}
}

func TestPrivateRatesErrors(t *testing.T) {
	const row = "AmazonECS,Fargate-vCPU-Hours:perCPU,eu-west-1,hours,0.0365,2026-10-01,PPA,\n"
	tests := []struct{ name, in, want string }{
		{"empty", "", "r.csv: empty: want the columns service, usage_type, region, unit, usd, as_of, source"},
		{"column", "service,usage_type\n", "r.csv:1: no column region: want service, usage_type, region, unit, usd, as_of, source"},
		{"twice", privateHeader + row + row, "r.csv:3: a second rate of AmazonECS Fargate-vCPU-Hours:perCPU in eu-west-1 (cpuArchitecture=X86;cputype=perCPU;os=Linux), after row 2"},
		{"unit", privateHeader + strings.Replace(row, "hours", "GB", 1), `r.csv:2: unit "GB": AmazonECS Fargate-vCPU-Hours:perCPU in eu-west-1 (cpuArchitecture=X86;cputype=perCPU;os=Linux) is sold by "hours"`},
		{"price", privateHeader + strings.Replace(row, "0.0365", "-1", 1), `r.csv:2: usd "-1": want a price of 0 or more`},
		{"date", privateHeader + strings.Replace(row, "2026-10-01", "October", 1), `r.csv:2: as_of "October": want a date such as 2026-10-01`},
		{"region", privateHeader + strings.Replace(row, "eu-west-1", "eu-west-9", 1), `r.csv:2: no prices for region "eu-west-9"; did you mean `},
		{"usage type", privateHeader + strings.Replace(row, "vCPU", "VCPU", 1), `r.csv:2: no rate for AmazonECS Fargate-VCPU-Hours:perCPU in eu-west-1`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := pricing.Embedded().WithPrivateRates("r.csv", strings.NewReader(tt.in))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func FuzzPrivateRates(f *testing.F) {
	f.Add(privateHeader + "AmazonECS,Fargate-GB-Hours,eu-west-1,hours,1,2026-10-01,x,\n")
	cat := pricing.NewCatalog("2026-01-01", []pricing.Rate{{SKU: pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "eu-west-1"), Unit: "hours", Tiers: []pricing.Tier{{USD: 1}}}})
	f.Fuzz(func(t *testing.T, text string) {
		with, err := cat.WithPrivateRates("f", strings.NewReader(text))
		if err != nil {
			return
		}
		if r, err := with.Lookup(pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "eu-west-1")); err != nil || !(r.Tiers[0].USD >= 0) {
			t.Errorf("%+v, %v", r, err)
		}
	})
}
