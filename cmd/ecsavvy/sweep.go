package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecsavvy/advisor"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
	"ecsavvy/cmd/internal/render"
)

type sweepOptions struct {
	deps *deps
	output
	inputOptions
	input string

	x, y     axisOptions
	variants []string
	groups   []string
	chart    string

	configFile string
}

// axisOptions are the flags of one parameter.
type axisOptions struct {
	flag            string // "param" or "param2", for messages
	path, from, to  string
	label, unitName string
	steps           int
}

func newSweepCmd(d *deps, runF func(*sweepOptions) error) *cobra.Command {
	opts := &sweepOptions{deps: d}
	cmd := &cobra.Command{
		Use:   "sweep DESIGN.yaml --param PATH --from N --to N",
		Short: "Over which load does which design cost less?",
		Long: `Price a design and its variants over one or two parameters, and solve for the
values at which the cheaper of any two changes.

A parameter is a path of the design file, as variants have it
(services.api.count.average, services.api.traffic.internet_out), or one of

  services.NAME.hours_per_week   the service runs this many hours of 168
  services.NAME.spot_share       this share of it, 0 to 1, on Fargate Spot

Values may carry the unit that the path takes: --from 0 --to 2TB/month.
--chart writes a picture; the name ends in .svg or .png.

` + exitCodeHelp,
		Example: `  ecsavvy sweep fixtures/cases/shop/design.yaml \
    --param services.web.count.average --from 2 --to 10
  ecsavvy sweep shop.yaml --param services.web.spot_share --from 0 --to 1
  ecsavvy sweep nat.yaml --param services.api.logs.ingest --from 0 --to 500 \
    --variants base,endpoint --chart break-even.svg`,
		Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			opts.input = given[0]
			if err := opts.check(cmd); err != nil {
				return err
			}
			if runF != nil {
				return runF(opts)
			}
			return sweepRun(opts)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func (o *sweepOptions) addFlags(cmd *cobra.Command) {
	o.output.addFlags(cmd)
	o.inputOptions.addFlags(cmd)
	flags := cmd.Flags()
	o.x.addFlags(cmd, "param", "")
	o.y.addFlags(cmd, "param2", "2")
	flags.StringSliceVar(&o.variants, "variants", nil, "sweep only these variant `names`; base is the design itself")
	flags.StringSliceVar(&o.groups, "groups", nil, "count only these cost `groups`, such as compute,egress")
	addConfigFile(cmd, &o.configFile)
	flags.StringVar(&o.chart, "chart", "", "draw the costs into this `file`, .svg or .png")
}

func (a *axisOptions) addFlags(cmd *cobra.Command, flag, suffix string) {
	a.flag = flag
	flags := cmd.Flags()
	flags.StringVar(&a.path, flag, "", "`path` of the design that varies")
	flags.StringVar(&a.from, "from"+suffix, "", "least `value` of --"+flag)
	flags.StringVar(&a.to, "to"+suffix, "", "greatest `value` of --"+flag)
	flags.IntVar(&a.steps, "steps"+suffix, 0, "how many `values` of --"+flag+" are listed (default 11)")
	flags.StringVar(&a.label, "label"+suffix, "", "what sentences and axes `call` --"+flag)
	flags.StringVar(&a.unitName, "unit"+suffix, "", "`unit` that sentences and axes name")
}

// defaultListed is how many values a table lists.
const defaultListed = 11

// check refuses flag values that no input could make right.
func (o *sweepOptions) check(cmd *cobra.Command) error {
	if err := o.inputOptions.check(cmd); err != nil {
		return err
	}
	if o.x.path == "" {
		return as(usage, errors.New("--param: want a path of the design, such as services.api.count.average"))
	}
	for _, a := range []*axisOptions{&o.x, &o.y} {
		if err := a.check(); err != nil {
			return as(usage, err)
		}
	}
	if o.chart != "" && !strings.HasSuffix(o.chart, ".svg") && !strings.HasSuffix(o.chart, ".png") {
		return as(usage, fmt.Errorf("--chart: want a name that ends in .svg or .png, got %q", o.chart))
	}
	for _, g := range o.groups {
		if !slices.Contains(costGroups(), g) {
			return as(usage, fmt.Errorf("--groups: unknown cost group %q%s", g, intake.Suggest(g, costGroups())))
		}
	}
	return o.output.check(o.deps)
}

func costGroups() []string {
	return []string{
		string(estimate.Compute), string(estimate.Ingress), string(estimate.Egress), string(estimate.Transfer),
		string(estimate.Logs), string(estimate.Monitoring), string(estimate.Storage), string(estimate.Images),
		string(estimate.Secrets), string(estimate.Discovery), string(estimate.Control),
	}
}

func (a *axisOptions) check() error {
	switch {
	case a.path == "" && a.from+a.to == "":
		return nil
	case a.path == "":
		return fmt.Errorf("--%s: its range is given and its path is not", a.flag)
	case a.from == "" || a.to == "":
		return fmt.Errorf("--%s: want its range too, --from%s and --to%s", a.flag, strings.TrimPrefix(a.flag, "param"), strings.TrimPrefix(a.flag, "param"))
	case a.steps != 0 && a.steps < 2 || a.steps > 10_000:
		return fmt.Errorf("--steps%s: want 2 to 10000, got %d", strings.TrimPrefix(a.flag, "param"), a.steps)
	}
	return nil
}

func sweepRun(opts *sweepOptions) error {
	config, err := findSettings(opts.deps, opts.configFile, []string{opts.input})
	if err != nil {
		return as(badInput, err)
	}
	config.apply(&opts.inputOptions)
	r := newReader(&opts.inputOptions, opts.deps, &opts.output)
	r.settings = &config
	sources, err := r.find([]string{opts.input})
	if err != nil {
		return as(badInput, err)
	}
	if len(sources) != 1 {
		return as(badInput, fmt.Errorf("reading %s: want one design, found %d", opts.input, len(sources)))
	}
	s := &sources[0]
	base, _, err := readDesign(r, s, r.variant, nil)
	if err != nil {
		return as(badInput, err)
	}
	names, err := sweepNames(s, &base, opts.variants)
	if err != nil {
		return as(badInput, err)
	}
	sw := sweepSource{reader: r, source: s, base: base}
	x, err := sw.axis(&opts.x)
	if err != nil {
		return as(badInput, err)
	}
	axes := []*axis{x}
	var y *advisor.Parameter
	if opts.y.path != "" {
		second, err := sw.axis(&opts.y)
		if err != nil {
			return as(badInput, err)
		}
		axes, y = append(axes, second), &second.Parameter
	}
	designs := make([]advisor.Swept, len(names))
	for i, name := range names {
		designs[i] = sw.design(name, axes)
	}
	cat, err := config.prices(opts.deps)
	if err != nil {
		return as(badInput, err)
	}
	result, err := advisor.Sweep(designs, x.Parameter, y, cat.Catalog, opts.options(cat))
	if err != nil {
		return as(badInput, err)
	}
	if err := priceless(&result); err != nil {
		return as(badInput, err)
	}
	return opts.printSweep(&result, cat)
}

func (o *sweepOptions) options(cat *prices) advisor.SweepOptions {
	opt := advisor.SweepOptions{Estimate: cat.options(o.hours)}
	for _, g := range o.groups {
		opt.Groups = append(opt.Groups, estimate.Group(g))
	}
	return opt
}

// printSweep writes the chart, if one is asked for, and the document.
func (o *sweepOptions) printSweep(result *advisor.SweepResult, cat *prices) error {
	if o.chart != "" {
		picture, err := render.SweepChart(result, o.chart[len(o.chart)-3:])
		if err != nil {
			return fmt.Errorf("drawing %s: %w", o.chart, err)
		}
		if err := o.deps.files.write(o.chart, picture); err != nil {
			return fmt.Errorf("writing %s: %w", o.chart, withoutOperation(err))
		}
		o.note(o.deps, "wrote %s", o.chart)
	}
	info := render.SweepInfo{Snapshot: cat.SnapshotDate(), AsOf: o.asOf, Groups: o.groups, Discounts: cat.terms.Discounts}
	return o.emit(o.deps, func(w io.Writer, opts render.Options) error {
		return render.WriteSweep(w, result, render.Format(o.format), info, opts)
	})
}

// sweepNames are the designs to sweep: the design and its variants, or those
// asked for.
func sweepNames(s *source, w *design.Workload, asked []string) ([]string, error) {
	names, err := variantNames(s, w, asked)
	if err != nil {
		return nil, err
	}
	if len(asked) == 0 || slices.Contains(asked, baseName) {
		names = append([]string{baseName}, names...)
	}
	return names, nil
}

// baseName is what the design without a variant is called.
const baseName = "base"

// priceless is an error where no design has a price anywhere.
func priceless(r *advisor.SweepResult) error {
	var reason error
	for _, row := range r.Rows {
		for _, p := range row.Points {
			for _, c := range p.Costs {
				if c.Err == nil {
					return nil
				}
				reason = c.Err
			}
		}
	}
	return fmt.Errorf("sweeping %s from %v to %v: no design can be had at any value that was tried: %w", r.X.Path, r.X.From, r.X.To, reason)
}
