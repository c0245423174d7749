package live

import (
	"fmt"

	"ecsavvy/advisor/account"
)

// Depth is how much is measured of each resource. What is asked for is what
// reading costs.
type Depth string

// Depths: Lean reads how much CPU and memory was used and what is billed by the
// gigabyte, Standard also what advice needs of peaks, Full what explains it.
const (
	Lean     Depth = "lean"
	Standard Depth = "standard"
	Full     Depth = "full"
)

// Insights is the setting containerInsights of a cluster, in ECS's words.
type Insights string

// Settings of Container Insights.
const (
	InsightsDisabled Insights = "disabled"
	InsightsEnabled  Insights = "enabled"
	InsightsEnhanced Insights = "enhanced"
)

// Subject is a resource and what decides which metrics CloudWatch has of it.
type Subject struct {
	account.Resource
	// Insights is of services, task families and containers.
	Insights Insights
	// Endpoint is of VPC endpoints.
	Endpoint Endpoint
}

// Endpoint has the dimensions of a VPC endpoint's metrics beside its ID.
type Endpoint struct {
	Type    string // "Interface"
	Service string // "com.amazonaws.eu-west-1.ecr.api"
	VPC     string // "vpc-0a1"
}

// dimension is a name and a value of a CloudWatch metric.
type dimension struct{ name, value string }

// wanted is one metric of a resource with all the statistics that are read of
// it: a call bills up to five statistics of one metric as one.
type wanted struct {
	namespace, name string
	statistics      []string
	dimensions      []dimension
}

// Namespaces of CloudWatch.
const (
	spaceECS      = "AWS/ECS"
	spaceInsights = "ECS/ContainerInsights"
	spaceALB      = "AWS/ApplicationELB"
	spaceNAT      = "AWS/NATGateway"
	spaceLogs     = "AWS/Logs"
	spaceEndpoint = "AWS/PrivateLinkEndpoints"
)

// source is a metric of a kind of resource.
type source struct {
	namespace string
	name      string
	// Statistics, by the depth they are read from on.
	lean, standard, full []string
	// dimensions are a set of dimensions that the metric is published with.
	dimensions func(Subject) []dimension
}

// averages and sums are the statistics most metrics are read with.
func averages() []string { return []string{"Average"} }
func sums() []string     { return []string{"Sum"} }

// at returns the statistics that a depth reads.
func (s source) at(depth Depth) []string {
	switch depth {
	case Lean:
		return s.lean
	case Standard:
		return append(append([]string(nil), s.lean...), s.standard...)
	}
	return append(append(append([]string(nil), s.lean...), s.standard...), s.full...)
}

// sources is the table of what is read of a resource: which metrics, from which
// depth, and where AWS documents them. None where CloudWatch has nothing: task
// families without Container Insights, containers without the enhanced ones.
func sources(s Subject) ([]source, error) {
	switch s.Kind {
	case "service":
		return serviceSources(s.Insights), nil
	case "task-family":
		return familySources(s.Insights), nil
	case "container":
		return containerSources(s.Insights), nil
	case "load-balancer":
		return balancerSources(), nil
	case "nat-gateway":
		return natSources(), nil
	case "log-group":
		return logSources(), nil
	case "vpc-endpoint":
		return endpointSources(), nil
	}
	return nil, fmt.Errorf("live: measuring %s: a resource of kind %q: want service, task-family, container, load-balancer, nat-gateway, log-group or vpc-endpoint", s.Name, s.Kind)
}

// ofService is the dimension set of services.
func ofService(s Subject) []dimension {
	return []dimension{{"ClusterName", s.Cluster}, {"ServiceName", s.Name}}
}

// ofFamily is the dimension set of task families.
func ofFamily(s Subject) []dimension {
	return []dimension{{"ClusterName", s.Cluster}, {"TaskDefinitionFamily", s.Name}}
}

// serviceSources are the metrics of a service.
//
// AWS/ECS is free and there for every service: per cent of the size that the
// task definition had at the time, a sample of each task each minute, so that
// Maximum is the hottest task and SampleCount the running tasks
// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html).
//
// Container Insights has CPU units and MiB, which a change of size does not
// bend; one event of each task each minute too, so that the Sum is the service's
// work, and tasks and hottest task need no further metric
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html,
// …/Container-Insights-reference-performance-logs-ECS.html, "Type: Task").
func serviceSources(level Insights) []source {
	if level != InsightsEnabled && level != InsightsEnhanced {
		return []source{
			{namespace: spaceECS, name: "CPUUtilization", lean: []string{"Average", "SampleCount"}, standard: []string{"Maximum"}, full: []string{"Minimum"}, dimensions: ofService},
			{namespace: spaceECS, name: "MemoryUtilization", lean: averages(), standard: []string{"Maximum"}, full: []string{"Minimum"}, dimensions: ofService},
		}
	}
	all := append(taskSources(ofService),
		source{namespace: spaceInsights, name: "RunningTaskCount", full: averages(), dimensions: ofService},
		source{namespace: spaceECS, name: "CPUUtilization", full: []string{"Average", "Maximum"}, dimensions: ofService},
		source{namespace: spaceECS, name: "MemoryUtilization", full: []string{"Average", "Maximum"}, dimensions: ofService},
		source{namespace: spaceInsights, name: "CpuReserved", full: averages(), dimensions: ofService},
		source{namespace: spaceInsights, name: "MemoryReserved", full: averages(), dimensions: ofService},
		source{namespace: spaceInsights, name: "NetworkRxBytes", full: averages(), dimensions: ofService},
		source{namespace: spaceInsights, name: "NetworkTxBytes", full: averages(), dimensions: ofService},
		source{namespace: spaceInsights, name: "EphemeralStorageUtilized", full: []string{"Maximum"}, dimensions: ofService},
	)
	if level == InsightsEnhanced {
		// Only where containers have a restart policy.
		all = append(all, source{namespace: spaceInsights, name: "RestartCount", full: sums(), dimensions: ofService})
	}
	return all
}

// taskSources are what Container Insights has of the tasks of a service or family.
func taskSources(of func(Subject) []dimension) []source {
	return []source{
		{namespace: spaceInsights, name: "CpuUtilized", lean: sums(), standard: []string{"Maximum", "SampleCount"}, full: []string{"Minimum"}, dimensions: of},
		{namespace: spaceInsights, name: "MemoryUtilized", lean: sums(), standard: []string{"Maximum"}, full: []string{"Minimum"}, dimensions: of},
	}
}

// familySources are the metrics of standalone tasks, by their family.
func familySources(level Insights) []source {
	if level != InsightsEnabled && level != InsightsEnhanced {
		return nil
	}
	return taskSources(ofFamily)
}

// containerSources are the metrics of one container of a task family
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-enhanced-observability-metrics-ECS.html).
func containerSources(level Insights) []source {
	if level != InsightsEnhanced {
		return nil
	}
	of := func(s Subject) []dimension {
		return append(ofFamily(s), dimension{"ContainerName", s.Container})
	}
	return []source{
		{namespace: spaceInsights, name: "ContainerCpuUtilized", lean: averages(), standard: []string{"Maximum"}, dimensions: of},
		{namespace: spaceInsights, name: "ContainerMemoryUtilized", lean: averages(), standard: []string{"Maximum"}, dimensions: of},
	}
}

// balancerSources are the metrics of an Application Load Balancer. Those in use
// for an LCU have Sum as their meaningful statistic, and nothing is published
// while no request flows
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html).
func balancerSources() []source {
	of := func(s Subject) []dimension { return []dimension{{"LoadBalancer", s.Name}} }
	return []source{
		{namespace: spaceALB, name: "ConsumedLCUs", lean: sums(), dimensions: of},
		{namespace: spaceALB, name: "RequestCount", lean: sums(), dimensions: of},
		{namespace: spaceALB, name: "ProcessedBytes", lean: sums(), dimensions: of},
		{namespace: spaceALB, name: "NewConnectionCount", standard: sums(), dimensions: of},
		{namespace: spaceALB, name: "ActiveConnectionCount", standard: sums(), dimensions: of},
		{namespace: spaceALB, name: "RuleEvaluations", standard: sums(), dimensions: of},
		{namespace: spaceALB, name: "TargetResponseTime", standard: []string{"p99"}, dimensions: of},
	}
}

// natSources are the metrics of a NAT gateway: processing is billed on what
// comes in from both sides, egress on what goes to the destination
// (https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html).
func natSources() []source {
	of := func(s Subject) []dimension { return []dimension{{"NatGatewayId", s.Name}} }
	return []source{
		{namespace: spaceNAT, name: "BytesInFromSource", lean: sums(), dimensions: of},
		{namespace: spaceNAT, name: "BytesInFromDestination", lean: sums(), dimensions: of},
		{namespace: spaceNAT, name: "BytesOutToDestination", standard: sums(), dimensions: of},
		{namespace: spaceNAT, name: "PeakBytesPerSecond", standard: []string{"Maximum"}, dimensions: of},
		{namespace: spaceNAT, name: "ActiveConnectionCount", standard: []string{"Maximum"}, dimensions: of},
	}
}

// logSources are the metrics of a log group
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html).
func logSources() []source {
	of := func(s Subject) []dimension { return []dimension{{"LogGroupName", s.Name}} }
	return []source{{namespace: spaceLogs, name: "IncomingBytes", lean: sums(), dimensions: of}}
}

// endpointSources are the metrics of an interface endpoint: the bytes that its
// owner is billed for
// (https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-cloudwatch-metrics.html).
func endpointSources() []source {
	of := func(s Subject) []dimension {
		return []dimension{
			{"Endpoint Type", s.Endpoint.Type}, {"Service Name", s.Endpoint.Service},
			{"VPC Endpoint Id", s.Name}, {"VPC Id", s.Endpoint.VPC},
		}
	}
	return []source{{namespace: spaceEndpoint, name: "BytesProcessed", lean: sums(), dimensions: of}}
}

// wants are the metrics that a depth reads of a subject.
func wants(s Subject, depth Depth) ([]wanted, error) {
	if depth != Lean && depth != Standard && depth != Full {
		return nil, fmt.Errorf("live: measuring at depth %q: want lean, standard or full", depth)
	}
	table, err := sources(s)
	if err != nil {
		return nil, err
	}
	var all []wanted
	for _, one := range table {
		statistics := one.at(depth)
		if len(statistics) == 0 {
			continue
		}
		w := wanted{namespace: one.namespace, name: one.name, statistics: statistics, dimensions: one.dimensions(s)}
		for _, d := range w.dimensions {
			if d.value == "" {
				return nil, fmt.Errorf("live: measuring %s %s: its dimension %q is empty", s.Kind, s.Name, d.name)
			}
		}
		all = append(all, w)
	}
	return all, nil
}
