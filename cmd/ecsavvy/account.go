package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/live"
	"ecsavvy/pricing"
)

// accountOptions are the flags that choose accounts, and how much is read of them.
type accountOptions struct {
	regions, profiles, roles []string
	organizationRole         string
	externalID               string
	clusters                 []string

	period   time.Duration
	lookback time.Duration
	depth    string
	protocol string
	maxCost  float64
	yes      bool
	redact   bool

	flags interface{ Changed(string) bool }
}

// accountFlags are the names of the flags of accountOptions.
func accountFlags() []string {
	return []string{"region", "profile", "assume-role", "organization-role", "external-id", "cluster", "period", "lookback", "depth", "cloudwatch-protocol", "max-reading-cost", "yes", "redact-accounts"}
}

func (o *accountOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	o.flags = flags
	flags.StringSliceVar(&o.regions, "region", nil, "AWS `regions` to read; without it that of the environment or the profile")
	flags.StringSliceVar(&o.profiles, "profile", nil, "`profiles` of ~/.aws/config, one account each")
	flags.StringSliceVar(&o.roles, "assume-role", nil, "`ARNs` of roles to assume, one account each")
	flags.StringVar(&o.organizationRole, "organization-role", "", "`name` of a role to assume in every account of the organization")
	flags.StringVar(&o.externalID, "external-id", "", "external `ID` that the roles want")
	flags.StringSliceVar(&o.clusters, "cluster", nil, "read only these `clusters`")
	flags.DurationVar(&o.period, "period", 5*time.Minute, "step of the measurements: 1m keeps 14 days, 5m 63, 1h 455")
	flags.DurationVar(&o.lookback, "lookback", 0, "how far to look back, such as 336h; without it 14 days, and 63 of more than a minute's step")
	flags.StringVar(&o.depth, "depth", string(live.Standard), "how much is measured: lean|standard|full")
	flags.StringVar(&o.protocol, "cloudwatch-protocol", live.ProtocolCBOR, "how CloudWatch is spoken to: cbor, or query for emulators")
	flags.Float64Var(&o.maxCost, "max-reading-cost", 1, "ask before reading measurements for more than this many `USD`")
	flags.BoolVarP(&o.yes, "yes", "y", false, "read measurements whatever that costs")
	flags.BoolVar(&o.redact, "redact-accounts", false, "replace account IDs by account-1, account-2, …")
}

// given reports whether a flag that chooses an account was set.
func (o *accountOptions) given() bool {
	return slices.ContainsFunc(accountFlags(), o.flags.Changed)
}

// check refuses flag values that no account could make right.
func (o *accountOptions) check() error {
	switch {
	case !slices.Contains([]string{"lean", "standard", "full"}, o.depth):
		return as(usage, fmt.Errorf("--depth: want lean, standard or full, got %q", o.depth))
	case !slices.Contains([]string{live.ProtocolCBOR, live.ProtocolQuery}, o.protocol):
		return as(usage, fmt.Errorf("--cloudwatch-protocol: want cbor or query, got %q", o.protocol))
	}
	if o.lookback == 0 {
		o.lookback = 14 * 24 * time.Hour
		if o.period > time.Minute {
			o.lookback = live.UsualLength(5 * time.Minute)
		}
	}
	if _, err := live.NewWindow(time.Unix(0, 0), o.period, o.lookback); err != nil {
		return as(usage, fmt.Errorf("--period, --lookback: %s", strings.TrimPrefix(err.Error(), "live: ")))
	}
	return nil
}

// openSnapshot reads a snapshot file. Close it when done.
func openSnapshot(d *deps, name string) (*account.Snapshot, io.Closer, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, as(badInput, fmt.Errorf("reading %s: %w", name, withoutOperation(err)))
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no regular file")
	}
	var snapshot *account.Snapshot
	if err == nil {
		snapshot, err = account.Open(file, info.Size())
	}
	if err != nil {
		file.Close()
		return nil, nil, as(badInput, fmt.Errorf("reading %s: %w", name, err))
	}
	return snapshot, file, nil
}

// recording is the reading of accounts into a snapshot.
type recording struct {
	*accountOptions
	deps     *deps
	manifest account.Manifest
	targets  []live.Target
	found    []live.Found
	plans    []live.ReadingPlan
}

// record reads accounts into a snapshot. What AWS refuses is in its manifest; an
// error means that there is no snapshot.
func (o *accountOptions) record(ctx context.Context, d *deps, to io.Writer) error {
	// Without a place for temporary files (a container with a read-only root) the
	// series wait in memory, a little over a byte a point.
	options := account.WriterOptions{Redact: o.redact}
	spool, err := os.CreateTemp("", "ecsavvy-spool-*")
	if err == nil {
		defer os.Remove(spool.Name())
		defer spool.Close()
		options.Spool = spool
	}
	r := &recording{accountOptions: o, deps: d}
	var failed []account.Failure
	r.targets, failed, err = live.Targets(ctx, live.Reach{
		Profiles: o.profiles, Roles: o.roles, OrganizationRole: o.organizationRole, ExternalID: o.externalID, Regions: o.regions, Patience: d.patience,
	})
	if err != nil {
		return as(refused, err)
	}
	w := account.NewWriter(to, options)
	r.manifest = account.Manifest{Version: account.FormatVersion, Failures: failed}
	for _, t := range r.targets {
		r.manifest.Scopes = append(r.manifest.Scopes, t.Scope)
	}
	r.found, failed, err = live.Inventories(ctx, r.targets, live.InventoryOptions{Clusters: o.clusters, Patience: d.patience}, w)
	r.manifest.Failures = append(r.manifest.Failures, failed...)
	if err != nil {
		return as(refused, err)
	}
	if err := r.plan(); err != nil {
		return err
	}
	if err := r.measure(ctx, w); err != nil {
		return as(refused, err)
	}
	return w.Close(r.manifest)
}

// plan finds out what reading the measurements costs, and stops where that is more
// than was agreed to.
func (r *recording) plan() error {
	window, err := live.NewWindow(r.deps.now(), r.period, r.lookback)
	if err != nil {
		return as(usage, err)
	}
	r.manifest.From, r.manifest.To, r.manifest.Period = window.From, window.To, window.Period
	usd, calls, points := 0.0, 0, 0
	for i, f := range r.found {
		price, err := r.readingPrice(r.targets[i].Region)
		if err != nil {
			return err
		}
		plan, err := live.Plan(f.Subjects, window, live.Depth(r.depth), price)
		if err != nil {
			return err
		}
		r.plans = append(r.plans, plan)
		usd, calls, points = usd+plan.USD, calls+plan.Calls, points+plan.Points
	}
	if usd > r.maxCost && !r.yes {
		return as(usage, fmt.Errorf("reading %d points in %d calls costs %.2f USD, more than --max-reading-cost %.2f; say --yes, or read less with --depth lean, --period, --lookback or --cluster", points, calls, usd, r.maxCost))
	}
	fmt.Fprintf(r.deps.stderr, "reading %d points in %d calls for %.4f USD\n", points, calls, usd)
	return nil
}

// readingPrice is USD for one metric of GetMetricData. For a region without a rate
// it is us-east-1's, which is said.
func (r *recording) readingPrice(region string) (float64, error) {
	cat := r.deps.catalog()
	rate, err := cat.Lookup(pricing.NewSKU("AmazonCloudWatch", "CW:GMD-Metrics", region))
	if err != nil {
		fmt.Fprintf(r.deps.stderr, "no rate of GetMetricData in %s is known: its cost is assumed at that of us-east-1\n", region)
		if rate, err = cat.Lookup(pricing.NewSKU("AmazonCloudWatch", "CW:GMD-Metrics", "us-east-1")); err != nil {
			return 0, err
		}
	}
	return rate.Tiers[0].USD, nil
}

// atOnce is how many accounts and regions are measured at once.
const atOnce = 4

// measure reads the plans, a few at once.
func (r *recording) measure(ctx context.Context, w *account.Writer) error {
	total := 0
	for i := range r.plans {
		total += r.plans[i].Calls
	}
	bar := r.progress(total)
	var mu sync.Mutex
	var errs []error
	var wait sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i := range r.plans {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			client, err := live.CloudWatch(r.targets[i].Config, r.protocol)
			if err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
				return
			}
			last := 0
			failed, cost, err := live.ReadMetrics(ctx, client, r.plans[i], w, live.ReadOptions{
				InFlight: max(2, 8/min(atOnce, len(r.plans))), Patience: r.deps.patience,
				Progress: func(done, _ int) { _ = bar.Add(done - last); last = done },
			})
			mu.Lock()
			defer mu.Unlock()
			for j := range failed {
				failed[j].Scope = r.targets[i].Scope
			}
			r.manifest.Failures = append(r.manifest.Failures, failed...)
			r.manifest.Cost.Calls += cost.Calls
			r.manifest.Cost.Metrics += cost.Metrics
			r.manifest.Cost.USD += cost.USD
			if err != nil {
				errs = append(errs, err)
			}
		})
	}
	wait.Wait()
	_ = bar.Finish()
	return errors.Join(errs...)
}

// progress is a bar on standard error, on a terminal only.
func (r *recording) progress(total int) *progressbar.ProgressBar {
	if !r.deps.terminal() {
		return progressbar.DefaultSilent(int64(total))
	}
	return progressbar.NewOptions(total, progressbar.OptionSetWriter(r.deps.stderr), progressbar.OptionSetDescription("measurements"),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
}
