package pricing

import (
	"math"
	"strings"
)

// Shortest times that Fargate bills for one task: a minute, five of Windows.
// Source: https://aws.amazon.com/fargate/pricing/, read 2026-09.
const (
	FargateMinimumSecondsLinux   = 60
	FargateMinimumSecondsWindows = 300
)

// BilledSeconds is how long Fargate bills for a task that took some seconds from
// the start of its image's download to its end: whole seconds, rounded up, and not less than
// the minimum of the operating system. A system whose name starts with
// "windows" in any case is Windows ("Windows", "WINDOWS_SERVER_2022_CORE"),
// any other Linux. Zero or fewer seconds are a task that never ran and bill
// nothing; NaN gives NaN.
func BilledSeconds(operatingSystem string, seconds float64) float64 {
	if seconds <= 0 || math.IsNaN(seconds) {
		return math.Max(seconds, 0)
	}
	const windows = "windows"
	minimum := float64(FargateMinimumSecondsLinux)
	if len(operatingSystem) >= len(windows) && strings.EqualFold(operatingSystem[:len(windows)], windows) {
		minimum = FargateMinimumSecondsWindows
	}
	return math.Max(math.Ceil(seconds), minimum)
}
