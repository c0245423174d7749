package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/cmd/internal/render"
)

type estimateOptions struct {
	deps *deps
	output
	inputOptions
	inputs []string

	strict     bool
	explain    bool
	configFile string
}

func newEstimateCmd(d *deps, runF func(*estimateOptions) error) *cobra.Command {
	opts := &estimateOptions{deps: d}
	cmd := &cobra.Command{
		Use:   "estimate FILE|DIR|-...",
		Short: "What does this workload cost a month?",
		Long: `Price ECS task definitions and design files for one month, line by line.

FILE is a task definition (JSON as AWS's tools write it) or a design file
(YAML); what it is is seen from its content. DIR stands for its ecsavvy.yaml or,
without one, for the readable files directly in it. - is standard input.
Several inputs are several projects with one grand total.

The region is that of --region, else of the design, else of the settings (an
ecsavvy.yaml with guardrails and no services), else of AWS_REGION or
AWS_DEFAULT_REGION, else us-east-1, which the output then lists as assumed.

` + exitCodeHelp,
		Example: `  ecsavvy estimate fixtures/cases/shop
  ecsavvy estimate taskdef.json --launch-type FARGATE_SPOT --count 3
  aws ecs describe-task-definition --task-definition api | ecsavvy estimate -
  ecsavvy estimate shop.yaml --format json | jq -r .totalMonthlyCost`,
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			opts.inputs = given
			if err := opts.check(cmd); err != nil {
				return err
			}
			if runF != nil {
				return runF(opts)
			}
			return estimateRun(opts)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func (o *estimateOptions) addFlags(cmd *cobra.Command) {
	o.output.addFlags(cmd)
	o.inputOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&o.strict, "strict", false, "exit with 4 if anything is unpriced, unknown or without a model")
	addConfigFile(cmd, &o.configFile)
	flags.BoolVar(&o.explain, "explain", false, "show the formula of each quantity and the source of each price")
}

// check refuses flag values that no input could make right.
func (o *estimateOptions) check(cmd *cobra.Command) error {
	if err := o.inputOptions.check(cmd); err != nil {
		return err
	}
	return o.output.check(o.deps)
}

func estimateRun(opts *estimateOptions) error {
	config, err := findSettings(opts.deps, opts.configFile, opts.inputs)
	if err != nil {
		return as(badInput, err)
	}
	config.apply(&opts.inputOptions)
	r := newReader(&opts.inputOptions, opts.deps, &opts.output)
	r.settings = &config
	sources, notFound := r.find(opts.inputs)
	inputs, wrong := r.readAll(joinReplies(sources))
	if err := errors.Join(notFound, wrong); err != nil {
		return as(badInput, err)
	}
	cat, err := config.prices(opts.deps)
	if err != nil {
		return as(badInput, err)
	}
	projects := make([]render.Priced, len(inputs))
	var problems []error
	for i := range inputs {
		in := &inputs[i]
		result, err := estimate.Run(in.workload, cat.Catalog, cat.options(opts.hours))
		if err != nil {
			problems = append(problems, fmt.Errorf("pricing %s: %w", in.path(), err))
			continue
		}
		projects[i] = render.Priced{Path: in.path(), Kind: string(in.source.kind), Result: result}
	}
	if len(problems) > 0 {
		return as(badInput, errors.Join(problems...))
	}
	nameProjects(projects)
	warnOfSharedAllowance(projects)
	info := render.EstimateInfo{Snapshot: cat.SnapshotDate(), AsOf: opts.asOf, Explain: opts.explain}
	if err := opts.print(opts.deps, render.Estimate(projects, info)); err != nil {
		return err
	}
	if opts.strict {
		return as(incomplete, strictProblem(projects))
	}
	return nil
}

// nameProjects calls projects by their workloads' names where these tell them
// apart, else by their files.
func nameProjects(projects []render.Priced) {
	names := map[string]bool{"": true}
	for _, p := range projects {
		if names[p.Result.Workload] {
			for i := range projects {
				projects[i].Name = projects[i].Path
			}
			return
		}
		names[p.Result.Workload] = true
	}
	for i := range projects {
		projects[i].Name = projects[i].Result.Workload
	}
}

// strictProblem says what keeps the estimates from being complete.
func strictProblem(projects []render.Priced) error {
	unpriced, types, unknown := 0, 0, 0
	for _, p := range projects {
		unpriced += p.Result.Unpriced
		types += len(p.Result.NotPriced)
		for i := range p.Result.Resources {
			for j := range p.Result.Resources[i].Lines {
				if l := &p.Result.Resources[i].Lines[j]; l.Unpriced == "" && l.Basis == design.Unknown {
					unknown++
				}
			}
		}
	}
	if unpriced+types+unknown == 0 {
		return nil
	}
	return fmt.Errorf("--strict: unpriced lines: %d, types without a price model: %d, lines of unknown basis: %d", unpriced, types, unknown)
}
