package live

import (
	"context"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/savingsplans"
	"github.com/aws/aws-sdk-go-v2/service/savingsplans/types"

	"ecsavvy/advisor/account"
)

// Inventories takes the inventory of all targets, 8 at once, and reads the Savings
// Plans of their accounts. What it returns is sorted. The error is the context's, or
// names clusters of the options that no target has.
func Inventories(ctx context.Context, targets []Target, opts InventoryOptions, w *account.Writer) ([]Found, []account.Failure, error) {
	found := make([]Found, len(targets))
	var mu sync.Mutex
	var failures []account.Failure
	slots := make(chan struct{}, 8)
	var wait sync.WaitGroup
	for i, t := range targets {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			f, failed, _ := Inventory(ctx, t.Config, t.Scope, opts, w)
			if i == 0 || targets[i-1].Account != t.Account {
				failed = append(failed, readSavingsPlans(ctx, t, opts, w)...)
			}
			mu.Lock()
			defer mu.Unlock()
			found[i] = f
			failures = append(failures, failed...)
		})
	}
	wait.Wait()
	slices.SortFunc(failures, compareFailures)
	if err := ctx.Err(); err != nil {
		return found, failures, err
	}
	return found, failures, MissingClusters(found)
}

// readSavingsPlans reads the Savings Plans that an account has now. They belong to
// the account, and their one endpoint is global.
func readSavingsPlans(ctx context.Context, t Target, opts InventoryOptions, w *account.Writer) []account.Failure {
	client := savingsplans.NewFromConfig(patient(t.Config, opts.Patience))
	scope := account.Scope{Account: t.Account, Region: account.Global}
	a := newAsker(scope, InventoryOptions{InFlight: 1, Quotas: opts.Quotas}, w)
	pages(ctx, a, "savingsplans:DescribeSavingsPlans", "", client.DescribeSavingsPlans,
		&savingsplans.DescribeSavingsPlansInput{States: []types.SavingsPlanState{types.SavingsPlanStateActive}, MaxResults: aws.Int32(1000)},
		func(in *savingsplans.DescribeSavingsPlansInput, out *savingsplans.DescribeSavingsPlansOutput) *string {
			in.NextToken = out.NextToken
			return out.NextToken
		}, func(out *savingsplans.DescribeSavingsPlansOutput) {
			a.keep(scope, "savingsplans:DescribeSavingsPlans", lowerShape(out))
		})
	return a.failures
}
