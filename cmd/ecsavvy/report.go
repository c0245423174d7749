package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/estimate"
	"ecsavvy/cmd/internal/deliver"
	"ecsavvy/cmd/internal/history"
	"ecsavvy/cmd/internal/render"
)

type reportOptions struct {
	deps *deps
	output
	accountOptions
	inputs []string

	from, preset, maxRisk string
	noSpot                bool
	keep                  []string
	configFile            string

	name, title    string
	period         string
	history        string
	to             []string
	attach         []string
	dryRun, again  bool
	teamTag        string
	environmentTag string
	budgets        []string
	settingBudgets map[string]float64
	top            int
	hours          float64
	payer          string
}

// formatFocus is a report as rows of FOCUS 1.2.
const formatFocus render.Format = "focus"

// noHistory is the value of --history that keeps nothing.
const noHistory = "none"

func newReportCmd(d *deps, runF func(*reportOptions) error) *cobra.Command {
	opts := &reportOptions{deps: d}
	cmd := &cobra.Command{
		Use:   "report [FILE|DIR...]",
		Short: "The scheduled FinOps report: what costs, what changed, what to do, what came true",
		Long: `Report what ECS costs by team, environment and service, why that changed since the
last report (price, volume, configuration), what is wasted, the plan and whether
earlier recommendations came true.

It is made of a running account, of a snapshot (--from), or of infrastructure code
(FILE|DIR, without measurements). Every report is kept in --history, so that the
next one can tell what changed; --history none keeps nothing.

--to hands it to people, once for each period: a file or folder, s3://bucket/prefix,
sns:ARN, slack:REF, teams:REF, mailto:ADDRESS, smtp://HOST:PORT?… where REF is
env:NAME, ssm:/path or secretsmanager:NAME. --dry-run shows what would go where.

` + exitCodeHelp,
		Example: `  ecsavvy report --from fixtures/account/shop.snapshot --history none
  ecsavvy report --from shop.snapshot --format html --out-file report.html
  ecsavvy report --region eu-west-1 --period week --history s3://finops/ecs --to slack:env:SLACK_URL
  ecsavvy report plan.json --history none --format markdown`,
		Args: args(cobra.ArbitraryArgs),
		RunE: func(_ *cobra.Command, given []string) error {
			opts.inputs = given
			if err := opts.check(); err != nil {
				return err
			}
			if runF != nil {
				return runF(opts)
			}
			return reportRun(opts)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func (o *reportOptions) addFlags(cmd *cobra.Command) {
	o.output.addFlagsOf(cmd, append(render.ReportFormats(), formatFocus))
	o.accountOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "", "snapshot `file` instead of the running account")
	flags.StringVar(&o.preset, "preset", "balanced", "how risk weighs against money: "+strings.Join(presetNames(), "|"))
	flags.StringVar(&o.maxRisk, "max-risk", "", "the plan takes nothing riskier: low|medium|high")
	flags.BoolVar(&o.noSpot, "no-spot", false, "the plan takes no Spot")
	flags.StringSliceVar(&o.keep, "keep", nil, "the plan leaves what these `levers` would change as it is")
	flags.StringVar(&o.configFile, "config-file", "", "settings `file` instead of ecsavvy.yaml in the working directory or the repository's root")
	flags.StringVar(&o.name, "name", "ecs", "`name` under which reports are kept: those of one name follow each other")
	flags.StringVar(&o.title, "title", "", "heading of the report")
	flags.StringVar(&o.period, "period-of", "window", "what the report is about: window (what was measured), week or month (the last whole one), or `FROM..TO`")
	flags.StringVar(&o.history, "history", "ecsavvy-history.db", "where reports are kept: an SQLite file, dir:PATH, s3://bucket/prefix, or none")
	flags.StringSliceVar(&o.to, "to", nil, "`destinations` to hand the report to, several with commas")
	flags.StringSliceVar(&o.attach, "files", []string{"html"}, "forms that are delivered: html, xlsx, markdown, csv, json, focus")
	flags.BoolVar(&o.dryRun, "dry-run", false, "show what would be kept and delivered, and do neither")
	flags.BoolVar(&o.again, "again", false, "deliver again what was delivered for this period before")
	flags.StringVar(&o.teamTag, "team-tag", "team", "`key` of the tag that names a team")
	flags.StringVar(&o.environmentTag, "environment-tag", "env", "`key` of the tag that names an environment")
	flags.StringArrayVar(&o.budgets, "budget", nil, "a team's budget, `team=USD` a month (repeatable)")
	flags.IntVar(&o.top, "top", 20, "rows of a table in markdown and on a terminal; 0 is all")
	flags.Float64Var(&o.hours, "hours-per-month", estimate.HoursPerMonth, "length of the month in hours")
	flags.StringVar(&o.payer, "billing-account", "", "`ID` of the account that pays, for --format focus; without it the first account")
}

// check refuses flag values that no input could make right.
func (o *reportOptions) check() error {
	if err := o.output.check(o.deps); err != nil {
		return err
	}
	switch {
	case len(o.inputs) > 0 && (o.from != "" || o.accountOptions.given()):
		return as(usage, errors.New("a report is made of files or of an account, not of both"))
	case o.top < 0:
		return as(usage, fmt.Errorf("--top: want 0 or more, got %d", o.top))
	case len(o.to) > 0 && (o.file != "" || o.given("format")):
		return as(usage, errors.New("--to takes the forms of --files; --format and --out-file are of a report that is printed"))
	}
	return o.advising().check()
}

// checkSettings refuses values that a flag or the settings file gave.
func (o *reportOptions) checkSettings() error {
	if !deliver.PlainName(o.name) {
		return as(usage, fmt.Errorf("--name: want letters, digits, '.', '_' and '-', got %q", o.name))
	}
	if _, err := o.teamBudgets(); err != nil {
		return as(usage, err)
	}
	if _, _, err := reportPeriod(o.period, o.deps.now(), account.Manifest{}); err != nil {
		return as(usage, err)
	}
	if o.history != noHistory {
		if err := history.Check(o.history); err != nil {
			return as(usage, fmt.Errorf("--history: %s", strings.TrimPrefix(err.Error(), "history: ")))
		}
	}
	if len(o.to) > 0 && len(o.attach) == 0 {
		return as(usage, fmt.Errorf("--files: want some of %s, got none", strings.Join(o.formats, ", ")))
	}
	for _, f := range o.attach {
		if !slices.Contains(o.formats, f) {
			return as(usage, fmt.Errorf("--files: unknown format %q: want %s", f, strings.Join(o.formats, ", ")))
		}
	}
	for _, text := range o.to {
		if _, err := deliver.Parse(text); err != nil {
			return as(usage, fmt.Errorf("--to: %w", err))
		}
	}
	return nil
}

// teamBudgets reads --budget, without it those of the settings.
func (o *reportOptions) teamBudgets() (map[string]float64, error) {
	budgets := maps.Clone(o.settingBudgets)
	if budgets == nil {
		budgets = map[string]float64{}
	}
	for _, text := range o.budgets {
		team, amount, ok := strings.Cut(text, "=")
		usd, err := strconv.ParseFloat(strings.TrimSpace(amount), 64)
		if !ok || team == "" || err != nil || !(usd > 0) || math.IsInf(usd, 0) {
			return nil, fmt.Errorf("--budget: want team=USD with an amount above 0, got %q", text)
		}
		budgets[team] = usd
	}
	return budgets, nil
}

// reportPeriod is the period of a report: what was measured, or the last whole week
// (from Monday) or month before now, or stated days, UTC.
func reportPeriod(text string, now time.Time, m account.Manifest) (from, to time.Time, err error) {
	today := now.UTC().Truncate(24 * time.Hour)
	switch text {
	case "window":
		if m.From.Before(m.To) {
			return wholeDays(m.From, m.To)
		}
		return today.AddDate(0, 0, -7), today, nil
	case "week":
		to = today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
		return to.AddDate(0, 0, -7), to, nil
	case "month":
		to = today.AddDate(0, 0, 1-today.Day())
		return to.AddDate(0, -1, 0), to, nil
	}
	first, last, ok := strings.Cut(text, "..")
	from, err1 := time.Parse(time.DateOnly, first)
	to, err2 := time.Parse(time.DateOnly, last)
	if !ok || err1 != nil || err2 != nil || !from.Before(to) {
		return from, to, fmt.Errorf("--period-of: want window, week, month or FROM..TO such as 2026-11-01..2026-12-01, got %q", text)
	}
	return from, to, nil
}

// wholeDays begins and ends a period at midnight, UTC, so that a run that is started
// a second time on one day is of the same period.
func wholeDays(from, to time.Time) (time.Time, time.Time, error) {
	from, to = from.UTC().Truncate(24*time.Hour), to.UTC().Truncate(24*time.Hour)
	if !from.Before(to) { // less than a day was measured
		to = from.AddDate(0, 0, 1)
	}
	return from, to, nil
}

func reportRun(opts *reportOptions) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	cat, err := opts.settle()
	if err != nil {
		return err
	}
	// Before anything is read: reading an account takes long and costs money.
	store, closing, err := opts.openHistory(ctx)
	if err != nil {
		return err
	}
	defer closing()
	in, partial, err := opts.input(ctx, cat)
	if err != nil {
		return err
	}
	past, err := keptReports(ctx, store, opts.name)
	if err != nil {
		return err
	}
	report, err := advisor.MakeReport(in, past)
	if err != nil {
		return as(badInput, err)
	}
	files, err := opts.files(&report, &in)
	if err != nil {
		return err
	}
	if err := opts.store(ctx, store, &report); err != nil {
		return err
	}
	if err := opts.deliver(ctx, &report, files); err != nil {
		return err
	}
	if partial > 0 {
		return as(refused, fmt.Errorf("the report is partial: AWS did not answer %d calls, which it lists", partial))
	}
	return nil
}
