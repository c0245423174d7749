package pricing

import (
	"fmt"
	"sort"
	"strings"
)

// Global is the region of rates that AWS charges alike everywhere
// (Route 53, the ECS control plane).
const Global = "global"

// SKU names what AWS sells: one usage type of one service in one region, told
// apart from its siblings by attributes.
//
// As a query, Attributes holds the ones that a rate must carry; as the SKU of
// a Rate it holds all of them.
type SKU struct {
	// Service is AWS's service code: "AmazonECS", "AWSELB".
	Service string
	// UsageType is AWS's usage type without the region's billing prefix:
	// "Fargate-GB-Hours", not "EUW2-Fargate-GB-Hours".
	UsageType string
	// Region is the region code ("eu-west-2") or Global.
	Region string
	// Attributes tell siblings of one usage type apart, as sorted
	// "key=value" pairs joined by ';' ("cpuArchitecture=ARM;os=Linux").
	Attributes string
}

// NewSKU returns the SKU with its attributes ("key=value", any order) in
// canonical form.
func NewSKU(service, usageType, region string, attributes ...string) SKU {
	if len(attributes) > 1 {
		attributes = append([]string(nil), attributes...)
		sort.Strings(attributes)
	}
	return SKU{Service: service, UsageType: usageType, Region: region, Attributes: strings.Join(attributes, ";")}
}

// String is the SKU as error messages and reports name it.
func (s SKU) String() string {
	name := s.Service + " " + s.UsageType + " in " + s.Region
	if s.Attributes != "" {
		name += " (" + s.Attributes + ")"
	}
	return name
}

// carries reports whether every attribute of the query stands among those of s.
func (s SKU) carries(query string) bool {
	if query == "" || query == s.Attributes {
		return true
	}
	for want := range strings.SplitSeq(query, ";") {
		found := false
		for have := range strings.SplitSeq(s.Attributes, ";") {
			if have == want {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// less orders SKUs by their full key.
func (s SKU) less(o SKU) bool {
	switch {
	case s.Service != o.Service:
		return s.Service < o.Service
	case s.UsageType != o.UsageType:
		return s.UsageType < o.UsageType
	case s.Region != o.Region:
		return s.Region < o.Region
	default:
		return s.Attributes < o.Attributes
	}
}

// NotFoundError says that the catalogue has no rate for a SKU. It is never
// answered with a price of zero.
type NotFoundError struct {
	SKU SKU
	// Snapshot is the date of the catalogue that was asked.
	Snapshot string
	// Hint is what there is instead, or why there is nothing; it may be
	// empty.
	Hint string
}

func (e *NotFoundError) Error() string {
	msg := fmt.Sprintf("pricing: no rate for %s in the price snapshot of %s", e.SKU, e.Snapshot)
	if e.Hint != "" {
		msg += ": " + e.Hint
	}
	return msg
}

// AmbiguousError says that a query matched more than one rate: it lacks an
// attribute.
type AmbiguousError struct {
	SKU     SKU
	Matches []SKU
}

func (e *AmbiguousError) Error() string {
	names := make([]string, len(e.Matches))
	for i, m := range e.Matches {
		names[i] = "(" + m.Attributes + ")"
	}
	return fmt.Sprintf("pricing: %d rates match %s: %s; name the attribute that tells them apart",
		len(e.Matches), e.SKU, strings.Join(names, ", "))
}

// RegionError says that the catalogue does not know a region at all.
type RegionError struct {
	Region string
	// Nearest are known regions spelt most like it, best first.
	Nearest []string
	// Zone says that it is an Availability Zone of Nearest[0].
	Zone bool
}

func (e *RegionError) Error() string {
	switch {
	case e.Zone:
		return fmt.Sprintf("pricing: %q is an Availability Zone; name its region, %s", e.Region, e.Nearest[0])
	case len(e.Nearest) > 0:
		return fmt.Sprintf("pricing: no prices for region %q; did you mean %s?", e.Region, orList(e.Nearest))
	default:
		return fmt.Sprintf("pricing: no prices for region %q", e.Region)
	}
}
