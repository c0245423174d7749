package design

import "time"

// The resources beside compute and network. Service names the service that a
// resource belongs to, "" where it is shared.

// LogGroup is a CloudWatch Logs log group, or the stream of one service into it.
type LogGroup struct {
	Name, Service string
	Class         LogClass
	Ingest        Fact[float64] // GB a month
	// RetentionDays is 0 for logs that never expire.
	RetentionDays Fact[float64]
	// Stored is compressed GB at rest; unknown means: from ingest and
	// retention in the steady state.
	Stored Fact[float64]
}

// LogClass is a log group's class.
type LogClass string

// Log classes. The empty one is standard.
const (
	LogStandard         LogClass = "STANDARD"
	LogInfrequentAccess LogClass = "INFREQUENT_ACCESS"
)

// Repository is an ECR repository.
type Repository struct {
	Name, Service string
	// Stored is GB at rest. Where it is unknown it is ImageGB × the images
	// that the lifecycle rule keeps.
	Stored  Fact[float64]
	ImageGB Fact[float64]
	// KeepImages is the lifecycle rule's count, KeepDays its age; PushesPerMonth
	// turns an age into a count.
	KeepImages, KeepDays, PushesPerMonth Fact[float64]
}

// SecretStore is what a service reads at start: Secrets Manager secrets and
// Parameter Store parameters.
type SecretStore struct {
	Name, Service      string
	Secrets            Fact[float64] // in Secrets Manager
	StandardParameters Fact[float64] // free
	AdvancedParameters Fact[float64]
	// Reads is API calls a month beside those at task start.
	Reads Fact[float64]
}

// FileSystem is an EFS file system.
type FileSystem struct {
	Name, Service string
	OneZone       bool
	Stored        Fact[float64] // GB in the standard class
	InfrequentGB  Fact[float64]
	ArchiveGB     Fact[float64]
	// Elastic throughput, GB a month.
	ReadGB, WriteGB Fact[float64]
	// GB a month read from and written to the infrequent access class.
	InfrequentReadGB, InfrequentWriteGB Fact[float64]
	// ProvisionedMiBps is provisioned throughput; 1 MiB/s for each 20 GB in
	// the standard class is included.
	ProvisionedMiBps Fact[float64]
}

// Alarms counts CloudWatch alarms by kind.
type Alarms struct {
	Name, Service                       string
	Standard, HighResolution, Composite Fact[float64]
}

// Namespace is a Cloud Map namespace.
type Namespace struct {
	Name, Service string
	// Instances are registered instances that are billed; those that ECS
	// service discovery registers are free.
	Instances Fact[float64]
	// Queries is DiscoverInstances calls a month.
	Queries Fact[float64]
	// HostedZone says that it is a DNS namespace with a Route 53 zone.
	HostedZone bool
}

// Commitments are the Savings Plans and Reserved Instances that an account
// owns and that may cover this workload.
type Commitments struct {
	SavingsPlans []SavingsPlan
	Reservations []Reservation
}

// SavingsPlan is an owned Savings Plan.
type SavingsPlan struct {
	Name string
	// Kind is "Compute" or "EC2Instance".
	Kind string
	// Family and Region are of an EC2 Instance Savings Plan ("m5").
	Family, Region string
	Term           string // "1yr", "3yr"
	Payment        string // "No Upfront", "Partial Upfront", "All Upfront"
	// Hourly is the commitment in USD an hour.
	Hourly float64
	// End is when it runs out, zero where unknown.
	End time.Time
}

// Reservation is an owned Reserved Instance.
type Reservation struct {
	InstanceType string
	OS           OS
	Count        float64
	Offering     string // "standard", "convertible"
	Term         string
	Payment      string
	// End is when it runs out, zero where unknown.
	End time.Time
}
