package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts run this package's main as the command ecsavvy.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ecsavvy": main})
}

// TestScripts runs every script of testdata/script. UPDATE_GOLDEN=1 writes the
// expected outputs within them anew.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_GOLDEN") != "",
	})
}
