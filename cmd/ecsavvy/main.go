package main

import "os"

// version is set by the Makefile (-X main.version=…).
var version = "dev"

func main() {
	os.Exit(run(os.Args[1:], systemDeps()))
}
