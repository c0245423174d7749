package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// The first example of every command works from the root of the repository, as
// the README says. What needs a network or a file of the user's comes after it.
func TestFirstExampleOfEveryCommandWorks(t *testing.T) {
	t.Chdir("../..")
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
		if cmd.Example == "" || cmd.HasSubCommands() || cmd.Name() == "snapshot" {
			return // a snapshot needs an account: live_test.go has one
		}
		t.Run(cmd.CommandPath(), func(t *testing.T) {
			example := strings.ReplaceAll(cmd.Example, "\\\n", " ")
			first, _, _ := strings.Cut(strings.TrimSpace(example), "\n")
			words := strings.Fields(first)
			var stdout, stderr bytes.Buffer
			d := systemDeps()
			d.stdin, d.stdout, d.stderr = strings.NewReader(""), &stdout, &stderr
			d.terminal = func() bool { return false }
			d.env = func(name string) (string, bool) {
				if strings.HasPrefix(name, "GITHUB_") || strings.HasPrefix(name, "CI_") {
					return "", false // the machine that runs the test may be CI
				}
				return os.LookupEnv(name)
			}
			if code := run(words[1:], d); code != 0 {
				t.Errorf("%s\nexit %d: %s", first, code, stderr.String())
			}
		})
	}
	walk(newRootCmd(systemDeps()))
}
