package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/estimate"
	"ecsavvy/cmd/internal/render"
)

type adviseOptions struct {
	deps *deps
	output
	accountOptions

	from       string
	preset     string
	minSaving  float64
	only, skip []string
	service    string
	tags       []string
	top        int
	maxRisk    string
	noSpot     bool
	keep       []string
	changes    int
	chart      string
	patches    string
	hours      float64
	strict     bool
	configFile string
}

func newAdviseCmd(d *deps, runF func(*adviseOptions) error) *cobra.Command {
	opts := &adviseOptions{deps: d}
	cmd := &cobra.Command{
		Use:   "advise",
		Short: "What should change in a running account, and how sure is that?",
		Long: `Read a running account (or a snapshot of one) and say what to change: one plan
whose steps add up, then every finding by itself with its evidence and its patch.

Sizes, counts and scaling targets are found by replaying the measured demand
through the autoscaler. Savings are intervals: with P10 nine months in ten save
more. What cannot be judged is listed with what is missing.

Nothing is changed in the account: all calls are read-only (docs/iam.md).

` + exitCodeHelp,
		Example: `  ecsavvy advise --from fixtures/account/shop.snapshot
  ecsavvy advise --from shop.snapshot --service prod/api
  ecsavvy advise --region eu-west-1 --max-risk medium --format markdown
  ecsavvy advise --profile prod --only right-size,schedule --min-saving 10`,
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opts.check(); err != nil {
				return err
			}
			if runF != nil {
				return runF(opts)
			}
			return adviseRun(opts)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func (o *adviseOptions) addFlags(cmd *cobra.Command) {
	o.output.addFlags(cmd)
	o.accountOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "", "snapshot `file` instead of the running account")
	flags.StringVar(&o.preset, "preset", "balanced", "how risk weighs against money: "+strings.Join(presetNames(), "|"))
	flags.Float64Var(&o.minSaving, "min-saving", 1, "leave out findings whose P10 saving is below this many `USD` a month")
	flags.StringSliceVar(&o.only, "only", nil, "use only these `levers`")
	flags.StringSliceVar(&o.skip, "skip", nil, "do not use these `levers`")
	flags.StringVar(&o.service, "service", "", "one `service` in depth: name or cluster/name")
	flags.StringSliceVar(&o.tags, "tag", nil, "only what has this tag, `key=value` (repeatable)")
	flags.IntVar(&o.top, "top", 0, "list only the first `n` findings; 0 lists all")
	flags.StringVar(&o.maxRisk, "max-risk", "", "the plan takes nothing riskier: low|medium|high")
	flags.BoolVar(&o.noSpot, "no-spot", false, "the plan takes no Spot")
	flags.StringSliceVar(&o.keep, "keep", nil, "the plan leaves what these `levers` would change as it is")
	flags.IntVar(&o.changes, "changes-per-month", 0, "how many changes the plan makes a month; 0 is no limit")
	flags.StringVar(&o.chart, "chart", "", "write the plan's waterfall (or the service's load) to this `file`: .svg or .png")
	flags.StringVar(&o.patches, "patches", "", "write the plan's patches in order to this `file`; of one form if it ends in .sh (AWS CLI) or .tf (Terraform)")
	flags.Float64Var(&o.hours, "hours-per-month", estimate.HoursPerMonth, "length of the month in hours")
	flags.BoolVar(&o.strict, "strict", false, "exit with 4 if anything is unpriced or could not be judged")
	flags.StringVar(&o.configFile, "config-file", "", "settings `file` instead of ecsavvy.yaml in the working directory or the repository's root")
}

// check refuses flag values that no account could make right.
func (o *adviseOptions) check() error {
	if !slices.Contains(presetNames(), o.preset) {
		return as(usage, fmt.Errorf("--preset: unknown preset %q: want %s", o.preset, strings.Join(presetNames(), ", ")))
	}
	for _, f := range []struct {
		flag   string
		levers []string
	}{{"--only", o.only}, {"--skip", o.skip}, {"--keep", o.keep}} {
		for _, l := range f.levers {
			if !slices.Contains(advisor.Levers(), advisor.Lever(l)) {
				return as(usage, fmt.Errorf("%s: unknown lever %q: want %s", f.flag, l, leverNames()))
			}
		}
	}
	if _, err := riskClass(o.maxRisk); err != nil {
		return as(usage, err)
	}
	if o.from != "" && o.accountOptions.given() {
		return as(usage, errors.New("--from reads a file; the flags that choose an account do not go with it"))
	}
	switch {
	case !(o.minSaving >= 0):
		return as(usage, fmt.Errorf("--min-saving: want 0 or more USD a month, got %v", o.minSaving))
	case o.top < 0:
		return as(usage, fmt.Errorf("--top: want 0 (all) or more, got %d", o.top))
	case o.changes < 0:
		return as(usage, fmt.Errorf("--changes-per-month: want 0 (no limit) or more, got %d", o.changes))
	}
	for _, tag := range o.tags {
		if key, _, ok := strings.Cut(tag, "="); !ok || key == "" {
			return as(usage, fmt.Errorf("--tag: want key=value, got %q", tag))
		}
	}
	for _, l := range o.only {
		if slices.Contains(o.skip, l) {
			return as(usage, fmt.Errorf("--only and --skip both name %s", l))
		}
	}
	if !(o.hours > 0 && o.hours <= 31*24) {
		return as(usage, fmt.Errorf("--hours-per-month: want more than 0 and at most 744, got %v", o.hours))
	}
	return errors.Join(checkChart(o.chart), o.accountOptions.check(), o.output.check(o.deps))
}

// leverNames lists the levers for messages.
func leverNames() string {
	var names []string
	for _, l := range advisor.Levers() {
		names = append(names, string(l))
	}
	return strings.Join(names, ", ")
}

// riskClass reads --max-risk; "" is no limit.
func riskClass(name string) (advisor.RiskClass, error) {
	for _, r := range []advisor.RiskClass{advisor.RiskLow, advisor.RiskMedium, advisor.RiskHigh} {
		if r.String() == name {
			return r, nil
		}
	}
	if name == "" {
		return advisor.RiskUnknown, nil
	}
	return advisor.RiskUnknown, fmt.Errorf("--max-risk: want low, medium or high, got %q", name)
}

func adviseRun(opts *adviseOptions) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	snapshot, closing, err := opts.open(ctx)
	if err != nil {
		return err
	}
	defer closing()
	config, err := findSettings(opts.deps, opts.configFile, []string{"-"})
	if err != nil {
		return as(badInput, err)
	}
	cat, err := config.prices(opts.deps)
	if err != nil {
		return as(badInput, err)
	}
	if config.HoursPerMonth > 0 && !opts.flags.Changed("hours-per-month") {
		opts.hours = config.HoursPerMonth
	}
	advice, err := opts.advise(ctx, snapshot, cat)
	if err != nil {
		return err
	}
	maxRisk, _ := riskClass(opts.maxRisk)
	plan, err := advice.MakePlan(advisor.PlanOptions{
		MaxRisk: maxRisk, NoSpot: opts.noSpot, Keep: leversOf(opts.keep), ChangesPerMonth: opts.changes,
	})
	if err != nil {
		return as(badInput, err)
	}
	if err := opts.writeFiles(&advice, &plan); err != nil {
		return err
	}
	info := render.AdviseInfo{Snapshot: cat.SnapshotDate(), AsOf: opts.asOf, Preset: opts.preset, Top: opts.top, Depth: opts.service != ""}
	if err := opts.emit(opts.deps, func(w io.Writer, o render.Options) error {
		return render.WriteAdvise(w, &advice, &plan, render.Format(opts.format), info, o)
	}); err != nil {
		return err
	}
	switch {
	case advice.Manifest.Partial():
		return as(refused, fmt.Errorf("the advice is partial: AWS did not answer %d calls, which the output lists", len(advice.Manifest.Failures)))
	case opts.strict && (len(advice.Abstentions) > 0 || advice.Unpriced() > 0):
		return as(incomplete, fmt.Errorf("--strict: not judged: %d, unpriced lines: %d", len(advice.Abstentions), advice.Unpriced()))
	}
	return nil
}

// advise turns a snapshot into advice.
func (o *adviseOptions) advise(ctx context.Context, snapshot *account.Snapshot, cat *prices) (advisor.Advice, error) {
	sites, err := sitesOf(snapshot)
	if err != nil {
		return advisor.Advice{}, as(badInput, err)
	}
	if len(sites) == 0 {
		return advisor.Advice{}, nothingRead(snapshot.Manifest())
	}
	if err := o.subjects(sites); err != nil {
		return advisor.Advice{}, as(badInput, err)
	}
	advice, err := advisor.Advise(ctx, sites, cat.Catalog, advisor.AdviseOptions{
		Estimate:  cat.options(o.hours),
		Penalty:   penaltyOf(o.preset),
		MinSaving: o.minSaving,
		Loads:     o.service != "",
		Only:      leversOf(o.only), Skip: leversOf(o.skip),
		Match: o.matcher(),
		Draws: adviceDraws, Seed: adviceSeed, Workers: adviceWorkers(),
	})
	return advice, as(badInput, err)
}

// writeFiles writes the chart and the patches that were asked for.
func (o *adviseOptions) writeFiles(advice *advisor.Advice, plan *advisor.Plan) error {
	if o.chart != "" {
		var chart []byte
		var err error
		if o.service != "" && len(advice.Loads) > 0 {
			chart, err = render.LoadChart(&advice.Loads[0], o.chart[len(o.chart)-3:])
		} else {
			chart, err = render.WaterfallChart(plan, o.chart[len(o.chart)-3:])
		}
		if err == nil {
			err = o.deps.files.write(o.chart, chart)
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", o.chart, withoutOperation(err))
		}
		o.note(o.deps, "wrote %s", o.chart)
	}
	if o.patches == "" {
		return nil
	}
	form := map[string]string{".sh": advisor.FormCLI, ".tf": advisor.FormTerraform}[filepath.Ext(o.patches)]
	if err := o.deps.files.write(o.patches, []byte(render.PlanPatches(plan, form))); err != nil {
		return fmt.Errorf("writing %s: %w", o.patches, withoutOperation(err))
	}
	o.note(o.deps, "wrote %s", o.patches)
	return nil
}

// open reads the snapshot that was named, or makes one of the running account: advice
// from either is the same.
func (o *adviseOptions) open(ctx context.Context) (*account.Snapshot, func(), error) {
	o.deps.limitMemory(adviceMemory)
	if o.from != "" {
		snapshot, file, err := openSnapshot(o.deps, o.from)
		if err != nil {
			return nil, nil, err
		}
		return snapshot, func() { file.Close() }, nil
	}
	file, err := os.CreateTemp("", "ecsavvy-*.snapshot")
	if err != nil { // no place for temporary files: memory holds it, too
		var buf bytes.Buffer
		if err := o.record(ctx, o.deps, &buf); err != nil {
			return nil, nil, err
		}
		snapshot, err := account.Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
		return snapshot, func() {}, err
	}
	closing := func() {
		file.Close()
		os.Remove(file.Name())
	}
	if err := o.record(ctx, o.deps, file); err != nil {
		closing()
		return nil, nil, err
	}
	snapshot, again, err := openSnapshot(o.deps, file.Name())
	if err != nil {
		closing()
		return nil, nil, err
	}
	return snapshot, func() { again.Close(); closing() }, nil
}

// nothingRead says why there is nothing to advise on: nothing runs, or nobody was
// let in.
func nothingRead(m account.Manifest) error {
	if !m.Partial() {
		return as(badInput, errors.New("nothing runs on ECS in the accounts and regions that were read"))
	}
	problems := []error{errors.New("AWS answered nothing to advise on")}
	for _, f := range m.Failures {
		problems = append(problems, fmt.Errorf("%s %s: %s: %s", f.Account, f.Region, f.Call, f.Why))
	}
	return as(refused, errors.Join(problems...))
}

func leversOf(names []string) []advisor.Lever {
	var levers []advisor.Lever
	for _, n := range names {
		levers = append(levers, advisor.Lever(n))
	}
	return levers
}

// matcher is the filter of --service and --tag.
func (o *adviseOptions) matcher() func(advisor.Subject) bool {
	return func(s advisor.Subject) bool {
		if o.service != "" && (s.Kind != "service" || s.Name != o.service && s.Cluster+"/"+s.Name != o.service) {
			return false
		}
		return o.tagged(s)
	}
}
