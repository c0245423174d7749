package main

import (
	"runtime/debug"
	"strings"

	"ecsavvy/advisor/commitment"
)

// adviceMemory is the heap that advice aims at, in bytes: advice on 1,000 services
// holds up to 190 MB at a time, and stays below 300 MB resident with it at the price
// of a few seconds of collecting. It is no wall: what needs more gets it.
const adviceMemory = 240 << 20

// commitMemory is the heap that reading usage aims at, in bytes: a year of 1,000 lines
// is 70 MB of it.
const commitMemory = 104 << 20

// searchMemory is what the search for commitments aims at: the hours, and more for
// every family of instances, whose plans are searched with all others. With less the
// collector never rests: a year of 1,000 lines of 140 families took twice the time.
func searchMemory(h *commitment.Hours, byFamily bool) int64 {
	families := map[string]bool{}
	for i := range h.Lines {
		if family, _, ok := strings.Cut(h.Lines[i].InstanceType, "."); ok && byFamily {
			families[h.Lines[i].Region+family] = true
		}
	}
	return max(commitMemory, 36<<20+8*int64(h.Len()*len(h.Lines))+int64(len(families))<<21)
}

// limitMemory sets the aim, unless the user has set one: GOMEMLIMIT.
func (d *deps) limitMemory(aim int64) {
	if _, set := d.env("GOMEMLIMIT"); !set {
		debug.SetMemoryLimit(aim)
	}
}
