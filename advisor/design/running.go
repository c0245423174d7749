package design

import "time"

// Running is what only a running account says of a service: how it scales, what
// it was deployed as, what went wrong.
type Running struct {
	// TaskDefinition is "family:revision".
	TaskDefinition string
	// Created is when the service was created, zero where unknown.
	Created time.Time
	// Controller is the deployment controller: "ECS", "CODE_DEPLOY", "EXTERNAL".
	Controller string
	// MinimumHealthyPercent and MaximumPercent are of its rolling deployments.
	MinimumHealthyPercent, MaximumPercent Fact[float64]
	// HealthCheckGrace is how many seconds a new task's health checks are
	// ignored, unknown where the service has no such period.
	HealthCheckGrace Fact[float64]
	// StopTimeout is the longest of its containers', in seconds: how long a task
	// that is stopped may go on. ECS's default is assumed where none is stated.
	StopTimeout Fact[float64]
	// DefaultRoutes are what the default routes of its subnets lead to, sorted:
	// a NatGatewayId, an InstanceId or NetworkInterfaceId of a NAT instance,
	// "igw-…", "tgw-…". Empty where the route tables are not known.
	DefaultRoutes []string
	// Scaling is nil where the service is no scalable target: its count is fixed.
	Scaling *Scaling
	// ImageArchitectures are the architectures that an image's manifest has, by
	// image reference, as far as the registry said.
	ImageArchitectures map[string][]Architecture
	// OOMKills are containers that were killed for want of memory.
	OOMKills []OOMKill
}

// Scaling is a scalable target with its policies, as Application Auto Scaling has
// them.
type Scaling struct {
	Min, Max  float64
	Targets   []TargetTracking
	Steps     []StepScaling
	Scheduled []ScheduledScaling
}

// TargetTracking is a target tracking policy.
type TargetTracking struct {
	Name string
	// Metric is the predefined metric type ("ECSServiceAverageCPUUtilization") or
	// the name of a customised metric.
	Metric string
	// Value is the target in the metric's unit: percent for CPU and memory,
	// requests a target and minute for ALBRequestCountPerTarget.
	Value float64
	// ResourceLabel is of ALBRequestCountPerTarget.
	ResourceLabel                     string
	ScaleInCooldown, ScaleOutCooldown time.Duration
	DisableScaleIn                    bool
}

// StepScaling is a step scaling policy.
type StepScaling struct {
	Name string
	// AdjustmentType is "ChangeInCapacity", "PercentChangeInCapacity" or
	// "ExactCapacity".
	AdjustmentType string
	Cooldown       time.Duration
	// Metric and Threshold are of its alarm, "" where the alarm is not known.
	Metric    string
	Threshold float64
	Steps     []StepAdjustment
}

// StepAdjustment is one step: bounds relative to the alarm's threshold, infinite
// where AWS has none.
type StepAdjustment struct {
	Lower, Upper, Adjustment float64
}

// ScheduledScaling is a scheduled action.
type ScheduledScaling struct {
	Name string
	// Schedule is AWS's cron(…), rate(…) or at(…), in Timezone ("" is UTC).
	Schedule, Timezone string
	Min, Max           Fact[float64]
}

// OOMKill is a container that was killed for want of memory.
type OOMKill struct {
	Container, TaskDefinition string
	At                        time.Time
	// LimitGB is the memory limit that it hit, NaN where unknown.
	LimitGB float64
}
