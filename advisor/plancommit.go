package advisor

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ecsavvy/advisor/commitment"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// AccountCommitment is what to commit in one account after all other steps.
type AccountCommitment struct {
	Account string
	// Before and After are the account's bill of what commitments may cover, on
	// what the steps before left.
	Before, After commitment.Choice
	// LosesIn is the share of the draws in which buying costs more than not.
	LosesIn float64
	// Regret is what it would cost to commit before the other steps.
	Regret commitment.Regret
	// Unchanged and Left are the hours of a week before all steps and after them,
	// Owned what is committed already.
	Unchanged, Left *commitment.Hours
	Owned           commitment.Owned
}

// How the plan commits. One-year terms only: a fortnight of measurements does not
// carry three years; `ecsavvy commit` has those. The rest is what the simulated
// year of commitment/docs/backtest.md was won with: no growth expected, its
// logarithm spread by 0.1, the level uncertain by 0.08, the loss in the worst fifth
// of the draws weighed by a half. Interest on what is paid upfront is a choice.
const (
	commitDraws   = 40
	commitSpread  = 0.1
	commitLevel   = 0.08
	commitLambda  = 0.5
	commitTail    = 0.2
	commitCapital = 0.08
	// leastCommitment is the smallest that can be bought, USD an hour.
	// Source: docs.aws.amazon.com/savingsplans/latest/APIReference/API_CreateSavingsPlan.html, commitment.
	leastCommitment = 0.001
)

// oneYear are the offers that the plan buys.
func oneYear() []pricing.Offer {
	return slices.DeleteFunc(commitment.AllOffers(), func(o pricing.Offer) bool { return o.Term != "1yr" })
}

// commonOffers are the offers with a rate for every line that they reach, before and
// after: others cannot be compared (commitment.RegretOf).
func commonOffers(offers []pricing.Offer, all ...*commitment.Hours) []pricing.Offer {
	return slices.DeleteFunc(slices.Clone(offers), func(o pricing.Offer) bool {
		for _, h := range all {
			for i := range h.Lines {
				l := &h.Lines[i]
				if _, ok := l.PlanRates[o]; !ok && (o.Type == pricing.ComputePlan || l.Kind == pricing.KindEC2) && len(l.PlanRates) > 0 {
					return true
				}
			}
		}
		return false
	})
}

// commit adds the plan's last stage: for every account, what to commit for the
// usage that is left, beside what is owned.
func (p *planner) commit(a *Advice, runs []*siteRun) error {
	byAccount := map[string][]*siteRun{}
	var names []string
	for _, r := range runs {
		name := r.site.scope.Account
		if byAccount[name] == nil {
			names = append(names, name)
		}
		byAccount[name] = append(byAccount[name], r)
	}
	slices.Sort(names)
	stage := Stage{Lever: LeverCommitment, Before: p.plan.After}
	for _, name := range names {
		step, bought, err := p.commitAccount(name, byAccount[name])
		if err != nil {
			return fmt.Errorf("committing for account %s: %w", name, err)
		}
		if bought != nil {
			p.plan.Commitments = append(p.plan.Commitments, *bought)
		}
		if step == nil {
			continue
		}
		stage.Steps = append(stage.Steps, *step)
		p.plan.After -= step.Incremental
	}
	if stage.After = p.plan.After; len(stage.Steps) > 0 {
		p.plan.Stages = append(p.plan.Stages, stage)
	}
	return nil
}

// commitAccount decides for one account. The step is nil where nothing is to be
// bought, and both are where there is nothing that a commitment could cover.
func (p *planner) commitAccount(name string, runs []*siteRun) (*Step, *AccountCommitment, error) {
	first := runs[0].site
	subject := Subject{Account: name, Region: first.scope.Region, Kind: "account", Name: name}
	if !first.opt.wants(LeverCommitment) || !first.opt.matches(subject) {
		return nil, nil, nil
	}
	var was, will usage
	for _, r := range runs {
		if err := errors.Join(was.add(r, r.site.workload, nil), will.add(r, r.now, r.chosen)); err != nil {
			return nil, nil, err
		}
	}
	before, err := was.rated(first)
	if err != nil || before == nil {
		return nil, nil, err
	}
	after, err := will.rated(first)
	if err != nil || after == nil {
		return nil, nil, err
	}
	out := &AccountCommitment{Account: name, Unchanged: before, Left: after, Owned: will.owned}
	offers := commonOffers(oneYear(), before, after)
	if len(offers) == 0 {
		return nil, out, nil
	}
	options := commitment.Options{Offers: offers, Owned: will.owned, RenewOwned: true, CostOfCapital: commitCapital}
	expected, err := commitment.OptimiseForecast(after, options,
		commitment.Forecast{Draws: commitDraws, Seed: first.opt.Seed, Spread: commitSpread, Level: commitLevel},
		commitment.Risk{Lambda: commitLambda, Tail: commitTail, OfLoss: true})
	if err != nil {
		return nil, nil, err
	}
	plans := plansOf(expected)
	if len(plans) == 0 {
		return nil, out, nil
	}
	out.LosesIn = expected.LosesIn
	if out.Before, err = commitment.Bill(after, options, nil); err != nil {
		return nil, nil, err
	}
	if out.After, err = commitment.Bill(after, options, plans); err != nil {
		return nil, nil, err
	}
	alone, err := commitment.Optimise(before, options)
	if err != nil {
		return nil, nil, err
	}
	regret, err := commitment.RegretOf(before, after, options)
	if err != nil {
		return nil, nil, err
	}
	out.Regret = *regret
	r := out.recommend(subject, first)
	step := &Step{
		Recommendation: r, Incremental: out.Before.Cost() - out.After.Cost(), Standalone: alone.Before.Cost() - alone.Best.Cost(),
		Saving: Saving(expected.Saving), drawn: expected.Savings,
	}
	if abs(step.Incremental-step.Standalone) > differs(step.Standalone) {
		step.After = p.levers()
	}
	why := p.options.refuses(r)
	if step.Incremental < max(cent, first.opt.MinSaving) {
		why = "saves less than is asked for"
	}
	if why != "" {
		p.leave(r, why)
		out.After, out.LosesIn, out.Regret = commitment.Choice{}, 0, commitment.Regret{}
		return nil, out, nil
	}
	return step, out, nil
}

// levers are those of the stages so far that change what is to be covered.
func (p *planner) levers() []Lever {
	var all []Lever
	for i := range p.plan.Stages {
		switch l := p.plan.Stages[i].Lever; l {
		case LeverLogs, LeverImageStorage, LeverInsights, LeverNAT, LeverLoadBalancer, LeverOrphan:
		default:
			all = append(all, l)
		}
	}
	return all
}

// plansOf are the purchases as AWS takes them: five digits, rounded down.
// Source: as leastCommitment.
func plansOf(e *commitment.Expected) []pricing.SavingsPlan {
	var plans []pricing.SavingsPlan
	for _, b := range e.Purchases {
		plan := b.Plan
		plan.Commitment = float64(int64(plan.Commitment*1e5)) / 1e5
		if plan.Commitment >= leastCommitment {
			plans = append(plans, plan)
		}
	}
	return plans
}

// usage gathers what of an account commitments may cover, hour by hour of a week.
type usage struct {
	lines map[string]commitment.UsageLine // by ID
	weeks map[string][]float64            // of the lines, by ID
	owned commitment.Owned
}

// add adds a site's workload. Services that the design gives no shape have that of
// their measured tasks, in the hours that a schedule among the steps leaves.
func (u *usage) add(run *siteRun, w design.Workload, made []*Recommendation) error {
	s := run.site
	eligible, err := estimate.EligibleUsage(w, s.cat, s.opt.Estimate)
	if err != nil {
		return err
	}
	u.addEligible(&eligible, s.weeks(made), s.scope.Region)
	return nil
}

// addEligible adds what an estimate has metered.
func (u *usage) addEligible(eligible *estimate.Eligible, weeks map[string]*[hoursPerWeek]float64, region string) {
	if u.lines == nil {
		u.lines, u.weeks = map[string]commitment.UsageLine{}, map[string][]float64{}
	}
	for i := range eligible.Lines {
		e := &eligible.Lines[i]
		line := commitment.UsageLine{UsageType: e.UsageType, Region: e.Region, OS: e.OS}
		into := u.weeks[line.ID()]
		if into == nil {
			into = make([]float64, hoursPerWeek)
			u.lines[line.ID()], u.weeks[line.ID()] = line, into
		}
		week := weeks[e.Name]
		for h, q := range e.Hours {
			if week != nil && e.Kind == estimate.KindService && !e.Shaped {
				q *= week[h]
			}
			into[h] += q
		}
	}
	for _, plan := range eligible.Owned.Plans {
		u.owned.Plans = append(u.owned.Plans, commitment.OwnedPlan{SavingsPlan: plan})
	}
	for _, r := range eligible.Owned.Reservations {
		r.ID = region + " " + r.ID
		u.owned.Reservations = append(u.owned.Reservations, commitment.OwnedReservation{Reservation: r})
	}
}

// rated puts prices to the usage, at what the account pays; nil where there is
// none that a plan could cover.
func (u *usage) rated(s *site) (*commitment.Hours, error) {
	return u.hours(s.manifest.To, s.cat, s.opt.Estimate.Terms)
}

func (u *usage) hours(to time.Time, cat *pricing.Catalog, terms pricing.Terms) (*commitment.Hours, error) {
	if len(u.lines) == 0 {
		return nil, nil
	}
	var lines []commitment.UsageLine
	var weeks [][]float64
	for _, id := range slices.Sorted(maps.Keys(u.lines)) {
		lines, weeks = append(lines, u.lines[id]), append(weeks, u.weeks[id])
	}
	all := commitment.NewUsage(to.UTC().Truncate(7*24*time.Hour), lines, weeks) // Truncate counts from a Monday
	hours, unrated, err := all.Rate(cat)
	if len(unrated) == len(all.Lines) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	hours.Discount(terms)
	return hours, nil
}

// weeks are the shapes of the services' task counts, by name.
func (s *site) weeks(made []*Recommendation) map[string]*[hoursPerWeek]float64 {
	weeks := map[string]*[hoursPerWeek]float64{}
	for i := range s.workload.Services {
		svc := &s.workload.Services[i]
		week := s.facts[i].Week
		for _, r := range made {
			if r.onHours != nil && r.Subject.Cluster == clusterKey(svc) && r.Subject.Name == shortName(svc) {
				week = within(week, r.onHours)
			}
		}
		weeks[svc.Name] = week
	}
	return weeks
}

// within is a week's shape in some of its hours, with a mean of 1.
func within(week *[hoursPerWeek]float64, on []bool) *[hoursPerWeek]float64 {
	var out [hoursPerWeek]float64
	sum := 0.0
	for h := range out {
		if !on[h] {
			continue
		}
		if out[h] = 1; week != nil {
			out[h] = week[h]
		}
		sum += out[h]
	}
	if sum == 0 {
		return week
	}
	for h := range out {
		out[h] *= hoursPerWeek / sum
	}
	return &out
}

// recommend is the purchase as a recommendation.
func (c *AccountCommitment) recommend(subject Subject, s *site) *Recommendation {
	r := &Recommendation{
		Lever: LeverCommitment, Subject: subject, Before: c.Before.Cost(), After: c.After.Cost(),
		Saving: Saving{c.Before.Cost() - c.After.Cost(), c.Before.Cost() - c.After.Cost(), c.Before.Cost() - c.After.Cost()},
		Risk:   RiskMedium, RiskReasons: []string{"a commitment is paid for its whole term, whatever runs"}, Effort: EffortSetting,
		Evidence: Evidence{From: s.manifest.From, To: s.manifest.To, Step: time.Hour, Points: hoursPerWeek, Source: "hours of the week, by the measured tasks"},
	}
	if c.LosesIn > 0.1 {
		r.Risk = RiskHigh
	}
	var titles []string
	for i := range c.After.Purchases {
		b := &c.After.Purchases[i]
		titles = append(titles, fmt.Sprintf("%s at %.5g USD an hour", planName(b.Plan), b.Plan.Commitment))
		r.Reasons = append(r.Reasons, fmt.Sprintf("%s is used to %.0f %% and has earned its whole term after %.1f months", planName(b.Plan), 100*b.Utilisation(), b.BreakEvenMonth()))
		for _, text := range b.Assumed {
			r.Reasons = append(r.Reasons, "its rate is assumed: "+text)
		}
		r.Patches = append(r.Patches, Patch{FormCLI, buyPlan(b.Plan)})
	}
	r.Title = "buy " + strings.Join(titles, " and ")
	r.Evidence.Bound = fmt.Sprintf("hourly usage after all other steps: %.0f %% of it covered", 100*c.After.Coverage())
	r.Evidence.Next = "3-year terms: ecsavvy commit"
	r.Reasons = append(r.Reasons, fmt.Sprintf("in %.0f %% of the drawn futures it costs more than buying nothing", 100*c.LosesIn))
	if g := c.Regret; g.Stranded > leastCommitment {
		r.Reasons = append(r.Reasons, fmt.Sprintf("bought before the other steps, it would be %.5g USD an hour more, and cost %.2f USD a month more than buying it after them", g.Stranded, g.Cost))
	}
	r.Change = func(w *design.Workload) error {
		for _, b := range c.After.Purchases {
			plan := b.Plan
			w.Commitments.SavingsPlans = append(w.Commitments.SavingsPlans, design.SavingsPlan{
				Name: planName(plan), Kind: string(plan.Offer.Type), Family: plan.Family, Region: plan.Region,
				Term: plan.Offer.Term, Payment: plan.Offer.Payment, Hourly: plan.Commitment,
			})
		}
		return nil
	}
	return r
}

// planName names a Savings Plan.
func planName(p pricing.SavingsPlan) string {
	kind := "Compute Savings Plan"
	if p.Offer.Type == pricing.EC2InstancePlan {
		kind = fmt.Sprintf("EC2 Instance Savings Plan of %s in %s", p.Family, p.Region)
	}
	return fmt.Sprintf("a %s %s, %s,", p.Offer.Term, kind, p.Offer.Payment)
}

// buyPlan is the AWS CLI's purchase of a plan.
// Source: docs.aws.amazon.com/cli/latest/reference/savingsplans (describe-savings-plans-offerings, create-savings-plan).
func buyPlan(p pricing.SavingsPlan) string {
	seconds, filter := 31536000, ""
	if p.Offer.Term == "3yr" {
		seconds *= 3
	}
	if p.Family != "" {
		filter = fmt.Sprintf(" --filters name=instanceFamily,values=%s name=region,values=%s", shell(p.Family), shell(p.Region))
	}
	return fmt.Sprintf("aws savingsplans create-savings-plan --commitment %.5f --savings-plan-offering-id \"$(aws savingsplans describe-savings-plans-offerings \\\n  --plan-types %s --payment-options %s --durations %d --currencies USD%s --query 'searchResults[0].offeringId' --output text)\"",
		p.Commitment, p.Offer.Type, shell(p.Offer.Payment), seconds, filter)
}
