package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"ecsavvy/advisor"
	"ecsavvy/advisor/bill"
	"ecsavvy/advisor/estimate"
	"ecsavvy/cmd/internal/render"
)

type reconcileOptions struct {
	deps *deps
	output
	inputOptions
	bill   string
	inputs []string
	from   string
	span   float64
	config string
}

func newReconcileCmd(d *deps, runF func(*reconcileOptions) error) *cobra.Command {
	opts := &reconcileOptions{deps: d}
	cmd := &cobra.Command{
		Use:   "reconcile BILL [FILE|DIR...]",
		Short: "Does the estimate agree with the bill, and where does it not?",
		Long: `Set an estimate beside what AWS billed: per service, with the reason of every
difference: quantity, list price, discounts, what the estimate does not have, taxes,
credits. The parts add up to the difference.

BILL is a FOCUS export (1.0 to 1.2) or a Cost and Usage Report with split cost
allocation, as CSV, gzip or Parquet. The estimate is that of FILE|DIR, or of a
snapshot of an account (--from) at its measured demand.

` + exitCodeHelp,
		Example: `  ecsavvy reconcile fixtures/account/bill.csv --from fixtures/account/shop.snapshot
  ecsavvy reconcile focus-2026-10.parquet shop.yaml --format json
  ecsavvy reconcile cur.csv.gz --from prod.snapshot --hours 744`,
		Args: args(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, given []string) error {
			if len(given) == 0 {
				return as(usage, errors.New("want the bill, and files to estimate or --from SNAPSHOT"))
			}
			opts.bill, opts.inputs = given[0], given[1:]
			if (len(opts.inputs) > 0) == (opts.from != "") {
				return as(usage, errors.New("want either files to estimate or --from SNAPSHOT"))
			}
			if cmd.Flags().Changed("hours") && !(opts.span > 0) {
				return as(usage, fmt.Errorf("--hours: want more than 0, got %v", opts.span))
			}
			if err := errors.Join(opts.inputOptions.check(cmd), opts.output.check(opts.deps)); err != nil {
				return err
			}
			if runF != nil {
				return runF(opts)
			}
			return reconcileRun(opts)
		},
	}
	opts.output.addFlags(cmd)
	opts.inputOptions.addFlags(cmd)
	cmd.Flags().StringVar(&opts.from, "from", "", "snapshot `file` whose measured estimate is compared")
	addConfigFile(cmd, &opts.config)
	cmd.Flags().Float64Var(&opts.span, "hours", 0, "`hours` that the bill is of; without it the span of its usage")
	return cmd
}

func reconcileRun(opts *reconcileOptions) error {
	billed, err := readBill(opts.bill)
	if err != nil {
		return as(badInput, err)
	}
	results, err := opts.estimates()
	if err != nil {
		return err
	}
	r, err := advisor.Reconcile(results, billed, opts.span)
	if err != nil {
		return as(badInput, err)
	}
	for _, n := range billed.Notes {
		r.Notes = append(r.Notes, fmt.Sprintf("%s (%d rows)", n.Text, n.Rows))
	}
	return opts.print(opts.deps, render.Reconciled(r, render.ReconcileInfo{
		Bill: opts.bill, Form: billed.Form, Start: billed.Start, End: billed.End, Snapshot: opts.deps.catalog().SnapshotDate(), AsOf: opts.asOf,
	}))
}

// readBill reads an export from its file, which may be larger than memory.
func readBill(name string) (*bill.Bill, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, withoutOperation(err))
	}
	defer file.Close()
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("is a directory")
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, withoutOperation(err))
	}
	return bill.Read(name, file, info.Size())
}

// estimates are those of the files, or of the snapshot at its measured demand.
func (o *reconcileOptions) estimates() ([]estimate.Result, error) {
	beside := o.inputs
	if len(beside) == 0 {
		beside = []string{"-"}
	}
	config, err := findSettings(o.deps, o.config, beside)
	if err != nil {
		return nil, as(badInput, err)
	}
	config.apply(&o.inputOptions)
	cat, err := config.prices(o.deps)
	if err != nil {
		return nil, as(badInput, err)
	}
	options := cat.options(o.hours)
	var results []estimate.Result
	if o.from != "" {
		snapshot, file, err := openSnapshot(o.deps, o.from)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		sites, err := sitesOf(snapshot)
		if err != nil {
			return nil, as(badInput, err)
		}
		measured, err := advisor.EstimateMeasured(sites, cat.Catalog, advisor.AdviseOptions{Estimate: options})
		if err != nil {
			return nil, as(badInput, err)
		}
		for _, m := range measured {
			results = append(results, m.Result)
		}
		return results, nil
	}
	r := newReader(&o.inputOptions, o.deps, &o.output)
	sources, notFound := r.find(o.inputs)
	inputs, wrong := r.readAll(joinReplies(sources))
	if err := errors.Join(notFound, wrong); err != nil {
		return nil, as(badInput, err)
	}
	for i := range inputs {
		result, err := estimate.Run(inputs[i].workload, cat.Catalog, options)
		if err != nil {
			return nil, as(badInput, fmt.Errorf("pricing %s: %w", inputs[i].path(), err))
		}
		results = append(results, result)
	}
	return results, nil
}
