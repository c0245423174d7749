package pricing

import (
	"fmt"
	"math"
	"strings"
)

// Shares of the EC2 On-Demand price that AWS asks for managing an ECS Managed
// Instance. The price file of 2025-10-27 fits 12 % of the price rounded to 4
// decimals for all but 3 of 892 types; from 2026-07-01 G families went down by
// 35 % and P and Trainium families by 60 % (AWS's GPU fee note of 2026-07-07).
const (
	feeShare      = 0.12
	feeShareG     = 0.078
	feeSharePTrn  = 0.048
	feeDecimals   = 1e4 // the On-Demand price is rounded to 4 decimals first
	assumedFeeFmt = "Managed Instances fee taken as %g %% of EC2 On-Demand rounded to 4 decimals, the rule that the known fees follow"
)

// assumedFee returns the fee of a type that is newer than the fee table. Types
// that the table could have listed and did not, and families that Managed
// Instances leave out, have none.
func (f *files) assumedFee(e *ec2File, row *ec2Row, query SKU) (Rate, bool, error) {
	x, err := f.instanceTypes()
	if err != nil || x == nil {
		return Rate{}, false, err
	}
	name := row.cells[0]
	i, ok := x.find(name)
	if !ok || withoutManagedInstances(name) {
		return Rate{}, false, nil
	}
	t, err := f.readType(x, i)
	if err != nil {
		return Rate{}, false, err
	}
	if t.Source == e.rest.source {
		// The reference of 2025-05 knew the type: the fee table was made
		// with its price at hand.
		return Rate{}, false, nil
	}
	share := managedFeeShare(name)
	usd := math.Round(row.prices[ec2Linux]*feeDecimals) / feeDecimals * share
	return Rate{
		SKU: SKU{Service: query.Service, UsageType: query.UsageType, Region: query.Region}, Unit: "hours",
		Tiers: []Tier{{To: math.Inf(1), USD: usd}}, AsOf: row.linux.asOf, Source: row.linux.source,
		Assumed: fmt.Sprintf(assumedFeeFmt, math.Round(share*1000)/10),
	}, true, nil
}

// managedFeeShare is the share of On-Demand for a type's family.
func managedFeeShare(instanceType string) float64 {
	family, _, _ := strings.Cut(instanceType, ".")
	letters := strings.TrimRight(family[:firstDigit(family)], "-")
	switch letters {
	case "g", "gr":
		return feeShareG
	case "p", "trn":
		return feeSharePTrn
	}
	return feeShare
}

// withoutManagedInstances reports whether a type is none of Managed Instances'
// as far as the price file of 2025-10-27 tells.
func withoutManagedInstances(instanceType string) bool {
	family, size, _ := strings.Cut(instanceType, ".")
	switch {
	case size == "nano" || size == "micro":
		return strings.HasPrefix(family, "t")
	case strings.HasPrefix(family, "u-"), strings.HasPrefix(family, "mac"):
		return true
	}
	switch family {
	case "t1", "t2", "m1", "m2", "m3", "m4", "c1", "c3", "c4", "r3", "r4", "a1", "inf1", "inf2", "trn1", "x1e", "c6gn":
		return true
	}
	return false
}

func firstDigit(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			return i
		}
	}
	return len(s)
}
