package main

import "runtime/debug"

// adviceMemory is the heap that advice aims at, in bytes: advice on 1,000 services
// holds up to 190 MB at a time, and stays below 300 MB resident with it at the price
// of a few seconds of collecting. It is no wall: what needs more gets it.
const adviceMemory = 240 << 20

// limitMemory sets the aim, unless the user has set one: GOMEMLIMIT.
func (d *deps) limitMemory() {
	if _, set := d.env("GOMEMLIMIT"); !set {
		debug.SetMemoryLimit(adviceMemory)
	}
}
