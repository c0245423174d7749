package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"ecsavvy/advisor"
	"ecsavvy/cmd/internal/guardrail"
	"ecsavvy/cmd/internal/render"
)

type diffOptions struct {
	deps *deps
	output
	changeOptions
	limitOptions

	strict      bool
	allProjects bool
	brief       bool
}

func newDiffCmd(d *deps, runF func(*diffOptions) error) *cobra.Command {
	opts := &diffOptions{deps: d}
	cmd := &cobra.Command{
		Use:   "diff BASE HEAD | PLAN | --git RANGE PATH... | --path FILE...",
		Short: "What does this change cost a month?",
		Long: `Compare the monthly cost before and after a change, line by line.

BASE and HEAD are files or directories of any kinds that ecsavvy estimate reads,
BASE a saved JSON estimate too. A Terraform plan holds both sides and needs no
BASE; --path names several, and the JSON of earlier diffs, each a project. Two
plans as BASE and HEAD are compared by what each leads to.

With --git the sides are read from two revisions; nothing is checked out. A...B
compares B with the commit at which it left A, and a revision alone is compared
with the working tree. A path that is there at one of them only is added or
removed.

Guardrails are those of ecsavvy.yaml, which is looked for beside the input and
in the root of its git repository, and those of the flags. A broken one is
printed with the diff and ends in exit code 3.

` + exitCodeHelp,
		Example: `  ecsavvy diff fixtures/pullrequest/base.yaml fixtures/pullrequest/head.yaml
  ecsavvy diff plan.json --max-increase '$200|10%'
  ecsavvy diff --git origin/main...HEAD fixtures/cases/shop
  ecsavvy diff plan.json --compare-to base.json --format json
  ecsavvy diff plan.json --guardrail 'service.vcpu > 4 && env == "dev"'`,
		Args: args(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, given []string) error {
			opts.args = given
			if err := opts.check(cmd); err != nil {
				return err
			}
			if runF != nil {
				return runF(opts)
			}
			return diffRun(opts)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func (o *diffOptions) addFlags(cmd *cobra.Command) {
	o.output.addFlagsOf(cmd, render.DiffFormats())
	o.changeOptions.addFlags(cmd)
	o.limitOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&o.strict, "strict", false, "exit with 4 if anything is unpriced, unknown, incomplete or without a model")
	flags.BoolVar(&o.allProjects, "show-all-projects", false, "list projects that do not change, too")
	flags.BoolVar(&o.brief, "brief", false, "leave out the lines of resources")
}

// check refuses what no input could make right.
func (o *diffOptions) check(cmd *cobra.Command) error {
	if err := o.changeOptions.check(cmd); err != nil {
		return err
	}
	if err := o.limitOptions.check(); err != nil {
		return err
	}
	return o.output.check(o.deps)
}

func diffRun(opts *diffOptions) error {
	made, _, err := makeDiff(&opts.changeOptions, &opts.limitOptions, &opts.output, opts.deps)
	if err != nil {
		return err
	}
	info := made.info(opts.asOf)
	info.AllProjects, info.Brief = opts.allProjects, opts.brief
	err = opts.emit(opts.deps, func(w io.Writer, style render.Options) error {
		return render.WriteDiff(w, made.diff, render.Format(opts.format), info, style)
	})
	if err != nil {
		return err
	}
	if err := made.guardrailProblem(); err != nil {
		return err
	}
	if opts.strict {
		return as(incomplete, strictDiffProblem(made.diff))
	}
	return nil
}

// madeDiff is a difference with what was found about it.
type madeDiff struct {
	diff     advisor.Differences
	inputs   map[string]render.DiffInput
	snapshot string
	outcomes []guardrail.Outcome
	// saved are guardrails of a diff that was read from its JSON.
	saved []render.Guardrail
}

// info is what the output says beside the difference.
func (m *madeDiff) info(asOf string) render.DiffInfo {
	return render.DiffInfo{
		Snapshot: m.snapshot, AsOf: asOf, Inputs: m.inputs,
		Guardrails: append(m.saved, guardrailRows(m.outcomes)...),
	}
}

// guardrailProblem is the error of guardrails that are not passed.
func (m *madeDiff) guardrailProblem() error {
	var problems []error
	for _, g := range m.saved {
		if g.State != render.GuardrailPassed {
			problems = append(problems, fmt.Errorf("guardrail %q %s: %s", g.Title, g.State, g.Text))
		}
	}
	return as(limitBroken, errors.Join(append(problems, outcomeProblems(m.outcomes)...)...))
}

// unchanged reports whether no project changes.
func (m *madeDiff) unchanged() bool {
	for i := range m.diff.Projects {
		if m.diff.Projects[i].Change != advisor.Unchanged {
			return false
		}
	}
	return true
}

// makeDiff reads both sides, prices them, compares them and checks the
// guardrails: everything but the output.
func makeDiff(sides *changeOptions, limits *limitOptions, out *output, d *deps) (*madeDiff, *settings, error) {
	if err := sides.resolve(d); err != nil {
		return nil, nil, as(badInput, err)
	}
	config, err := findSettings(d, limits.configFile, sides.heads())
	if err != nil {
		return nil, nil, as(badInput, err)
	}
	if config.path != "" {
		out.note(d, "settings of %s", config.path)
	}
	set, err := limits.compile(&config)
	if err != nil {
		return nil, nil, err
	}
	config.apply(&sides.inputOptions)
	read, err := sides.read(d, out, &config)
	if err != nil {
		return nil, nil, as(badInput, err)
	}
	cat, err := config.prices(d)
	if err != nil {
		return nil, nil, as(badInput, err)
	}
	made, err := read.compare(cat, sides.hours)
	if err != nil {
		return nil, nil, as(badInput, err)
	}
	for _, outcome := range limits.checkGuardrails(set, factsOf(&made.diff, read.pairs)) {
		// What a saved diff's own run decided stands: it had the designs.
		known := slices.ContainsFunc(made.saved, func(g render.Guardrail) bool { return g.Title == outcome.Name })
		if !known {
			made.outcomes = append(made.outcomes, outcome)
		}
	}
	return made, &config, nil
}

// strictDiffProblem says what keeps a diff from being complete.
func strictDiffProblem(d advisor.Differences) error {
	unpriced, types := d.Counts.UnpricedAfter, 0
	var problems []error
	for i := range d.Projects {
		p := &d.Projects[i]
		types += len(p.After.NotPriced)
		for _, reason := range p.Incomplete {
			problems = append(problems, fmt.Errorf("--strict: %s is incomplete: %s", p.Name, reason))
		}
	}
	if unpriced+types > 0 {
		problems = append(problems, fmt.Errorf("--strict: unpriced lines: %d, types without a price model: %d", unpriced, types))
	} else if len(problems) == 0 && d.Total.Certainty != advisor.Complete {
		problems = append(problems, fmt.Errorf("--strict: the change is not known in full (%s): lines before it are unpriced", d.Total.Certainty))
	}
	return errors.Join(problems...)
}
