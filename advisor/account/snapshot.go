package account

import (
	"time"

	"ecsavvy/advisor/demand"
)

// FormatVersion is the version of the snapshot file. A reader refuses newer ones.
const FormatVersion = 1

// Manifest is what a snapshot says of itself.
type Manifest struct {
	Version int `json:"version"`
	// From and To are the measured window, aligned to Period.
	From   time.Time     `json:"from"`
	To     time.Time     `json:"to"`
	Period time.Duration `json:"period"`
	// Scopes are the accounts and regions that were asked for, sorted.
	Scopes []Scope `json:"scopes"`
	// Failures is what AWS refused or did not answer: the snapshot is partial
	// where there are any.
	Failures []Failure `json:"failures,omitempty"`
	// Cost is what reading the measurements cost.
	Cost ReadingCost `json:"cost"`
}

// Partial reports whether something that was asked for is missing.
func (m Manifest) Partial() bool { return len(m.Failures) > 0 }

// Global is the region of what belongs to an account and to no region: its Savings
// Plans. It is in no Manifest.Scopes.
const Global = "global"

// Scope is one region of one account.
type Scope struct {
	// Account is the account ID, or a stand-in where account IDs are redacted.
	Account string `json:"account"`
	Region  string `json:"region"`
}

// Failure is a part of an account that could not be read.
type Failure struct {
	Scope
	// Call is what was called: "ecs:DescribeServices".
	Call string `json:"call"`
	// Resource is what it was called for, "" for all.
	Resource string `json:"resource,omitempty"`
	// Why is AWS's answer in a line, without request and account IDs.
	Why string `json:"why"`
}

// ReadingCost is what GetMetricData was asked for, and its price.
type ReadingCost struct {
	Calls   int     `json:"calls"`
	Metrics int     `json:"metrics"`
	USD     float64 `json:"usd"`
}

// Resource is what a series was measured of.
type Resource struct {
	Scope
	// Kind is "service", "task-family", "container", "load-balancer", "nat-gateway", "log-group",
	// "vpc-endpoint".
	Kind string `json:"kind"`
	// Cluster is of services, task families and containers.
	Cluster string `json:"cluster,omitempty"`
	Name    string `json:"name"`
	// Container is of containers; Name is then its task family.
	Container string `json:"container,omitempty"`
}

// Metric is one statistic of one CloudWatch metric.
type Metric struct {
	Namespace string `json:"namespace"` // "AWS/ECS"
	Name      string `json:"name"`      // "CPUUtilization"
	Statistic string `json:"statistic"` // "Average"
}

// Measurement is the series of one metric of one resource, in CloudWatch's unit.
type Measurement struct {
	Metric Metric
	Series demand.Series
}
