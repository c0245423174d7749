package advisor

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// Site is one region of one account: what runs there, how it scales and what was
// measured of it.
type Site struct {
	Scope    account.Scope
	Workload design.Workload
	// Running says what only a running account does, by the service's key:
	// "cluster/name".
	Running map[string]design.Running
	// Snapshot holds the measurements.
	Snapshot *account.Snapshot
}

// AdviseOptions are what advice takes beside the account and the prices.
type AdviseOptions struct {
	Estimate estimate.Options
	// Penalty is the price of throttled minutes and of running out of memory.
	Penalty demand.Penalty
	// MinSaving drops recommendations whose P10 saving is below it, USD a month.
	MinSaving float64
	// Only and Skip choose levers; empty Only means all.
	Only, Skip []Lever
	// Match chooses subjects; nil means all.
	Match func(Subject) bool
	// Loads keeps the load of every matching service for a chart.
	Loads bool
	// Draws is the number of bootstrap draws behind intervals, Seed what they
	// start from.
	Draws int
	Seed  uint64
	// Workers is how many services are judged at once.
	Workers int
}

// wants reports whether a lever was asked for.
func (o *AdviseOptions) wants(l Lever) bool {
	return !slices.Contains(o.Skip, l) && (len(o.Only) == 0 || slices.Contains(o.Only, l))
}

// matches reports whether a subject was asked for.
func (o *AdviseOptions) matches(s Subject) bool { return o.Match == nil || o.Match(s) }

// Advice is what to change in the accounts of a snapshot.
type Advice struct {
	Manifest account.Manifest
	// Sites are the estimates at the measured demand.
	Sites []SiteEstimate
	// Recommendations are by P10 saving, the largest first.
	Recommendations []Recommendation
	// Fixes cost more and take a risk away that the services run now; by subject.
	// They are in no plan's saving.
	Fixes []Recommendation
	// Loads are the measured loads of the services that were asked for, where
	// AdviseOptions.Loads is set.
	Loads []ServiceLoad
	// Abstentions are what could not be judged, by subject.
	Abstentions []Abstention
	// Dropped counts recommendations below MinSaving.
	Dropped int

	sites []*site
}

// SiteEstimate is what a site costs at the measured demand.
type SiteEstimate struct {
	Scope account.Scope
	// Workload is the site's with measured counts in place of configured ones.
	Workload design.Workload
	Result   estimate.Result
}

// findings are what levers found. They are gathered in the order of the services
// and levers, so that the workers' timing never shows.
type findings struct {
	recommendations []Recommendation
	fixes           []Recommendation
	loads           []ServiceLoad
	abstentions     []Abstention
}

func (f *findings) recommend(r Recommendation) { f.recommendations = append(f.recommendations, r) }
func (f *findings) abstain(l Lever, s Subject, missing string) {
	f.abstentions = append(f.abstentions, Abstention{Lever: l, Subject: s, Missing: missing})
}

// Advise judges every service and shared resource of the sites by every lever. An
// error means that there is no advice at all; what could not be judged abstains.
func Advise(ctx context.Context, sites []Site, cat *pricing.Catalog, opt AdviseOptions) (Advice, error) {
	if len(sites) == 0 {
		return Advice{}, errors.New("advise: no region of any account to advise on")
	}
	advice := Advice{Manifest: sites[0].Snapshot.Manifest()}
	for i := range sites {
		site := newSite(&sites[i], cat, &opt)
		found, err := site.judge(ctx)
		if err != nil {
			return Advice{}, err
		}
		advice.sites = append(advice.sites, site)
		advice.Sites = append(advice.Sites, SiteEstimate{Scope: site.scope, Workload: site.workload, Result: site.result})
		for _, r := range found.recommendations {
			switch {
			case !opt.wants(r.Lever) || !opt.matches(r.Subject):
			case r.Saving.P10 < opt.MinSaving:
				advice.Dropped++
			default:
				advice.Recommendations = append(advice.Recommendations, r)
			}
		}
		for _, r := range found.fixes {
			if opt.wants(r.Lever) && opt.matches(r.Subject) {
				advice.Fixes = append(advice.Fixes, r)
			}
		}
		advice.Loads = append(advice.Loads, found.loads...)
		for _, a := range found.abstentions {
			if opt.wants(a.Lever) && opt.matches(a.Subject) {
				advice.Abstentions = append(advice.Abstentions, a)
			}
		}
	}
	slices.SortStableFunc(advice.Recommendations, func(a, b Recommendation) int {
		return cmp.Or(cmp.Compare(b.Saving.P10, a.Saving.P10), a.Subject.compare(b.Subject), cmp.Compare(a.Lever, b.Lever), cmp.Compare(a.Title, b.Title))
	})
	slices.SortStableFunc(advice.Fixes, func(a, b Recommendation) int {
		return cmp.Or(a.Subject.compare(b.Subject), cmp.Compare(a.Lever, b.Lever))
	})
	slices.SortStableFunc(advice.Abstentions, func(a, b Abstention) int {
		return cmp.Or(a.Subject.compare(b.Subject), cmp.Compare(a.Lever, b.Lever))
	})
	return advice, nil
}

// compare orders subjects by place and name.
func (s Subject) compare(o Subject) int {
	return cmp.Or(strings.Compare(s.Account, o.Account), strings.Compare(s.Region, o.Region), strings.Compare(s.Cluster, o.Cluster),
		strings.Compare(s.Kind, o.Kind), strings.Compare(s.Name, o.Name))
}

// judge runs the levers of a site: those of one service by service on several
// workers, then those of what services share.
func (s *site) judge(ctx context.Context) (findings, error) {
	found := make([]findings, len(s.workload.Services))
	errs := make([]error, len(found))
	next := make(chan int)
	var workers sync.WaitGroup
	for range max(1, s.opt.Workers) {
		workers.Go(func() {
			for i := range next {
				found[i], errs[i] = s.judgeService(ctx, i)
			}
		})
	}
	for i := range found {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	workers.Wait()
	if err := errors.Join(append(errs, ctx.Err())...); err != nil {
		return findings{}, err
	}
	var all findings
	for _, f := range found {
		all.recommendations = append(all.recommendations, f.recommendations...)
		all.abstentions = append(all.abstentions, f.abstentions...)
		all.fixes = append(all.fixes, f.fixes...)
		all.loads = append(all.loads, f.loads...)
	}
	if err := s.layOver(); err != nil {
		return findings{}, err
	}
	for _, lever := range siteLevers() {
		if err := lever(s, &all); err != nil {
			return findings{}, err
		}
	}
	return all, nil
}

// judgeService measures one service and runs its levers.
func (s *site) judgeService(ctx context.Context, i int) (findings, error) {
	var f findings
	c, err := s.serviceCase(i)
	if err != nil {
		return f, err
	}
	for _, lever := range serviceLevers() {
		if err := ctx.Err(); err != nil {
			return f, err
		}
		if err := lever(ctx, c, &f); err != nil {
			return f, err
		}
	}
	return f, nil
}

// serviceLevers are the levers that look at one service at a time.
func serviceLevers() []func(context.Context, *serviceCase, *findings) error {
	return []func(context.Context, *serviceCase, *findings) error{
		taskNeeds, idle, sidecar, rightSize, schedule, graviton, spotOnFargate,
	}
}

// siteLevers are the levers that look at what services share.
func siteLevers() []func(*site, *findings) error {
	return []func(*site, *findings) error{
		orphans, reservations, consolidate, logs, images, insights, nat, sharedBalancer, launchType, spotOnInstances,
	}
}

// Unpriced counts the lines of the sites without a price.
func (a *Advice) Unpriced() int {
	n := 0
	for i := range a.Sites {
		n += a.Sites[i].Result.Unpriced + len(a.Sites[i].Result.NotPriced)
	}
	return n
}

// EstimateMeasured prices the sites at their measured demand, without advice.
func EstimateMeasured(sites []Site, cat *pricing.Catalog, opt AdviseOptions) ([]SiteEstimate, error) {
	var all []SiteEstimate
	for i := range sites {
		s := newSite(&sites[i], cat, &opt)
		for j := range s.workload.Services {
			if _, err := s.serviceCase(j); err != nil {
				return nil, err
			}
		}
		if err := s.layOver(); err != nil {
			return nil, err
		}
		all = append(all, SiteEstimate{Scope: s.scope, Result: s.result})
	}
	return all, nil
}
