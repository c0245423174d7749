package advisor

import (
	"time"

	"ecsavvy/advisor/design"
)

// Lever is one kind of change. Its text is what --only and --skip take.
type Lever string

// Levers, in the order in which a plan applies them: sizes before schedules,
// architecture, launch types, Spot and commitments.
const (
	LeverRightSize    Lever = "right-size"  // task size × count × scaling target
	LeverIdle         Lever = "idle"        // services that do nothing
	LeverSidecar      Lever = "sidecar"     // a sidecar that forces the next size
	LeverReservation  Lever = "reservation" // memory reservations on EC2
	LeverConsolidate  Lever = "consolidate" // small services in one task
	LeverSchedule     Lever = "schedule"    // off-hours
	LeverGraviton     Lever = "graviton"    // x86 to ARM64
	LeverLogs         Lever = "logs"        // class and retention
	LeverInsights     Lever = "insights"    // Container Insights' own cost
	LeverNAT          Lever = "nat"         // gateway, instance, endpoints, public addresses
	LeverLoadBalancer Lever = "load-balancer"
	LeverLaunchType   Lever = "launch-type"
	LeverSpot         Lever = "spot"
	LeverCommitment   Lever = "commitment"
	LeverImageStorage Lever = "images"
	LeverOrphan       Lever = "orphan" // paid for and used by nothing
)

// Recommendation is one change: what it does, what it saves, how sure that is,
// and how to make it.
type Recommendation struct {
	Lever   Lever
	Subject Subject
	// Title says the change in a line: "1 vCPU + 2 GB → 0.5 vCPU + 1 GB".
	Title string
	// Before and After are USD a month of the workload's resources that the
	// change touches, at the measured demand (the median of the draws).
	Before, After float64
	Saving        Saving
	Risk          RiskClass
	// RiskReasons say why it is in its class, most important first.
	RiskReasons []string
	Effort      Effort
	Evidence    Evidence
	// Reasons explain the choice in plain sentences.
	Reasons []string
	Patches []Patch

	// Change makes the change in the workload that it was found in. A plan
	// applies it after the changes of the steps before.
	Change func(w *design.Workload) error
	// Draws are the savings of the same bootstrap draws for all
	// recommendations of a service; Saving is their quantiles.
	Draws []float64

	// onHours are the hours of the week, Monday 00:00 UTC first, in which a
	// schedule leaves the service on; nil where it is none.
	onHours []bool
}

// Subject is what a recommendation or an abstention is about.
type Subject struct {
	Account, Region string
	Cluster         string
	// Kind is the kind of resource ("service", "log group", …), Name its name.
	Kind, Name string
	Tags       map[string]string
}

// Saving is USD a month, as quantiles of what the measured demand allows.
type Saving struct {
	P10, P50, P90 float64
}

// RiskClass orders changes by what may go wrong.
type RiskClass uint8

// Risk classes.
const (
	RiskUnknown RiskClass = iota
	// RiskLow: nothing a user could notice.
	RiskLow
	// RiskMedium: noticed if the future differs from the measured past.
	RiskMedium
	// RiskHigh: an outage is possible.
	RiskHigh
)

func (r RiskClass) String() string {
	switch r {
	case RiskLow:
		return "low"
	case RiskMedium:
		return "medium"
	case RiskHigh:
		return "high"
	default:
		return "unknown"
	}
}

// Effort is what making a change takes.
type Effort string

// Efforts.
const (
	EffortSetting   Effort = "setting"   // one call, no deployment
	EffortDeploy    Effort = "deploy"    // a new revision
	EffortBuild     Effort = "build"     // a new image
	EffortMigration Effort = "migration" // another platform or network path
)

// Evidence is what a recommendation rests on.
type Evidence struct {
	From, To time.Time
	Step     time.Duration
	// Points is the number of measured values, Coverage their share.
	Points   int
	Coverage float64
	// Source is the metrics' namespace.
	Source string
	// Bound is the statistic that bound the choice, with its interval: "P99
	// memory of the hottest task 812 MiB [790, 840]".
	Bound string
	// Next is the next cheaper choice and what it would need.
	Next string
}

// Patch is a change in one of the forms in which it can be made.
type Patch struct {
	// Form is "task definition" (JSON patch, RFC 6902), "terraform", "aws cli".
	Form string
	Text string
}

// Abstention is a resource that a lever could not judge.
type Abstention struct {
	Lever   Lever
	Subject Subject
	// Missing says what is missing: "needs 24 h of metrics, has 7 h".
	Missing string
}

// Levers lists every lever, in the order of a plan.
func Levers() []Lever { return leverOrder() }
