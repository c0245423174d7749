package advisor

import (
	"math"
	"strings"
	"time"

	"ecsavvy/advisor/account"
)

// ExpirySpan is how far ahead a report looks for commitments that run out: a
// quarter, in which a purchase can be decided.
const ExpirySpan = 90 * 24 * time.Hour

// CommitmentReport is how the owned Savings Plans and Reserved Instances are used,
// USD a month.
type CommitmentReport struct {
	Committed, Used float64
	Plans           []CommitmentState
	// Eligible is what commitments could pay for, at On-Demand prices; Uncovered
	// what of it none pays for.
	Eligible, Uncovered float64
	// Expiring are those that end within ExpirySpan of the report's end.
	Expiring []Expiry
}

// Utilisation is the used share of what is committed, NaN where nothing is.
func (c CommitmentReport) Utilisation() float64 { return share(c.Used, c.Committed) }

// Coverage is the covered share of what could be, NaN where nothing could.
func (c CommitmentReport) Coverage() float64 { return share(c.Eligible-c.Uncovered, c.Eligible) }

func share(part, whole float64) float64 {
	if !(whole > 0) {
		return math.NaN()
	}
	return part / whole
}

// CommitmentState is one commitment's month.
type CommitmentState struct {
	Scope account.Scope
	Name  string
	// Committed and Used are USD a month.
	Committed, Used float64
}

// Expiry is a commitment that runs out soon.
type Expiry struct {
	Scope account.Scope
	Name  string
	End   time.Time
	// Hourly is the commitment in USD an hour, NaN for Reserved Instances.
	Hourly float64
}

// commitmentReport gathers the sites' commitments.
func commitmentReport(in *ReportInput) CommitmentReport {
	var c CommitmentReport
	for i := range in.Advice.Sites {
		site := &in.Advice.Sites[i]
		paid := 0.0
		for j := range site.Result.Resources {
			for k := range site.Result.Resources[j].Lines {
				if l := &site.Result.Resources[j].Lines[k]; l.Unpriced == "" && eligible(l.Charge.Usage.SKU.UsageType) {
					c.Eligible += l.Charge.ListCost
					paid += l.Cost.Effective
				}
			}
		}
		if use := site.Result.Commitments; use != nil {
			for _, p := range use.Plans {
				c.Plans = append(c.Plans, CommitmentState{site.Scope, p.Name, p.Committed, p.Used})
				c.Committed += p.Committed
				c.Used += p.Used
				paid -= p.Used // what is left is paid On-Demand
			}
		}
		c.Uncovered += max(0, paid)
		c.Expiring = append(c.Expiring, expiring(site, in.To)...)
	}
	return c
}

// eligible reports whether commitments pay for a usage type: On-Demand vCPU and GB
// of Fargate, and instances. Source: docs.aws.amazon.com/savingsplans/latest/userguide/plan-types.html.
func eligible(usageType string) bool {
	if strings.HasPrefix(usageType, "BoxUsage:") {
		return true
	}
	return strings.HasPrefix(usageType, "Fargate-") && !strings.Contains(usageType, "OS-Hours") && !strings.Contains(usageType, "EphemeralStorage")
}

func expiring(site *SiteEstimate, at time.Time) []Expiry {
	var out []Expiry
	soon := func(end time.Time) bool { return !end.IsZero() && end.After(at) && !end.After(at.Add(ExpirySpan)) }
	for _, p := range site.Workload.Commitments.SavingsPlans {
		if soon(p.End) {
			out = append(out, Expiry{site.Scope, p.Name, p.End.UTC(), p.Hourly})
		}
	}
	for _, r := range site.Workload.Commitments.Reservations {
		if soon(r.End) {
			out = append(out, Expiry{site.Scope, "Reserved Instances " + r.InstanceType, r.End.UTC(), math.NaN()})
		}
	}
	return out
}
