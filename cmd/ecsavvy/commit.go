package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecsavvy/advisor"
	"ecsavvy/advisor/commitment"
	"ecsavvy/cmd/internal/render"
	"ecsavvy/pricing"
)

type commitOptions struct {
	deps *deps
	output
	inputOptions
	input string

	earlier, owned string
	terms, plans   []string
	payments       []string
	growth         float64
	capital        float64
	ladder         int
	zeroGaps       bool
	renew          bool
	account        string
	chart          string
	configFile     string
}

func newCommitCmd(d *deps, runF func(*commitOptions) error) *cobra.Command {
	opts := &commitOptions{deps: d}
	cmd := &cobra.Command{
		Use:   "commit USAGE.csv|DESIGN.yaml|SNAPSHOT",
		Short: "How much to commit, in which Savings Plans, and with what regret?",
		Long: `Find the amounts of Savings Plans with the lowest bill for hourly usage, beside
what is owned already, as AWS applies them hour by hour; then what to buy when the
future may differ, when the money leaves the account, and what a mistake costs.

The usage is one of
  a CSV file: hour,usage_type,region,quantity, or a FOCUS export, or an AWS Cost
  and Usage Report, both hourly; a row that cannot be meant is refused by its number
  a design or any other input of ecsavvy estimate: its counts in a typical week
  a snapshot of an account: what is left after all other steps of ecsavvy advise

` + exitCodeHelp,
		Example: `  ecsavvy commit fixtures/cases/offhours/design.yaml
  ecsavvy commit fixtures/account/shop.snapshot --terms 1yr
  ecsavvy commit fixtures/commit/usage.csv --earlier fixtures/commit/before.csv
  ecsavvy commit usage.csv --owned plans.csv --ladder 4 --chart commit.svg`,
		Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			opts.input = given[0]
			if err := opts.check(cmd); err != nil {
				return err
			}
			if runF != nil {
				return runF(opts)
			}
			return commitRun(opts)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func (o *commitOptions) addFlags(cmd *cobra.Command) {
	o.output.addFlags(cmd)
	o.inputOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.earlier, "earlier", "", "`file` of usage before a change, such as right-sizing: what committing then would have cost")
	flags.StringVar(&o.owned, "owned", "", "CSV `file` of what is committed already: id,type,term,payment,commitment,…")
	flags.StringSliceVar(&o.terms, "terms", []string{"1yr", "3yr"}, "`terms` that may be bought")
	flags.StringSliceVar(&o.plans, "plans", []string{"compute", "ec2-instance"}, "`types` of Savings Plans that may be bought")
	flags.StringSliceVar(&o.payments, "payments", []string{"no", "partial", "all"}, "upfront `payments` that may be chosen")
	flags.Float64Var(&o.growth, "growth", 0, "yearly growth that is expected, 0.2 for 20 %")
	flags.Float64Var(&o.capital, "cost-of-capital", 0.08, "yearly interest on money paid upfront, 0.08 for 8 %")
	flags.IntVar(&o.ladder, "ladder", 0, "split the largest purchase into so many tranches over its term")
	flags.BoolVar(&o.zeroGaps, "zero-gaps", false, "take hours without a row as hours without usage")
	flags.BoolVar(&o.renew, "renew-owned", true, "what is owned is renewed when it ends, so that only what is missing today is bought")
	flags.StringVar(&o.account, "account", "", "`account` of a snapshot of several")
	flags.StringVar(&o.chart, "chart", "", "draw the cost over the commitment into this `file`, .svg or .png")
	addConfigFile(cmd, &o.configFile)
}

// check refuses flag values that no usage could make right.
func (o *commitOptions) check(cmd *cobra.Command) error {
	if err := o.inputOptions.check(cmd); err != nil {
		return err
	}
	for _, f := range []struct {
		flag         string
		given, known []string
	}{{"--terms", o.terms, []string{"1yr", "3yr"}}, {"--plans", o.plans, []string{"compute", "ec2-instance"}}, {"--payments", o.payments, []string{"no", "partial", "all"}}} {
		if len(f.given) == 0 {
			return as(usage, fmt.Errorf("%s: want some of %s", f.flag, strings.Join(f.known, ", ")))
		}
		for _, g := range f.given {
			if !slices.Contains(f.known, g) {
				return as(usage, fmt.Errorf("%s: want some of %s, got %q", f.flag, strings.Join(f.known, ", "), g))
			}
		}
	}
	switch {
	case !(o.growth > -1 && o.growth <= 10):
		return as(usage, fmt.Errorf("--growth: want more than -1 and at most 10, such as 0.2 for 20 %%, got %v", o.growth))
	case !(o.capital >= 0 && o.capital < 1):
		return as(usage, fmt.Errorf("--cost-of-capital: want 0 or more and less than 1, such as 0.08 for 8 %%, got %v", o.capital))
	case o.ladder < 0 || o.ladder > 36:
		return as(usage, fmt.Errorf("--ladder: want 0 to 36 tranches, got %d", o.ladder))
	}
	if err := checkChart(o.chart); err != nil {
		return err
	}
	return o.output.check(o.deps)
}

// checkChart refuses names of pictures that cannot be drawn.
func checkChart(name string) error {
	if name != "" && !strings.HasSuffix(name, ".svg") && !strings.HasSuffix(name, ".png") {
		return as(usage, fmt.Errorf("--chart: want a name that ends in .svg or .png, got %q", name))
	}
	return nil
}

// offers are those that the flags allow.
func (o *commitOptions) offers() []pricing.Offer {
	payment := map[string]string{"No Upfront": "no", "Partial Upfront": "partial", "All Upfront": "all"}
	plan := map[pricing.PlanType]string{pricing.ComputePlan: "compute", pricing.EC2InstancePlan: "ec2-instance"}
	return slices.DeleteFunc(commitment.AllOffers(), func(f pricing.Offer) bool {
		return !slices.Contains(o.terms, f.Term) || !slices.Contains(o.payments, payment[f.Payment]) || !slices.Contains(o.plans, plan[f.Type])
	})
}

// hourlyUsage is usage to commit to, and what is known of it.
type hourlyUsage struct {
	of             string
	hours, earlier *commitment.Hours
	owned          commitment.Owned
	notes          []render.Item
}

func commitRun(opts *commitOptions) error {
	config, err := findSettings(opts.deps, opts.configFile, []string{opts.input})
	if err != nil {
		return as(badInput, err)
	}
	config.apply(&opts.inputOptions)
	cat, err := config.prices(opts.deps)
	if err != nil {
		return as(badInput, err)
	}
	use, err := opts.read(&config, cat)
	if err != nil {
		return as(badInput, err)
	}
	if opts.owned != "" {
		if err := opts.readOwned(use); err != nil {
			return as(badInput, err)
		}
	}
	o := advisor.DefaultCommit()
	o.Offers, o.Owned, o.RenewOwned, o.CostOfCapital = opts.offers(), use.owned, opts.renew, opts.capital
	o.Growth, o.Tranches = opts.growth, opts.ladder
	a, err := advisor.AdvisePurchase(use.hours, use.earlier, o)
	if err != nil {
		return as(badInput, errors.New(strings.TrimPrefix(err.Error(), "commitment: ")))
	}
	if opts.chart != "" {
		picture, err := render.CommitChart(&a, opts.chart[len(opts.chart)-3:])
		if err := opts.writeChart(picture, err); err != nil {
			return err
		}
	}
	info := render.CommitInfo{Of: use.of, Snapshot: cat.SnapshotDate(), AsOf: opts.asOf, Discounts: cat.terms.Discounts, Notes: use.notes}
	for i := range use.hours.Lines {
		if use.hours.Lines[i].Private {
			info.OwnRates++
		}
	}
	return opts.emit(opts.deps, func(w io.Writer, options render.Options) error {
		return render.WriteCommit(w, &a, render.Format(opts.format), info, options)
	})
}

// writeChart writes a picture, or says why there is none.
func (o *commitOptions) writeChart(picture []byte, err error) error {
	if err != nil {
		return as(badInput, fmt.Errorf("drawing %s: %w", o.chart, err))
	}
	if err := o.deps.files.write(o.chart, picture); err != nil {
		return fmt.Errorf("writing %s: %w", o.chart, withoutOperation(err))
	}
	o.note(o.deps, "wrote %s", o.chart)
	return nil
}

// read reads the usage: a snapshot by its first bytes, a CSV file by its name or
// header, everything else as an input of estimate.
func (o *commitOptions) read(config *settings, cat *prices) (*hourlyUsage, error) {
	in, err := o.open(o.input)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	start := bufio.NewReaderSize(in, 64<<10)
	head, _ := start.Peek(4096) // what is wrong with it, its reader says
	var use *hourlyUsage
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		use, err = o.readSnapshot(cat)
	case isCSV(o.input, head):
		use, err = o.readCSV(o.input, start, cat)
	default:
		if o.input == "-" {
			o.deps.stdin = start // with what was looked at
		}
		use, err = o.readDesign(config, cat)
	}
	if err != nil || o.earlier == "" {
		return use, err
	}
	before, err := o.open(o.earlier)
	if err != nil {
		return nil, err
	}
	defer before.Close()
	earlier, err := o.readCSV(o.earlier, before, cat)
	if err != nil {
		return nil, err
	}
	use.earlier = earlier.hours
	return use, nil
}

// open is a file, or what stands on standard input. A year of hourly usage may be
// larger than what is read of other inputs: it is read row by row.
func (o *commitOptions) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(o.deps.stdin), nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, withoutOperation(err))
	}
	return file, nil
}

// isCSV tells a CSV file by its name, or by a first line with commas.
func isCSV(name string, data []byte) bool {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	return strings.HasSuffix(strings.ToLower(name), ".csv") || bytes.Count(first, []byte(",")) >= 3 && !bytes.ContainsAny(first, "{[:")
}

func (o *commitOptions) readCSV(name string, in io.Reader, cat *prices) (*hourlyUsage, error) {
	o.deps.limitMemory(commitMemory)
	usage, err := commitment.ReadUsage(name, in, commitment.ReadOptions{ZeroGaps: o.zeroGaps})
	if err != nil {
		return nil, err
	}
	hours, unrated, err := usage.Rate(cat.Catalog)
	if err != nil {
		return nil, fmt.Errorf("pricing %s: %s", name, strings.TrimPrefix(err.Error(), "commitment: "))
	}
	hours.Discount(cat.terms)
	o.deps.limitMemory(searchMemory(hours, slices.Contains(o.plans, "ec2-instance")))
	use := &hourlyUsage{of: fmt.Sprintf("%s, %s, %d hours", name, usage.Form, usage.Hours), hours: hours}
	for _, u := range unrated {
		use.notes = append(use.notes, render.Item{Place: u.ID, Text: "left out: " + u.Why})
	}
	for _, i := range usage.Ignored {
		use.notes = append(use.notes, render.Item{Place: i.Name, Text: fmt.Sprintf("%d rows that no Savings Plan here covers", i.Rows)})
	}
	return use, nil
}

func (o *commitOptions) readDesign(config *settings, cat *prices) (*hourlyUsage, error) {
	r := newReader(&o.inputOptions, o.deps, &o.output)
	r.settings = config
	sources, err := r.find([]string{o.input})
	if err != nil {
		return nil, err
	}
	inputs, err := r.readAll(joinReplies(sources))
	if err != nil {
		return nil, err
	}
	if len(inputs) != 1 {
		return nil, fmt.Errorf("reading %s: want one design, found %d", o.input, len(inputs))
	}
	hours, owned, err := advisor.DesignHours(inputs[0].workload, cat.Catalog, cat.options(o.hours))
	switch {
	case err != nil:
		return nil, fmt.Errorf("pricing %s: %w", inputs[0].path(), err)
	case hours == nil:
		return nil, fmt.Errorf("%s: nothing in it that a Savings Plan could cover", inputs[0].path())
	}
	return &hourlyUsage{of: inputs[0].path() + ", a typical week", hours: hours, owned: owned}, nil
}

// readSnapshot is the usage of an account after all other steps of the plan.
func (o *commitOptions) readSnapshot(cat *prices) (*hourlyUsage, error) {
	snapshot, file, err := openSnapshot(o.deps, o.input)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	advise := &adviseOptions{deps: o.deps, preset: "balanced", minSaving: 1, hours: o.hours}
	advice, err := advise.advise(context.Background(), snapshot, cat)
	if err != nil {
		return nil, err
	}
	plan, err := advice.MakePlan(advisor.PlanOptions{})
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range plan.Commitments {
		c := &plan.Commitments[i]
		if names = append(names, c.Account); o.account == c.Account || o.account == "" && len(plan.Commitments) == 1 {
			return &hourlyUsage{of: o.input + ", account " + c.Account + ", a typical week after all other steps", hours: c.Left, earlier: c.Unchanged, owned: c.Owned}, nil
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("reading %s: nothing in it that a Savings Plan could cover", o.input)
	}
	return nil, fmt.Errorf("--account: want one of %s, got %q", strings.Join(names, ", "), o.account)
}

// readOwned adds what a file says is committed already.
func (o *commitOptions) readOwned(use *hourlyUsage) error {
	in, err := o.open(o.owned)
	if err != nil {
		return err
	}
	defer in.Close()
	owned, err := commitment.ReadOwned(o.owned, in)
	use.owned.Plans = append(use.owned.Plans, owned.Plans...)
	use.owned.Reservations = append(use.owned.Reservations, owned.Reservations...)
	return err
}
