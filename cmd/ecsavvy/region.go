package main

import "ecsavvy/advisor/design"

// fallbackRegion is taken where nobody names a region: AWS's first one, the
// cheapest or equal to it for everything that Fargate needs.
const fallbackRegion = "us-east-1"

// defaultRegion is the region to take where neither a flag nor the input names
// one, with the assumption that says so.
func defaultRegion(d *deps) design.Fact[string] {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if v, _ := d.env(name); v != "" {
			return design.Assume(v, "no region is stated; "+v+" is taken from "+name)
		}
	}
	return design.Assume(fallbackRegion, "no region is stated; "+fallbackRegion+" is taken")
}
