package pricing

import (
	"slices"
	"sort"
)

// Lookup returns the one rate that a query matches: same service, usage type
// and region, and every attribute of the query among the rate's. None is a
// *NotFoundError, more than one an *AmbiguousError, a region without prices a
// *RegionError. EC2 instances have rates through the same door:
//
//	AmazonEC2             BoxUsage:m5.large    operatingSystem=Linux|Windows
//	AmazonEC2             SpotUsage:m5.large   operatingSystem=Linux
//	AmazonEC2             HeavyUsage:m5.large  offeringClass=standard|convertible, term=1yr|3yr, payment=No|Partial|All Upfront
//	AWSComputeSavingsPlan BoxUsage:m5.large    plan=Compute|EC2Instance, term, payment, os=Linux
//	AmazonECS             ECS-Managed-Instances:m5.large-management-hours
func (c *Catalog) Lookup(query SKU) (Rate, error) {
	var space [2]Rate
	matches, err := c.match(space[:0], query)
	if err != nil {
		return Rate{}, err
	}
	switch len(matches) {
	case 1:
		return matches[0], nil
	case 0:
		return Rate{}, c.notFound(query)
	}
	sortRates(matches)
	ambiguous := &AmbiguousError{SKU: query}
	for _, r := range matches {
		ambiguous.Matches = append(ambiguous.Matches, r.SKU)
	}
	return Rate{}, ambiguous
}

// match appends the rates that a query matches.
func (c *Catalog) match(rates []Rate, query SKU) ([]Rate, error) {
	if err := c.knows(query.Region); err != nil {
		return nil, err
	}
	var own []Rate
	if len(c.own) > 0 {
		own = c.own[query.key()]
	}
	for i := range own {
		if own[i].SKU.carries(query.Attributes) {
			rates = append(rates, own[i])
		}
	}
	if c.files == nil {
		return rates, nil
	}
	before := len(rates)
	var err error
	if product, instanceType := query.instanceProduct(); product != notInstance {
		rates, err = c.files.instanceRates(rates, query, product, instanceType)
	} else {
		rates, err = c.files.filedRates(rates, query)
	}
	if err != nil {
		return nil, err
	}
	if len(own) > 0 {
		filed := slices.DeleteFunc(rates[before:], func(r Rate) bool { return c.replaced(r.SKU) })
		rates = rates[:before+len(filed)]
	}
	return rates, nil
}

// filedRates appends the rates of a region's file that a query matches.
func (f *files) filedRates(rates []Rate, query SKU) ([]Rate, error) {
	filed, err := f.rates(query.Region)
	if err != nil {
		return nil, err
	}
	lo, hi := span(filed, query)
	for i := lo; i < hi; i++ {
		if filed[i].SKU.carries(query.Attributes) {
			rates = append(rates, filed[i])
		}
	}
	return rates, nil
}

// span is where the rates of the query's service and usage type lie among a
// region's, which are in order.
func span(rates []Rate, query SKU) (lo, hi int) {
	lo = sort.Search(len(rates), func(i int) bool {
		s := &rates[i].SKU
		return s.Service > query.Service || s.Service == query.Service && s.UsageType >= query.UsageType
	})
	for hi = lo; hi < len(rates) && rates[hi].SKU.UsageType == query.UsageType && rates[hi].SKU.Service == query.Service; hi++ {
	}
	return lo, hi
}

// notFound is the error for a query without a match, with a hint where there
// is one to give.
func (c *Catalog) notFound(query SKU) error {
	e := &NotFoundError{SKU: query, Snapshot: c.SnapshotDate()}
	if product, instanceType := query.instanceProduct(); product != notInstance {
		e.Hint = c.noInstance(query.Region, instanceType)
	}
	if e.Hint == "" && query.Attributes != "" {
		bare := query
		bare.Attributes = ""
		if others, err := c.match(nil, bare); err == nil && len(others) > 0 {
			sortRates(others)
			e.Hint = "there is (" + others[0].SKU.Attributes + ")"
			for _, o := range others[1:] {
				e.Hint += ", (" + o.SKU.Attributes + ")"
			}
		}
	}
	return e
}

// sortRates puts rates in the order of their SKUs.
func sortRates(rates []Rate) {
	sort.Slice(rates, func(i, j int) bool { return rates[i].SKU.less(rates[j].SKU) })
}
