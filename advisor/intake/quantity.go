package intake

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ecsavvy/advisor/design"
)

// quantity is one way to write an amount in a design file: what it is called in
// messages, in the schema and in the reference, and how it is read.
type quantity struct {
	// want completes "want …".
	want     string
	examples []string
	// parse reads a number or text. The month is in hours. An error with a
	// text of its own is added to the message.
	parse func(text string, month float64) (float64, error)
}

// errQuantity says that a text is not of the form that a quantity wants; the
// form itself is in the message already.
var errQuantity = errors.New("not a quantity")

// maxQuantity bounds what is believed, so that no product of a few of them
// leaves the range of a float64.
const maxQuantity = 1e15

// parseNumber reads a finite number of 0 or more. YAML's underscores are
// allowed ("1_000").
func parseNumber(text string) (float64, error) {
	text = strings.TrimSpace(text)
	if text == "" || strings.Trim(text, "0123456789.+eE_-") != "" {
		return 0, errQuantity
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	if err != nil {
		return 0, errQuantity
	}
	return bounded(n)
}

// bounded refuses what no bill can hold.
func bounded(n float64) (float64, error) {
	switch {
	case math.IsNaN(n) || n < 0:
		return 0, errors.New("it is below zero")
	case n > maxQuantity:
		return 0, errors.New("it is too large to be meant")
	default:
		return n, nil
	}
}

// splitNumber cuts "10 GB" into 10 and "GB".
func splitNumber(text string) (n float64, unit string, err error) {
	text = strings.TrimSpace(text)
	end := 0
	for end < len(text) && strings.IndexByte("0123456789._", text[end]) >= 0 {
		end++
	}
	// An exponent only where digits follow: "1e3", but not "3e".
	if rest := text[end:]; len(rest) > 1 && (rest[0] == 'e' || rest[0] == 'E') {
		digits := strings.TrimLeft(rest[1:], "+-")
		if len(digits) > 0 && digits[0] >= '0' && digits[0] <= '9' {
			end += len(rest) - len(digits)
			for end < len(text) && text[end] >= '0' && text[end] <= '9' {
				end++
			}
		}
	}
	n, err = parseNumber(text[:end])
	return n, strings.TrimSpace(text[end:]), err
}

// parseAmount reads a count of things, with k, M and G for thousands, millions
// and thousands of millions.
func parseAmount(text string) (float64, error) {
	n, unit, err := splitNumber(text)
	if err != nil {
		return 0, err
	}
	switch unit {
	case "":
	case "k", "K":
		n *= 1e3
	case "M":
		n *= 1e6
	case "G":
		n *= 1e9
	default:
		return 0, errQuantity
	}
	return bounded(n)
}

// count is a number of things that need not be whole: an average.
func count() quantity {
	return quantity{"a number, 0 or more", []string{"3.4"}, func(text string, _ float64) (float64, error) { return parseAmount(text) }}
}

// whole is a number of things that exist.
func whole() quantity {
	return quantity{"a whole number, 0 or more", []string{"3"}, func(text string, _ float64) (float64, error) {
		n, err := parseAmount(text)
		if err == nil && n != math.Trunc(n) {
			err = errors.New("it has a fraction")
		}
		return n, err
	}}
}

// share is a part of a whole, 0 to 1.
func share() quantity {
	return quantity{"a share such as 30% or 0.3", []string{"30%"}, func(text string, _ float64) (float64, error) {
		n, unit, err := splitNumber(text)
		switch {
		case err != nil:
			return 0, err
		case unit == "%":
			n /= 100
		case unit != "":
			return 0, errQuantity
		case n > 1:
			return 0, fmt.Errorf("%s percent is written %s%%", strings.TrimSpace(text), strings.TrimSpace(text))
		}
		if n > 1 {
			return 0, errors.New("it is more than all")
		}
		return n, nil
	}}
}

// percent is a number of percent, which may exceed 100.
func percent() quantity {
	return quantity{"a percentage such as 90%", []string{"90%", "200"}, func(text string, _ float64) (float64, error) {
		n, unit, err := splitNumber(text)
		if err == nil && unit != "" && unit != "%" {
			err = errQuantity
		}
		return n, err
	}}
}

// vcpu is a size in vCPU. Plain numbers up to 64 are vCPU, from 128 on they
// are ECS's CPU units; between the two nobody can tell.
func vcpu() quantity {
	const (
		mostVCPU   = 64  // more than any Fargate task, and most instances, have
		leastUnits = 128 // ECS's least for a Linux container that matters to a bill
	)
	return quantity{"vCPU (0.5) or CPU units (512)", []string{"0.5", "0.5 vCPU", "512", "512 units"}, func(text string, _ float64) (float64, error) {
		n, unit, err := splitNumber(text)
		if err != nil {
			return 0, err
		}
		switch strings.ToLower(unit) {
		case "vcpu", "vcpus":
			return n, nil
		case "unit", "units":
			return n / design.CPUUnitsPerVCPU, nil
		case "":
		default:
			return 0, errQuantity
		}
		switch {
		case n <= mostVCPU:
			return n, nil
		case n >= leastUnits && n == math.Trunc(n):
			return n / design.CPUUnitsPerVCPU, nil
		default:
			return 0, fmt.Errorf("a plain number up to %d is vCPU and a whole one from %d on is CPU units; write %s units or %s vCPU",
				mostVCPU, leastUnits, strings.TrimSpace(text), strings.TrimSpace(text))
		}
	}}
}

// memory is a size in GB. Plain numbers are MiB, as in ECS.
func memory() quantity {
	// Docker's least: "the minimum is 6 MiB" (container parameter memory in
	// docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html).
	const leastMiB = 6
	return quantity{"MiB (512) or an amount such as 1GB", []string{"1GB", "512", "512MB"}, func(text string, _ float64) (float64, error) {
		n, unit, err := splitNumber(text)
		if err != nil {
			return 0, err
		}
		if unit == "" {
			if n < leastMiB && n > 0 {
				plain := strings.TrimSpace(text)
				return 0, fmt.Errorf("a plain number is MiB, and %s of them hold no container; write %sGB", plain, plain)
			}
			return n / design.MiBPerGB, nil
		}
		return dataAmount(text)
	}}
}

// dataAmount reads "120GB" in GB of 2^30 bytes. Plain numbers are GB.
func dataAmount(text string) (float64, error) {
	n, unit, err := splitNumber(text)
	if err != nil {
		return 0, err
	}
	if unit == "" {
		return n, nil
	}
	one, err := design.ParseGB("1" + unit)
	if err != nil {
		return 0, errQuantity
	}
	return bounded(n * one)
}

// size is an amount of data at rest, in GB.
func size() quantity {
	return quantity{"an amount such as 20GB", []string{"20GB", "1.5TB"}, func(text string, _ float64) (float64, error) {
		return dataAmount(text)
	}}
}

// megabits is a bandwidth in Mbit/s.
func megabits() quantity {
	return quantity{"a bandwidth such as 50Mbps", []string{"50Mbps", "1Gbps"}, func(text string, _ float64) (float64, error) {
		n, unit, err := splitNumber(text)
		if err != nil {
			return 0, err
		}
		scale, ok := bitScale(unit)
		if unit == "" {
			scale, ok = 1, true
		}
		if !ok {
			return 0, errQuantity
		}
		return bounded(n * scale)
	}}
}

// bitScale is Mbit/s per unit; bits count in thousands.
func bitScale(unit string) (mbps float64, ok bool) {
	switch strings.ToLower(unit) {
	case "kbps", "kbit/s":
		return 1e-3, true
	case "mbps", "mbit/s":
		return 1, true
	case "gbps", "gbit/s":
		return 1e3, true
	default:
		return 0, false
	}
}

// throughput is MiB a second.
func throughput() quantity {
	return quantity{"a throughput such as 125MB/s", []string{"125MB/s"}, func(text string, _ float64) (float64, error) {
		n, unit, err := splitNumber(text)
		if err != nil || unit == "" {
			return n, err
		}
		unit, per, _ := strings.Cut(unit, "/")
		if per != "s" {
			return 0, errQuantity
		}
		one, err := design.ParseGB("1" + strings.TrimSpace(unit))
		if err != nil {
			return 0, errQuantity
		}
		return bounded(n * one * design.MiBPerGB)
	}}
}

// dollars is USD.
func dollars() quantity {
	return quantity{"an amount in USD such as 2.00", []string{"2.00"}, func(text string, _ float64) (float64, error) {
		return parseNumber(strings.TrimPrefix(strings.TrimSpace(text), "$"))
	}}
}

// retentionDays lists what CloudWatch Logs accepts.
// Source: retentionInDays in docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html.
func retentionDays() []float64 {
	return []float64{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
}

// retention is a number of days; 0 stands for logs that never expire.
func retention() quantity {
	return quantity{"a retention such as 30d, or never", []string{"30d", "never"}, func(text string, _ float64) (float64, error) {
		if strings.EqualFold(strings.TrimSpace(text), "never") {
			return 0, nil
		}
		n, unit, err := splitNumber(text)
		if err != nil {
			return 0, err
		}
		switch strings.ToLower(unit) {
		case "", "d", "day", "days":
		case "w", "week", "weeks":
			n *= 7
		default:
			return 0, errQuantity
		}
		if slices.Contains(retentionDays(), n) {
			return n, nil
		}
		return 0, fmt.Errorf("CloudWatch Logs keeps %s", nearestDays(n))
	}}
}

// nearestDays names the allowed retentions on both sides.
func nearestDays(n float64) string {
	days := retentionDays()
	i, _ := slices.BinarySearch(days, n)
	switch {
	case i == 0:
		return fmt.Sprintf("%gd at least", days[0])
	case i == len(days):
		return fmt.Sprintf("at most %gd, or never", days[i-1])
	default:
		return fmt.Sprintf("%gd or %gd, not what lies between", days[i-1], days[i])
	}
}
