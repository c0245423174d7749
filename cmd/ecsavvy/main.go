package main

import (
	"os"
	"runtime/debug"
)

// version is set by the Makefile (-X main.version=…).
var version = "dev"

func main() {
	// The collector runs when the heap has grown by three quarters and not when
	// it has doubled: a plan of 1,000 services then takes 85 MB instead of 97,
	// in the same time (docs/benchmarks.md). GOGC overrides it.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(75)
	}
	os.Exit(run(os.Args[1:], systemDeps()))
}
