package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// run executes one command line and returns the exit code.
func run(args []string, d *deps) int {
	root := newRootCmd(d)
	root.SetArgs(args)
	executed, err := root.ExecuteC()
	if err != nil {
		reportError(d.stderr, err, executed.CommandPath(), formatFlag(executed))
	}
	return exitCode(err)
}

// formatFlag is the format that a command was asked for, as far as its flags
// were read.
func formatFlag(cmd *cobra.Command) string {
	if f := cmd.Flags().Lookup("format"); f != nil {
		return f.Value.String()
	}
	return ""
}

// newRootCmd builds the whole command tree.
func newRootCmd(d *deps) *cobra.Command {
	root := &cobra.Command{
		Use:   "ecsavvy",
		Short: "What does an Amazon ECS workload cost, and what would change it?",
		Long: `ecsavvy prices Amazon ECS workloads from their task definitions, plans,
templates and design files, says what a change to them costs, and posts that on
pull requests: offline, from a dated snapshot of AWS's list prices.

` + exitCodeHelp,
		Example: `  ecsavvy estimate fixtures/cases/shop
  ecsavvy estimate taskdef.json --region eu-west-2 --count 3
  ecsavvy diff plan.json --max-increase '$200|10%'
  ecsavvy commit fixtures/commit/usage.csv
  ecsavvy comment github plan.json
  ecsavvy prices show --region eu-west-2 --service fargate`,
		Version:       d.version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE:          runGroup,
	}
	root.SetIn(d.stdin)
	root.SetOut(d.stdout)
	root.SetErr(d.stderr)
	root.SetUsageFunc(writeUsage)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return as(usage, err) })
	root.AddCommand(newEstimateCmd(d, nil), newDiffCmd(d, nil), newCompareCmd(d, nil), newSweepCmd(d, nil), newSnapshotCmd(d, nil), newReportCmd(d, nil), newReconcileCmd(d, nil), newAdviseCmd(d, nil), newCommitCmd(d, nil), newCommentCmd(d, nil), newPricesCmd(d), newVersionCmd(d, nil))
	return root
}

// runGroup is what a command without an action of its own does: help, or an
// error for a subcommand that does not exist.
func runGroup(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	message := fmt.Sprintf("unknown command %q for %q", args[0], cmd.CommandPath())
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		message += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return as(usage, fmt.Errorf("%s", message))
}

// args makes cobra's argument errors usage errors.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		return as(usage, check(cmd, given))
	}
}
