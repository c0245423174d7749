package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/spf13/cobra"
)

type snapshotOptions struct {
	deps *deps
	accountOptions
	file string
}

func newSnapshotCmd(d *deps, runF func(*snapshotOptions) error) *cobra.Command {
	opts := &snapshotOptions{deps: d}
	cmd := &cobra.Command{
		Use:   "snapshot FILE",
		Short: "Record what runs in an account, and what was measured of it, in one file",
		Long: `Read a running account into one compressed file: what its services, networks and
logs are, and the CPU, memory and traffic that CloudWatch measured of them. What
advise --from makes of the file equals what it makes of the account.

All calls are read-only (docs/iam.md). The file holds no environment values, no
secrets and no commands; --redact-accounts takes the account IDs out, too.

Reading measurements costs $0.01 for 1,000 metrics; what it will cost is said
first, and above --max-reading-cost it needs --yes.

` + exitCodeHelp,
		Example: `  ecsavvy snapshot shop.snapshot --region eu-west-1
  ecsavvy snapshot all.snapshot --organization-role ecsavvy --region eu-west-1,us-east-1
  ecsavvy snapshot detail.snapshot --cluster prod --period 1m --depth full`,
		Args: args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, given []string) error {
			opts.file = given[0]
			if err := opts.check(); err != nil {
				return err
			}
			if runF != nil {
				return runF(opts)
			}
			return snapshotRun(opts)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func snapshotRun(opts *snapshotOptions) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	// Beside its place, so that what is there stays until the new one is whole.
	part, err := os.CreateTemp(filepath.Dir(opts.file), ".ecsavvy-snapshot-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", opts.file, withoutOperation(err))
	}
	defer os.Remove(part.Name())
	defer part.Close()
	if err := opts.record(ctx, opts.deps, part); err != nil {
		return err
	}
	if err := part.Close(); err != nil {
		return fmt.Errorf("writing %s: %w", opts.file, withoutOperation(err))
	}
	if err := os.Rename(part.Name(), opts.file); err != nil {
		return fmt.Errorf("writing %s: %w", opts.file, withoutOperation(err))
	}
	snapshot, file, err := openSnapshot(opts.deps, opts.file)
	if err != nil {
		return err
	}
	defer file.Close()
	m := snapshot.Manifest()
	resources := 0
	for _, scope := range snapshot.Scopes() {
		resources += len(snapshot.Resources(scope))
	}
	fmt.Fprintf(opts.deps.stdout, "%s: %d scopes (region of an account), %d measured resources, %s to %s; reading cost %.4f USD\n",
		opts.file, len(m.Scopes), resources, m.From.Format("2006-01-02 15:04"), m.To.Format("2006-01-02 15:04"), m.Cost.USD)
	if m.Partial() {
		for _, f := range m.Failures {
			fmt.Fprintf(opts.deps.stderr, "%s %s %s %s: %s\n", f.Account, f.Region, f.Call, f.Resource, f.Why)
		}
		return as(refused, fmt.Errorf("the snapshot is partial: %d calls failed", len(m.Failures)))
	}
	return nil
}
