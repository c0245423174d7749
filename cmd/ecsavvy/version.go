package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

type versionOptions struct{ deps *deps }

func newVersionCmd(d *deps, runF func(*versionOptions) error) *cobra.Command {
	opts := &versionOptions{deps: d}
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version and the date of the prices",
		Example: "  ecsavvy version",
		Args:    args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			if runF != nil {
				return runF(opts)
			}
			return versionRun(opts)
		},
	}
}

func versionRun(opts *versionOptions) error {
	d := opts.deps
	_, err := fmt.Fprintf(d.stdout, "ecsavvy %s, prices of %s\n", d.version, d.catalog().SnapshotDate())
	return err
}
