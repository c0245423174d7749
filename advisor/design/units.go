package design

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// CPUUnitsPerVCPU is ECS's unit: 1,024 CPU units are one vCPU.
const CPUUnitsPerVCPU = 1024

// MiBPerGB: a GB is 2^30 bytes wherever AWS bills memory or storage.
const MiBPerGB = 1024

// ParseCPU reads a task's cpu as ECS accepts it, in vCPU: "256" and 256 are
// CPU units, ".5 vCPU" and "16     vCpU" are vCPU.
// Source: the cpu parameter of RegisterTaskDefinition.
func ParseCPU(text string) (vcpu float64, err error) {
	number, unit := splitUnit(text)
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n < 0 || math.IsInf(n, 0) || math.IsNaN(n) {
		return 0, fmt.Errorf("want CPU units or \"N vCPU\", got %q", text)
	}
	switch strings.ToLower(unit) {
	case "":
		return n / CPUUnitsPerVCPU, nil
	case "vcpu":
		return n, nil
	default:
		return 0, fmt.Errorf("want CPU units or \"N vCPU\", got %q", text)
	}
}

// ParseMemory reads a task's memory as ECS accepts it, in GB: "512" and 512
// are MiB, "2 gb" is GB.
func ParseMemory(text string) (gb float64, err error) {
	number, unit := splitUnit(text)
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n < 0 || math.IsInf(n, 0) || math.IsNaN(n) {
		return 0, fmt.Errorf("want MiB or \"N GB\", got %q", text)
	}
	switch strings.ToLower(unit) {
	case "", "mib", "mb", "m":
		return n / MiBPerGB, nil
	case "gb", "gib", "g":
		return n, nil
	default:
		return 0, fmt.Errorf("want MiB or \"N GB\", got %q", text)
	}
}

// ParseGB reads an amount of data with its unit, in GB of 2^30 bytes:
// "100GB", "1.5 TB", "300 MB". Decimal names mean binary units, as on a bill.
func ParseGB(text string) (gb float64, err error) {
	number, unit := splitUnit(text)
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n < 0 || math.IsInf(n, 0) || math.IsNaN(n) {
		return 0, fmt.Errorf("want an amount such as 100GB, got %q", text)
	}
	scale, ok := dataScale(unit)
	if !ok {
		return 0, fmt.Errorf("want an amount in KB, MB, GB, TB or PB, got %q", text)
	}
	return n * scale, nil
}

// dataScale is GB per unit of data.
func dataScale(unit string) (gb float64, ok bool) {
	switch strings.ToLower(unit) {
	case "kb", "kib", "k":
		return 1.0 / (1 << 20), true
	case "mb", "mib", "m":
		return 1.0 / (1 << 10), true
	case "gb", "gib", "g":
		return 1, true
	case "tb", "tib", "t":
		return 1 << 10, true
	case "pb", "pib":
		return 1 << 20, true
	default:
		return 0, false
	}
}

// splitUnit cuts "16     vCpU" into "16" and "vCpU".
func splitUnit(text string) (number, unit string) {
	text = strings.TrimSpace(text)
	end := 0
	for end < len(text) && strings.IndexByte("0123456789.+-eE_", text[end]) >= 0 {
		// An e belongs to the number only between digits ("1e3").
		if c := text[end]; (c == 'e' || c == 'E') && (end+1 >= len(text) || !strings.ContainsRune("0123456789+-", rune(text[end+1]))) {
			break
		}
		end++
	}
	return strings.ReplaceAll(text[:end], "_", ""), strings.TrimSpace(text[end:])
}

// trim formats a number without needless digits.
func trim(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
