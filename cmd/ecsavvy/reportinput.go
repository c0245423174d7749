package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/estimate"
	"ecsavvy/cmd/internal/history"
)

// input makes what a report is made of: advice on an account or a snapshot, or the
// estimates of files. partial counts what AWS did not answer.
func (o *reportOptions) input(ctx context.Context) (in advisor.ReportInput, partial int, err error) {
	in = advisor.ReportInput{TeamTag: o.teamTag, EnvironmentTag: o.environmentTag}
	if in.Budgets, err = o.teamBudgets(); err != nil {
		return in, 0, as(usage, err)
	}
	if len(o.inputs) > 0 {
		in.Advice, err = o.estimates()
	} else {
		err = o.advised(ctx, &in)
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

// prices are those of the settings.
func (o *reportOptions) prices() (*prices, error) {
	config, err := findSettings(o.deps, o.configFile, []string{"-"})
	if err != nil {
		return nil, as(badInput, err)
	}
	cat, err := config.prices(o.deps)
	return cat, as(badInput, err)
}

// advised reads an account or a snapshot and makes advice and plan.
func (o *reportOptions) advised(ctx context.Context, in *advisor.ReportInput) error {
	cat, err := o.prices()
	if err != nil {
		return err
	}
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
func (o *reportOptions) estimates() (*advisor.Advice, error) {
	inputs := inputOptions{hours: o.hours}
	r := newReader(&inputs, o.deps, &o.output)
	sources, notFound := r.find(o.inputs)
	read, wrong := r.readAll(joinReplies(sources))
	if err := errors.Join(notFound, wrong); err != nil {
		return nil, as(badInput, err)
	}
	cat, err := o.prices()
	if err != nil {
		return nil, err
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

// keptReports are the reports kept before under a name.
func keptReports(ctx context.Context, store history.Store, name string) ([]advisor.Kept, error) {
	if store == nil {
		return nil, nil
	}
	var past []advisor.Kept
	for entry, err := range store.All(ctx, name) {
		if err != nil {
			return nil, fmt.Errorf("reading the history: %w", err)
		}
		var kept advisor.Kept
		if err := json.Unmarshal(entry.Data, &kept); err != nil {
			return nil, fmt.Errorf("reading the history: report %s: %w", entry.ID, err)
		}
		past = append(past, kept)
	}
	return past, nil
}
