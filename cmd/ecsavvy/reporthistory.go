package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"

	"ecsavvy/advisor"
	"ecsavvy/cmd/internal/deliver"
	"ecsavvy/cmd/internal/history"
)

// openHistory opens where reports are kept, nil for nowhere.
func (o *reportOptions) openHistory(ctx context.Context) (history.Store, func(), error) {
	if o.history == noHistory {
		return nil, func() {}, nil
	}
	if path, local := o.historyPath(); local && o.dryRun {
		if _, err := os.Stat(path); err != nil {
			return nil, func() {}, nil // opening would make it
		}
	}
	store, err := history.Open(ctx, o.history)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the history: %w", err)
	}
	return store, func() { store.Close() }, nil
}

// historyPath is the file or folder of a history on this machine.
func (o *reportOptions) historyPath() (path string, local bool) {
	if strings.HasPrefix(o.history, "s3:") {
		return "", false
	}
	return strings.TrimPrefix(strings.TrimPrefix(o.history, "dir:"), "sqlite:"), true
}

// ledger remembers deliveries beside the history: a file, or objects in S3.
func (o *reportOptions) ledger(system deliver.System) (deliver.Ledger, error) {
	if o.history == noHistory {
		return nil, nil
	}
	if path, local := o.historyPath(); local {
		return deliver.NewFileLedger(path + ".deliveries"), nil
	}
	where, parameters, has := strings.Cut(o.history, "?")
	where = strings.TrimSuffix(where, "/") + "/deliveries"
	if has {
		where += "?" + parameters
	}
	return deliver.NewS3Ledger(system, where)
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

// store puts the report into the history.
func (o *reportOptions) store(ctx context.Context, store history.Store, r *advisor.Report) error {
	switch {
	case o.history == noHistory:
		return nil
	case o.dryRun:
		o.planned(o.history, fmt.Sprintf("report %s of %s", o.name, periodName(r.From, r.To)))
		return nil
	}
	kept := r.Kept()
	data, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	entry := history.Entry{Name: o.name, From: r.From, To: r.To, Made: o.deps.now(), Data: data}
	for i := range kept.Resources {
		res := &kept.Resources[i]
		for j := range res.Lines {
			usd := res.Lines[j].Cost
			if res.Lines[j].Unpriced {
				usd = math.NaN()
			}
			entry.Costs = append(entry.Costs, history.CostRow{
				Account: res.Account, Region: res.Region, Cluster: res.Cluster, Service: res.Name, Kind: res.Kind,
				Group: res.Lines[j].Group, Tags: res.Tags, USD: usd,
			})
		}
	}
	for i := range kept.Plan {
		step := &kept.Plan[i]
		entry.Recommendations = append(entry.Recommendations, history.RecommendationRow{
			Key: strings.Join([]string{step.Account, step.Region, step.Cluster, step.Kind, step.Name, string(step.Lever)}, "/"), Lever: string(step.Lever),
			Subject: history.Subject{Account: step.Account, Region: step.Region, Cluster: step.Cluster, Kind: step.Kind, Name: step.Name},
			Title:   step.Title, Before: math.NaN(), After: math.NaN(), P10: step.P10, P50: step.P50, P90: step.P90, Status: history.StatusOpen,
		})
	}
	if err := store.Put(ctx, entry); err != nil {
		return fmt.Errorf("keeping the report: %w", err)
	}
	return nil
}
