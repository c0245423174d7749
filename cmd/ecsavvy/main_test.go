package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts run this package's main as the command ecsavvy.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ecsavvy": main})
}

// TestScripts runs every script of testdata/script. UPDATE_GOLDEN=1 writes the
// expected outputs within them anew.
// $FIXTURES is the folder of the bundled data.
func TestScripts(t *testing.T) {
	bundled, err := filepath.Abs("../../fixtures")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("FIXTURES", bundled)
			return nil
		},
		UpdateScripts: os.Getenv("UPDATE_GOLDEN") != "",
	})
}
