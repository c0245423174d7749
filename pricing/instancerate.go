package pricing

import (
	"fmt"
	"math"
	"strings"
)

// Texts of assumptions about instance prices.
const (
	// assumedSpot: ec2-instances-info publishes an average and no period.
	assumedSpot = "average Spot price over a period that the source does not state; Spot floats"
	// assumedInstancePlan: no file of EC2 Savings Plans rates was to be had;
	// the plans are described as about equal to standard reservations.
	assumedInstancePlan = "EC2 Instance Savings Plan taken as the standard Reserved Instance rate of the same term and payment"
	// assumedComputePlan: see computePlanFactor.
	assumedComputePlan = "Compute Savings Plan taken as the convertible Reserved Instance rate × 1.10 (range 1.00 to 1.10)"
	assumedCap         = ", but no more than On-Demand"
)

// computePlanFactor times a convertible Reserved Instance rate stands in for a
// Compute Savings Plan rate. It rests on the one plan rate that was found:
// m6a.xlarge in us-east-1, 1 year, no upfront, 0.13965 on 2026-10-01, beside a
// convertible rate of 0.12695. The rate itself would overstate savings.
const computePlanFactor = 1.10

// instanceProduct is what is sold of an instance type.
type instanceProduct int

const (
	notInstance instanceProduct = iota
	onDemand
	spot
	reserved
	savingsPlan
	managedFee
)

// instanceProduct tells which product of which instance type a SKU names.
func (s SKU) instanceProduct() (product instanceProduct, instanceType string) {
	switch s.Service {
	case "AmazonEC2":
		for _, p := range [...]struct {
			prefix  string
			product instanceProduct
		}{{"BoxUsage:", onDemand}, {"SpotUsage:", spot}, {"HeavyUsage:", reserved}} {
			if name, ok := strings.CutPrefix(s.UsageType, p.prefix); ok {
				return p.product, name
			}
		}
	case "AWSComputeSavingsPlan":
		if name, ok := strings.CutPrefix(s.UsageType, "BoxUsage:"); ok {
			return savingsPlan, name
		}
	case "AmazonECS":
		if name, ok := strings.CutPrefix(s.UsageType, "ECS-Managed-Instances:"); ok {
			if name, ok := strings.CutSuffix(name, "-management-hours"); ok {
				return managedFee, name
			}
		}
	}
	return notInstance, ""
}

// instanceOffer is one rate that a row may hold.
type instanceOffer struct {
	attributes string
	column     int
}

// offers are the rates of a product, by column of the EC2 file.
func (p instanceProduct) offers() []instanceOffer {
	switch p {
	case onDemand:
		return []instanceOffer{{"operatingSystem=Linux", ec2Linux}, {"operatingSystem=Windows", ec2Windows}}
	case spot:
		return []instanceOffer{{"operatingSystem=Linux", ec2Spot}}
	case managedFee:
		return []instanceOffer{{"", ec2Fee}}
	case reserved:
		return []instanceOffer{
			{"offeringClass=convertible;operatingSystem=Linux;payment=No Upfront;term=1yr", ec2Convertible},
			{"offeringClass=convertible;operatingSystem=Linux;payment=Partial Upfront;term=1yr", ec2Convertible + 1},
			{"offeringClass=convertible;operatingSystem=Linux;payment=All Upfront;term=1yr", ec2Convertible + 2},
			{"offeringClass=convertible;operatingSystem=Linux;payment=No Upfront;term=3yr", ec2Convertible + 3},
			{"offeringClass=convertible;operatingSystem=Linux;payment=Partial Upfront;term=3yr", ec2Convertible + 4},
			{"offeringClass=convertible;operatingSystem=Linux;payment=All Upfront;term=3yr", ec2Convertible + 5},
			{"offeringClass=standard;operatingSystem=Linux;payment=No Upfront;term=1yr", ec2Standard},
			{"offeringClass=standard;operatingSystem=Linux;payment=Partial Upfront;term=1yr", ec2Standard + 1},
			{"offeringClass=standard;operatingSystem=Linux;payment=All Upfront;term=1yr", ec2Standard + 2},
			{"offeringClass=standard;operatingSystem=Linux;payment=No Upfront;term=3yr", ec2Standard + 3},
			{"offeringClass=standard;operatingSystem=Linux;payment=Partial Upfront;term=3yr", ec2Standard + 4},
			{"offeringClass=standard;operatingSystem=Linux;payment=All Upfront;term=3yr", ec2Standard + 5},
		}
	case savingsPlan:
		return []instanceOffer{
			{"os=Linux;payment=No Upfront;plan=Compute;term=1yr", ec2Convertible},
			{"os=Linux;payment=Partial Upfront;plan=Compute;term=1yr", ec2Convertible + 1},
			{"os=Linux;payment=All Upfront;plan=Compute;term=1yr", ec2Convertible + 2},
			{"os=Linux;payment=No Upfront;plan=Compute;term=3yr", ec2Convertible + 3},
			{"os=Linux;payment=Partial Upfront;plan=Compute;term=3yr", ec2Convertible + 4},
			{"os=Linux;payment=All Upfront;plan=Compute;term=3yr", ec2Convertible + 5},
			{"os=Linux;payment=No Upfront;plan=EC2Instance;term=1yr", ec2Standard},
			{"os=Linux;payment=Partial Upfront;plan=EC2Instance;term=1yr", ec2Standard + 1},
			{"os=Linux;payment=All Upfront;plan=EC2Instance;term=1yr", ec2Standard + 2},
			{"os=Linux;payment=No Upfront;plan=EC2Instance;term=3yr", ec2Standard + 3},
			{"os=Linux;payment=Partial Upfront;plan=EC2Instance;term=3yr", ec2Standard + 4},
			{"os=Linux;payment=All Upfront;plan=EC2Instance;term=3yr", ec2Standard + 5},
		}
	}
	return nil
}

// rate returns the rate of an offer, or ok false where the row has none.
func (e *ec2File) rate(row *ec2Row, p instanceProduct, o instanceOffer, query SKU) (r Rate, ok bool) {
	usd := row.prices[o.column]
	r = Rate{
		SKU:  SKU{Service: query.Service, UsageType: query.UsageType, Region: query.Region, Attributes: o.attributes},
		Unit: "Hrs", AsOf: e.rest.asOf, Source: e.rest.source,
	}
	switch {
	case o.column == ec2Linux:
		r.AsOf, r.Source = row.linux.asOf, row.linux.source
	case p == spot:
		r.Assumed, r.Floats = assumedSpot, true
	case p == managedFee:
		r.Unit, r.AsOf, r.Source = "hours", e.fee.asOf, e.fee.source
	case p == savingsPlan:
		r.Assumed = assumedInstancePlan
		if o.column < ec2Standard {
			r.Assumed = assumedComputePlan
			usd *= computePlanFactor
		}
		if usd > row.prices[ec2Linux] {
			usd = row.prices[ec2Linux]
			r.Assumed += assumedCap
		}
	}
	if math.IsNaN(usd) {
		return Rate{}, false
	}
	r.Tiers = []Tier{{To: math.Inf(1), USD: usd}}
	return r, true
}

// instanceRates appends the rates that a query for an instance type matches.
func (f *files) instanceRates(rates []Rate, query SKU, p instanceProduct, instanceType string) ([]Rate, error) {
	e, err := f.instances(query.Region)
	if err != nil || e == nil {
		return rates, err
	}
	row, ok, err := e.row(instanceType)
	if err != nil || !ok {
		return rates, err
	}
	for _, o := range p.offers() {
		if !(SKU{Attributes: o.attributes}).carries(query.Attributes) {
			continue
		}
		if r, ok := e.rate(&row, p, o, query); ok {
			rates = append(rates, r)
		} else if p == managedFee {
			if r, ok, err = f.assumedFee(e, &row, query); err != nil {
				return rates, err
			} else if ok {
				rates = append(rates, r)
			}
		}
	}
	return rates, nil
}

// InstanceRates returns every rate of an instance type in a region (On-Demand,
// Spot, Reserved Instances, Savings Plans, Managed Instances fee), by SKU.
func (c *Catalog) InstanceRates(region, instanceType string) ([]Rate, error) {
	var rates []Rate
	for _, s := range [...]SKU{
		{Service: "AWSComputeSavingsPlan", UsageType: "BoxUsage:" + instanceType, Region: region},
		{Service: "AmazonEC2", UsageType: "BoxUsage:" + instanceType, Region: region},
		{Service: "AmazonEC2", UsageType: "HeavyUsage:" + instanceType, Region: region},
		{Service: "AmazonEC2", UsageType: "SpotUsage:" + instanceType, Region: region},
		{Service: "AmazonECS", UsageType: "ECS-Managed-Instances:" + instanceType + "-management-hours", Region: region},
	} {
		matches, err := c.match(nil, s)
		if err != nil {
			return nil, err
		}
		sortRates(matches)
		rates = append(rates, matches...)
	}
	return rates, nil
}

// InstancesIn returns the names of the instance types that have an On-Demand
// price in a region's file, in order.
func (c *Catalog) InstancesIn(region string) ([]string, error) {
	if err := c.knows(region); err != nil {
		return nil, err
	}
	if c.files == nil {
		return nil, nil
	}
	e, err := c.files.instances(region)
	if err != nil || e == nil {
		return nil, err
	}
	return e.index.names(), nil
}

// Interruption returns how often Spot instances of a type are interrupted in a
// month, as AWS's Spot Instance advisor bands it: "<5%", "5-10%", "10-15%",
// "15-20%" or ">20%".
func (c *Catalog) Interruption(region, instanceType string) (band string, ok bool) {
	if c.files == nil {
		return "", false
	}
	e, err := c.files.instances(region)
	if err != nil || e == nil {
		return "", false
	}
	row, ok, err := e.row(instanceType)
	if err != nil || !ok {
		return "", false
	}
	return row.cells[ec2Interruption], row.cells[ec2Interruption] != ""
}

// noInstance says why a region has no price of an instance type, where that
// can be said.
func (c *Catalog) noInstance(region, instanceType string) string {
	if c.files == nil {
		return ""
	}
	e, err := c.files.instances(region)
	if err != nil {
		return ""
	}
	if e == nil {
		return "the snapshot has no EC2 prices of " + region
	}
	if _, ok := e.index.find(instanceType); ok {
		return ""
	}
	if _, err := c.InstanceType(instanceType); err != nil {
		return strings.TrimPrefix(err.Error(), "pricing: ")
	}
	return fmt.Sprintf("%s has no price in %s", instanceType, region)
}
