package main

import (
	"context"
	"errors"
	"fmt"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/estimate"
)

// input makes what a report is made of: advice on an account or a snapshot, or the
// estimates of files. partial counts what AWS did not answer.
func (o *reportOptions) input(ctx context.Context, cat *prices) (in advisor.ReportInput, partial int, err error) {
	in = advisor.ReportInput{TeamTag: o.teamTag, EnvironmentTag: o.environmentTag}
	if in.Budgets, err = o.teamBudgets(); err != nil {
		return in, 0, as(usage, err)
	}
	if len(o.inputs) > 0 {
		in.Advice, err = o.estimates(cat)
	} else {
		err = o.advised(ctx, cat, &in)
	}
	if err != nil {
		return in, 0, err
	}
	in.From, in.To, err = reportPeriod(o.period, o.deps.now(), in.Advice.Manifest)
	return in, len(in.Advice.Manifest.Failures), as(usage, err)
}

// advising are the options of advise that a report goes by.
func (o *reportOptions) advising() *adviseOptions {
	return &adviseOptions{
		deps: o.deps, output: o.output, accountOptions: o.accountOptions, from: o.from, preset: o.preset,
		maxRisk: o.maxRisk, noSpot: o.noSpot, keep: o.keep, hours: o.hours, minSaving: reportMinSaving,
	}
}

// reportMinSaving is the least P10 saving of a finding in a report, USD a month.
const reportMinSaving = 1

// settle lays ecsavvy.yaml below the flags and returns its prices.
func (o *reportOptions) settle() (*prices, error) {
	beside := o.inputs
	if len(beside) == 0 {
		beside = []string{"-"}
	}
	config, err := findSettings(o.deps, o.configFile, beside)
	if err != nil {
		return nil, as(badInput, err)
	}
	o.apply(&config)
	if err := o.checkSettings(); err != nil {
		return nil, err
	}
	cat, err := config.prices(o.deps)
	return cat, as(badInput, err)
}

// apply takes from the settings what no flag says. A report that flags ask to be
// printed goes nowhere else.
func (o *reportOptions) apply(s *settings) {
	texts := []struct {
		flag string
		into *string
		from string
	}{
		{"name", &o.name, s.Report.Name}, {"title", &o.title, s.Report.Title}, {"period-of", &o.period, s.Report.Period},
		{"history", &o.history, s.Report.History}, {"team-tag", &o.teamTag, s.Report.TeamTag}, {"environment-tag", &o.environmentTag, s.Report.EnvironmentTag},
	}
	for _, t := range texts {
		if t.from != "" && !o.given(t.flag) {
			*t.into = t.from
		}
	}
	if len(s.Report.To) > 0 && !o.given("to") && !o.given("format") && !o.given("out-file") {
		o.to = s.Report.To
	}
	if len(s.Report.Files) > 0 && !o.given("files") {
		o.attach = s.Report.Files
	}
	if !o.given("budget") {
		o.settingBudgets = s.Report.Budgets
	}
	if s.HoursPerMonth > 0 && !o.given("hours-per-month") {
		o.hours = s.HoursPerMonth
	}
}

// given reports whether a flag was set.
func (o *reportOptions) given(flag string) bool { return o.flags.Changed(flag) }

// advised reads an account or a snapshot and makes advice and plan.
func (o *reportOptions) advised(ctx context.Context, cat *prices, in *advisor.ReportInput) error {
	advising := o.advising()
	if err := advising.check(); err != nil {
		return err
	}
	snapshot, closing, err := advising.open(ctx)
	if err != nil {
		return err
	}
	defer closing()
	advice, err := advising.advise(ctx, snapshot, cat)
	if err != nil {
		return err
	}
	maxRisk, _ := riskClass(o.maxRisk)
	plan, err := advice.MakePlan(advisor.PlanOptions{MaxRisk: maxRisk, NoSpot: o.noSpot, Keep: leversOf(o.keep)})
	if err != nil {
		return as(badInput, err)
	}
	in.Advice, in.Plan = &advice, &plan
	return nil
}

// estimates are those of infrastructure code: nothing was measured, so nothing is
// advised.
func (o *reportOptions) estimates(cat *prices) (*advisor.Advice, error) {
	inputs := inputOptions{hours: o.hours}
	r := newReader(&inputs, o.deps, &o.output)
	sources, notFound := r.find(o.inputs)
	read, wrong := r.readAll(joinReplies(sources))
	if err := errors.Join(notFound, wrong); err != nil {
		return nil, as(badInput, err)
	}
	advice := &advisor.Advice{}
	for i := range read {
		result, err := estimate.Run(read[i].workload, cat.Catalog, cat.options(o.hours))
		if err != nil {
			return nil, as(badInput, fmt.Errorf("pricing %s: %w", read[i].path(), err))
		}
		scope := account.Scope{Account: result.Workload, Region: result.Region.Value}
		advice.Manifest.Scopes = append(advice.Manifest.Scopes, scope)
		advice.Sites = append(advice.Sites, advisor.SiteEstimate{Scope: scope, Result: result})
	}
	return advice, nil
}
