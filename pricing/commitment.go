package pricing

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// UsageKind says which commitments can reach a usage.
type UsageKind string

const (
	// KindEC2 is On-Demand instance time, also below ECS Managed Instances
	// (their management fee is KindOther). Quantities are instance-hours.
	KindEC2 UsageKind = "EC2"
	// KindFargate is Fargate vCPU-hours or GB-hours, On-Demand.
	KindFargate UsageKind = "FARGATE"
	// KindLambda is Lambda duration or requests.
	KindLambda UsageKind = "LAMBDA"
	// KindOther is usage that no commitment here reaches: Spot, ephemeral
	// storage, load balancers, NAT, logs. It is given only so that totals
	// are those of the whole bill.
	KindOther UsageKind = "OTHER"
)

// PlanType is the kind of a Savings Plan, spelt as DescribeSavingsPlans does.
type PlanType string

const (
	// ComputePlan reaches EC2, Fargate and Lambda in every region.
	ComputePlan PlanType = "Compute"
	// EC2InstancePlan reaches one instance family in one region.
	EC2InstancePlan PlanType = "EC2Instance"
)

// Offer is what decides the rates of a Savings Plan, spelt as in the price
// list: {Compute, "1yr", "No Upfront"}.
type Offer struct {
	Type          PlanType
	Term, Payment string
}

// String is the offer as error messages name it.
func (o Offer) String() string { return string(o.Type) + " " + o.Term + " " + o.Payment }

// EligibleUsage is one line of usage as commitments see it: what it is and
// what a unit costs. How many units an hour has is given to Tally.Add, so that
// a year of hours shares one EligibleUsage.
type EligibleUsage struct {
	// ID is unique among the usages; it settles every tie that AWS's rule
	// leaves open, so that the order of the input never matters.
	ID   string
	Kind UsageKind
	// InstanceType ("r5.4xlarge"), Region ("us-east-1") and OS ("Linux",
	// "Windows") are required of KindEC2 and not read elsewhere.
	InstanceType, Region, OS string
	// Tenancy is "Shared" (also if empty), "Dedicated" or "Host".
	Tenancy string
	// Zone is the Availability Zone where it is known. Without one no zonal
	// reservation matches.
	Zone string
	// OnDemandRate is USD a unit without any commitment.
	OnDemandRate float64
	// PlanRates are USD a unit under each offer. An offer that a commitment
	// needs and that is not here is an error, never "not covered".
	PlanRates map[Offer]float64
}

// SavingsPlan is a promise to spend Commitment USD in each hour, at the rates
// of its Offer.
type SavingsPlan struct {
	ID    string
	Offer Offer
	// Family ("r5") and Region are set on an EC2InstancePlan and empty on a
	// ComputePlan.
	Family, Region string
	// Commitment is USD an hour, after discount: it is spent at plan rates.
	Commitment float64
}

// reaches reports whether the plan applies to the usage at all.
//
// Source: Savings Plans User Guide, plan types,
// https://docs.aws.amazon.com/savingsplans/latest/userguide/plan-types.html:
// Compute plans whatever family, size, region, OS and tenancy, and Fargate and
// Lambda; EC2 Instance plans one family in one region, whatever size, OS and
// tenancy; neither Spot.
func (p SavingsPlan) reaches(u EligibleUsage) bool {
	switch p.Offer.Type {
	case ComputePlan:
		return u.Kind == KindEC2 || u.Kind == KindFargate || u.Kind == KindLambda
	case EC2InstancePlan:
		return u.Kind == KindEC2 && u.Region == p.Region && instanceFamily(u.InstanceType) == p.Family
	default:
		return false
	}
}

// Reservation is a number of EC2 Reserved Instances of one kind.
type Reservation struct {
	ID                       string
	InstanceType, Region, OS string
	// Tenancy is "Shared" (also if empty) or "Dedicated".
	Tenancy string
	// Zone is set on a zonal reservation and empty on a regional one.
	Zone  string
	Count int
	// Rate is USD per reserved instance and hour, upfront part amortised. It
	// is owed in every hour, used or not.
	Rate float64
}

// Commitments are what an account has promised to pay for.
type Commitments struct {
	Reservations []Reservation
	Plans        []SavingsPlan
}

// MissingPlanRateError says that a plan reaches a usage whose rate under the
// plan's offer is not known.
type MissingPlanRateError struct {
	UsageID string
	Offer   Offer
}

func (e *MissingPlanRateError) Error() string {
	return fmt.Sprintf("pricing: usage %q has no %s Savings Plans rate", e.UsageID, e.Offer)
}

// checkUsages returns all that is wrong with the usages, joined.
func checkUsages(usages []EligibleUsage) error {
	var errs []error
	seen := make(map[string]bool, len(usages))
	for _, u := range usages {
		if u.ID == "" || seen[u.ID] {
			errs = append(errs, fmt.Errorf("pricing: usage ID %q: want one that is unique and not empty", u.ID))
		}
		seen[u.ID] = true
		if err := u.check(); err != nil {
			errs = append(errs, fmt.Errorf("pricing: usage %q: %w", u.ID, err))
		}
	}
	return errors.Join(errs...)
}

func (u EligibleUsage) check() error {
	switch u.Kind {
	case KindEC2:
		if err := checkInstance(u.InstanceType, u.Region, u.OS, u.Tenancy); err != nil {
			return err
		}
	case KindFargate, KindLambda, KindOther:
	default:
		return fmt.Errorf("kind %q: want EC2, FARGATE, LAMBDA or OTHER", u.Kind)
	}
	return checkAmount("on-demand rate", u.OnDemandRate)
}

// check returns all that is wrong with the commitments, joined. IDs are unique
// over reservations and plans together.
func (c Commitments) check() error {
	var errs []error
	seen := make(map[string]bool, len(c.Reservations)+len(c.Plans))
	note := func(kind, id string, err error) {
		if id == "" || seen[id] {
			errs = append(errs, fmt.Errorf("pricing: %s ID %q: want one that is unique and not empty", kind, id))
		}
		seen[id] = true
		if err != nil {
			errs = append(errs, fmt.Errorf("pricing: %s %q: %w", kind, id, err))
		}
	}
	for _, r := range c.Reservations {
		note("reservation", r.ID, r.check())
	}
	for _, p := range c.Plans {
		note("savings plan", p.ID, p.check())
	}
	return errors.Join(errs...)
}

func (r Reservation) check() error {
	if r.Count < 0 {
		return fmt.Errorf("count %d: want 0 or more", r.Count)
	}
	if err := checkInstance(r.InstanceType, r.Region, r.OS, r.Tenancy); err != nil {
		return err
	}
	return checkAmount("rate", r.Rate)
}

func (p SavingsPlan) check() error {
	bound := p.Family != "" && p.Region != ""
	free := p.Family == "" && p.Region == ""
	switch {
	case p.Offer.Type != ComputePlan && p.Offer.Type != EC2InstancePlan:
		return fmt.Errorf("type %q: want Compute or EC2Instance", p.Offer.Type)
	case p.Offer.Type == EC2InstancePlan && !bound:
		return errors.New("want the family and region of an EC2Instance plan")
	case p.Offer.Type == ComputePlan && !free:
		return errors.New("a Compute plan has no family and no region")
	}
	return checkAmount("commitment", p.Commitment)
}

func checkInstance(instanceType, region, os, tenancy string) error {
	if family, size, _ := strings.Cut(instanceType, "."); family == "" || size == "" {
		return fmt.Errorf("instance type %q: want one such as m5.large", instanceType)
	}
	if region == "" || os == "" {
		return errors.New("want a region and an OS for EC2")
	}
	if !slices.Contains([]string{"", "Shared", "Dedicated", "Host"}, tenancy) {
		return fmt.Errorf("tenancy %q: want Shared, Dedicated or Host", tenancy)
	}
	return nil
}

// checkAmount accepts finite amounts of 0 or more.
func checkAmount(name string, v float64) error {
	if !(v >= 0) || math.IsInf(v, 1) {
		return fmt.Errorf("%s %v: want 0 or more", name, v)
	}
	return nil
}
