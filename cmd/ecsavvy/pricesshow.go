package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecsavvy/advisor/design"
	"ecsavvy/cmd/internal/render"
	"ecsavvy/pricing"
)

type pricesShowOptions struct {
	deps *deps
	output
	region       string
	service      string
	instanceType string
}

func newPricesShowCmd(d *deps, runF func(*pricesShowOptions) error) *cobra.Command {
	opts := &pricesShowOptions{deps: d}
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print rates with unit, tiers, date and source",
		Long: `Print the rates of a service in a region as the built-in snapshot has them:
usage type, attributes, unit, tiers, USD, date, whether the rate is published or
computed, and its source.

Services:
` + serviceHelp() + `
A service code of AWS's price list ("AmazonECS") works too.`,
		Example: `  ecsavvy prices show --region eu-west-2 --service fargate
  ecsavvy prices show --region us-east-1 --service ec2 --type m7g.large
  ecsavvy prices show --service nat --format json | jq '.rates[].tiers'`,
		Args: args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			if err := opts.check(); err != nil {
				return err
			}
			if runF != nil {
				return runF(opts)
			}
			return pricesShowRun(opts)
		},
	}
	opts.output.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&opts.region, "region", "", "AWS `region`, or global; default AWS_REGION, AWS_DEFAULT_REGION, else us-east-1")
	flags.StringVar(&opts.service, "service", "", "`service` to show, or all (required)")
	flags.StringVar(&opts.instanceType, "type", "", "instance `type` of ec2 and managed-instances")
	fixedCompletion(cmd, "service", serviceNames())
	return cmd
}

func (o *pricesShowOptions) check() error {
	if o.service == "" {
		return as(usage, fmt.Errorf("--service is required: one of %s", strings.Join(serviceNames(), ", ")))
	}
	return o.output.check(o.deps)
}

func pricesShowRun(opts *pricesShowOptions) error {
	d := opts.deps
	cat := d.catalog()
	region := design.Know(opts.region)
	if opts.region == "" {
		region = defaultRegion(d)
	}
	chosen, err := chooseService(cat, region.Value, opts.service)
	if err != nil {
		return err
	}
	if opts.instanceType != "" && !chosen.byType {
		return as(usage, fmt.Errorf("--type: %s has no instance types; use it with --service ec2 or managed-instances", opts.service))
	}
	rates, err := chosen.rates(cat, region.Value, opts.instanceType)
	if err != nil {
		return as(badInput, err)
	}
	if len(rates) == 0 {
		return as(badInput, fmt.Errorf("the price snapshot of %s has no rate of %s in %s", cat.SnapshotDate(), opts.service, region.Value))
	}
	opts.note(d, "%d rates of %s in %s", len(rates), opts.service, region.Value)
	list := render.PriceList{
		Region: region.Value, RegionNote: region.Note, Service: chosen.name,
		Snapshot: cat.SnapshotDate(), AsOf: opts.asOf, Rates: rates,
	}
	for _, r := range cat.Regions() {
		if r.Code == region.Value {
			list.Location = r.Location
		}
	}
	return opts.print(d, render.Prices(list))
}

// chooseService finds a service by our name, by AWS's code, or explains.
func chooseService(cat *pricing.Catalog, region, name string) (priceService, error) {
	for _, s := range priceServices() {
		if strings.EqualFold(s.name, name) {
			return s, nil
		}
	}
	rates, err := cat.Rates(region)
	if err != nil {
		return priceService{}, as(badInput, err)
	}
	if strings.EqualFold(name, "all") {
		return priceService{name: "all services", selects: func(*pricing.SKU) bool { return true }}, nil
	}
	for i := range rates {
		if code := rates[i].SKU.Service; strings.EqualFold(code, name) {
			return priceService{name: code, selects: func(s *pricing.SKU) bool { return s.Service == code }}, nil
		}
	}
	return priceService{}, as(usage, fmt.Errorf("--service: no service is called %q; want all or one of %s", name, strings.Join(serviceNames(), ", ")))
}

// rates are the service's rates in a region.
func (s priceService) rates(cat *pricing.Catalog, region, instanceType string) ([]pricing.Rate, error) {
	if s.byType {
		return instanceRates(cat, region, instanceType, s.selects)
	}
	all, err := cat.Rates(region)
	if err != nil {
		return nil, err
	}
	var rates []pricing.Rate
	for _, r := range all {
		if s.selects(&r.SKU) {
			rates = append(rates, r)
		}
	}
	return rates, nil
}

// instanceRates are the rates of one instance type, or the plain ones (On-Demand
// Linux, the fee) of every type in the region.
func instanceRates(cat *pricing.Catalog, region, instanceType string, selects func(*pricing.SKU) bool) ([]pricing.Rate, error) {
	types, err := cat.InstancesIn(region)
	if err != nil {
		return nil, err
	}
	if instanceType != "" {
		if _, err := cat.InstanceType(instanceType); err != nil && !slices.Contains(types, instanceType) {
			return nil, err
		}
		types = []string{instanceType}
	}
	var rates []pricing.Rate
	for _, name := range types {
		all, err := cat.InstanceRates(region, name)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			plain := strings.HasPrefix(r.SKU.UsageType, "BoxUsage:") && r.SKU.Service == "AmazonEC2" && r.SKU.Attributes == "operatingSystem=Linux" ||
				r.SKU.Service == "AmazonECS"
			if selects(&r.SKU) && (instanceType != "" || plain) {
				rates = append(rates, r)
			}
		}
	}
	return rates, nil
}
