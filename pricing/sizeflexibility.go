package pricing

import (
	"strconv"
	"strings"
)

// A regional Linux reservation of default tenancy covers other sizes of its
// family, weighed by AWS's normalization factors.
//
// Source of this file: Amazon EC2 User Guide, "How Reserved Instance discounts
// are applied", https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html
// (edition with the families up to G6f and u7i, read 2026-11-20).

// instanceFamily is "m5" of "m5.large".
func instanceFamily(instanceType string) string {
	family, _, _ := strings.Cut(instanceType, ".")
	return family
}

// sizeFlexible reports whether reservations of the family and OS may cover
// other sizes. Tenancy and scope are the caller's to check.
func sizeFlexible(family, os string) bool {
	if os != "Linux" {
		return false // Windows, RHEL and SUSE have no size flexibility
	}
	switch family {
	case "g4ad", "g4dn", "g5", "g5g", "g6", "g6e", "g6f", "gr6", "gr6f",
		"hpc7a", "p5", "inf1", "inf2", "u7i-6tb", "u7i-8tb":
		return false
	}
	return true
}

// normalizationFactor returns AWS's factor of an instance type, or false where
// none is known: then only reservations of the very same type match it.
//
// All "N xlarge" sizes that AWS lists (2 to 112) have 8 × N, so other N do too.
// A "metal-48xl" has the factor of its family's 48xlarge ("the same as the
// equivalent virtualized instance size"); a plain "metal" is looked up.
func normalizationFactor(instanceType string) (float64, bool) {
	family, size, _ := strings.Cut(instanceType, ".")
	switch size {
	case "nano":
		return 0.25, true
	case "micro":
		return 0.5, true
	case "small":
		return 1, true
	case "medium":
		return 2, true
	case "large":
		return 4, true
	case "xlarge":
		return 8, true
	case "metal":
		return metalFactor(family)
	}
	count, found := strings.CutSuffix(size, "xlarge")
	if !found {
		if count, found = strings.CutPrefix(size, "metal-"); found {
			count, found = strings.CutSuffix(count, "xl")
		}
	}
	n, err := strconv.Atoi(count)
	if !found || err != nil || n < 1 {
		return 0, false
	}
	return 8 * float64(n), true
}

// metalFactor is AWS's table of bare metal sizes. Families that it does not
// list (c6a, c7g, m6in …) are not guessed. Its "r6d.metal" is left out: there
// is no such type.
func metalFactor(family string) (float64, bool) {
	switch family {
	case "a1":
		return 32, true
	case "m5zn", "x2iezn", "z1d":
		return 96, true
	case "c6g", "c6gd", "i3", "m6g", "m6gd", "r6g", "r6gd", "x2gd":
		return 128, true
	case "c5n":
		return 144, true
	case "c5", "c5d", "i3en", "m5", "m5d", "m5dn", "m5n", "r5", "r5b", "r5d", "r5dn", "r5n":
		return 192, true
	case "c6i", "c6id", "m6i", "m6id", "r6id":
		return 256, true
	case "u-18tb1", "u-24tb1":
		return 448, true
	case "u-6tb1", "u-9tb1", "u-12tb1":
		return 896, true
	}
	return 0, false
}
