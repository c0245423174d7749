package design

import (
	"fmt"
	"math"
	"sort"
)

// Size is a Fargate task size.
type Size struct {
	VCPU float64
	GB   float64 // of 2^30 bytes
}

func (s Size) String() string {
	return fmt.Sprintf("%s vCPU + %s GB", trim(s.VCPU), trim(s.GB))
}

// ladderRow is one vCPU value and the memory that goes with it.
type ladderRow struct {
	vcpu     float64
	min, max float64 // GB
	step     float64 // GB; 0 means that only the listed values exist
	listed   []float64
	windows  bool
}

// ladderRows are the task sizes of Fargate, Linux platform version 1.4.0 and
// Windows. Source: "Fargate task definition differences", Task CPU and memory,
// docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
// (read in 2026; the 32 vCPU row is the newest), and aws.amazon.com/fargate/pricing.
func ladderRows() []ladderRow {
	return []ladderRow{
		{vcpu: 0.25, listed: []float64{0.5, 1, 2}},
		{vcpu: 0.5, min: 1, max: 4, step: 1},
		{vcpu: 1, min: 2, max: 8, step: 1, windows: true},
		{vcpu: 2, min: 4, max: 16, step: 1, windows: true},
		{vcpu: 4, min: 8, max: 30, step: 1, windows: true},
		{vcpu: 8, min: 16, max: 60, step: 4},
		{vcpu: 16, min: 32, max: 120, step: 8},
		{vcpu: 32, listed: []float64{60, 120, 244}},
	}
}

// memories lists the row's memory sizes in GB, ascending.
func (r ladderRow) memories() []float64 {
	if r.step == 0 {
		return r.listed
	}
	var gb []float64
	for m := r.min; m <= r.max; m += r.step {
		gb = append(gb, m)
	}
	return gb
}

// Ladder lists every Fargate task size of an operating system, by vCPU and
// then memory: 77 on Linux, the rows of 1, 2 and 4 vCPU on Windows.
func Ladder(os OS) []Size {
	var sizes []Size
	for _, row := range ladderRows() {
		if os == Windows && !row.windows {
			continue
		}
		for _, gb := range row.memories() {
			sizes = append(sizes, Size{VCPU: row.vcpu, GB: gb})
		}
	}
	return sizes
}

// sizeTolerance absorbs the rounding of MiB written as decimals of a GB.
const sizeTolerance = 1e-9

// OnLadder reports whether a size exists on Fargate.
func OnLadder(s Size, os OS) bool {
	for _, row := range ladderRows() {
		if row.vcpu != s.VCPU || os == Windows && !row.windows {
			continue
		}
		for _, gb := range row.memories() {
			if math.Abs(gb-s.GB) < sizeTolerance {
				return true
			}
		}
	}
	return false
}

// FitLadder returns the smallest size that holds at least the given vCPU and
// GB: the fewest vCPU first, then the least memory, as ECS would have to be
// asked for it. ok is false where even the largest size is too small.
func FitLadder(vcpu, gb float64, os OS) (s Size, ok bool) {
	for _, candidate := range Ladder(os) {
		if candidate.VCPU >= vcpu-sizeTolerance && candidate.GB >= gb-sizeTolerance {
			return candidate, true
		}
	}
	return Size{}, false
}

// NearestSizes returns the valid sizes closest to an invalid one, nearest
// first and at most n. The distance is between the logarithms, so that 0.25 to
// 0.5 vCPU is as far as 8 to 16; sizes that hold what was asked come first.
func NearestSizes(s Size, os OS, n int) []Size {
	sizes := Ladder(os)
	holds := func(c Size) bool { return c.VCPU >= s.VCPU && c.GB >= s.GB }
	distance := func(c Size) float64 {
		const floor = 1.0 / 1024 // avoids the logarithm of zero
		dv := math.Log(c.VCPU / max(s.VCPU, floor))
		dm := math.Log(c.GB / max(s.GB, floor))
		return dv*dv + dm*dm
	}
	sort.SliceStable(sizes, func(i, j int) bool {
		hi, hj := holds(sizes[i]), holds(sizes[j])
		if hi != hj {
			return hi
		}
		return distance(sizes[i]) < distance(sizes[j])
	})
	return sizes[:min(n, len(sizes))]
}
