package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecsavvy/advisor"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/intake"
	"ecsavvy/cmd/internal/render"
)

type compareOptions struct {
	deps *deps
	output
	inputOptions
	inputs []string

	variants     []string
	alternatives bool
	all          bool
	strict       bool

	configFile string
}

func newCompareCmd(d *deps, runF func(*compareOptions) error) *cobra.Command {
	opts := &compareOptions{deps: d}
	cmd := &cobra.Command{
		Use:   "compare DESIGN.yaml [FILE...]",
		Short: "What do these designs cost side by side?",
		Long: `Set designs side by side: one column a design, one row a cost group, the
difference to the first, and below them what money does not show: availability,
interruption, operations, limits, lost features.

One design file is compared with its variants, several files with each other.
A design that cannot be had is a column that says why.

--alternatives builds the standard variants of one design (launch type,
architecture, NAT, ingress, Spot, commitment), drops those that are not valid
with the reason, and marks those that no other beats in both cost and risk. The
risk score adds up points by rules that advisor/docs/compare.md lists.

` + exitCodeHelp,
		Example: `  ecsavvy compare fixtures/cases/shop/design.yaml
  ecsavvy compare dev.yaml prod.yaml --format markdown
  ecsavvy compare shop.yaml --variants graviton,no-nat
  ecsavvy compare shop.yaml --alternatives`,
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			opts.inputs = given
			if err := opts.check(cmd); err != nil {
				return err
			}
			if runF != nil {
				return runF(opts)
			}
			return compareRun(opts)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func (o *compareOptions) addFlags(cmd *cobra.Command) {
	o.output.addFlags(cmd)
	o.inputOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringSliceVar(&o.variants, "variants", nil, "compare only these variant `names` of the design file")
	flags.BoolVar(&o.alternatives, "alternatives", false, "build the standard variants of one design and mark the frontier of cost and risk")
	flags.BoolVar(&o.all, "all", false, "with --alternatives: list every valid variant, not only the frontier")
	addConfigFile(cmd, &o.configFile)
	flags.BoolVar(&o.strict, "strict", false, "exit with 4 if a design is infeasible or has anything unpriced")
}

// check refuses flag values that no input could make right.
func (o *compareOptions) check(cmd *cobra.Command) error {
	if err := o.inputOptions.check(cmd); err != nil {
		return err
	}
	switch {
	case o.alternatives && len(o.inputs) > 1:
		return as(usage, fmt.Errorf("--alternatives: want one design, got %d inputs", len(o.inputs)))
	case o.alternatives && len(o.variants) > 0:
		return as(usage, errors.New("--alternatives builds its own variants; --variant chooses the one to begin with"))
	case o.all && !o.alternatives:
		return as(usage, errors.New("--all lists what --alternatives builds; it needs --alternatives"))
	}
	return o.output.check(o.deps)
}

func compareRun(opts *compareOptions) error {
	config, err := findSettings(opts.deps, opts.configFile, opts.inputs)
	if err != nil {
		return as(badInput, err)
	}
	config.apply(&opts.inputOptions)
	r := newReader(&opts.inputOptions, opts.deps, &opts.output)
	r.settings = &config
	sources, err := r.find(opts.inputs)
	if err != nil {
		return as(badInput, err)
	}
	cat, err := config.prices(opts.deps)
	if err != nil {
		return as(badInput, err)
	}
	pricing := cat.options(opts.hours)
	info := render.CompareInfo{Snapshot: cat.SnapshotDate(), AsOf: opts.asOf, All: opts.all}
	if opts.alternatives {
		if len(sources) != 1 {
			return as(usage, fmt.Errorf("--alternatives: want one design, got %d", len(sources)))
		}
		w, invalid, err := readDesign(r, &sources[0], r.variant, nil)
		if err = errors.Join(err, invalid); err != nil {
			return as(badInput, err)
		}
		set := advisor.Alternatives(advisor.Candidate{Name: "as it is", Workload: w}, cat.Catalog, pricing)
		if set.Base.Err != nil {
			return as(badInput, fmt.Errorf("pricing %s: %w", sources[0].name, set.Base.Err))
		}
		if err := opts.print(opts.deps, render.Alternatives(&set, info)); err != nil || !opts.strict {
			return err
		}
		return as(incomplete, strictComparison([]advisor.Design{set.Base}))
	}
	candidates, err := opts.candidates(r, sources)
	if err != nil {
		return as(badInput, err)
	}
	c := advisor.Compare(candidates, cat.Catalog, pricing)
	if !c.Feasible() {
		var problems []error
		for i := range c.Designs {
			problems = append(problems, fmt.Errorf("pricing %s: %w", c.Designs[i].Name, c.Designs[i].Err))
		}
		return as(badInput, errors.Join(problems...))
	}
	if err := opts.print(opts.deps, render.Compare(&c, info)); err != nil {
		return err
	}
	if opts.strict {
		return as(incomplete, strictComparison(c.Designs))
	}
	return nil
}

// candidates are the designs to compare: the variants of one file after the
// file itself, or several files. What cannot be read at all is an error, what
// reads and is not valid is a candidate that says why.
func (o *compareOptions) candidates(r *reader, sources []source) ([]advisor.Candidate, error) {
	var list []advisor.Candidate
	if len(sources) > 1 {
		if len(o.variants) > 0 {
			return nil, as(usage, fmt.Errorf("--variants: want one design file, got %d inputs", len(sources)))
		}
		for i := range sources {
			w, invalid, err := readDesign(r, &sources[i], r.variant, nil)
			if err != nil {
				return nil, err
			}
			list = append(list, advisor.Candidate{Name: sources[i].name, Workload: w, Err: invalid})
		}
		nameCandidates(list)
		return list, nil
	}
	s := &sources[0]
	w, invalid, err := readDesign(r, s, r.variant, nil)
	if err != nil {
		return nil, err
	}
	first := "base"
	if r.variant != "" {
		first = r.variant
	}
	list = append(list, advisor.Candidate{Name: first, Workload: w, Err: invalid})
	names, err := variantNames(s, &w, o.variants)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if name == r.variant {
			continue
		}
		v, invalid, err := readDesign(r, s, name, nil)
		if err != nil {
			return nil, err
		}
		list = append(list, advisor.Candidate{Name: name, Workload: v, Err: invalid})
	}
	if len(list) < 2 {
		return nil, fmt.Errorf("reading %s: it has no variants to compare with; add some, name a second file, or ask for --alternatives", s.name)
	}
	return list, nil
}

// variantNames are the variants asked for, all in the file's order by default.
func variantNames(s *source, w *design.Workload, asked []string) ([]string, error) {
	var have []string
	for _, v := range w.Variants {
		have = append(have, v.Name)
	}
	if len(asked) == 0 {
		return have, nil
	}
	for _, name := range asked {
		if name != "base" && !slices.Contains(have, name) {
			return nil, fmt.Errorf("reading %s: no variant is named %q%s", s.name, name, intake.Suggest(name, have))
		}
	}
	return slices.DeleteFunc(slices.Clone(asked), func(name string) bool { return name == "base" }), nil
}

// nameCandidates calls files by their workloads' names where these tell them
// apart.
func nameCandidates(list []advisor.Candidate) {
	seen := map[string]bool{"": true}
	for _, c := range list {
		if seen[c.Workload.Name] {
			return
		}
		seen[c.Workload.Name] = true
	}
	for i := range list {
		list[i].Name = list[i].Workload.Name
	}
}

// readDesign reads a source, or a variant of it, with values set by path. What
// reads and is not a valid design is told apart from what does not read.
func readDesign(r *reader, s *source, variant string, changes []design.Change) (w design.Workload, invalid, err error) {
	if err := r.detect(s); err != nil {
		return w, nil, err
	}
	options, region := r.options(s), r.defaultRegion()
	switch {
	case len(changes) > 0:
		w, err = intake.ReadChanged(s.name, s.data, changes, options)
	case variant != "":
		w, err = intake.ReadVariant(s.name, s.data, variant, options)
	default:
		w, err = intake.Read(s.name, s.data, options)
	}
	if err != nil {
		return w, nil, err
	}
	if w.Region.Basis == design.Assumed && w.Region.Value == region.Value {
		w.Region = region
	}
	var problems []string
	for _, p := range w.Validate() {
		problems = append(problems, withPrices(r.deps.catalog(), &w, p).Error())
	}
	if len(problems) > 0 {
		invalid = errors.New(strings.Join(problems, "; "))
	}
	return w, invalid, nil
}

// strictComparison says what keeps a comparison from being complete.
func strictComparison(designs []advisor.Design) error {
	unpriced, infeasible := 0, 0
	for i := range designs {
		if designs[i].Err != nil {
			infeasible++
			continue
		}
		unpriced += designs[i].Result.Unpriced + len(designs[i].Result.NotPriced)
	}
	if unpriced+infeasible == 0 {
		return nil
	}
	return fmt.Errorf("--strict: infeasible designs: %d, unpriced lines and types: %d", infeasible, unpriced)
}
