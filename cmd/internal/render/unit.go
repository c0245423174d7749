package render

import "strings"

// unit is AWS's pricing unit as tables print it. AWS's price list says "hours"
// for vCPU-hours and for GB-hours alike; the usage type tells them apart.
func unit(awsUnit, usageType string) string {
	switch strings.ToLower(awsUnit) {
	case "hours", "hour", "hrs":
		switch {
		case strings.Contains(usageType, "vCPU-Hours"), strings.Contains(usageType, "OS-Hours:perCPU"), strings.HasPrefix(usageType, "CPUCredits:"):
			return "vCPU-h"
		case strings.Contains(usageType, "GB-Hours"):
			return "GB-h"
		default:
			return "h"
		}
	case "gb-hours":
		return "GB-h"
	case "vcpu-hours":
		return "vCPU-h"
	case "lcu-hrs":
		return "LCU-h"
	case "gb-mo":
		return "GB-mo"
	case "iops-mo":
		return "IOPS-mo"
	case "mibps-mo", "mibps-hrs":
		return "MiB/s-mo"
	case "gb", "gigabytes":
		return "GB"
	case "api requests", "api calls", "request", "requests":
		return "calls"
	case "resource-mo", "hostedzone-mo", "healthcheck-mo":
		return strings.TrimSuffix(strings.ToLower(awsUnit), "-mo") + "-mo"
	case "lambda-gb-second":
		return "GB-s"
	default:
		return strings.ToLower(awsUnit)
	}
}

// hourly reports whether a unit counts time that something stands or runs, and
// not what passes through it.
func hourly(awsUnit string) bool {
	switch strings.ToLower(awsUnit) {
	case "hours", "hour", "hrs", "gb-hours", "vcpu-hours":
		return true
	default:
		return false
	}
}
