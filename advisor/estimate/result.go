package estimate

import (
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// Result is a workload priced for one month: a tree of resources with their
// lines, and what the reader of a total has to know about it.
type Result struct {
	// Workload is the name of what was priced, Region where.
	Workload string
	Region   design.Fact[string]
	// HoursPerMonth is the length of the month, 730 unless asked otherwise.
	HoursPerMonth float64
	// Resources are in printing order: services, then what they share.
	Resources []Resource
	// Total adds up every priced line.
	Total Cost
	// Range is the total at the least and the most tasks that the design
	// allows; both ends equal the total where no count is open.
	Range Range
	// Assumptions lists every default that took part, without repeats.
	Assumptions []Note
	// Warnings are what a price does not say: a NAT instance's bandwidth.
	Warnings []Note
	// NotPriced counts resources that the input holds and no model covers.
	NotPriced map[string]int
	// Unpriced counts lines without a cost. If it is not zero the total is a
	// lower bound.
	Unpriced int
	// OldestPrice and NewestPrice are the dates of the rates that took part;
	// empty where none did.
	OldestPrice, NewestPrice string
	// AssumedRates lists the rates that were computed and not published.
	AssumedRates []Note
	// Discounts are those that it was priced with, and PrivateRates counts the
	// lines at rates of the account's own.
	Discounts    []pricing.Discount
	PrivateRates int
	// Commitments is how the owned Savings Plans and Reserved Instances were
	// used; nil where the design has none.
	Commitments *CommitmentUse
}

// LowerBound reports whether something could not be priced, so that the true
// cost is the total or more.
func (r Result) LowerBound() bool { return r.Unpriced > 0 || len(r.NotPriced) > 0 }

// Cost is USD a month.
type Cost struct {
	// List is at public rates, Effective after discounts and commitments.
	List, Effective float64
}

// Add returns the sum of two costs.
func (c Cost) Add(o Cost) Cost { return Cost{c.List + o.List, c.Effective + o.Effective} }

// Range is the least and the most of a cost, USD a month (effective).
type Range struct {
	Low, High float64
	// Open says that there is no upper end: no maximum count is stated.
	Open bool
}

// Note is a remark on a place of the design.
type Note struct {
	Path string // "services.api.count"
	Text string
}

// Resource is one thing that appears on a bill: a service, a load balancer, a
// NAT gateway, a group of instances.
type Resource struct {
	// Kind is what it is: "service", "load balancer", …
	Kind Kind
	Name string
	// Cluster is set on services and instance groups.
	Cluster string
	Tags    map[string]string
	// Facts describe it in a few words: "2 tasks × 0.5 vCPU + 1 GB, ARM64".
	Summary string
	Lines   []Line
	Cost    Cost
	Range   Range
	// Unpriced counts its lines without a cost.
	Unpriced int
	// Instances is the most instances that a group runs at once, a mean where
	// its count is one; 0 on other resources and where it is not known.
	Instances float64
	// Infeasible says why no instances can run a group's tasks; "" where they can.
	Infeasible string
}

// ECSName is a service's name as ECS has it: services of one name in several
// clusters are called by cluster and name.
func (r *Resource) ECSName() string { return strings.TrimPrefix(r.Name, r.Cluster+"/") }

// Kind is the kind of a resource.
type Kind string

// Kinds of resources, in printing order.
const (
	KindService      Kind = "service"
	KindInstances    Kind = "instances"
	KindCluster      Kind = "cluster"
	KindLoadBalancer Kind = "load balancer"
	KindTunnel       Kind = "tunnel"
	KindNAT          Kind = "NAT"
	KindEndpoint     Kind = "VPC endpoint"
	KindNetwork      Kind = "network"
	KindLogGroup     Kind = "log group"
	KindRepository   Kind = "repository"
	KindSecrets      Kind = "secrets"
	KindFileSystem   Kind = "file system"
	KindAlarms       Kind = "alarms"
	KindNamespace    Kind = "namespace"
)

// Line is one usage of a resource, priced or not.
type Line struct {
	// Name is the line's name as on AWS's pricing page; it does not change
	// when a parameter does (parameters go in Detail).
	Name   string
	Detail string
	Group  Group
	// Charge is the rated usage. Its costs mean nothing where Unpriced is set.
	Charge pricing.Charge
	// Cost is what Charge costs a month.
	Cost Cost
	// Basis is the weakest basis of the quantities in it.
	Basis design.Basis
	// Unpriced is not empty where the line has no cost, and says why.
	Unpriced string
	// UnitPrice, where Unpriced is set because the quantity is unknown, is
	// the price of one unit, for "depends on usage: $0.50 a GB". It is a
	// rate without tiers applied; nil where there is none.
	UnitRate *pricing.Rate
}

// Group is the cost group of a line, for comparisons of designs.
type Group string

// Cost groups, in printing order.
const (
	Compute    Group = "compute"
	Ingress    Group = "ingress"
	Egress     Group = "egress"
	Transfer   Group = "data transfer"
	Logs       Group = "logs"
	Monitoring Group = "monitoring"
	Storage    Group = "storage"
	Images     Group = "images"
	Secrets    Group = "secrets"
	Discovery  Group = "discovery"
	Control    Group = "control plane"
)

// CommitmentUse is how owned commitments were used in the month.
type CommitmentUse struct {
	Plans []PlanUse
	// Unused is USD a month committed and not used: it is part of the total.
	Unused float64
}

// PlanUse is one commitment's month.
type PlanUse struct {
	Name string
	// Committed and Used are USD a month.
	Committed, Used float64
}
