package pricing_test

import (
	"strconv"
	"testing"

	"ecsavvy/pricing"
)

// How to compare: go test -run '^$' -bench . -count 10 ./pricing > old.txt, the
// same into new.txt after the change, then benchstat old.txt new.txt.

// BenchmarkOpenRegion is what the first lookup in a region costs a new process.
func BenchmarkOpenRegion(b *testing.B) {
	query := pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "us-east-1")
	for b.Loop() {
		if _, err := pricing.Embedded().Lookup(query); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpenInstances is the same with an EC2 instance.
func BenchmarkOpenInstances(b *testing.B) {
	query := pricing.NewSKU("AmazonEC2", "BoxUsage:m5.large", "us-east-1", "operatingSystem=Linux")
	for b.Loop() {
		if _, err := pricing.Embedded().Lookup(query); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	catalog := pricing.Embedded()
	for _, bb := range []struct {
		name  string
		query pricing.SKU
	}{
		{"rate", pricing.NewSKU("AmazonECS", "Fargate-GB-Hours", "us-east-1", "cpuArchitecture=X86", "os=Linux")},
		{"instance", pricing.NewSKU("AmazonEC2", "BoxUsage:m5.large", "us-east-1", "operatingSystem=Linux")},
		{"plan", pricing.NewSKU("AWSComputeSavingsPlan", "BoxUsage:m5.large", "us-east-1", "plan=Compute", "term=1yr", "payment=No Upfront")},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := catalog.Lookup(bb.query); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCharge(b *testing.B) {
	catalog := pricing.Embedded()
	rates, err := catalog.Rates("us-east-1")
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{1000, 20000} {
		usages := make([]pricing.Usage, n)
		for i := range usages {
			usages[i] = pricing.Usage{SKU: rates[i%len(rates)].SKU, Quantity: float64(i)}
		}
		terms := pricing.Terms{Allowances: pricing.DefaultAllowances()}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				catalog.Charge(usages, terms)
			}
		})
	}
}

func BenchmarkInstanceTypes(b *testing.B) {
	catalog := pricing.Embedded()
	for b.Loop() {
		if len(catalog.InstanceTypes()) == 0 {
			b.Fatal("no instance types")
		}
	}
}
